"""Whether a submission can be graded: whose case it is, and whether its answers were given on that case."""

from __future__ import annotations

import csv
from pathlib import Path

from threechairs.answers import describe_mismatch, read_answers
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import case_of, store_of
from threechairs.datasets import course_root
from threechairs.errors import AnswersError, GradingError, UsageError


def case_id_of(student_id: str, roster: Path | None = None) -> str:
    """Case id of a student: as `grading/roster.csv` maps it, otherwise the student's own id.

    The roster has the columns `student_id` and `case_id`.

    Raises
    ------
    GradingError
        If the roster lacks a column.
    """
    path = roster or course_root() / "grading" / "roster.csv"
    if not path.is_file():
        return student_id
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not {"student_id", "case_id"} <= set(reader.fieldnames or ()):
            raise GradingError(str(path), f"its columns are {reader.fieldnames}", "Expected student_id and case_id")
        cases = {row["student_id"]: row["case_id"] for row in reader}
    return cases.get(student_id) or student_id


def why_not_graded(folder: Path, assignment_id: str, student_id: str) -> str:
    """Sentence that says why a submission cannot be graded, or an empty text if it can.

    Parameters
    ----------
    folder : pathlib.Path
        The submission, with or without an `answers.json`.
    assignment_id, student_id : str
        As nbgrader knows them. Assignments that are not in `course.yaml` are none of our business.

    Notes
    -----
    A missing answer file is no reason: answers given in code cells are recorded when the notebook runs.
    """
    try:
        assignment = syllabus().assignment(assignment_id)
    except UsageError:
        return ""
    path = folder / "answers.json"
    try:
        found = read_answers(path)
        if found is None:
            return ""
        if not 1 <= found.attempt <= assignment.attempts:
            return f"answers.json is of attempt {found.attempt}; {assignment.attempts} attempts are allowed"
        expected = store_of(case_of(assignment.id, case_id_of(student_id), found.attempt), path)
    except AnswersError as reason:
        return str(reason)
    return describe_mismatch(found, expected.blank)
