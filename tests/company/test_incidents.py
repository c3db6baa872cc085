"""The timeline of one incident and the incidents of a year: times in order, one answer per deadline, two averages."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import fmean, mean, median, stdev
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy.stats import spearmanr

from threechairs.company import incidents as module
from threechairs.company.firm import Firm
from threechairs.datasets import table
from threechairs.errors import ContentError
from threechairs.models.detection import incident_times

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

NEVER_IN_72_HOURS = {"end-of-year"}
COUNTED_ON_A_CALENDAR = {
    clock["trigger"] for clock in table("legal_clocks") if clock["unit"] != "hours"
} - NEVER_IN_72_HOURS


@pytest.fixture(scope="module")
def firms() -> list[Firm]:
    """A thousand learners' firms; that each has both tables shows that one is found in time."""
    return [Firm(f"learner-{number}", "l10") for number in range(1000)]


@pytest.fixture(scope="module")
def pooled(firms: list[Firm]) -> list[dict]:
    """The incidents of a hundred of them together."""
    return [row for firm in firms[:100] for row in firm.rows("incidents")]


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def test_eighty_events_fit_into_72_hours_from_a_friday_afternoon(firms: list[Firm]) -> None:
    """Events stand in order, start near 16:00 UTC on 6 March 2026 and end within 72 hours."""
    for firm in firms:
        rows = firm.rows("timeline")
        assert [row["event_id"] for row in rows] == [f"E{number:02}" for number in range(1, 81)]
        times = [_at(row["at"]) for row in rows]
        assert times == sorted(times)
        assert datetime(2026, 3, 6, 15, 30, tzinfo=UTC) <= times[0] <= datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
        assert times[-1] - times[0] <= timedelta(hours=72)
        assert times[-1].strftime("%a") == "Mon"


def test_each_clock_is_started_once(firms: list[Firm]) -> None:
    """Every trigger of the legal clocks that can come within 72 hours comes once, when the key says, and no other."""
    expected = {clock["trigger"] for clock in table("legal_clocks")} - NEVER_IN_72_HOURS
    for firm in firms:
        triggers = [(row["trigger"], row["at"]) for row in firm.rows("timeline") if row["trigger"] is not None]
        assert len(triggers) == len(expected)
        assert dict(triggers) == firm.key("timeline")["triggers"]
        assert set(dict(triggers)) == expected


def test_no_clock_can_be_taken_for_another(firms: list[Firm]) -> None:
    """Triggers, the first sign and the written proof come at different times, awareness 40 minutes after the sign."""
    for firm in firms:
        key = firm.key("timeline")
        times = [*key["triggers"].values(), key["first_sign"], key["proof"]]
        assert len(set(times)) == len(times)
        assert _at(key["triggers"]["awareness"]) - _at(key["first_sign"]) >= timedelta(minutes=40)
        by_text = {row["text"]: row for row in firm.rows("timeline")}
        for name, words in (("first_sign", "nobody can explain"), ("proof", "written proof")):
            (found,) = [row for text, row in by_text.items() if words in text]
            assert (found["at"], found["trigger"]) == (key[name], None)


def test_days_are_counted_from_one_date_on_both_sides_of_the_ocean(firms: list[Firm]) -> None:
    """What starts a clock of days or months comes when Amsterdam and New York have the same date."""
    assert COUNTED_ON_A_CALENDAR
    for firm in firms:
        triggers = firm.key("timeline")["triggers"]
        for trigger in COUNTED_ON_A_CALENDAR:
            moment = _at(triggers[trigger])
            dates = {moment.astimezone(ZoneInfo(zone)).date() for zone in ("Europe/Amsterdam", "America/New_York")}
            assert dates == {moment.date()}, trigger


