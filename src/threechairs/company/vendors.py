"""The vendors of the firm: what they do, what it costs, what they can reach, and what is known about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.sites import half_up
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

VENDORS = 140
STALE_DAYS = 365
TRIES = 1000
# Kind of work, whether its people come to the sites (share of such vendors), chances of access levels 0 to 3, for whom.
_KINDS = """
0.95 | 85 12  3  0 | ports, freight hubs, clinics, offices | Guards for; Cleaning of; Waste removal for; Meals for
0.95 | 40 35 20  5 | ports, freight hubs, clinics, offices | Badge readers for; Cameras for; Fire alarms for; Cooling at
0.90 | 60 25 12  3 | ports, freight hubs | Crane repairs at; Forklift repairs at; Fence works at; Weighbridge checks at
0.15 | 10 20 40 30 | ports, freight hubs, clinics, offices | Servers for; Networks for; Help desk for; Software for
0.10 |  5 45 40 10 | ports, freight hubs, clinics, offices | Backups for; Payroll for; Records archive for
0.10 | 40 45 15  0 | ports, freight hubs, clinics, offices | Recruiting for; Translations for; Legal advice for
0.10 | 25 50 25  0 | ports, freight hubs | Customs papers for; Cargo insurance for; Truck leasing for; Fuel for
0.30 | 10 45 40  5 | clinics | Laboratory tests for; Patient transport for; Medicines for; X-ray devices for; Linen for
"""
_REGIONS = {
    "in Europe": {"NL": 40, "DE": 25, "SE": 12, "ES": 12, "IE": 11, "FR": 8, "PL": 6},
    "in the US": {"US": 90, "CA": 6, "IE": 4},
}
# What a vendor with access sees; only those who work for the clinics see health data.
_CLASSES = {"internal": 40, "confidential": 30, "personal": 30}
_CLASSES_OF_CLINICS = {"internal": 20, "confidential": 15, "personal": 25, "health": 40}
_SPEND = (1.3, 40_000)  # Pareto: how heavy the tail is, and the smallest spend in EUR
_LARGEST_OF_SPEND = 0.35
_HHI = (150, 1500)
_STALE_WITH_ACCESS, _WITHOUT_CLEARANCE = (9, 22), (5, 14)
_STALE_WITHOUT_ACCESS = 0.4
_CLEARED_WITHOUT_NEED = 0.15


def vendors(
    _firm: Firm,
    draws: Draws,
    *,
    stale_with_access: Sequence[int] = _STALE_WITH_ACCESS,
    without_clearance: Sequence[int] = _WITHOUT_CLEARANCE,
) -> Made:
    """The vendors of the firm, one row each.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.
    stale_with_access : pair of int, default (9, 22)
        Smallest and largest number of vendors with access whose last assurance is older than 365 days.
    without_clearance : pair of int, default (5, 14)
        Smallest and largest number of vendors whose people come to the sites though nobody cleared them.

    Returns
    -------
    Made
        Columns `vendor_id` (`"V001"` to `"V140"`), `what` (no two alike), `spend_eur` a year (Pareto 1.3, at least
        EUR 40,000), `access_level` (0 none, 1 reads, 2 changes, 3 administers), `data_class` (`None` without access),
        `assurance_age_days`, `country`, `physical_access` and `cleared`. The key counts `stale_with_access` and
        `without_clearance`, and holds `hhi` (150 to 1,500) and `effective_vendors`, to four decimals. No vendor has
        more than 35 % of the spend, and no other way to count in `misleading` gives the same count.

    Raises
    ------
    ContentError
        If no table with that many will do.
    """
    from threechairs.models import concentration

    for _ in range(TRIES):
        stale, uncleared = draws.whole(*stale_with_access), draws.whole(*without_clearance)
        rows = _draw(draws)
        spend = [row["spend_eur"] for row in rows]
        if max(spend) > _LARGEST_OF_SPEND * sum(spend):
            continue
        if not _plant(draws, rows, stale, uncleared):
            continue
        index = concentration.hhi(concentration.shares_from_spend(spend))
        wrong = misleading(rows)
        if _HHI[0] <= index <= _HHI[1] and stale not in wrong["stale"] and uncleared not in wrong["uncleared"]:
            effective = concentration.effective_vendors(index)
            counts = {"stale_with_access": stale, "without_clearance": uncleared}
            return Made(tuple(rows), {**counts, "hhi": round(index, 4), "effective_vendors": round(effective, 4)})
    raise ContentError(
        "vendors",
        f"none of {TRIES} tables holds {list(stale_with_access)} stale and {list(without_clearance)} uncleared vendors",
    )


def misleading(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Counts that come out when stale vendors with access, and uncleared ones on site, are counted wrongly.

    Of the stale: all of them, those with access above reading, those on site. Of the uncleared: all of them, those
    with access to systems, those who come to the sites at all.
    """
    stale = [row for row in rows if row["assurance_age_days"] > STALE_DAYS]
    uncleared = [row for row in rows if not row["cleared"]]
    return {
        "stale": [
            len(stale),
            sum(row["access_level"] > 1 for row in stale),
            sum(row["physical_access"] for row in stale),
        ],
        "uncleared": [
            len(uncleared),
            sum(row["access_level"] > 0 for row in uncleared),
            sum(row["physical_access"] for row in rows),
        ],
    }


def _draw(draws: Draws) -> list[dict[str, Any]]:
    """Vendors without the columns that tell what is known about them."""
    rows: list[dict[str, Any]] = []
    for number, (what, unit, region, on_site, levels) in enumerate(draws.sample(list(_offers()), VENDORS), start=1):
        level = draws.weighted(levels)
        classes = _CLASSES_OF_CLINICS if unit == "clinics" else _CLASSES
        rows.append(
            {
                "vendor_id": f"V{number:03}",
                "what": f"{what} the {unit} {region}",
                "spend_eur": half_up(draws.pareto(*_SPEND)),
                "access_level": level,
                "data_class": draws.weighted(classes) if level else None,
                "assurance_age_days": 0,
                "country": draws.weighted(_REGIONS[region]),
                "physical_access": draws.chance(on_site),
                "cleared": False,
            }
        )
    return rows


def _plant(draws: Draws, rows: Sequence[dict[str, Any]], stale: int, uncleared: int) -> bool:
    """Fill in what is known about each vendor, with exactly so many faults; False if too few could have them."""
    able = [at for at, row in enumerate(rows) if row["access_level"]]
    on_site = [at for at, row in enumerate(rows) if row["physical_access"]]
    if len(able) < stale or len(on_site) < uncleared:
        return False
    old, unknown = set(draws.sample(able, stale)), set(draws.sample(on_site, uncleared))
    for at, row in enumerate(rows):
        is_old = at in old or (not row["access_level"] and draws.chance(_STALE_WITHOUT_ACCESS))
        row["assurance_age_days"] = draws.whole(STALE_DAYS + 5, 1100) if is_old else draws.whole(5, STALE_DAYS - 5)
        row["cleared"] = at not in unknown if row["physical_access"] else draws.chance(_CLEARED_WITHOUT_NEED)
    return True


def _offers() -> Iterator[tuple[str, str, str, float, Mapping[int, float]]]:
    for line in _KINDS.strip().splitlines():
        on_site, chances, units, works = (part.strip() for part in line.split(" | "))
        levels = dict(enumerate(map(float, chances.split())))
        for work in works.split("; "):
            for unit in units.split(", "):
                for region in _REGIONS:
                    yield work, unit, region, float(on_site), levels


MAKERS: dict[str, Maker] = {"vendors": vendors}
