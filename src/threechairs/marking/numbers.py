"""Marks for one number, and which misconceptions no number can tell from the right answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

from threechairs.errors import GradingError
from threechairs.marking.judge import _Asked, _marks
from threechairs.marking.score import Criterion, Score
from threechairs.marking.tolerance import Tolerance

Wrong = Sequence[tuple[float, str, str]]


@_marks
def mark_number(
    asked: _Asked,
    points: float,
    *,
    right: float,
    tolerance: float = 0.0,
    relative: float = 0.0,
    standard_error: float = 0.0,
    wrong: Wrong = (),
    comment: str = "",
) -> Score:
    """Marks for one number.

    Parameters
    ----------
    activity, points
        Id of the question and points of the cell.
    right : float
        The right number, in the question's own unit.
    tolerance, relative, standard_error : float
        How far an answer may lie from it: in the question's unit, as a share of the right number (0.005 is half a
        percent), or, for a simulation, its standard error, of which 4 are allowed. Of several the widest counts.
        Without any the number must be exact, up to the last digits of a float.
    wrong : sequence of (number, misconception id, text)
        Numbers that known misconceptions lead to, and what to say about each. They are recognised with the same
        tolerance, in the order given, and only in answers that are not right: a misconception never costs a learner
        the marks for a right answer. `overlaps` tells authors where the two cannot be told apart, so that tests find
        it before a learner has such a case.
    comment : str
        What to say about any other number.

    Raises
    ------
    GradingError
        If the right number or a tolerance is no finite number: a fault of the test.
    """
    number, near = float(asked.value["number"]), Tolerance(tolerance, relative, standard_error)
    if near.allows(number, _finite(right)):
        return Score([Criterion("your number", points, points, f"{number:,.10g} is right.")], points)
    for value, belief, text in wrong:
        if near.allows(number, value):
            return Score([Criterion("your number", 0.0, points, text, belief)], points)
    return Score([Criterion("your number", 0.0, points, comment or f"{number:,.10g} is not the number.")], points)


def overlaps(
    *,
    right: float,
    wrong: Wrong,
    tolerance: float = 0.0,
    relative: float = 0.0,
    standard_error: float = 0.0,
) -> list[str]:
    """Misconceptions whose number would pass as the right answer, for tests of variants and of content.

    Parameters
    ----------
    right, wrong, tolerance, relative, standard_error
        As `mark_number` is given them.

    Returns
    -------
    list of str
        Ids of misconceptions, in the order of `wrong`; empty where the question tells all of them apart.

    Examples
    --------
    >>> overlaps(right=200, wrong=[(200.8, "count-is-harm", "..."), (202, "rank", "...")], relative=0.005)
    ['count-is-harm']
    """
    near = Tolerance(tolerance, relative, standard_error)
    return [belief for value, belief, _text in wrong if near.allows(_finite(value), _finite(right))]


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise GradingError("test cell", f"a number to compare with is {number!r}", "Expected a finite number")
    return float(number)
