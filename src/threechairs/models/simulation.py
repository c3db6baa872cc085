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
from threechairs.models.inputs import Floats, one_number
from threechairs.models.risks import Risk, by_name
from threechairs.models.severity import Lognormal

BLOCK = 2**16
"""So many random numbers are held at a time: they stay in the processor's cache."""


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
    years, seed = _whole(years, "years", 1), _whole(seed, "seed", 0)
    total_eur, one_eur = np.zeros(years), np.empty(years)
    for risk in by_name(risks).values():
        total_eur += _years_of(risk, seed, one_eur)
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
        self.years, self.seed = _whole(years, "years", 1), _whole(seed, "seed", 0)
        self.risks: Mapping[str, Risk] = by_name(risks)
        self._by_risk = {name: _years_of(risk, self.seed, np.empty(self.years)) for name, risk in self.risks.items()}

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
        anew = {name: _years_of(risk, self.seed, np.empty(self.years)) for name, risk in new.items()}
        other._by_risk = {**self._by_risk, **anew}
        return other

    def total_eur(self) -> Floats:
        """Total loss of each year, in EUR, shape (years,): the very numbers of `simulate_years`."""
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


def _years_of(risk: Risk, seed: int, out: Floats) -> Floats:
    """Loss of each year from one risk, written into `out`."""
    out.fill(0.0)
    # bytes of the name, so that a name gives the same numbers on every computer and in every process
    seeds = np.random.SeedSequence(seed, spawn_key=tuple(risk.name.encode()))
    severity = risk.severity
    if risk.rate_per_year is not None:
        for year, normals in _events(risk.rate_per_year, len(out), seeds):
            np.add.at(out, year, _lognormal(normals, severity))
        return out
    # yes or no: of a year's events the first one counts. 1 - exp(-rate) is the probability that there is any
    probability = risk.mean_events_per_year
    rate = -math.log1p(-probability) if probability < 1 else math.inf
    for year, normals in _events(rate, len(out), seeds):
        fresh = out[year] == 0
        # where an index comes twice, numpy keeps the last: so from the last event to the first
        out[year[fresh][::-1]] = _lognormal(normals, severity)[fresh][::-1]
        if probability == 1 and out.all():
            break
    return out


def _events(rate: float, years: int, seeds: np.random.SeedSequence) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """The events of one risk in all years, in blocks: the year, counted from 0, and a standard normal number.

    One endless list of events serves every rate: the n-th comes in once rate x years passes the n-th arrival of a
    Poisson process. A list of Poisson length, each event in a year of its own choice, is a Poisson count per year.
    So a lower rate takes events away and leaves the others as they are, and years without an event cost no time.
    """
    arrivals, places, normals = (np.random.default_rng(seed) for seed in seeds.spawn(3))
    left = rate * years
    while True:
        size = int(min(BLOCK, left + 8 * math.sqrt(left) + 16))
        reach = arrivals.standard_exponential(size).cumsum()
        count = int(reach.searchsorted(left, side="right"))
        yield places.integers(years, size=count), normals.standard_normal(count)
        if count < size:
            return
        left -= reach[-1]


def _lognormal(normals: Floats, severity: Lognormal) -> Floats:
    """Losses in EUR, written over their standard normal numbers."""
    normals *= severity.sigma
    normals += severity.mu
    return np.exp(normals, out=normals)


def _whole(value: int, name: str, least: int) -> int:
    number = one_number(value, name, least=least)
    if number != int(number):
        raise ModelInputError(name, f"it is {number:g}", "Expected a whole number")
    return int(value)
