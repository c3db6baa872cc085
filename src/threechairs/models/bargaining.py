"""Multi-issue bargaining with additive points: all deals, the frontier, the Nash deal, and what is left on the table.

A deal settles every issue with one of its options. Each party adds up its points; its reservation value is the worth
of its best alternative to a deal. Arrays are numbered by deal (rows, in the order of `all_deals`) and by party
(columns). Definitions: J. Nash, "The bargaining problem" (1950); H. Raiffa, "The art and science of negotiation"
(1982).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


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
    ValueError
        If there is no issue, an issue is not a table of options by parties, the numbers of parties differ, or a
        point is not finite.

    Examples
    --------
    >>> choices, worths = all_deals([[[40, 0], [0, 15]], [[20, 0], [8, 40]]])
    >>> choices.tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> worths[1].tolist()
    [48.0, 40.0]
    """
    tables = [np.asarray(issue, dtype=float) for issue in points]
    if not tables:
        raise ValueError("there is no issue; expected at least one table of options by parties")
    for number, issue in enumerate(tables, start=1):
        if issue.ndim != 2 or not issue.size:
            raise ValueError(f"issue {number} has shape {issue.shape}; expected (options, parties)")
        if issue.shape[1] != tables[0].shape[1]:
            raise ValueError(f"issue {number} has {issue.shape[1]} parties; issue 1 has {tables[0].shape[1]}")
        if not np.isfinite(issue).all():
            raise ValueError(f"issue {number} holds a point that is not a finite number; look for empty cells")
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
    ValueError
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

    Examples
    --------
    >>> dominating([[60, 49], [79, 70], [60, 50], [90, 10]], 0).tolist()
    [False, True, True, False]
    """
    table = _worths(worths)
    one = table[deal]
    return np.asarray((table >= one).all(axis=1) & (table > one).any(axis=1))


def frontier(worths: ArrayLike) -> Mask:
    """Per deal, whether no other deal is better for one party and worse for none (Pareto).

    Parameters
    ----------
    worths : array_like, shape (deals, parties)
        Points per deal and party. Deals of equal worth stand or fall together.

    Examples
    --------
    >>> frontier([[60, 49], [79, 70], [90, 10]]).tolist()
    [False, True, True]
    """
    table = _worths(worths)
    # only the different ones are compared with each other; from the largest sum down, so that few remain early
    distinct, place = np.unique(table, axis=0, return_inverse=True)
    order = np.argsort(-distinct.sum(axis=1), kind="stable")
    kept: Floats = np.empty((0, table.shape[1]))
    best = np.zeros(len(distinct), dtype=bool)
    for row in order:
        if not (kept >= distinct[row]).all(axis=1).any():
            best[row] = True
            kept = np.vstack([kept, distinct[row]])
    return np.asarray(best[place.ravel()])


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
        Row numbers in ascending order; empty if no deal is feasible.

    Examples
    --------
    >>> nash([[79, 70], [60, 49], [90, 10]], [50, 40]).tolist()
    [0]
    """
    table, floor = _checked(worths, reservations)
    able = (table >= floor).all(axis=1) & _among(among, len(table))
    if not able.any():
        return np.empty(0, dtype=np.int64)
    products = np.where(able, np.prod(np.maximum(table - floor, 0.0), axis=1), -np.inf)
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

    Examples
    --------
    >>> gain_forgone([[79, 70], [60, 49], [90, 10]], [50, 40], 1)  # (149 - 109) / (149 - 90)
    0.6779661016949152
    """
    table, floor = _checked(worths, reservations)
    able = (table >= floor).all(axis=1) & _among(among, len(table))
    if not able[deal]:
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

    Examples
    --------
    >>> logrolling_gain([[[40, 0], [22, 6], [0, 15]], [[20, 0], [14, 20], [8, 40]]], [0, 2])
    26.0
    """
    tables = [np.asarray(issue, dtype=float) for issue in points]
    rows = np.asarray(deal, dtype=np.int64)
    if rows.shape != (len(tables),):
        raise ValueError(f"the deal has shape {rows.shape}; expected one option for each of {len(tables)} issues")
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

    Examples
    --------
    >>> cost_of_moves([[[40, 0], [0, 15]]], [0])[0].tolist()
    [[0.0, 0.0], [-40.0, 15.0]]
    """
    tables = [np.asarray(issue, dtype=float) for issue in points]
    rows = np.asarray(deal, dtype=np.int64)
    if rows.shape != (len(tables),):
        raise ValueError(f"the deal has shape {rows.shape}; expected one option for each of {len(tables)} issues")
    return [issue - issue[at] for issue, at in zip(tables, rows, strict=True)]


def _worths(worths: ArrayLike) -> Floats:
    table = np.asarray(worths, dtype=float)
    if table.ndim != 2 or not table.size:
        raise ValueError(f"worths have shape {table.shape}; expected (deals, parties), at least one of each")
    if not np.isfinite(table).all():
        raise ValueError("worths hold a number that is not finite; look for empty cells")
    return table


def _checked(worths: ArrayLike, reservations: ArrayLike) -> tuple[Floats, Floats]:
    table, floor = _worths(worths), np.asarray(reservations, dtype=float)
    if floor.shape != (table.shape[1],):
        raise ValueError(f"reservations have shape {floor.shape}; expected one for each of {table.shape[1]} parties")
    if not np.isfinite(floor).all():
        raise ValueError("a reservation value is not a finite number")
    return table, floor


def _among(among: ArrayLike | None, deals: int) -> Mask:
    if among is None:
        return np.ones(deals, dtype=bool)
    mask = np.asarray(among, dtype=bool)
    if mask.shape != (deals,):
        raise ValueError(f"among has shape {mask.shape}; expected one for each of {deals} deals")
    return mask
