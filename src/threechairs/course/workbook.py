"""The notebook that is open in this kernel: its questions, its answers and, for graded work, its case."""

from __future__ import annotations

import html
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threechairs.answers import AnswerStore, read_answers
from threechairs.company import Case, build_case
from threechairs.course.items import Item, ItemBank, SortItem, Text, item_bank
from threechairs.course.learner import case_id, data_folder
from threechairs.course.syllabus import Assignment, Lesson, syllabus
from threechairs.datasets import course_root
from threechairs.errors import UsageError, told_arguments

if TYPE_CHECKING:
    from threechairs.company.deals import DealTable


@dataclass(frozen=True)
class Workbook:
    """One lesson or assignment with its questions and answers."""

    id: str
    plan: Lesson | Assignment
    bank: ItemBank
    store: AnswerStore
    case: Case | None = None

    @property
    def graded(self) -> bool:
        """True for an assignment."""
        return self.case is not None

    def question(self, activity: str) -> Item | None:
        """The question behind an activity, or `None` for an activity that is no question of the bank."""
        return next((item for item in self.bank.items if item.id == activity), None)

    def cards(self, activity: str) -> list[Text]:
        """The cards of a graded sorting question that this learner's case draws."""
        item = self.question(activity)
        if not isinstance(item, SortItem) or self.case is None:
            return []
        return self.case.draw(f"cards of {item.id}", item.cards, item.draw)

    def texts(self, activity: str) -> dict[str, str]:
        """What stands on every option, step, entry or card of a question, by id."""
        item = self.question(activity)
        lists = ("options", "reasons", "steps", "left", "right", "cards", "rows", "columns")
        named = [name for name in lists if hasattr(item, name)]
        return {entry.id: self.fill(entry.text) for name in named for entry in getattr(item, name)}

    def deals(self, name: str) -> DealTable:
        """A deal table by name: one of the case, with this learner's own points, or one of the course.

        Raises
        ------
        ContentError
            If there is no such table.
        """
        from threechairs.company.deals import deal_table  # numpy costs a kernel time that few notebooks need

        if self.case is None or name not in self.case.rows:
            return deal_table(name)
        return deal_table(self.bank.tables[name]["table"]).with_points(self.case.table_rows(name))

    def fill(self, text: str) -> str:
        """A text of this workbook, with the facts of the learner's case."""
        return self.case.fill(text) if self.case else text


class OpenedLesson:
    """What the first cell of a lesson shows: where the learner is and where answers are kept."""

    def __init__(self, workbook: Workbook, done: int, total: int) -> None:
        self._text = f"{workbook.plan.title}: {done} of {total} steps done."
        self._where = f"Your answers are kept in {_shown(workbook.store.path)}, on this computer only."

    def __repr__(self) -> str:
        return f"{self._text} {self._where}"

    def _repr_html_(self) -> str:
        return f"<p><b>{html.escape(self._text)}</b> {html.escape(self._where)}</p>"


_current: Workbook | None = None


def current() -> Workbook:
    """The open workbook.

    Raises
    ------
    UsageError
        If no lesson or case has been opened in this kernel.
    """
    if _current is None:
        raise UsageError(
            "this notebook",
            "its first code cell has not been run yet",
            next_step="Run the first code cell (or choose Run > Run All Cells), then this one again.",
        )
    return _current


@told_arguments
def open_lesson(lesson_id: str) -> OpenedLesson:
    """Open a lesson: its questions, and the learner's answers beside the notebook.

    Parameters
    ----------
    lesson_id : str
        As in `course.yaml`, such as `"01-three-chairs"`.

    Raises
    ------
    AnswersError
        If the answer file is damaged; nothing in it is changed.
    UsageError
        If the course has no such lesson.
    """
    lesson = syllabus().lesson(lesson_id)
    store = lesson_store(lesson.id, Path.cwd())
    answered = store.read().answers
    workbook = Workbook(lesson.id, lesson, item_bank(lesson.id), store)
    _open(workbook)
    return OpenedLesson(workbook, sum(step in answered for step in lesson.steps), len(lesson.steps))


