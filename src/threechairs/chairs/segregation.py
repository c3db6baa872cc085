"""Segregation of duties: which two duties one person should not hold together, and who does.

The principle is ISO/IEC 27001:2022, A.5.3; the pairs are this course's, in `datasets/tables/duty_conflicts.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from threechairs.datasets import table
from threechairs.errors import UsageError


@dataclass(frozen=True)
class Conflict:
    """Two duties that one person should not hold together; their order means nothing.

    Attributes
    ----------
    first, second : str
        Ids of the duties, such as `"request-access"`.
    why : str
        What could go wrong, in one sentence.
    """

    first: str
    second: str
    why: str

    def held_by(self, held: Iterable[str]) -> bool:
        """True if somebody with these duties holds both of the pair.

        Examples
        --------
        >>> Conflict("deploy-change", "approve-change", "").held_by({"approve-change", "deploy-change", "pay-vendor"})
        True
        """
        return {self.first, self.second} <= set(held)


def conflict_pairs(*, root: Path | None = None) -> tuple[Conflict, ...]:
    """The course's pairs.

    Examples
    --------
    >>> conflict_pairs()[0].first
    'request-access'
    """
    return tuple(Conflict(**row) for row in table("duty_conflicts", root))


def violations(
    holdings: Mapping[str, Iterable[str]], pairs: Iterable[Conflict] | None = None
) -> dict[str, tuple[Conflict, ...]]:
    """Pairs that each user holds whole.

    Parameters
    ----------
    holdings : mapping of str to iterable of str
        `{user: duties}`. Duties that no pair names are fine; a duty given twice counts once.
    pairs : iterable of Conflict, optional
        The course's pairs unless given.

    Returns
    -------
    dict
        Every user of `holdings`, in that order; an empty tuple for users without a violation.

    Raises
    ------
    UsageError
        If the duties of a user are one text instead of a list.

    Examples
    --------
    >>> pair = Conflict("select-vendor", "pay-vendor", "Invented suppliers get paid.")
    >>> violations({"u1": ["select-vendor", "pay-vendor"], "u2": ["pay-vendor"]}, [pair])
    {'u1': (Conflict(first='select-vendor', second='pay-vendor', why='Invented suppliers get paid.'),), 'u2': ()}
    """
    known = _without_repeats(conflict_pairs() if pairs is None else pairs)
    found = {}
    for user, duties in holdings.items():
        if isinstance(duties, str):
            # A text is a sequence of letters: it would pass, and find nothing.
            raise UsageError("violations()", f"{user!r} has the text {duties!r}", "Expected a list of duties")
        held = set(duties)
        found[user] = tuple(pair for pair in known if pair.held_by(held))
    return found


def count_violations(holdings: Mapping[str, Iterable[str]], pairs: Iterable[Conflict] | None = None) -> int:
    """Violations of all users together.

    Examples
    --------
    >>> count_violations({"u1": ["select-vendor", "pay-vendor"]}, [Conflict("pay-vendor", "select-vendor", "")])
    1
    """
    return sum(len(found) for found in violations(holdings, pairs).values())


def _without_repeats(pairs: Iterable[Conflict]) -> list[Conflict]:
    """Pairs once each, even if a table names one in both orders."""
    return list({frozenset({pair.first, pair.second}): pair for pair in reversed(list(pairs))}.values())[::-1]
