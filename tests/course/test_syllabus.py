"""course.yaml: lessons and assignments are found by id and by number."""

import pytest

from threechairs.course.syllabus import syllabus
from threechairs.errors import ContentError, UsageError


@pytest.mark.parametrize("wanted", ["01", "01-three-chairs"])
def test_a_lesson_is_found_by_number_and_by_id(wanted):
    """Nobody has to type the whole name."""
    assert syllabus().lesson(wanted).id == "01-three-chairs"


@pytest.mark.parametrize("wanted", ["l01", "l01-three-chairs"])
def test_an_assignment_is_found_by_number_and_by_id(wanted):
    """The same for assignments, whose notebook is named after them."""
    found = syllabus().assignment(wanted)

    assert (found.id, found.notebook) == ("l01-three-chairs", "three-chairs.ipynb")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("01-three-chair", "lesson '01-three-chair': the course has no such lesson. Did you mean '01-three-chairs'?"),
        ("1", "the course has no such lesson. Known: 00-start-here"),
        ("", "the course has no such lesson"),
    ],
)
def test_an_unknown_lesson_is_told(wanted, words):
    """The nearest lesson is offered; a part of a number is none."""
    with pytest.raises(UsageError) as told:
        syllabus().lesson(wanted)

    assert words in str(told.value)


def test_an_unknown_assignment_is_told():
    """Assignments are not taken for lessons."""
    with pytest.raises(UsageError, match=r"the course has no such assignment\. Did you mean 'l01-three-chairs'"):
        syllabus().assignment("01-three-chairs")


def test_a_faulty_syllabus_is_told_with_its_lines(tmp_path):
    """An instructor who edits course.yaml is led to the line."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "course.yaml").write_text(
        "format: 1\ntitle: Demo\nnote: Demo\npaths: []\nassignments: []\n"
        "lessons:\n  - id: one\n    title: One\n    minutes: 0\n"
        "    reading_minutes: 1\n    doing_minutes: 1\n    steps: []\n"
    )

    with pytest.raises(ContentError) as told:
        syllabus(tmp_path)

    assert [line.split(": ")[0] for line in str(told.value).splitlines()] == ["course.yaml:7:5", "course.yaml:9:5"]


def test_paths_name_lessons_and_add_up():
    """A path's minutes are those of its lessons and, where it counts them, of their assignments."""
    plan = syllabus()
    for path in plan.paths:
        lessons = [plan.lesson(lesson) for lesson in path.lessons]
        alone = sum(lesson.minutes for lesson in lessons)
        graded = sum(plan.assignment(lesson.assignment).minutes for lesson in lessons if lesson.assignment)

        assert path.minutes in {alone, alone + graded}
