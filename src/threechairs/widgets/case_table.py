"""The figures of real cases as a table: how much, when, who said it, and how sure that is."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from threechairs.company.real_cases import case_figures
from threechairs.datasets import table
from threechairs.errors import told_arguments

_COLUMNS = ("What", "How much", "When", "Who said it", "How sure")
_CERTAINTY = {
    "checked": ("checked", "read in a page that states it"),
    "press": ("second-hand", "read only where somebody else reports it"),
    "contested": ("contested", "accounts differ, or it is unclear what it counts"),
}
# the calendar module's names follow the language of the machine
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# a notebook sets tables flush right and in bold, which suits numbers only
_CELL = 'style="text-align:left;vertical-align:top;font-weight:normal"'


class CaseTable:
    """The figures of one or more real cases, folded until a reader wants them.

    Parameters
    ----------
    case_ids : str
        Cases of `case_stories.csv`, such as `"C1"`.

    Raises
    ------
    UsageError
        If there is no such case; the nearest is offered.
    """

    def __init__(self, *case_ids: str) -> None:
        figures = [case_figures(case_id) for case_id in case_ids]
        self._figures = {str(rows[0]["case"]): rows for rows in figures}
        self._citations = {row["source_id"]: row["citation"] for row in table("sources")}
        self.title = f"The figures, and who said them: {', '.join(self._figures)}"

    def __repr__(self) -> str:
        lines = [self.title]
        for case, rows in self._figures.items():
            lines += ["", case]
            lines += [
                f"  {what}: {amount}. {date}; {said}; {sure}" for what, amount, date, said, sure in map(_row, rows)
            ]
            lines.append(f"  {self._sources(rows)}")
        return "\n".join([*lines, "", self._legend()])

    def _repr_html_(self) -> str:
        tables = "".join(self._table(case, rows) for case, rows in self._figures.items())
        return (
            f"<details><summary>{html.escape(self.title)}</summary>{tables}"
            f"<p>{html.escape(self._legend())}</p></details>"
        )

    def _table(self, case: str, rows: tuple[Mapping[str, Any], ...]) -> str:
        head = "".join(f'<th scope="col" style="text-align:left">{column}</th>' for column in _COLUMNS)
        body = ""
        for what, *others in map(_row, rows):
            cells = "".join(f"<td {_CELL}>{html.escape(cell)}</td>" for cell in others)
            body += f'<tr><th scope="row" {_CELL}>{html.escape(what)}</th>{cells}</tr>'
        return (
            f'<table><caption style="text-align:left"><b>{html.escape(case)}</b></caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{html.escape(self._sources(rows))}</p>"
        )

    def _sources(self, rows: tuple[Mapping[str, Any], ...]) -> str:
        cited = dict.fromkeys(row["source"] for row in rows)
        return f"Sources: {'; '.join(self._citations[source] for source in cited)}."

    def _legend(self) -> str:
        found = {row["certainty"] for rows in self._figures.values() for row in rows}
        return " ".join(
            f"{word.capitalize()}: {meaning}." for key, (word, meaning) in _CERTAINTY.items() if key in found
        )


@told_arguments
def case_table(case_id: str, *more: str) -> CaseTable:
    """The figures of real cases with who said each and how sure it is, from `cases.csv`.

    Parameters
    ----------
    case_id, *more : str
        `"C1"` to `"C14"`, or `"P1"` to `"P3"` for the physical cases.

    Returns
    -------
    CaseTable
        A folded table per case in a notebook; lines of text elsewhere.

    Raises
    ------
    UsageError
        If there is no such case; the nearest is offered.

    Examples
    --------
    >>> print(repr(case_table("P1")).splitlines()[0])
    The figures, and who said them: Facebook
    """
    return CaseTable(case_id, *more)


def _row(figure: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    what, (sure, _meaning) = figure["what"], _CERTAINTY[figure["certainty"]]
    told = f"{sure}. {figure['note']}" if figure["note"] else sure
    return (f"{what[:1].upper()}{what[1:]}", figure["amount"], _in_words(figure["date"]), figure["who_said"], told)


def _in_words(date: str) -> str:
    """A year, month or day of ISO 8601 as a reader would write it."""
    year, *rest = date.split("-")
    words = [year]
    if rest:
        words.insert(0, _MONTHS[int(rest[0]) - 1])
    if len(rest) > 1:
        words.insert(0, str(int(rest[1])))
    return " ".join(words)
