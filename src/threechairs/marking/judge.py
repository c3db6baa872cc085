"""The checks that test cells call: an answer and its key in, marks with reasons out.

Every `mark_...` function reads the recorded answer of the open notebook, gives 0 and "not attempted" where there
is none, and returns a `Score` as the last expression of its cell. Nothing that happens inside can warn, print
or raise because of what a learner answered.
"""

from __future__ import annotations

import contextlib
import functools
import io
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from threechairs.course.items import DealItem, Item
from threechairs.course.workbook import Workbook, current
from threechairs.errors import AnswerFormError, AnswersError, GradingError
from threechairs.marking.forms import CHAIRS, Form
from threechairs.marking.score import Criterion, Score, Status

P = ParamSpec("P")

WORTH = {"best": 1.0, "defensible": 0.8, "weak": 0.3, "breach": 0.0}
CHOICE_SHARE = 0.4
REASON_SHARE = 0.6


def recorded(activity: str) -> Status:
    """The visible part of a test cell: *not attempted*, or *recorded; marked after submission*.

    Not attempted has the text `0`, so that nbgrader's Validate does not call untouched work a success.
    """
    if _answer(activity) is None:
        return Status("not attempted when this page was last started", as_mark="0")
    return Status("recorded; marked after submission")


@dataclass(frozen=True)
class _Asked:
    """A recorded answer, with the texts of its question to tell the learner what is meant."""

    value: Mapping[str, Any]
    cards: Sequence[str]
    texts: Mapping[str, str]
    item: Item

    def text(self, option: str) -> str:
        return self.texts.get(option, option)


def _marks(
    mark: Callable[Concatenate[_Asked, float, P], Score],
) -> Callable[Concatenate[str, float, P], Score]:
    """Turn a function of an answer into one that a test cell calls with the activity's id."""

    @functools.wraps(mark)
    def call(activity: str, points: float, /, *args: P.args, **kwargs: P.kwargs) -> Score:
        with quietly():
            answer = _answer(activity)
            if answer is None:
                return Score.not_attempted(points)
            workbook = current()
            texts = workbook.texts(activity)
            cards = [card.id for card in workbook.cards(activity)]
            asked = _Asked(answer, cards, texts, workbook.bank.item(activity))
            return mark(asked, points, *args, **kwargs)

    return call


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Nothing inside warns or writes to stderr: stock nbgrader gives 0 to a cell that does, also for a right answer."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _answer(activity: str) -> Mapping[str, Any] | None:
    """The recorded answer; `None` where there is none of the right form, as in a file that was edited by hand."""
    workbook = current()
    try:
        answer = workbook.store.get(activity)
    except AnswersError as reason:
        raise GradingError("this submission", f"it cannot be marked: {reason}") from None
    if answer is None:
        return None
    # confidence never changes marks, so neither does an odd one
    value = {name: part for name, part in answer.value.items() if name != "confidence"}
    try:
        return form_of(workbook, activity).read(value)
    except AnswerFormError:
        return None


def form_of(workbook: Workbook, activity: str) -> Form:
    """The form of an answer to a graded question of this workbook."""
    item = workbook.bank.item(activity)
    if isinstance(item, DealItem):
        return Form(activity, "deal", settles=workbook.deals(item.table).options)
    named = ("options", "reasons", "steps", "left", "right", "rows", "columns")
    ids = {name: [entry.id for entry in getattr(item, name, ())] for name in named}
    cards = [card.id for card in workbook.cards(activity)]
    return Form(
        activity,
        item.kind,
        choices=ids["options"] or ids["steps"] or ids["left"] or ids["rows"] or cards,
        partners=CHAIRS if cards else ids["right"] or ids["columns"],
        reasons=ids["reasons"],
    )


@_marks
def mark_choice(
    asked: _Asked,
    points: float,
    *,
    options: Mapping[str, str],
    reasons: Mapping[str, str] | None = None,
    coaching: Mapping[str, str] | None = None,
    beliefs: Mapping[str, str] | None = None,
    best_case: str = "",
) -> Score:
    """Marks for a choice and, where asked, its reason.

    Parameters
    ----------
    activity : str
        Id of the question.
    points : float
        Points of the cell. The choice counts 40 %, the reason 60 %; without reasons the choice counts all.
    options, reasons : mapping of id to worth
        `"best"` 1, `"defensible"` 0.8, `"weak"` 0.3, `"breach"` 0. A choice that breaches a floor gets no
        marks for its reason either: no reason makes up for it.
    coaching : mapping of id to text
        What to say to those who chose an option or reason.
    beliefs : mapping of id to misconception id
        The misconception that an option points at.
    best_case : str
        The best case for the tempting option; opens the feedback.
    """
    coaching, beliefs = coaching or {}, beliefs or {}

    def criterion(name: str, chosen: str, worth: str, room: float) -> Criterion:
        belief = "" if worth == "best" else beliefs.get(chosen, "")
        return Criterion(f"{name}: {asked.text(chosen)}", room * WORTH[worth], room, coaching.get(chosen, ""), belief)

    choice, reason = asked.value.get("choice", ""), asked.value.get("reason", "")
    worth = _worth(options, choice)
    share = CHOICE_SHARE if reasons else 1.0
    criteria = [criterion("your choice", choice, worth, points * share)]
    if reasons:
        room = points * REASON_SHARE
        if worth == "breach":
            said = "A floor (law or life) was given up; no reason makes up for that."
            criteria.append(Criterion("your reason", 0.0, room, said))
        elif not reason:
            criteria.append(Criterion("your reason", 0.0, room, "No reason was given."))
        else:
            criteria.append(criterion("your reason", reason, _worth(reasons, reason), room))
    return Score(criteria, points, opening=best_case if worth != "best" else "")


