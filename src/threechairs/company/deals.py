"""Deal tables: issues with options, and what each option is worth to each party at the table.

numpy is imported where it is needed: it costs a kernel time, and few notebooks strike a deal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from threechairs.datasets import course_root
from threechairs.errors import ContentError, UsageError, did_you_mean
from threechairs.yaml_files import load_yaml

if TYPE_CHECKING:
    import numpy as np

NO_DEAL = "no-deal"

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Strict):
    """One option of an issue."""

    id: Slug
    text: str


class Issue(_Strict):
    """One thing to settle."""

    id: Slug
    title: str
    options: list[Choice] = Field(min_length=2)


class Party(_Strict):
    """One side at the table.

    `position` is what it says, `interest` why it says so. `points` are, per issue, what each option is worth to it;
    `reservation` is what it gets without a deal (the worth of its best alternative, told in `alternative`).
    """

    name: str
    position: str
    interest: str
    alternative: str
    points: dict[str, list[int]]
    reservation: int


class Bound(_Strict):
    """A limit that somebody who is not at the table needs: which options of an issue keep it, whose it is, and why."""

    issue: Slug
    allowed: list[Slug] = Field(min_length=1)
    party: Slug
    why: str


@dataclass(frozen=True)
class DealVerdict:
    """What a deal is worth, and how it stands to all others of its table.

    Attributes
    ----------
    worth : mapping of role to int
        Points per party.
    accepted, within, efficient : bool
        Every party gets at least its reservation value; every bound is kept; no accepted deal within the bounds is
        better for one party and worse for none.
    forgone : float
        Share of the largest gain that the parties together leave on the table, from 0 to 1: how much more a deal
        within the bounds that is at least as good for each of them would have given, over the most that any deal
        gives beyond the reservation values. 1 where the deal is not accepted.
    """

    worth: Mapping[str, int]
    accepted: bool
    within: bool
    efficient: bool
    forgone: float


class DealTable(_Strict):
    """A table of points; every combination of options is a deal."""

    format: Literal[1]
    table: Slug
    title: str
    issues: list[Issue] = Field(min_length=1)
    parties: dict[Slug, Party] = Field(min_length=2)
    bounds: list[Bound] = []

    @model_validator(mode="after")
    def _fits_together(self) -> DealTable:
        issues = {issue.id: [option.id for option in issue.options] for issue in self.issues}
        for role, party in self.parties.items():
            for issue, options in issues.items():
                points = party.points.get(issue)
                if points is None or len(points) != len(options):
                    seen = "no points" if points is None else f"{len(points)} points"
                    raise ValueError(f"{role} has {seen} for {issue!r}. Expected {len(options)}, one per option")
            for issue in party.points:
                if issue not in issues:
                    raise ValueError(
                        f"{role} has points for {issue!r}, which is no issue. {did_you_mean(issue, issues)}"
                    )
        for bound in self.bounds:
            for option in bound.allowed:
                if option not in issues.get(bound.issue, ()):
                    raise ValueError(f"the bound on {bound.issue!r} names {option!r}, which is no option of it")
        return self

    @property
    def options(self) -> dict[str, list[str]]:
        """Ids of the options of every issue."""
        return {issue.id: [option.id for option in issue.options] for issue in self.issues}

    def text(self, options: Mapping[str, str]) -> str:
        """A deal in words: how each issue is settled."""
        deal = self.read(options)
        texts = {(issue.id, option.id): option.text for issue in self.issues for option in issue.options}
        return "; ".join(f"{issue.title}: {texts[issue.id, deal[issue.id]]}" for issue in self.issues)

    def midpoint(self) -> dict[str, str]:
        """The middle option of every issue, the earlier one of two."""
        return {issue: ids[(len(ids) - 1) // 2] for issue, ids in self.options.items()}

    def broken(self, options: Mapping[str, str]) -> list[Bound]:
        """The bounds that a deal does not keep."""
        deal = self.read(options)
        return [bound for bound in self.bounds if deal[bound.issue] not in bound.allowed]

    def with_points(self, rows: Sequence[Mapping[str, Any]]) -> DealTable:
        """The same table with other points, such as those of one learner's case.

        Parameters
        ----------
        rows : sequence of mapping
            One row per option: `issue`, `option`, and a column per party with its points. A row with the issue
            `"no-deal"` and an empty option holds the reservation values.

        Raises
        ------
        ContentError
            If a row is missing, stands twice or names nothing of this table, or a point is no whole number.

        Examples
        --------
        >>> table = deal_table("gate-4")
        >>> table.with_points(table.as_rows()) == table
        True
        """
        where = f"points for {self.table!r}"
        expected = [(row["issue"], row["option"]) for row in self.as_rows()]
        given = {(row.get("issue"), row.get("option")): row for row in rows}
        if set(given) != set(expected) or len(rows) != len(expected):
            odd = sorted(str(key) for key in set(given) ^ set(expected)) or ["a row that stands twice"]
            raise ContentError(where, f"the rows do not fit: {odd[0]}", f"Expected {len(expected)}, one per option")
        for key, row in given.items():
            for role in self.parties:
                if type(row.get(role)) is not int:
                    raise ContentError(where, f"{role} has {row.get(role)!r} for {key}", "Expected a whole number")
        content = self.model_dump()
        for role, party in content["parties"].items():
            party["reservation"] = given[NO_DEAL, ""][role]
            party["points"] = {
                issue: [given[issue, option][role] for option in ids] for issue, ids in self.options.items()
            }
        return DealTable.model_validate(content)

    def as_rows(self) -> list[dict[str, Any]]:
        """The points as wide rows, the form that `with_points` takes."""
        rows: list[dict[str, Any]] = [
            {"issue": issue, "option": option, **{role: one.points[issue][at] for role, one in self.parties.items()}}
            for issue, ids in self.options.items()
            for at, option in enumerate(ids)
        ]
        floor = {role: party.reservation for role, party in self.parties.items()}
        return [*rows, {"issue": NO_DEAL, "option": "", **floor}]

    def read(self, options: Mapping[str, str]) -> dict[str, str]:
        """A deal with one known option per issue, in the order of the issues.

        Raises
        ------
        UsageError
            If an issue is missing or unknown, or an option is none of it.
        """
        read = {}
        for issue in self.issues:
            known = [option.id for option in issue.options]
            chosen = options.get(issue.id)
            if chosen not in known:
                seen = "is not settled" if chosen is None else f"cannot be settled by {chosen!r}"
                raise UsageError("the deal", f"{issue.id!r} {seen}", next_step=did_you_mean(str(chosen), known))
            read[issue.id] = chosen
        for name in options:
            if name not in read:
                raise UsageError("the deal", f"{name!r} is no issue of it", next_step=did_you_mean(name, read))
        return read

    def index(self, options: Mapping[str, str]) -> int:
        """Row of a deal in `choices` and `worths`."""
        deal = self.read(options)
        row = 0
        for issue in self.issues:
            ids = [option.id for option in issue.options]
            row = row * len(ids) + ids.index(deal[issue.id])
        return row

    @cached_property
    def _enumerated(self) -> tuple[np.ndarray, np.ndarray]:
        import numpy as np

        from threechairs.models import bargaining

        points = [np.array([party.points[issue.id] for party in self.parties.values()]).T for issue in self.issues]
        return bargaining.all_deals(points)

    @property
    def choices(self) -> np.ndarray:
        """Option index per deal and issue: shape (deals, issues)."""
        return self._enumerated[0]

    @property
    def worths(self) -> np.ndarray:
        """Points per deal and party: shape (deals, parties)."""
        return self._enumerated[1]

    @property
    def reservations(self) -> np.ndarray:
        """Reservation value per party."""
        import numpy as np

        return np.array([party.reservation for party in self.parties.values()])

    @cached_property
    def within(self) -> np.ndarray:
        """Per deal, whether it keeps every bound."""
        import numpy as np

        kept = np.ones(len(self.choices), dtype=bool)
        places = {issue.id: at for at, issue in enumerate(self.issues)}
        for bound in self.bounds:
            at = places[bound.issue]
            allowed = [i for i, option in enumerate(self.issues[at].options) if option.id in bound.allowed]
            kept &= np.isin(self.choices[:, at], allowed)
        return kept

    def verdict(self, options: Mapping[str, str], *, bounded: bool = True) -> DealVerdict:
        """How a deal stands; with `bounded=False` the bounds are lifted, as by a written exception."""
        import numpy as np

        from threechairs.models import bargaining

        row = self.index(options)
        worth = {role: int(points) for role, points in zip(self.parties, self.worths[row], strict=True)}
        inside = self.within if bounded else np.ones_like(self.within)
        accepted = bargaining.feasible(self.worths, self.reservations)
        forgone = bargaining.gain_forgone(self.worths, self.reservations, row, among=inside)
        efficient = bool(accepted[row] and inside[row] and forgone == 0)
        return DealVerdict(worth, bool(accepted[row]), bool(self.within[row]), efficient, forgone)


def deal_table(name: str, root: Path | None = None) -> DealTable:
    """A table from `datasets/deals/`.

    Raises
    ------
    ContentError
        If there is no such file, or one line per mistake in it.
    """
    return _deal_table(name, root or course_root())


@cache
def _deal_table(name: str, root: Path) -> DealTable:
    folder = root / "datasets" / "deals"
    path = folder / f"{name}.yaml"
    if not path.is_file():
        known = [one.stem for one in folder.glob("*.yaml")]
        raise ContentError(f"deal table {name!r}", "there is no such file", next_step=did_you_mean(name, known))
    return load_yaml(path, DealTable)
