"""Progress is read from the answer files beside the notebooks; what is damaged is told, never counted or changed."""

import json

import pytest

from threechairs.activities import progress, resume
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import lesson_store

FIRST, SECOND = syllabus().lessons[:2]


def answer_all(folder, lesson, steps=None):
    store = lesson_store(lesson.id, folder)
    for step in steps or lesson.steps:
        store.record(step, "text", {"text": "yes"})


def by_id(folder):
    return {one.lesson.id: one for one in progress(folder)}


def test_at_first_the_first_lesson_is_next(working_folder):
    """Nothing is done, one lesson is next, the others are open, and looking makes no file."""
    states = progress()

    assert [one.state for one in states] == ["next"] + ["open"] * (len(states) - 1)
    assert [one.done for one in states] == [0] * len(states)
    assert resume(states).lesson == FIRST
    assert list(working_folder.iterdir()) == []


def test_a_lesson_is_done_when_every_step_is_answered(working_folder):
    """One step less is not done; then the next lesson is next, and its steps are counted."""
    answer_all(working_folder, FIRST, FIRST.steps[:-1])
    almost = by_id(working_folder)[FIRST.id]
    answer_all(working_folder, FIRST)
    answer_all(working_folder, SECOND, SECOND.steps[:3])
    now = by_id(working_folder)

    assert (almost.state, almost.done, almost.total) == ("next", len(FIRST.steps) - 1, len(FIRST.steps))
    assert now[FIRST.id].state == "done"
    assert (now[SECOND.id].state, now[SECOND.id].done) == ("next", 3)
    assert now[SECOND.id].sentence == f"{SECOND.title}: next, 3 of {len(SECOND.steps)} steps"


def test_answers_that_are_no_steps_do_not_count(working_folder):
    """Something tried on the side takes nobody forward."""
    answer_all(working_folder, FIRST, ["tried-on-the-side"])

    assert by_id(working_folder)[FIRST.id].done == 0


def test_resume_goes_to_where_the_learner_was(working_folder):
    """Not the first open lesson, but the one last answered in; once that is done, the next."""
    answer_all(working_folder, SECOND, SECOND.steps[:1])
    there = resume(progress(working_folder))
    answer_all(working_folder, FIRST, FIRST.steps[:1])
    back = resume(progress(working_folder))
    for lesson in syllabus().lessons:
        answer_all(working_folder, lesson)

    assert (there.lesson, there.href) == (SECOND, f"{SECOND.id}.ipynb")
    assert back.lesson == FIRST
    assert resume(progress(working_folder)) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": 9}', b"\xff"])
def test_a_damaged_file_is_told_and_counts_nothing(working_folder, content):
    """The other lessons are shown as they are; the damaged one says what is wrong and keeps its bytes."""
    answer_all(working_folder, SECOND, SECOND.steps[:2])
    path = lesson_store(FIRST.id, working_folder).path
    path.write_bytes(content)

    states = by_id(working_folder)

    assert (states[FIRST.id].state, states[FIRST.id].done) == ("next", 0)
    assert path.name in states[FIRST.id].trouble and states[FIRST.id].trouble in states[FIRST.id].sentence
    assert states[SECOND.id].done == 2 and states[SECOND.id].trouble == ""
    assert path.read_bytes() == content


def test_answers_of_somebody_else_are_told_and_count_nothing(working_folder):
    """A copied folder is not taken for the learner's own work."""
    answer_all(working_folder, FIRST)
    path = lesson_store(FIRST.id, working_folder).path
    path.write_text(json.dumps({**json.loads(path.read_text()), "case_id": "somebody-else"}))

    one = by_id(working_folder)[FIRST.id]

    assert (one.state, one.done) == ("next", 0)
    assert "belong to the case of 'somebody-else'" in one.trouble
