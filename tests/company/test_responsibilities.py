"""Duties and a draft RACI: faults that the course's own checkers find, each as often as the key says."""

from collections import Counter

import pytest

from threechairs.chairs.raci import check_raci, valid_rows
from threechairs.chairs.segregation import conflict_pairs, count_violations, violations
from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.company.responsibilities import RACI_COLUMNS, raci
from threechairs.datasets import table
from threechairs.errors import ContentError

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

RULES = ("R1", "R2", "R3", "R4", "R5", "R6")
DECISIONS = {row["decision_id"]: row for row in table("decisions")}
DUTIES = {duty for row in table("duty_conflicts") for duty in (row["first"], row["second"])} | {"write-policy"}


@pytest.fixture(scope="module")
def firms():
    """The firm as a thousand learners see it."""
    return [Firm(f"learner-{number}", "l05-demo") for number in range(1000)]


def _holdings(firm):
    held = {}
    for row in firm.rows("duties_users"):
        held.setdefault(row["user_id"], []).append(row["duty"])
    return held


def _matrix(rows):
    return {row["decision_id"]: {role: row[role] for role in RACI_COLUMNS} for row in rows}


def test_violations_of_duties_are_those_that_the_checker_of_the_course_finds(firms):
    """10 to 14 of 120 people hold a pair, 3 to 6 of them two; the key counts people and pairs."""
    told = set()
    for firm in firms:
        held = _holdings(firm)
        broken = {user: pairs for user, pairs in violations(held).items() if pairs}
        sizes = Counter(map(len, broken.values()))

        assert len(held) == 120
        assert firm.key("duties_users") == {"violators": len(broken), "violations": count_violations(held)}
        assert 10 <= len(broken) <= 14
        assert sizes.keys() == {1, 2} and 3 <= sizes[2] <= 6
        told.add(tuple(firm.key("duties_users").values()))
    assert len(told) == 20


def test_every_pair_is_held_by_somebody(firms):
    """Who forgets one of the eight pairs counts too few violations."""
    for firm in firms:
        found = {pair for pairs in violations(_holdings(firm)).values() for pair in pairs}

        assert found == set(conflict_pairs())


def test_duties_belong_to_people_who_are_there_and_could_have_them(firms):
    """Twelve duties, no duty twice, held by users of IT, information security, procurement or finance."""
    for firm in firms[:200]:
        users = {row["user_id"]: row for row in firm.rows("users")}
        rows = [(row["user_id"], row["duty"]) for row in firm.rows("duties_users")]

        assert len(rows) == len(set(rows))
        assert {duty for _, duty in rows} == DUTIES
        for user, duties in _holdings(firm).items():
            assert users[user]["left_on"] is None
            assert users[user]["department"] in {
                *("information technology", "information security", "procurement", "finance")
            }
            assert 1 <= len(duties) <= 7


def test_raci_breaks_the_rules_as_often_as_the_key_says(firms):
    """Six faults; an empty row breaks three rules; the checker of the course finds what the key counts."""
    told = set()
    for firm in firms:
        matrix, key = _matrix(firm.rows("raci")), firm.key("raci")
        found = Counter(finding.rule for finding in check_raci(matrix))
        empty = found["R3"]

        assert {rule: key[rule] for rule in RULES} == {rule: found[rule] for rule in RULES}
        assert key["findings"] == found.total() == 6 + 2 * empty
        assert key["faults"] == 6
        assert key["faulty_rows"] == 25 - len(valid_rows(matrix))
        assert 1 <= empty <= 2
        told.add(tuple(key.values()))
    assert len(told) > 20
    assert 0.4 < sum(firm.key("raci")["R6"] for firm in firms) / len(firms) < 0.6


def test_raci_holds_twenty_five_decisions_in_their_order(firms):
    """Each row is a decision of the charter whose A is one of the columns, with nothing but letters in it."""
    for firm in firms[:50]:
        rows = firm.rows("raci")

        assert len(rows) == 25
        assert [row["decision_id"] for row in rows] == sorted(row["decision_id"] for row in rows)
        for row in rows:
            assert row["decision"] == DECISIONS[row["decision_id"]]["decision"]
            assert DECISIONS[row["decision_id"]]["accountable"] in RACI_COLUMNS
            assert all(row[role] is None or (row[role] and row[role].isascii()) for role in RACI_COLUMNS)


def test_rows_without_a_fault_say_what_the_charter_says(firms):
    """In drafts without R6, at most six rows differ from the charter's A, R, C and I."""
    for firm in firms[:200]:
        if firm.key("raci")["R6"]:
            continue
        differing = 0
        for row in firm.rows("raci"):
            decision = DECISIONS[row["decision_id"]]
            letters = dict.fromkeys(RACI_COLUMNS, "")
            letters[decision["accountable"]] = "A"
            doing = [role for role in decision["responsible"] if role in RACI_COLUMNS] or [decision["accountable"]]
            for role in doing:
                letters[role] = "A/R" if letters[role] == "A" else "R"
            for letter, column in (("C", "consulted"), ("I", "informed_must")):
                letters |= {role: letter for role in decision[column] if letters.get(role) == ""}
            differing += letters != {role: row[role] or "" for role in RACI_COLUMNS}
        assert differing == 6


def test_the_one_with_too_much_power_got_it_from_others(firms):
    """With R6 the CISO or the CIO has eleven A of 25 or more; rows still have their letters, only swapped."""
    powerful = Counter()
    for firm in firms:
        for finding in check_raci(_matrix(firm.rows("raci"))):
            if finding.rule == "R6":
                powerful[finding.role] += 1
    assert powerful.keys() == {"ciso", "cio"}
    assert min(powerful.values()) > 180


def test_a_charter_with_too_few_decisions_is_told():
    """An author who asks for more rows than there are decisions in reach learns how many there are."""
    reach = sum(row["accountable"] in RACI_COLUMNS for row in DECISIONS.values())

    with pytest.raises(
        ContentError, match=rf"decisions.csv: {reach} decisions have their A among board, .* Expected 40"
    ):
        raci(None, Draws("alice"), rows=40)


@pytest.mark.parametrize("name", ["duties_users", "raci"])
def test_the_same_seed_gives_the_same_rows(firms, name):
    """A learner finds the table as it was; another learner, or a second attempt, finds another."""
    again = Firm("learner-0", "l05-demo").made(name)

    assert again == firms[0].made(name)
    assert Firm("learner-0", "l05-demo", 2).rows(name) != again.rows
    assert firms[1].rows(name) != again.rows
