"""Replies to practice answers: at once, to the belief behind the answer, never with marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from threechairs.course.items import (
    Item,
    MatchItem,
    MatrixItem,
    NumberItem,
    OneItem,
    Option,
    OrderItem,
    SeveralItem,
    TextItem,
)
from threechairs.errors import ContentError
from threechairs.marking.matrix import named_findings
from threechairs.marking.tolerance import Tolerance

Verdict = Literal["right", "partly", "wrong", "noted"]

_KEPT = "Your answer is kept; nobody marks it."


@dataclass(frozen=True)
class Reply:
    """What is said about one chosen option, entry or step."""

    mark: Verdict
    reply: str


@dataclass(frozen=True)
class Feedback:
    """What a learner is told after a check.

    Attributes
    ----------
    verdict : str
        `"right"`, `"partly"`, `"wrong"`, or `"noted"` for an opinion.
    summary : str
        One or two sentences.
    best_case : str
        The best case for the tempting option; shown first where the answer was not the best.
    options : mapping of id to Reply
        What is said about each chosen option.
    reason : Reply, optional
        What is said about the chosen reason.
    """

    verdict: Verdict
    summary: str
    best_case: str = ""
    options: Mapping[str, Reply] = field(default_factory=dict)
    reason: Reply | None = None

    def as_data(self) -> dict[str, Any]:
        """The feedback as plain data, for a widget."""
        return asdict(self)

    @property
    def headline(self) -> str:
        """The verdict in words, with the summary."""
        words = {"right": "Right", "partly": "Partly right", "wrong": "Not yet", "noted": "Noted"}
        return f"{words[self.verdict]}. {self.summary}".strip()

    def as_text(self) -> str:
        """The feedback as lines of text."""
        replies = [*self.options.values(), *([self.reason] if self.reason else [])]
        lines = [self.best_case, self.headline, *(r.reply for r in replies)]
        return "\n".join(line for line in lines if line)


def practise(item: Item, value: Mapping[str, Any]) -> Feedback:
    """Reply to an answer of the right form.

    Parameters
    ----------
    item : Item
        The practice question, with its keys.
    value : mapping
        The answer, as `marking.forms` describes it.

    Returns
    -------
    Feedback
        Verdict and replies.
    """
    if item.opinion and not isinstance(item, OneItem | TextItem):  # these two have words of their own
        return Feedback("noted", _KEPT)
    reply = _REPLIES.get(type(item))
    if reply is None:
        raise ContentError(item.id, f"practice cannot reply to questions of kind {item.kind!r}")
    return reply(item, value)


def _one(item: OneItem, value: Mapping[str, Any]) -> Feedback:
    option = _option(item.options, value["choice"])
    if item.opinion:
        return Feedback("noted", option.reply or _KEPT)
    reason = _option(item.reasons, value["reason"]) if value.get("reason") else None
    replies = {option.id: Reply(_mark(option), option.reply or item.reply_right or "")}
    about_reason = Reply(_mark(reason), reason.reply or "") if reason else None
    best = option.worth == "best" and (reason is None or reason.worth == "best")
    if best:
        summary = "" if option.reply else (item.reply_right or "")
        return Feedback("right", summary, "", replies, about_reason)
    some = option.worth in {"best", "defensible"} or (
        option.worth != "breach" and reason is not None and reason.worth == "best"  # no reason makes up for a floor
    )
    summary = "The reason is what matters here." if option.worth == "best" else ""
    return Feedback("partly" if some else "wrong", summary, item.best_case or "", replies, about_reason)


def _several(item: SeveralItem, value: Mapping[str, Any]) -> Feedback:
    chosen = set(value["choices"])
    right = {option.id for option in item.options if option.correct}
    replies = {
        option.id: Reply("right" if option.correct else "wrong", option.reply or "")
        for option in item.options
        if option.id in chosen
    }
    missing = len(right - chosen)
    if chosen == right:
        return Feedback("right", item.reply_right or "", options=replies)
    summary = f"{len(right & chosen)} of {len(right)} found, {len(chosen - right)} too many."
    if missing and not chosen - right:
        summary = f"{len(right & chosen)} of {len(right)} found; look again for the rest."
    return Feedback("partly" if right & chosen else "wrong", summary, options=replies)


def _order(item: OrderItem, value: Mapping[str, Any]) -> Feedback:
    order = list(value["order"])
    broken = [pair for pair in item.because if order.index(pair.before) > order.index(pair.after)]
    if not broken:
        return Feedback("right", item.reply_right or "Every pair that has a reason is in order.")
    kept = len(item.because) - len(broken)
    replies = {pair.after: Reply("wrong", pair.why) for pair in broken}
    summary = f"{kept} of {len(item.because)} pairs that have a reason are in order."
    return Feedback("partly" if kept else "wrong", summary, options=replies)


def _number(item: NumberItem, value: Mapping[str, Any]) -> Feedback:
    number = float(value["number"])
    near = Tolerance(item.tolerance, item.relative)
    if item.answer is not None and near.allows(number, item.answer):
        return Feedback("right", item.reply_right or f"{number:,.6g} it is.")
    for wrong in item.wrong:
        if near.allows(number, wrong.value):
            return Feedback("wrong", wrong.reply)
    return Feedback("wrong", f"{number:,.6g} is not the number. The hints show where to begin.")


def _match(item: MatchItem, value: Mapping[str, Any]) -> Feedback:
    pairs = value["pairs"]
    replies = {
        left: Reply("right", "") if pairs.get(left) == right else Reply("wrong", item.replies.get(left, ""))
        for left, right in item.pairs.items()
        if left in pairs
    }
    hits = sum(reply.mark == "right" for reply in replies.values())
    if hits == len(item.pairs):
        return Feedback("right", item.reply_right or "", options=replies)
    return Feedback("partly" if hits else "wrong", f"{hits} of {len(item.pairs)} matched.", options=replies)


def _matrix(item: MatrixItem, value: Mapping[str, Any]) -> Feedback:
    matrix = {row.id: value["cells"].get(row.id, {}) for row in item.rows}
    texts = {entry.id: entry.text for entry in (*item.rows, *item.columns)}
    findings = named_findings(matrix, item.assurance_pairs, texts)
    said: dict[str, list[str]] = {}
    for finding in findings:
        said.setdefault(finding.row, []).append(finding.sentence)
    broken = {finding.row for finding in findings if finding.severity == "error"}
    replies = {
        row or "all rows": Reply("wrong" if row in broken else "partly", " ".join(sentences))
        for row, sentences in said.items()
    }
    valid = len(item.rows) - len(broken)
    if not broken:
        return Feedback("right", item.reply_right or "Every row is valid.", options=replies)
    return Feedback("partly" if valid else "wrong", f"{valid} of {len(item.rows)} rows are valid.", options=replies)


def _text(_item: TextItem, _value: Mapping[str, Any]) -> Feedback:
    return Feedback("noted", "Kept for you; nobody else sees it.")


_REPLIES: dict[type, Callable[[Any, Mapping[str, Any]], Feedback]] = {
    OneItem: _one,
    SeveralItem: _several,
    OrderItem: _order,
    NumberItem: _number,
    MatchItem: _match,
    TextItem: _text,
    MatrixItem: _matrix,
}


def _mark(option: Option) -> Verdict:
    return {"best": "right", "defensible": "partly"}.get(option.worth or "", "wrong")  # type: ignore[return-value]


def _option(options: Sequence[Option], option_id: str) -> Option:
    return next(option for option in options if option.id == option_id)
