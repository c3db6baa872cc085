"""Rules over assignments: above all, that no test cell can give marks by accident."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from threechairs import marking
from threechairs.authoring.lesson_rules import check_normal
from threechairs.authoring.problems import Problem
from threechairs.course.items import OneItem, item_bank
from threechairs.course.notebooks import (
    Cell,
    activities,
    grader_kind,
    hidden_parts,
    last_expression,
    read_notebook,
    source,
)
from threechairs.course.syllabus import Assignment, syllabus
from threechairs.datasets import table
from threechairs.errors import ContentError, did_you_mean
from threechairs.grader.limits import Limits
from threechairs.yaml_files import load_yaml

MARKS = {name for name in marking.__all__ if name.startswith("mark_")}
VARIABLE_MARKS = {"mark_frame"}
"""Marks of what a variable of the notebook holds; all others are marks of recorded answers to questions."""
_IMPORTED = re.compile(r"^from threechairs\.marking import .*$", re.MULTILINE)
_BELIEF_AT = {"wrong": 1, "pairs": 3}
"""Where a misconception stands in each entry of a list that a mark takes."""
SECRET_WORDS = ("HIDDEN TESTS", "BEGIN SOLUTION", "mark_")


class _Points(BaseModel):
    model_config = ConfigDict(extra="forbid")
    automatic_points: float
    manual_points: float


class Policy(BaseModel):
    """`grading/policy.yaml`."""

    model_config = ConfigDict(extra="forbid")
    format: int
    assignments: dict[str, _Points]
    limits: Limits = Limits()


def check_assignments(root: Path) -> Iterator[Problem]:
    """Every assignment keeps the Score rules, adds up, and gives nothing away."""
    plan = syllabus(root)
    policy = load_yaml(root / "grading" / "policy.yaml", Policy)
    yield from _no_stray_files(root)
    seen: Counter[str] = Counter()
    for assignment in plan.assignments:
        path = root / "solutions" / assignment.id / assignment.notebook
        if not path.is_file():
            yield Problem(f"solutions/{assignment.id}", f"{assignment.notebook} is missing")
            continue
        where = f"solutions/{assignment.id}/{path.name}"
        notebook = read_notebook(path)
        cells = notebook["cells"]
        yield from check_normal(where, path, notebook)
        yield from _points(where, cells, assignment, policy)
        yield from _questions(where, assignment, notebook, root)
        for cell in cells:
            seen.update(filter(None, [_grade_id(cell)]))
            if grader_kind(cell) == "test":
                yield from _test_cell(f"{where}, cell {cell.get('id')}", cell, assignment, root)
        yield from _released(root, assignment)
    for grade_id, times in seen.items():
        if times > 1:
            yield Problem("solutions/", f"grade_id {grade_id!r} is used {times} times; it must be unique in the course")


def _no_stray_files(root: Path) -> Iterator[Problem]:
    """Nbgrader hands every file beside a solution to learners, and at grading puts it over theirs."""
    for folder in ("solutions", "exercises"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".ipynb" and ".ipynb_checkpoints" not in path.parts:
                relative = path.relative_to(root).as_posix()
                yield Problem(relative, "only notebooks may lie here: nbgrader gives this file to every learner")


def _points(where: str, cells: list[Cell], assignment: Assignment, policy: Policy) -> Iterator[Problem]:
    told = policy.assignments.get(assignment.id)
    if told is None:
        yield Problem("grading/policy.yaml", f"{assignment.id} is missing")
        return
    for kind, expected in (("test", told.automatic_points), ("manual", told.manual_points)):
        points = sum(cell["metadata"]["nbgrader"]["points"] for cell in cells if grader_kind(cell) == kind)
        if points != expected:
            yield Problem(where, f"its {kind} cells are worth {points:g} points; grading/policy.yaml says {expected:g}")


def _questions(where: str, assignment: Assignment, notebook: dict[str, list[Cell]], root: Path) -> Iterator[Problem]:
    """Every question of the bank is asked and marked, except opinions, which are only asked."""
    shown = {activity for _cell, _function, activity in activities(notebook)}
    marked = {_marked(cell) for cell in notebook["cells"] if grader_kind(cell) == "test"}
    given = {name for cell in notebook["cells"] if grader_kind(cell) == "answer" for name in _assigned(cell)}
    for variable in sorted(filter(None, {_marked_variable(cell) for cell in notebook["cells"]} - given)):
        yield Problem(where, f"no answer cell gives variable {variable!r} a value, so nobody can be marked on it")
    for item in item_bank(assignment.id, root).items:
        if item.id not in shown:
            yield Problem(where, f"no cell asks question {item.id!r}")
        if not item.opinion and item.id not in marked:
            yield Problem(where, f"no test cell marks question {item.id!r}")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not grader_kind(cell):
            unknown = "nbgrader does not know this cell; lock it or make it an answer"
            yield Problem(f"{where}, cell {cell.get('id')}", unknown)


def _test_cell(where: str, cell: Cell, assignment: Assignment, root: Path) -> Iterator[Problem]:
    """A visible part that ends in `recorded("…")`, and a hidden part that ends in one bare `mark_…("…", points)`.

    Where the marks are for a variable of the notebook, the visible part ends in `defined("…")`.
    """
    try:
        visible, hidden = hidden_parts(source(cell))
    except ContentError as reason:
        yield Problem(where, str(reason))
        return
    call = last_expression(hidden)
    of_variable = _called(call, VARIABLE_MARKS) is not None
    shows = "defined" if of_variable else "recorded"
    activity = _called(last_expression(visible), {shows})
    if activity is None:
        yield Problem(where, f'its visible part must end in {shows}("…"), so that untouched work is told')
    marked = _called(call, MARKS)
    if marked is None:
        yield Problem(where, f"its hidden part must end in one bare call of {', '.join(sorted(MARKS))}, no semicolon")
        return
    if marked != activity:
        yield Problem(where, f"the visible part is about {activity!r}, the hidden part about {marked!r}")
    if not of_variable and marked not in {item.id for item in item_bank(assignment.id, root).items}:
        yield Problem(where, f"there is no question {marked!r} in datasets/items/{assignment.id}.yaml")
    assert isinstance(call, ast.Call)
    points = cell["metadata"]["nbgrader"]["points"]
    given = call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else None
    if given != points:
        yield Problem(where, f"the cell is worth {points:g} points, its hidden part gives {given!r}")
    if cell.get("id") != _grade_id(cell):
        yield Problem(where, f"its id must be its grade_id {_grade_id(cell)!r}. Run `threechairs tidy`.")
    beliefs = {row["misconception_id"] for row in table("misconceptions", root)}
    for belief in _named_beliefs(call):
        if belief not in beliefs:
            yield Problem(where, f"belief {belief!r} is not in misconceptions.csv. {did_you_mean(belief, beliefs)}")
    for option in _without_belief(call, marked, assignment, root):
        yield Problem(where, f"{option!r} can be wrong, and 'beliefs' does not say which misconception it points at")


def _released(root: Path, assignment: Assignment) -> Iterator[Problem]:
    path = root / "exercises" / assignment.id / assignment.notebook
    where = f"exercises/{assignment.id}/{assignment.notebook}"
    if not path.is_file():
        yield Problem(where, "it is missing. Run `threechairs build`.")
        return
    for cell in read_notebook(path)["cells"]:
        text = _IMPORTED.sub("", source(cell))
        for word in SECRET_WORDS:
            if word in text:
                yield Problem(f"{where}, cell {cell.get('id')}", f"it gives away {word!r}. Run `threechairs build`.")


def _grade_id(cell: Cell) -> str:
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def _marked(cell: Cell, marks: set[str] = MARKS - VARIABLE_MARKS) -> str | None:
    try:
        return _called(last_expression(hidden_parts(source(cell))[1]), marks)
    except ContentError:
        return None


def _marked_variable(cell: Cell) -> str | None:
    return _marked(cell, VARIABLE_MARKS) if grader_kind(cell) == "test" else None


def _assigned(cell: Cell) -> set[str]:
    """Names that a cell of code gives a value."""
    if cell["cell_type"] != "code":
        return set()
    try:
        names = ast.walk(ast.parse(source(cell)))
    except SyntaxError:
        return set()  # a magic, or a mistake that is told where notebooks are run
    return {node.id for node in names if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _called(expression: ast.expr | None, functions: set[str]) -> str | None:
    """First argument of a bare call of one of the functions, if the expression is one."""
    if not isinstance(expression, ast.Call) or not isinstance(expression.func, ast.Name):
        return None
    if expression.func.id not in functions or not expression.args:
        return None
    first = expression.args[0]
    return str(first.value) if isinstance(first, ast.Constant) else None


def _without_belief(call: ast.Call, marked: str, assignment: Assignment, root: Path) -> Iterator[str]:
    """Options and reasons of a choice that are not always right and point at no misconception."""
    item = next((one for one in item_bank(assignment.id, root).items if one.id == marked), None)
    if not isinstance(item, OneItem):
        return
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    named = _literal(given.get("beliefs"))
    always_right = {
        option
        for part in ("options", "reasons")
        for option, worth in _literal(given.get(part)).items()
        if isinstance(worth, ast.Constant) and worth.value in {"best", "defensible"}
    }
    yield from (one.id for one in (*item.options, *item.reasons) if one.id not in always_right | set(named))


def _literal(node: ast.expr | None) -> dict[str, ast.expr]:
    """Entries of a dictionary that is written out; none for anything else."""
    if not isinstance(node, ast.Dict):
        return {}
    return {
        str(key.value): value
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
    }


def _named_beliefs(call: ast.Call) -> Iterator[str]:
    """Misconceptions that a mark names: values of `beliefs`, second of each entry of `wrong`, fourth of `pairs`."""
    for keyword in call.keywords:
        if keyword.arg == "beliefs":
            for node in ast.walk(keyword.value):
                if isinstance(node, ast.Dict):
                    yield from (str(v.value) for v in node.values if isinstance(v, ast.Constant))
        place = _BELIEF_AT.get(keyword.arg or "")
        if place is not None and isinstance(keyword.value, ast.List | ast.Tuple):
            for entry in keyword.value.elts:
                named = entry.elts[place : place + 1] if isinstance(entry, ast.Tuple) else []
                yield from (str(v.value) for v in named if isinstance(v, ast.Constant))
