"""Vendors: sizes, distributions, what fits together, and exact counts of the planted faults."""

from __future__ import annotations

import math
from statistics import fmean, median

import pytest
from scipy.stats import kstest, pareto

from threechairs.company import vendors as module
from threechairs.company.firm import Firm
from threechairs.errors import ContentError

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

COLUMNS = {
    *("vendor_id", "what", "spend_eur", "access_level", "data_class"),
    *("assurance_age_days", "country", "physical_access", "cleared"),
}
EUROPE = {"NL", "DE", "SE", "ES", "IE", "FR", "PL"}


@pytest.fixture(scope="module")
def firms() -> list[Firm]:
    """A thousand learners' firms; that each has a table shows that one is found in time."""
    return [Firm(f"learner-{number}", "l09") for number in range(1000)]


@pytest.fixture(scope="module")
def pooled(firms: list[Firm]) -> list[dict]:
    """The vendors of 400 of them together."""
    return [row for firm in firms[:400] for row in firm.rows("vendors")]


def test_there_are_140_vendors_that_do_different_things(firms: list[Firm]) -> None:
    """Ids run from V001 to V140, no work comes twice, and every row has the same columns."""
    for firm in firms:
        rows = firm.rows("vendors")
        assert [row["vendor_id"] for row in rows] == [f"V{number:03}" for number in range(1, 141)]
        assert len({row["what"] for row in rows}) == 140
        assert all(set(row) == COLUMNS for row in rows)


def test_spend_has_a_heavy_tail(pooled: list[dict]) -> None:
    """Spend is nearly Pareto 1.3 from EUR 40,000: nobody has more than 35 % of it, which cuts the tail a little."""
    spend = [row["spend_eur"] for row in pooled]
    assert min(spend) >= 40_000 and all(type(one) is int for one in spend)
    assert median(spend) == pytest.approx(40_000 * 2 ** (1 / 1.3), rel=0.01)
    assert kstest(spend, pareto(1.3, scale=40_000).cdf).statistic < 0.01
    assert fmean(spend) > 2 * median(spend)


def test_access_and_data_fit_together(pooled: list[dict]) -> None:
    """Whoever has no access sees no data, only those who work for the clinics see health data, and all levels occur."""
    assert {row["access_level"] for row in pooled} == {0, 1, 2, 3}
    for row in pooled:
        assert (row["data_class"] is None) == (row["access_level"] == 0)
        if row["data_class"] == "health":
            assert "the clinics" in row["what"]
    assert {row["data_class"] for row in pooled} == {None, "internal", "confidential", "personal", "health"}


def test_countries_fit_the_work(pooled: list[dict]) -> None:
    """Work in Europe goes to European vendors, work in the US mostly to American ones."""
    europe = {row["country"] for row in pooled if row["what"].endswith("in Europe")}
    america = [row["country"] for row in pooled if row["what"].endswith("in the US")]
    assert europe == EUROPE
    assert set(america) == {"US", "CA", "IE"}
    assert fmean(country == "US" for country in america) == pytest.approx(0.9, abs=0.01)


def test_guards_come_to_the_sites_and_help_desks_rarely_do(pooled: list[dict]) -> None:
    """Physical access follows the kind of work."""
    guards = fmean(row["physical_access"] for row in pooled if row["what"].startswith("Guards"))
    help_desks = fmean(row["physical_access"] for row in pooled if row["what"].startswith("Help desk"))
    assert guards == pytest.approx(0.95, abs=0.02)
    assert help_desks == pytest.approx(0.15, abs=0.04)


def test_planted_faults_are_as_many_as_the_key_says(firms: list[Firm]) -> None:
    """A recount finds the key's numbers, no misreading gives them, and the limit of 365 days cuts clearly."""
    stale_seen, uncleared_seen = set(), set()
    for firm in firms:
        rows, key = firm.rows("vendors"), firm.key("vendors")
        stale = [row for row in rows if row["access_level"] and row["assurance_age_days"] > 365]
        uncleared = [row for row in rows if row["physical_access"] and not row["cleared"]]
        assert (len(stale), len(uncleared)) == (key["stale_with_access"], key["without_clearance"])
        old = [row for row in rows if row["assurance_age_days"] > 365]
        unknown = [row for row in rows if not row["cleared"]]
        wrong = module.misleading(rows)
        assert wrong["stale"] == [
            len(old),
            sum(row["access_level"] in {2, 3} for row in old),
            sum(row["physical_access"] for row in old),
        ]
        assert wrong["uncleared"] == [
            len(unknown),
            sum(row["access_level"] in {1, 2, 3} for row in unknown),
            sum(row["physical_access"] for row in rows),
        ]
        assert len(stale) not in wrong["stale"] and len(uncleared) not in wrong["uncleared"]
        assert all(not 360 < row["assurance_age_days"] < 370 for row in rows)
        stale_seen.add(len(stale))
        uncleared_seen.add(len(uncleared))
    assert stale_seen == set(range(9, 23))
    assert uncleared_seen == set(range(5, 15))


def test_a_thousand_learners_are_served_within_fifty_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejection is bounded: of a thousand draws allowed, nobody needs more than fifty."""
    monkeypatch.setattr(module, "TRIES", 50)
    for number in range(1000):
        assert len(Firm(f"learner-{number}", "l09").rows("vendors")) == 140


def test_concentration_is_as_the_key_says(firms: list[Firm]) -> None:
    """The index recounted from spend is the key's, from 150 to 1,500: many vendors are not equal ones."""
    for firm in firms:
        spend = [row["spend_eur"] for row in firm.rows("vendors")]
        index = math.fsum((100 * one / sum(spend)) ** 2 for one in spend)
        key = firm.key("vendors")
        assert key["hhi"] == pytest.approx(index, abs=1e-4)
        assert key["effective_vendors"] == pytest.approx(10_000 / index, abs=1e-4)
        assert 150 <= index <= 1500
        assert max(spend) <= 0.35 * sum(spend)


def test_same_learner_same_rows_and_another_attempt_other_rows() -> None:
    """A table can be made again at any time; a second attempt sees other numbers."""
    rows = Firm("alice", "l09").rows("vendors")
    assert rows == Firm("alice", "l09").rows("vendors")
    assert rows != Firm("alice", "l09", attempt=2).rows("vendors")


@pytest.mark.parametrize("setting", ["stale_with_access", "without_clearance"])
def test_a_number_that_no_table_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """An author who plants more faults than there are vendors that could have them is told."""
    monkeypatch.setattr(module, "TRIES", 10)
    firm = Firm("alice", "l09", settings={"vendors": {setting: (139, 140)}})
    with pytest.raises(ContentError, match=r"\[139, 140\]"):
        firm.rows("vendors")
