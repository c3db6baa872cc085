"""Figures of the real cases, ready to be read out: an amount with its unit, and who said it.

The figures themselves stand in `datasets/tables/cases.csv`; nothing about a real case stands in code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from threechairs.datasets import table
from threechairs.errors import UsageError, did_you_mean

_MONEY = {"USD", "GBP", "SGD", "BTC"}
_SCALES = ((1e9, " billion"), (1e6, " million"))


def case_figures(case_id: str, *, root: Path | None = None) -> tuple[dict[str, Any], ...]:
    """Every figure of one real case, in the order of the table.

    Parameters
    ----------
    case_id : str
        `"C1"` to `"C14"`, or `"P1"` to `"P3"` for the physical cases.
    root : pathlib.Path, optional
        Course folder, if it is not the course in use.

    Returns
    -------
    tuple of dict
        The columns of `cases.csv`, and `amount`: the figure with its unit as a reader would write it.

    Raises
    ------
    UsageError
        If there is no such case; the nearest is offered.

    Examples
    --------
    >>> [figure["amount"] for figure in case_figures("C9")][:3]
    ['1.5 million people', '160,000 people', 'SGD 750,000']
    """
    known = [str(story["case_id"]) for story in table("case_stories", root)]
    if case_id not in known:
        raise UsageError(
            "case_figures()", f"there is no case {case_id!r}", next_step=did_you_mean(case_id.upper(), known)
        )
    rows = [row for row in table("cases", root) if row["case_id"] == case_id]
    return tuple({**row, "amount": amount(row["low"], row["high"], row["unit"])} for row in rows)


def amount(low: float | None, high: float | None, unit: str) -> str:
    """A figure or a range with its unit, as a reader would write it.

    Parameters
    ----------
    low, high : float or None
        Bounds in `unit`, zero or more; equal for one value. `None`: no bound is told on this side.
    unit : str
        A unit of `cases.csv`; currencies stand before the number, the others behind it.

    Raises
    ------
    UsageError
        If neither bound is told.

    Examples
    --------
    >>> amount(143e6, 147.9e6, "people")
    '143 to 147.9 million people'
    >>> amount(None, 10e6, "USD")
    'up to USD 10 million'
    """
    if low is None:
        if high is None:
            raise UsageError("amount()", "neither low nor high is told", "Expected at least one of them")
        return f"up to {_with_unit(_number(high), unit)}"
    if high is None:
        return f"at least {_with_unit(_number(low), unit)}"
    if low == high:
        return _with_unit(_number(low), unit)
    smaller, larger = _number(low), _number(high)
    scale = larger.partition(" ")[2]
    if scale and smaller.partition(" ")[2] == scale:
        smaller = smaller.partition(" ")[0]  # "143 to 147.9 million", not "143 million to 147.9 million"
    return _with_unit(f"{smaller} to {larger}", unit)


def _number(value: float) -> str:
    for size, word in _SCALES:
        if value >= size:
            return f"{value / size:,.10g}{word}"
    return f"{value:,.10g}"


def _with_unit(number: str, unit: str) -> str:
    if unit in _MONEY:
        return f"{unit} {number}"
    return f"{number} %" if unit == "percent" else f"{number} {unit}"
