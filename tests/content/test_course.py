"""The real course keeps every rule."""

import json

import pytest

from threechairs.authoring import check_course
from threechairs.course.items import item_bank
from threechairs.datasets import course_root, table


def test_course_keeps_every_rule():
    """Tables, questions, lessons and assignments have no problem."""
    assert [str(problem) for problem in check_course(course_root())] == []


def test_the_tickets_of_lesson_11_are_one_set_of_numbers():
    """The table in the text, the one behind the chart, and the answer to the question agree."""
    lesson = json.loads((course_root() / "notebooks" / "11-resolving-clashes.ipynb").read_text(encoding="utf-8"))
    cells = {cell["id"]: "".join(cell["source"]) for cell in lesson["cells"]}
    rows = table("camera_faults")
    hours = {row["cause"]: row["tickets"] * row["mean_hours"] for row in rows}
    asked = next(item for item in item_bank("11-resolving-clashes").items if item.id == "share-of-hours")

    for row in rows:
        assert f"| {row['cause']} | {row['tickets']} | {row['mean_hours']:.1f} |" in cells["five-hundred-tickets"]
        assert f"{hours[row['cause']]:g}" in cells["counts-or-hours"]
    assert asked.answer == round(100 * hours["power and network together"] / sum(hours.values()))
    assert cells["tickets-chart"] == 'tickets_chart(after="first-line")'


def test_no_question_of_lesson_11_gives_the_one_above_it_away():
    """The share of the dark hours is asked for, so no option of the next question states it."""
    bank = {item.id: item for item in item_bank("11-resolving-clashes").items}
    share = str(round(bank["share-of-hours"].answer))

    assert [option.id for option in bank["first-line"].options if share in option.text] == []


@pytest.mark.slow
def test_exercises_are_what_solutions_give():
    """Generating the learners' notebooks gives the committed bytes, twice the same."""
    from threechairs.grader.build import build_exercises

    built = build_exercises(course_root())

    assert [one.place.name for one in built if not one.current] == []
    assert [one.content for one in built] == [one.content for one in build_exercises(course_root())]
