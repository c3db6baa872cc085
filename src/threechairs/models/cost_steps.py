"""Best sets of controls by dynamic programming over cost, where all costs are multiples of one step.

The largest benefit that so many steps of cost can buy follows from the largest without the first control: R. Bellman,
"Dynamic programming" (1957); H. Kellerer, U. Pferschy, D. Pisinger, "Knapsack problems" (2004), 2.3. It takes as long
whatever the benefits are. A solver does not: where benefits follow costs closely, it can search for minutes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = tuple[int, ...]

MOST_CELLS = 10_000_000
"""So many numbers of 8 bytes the table may hold."""

MOST_SUMS = 100_000_000
"""So many additions filling it may take, a second at most."""


LARGEST_PART = 12
"""So many controls rules may tie together: each of their sets is looked at."""


def parts_of(groups: Sequence[tuple[Positions, float, float]], controls: int) -> list[list[Positions]] | None:
    """The controls in parts that no rule ties together, and the sets of each part that keep the rules.

    Parameters
    ----------
    groups : sequence of (tuple of int, float, float)
        Per rule the positions that it is about, and how many of them must be in, at least and at most.
    controls : int
        How many controls there are.

    Returns
    -------
    list of list of tuple of int, or None
        None if a part is larger than `LARGEST_PART`.

    Examples
    --------
    >>> parts_of([((0, 2), 1, 1)], 3)
    [[(0,), (2,)], [(), (1,)]]
    """
    parts: list[set[int]] = [{at} for at in range(controls)]
    for group, _least, _most in groups:
        tied = [part for part in parts if part & set(group)]
        parts = [part for part in parts if part not in tied] + [set().union(*tied)]
    if max(map(len, parts)) > LARGEST_PART:
        return None
    return [_allowed(sorted(part), groups) for part in sorted(parts, key=min)]


def table_of_steps(
    costs: Floats, benefits: Floats, budget: float, choices: Sequence[Sequence[Positions]]
) -> tuple[float, Floats] | None:
    """Largest benefit that the last parts of a list of controls bring, for every cost.

    Parameters
    ----------
    costs, benefits : ndarray of float, shape (controls,)
        Of each control, at least 0 and finite; they are not checked again.
    budget : float
        What the chosen controls may cost together, at least 0.
    choices : sequence of sequences of tuples of int
        The controls in parts, and of each part the sets of positions that may be chosen.

    Returns
    -------
    step : float
        What one step costs.
    table : ndarray of float, shape (parts + 1, steps + 1)
        Row p, column s: largest benefit of parts p and later that costs s steps; -inf where none does. None for both
        if costs are no whole numbers, or the table would be larger than `MOST_CELLS` or `MOST_SUMS` allow.

    Examples
    --------
    >>> step, table = table_of_steps(np.array([2.0, 4.0]), np.array([7.0, 9.0]), 6.0, [[(), (0,)], [(), (1,)]])
    >>> step, table[0].tolist()
    (2.0, [0.0, 7.0, 9.0, 16.0])
    """
    affordable = costs[costs <= budget]
    if affordable.max(initial=0.0) >= 2**53 or (affordable != np.floor(affordable)).any():
        return None
    step = float(math.gcd(*(int(cost) for cost in affordable)) or 1)
    columns = int(min(budget, math.fsum(affordable)) // step) + 1
    if columns * (len(choices) + 1) > MOST_CELLS or columns * sum(map(len, choices)) > MOST_SUMS:
        return None
    table = np.full((len(choices) + 1, columns), -np.inf)
    table[-1, 0] = 0.0
    for at in reversed(range(len(choices))):
        for steps, benefit, _ in _priced(choices[at], costs, benefits, step, columns):
            np.maximum(table[at, steps:], table[at + 1, : columns - steps] + benefit, out=table[at, steps:])
    return step, table


def sets_with_most(
    costs: Floats,
    benefits: Floats,
    choices: Sequence[Sequence[Positions]],
    step: float,
    table: Floats,
    *,
    same_share: float,
) -> Iterator[Positions]:
    """Every set with the largest benefit, the cheapest first.

    Parameters
    ----------
    costs, benefits, choices, step, table
        As in `table_of_steps`.
    same_share : float
        Benefits that differ by less than this share are the same.

    Yields
    ------
    tuple of int
        Positions in ascending order; none at all if no set is allowed.

    Examples
    --------
    >>> costs, benefits, choices = np.array([3.0, 2.0]), np.array([5.0, 5.0]), [[(), (0,)], [(), (1,)]]
    >>> found = table_of_steps(costs, benefits, 4.0, choices)
    >>> list(sets_with_most(costs, benefits, choices, *found, same_share=1e-12))
    [(1,), (0,)]
    """
    most = table[0].max()
    if most == -np.inf:
        return
    least, columns = most * (1 - same_share), table.shape[1]
    priced = [list(_priced(part, costs, benefits, step, columns)) for part in choices]
    for column in np.flatnonzero(table[0] >= least):
        # what is still to be looked at: the part, the steps left, the benefit so far, the positions so far
        ways: list[tuple[int, int, float, Positions]] = [(0, int(column), 0.0, ())]
        while ways:
            at, left, benefit, chosen = ways.pop()
            if at == len(choices):
                yield tuple(sorted(chosen))
                continue
            for steps, more, positions in priced[at]:
                if steps <= left and benefit + more + table[at + 1, left - steps] >= least:
                    ways.append((at + 1, left - steps, benefit + more, chosen + positions))


def _allowed(part: list[int], groups: Sequence[tuple[Positions, float, float]]) -> list[Positions]:
    held = [(set(group), least, most) for group, least, most in groups if set(group) & set(part)]
    sets = itertools.chain.from_iterable(itertools.combinations(part, count) for count in range(len(part) + 1))
    return [chosen for chosen in sets if all(least <= len(of & set(chosen)) <= most for of, least, most in held)]


def _priced(
    part: Sequence[Positions], costs: Floats, benefits: Floats, step: float, columns: int
) -> Iterator[tuple[int, float, Positions]]:
    """Of each set that can be paid: its cost in steps, its benefit, its positions."""
    for positions in part:
        listed = list(positions)
        cost = math.fsum(costs[listed])
        if cost <= (columns - 1) * step:
            yield int(cost // step), math.fsum(benefits[listed]), positions
