"""The timeline of one incident and the incidents of a year: times in order, one answer per deadline, two averages."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import fmean, mean, median, stdev
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from company.many_firms import a_thousand_firms
from scipy.stats import spearmanr

from threechairs.company import incidents as module
from threechairs.company.firm import Firm
from threechairs.company.sites import TODAY
from threechairs.datasets import table
from threechairs.errors import ContentError
from threechairs.models.detection import incident_times

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

NEVER_IN_72_HOURS = {"end-of-year"}
# The example that the course prints, of an incident that began on 6 March 2026.
PRINTED = {
    "sec-8k": {date(2026, 3, 12), date(2026, 3, 13)},
    "nis2-final-report": {date(2026, 4, 9)},
    "hipaa-individuals": {date(2026, 5, 5)},
}
ENOUGH = {"timeline": 20, "incidents": 30}  # draws
HOLIDAYS = {date.fromisoformat(row["date"]) for row in table("holidays")}
COUNTED_ON_A_CALENDAR = {
    clock["trigger"] for clock in table("legal_clocks") if clock["unit"] != "hours"
} - NEVER_IN_72_HOURS


@pytest.fixture(scope="module")
def firms() -> list[Firm]:
    """A thousand learners' firms, each of whose tables is found within so many draws."""
    return a_thousand_firms("l10", module, ENOUGH)


@pytest.fixture(scope="module")
def pooled(firms: list[Firm]) -> list[dict]:
    """The incidents of a hundred of them together."""
    return [row for firm in firms[:100] for row in firm.rows("incidents")]


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def test_eighty_events_fit_into_72_hours_from_a_friday_afternoon(firms: list[Firm]) -> None:
    """Events stand in order, start near 16:00 UTC on one of five Fridays and end on Monday within 72 hours."""
    fridays = Counter()
    for firm in firms:
        rows = firm.rows("timeline")
        assert [row["event_id"] for row in rows] == [f"E{number:02}" for number in range(1, 81)]
        times = [_at(row["at"]) for row in rows]
        assert times == sorted(times)
        assert time(15, 30) <= times[0].time() <= time(16, 30)
        assert times[-1] - times[0] <= timedelta(hours=72)
        assert (times[0].strftime("%a"), times[-1].strftime("%a")) == ("Fri", "Mon")
        fridays[times[0].date()] += 1
    assert len(fridays) == 5 and min(fridays.values()) > 150
    assert max(fridays) < TODAY - timedelta(days=3)  # it is over before the firm's today


def test_no_learner_has_to_know_a_holiday(firms: list[Firm]) -> None:
    """From the Friday of an incident to the Friday after there is none, so all 8-K deadlines are equally hard."""
    for friday in {_at(firm.rows("timeline")[0]["at"]).date() for firm in firms}:
        assert not HOLIDAYS & {friday + timedelta(days=days) for days in range(8)}


def _due(firm: Firm) -> dict[str, date]:
    """Last day of every clock that counts days or months, counted on one's fingers."""
    days = {}
    for clock in table("legal_clocks"):
        if clock["unit"] == "hours" or clock["trigger"] in NEVER_IN_72_HOURS:
            continue
        day = _at(firm.key("timeline")["triggers"][clock["trigger"]]).date()
        if clock["unit"] == "business-days":
            day = _four_business_days_after(day)
        elif clock["unit"] == "months":
            day = day.replace(month=day.month + 1)
        else:
            day += timedelta(days=clock["amount"])
        days[clock["clock_id"]] = day
    return days


def _four_business_days_after(day: date) -> date:
    left = 4
    while left:
        day += timedelta(days=1)
        left -= day.strftime("%a") not in {"Sat", "Sun"} and day not in HOLIDAYS
    return day


def test_deadlines_differ_between_learners_and_none_is_the_printed_one(firms: list[Firm]) -> None:
    """Each deadline counted in days falls on at least eight dates, and never on that of the course's example."""
    seen = defaultdict(Counter)
    for firm in firms:
        for clock, day in _due(firm).items():
            seen[clock][day] += 1
    assert len(seen) == 6 and PRINTED.keys() <= seen.keys()
    for clock, days in seen.items():
        assert len(days) >= 8 and max(days.values()) < 250, clock
        assert not set(days) & PRINTED.get(clock, set()), clock


def test_who_counts_from_another_moment_gets_another_day(firms: list[Firm]) -> None:
    """Four calendar days from awareness or discovery miss the 8-K deadline; patients' 60 days do not run from proof."""
    for firm in firms:
        due, key = _due(firm), firm.key("timeline")
        day = {name: _at(text).date() for name, text in key["triggers"].items()}
        assert due["sec-8k"] not in {day[name] + timedelta(days=4) for name in ("awareness", "discovery")}
        others = {day["awareness"], _at(key["proof"]).date()}
        assert due["hipaa-individuals"] not in {other + timedelta(days=60) for other in others}
        others = {day["awareness"], day["incident-determined"]}
        assert due["nycrr-payment-explained"] not in {other + timedelta(days=30) for other in others}


def test_a_holiday_counts_for_the_friday_that_an_author_chose() -> None:
    """With Washington's Birthday on the Monday, four calendar days from a Sunday no longer hit the deadline."""
    seen = set()
    for number in range(60):
        firm = Firm(f"learner-{number}", "l10", settings={"timeline": {"fridays": ("2026-02-13",)}})
        day = {name: _at(text).strftime("%a") for name, text in firm.key("timeline")["triggers"].items()}
        seen.add((day["materiality-determined"], day["discovery"]))
        assert _due(firm)["sec-8k"] == date(2026, 2, 20)
    assert len(seen) == 6  # in another week Saturday and Sunday do not go with a discovery on Sunday


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
    """Notices keep their own deadlines, sanctions are checked before money goes, nothing comes before awareness."""
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


def test_days_on_which_clocks_start_differ_between_learners(firms: list[Firm]) -> None:
    """Discovery, payment and the two notices fall on one of two days, materiality on one of three."""
    for trigger, days, least in (
        ("discovery", {"Sat", "Sun"}, 200),
        ("materiality-determined", {"Sat", "Sun", "Mon"}, 200),
        ("extortion-paid", {"Sun", "Mon"}, 400),
        ("nis2-notification-sent", {"Sun", "Mon"}, 400),
        ("dora-intermediate-sent", {"Sun", "Mon"}, 400),
    ):
        seen = Counter(_at(firm.key("timeline")["triggers"][trigger]).strftime("%a") for firm in firms)
        assert set(seen) == days
        assert min(seen.values()) > least


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
    assert len(beside) == 4 + 17


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


def test_a_thousand_learners_are_served_long_before_the_limit(firms: list[Firm]) -> None:
    """All have both tables, each found within a thirtieth of the draws that are allowed."""
    assert all(len(firm.rows("timeline")) == 80 and len(firm.rows("incidents")) == 250 for firm in firms)
    assert 30 * max(ENOUGH.values()) <= module.TRIES


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
