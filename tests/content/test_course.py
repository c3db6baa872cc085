"""The real course keeps every rule."""

import pytest

from threechairs.authoring import check_course
from threechairs.datasets import course_root


def test_course_keeps_every_rule():
    """Tables, questions, lessons and assignments have no problem."""
    assert [str(problem) for problem in check_course(course_root())] == []


@pytest.mark.slow
def test_exercises_are_what_solutions_give():
    """Generating the learners' notebooks gives the committed bytes, twice the same."""
    from threechairs.grader.build import build_exercises

    built = build_exercises(course_root())

    assert [one.place.name for one in built if not one.current] == []
    assert [one.content for one in built] == [one.content for one in build_exercises(course_root())]
