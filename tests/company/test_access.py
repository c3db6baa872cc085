"""Data stores and the review of rights to them: planted faults, and nothing else that looks like one."""

import math
from collections import Counter
from datetime import date
from statistics import mean, median, stdev

import pytest
from scipy.stats import spearmanr

from threechairs.company import access
from threechairs.company.access import SENSITIVE, data_stores, entitlements, spearman
from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.company.sites import TODAY
from threechairs.errors import ContentError

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

ENOUGH = 25  # draws
LEVELS = {"read": 0.70, "write": 0.24, "admin": 0.06}


@pytest.fixture(scope="module")
def many():
    """The firm as a thousand learners see it, whose stores are found within so many draws."""
    made = [Firm(f"learner-{number}", "l06-demo") for number in range(1000)]
    with pytest.MonkeyPatch.context() as limited:
        limited.setattr(access, "TRIES", ENOUGH)
        for firm in made:
            firm.rows("data_stores")
    return made


@pytest.fixture(scope="module")
def firms(many):
    """Two hundred of them."""
    return many[:200]


@pytest.fixture(scope="module")
def rights(firms):
    """Rights of all these learners together, one list per learner."""
    return [firm.rows("entitlements") for firm in firms]


def test_stores_point_at_what_exists(firms):
    """90 stores, each of another application, whose criticality, department and site it has; owners are there."""
    for firm in firms:
        apps = {row["app_id"]: row for row in firm.rows("applications")}
        sites = {row["site_id"]: row for row in firm.rows("sites")}
        users = {row["user_id"]: row for row in firm.rows("users")}
        rows = firm.rows("data_stores")

        assert [row["store_id"] for row in rows] == [f"DS{number:02}" for number in range(1, 91)]
        assert len({row["app_id"] for row in rows}) == 90
        for row in rows:
            app = apps[row["app_id"]]
            assert (row["criticality"], row["department"]) == (app["criticality"], app["owner"])
            assert app["site_id"] in {row["site_id"], None}
            assert row["country"] == sites[row["site_id"]]["country"]
            assert row["owner_id"] is None or users[row["owner_id"]]["left_on"] is None


def test_health_data_lie_at_clinics_only(firms):
    """What a department keeps fits its trade: health data are the clinics', and lie at a clinic."""
    for firm in firms:
        kinds = {row["site_id"]: row["kind"] for row in firm.rows("sites")}
        for row in firm.rows("data_stores"):
            if row["data_class"] == "health":
                assert row["department"] == "clinics" and kinds[row["site_id"]] == "clinic"
            assert row["data_class"] in {"public", "internal", "confidential", "personal", "health"}


def test_the_key_of_stores_is_what_a_recount_finds(many):
    """For a thousand learners: stores without owner, stores owned by IT, and the country ahead by 5 %."""
    told = set()
    for firm in many:
        department = {row["user_id"]: row["department"] for row in firm.rows("users")}
        rows, key = firm.rows("data_stores"), firm.key("data_stores")
        owners = [department.get(row["owner_id"]) for row in rows]
        records = Counter()
        for row in rows:
            if row["data_class"] in SENSITIVE:
                records[row["country"]] += row["records"]
        (first, most), (_, next_most) = records.most_common(2)

        assert key["without_owner"] == owners.count(None) and 4 <= owners.count(None) <= 9
        assert key["owned_by_it"] == owners.count("information technology") and 5 <= key["owned_by_it"] <= 10
        assert all(
            owner in {None, "information technology", row["department"]}
            for owner, row in zip(owners, rows, strict=True)
        )
        assert key["country_with_most_sensitive_records"] == first and most >= 1.05 * next_most
        told.add(tuple(key.values()))
    assert len(told) > 60


