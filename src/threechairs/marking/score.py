"""Marks as a test cell gives them: points per criterion, each with its reason.

nbgrader reads the text of a test cell's last expression as the mark, and takes anything that is not a plain
number as full marks. So a `Score` has one plain number as its text, and its HTML never raises.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from threechairs.errors import GradingError

NOT_ATTEMPTED = "not attempted"
MIME_TYPE = "application/vnd.threechairs.score+json"


@dataclass(frozen=True)
class Criterion:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
        What was looked at, in the learner's words.
    points, max_points : float
        Marks given and possible.
    comment : str
        Why, and what to think about next.
    belief : str
        Id of the misconception that the answer points at, or empty.
    """

    name: str
    points: float
    max_points: float
    comment: str = ""
    belief: str = ""


class Score:
    """Marks for one question.

    Parameters
    ----------
    criteria : sequence of Criterion
        What the marks are made of.
    max_points : float
        The points of the test cell.
    opening : str, optional
        What stands above the table, such as the best case for the option not taken.

    Raises
    ------
    GradingError
        If the marks are not a number between 0 and `max_points`: a fault of the test, never of the learner.

    Examples
    --------
    >>> Score([Criterion("the choice", 1.0, 1.0), Criterion("the reason", 0.25, 1.5)], max_points=2.5)
    1.25
    """

    def __init__(self, criteria: Sequence[Criterion], max_points: float, opening: str = "") -> None:
        try:
            total = math.fsum(float(criterion.points) for criterion in criteria)
        except (TypeError, ValueError, OverflowError) as reason:
            raise GradingError("test cell", f"the marks have no sum ({reason})", "Expected plain numbers") from None
        if not math.isfinite(total) or not -1e-9 <= total <= max_points + 1e-9:
            raise GradingError("test cell", f"the marks are {total!r}", f"Expected a number from 0 to {max_points}")
        self.criteria = tuple(criteria)
        self.max_points = float(max_points)
        self.points = min(max(total, 0.0), self.max_points)
        self.opening = opening

    @classmethod
    def not_attempted(cls, max_points: float) -> Score:
        """No marks, because there is no answer yet."""
        return cls([Criterion(NOT_ATTEMPTED, 0.0, max_points, "There is no answer to this question.")], max_points)

    def __float__(self) -> float:
        return self.points

    def __repr__(self) -> str:
        return f"{self.points:.6g}"

    def _repr_mimebundle_(self, **_kwargs: Any) -> dict[str, Any]:
        """The criteria as data, beside text and HTML, for reports."""
        try:
            return {MIME_TYPE: {"points": self.points, "max_points": self.max_points, "criteria": self.as_data()}}
        except Exception:  # an error here would write to stderr, and that turns a mark into zero
            return {}

    def as_data(self) -> list[dict[str, Any]]:
        """The criteria as plain data."""
        return [asdict(criterion) for criterion in self.criteria]

    def _repr_html_(self) -> str:
        try:
            return self._html()
        except Exception:  # an error here would turn a mark into zero
            return f"<p>{self.points:.6g} of {self.max_points:.6g} points</p>"

    def _html(self) -> str:
        rows = "".join(
            "<tr>"
            f'<td style="text-align:left">{html.escape(str(c.name))}</td>'
            f'<td style="white-space:nowrap">{_points(c)}</td>'
            f'<td style="text-align:left">{html.escape(str(c.comment))}</td>'
            "</tr>"
            for c in self.criteria
        )
        opening = f"<p>{html.escape(self.opening)}</p>" if self.opening else ""
        return (
            f"<p><b>{self.points:.6g} of {self.max_points:.6g} points</b></p>{opening}"
            '<table><thead><tr><th style="text-align:left">What was looked at</th><th>Points</th>'
            f'<th style="text-align:left">Why</th></tr></thead><tbody>{rows}</tbody></table>'
        )


def _points(criterion: Criterion) -> str:
    """Points of a criterion; nothing for a line that only explains."""
    return f"{criterion.points:.6g} of {criterion.max_points:.6g}" if criterion.max_points else ""


class Status:
    """What a released test cell shows before marking: whether an answer of the right form is there.

    Parameters
    ----------
    text : str
        What the learner reads.
    as_mark : str, optional
        What nbgrader's Validate reads instead, where it is not to call the cell a success.
    """

    def __init__(self, text: str, as_mark: str = "") -> None:
        self._text, self._as_mark = text, as_mark

    def __repr__(self) -> str:
        return self._as_mark or self._text

    def _repr_html_(self) -> str:
        return f"<p><b>{html.escape(self._text)}</b></p>"
