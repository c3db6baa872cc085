"""The exact loss-exceedance curve: how likely a year costs more than any amount, without simulation.

The yearly loss is a sum of many independent ones, and the transform of a sum is the product of the transforms. So each
severity is put on a grid, transformed, multiplied and transformed back (P. Embrechts and M. Frei, "Panjer recursion
versus FFT for compound distributions" (2009)). Three things keep it exact:

- A severity is put on the grid so that its mean is kept (H. Gerber (1982)); the error falls with the step squared.
- What lies beyond the end of the grid is left out: a year with such an event is beyond the end in any case. Exponential
  tilting keeps sums beyond the end from coming round to the beginning.
- One grid cannot show both a thousand euros and a billion. Several do, each a few times longer than the last, and each
  gives its upper part of the curve.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from threechairs.models.inputs import Floats, Result, numbers, one_number, plain, whole_number
from threechairs.models.risks import Risk, by_name

_GROWTH = 8.0  # each grid is so many times longer than the one before
_TAIL = 1e-8  # the curve ends where it falls below
_TILT = 16.0  # what comes round is weakened by e to the -16; rounding grows by e to the 16, to about 1e-9
_HIGHEST_LEVEL = 1 - 1e-6


@dataclass(frozen=True, eq=False)
class LossCurve:
    """A loss-exceedance curve as points; between them it is straight.

    Made by `exact_curve`.

    Parameters
    ----------
    losses_eur : ndarray of float, shape (points,)
        Yearly losses in EUR, rising from 0.
    exceedances : ndarray of float, shape (points,)
        Probability that a year costs more than each, never rising.
    mean_eur : float
        Mean yearly loss in EUR, from the closed form.

    Examples
    --------
    >>> curve = exact_curve([Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)])
    >>> curve.exceedance([1_000_000, 10_000_000]).round(4).tolist()
    [0.2334, 0.0063]
    """

    losses_eur: Floats
    exceedances: Floats
    mean_eur: float

    def exceedance(self, at_eur: ArrayLike) -> Result:
        """Probability that a year costs more than this.

        Parameters
        ----------
        at_eur : array_like
            Amounts in EUR, 0 or more.

        Returns
        -------
        float or ndarray, of the same shape
            From 0 to 1; 0 beyond the end of the curve, where it is below 0.00000001.

        Raises
        ------
        ModelInputError
            If an amount is negative or not finite.

        Examples
        --------
        >>> one_for_one = exact_curve([Risk("breach", 200_000, 5_000_000, probability_per_year=0.3)])
        >>> round(one_for_one.exceedance(1_000_000), 6)
        0.15
        """
        amounts = numbers(at_eur, "amounts in EUR", least=0)
        return plain(np.interp(amounts, self.losses_eur, self.exceedances, right=0.0))

    def quantile(self, level: float) -> float:
        """The smallest loss, in EUR, that a share `level` of the years does not exceed.

        Parameters
        ----------
        level : float
            From 0 to 0.999999.

        Raises
        ------
        ModelInputError
            If the level is out of range.

        Examples
        --------
        >>> curve = exact_curve([Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)])
        >>> f"{curve.quantile(0.99):.3g}"
        '8.41e+06'
        """
        beyond = 1 - one_number(level, "level", least=0, most=_HIGHEST_LEVEL)
        if beyond >= self.exceedances[0]:
            return 0.0
        return float(np.interp(-beyond, -self.exceedances, self.losses_eur))

    def expected_shortfall(self, level: float) -> float:
        """Mean loss, in EUR, of the worst years: the share 1 - `level` of them.

        Parameters
        ----------
        level : float
            From 0 to 0.999999.

        Raises
        ------
        ModelInputError
            If the level is out of range.

        Examples
        --------
        >>> curve = exact_curve([Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)])
        >>> f"{curve.expected_shortfall(0.95):.3g}"
        '6.91e+06'
        """
        at = self.quantile(level)
        # the mean of what lies above an amount is the mean less the area under the curve up to that amount
        before = self.losses_eur < at
        losses = np.append(self.losses_eur[before], at)
        area = np.trapezoid(np.append(self.exceedances[before], self.exceedance(at)), losses)
        return float(at + max(self.mean_eur - area, 0.0) / (1 - level))


def exact_curve(risks: Iterable[Risk], *, points: int = 2**14) -> LossCurve:
    """Loss-exceedance curve of the yearly loss from all risks.

    Parameters
    ----------
    risks : iterable of Risk
        At least one, each with a name of its own, independent of each other; their order does not matter.
    points : int, default 16,384
        Points of each grid, at least 64; a power of two is fastest. Where hundreds of events make up a year, a grid
        takes a multiple of that. The error falls with the square of the points; with the default it is below 0.00002
        for intervals whose high end is at least 1.1 times the low end, and up to 2,000 events a year.

    Returns
    -------
    LossCurve
        From 0 to where a year costs more less than once in 100 million years.

    Raises
    ------
    ModelInputError
        If there is no risk, two have one name, or `points` is out of range.

    Examples
    --------
    >>> curve = exact_curve([Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)])
    >>> round(curve.quantile(0.95), -4), round(curve.mean_eur, 2)
    (4000000.0, 806987.9)
    """
    portfolio = list(by_name(risks).values())
    size = whole_number(points, "points", least=64)
    losses = [np.zeros(1)]
    exceedances = [np.asarray([1 - math.prod(risk.no_event_probability for risk in portfolio)])]
    length_eur = min(risk.low_eur for risk in portfolio)
    while exceedances[-1][-1] > _TAIL:
        count = size * _finer(portfolio, length_eur)
        step_eur = length_eur / count
        # a point stands for the severities within a step to both sides, so its sum is read half a step on
        at_eur = (np.arange(count) + 0.5) * step_eur
        new = at_eur > losses[-1][-1]
        losses.append(at_eur[new])
        exceedances.append(_exceedances_on_grid(portfolio, step_eur, count)[new])
        length_eur *= _GROWTH
    # where two grids meet, their errors could make the curve rise a little
    curve = np.minimum.accumulate(np.clip(np.concatenate(exceedances), 0.0, 1.0))
    return LossCurve(np.concatenate(losses), curve, sum(risk.mean_annual_loss_eur for risk in portfolio))


def _finer(risks: list[Risk], length_eur: float) -> int:
    """How many times more points a grid needs because many small events make up its losses.

    Each event adds a variance of a sixth of the step squared. With few events the step is far below their size; with
    hundreds in a year it is not, unless there are more points. Events too small to matter on this grid do not count.
    """
    events = sum(risk.mean_events_per_year for risk in risks)
    small_eur = length_eur / (64 * max(events, 1.0))
    busy = sum(risk.mean_events_per_year for risk in risks if risk.severity.mean_eur > small_eur)
    return int(2 ** math.ceil(math.log2(min(max(busy / 40, 1.0), 64.0))))


def _exceedances_on_grid(risks: list[Risk], step_eur: float, points: int) -> Floats:
    """Probability that a year costs more than each point of the grid."""
    tilt = np.exp(-_TILT / points * np.arange(points))
    # events of all Poisson risks together come from one compound Poisson process
    intensity = np.zeros(points)
    total_rate = 0.0
    transform = np.ones(points // 2 + 1, dtype=complex)
    for risk in risks:
        chance = _severity_on_grid(risk, step_eur, points)
        if risk.rate_per_year is not None:
            intensity += risk.rate_per_year * chance
            total_rate += risk.rate_per_year
        else:
            transform *= risk.no_event_probability + risk.mean_events_per_year * np.fft.rfft(chance * tilt)
    transform *= np.exp(np.fft.rfft(intensity * tilt) - total_rate)
    yearly = np.fft.irfft(transform, points) / tilt
    return 1 - np.cumsum(yearly)


def _severity_on_grid(risk: Risk, step_eur: float, points: int) -> Floats:
    """Probability of each multiple of the step, such that no mean is lost: each loss is shared by its neighbours."""
    limited: Floats = risk.severity.limited_mean(np.arange(points + 1) * step_eur) / step_eur
    rise = np.diff(limited)
    return np.maximum(-np.diff(rise, prepend=1.0), 0.0)
