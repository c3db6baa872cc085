"""Where the firm is, and what happened there last year: sites, and events that harmed people or property."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

TODAY = date(2026, 3, 2)
HEADCOUNT = 4200
EVENTS = 400
TRIES = 1000
USUAL_INTERVALS_DAYS = (90, 180, 365)
# Name, kind, country, region, headcount in a plain year; all of them are invented places.
_SITES = (
    ("Halden Quay port", "port", "NL", "EU", 980),
    ("Halden Quay head office", "office", "NL", "EU", 420),
    ("Westkade clinic", "clinic", "NL", "EU", 310),
    ("Norrvik ferry port", "port", "SE", "EU", 390),
    ("Ostfelde freight hub", "freight", "DE", "EU", 460),
    ("Santa Brisa clinic", "clinic", "ES", "EU", 240),
    ("Ballymoyle freight depot", "freight", "IE", "EU", 190),
    ("Port Calloway", "port", "US", "US", 540),
    ("Elk Prairie freight yard", "freight", "US", "US", 330),
    ("Calloway Bay clinic", "clinic", "US", "US", 220),
    ("Calloway office", "office", "US", "US", 120),
)
_SPREAD = (0.85, 1.15)
_DRILL_EVERY_DAYS = {"port": 180, "freight": 180, "clinic": 90, "office": 365}
_STAFF_PER_DOOR = {"port": 7.0, "freight": 6.0, "clinic": 4.0, "office": 9.0}
_STAFF_PER_CAMERA = {"port": 4.0, "freight": 5.0, "clinic": 9.0, "office": 14.0}
_OVERDUE = (2, 5)
_MINUTES_OF_2025 = 365 * 24 * 60
_INJURED = 0.06
_TYPES = {"theft": 30, "break-in": 14, "trespass": 22, "vandalism": 16, "threat": 6, "fire": 4, "accident": 8}
_TYPES_WITH_INJURY = {"accident": 55, "threat": 20, "break-in": 10, "fire": 10, "trespass": 5}
# Bounds of a table that has one clear answer: how far the first site must be ahead of the second.
_EVENTS_AHEAD = 2
_LOSS_AHEAD = 1.05


def sites(_firm: Firm, draws: Draws, *, overdue: Sequence[int] = _OVERDUE) -> Made:
    """The eleven sites of the firm, one row per site.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.
    overdue : pair of int, default (2, 5)
        Smallest and largest number of sites whose evacuation drill is overdue.

    Returns
    -------
    Made
        Columns `site_id` (`"S01"` to `"S11"`), `name`, `kind` (`"port"`, `"freight"`, `"clinic"`, `"office"`),
        `country`, `region` (`"EU"`, `"US"`), `headcount` (adds up to 4,200), `asset_value_eur` (lognormal, median
        EUR 4 million, sigma 0.8), `crime_index` (0 to 100), `doors`, `cameras`, `last_drill_on` (a day before
        2 March 2026) and `drill_every_days`. The key counts `overdue_drills`: one common interval of 90, 180 or 365
        days gives another count.

    Raises
    ------
    ContentError
        If no set of drills will do.
    """
    headcounts = _shared_out(HEADCOUNT, [size * draws.between(*_SPREAD) for *_, size in _SITES])
    assets = _assets(draws, headcounts)
    rows: list[dict[str, Any]] = []
    for number, ((name, kind, country, region, _), staff) in enumerate(zip(_SITES, headcounts, strict=True), start=1):
        rows.append(
            {
                "site_id": f"S{number:02}",
                "name": name,
                "kind": kind,
                "country": country,
                "region": region,
                "headcount": staff,
                "asset_value_eur": assets[number - 1],
                "crime_index": half_up(100 * draws.beta(2.0, 2.5)),
                "doors": half_up(staff / _STAFF_PER_DOOR[kind] * draws.between(*_SPREAD)),
                "cameras": half_up(staff / _STAFF_PER_CAMERA[kind] * draws.between(*_SPREAD)),
            }
        )
    intervals = [_DRILL_EVERY_DAYS[row["kind"]] for row in rows]
    days, late = _drills(draws, intervals, overdue)
    for row, interval, ago in zip(rows, intervals, days, strict=True):
        row["last_drill_on"] = f"{TODAY - timedelta(days=ago):%Y-%m-%d}"
        row["drill_every_days"] = interval
    return Made(tuple(rows), {"overdue_drills": late})


def physical_events(firm: Firm, draws: Draws, *, rows: int = EVENTS) -> Made:
    """What happened at the sites in 2025, one row per event; sites with a higher crime index have more of them.

    Parameters
    ----------
    firm : Firm
        For its sites.
    draws : Draws
        The firm's stream for this table.
    rows : int, default 400
        Number of events.

    Returns
    -------
    Made
        Columns `event_id` (`"PE001"`), `occurred_at` (UTC, ascending, within 2025), `site_id`, `type`, `loss_eur`
        (lognormal, median EUR 6,000, sigma 1.2) and `injury` (true for 6 %). The key counts `injuries`, and names the
        site with most events and the one with most loss; each is clearly ahead of the next.

    Raises
    ------
    ContentError
        If no table of that many rows has clear leaders.
    """
    weights = {site["site_id"]: 10 + site["crime_index"] for site in firm.rows("sites")}
    for _ in range(TRIES):
        events = _events(draws, weights, rows)
        key = _leaders(events, weights)
        if key:
            return Made(events, {"injuries": sum(event["injury"] for event in events), **key})
    raise ContentError(
        "physical_events",
        f"none of {TRIES} tables of {rows} rows has a site clearly ahead",
        next_step="Give the table more rows.",
    )


def half_up(value: float) -> int:
    """A number of zero or more as a whole number; halves go up.

    Examples
    --------
    >>> half_up(2.5), half_up(3.49)
    (3, 3)
    """
    return int(value + 0.5)


def _shared_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights that add up to a total."""
    whole, share, ends = sum(weights), 0.0, [0]
    for weight in weights:
        share += weight / whole
        ends.append(half_up(total * share))
    return [high - low for low, high in pairwise(ends)]


