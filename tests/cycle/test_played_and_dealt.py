"""Assignment l11 through nbgrader: own tickets, own points, a played scenario, and a record that waits for a person."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from cycle.at_work import Worker
from cycle.class_list import ClassList
from cycle.conftest import mark_by_hand, run_some_at_once
from cycle.course_copy import CourseCopy, Served

from threechairs.datasets import course_root

ASSIGNMENT = "l11-resolving-clashes"
MARK, COMMENT = 17.5, "S1: The risk has an owner. Until when?"
RECORD = "Anneke Brandt accepts the open network until 14 December (D08). Tomasz, asked by name, would close it now."
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass
class Class:
    """Who handed in what, and the course in which it was marked."""

    list: ClassList
    course: CourseCopy


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Everybody has answered, handed in, and been marked; each has their page of feedback."""
    folder, class_list = tmp_path_factory.mktemp("second"), ClassList(ASSIGNMENT)
    course = CourseCopy.of_the_real_course(folder / "course", ASSIGNMENT)
    workers = {name: Worker(name, folder / "people" / name, course.folder, ASSIGNMENT) for name in class_list.answers}
    for worker in workers.values():
        shutil.copytree(course_root() / "exercises" / ASSIGNMENT, worker.work)
    written = {"record": RECORD}
    at_work = (name for name, given in class_list.answers.items() if given)
    run_some_at_once(
        [
            workers[name].answer(in_code=class_list.answers[name], cells=written if name == class_list.right else None)
            for name in at_work
        ]
    )
    course.nbgrader("generate_assignment", "--force")
    for name, worker in workers.items():
        course.receive(name, worker.work)
    course.nbgrader("autograde")
    with Served("teach", cwd=course.folder, env=course.env) as formgrader:
        mark_by_hand(formgrader, class_list.right, "record", MARK, COMMENT, ASSIGNMENT)
    course.nbgrader("generate_feedback")
    return Class(class_list, course)


def test_every_listed_misconception_has_somebody_who_shows_it(marked: Class) -> None:
    """The class shows every misconception that the attempts file lists, question by question."""
    assert marked.list.left_out == set()


def test_all_right_is_full_marks_and_the_record_is_marked_by_a_person(marked: Class) -> None:
    """All 40 automatic points, and those that somebody gave the record in Formgrader, with their comment."""
    name = marked.list.right
    grades, page = marked.course.grades(name), marked.course.feedback(name)

    assert sum(marked.course.points(name).values()) == pytest.approx(40)
    assert grades["record"] == (None, MARK, False)
    assert f"Score: {40 + MARK} / 60.0" in page
    assert COMMENT in page


def test_a_record_that_nobody_read_waits(marked: Class) -> None:
    """Where nobody has given marks for the record, it waits for a person, and is no zero."""
    assert {marked.course.grades(name)["record"] for name in marked.list.wrong} == {(0, None, False)}


def test_each_misconception_gets_its_score_and_message(marked: Class) -> None:
    """Every wrong answer has exactly its points in the gradebook and its words in the feedback."""
    for name in marked.list.wrong:
        points, page = marked.course.points(name), marked.course.feedback(name)
        for given in marked.list.answers[name]:
            assert points[given.question] == pytest.approx(given.points, abs=1e-5), (name, given)
            assert [text for text in given.says if text not in page] == [], (name, given)
        assert sum(points.values()) == pytest.approx(marked.list.points(name), abs=1e-4)


def test_untouched_is_zero_and_not_attempted(marked: Class) -> None:
    """A notebook handed in as it was fetched has 0 for each of the eight questions, each "not attempted"."""
    points, page = (read(marked.list.untouched) for read in (marked.course.points, marked.course.feedback))

    assert set(points.values()) == {0}
    assert page.count("There is no answer to this question.") == len(points) == 8
    assert "not graded" not in page.lower()


def test_the_released_copy_holds_no_key() -> None:
    """What learners open has neither hidden tests, nor the model record, nor the computed share."""
    released = (course_root() / "exercises" / ASSIGNMENT).glob("*.ipynb")
    (text,) = (Path(path).read_text(encoding="utf-8") for path in released)

    secret = ("HIDDEN TESTS", "BEGIN SOLUTION", "groupby", "comes back to her if the day is missed")
    assert [word for word in secret if word in text] == []
