"""Users, training and checks: what is planted is what a plain recount finds, for whoever opens the case."""

import math
from collections import Counter, defaultdict

import pytest

from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.company.people import STAFF, checks, training, training_faults
from threechairs.datasets import table
from threechairs.errors import ContentError

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

TODAY = "2026-03-02"
KINDS = {"ports": "port", "freight": "freight", "clinics": "clinic"}


@pytest.fixture(scope="module")
def firms():
    """The firm as two hundred learners see it."""
    return [Firm(f"learner-{number}", "l03-demo") for number in range(200)]


def _mean(values):
    values = list(values)
    return sum(values) / len(values)


def test_users_have_a_manager_of_their_department_who_is_still_there(firms):
    """Each department has one head; everybody else reports to a head or a manager there who has not left."""
    for firm in firms:
        users = {row["user_id"]: row for row in firm.rows("users")}
        heads = [row["department"] for row in users.values() if row["manager_id"] is None]

        assert list(users) == [f"U{number:04}" for number in range(1, 1201)]
        assert sorted(heads) == sorted({row["department"] for row in users.values()}) == sorted(STAFF)
        for row in users.values():
            if row["manager_id"]:
                manager = users[row["manager_id"]]
                assert manager["department"] == row["department"]
                assert manager["left_on"] is None and manager is not row


def test_nobody_answers_for_more_people_than_one_can_know(firms):
    """A manager has about a dozen people, and every chain of managers ends at a head."""
    sizes = []
    for firm in firms[:20]:
        manager_of = {row["user_id"]: row["manager_id"] for row in firm.rows("users")}
        sizes += Counter(manager for manager in manager_of.values() if manager).values()

        assert all(
            manager is None or manager_of[manager] is None or manager_of[manager_of[manager]] is None
            for manager in manager_of.values()
        )
    assert max(sizes) <= 40
    assert 8 < _mean(sizes) < 16


def test_users_work_at_a_site_of_their_trade_which_has_room_for_them(firms):
    """Dockers are at ports, nurses at clinics, and no site has more accounts than people."""
    for firm in firms:
        sites = {row["site_id"]: row for row in firm.rows("sites")}
        accounts = Counter(row["site_id"] for row in firm.rows("users"))

        assert accounts.keys() == sites.keys()
        assert all(number <= sites[site]["headcount"] for site, number in accounts.items())
        for row in firm.rows("users"):
            assert sites[row["site_id"]]["kind"] == KINDS.get(row["department"], sites[row["site_id"]]["kind"])


def test_the_key_counts_who_has_left(firms):
    """36 to 60 users left, within a year before today; how many differs between learners."""
    counts = set()
    for firm in firms:
        left = [row["left_on"] for row in firm.rows("users") if row["left_on"]]

        assert firm.key("users") == {"left": len(left)}
        assert 36 <= len(left) <= 60
        assert min(left) >= "2025-03-01" and max(left) < TODAY
        counts.add(len(left))
    assert len(counts) > 15


def test_over_all_learners_clicks_are_those_of_the_course(firms):
    """12 % click before, 5 % after training, 11 % without; high-risk roles click 1.625 / 0.75 times as often."""
    rows = [row for firm in firms for row in firm.rows("training")]
    by_risk = {
        risk: _mean(row["click_before"] for row in rows if row["role_risk"] == risk)
        for risk in ("low", "medium", "high")
    }

    assert _mean(row["click_before"] for row in rows) == pytest.approx(0.12, rel=0.02)
    assert _mean(row["click_after"] for row in rows if row["completed"]) == pytest.approx(0.05, rel=0.03)
    assert _mean(row["click_after"] for row in rows if not row["completed"]) == pytest.approx(0.11, rel=0.03)
    assert by_risk["high"] / by_risk["low"] == pytest.approx(1.625 / 0.75, rel=0.04)
    assert _mean(row["role_risk"] == "high" for row in rows) == pytest.approx(0.2, rel=0.02)


