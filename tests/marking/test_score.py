"""Scores: what nbgrader reads from them is a plain number, and what learners read never breaks."""

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from threechairs.errors import GradingError
from threechairs.marking import Criterion, Score
from threechairs.marking.score import MIME_TYPE, Status

PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?(e-\d+)?")


class Spiteful:
    """Fails whatever is asked of it."""

    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __deepcopy__ = __format__ = __bool__ = __str__


@given(st.integers(1, 100), st.floats(0, 1))
def test_the_text_is_one_plain_number(points, share):
    """Any other text is full marks to nbgrader, so there is never a sign, a unit or a second number."""
    score = Score([Criterion("choice", points * share, points)], points)

    text = repr(score)

    assert PLAIN_NUMBER.fullmatch(text)
    assert 0 <= float(text) <= points
    assert math.isclose(float(text), points * share, rel_tol=1e-5, abs_tol=1e-9)
    assert float(score) == score.points


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_criteria_add_up(parts):
    """The mark is the sum of its criteria."""
    score = Score([Criterion("part", part, 1) for part in parts], len(parts))

    assert math.isclose(score.points, math.fsum(parts), abs_tol=1e-9)


@pytest.mark.parametrize(
    ("given_points", "text"), [(-0.0, "0"), (0.1 + 0.2, "0.3"), (2.0, "2"), (1, "1"), (True, "1"), (-1e-12, "0")]
)
def test_odd_but_right_numbers_have_a_plain_text(given_points, text):
    """Minus nothing, sums that are off by a hair, whole numbers and truth values all read as people write them."""
    assert repr(Score([Criterion("choice", given_points, 2)], 2)) == text


def test_rounding_never_exceeds_the_points():
    """Three thirds that add up to a hair more than the points count as the points."""
    assert Score([Criterion("third", 1 / 3 + 1e-12, 1 / 3)] * 3, 1).points == 1


@pytest.mark.parametrize(
    "points", [2.01, -0.01, math.nan, math.inf, -math.inf, 10**400, "many", None], ids=lambda points: str(points)[:9]
)
def test_marks_out_of_range_are_an_error_of_the_test(points):
    """A wrong sum is never given as a mark: the author is told."""
    with pytest.raises(GradingError, match="test cell: the marks"):
        Score([Criterion("choice", points, 2)], 2)


def test_marks_without_a_sum_are_an_error_of_the_test():
    """Infinite marks that cancel out, or add up beyond every number, are told too."""
    with pytest.raises(GradingError, match="the marks are inf"):
        Score([Criterion("choice", math.inf, math.inf)], math.inf)
    for pair in ((math.inf, -math.inf), (1e308, 1e308)):
        with pytest.raises(GradingError, match="test cell: the marks have no sum"):
            Score([Criterion("choice", points, 2) for points in pair], 2)


@pytest.mark.parametrize("points", [math.nan, -1])
def test_a_cell_needs_points(points):
    """Points of a cell that are no number, or less than nothing, are an error of the test."""
    with pytest.raises(GradingError):
        Score([], points)


@given(st.text())
def test_html_shows_every_text_as_text(text):
    """Whatever a learner or an author wrote, it cannot become markup."""
    html = Score([Criterion(text, 1, 1, comment=text)], 1, opening=text)._repr_html_()

    bare = Score([Criterion("", 1, 1, comment="")], 1, opening="x")._repr_html_()
    assert html.count("<") == bare.count("<") - (0 if text else 2)
    assert html.count(">") == bare.count(">") - (0 if text else 2)


def test_html_holds_the_marks_and_the_reasons():
    """A learner reads the opening, every criterion with its marks, and why."""
    criteria = [Criterion("your choice", 0.8, 1, "Too <high>."), Criterion("chosen: the board", 0, 0, "Too many.")]

    html = Score(criteria, 2, opening="The best case.")._repr_html_()

    assert "<b>0.8 of 2 points</b>" in html
    assert "<p>The best case.</p>" in html
    assert "your choice" in html and "0.8 of 1" in html and "Too &lt;high&gt;." in html
    assert "0 of 0" not in html  # a line that only explains has no marks


@pytest.mark.parametrize("part", ["name", "comment", "belief", "opening"])
def test_html_and_data_never_raise(part):
    """A text that fails when it is read costs no marks: the number is still there."""
    texts = {"name": "choice", "comment": "", "belief": ""} | ({part: Spiteful()} if part != "opening" else {})
    opening = Spiteful() if part == "opening" else ""
    score = Score([Criterion(texts["name"], 1, 2, texts["comment"], texts["belief"])], 2, opening=opening)

    html, data = score._repr_html_(), score._repr_mimebundle_()

    assert "1 of 2 points" in html
    assert data == {} or json.dumps(data, default=lambda _: "")
    assert repr(score) == "1"


def test_a_score_is_shown_as_number_html_and_data(capsys):
    """IPython finds all three, and nothing goes to stderr, which nbgrader would take for a failure."""
    score = Score([Criterion("your choice", 1, 2, "Why.", "higher-is-safer")], 2)

    shown, _ = InteractiveShell.instance().display_formatter.format(score)

    assert shown["text/plain"] == "1"
    assert shown["text/html"].startswith("<p><b>1 of 2 points</b></p>")
    criterion = {"name": "your choice", "points": 1, "max_points": 2, "comment": "Why.", "belief": "higher-is-safer"}
    assert shown[MIME_TYPE] == {"points": 1, "max_points": 2, "criteria": [criterion]}
    assert capsys.readouterr().err == ""


def test_not_attempted_is_nothing_and_says_so():
    """Untouched work gets 0 and the words for it."""
    score = Score.not_attempted(3)

    assert repr(score) == "0"
    assert (score.points, score.max_points) == (0, 3)
    assert score.criteria[0].name == "not attempted"


def test_a_status_is_a_sentence_and_no_number():
    """Before marking, a test cell shows words, as text and as HTML."""
    status = Status("recorded; <marked> later")

    assert repr(status) == "recorded; <marked> later"
    assert status._repr_html_() == "<p><b>recorded; &lt;marked&gt; later</b></p>"
