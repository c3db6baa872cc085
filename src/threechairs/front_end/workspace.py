"""The learner's own folder: copies of lessons and assignments, made once, never overwritten."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from threechairs.course.syllabus import syllabus
from threechairs.datasets import course_root, is_clone

WORK_FOLDER = "THREECHAIRS_WORK"
"""Environment variable by which a terminal in the learner's Jupyter knows the folder."""


def default_workspace() -> Path:
    """The folder that `threechairs learn` was told to use; else `my-work/` in the clone, or where a wheel is used."""
    told = os.environ.get(WORK_FOLDER)
    if told:
        return Path(told)
    root = course_root()
    return (root if is_clone(root) else Path.cwd()) / "my-work"


def fill_workspace(workspace: Path, *, assignments: bool = True) -> list[Path]:
    """Copy what is missing; leave what is there.

    Parameters
    ----------
    workspace : pathlib.Path
        The learner's folder. Lessons go to `notebooks/`, each assignment to a folder of its own name.
    assignments : bool, default True
        False where assignments are fetched from an instructor.

    Returns
    -------
    list of pathlib.Path
        The copies that were made now.
    """
    root = course_root()
    made = []
    for lesson in sorted((root / "notebooks").glob("*.ipynb")):
        made += _copy(lesson, workspace / "notebooks" / lesson.name)
    if assignments:
        for assignment in syllabus(root).assignments:
            made += _copy(
                root / "exercises" / assignment.id / assignment.notebook,
                workspace / assignment.id / assignment.notebook,
            )
    _trust(made)
    return made


def _trust(copies: list[Path]) -> None:
    """Sign copies of the kit's own notebooks, as `jupyter trust` does; otherwise Start asks before it runs anything."""
    if copies:
        import nbformat
        from nbformat.sign import NotebookNotary

        notary = NotebookNotary()
        for copy in copies:
            notary.sign(nbformat.read(copy, as_version=4))


def _copy(original: Path, copy: Path) -> list[Path]:
    if copy.exists():
        return []
    copy.parent.mkdir(parents=True, exist_ok=True)
    # written beside and moved, so that a copy that was broken off is not taken for the learner's work
    part = copy.with_name(f".{copy.name}.part")
    shutil.copyfile(original, part)
    part.replace(copy)
    return [copy]
