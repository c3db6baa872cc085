"""Judging a decision record by the tests G1 to G7, each with its reason in words.

Only the record counts: never the path, the meters, the ending or the speed. A test that does not apply leaves the
denominator. G1, the floors, is a gate: it caps what the others give together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import fmean
from typing import TypeVar

from threechairs.chairs import accountable_for_acceptance, decision_right, holds_right, roles
from threechairs.chairs.rights import ANYONE, DecisionRight, capital
from threechairs.company.deals import DealTable, DealVerdict
from threechairs.datasets import table
from threechairs.errors import UsageError
from threechairs.scenario.record import (
    Deal,
    Decision,
    Dissent,
    DissentDue,
    Floor,
    Imposed,
    InformDue,
    Informed,
    Ratified,
    Record,
    RiskLeft,
    RiskSigned,
)
from threechairs.scenario.verdict import NAMES, NOTHING, Judgement, Test, TestId, in_a_row, percent

__all__ = ["Judgement", "Test", "judge"]

CAP_BROKEN, CAP_REPAIRED = 0.4, 0.7
CONSULTED = 0.5
OWNER, LIMIT, EXPIRY = 0.4, 0.3, 0.3
FLOORS = {"life": "life and safety", "law": "the law"}
_MOST_EUR = 10**15  # above every limit; keeps amounts that no float can hold out of the sums

E = TypeVar("E")
Finding = tuple[float, str]
"""Value of one entry, and why."""


def judge(
    record: Record,
    tables: Mapping[str, DealTable],
    *,
    matters: Mapping[str, str] | None = None,
    root: Path | None = None,
) -> Judgement:
    """Judge a decision record. Never raises, whatever valid entries the record holds.

    Parameters
    ----------
    record : tuple of entries
        What was decided, in order.
    tables : mapping of str to DealTable
        The deal tables that the record's deals name.
    matters : mapping of str to str, optional
        What the record's matters are about, for the reasons; a matter without an entry is told by its id.
    root : pathlib.Path, optional
        Course folder whose charter counts; the course in use unless given.

    Returns
    -------
    Judgement
        G1 to G7 with their reasons, the cap and the score.

    Examples
    --------
    >>> told = judge((Decision(right="D10", signed_by="ciso"), Decision(right="D10", signed_by="cio")), {})
    >>> told.score
    0.5
    >>> print(told.tests[1].reason)
    The CISO answers for D10 (Set patch deadlines by severity) and decided. The CISO answers for D10 (Set patch \
deadlines by severity). The CIO does not.
    """
    desk = _Desk(record, tables, matters or {}, root)
    gate = _floors(record)
    tests = (gate, *(desk.test(name, findings) for name, findings in desk.findings()))
    values = [test.value for test in tests[1:] if test.applies]
    cap = gate.value if gate.applies else 1.0
    return Judgement(tests, cap, min(fmean(values), cap) if values else 0.0)


def _floors(record: Record) -> Test:
    """G1. A repair counts if it comes before harm; a breach that could not be known beforehand does not."""
    if not record:
        return Test("G1", NAMES["G1"], False, 0.0, NOTHING)
    fate: dict[str, str] = {}
    unknowable = False
    for entry in record:
        if not isinstance(entry, Floor):
            continue
        now = fate.get(entry.floor)
        if entry.event == "breached":
            unknowable |= not entry.known
            if entry.known and now != "harmed":
                fate[entry.floor] = "broken"
        elif now == "broken":
            fate[entry.floor] = entry.event
    told = {
        "broken": "The floor of {} was broken, and that was never put right.",
        "harmed": "The floor of {} was broken, and harm came before anybody put it right.",
        "repaired": "The floor of {} was broken, but put right before harm came.",
    }
    sentences = [told[event].format(FLOORS[floor]) for floor, event in fate.items()]
    if unknowable:
        sentences.append("A floor was broken that nothing could have told you of beforehand; it does not count.")
    if not sentences:
        sentences = ["Neither life and safety nor the law was traded for anything."]
    cap = 1.0
    if fate:
        cap = CAP_REPAIRED if set(fate.values()) == {"repaired"} else CAP_BROKEN
    return Test("G1", NAMES["G1"], True, cap, " ".join(sentences))


class _Desk:
    """A record with everything that is needed to judge it."""

    def __init__(
        self, record: Record, tables: Mapping[str, DealTable], matters: Mapping[str, str], root: Path | None
    ) -> None:
        self.record, self.tables, self.matters, self.root = record, tables, matters, root
        self.roles = {role.role_id: role.in_text for role in roles(root=root)}
        self.signers = [str(step["accountable"]) for step in table("acceptance_limits", root)]
        self.signed = {entry.risk: entry for entry in self.all_of(RiskSigned)}  # a later signature replaces one
        self.exception = any(self.excepted(left) for left in self.all_of(RiskLeft))

    def all_of(self, kind: type[E]) -> list[E]:
        return [entry for entry in self.record if isinstance(entry, kind)]

    def findings(self) -> Iterable[tuple[TestId, list[Finding]]]:
        yield "G2", [self.decider(at, entry) for at, entry in enumerate(self.record) if isinstance(entry, Decision)]
        yield "G3", self.each(Deal, self.consent) + self.each(Imposed, _imposed)
        yield "G4", self.each(Deal, self.frontier)
        yield "G5", self.each(RiskLeft, self.risk)
        yield "G6", list(self.told())
        yield "G7", self.each(DissentDue, self.dissent)

    def each(self, kind: type[E], rule: Callable[[E], Finding]) -> list[Finding]:
        return [rule(entry) for entry in self.all_of(kind)]

    def test(self, name: TestId, findings: list[Finding]) -> Test:
        if not findings:
            return Test(name, NAMES[name], False, 0.0, _ABSENT[name])
        sentences = dict.fromkeys(reason for _, reason in findings)
        return Test(name, NAMES[name], True, fmean(value for value, _ in findings), " ".join(sentences))

    def role(self, role: str) -> str:
        """The role, as in the middle of a sentence."""
        return self.roles.get(role, role)

    def named(self, some: Iterable[str], word: str = "and") -> str:
        """The roles, as in the middle of a sentence."""
        return in_a_row([self.role(role) for role in some], word)

    def right(self, decision_id: str | None) -> DecisionRight | None:
        try:
            return decision_right(decision_id, root=self.root) if decision_id else None
        except UsageError:
            return None

    def decider(self, at: int, entry: Decision) -> Finding:
        """G2: who signed, and whether that role answers for it."""
        right = self.right(entry.right)
        if right is None or entry.signed_by not in self.roles:
            return 0.0, f"The charter does not know {self.role(entry.signed_by)} deciding {entry.right}."
        loss = None if entry.loss_eur is None else min(entry.loss_eur, _MOST_EUR)
        holding = holds_right(entry.signed_by, right.decision_id, loss_eur=loss, root=self.root)
        signer, holder, what = self.role(entry.signed_by), self.role(holding.holder), _what(right)
        answers = f"{capital(holder)} answers for {what}"
        if holding.status == "yes":
            return 1.0, f"{answers} and decided."
        if entry.delegate_of == holding.holder:
            return 1.0, f"{answers} and had handed that over in writing: {signer} decided."
        if entry.emergency and right.emergency_holder in {entry.signed_by, ANYONE}:
            return self.emergency(at, entry, right, f"In an emergency {signer} acted on {what}", holder)
        if holding.holder in entry.consulted:
            return CONSULTED, f"{answers}. {capital(holder)} was asked, but {signer} decided."
        return 0.0, holding.reason

    def emergency(self, at: int, entry: Decision, right: DecisionRight, acted: str, holder: str) -> Finding:
        if not entry.told_at_once:
            return 0.0, f"{acted}, which was right, but {holder} was not told at once."
        if right.ratify_hours is None:
            return 1.0, f"{acted} and told {holder} at once."
        later = [one for one in self.record[at + 1 :] if isinstance(one, Ratified) and one.right == entry.right]
        allowed = _hours(right.ratify_hours)
        if not later:
            return 0.0, f"{acted} and told {holder} at once, but {holder} never ratified it; {allowed} were given."
        took = _hours(later[0].after_h)
        if later[0].after_h > right.ratify_hours:
            return 0.0, f"{acted}, but {holder} ratified it only after {took}; the charter gives {allowed}."
        return 1.0, f"{acted}, told {holder} at once, and {holder} ratified it after {took}."

    def struck(self, entry: Deal) -> tuple[DealTable, DealVerdict] | None:
        deals = self.tables.get(entry.table)
        try:
            verdict = deals.verdict(entry.options) if deals else None
        except UsageError:
            return None
        if deals is None or verdict is None:
            return None
        if self.exception and not verdict.within:  # a deal that keeps the bounds needs no exception
            verdict = deals.verdict(entry.options, bounded=False)
        return deals, verdict

    def consent(self, entry: Deal) -> Finding:
        """G3 for a deal: nobody gets less than without one."""
        struck = self.struck(entry)
        if struck is None:
            return 0.0, _UNREADABLE
        deals, verdict = struck
        short = [
            f"{party.name} gets {verdict.worth[role]} points, less than the {party.reservation} without a deal"
            for role, party in deals.parties.items()
            if verdict.worth[role] < party.reservation
        ]
        if short:
            return 0.0, f"{'; '.join(short)}."
        return 1.0, "Each side at the table gets at least what it would have without a deal."

    def frontier(self, entry: Deal) -> Finding:
        """G4: no deal within the bounds is better for one side and worse for none."""
        struck = self.struck(entry)
        if struck is None:
            return 0.0, _UNREADABLE
        deals, verdict = struck
        excepted = "" if verdict.within else " Somebody absent pays for it, but the owner of that risk signed."
        if verdict.efficient:
            return 1.0, f"No other deal would have been better for one side and worse for none.{excepted}"
        if not verdict.accepted:
            return 0.0, "The deal gives one side less than no deal would, so it does not count."
        if not verdict.within and not self.exception:
            broken = [bound for bound in deals.bounds if entry.options.get(bound.issue) not in bound.allowed]
            absent = list(dict.fromkeys(bound.party for bound in broken))
            who = f"{self.named(absent)}, who {'is' if len(absent) == 1 else 'are'} not at the table"
            return 0.0, f"The deal is paid for by {who}, and no owner signed an exception."
        left = percent(verdict.forgone)
        return 1.0 - verdict.forgone, (
            f"Another deal was at least as good for every side and better for one: {left} of the largest gain was "
            f"left on the table.{excepted}"
        )

    def needed(self, loss_eur: int) -> str:
        return accountable_for_acceptance(min(loss_eur, _MOST_EUR), root=self.root)

    def covers(self, owner: str, loss_eur: int) -> bool:
        """True if the role may sign for that sum: the one who must, or one whose limit is higher."""
        return owner in self.signers and self.signers.index(owner) >= self.signers.index(self.needed(loss_eur))

    def excepted(self, left: RiskLeft) -> bool:
        signed = self.signed.get(left.risk)
        return signed is not None and signed.expires_days is not None and self.covers(signed.owner, left.loss_eur)

    def risk(self, left: RiskLeft) -> Finding:
        """G5: an owner, whose limit covers the loss, and an end date."""
        signed, loss = self.signed.get(left.risk), f"EUR {left.loss_eur:,} a year"
        if signed is None:
            return 0.0, f"A risk of {loss} stays open and nobody signed for it."
        value, told = OWNER, f"{capital(self.role(signed.owner))} signed for the risk of {loss} that stays open"
        if self.covers(signed.owner, left.loss_eur):
            value += LIMIT
            told += ", a sum within that role's limit."
        else:
            told += f". That sum needs the signature of {self.role(self.needed(left.loss_eur))}."
        if signed.expires_days is None:
            return value, f"{told} No end date was set."
        end = f"The end was set after {_days(signed.expires_days)}"
        if left.shortest_days <= signed.expires_days <= left.longest_days:
            return min(value + EXPIRY, 1.0), f"{told} {end}."
        fit = "early" if signed.expires_days < left.shortest_days else "late"
        span = f"{left.shortest_days} to {_days(left.longest_days)} make sense"
        return value, f"{told} {end}, which is too {fit}: {span}."

    def told(self) -> Iterable[Finding]:
        """G6 for every matter; where there are several, each sentence says which it is about."""
        dues = self.all_of(InformDue)
        several = len({due.matter for due in dues}) > 1
        for due in dues:
            if found := self.informed(due):
                value, reason = found
                about = self.matters.get(due.matter, due.matter.replace("-", " "))
                yield value, f"About “{about}”: {reason}" if several else capital(reason)

    def informed(self, due: InformDue) -> Finding | None:
        """G6: those who must hear did, and those who must not did not. `None` if the charter asks for nothing.

        The reason begins as in the middle of a sentence.
        """
        right = self.right(due.right)
        must = due.must or (right.informed_must if right else ())
        must_not = set(due.must_not or (right.informed_must_not if right else ()))
        if not must and not must_not:
            return None
        acts = [entry for entry in self.all_of(Decision) if entry.right == due.right]
        part = {role for act in acts for role in (act.signed_by, *act.consulted)}
        owed = [role for role in dict.fromkeys(must) if role not in part]
        heard = {role for entry in self.all_of(Informed) if entry.matter == due.matter for role in entry.roles}
        missed, leaked = [role for role in owed if role not in heard], sorted(must_not & heard)
        told = []
        if missed:
            told.append(f"{self.named(missed)} had to hear of it and did not")
        if leaked:
            told.append(f"{self.named(leaked)} heard of it and should not have")
        reason = f"{'; '.join(told) or 'everybody who had to hear of it did, and nobody who should not'}."
        if not owed:
            return 0.0 if leaked else 1.0, reason
        return max((len(owed) - len(missed) - len(leaked)) / len(owed), 0.0), reason

    def dissent(self, due: DissentDue) -> Finding:
        """G7: every party was asked whether it dissents, and that was written down."""
        asked: set[str] = set()
        against: set[str] = set()
        unwritten: set[str] = set()
        for entry in self.all_of(Dissent):
            if entry.matter == due.matter:
                (asked if entry.logged else unwritten).update(entry.asked, entry.dissented)
                against.update(entry.dissented)
        parties = list(dict.fromkeys(due.parties))
        heard = [role for role in parties if role in asked]
        told = []
        if heard:
            noes = [role for role in heard if role in against]
            outcome = f"{capital(self.named(noes))} dissented" if noes else "Nobody dissented"
            told.append(f"Asked by name: {self.named(heard)}. {outcome}, and that is written down.")
        if lost := [role for role in parties if role in unwritten - asked]:
            told.append(f"What {self.named(lost)} said was not written down.")
        if silent := [role for role in parties if role not in asked | unwritten]:
            told.append(f"Nobody asked {self.named(silent, 'or')}.")
        return len(heard) / len(parties), " ".join(told)


def _imposed(entry: Imposed) -> Finding:
    """G3 for a decision against somebody's wish: heard, told why, and a date for a second look."""
    done = {
        "was heard": entry.heard,
        "was told why": entry.told_why,
        "has a date on which it is looked at again": entry.review_days is not None,
    }
    kept, missing = [part for part, so in done.items() if so], [part for part, so in done.items() if not so]
    told = "The one who lost " + (", ".join(kept) if kept else "was only told the outcome")
    if missing:
        told += "; missing: " + ", ".join(missing)
    return len(kept) / len(done), f"{told}."


_UNREADABLE = "The deal on record does not fit its table, so it does not count."
_ABSENT: Mapping[TestId, str] = {
    "G2": "No decision right was used.",
    "G3": "Nothing was agreed or imposed.",
    "G4": "No deal was struck.",
    "G5": "No risk was left open.",
    "G6": "Nobody had to be told of anything.",
    "G7": "Nothing was decided that somebody could have dissented from.",
}


def _what(right: DecisionRight) -> str:
    return f"{right.decision_id} ({right.decision})"


def _hours(count: int) -> str:
    return "1 hour" if count == 1 else f"{count} hours"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
