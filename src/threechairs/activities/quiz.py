"""Questions of an item bank: choose one or several, order, number, match, fill a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from threechairs.activities.base import Activity, Mode
from threechairs.answers import Kind
from threechairs.company.draws import Draws
from threechairs.course.items import (
    DealItem,
    Item,
    MatchItem,
    MatrixItem,
    NumberItem,
    OneItem,
    OrderItem,
    PlayItem,
    SeveralItem,
    SortItem,
    Text,
)
from threechairs.course.workbook import Workbook
from threechairs.errors import UsageError
from threechairs.marking.forms import Form
from threechairs.marking.practice import Feedback, practise

_INSTRUCTIONS = {
    "one": "Choose one answer.",
    "several": "Choose every answer that applies.",
    "order": "Put the steps in order, the first one on top.",
    "number": "Answer with one number.",
    "match": "Give every entry its partner.",
    "text": "Write it in your own words.",
    "matrix": "Give every row its letters (R, A, C, I, A/R) with answer(...) in a cell; leave out what is blank.",
}
_TWIN = {
    "one": '"{0}"',
    "several": '["{0}", ...]',
    "order": '["{0}", ...]',
    "number": "12.5",
    "match": '{{"{0}": "{1}", ...}}',
    "text": '"..."',
    "matrix": '{{"{0}": {{"{1}": "A", ...}}, ...}}',
}


class Quiz(Activity):
    """One question of the open notebook.

    Parameters
    ----------
    item_id : str
        Id of the question in the notebook's item bank.
    workbook : Workbook
        The notebook that asks.

    Raises
    ------
    UsageError
        If the bank has no such question, or it is one to sort.
    """

    def __init__(self, item_id: str, workbook: Workbook) -> None:
        super().__init__(item_id, workbook)
        self.item: Item = workbook.bank.item(item_id)
        if isinstance(self.item, SortItem):
            raise UsageError(
                f"ask({item_id!r})", "this question is one to sort", next_step=f'Use DutySorter("{item_id}").'
            )
        if isinstance(self.item, DealItem):
            raise UsageError(
                f"ask({item_id!r})", "this question is a deal to make", next_step=f'Use NegotiationTable("{item_id}").'
            )
        if isinstance(self.item, PlayItem):
            raise UsageError(
                f"ask({item_id!r})", "this question is one to play", next_step=f'Use ScenarioPlayer("{item_id}").'
            )
        self.stem = workbook.fill(self.item.stem)
        # a lesson counts the cards that show a number; an assignment all its questions, as its headings do
        unnumbered = () if workbook.graded else (SortItem, DealItem, PlayItem)
        counted = [item for item in workbook.bank.items if not isinstance(item, unnumbered)]
        self.heading = f"Question {counted.index(self.item) + 1}"
        second = " Then choose your reason." if self.reasons else ""
        self.instructions = _INSTRUCTIONS[self.item.kind] + second

    @property
    def kind(self) -> Kind:
        """Kind of the question."""
        return self.item.kind

    @property
    def mode(self) -> Mode:
        """`"opinion"` where nothing is right or wrong, `"graded"` in an assignment, else `"practice"`."""
        return "opinion" if self.item.opinion else super().mode

    @property
    def options(self) -> list[Text]:
        """What can be chosen or ordered; steps stand in an order that gives nothing away, always the same."""
        if isinstance(self.item, OneItem | SeveralItem):
            return [Text(id=option.id, text=option.text) for option in self.item.options]
        if isinstance(self.item, OrderItem):
            steps = self.item.steps
            return Draws(self.workbook.id, self.id, "order of steps").sample(steps, len(steps))
        return []

    @property
    def reasons(self) -> list[Text]:
        """Reasons to choose from; empty where none is asked for."""
        return list(self.item.reasons) if isinstance(self.item, OneItem) else []

    @property
    def left(self) -> list[Text]:
        """Entries that need a partner; the rows of a matrix."""
        if isinstance(self.item, MatrixItem):
            return self.item.rows
        return self.item.left if isinstance(self.item, MatchItem) else []

    @property
    def right(self) -> list[Text]:
        """Partners to choose from, in an order that gives nothing away, always the same; the columns of a matrix."""
        if isinstance(self.item, MatrixItem):
            return self.item.columns
        if not isinstance(self.item, MatchItem):
            return []
        return Draws(self.workbook.id, self.id, "order of partners").sample(self.item.right, len(self.item.right))

    @property
    def unit(self) -> str:
        """Unit of a number."""
        return self.item.unit if isinstance(self.item, NumberItem) else ""

    @property
    def form(self) -> Form:
        """The form of an answer to this question."""
        return Form(
            self.id,
            self.item.kind,
            choices=[entry.id for entry in self.options or self.left],
            partners=[entry.id for entry in self.right],
            reasons=[entry.id for entry in self.reasons],
        )

    def data(self, entries: list[Text]) -> list[dict[str, str]]:
        """Ids and texts of entries, filled with the facts of the case."""
        return [{"id": entry.id, "text": self.workbook.fill(entry.text)} for entry in entries]

    def tell(self, value: Mapping[str, Any]) -> str:
        """The answer as a sentence."""
        texts = self.workbook.texts(self.id)
        kind = self.item.kind
        if kind == "number":
            return f"{value['number']:,.10g} {self.unit}".strip()
        if kind == "text":
            return f"“{value['text'].strip()}”"
        if kind == "match":
            return "; ".join(f"{texts[left]} → {texts[right]}" for left, right in value["pairs"].items())
        if kind == "matrix":
            rows = {
                row: ", ".join(f"{texts[of]} {letter}" for of, letter in cells.items())
                for row, cells in value["cells"].items()
            }
            return "; ".join(f"{texts[row]}: {said}" for row, said in rows.items()) or "nothing filled in"
        chosen = [value["choice"]] if kind == "one" else value.get("choices", value.get("order", []))
        said = (" → " if kind == "order" else "; ").join(texts[one].rstrip(".") for one in chosen)
        reason = value.get("reason")
        return f"{said}; because: {texts[reason].rstrip('.')}" if reason else said or "nothing chosen"

    def feedback(self, *, count: bool = True) -> Feedback | None:
        """Reply to the recorded answer; `None` for graded work, and where nothing is recorded."""
        answer = self.recorded
        if answer is None or self.mode == "graded":
            return None
        feedback = practise(self.item, answer.value)
        if count and self.mode == "practice":
            self.workbook.store.note(self.id, checks=1, solved=feedback.verdict == "right")
        return feedback

    def reply(self) -> str:
        """What to say to the recorded answer."""
        feedback = self.feedback()
        return feedback.as_text() if feedback else super().reply()

    def hint(self) -> str:
        """The next hint, as text."""
        shown = len(self.hints_given)
        if shown >= len(self.item.hints):
            return "There are no more hints." if self.item.hints else "There are no hints for this question."
        self._hints_shown = shown + 1
        self.workbook.store.note(self.id, hints=self._hints_shown)
        return self.hints_given[-1]

    @property
    def hints_given(self) -> list[str]:
        """The hints that the learner has seen: now, and when the recorded answer was given."""
        answer = self.recorded
        shown = max(self._hints_shown, answer.hints if answer else 0)
        return [self.workbook.fill(hint) for hint in self.item.hints[:shown]]

    _hints_shown = 0

    def describe(self) -> str:
        """The question as text, with how to answer it in code."""
        lines = [self.stem.strip(), "", self.instructions]
        for title, entries in (
            ("", self.options),
            ("Because", self.reasons),
            ("Rows" if isinstance(self.item, MatrixItem) else "", self.left),
            ("Columns" if isinstance(self.item, MatrixItem) else "Partners", self.right),
        ):
            if entries and title:
                lines.append(f"{title}:")
            lines += [f"  {entry['id']}: {entry['text']}" for entry in self.data(entries)]
        first = [entry.id for entry in (self.options or self.left)[:1]] or [""]
        value = _TWIN[self.item.kind].format(*first, *[entry.id for entry in self.right[:1]] or [""])
        reason = f', because="{self.reasons[0].id}"' if self.reasons else ""
        confidence = ", confidence=70" if self.item.confidence else ""
        lines += ["", f'Answer in code: answer("{self.id}", {value}{reason}{confidence})']
        if self.item.hints and self.mode == "practice":
            lines.append(f'A hint: hint("{self.id}")')
        if self.told():
            lines.append(f"Recorded: {self.told()}.")
        return "\n".join(lines)