def _assets(draws: Draws, headcounts: Sequence[int]) -> list[int]:
    """What stands at each site: lognormal values, of which larger sites tend to have the larger ones."""
    values = sorted(half_up(draws.lognormal(4_000_000, 0.8)) for _ in headcounts)
    pull = [staff * draws.lognormal(1.0, 0.5) for staff in headcounts]
    smallest_first = sorted(range(len(pull)), key=pull.__getitem__)
    value_of = dict(zip(smallest_first, values, strict=True))
    return [value_of[site] for site in range(len(pull))]


def _drills(draws: Draws, intervals: Sequence[int], overdue: Sequence[int]) -> tuple[list[int], int]:
    """How many days ago each site had its drill, and for how many sites that is too long."""
    for _ in range(TRIES):
        late = draws.whole(*overdue)
        chosen = draws.sample([True] * late + [False] * (len(intervals) - late), len(intervals))
        days = [
            interval + draws.whole(10, 150) if is_late else draws.whole(10, interval - 5)
            for interval, is_late in zip(intervals, chosen, strict=True)
        ]
        if all(sum(ago > limit for ago in days) != late for limit in USUAL_INTERVALS_DAYS):
            return days, late
    raise ContentError("sites", f"'overdue' is {list(overdue)}: no set of drills tells the intervals apart")


def _events(draws: Draws, weights: Mapping[str, float], rows: int) -> tuple[dict[str, Any], ...]:
    start = datetime(2025, 1, 1)
    minutes = sorted(draws.whole(0, _MINUTES_OF_2025 - 1) for _ in range(rows))
    events = []
    for number, minute in enumerate(minutes, start=1):
        injury = draws.chance(_INJURED)
        events.append(
            {
                "event_id": f"PE{number:03}",
                "occurred_at": f"{(start + timedelta(minutes=minute)).isoformat(timespec='minutes')}Z",
                "site_id": draws.weighted(weights),
                "type": draws.weighted(_TYPES_WITH_INJURY if injury else _TYPES),
                "loss_eur": max(1, half_up(draws.lognormal(6_000, 1.2))),
                "injury": injury,
            }
        )
    return tuple(events)


def _leaders(events: Sequence[Mapping[str, Any]], site_ids: Iterable[str]) -> dict[str, str]:
    """The site with most events and the site with most loss; empty if one is not clearly ahead."""
    counts, losses = Counter(dict.fromkeys(site_ids, 0)), Counter(dict.fromkeys(site_ids, 0))
    for event in events:
        counts[event["site_id"]] += 1
        losses[event["site_id"]] += event["loss_eur"]
    (busiest, most), (_, next_most) = counts.most_common(2)
    (costliest, loss), (_, next_loss) = losses.most_common(2)
    if most < next_most + _EVENTS_AHEAD or loss < next_loss * _LOSS_AHEAD:
        return {}
    return {"site_with_most_events": busiest, "site_with_most_loss": costliest}


MAKERS: dict[str, Maker] = {"sites": sites, "physical_events": physical_events}
