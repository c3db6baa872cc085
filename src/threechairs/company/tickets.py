"""A year of camera faults: when, at which gate, from what cause, and for how many hours nothing was seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.errors import ContentError, did_you_mean

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

BOTH = "power and network"
CAUSES = ("power", "network", BOTH, "camera")
LEADS = ("both", "power")
TRIES = 1000
_TICKETS = {"power": 360, "network": 280, BOTH: 260, "camera": 100}  # of a thousand
_MEAN_HOURS = {"power": 0.9, "network": 1.1, BOTH: 7.0, "camera": 2.0}
_MEAN_HOURS_BOTH_SHORT = 0.5
_SPREAD = (850, 1150)  # thousandths of a number above within which a case draws its own
_GATES = 9
_FEWEST_ROWS = 50
_MINUTES_OF_2025 = 365 * 24 * 60
# Bounds of a table that teaches something, in percent and points.
_FEWEST_POINTS_AHEAD = 4  # power in tickets
_LEAST_HOURS = {"both": 55, "power": 32}
_HOURS_POINTS_AHEAD = 5  # the leading cause in hours
_POINTS_APART = 3  # any wrong way to reckon, from the right answer


def camera_tickets(draws: Draws, *, rows: int = 500, lead: str = "both") -> tuple[dict[str, Any], ...]:
    """The camera faults of a year, one row per ticket.

    Whichever cause leads in hours, power alone has most tickets. So a count tells who is called most often, and
    only the hours tell what keeps the port blind.

    Parameters
    ----------
    draws : Draws
        The case's stream for this table.
    rows : int, default 500
        Number of tickets, at least 50.
    lead : {"both", "power"}, default "both"
        The cause with most hours: faults that need both teams, which then have at least 55 % of the hours; or power,
        which then has at least 32 % and is 5 points ahead, because faults that need both teams are short.

    Returns
    -------
    tuple of dict
        Columns `ticket` (`"T0001"`), `opened` (ISO date and time in UTC, ascending, within 2025), `gate` (`"Gate 1"`
        to `"Gate 9"`), `cause` (`"power"`, `"network"`, `"power and network"`, `"camera"`) and `hours_dark` (hours
        with one decimal, at least 0.1). `misleading` answers lie at least 3 points from the right one, and rounding
        the right one to a whole number has one result, also from one decimal.

    Raises
    ------
    ContentError
        If `lead` is not known, or no table of that many rows will do.

    Examples
    --------
    >>> tickets = camera_tickets(Draws("alice", "demo"))
    >>> len(tickets), tickets[0]["ticket"]
    (500, 'T0001')
    >>> 55 <= hours_share(tickets, "power and network") <= 80
    True
    """
    if lead not in LEADS:
        raise ContentError("tickets", f"'lead' is {lead!r}", next_step=did_you_mean(lead, LEADS))
    if rows < _FEWEST_ROWS:
        raise ContentError("tickets", f"'rows' is {rows}", f"Expected at least {_FEWEST_ROWS}")
    for _ in range(TRIES):
        tickets = _draw(draws, rows, lead)
        if not faults(tickets, lead):
            return tuple(tickets)
    raise ContentError(
        "tickets",
        f"none of {TRIES} tables of {rows} rows is led by {lead!r} clearly enough",
        next_step="Give the table more rows.",
    )


def hours_share(tickets: Sequence[Mapping[str, Any]], cause: str) -> float:
    """Share of all dark hours that a cause has, in percent.

    Examples
    --------
    >>> hours_share([{"cause": "power", "hours_dark": 0.1}, {"cause": "camera", "hours_dark": 0.3}], "power")
    25.0
    """
    tenths = _tenths(tickets)
    return 100 * tenths[cause] / sum(tenths.values())


def misleading(tickets: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What comes out, by the way to reckon, when the hours share of faults that need both teams is reckoned wrongly."""
    tenths, counts = _tenths(tickets), _counts(tickets)
    named = {cause: tenths[cause] for cause in CAUSES if cause != "camera"}
    return {
        "share of tickets": 100 * counts[BOTH] / len(tickets),
        "mean hours": tenths[BOTH] / 10 / max(counts[BOTH], 1),
        "hours": tenths[BOTH] / 10,
        "share of hours without camera faults": 100 * tenths[BOTH] / sum(named.values()),
        "share of hours of power": hours_share(tickets, "power"),
    }


