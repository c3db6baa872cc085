"""Learners through the whole of nbgrader: released, fetched, answered, submitted, marked, told why."""

from __future__ import annotations

import re

import pytest
from cycle.conftest import ASSIGNMENT, COMMENT, MARK_BY_HAND, Marked, School
from cycle.unusual import BROKEN, UNREADABLE

# a machine that has other things to do needs longer than other tests may take
NO_ANSWER = "There is no answer to this question."
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_every_listed_misconception_has_somebody_who_shows_it(school: School) -> None:
    """The class shows every misconception that the attempts file lists, question by question."""
    left_out = school.class_list.left_out

    assert left_out == set()


def test_the_released_assignment_is_listed_and_holds_no_key(school: School) -> None:
    """`nbgrader list` offers the assignment, and what learners fetch has neither solutions nor hidden tests."""
    fetched = school.workers[school.class_list.untouched].notebook.read_text(encoding="utf-8")

    assert f"three-chairs {ASSIGNMENT}" in school.listed.result()
    assert not re.search("HIDDEN TESTS|BEGIN SOLUTION|mark_\\w+\\(|Ruth \\(CSO\\) decides", fetched)


def test_all_right_is_full_marks(in_class: Marked, school: School) -> None:
    """The learner who clicked every right answer has all 20 automatic points, and a person's marks for the note."""
    name = school.class_list.right

    assert sum(in_class.course.points(name).values()) == 20
    assert in_class.course.grades(name)["note"] == (None, MARK_BY_HAND, False)
    assert in_class.exported[name]["score"] == str(20 + MARK_BY_HAND)
    assert in_class.exported[name]["status"] == "graded"


def test_feedback_carries_marks_and_comment_back(in_class: Marked, school: School) -> None:
    """The right learner fetches a page with their score, the person's comment and no word of work left undone."""
    page = in_class.fetched[school.class_list.right]

    assert f"Score: {20 + MARK_BY_HAND} / 22.0" in page
    assert COMMENT in page
    assert NO_ANSWER not in page
    assert "not graded" not in page.lower()


def test_each_misconception_gets_its_score_and_message(by_mail: Marked, school: School) -> None:
    """Every wrong answer of every learner has exactly its points in the gradebook and its words in the feedback."""
    class_list = school.class_list

    for name in class_list.wrong:
        points, page = by_mail.course.points(name), by_mail.course.feedback(name)
        for given in class_list.answers[name]:
            assert points[given.question] == pytest.approx(given.points, abs=1e-6), (name, given)
            assert [text for text in given.says if text not in page] == [], (name, given)
        assert sum(points.values()) == pytest.approx(class_list.points(name), abs=1e-6)


def test_untouched_is_zero_and_not_attempted(in_class: Marked, school: School) -> None:
    """A notebook handed in as it was fetched has 0 for every question, each "not attempted", and is graded."""
    name = school.class_list.untouched
    points = in_class.course.points(name)

    assert set(points.values()) == {0}
    assert in_class.fetched[name].count(f"not attempted 0 of 4 {NO_ANSWER}") == 1
    assert in_class.fetched[name].count(NO_ANSWER) == len(points) == 7
    assert "not graded" not in in_class.fetched[name].lower()
    assert in_class.exported[name]["score"] == "0.0"
    assert in_class.exported[name]["status"] == "graded"


def test_hand_in_and_zip_collect_give_the_same_marks(in_class: Marked, by_mail: Marked, school: School) -> None:
    """Who hands in a file gets the same points for each question, and the same words, as through the shared folder."""
    for name in school.three:
        assert by_mail.course.points(name) == in_class.course.points(name)
        words = [text for given in school.class_list.answers[name] for text in given.says]
        for page in (in_class.fetched[name], by_mail.course.feedback(name)):
            assert [text for text in words if text not in page] == []
    assert (by_mail.course.submitted(school.class_list.right) / "timestamp.txt").is_file()


def test_mark_mine_gives_the_same_marks(in_class: Marked, school: School) -> None:
    """`threechairs mark-mine` prints for each question the points and the words that the class gets."""
    for name in school.marked_alone:
        code, said = school.marked_alone[name].result()

        assert code == 0, said
        printed = {question: float(points) for points, question in re.findall(r"^([\d.]+) of \d+  (\S+)$", said, re.M)}
        assert printed == pytest.approx(in_class.course.points(name), abs=1e-6)
        assert f"{school.class_list.points(name):g} of 20 automatic points." in said
        for given in school.class_list.answers[name]:
            assert [text for text in given.says if not text.startswith("The best case") and text not in said] == []
        assert "warn" not in said.lower()
        assert (school.workers[name].work / "feedback" / "three-chairs.html").is_file()


def test_a_later_click_outlives_the_unchanged_cell(in_class: Marked) -> None:
    """Autograde runs the cell with the old, wrong number again, and the right one clicked later still counts."""
    points = in_class.course.points("clicker")

    assert points["orphans"] == 2
    assert sum(points.values()) == 20


def test_a_right_answer_that_prints_and_warns_keeps_its_marks(in_class: Marked) -> None:
    """What an answer's cell writes to stdout and stderr costs nothing."""
    points = in_class.course.points("warner")

    assert points["orphans"] == 2
    assert sum(points.values()) == 20
    assert in_class.exported["warner"]["status"] == "needs a person"


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.student)
def test_what_cannot_be_graded_is_told_and_never_zero(in_class: Marked, broken: object) -> None:
    """A foreign, surplus, damaged, later or changed answer file waits for a person, with the reason on every page."""
    row, grades = in_class.exported[broken.student], in_class.course.grades(broken.student)

    automatic = {name: grade for name, grade in grades.items() if name.startswith("test-")}
    assert set(automatic.values()) == {(None, None, True)}
    assert row["status"] == "not graded"
    assert (row["score"], row["raw_score"]) == ("", "")
    assert broken.reason in in_class.log
    for page in (in_class.formgrader[broken.student], in_class.course.feedback(broken.student)):
        assert page.count("Not graded, because") == len(automatic)
        assert broken.reason in page


def test_an_unreadable_notebook_stops_nobody(in_class: Marked) -> None:
    """A notebook that nbgrader cannot read is named in its log and is "not graded"; those after it are marked."""
    row = in_class.exported[UNREADABLE.student]

    assert UNREADABLE.reason in in_class.log
    assert (row["score"], row["status"]) == ("", "not graded")
    assert sorted(in_class.exported) == sorted({*in_class.exported, "warner"})


def test_validate_tells_untouched_from_answered(school: School) -> None:
    """Validate passes an answered notebook, and names all seven questions and the note in an untouched one."""
    right, untouched = (school.validated[name].result()[1] for name in (school.three[0], school.three[2]))

    assert "Success! Your notebook passes all the tests." in right
    assert "VALIDATION FAILED ON 8 CELL(S)" in untouched
