"""What a learner has computed, as a table of plain values that can be trusted.

A variable of a submission can hold anything: a subclass whose `==` is always true, cells with a length of their own.
So nothing of the learner's is ever compared. Every cell is first turned into a number, text, moment, duration or
nothing, by its exact type and by functions of Python and pandas alone; whatever else it is equals nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

_MOST_COLUMNS = 1_000

Plain = Any
"""A bool, int, float (never NaN), str, pandas Timestamp or Timedelta, `None` for missing, or `Other`."""


class Other:
    """A cell that holds something of another type; equals nothing but itself."""

    def __init__(self, name: str) -> None:
        self.name = name


class NotATable(Exception):  # noqa: N818  (a finding about an answer, told to the learner; no error of the kit)
    """Why an object cannot be read as a table, as the end of a sentence that begins with its name."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length, by name.

    Attributes
    ----------
    columns : mapping of str to list
        Plain cells. Of columns that share a name only the first is here.
    twice : sequence of str
        Names that several columns have.
    rows : int
        Number of rows.
    """

    columns: Mapping[str, list[Plain]]
    twice: Sequence[str]
    rows: int


def read_table(given: Any, *, most_rows: int, wanted: Sequence[str] = (), index: bool = False) -> Table:
    """An object as a table of plain values.

    Parameters
    ----------
    given : object
        A pandas frame or series, a dict of columns, or a list of rows; anything else is refused.
    most_rows : int
        A table with more rows is refused, so that no learner's object keeps marking busy.
    wanted : sequence of str
        Names that are looked for among the levels of the index where no column has them, as `groupby` leaves them.
    index : bool, default False
        Whether every level of the index is a column: by its name, or `"index"` where it has none.

    Raises
    ------
    NotATable
        If it is no table, cannot be read, or is too large. Nothing else is raised, whatever the object does.

    Examples
    --------
    >>> read_table([{"site": "S01", "rate": 0.5}, {"site": "S02"}], most_rows=10).columns
    {'site': ['S01', 'S02'], 'rate': [0.5, None]}
    """
    try:
        return _read(given, most_rows, wanted, index)
    except (NotATable, KeyboardInterrupt):  # nbgrader interrupts what takes too long
        raise
    except BaseException:
        # a learner's object may raise anything, SystemExit included, and no such text is shown
        raise NotATable("cannot be read as a table") from None


def _read(given: Any, most_rows: int, wanted: Sequence[str], index: bool) -> Table:
    import pandas

    kind: type = type(given)
    if issubclass(kind, dict):
        given = dict(dict.items(given))  # with the methods of dict, whatever a subclass has made of them
    elif kind is not list and not issubclass(kind, pandas.DataFrame | pandas.Series):
        raise NotATable(f"is no table but of type {_kind(kind)}")
    if kind is list and len(given) > most_rows:
        raise NotATable(f"has {len(given):,} rows, far too many")
    frame = pandas.DataFrame(given)  # of a subclass this keeps the data alone
    rows = int(frame.shape[0])
    for count, most, what in ((rows, most_rows, "rows"), (frame.shape[1], _MOST_COLUMNS, "columns")):
        if count > most:
            raise NotATable(f"has {count:,} {what}, far too many")
    columns: dict[str, list[Plain]] = {}
    twice = []
    for at, name in enumerate(map(_label, frame.columns.tolist())):
        if name in columns:
            twice.append(name)
        else:
            columns[name] = [plain(cell) for cell in frame.iloc[:, at].tolist()]
    for level in range(frame.index.nlevels):
        label = frame.index.names[level]
        name = "index" if label is None else _label(label)
        if name not in columns and (index or name in wanted):
            columns[name] = [plain(cell) for cell in frame.index.get_level_values(level).tolist()]
    if any(len(column) != rows for column in columns.values()):
        raise NotATable("cannot be read as a table")
    return Table(columns, twice, rows)


def plain(cell: Any) -> Plain:
    """A cell by its exact type; `Other` for what is none of the plain kinds.

    Examples
    --------
    >>> import numpy
    >>> plain(numpy.float64(0.5)), plain(float("nan")), plain(" CSO "), type(plain([1])).__name__
    (0.5, None, 'CSO', 'Other')
    """
    import pandas

    kind = type(cell)
    if kind in _numpy_types():
        moments = {"M": pandas.Timestamp, "m": pandas.Timedelta}
        return _python(moments.get(cell.dtype.kind, lambda one: one.item())(cell))
    return _python(cell)


def _python(cell: Any) -> Plain:
    import pandas

    kind = type(cell)
    if cell is None or cell is pandas.NA or cell is pandas.NaT or kind is bool:
        return cell if kind is bool else None
    # members of an IntEnum and the like, by the methods of int and so on, never by their own
    for of, read in ((int, int.__int__), (str, _text), (float, _real)):
        if issubclass(kind, of):
            return read(cell)
    # only of these very types: pandas hands a subclass of Timestamp back as it is
    if kind in {Decimal, Fraction}:
        return _real(float(cell))
    exact: dict[Any, Any] = {pandas.Timestamp: pandas.Timestamp, datetime: pandas.Timestamp, date: pandas.Timestamp}
    exact |= {pandas.Timedelta: pandas.Timedelta, timedelta: pandas.Timedelta}
    return exact[kind](cell) if kind in exact else Other(_kind(kind))


def _text(cell: str) -> str:
    return str.__str__(cell).strip()


def _real(cell: float) -> float | None:
    number = float.__float__(cell)
    return None if math.isnan(number) else number


def _label(label: Any) -> str:
    """Name of a column; a number as its digits."""
    name = plain(label)
    return f"({name.name})" if isinstance(name, Other) else str(name)


def _kind(kind: type) -> str:
    """Name of a class, shortened, by what Python knows of it and not by what its own metaclass says."""
    return f"{type.__dict__['__name__'].__get__(kind):.40}"


@cache
def _numpy_types() -> frozenset[type]:
    import numpy

    return frozenset(numpy.sctypeDict.values())
