"""Questions to a table without programming: filter, group, count.

The same result as the pandas route gives, and recorded as the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threechairs.activities.quiz import Quiz
from threechairs.course.items import NumberItem
from threechairs.course.workbook import Workbook
from threechairs.errors import UsageError, did_you_mean

OPERATORS = ("is", "is not", "is empty", "is not empty", "at least", "at most")
SHOWN_ROWS = 100


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
    """Rows that meet all conditions, or one row per group with its count."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    count: int
    sentence: str

    def as_data(self) -> dict[str, Any]:
        """The result as plain data, for a widget; at most the first hundred rows."""
        rows = [list(row) for row in self.rows[:SHOWN_ROWS]]
        return {"columns": list(self.columns), "rows": rows, "count": self.count, "sentence": self.sentence}

    def __repr__(self) -> str:
        return "\n".join([self.sentence, *(" · ".join(map(str, row)) for row in self.rows)])


def query(rows: Sequence[Mapping[str, Any]], filters: Sequence[Filter] = (), group: str = "") -> Result:
    """Rows that meet every condition, grouped and counted if asked.

    Parameters
    ----------
    rows : sequence of mapping
        The table.
    filters : sequence of Filter
        Conditions that must all hold.
    group : str
        Column to group by; empty for none.

    Raises
    ------
    UsageError
        If a column or operator does not exist, or a comparison is with something that is no number.

    Examples
    --------
    >>> query([{"critical": "yes"}, {"critical": "no"}], [Filter("critical", "is", "yes")]).count
    1
    """
    columns = tuple(rows[0])
    for name in [condition.column for condition in filters] + ([group] if group else []):
        if name not in columns:
            raise UsageError(f"column {name!r}", "the table has no such column", next_step=did_you_mean(name, columns))
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
    if not group:
        return Result(columns, tuple(tuple(row.values()) for row in kept), len(kept), sentence)
    counts = Counter("" if row[group] is None else str(row[group]) for row in kept)
    grouped = tuple((name or "(empty)", counts[name]) for name in sorted(counts))
    return Result((group, "rows"), grouped, len(kept), f"{sentence} Grouped by {group}: {len(grouped)} groups.")


class Desk(Quiz):
    """A table of the case with filter, group and count; its count can be taken as the answer to a number question.

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
        self.heading = f"Table “{table}”: filter, group, count"
        self.instructions = "Set your conditions, count, and take the count as your answer."

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Columns with the values to choose from, where there are few."""
        described = []
        for name in self.rows[0]:
            values = sorted({"" if row[name] is None else str(row[name]) for row in self.rows})
            described.append({"id": name, "label": name, "values": values if len(values) <= 12 else None})
        return described

    def ask(self, filters: Sequence[Mapping[str, Any]] = (), group: str = "") -> Result:
        """Rows, groups and count under the given conditions."""
        conditions = [Filter(str(f["column"]), str(f["op"]), str(f.get("value", ""))) for f in filters]
        return query(self.rows, conditions, group)

    def describe(self) -> str:
        """The table as text, with how to count in code."""
        names = ", ".join(self.rows[0])
        return (
            f"{super().describe()}\n\nTable {self.table_name!r}: {len(self.rows)} rows; columns: {names}\n"
            f'Count in code: count("{self.table_name}", critical="yes", holder_1="")'
        )
