"""A draft charter: which duty is named in whose mandate, with planted gaps and double claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.datasets import Row, table
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

CHAIRS = ("cso", "ciso", "cio")
TRIES = 1000


def draft_charter(
    draws: Draws, *, rows: int, critical_orphans: Sequence[int], other_orphans: Sequence[int], doubles: Sequence[int]
) -> tuple[dict[str, Any], ...]:
    """The firm's draft charter, one row per duty.

    Parameters
    ----------
    draws : Draws
        The case's stream for this table.
    rows : int
        Number of duties, drawn from the table of duties.
    critical_orphans, other_orphans, doubles : pair of int
        Smallest and largest number of planted faults: critical duties that nobody holds, other duties that
        nobody holds, duties that two chairs hold.

    Returns
    -------
    tuple of dict
        Columns `line` (whole number from 1), `duty` (text), `domain`, `critical` (`"yes"`/`"no"`),
        `holder_1` and `holder_2` (`"cso"`, `"ciso"`, `"cio"` or empty). No two of the planted counts are equal,
        so that a count tells which rows were counted.

    Raises
    ------
    ContentError
        If the faults asked for do not fit into the rows.
    """
    counts = _distinct_counts(draws, critical_orphans, other_orphans, doubles)
    n_critical_orphans, n_other_orphans, n_doubles = counts
    if sum(counts) > rows // 2:
        raise ContentError("charter", f"{sum(counts)} planted faults in {rows} rows", "At most half may be faulty")
    duties: list[Row] = draws.sample(table("duties"), rows)
    faults = ["critical orphan"] * n_critical_orphans + ["orphan"] * n_other_orphans + ["double"] * n_doubles
    faults = draws.sample(faults + [""] * (rows - len(faults)), rows)
    charter = []
    for line, (duty, fault) in enumerate(zip(duties, faults, strict=True), start=1):
        first, second = draws.sample(CHAIRS, 2)
        named = duty["chair"] if duty["chair"] in CHAIRS else first
        critical = fault == "critical orphan" or (fault != "orphan" and draws.chance(0.4))
        charter.append(
            {
                "line": line,
                "duty": duty["duty"],
                "domain": duty["domain"],
                "critical": "yes" if critical else "no",
                "holder_1": "" if "orphan" in fault else named,
                "holder_2": (second if second != named else first) if fault == "double" else "",
            }
        )
    return tuple(charter)


def _distinct_counts(draws: Draws, *ranges: Sequence[int]) -> list[int]:
    """One count per range, all different, and no sum of two equal to the third."""
    for _ in range(TRIES):
        a, b, c = (draws.whole(*low_high) for low_high in ranges)
        if len({a, b, c, a + b}) == 4:  # a + b is the count of somebody who forgot 'critical'
            return [a, b, c]
    raise ContentError(
        "charter", f"no different counts fit into {ranges}", next_step="Widen the ranges in the item bank."
    )


def charter(
    _firm: Firm,
    draws: Draws,
    *,
    rows: int = 36,
    critical_orphans: Sequence[int] = (3, 6),
    other_orphans: Sequence[int] = (2, 5),
    doubles: Sequence[int] = (3, 6),
) -> Made:
    """The draft charter as a table of the firm; the key counts its planted faults."""
    lines = draft_charter(
        draws, rows=rows, critical_orphans=critical_orphans, other_orphans=other_orphans, doubles=doubles
    )
    unheld = [line["critical"] for line in lines if not line["holder_1"]]
    key = {
        "critical_orphans": unheld.count("yes"),
        "other_orphans": unheld.count("no"),
        "doubles": sum(bool(line["holder_2"]) for line in lines),
    }
    return Made(lines, key)


MAKERS: dict[str, Maker] = {"charter": charter}
