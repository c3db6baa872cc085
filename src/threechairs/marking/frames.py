"""Marks for a table that a learner has computed and keeps in a variable of the notebook."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from threechairs.errors import GradingError, did_you_mean
from threechairs.marking.judge import quietly
from threechairs.marking.plain_tables import NotATable, Other, Plain, Table, read_table
from threechairs.marking.score import Criterion, Score, Status
from threechairs.marking.tolerance import Tolerance

_MOST_ROWS = 1_000
_MOST_UNNAMED = 300
_LONGEST = 60
_QUOTES = "'\""


def defined(variable: str) -> Status:
    """The visible part of a test cell about a variable: *not attempted*, or *there; marked after submission*.

    A variable that does not exist, or holds `None` or `...`, is not attempted.
    """
    if _nothing(_variable(variable)):
        return Status(f"not attempted: no cell has given {variable} a value yet", as_mark="0")
    return Status(f"{variable} has a value; marked after submission")


def mark_frame(
    variable: str,
    points: float,
    /,
    *,
    expected: Any,
    by: str | Sequence[str] | None = None,
    order: bool = False,
    index: bool = False,
    columns: Sequence[str] | None = None,
    tolerance: float = 0.0,
    relative: float = 1e-9,
    standard_error: float = 0.0,
    credit: Literal["columns", "cells"] = "columns",
    wrong: Sequence[tuple[Any, str, str]] = (),
    coaching: Mapping[str, str] | None = None,
) -> Score:
    """Marks for a table in a variable of the notebook.

    Columns that nobody asked for, the order of columns, the kind of text or integer, and (unless asked for) the order
    of rows and the index make no difference.

    Parameters
    ----------
    variable : str
        Name of the variable. What it holds is looked up where the test cell runs.
    points : float
        Points of the cell: the same for every column that is compared.
    expected : frame, dict of columns or list of rows
        The right table.
    by : str or sequence of str, optional
        Columns that tell rows apart, each combination once; rows are matched by them. Where no column has such a
        name, a level of the learner's index may have it. Without them rows are paired so that as many cells as
        possible agree (up to 300 rows).
    order : bool, default False
        Whether the order of rows counts; not together with `by`.
    index : bool, default False
        Whether the index counts: its levels are columns like others, called `"index"` where they have no name.
    columns : sequence of str, optional
        Columns to compare; all of the right table except `by` unless given.
    tolerance, relative, standard_error : float
        How far a number may lie from the right one, as `mark_number` has it; the same for all columns.
    credit : {"columns", "cells"}, default "columns"
        A column has its points if all of it is right, or a part of them for every cell that is right. Rows too many
        cost in both ways: no column is all right, or each has so many more cells.
    wrong : sequence of (table, misconception id, text)
        What known misconceptions compute: the columns `by`, and one or more of the compared columns, with rows of
        their own. The first column that is not right and equals theirs gets the text and the misconception.
    coaching : mapping of column to text
        What to say further about a column that is not right.

    Returns
    -------
    Score
        With a reason per column. Whatever the variable holds, nothing is raised and nothing of it is trusted.

    Raises
    ------
    GradingError
        If the right table itself cannot be compared: a fault of the test.
    """
    given = _variable(variable)
    with quietly():
        near = Tolerance(tolerance, relative, standard_error)
        keys = [by] if isinstance(by, str) else list(by or ())
        right = _authored(expected, "the expected table", keys, index)
        scored = list(columns) if columns is not None else [name for name in right.columns if name not in keys]
        other = [_authored(table, "a misconception's table", keys, index) for table, _belief, _text in wrong]
        _refuse([right, *other], scored, keys, order, credit)
        if _nothing(given):
            return Score.not_attempted(points)
        most = _MOST_ROWS + 2 * max(table.rows for table in (right, *other))
        try:
            seen = read_table(given, most_rows=most, wanted=[*keys, *scored], index=index)
        except NotATable as reason:
            return Score([Criterion("your table", 0.0, points, f"{variable} {reason}.")], points)
        missing = [key for key in keys if key not in seen.columns or key in seen.twice]
        if missing:
            said = f"Rows are told apart by {_and(keys)}; {variable} {_lacks(missing[0], seen)}."
            return Score([Criterion("your table", 0.0, points, said)], points)
        found = _compare(seen, right, keys, scored, order, near)
        known = [(table, *said) for table, (_table, *said) in zip(other, wrong, strict=True)]
        beliefs = _recognised(seen, found, known, keys, scored, order, near)
        return Score(list(_criteria(found, scored, points, credit, beliefs, coaching or {})), points)


@dataclass(frozen=True)
class _Comparison:
    """A learner's table beside another one.

    `pairs` lists (row of the learner, row of the other); `unlike` lists the places in `pairs` where a column differs.
    """

    seen: Table
    right: Table
    keys: Sequence[str]
    pairs: Sequence[tuple[int, int]]
    missing: Sequence[int]
    extra: Sequence[int]
    unlike: Mapping[str, Sequence[int]]

    @property
    def rows_right(self) -> bool:
        return not self.missing and not self.extra

    def right_in(self, column: str) -> bool:
        return self.rows_right and self.lacking(column) == "" and not self.unlike[column]

    def lacking(self, column: str) -> str:
        """Why there is no such column; empty if there is."""
        return "" if column in self.unlike else _lacks(column, self.seen)

    def share(self, column: str) -> float:
        """Share of cells that are right; rows too many count as wrong ones."""
        if column not in self.unlike:
            return 0.0
        cells = self.right.rows + len(self.extra)
        return (len(self.pairs) - len(self.unlike[column])) / cells if cells else 1.0

    def about_rows(self) -> str:
        said = []
        for rows, table, what in ((self.missing, self.right, "missing"), (self.extra, self.seen, "too many")):
            if rows:
                count = f"{len(rows)} {'row is' if len(rows) == 1 else 'rows are'} {what}"
                said.append(f"{count}, first {self._place(table, rows[0])}" if self.keys else count)
        return f"{'; '.join(said)}." if said else f"All {self.right.rows} rows are there, and no other."

    def about(self, column: str) -> str:
        if column not in self.unlike:
            return f"Your table {self.lacking(column)}."
        if not self.unlike[column]:
            return "Right." if self.rows_right else "Right in the rows that it shares with the right table."
        row, other = self.pairs[self.unlike[column][0]]
        mine, theirs = _shown(self.seen.columns[column][row], self.right.columns[column][other])
        return (
            f"wrong in {len(self.unlike[column])} of {len(self.pairs)} rows, first at "
            f"{self._place(self.seen, row)}: {mine} instead of {theirs}."
        )

    def _place(self, table: Table, row: int) -> str:
        if not self.keys:
            return f"row {row + 1} of your table"
        return ", ".join(f"{key} {_told(table.columns[key][row]).strip(_QUOTES)}" for key in self.keys)


def _compare(
    seen: Table, right: Table, keys: Sequence[str], scored: Sequence[str], order: bool, near: Tolerance
) -> _Comparison:
    present = [name for name in scored if name in seen.columns and name not in seen.twice and name in right.columns]
    if keys:
        pairs = _by_key(seen, right, keys)
    elif order:
        pairs = [(row, row) for row in range(min(seen.rows, right.rows))]
    else:
        pairs = _best_pairs(seen, right, present, near)
    unlike = {
        name: [
            at
            for at, (row, other) in enumerate(pairs)
            if not _same(seen.columns[name][row], right.columns[name][other], near)
        ]
        for name in present
    }
    mine, theirs = {row for row, _ in pairs}, {other for _, other in pairs}
    missing = [row for row in range(right.rows) if row not in theirs]
    extra = [row for row in range(seen.rows) if row not in mine]
    return _Comparison(seen, right, keys, pairs, missing, extra, unlike)


def _by_key(seen: Table, right: Table, keys: Sequence[str]) -> list[tuple[int, int]]:
    """Rows with the same key; of several in the learner's table only the first, so that guessing twice does not pay."""
    places: dict[tuple[Plain, ...], int] = {}
    for row, key in enumerate(_keys_of(seen, keys)):
        places.setdefault(key, row)
    return [(places[key], other) for other, key in enumerate(_keys_of(right, keys)) if key in places]


