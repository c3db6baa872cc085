"""Questions to a table without programming: filter, group, count, add up.

The same result as the pandas route gives, and recorded as the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threechairs.activities.quiz import Quiz
from threechairs.course.items import NumberItem
from threechairs.course.workbook import Workbook
from threechairs.errors import UsageError, did_you_mean

OPERATORS = ("is", "is not", "is empty", "is not empty", "at least", "at most")
SHOWN_ROWS = 100
_PLACES = 10  # of decimals that are kept of a sum


@dataclass(frozen=True)
class Filter:
    """One condition on a table: a column, an operator of `OPERATORS`, a value (as text)."""

    column: str
    op: str
    value: str = ""

    def keeps(self, row: Mapping[str, Any]) -> bool:
        """True when the row meets the condition."""
        seen = row[self.column]
        text = "" if seen is None else str(seen)
        if self.op in {"is empty", "is not empty"}:
            return (text == "") == (self.op == "is empty")
        if self.op in {"at least", "at most"}:
            number, bound = float(text), float(self.value)
            return number >= bound if self.op == "at least" else number <= bound
        return (text.casefold() == self.value.strip().casefold()) == (self.op == "is")

    def __str__(self) -> str:
        return f"{self.column} {self.op} {self.value}".strip()


@dataclass(frozen=True)
class Result:
    """Rows that meet all conditions, or one row per group; and what was worked out over all of them.

    Attributes
    ----------
    columns, rows : tuple
        Heads and rows of the table to show.
    count : int
        How many rows of the table meet all conditions.
    figure : int, float or None
        The count, sum or mean over these rows; `None` for the mean of no rows.
    measure : str
        What the figure is, such as `"sum of hours"`; empty for a count.
    sentence : str
        Says all that.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    count: int
    figure: float | None
    measure: str
    sentence: str

    def as_data(self) -> dict[str, Any]:
        """The result as plain data, for a widget; at most the first hundred rows, and how many are left out."""
        return {
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows[:SHOWN_ROWS]],
            "left_out": max(0, len(self.rows) - SHOWN_ROWS),
            "count": self.count,
            "figure": self.figure,
            "measure": self.measure,
            "sentence": self.sentence,
        }

    def __repr__(self) -> str:
        lines = [self.sentence]
        lines += [" · ".join(map(_shown, row)) for row in (self.columns, *self.rows[:SHOWN_ROWS]) if self.rows]
        left_out = len(self.rows) - SHOWN_ROWS
        return "\n".join([*lines, f"and {left_out} more rows"] if left_out > 0 else lines)


def query(
    rows: Sequence[Mapping[str, Any]], filters: Sequence[Filter] = (), group: str = "", measure: str = ""
) -> Result:
    """Rows that meet every condition, grouped if asked, with their number or the sum or mean of a column.

    Parameters
    ----------
    rows : sequence of mapping
        The table.
    filters : sequence of Filter
        Conditions that must all hold.
    group : str
        Column to group by; empty for none. Groups come with their rows, their sum or mean, and, but for means, their
        share of the whole in percent with one decimal.
    measure : str
        `"sum of COLUMN"` or `"mean of COLUMN"`, where the column holds numbers; empty for the number of rows.

    Raises
    ------
    UsageError
        If a column, an operator or a measure does not exist, or a comparison is with something that is no number.

    Examples
    --------
    >>> query([{"critical": "yes"}, {"critical": "no"}], [Filter("critical", "is", "yes")]).count
    1
    >>> query([{"cause": "power", "hours": 0.1}, {"cause": "camera", "hours": 0.2}], (), "cause", "sum of hours")
    2 of 2 rows. Sum of hours: 0.3. Grouped by cause: 2 groups.
    cause · rows · sum of hours · share of hours (%)
    camera · 1 · 0.2 · 66.7
    power · 1 · 0.1 · 33.3
    """
    columns = tuple(rows[0])
    of, column = _read(measure, rows)
    for name in [condition.column for condition in filters] + ([group] if group else []):
        _check_column(name, columns)
    for condition in filters:
        if condition.op not in OPERATORS:
            raise UsageError(
                "condition", f"{condition.op!r} is not known", next_step=did_you_mean(condition.op, OPERATORS)
            )
    try:
        kept = [row for row in rows if all(condition.keeps(row) for condition in filters)]
    except ValueError:
        raise UsageError(
            "condition", "'at least' and 'at most' need numbers", next_step="Choose 'is' to compare words."
        ) from None
    where = " and ".join(map(str, filters))
    sentence = f"{len(kept)} of {len(rows)} rows" + (f" where {where}." if where else ".")
    figure = _figure(kept, of, column)
    if measure:
        sentence += f" {measure[0].upper()}{measure[1:]}: {'none' if figure is None else _shown(figure)}."
    if not group:
        return Result(columns, tuple(tuple(row.values()) for row in kept), len(kept), figure, measure, sentence)
    heads, groups = _grouped(kept, group, of, column)
    return Result(heads, groups, len(kept), figure, measure, f"{sentence} Grouped by {group}: {len(groups)} groups.")


