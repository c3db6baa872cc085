"""A small assignment in plain nbgrader style, and folders that a learner could hand in; all made in code."""

import copy
import json

import nbformat
from nbformat import v4

from threechairs.grader.submission import read_source, read_submission

NAME = "budget"
HIDDEN = "### BEGIN HIDDEN TESTS\nassert total([2.5]) == 2.5\n### END HIDDEN TESTS"


def meta(grade_id, cell_type, grade=False, solution=False, locked=False, points=None):
    """Metadata of a cell as nbgrader writes them."""
    told = {
        "cell_type": cell_type,
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return told if points is None else {**told, "points": points}


def cell(cell_type, source, nbgrader=None, number=0):
    """One cell of the assignment."""
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return getattr(v4, f"new_{cell_type}_cell")(source=source, metadata=metadata, id=f"given-{number}")


def assignment(hidden=HIDDEN):
    """The assignment: locked cells, two answers with their tests, a text that a person reads, a cell without id."""
    rows = [
        ("markdown", "# The budget of one year", meta("title", "markdown", locked=True)),
        ("code", "import math\n\ncosts = [10.0, 20.0]", meta("setup", "code", locked=True)),
        ("markdown", "Add up the costs.", None),
        (
            "code",
            "def total(costs):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
            meta("q1", "code", solution=True),
        ),
        (
            "code",
            f"assert total([1, 2]) == 3\n{hidden}".rstrip("\n"),
            meta("test-q1", "code", grade=True, locked=True, points=3),
        ),
        ("code", "# YOUR CODE HERE", meta("q2", "code", solution=True)),
        ("code", "assert math.isclose(share, 0.5)", meta("test-q2", "code", grade=True, locked=True, points=4)),
        ("markdown", "YOUR ANSWER HERE", meta("essay", "markdown", grade=True, solution=True, points=5)),
    ]
    return v4.new_notebook(
        cells=[cell(*row, number=number) for number, row in enumerate(rows)],
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    )


ANSWERS = {
    "q1": "def total(costs):\n    # YOUR CODE HERE\n    return sum(costs)",
    "q2": "share = costs[0] / costs[1]",
    "essay": "We spend it on the gate.",
}


def source_of(folder):
    """What the course knows of the assignment, read from files as a course has them."""
    released, whole = folder / f"{NAME}.ipynb", folder / "whole.ipynb"
    nbformat.write(assignment(hidden=""), released)
    nbformat.write(assignment(), whole)
    return read_source(released, whole)


def at(book, grade_id):
    """Index of a cell in a notebook."""
    names = [one.metadata.get("nbgrader", {}).get("grade_id") for one in book.cells]
    return names.index(grade_id)


def the(book, grade_id):
    """A cell of a notebook."""
    return book.cells[at(book, grade_id)]


def answered():
    """The assignment as a good learner hands it in, with outputs."""
    book = assignment(hidden="")
    for name, text in ANSWERS.items():
        the(book, name).source = text
    the(book, "setup").outputs = [v4.new_output("display_data", {"text/html": "<script>alert(1)</script>"})]
    return book


def twin(book, grade_id, source=None):
    """A copy of a cell, as copy and paste makes it."""
    made = copy.deepcopy(the(book, grade_id))
    made.id = f"{made.id}-copy"
    made.source = made.source if source is None else source
    return made


def put(folder, book, name=f"{NAME}.ipynb"):
    """Write a notebook as it is, even if it is broken."""
    folder.mkdir(parents=True, exist_ok=True)
    text = book if isinstance(book, str) else json.dumps(book, default=str)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def read(folder, source, **options):
    """A submission and what came of its one notebook."""
    submission = read_submission(folder, [source], **options)
    return submission, submission.notebooks[source.name]


def kinds(notes):
    """Short names of what was told."""
    return sorted({note.kind for note in notes})


def texts(result):
    """Per grade_id the text of its cell in a repaired notebook."""
    return {
        one.metadata["nbgrader"]["grade_id"]: one.source for one in result.notebook.cells if "nbgrader" in one.metadata
    }
