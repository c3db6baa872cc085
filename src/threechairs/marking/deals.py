"""How a deal stands up: acceptable to every party, within the bounds, and nothing left on the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threechairs.course.workbook import current
from threechairs.marking.judge import _Asked, _marks
from threechairs.marking.score import Criterion, Score

if TYPE_CHECKING:
    from threechairs.company.deals import DealTable

SHARES = {"accepted": 0.3, "within": 0.2, "efficient": 0.5}
NAMES = {
    "accepted": "acceptable to every party",
    "within": "within the bounds",
    "efficient": "nothing left on the table",
}
# what a deal that misses a respect can point at
BELIEFS = {"within": "those-present-are-everyone", "efficient": "fair-is-midpoint"}


@dataclass(frozen=True)
class Look:
    """One thing that was looked at in a deal.

    Attributes
    ----------
    id : str
        `"accepted"`, `"within"` or `"efficient"`.
    share : float
        How far it is met, from 0 to 1.
    reason : str
        Why, in words and numbers.
    belief : str
        Id of the misconception that the deal points at, or empty.
    """

    id: str
    share: float
    reason: str
    belief: str = ""

    @property
    def name(self) -> str:
        """What was looked at, in the learner's words."""
        return NAMES[self.id]


def look_at(table: DealTable, options: Mapping[str, str]) -> list[Look]:
    """How a deal stands in each of the three respects, each with its reason.

    Parameters
    ----------
    table : DealTable
        Parties, points and bounds.
    options : mapping of issue to option
        The deal.

    Examples
    --------
    >>> from threechairs.company.deals import deal_table
    >>> [look.share for look in look_at(deal_table("gate-4"), deal_table("gate-4").midpoint())][:2]
    [1.0, 1.0]
    """
    verdict = table.verdict(options)
    gains = []
    for role, party in table.parties.items():
        gap = verdict.worth[role] - party.reservation
        told = f"{gap} more" if gap > 0 else f"{-gap} fewer" if gap else "the same"
        gains.append(f"{party.name}: {verdict.worth[role]} points, {told} than the {party.reservation} without a deal.")
    broken = table.broken(options)
    said = "Nobody who is absent has asked for a bound." if not table.bounds else "Every bound is kept."
    return [
        Look("accepted", float(verdict.accepted), " ".join(gains)),
        Look(
            "within",
            float(not broken),
            " ".join(" ".join(bound.why.split()) for bound in broken) if broken else said,
            BELIEFS["within"] if broken else "",
        ),
        _look_for_waste(table, options, verdict.accepted and verdict.within),
    ]


def _look_for_waste(table: DealTable, options: Mapping[str, str], counts: bool) -> Look:
    from threechairs.models import bargaining

    if not counts:
        return Look("efficient", 0.0, "A deal that somebody would refuse, or that breaks a bound, is not weighed.")
    row = table.index(options)
    share = 1 - table.verdict(options).forgone
    if share == 1:
        return Look("efficient", 1.0, "No deal within the bounds is better for one side and no worse for the other.")
    better = bargaining.dominating(table.worths, row) & table.within
    sums = table.worths.sum(axis=1)
    best = max(better.nonzero()[0], key=lambda one: sums[one])
    worths = " and ".join(
        f"{int(worth)} to {party.name}" for worth, party in zip(table.worths[best], table.parties.values(), strict=True)
    )
    reason = (
        f"{int(better.sum())} deals within the bounds are at least as good for every side and better for one. "
        f"One gives {worths}: together {int(sums[best] - sums[row])} points more than yours."
        if better.sum() > 1
        else f"One deal within the bounds is at least as good for every side: it gives {worths}, together "
        f"{int(sums[best] - sums[row])} points more than yours."
    )
    middle = table.read(options) == table.midpoint()
    return Look("efficient", share, reason, BELIEFS["efficient"] if middle else "")


@_marks
def mark_deal(asked: _Asked, points: float, *, table: str, coaching: Mapping[str, str] | None = None) -> Score:
    """Marks for a deal.

    Parameters
    ----------
    activity : str
        Id of the question.
    points : float
        Points of the cell: 30 % for a deal that every party would sign, 20 % for keeping the bounds, 50 % for leaving
        nothing on the table (less by the share of the gain that is left there).
    table : str
        Name of the deal table: one of the case, or one of the course.
    coaching : mapping of `"accepted"`, `"within"` or `"efficient"` to text
        What to say further to those who missed it.
    """
    criteria = []
    for look in look_at(current().deals(table), asked.value["options"]):
        room = points * SHARES[look.id]
        further = "" if look.share == 1 else (coaching or {}).get(look.id, "")
        comment = f"{look.reason} {further}".strip()
        criteria.append(Criterion(look.name, room * look.share, room, comment, look.belief))
    return Score(criteria, points)
