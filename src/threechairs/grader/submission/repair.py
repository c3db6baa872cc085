"""A handed-in notebook as the assignment means it: its cells, settings and tests put back, the learner's work kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threechairs.grader.submission.cells import is_changed, match
from threechairs.grader.submission.notes import Repair, UnreadableError, listed, shown
from threechairs.grader.submission.reading import SubmittedCell, SubmittedNotebook
from threechairs.grader.submission.source import SourceCell, SourceNotebook


@dataclass(frozen=True)
class Repaired:
    """A notebook that can be graded.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Format 4.5. Every cell of the assignment is in it once, with nbgrader's metadata as the course has them; tests
        and locked cells have their original text; there are no outputs, no tags and no state of widgets.
    notes : tuple of Repair
        What was put right, for the learner's feedback.
    file : str
        The file it was read from, within the folder.
    """

    notebook: Any
    notes: tuple[Repair, ...]
    file: str


@dataclass
class _Placed:
    """A cell on its way into the notebook: the learner's, the assignment's, or both in one."""

    cell: SubmittedCell | None
    original: SourceCell | None


def repair(submitted: SubmittedNotebook, source: SourceNotebook, file: str = "") -> Repaired:
    """The notebook as it can be graded, and what was put right.

    Parameters
    ----------
    submitted : SubmittedNotebook
        What was handed in.
    source : SourceNotebook
        What the assignment has.
    file : str, optional
        Where it was read from.

    Raises
    ------
    UnreadableError
        If not one cell of the assignment is in it: probably another notebook was handed in.
    """
    places, notes = match(submitted.cells, source)
    if source.cells and not places:
        raise UnreadableError(
            f"{shown(file or source.name)} holds none of the cells of {shown(source.name)}. "
            "Was the notebook of another assignment handed in?"
        )
    originals = {index: one for one in source.cells if (index := places.get(one.grade_id)) is not None}
    placed = [_Placed(cell, originals.get(index)) for index, cell in enumerate(submitted.cells)]
    changed = _changed(placed, source)
    put_back = _put_back(placed, source)
    notes = [*submitted.notes, *_kernel(submitted, source), *notes, *changed, *put_back]
    return Repaired(_notebook(placed, source), tuple(notes), file)


def _kernel(submitted: SubmittedNotebook, source: SourceNotebook) -> list[Repair]:
    if not submitted.kernel or submitted.kernel == source.kernelspec.get("name"):
        return []
    return [
        Repair("kernel", f"The notebook asked for the kernel {shown(submitted.kernel)}; it ran in the course's own.")
    ]


def _changed(placed: Sequence[_Placed], source: SourceNotebook) -> list[Repair]:
    """What the learner's copy has otherwise than the assignment."""
    notes: list[Repair] = []
    edited, settings, foreign, versions = [], [], [], set()
    known = {one.grade_id for one in source.cells}
    for one in placed:
        cell, original = one.cell, one.original
        if cell is None:
            continue
        if original is None:
            # copies keep the grade_id of their original, and are told of with it
            if cell.grade_id and cell.grade_id not in known:
                foreign.append(cell.grade_id)
            continue
        if cell.cell_type != original.cell_type:
            sentence = (
                f"The cell {shown(original.grade_id)} had become {cell.cell_type}; it is {original.cell_type} again."
            )
            notes.append(Repair("retyped", sentence, original.grade_id))
        if original.is_fixed and is_changed(cell, original):
            edited.append(original.grade_id)
        if cell.grade_id == original.grade_id:
            versions.add(cell.settings.get("schema_version") == original.metadata()["schema_version"])
            if _differs(cell.settings, original):
                settings.append(original.grade_id)
    if edited:
        sentence = f"These cells are not yours to change, and have their original text again: {listed(edited)}."
        notes.append(Repair("edited", sentence, edited[0]))
    if settings:
        sentence = f"The settings of these cells were not the assignment's, and were put back: {listed(settings)}."
        notes.append(Repair("settings", sentence, settings[0]))
    if False in versions:
        sentence = (
            "The notebook was made for another version of nbgrader; its cells are marked as in this course again."
        )
        notes.append(Repair("settings", sentence))
    if foreign:
        sentence = f"These cells do not belong to the assignment; they were run and earn no marks: {listed(foreign)}."
        notes.append(Repair("foreign", sentence))
    return notes


