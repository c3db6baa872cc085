"""The real tables under datasets/: that they are as described, and that they hang together."""

import calendar
import datetime as dt
import json
import re
from collections import Counter

import pytest
from pandas.tseries.holiday import USFederalHolidayCalendar

from threechairs.chairs import check_rights, conflict_pairs, deciding_facts, decision_rights, duties, roles
from threechairs.datasets import course_root, table
from threechairs.errors import ContentError
from threechairs.models.clocks import Clock

CHAIRS = ("cso", "ciso", "cio")
TAUGHT_OTHERWISE = {
    "S1.01": "why the posts exist: a sentence in the lesson",
    "S1.07": "history of the title: a sentence in the lesson",
    "S2.01": "why firms appoint the posts: a sentence in the lesson",
}
ABOUT_THE_JOB_MARKET = {"S1.34", "S1.35"}
DESCRIPTOR = course_root() / "datasets" / "datapackage.json"
PACKAGE = json.loads(DESCRIPTOR.read_text(encoding="utf-8"))
RESOURCES = pytest.mark.parametrize("resource", PACKAGE["resources"], ids=lambda resource: resource["name"])


def _ids(name, column):
    return {row[column] for row in table(name)}


def _touched():
    return {claim for card in duties() for claim in card.claims}


def test_the_data_package_is_valid():
    """Frictionless finds no fault in the descriptor, in any table, or in any foreign key."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(DESCRIPTOR))
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []
    assert report.valid


@RESOURCES
def test_every_table_and_column_is_described(resource):
    """An instructor finds a title, a licence, sources and a description for whatever they open."""
    assert resource["title"] and resource["description"] and resource["licenses"] and resource["sources"]
    assert resource["path"] in {f"{folder}/{resource['name']}.csv" for folder in ("tables", "firm")}
    assert all(field["type"] and field["description"].endswith(".") for field in resource["schema"]["fields"])
    assert resource["schema"]["primaryKey"]


@RESOURCES
def test_the_readme_lists_every_table_with_its_rows(resource):
    """An instructor reads the right number of rows and every column name."""
    readme = (DESCRIPTOR.parent / "README.md").read_text(encoding="utf-8")
    line = next(line for line in readme.splitlines() if line.startswith(f"| `{resource['name']}.csv`"))
    assert f"| {len(table(resource['name'])):,} |" in line
    assert all(field["name"] in line for field in resource["schema"]["fields"])


def test_every_table_file_is_described():
    """No CSV lies there that the descriptor does not know."""
    files = {
        f"{folder}/{path.name}" for folder in ("tables", "firm") for path in (DESCRIPTOR.parent / folder).iterdir()
    }
    assert files == {resource["path"] for resource in PACKAGE["resources"]}


@RESOURCES
def test_tables_are_read_with_their_types(resource):
    """Every table loads, with as many columns as described and at least one row."""
    rows = table(resource["name"])
    assert rows
    assert all(list(row) == [field["name"] for field in resource["schema"]["fields"]] for row in rows)


@RESOURCES
def test_tables_are_plain_utf_8_with_short_line_ends(resource):
    """No byte order mark, no carriage returns, no blanks around cells: a change shows as one line."""
    content = (DESCRIPTOR.parent / resource["path"]).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    for row in table(resource["name"]):
        texts = [cell for cell in row.values() if isinstance(cell, str)]
        assert all(text == text.strip() for text in texts)


def test_an_unknown_table_is_refused_with_an_offer():
    """A misspelt table name offers the nearest."""
    with pytest.raises(ContentError, match="Did you mean 'duties'"):
        table("dutys")


def test_a_cell_of_the_wrong_type_is_told_with_its_line(tmp_path):
    """The error names file, line, column and what was there."""
    fields = [{"name": "round", "type": "integer"}]
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "datapackage.json").write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    (tmp_path / "datasets" / "t.csv").write_text("round\n1\ntwo\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"t\.csv:3: column 'round' holds 'two'"):
        table("t", tmp_path)


def test_there_are_sixty_duties_in_ten_rounds_of_six():
    """The sorter shows six cards at a time."""
    assert len(duties()) == 60
    assert Counter(card.round for card in duties()) == dict.fromkeys(range(1, 11), 6)


def test_duties_fit_on_a_card():
    """No duty is longer than 90 characters, and none ends like a sentence."""
    assert [card.duty for card in duties() if len(card.duty) > 90 or card.duty.endswith(".")] == []


def test_no_chair_gets_the_lions_share():
    """Each of the three chairs holds 14 to 18 duties, and 10 to 14 are shared."""
    held = Counter(card.chair for card in duties())
    assert set(held) == {*CHAIRS, "shared"}
    assert all(14 <= held[chair] <= 18 for chair in CHAIRS)
    assert 10 <= held["shared"] <= 14


def test_every_round_has_work_for_all_four_columns():
    """A learner cannot leave a column out."""
    for number in range(1, 11):
        assert {card.chair for card in duties(number)} == {*CHAIRS, "shared"}


def test_the_first_round_is_for_beginners():
    """Nothing depends on a fact yet, and one or two cards tempt to another chair."""
    assert all(card.depends_on is None for card in duties(1))
    assert 1 <= sum(card.often_taken_for is not None for card in duties(1)) <= 2
    assert sum(card.belief is not None for card in duties(1)) == 1


def test_about_a_quarter_of_the_duties_depend_on_a_fact():
    """Twelve to eighteen do; each of them moves to another chair, and every fact is used."""
    depending = [card for card in duties() if card.depends_on]
    assert 12 <= len(depending) <= 18
    assert all(card.flips_to and card.flips_to != card.chair for card in depending)
    assert all(card.flips_to is None for card in duties() if not card.depends_on)
    assert {card.depends_on for card in depending} == {fact.fact_id for fact in deciding_facts()}


def test_a_tempting_chair_is_not_the_right_one():
    """The chair that learners often choose differs from the holder, and the reason names the holder."""
    for card in duties():
        assert card.often_taken_for != card.chair
        if card.chair in CHAIRS:
            assert re.search(rf"\b{card.chair}(?!\w)", card.reason.lower()), card.duty_id


def test_reasons_are_short():
    """One or two sentences, three at most, and no more than 200 characters."""
    assert [card.duty_id for card in duties() if not card.reason.endswith(".") or len(card.reason) > 200] == []


def test_whatever_a_duty_refers_to_exists():
    """Claims, beliefs, decisions, sources and facts are ids of their tables."""
    for card in duties():
        assert set(card.claims) <= _ids("claims", "claim_id")
        assert card.source in _ids("sources", "source_id")
        assert card.belief is None or card.belief in _ids("misconceptions", "misconception_id")
        assert card.decision is None or card.decision in _ids("decisions", "decision_id")


def test_a_duty_agrees_with_the_right_that_it_names():
    """Where one chair takes a decision as A, the card holds the same chair, unless it only takes part in it."""
    rights = {right.decision_id: right for right in decision_rights()}
    for card in duties():
        if card.decision and card.chair in CHAIRS:
            right = rights[card.decision]
            part = {right.accountable, right.emergency_holder, *right.responsible, *right.consulted}
            part |= {*right.informed_must}
            assert card.chair in part, card.duty_id


def test_duties_touch_every_claim_about_a_role():
    """Every claim that teaches is made concrete by a duty, or is taught otherwise, and none of these is both."""
    teaching = {row["claim_id"] for row in table("claims") if row["teaches"]}
    assert teaching - _touched() == set(TAUGHT_OTHERWISE) | ABOUT_THE_JOB_MARKET


def test_claims_of_lesson_one_are_touched_or_taught_otherwise():
    """What the course promises for lesson 1 is in a duty or on the list above."""
    promised = {row["claim_id"] for row in table("claims") if "01" in row["lessons"]}
    assert promised
    assert promised - _touched() <= set(TAUGHT_OTHERWISE)


def test_claims_are_complete():
    """37 claims of the first article, 50 of the second; two rows teach nothing."""
    claims = table("claims")
    assert Counter(row["claim_id"][:2] for row in claims) == {"S1": 37, "S2": 50}
    assert {row["claim_id"] for row in claims if not row["teaches"]} == {"S1.36", "S2.50"}


def test_every_lesson_number_is_one_of_twelve():
    """Lists cannot be checked by the descriptor, so lesson numbers are checked here."""
    lessons = {f"{number:02d}" for number in range(1, 13)}
    for name in ("claims", "misconceptions"):
        for row in table(name):
            assert set(row["lessons"]) <= lessons


def test_each_decision_has_exactly_one_a():
    """R1 holds over the whole charter, and nothing else is wrong with it."""
    assert check_rights() == ()
    assert all(" " not in right.accountable for right in decision_rights())


def test_the_charter_runs_from_d01_to_d31():
    """No number is missing; D19 and D23 are split in two."""
    split = {"D19": ["D19a", "D19b"], "D23": ["D23a", "D23b"]}
    expected = [one for n in range(1, 32) for one in split.get(f"D{n:02d}", [f"D{n:02d}"])]
    assert [right.decision_id for right in decision_rights()] == expected


def test_nobody_is_informed_who_already_takes_part():
    """Accountable, responsible and consulted roles know; the lists name the others."""
    for right in decision_rights():
        part = {right.accountable, *right.responsible, *right.consulted}
        assert not part & set(right.informed_must), right.decision_id


def test_every_decision_says_who_must_know():
    """No decision stays with those who took it."""
    assert [right.decision_id for right in decision_rights() if not right.informed_must] == []


@pytest.mark.parametrize(("decision", "role"), [("D22", "suspect"), ("D28", "suspect"), ("D23b", "investors")])
def test_tipping_off_and_inside_knowledge_are_on_the_list(decision, role):
    """A suspect is not warned, and no investor hears before the others."""
    (right,) = [one for one in decision_rights() if one.decision_id == decision]
    assert role in right.informed_must_not


def test_the_limits_of_acceptance_leave_no_gap():
    """They begin at zero, each begins one euro above the one below, and the last is open."""
    steps = table("acceptance_limits")
    assert steps[0]["from_eur"] == 0
    assert [step["to_eur"] for step in steps] == [*(step["from_eur"] - 1 for step in steps[1:]), None]


def test_the_two_limits_of_a_business_owner_agree():
    """D08 and D09 repeat amounts of the acceptance limits; they must not drift apart."""
    up_to = {step["accountable"]: step["to_eur"] for step in table("acceptance_limits")}
    limits = {right.decision_id: right.limit_eur for right in decision_rights()}
    assert limits["D08"] == up_to["business-owner"]
    assert limits["D09"] == up_to["system-owner"] + 1


def test_one_role_per_chair():
    """Each chair is held by one role, and by a named person."""
    assert [(role.role_id, role.chair) for role in roles() if role.chair] == [(chair, chair) for chair in CHAIRS]
    assert all(role.person for role in roles() if role.chair)


def test_conflicts_are_pairs_of_two_duties():
    """No duty conflicts with itself, and no pair stands there twice."""
    pairs = [frozenset((pair.first, pair.second)) for pair in conflict_pairs()]
    assert len(pairs) == len(set(pairs)) == 8
    assert all(len(pair) == 2 for pair in pairs)


def test_conventions_of_the_course_are_marked_as_such():
    """Whatever the course set itself carries the status convention, and nothing else does."""
    for row in table("sources"):
        assert (row["status"] == "convention") == row["source_id"].startswith("course-"), row["source_id"]


def test_the_charter_is_not_passed_off_as_a_standard():
    """Every decision right cites a convention."""
    conventions = {row["source_id"] for row in table("sources") if row["status"] == "convention"}
    assert {right.source for right in decision_rights()} <= conventions


def test_unchecked_practice_is_said_to_differ_between_firms():
    """Only the split of fraud rests on a source that was not checked, and its reason says that firms differ."""
    unchecked = {row["source_id"] for row in table("sources") if row["status"] == "general-knowledge"}
    assert [card.duty_id for card in duties() if card.source in unchecked] == ["du24"]
    assert "Firms split fraud differently" in next(card.reason for card in duties() if card.duty_id == "du24")


def test_second_hand_cases_are_told_as_reports():
    """A duty that rests on a case read second-hand says so in its reason."""
    derivative = {row["source_id"] for row in table("sources") if row["status"] == "derivative"}
    told = [card for card in duties() if card.source in derivative and card.source.startswith("case-")]
    assert told
    assert all(re.search(r"by press accounts|is reported to", card.reason) for card in told)


def test_every_legal_clock_can_run_and_its_trigger_is_explained():
    """A row makes a clock of the models, and the README says in words what its trigger is."""
    readme = (DESCRIPTOR.parent / "README.md").read_text(encoding="utf-8")
    explained = next(line for line in readme.splitlines() if line.startswith("- **trigger**"))
    for row in table("legal_clocks"):
        clock = Clock(**row)
        assert f"*{clock.trigger}*" in explained, clock.clock_id
        assert dt.date.fromisoformat(clock.as_of)


def test_a_clock_that_is_no_law_yet_says_so():
    """Exactly the proposal and the law without final rules are marked; a learner must not take them for law."""
    marked = {row["clock_id"]: row["status"] for row in table("legal_clocks") if row["status"] != "in-force"}
    assert marked == {"gdpr-authority-proposed": "proposed", "circia-incident": "pending", "circia-payment": "pending"}


def test_federal_holidays_follow_from_their_rules():
    """Counted by the rules of the law, and by the calendar that pandas brings, the days are the same."""
    year, (monday, thursday) = 2026, (0, 3)
    fixed = {dt.date(year, month, day) for month, day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))}
    observed = {day + dt.timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0)) for day in fixed}
    weekdays = {(1, monday, 3), (2, monday, 3), (5, monday, -1), (9, monday, 1), (10, monday, 2), (11, thursday, 4)}
    by_rule = observed | {_weekday_of_month(year, *rule) for rule in weekdays}

    listed = [row["date"] for row in table("holidays") if row["calendar"] == "us-federal"]
    pandas_days = USFederalHolidayCalendar().holidays(f"{year}-01-01", f"{year}-12-31")
    assert listed == sorted(day.isoformat() for day in by_rule)
    assert listed == [day.date().isoformat() for day in pandas_days]


def _weekday_of_month(year, month, weekday, number):
    """The so-many-th weekday of a month, or the last one."""
    days = [day for day in calendar.Calendar().itermonthdates(year, month) if day.month == month]
    same = [day for day in days if day.weekday() == weekday]
    return same[-1] if number == -1 else same[number - 1]
