"""Marks for one number: three tolerances, misconceptions that never shadow the right answer, and how money is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import open_graded, open_practice, practice_bank

from threechairs.activities import answer
from threechairs.errors import GradingError
from threechairs.marking import mark_number, overlaps
from threechairs.marking.tolerance import Tolerance

COUNTED = (30, "count-is-harm", "You counted all.")


@pytest.fixture
def mark(working_folder):
    """Answer as a learner types it, then mark with 5 points."""
    open_graded(working_folder)

    def answer_and_mark(number, **key):
        answer("number", number)
        return mark_number("number", 5, **key)

    return answer_and_mark


@pytest.mark.parametrize(
    ("key", "accepted", "refused"),
    [
        ({"right": 12}, [12], [12.001, -12]),
        ({"right": 0.1 + 0.2}, [0.3], [0.30001]),
        ({"right": 12, "tolerance": 0.5}, [11.5, 12.5], [11.49, 12.51]),
        ({"right": 1000, "relative": 0.005}, [995, 1005], [994.9, 1005.1]),
        ({"right": -1000, "relative": 0.005}, [-995, -1005], [-994.9, 1000]),
        ({"right": 1000, "standard_error": 2.5}, [990, 1010], [989.9, 1010.1]),
        ({"right": 1000, "tolerance": 0.5, "relative": 0.005, "standard_error": 0.1}, [1005], [1005.1]),
        ({"right": 10, "tolerance": 0.5, "relative": 0.005}, [10.5], [10.51]),
        ({"right": 0, "relative": 0.005}, [0], [0.001]),
    ],
)
def test_a_number_within_the_widest_tolerance_is_right(mark, key, accepted, refused):
    """A tolerance is absolute, relative to the right number, or 4 standard errors; the widest that is given counts."""
    assert [mark(number, **key).points for number in accepted] == [5] * len(accepted)
    assert [mark(number, **key).points for number in refused] == [0] * len(refused)


@pytest.mark.parametrize("typed", [1234.5, "1234.5", "1,234.5", " 1 234.5 "])
def test_money_is_read_as_people_type_it(mark, typed):
    """With or without a comma between the thousands, the same number is marked, and told back with it."""
    score = mark(typed, right=1234.5)

    assert score.points == 5
    assert score.criteria[0].comment == "1,234.5 is right."


def test_a_misconception_is_recognised_with_the_same_tolerance(mark):
    """A number near that of a misconception gets its words; one outside gets the author's comment."""
    key = {"right": 12, "relative": 0.01, "wrong": [COUNTED], "comment": "Filter first."}

    near, far = mark(30.3, **key), mark(30.31, **key)

    assert (near.points, near.criteria[0].comment, near.criteria[0].belief) == (0, "You counted all.", "count-is-harm")
    assert (far.points, far.criteria[0].comment, far.criteria[0].belief) == (0, "Filter first.", "")


def test_an_unknown_number_without_a_comment_is_told_back(mark):
    """The learner reads which number was looked at, in full."""
    assert mark(1234567.5, right=12).criteria[0].comment == "1,234,567.5 is not the number."


def test_a_misconception_never_shadows_the_right_number(mark):
    """Where a variant cannot tell them apart, the learner keeps the marks and is told nothing."""
    score = mark(30, right=30.1, relative=0.005, wrong=[COUNTED])

    assert (score.points, score.criteria[0].belief) == (5, "")


def test_the_first_misconception_that_fits_is_named(mark):
    """Of two that lead to the same number, the author's order decides."""
    score = mark(30, right=12, wrong=[COUNTED, (30, "mean-tells-the-story", "A mean.")])

    assert score.criteria[0].belief == "count-is-harm"


def test_a_misconception_without_a_number_costs_nobody_anything(mark):
    """Where a wrong way leads to no number in some variant, right and wrong answers are marked all the same."""
    wrong = [(float("nan"), "count-is-harm", "x"), (float("inf"), "count-is-harm", "x")]

    assert mark(12, right=12, wrong=wrong).points == 5
    assert mark(13, right=12, relative=0.005, wrong=wrong).criteria[0].belief == ""


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ({"right": float("nan")}, "is nan"),
        ({"right": float("inf")}, "is inf"),
        ({"right": 12, "tolerance": -1}, "absolute tolerance is -1"),
        ({"right": 12, "relative": 5}, "relative tolerance is 5. Expected a share such as 0.005"),
        ({"right": 12, "relative": float("nan")}, "relative tolerance is nan"),
        ({"right": 12, "standard_error": float("inf")}, "standard error tolerance is inf. Expected a finite number"),
    ],
)
def test_a_key_that_is_no_number_is_a_fault_of_the_test(mark, key, words):
    """A tolerance of 5 where 5 % is meant, or a key that could not be computed, is told to the author."""
    with pytest.raises(GradingError, match=words):
        mark(12, **key)


def test_overlaps_names_misconceptions_that_would_pass(mark):
    """What is told are exactly those whose own number would get the marks."""
    key = {
        "right": 200.0,
        "relative": 0.005,
        "wrong": [(200.8, "one", ""), (202.0, "two", ""), (199.0, "three", ""), (-200.0, "four", "")],
    }

    passing = [belief for number, belief, _text in key["wrong"] if mark(number, **key).points == 5]

    assert overlaps(**key) == passing == ["one", "three"]


def test_overlaps_refuses_a_misconception_without_a_number():
    """A test of the content is where such a number should be found."""
    with pytest.raises(GradingError, match="is nan"):
        overlaps(right=1, wrong=[(float("nan"), "count-is-harm", "")])


@given(
    st.floats(-1e9, 1e9),
    st.floats(0, 0.5),
    st.floats(0, 100),
    st.floats(1e-3, 1e3),
)
def test_another_currency_changes_no_verdict(number, relative, absolute, rate):
    """Scaling the right number, the answer and the tolerance by one factor scales what is allowed."""
    here = Tolerance(absolute, relative).around(number)
    there = Tolerance(absolute * rate, relative).around(number * rate)

    assert there == pytest.approx(here * rate, rel=1e-9, abs=1e-8)


@pytest.mark.parametrize(("number", "verdict"), [(1005, "right"), (1006, "wrong"), (2010, "wrong")])
def test_practice_knows_a_relative_tolerance(working_folder, number, verdict):
    """A practice question accepts its share around the answer, and around the number of a misconception."""
    question = {
        "kind": "number",
        "stem": "How much?",
        "answer": 1000,
        "relative": 0.005,
        "wrong": [{"value": 2000, "belief": "count-is-harm", "reply": "Twice."}],
        "hints": ["Halve it."],
    }
    open_practice(working_folder, practice_bank(number=question))

    said = str(answer("number", number))

    assert said.split(".\n")[1].startswith({"right": "Right", "wrong": "Not yet"}[verdict])
    assert ("Twice." in said) == (number == 2010)
