"""What the judgement of a decision record says: seven tests, a cap and a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

TestId = Literal["G1", "G2", "G3", "G4", "G5", "G6", "G7"]

NAMES: Mapping[TestId, str] = {
    "G1": "Floors kept",
    "G2": "The right decider",
    "G3": "Nobody pressed",
    "G4": "Nothing left on the table",
    "G5": "Open risks owned",
    "G6": "The right people told",
    "G7": "Dissent heard",
}

NOTHING = "Nothing was decided, so there is nothing to mark."


@dataclass(frozen=True)
class Test:
    """One of the seven tests: whether it applies, its value from 0 to 1, and why.

    The value of G1 is its cap; that of a test that does not apply is 0 and counts nowhere.
    """

    __test__ = False  # no test for pytest to collect

    id: TestId
    name: str
    applies: bool
    value: float
    reason: str


@dataclass(frozen=True)
class Judgement:
    """What a decision record is worth.

    Attributes
    ----------
    tests : tuple of Test
        G1 to G7, in order.
    cap : float
        The most that the score can be: 0.4 after a broken floor, 0.7 if it was repaired before harm, else 1.
    score : float
        From 0 to 1: the mean of those of G2 to G7 that apply, but never above the cap.
    """

    tests: tuple[Test, ...]
    cap: float
    score: float

    @property
    def summary(self) -> str:
        """The score in one sentence, with what held it down."""
        counted = [test for test in self.tests[1:] if test.applies]
        if not counted:
            return NOTHING
        mean = fmean(test.value for test in counted)
        told = f"{percent(self.score)}: the mean of {', '.join(test.id for test in counted)}"
        if self.score < mean:
            return f"{told} is {percent(mean)}, but a broken floor allows no more than {percent(self.cap)}."
        return f"{told}."

    def as_data(self) -> dict[str, Any]:
        """The judgement as plain data."""
        tests = [
            {"id": one.id, "name": one.name, "applies": one.applies, "value": one.value, "reason": one.reason}
            for one in self.tests
        ]
        return {"tests": tests, "cap": self.cap, "score": self.score, "summary": self.summary}


def in_a_row(names: Sequence[str], word: str = "and") -> str:
    """One name or more, as in a sentence.

    Examples
    --------
    >>> in_a_row(["the CSO", "the CISO", "Facilities"])
    'the CSO, the CISO and Facilities'
    """
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def sentence(text: str) -> str:
    """A text with a full stop, unless it ends a sentence already.

    Examples
    --------
    >>> sentence('Say: "Sam is inside."')
    'Say: "Sam is inside."'
    """
    text = text.strip()
    return text if text.rstrip("\"'”’)")[-1:] in {".", "?", "!", "…"} else f"{text}."


def percent(share: float) -> str:
    """A share in words for a sentence.

    Examples
    --------
    >>> percent(0.425)
    '42 %'
    """
    return f"{100 * share:.0f} %"
