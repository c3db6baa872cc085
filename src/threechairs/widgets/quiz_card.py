"""A question as a card: one, several, order, number, match, or a line of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from threechairs.activities import Quiz, remember
from threechairs.course.workbook import current
from threechairs.errors import told_arguments
from threechairs.widgets.base import Card, source


class QuizCard(Card):
    """One question of the open notebook.

    Parameters
    ----------
    item_id : str
        Id of the question in the notebook's item bank.

    Raises
    ------
    UsageError
        If no notebook is open, or it has no such question.
    """

    _esm = source("quiz_card", "js")
    _css = source("quiz_card", "css")
    messages: ClassVar[tuple[str, ...]] = ("record", "check", "hint")

    kind = traitlets.Unicode().tag(sync=True)
    stem = traitlets.Unicode().tag(sync=True)
    options: traitlets.List[Any] = traitlets.List().tag(sync=True)
    reasons: traitlets.List[Any] = traitlets.List().tag(sync=True)
    left: traitlets.List[Any] = traitlets.List().tag(sync=True)
    right: traitlets.List[Any] = traitlets.List().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    ask_confidence = traitlets.Bool(False).tag(sync=True)
    mode = traitlets.Unicode("practice").tag(sync=True)
    hints_shown: traitlets.List[Any] = traitlets.List().tag(sync=True)
    hints_left = traitlets.Int(0).tag(sync=True)

    def __init__(self, item_id: str, **unknown: Any) -> None:
        super().__init__(**unknown)
        quiz = Quiz(item_id, current())
        remember(quiz)
        self._quiz = quiz
        item = quiz.item
        self.heading, self.instructions, self.stem = quiz.heading, quiz.instructions, quiz.stem
        self.kind, self.mode, self.unit, self.ask_confidence = quiz.kind, quiz.mode, quiz.unit, item.confidence
        self.options, self.reasons = quiz.data(quiz.options), quiz.data(quiz.reasons)
        self.left, self.right = quiz.data(quiz.left), quiz.data(quiz.right)
        self._redraw()
        self._redraw_hints()

    def describe(self) -> str:
        """The question as text, with how to answer it in code."""
        return self._quiz.describe()

    def _redraw(self) -> None:
        """Show what is recorded."""
        stored = self._quiz.recorded
        self.answer = dict(stored.value) if stored else {}
        self.recorded = self._quiz.told()

    def _redraw_hints(self) -> None:
        if self.mode == "practice":
            self.hints_shown = self._quiz.hints_given
            self.hints_left = len(self._quiz.item.hints) - len(self.hints_shown)

    def _on_record(self, content: Mapping[str, Any]) -> None:
        self._quiz.record(content["answer"])
        self._redraw()
        self.feedback = {}
        if self.mode == "opinion":
            said = self._quiz.feedback()
            self.feedback = said.as_data() if said else {}
            self.status = "Recorded."
        else:
            self.status = "Recorded. Marked after submission." if self.mode == "graded" else "Recorded."

    def _on_check(self, content: Mapping[str, Any]) -> None:
        if content.get("answer"):
            self._quiz.record(content["answer"])
        said = self._quiz.feedback()
        self._redraw()
        if said is None:
            self.status = "Choose an answer first." if self.mode != "graded" else "Marked after submission."
            return
        self.feedback = said.as_data()
        self.status = said.headline

    def _on_hint(self, _content: Mapping[str, Any]) -> None:
        self._redraw_hints()  # a cell may have asked for one meanwhile
        if self.hints_left:
            self.status = f"Hint: {self._quiz.hint()}"
            self._redraw_hints()


@told_arguments
def ask(item_id: str) -> QuizCard:
    """Ask a question of the open notebook."""
    return QuizCard(item_id)
