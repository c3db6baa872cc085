"""The forms that answers have, one per kind of question, and whether an answer has its form.

one
    `{"choice": option, "reason": reason, "confidence": 50 | 70 | 90}`
several
    `{"choices": [option, ...]}`
order
    `{"order": [step, ...]}`
number
    `{"number": 12.0}`
match
    `{"pairs": {left: right}}`
sort
    `{"placements": {card: chair}, "depends_on": {card: fact}}`
text
    `{"text": "..."}`
deal
    `{"options": {issue: option}}`, every issue settled
play
    `{"plays": [{"chair": chair, "number": 1, "steps": [{"scene": scene, "option": option}, ...]}, ...]}`
matrix
    `{"cells": {row: {column: "R" | "A" | "C" | "I" | "A/R"}}}`; blank cells and empty rows are left out

Options are named by id, never by position. Every form may carry `confidence`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from threechairs.answers import Kind
from threechairs.errors import AnswerFormError, UsageError, did_you_mean
from threechairs.scenario.play import Step
from threechairs.scenario.schema import CHAIRS as PLAYED

CONFIDENCE = (50, 70, 90)
CHAIRS = ("cso", "ciso", "cio", "shared")
LETTERS = ("R", "A", "C", "I", "A/R")
_BLANKS = ("", "-", "–", "—")
_MAX_TEXT = 4000
_MAX_STEPS = 1000


@dataclass(frozen=True)
class Form:
    """What an answer to one activity may say.

    Attributes
    ----------
    activity, kind
        Whose answer, and which of the kinds.
    choices : collection of str
        Ids that may be chosen: options, steps, left entries, rows or cards.
    partners : collection of str
        Ids that a choice may be given: right entries, columns, or chairs.
    reasons : collection of str
        Ids of reasons; empty where none is asked for.
    facts : collection of str
        Ids of facts on which a placement may depend.
    settles : mapping of issue to options
        For a deal: the options of each issue.
    """

    activity: str
    kind: Kind
    choices: Collection[str] = ()
    partners: Collection[str] = ()
    reasons: Collection[str] = ()
    facts: Collection[str] = field(default=())
    settles: Mapping[str, Collection[str]] = field(default_factory=dict)

    def read(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The answer in its plain form, ready to be stored.

        Raises
        ------
        AnswerFormError
            If the answer does not have the form of its kind, or names something that is not there.
        """
        if not isinstance(value, Mapping):
            raise self._error(f"the answer is {value!r}", "Expected a mapping such as {'choice': ...}")
        read = {name: getattr(self, f"_read_{name}")(value[name]) for name in _PARTS[self.kind] if name in value}
        unknown = set(value) - set(_PARTS[self.kind]) - {"confidence"}
        if unknown:
            raise self._error(f"the answer holds {', '.join(sorted(map(str, unknown)))}", f"Expected {self._parts()}")
        if _PARTS[self.kind][0] not in read:
            raise self._error(f"the answer has no {_PARTS[self.kind][0]!r}", f"Expected {self._parts()}")
        confidence = value.get("confidence")
        if confidence is not None:
            if confidence not in CONFIDENCE:
                raise self._error(f"confidence is {confidence!r}", "Expected 50, 70 or 90")
            read["confidence"] = int(confidence)
        return {name: part for name, part in read.items() if part is not None}

    def complete(self, value: Mapping[str, Any]) -> bool:
        """True when nothing that the question asks for is missing."""
        if self.kind == "one":
            return not self.reasons or bool(value.get("reason"))
        if self.kind == "several":
            return bool(value.get("choices"))
        if self.kind in {"match", "sort", "matrix"}:
            return set(value[_PARTS[self.kind][0]]) == set(self.choices)
        return True

    def _read_choice(self, choice: Any) -> str:
        return self._known(choice, self.choices)

    def _read_reason(self, reason: Any) -> str | None:
        return None if reason is None else self._known(reason, self.reasons)

    def _read_choices(self, choices: Any) -> list[str]:
        if isinstance(choices, str) or not isinstance(choices, Collection):
            raise self._error(f"the answer is {choices!r}", "Expected a list of options")
        known = {self._known(choice, self.choices) for choice in choices}
        return [choice for choice in self.choices if choice in known]

    def _read_order(self, order: Any) -> list[str]:
        if isinstance(order, str) or not isinstance(order, Collection):
            raise self._error(f"the answer is {order!r}", "Expected a list of all steps in your order")
        steps = [self._known(step, self.choices) for step in order]
        if sorted(steps) != sorted(self.choices):
            raise self._error(f"{len(steps)} steps are given", f"Expected each of these once: {self._list()}")
        return steps

    def _read_number(self, number: Any) -> float:
        try:
            read = float(_plain_number(number) if isinstance(number, str) else number)
        except (TypeError, ValueError, OverflowError):
            raise self._error(f"the answer is {number!r}", "Expected one number, such as 1234.5 or 1,234.5") from None
        if isinstance(number, bool):
            raise self._error(f"the answer is {number!r}", "Expected one number, such as 1234.5 or 1,234.5")
        if not math.isfinite(read):
            raise self._error(f"the answer is {number!r}", "Expected a finite number")
        return read

    def _read_pairs(self, pairs: Any) -> dict[str, str]:
        if not isinstance(pairs, Mapping):
            raise self._error(f"the answer is {pairs!r}", "Expected a mapping")
        return {self._known(left, self.choices): self._known(right, self.partners) for left, right in pairs.items()}

    _read_placements = _read_pairs

    def _read_depends_on(self, facts: Any) -> dict[str, str]:
        if not isinstance(facts, Mapping):
            raise self._error(f"depends_on is {facts!r}", "Expected a mapping of card to fact")
        return {self._known(card, self.choices): self._known(fact, self.facts) for card, fact in facts.items()}

    def _read_cells(self, cells: Any) -> dict[str, dict[str, str]]:
        """Letters by row and column, in the question's own order, so that two orders of filling in are one answer."""
        if not isinstance(cells, Mapping):
            raise self._error(f"the matrix is {cells!r:.80}", "Expected a mapping of row to columns")
        read: dict[str, dict[str, str]] = {}
        for row, given in cells.items():
            if not isinstance(given, Mapping):
                raise self._error(f"row {row!r} is {given!r:.80}", "Expected a mapping of column to letter")
            letters = {self._known(column, self.partners): self._letter(seen) for column, seen in given.items()}
            read[self._known(row, self.choices)] = {
                column: letters[column] for column in self.partners if letters.get(column)
            }
        return {row: read[row] for row in self.choices if read.get(row)}

    def _letter(self, seen: Any) -> str:
        if seen is None or (isinstance(seen, float) and math.isnan(seen)):  # an empty cell of a data frame
            return ""
        letter = seen.strip().upper() if isinstance(seen, str) else ""
        letter = {"R/A": "A/R"}.get(letter, letter)
        if not isinstance(seen, str) or letter not in (*LETTERS, *_BLANKS):
            raise self._error(f"a cell holds {seen!r:.80}", f"Expected {', '.join(LETTERS)} or nothing")
        return "" if letter in _BLANKS else letter

    def _read_text(self, text: Any) -> str:
        if not isinstance(text, str):
            raise self._error(f"the answer is {text!r}", "Expected a text")
        if len(text) > _MAX_TEXT:
            raise self._error(f"the text has {len(text)} characters", f"Expected at most {_MAX_TEXT}")
        # half of a two-part character, as a browser may send it, cannot be saved as UTF-8
        return text.encode("utf-8", "replace").decode("utf-8")

    def _read_plays(self, plays: Any) -> list[dict[str, Any]]:
        if isinstance(plays, str | Mapping) or not isinstance(plays, Collection):
            raise self._error(f"the answer is {plays!r}", "Expected a list of plays")
        return [self._read_play(play) for play in plays]

    def _read_play(self, play: Any) -> dict[str, Any]:
        """A play as it is stored; whether its steps could be taken is a matter of the scenario."""
        if not isinstance(play, Mapping) or set(play) != {"chair", "number", "steps"}:
            raise self._error(f"a play is {play!r:.80}", "Expected 'chair', 'number' and 'steps'")
        number, steps = play["number"], play["steps"]
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise self._error(f"a play has the number {number!r}", "Expected a whole number from 1")
        if isinstance(steps, str | Mapping) or not isinstance(steps, Collection) or len(steps) > _MAX_STEPS:
            raise self._error("a play has no list of steps", f"Expected at most {_MAX_STEPS} steps")
        try:
            read = [Step.from_data(step).as_data() for step in steps]
        except UsageError as reason:
            raise self._error(f"a step is {reason.seen:.80}", reason.expected) from None
        return {"chair": self._known(play["chair"], PLAYED), "number": number, "steps": read}

    def _read_options(self, options: Any) -> dict[str, str]:
        if not isinstance(options, Mapping):
            raise self._error(f"the deal is {options!r}", "Expected a mapping of issue to option")
        for issue in options:
            self._known(issue, self.settles)
        missing = [issue for issue in self.settles if issue not in options]
        if missing:
            raise self._error(f"{missing[0]!r} is not settled", "Expected one option for every issue")
        return {issue: self._known(options[issue], known) for issue, known in self.settles.items()}

    def _known(self, seen: Any, known: Collection[str]) -> str:
        if not isinstance(seen, str) or seen not in known:
            raise self._error(f"{seen!r} is not one of the possible answers", next_step=did_you_mean(str(seen), known))
        return seen

    def _parts(self) -> str:
        return " and ".join(repr(part) for part in _PARTS[self.kind])

    def _list(self) -> str:
        return ", ".join(self.choices)

    def _error(self, seen: str, expected: str = "", next_step: str = "") -> AnswerFormError:
        return AnswerFormError(f"answer to {self.activity!r}", seen, expected, next_step)


