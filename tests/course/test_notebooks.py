"""Notebooks as files: one normal form, text for differences, and what test cells say."""

import ast
import json

import pytest

from threechairs.course.notebooks import (
    activities,
    as_text,
    grader_kind,
    hidden_parts,
    last_expression,
    normal_form,
    read_notebook,
)
from threechairs.datasets import course_root
from threechairs.errors import ContentError

PLACES = ("notebooks/*.ipynb", "exercises/*/*.ipynb", "solutions/*/*.ipynb")
REAL = [path for place in PLACES for path in sorted(course_root().glob(place))]


def cell(kind="code", source="1 + 1", **parts):
    return {"cell_type": kind, "id": "a", "metadata": {}, "source": source, **parts}


def notebook(*cells):
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"widgets": {"state": 1}}, "cells": list(cells)}


def test_running_leaves_nothing_behind():
    """Outputs, counts, widget state and an editor's own notes are dropped; ids and nbgrader's data stay."""
    grader = {"grade_id": "test-one", "grade": True, "points": 2}
    run = notebook(
        cell(
            id="random",
            metadata={"nbgrader": grader, "tags": ["x"], "collapsed": True, "vscode": {}},
            outputs=[{"output_type": "stream"}],
            execution_count=7,
            source="a = 1\n\n\n",
        ),
        cell("markdown", ["# Title\n", "text"], id="b"),
    )

    plain = json.loads(normal_form(run))

    first, second = plain["cells"]
    assert first == {
        "cell_type": "code",
        "id": "test-one",
        "metadata": {"nbgrader": grader, "tags": ["x"]},
        "execution_count": None,
        "outputs": [],
        "source": ["a = 1"],
    }
    assert second == {"cell_type": "markdown", "id": "b", "metadata": {}, "source": ["# Title\n", "text"]}
    assert set(plain["metadata"]) == {"kernelspec", "language_info"}
    assert (plain["nbformat"], plain["nbformat_minor"]) == (4, 5)


def test_pasted_pictures_stay():
    """A picture that an author pasted into a text cell is content."""
    picture = {"map.png": {"image/png": "iVBORw0="}}

    plain = json.loads(normal_form(notebook(cell("markdown", "![](attachment:map.png)", attachments=picture))))

    assert plain["cells"][0]["attachments"] == picture


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_normal_form_of_the_normal_form_is_itself(path):
    """Tidying twice changes nothing, and keeps every id and every word."""
    before = read_notebook(path)
    once = normal_form(before)
    again = json.loads(once)

    assert normal_form(again) == once
    assert [one["id"] for one in again["cells"]] == [one["id"] for one in before["cells"]]
    assert [one["source"] for one in again["cells"]] == [one["source"] for one in before["cells"]]


@pytest.mark.parametrize(
    "cells", [[cell(id=None)], [cell(), cell()], [cell(id="b", metadata={"nbgrader": {"grade_id": "a"}}), cell()]]
)
def test_an_id_that_is_missing_or_used_twice_is_told(cells):
    """Ids are what answers and marks hang on, so none is made up."""
    with pytest.raises(ContentError, match=f"cell {len(cells)}: its id is missing or used twice"):
        normal_form(notebook(*cells))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"{}", b'{"nbformat": 4}', b"\xff\xfe"])
def test_what_is_no_notebook_is_told(tmp_path, content):
    """A file that was cut short or is something else is named."""
    path = tmp_path / "lesson.ipynb"
    path.write_bytes(content)

    with pytest.raises(ContentError, match=r"lesson\.ipynb: this is no notebook"):
        read_notebook(path)


def test_another_format_is_told(tmp_path):
    """Notebooks of format 3 are not guessed at."""
    path = tmp_path / "lesson.ipynb"
    path.write_text('{"nbformat": 3, "cells": []}')

    with pytest.raises(ContentError, match=r"the notebook has format 3\. Expected format 4"):
        read_notebook(path)


def test_text_for_differences_has_a_head_per_cell():
    """Kind, id, grading and points stand above the words; outputs do not appear."""
    graded = {"grade": True, "solution": False, "grade_id": "test-one", "points": 2}
    shown = as_text(notebook(cell(id="test-one", metadata={"nbgrader": graded}, outputs=["x"]), cell("markdown", "Hi")))

    assert shown == "# %% [code] test-one · test · 2 points\n1 + 1\n\n# %% [markdown] a\nHi\n"


@pytest.mark.parametrize(
    ("grader", "kind"),
    [
        ({"grade": True, "solution": True}, "manual"),
        ({"grade": True, "solution": False}, "test"),
        ({"grade": False, "solution": True}, "answer"),
        ({"locked": True}, "locked"),
        ({}, ""),
    ],
)
def test_cells_are_named_as_nbgrader_takes_them(grader, kind):
    """Manual, test, answer, locked, or nothing of the kind."""
    assert grader_kind(cell(metadata={"nbgrader": grader})) == kind


def test_activities_are_found_in_order():
    """Each shown question, sorter and table with its cell; words in a text cell are none."""
    found = activities(
        notebook(
            cell(source='ask("one-two")\nDutySorter( "sorter", rounds=[1])', id="a"),
            cell("markdown", 'ask("no")', id="b"),
            cell(source="DataMenu('orphans', table='charter')", id="c"),
            cell(source='task("none")', id="d"),
        )
    )

    assert list(found) == [("a", "ask", "one-two"), ("a", "DutySorter", "sorter"), ("c", "DataMenu", "orphans")]


def test_a_test_cell_has_a_visible_and_a_hidden_part():
    """Both come without their marks."""
    text = 'recorded("a")\n### BEGIN HIDDEN TESTS\nmark("a")\n### END HIDDEN TESTS\n'

    assert hidden_parts(text) == ('recorded("a")', 'mark("a")')


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("recorded('a')", "it has no hidden part"),
        ("### BEGIN HIDDEN TESTS\nx", "it has no hidden part"),
        ("### END HIDDEN TESTS\n### BEGIN HIDDEN TESTS", "it has no hidden part"),
        ("### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "it has no hidden part"),
        ("### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS\nprint(1)", "something follows the hidden part"),
    ],
)
def test_a_hidden_part_that_is_not_whole_is_told(text, seen):
    """A missing mark, or anything behind the Score, is refused."""
    with pytest.raises(ContentError, match=seen):
        hidden_parts(text)


@pytest.mark.parametrize("code", ["Score(0, 4)", "x = 1\nScore(0, 4)\n\n", "Score(0, 4)  # done", "a; Score(0, 4)"])
def test_the_last_expression_is_what_is_shown(code):
    """A bare Score, also behind other statements or before a comment."""
    assert ast.unparse(last_expression(code)) == "Score(0, 4)"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "# nothing",
        "x = Score(0, 4)",
        "Score(0, 4);",
        "Score(0, 4); # done",
        "if x:\n    Score(0, 4)",
        "Score(0, 4) ;\n# end",
    ],
)
def test_a_silenced_or_missing_expression_is_none(code):
    """Stock nbgrader gives full marks to a cell that shows nothing, so a semicolon is found also before a comment."""
    assert last_expression(code) is None
