"""The lessons in order, with what is done, what is next and where to go on."""

from __future__ import annotations

from typing import Any

import traitlets

from threechairs.activities import progress, resume
from threechairs.activities.progress import watch
from threechairs.widgets.base import Card, source


class ProgressMap(Card):
    """Progress through all lessons, read from the answers beside the notebooks."""

    _esm = source("progress_map", "js")
    _css = source("progress_map", "css")

    lessons: traitlets.List[Any] = traitlets.List().tag(sync=True)
    resume = traitlets.Dict().tag(sync=True)

    def __init__(self, **unknown: Any) -> None:
        super().__init__(**unknown)
        self.heading = "Your progress"
        self._redraw()
        watch(self._redraw)

    def _redraw(self) -> None:
        """Show where the learner stands now."""
        states = progress()
        self._states = states
        done = sum(one.state == "done" for one in states)
        self.instructions = f"{done} of {len(states)} lessons done. Open a lesson to go on."
        self.lessons = [
            {
                "id": one.lesson.id,
                "title": one.lesson.title,
                "minutes": one.lesson.minutes,
                "state": one.state,
                "done": one.done,
                "total": one.total,
                "href": one.href,
                "assignment": one.assignment_href,
            }
            for one in states
        ]
        going_on = resume(states)
        self.resume = {}
        if going_on:
            text = f"{going_on.done} of {going_on.total} steps done, {going_on.lesson.minutes} minutes in all"
            label = f"{'Resume' if going_on.last_answer_at else 'Begin'}: {going_on.lesson.title}"
            self.resume = {"label": label, "href": going_on.href, "text": text}
        self.status = " ".join(one.trouble.strip() for one in states if one.trouble)

    def describe(self) -> str:
        """Progress as text."""
        lines = [self.heading, *(f"  {one.sentence} ({one.href})" for one in self._states)]
        return "\n".join([*lines, *([f"{self.resume['label']} → {self.resume['href']}"] if self.resume else [])])
