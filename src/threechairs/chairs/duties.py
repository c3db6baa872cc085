"""The sixty duties that learners sort to the chairs, and the facts on which some of them depend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from threechairs.datasets import course_root, table
from threechairs.errors import UsageError, did_you_mean

Chair = Literal["cso", "ciso", "cio"]
Holder = Literal["cso", "ciso", "cio", "shared"]


@dataclass(frozen=True)
class DecidingFact:
    """The one thing to know before saying whose duty it is.

    Attributes
    ----------
    fact_id : str
        Id used in `Duty.depends_on`.
    question : str
        What to ask, and what to assume when the card is silent.
    """

    fact_id: str
    question: str


@dataclass(frozen=True)
class Duty:
    """One card: a duty, who holds it, and why.

    Attributes
    ----------
    duty_id : str
        Stable id; positions are never stored.
    round : int
        Round in which the card appears, from 1 (for beginners).
    duty : str
        The duty as an order, at most 90 characters.
    chair : {"cso", "ciso", "cio", "shared"}
        Holder while the deciding fact is as assumed.
    depends_on : str or None
        Deciding fact that would move the duty; `None` where nothing would.
    flips_to : {"cso", "ciso", "cio", "shared"} or None
        Holder if that fact is otherwise.
    domain : str
        people, places, property, information, technology or governance.
    physical : bool
        True where bodies, buildings or goods are touched.
    reason : str
        Why this chair and not the tempting one.
    source : str
        Id in the table `sources`.
    claims : tuple of str
        Claims of the seed articles that the duty makes concrete.
    decision : str or None
        Decision right that the duty belongs to.
    often_taken_for : str or None
        Chair that learners often choose instead.
    belief : str or None
        Misconception behind that choice.
    """

    duty_id: str
    round: int
    duty: str
    chair: Holder
    depends_on: str | None
    flips_to: Holder | None
    domain: str
    physical: bool
    reason: str
    source: str
    claims: tuple[str, ...]
    decision: str | None
    often_taken_for: Holder | None
    belief: str | None

    def holder(self, *, fact_is_otherwise: bool = False) -> Holder:
        """Who holds the duty, as assumed or with the deciding fact turned round.

        Examples
        --------
        >>> card = Duty("du99", 1, "Take a server off the network", "cio", "attacker-active", "ciso", "technology",
        ...             False, "", "", (), None, None, None)
        >>> card.holder(), card.holder(fact_is_otherwise=True)
        ('cio', 'ciso')
        """
        return self.flips_to if fact_is_otherwise and self.flips_to else self.chair


def duties(round: int | None = None, *, root: Path | None = None) -> tuple[Duty, ...]:
    """All duties, or those of one round, in the order of the table.

    Parameters
    ----------
    round : int, optional
        Number of the round, from 1.
    root : pathlib.Path, optional
        Course folder; the course in use unless given.

    Raises
    ------
    UsageError
        If there is no such round.

    Examples
    --------
    >>> len(duties(1))
    6
    >>> duties(1)[0].chair
    'cso'
    """
    every = _duties(root or course_root())
    if round is None:
        return every
    chosen = tuple(card for card in every if card.round == round)
    if not chosen:
        last = max((card.round for card in every), default=0)
        raise UsageError("duties()", f"there is no round {round!r}", f"Rounds run from 1 to {last}")
    return chosen


def duty(duty_id: str, *, root: Path | None = None) -> Duty:
    """One duty by its id.

    Raises
    ------
    UsageError
        If there is no such duty.

    Examples
    --------
    >>> duty("du04").often_taken_for
    'cio'
    """
    by_id = {card.duty_id: card for card in _duties(root or course_root())}
    if duty_id not in by_id:
        raise UsageError("duty()", f"there is no duty {duty_id!r}", next_step=did_you_mean(duty_id, by_id))
    return by_id[duty_id]


def deciding_facts(*, root: Path | None = None) -> tuple[DecidingFact, ...]:
    """The facts on which a duty's holder may depend.

    Examples
    --------
    >>> deciding_facts()[0].fact_id
    'attacker-active'
    """
    return tuple(DecidingFact(**row) for row in table("deciding_facts", root))


@cache
def _duties(root: Path) -> tuple[Duty, ...]:
    return tuple(Duty(**row) for row in table("duties", root))