_PARTS: dict[str, tuple[str, ...]] = {
    "one": ("choice", "reason"),
    "several": ("choices",),
    "order": ("order",),
    "number": ("number",),
    "match": ("pairs",),
    "sort": ("placements", "depends_on"),
    "text": ("text",),
    "deal": ("options",),
    "play": ("plays",),
    "matrix": ("cells",),
}


def _plain_number(text: str) -> str:
    """A number as people type it, as Python reads it; a comma only between groups of three digits.

    Examples
    --------
    >>> _plain_number("1,234.5"), _plain_number("−12")
    ('1234.5', '-12')
    """
    text = re.sub(r"[\s\u00a0\u202f]", "", text).replace("\u2212", "-")
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return text


def plain_value(kind: Kind, value: Any, because: Any = None, confidence: Any = None, depends_on: Any = None) -> Any:
    """What a learner typed, as the mapping that is stored.

    Examples
    --------
    >>> plain_value("one", "owner-signs", because="has-the-limit", confidence=70)
    {'choice': 'owner-signs', 'reason': 'has-the-limit', 'confidence': 70}
    """
    parts = _PARTS[kind]
    given = {parts[0]: value, "reason": because, "depends_on": depends_on, "confidence": confidence}
    return {name: part for name, part in given.items() if part is not None}
