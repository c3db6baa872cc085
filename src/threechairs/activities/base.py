"""What every activity can do without a screen: take an answer, keep it, tell what is kept, reply to it.

A widget is a view on an activity; `answer()` and the text mode are another. So whatever the widget does, plain
Python does too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal

from threechairs.activities.progress import has_changed
from threechairs.answers import By, Recorded
from threechairs.course.workbook import Workbook
from threechairs.errors import AnswerFormError
from threechairs.marking.forms import Form, plain_value

Mode = Literal["practice", "opinion", "graded"]


class Activity(ABC):
    """One thing that a learner is asked to do.

    Parameters
    ----------
    activity_id : str
        Under which the answer is recorded.
    workbook : Workbook
        The notebook that the activity stands in.
    """

    heading: str
    instructions: str

    def __init__(self, activity_id: str, workbook: Workbook) -> None:
        self.id = activity_id
        self.workbook = workbook

    @property
    @abstractmethod
    def form(self) -> Form:
        """The form of an answer."""

    @abstractmethod
    def describe(self) -> str:
        """The activity as text, with how to answer it in code."""

    @abstractmethod
    def tell(self, value: Mapping[str, Any]) -> str:
        """An answer as a sentence."""

    @property
    def mode(self) -> Mode:
        """`"graded"` in an assignment, otherwise `"practice"`."""
        return "graded" if self.workbook.graded else "practice"

    @property
    def recorded(self) -> Recorded | None:
        """The recorded answer, if there is one that fits the question as it is now."""
        stored = self.workbook.store.get(self.id)
        value = self.fitting(stored.value) if stored else None
        return stored.model_copy(update={"value": value}) if stored and value is not None else None

    def fitting(self, value: Mapping[str, Any]) -> dict[str, Any] | None:
        """A stored answer, or `None` where the question has been changed since it was given."""
        try:
            return self.form.read(value)
        except AnswerFormError:
            return None

    def record(self, value: Mapping[str, Any], *, by: By = "click") -> Recorded:
        """Record an answer and return what now stands.

        Raises
        ------
        AnswerFormError
            If the answer does not have the activity's form.
        AnswersError
            If it cannot be saved; what was recorded before stays.
        """
        stands = self.workbook.store.record(self.id, self.form.kind, self.form.read(value), by=by)
        has_changed()
        return stands

    def reply(self) -> str:
        """What to say to the recorded answer: practice replies at once, graded work after submission."""
        return "Marked after submission." if self.mode == "graded" else ""

    def hint(self) -> str:
        """The next hint, as text."""
        return "There are no hints here."

    def told(self) -> str:
        """The recorded answer as text; empty where nothing is recorded."""
        answer = self.recorded
        if answer is None:
            return ""
        sure = answer.value.get("confidence")
        return self.tell(answer.value) + (f", {sure} % sure" if sure else "")

    def answer(self, value: Any, **parts: Any) -> Outcome:
        """Record what a code cell says; the plain-Python twin of the widget.

        `None` records nothing. A later click outlives an unchanged code cell, and the outcome says so.
        """
        if value is None:
            return Outcome(f"{self.id}: not attempted.", self.told())
        given = self.form.read(plain_value(self.form.kind, value, **parts))
        stands = self.record(given, by="cell")
        if stands.by == "click" and stands.value != given:
            return Outcome("Your later click stands, not this cell.", self.told(), self.reply())
        return Outcome("", self.told(), self.reply())


class Outcome:
    """What a code cell shows after `answer(...)`."""

    def __init__(self, remark: str, told: str, reply: str = "") -> None:
        self.text = "\n".join(line for line in (remark, f"Recorded: {told}." if told else "", reply) if line)

    def __repr__(self) -> str:
        return self.text
