"""What the course knows about an assignment's notebook: its cells with a grade_id, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from threechairs.errors import GradingError

_PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
# nbgrader's own marks around what learners do not get to see
_HIDDEN = (("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"), ("BEGIN MARK SCHEME", "END MARK SCHEME"))


@dataclass(frozen=True)
class SourceCell:
    """A cell with a grade_id, as the gradebook knows it.

    Parameters
    ----------
    grade_id : str
        Its name, unique within the notebook.
    cell_type : str
        `code`, `markdown` or `raw`.
    grade, solution, task, locked : bool
        As nbgrader means them: a test is `grade` without `solution` and always locked; an answer read by a person is
        both; `locked` says that the text is not the learner's.
    points : float, optional
        Most points that the cell gives; none for cells without marks.
    checksum : str, optional
        nbgrader's fingerprint of the cell.
    source : str
        Its whole text: of a test with the hidden part, of an answer what stands there before the learner writes.
    released : str, optional
        The text that learners were given, where it is known; otherwise `source` without its hidden parts.
    """

    grade_id: str
    cell_type: str
    grade: bool
    solution: bool
    task: bool
    locked: bool
    points: float | None
    checksum: str | None
    source: str
    released: str | None = None

    @property
    def is_test(self) -> bool:
        """True for a cell that is graded automatically."""
        return self.grade and not self.solution

    @property
    def is_fixed(self) -> bool:
        """True if the text is not the learner's to change."""
        return not self.solution and (self.locked or self.grade)

    @property
    def given(self) -> str:
        """The text that learners were given."""
        return without_hidden_parts(self.source) if self.released is None else self.released

    def metadata(self) -> dict[str, Any]:
        """Metadata of this cell as nbgrader keeps them, in the version that nbgrader 0.9 writes."""
        told: dict[str, Any] = {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "task": self.task,
            "locked": self.locked,
            "cell_type": self.cell_type,
        }
        if self.points is not None and (self.grade or self.task):
            told["points"] = self.points
        if self.checksum is not None:
            told["checksum"] = self.checksum
        return told


@dataclass(frozen=True)
class SourceNotebook:
    """A notebook of the assignment.

    Parameters
    ----------
    name : str
        File name without `.ipynb`.
    cells : tuple of SourceCell
        In their order.
    kernelspec : mapping, optional
        Which kernel it runs in; Python 3 unless given.
    plain : frozenset of str, optional
        Texts of the author's cells without a grade_id; None where they are not known (a gradebook has none of them).
    """

    name: str
    cells: tuple[SourceCell, ...]
    kernelspec: Mapping[str, Any] = field(default_factory=lambda: dict(_PYTHON))
    plain: frozenset[str] | None = None


def without_hidden_parts(text: str) -> str:
    r"""A test cell's text as learners get it: without the lines that nbgrader takes out.

    Examples
    --------
    >>> without_hidden_parts("assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS")
    'assert f(1)'
    """
    kept, until = [], ""
    for line in text.split("\n"):
        if until:
            until = "" if until in line else until
            continue
        until = next((end for begin, end in _HIDDEN if begin in line), "")
        if not until:
            kept.append(line)
    return "\n".join(kept)


def read_source(released: Path, with_tests: Path | None = None) -> SourceNotebook:
    """An assignment's notebook, read from the course's own files.

    Parameters
    ----------
    released : pathlib.Path
        The notebook as learners get it. Answers are taken from here only, so that no solution can get out.
    with_tests : pathlib.Path, optional
        The notebook with whole tests (nbgrader's source or source_with_tests); its locked cells and tests are used.

    Raises
    ------
    GradingError
        If a file is no notebook, or its grade_ids are missing or used twice.
    """
    book = _read(released)
    hidden = {cell.grade_id: cell for cell in _cells_of(_read(with_tests), with_tests)} if with_tests else {}
    cells = []
    for cell in _cells_of(book, released):
        whole = hidden.get(cell.grade_id)
        if cell.is_fixed and whole is not None and whole.is_fixed:
            cells.append(replace(whole, released=cell.source))
        else:
            cells.append(replace(cell, released=cell.source))
    plain = frozenset(cell.source.strip() for cell in book.cells if not _is_known(cell))
    return SourceNotebook(released.stem, tuple(cells), dict(book.metadata.get("kernelspec") or _PYTHON), plain)


def _read(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as reason:
        raise GradingError(path.name, f"this notebook of the course cannot be read ({reason})") from None


def _is_known(cell: Any) -> bool:
    told = cell.metadata.get("nbgrader", {})
    return any(told.get(flag) for flag in ("grade", "solution", "locked", "task"))


def _cells_of(book: Any, path: Path) -> list[SourceCell]:
    from nbgrader.utils import compute_checksum

    cells: dict[str, SourceCell] = {}
    for cell in filter(_is_known, book.cells):
        told = cell.metadata["nbgrader"]
        grade_id = told.get("grade_id")
        if not grade_id or grade_id in cells:
            raise GradingError(path.name, f"the grade_id {grade_id!r} is missing or used twice")
        grade, solution, task = (bool(told.get(flag)) for flag in ("grade", "solution", "task"))
        cells[grade_id] = SourceCell(
            grade_id=grade_id,
            cell_type=cell.cell_type,
            grade=grade,
            solution=solution,
            task=task,
            locked=not solution and (grade or bool(told.get("locked"))),
            points=float(told.get("points") or 0) if grade or task else None,
            checksum=compute_checksum(cell),
            source=cell.source,
        )
    return list(cells.values())
