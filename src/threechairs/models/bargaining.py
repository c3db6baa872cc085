"""Multi-issue bargaining with additive points: all deals, the frontier, the Nash deal, and what is left on the table.

A deal settles every issue with one of its options. Each party adds up its points; its reservation value is the worth
of its best alternative to a deal. Arrays are numbered by deal (rows, in the order of `all_deals`) and by party
(columns). Definitions: J. Nash, "The bargaining problem" (1950); H. Raiffa, "The art and science of negotiation"
(1982).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from threechairs.errors import ModelInputError
from threechairs.models.inputs import numbers, whole_number

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# more would fill the memory of a learner's notebook
MOST_DEALS = 2_000_000


def all_deals(points: Sequence[ArrayLike]) -> tuple[Ints, Floats]:
    """Every deal, and its worth to every party.

    Parameters
    ----------
    points : sequence of array_like, each of shape (options, parties)
        Per issue, what each option is worth to each party, in points.

    Returns
    -------
    choices : ndarray of int, shape (deals, issues)
        Index of the option per issue; the last issue changes fastest.
    worths : ndarray of float, shape (deals, parties)
        Sum of the points over the issues.

    Raises
    ------
    ModelInputError
        If there is no issue, an issue is not a table of options by parties, the numbers of parties differ, a point is
        not finite, or there are more than `MOST_DEALS` deals.

    Examples
    --------
    >>> choices, worths = all_deals([[[40, 0], [0, 15]], [[20, 0], [8, 40]]])
    >>> choices.tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> worths[1].tolist()
    [48.0, 40.0]
    """
    tables = _tables(points)
    deals = math.prod(len(issue) for issue in tables)
    if deals > MOST_DEALS:
        raise ModelInputError("issues", f"they make {deals:,} deals", f"Expected at most {MOST_DEALS:,}")
    choices = np.indices([len(issue) for issue in tables]).reshape(len(tables), -1).T
    worths = sum((issue[choices[:, at]] for at, issue in enumerate(tables)), start=np.zeros(()))
    return choices.astype(np.int64), np.asarray(worths)


def feasible(worths: ArrayLike, reservations: ArrayLike) -> Mask:
    """Per deal, whether every party gets at least its reservation value.

    Parameters
    ----------
    worths : array_like, shape (deals, parties)
        Points per deal and party.
    reservations : array_like, shape (parties,)
        Reservation value per party, in points.

    Raises
    ------
    ModelInputError
        If the shapes do not fit or a number is not finite.

    Examples
    --------
    >>> feasible([[79, 70], [60, 39]], [50, 40]).tolist()
    [True, False]
    """
    table, floor = _checked(worths, reservations)
    return np.asarray((table >= floor).all(axis=1))


def dominating(worths: ArrayLike, deal: int) -> Mask:
    """Per deal, whether it is at least as good as `deal` for every party and better for one.

    Parameters
    ----------
    worths : array_like, shape (deals, parties)
        Points per deal and party.
    deal : int
        Row of the deal.

    Raises
    ------
    ModelInputError
        If the shape does not fit, a number is not finite, or there is no such deal.

    Examples
    --------
    >>> dominating([[60, 49], [79, 70], [60, 50], [90, 10]], 0).tolist()
    [False, True, True, False]
    """
    table = _table(worths, "worths", "deals")
    one = table[_row(deal, len(table))]
    return np.asarray((table >= one).all(axis=1) & (table > one).any(axis=1))


def frontier(worths: ArrayLike) -> Mask:
    """Per deal, whether no other deal is better for one party and worse for none (Pareto).

    Parameters
    ----------
    worths : array_like, shape (deals, parties)
        Points per deal and party. Deals of equal worth stand or fall together.

    Raises
    ------
    ModelInputError
        If the shape does not fit or a number is not finite.

    Examples
    --------
    >>> frontier([[60, 49], [79, 70], [90, 10]]).tolist()
    [False, True, True]
    """
    table = _table(worths, "worths", "deals")
    # ranks in place of points: exact, and a better deal always has the larger sum; so a block of the largest sums
    # can only be beaten from within, and what it does not beat is all that the next blocks have to look at
    ranks = np.stack([np.unique(column, return_inverse=True)[1] for column in table.T]).astype(np.int32)
    sums = ranks.sum(axis=0)
    order = np.argsort(-sums, kind="stable")
    best = np.zeros(len(table), dtype=bool)
    while order.size:
        block, order = order[:_BLOCK], order[_BLOCK:]
        block = block[~_beaten(ranks, sums, block, block)]
        order = order[~_beaten(ranks, sums, order, block)]
        best[block] = True
    return best


def nash(worths: ArrayLike, reservations: ArrayLike, *, among: ArrayLike | None = None) -> Ints:
    """Rows of the Nash deal: the largest product of gains over the reservation values. Ties are all reported.

    Parameters
    ----------
    worths : array_like, shape (deals, parties)
        Points per deal and party.
    reservations : array_like, shape (parties,)
        Reservation value per party.
    among : array_like of bool, shape (deals,), optional
        The deals that count; all unless given.

    Returns
    -------
    ndarray of int
        Row numbers in ascending order; empty if no deal is feasible. If no deal gives every party a gain, the largest
        product is 0, and all feasible deals are reported.

    Raises
    ------
    ModelInputError
        If the shapes do not fit, a number is not finite, or `among` holds other things than True and False.

    Examples
    --------
    >>> nash([[79, 70], [60, 49], [90, 10]], [50, 40]).tolist()
    [0]
    """
    table, floor = _checked(worths, reservations)
    able = (table >= floor).all(axis=1) & _among(among, len(table))
    if not able.any():
        return np.empty(0, dtype=np.int64)
    gains = np.maximum(table - floor, 0.0)
    most = gains[able].max(axis=0)
    # each party's gains as shares of its largest, so that no scale of points is too large or too small
    products = np.where(able, np.prod(gains / np.where(most > 0, most, 1.0), axis=1), -np.inf)
    return np.flatnonzero(np.isclose(products, products.max(), rtol=1e-12, atol=0.0))


def gain_forgone(worths: ArrayLike, reservations: ArrayLike, deal: int, *, among: ArrayLike | None = None) -> float:
    """Share of the largest joint gain that a deal leaves on the table, from 0 to 1.

    How much more the best deal that is at least as good for every party would give them together, over the largest
    gain beyond the reservation values that any deal gives. 1 for a deal that is not feasible or does not count.

    Parameters
    ----------
    worths, reservations, among
        As in `nash`.
    deal : int
        Row of the deal.

    Raises
    ------
    ModelInputError
        If the shapes do not fit, a number is not finite, or there is no such deal.

    Examples
    --------
    >>> gain_forgone([[79, 70], [60, 49], [90, 10]], [50, 40], 1)  # (149 - 109) / (149 - 90)
    0.6779661016949152
    """
    table, floor = _checked(worths, reservations)
    able = (table >= floor).all(axis=1) & _among(among, len(table))
    if not able[_row(deal, len(table))]:
        return 1.0
    sums = table.sum(axis=1)
    better = dominating(table, deal) & able
    if not better.any():
        return 0.0
    largest = sums[able].max() - floor.sum()
    return float(min((sums[better].max() - sums[deal]) / largest, 1.0))


def logrolling_gain(points: Sequence[ArrayLike], deal: ArrayLike) -> float:
    """Joint points that trading issues gives over meeting in the middle of each.

    Parameters
    ----------
    points : sequence of array_like, each of shape (options, parties)
        As in `all_deals`.
    deal : array_like of int, shape (issues,)
        Option index per issue. The middle of an issue with n options is option (n - 1) // 2.

    Raises
    ------
    ModelInputError
        As `all_deals` does, or if the deal does not name one option per issue.

    Examples
    --------
    >>> logrolling_gain([[[40, 0], [22, 6], [0, 15]], [[20, 0], [14, 20], [8, 40]]], [0, 2])
    26.0
    """
    tables = _tables(points)
    rows = _options(deal, tables)
    return float(
        sum(issue[at].sum() - issue[(len(issue) - 1) // 2].sum() for issue, at in zip(tables, rows, strict=True))
    )


def cost_of_moves(points: Sequence[ArrayLike], deal: ArrayLike) -> list[Floats]:
    """What changing one issue of a deal costs or gives each party.

    Parameters
    ----------
    points, deal
        As in `logrolling_gain`.

    Returns
    -------
    list of ndarray, each of shape (options, parties)
        Per issue, the change in points from the deal to the same deal with that option.

    Raises
    ------
    ModelInputError
        As `logrolling_gain` does.

    Examples
    --------
    >>> cost_of_moves([[[40, 0], [0, 15]]], [0])[0].tolist()
    [[0.0, 0.0], [-40.0, 15.0]]
    """
    tables = _tables(points)
    rows = _options(deal, tables)
    return [issue - issue[at] for issue, at in zip(tables, rows, strict=True)]


# deals that are compared with all others at a time: few enough for the cache, enough to be worth a step
_BLOCK = 64


def _beaten(ranks: NDArray[np.int32], sums: NDArray[np.int32], deals: Ints, by: Ints) -> Mask:
    """Per deal, whether one of `by` is at least as good for every party and better for one."""
    better = sums[by] > sums[deals][:, None]
    for party in ranks:
        better &= party[by] >= party[deals][:, None]
    return np.asarray(better.any(axis=1))


def _table(value: ArrayLike, name: str, rows: str) -> Floats:
    table = numbers(value, name, empty=True)
    if table.ndim != 2 or not table.size:
        raise ModelInputError(name, f"the shape is {table.shape}", f"Expected ({rows}, parties), at least one of each")
    return table


def _tables(points: Sequence[ArrayLike]) -> list[Floats]:
    if isinstance(points, str) or not isinstance(points, Iterable):
        raise ModelInputError("issues", f"{points!r:.60} is no list", "Expected a table of options by parties for each")
    tables = [_table(issue, f"issue {number}", "options") for number, issue in enumerate(points, start=1)]
    if not tables:
        raise ModelInputError("issues", "there are none", "Expected at least one table of options by parties")
    parties = tables[0].shape[1]
    for number, issue in enumerate(tables, start=1):
        if issue.shape[1] != parties:
            raise ModelInputError(f"issue {number}", f"there are {issue.shape[1]} parties", f"Issue 1 has {parties}")
    return tables


def _options(deal: ArrayLike, tables: list[Floats]) -> Ints:
    given = numbers(deal, "deal", empty=True)
    if given.shape != (len(tables),):
        raise ModelInputError(
            "deal", f"the shape is {given.shape}", f"Expected one option for each of {len(tables)} issues"
        )
    for number, (at, issue) in enumerate(zip(given, tables, strict=True), start=1):
        if at not in range(len(issue)):
            raise ModelInputError(
                "deal", f"issue {number} has no option {at:g}", f"Expected a whole number from 0 to {len(issue) - 1}"
            )
    return given.astype(np.int64)


def _row(deal: int, deals: int) -> int:
    try:
        return whole_number(deal, "deal", least=0, most=deals - 1)
    except ModelInputError:
        told = " ".join(repr(deal).split())[:20]
        raise ModelInputError("deal", f"there is no row {told}", f"Expected a row from 0 to {deals - 1}") from None


def _checked(worths: ArrayLike, reservations: ArrayLike) -> tuple[Floats, Floats]:
    table, floor = _table(worths, "worths", "deals"), numbers(reservations, "reservations", empty=True)
    if floor.shape != (table.shape[1],):
        raise ModelInputError(
            "reservations", f"the shape is {floor.shape}", f"Expected one for each of {table.shape[1]} parties"
        )
    return table, floor


def _among(among: ArrayLike | None, deals: int) -> Mask:
    if among is None:
        return np.ones(deals, dtype=bool)
    mask = np.asarray(numbers(among, "among", empty=True))
    if mask.shape != (deals,):
        raise ModelInputError("among", f"the shape is {mask.shape}", f"Expected one for each of {deals} deals")
    if np.asarray(among).dtype != bool:
        raise ModelInputError(
            "among",
            "it holds other things than True and False",
            f"Expected True or False for each of {deals} deals",
            "Of row numbers make a mask: numpy.isin(numpy.arange(deals), rows)",
        )
    return mask.astype(bool)
