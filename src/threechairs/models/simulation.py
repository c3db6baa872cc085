"""Yearly loss of many risks by simulation; what is read from the years, and its error, stands in `estimates`.

Each risk has random numbers of its own, which hang on the seed and on its name alone: not on the other risks, not on
its interval, and not on its rate. Two plans simulated with one seed meet the same years, so their difference shows
the controls and little of the chance ("common random numbers"; P. Glasserman, "Monte Carlo methods in financial
engineering" (2003), 7.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from threechairs.errors import ModelInputError, did_you_mean
from threechairs.models.inputs import Floats, whole_number
from threechairs.models.risks import Risk, by_name
from threechairs.models.severity import Lognormal

BLOCK = 2**16
"""So many random numbers are held at a time: they stay in the processor's cache."""

_SPARSE = 0.5  # up to this probability a list of events is shorter than a number of chance per year
_FEW = 0.04  # up to so many events a year it is less work to go from event to event than through all years


def simulate_years(risks: Iterable[Risk], years: int, seed: int) -> Floats:
    """Total loss of each simulated year.

    Parameters
    ----------
    risks : iterable of Risk
        At least one, each with a name of its own; their order does not matter.
    years : int
        How many years, at least 1.
    seed : int
        0 or more; the same seed gives the same years.

    Returns
    -------
    ndarray of float, shape (years,)
        EUR per year.

    Raises
    ------
    ModelInputError
        If there is no risk, two have one name, or years or seed is not a whole number in its range.

    Examples
    --------
    >>> from threechairs.models.estimates import mean
    >>> losses_eur = simulate_years([Risk("fire", 200_000, 5_000_000, rate_per_year=0.5)], 100_000, seed=1)
    >>> mean(losses_eur).agrees_with(806_987.90)
    True
    """
    years, seed = whole_number(years, "years", least=1), whole_number(seed, "seed", least=0)
    portfolio = by_name(risks)
    total_eur, one_eur = np.zeros(years), np.zeros(years)
    for risk in portfolio.values():
        struck = _strike(risk, seed, one_eur)
        if struck is None:
            total_eur += one_eur
            one_eur.fill(0.0)
        else:  # most years are as they were: only the others are looked at. A year that is named twice gets one sum
            total_eur[struck] += one_eur[struck]
            one_eur[struck] = 0.0
    return total_eur


class SimulatedPortfolio:
    """Simulated years that are kept by risk: when one risk changes, only its own losses are computed anew.

    Holds 8 bytes per risk and year. Nothing in it ever changes; `changed` gives another portfolio that shares the
    losses of the other risks with this one.

    Parameters
    ----------
    risks, years, seed
        As in `simulate_years`.

    Raises
    ------
    ModelInputError
        As `simulate_years` does.

    Examples
    --------
    >>> fire = Risk("fire", 200_000, 5_000_000, rate_per_year=0.5)
    >>> today = SimulatedPortfolio([fire, Risk("theft", 1_000, 9_000, rate_per_year=3)], 10_000, seed=1)
    >>> with_sprinklers = today.changed(fire.scaled(severity=0.5))
    >>> bool((with_sprinklers.total_eur() <= today.total_eur()).all())
    True
    """

    def __init__(self, risks: Iterable[Risk], years: int, seed: int) -> None:
        self.years, self.seed = whole_number(years, "years", least=1), whole_number(seed, "seed", least=0)
        self.risks: Mapping[str, Risk] = by_name(risks)
        self._by_risk = {name: _years_of(risk, self.seed, self.years) for name, risk in self.risks.items()}

    def changed(self, *risks: Risk) -> SimulatedPortfolio:
        """The same years where these risks replace those of the same name.

        Raises
        ------
        ModelInputError
            If there is no risk of that name, or something is not a `Risk`.

        Examples
        --------
        >>> from threechairs.models.estimates import mean_difference
        >>> fire = Risk("fire", 200_000, 5_000_000, rate_per_year=0.5)
        >>> today = SimulatedPortfolio([fire], 10_000, seed=1)
        >>> plan = today.changed(fire.scaled(frequency=0.5))
        >>> mean_difference(today.total_eur(), plan.total_eur()).agrees_with(806_987.90 / 2)
        True
        """
        new = by_name(risks)
        for name in new:
            if name not in self.risks:
                raise ModelInputError("risks", f"there is none called {name!r}", did_you_mean(name, self.risks))
        other = object.__new__(SimulatedPortfolio)
        other.years, other.seed = self.years, self.seed
        other.risks = {**self.risks, **new}
        anew = {name: _years_of(risk, self.seed, self.years) for name, risk in new.items()}
        other._by_risk = {**self._by_risk, **anew}
        return other

    def total_eur(self) -> Floats:
        """Total loss of each year, in EUR, shape (years,): the very numbers of `simulate_years`.

        Examples
        --------
        >>> fire = Risk("fire", 200_000, 5_000_000, rate_per_year=0.5)
        >>> np.array_equal(SimulatedPortfolio([fire], 100, seed=1).total_eur(), simulate_years([fire], 100, seed=1))
        True
        """
        total_eur = np.zeros(self.years)
        for losses_eur in self._by_risk.values():
            total_eur += losses_eur
        return total_eur

    def of_risk_eur(self, name: str) -> Floats:
        """Loss of each year from one risk, in EUR, shape (years,).

        Raises
        ------
        ModelInputError
            If there is no risk of that name.

        Examples
        --------
        >>> fire = Risk("fire", 200_000, 5_000_000, probability_per_year=1)
        >>> bool((SimulatedPortfolio([fire], 1000, seed=1).of_risk_eur("fire") > 0).all())
        True
        """
        if name not in self._by_risk:
            raise ModelInputError("risks", f"there is none called {name!r}", did_you_mean(name, self.risks))
        return self._by_risk[name].copy()


