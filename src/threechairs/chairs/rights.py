"""Decision rights D01 to D31: who answers for a decision, up to which amount, and who may act in an emergency.

The rights are the charter of the invented firm, in `datasets/tables/decisions.csv`; nothing here names a holder.
Every function takes `root`, the course folder, if it is not the course in use.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from threechairs.datasets import course_root, table
from threechairs.errors import ContentError, UsageError, did_you_mean

ACCEPTANCE = "D08"
"""The right whose holder follows from the acceptance limits."""

ANYONE = "anyone"
"""Emergency holder that stands for every role."""


@dataclass(frozen=True)
class Role:
    """Somebody who can decide, do, be consulted or be informed.

    Fields are the columns of `roles.csv`; an empty cell is `None`. `in_text` is the role in the middle of a sentence:
    "the CISO", "Internal Audit".
    """

    role_id: str
    name: str
    in_text: str
    person: str | None
    chair: Literal["cso", "ciso", "cio"] | None
    note: str

    @property
    def label(self) -> str:
        """Short name for lists and headings: CSO, CISO or CIO, otherwise the name."""
        return self.chair.upper() if self.chair else self.name


@dataclass(frozen=True)
class DecisionRight:
    """One row of the charter.

    Fields are the columns of `decisions.csv`, described in `datapackage.json`; an empty cell is `None` or `()`.
    `limit_eur` is in EUR a year. `emergency_holder` may be `"anyone"`, which stands for every role.
    """

    decision_id: str
    decision: str
    accountable: str
    responsible: tuple[str, ...]
    consulted: tuple[str, ...]
    informed_must: tuple[str, ...]
    informed_must_not: tuple[str, ...]
    emergency_holder: str | None
    ratify_hours: int | None
    limit_eur: int | None
    note: str | None
    source: str


@dataclass(frozen=True)
class Holding:
    """Whether a role holds a right, and the sentence that says why.

    Attributes
    ----------
    status : {"yes", "in-emergency", "no"}
        "in-emergency" means: may act now, must be ratified.
    holder : str
        Role that answers for the decision.
    ratify_hours : int or None
        Hours in which the holder must ratify; only with "in-emergency".
    reason : str
        Said to the learner.
    """

    status: Literal["yes", "in-emergency", "no"]
    holder: str
    ratify_hours: int | None
    reason: str

    @property
    def may_act(self) -> bool:
        """True if the role may decide now, by right or in an emergency."""
        return self.status != "no"


@dataclass(frozen=True)
class RightsProblem:
    """One mistake in the table of decision rights: where it is and what to mend."""

    decision_id: str
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.decision_id}, column {self.column}: {self.sentence}"


def roles(*, root: Path | None = None) -> tuple[Role, ...]:
    """Every role of the firm, and the outside parties.

    Examples
    --------
    >>> [role.role_id for role in roles() if role.chair]
    ['cso', 'ciso', 'cio']
    """
    return tuple(Role(**row) for row in table("roles", root))


def decision_rights(*, root: Path | None = None) -> tuple[DecisionRight, ...]:
    """The whole charter, in the order of the table.

    Examples
    --------
    >>> decision_rights()[0].accountable
    'board'
    """
    return _decision_rights(root or course_root())


def decision_right(decision_id: str, *, root: Path | None = None) -> DecisionRight:
    """One decision right by its id.

    Raises
    ------
    UsageError
        If the charter has no such right; the nearest id is offered.

    Examples
    --------
    >>> decision_right("D10").decision
    'Set patch deadlines by severity'
    """
    by_id = {right.decision_id: right for right in decision_rights(root=root)}
    if decision_id not in by_id:
        padded = re.sub(r"^[Dd]?(?=\d(\D|$))", "D0", decision_id)  # D8 is nearer to D08 than to D28
        raise UsageError("decision right", f"the charter has no {decision_id!r}", next_step=did_you_mean(padded, by_id))
    return by_id[decision_id]


def accountable_for_acceptance(loss_eur: float, *, root: Path | None = None) -> str:
    """Role that may accept a residual risk with this expected loss.

    Parameters
    ----------
    loss_eur : float
        Expected yearly loss in EUR, zero or more.

    Raises
    ------
    UsageError
        If the loss is negative or no number.
    ContentError
        If the table of limits has a gap there.

    Examples
    --------
    >>> accountable_for_acceptance(180_000)
    'business-owner'
    """
    _refuse_bad_amount(loss_eur)
    whole_eur = math.floor(loss_eur)
    for step in table("acceptance_limits", root):
        if step["from_eur"] <= whole_eur and (step["to_eur"] is None or whole_eur <= step["to_eur"]):
            return str(step["accountable"])
    raise ContentError("acceptance_limits.csv", f"nobody may accept {_eur(loss_eur)}", next_step="Close the gap.")


def holds_right(
    role: str,
    decision_id: str,
    *,
    loss_eur: float | None = None,
    emergency: bool = False,
    root: Path | None = None,
) -> Holding:
    """Whether this role may take this decision, and if not, who does.

    Parameters
    ----------
    role : str
        Role id, such as `"ciso"`.
    decision_id : str
        Id of the decision right.
    loss_eur : float, optional
        The amount that the right is limited by, in EUR a year: expected loss, for a contract its cost. Without it
        the amount is taken to be inside the limit of the accountable role.
    emergency : bool, optional
        True if life is in danger or an attack is active.

    Raises
    ------
    UsageError
        If role or decision is unknown, or the amount is negative or no number.

    Examples
    --------
    >>> holds_right("soc", "D07", emergency=True).reason
    'In an emergency the security operations centre may act on D07 at once; the CISO must ratify it within 4 hours.'
    >>> holds_right("ciso", "D08", loss_eur=180_000).holder
    'business-owner'
    """
    names = {known.role_id: known.in_text for known in roles(root=root)}
    if role not in names:
        raise UsageError("holds_right()", f"there is no role {role!r}", next_step=did_you_mean(role, names))
    right = decision_right(decision_id, root=root)
    if loss_eur is not None:
        _refuse_bad_amount(loss_eur)
    holder, because = _holder(right, loss_eur, root)
    answers = f"{capital(names[holder])} answers for {because}"
    if role == holder:
        return Holding("yes", holder, None, f"{answers}.")
    if right.emergency_holder in {role, ANYONE}:
        ratified = _ratified(right, names[holder])
        who = f"In an emergency {names[role]} may act on {right.decision_id} at once"
        if emergency:
            return Holding("in-emergency", holder, right.ratify_hours, f"{who}; {ratified}.")
        return Holding("no", holder, None, f"{answers}. {who}, but this is none.")
    return Holding("no", holder, None, f"{answers}. {capital(names[role])} does not.")


def capital(text: str) -> str:
    """A text as the beginning of a sentence.

    Examples
    --------
    >>> capital("the CISO")
    'The CISO'
    """
    return text[:1].upper() + text[1:]


def check_rights(
    rights: Iterable[DecisionRight] | None = None,
    known_roles: Iterable[str] | None = None,
    *,
    root: Path | None = None,
) -> tuple[RightsProblem, ...]:
    """What is wrong with a charter, row by row.

    Parameters
    ----------
    rights : iterable of DecisionRight, optional
        The course's charter unless given.
    known_roles : iterable of str, optional
        Role ids; those of the course unless given.

    Returns
    -------
    tuple of RightsProblem
        Empty if all is well.

    Examples
    --------
    >>> check_rights()
    ()
    """
    charter = tuple(decision_rights(root=root) if rights is None else rights)
    known = {role.role_id for role in roles(root=root)} if known_roles is None else set(known_roles)
    seen: set[str] = set()
    problems = []
    for right in charter:
        if right.decision_id in seen:
            problems.append(
                RightsProblem(right.decision_id, "decision_id", "This id stands twice, so the right has two holders.")
            )
        seen.add(right.decision_id)
        problems += [RightsProblem(right.decision_id, *problem) for problem in _problems(right, known)]
    return tuple(problems)


def _problems(right: DecisionRight, known: set[str]) -> Iterator[tuple[str, str]]:
    """Column and sentence per mistake in one row."""
    holders = (right.accountable or "").replace(",", " ").replace("/", " ").split()
    if len(holders) != 1:
        seen = f"{len(holders)} roles" if holders else "nobody"
        yield "accountable", f"Exactly one role answers for a decision; here it is {seen}."
    columns = {
        "accountable": holders,
        "responsible": right.responsible,
        "consulted": right.consulted,
        "informed_must": right.informed_must,
        "informed_must_not": right.informed_must_not,
        "emergency_holder": [right.emergency_holder] if right.emergency_holder else [],
    }
    for column, named in columns.items():
        for role in named:
            if role not in known:
                yield column, " ".join(["There is no role", f"{role!r}.", did_you_mean(role, known)]).strip()
    if not right.responsible:
        yield "responsible", "Nobody carries the decision out."
    hidden = set(right.informed_must_not)
    for role in sorted(hidden & set(right.informed_must)):
        yield "informed_must_not", f"{role!r} must know and must not know."
    for role in sorted(hidden & {*holders, *right.responsible, *right.consulted}):
        yield "informed_must_not", f"{role!r} takes part in the decision, so it cannot be kept from knowing."
    if right.ratify_hours is not None and not right.emergency_holder:
        yield "ratify_hours", "There is nothing to ratify without an emergency holder."
    if right.emergency_holder and right.emergency_holder in holders:
        yield "emergency_holder", "The accountable role needs no emergency to decide."


def _holder(right: DecisionRight, loss_eur: float | None, root: Path | None) -> tuple[str, str]:
    """Role that answers at this amount, and what it answers for in words."""
    what = f"{right.decision_id} ({right.decision})"
    if loss_eur is None:
        if right.limit_eur is None:
            return right.accountable, what
        return right.accountable, f"{what}, up to its limit of {_eur(right.limit_eur)} a year"
    if right.decision_id == ACCEPTANCE:
        return accountable_for_acceptance(loss_eur, root=root), f"{what} at {_eur(loss_eur)} a year"
    if right.limit_eur is not None and loss_eur > right.limit_eur:
        holder, because = _holder(_above_limit(right, root), loss_eur, root)
        return holder, f"{because}; {right.decision_id} ends at {_eur(right.limit_eur)}"
    return right.accountable, what


def _above_limit(right: DecisionRight, root: Path | None) -> DecisionRight:
    """Right that takes over: D19b after D19a; without such a sibling it is a risk for its owner to accept."""
    stem, letter = right.decision_id[:-1], right.decision_id[-1]
    sibling = f"{stem}{chr(ord(letter) + 1)}"
    charter = {one.decision_id: one for one in decision_rights(root=root)}
    return charter[sibling] if letter.isalpha() and sibling in charter else charter[ACCEPTANCE]


def _ratified(right: DecisionRight, holder: str) -> str:
    if right.ratify_hours is None:
        return f"{holder} is told afterwards"
    hours = "1 hour" if right.ratify_hours == 1 else f"{right.ratify_hours} hours"
    return f"{holder} must ratify it within {hours}"


def _refuse_bad_amount(amount: float) -> None:
    if not amount >= 0 or math.isinf(amount):
        raise UsageError("amount", f"{amount!r} is not an amount of money", "Expected EUR a year, zero or more")


def _eur(amount: float) -> str:
    return f"EUR {amount:,.0f}"


@cache
def _decision_rights(root: Path) -> tuple[DecisionRight, ...]:
    return tuple(DecisionRight(**row) for row in table("decisions", root))
