"""Which controls to buy: the best set under a budget and rules, what a rule costs, and the greedy answers.

A 0/1 knapsack: every control is bought whole or not at all, benefits add up (avoided loss in EUR a year, or a
simulated mean of it: keep it a number per control). What must never be priced out, such as life safety, is a rule
and not a benefit. Sets are found by `cost_steps` where costs are multiples of one step, else by HiGHS through
`scipy.optimize.milp`; each is added up again here. Definitions: H. Kellerer, U. Pferschy, D. Pisinger, "Knapsack
problems" (2004).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from threechairs.errors import ModelInputError, ThreeChairsError
from threechairs.models.cost_steps import parts_of, sets_with_most, table_of_steps
from threechairs.models.inputs import numbers, one_number, whole_number

Floats = NDArray[np.float64]
Positions = tuple[int, ...]
Row = tuple[Floats, float, float]  # coefficients, and what their sum over the chosen controls lies between

# two amounts that differ by less than this share of the larger are the same amount
SAME_SHARE = 1e-12

LONGEST_SEARCH_S = 60.0
"""The solver gives up after so many seconds, all its runs for one question together."""


@dataclass(frozen=True)
class Rules:
    """What a set of controls must keep, besides the budget. Controls are named by position, the first is 0.

    Parameters
    ----------
    required, excluded : sequence of int, optional
        Controls that must be in, and must not be in.
    at_most_one_of, exactly_one_of, at_least_one_of : sequence of sequences of int, optional
        Groups: either-or, one and only one, and "one of these must be in" (life safety).

    Examples
    --------
    >>> best_set([3, 2, 1], [9, 5, 1], 4, Rules(excluded=[0], at_least_one_of=[(1, 2)])).chosen
    (1, 2)
    """

    required: Sequence[int] = ()
    excluded: Sequence[int] = ()
    at_most_one_of: Sequence[Sequence[int]] = ()
    exactly_one_of: Sequence[Sequence[int]] = ()
    at_least_one_of: Sequence[Sequence[int]] = ()


@dataclass(frozen=True)
class ControlSet:
    """Some of the controls.

    Attributes
    ----------
    chosen : tuple of int
        Positions in ascending order.
    cost_eur, benefit_eur : float
        Sums over the chosen controls.

    Examples
    --------
    >>> greedy_by_ratio([3, 2, 1], [9, 5, 1], 4).cost_eur
    4.0
    """

    chosen: Positions
    cost_eur: float
    benefit_eur: float


@dataclass(frozen=True)
class BestSet(ControlSet):
    """A set of controls with the largest benefit.

    Attributes
    ----------
    unique : bool
        Whether every other set that keeps budget and rules has less benefit. A control that brings nothing, and
        would fit, makes a second best set.
    ties : tuple of tuple of int
        Other sets of the same benefit, cheapest first; as many as were asked for.
    all_ties_listed : bool
        Whether there are no more of them than `ties` lists.

    Examples
    --------
    >>> best_set([2, 3], [5, 5], 3)
    BestSet(chosen=(0,), cost_eur=2.0, benefit_eur=5.0, unique=False, ties=((1,),), all_ties_listed=True)
    """

    unique: bool
    ties: tuple[Positions, ...]
    all_ties_listed: bool


def best_set(
    costs_eur: ArrayLike, benefits_eur: ArrayLike, budget_eur: float, rules: Rules | None = None, *, ties: int = 3
) -> BestSet:
    """Set of controls with the largest benefit that the budget and the rules allow.

    Of the best sets that were found the cheapest is returned, and of several cheapest the first by position; `unique`
    and `ties` tell of the others. Amounts are the same if they differ by less than one part in 10^12. Costs in whole
    thousands are fastest.

    Parameters
    ----------
    costs_eur, benefits_eur : array_like, shape (controls,)
        Cost of each control, and its benefit a year; both at least 0, in EUR or any one unit.
    budget_eur : float
        What the chosen controls may cost together, at least 0.
    rules : Rules, optional
        What else must hold; nothing unless given.
    ties : int, default 3
        How many other best sets to look for, a whole number, at least 0. Each may take the solver one more run.

    Raises
    ------
    ModelInputError
        If an amount is negative or not finite, the shapes differ, a rule names no control or an unknown one, or no
        set keeps budget and rules. The text says how much is missing, or which rules collide.
    ThreeChairsError
        If the solver finds no answer in `LONGEST_SEARCH_S`.

    Examples
    --------
    >>> best_set([90, 120, 110, 60], [310, 280, 195, 135], 200)
    BestSet(chosen=(0, 2), cost_eur=200.0, benefit_eur=505.0, unique=True, ties=(), all_ties_listed=True)
    >>> best_set([90, 120, 110, 60], [310, 280, 195, 135], 200, Rules(at_least_one_of=[(1, 3)])).benefit_eur
    445.0
    """
    costs, benefits, budget = _checked(costs_eur, benefits_eur, budget_eur)
    limits = list(_limits(rules or Rules(), len(costs)))
    most = whole_number(ties, "ties", least=0)
    best: list[ControlSet] = []
    # until the next one is worse: so a tie cannot hide, and what the solver's tolerances let through (a set just over
    # the budget, a set just below the best) is put right by exact sums
    for chosen in _candidates(costs, benefits, budget, limits):
        one = _added_up(chosen, costs, benefits)
        if not _at_most(one.cost_eur, budget):
            continue
        if best and not _at_most(best[0].benefit_eur, one.benefit_eur):
            break
        if best and not _at_most(one.benefit_eur, best[0].benefit_eur):
            best = []
        best.append(one)
        if len(best) == most + 2:
            break
    if not best:
        raise _nothing_fits(costs, budget, limits)
    best.sort(key=lambda one: (float(f"{one.cost_eur:.12g}"), one.chosen))
    first, *others = best
    told = tuple(one.chosen for one in others[:most])
    return BestSet(first.chosen, first.cost_eur, first.benefit_eur, not others, told, len(told) == len(others))


def price_of_rules(
    costs_eur: ArrayLike, benefits_eur: ArrayLike, budget_eur: float, rules: Rules, *, without: Rules | None = None
) -> float:
    """Benefit that rules cost: the best without them minus the best with them, in EUR a year.

    Parameters
    ----------
    costs_eur, benefits_eur, budget_eur, rules
        As in `best_set`.
    without : Rules, optional
        The rules that hold in any case; none unless given. For the price of one rule, all others.

    Raises
    ------
    ModelInputError
        As `best_set` does.

    Examples
    --------
    >>> price_of_rules([90, 120, 110, 60], [310, 280, 195, 135], 200, Rules(at_least_one_of=[(1, 3)]))
    60.0
    """
    free = best_set(costs_eur, benefits_eur, budget_eur, without, ties=0)
    bound = best_set(costs_eur, benefits_eur, budget_eur, rules, ties=0)
    return free.benefit_eur - bound.benefit_eur


def greedy_by_ratio(costs_eur: ArrayLike, benefits_eur: ArrayLike, budget_eur: float) -> ControlSet:
    """What one buys who takes the most benefit per euro first, then the next that still fits, to the end of the list.

    Parameters
    ----------
    costs_eur, benefits_eur, budget_eur
        As in `best_set`. Controls without benefit are left out; of equal ratios the larger benefit comes first.

    Raises
    ------
    ModelInputError
        If an amount is negative or not finite, or the shapes differ.

    Examples
    --------
    >>> greedy_by_ratio([90, 120, 110, 60], [310, 280, 195, 135], 200)
    ControlSet(chosen=(0, 3), cost_eur=150.0, benefit_eur=445.0)
    """
    costs, benefits, budget = _checked(costs_eur, benefits_eur, budget_eur)
    ratios = np.divide(benefits, costs, out=np.full(len(costs), inf), where=costs > 0)
    # equal ratios stay equal in another currency
    rounded = [float(f"{ratio:.12g}") for ratio in ratios]
    return _greedy(np.lexsort((costs, -benefits, np.negative(rounded))), costs, benefits, budget)


def greedy_by_benefit(costs_eur: ArrayLike, benefits_eur: ArrayLike, budget_eur: float) -> ControlSet:
    """What one buys who takes the largest benefit first, then the next that still fits, to the end of the list.

    Parameters
    ----------
    costs_eur, benefits_eur, budget_eur
        As in `best_set`. Controls without benefit are left out; of equal benefits the lower cost comes first.

    Raises
    ------
    ModelInputError
        If an amount is negative or not finite, or the shapes differ.

    Examples
    --------
    >>> greedy_by_benefit([90, 120, 110, 60], [310, 280, 195, 135], 180).chosen
    (0, 3)
    """
    costs, benefits, budget = _checked(costs_eur, benefits_eur, budget_eur)
    return _greedy(np.lexsort((costs, -benefits)), costs, benefits, budget)


def _greedy(order: NDArray[np.intp], costs: Floats, benefits: Floats, budget: float) -> ControlSet:
    taken: list[int] = []
    for at in order:
        if benefits[at] > 0 and _at_most(fsum([*costs[taken], costs[at]]), budget):
            taken.append(int(at))
    return _added_up(taken, costs, benefits)


@dataclass(frozen=True)
class _Limit:
    """One rule: how many controls of a group are in, at least and at most."""

    words: str
    group: Positions
    least: float
    most: float

    def row(self, controls: int) -> Row:
        return np.isin(np.arange(controls), self.group).astype(float), self.least, self.most


def _limits(rules: Rules, controls: int) -> Iterator[_Limit]:
    for at in _positions(rules.required, "required", controls):
        yield _Limit(f"control {at} is required", (at,), 1, 1)
    for at in _positions(rules.excluded, "excluded", controls):
        yield _Limit(f"control {at} is excluded", (at,), 0, 0)
    for name, groups, least, most in (
        ("at most one of", rules.at_most_one_of, 0, 1),
        ("exactly one of", rules.exactly_one_of, 1, 1),
        ("at least one of", rules.at_least_one_of, 1, inf),
    ):
        for group in groups:
            members = _positions(group, name, controls)
            if not members:
                raise ModelInputError(name, "a group is empty", "Expected the positions of its controls")
            yield _Limit(f"{name} {', '.join(map(str, members))}", members, least, most)


def _candidates(costs: Floats, benefits: Floats, budget: float, limits: list[_Limit]) -> Iterator[Positions]:
    """Sets that keep the rules and about the budget, the largest benefit first."""
    choices = parts_of([(one.group, one.least, one.most) for one in limits], len(costs))
    tabled = choices and table_of_steps(costs, benefits, budget * (1 + SAME_SHARE), choices)
    if choices and tabled:
        yield from sets_with_most(costs, benefits, choices, *tabled, same_share=SAME_SHARE)
        return
    rows = [*(one.row(len(costs)) for one in limits), *_budget_rows(costs, budget)]
    end_s = time.monotonic() + LONGEST_SEARCH_S
    while (found := _largest(benefits, rows, max(end_s - time.monotonic(), 0.0))) is not None:
        # every set that was seen is cut off
        rows.append((np.where(found, -1.0, 1.0), 1.0 - found.sum(), inf))
        yield tuple(int(at) for at in np.flatnonzero(found))


def _positions(group: Sequence[int], name: str, controls: int) -> Positions:
    given = numbers(group, name, dimensions=1, empty=True)
    words = f"Expected positions from 0 to {controls - 1}; the first control is 0"
    if np.asarray(group).dtype == bool:
        raise ModelInputError(name, "it holds yes and no", words)
    unknown = given[~np.isin(given, np.arange(controls))]
    if unknown.size:
        raise ModelInputError(name, f"{unknown[0]:g} is no control", words)
    return tuple(sorted({int(at) for at in given}))


def _checked(costs_eur: ArrayLike, benefits_eur: ArrayLike, budget_eur: float) -> tuple[Floats, Floats, float]:
    costs = numbers(costs_eur, "costs", least=0, dimensions=1)
    benefits = numbers(benefits_eur, "benefits", least=0, dimensions=1)
    if costs.shape != benefits.shape:
        raise ModelInputError(
            "benefits", f"there are {len(benefits)} for {len(costs)} costs", "Expected one of each per control"
        )
    return costs, benefits, one_number(budget_eur, "budget", least=0)


def _added_up(chosen: Sequence[int] | NDArray[np.intp], costs: Floats, benefits: Floats) -> ControlSet:
    # exact sums: the order of the controls changes no digit
    positions = tuple(sorted(int(at) for at in chosen))
    return ControlSet(positions, fsum(costs[list(positions)]), fsum(benefits[list(positions)]))


def _at_most(amount: float, limit: float) -> bool:
    return amount <= limit * (1 + SAME_SHARE)


def _scale(amounts: Floats, exponent: int) -> float:
    """Power of two that brings the largest amount just below 2**exponent without changing a digit."""
    return float(np.ldexp(1.0, exponent - int(np.frexp(amounts.max(initial=0.0))[1])))


def _budget_rows(costs: Floats, budget: float) -> list[Row]:
    # what nobody can pay is left out, so that it does not dwarf the rest; the solver sees differences of 1e-6
    able = np.array([_at_most(cost, budget) for cost in costs])
    scale = _scale(costs[able], 10)
    # how many of the cheapest fit, more never do: says nothing new, and where benefits follow costs closely it saves
    # the solver most of its search
    fit = float(np.searchsorted(np.sort(costs).cumsum(), budget * (1 + 1e-9), side="right"))
    return [
        (np.where(able, costs, 0.0) * scale, -inf, budget * scale),
        (np.where(able, 0.0, 1.0), 0, 0),
        (np.ones(len(costs)), -inf, fit),
    ]


def _largest(gains: Floats, rows: Sequence[Row], longest_s: float = LONGEST_SEARCH_S) -> NDArray[np.bool_] | None:
    """The set with the largest sum of gains that keeps all rows, as a mask; None if no set does."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    held = LinearConstraint(*(np.array(part) for part in zip(*rows, strict=True))) if rows else None
    # the solver takes gains closer than 1e-6 for equal: large numbers, so that this is less than `SAME_SHARE`
    found = milp(
        -gains * _scale(np.abs(gains), 20),
        integrality=np.ones(len(gains)),
        bounds=Bounds(0, 1),
        constraints=held,
        options={"mip_rel_gap": 0.0, "time_limit": longest_s},
    )
    if found.status == 2:  # infeasible
        return None
    if found.status == 1:  # out of time
        raise ThreeChairsError(
            "best set of controls",
            f"the solver found no answer in {LONGEST_SEARCH_S:g} seconds",
            next_step="Give costs and budget in whole thousands, or fewer controls",
        )
    if found.status != 0:
        raise ThreeChairsError("best set of controls", f"the solver found no answer: {found.message}")
    return np.asarray(found.x > 0.5)


def _nothing_fits(costs: Floats, budget: float, limits: list[_Limit]) -> ModelInputError:
    """Why no set keeps budget and rules."""
    cheapest = _largest(-costs, [one.row(len(costs)) for one in limits])
    if cheapest is None:
        kept = limits
        for one in limits:
            rest = [other for other in kept if other is not one]
            if _largest(0 * costs, [other.row(len(costs)) for other in rest]) is None:
                kept = rest
        told = "; ".join(one.words for one in kept)
        return ModelInputError("rules", f"these cannot all hold: {told}", "Expected rules that some set keeps")
    required = fsum(costs[sorted({one.group[0] for one in limits if len(one.group) == 1 and one.least == 1})])
    least = fsum(costs[cheapest])
    return ModelInputError(
        "budget",
        f"it is {budget:,.12g}; the required controls cost {required:,.12g}, and the cheapest set that keeps all "
        f"rules costs {least:,.12g}",
        f"{least - budget:,.12g} is missing",
        "Raise the budget or drop a rule",
    )
