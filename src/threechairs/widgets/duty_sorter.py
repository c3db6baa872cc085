"""Duties to sort to the three chairs, six cards a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import traitlets

from threechairs.activities import Sorting, remember
from threechairs.activities.sorting import COLUMNS
from threechairs.course.workbook import current
from threechairs.widgets.base import Card, source


class DutySorter(Card):
    """Cards to give to CSO, CISO, CIO or shared: by mouse, by keyboard or by menu.

    Parameters
    ----------
    activity_id : str
        Under which the answer is recorded; in an assignment, the id of a sorting question.
    rounds : sequence of int
        Rounds of the table of duties, six cards each; lessons only.

    Raises
    ------
    UsageError
        If no notebook is open, or rounds or question do not exist.
    """

    _esm = source("duty_sorter", "js")
    _css = source("duty_sorter", "css")
    messages: ClassVar[tuple[str, ...]] = ("record", "check", "more")

    cards: traitlets.List[Any] = traitlets.List().tag(sync=True)
    columns: traitlets.List[Any] = traitlets.List(list(COLUMNS)).tag(sync=True)
    facts: traitlets.List[Any] = traitlets.List().tag(sync=True)
    round = traitlets.Int(1).tag(sync=True)
    rounds = traitlets.Int(1).tag(sync=True)
    mode = traitlets.Unicode("practice").tag(sync=True)

    def __init__(self, activity_id: str, *, rounds: Sequence[int] = (), **unknown: Any) -> None:
        super().__init__(**unknown)
        self._sorting = Sorting(activity_id, current(), rounds)
        remember(self._sorting)
        self.heading, self.instructions = self._sorting.heading, self._sorting.instructions
        self.mode, self.rounds = self._sorting.mode, len(self._sorting.rounds)
        self.facts = [{"id": fact, "text": text} for fact, text in self._sorting.facts.items()]
        self._deal(self._sorting.current_round())

    def describe(self) -> str:
        """The cards as text, with how to answer in code."""
        return self._sorting.describe()

    def _deal(self, index: int) -> None:
        self.round = index + 1
        self.cards = [{"id": card.id, "text": card.text} for card in self._sorting.rounds[index]]
        self.feedback = {}
        self._redraw()

    def _redraw(self) -> None:
        stored = self._sorting.recorded
        self.answer = dict(stored.value) if stored else {}
        self.recorded = self._sorting.told()

    def _on_record(self, content: Mapping[str, Any]) -> None:
        here = {card["id"] for card in self.cards}
        stored = self._sorting.recorded  # not `self.answer`: a cell or another kernel may have answered since
        merged = {}
        for part in ("placements", "depends_on"):
            kept = stored.value.get(part, {}) if stored else {}
            elsewhere = {card: to for card, to in kept.items() if card not in here}
            merged[part] = elsewhere | {c: to for c, to in content["answer"].get(part, {}).items() if c in here}
        self._sorting.record(merged)
        self.feedback = {card: reply for card, reply in self.feedback.items() if self._unchanged(card, merged)}
        self._redraw()
        placed = len(here & set(merged["placements"]))
        self.status = f"{placed} of {len(here)} cards of this round are placed and recorded."

    def _unchanged(self, card: str, merged: Mapping[str, Mapping[str, str]]) -> bool:
        return all(merged[part].get(card) == self.answer.get(part, {}).get(card) for part in merged)

    def _on_check(self, _content: Mapping[str, Any]) -> None:
        if self.mode == "graded":
            self.status = "Recorded. Marked after submission."
            return
        self.feedback = self._sorting.check(self._sorting.rounds[self.round - 1])
        right = sum(reply["ok"] for reply in self.feedback.values())
        self.status = f"{right} of {len(self.cards)} stand where the duty is held. The reasons are on the cards."

    def _on_more(self, _content: Mapping[str, Any]) -> None:
        if self.round < self.rounds:
            self._deal(self.round)
            self.status = f"Round {self.round} of {self.rounds}: {len(self.cards)} new cards."
