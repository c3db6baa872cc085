"""Rules over lessons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from threechairs.authoring.problems import Problem
from threechairs.course.items import TextItem, item_bank
from threechairs.course.notebooks import Notebook, activities, normal_form, read_notebook, source
from threechairs.course.syllabus import Lesson, syllabus
from threechairs.errors import ContentError

MAX_WORDS = 140
MAX_CODE_LINES = 3
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def check_lessons(root: Path) -> Iterator[Problem]:
    """Lessons are in normal form, ask what exists, and course.yaml tells their steps in order."""
    plan = syllabus(root)
    named = {lesson.id for lesson in plan.lessons}
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        if path.stem not in named:
            yield Problem(f"notebooks/{path.name}", "course.yaml has no lesson of this name")
    for learning_path in plan.paths:
        for lesson_id in learning_path.lessons:
            if lesson_id not in named:
                yield Problem(f"notebooks/course.yaml, path {learning_path.id}", f"there is no lesson {lesson_id!r}")
    for lesson in plan.lessons:
        notebook = root / "notebooks" / f"{lesson.id}.ipynb"
        if not notebook.is_file():
            yield Problem("notebooks/course.yaml", f"{notebook.name} is missing")
            continue
        yield from _lesson(lesson, notebook, root)
        if lesson.assignment and lesson.assignment not in {one.id for one in plan.assignments}:
            yield Problem("notebooks/course.yaml", f"{lesson.id}: there is no assignment {lesson.assignment!r}")
        if lesson.reading_minutes + lesson.doing_minutes != lesson.minutes:
            yield Problem("notebooks/course.yaml", f"{lesson.id}: reading and doing do not add up to {lesson.minutes}")


def _lesson(lesson: Lesson, path: Path, root: Path) -> Iterator[Problem]:
    where = f"notebooks/{path.name}"
    notebook = read_notebook(path)
    yield from check_normal(where, path, notebook)
    shown = [activity for _cell, _function, activity in activities(notebook)]
    if shown != lesson.steps:
        missing = [step for step in lesson.steps if step not in shown]
        extra = [one for one in shown if one not in lesson.steps]
        detail = f"only in course.yaml: {missing}; only in the lesson: {extra}" if missing or extra else "another order"
        yield Problem(where, f"its activities are not the steps of course.yaml ({detail})")
    known = {item.id for item in item_bank(lesson.id, root).items}
    for cell_id, function, activity in activities(notebook):
        if function == "ask" and activity not in known:
            unknown = f"there is no question {activity!r} in datasets/items/{lesson.id}.yaml"
            yield Problem(f"{where}, cell {cell_id}", unknown)
    for item in item_bank(lesson.id, root).items:
        if item.id not in shown and not isinstance(item, TextItem):
            yield Problem(f"datasets/items/{lesson.id}.yaml, {item.id}", "no cell of the lesson asks this question")
    for cell in notebook["cells"]:
        yield from _cell(f"{where}, cell {cell.get('id')}", cell["cell_type"], source(cell), path)


def _cell(where: str, kind: str, text: str, path: Path) -> Iterator[Problem]:
    if kind == "code":
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > MAX_CODE_LINES:
            yield Problem(where, f"{len(lines)} lines of code; a lesson's cell is one short call")
        return
    words = len(re.sub(r"[|*_`>#-]", " ", text).split())
    if words > MAX_WORDS and "## Sources" not in text:
        yield Problem(where, f"{words} words; one idea per cell, at most {MAX_WORDS}")
    for target in _LINK.findall(text):
        # in a learner's folder, assignments lie beside the folder of the lessons; here they lie in exercises/
        places = (path.parent / target, path.parent.parent / "exercises" / target.removeprefix("../"))
        if not re.match(r"[a-z]+:", target) and not any(place.exists() for place in places):
            yield Problem(where, f"the link to {target!r} leads nowhere")


def check_normal(where: str, path: Path, notebook: Notebook) -> Iterator[Problem]:
    """The notebook is in normal form: ids kept, no outputs, no counts."""
    try:
        if path.read_text(encoding="utf-8") != normal_form(notebook):
            yield Problem(where, "it is not in normal form. Run `threechairs tidy`.")
    except ContentError as reason:
        yield Problem(where, str(reason))
