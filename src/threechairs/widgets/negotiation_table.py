"""A deal between two sides as a card: why each wants what it wants, every deal on a chart, the frontier late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from threechairs.activities import Negotiation, remember
from threechairs.course.workbook import current
from threechairs.widgets.base import Card, source

_MARKS = {0.0: "wrong", 1.0: "right"}


class NegotiationTable(Card):
    """Two sides, the issues between them, and a deal to record.

    Parameters
    ----------
    activity_id : str
        Under which the deal is recorded; in an assignment, the id of a question of the kind `deal`.
    table : str
        Name of a deal table; in an assignment also one of the case. A question of the kind `deal` names its own.

    Raises
    ------
    UsageError
        If no notebook is open, or table or question do not fit.
    """

    _esm = source("negotiation_table", "js", "chart")
    _css = source("negotiation_table", "css", "chart")
    messages: ClassVar[tuple[str, ...]] = ("ask", "offer", "frontier", "record")

    mode = traitlets.Unicode("practice").tag(sync=True)
    stem = traitlets.Unicode("").tag(sync=True)
    sides: traitlets.List[Any] = traitlets.List(help="Both sides; interest and points once asked.").tag(sync=True)
    issues: traitlets.List[Any] = traitlets.List().tag(sync=True)
    bounds: traitlets.List[Any] = traitlets.List(help="What somebody absent needs, once it may be told.").tag(sync=True)
    bounds_later = traitlets.Bool(False, help="Whether there are bounds that are not told yet.").tag(sync=True)
    deals: traitlets.List[Any] = traitlets.List(help="Worths of all deals, once both sides were asked.").tag(sync=True)
    tried: traitlets.List[Any] = traitlets.List(help="Deals tried so far, with who would sign.").tag(sync=True)
    tries_left = traitlets.Int(0).tag(sync=True)
    frontier = traitlets.Dict(help="The frontier, once it was asked for.").tag(sync=True)

    def __init__(self, activity_id: str, *, table: str = "", **unknown: Any) -> None:
        super().__init__(**unknown)
        self._talk = Negotiation(activity_id, current(), table)
        remember(self._talk)
        self.heading, self.instructions, self.stem = self._talk.heading, self._talk.instructions, self._talk.stem
        self.mode = self._talk.mode
        self.issues = [issue.model_dump() for issue in self._talk.deals.issues]
        self._redraw()

    def describe(self) -> str:
        """Sides, issues and points as text, with how to answer in code."""
        return self._talk.describe()

    def _redraw(self) -> None:
        talk, table, parties = self._talk, self._talk.deals, self._talk.deals.parties
        self.bounds = [{**bound.model_dump(), "why": " ".join(bound.why.split())} for bound in talk.bounds]
        self.bounds_later = len(talk.bounds) < len(table.bounds)
        self.sides = [
            {"id": role, "name": party.name, "position": party.position}
            | (party.model_dump(include={"interest", "alternative", "reservation", "points"}) if known else {})
            for role, party in parties.items()
            for known in [role in talk.asked]
        ]
        if len(talk.asked) == len(parties):
            counted = Counter(
                (int(x), int(y), bool(kept or self.bounds_later))  # what is not told yet breaks nothing yet
                for (x, y), kept in zip(table.worths, table.within, strict=True)
            )
            self.deals = [{"x": x, "y": y, "within": kept, "count": n} for (x, y, kept), n in sorted(counted.items())]
        self.tried = [self._tried(deal) for deal in talk.tried]
        self.tries_left = talk.tries_left
        stored = talk.recorded
        self.answer = dict(stored.value) if stored else {}
        self.recorded = talk.told()

    def _tried(self, deal: Mapping[str, str]) -> dict[str, Any]:
        """A deal that was tried: who would sign it, and whether it keeps the bounds."""
        table = self._talk.deals
        worth = table.verdict(deal).worth
        signs = {role: worth[role] >= party.reservation for role, party in table.parties.items()}
        return {"options": dict(deal), "signs": signs, "broken": len(table.broken(deal))}

    def _on_ask(self, content: Mapping[str, Any]) -> None:
        self.status = self._talk.ask(str(content.get("side", "")))
        self._redraw()

    def _on_offer(self, content: Mapping[str, Any]) -> None:
        self.status = self._talk.offer(content.get("options") or {})
        self._redraw()

    def _on_frontier(self, _content: Mapping[str, Any]) -> None:
        self.frontier = self._talk.frontier()
        self.status = str(self.frontier["text"])

    def _on_record(self, content: Mapping[str, Any]) -> None:
        self._talk.record(content.get("answer") or {})
        looks = self._talk.check()
        self.feedback = {
            "looks": [
                {"mark": _MARKS.get(look.share, "partly"), "name": look.name, "text": look.reason} for look in looks
            ]
        }
        self._redraw()
        met = sum(look.share == 1 for look in looks)
        said = f"{met} of {len(looks)} tests are met; the reasons stand below the deal."
        self.status = "Recorded. Marked after submission." if self.mode == "graded" else f"Recorded. {said}"
