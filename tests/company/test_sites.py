"""Sites and physical events: sizes, distributions, planted faults, and one clear answer for every learner."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from statistics import fmean, median, stdev

import pytest
from scipy.stats import spearmanr

from threechairs.company import sites as module
from threechairs.company.firm import Firm
from threechairs.errors import ContentError

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

LEARNERS = [f"learner-{number}" for number in range(200)]


@pytest.fixture(scope="module")
def firms() -> list[Firm]:
    """Two hundred learners' firms."""
    return [Firm(name, "l02") for name in LEARNERS]


@pytest.fixture(scope="module")
def pooled(firms: list[Firm]) -> dict[str, list[dict]]:
    """Sites and events of all of them together."""
    return {name: [row for firm in firms for row in firm.rows(name)] for name in ("sites", "physical_events")}


def test_there_are_eleven_sites_with_everybody_in_them(firms: list[Firm]) -> None:
    """Ids run from S01 to S11, names differ, and headcounts add up to 4,200 for every learner."""
    for firm in firms:
        rows = firm.rows("sites")
        assert [row["site_id"] for row in rows] == [f"S{number:02}" for number in range(1, 12)]
        assert len({row["name"] for row in rows}) == 11
        assert sum(row["headcount"] for row in rows) == 4200
        assert min(row["headcount"] for row in rows) >= 80


def test_sites_are_in_range(pooled: dict[str, list[dict]]) -> None:
    """Crime index within 0 to 100 and spread, at least one door and camera, region as the country says."""
    rows = pooled["sites"]
    index = [row["crime_index"] for row in rows]
    assert 0 <= min(index) < 10 and 85 < max(index) <= 100
    assert min(row["doors"] for row in rows) >= 5 and min(row["cameras"] for row in rows) >= 5
    assert all((row["region"] == "US") == (row["country"] == "US") for row in rows)


def test_asset_values_are_lognormal(pooled: dict[str, list[dict]]) -> None:
    """Median EUR 4 million and sigma 0.8 over all learners, and larger sites have more to lose."""
    logs = [math.log(row["asset_value_eur"]) for row in pooled["sites"]]
    assert math.exp(median(logs)) == pytest.approx(4_000_000, rel=0.06)
    assert stdev(logs) == pytest.approx(0.8, rel=0.05)
    staff = [row["headcount"] for row in pooled["sites"]]
    assert 0.4 < spearmanr(staff, logs).statistic < 0.9


def test_overdue_drills_are_as_many_as_the_key_says(firms: list[Firm]) -> None:
    """A recount finds the planted number, and no single interval for all sites finds it."""
    counts = Counter()
    for firm in firms:
        ages = [(module.TODAY - dt.date.fromisoformat(row["last_drill_on"])).days for row in firm.rows("sites")]
        limits = [row["drill_every_days"] for row in firm.rows("sites")]
        late = firm.key("sites")["overdue_drills"]
        assert sum(age > limit for age, limit in zip(ages, limits, strict=True)) == late
        assert all(abs(age - limit) >= 5 for age, limit in zip(ages, limits, strict=True))
        assert all(sum(age > limit for age in ages) != late for limit in (90, 180, 365))
        counts[late] += 1
    assert set(counts) == {2, 3, 4, 5}


def test_events_happen_at_sites_in_2025(firms: list[Firm]) -> None:
    """Four hundred events with ids of their own, in order, each within the year and at a site that exists."""
    for firm in firms:
        rows = firm.rows("physical_events")
        times = [row["occurred_at"] for row in rows]
        assert len({row["event_id"] for row in rows}) == len(rows) == 400
        assert times == sorted(times)
        assert times[0] >= "2025-01-01T00:00Z" and times[-1] <= "2025-12-31T23:59Z"
        assert {row["site_id"] for row in rows} <= {row["site_id"] for row in firm.rows("sites")}


def test_losses_and_injuries_follow_their_distributions(pooled: dict[str, list[dict]]) -> None:
    """Median EUR 6,000 and sigma 1.2, six percent injured; nobody is hurt by a scrawl on a wall."""
    rows = pooled["physical_events"]
    logs = [math.log(row["loss_eur"]) for row in rows]
    assert math.exp(median(logs)) == pytest.approx(6_000, rel=0.02)
    assert stdev(logs) == pytest.approx(1.2, rel=0.02)
    assert fmean(row["injury"] for row in rows) == pytest.approx(0.06, abs=0.003)
    assert "vandalism" not in {row["type"] for row in rows if row["injury"]}


def test_more_happens_where_crime_is_higher(firms: list[Firm]) -> None:
    """The rank correlation of crime index and number of events is high for the typical learner."""
    found = []
    for firm in firms:
        counts = Counter(row["site_id"] for row in firm.rows("physical_events"))
        rows = firm.rows("sites")
        found.append(
            spearmanr([row["crime_index"] for row in rows], [counts[row["site_id"]] for row in rows]).statistic
        )
    assert median(found) > 0.85


def test_the_busiest_and_the_costliest_site_stand_out(firms: list[Firm]) -> None:
    """Both are the ones that the key names and clearly ahead; for some learners they are one site, for others two."""
    same = Counter()
    for firm in firms:
        key, losses = firm.key("physical_events"), Counter()
        counts = Counter(row["site_id"] for row in firm.rows("physical_events"))
        for row in firm.rows("physical_events"):
            losses[row["site_id"]] += row["loss_eur"]
        (busiest, most), (_, less) = counts.most_common(2)
        (costliest, loss), (_, lower) = losses.most_common(2)
        assert (busiest, costliest) == (key["site_with_most_events"], key["site_with_most_loss"])
        assert most >= less + 2 and loss >= 1.05 * lower
        assert key["injuries"] == sum(row["injury"] for row in firm.rows("physical_events"))
        same[busiest == costliest] += 1
    assert min(same[True], same[False]) > len(firms) / 5


def test_a_thousand_learners_are_served_within_fifty_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejection is bounded: nobody needs more than fifty tries for either table."""
    monkeypatch.setattr(module, "TRIES", 50)
    for number in range(1000):
        assert len(Firm(f"l{number}", "l02").rows("physical_events")) == 400


@pytest.mark.parametrize(
    ("table", "settings", "words"),
    [
        ("sites", {"overdue": [0, 0]}, "no set of drills tells the intervals apart"),
        ("physical_events", {"rows": 0}, "has a site clearly ahead. Give the table more rows"),
    ],
)
def test_what_cannot_be_drawn_is_told(monkeypatch: pytest.MonkeyPatch, table: str, settings: dict, words: str) -> None:
    """An author who asks for the impossible learns which setting to change."""
    monkeypatch.setattr(module, "TRIES", 20)
    with pytest.raises(ContentError, match=words):
        Firm("alice", "demo", settings={table: settings}).rows(table)
