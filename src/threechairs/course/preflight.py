"""A look at a learner's work before it is handed in, in words that help to mend it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from threechairs.answers import AnswerFile, describe_mismatch, read_answers
from threechairs.course.items import item_bank
from threechairs.course.notebooks import read_notebook
from threechairs.course.syllabus import Assignment
from threechairs.course.workbook import case_of, store_of
from threechairs.datasets import course_root
from threechairs.errors import AnswersError, ContentError


def preflight(assignment: Assignment, folder: Path, case_id: str) -> tuple[list[str], list[str]]:
    """What must be mended before handing in, and which questions have no answer.

    Parameters
    ----------
    assignment : Assignment
        What is handed in.
    folder : pathlib.Path
        The learner's copy.
    case_id : str
        Whose case it should be.

    Returns
    -------
    problems, unanswered : list of str
        Sentences, and ids of questions.
    """
    notebook = folder / assignment.notebook
    if not notebook.is_file():
        return [f"{notebook} is missing. Open the assignment with `threechairs learn`; a new copy is made."], []
    problems = list(_notebook_problems(notebook, assignment))
    answers: AnswerFile | None = None
    try:
        answers = read_answers(folder / "answers.json")
        if answers is not None:
            case = case_of(assignment.id, case_id, answers.attempt)
            mismatch = describe_mismatch(answers, store_of(case, folder / "answers.json").blank)
            if mismatch:
                problems.append(
                    f"answers.json: {mismatch}. Hand in under the name you worked with (--name), or begin anew."
                )
    except AnswersError as reason:
        problems.append(str(reason))
    given = answers.answers if answers else {}
    asked = [item.id for item in item_bank(assignment.id).items if not item.opinion]
    return problems, [item for item in asked if item not in given]


def _notebook_problems(notebook: Path, assignment: Assignment) -> list[str]:
    """Cells that were lost or copied: the two ways in which notebooks break most often."""
    try:
        cells = read_notebook(notebook)["cells"]
    except ContentError as reason:
        return [f"{reason} Rename it and open the assignment again; your answers in answers.json stay."]
    released = read_notebook(course_root() / "exercises" / assignment.id / assignment.notebook)["cells"]
    seen = Counter(_grade_id(cell) for cell in cells if _grade_id(cell))
    expected = [_grade_id(cell) for cell in released if _grade_id(cell)]
    lost = [grade_id for grade_id in expected if grade_id not in seen]
    copied = [grade_id for grade_id, times in seen.items() if times > 1]
    problems = []
    if lost:
        problems.append(
            f"{notebook.name}: these cells are missing: {', '.join(lost)}. Undo, or rename the notebook and open the "
            "assignment again; your answers stay."
        )
    if copied:
        problems.append(f"{notebook.name}: these cells stand there twice: {', '.join(copied)}. Delete one of each.")
    return problems


def _grade_id(cell: dict[str, object]) -> str:
    metadata = cell.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return str(grader.get("grade_id", "")) if isinstance(grader, dict) else ""