def _keys_of(table: Table, keys: Sequence[str]) -> list[tuple[Plain, ...]]:
    return list(zip(*(table.columns[key] for key in keys), strict=True))


def _best_pairs(seen: Table, right: Table, present: Sequence[str], near: Tolerance) -> list[tuple[int, int]]:
    """Pairs of rows in which the most cells agree, by scipy's solver of the assignment problem."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    agree = numpy.zeros((seen.rows, right.rows))
    for name in present:
        for row, mine in enumerate(seen.columns[name]):
            for other, theirs in enumerate(right.columns[name]):
                agree[row, other] += _same(mine, theirs, near)
    rows, others = linear_sum_assignment(agree, maximize=True)
    return [(int(row), int(other)) for row, other in zip(rows, others, strict=True)]


def _same(mine: Plain, theirs: Plain, near: Tolerance) -> bool:
    """Whether two plain cells are the same; a number and a text never are."""
    if mine is None or theirs is None:
        return mine is theirs
    if isinstance(mine, int | float) and isinstance(theirs, int | float):
        try:
            return mine == theirs or near.allows(mine, theirs)
        except OverflowError:  # an integer of hundreds of digits
            return False
    return bool(mine == theirs)


def _recognised(
    seen: Table,
    found: _Comparison,
    known: Sequence[tuple[Any, ...]],
    keys: Sequence[str],
    scored: Sequence[str],
    order: bool,
    near: Tolerance,
) -> dict[str, tuple[str, str]]:
    """Misconception and text for each column in which one shows, `""` for the rows; each misconception once."""
    beliefs: dict[str, tuple[str, str]] = {}
    for table, belief, text in known:
        named = [name for name in scored if name in table.columns]
        other = _compare(seen, table, keys, named, order, near)
        hits = [name for name in named if not found.right_in(name) and other.right_in(name)]
        if not named and other.rows_right and not found.rows_right:
            hits = [""]
        for name in hits[:1]:
            beliefs.setdefault(name, (belief, text))
    return beliefs


def _criteria(
    found: _Comparison,
    scored: Sequence[str],
    points: float,
    credit: str,
    beliefs: Mapping[str, tuple[str, str]],
    coaching: Mapping[str, str],
) -> Iterator[Criterion]:
    belief, text = beliefs.get("", ("", ""))
    about_rows = f"{found.about_rows()} {text}".strip()
    if not scored:
        total = found.right.rows + len(found.extra)
        share = len(found.pairs) / total if total and credit == "cells" else float(found.rows_right)
        yield Criterion("rows", points * share, points, about_rows, belief)
        return
    if not found.rows_right:
        yield Criterion("rows", 0.0, 0.0, about_rows, belief)
    each = points / len(scored)
    for name in scored:
        right = found.right_in(name)
        share = found.share(name) if credit == "cells" else float(right)
        belief, text = beliefs.get(name, ("", ""))
        further = "" if right else coaching.get(name, "")
        comment = " ".join(part for part in (found.about(name), text, further) if part)
        yield Criterion(f"column {name!r}", each * share, each, comment, belief)


def _authored(given: Any, what: str, keys: Sequence[str], index: bool) -> Table:
    """A table that the test itself holds; what is wrong with it is a fault of the test."""
    try:
        table = read_table(given, most_rows=1_000_000, wanted=keys, index=index)
    except NotATable as reason:
        raise GradingError("test cell", f"{what} {reason}", "Expected a frame, a dict or a list of rows") from None
    for key in keys:
        if key not in table.columns:
            raise GradingError("test cell", f"{what} {_lacks(key, table)}")
    if keys and len(set(_keys_of(table, keys))) < table.rows:
        raise GradingError("test cell", f"{_and(keys)} do not tell the rows of {what} apart")
    return table


def _refuse(tables: Sequence[Table], scored: Sequence[str], keys: Sequence[str], order: bool, credit: str) -> None:
    """Orders to `mark_frame` that cannot be carried out."""
    for name in scored:
        if name not in tables[0].columns:
            raise GradingError("test cell", f"the expected table {_lacks(name, tables[0])}")
        for table in tables:
            strange = [cell for cell in table.columns.get(name, ()) if isinstance(cell, Other)]
            if strange or name in table.twice:
                seen = f"a cell is of type {strange[0].name}" if strange else "several columns have this name"
                raise GradingError("test cell", f"column {name!r} cannot be compared: {seen}")
    if keys and order:
        raise GradingError("test cell", "rows are matched by key and by order", "Expected either 'by' or 'order'")
    most = max(table.rows for table in tables)
    if not keys and not order and most > _MOST_UNNAMED:
        seen = f"{most} rows are to be paired without a key"
        raise GradingError("test cell", seen, "Expected 'by', the columns that tell rows apart")
    if not keys and not scored:
        raise GradingError("test cell", "no column is compared", "Expected at least one")
    if credit not in {"columns", "cells"}:
        raise GradingError("test cell", f"credit is {credit!r}", "Expected 'columns' or 'cells'")


def _variable(name: str) -> Any:
    """What a variable holds in the cell that called the function that asks; `None` where it does not exist."""
    return sys._getframe(2).f_globals.get(name)


def _nothing(given: Any) -> bool:
    return given is None or given is ...


def _lacks(column: str, table: Table) -> str:
    if column in table.twice:
        return f"has several columns {column!r}"
    hint = did_you_mean(column, [name[:_LONGEST] for name in table.columns]).rstrip(".")
    return f"has no column {column!r}" + (f" ({hint})" if hint else "")


def _shown(mine: Plain, theirs: Plain) -> tuple[str, str]:
    """Two unlike cells in words that differ."""
    first, second = _told(mine), _told(theirs)
    if isinstance(mine, str) and not isinstance(theirs, str | None):
        return f"the text {first}", second
    return (first, second) if first != second else (repr(mine), repr(theirs))


def _told(cell: Plain) -> str:
    if cell is None:
        return "nothing"
    if isinstance(cell, Other):
        return f"something of type {cell.name}"
    if isinstance(cell, float):
        return f"{cell:,.6g}"
    return (repr(cell) if isinstance(cell, str) else _digits(cell))[:_LONGEST]


def _digits(cell: Plain) -> str:
    try:
        return str(cell)
    except ValueError:  # Python writes out no integer of more than 4,300 digits
        return "a number of thousands of digits"


def _and(names: Sequence[str]) -> str:
    return " and ".join(repr(name) for name in names)