def test_what_must_come_first_comes_first(firms: list[Firm]) -> None:
    """Notices keep their own deadlines, sanctions are checked before money goes, materiality is judged on Monday."""
    for firm in firms:
        at = {name: _at(text) for name, text in firm.key("timeline")["triggers"].items()}
        hours = {name: (moment - at["awareness"]) / timedelta(hours=1) for name, moment in at.items()}
        assert min(hours.values()) == 0
        assert hours["dora-initial-sent"] <= 24
        assert at["dora-initial-sent"] - at["classified-as-major"] <= timedelta(hours=4)
        assert at["dora-intermediate-sent"] - at["dora-initial-sent"] <= timedelta(hours=72)
        assert hours["nis2-notification-sent"] <= 72
        (check,) = [row["at"] for row in firm.rows("timeline") if "sanctions" in row["text"]]
        assert _at(check) < at["extortion-paid"]
        assert at["materiality-determined"].strftime("%a") == "Mon"


def test_days_on_which_clocks_start_differ_between_learners(firms: list[Firm]) -> None:
    """Discovery and the two notices fall on one day for some and on the next for others."""
    for trigger, days in (
        ("discovery", {"Sat", "Sun"}),
        ("nis2-notification-sent", {"Sun", "Mon"}),
        ("dora-intermediate-sent", {"Sun", "Mon"}),
    ):
        seen = Counter(_at(firm.key("timeline")["triggers"][trigger]).strftime("%a") for firm in firms)
        assert set(seen) == days
        assert min(seen.values()) > 350


def test_what_is_hit_goes_through_its_steps(firms: list[Firm]) -> None:
    """Six critical applications with seven steps each, three sites that are no offices with six; names are theirs."""
    for firm in firms[:100]:
        apps = {row["app_id"]: row for row in firm.rows("applications")}
        sites = {row["site_id"]: row for row in firm.rows("sites")}
        steps = defaultdict(list)
        for row in firm.rows("timeline"):
            assert row["app_id"] is None or row["site_id"] is None
            named = apps[row["app_id"]] if row["app_id"] else sites[row["site_id"]] if row["site_id"] else None
            if named:
                assert named["name"] in row["text"]
                steps[row["app_id"] or row["site_id"]].append(row["text"].replace(named["name"], "-"))
        assert Counter(map(len, steps.values())) == {7: 6, 6: 3}
        assert len(set(map(tuple, steps.values()))) == 2
        assert all(apps[name]["criticality"] >= 3 for name in steps if name in apps)
        assert all(sites[name]["kind"] != "office" for name in steps if name in sites)


def test_texts_differ_between_events_and_learners(firms: list[Firm]) -> None:
    """No event of a learner has the words of another, and what happens beside the steps varies."""
    for firm in firms:
        assert len({row["text"] for row in firm.rows("timeline")}) == 80
    beside = {
        row["text"]
        for firm in firms
        for row in firm.rows("timeline")
        if not (row["trigger"] or row["app_id"] or row["site_id"])
    }
    assert len(beside) == 3 + 17


def test_an_author_may_choose_another_friday() -> None:
    """The incident moves with the Friday, and a Tuesday is refused by name."""
    friday = Firm("alice", "l10", settings={"timeline": {"fridays": ("2026-03-20",)}})
    assert friday.rows("timeline")[0]["at"].startswith("2026-03-20T1")
    tuesday = Firm("alice", "l10", settings={"timeline": {"fridays": ("2026-03-03",)}})
    with pytest.raises(ContentError, match="2026-03-03, a Tuesday"):
        tuesday.rows("timeline")


def test_there_are_250_incidents_within_the_year(firms: list[Firm]) -> None:
    """Ids follow the order of starts; each was detected after it started, contained after that, all within 2025."""
    for firm in firms[:100]:
        rows = firm.rows("incidents")
        assert [row["incident_id"] for row in rows] == [f"I{number:03}" for number in range(1, 251)]
        assert [row["started_at"] for row in rows] == sorted(row["started_at"] for row in rows)
        for row in rows:
            assert "2025-01-01T" <= row["started_at"] < row["detected_at"] < row["contained_at"] < "2026-01-01T"
            assert row["loss_eur"] > 0 and type(row["loss_eur"]) is int