def numeric_columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns that hold numbers only.

    Examples
    --------
    >>> numeric_columns([{"gate": "Gate 4", "hours": 0.1, "open": True}])
    ['hours']
    """
    return [
        name
        for name in rows[0]
        if all(isinstance(row[name], int | float) and not isinstance(row[name], bool) for row in rows)
    ]


def _read(measure: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """What to work out (`""`, `"sum"` or `"mean"`) and of which column."""
    if not measure:
        return "", ""
    of, _, column = measure.partition(" of ")
    if of not in {"sum", "mean"}:
        raise UsageError("measure", f"{measure!r} is not known", "Expected 'sum of COLUMN' or 'mean of COLUMN'")
    _check_column(column, rows[0])
    known = numeric_columns(rows)
    if column not in known:
        names = f"Columns with numbers: {', '.join(known)}" if known else "No column of this table holds numbers"
        raise UsageError(f"column {column!r}", "not all its values are numbers", names)
    return of, column


def _check_column(name: str, columns: Collection[str]) -> None:
    if name not in columns:
        raise UsageError(f"column {name!r}", "the table has no such column", next_step=did_you_mean(name, columns))


def _figure(rows: Sequence[Mapping[str, Any]], of: str, column: str) -> float | None:
    """The number, sum or mean; rounded where only the last digits of binary fractions are lost."""
    if not of:
        return len(rows)
    total = math.fsum(row[column] for row in rows)
    if of == "mean":
        return round(total / len(rows), _PLACES) if rows else None
    return round(total, _PLACES)


def _grouped(
    rows: Sequence[Mapping[str, Any]], group: str, of: str, column: str
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """Heads, and per group its rows, its sum or mean, and its share of the whole in percent."""
    members: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        members.setdefault("" if row[group] is None else str(row[group]), []).append(row)
    names = sorted(members, key=float) if rows and group in numeric_columns(rows) else sorted(members)
    whole = _figure(rows, of, column)
    heads = [group, "rows", *([f"{of} of {column}"] if of else [])]
    table = []
    for name in names:
        own = _figure(members[name], of, column)
        line = [name or "(empty)", len(members[name]), *([own] if of else [])]
        if of != "mean":
            line.append(round(100 * (own or 0) / whole, 1) if whole else None)
        table.append(tuple(line))
    if of != "mean":
        heads.append(f"share of {column or 'rows'} (%)")
    return tuple(heads), tuple(table)


def _shown(value: Any) -> str:
    """A cell as text, numbers with at most ten digits.

    Examples
    --------
    >>> _shown(1234.5), _shown("Gate 4"), _shown(None)
    ('1,234.5', 'Gate 4', '')
    """
    if value is None:
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


class Desk(Quiz):
    """A table of the case to filter, group, count and add up; the figure can be the answer to a number question.

    Parameters
    ----------
    item_id : str
        Id of the number question that is answered with the table.
    workbook : Workbook
        The notebook that asks.
    table : str
        Name of a table of the case.
    """

    def __init__(self, item_id: str, workbook: Workbook, table: str) -> None:
        super().__init__(item_id, workbook)
        if not isinstance(self.item, NumberItem) or workbook.case is None:
            raise UsageError(f"DataMenu({item_id!r})", "only a number question of an assignment has a table to ask")
        self.table_name = table
        self.rows = workbook.case.table_rows(table)
        measures = len(self.measures) > 1
        self.heading = f"Table “{table}”: filter, group, {'count, add up' if measures else 'count'}"
        self.instructions = (
            "Set your conditions, work it out, and take the result as your answer or type a number."
            if measures
            else "Set your conditions, count, and take the count as your answer or type a number."
        )

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Columns with the values to choose from, where there are few."""
        described = []
        for name in self.rows[0]:
            values = sorted({"" if row[name] is None else str(row[name]) for row in self.rows})
            described.append({"id": name, "label": name, "values": values if len(values) <= 12 else None})
        return described

    @property
    def measures(self) -> list[dict[str, str]]:
        """What can be worked out: the number of rows, sum and mean of every column with numbers.

        A column that only numbers the rows is not to be added up.
        """
        numbering = list(range(1, len(self.rows) + 1))
        ids = [
            f"{of} of {name}"
            for name in numeric_columns(self.rows)
            if [row[name] for row in self.rows] != numbering
            for of in ("sum", "mean")
        ]
        return [{"id": "", "label": "Number of rows"}, *({"id": one, "label": one[0].upper() + one[1:]} for one in ids)]

    def ask(self, filters: Sequence[Mapping[str, Any]] = (), group: str = "", measure: str = "") -> Result:
        """Rows, groups and count, sum or mean under the given conditions."""
        conditions = [Filter(str(f["column"]), str(f["op"]), str(f.get("value", ""))) for f in filters]
        return query(self.rows, conditions, group, measure)

    def describe(self) -> str:
        """The table as text, with how to count and add up in code."""
        few = [(column["id"], values) for column in self.columns if (values := column["values"])]
        name, values = few[0] if few else (next(iter(self.rows[0])), ["..."])
        lines = [
            super().describe(),
            "",
            f"Table {self.table_name!r}: {len(self.rows)} rows; columns: {', '.join(self.rows[0])}",
            f'Count in code: count("{self.table_name}", {name}="{values[-1]}"); "" stands for an empty cell',
        ]
        if len(self.measures) > 1:
            column = self.measures[1]["id"].removeprefix("sum of ")
            for twin, what in (("total", "Sum"), ("average", "Mean")):
                lines.append(f'{what} in code: {twin}("{self.table_name}", "{column}", group="{name}")')
        return "\n".join(lines)