@told_arguments
def open_case(assignment_id: str) -> Case:
    """Open an assignment: the learner's own variant of the firm, and their answers.

    The attempt is the one that the answer file names, or the first.

    Parameters
    ----------
    assignment_id : str
        As in `course.yaml`, such as `"l01-three-chairs"`.

    Raises
    ------
    AnswersError
        If the answer file is damaged, or belongs to another learner, assignment or set of tables.
    UsageError
        If the course has no such assignment.

    Examples
    --------
    >>> case = open_case("l01-three-chairs")
    >>> len(case.table_rows("charter")) > 20
    True
    """
    assignment = syllabus().assignment(assignment_id)
    path = assignment_answers(assignment.id, Path.cwd())
    found = read_answers(path)
    case = case_of(assignment.id, case_id(), found.attempt if found else 1)
    store = store_of(case, path)
    store.read()
    _open(Workbook(assignment.id, assignment, item_bank(assignment.id), store, case))
    return case


def case_of(assignment_id: str, whose: str, attempt: int) -> Case:
    """The variant of an assignment that belongs to a case id and an attempt."""
    bank = item_bank(assignment_id)
    return build_case(assignment_id, whose, attempt, facts=bank.facts, tables=bank.tables)


def store_of(case: Case, path: Path) -> AnswerStore:
    """The answer file of a case at a given place."""
    return AnswerStore(path, case.assignment, case_id=case.case_id, attempt=case.attempt, fingerprint=case.fingerprint)


def lesson_store(lesson_id: str, folder: Path) -> AnswerStore:
    """The answer file of a lesson whose notebook lies in `folder`."""
    return AnswerStore(_outside_sources(folder) / "answers" / f"{lesson_id}.json", lesson_id, case_id=case_id())


def assignment_answers(assignment_id: str, folder: Path) -> Path:
    """Where the answers of an assignment lie whose notebook lies in `folder`."""
    place = _outside_sources(folder)
    return (place if place == folder else place / assignment_id) / "answers.json"


@told_arguments
def new_attempt(assignment_id: str, folder: Path | None = None) -> Case:
    """Begin the next attempt: a parallel case; the answers so far are kept under another name.

    Parameters
    ----------
    assignment_id : str
        As in `course.yaml`.
    folder : pathlib.Path, optional
        Folder of the learner's copy; the working folder unless given.

    Raises
    ------
    UsageError
        If nothing has been answered yet, or no attempt is left.
    AnswersError
        If the answers are damaged, or belong to another learner or assignment.
    """
    assignment = syllabus().assignment(assignment_id)
    path = assignment_answers(assignment.id, folder or Path.cwd())
    found = read_answers(path)
    if found is None:
        raise UsageError(assignment.id, "nothing has been answered yet, so this is still your first attempt")
    if found.attempt >= assignment.attempts:
        raise UsageError(assignment.id, f"all {assignment.attempts} attempts are used")
    whose = case_id()
    store = store_of(case_of(assignment.id, whose, found.attempt), path)
    case = case_of(assignment.id, whose, found.attempt + 1)
    store.start_over(store_of(case, path).blank, keep_as=path.with_name(f"answers-attempt-{found.attempt}.json"))
    return case


def _open(workbook: Workbook) -> None:
    global _current  # noqa: PLW0603  one notebook per kernel, as in Jupyter itself
    _current = workbook


def _outside_sources(folder: Path) -> Path:
    """The folder itself; for an author who runs the course's own files, a folder outside the course.

    An answer file in `solutions/` would be handed to every learner, and would replace theirs at grading.
    """
    root = course_root()
    for part in ("notebooks", "exercises", "solutions"):
        if folder.resolve().is_relative_to((root / part).resolve()):
            return data_folder() / "author"
    return folder


def _shown(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive on Windows
        return str(path)
