"""Marks as CSV, with a column that tells a true zero from work that is missing or could not be graded."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status"),
)


class MarksWithStatus(ExportPlugin):
    """nbgrader's own columns, quoted as CSV needs it, and `status`.

    `status` is `graded`; `needs a person` (a note to read); `not graded` (the machine could not; Formgrader shows
    why) or `not submitted`. Where a person is needed, the score is not final; where nothing was graded, there is none.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write one row per assignment and student."""
        wanted_students, wanted_assignments = set(self.student), set(self.assignment)
        with Path(self.to or "grades.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, COLUMNS)
            writer.writeheader()
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if wanted_assignments and assignment.name not in wanted_assignments:
                        continue
                    if not wanted_students or student.id in wanted_students:
                        writer.writerow(_row(gradebook, assignment, student))


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "assignment": assignment.name,
        "duedate": assignment.duedate or "",
        "student_id": _plain(student.id),
        "last_name": _plain(student.last_name),
        "first_name": _plain(student.first_name),
        "email": _plain(student.email),
        "max_score": assignment.max_score,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row | {"status": "not submitted"}
    row |= {"timestamp": submission.timestamp or "", "status": _status(submission)}
    if row["status"] == "not graded":
        return row
    penalty = submission.late_submission_penalty or 0.0
    return row | {
        "raw_score": submission.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, submission.score - penalty),
    }


def _status(submission: Any) -> str:
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    unmarked = [grade for grade in grades if grade.auto_score is None and grade.manual_score is None]
    if any(grade.cell.cell_type == "code" for grade in unmarked):
        return "not graded"
    return "needs a person" if submission.needs_manual_grade else "graded"


def _plain(text: str | None) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t" else text or ""
