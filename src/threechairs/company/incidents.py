"""Incidents: one that unfolds over 72 hours, event by event, and all those of last year with their times and losses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp, pi, sin, sqrt
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.sites import half_up
from threechairs.company.systems import CRITICAL
from threechairs.datasets import table
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

EVENTS, INCIDENTS = 80, 250
TRIES = 1000
# Before the firm's today, each a week with no federal holiday from its Saturday to the Friday after: an 8-K deadline
# asks nobody for more than anybody else. The Friday that the course prints as its example is not among them.
_FRIDAYS = ("2026-01-09", "2026-01-23", "2026-01-30", "2026-02-06", "2026-02-20")
_FILING_BUSINESS_DAYS = 4  # clock sec-8k
_START_UTC = (15 * 60 + 30, 16 * 60 + 30)  # minutes of the day
_DAYS = {"Fri": 0, "Sat": 1, "Sun": 2, "Mon": 3}

# What starts a clock, and when it comes. "after X 50-150": minutes after another event; "Sat 14:00-20:00": on that day,
# UTC. What is counted in days or months comes while it is the same date in Europe and in the United States.
_TRIGGERS = """
awareness | after start 40-150 | The CISO's team is sure: attackers are inside, and personal data are in their reach
incident-believed | after awareness 20-90 | The US ports have good reason to believe that a covered incident took place
incident-determined | after awareness 120-420 | The unit licensed in New York determines that there was an incident
classified-as-major | after awareness 240-720 | The group's payment firm classifies the incident as major
dora-initial-sent | after classified-as-major 50-220 | The payment firm sends its initial notification
discovery | Sat 14:30-21:00 or Sun 14:30-21:00 | The clinics learn that patient records were copied
extortion-paid | after sanctions-check 90-200 | The extortion payment that the CEO decided on is made
nis2-notification-sent | Sun 15:00-20:00 or Mon 07:00-12:00 | The full notification goes to the authority
dora-intermediate-sent | Sun 15:00-20:00 or Mon 07:00-12:00 | The payment firm sends its intermediate report
materiality-determined | Sat 14:30-21:00 or Sun 14:30-21:00 or Mon 13:00-15:20 | The CFO judges the incident material
"""
# What starts none, though some of it looks as if it did. These are always there.
_LANDMARKS = """
first-sign | after start 0-0 | The shift that watches sees log-ins that nobody can explain
sanctions-check | Sun 12:00-16:00 or Mon 08:00-11:30 | The General Counsel ends the check of sanctions law
proof | Sat 10:00-21:00 or Sun 08:00-21:00 | The investigators have written proof that data left the network
handover | Mon 14:00-15:20 | The crisis team hands over to those who will rebuild
"""
_MOMENTS = """
Fri 17:00-19:00 | The COO opens the crisis team's first call
Fri 18:00-21:00 | The CEO hears of it from the COO
Fri 19:00-23:00 | The insurer is called, and opens a case
Fri 20:00-23:00 | A demand for money arrives, with two file names as samples
Sat 06:00-09:00 | The night's log of decisions is read out to the next shift
Sat 08:00-12:00 | The chair of the board is told by telephone
Sat 09:00-13:00 | The General Counsel reports the crime to the police
Sat 10:00-16:00 | A journalist calls; Communications takes the number
Sat 12:00-18:00 | Ward teams switch to paper and count the forms
Sat 16:00-22:00 | Truck drivers wait outside; water and meals are brought
Sun 07:00-11:00 | A customer asks whether its cargo papers are safe
Sun 09:00-13:00 | The attackers set a new time and halve the price
Sun 10:00-18:00 | A sample of the backups is read without a fault
Sun 16:00-22:00 | The works council is told what staff must do on Monday
Mon 05:00-08:00 | Staff find a printed sheet at every entrance
Mon 08:00-11:00 | The first ship in three days is unloaded as usual
Mon 09:00-13:00 | The board meets by video and asks who may see the drafts
"""
# Step by step: each comes so many minutes after the one before, the first after the start.
_STEPS_OF_APPS = """
5-300 | Files with strange endings appear in {}
5-45 | The line to {} is cut
30-240 | The logs of {} are copied and sealed
600-1200 | A search for what the attackers left ends in {}
300-900 | A clean copy of {} comes back from the backups
120-600 | Those who use {} test it
120-600 | The business owner says: restart {}
"""
_STEPS_OF_SITES = """
10-180 | Badge doors jam at {}
5-40 | Guards open the doors by hand at {}
20-90 | Everybody is counted at {}
30-120 | Every exit opens from inside at {}
1200-2400 | Badge readers work again at {}
60-600 | The handwritten door log is handed over at {}
"""
_APPS_HIT, _SITES_HIT = 6, 3
_NOWHERE: Mapping[str, Any] = {"trigger": None, "text": "", "app_id": None, "site_id": None}

_APP_KINDS = {
    **{"stolen login": 24, "forged mail": 22, "malware": 16, "data sent to the wrong person": 14},
    **{"misuse by staff": 8, "open weakness used": 10, "supplier's access misused": 6},
}
_SITE_KINDS = {"badge misuse": 30, "break-in": 20, "camera tampering": 20, "lost device": 30}
_AT_SITES = 0.25
_DETECT_H, _CONTAIN_H = (12.0, 1.6), (8.0, 1.1)  # lognormal: median in hours, sigma
_LONGEST_H = 3000
_LOSS_EUR = (15_000, 1.3)  # lognormal: median, sigma
_SPEARMAN = 0.4
_NEW_YEAR = datetime(2025, 1, 1)
_MINUTES_OF_2025 = 365 * 24 * 60
_MEAN_OF_MEDIAN = 1.8
_APART = 1.05


def timeline(firm: Firm, draws: Draws, *, fridays: Sequence[str] = _FRIDAYS) -> Made:
    """One incident over 72 hours, from a Friday afternoon to a Monday afternoon.

    Parameters
    ----------
    firm : Firm
        For its applications and sites: six and three of them are hit.
    draws : Draws
        The firm's stream for this table.
    fridays : sequence of str
        Dates from which the Friday is drawn; five of early 2026 by default.

    Returns
    -------
    Made
        Columns `event_id` (`"E01"` to `"E80"`), `at` (UTC, ascending), `trigger` (of `legal_clocks`, or `None`),
        `text`, `app_id` and `site_id` (or `None`). Every trigger that can come within 72 hours comes once, so each
        deadline has one answer. The key holds `triggers` (when each came), and `first_sign` and `proof`: two times
        from which no clock runs, though both look like it. All these times differ, and the proof comes on another day
        than `discovery`. Materiality is judged on Saturday, Sunday or Monday; the day on which Form 8-K is due is never
        the one that four calendar days from awareness or from discovery give. (Four business days from awareness end
        on that day whenever materiality is judged on the weekend: Friday's day 1 is Monday, as Saturday's is. Whoever
        asks which trigger counts asks for it by name.)

    Raises
    ------
    ContentError
        If a date is no Friday.
    """
    friday = datetime.fromisoformat(draws.pick(fridays))
    if friday.weekday() != 4:
        raise ContentError("timeline", f"'fridays' holds {friday:%Y-%m-%d}, a {friday:%A}", "Expected Fridays")
    start = draws.whole(*_START_UTC)
    named = _named_events(draws, friday, start)
    triggers = [name for name, _, _ in _lines(_TRIGGERS)]
    events = [
        (minute, {**_NOWHERE, "trigger": name if name in triggers else None, "text": text})
        for name, (minute, text) in named.items()
    ]
    apps = [(row["app_id"], row["name"]) for row in firm.rows("applications") if row["criticality"] >= CRITICAL - 1]
    events += _steps(draws, start, "app_id", _STEPS_OF_APPS, draws.sample(apps, _APPS_HIT))
    sites = [(row["site_id"], row["name"]) for row in firm.rows("sites") if row["kind"] != "office"]
    events += _steps(draws, start, "site_id", _STEPS_OF_SITES, draws.sample(sites, _SITES_HIT))
    moments = draws.sample(list(_lines(_MOMENTS)), EVENTS - len(events))
    events += [(_minute(draws, when, {}), {**_NOWHERE, "text": text}) for when, text in moments]
    events.sort(key=lambda event: event[0])
    rows = tuple(
        {"event_id": f"E{number:02}", "at": _time(friday, minute), **event}
        for number, (minute, event) in enumerate(events, start=1)
    )
    times = {name: _time(friday, minute) for name, (minute, _) in named.items()}
    no_clock = {"first_sign": times["first-sign"], "proof": times["proof"]}
    return Made(rows, {"triggers": {name: times[name] for name in triggers}, **no_clock})


def incidents(firm: Firm, draws: Draws) -> Made:
    """The incidents of 2025, one row each, in order of their start.

    Parameters
    ----------
    firm : Firm
        For its applications and sites.
    draws : Draws
        The firm's stream for this table.

    Returns
    -------
    Made
        Columns `incident_id` (`"I001"` to `"I250"`), `started_at`, `detected_at`, `contained_at` (UTC, all within
        2025), `kind`, `app_id` and `site_id` (one of them is `None`) and `loss_eur` (lognormal, median EUR 15,000,
        sigma 1.3). Times to detect are lognormal with median 12 hours and sigma 1.6, times to contain with median 8
        hours and sigma 1.1; the longer it took to detect, the larger the loss (Spearman about 0.4). The key holds
        mean and median hours to detect and to contain. Each mean time to detect is at least 1.8 times its median,
        and all of these, and the median from start to end, lie at least 5 % apart.

    Raises
    ------
    ContentError
        If no table will do.
    """
    apps = [row["app_id"] for row in firm.rows("applications")]
    sites = [row["site_id"] for row in firm.rows("sites")]
    for _ in range(TRIES):
        slowness = [draws.normal() for _ in range(INCIDENTS)]
        detect = [_minutes(_DETECT_H, one) for one in slowness]
        contain = [_minutes(_CONTAIN_H, draws.normal()) for _ in range(INCIDENTS)]
        key = _averages(detect, contain)
        if key:
            rows = []
            for slow, until_detected, until_contained in zip(slowness, detect, contain, strict=True):
                started = draws.whole(0, _MINUTES_OF_2025 - 1 - until_detected - until_contained)
                detected = started + until_detected
                rows.append(
                    {
                        "incident_id": "",
                        "started_at": _time(_NEW_YEAR, started),
                        "detected_at": _time(_NEW_YEAR, detected),
                        "contained_at": _time(_NEW_YEAR, detected + until_contained),
                        **_what_and_where(draws, apps, sites),
                        "loss_eur": _loss_eur(slow, draws.normal()),
                    }
                )
            rows.sort(key=lambda row: row["started_at"])
            for number, row in enumerate(rows, start=1):
                row["incident_id"] = f"I{number:03}"
            return Made(tuple(rows), key)
    raise ContentError("incidents", f"none of {TRIES} tables tells mean and median apart")


def _averages(detect: Sequence[int], contain: Sequence[int]) -> dict[str, float]:
    """Means and medians in hours; empty if one could be taken for another."""
    total = median(one + other for one, other in zip(detect, contain, strict=True))
    averages = {
        "mean_h_to_detect": mean(detect),
        "median_h_to_detect": median(detect),
        "mean_h_to_contain": mean(contain),
        "median_h_to_contain": median(contain),
    }
    if averages["mean_h_to_detect"] < _MEAN_OF_MEDIAN * averages["median_h_to_detect"]:
        return {}
    if any(low * _APART > high for low, high in pairwise(sorted([*averages.values(), total]))):
        return {}
    return {name: minutes / 60 for name, minutes in averages.items()}


def _minutes(median_and_sigma: tuple[float, float], normal: float) -> int:
    """A lognormal time in whole minutes, at least one."""
    median_h, sigma = median_and_sigma
    return max(1, half_up(60 * min(_LONGEST_H, median_h * exp(sigma * normal))))


def _loss_eur(slowness: float, other: float) -> int:
    """A lognormal loss that hangs together with how long it took to detect; both arguments are standard normal."""
    # of two normal numbers: which correlation gives this rank correlation
    pull = 2 * sin(pi * _SPEARMAN / 6)
    median_eur, sigma = _LOSS_EUR
    return half_up(median_eur * exp(sigma * (pull * slowness + sqrt(1 - pull**2) * other)))


def _what_and_where(draws: Draws, apps: Sequence[str], sites: Sequence[str]) -> dict[str, Any]:
    if draws.chance(_AT_SITES):
        return {"kind": draws.weighted(_SITE_KINDS), "app_id": None, "site_id": draws.pick(sites)}
    return {"kind": draws.weighted(_APP_KINDS), "app_id": draws.pick(apps), "site_id": None}


def _named_events(draws: Draws, friday: datetime, start: int) -> dict[str, tuple[int, str]]:
    """Minute and text of every event that has a name, at times that can be told apart."""
    lines = [*_lines(_LANDMARKS), *_lines(_TRIGGERS)]
    for _ in range(TRIES):
        minutes = {"start": start}
        for name, when, _ in lines:
            minutes[name] = _minute(draws, when, minutes)
        if len({minutes[name] for name, _, _ in lines}) == len(lines) and _days_matter(friday, minutes):
            return {name: (minutes[name], text) for name, _, text in lines}
    raise ContentError("timeline", f"in none of {TRIES} draws can all named events be told apart by their times")


def _days_matter(friday: datetime, minutes: Mapping[str, int]) -> bool:
    """True if it is seen in the date who counts calendar days from another moment."""
    from threechairs.models.clocks import business_days_after

    day = {name: friday.date() + timedelta(days=minute // (24 * 60)) for name, minute in minutes.items()}
    days_off = [row["date"] for row in table("holidays") if row["calendar"] == "us-federal"]
    due = business_days_after(day["materiality-determined"], _FILING_BUSINESS_DAYS, holidays=days_off)
    misread = {day[name] + timedelta(days=_FILING_BUSINESS_DAYS) for name in ("awareness", "discovery")}
    return due not in misread and day["proof"] != day["discovery"]


def _minute(draws: Draws, when: str, known: Mapping[str, int]) -> int:
    """A minute, counted from Friday 00:00 UTC, that fits words such as "after start 5-30" or "Sat 14:00-20:00"."""
    words = draws.pick(when.split(" or ")).split()
    low, high = words[-1].split("-")
    if words[0] == "after":
        return known[words[1]] + draws.whole(int(low), int(high))
    return _DAYS[words[0]] * 24 * 60 + draws.whole(_minute_of_day(low), _minute_of_day(high))


def _minute_of_day(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _steps(
    draws: Draws, start: int, column: str, steps: str, hit: Sequence[tuple[str, str]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """What happens to each application or site that is hit, one step after the other."""
    for name_of_id, name in hit:
        minute = start
        for after, text in _lines(steps):
            low, high = after.split("-")
            minute += draws.whole(int(low), int(high))
            yield minute, {**_NOWHERE, "text": text.format(name), column: name_of_id}


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.strip().splitlines():
        yield line.split(" | ")


def _time(midnight: datetime, minute: int) -> str:
    return f"{(midnight + timedelta(minutes=minute)).isoformat(timespec='minutes')}Z"


MAKERS: dict[str, Maker] = {"timeline": timeline, "incidents": incidents}