def faults(tickets: Sequence[Mapping[str, Any]], lead: str) -> list[str]:
    """What makes a table a poor exercise; empty for a good one."""
    counts = _counts(tickets)
    hours = {cause: hours_share(tickets, cause) for cause in CAUSES}
    leader = BOTH if lead == "both" else lead
    found = []
    if 100 * (counts["power"] - max(n for cause, n in counts.items() if cause != "power")) < (
        _FEWEST_POINTS_AHEAD * len(tickets)
    ):
        found.append("power does not lead clearly in tickets")
    ahead = hours[leader] - max(share for cause, share in hours.items() if cause != leader)
    if hours[leader] < _LEAST_HOURS[lead] or ahead < _HOURS_POINTS_AHEAD:
        found.append(f"{leader} does not lead clearly in hours")
    right = hours[BOTH]
    found += [
        f"{way} is close to the right answer"
        for way, wrong in misleading(tickets).items()
        if abs(wrong - right) < _POINTS_APART
    ]
    if abs(right % 1 - 0.5) < 0.1:
        found.append("the right answer, taken to one decimal, is not surely rounded to the same whole number")
    return found


def _draw(draws: Draws, rows: int, lead: str) -> list[dict[str, Any]]:
    """A table that may or may not be a good exercise."""
    causes: list[str] = []
    tenths: dict[str, list[int]] = {}
    for cause, number in _own_counts(draws, rows).items():
        mean = _MEAN_HOURS_BOTH_SHORT if cause == BOTH and lead == "power" else _MEAN_HOURS[cause]
        tenths[cause] = _outages(draws, number, mean * draws.whole(*_SPREAD) / 1000)
        causes += [cause] * number
    opened = sorted(draws.whole(0, _MINUTES_OF_2025 - 1) for _ in range(rows))
    return [
        {
            "ticket": f"T{number:04}",
            "opened": f"{datetime(2025, 1, 1) + timedelta(minutes=minute):%Y-%m-%dT%H:%MZ}",
            "gate": f"Gate {draws.whole(1, _GATES)}",
            "cause": cause,
            "hours_dark": tenths[cause].pop() / 10,
        }
        for number, (minute, cause) in enumerate(zip(opened, draws.sample(causes, rows), strict=True), start=1)
    ]


def _own_counts(draws: Draws, rows: int) -> dict[str, int]:
    """Tickets per cause, which vary between cases and add up to the rows."""
    weights = [_TICKETS[cause] * draws.whole(*_SPREAD) for cause in CAUSES]
    ends = [round(rows * sum(weights[: at + 1]) / sum(weights)) for at in range(len(CAUSES))]
    return {cause: end - start for cause, start, end in zip(CAUSES, [0, *ends], ends, strict=False)}


def _outages(draws: Draws, number: int, mean_hours: float) -> list[int]:
    """Lengths in tenths of an hour, at least one, with about the mean asked for: many short ones and a few long ones.

    A product of many factors is spread nearly like a lognormal number. Made of whole numbers alone it is the same on
    every machine, which logarithms are not.
    """
    raw = [math.prod(draws.whole(500, 1500) for _ in range(6)) for _ in range(number)]
    whole = sum(raw)
    return [max(1, round(10 * mean_hours * number * (one / whole))) for one in raw]


def _tenths(tickets: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Dark time per cause in tenths of an hour, so that sums are exact."""
    totals = dict.fromkeys(CAUSES, 0)
    for ticket in tickets:
        totals[ticket["cause"]] += round(10 * ticket["hours_dark"])
    return totals


def _counts(tickets: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    seen = [ticket["cause"] for ticket in tickets]
    return {cause: seen.count(cause) for cause in CAUSES}


def tickets(_firm: Firm, draws: Draws, *, rows: int = 500, lead: str = "both") -> Made:
    """The camera faults as a table of the firm.

    The key names the `cause_with_most_hours` and holds, by cause, the number of `tickets` and the share of all dark
    hours (`hours_share_percent`, not rounded).
    """
    drawn = camera_tickets(draws, rows=rows, lead=lead)
    shares = {cause: hours_share(drawn, cause) for cause in CAUSES}
    key = {
        "cause_with_most_hours": max(shares, key=shares.__getitem__),
        "tickets": _counts(drawn),
        "hours_share_percent": shares,
    }
    return Made(drawn, key)


MAKERS: dict[str, Maker] = {"tickets": tickets}
