"""Questions as their author writes them: `datasets/items/*.yaml`.

A practice bank (named like its lesson) carries keys and a reply per wrong option. A graded bank (named like its
assignment) carries texts and the facts that differ between learners, never a key: keys stand in the hidden
tests under `solutions/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from threechairs.datasets import course_root
from threechairs.errors import UsageError, did_you_mean
from threechairs.yaml_files import load_yaml

Worth = Literal["best", "defensible", "weak", "breach"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """Something with an id that can be chosen, ordered or matched."""

    id: Slug
    text: str


class Option(Text):
    """An option of a question; `worth` or `correct` only in practice banks."""

    worth: Worth | None = None
    correct: bool | None = None
    belief: Slug | None = None
    reply: str | None = None

    @property
    def right(self) -> bool:
        """True for a best option and for a correct one."""
        return self.worth == "best" or self.correct is True


class _Item(_Strict):
    id: Slug
    teaches: str | None = None
    claims: list[str] = []
    stem: str
    hints: list[str] = Field(default=[], max_length=3)
    confidence: bool = False
    opinion: bool = False
    reply_right: str | None = None


class OneItem(_Item):
    """Choose one option, and where `reasons` are given, the reason for it."""

    kind: Literal["one"]
    options: list[Option] = Field(min_length=2)
    reasons: list[Option] = []
    best_case: str | None = None


class SeveralItem(_Item):
    """Choose every option that applies."""

    kind: Literal["several"]
    options: list[Option] = Field(min_length=2)


class Before(_Strict):
    """A pair of steps whose order has a reason; other pairs do not count.

    `belief` is the misconception that the other order points at.
    """

    before: Slug
    after: Slug
    why: str
    belief: Slug | None = None


class OrderItem(_Item):
    """Put steps in order; practice banks list them in a right order, graded banks in no order."""

    kind: Literal["order"]
    steps: list[Text] = Field(min_length=3)
    because: list[Before] = []


class WrongNumber(_Strict):
    """A number that a known misconception leads to."""

    value: float
    belief: Slug
    reply: str


class NumberItem(_Item):
    """Answer with one number; `tolerance` is in its unit, `relative` a share of the answer, and the wider counts."""

    kind: Literal["number"]
    answer: float | None = None
    tolerance: float = Field(default=0.0, ge=0)
    relative: float = Field(default=0.0, ge=0, lt=1)
    unit: str = ""
    wrong: list[WrongNumber] = []


class MatchItem(_Item):
    """Give every entry on the left its partner on the right."""

    kind: Literal["match"]
    left: list[Text] = Field(min_length=2)
    right: list[Text] = Field(min_length=2)
    pairs: dict[str, str] = {}
    replies: dict[str, str] = {}


class TextItem(_Item):
    """Write a line or two; kept for the learner, never marked."""

    kind: Literal["text"]


class SortItem(_Item):
    """Sort statements to the chairs; graded banks only (practice sorts the table of duties).

    Every learner gets `draw` of the cards, by their own case.
    """

    kind: Literal["sort"]
    cards: list[Text] = Field(min_length=2)
    draw: int


class DealItem(_Item):
    """Settle every issue of a deal table, so that both sides can sign.

    `table` names a table of the course, or in a graded bank one of the case with the learner's own points. The points
    themselves tell which deals are good, so neither bank carries a key.
    """

    kind: Literal["deal"]
    table: Slug


class PlayItem(_Item):
    """Play a scenario; graded banks only (a lesson names its scenario where it shows the player)."""

    kind: Literal["play"]
    scenario: Slug


class Assurance(_Strict):
    """A pair of rows: what one does, the other assures, so the same role may not answer for both."""

    does: Slug
    assures: Slug


class MatrixItem(_Item):
    """Fill a RACI matrix: R, A, C, I, A/R or nothing for every row (a duty) and column (a role).

    The seven rules of `chairs.raci` tell which rows are valid, so neither bank carries a key.
    """

    kind: Literal["matrix"]
    rows: list[Text] = Field(min_length=1)
    columns: list[Text] = Field(min_length=2)
    assurances: list[Assurance] = []

    @property
    def assurance_pairs(self) -> list[tuple[str, str]]:
        """Pairs of rows, as `chairs.check_raci` takes them."""
        return [(pair.does, pair.assures) for pair in self.assurances]


AnyKind = (
    OneItem | SeveralItem | OrderItem | NumberItem | MatchItem | TextItem | SortItem | DealItem | PlayItem | MatrixItem
)
Item = Annotated[AnyKind, Field(discriminator="kind")]


class ItemBank(_Strict):
    """One file of questions.

    `facts` (graded banks only) lists, per fact, the values from which each learner's case draws one; stems and
    options name them in braces. `tables` lists the tables of the case with the settings of their generators.
    """

    format: Literal[1]
    lesson: str | None = None
    assignment: str | None = None
    facts: dict[str, list[Any] | dict[str, str]] = {}
    tables: dict[str, dict[str, Any]] = {}
    items: list[Item]

    @model_validator(mode="after")
    def _has_one_owner_and_the_right_keys(self) -> ItemBank:
        if bool(self.lesson) == bool(self.assignment):
            raise ValueError("give either 'lesson' (practice) or 'assignment' (graded), not both")
        problems = [problem for item in self.items for problem in _id_problems(item)]
        problems += [problem for item in self.items for problem in _key_problems(item, graded=bool(self.assignment))]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def item(self, item_id: str) -> Item:
        """Question by id."""
        for item in self.items:
            if item.id == item_id:
                return item
        where = f"question {item_id!r}"
        raise UsageError(
            where,
            f"{self.lesson or self.assignment} has no such question",
            next_step=did_you_mean(item_id, [i.id for i in self.items]),
        )


def _id_problems(item: Item) -> Iterator[str]:
    """Ids that are used twice in a question, and ids that name nothing in it."""
    for name in ("options", "reasons", "steps", "left", "right", "cards", "rows", "columns"):
        ids = [entry.id for entry in getattr(item, name, ())]
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            yield f"{item.id}: {twice!r} stands twice in {name}"
    named: list[tuple[str, set[str], str]] = []
    if isinstance(item, OrderItem):
        steps = {step.id for step in item.steps}
        named = [(one, steps, "step") for pair in item.because for one in (pair.before, pair.after)]
    if isinstance(item, MatchItem):
        named = [(left, {entry.id for entry in item.left}, "left entry") for left in (*item.pairs, *item.replies)]
        named += [(right, {entry.id for entry in item.right}, "right entry") for right in item.pairs.values()]
    if isinstance(item, MatrixItem):
        rows = {row.id for row in item.rows}
        named = [(row, rows, "row") for pair in item.assurance_pairs for row in pair]
        for both in sorted(rows & {column.id for column in item.columns}):
            yield f"{item.id}: {both!r} is a row and a column; give them names of their own"
    for one, known, what in named:
        if one not in known:
            yield f"{item.id}: there is no {what} {one!r}. {did_you_mean(one, known)}".rstrip()


def _key_problems(item: Item, *, graded: bool) -> Iterator[str]:
    """Say what is missing from a practice question, or what a graded one gives away."""
    keyed = [option for option in _options(item) if option.worth or option.correct is not None]
    if graded:
        given_away = keyed or getattr(item, "pairs", None) or getattr(item, "because", None) or item.reply_right
        if given_away or getattr(item, "answer", None) is not None:
            yield f"{item.id}: a graded question carries no key; put it into the hidden tests under solutions/"
    elif item.opinion:
        if keyed:
            yield f"{item.id}: an opinion has no right answer, so no option may carry 'worth' or 'correct'"
    else:
        yield from _practice_problems(item)


def _practice_problems(item: Item) -> Iterator[str]:
    if not item.hints and not isinstance(item, DealItem):  # the two sides answer when they are asked why
        yield f"{item.id}: hints are missing; give one to three, the weakest first"
    if isinstance(item, OneItem):
        yield from _worth_problems(item.id, "options", item.options)
        if item.reasons:
            yield from _worth_problems(item.id, "reasons", item.reasons)
    for broken, problem in (
        (
            isinstance(item, SeveralItem) and any(option.correct is None for option in item.options),
            "every option needs 'correct: true' or 'correct: false'",
        ),
        (isinstance(item, OrderItem) and not item.because, "say under 'because' which pairs count, and why"),
        (isinstance(item, NumberItem) and item.answer is None, "'answer' is missing"),
        (
            isinstance(item, MatchItem) and set(item.pairs) != {entry.id for entry in item.left},
            "'pairs' must give every left entry its partner",
        ),
        (isinstance(item, SortItem), "practice sorts the table of duties; 'sort' is for graded banks"),
        (isinstance(item, PlayItem), "a lesson names its scenario in ScenarioPlayer; 'play' is for graded banks"),
    ):
        if broken:
            yield f"{item.id}: {problem}"
    for option in _options(item):
        if not option.right and not option.reply:
            yield f"{item.id}: option {option.id!r} needs a reply to those who choose it"


def _worth_problems(item_id: str, what: str, options: list[Option]) -> Iterator[str]:
    if any(option.worth is None for option in options):
        yield f"{item_id}: every entry of {what} needs 'worth': best, defensible, weak or breach"
    elif sum(option.worth == "best" for option in options) != 1:
        yield f"{item_id}: exactly one entry of {what} must have 'worth: best'"


def _options(item: Item) -> list[Option]:
    if isinstance(item, OneItem):
        return [*item.options, *item.reasons]
    return list(item.options) if isinstance(item, SeveralItem) else []


def item_bank(name: str, root: Path | None = None) -> ItemBank:
    """Questions of a lesson or assignment.

    Raises
    ------
    ContentError
        With one line per mistake in the file.

    Examples
    --------
    >>> item_bank("01-three-chairs").lesson
    '01-three-chairs'
    """
    return _item_bank(name, root or course_root())


@cache
def _item_bank(name: str, root: Path) -> ItemBank:
    path = root / "datasets" / "items" / f"{name}.yaml"
    if not path.is_file():
        return ItemBank(format=1, lesson=name, items=[])
    return load_yaml(path, ItemBank)
