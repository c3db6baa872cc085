"""`notebooks/course.yaml`: the only place that orders lessons and states their minutes and objectives."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from threechairs.datasets import course_root
from threechairs.errors import UsageError, did_you_mean
from threechairs.yaml_files import load_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lesson(_Strict):
    """One lesson: `notebooks/<id>.ipynb`.

    `steps` are the activities (questions, sorters, notes) whose answers count as progress, in order.
    """

    id: str = Field(pattern=r"^\d\d-[a-z0-9-]+$")
    title: str
    minutes: int = Field(gt=0)
    reading_minutes: int = Field(ge=0)
    doing_minutes: int = Field(ge=0)
    objectives: list[str] = []
    steps: list[str]
    assignment: str | None = None


class Assignment(_Strict):
    """One graded assignment: `solutions/<id>/` for its author, `exercises/<id>/` for learners."""

    id: str = Field(pattern=r"^l\d\d-[a-z0-9-]+$")
    title: str
    lesson: str
    minutes: int = Field(gt=0)
    attempts: int = Field(default=2, ge=1)

    @property
    def notebook(self) -> str:
        """File name of the assignment's notebook."""
        return f"{self.id.split('-', 1)[1]}.ipynb"


class LearningPath(_Strict):
    """A selection of lessons for one purpose."""

    id: str
    title: str
    minutes: int
    lessons: list[str]


class Syllabus(_Strict):
    """The whole of `course.yaml`."""

    format: int
    title: str
    note: str
    paths: list[LearningPath]
    lessons: list[Lesson]
    assignments: list[Assignment]

    def lesson(self, lesson_id: str) -> Lesson:
        """Lesson by id, or by the number it begins with."""
        return _find(lesson_id, self.lessons, "lesson")

    def assignment(self, assignment_id: str) -> Assignment:
        """Assignment by id, or by the number it begins with (`l01`)."""
        return _find(assignment_id, self.assignments, "assignment")


def syllabus(root: Path | None = None) -> Syllabus:
    """The course's syllabus.

    Examples
    --------
    >>> syllabus().lesson("01").id
    '01-three-chairs'
    """
    return _syllabus(root or course_root())


@cache
def _syllabus(root: Path) -> Syllabus:
    return load_yaml(root / "notebooks" / "course.yaml", Syllabus)


_Named = TypeVar("_Named", Lesson, Assignment)


def _find(wanted: str, known: list[_Named], what: str) -> _Named:
    for one in known:
        if wanted in {one.id, one.id.split("-", 1)[0]}:
            return one
    ids = [one.id for one in known]
    raise UsageError(f"{what} {wanted!r}", f"the course has no such {what}", next_step=did_you_mean(wanted, ids))
