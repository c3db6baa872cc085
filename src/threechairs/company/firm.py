"""Halden Quay Group as tables: every table of the firm from one seed, with what was planted in each.

A table is made when it is first asked for. Makers may ask for other tables of the same firm, so that ids fit together;
each has a stream of draws of its own, so that a new table leaves the others as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from threechairs.company.draws import Draws
from threechairs.errors import UsageError, did_you_mean

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Made:
    """A table as it was made.

    Attributes
    ----------
    rows : sequence of mapping
        Plain values: text, whole numbers, numbers, `True`/`False`; dates and times as ISO 8601 text, times in UTC.
    key : mapping
        What was planted, and exact counts of it; for graders.
    """

    rows: Rows
    key: Mapping[str, Any] = field(default_factory=dict)


class Firm:
    """The firm as one learner sees it.

    Parameters
    ----------
    case_id, assignment : str
        Whose, and for what.
    attempt : int, default 1
        A second attempt sees other numbers.

    Examples
    --------
    >>> firm = Firm("alice", "l02-the-cso")
    >>> len(firm.rows("sites"))
    11
    >>> firm.rows("sites") == Firm("alice", "l02-the-cso").rows("sites")
    True
    """

    def __init__(self, case_id: str, assignment: str, attempt: int = 1) -> None:
        self.seed: tuple[str, str, int] = (case_id, assignment, attempt)
        self._made: dict[str, Made] = {}

    def made(self, name: str, **settings: Any) -> Made:
        """A table with its key; `settings` of its maker count only when it is made.

        Raises
        ------
        UsageError
            If the firm has no such table.
        """
        if name not in MAKERS:
            raise UsageError(f"table {name!r}", "the firm has no such table", next_step=did_you_mean(name, MAKERS))
        if name not in self._made:
            self._made[name] = MAKERS[name](self, Draws(*self.seed, "table", name), **settings)
        return self._made[name]

    def rows(self, name: str) -> Rows:
        """Rows of a table."""
        return self.made(name).rows

    def key(self, name: str) -> Mapping[str, Any]:
        """What was planted in a table, with exact counts."""
        return self.made(name).key


Maker = Callable[..., Made]
MAKERS: dict[str, Maker] = {}