def _differs(settings: Mapping[str, Any], original: SourceCell) -> bool:
    """True if nbgrader's metadata mean something else than the course's."""
    grade, solution, task = (bool(settings.get(flag)) for flag in ("grade", "solution", "task"))
    # to nbgrader every test is locked and no answer is, whatever the flag says
    locked = not solution and (grade or bool(settings.get("locked")))
    points = settings.get("points") if grade or task else None
    expected = (original.grade, original.solution, original.task, original.locked, original.points)
    return (grade, solution, task, locked, points) != expected


def _put_back(placed: list[_Placed], source: SourceNotebook) -> list[Repair]:
    """Put every missing cell of the assignment back in its place.

    An answer or locked cell goes right behind the cell before it, so that it cannot undo what the learner wrote
    elsewhere; a test goes right before the next cell of the assignment, so that all of that runs first.
    """
    notes = []
    present = {one.original.grade_id for one in placed if one.original}
    before = ""
    for number, one in enumerate(source.cells):
        if one.grade_id not in present:
            at = _place_of(before, placed) + 1 if before else 0
            if one.is_test:
                following = {later.grade_id for later in source.cells[number + 1 :]}
                at = next((i for i in range(at, len(placed)) if _name(placed[i]) in following), len(placed))
            placed.insert(at, _Placed(None, one))
            notes.append(Repair("missing", _missing(one), one.grade_id))
        before = one.grade_id
    return notes


def _missing(one: SourceCell) -> str:
    name = shown(one.grade_id)
    if one.solution:
        return f"The answer cell {name} was missing: it was put back empty, and counts as not answered."
    return f"The {'test' if one.is_test else 'cell'} {name} was missing, and was put back."


def _name(one: _Placed) -> str:
    return one.original.grade_id if one.original else ""


def _place_of(grade_id: str, placed: Sequence[_Placed]) -> int:
    return next(index for index, one in enumerate(placed) if _name(one) == grade_id)


def _notebook(placed: Sequence[_Placed], source: SourceNotebook) -> Any:
    from nbformat import from_dict

    ids = _Ids(one.grade_id for one in source.cells)
    language = source.kernelspec.get("language") or "python"
    # built by hand: nbformat's own functions check each cell against the schema, which takes most of the time here
    return from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": dict(source.kernelspec), "language_info": {"name": language}},
            "cells": [_cell(one.cell, one.original, ids) for one in placed],
        }
    )


def _cell(cell: SubmittedCell | None, original: SourceCell | None, ids: _Ids) -> dict[str, Any]:
    """The cell as it is graded: kind, settings and fixed text are the assignment's, the rest is the learner's."""
    made: dict[str, Any] = {"id": ids.of(original.grade_id if original else ""), "metadata": {}}
    if cell:
        made |= {"cell_type": cell.cell_type, "source": cell.source}
    if original:
        made["cell_type"] = original.cell_type
        # Jupyter then lets nobody delete it, nor edit what is not the learner's
        made["metadata"] = {"nbgrader": original.metadata(), "deletable": False}
        if original.is_fixed:
            made["metadata"]["editable"] = False
        if original.is_fixed or not cell:
            made["source"] = original.source
    if made["cell_type"] == "code":
        made |= {"execution_count": None, "outputs": []}
    elif cell and cell.attachments:
        made["attachments"] = cell.attachments
    return made


class _Ids:
    """Cell ids as format 4.5 wants them: short, plain, each once; an assignment's cell is named by its grade_id."""

    def __init__(self, grade_ids: Iterable[str]) -> None:
        self.kept = {name for name in grade_ids if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)}
        self.number = 0

    def of(self, grade_id: str) -> str:
        """The id of a cell."""
        if grade_id in self.kept:
            return grade_id
        self.number += 1
        while f"cell-{self.number}" in self.kept:
            self.number += 1
        return f"cell-{self.number}"
