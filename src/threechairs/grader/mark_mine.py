"""Marks for the learner's own work, by the same tests that a class is marked by."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from threechairs.course.syllabus import Assignment
from threechairs.errors import GradingError
from threechairs.grader.admission import why_not_graded
from threechairs.grader.scratch import ScratchCourse, scratch_course
from threechairs.marking.score import MIME_TYPE


@dataclass(frozen=True)
class QuestionMarks:
    """Marks for one question, with the criteria that explain them."""

    name: str
    points: float
    max_points: float
    criteria: list[dict[str, Any]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Marks as text: the points, then the reason for each point that was lost."""
        lost = [c for c in self.criteria if c["comment"] and (c["points"] < c["max_points"] or not c["max_points"])]
        return [f"{self.points:g} of {self.max_points:g}  {self.name}", *(f"    {c['comment']}" for c in lost)]


@dataclass(frozen=True)
class Marks:
    """All marks of one submission, and where the feedback page lies."""

    questions: list[QuestionMarks]
    waiting_points: float
    feedback: Path

    @property
    def points(self) -> float:
        """Automatic points."""
        return sum(question.points for question in self.questions)

    @property
    def max_points(self) -> float:
        """Automatic points that can be reached."""
        return sum(question.max_points for question in self.questions)


def mark_folder(root: Path, assignment: Assignment, folder: Path, student_id: str) -> Marks:
    """Mark a learner's folder on a scratch copy of the course; the folder only gains a feedback page.

    Parameters
    ----------
    root : pathlib.Path
        The clone, with solutions.
    assignment : Assignment
        What to mark.
    folder : pathlib.Path
        The learner's copy, with notebook and answers.
    student_id : str
        Whose case it is.

    Raises
    ------
    GradingError
        If the work cannot be marked; says why. It is never marked as zero instead.
    """
    reason = why_not_graded(folder, assignment.id, student_id)
    if reason:
        raise GradingError(assignment.id, f"not marked, because {reason}")
    with scratch_course(root, assignment.id) as course:
        course.generate(assignment.id)
        submission = course.submitted(assignment.id, student_id)
        submission.mkdir(parents=True)
        for name in (assignment.notebook, "answers.json"):
            if (folder / name).is_file():
                shutil.copyfile(folder / name, submission / name)
        course.autograde(assignment.id, student_id)
        page = course.feedback(assignment.id, student_id) / f"{Path(assignment.notebook).stem}.html"
        kept = folder / "feedback" / page.name
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(page, kept)
        return _read_marks(course, assignment, student_id, kept)


def _read_marks(course: ScratchCourse, assignment: Assignment, student_id: str, feedback: Path) -> Marks:
    """Marks from the gradebook, reasons from the marked notebook."""
    notebook = json.loads((course.autograded(assignment.id, student_id) / assignment.notebook).read_text("utf-8"))
    reasons = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            told = output.get("data", {}).get(MIME_TYPE)
            if told:
                reasons[cell["metadata"]["nbgrader"]["grade_id"]] = told["criteria"]
    questions, waiting_points = [], 0.0
    with course.api.gradebook as gradebook:
        submission = gradebook.find_submission(assignment.id, student_id)
        grades = {grade.name: grade for book in submission.notebooks for grade in book.grades}
        for cell in notebook["cells"]:
            grade = grades.get(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"))
            if grade is None:
                continue
            if grade.cell.cell_type != "code":
                waiting_points += grade.max_score
            elif grade.auto_score is None:
                raise GradingError(
                    assignment.id, f"{grade.name} was not marked", next_step="Look at the feedback page."
                )
            else:
                name = grade.name.removeprefix("test-")
                questions.append(QuestionMarks(name, grade.auto_score, grade.max_score, reasons.get(grade.name, [])))
    return Marks(questions, waiting_points, feedback)
