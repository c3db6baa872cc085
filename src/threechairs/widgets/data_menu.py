"""A table of the case to filter, group, count and add up without programming."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from threechairs.activities import Desk, remember
from threechairs.course.workbook import current
from threechairs.widgets.base import Card, source


class DataMenu(Card):
    """The menu route of a data question: what it works out can be taken as the answer, or a number typed.

    Parameters
    ----------
    item_id : str
        Id of the number question that the table answers.
    table : str
        Name of a table of the case.

    Raises
    ------
    UsageError
        If no case is open, or question or table do not exist.
    """

    _esm = source("data_menu", "js")
    _css = source("data_menu", "css")
    messages: ClassVar[tuple[str, ...]] = ("record", "query")

    stem = traitlets.Unicode(help="The question that the table answers.").tag(sync=True)
    unit = traitlets.Unicode("", help="Unit of the answer.").tag(sync=True)
    table_name = traitlets.Unicode().tag(sync=True)
    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    measures: traitlets.List[Any] = traitlets.List(help="What can be worked out.").tag(sync=True)
    result = traitlets.Dict().tag(sync=True)
    filters: traitlets.List[Any] = traitlets.List().tag(sync=True)
    group = traitlets.Unicode("").tag(sync=True)
    measure = traitlets.Unicode("", help="What was worked out; empty for a count.").tag(sync=True)

    def __init__(self, item_id: str, *, table: str, **unknown: Any) -> None:
        super().__init__(**unknown)
        self._desk = Desk(item_id, current(), table)
        remember(self._desk)
        self.heading, self.instructions, self.stem = self._desk.heading, self._desk.instructions, self._desk.stem
        self.table_name, self.columns, self.measures = table, self._desk.columns, self._desk.measures
        self.unit = self._desk.unit
        self.result = self._desk.ask().as_data()
        self._redraw()

    def describe(self) -> str:
        """The table as text, with how to count and add up in code."""
        return self._desk.describe()

    def _redraw(self) -> None:
        stored = self._desk.recorded
        self.answer = dict(stored.value) if stored else {}
        self.recorded = self._desk.told()

    def _on_query(self, content: Mapping[str, Any]) -> None:
        self.filters, self.group = list(content.get("filters", [])), str(content.get("group", ""))
        self.measure = str(content.get("measure", ""))
        found = self._desk.ask(self.filters, self.group, self.measure)
        self.result = found.as_data()
        self.status = found.sentence

    def _on_record(self, content: Mapping[str, Any]) -> None:
        self._desk.record(content["answer"])
        self._redraw()
        self.status = f"Recorded: {self.recorded}. Marked after submission."