def test_a_thousand_learners_are_served_long_before_the_limit(many, monkeypatch):
    """Stores and rights are found within 25 draws of a thousand; the key of rights has what is cheap to recount."""
    assert all(len(firm.rows("data_stores")) == 90 for firm in many)
    assert access.TRIES >= 40 * ENOUGH
    monkeypatch.setattr(access, "TRIES", ENOUGH)
    told = set()
    for firm in many:
        # made here and not by the firm, which would keep all six million rows
        made = entitlements(firm, Draws(*firm.seed, "table", "entitlements"))
        seconds = [row["seconds_to_decide"] for row in made.rows]

        assert len(made.rows) == 6000
        assert made.key["dormant"] == sum(row["last_used_days"] > 90 for row in made.rows)
        assert made.key["unreviewed"] == seconds.count(None)
        assert made.key["rubber_stamps"] == sum(seconds.count(quick) for quick in range(5))
        told.add(tuple(made.key.values()))
    assert len(told) > 990


def test_over_all_learners_records_are_lognormal(firms):
    """Median 40,000 records and sigma 1.6, whatever the class."""
    logs = [math.log(row["records"]) for firm in firms for row in firm.rows("data_stores")]

    assert math.exp(median(logs)) == pytest.approx(40_000, rel=0.06)
    assert stdev(logs) == pytest.approx(1.6, rel=0.03)


def test_planted_faults_are_exactly_those_that_a_recount_finds(firms, rights):
    """Orphans, dormant, unreviewed, rubber stamps: counted afresh, within the stated ranges."""
    told = set()
    for firm, rows in zip(firms, rights, strict=True):
        left = {row["user_id"] for row in firm.rows("users") if row["left_on"]}
        manager = {row["user_id"]: row["manager_id"] for row in firm.rows("users")}
        stamped = [row for row in rows if row["seconds_to_decide"] is not None and row["seconds_to_decide"] < 5]
        key = firm.key("entitlements")

        assert len(rows) == 6000
        assert key == {
            "orphans": sum(row["user_id"] in left for row in rows),
            "dormant": sum(row["last_used_days"] > 90 for row in rows),
            "unreviewed": sum(row["manager_decision"] == "none" for row in rows),
            "rubber_stamps": len(stamped),
            "stamping_managers": len({manager[row["user_id"]] for row in stamped}),
        }
        assert 90 <= key["orphans"] <= 150
        assert 720 <= key["dormant"] <= 890
        assert 240 <= key["unreviewed"] <= 480
        assert 960 <= key["rubber_stamps"] <= 1100
        told.add(tuple(key.values()))
    assert len(told) == 200


def test_a_manager_stamps_everything_or_nothing(firms, rights):
    """Some managers keep all rights in less than 5 seconds; the others look at each for 5 seconds or longer."""
    for firm, rows in zip(firms, rights, strict=True):
        manager = {row["user_id"]: row["manager_id"] for row in firm.rows("users")}
        seen = {}
        for row in rows:
            if row["manager_decision"] != "none":
                seen.setdefault(manager[row["user_id"]], set()).add(row["seconds_to_decide"] < 5)
                assert row["seconds_to_decide"] >= 5 or row["manager_decision"] == "keep"
            else:
                assert row["seconds_to_decide"] is None

        assert all(len(both) == 1 for both in seen.values())
        assert seen[None] == {False}


def test_who_takes_the_line_for_a_fault_counts_otherwise(rights):
    """At least eight rights were last used 90 days ago, and eight decided in 5 seconds: neither is a fault."""
    for rows in rights:
        assert sum(row["last_used_days"] == 90 for row in rows) >= 8
        assert sum(row["seconds_to_decide"] == 5 for row in rows) >= 8


def test_rights_point_at_what_exists_and_nobody_has_two_to_one_store(firms, rights):
    """Users and stores exist, a pair comes once, each store has at least eight rights."""
    for firm, rows in zip(firms, rights, strict=True):
        users, stores = (
            {row[key] for row in firm.rows(name)} for name, key in (("users", "user_id"), ("data_stores", "store_id"))
        )
        per_store = Counter(row["store_id"] for row in rows)

        assert {row["user_id"] for row in rows} <= users
        assert per_store.keys() == stores
        assert min(per_store.values()) >= 8 and max(per_store.values()) <= 400
        assert len({(row["user_id"], row["store_id"]) for row in rows}) == 6000


