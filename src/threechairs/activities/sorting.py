"""Sorting duties to the chairs: rounds of six in lessons, statements of the learner's own case in assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from threechairs.activities.base import Activity
from threechairs.answers import Recorded
from threechairs.chairs import Duty, deciding_facts, duties
from threechairs.course.items import SortItem
from threechairs.course.workbook import Workbook
from threechairs.datasets import table
from threechairs.errors import UsageError
from threechairs.marking.forms import CHAIRS, Form

COLUMNS = (
    {"id": "cso", "label": "CSO", "icon": "cso"},
    {"id": "ciso", "label": "CISO", "icon": "ciso"},
    {"id": "cio", "label": "CIO", "icon": "cio"},
    {"id": "shared", "label": "Shared", "icon": "shared"},
)


@dataclass(frozen=True)
class Card:
    """One statement to sort."""

    id: str
    text: str


class Sorting(Activity):
    """Statements to sort to CSO, CISO, CIO or shared.

    Parameters
    ----------
    activity_id : str
        Under which the answer is recorded; in an assignment, the id of a sorting question.
    workbook : Workbook
        The notebook that the activity stands in.
    rounds : sequence of int, optional
        Rounds of the table of duties, six cards each; lessons only.

    Raises
    ------
    UsageError
        If a lesson names no rounds or unknown ones, or an assignment asks no such question.
    """

    heading = "Who holds this duty?"
    instructions = (
        "Give each card to the chair that holds the duty. If that depends on one fact of the firm, say on which."
    )

    def __init__(self, activity_id: str, workbook: Workbook, rounds: Sequence[int] = ()) -> None:
        super().__init__(activity_id, workbook)
        self.duties: dict[str, Duty] = {}
        if workbook.graded:
            if not isinstance(workbook.bank.item(activity_id), SortItem):
                raise UsageError(f"DutySorter({activity_id!r})", "this question is not one to sort")
            if rounds:
                raise UsageError(f"DutySorter({activity_id!r})", "rounds are for lessons", next_step="Leave them out.")
            self.rounds = [[Card(card.id, workbook.fill(card.text)) for card in workbook.cards(activity_id)]]
            self.facts: dict[str, str] = {}
            self.instructions = "Give each statement to the chair that holds it."
            return
        if not rounds:
            raise UsageError(f"DutySorter({activity_id!r})", "no rounds are given", next_step="Write rounds=[1], say.")
        if isinstance(rounds, str | bytes) or not isinstance(rounds, Sequence):
            raise UsageError(f"DutySorter({activity_id!r})", f"rounds is {rounds!r}", "Expected a list such as [1, 2]")
        known = {duty.round for duty in duties()}
        unknown = sorted(set(rounds) - known)
        if unknown:
            raise UsageError(
                f"DutySorter({activity_id!r})", f"there is no round {unknown[0]}", f"Expected 1 to {max(known)}"
            )
        self.rounds = [[Card(duty.duty_id, duty.duty) for duty in duties(round=number)] for number in rounds]
        self.duties = {duty.duty_id: duty for number in rounds for duty in duties(round=number)}
        self.facts = {fact.fact_id: fact.question for fact in deciding_facts()}

    @property
    def cards(self) -> list[Card]:
        """All cards of all rounds."""
        return [card for cards in self.rounds for card in cards]

    @property
    def form(self) -> Form:
        """The form of an answer."""
        ids = [card.id for card in self.cards]
        return Form(self.id, "sort", choices=ids, partners=CHAIRS, facts=list(self.facts))

    def fitting(self, value: Mapping[str, Any]) -> dict[str, Any] | None:
        """The stored answer without cards that are no longer dealt."""
        ids = {card.id for card in self.cards}
        return super().fitting(
            {
                name: {card: to for card, to in part.items() if card in ids} if isinstance(part, Mapping) else part
                for name, part in value.items()
            }
        )

    def tell(self, value: Mapping[str, Any]) -> str:
        """The answer as a sentence."""
        placements = value["placements"]
        return f"{len(placements)} of {len(self.cards)} cards placed"

    def current_round(self) -> int:
        """Index of the first round that is not wholly placed; the last one when all are."""
        answer = self.recorded
        placed = answer.value["placements"] if answer else {}
        for index, cards in enumerate(self.rounds):
            if any(card.id not in placed for card in cards):
                return index
        return len(self.rounds) - 1

    def feedback(self, cards: Sequence[Card]) -> dict[str, dict[str, Any]]:
        """For each placed card of a lesson: whether it stands right, why, and the source."""
        answer: Recorded | None = self.recorded
        if answer is None or self.workbook.graded:
            return {}
        placements = answer.value["placements"]
        depends = answer.value.get("depends_on", {})
        replies = {}
        for card in cards:
            if card.id in placements:
                ok, text = _judge(self.duties[card.id], placements[card.id], depends.get(card.id), self.facts)
                replies[card.id] = {"ok": ok, "text": text, "source": citations()[self.duties[card.id].source]}
        return replies

    def check(self, cards: Sequence[Card]) -> dict[str, dict[str, Any]]:
        """Reply to a round, and remember when every card of the activity stands right."""
        replies = self.feedback(cards)
        everything = self.feedback(self.cards)
        solved = len(everything) == len(self.cards) and all(reply["ok"] for reply in everything.values())
        self.workbook.store.note(self.id, checks=1, solved=solved)
        return replies

    def reply(self) -> str:
        """What to say to the recorded answer."""
        if self.workbook.graded:
            return super().reply()
        texts = {card.id: card.text for card in self.cards}
        lines = []
        for card_id, reply in self.check(self.cards).items():
            word = "Right" if reply["ok"] else "Not yet"
            lines.append(f"{word}: {texts[card_id]}. {reply['text']} (Source: {reply['source']})")
        return "\n".join(lines)

    def describe(self) -> str:
        """The cards as text, with how to answer in code."""
        lines = [self.heading, self.instructions]
        for number, cards in enumerate(self.rounds, start=1):
            lines += [f"Round {number} of {len(self.rounds)}:", *(f"  {card.id}: {card.text}" for card in cards)]
        if self.facts:
            lines += ["Facts on which a duty may depend:", *(f"  {key}: {text}" for key, text in self.facts.items())]
        first = self.cards[0].id
        lines += [
            "",
            f'Answer in code: answer("{self.id}", {{"{first}": "ciso", ...}})',
            "Chairs: cso, ciso, cio, shared.",
        ]
        if self.told():
            lines.append(f"Recorded: {self.told()}.")
        return "\n".join(lines)


@cache
def citations() -> dict[str, str]:
    """How each source of the course is cited, with its date."""
    return {
        row["source_id"]: f"{row['citation']}, {row['date']}" if row["date"] else row["citation"]
        for row in table("sources")
    }


def _judge(duty: Duty, placed: str, depends_on: str | None, facts: Mapping[str, str]) -> tuple[bool, str]:
    """Whether a placement is right, and what to say.

    The chair must be right. Naming the right fact completes the answer; a missing or wrong fact is told, so that
    the learner sees that the duty moves.
    """
    if placed != duty.chair:
        flipped = placed == duty.flips_to and depends_on == duty.depends_on and depends_on is not None
        return (True, f"{duty.reason} You named the fact that moves it.") if flipped else (False, duty.reason)
    if duty.depends_on and depends_on != duty.depends_on:
        moves = f"It depends on one fact: {facts[duty.depends_on]}"
        return True, f"{duty.reason} {moves}"
    if depends_on and depends_on != duty.depends_on:
        return True, f"{duty.reason} It does not move with the fact that you named."
    return True, duty.reason
