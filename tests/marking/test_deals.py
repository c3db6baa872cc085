"""Marks for deals: exact points, reasons in numbers, the belief behind a poor one, and never an error."""

import pytest
from deal_samples import BEST, HANDSHAKE, MIDDLE, REFUSED, TABLE, TABLES, assignment

from threechairs.company import build_case
from threechairs.course.items import ItemBank
from threechairs.datasets import table
from threechairs.errors import ContentError, UsageError
from threechairs.marking import mark_deal, recorded
from threechairs.marking.deals import look_at

MIDDLE_SHARE = 1 - TABLE.verdict(MIDDLE).forgone


@pytest.fixture
def notebook(working_folder):
    return assignment(working_folder)


def settle(notebook, options, name="gate"):
    notebook.store.record(name, "deal", {"options": options})


@pytest.mark.parametrize(
    ("options", "points"),
    [
        (BEST, [3, 2, 5]),
        (MIDDLE, [3, 2, 5 * MIDDLE_SHARE]),
        (HANDSHAKE, [3, 0, 0]),
        (REFUSED, [0, 2, 0]),
        (REFUSED | {"segmentation": "after-peak"}, [0, 0, 0]),
    ],
)
def test_a_deal_has_exact_marks(notebook, options, points):
    """Acceptable counts 30 %, the bounds 20 %, and what is not left on the table 50 %."""
    settle(notebook, options)

    score = mark_deal("gate", 10, table="gate-4")

    assert [criterion.points for criterion in score.criteria] == pytest.approx(points)
    assert [criterion.max_points for criterion in score.criteria] == [3, 2, 5]
    assert float(score) == pytest.approx(sum(points))


def test_every_deal_on_the_frontier_is_full(notebook):
    """Full marks never ask for the Nash deal: any accepted deal that nobody can better within the bounds will do."""
    full = {}
    for row in range(len(TABLE.choices)):
        deal = {issue: ids[at] for (issue, ids), at in zip(TABLE.options.items(), TABLE.choices[row], strict=True)}
        verdict = TABLE.verdict(deal)
        shares = [look.share for look in look_at(TABLE, deal)]
        assert (shares == [1, 1, 1]) is verdict.efficient
        assert all(0 <= share <= 1 for share in shares)
        if verdict.efficient:
            full[tuple(verdict.worth.values())] = deal
    assert len(full) > 1

    for deal in full.values():
        settle(notebook, deal)
        assert float(mark_deal("gate", 4, table="gate-4")) == 4


def test_the_midpoint_points_at_its_belief(notebook):
    """Half of everything is told by what a deal within the bounds would give, and by the misconception."""
    settle(notebook, MIDDLE)

    waste = mark_deal("gate", 10, table="gate-4").criteria[2]

    assert waste.belief == "fair-is-midpoint"
    assert "68 to Marta, Facilities and 67 to Jonas, IT operations" in waste.comment
    assert "together 17 points more than yours" in waste.comment
    assert 0 < waste.points < 5


def test_a_broken_bound_points_at_its_belief(notebook):
    """A handshake over somebody's head is told in that person's words."""
    settle(notebook, HANDSHAKE)

    _accepted, within, waste = mark_deal("gate", 10, table="gate-4").criteria

    assert within.belief == "those-present-are-everyone"
    assert within.comment.startswith("Tomasz is not at the table.")
    assert (waste.belief, waste.points) == ("", 0)


def test_beliefs_are_those_of_the_course(notebook):
    """Every belief that a deal may point at stands in the table of misconceptions."""
    known = {row["misconception_id"] for row in table("misconceptions")}
    for options in (MIDDLE, HANDSHAKE):
        assert {look.belief for look in look_at(TABLE, options)} - {""} <= known


def test_reasons_are_in_numbers(notebook):
    """Each party's points stand against what no deal is worth to it, above, below and at it."""
    settle(notebook, REFUSED)

    accepted = mark_deal("gate", 10, table="gate-4").criteria[0]

    assert "Marta, Facilities: 88 points, 38 more than the 50 without a deal." in accepted.comment
    assert "Jonas, IT operations: 9 points, 36 fewer than the 45 without a deal." in accepted.comment


def test_coaching_is_said_where_something_is_missed(notebook):
    """Further words come to those who missed a test, and to nobody else."""
    coaching = {"efficient": "What does Jonas value most?", "accepted": "Never said."}
    settle(notebook, MIDDLE)
    missed = mark_deal("gate", 10, table="gate-4", coaching=coaching)
    settle(notebook, BEST)
    full = mark_deal("gate", 10, table="gate-4", coaching=coaching)

    assert missed.criteria[2].comment.endswith("What does Jonas value most?")
    assert all("Jonas value" not in one.comment and "Never" not in one.comment for one in full.criteria)
    assert "Never" not in missed.criteria[0].comment


def test_own_numbers_are_marked_on_the_own_table(notebook):
    """The learner's points decide: the same deal has other worths than on the course's table."""
    settle(notebook, MIDDLE, "own")
    own = notebook.deals("negotiation")

    score = mark_deal("own", 10, table="negotiation")

    worth = own.verdict(MIDDLE).worth["facilities"]
    assert f"Marta, Facilities: {worth} points" in score.criteria[0].comment
    assert score.criteria[2].belief == "fair-is-midpoint"


def test_the_points_of_every_learner_allow_full_marks():
    """On any drawn table some deal gets all marks, and the midpoint does not."""
    for number in range(40):
        own = TABLE.with_points(build_case("l11", f"x{number}", tables=TABLES).table_rows("negotiation"))
        shares = [sum(look.share for look in look_at(own, MIDDLE))]
        assert 2 <= shares[0] < 3


@pytest.mark.parametrize("stored", [{"options": {}}, {"options": BEST | {"fault-desk": "x"}}, {"choice": "a"}, {}])
def test_an_odd_answer_is_not_attempted(notebook, stored):
    """An answer edited by hand into another form is marked as none, without an error."""
    notebook.store.record("gate", "deal", stored)

    assert repr(mark_deal("gate", 10, table="gate-4")) == "0"
    assert repr(recorded("gate")) == "0"


def test_untouched_and_recorded_are_told_apart(notebook):
    """The visible test cell says whether a deal is there."""
    assert repr(mark_deal("gate", 10, table="gate-4")) == repr(recorded("gate")) == "0"
    settle(notebook, BEST)
    assert repr(recorded("gate")) == "recorded; marked after submission"


def test_a_table_that_does_not_exist_is_the_tests_fault(notebook):
    """A misspelt table in a test cell is an error of its author, told as such."""
    settle(notebook, BEST)
    with pytest.raises((ContentError, UsageError), match="gate-4"):
        mark_deal("gate", 10, table="gate-5")


def test_a_graded_bank_takes_a_deal_and_a_practice_bank_needs_no_hints():
    """Neither carries a key: the points are the key."""
    item = {"id": "gate", "kind": "deal", "stem": "Settle.", "table": "gate-4"}
    for owner in ({"lesson": "11-demo"}, {"assignment": "l11-demo"}):
        assert ItemBank.model_validate({"format": 1, **owner, "items": [item]}).item("gate").table == "gate-4"
    with pytest.raises(ValueError, match="carries no key"):
        ItemBank.model_validate({"format": 1, "assignment": "l11", "items": [item | {"reply_right": "Well done."}]})