def test_nobody_uses_a_right_after_leaving(firms, rights):
    """Rights of a user who left were last used on the last day or before."""
    for firm, rows in zip(firms, rights, strict=True):
        left = {row["user_id"]: row["left_on"] for row in firm.rows("users") if row["left_on"]}
        days = {user: (TODAY - date.fromisoformat(on)).days for user, on in left.items()}

        assert all(row["last_used_days"] >= days.get(row["user_id"], 0) for row in rows)


def test_critical_stores_have_more_rights(firms, rights):
    """Spearman's correlation of criticality and number of rights is 0.4 to 0.6 for all, about 0.5 on average."""
    found = []
    for firm, rows in zip(firms, rights, strict=True):
        per_store = Counter(row["store_id"] for row in rows)
        criticality = [(row["criticality"], per_store[row["store_id"]]) for row in firm.rows("data_stores")]
        found.append(spearmanr(criticality).statistic)

    assert min(found) >= 0.4 - 1e-9 and max(found) <= 0.6 + 1e-9
    assert mean(found) == pytest.approx(0.5, abs=0.02)


def test_over_all_learners_days_unused_are_exponential(rights):
    """Mean 45 and median 31 days, deviation as large as the mean, although the dormant ones are planted."""
    days = [row["last_used_days"] for rows in rights for row in rows]

    assert mean(days) == pytest.approx(45, rel=0.03)
    assert median(days) == pytest.approx(45 * math.log(2), rel=0.03)
    assert stdev(days) == pytest.approx(45, rel=0.05)


def test_over_all_learners_levels_and_decisions_are_those_of_the_course(rights):
    """70, 24 and 6 % read, write, administer; about 13 % of the reviewed are revoked; half of all looks take 25 s."""
    levels = Counter(row["level"] for rows in rights for row in rows)
    decisions = Counter(row["manager_decision"] for rows in rights for row in rows)
    looks = [row["seconds_to_decide"] for rows in rights for row in rows if (row["seconds_to_decide"] or 0) >= 5]

    assert {level: number / levels.total() for level, number in levels.items()} == pytest.approx(LEVELS, rel=0.02)
    assert decisions["revoke"] / (decisions["revoke"] + decisions["keep"]) == pytest.approx(0.13, abs=0.01)
    assert median(looks) == 25


@pytest.mark.parametrize(
    ("first", "second"), [([1, 2, 3, 4], [10, 30, 20, 99]), ([1, 1, 2, 4, 4, 4], [5, 3, 3, 8, 1, 8]), ([3, 1], [1, 3])]
)
def test_spearman_agrees_with_scipy(first, second):
    """Ties get their mean rank, as in scipy's independent computation."""
    assert spearman(first, second) == pytest.approx(spearmanr(first, second).statistic)


def test_drawing_ends_when_no_table_will_do(firms, monkeypatch):
    """After a bounded number of tries the author is told, instead of the learner waiting for ever."""
    monkeypatch.setattr(access, "TRIES", 20)
    with pytest.raises(ContentError, match="entitlements: none of 20 tables of 6000 rights has the faults asked for"):
        entitlements(firms[0], Draws("alice"), rubber_stamps=(5000, 5000))

    monkeypatch.setattr(access, "_FEWEST_ON_THE_LINE", 1000)
    with pytest.raises(ContentError, match="entitlements: none of 20 tables of 6000 rights has the faults asked for"):
        entitlements(firms[0], Draws("alice"))

    monkeypatch.setattr(access, "_COUNTRY_AHEAD", 1e9)
    with pytest.raises(ContentError, match="data_stores: none of 20 tables has a country clearly ahead"):
        data_stores(firms[0], Draws("alice"))

    monkeypatch.setattr(access, "_SPEARMAN", (0.99, 1))
    with pytest.raises(ContentError, match="entitlements: none of 20 spreads of 6000 rights over the stores will do"):
        entitlements(firms[0], Draws("alice"))


@pytest.mark.parametrize("name", ["data_stores", "entitlements"])
def test_the_same_seed_gives_the_same_rows(firms, name):
    """A learner finds the table as it was; another learner, or a second attempt, finds another."""
    again = Firm("learner-0", "l06-demo").made(name)

    assert again == firms[0].made(name)
    assert Firm("learner-0", "l06-demo", 2).rows(name) != again.rows
    assert firms[1].rows(name) != again.rows
