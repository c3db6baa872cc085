"""Reading `tests/content/attempts/*.yaml`: the answers that tests give, and what must come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import nan
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

import threechairs
from threechairs.answers import Kind
from threechairs.company import Case
from threechairs.company.deals import DealTable
from threechairs.course.items import item_bank
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import Workbook, case_of, store_of
from threechairs.marking.forms import plain_value
from threechairs.marking.plays import hidden_facts
from threechairs.scenario.load import load_story
from threechairs.scenario.play import Step, begin
from threechairs.yaml_files import load_yaml

FOLDER = Path(__file__).parent / "attempts"
Texts = Annotated[tuple[str, ...], BeforeValidator(lambda seen: [seen] if isinstance(seen, str) else seen)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Untouched(_Strict):
    """What every question must say where nothing was answered."""

    points: float
    says: str


class Right(_Strict):
    """A right answer, and the facts under which it is right."""

    when: dict[str, Any] = {}
    answer: Any
    because: str | None = None
    confidence: int | None = None


class Wrong(_Strict):
    """A wrong answer, the marks that it gets and the words that it gets."""

    name: str
    when: dict[str, Any] = {}
    answer: Any = None
    change: dict[str, str | None] = {}
    because: str | None = None
    points: float | dict[str, float]
    says: Texts
    belief: Texts = ()


class Attempts(_Strict):
    """All attempts at one question."""

    points: float
    right: list[Right]
    wrong: list[Wrong]


class AttemptsFile(_Strict):
    """One file of attempts."""

    format: int
    assignment: str
    untouched: Untouched
    cases: dict[str, dict[str, Any]]
    questions: dict[str, Attempts]


@dataclass(frozen=True)
class Given:
    """An answer as the learner of one case gives it."""

    question: str
    kind: Kind
    value: Any
    because: str | None = None
    confidence: int | None = None
    points: float = 0.0
    names: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    beliefs: tuple[str, ...] = ()

    def record(self) -> None:
        """Answer in code, as a learner does."""
        threechairs.answer(self.question, self.value, because=self.because, confidence=self.confidence)

    @property
    def code(self) -> str:
        """The same call as the text of a cell."""
        return f"answer({self.question!r}, {self.value!r}, because={self.because!r}, confidence={self.confidence!r})"

    @property
    def as_sent_by_a_card(self) -> dict[str, Any]:
        """The same answer as the browser side of a card sends it."""
        sent: dict[str, Any] = plain_value(self.kind, self.value, self.because, self.confidence)
        return sent


@cache
def read_attempts(assignment: str) -> AttemptsFile:
    """Attempts at an assignment."""
    return load_yaml(FOLDER / f"{assignment}.yaml", AttemptsFile)


class Learner:
    """One case of an attempts file: what its learner can answer, and what that is worth."""

    def __init__(self, case_id: str, assignment: str) -> None:
        self.case_id = case_id
        self.file = read_attempts(assignment)
        self.case: Case = case_of(assignment, case_id, 1)
        plan, bank = syllabus().assignment(assignment), item_bank(assignment)
        self._workbook = Workbook(assignment, plan, bank, store_of(self.case, Path("answers.json")), self.case)

    def right(self, question: str) -> Given:
        """The right answer to a question in this case."""
        fitting = [one for one in self.file.questions[question].right if self.meant_for(one.when)]
        assert len(fitting) == 1, f"{question}: {len(fitting)} right answers are meant for {self.case_id}, not one"
        points = self.file.questions[question].points
        one = fitting[0]
        return Given(question, self._kind(question), self._value(question, one), one.because, one.confidence, points)

    def wrong(self, question: str) -> Iterator[Given]:
        """The wrong answers to a question that are meant for this case."""
        for one in self.file.questions[question].wrong:
            if self.meant_for(one.when) and set(one.change) <= set(self._cards(question)):
                value = self._value(question, one)
                if value is not None:
                    texts = (one.name,), one.says, one.belief
                    points = one.points.get(self.case_id, nan) if isinstance(one.points, dict) else one.points
                    yield Given(question, self._kind(question), value, one.because, None, points, *texts)

    def together(self, question: str, wrong: list[Given]) -> Given:
        """Those of several wrong sortings that change different cards, as one answer; what they lose adds up."""
        right = self.right(question)
        value, fitting, taken = dict(right.value), [], set()
        for one in wrong:
            changed = {card for card in right.value if one.value.get(card) != right.value[card]}
            if not changed & taken:
                fitting.append(one)
                taken |= changed
                value = {card: one.value.get(card) if card in changed else chair for card, chair in value.items()}
        value = {card: chair for card, chair in value.items() if chair is not None}
        points = right.points - sum(right.points - one.points for one in fitting)
        names, says, beliefs = (
            tuple(text for one in fitting for text in getattr(one, part)) for part in ("names", "says", "beliefs")
        )
        return Given(question, right.kind, value, None, None, points, names, says, beliefs)

    def deal_issues(self, question: str) -> list[str]:
        """Issues of a deal, in the order of its table."""
        return list(self._workbook.deals(self._workbook.bank.item(question).table).options)

    def meant_for(self, when: dict[str, Any]) -> bool:
        """True when this case has the facts for which an answer is meant."""
        return all(
            self.case.facts[fact] in (value if isinstance(value, list) else [value]) for fact, value in when.items()
        )

    def _kind(self, question: str) -> Kind:
        item = self._workbook.question(question)
        assert item is not None, f"the bank has no question {question!r}"
        return item.kind

    def _cards(self, question: str) -> list[str]:
        return [card.id for card in self._workbook.cards(question)]

    def _value(self, question: str, one: Right | Wrong) -> Any:
        kind = self._kind(question)
        if kind == "number":
            return one.answer.get(self.case_id)
        if kind == "deal":
            options = one.answer.get(self.case_id) if isinstance(one.answer, dict) else one.answer
            return options and self._deal(self._workbook.deals(self._workbook.bank.item(question).table), options)
        if kind == "play":
            return [self._play(question, **one.answer)]
        if kind != "sort":
            return one.answer
        key = self.file.questions[question].right[0].answer
        changed = key | (one.change if isinstance(one, Wrong) else {})
        # a card that the file does not know is left in the pile, and the test of the right answer says so
        return {card: changed[card] for card in self._cards(question) if changed.get(card) is not None}

    def _play(self, question: str, chair: str, steps: list[str | list[str]]) -> dict[str, Any]:
        """The play in which these options were chosen, or these deals put on the table, one after the other."""
        story = load_story(self._workbook.bank.item(question).scenario)
        play = begin(story, chair, hidden_facts(self._workbook, story, 1))
        for step in steps:
            if isinstance(step, str):
                play = play.take(Step(play.scene.id, step))
            else:
                play = play.take(Step(play.scene.id, "", tuple(self._deal(play.table(), step).items())))
        return {"chair": chair, "number": 1, "steps": [step.as_data() for step in play.steps]}

    @staticmethod
    def _deal(table: DealTable, options: list[str]) -> dict[str, str]:
        return dict(zip(table.options, options, strict=True))
