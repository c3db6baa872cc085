"""Notebooks as files: one normal form, a view as text, and what their cells say.

The normal form keeps cell ids (a graded cell's id is its grade_id) and drops everything that running leaves
behind, so that a change of one sentence is a change of one line.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from threechairs.errors import ContentError

Notebook = dict[str, Any]
Cell = dict[str, Any]

_CELL_METADATA = ("nbgrader", "tags", "jupyter")
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_CALL = re.compile(r"\b(ask|DutySorter|DataMenu|NegotiationTable|ScenarioPlayer)\(\s*[\"']([a-z0-9-]+)[\"']")


def read_notebook(path: Path) -> Notebook:
    """A notebook as plain data.

    Raises
    ------
    ContentError
        If the file is no notebook of format 4.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["nbformat"], notebook["cells"]
    except (ValueError, KeyError, TypeError) as reason:
        raise ContentError(path.name, f"this is no notebook ({reason})", "Expected .ipynb of format 4") from None
    if notebook["nbformat"] != 4:
        raise ContentError(path.name, f"the notebook has format {notebook['nbformat']}", "Expected format 4")
    return dict(notebook)


def source(cell: Cell) -> str:
    """Text of a cell."""
    text = cell.get("source", "")
    return text if isinstance(text, str) else "".join(text)


def normal_form(notebook: Notebook) -> str:
    """The notebook's text as it is committed: ids kept, no outputs, no counts, no widget state.

    Raises
    ------
    ContentError
        If a cell has no id, or two cells have the same.
    """
    cells, seen = [], set()
    for number, cell in enumerate(notebook["cells"], start=1):
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        cell_id = grade_id or cell.get("id")
        if not cell_id or cell_id in seen:
            raise ContentError(
                f"cell {number}", "its id is missing or used twice", next_step="Give it an id of its own."
            )
        seen.add(cell_id)
        kept = {key: cell["metadata"][key] for key in _CELL_METADATA if key in cell.get("metadata", {})}
        text = source(cell).rstrip()
        plain: Cell = {"cell_type": cell["cell_type"], "id": cell_id, "metadata": kept}
        plain["source"] = text.splitlines(keepends=True)
        if cell.get("attachments"):
            plain["attachments"] = cell["attachments"]  # pictures that an author has pasted
        if cell["cell_type"] == "code":
            plain |= {"execution_count": None, "outputs": []}
        cells.append(plain)
    whole = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def as_text(notebook: Notebook) -> str:
    """The notebook as text for reading differences: one headed block per cell, outputs left out."""
    blocks = []
    for cell in notebook["cells"]:
        grader = cell.get("metadata", {}).get("nbgrader", {})
        marks = f" · {grader['points']} points" if grader.get("points") is not None else ""
        kind = f" · {grader_kind(cell)}" if grader else ""
        blocks.append(f"# %% [{cell['cell_type']}] {cell.get('id', '')}{kind}{marks}\n{source(cell).rstrip()}\n")
    return "\n".join(blocks)


def grader_kind(cell: Cell) -> str:
    """What nbgrader takes a cell for: answer, test, manual, locked, or an empty text."""
    grader = cell.get("metadata", {}).get("nbgrader", {})
    if grader.get("grade") and grader.get("solution"):
        return "manual"
    if grader.get("grade"):
        return "test"
    if grader.get("solution"):
        return "answer"
    return "locked" if grader.get("locked") else ""


def activities(notebook: Notebook) -> Iterator[tuple[str, str, str]]:
    """Every activity that a code cell shows, as (cell id, function, activity id), in order."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for function, activity in _CALL.findall(source(cell)):
                yield cell.get("id", ""), function, activity


def hidden_parts(text: str) -> tuple[str, str]:
    """Visible and hidden part of a test cell.

    Raises
    ------
    ContentError
        If the marks of the hidden part are missing or out of order.
    """
    begin, end = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ContentError("test cell", "it has no hidden part", f"Expected one '{begin}' and one '{end}'")
    visible, rest = text.split(begin)
    hidden, after = rest.split(end)
    if after.strip():
        raise ContentError("test cell", "something follows the hidden part", "Expected the Score to come last")
    return visible.strip(), hidden.strip()


def last_expression(code: str) -> ast.expr | None:
    """The bare expression that ends a cell's code, or `None` if it ends otherwise (a statement, a semicolon)."""
    body = ast.parse(code).body
    if not body or not isinstance(body[-1], ast.Expr) or _ends_with_semicolon(code):
        return None
    return body[-1].value


def _ends_with_semicolon(code: str) -> bool:
    """True where IPython shows no value, so that nbgrader would give full marks; a comment may follow."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
    words = [word.string for word in tokenize.generate_tokens(io.StringIO(code).readline) if word.type not in silent]
    return words[-1:] == [";"]
