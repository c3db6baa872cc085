"""Halden Quay Group as tables: every table of the firm from one seed, with what was planted in each.

A table is made when it is first asked for. Makers may ask for other tables of the same firm, so that ids fit together;
each has a stream of draws of its own, so that a new table leaves the others as they were.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from threechairs.company import (
    access,
    bargain,
    charter,
    hiring,
    incidents,
    losses,
    people,
    responsibilities,
    sites,
    systems,
    tickets,
    vendors,
)
from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker, Rows
from threechairs.errors import ContentError, UsageError, did_you_mean

if TYPE_CHECKING:
    import pandas

__all__ = ["MAKERS", "REFERENCE", "Firm", "Made", "Maker", "Rows"]

REFERENCE = "reference"
"""Case id and assignment of the variant that lies in `datasets/firm/`."""

MAKERS: dict[str, Maker] = {
    **sites.MAKERS,
    **people.MAKERS,
    **hiring.MAKERS,
    **responsibilities.MAKERS,
    **systems.MAKERS,
    **access.MAKERS,
    **losses.MAKERS,
    **vendors.MAKERS,
    **incidents.MAKERS,
    **charter.MAKERS,
    **tickets.MAKERS,
    **bargain.MAKERS,
}


class Firm:
    """The firm as one learner sees it.

    Parameters
    ----------
    case_id, assignment : str
        Whose, and for what.
    attempt : int, default 1
        A second attempt sees other numbers.
    settings : mapping, optional
        By table: settings of its maker that differ from their defaults.

    Raises
    ------
    ContentError
        If no maker has a table's name, or it has no such setting.

    Examples
    --------
    >>> firm = Firm("alice", "l02-the-cso")
    >>> len(firm.rows("sites"))
    11
    >>> firm.rows("sites") == Firm("alice", "l02-the-cso").rows("sites")
    True
    """

    def __init__(
        self,
        case_id: str,
        assignment: str,
        attempt: int = 1,
        *,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.seed: tuple[str, str, int] = (case_id, assignment, attempt)
        self._settings = settings or {}
        self._made: dict[str, Made] = {}
        for name, own in self._settings.items():
            _check_settings(assignment, name, own)

    def made(self, name: str) -> Made:
        """A table with its key.

        Raises
        ------
        UsageError
            If the firm has no such table.
        """
        if name not in MAKERS:
            raise UsageError(f"table {name!r}", "the firm has no such table", next_step=did_you_mean(name, MAKERS))
        if name not in self._made:
            self._made[name] = MAKERS[name](self, Draws(*self.seed, "table", name), **self._settings.get(name, {}))
        return self._made[name]

    def rows(self, name: str) -> Rows:
        """Rows of a table."""
        return self.made(name).rows

    def key(self, name: str) -> Mapping[str, Any]:
        """What was planted in a table, with exact counts."""
        return self.made(name).key

    def frame(self, name: str) -> pandas.DataFrame:
        """A table as a pandas frame, its columns of the types that `datapackage.json` describes.

        Examples
        --------
        >>> Firm("alice", "l02-the-cso").frame("physical_events")["occurred_at"].dtype
        datetime64[ns, UTC]
        """
        from threechairs.company.frames import frame

        return frame(name, self.rows(name))


def _check_settings(assignment: str, name: str, settings: Mapping[str, Any]) -> None:
    if name not in MAKERS:
        raise ContentError(assignment, f"no table can be drawn as {name!r}", next_step=did_you_mean(name, MAKERS))
    parameters = inspect.signature(MAKERS[name]).parameters.values()
    known = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
    for setting in settings:
        if setting not in known:
            raise ContentError(
                assignment, f"table {name!r} has no setting {setting!r}", next_step=did_you_mean(setting, known)
            )
