"""A look at a learner's work before it is handed in, in words that help to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from threechairs.answers import AnswerFile, describe_mismatch, read_answers
from threechairs.course.items import Item, PlayItem, item_bank
from threechairs.course.notebooks import grader_kind, read_notebook, source
from threechairs.course.syllabus import Assignment
from threechairs.course.workbook import Workbook, case_of, store_of
from threechairs.datasets import course_root
from threechairs.errors import AnswerFormError, AnswersError, ContentError
from threechairs.marking.judge import form_of
from threechairs.marking.plays import graded_play
from threechairs.scenario.load import load_story


def preflight(assignment: Assignment, folder: Path, case_id: str) -> tuple[list[str], list[str]]:
    """What must be mended before handing in, and what has no answer or only half of one.

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
    problems, open_questions : list of str
        Sentences; and ids of questions, with what is missing where a part of the answer is there.
    """
    notebook = folder / assignment.notebook
    if not notebook.is_file():
        return [
            f"{notebook} is missing. Open the assignment with `threechairs learn`, which makes a copy; or name the "
            "folder of your copies with --folder."
        ], []
    problems = list(_notebook_problems(notebook, assignment))
    answers: AnswerFile | None = None
    try:
        answers = read_answers(folder / "answers.json")
        if answers is not None:
            case = case_of(assignment.id, case_id, answers.attempt)
            store = store_of(case, folder / "answers.json")
            mismatch = describe_mismatch(answers, store.blank)
            if mismatch:
                other_name = answers.case_id != store.blank.case_id
                under = "Hand in under the name you worked with (--name), or begin anew." if other_name else _ASK
                problems.append(f"answers.json: {mismatch}. {under}")
    except AnswersError as reason:
        problems.append(str(reason))
    given = answers.answers if answers else {}
    bank = item_bank(assignment.id)
    case = case_of(assignment.id, case_id, answers.attempt if answers else 1)
    workbook = Workbook(assignment.id, assignment, bank, store_of(case, folder / "answers.json"), case)
    asked = [item for item in bank.items if not item.opinion]
    missing = [(item, _missing(workbook, item, given[item.id].value if item.id in given else None)) for item in asked]
    open_questions = [f"{item.id}{said and f' ({said})'}" for item, said in missing if said is not None]
    return problems, open_questions + [f"{name} (the text is as it was)" for name in _untouched(notebook, assignment)]


_LACKS = {"one": "no reason chosen", "several": "nothing chosen"}
_ASK = "Tell your instructor: the course's tables were changed after you began."


def _missing(workbook: Workbook, item: Item, value: Mapping[str, Any] | None) -> str | None:
    """What an answer lacks, in words; an empty text if there is no answer at all, `None` if nothing is missing."""
    if value is None:
        return ""
    form = form_of(workbook, item.id)
    try:
        read = form.read({name: part for name, part in value.items() if name != "confidence"})
    except AnswerFormError:
        return ""
    if isinstance(item, PlayItem):
        return _missing_from_play(workbook, item, read["plays"])
    if form.complete(read):
        return None
    if form.kind in _LACKS:
        return _LACKS[form.kind]
    done = len(read[{"sort": "placements", "matrix": "cells"}.get(form.kind, "pairs")])
    return f"{done} of {len(form.choices)} given"


def _missing_from_play(workbook: Workbook, item: PlayItem, plays: Sequence[Mapping[str, Any]]) -> str | None:
    """Why the graded play would get no marks; nothing is missing once it has ended."""
    if not plays:
        return ""
    graded = graded_play(workbook, load_story(item.scenario), plays)
    if graded.play is not None:
        unfinished = f"the play is not finished: it stands at “{graded.play.scene.title}”"
        return None if graded.play.ending else unfinished
    return f"it cannot be marked: {graded.why.rstrip('.')}"


def _untouched(notebook: Path, assignment: Assignment) -> list[str]:
    """Notes for a person to read that still say what the assignment put there."""
    try:
        cells = read_notebook(notebook)["cells"]
    except ContentError:
        return []  # told among the problems
    released = read_notebook(course_root() / "exercises" / assignment.id / assignment.notebook)["cells"]
    texts = {_grade_id(cell): source(cell) for cell in released if grader_kind(cell) == "manual"}
    return [_grade_id(cell) for cell in cells if texts.get(_grade_id(cell)) == source(cell)]


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