def test_incidents_happen_to_what_the_firm_has(firms: list[Firm]) -> None:
    """An incident names an application or a site of the same firm, a quarter of them a site, and kinds go with it."""
    at_sites, kinds = [], {True: set(), False: set()}
    for firm in firms[:100]:
        apps = {row["app_id"] for row in firm.rows("applications")}
        sites = {row["site_id"] for row in firm.rows("sites")}
        for row in firm.rows("incidents"):
            at_site = row["app_id"] is None
            assert (row["site_id"] in sites) if at_site else (row["app_id"] in apps and row["site_id"] is None)
            kinds[at_site].add(row["kind"])
            at_sites.append(at_site)
    assert fmean(at_sites) == pytest.approx(0.25, abs=0.01)
    assert len(kinds[True]) == 4 and len(kinds[False]) == 7 and not kinds[True] & kinds[False]


def _hours(rows: list[dict], start: str, end: str) -> list[float]:
    return [(_at(row[end]) - _at(row[start])) / timedelta(hours=1) for row in rows]


def test_times_and_losses_follow_their_distributions(pooled: list[dict]) -> None:
    """Lognormal: 12 hours and sigma 1.6 to detect, 8 and 1.1 to contain, EUR 15,000 and 1.3 lost; Spearman 0.4."""
    detect = _hours(pooled, "started_at", "detected_at")
    contain = _hours(pooled, "detected_at", "contained_at")
    losses = [row["loss_eur"] for row in pooled]
    for numbers, middle, sigma in ((detect, 12, 1.6), (contain, 8, 1.1), (losses, 15_000, 1.3)):
        assert median(numbers) == pytest.approx(middle, rel=0.03)
        assert stdev(math.log(one) for one in numbers) == pytest.approx(sigma, rel=0.02)
    assert spearmanr(detect, losses).statistic == pytest.approx(0.4, abs=0.01)
    assert abs(spearmanr(contain, losses).statistic) < 0.02


def test_mean_and_median_tell_different_stories(firms: list[Firm]) -> None:
    """The key is what a recount and the detection model find; no average lies within 5 % of another."""
    for firm in firms[:100]:
        rows, key = list(firm.rows("incidents")), firm.key("incidents")
        detect, contain = _hours(rows, "started_at", "detected_at"), _hours(rows, "detected_at", "contained_at")
        assert key == pytest.approx(
            {
                "mean_h_to_detect": mean(detect),
                "median_h_to_detect": median(detect),
                "mean_h_to_contain": mean(contain),
                "median_h_to_contain": median(contain),
            }
        )
        times = incident_times(np.zeros(250), detect, np.add(detect, contain))
        assert times.detect.median_h == pytest.approx(key["median_h_to_detect"])
        assert key["mean_h_to_detect"] >= 1.8 * key["median_h_to_detect"]
        averages = sorted([*key.values(), times.total.median_h])
        assert all(low * 1.05 <= high * (1 + 1e-9) for low, high in pairwise(averages))


def test_every_learner_gets_incidents(firms: list[Firm]) -> None:
    """For a thousand learners a table is found in time."""
    assert all(len(firm.rows("incidents")) == 250 for firm in firms)


@pytest.mark.parametrize("name", ["timeline", "incidents"])
def test_same_learner_same_rows_and_another_attempt_other_rows(name: str) -> None:
    """A table can be made again at any time; a second attempt sees other numbers."""
    rows = Firm("alice", "l10").rows(name)
    assert rows == Firm("alice", "l10").rows(name)
    assert rows != Firm("alice", "l10", attempt=2).rows(name)


@pytest.mark.parametrize("name", ["timeline", "incidents"])
def test_no_table_is_made_for_ever(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """When no draw is left, the author is told which table could not be made."""
    firm = Firm("alice", "l10")
    firm.rows("applications")
    monkeypatch.setattr(module, "TRIES", 0)
    with pytest.raises(ContentError, match=f"{name}: (in )?none of 0"):
        firm.rows(name)