@_marks
def mark_several(
    asked: _Asked,
    points: float,
    *,
    keyed: Collection[str],
    coaching: Mapping[str, str] | None = None,
    beliefs: Mapping[str, str] | None = None,
) -> Score:
    """Marks for choosing every option that applies: (right - wrong) / keyed, at least 0."""
    coaching, beliefs = coaching or {}, beliefs or {}
    chosen = set(asked.value.get("choices", ()))
    right, wrong = chosen & set(keyed), chosen - set(keyed)
    share = max(0.0, len(right) - len(wrong)) / len(keyed)
    comment = f"{len(right)} of {len(keyed)} found, {len(wrong)} too many."
    criteria = [Criterion("what you chose", points * share, points, comment)]
    for option in sorted(wrong):
        name, said = f"chosen: {asked.text(option)}", coaching.get(option, "")
        criteria.append(Criterion(name, 0.0, 0.0, said, beliefs.get(option, "")))
    for option in sorted(set(keyed) - chosen):
        criteria.append(Criterion(f"missing: {asked.text(option)}", 0.0, 0.0, coaching.get(option, "")))
    return Score(criteria, points)


@_marks
def mark_sort(
    asked: _Asked,
    points: float,
    *,
    key: Mapping[str, str],
    coaching: Mapping[str, str] | None = None,
    beliefs: Mapping[str, Mapping[str, str]] | None = None,
) -> Score:
    """Marks for sorting statements to chairs, the same for each card of this learner's draw.

    Parameters
    ----------
    activity, points
        Id of the question and points of the cell.
    key : mapping of card to chair
        Right chair of every card that may be drawn.
    coaching : mapping of card to text
        Why a card belongs where it belongs.
    beliefs : mapping of card to mapping of chair to misconception id
        The misconception that a wrong chair points at.
    """
    placements = asked.value.get("placements", {})
    each = points / len(asked.cards)
    criteria = []
    for card in asked.cards:
        placed = placements.get(card)
        right = placed == key[card]
        comment = "" if right else (coaching or {}).get(card, "")
        if placed is None:
            comment = f"Not placed. {comment}"
        belief = "" if right else (beliefs or {}).get(card, {}).get(placed or "", "")
        criteria.append(
            Criterion(
                f"{asked.text(card)} [you: {_chair(placed)}]", each if right else 0.0, each, comment.strip(), belief
            )
        )
    return Score(criteria, points)


@_marks
def mark_order(
    asked: _Asked,
    points: float,
    *,
    pairs: Sequence[tuple[str, str, str] | tuple[str, str, str, str]],
) -> Score:
    """Marks for an order: only the pairs with a stated reason count, all alike.

    Parameters
    ----------
    activity, points
        Id of the question and points of the cell.
    pairs : sequence of (earlier step, later step, why) or (earlier step, later step, why, misconception id)
        The pairs that count, why each does, and the misconception that the other order points at.
    """
    order = list(asked.value.get("order", ()))
    each = points / len(pairs)
    criteria = []
    for earlier, later, why, *belief in pairs:
        kept = earlier in order and later in order and order.index(earlier) < order.index(later)
        name = f"“{asked.text(earlier)}” before “{asked.text(later)}”"
        comment, named = ("", "") if kept else (why, "".join(belief))
        criteria.append(Criterion(name, each if kept else 0.0, each, comment, named))
    return Score(criteria, points)


@_marks
def mark_match(
    asked: _Asked,
    points: float,
    *,
    key: Mapping[str, str],
    coaching: Mapping[str, str] | None = None,
    beliefs: Mapping[str, Mapping[str, str]] | None = None,
) -> Score:
    """Marks for matching: the same for every entry on the left.

    Parameters
    ----------
    activity, points
        Id of the question and points of the cell.
    key : mapping of left to right
        Right partner of every entry.
    coaching : mapping of left to text
        Why an entry belongs where it belongs.
    beliefs : mapping of left to mapping of right to misconception id
        The misconception that a wrong partner points at.
    """
    given = asked.value.get("pairs", {})
    each = points / len(key)
    criteria = []
    for left, right in key.items():
        hit = given.get(left) == right
        comment = "" if hit else (coaching or {}).get(left, "")
        belief = "" if hit else (beliefs or {}).get(left, {}).get(given.get(left, ""), "")
        criteria.append(Criterion(asked.text(left), each if hit else 0.0, each, comment, belief))
    return Score(criteria, points)


def _worth(worths: Mapping[str, str], chosen: str) -> str:
    worth: Any = worths.get(chosen, "weak")
    if worth not in WORTH:
        raise GradingError("test cell", f"{chosen!r} is keyed {worth!r}", f"Expected one of {', '.join(WORTH)}")
    return str(worth)


def _chair(placed: str | None) -> str:
    return {"shared": "shared", None: "not placed"}.get(placed, str(placed).upper())
