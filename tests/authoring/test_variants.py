"""What the check knows of variants: which fact flips which answer, and which fact does nothing."""

import shutil

import pytest
from authoring.test_rules import in_file, in_notebook

from threechairs.authoring.variants import Keys, check_variants, told_flips
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import case_of
from threechairs.datasets import course_root
from threechairs.errors import ContentError

L01 = "l01-three-chairs"
BANK = f"datasets/items/{L01}.yaml"


@pytest.fixture
def course(tmp_path):
    """What the check of variants reads, as a copy that a test may break."""
    for folder in ("notebooks", "datasets", "solutions"):
        shutil.copytree(course_root() / folder, tmp_path / folder)
    return tmp_path


def test_the_facts_that_flip_an_answer_are_known():
    """Under people in the lane and under attack the best answers are others; a loss moves the signature."""
    flips = Keys(syllabus().assignment(L01), course_root()).flips()

    assert {question: sorted(facts) for question, facts in flips.items()} == {
        "gate-four": ["lane"],
        "patch-delay": ["attack", "loss_eur"],
    }
    assert flips["gate-four"]["lane"] == ["stop-lane + life-now", "timeline + one-account"]
    assert f"{L01}: patch-delay flips with attack, loss_eur" in told_flips(course_root())


def test_keys_are_read_and_nothing_is_marked():
    """Every question that is marked has its key for a case, with numbers as the case's tables give them."""
    case = case_of(L01, "alice", 1)
    keys = {key.question: key for key in Keys(syllabus().assignment(L01), course_root()).of(case)}
    held = [row for row in case.table_rows("charter") if row["critical"] == "yes" and not row["holder_1"]]

    assert keys["orphans"].mark == "mark_number"
    assert keys["orphans"].arguments["right"] == len(held)
    assert keys["orphans"].best == ()
    assert keys["wanted-cso"].best == ("mandate-first", "one-answers-per-trigger")


def test_the_course_has_no_idle_fact(course):
    """Every fact in which learners differ decides an answer or shapes a table."""
    assert list(check_variants(course)) == []


def test_a_fact_that_decides_nothing_is_told(course):
    """A fact that only changes the text is named with its file."""
    in_file(BANK, "facts:\n", "facts:\n  weather: [rain, sun]\n")(course)

    (problem,) = check_variants(course)

    assert problem.where == BANK
    assert "fact 'weather' flips no answer and shapes no table" in problem.what


def test_a_key_that_fails_for_some_learners_is_told_with_their_facts(course):
    """An author's slip in a hidden test shows up before a learner's notebook does."""
    slip = in_notebook(
        'people_in_lane = case.facts["lane"] == "occupied"',
        'people_in_lane = {"occupied": True}[case.facts["lane"]]',
        f"solutions/{L01}/three-chairs.ipynb",
    )
    slip(course)

    with pytest.raises(ContentError, match=r"cell test-gate-four: its hidden part fails with KeyError: 'closed'.*lane"):
        list(check_variants(course))