def _years_of(risk: Risk, seed: int, years: int) -> Floats:
    """Loss of each year from one risk."""
    losses_eur = np.zeros(years)
    _strike(risk, seed, losses_eur)
    return losses_eur


def _strike(risk: Risk, seed: int, out: Floats) -> NDArray[np.int64] | None:
    """Write the loss of each year from one risk into `out`, which holds zeros.

    Returns the years that were struck, maybe some of them more than once; None if they are not few.
    """
    # bytes of the name, so that a name gives the same numbers on every computer and in every process
    seeds = np.random.SeedSequence(seed, spawn_key=tuple(risk.name.encode()))
    severity = risk.severity
    few = risk.mean_events_per_year <= _FEW
    struck = [np.empty(0, dtype=np.int64)]
    if risk.rate_per_year is not None:
        for year, losses_eur in _losses(risk.rate_per_year, len(out), seeds, severity):
            np.add.at(out, year, losses_eur)
            if few:
                struck.append(year)
        return np.concatenate(struck) if few else None
    probability = risk.mean_events_per_year
    # yes or no, up to one year in two: of a year's events the first one counts. 1 - exp(-rate) is the probability that
    # there is any
    rate = -math.log1p(-min(probability, _SPARSE))
    first = True
    for year, losses_eur in _losses(rate, len(out), seeds, severity):
        if not first:  # a year that was struck keeps what it cost
            before_eur = out.take(year)
            np.multiply(losses_eur, before_eur == 0, out=losses_eur)
            np.add(losses_eur, before_eur, out=losses_eur)
        # where an index comes twice, numpy keeps the last: so from the last event to the first
        out[year[::-1]] = losses_eur[::-1]
        first = False
        if few:
            struck.append(year)
    if probability > _SPARSE:
        _strike_the_rest(out, (probability - _SPARSE) / (1 - _SPARSE), seeds, severity)
    return np.concatenate(struck) if few else None


def _strike_the_rest(out: Floats, probability: float, seeds: np.random.SeedSequence, severity: Lognormal) -> None:
    """Of the years without an event, strike each with this probability: a number of chance and a loss per year."""
    chances, normals = (np.random.default_rng(seed) for seed in seeds.spawn(2))
    for start in range(0, len(out), BLOCK):
        block = out[start : start + BLOCK]
        rest = np.flatnonzero(block == 0)
        losses_eur = _lognormal(normals.standard_normal(len(rest)), severity)
        block[rest] = losses_eur * (chances.random(len(rest)) < probability)


def _losses(
    rate: float, years: int, seeds: np.random.SeedSequence, severity: Lognormal
) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """The events of one risk in all years, in blocks: the year, counted from 0, and the loss in EUR.

    One endless list of events serves every rate: the n-th comes in once rate x years passes the n-th arrival of a
    Poisson process. A list of Poisson length, each event in a year of its own choice, is a Poisson count per year.
    So a lower rate takes events away and leaves the others as they are, and years without an event cost no time.
    """
    arrivals, places, normals = (np.random.default_rng(seed) for seed in seeds.spawn(3))
    left = rate * years
    while True:
        size = int(min(BLOCK, left + 8 * math.sqrt(left) + 16))
        gaps = arrivals.standard_exponential(size)
        passed = float(gaps.sum())
        count = size if passed <= left else int(gaps.cumsum().searchsorted(left, side="right"))
        yield places.integers(years, size=count), _lognormal(normals.standard_normal(count), severity)
        if passed > left:
            return
        left -= passed


def _lognormal(normals: Floats, severity: Lognormal) -> Floats:
    """Losses in EUR, written over their standard normal numbers."""
    normals *= severity.sigma
    normals += severity.mu
    return np.exp(normals, out=normals)