def test_training_has_one_row_per_person_of_every_department(firms):
    """4,200 rows; the departments are as large as the firm says; 60 to 95 % completed the training."""
    sizes = Counter(row["department"] for firm in firms for row in firm.rows("training"))

    assert {row["department"] for row in firms[0].rows("training")} == set(STAFF)
    assert sizes["ports"] / sizes.total() == pytest.approx(0.3, rel=0.02)
    for firm in firms:
        rows = firm.rows("training")
        assert [row["employee_id"] for row in rows] == [f"E{number:04}" for number in range(1, 4201)]
        assert 0.6 < _mean(row["completed"] for row in rows) < 0.95


def test_the_key_of_training_is_what_a_recount_finds(firms):
    """Completed, high-risk roles still open, and clicks of both groups."""
    for firm in firms:
        groups = Counter((row["completed"], row["click_after"]) for row in firm.rows("training"))
        risks = Counter((row["completed"], row["role_risk"]) for row in firm.rows("training"))

        assert firm.key("training") == {
            "completed": groups[True, True] + groups[True, False],
            "high_risk_open": risks[False, "high"],
            "clicked_trained": groups[True, True],
            "clicked_untrained": groups[False, True],
        }


def test_every_learner_sees_that_training_works_and_no_wrong_sum_gives_the_right_number(firms):
    """The 95 % interval of the relative risk excludes 1, and each listed mistake is at least 0.01 away from it."""
    for firm in firms:
        rows = firm.rows("training")
        trained = [row for row in rows if row["completed"]]
        others = [row for row in rows if not row["completed"]]
        after, without = _mean(row["click_after"] for row in trained), _mean(row["click_after"] for row in others)
        risk = after / without
        spread = math.sqrt((1 - after) / (after * len(trained)) + (1 - without) / (without * len(others)))
        mistakes = [
            after / _mean(row["click_before"] for row in trained),
            _mean(row["click_after"] for row in rows) / _mean(row["click_before"] for row in rows),
            _mean(not row["completed"] for row in rows if row["click_after"]),
            1 - risk,
            1 / risk,
            after - without,
        ]
        rates = defaultdict(list)
        for row in rows:
            rates[row["department"]].append(row["completed"])

        assert 0.28 <= risk <= 0.7
        assert risk * math.exp(1.96 * spread) < 1
        assert all(abs(mistake - risk) >= 0.01 - 1e-9 for mistake in mistakes)
        assert abs(_mean(map(_mean, rates.values())) - _mean(row["completed"] for row in rows)) >= 0.01 - 1e-9


def test_a_thousand_learners_are_served_within_fifty_draws(monkeypatch):
    """Rejection is bounded, and the key's counts of completions and clicks are those of all 4,200 rows."""
    monkeypatch.setattr("threechairs.company.people.TRIES", 50)
    told = set()
    for number in range(1000):
        made = Firm(f"learner-{number}", "l03-demo").made("training")
        trained = [row for row in made.rows if row["completed"]]
        clicks = sum(row["click_after"] for row in trained)

        assert len(made.rows) == 4200
        assert (made.key["completed"], made.key["clicked_trained"]) == (len(trained), clicks)
        told.add(tuple(made.key.values()))
    assert len(told) > 990


def test_a_training_table_that_teaches_nothing_is_told_apart():
    """No effect, an empty group, and numbers that agree by chance are named as what they are."""

    def group(department, completed, *, people, before, after):
        return [
            {
                "department": department,
                "completed": completed,
                "click_before": number < before,
                "click_after": number < after,
            }
            for number in range(people)
        ]

    useless = group("a", True, people=50, before=5, after=5) + group("b", False, people=50, before=9, after=5)

    assert training_faults(useless[:50]) == ["a group is empty"]
    assert training_faults(useless) == [
        "the fall from before to after is close to the relative risk",
        "the training does not show",
        "the mean of the departments is close to the share of all",
    ]
    halved = group("a", True, people=100, before=10, after=5) + group("b", False, people=50, before=5, after=5)
    assert "the reduction is close to the relative risk" in training_faults(halved)
    assert "the share of clicks is close to the relative risk" in training_faults(halved)
    slow = group("a", True, people=100, before=6, after=4) + group("b", False, people=50, before=10, after=4)
    assert training_faults(slow)[0] == "the fall of all is close to the relative risk"


