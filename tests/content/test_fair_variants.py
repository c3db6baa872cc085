"""A fair variant for every learner: a thousand cases of each assignment, looked at through its own keys."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from threechairs.authoring.variants import Key, Keys
from threechairs.company import Case
from threechairs.company.deals import deal_table
from threechairs.company.tickets import BOTH, hours_share
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import case_of
from threechairs.datasets import course_root
from threechairs.marking import overlaps
from threechairs.models import bargaining

pytestmark = pytest.mark.slow

LEARNERS = 1000
ASSIGNMENTS = [assignment.id for assignment in syllabus().assignments]


@cache
def cases(assignment: str) -> list[Case]:
    """The first attempt of a thousand learners; that each is made at all says that its draws were accepted."""
    return [case_of(assignment, f"learner-{number}", 1) for number in range(LEARNERS)]


@cache
def keys(assignment: str) -> list[list[Key]]:
    """What each learner would be marked with."""
    all_keys = Keys(syllabus().assignment(assignment), course_root())
    return [all_keys.of(case) for case in cases(assignment)]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_fact_is_drawn_about_as_often_as_any_other(assignment: str) -> None:
    """No variant of a fact is rare: each value comes up within a fifth of its fair share."""
    for fact in cases(assignment)[0].facts:
        drawn = Counter(case.facts[fact] for case in cases(assignment))
        fair = LEARNERS / len(drawn)

        assert all(0.8 * fair <= times <= 1.2 * fair for times in drawn.values()), (fact, drawn)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_misconception_leads_to_the_right_number(assignment: str) -> None:
    """In no variant is a number that a misconception leads to within the tolerance of the right one."""
    asked = [key for of_one in keys(assignment) for key in of_one if key.mark == "mark_number"]
    close = [(key.question, overlaps(**{k: v for k, v in key.arguments.items() if k != "comment"})) for key in asked]

    assert len(asked) == LEARNERS
    assert [found for found in close if found[1]] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_variant_of_a_choice_has_one_best_option_and_one_best_reason(assignment: str) -> None:
    """Whatever a learner drew, one answer gets everything, and every option and reason is in the key."""
    of_choices = [key for of_one in keys(assignment) for key in of_one if key.mark == "mark_choice"]
    keyed: dict[str, set[tuple[frozenset[str], frozenset[str]]]] = {}
    for key in of_choices:
        options, reasons = key.arguments["options"], key.arguments["reasons"]
        keyed.setdefault(key.question, set()).add((frozenset(options), frozenset(reasons)))

        assert list(options.values()).count("best") == list(reasons.values()).count("best") == 1, key

    assert of_choices != []
    assert [question for question, named in keyed.items() if len(named) > 1] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_fact_that_flips_an_answer_flips_it_for_learners(assignment: str) -> None:
    """What the check calls a flip is one: learners with either value of the fact have different best answers."""
    flips = Keys(syllabus().assignment(assignment), course_root()).flips()
    best = {
        (key.question, fact): {
            (case.facts[fact], key.best)
            for case, of_one in zip(cases(assignment), keys(assignment), strict=True)
            for key in of_one
            if key.best
        }
        for key in keys(assignment)[0]
        for fact in flips.get(key.question, ())
    }

    assert len(flips) >= 2
    for (question, fact), pairs in best.items():
        assert len({value for value, _answer in pairs}) > 1, (question, fact)
        assert len({answer for _value, answer in pairs}) > 1, (question, fact)


def test_own_deal_tables_are_about_as_hard_as_each_other() -> None:
    """For every learner 10 to 60 % of the deals are feasible, and the middle leaves clearly something on the table."""
    assignment = "l11-resolving-clashes"
    bank = Keys(syllabus().assignment(assignment), course_root()).bank
    base = deal_table(bank.tables["negotiation"]["table"])
    for case in cases(assignment):
        table = base.with_points(case.table_rows("negotiation"))
        accepted = bargaining.feasible(table.worths, table.reservations)
        good = bargaining.frontier(table.worths[accepted & table.within])

        assert 0.10 <= accepted.mean() <= 0.60
        assert 2 <= good.sum() <= 8
        assert table.verdict(table.midpoint()).forgone > 0.05


def test_own_tickets_tell_the_same_story_to_everybody() -> None:
    """Where hand-overs lead, they make 55 to 80 % of the dark hours; where power leads, 5 to 20 %."""
    for case in cases("l11-resolving-clashes"):
        share = hours_share(case.table_rows("tickets"), BOTH)
        low, high = (55, 80) if case.facts["hours_led_by"] == "both" else (5, 20)

        assert low <= share <= high
