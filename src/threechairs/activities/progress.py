"""Where the learner stands: done, open, next, resume.

Progress is read from the answer files beside the notebooks, each time anew. There is no second store that could
get lost or disagree with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from threechairs.course.syllabus import Lesson, syllabus
from threechairs.course.workbook import lesson_store
from threechairs.errors import AnswersError


@dataclass(frozen=True)
class LessonProgress:
    """One lesson's state.

    `state` is `"done"` (every step answered), `"next"` (the first that is not done) or `"open"`.
    """

    lesson: Lesson
    state: str
    done: int
    last_answer_at: str
    trouble: str = ""

    @property
    def total(self) -> int:
        """Number of steps that count."""
        return len(self.lesson.steps)

    @property
    def href(self) -> str:
        """The lesson's notebook, from the folder of any other lesson."""
        return f"{self.lesson.id}.ipynb"

    @property
    def sentence(self) -> str:
        """The state in words."""
        words = {"done": "done", "next": "next", "open": "open"}
        return f"{self.lesson.title}: {words[self.state]}, {self.done} of {self.total} steps" + self.trouble


def progress(folder: Path | None = None) -> list[LessonProgress]:
    """State of every lesson whose notebooks lie in `folder` (the working folder unless given)."""
    folder = folder or Path.cwd()
    states: list[LessonProgress] = []
    next_found = False
    for lesson in syllabus().lessons:
        answered, last, trouble = _answered(lesson, folder)
        done = sum(step in answered for step in lesson.steps)
        if done == len(lesson.steps):
            state = "done"
        else:
            state, next_found = ("open" if next_found else "next"), True
        states.append(LessonProgress(lesson, state, done, last, trouble))
    return states


def resume(states: list[LessonProgress]) -> LessonProgress | None:
    """The lesson to go on with: the one last answered in if it is not done, otherwise the next one."""
    begun = [one for one in states if one.last_answer_at and one.state != "done"]
    if begun:
        return max(begun, key=lambda one: one.last_answer_at)
    return next((one for one in states if one.state == "next"), None)


def _answered(lesson: Lesson, folder: Path) -> tuple[set[str], str, str]:
    store = lesson_store(lesson.id, folder)
    try:
        found = store.read()
    except AnswersError as reason:
        return set(), "", f" ({reason})"
    return set(found.answers), max((answer.at for answer in found.answers.values()), default=""), ""