def test_training_of_too_few_people_is_refused(monkeypatch):
    """After a bounded number of tries an author learns that thirty people show nothing."""
    monkeypatch.setattr("threechairs.company.people.TRIES", 3)
    monkeypatch.setattr("threechairs.company.people._RELATIVE_RISK", (5, 6))

    with pytest.raises(ContentError, match=r"training: none of 3 tables of 30 people .* Give the table more people"):
        training(None, Draws("alice"), people=30)


def test_the_key_of_checks_is_what_a_recount_finds():
    """Overdue, own work, without owner, not yet due: each as often as the key says, never two on one check."""
    told = set()
    for number in range(1000):
        made = Firm(f"learner-{number}", "l03-demo").made("checks")
        found = {
            "overdue": {row["check_id"] for row in made.rows if not row["done_on"] and row["due_on"] < TODAY},
            "not_yet_due": {row["check_id"] for row in made.rows if not row["done_on"] and row["due_on"] > TODAY},
            "own_work": {row["check_id"] for row in made.rows if row["owner"] == row["checked_by"]},
            "without_owner": {row["check_id"] for row in made.rows if row["owner"] is None},
        }

        assert made.key == {fault: len(ids) for fault, ids in found.items()}
        assert len(set().union(*found.values())) == sum(map(len, found.values()))
        assert 10 <= made.key["overdue"] <= 24
        assert 8 <= made.key["own_work"] <= 16
        assert 5 <= made.key["without_owner"] <= 9
        told.add(tuple(made.key.values()))
    assert len(told) > 900


def test_every_check_holds_what_it_says(firms):
    """300 checks by roles of the charter, with a result if and only if they are done, none after today."""
    roles = {row["role_id"] for row in table("roles")}
    for firm in firms[:20]:
        rows = firm.rows("checks")

        assert [row["check_id"] for row in rows] == [f"C{number:03}" for number in range(1, 301)]
        assert {row["function"] for row in rows} == {"govern", "identify", "protect", "detect", "respond", "recover"}
        for row in rows:
            assert row["checked_by"] in roles and row["owner"] in {None, *roles}
            assert (row["done_on"] is None) == (row["result"] is None)
            assert row["done_on"] is None or row["done_on"] < TODAY
            assert row["result"] in {"met", "partly", "not met", None}
            assert "2025-03-02" <= row["due_on"] <= "2026-06-30"
    results = Counter(row["result"] for firm in firms for row in firm.rows("checks") if row["result"])
    assert results["met"] / results.total() == pytest.approx(0.7, rel=0.02)


def test_an_author_may_plant_other_numbers_of_faults():
    """Settings change what is planted: twenty overdue checks of 120, and nothing else."""
    made = checks(None, Draws("alice"), rows=120, overdue=(20, 20), own_work=(0, 0), without_owner=(0, 0))

    assert len(made.rows) == 120
    assert made.key["overdue"] == sum(not row["done_on"] and row["due_on"] < TODAY for row in made.rows) == 20
    assert not any(row["owner"] in {None, row["checked_by"]} for row in made.rows)


@pytest.mark.parametrize("name", ["users", "training", "checks"])
def test_the_same_seed_gives_the_same_rows(firms, name):
    """A learner finds the table as it was; another learner, or a second attempt, finds another."""
    again = Firm("learner-0", "l03-demo").made(name)

    assert again == firms[0].made(name)
    assert Firm("learner-0", "l03-demo", 2).rows(name) != again.rows
    assert firms[1].rows(name) != again.rows
