"""Where the learner stands: done, open, next, resume.

Progress is read from the answer files beside the notebooks, each time anew. There is no second store that could
get lost or disagree with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakMethod

from threechairs.course.syllabus import Lesson, syllabus
from threechairs.course.workbook import lesson_store
from threechairs.errors import AnswersError

_watching: list[WeakMethod[Callable[[], None]]] = []


def watch(redraw: Callable[[], None]) -> None:
    """Call a bound method whenever an answer has been recorded in this kernel, for as long as its object lives."""
    _watching.append(WeakMethod(redraw))


def has_changed() -> None:
    """Tell those who watch that an answer has been recorded."""
    _watching[:] = [seen for seen in _watching if seen() is not None]
    for seen in list(_watching):
        redraw = seen()
        if redraw:
            redraw()


@dataclass(frozen=True)
class LessonProgress:
    """One lesson's state.

    `state` is `"done"` (every step answered), `"next"` (the first that is not done) or `"open"`. `assignment_href`
    leads to the lesson's assignment, where the learner has a copy of it.
    """

    lesson: Lesson
    state: str
    done: int
    last_answer_at: str
    trouble: str = ""
    assignment_href: str = ""

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
        states.append(LessonProgress(lesson, state, done, last, trouble, _assignment_href(lesson, folder)))
    return states


def resume(states: list[LessonProgress]) -> LessonProgress | None:
    """The lesson to go on with: the one last answered in if it is not done, otherwise the next one."""
    begun = [one for one in states if one.last_answer_at and one.state != "done"]
    if begun:
        return max(begun, key=lambda one: one.last_answer_at)
    return next((one for one in states if one.state == "next"), None)


def _assignment_href(lesson: Lesson, folder: Path) -> str:
    """The lesson's assignment, from the folder of the lessons; empty where the learner has no copy of it (yet)."""
    if not lesson.assignment:
        return ""
    plan = syllabus().assignment(lesson.assignment)
    place = Path(plan.id) / plan.notebook
    return f"../{place.as_posix()}" if (folder.parent / place).is_file() else ""


def _answered(lesson: Lesson, folder: Path) -> tuple[set[str], str, str]:
    store = lesson_store(lesson.id, folder)
    try:
        found = store.read()
    except AnswersError as reason:
        return set(), "", f" ({reason})"
    return set(found.answers), max((answer.at for answer in found.answers.values()), default=""), ""
