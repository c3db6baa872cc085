"""How much one event costs: a lognormal loss, from a 90 % interval or from mean and median.

Whoever estimates says "nine times in ten between low and high"; a lognormal whose 5th and 95th percentiles are these
two ends is the usual reading. Method: D. Hubbard and R. Seiersen, "How to measure anything in cybersecurity risk"
(2016); the same reading is in Netflix's riskquant (Apache-2.0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from threechairs.errors import ModelInputError
from threechairs.models.inputs import Floats, Result, numbers, one_number, plain

NORMAL_95 = 1.6448536269514722
"""The 95th percentile of the standard normal: a 90 % interval reaches so many sigma to either side."""

_LARGEST_EXPONENT = 700.0  # e to a little more than that is no float any more


@dataclass(frozen=True)
class Lognormal:
    """A loss whose logarithm is normal.

    Parameters
    ----------
    mu : float
        Mean of the natural logarithm of the loss in EUR.
    sigma : float
        Standard deviation of that logarithm, more than 0.

    Raises
    ------
    ModelInputError
        If a number is not finite, sigma is not more than 0, or the mean or its spread would be too large for a float.

    Examples
    --------
    >>> loss = Lognormal.from_interval(200_000, 5_000_000)
    >>> round(loss.median_eur), round(loss.mean_eur, 2)
    (1000000, 1613975.79)
    >>> round(loss.standard_deviation_eur), [round(end) for end in loss.interval_eur]
    (2044671, [200000, 5000000])
    """

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        mu, sigma = one_number(self.mu, "mu"), one_number(self.sigma, "sigma", above=0)
        if abs(mu) + sigma * sigma > _LARGEST_EXPONENT:
            raise ModelInputError(
                "severity",
                f"with mu {mu:g} and sigma {sigma:g} the mean is too large to be computed",
                "Expected an interval whose ends are nearer to each other",
                "Look for a zero too many, or for a low end that was meant in another unit",
            )
        object.__setattr__(self, "mu", mu)
        object.__setattr__(self, "sigma", sigma)

    @classmethod
    def from_interval(cls, low_eur: float, high_eur: float) -> Lognormal:
        """The lognormal that is below `low_eur` one time in twenty, and above `high_eur` one time in twenty.

        Parameters
        ----------
        low_eur, high_eur : float
            Ends of the 90 % interval, in EUR; 0 < low < high.

        Raises
        ------
        ModelInputError
            If an end is not a finite number above 0, or low is not below high.

        Examples
        --------
        >>> loss = Lognormal.from_interval(635_000, 19_000_000)
        >>> round(loss.mean_eur, 2)
        5922706.83
        """
        low = one_number(low_eur, "low_eur", above=0)
        high = one_number(high_eur, "high_eur", above=0)
        if low >= high:
            raise ModelInputError(
                "90 % interval",
                f"low_eur is {low:,.15g} and high_eur is {high:,.15g}",
                "Expected low_eur to be less than high_eur",
                "Swap them, or widen the interval",
            )
        return cls((math.log(low) + math.log(high)) / 2, (math.log(high) - math.log(low)) / (2 * NORMAL_95))

    @classmethod
    def from_mean_and_median(cls, mean_eur: float, median_eur: float) -> Lognormal:
        """The lognormal with this mean and this median.

        Parameters
        ----------
        mean_eur, median_eur : float
            In EUR; 0 < median < mean, for a lognormal always has its mean above its median.

        Raises
        ------
        ModelInputError
            If one is not a finite number above 0, or the mean is not above the median.

        Examples
        --------
        >>> loss = Lognormal.from_mean_and_median(25_000_000, 259_000)
        >>> round(loss.mu, 4), round(loss.sigma, 4)
        (12.4646, 3.0232)
        """
        mean = one_number(mean_eur, "mean_eur", above=0)
        median = one_number(median_eur, "median_eur", above=0)
        if mean <= median:
            raise ModelInputError(
                "mean and median",
                f"mean_eur is {mean:,.15g} and median_eur is {median:,.15g}",
                "Expected the mean to be more than the median, as with every lognormal",
                "Look whether the two were swapped",
            )
        return cls(math.log(median), math.sqrt(2 * (math.log(mean) - math.log(median))))

    @property
    def median_eur(self) -> float:
        """The loss that half of the events exceed, in EUR."""
        return math.exp(self.mu)

    @property
    def mean_eur(self) -> float:
        """Mean loss per event, in EUR."""
        return math.exp(self.mu + self.sigma**2 / 2)

    @property
    def standard_deviation_eur(self) -> float:
        """Standard deviation of the loss per event, in EUR."""
        return self.mean_eur * math.sqrt(math.expm1(self.sigma**2))

    @property
    def interval_eur(self) -> tuple[float, float]:
        """Both ends of the 90 % interval, in EUR."""
        reach = NORMAL_95 * self.sigma
        return math.exp(self.mu - reach), math.exp(self.mu + reach)

    def exceedance(self, at_eur: ArrayLike) -> Result:
        """Probability that one event costs more than this.

        Parameters
        ----------
        at_eur : array_like
            Losses in EUR, 0 or more.

        Returns
        -------
        float or ndarray, of the same shape
            From 0 to 1.

        Raises
        ------
        ModelInputError
            If a loss is negative or not finite.

        Examples
        --------
        >>> Lognormal.from_interval(200_000, 5_000_000).exceedance([1_000_000, 5_000_000]).round(3).tolist()
        [0.5, 0.05]
        """
        from scipy.special import ndtr

        return plain(ndtr((self.mu - _logarithm(at_eur)) / self.sigma))

    def limited_mean(self, limit_eur: ArrayLike) -> Result:
        """Mean of what an event costs up to a limit: whatever lies above the limit counts as the limit.

        Parameters
        ----------
        limit_eur : array_like
            Limits in EUR, 0 or more.

        Returns
        -------
        float or ndarray, of the same shape
            EUR; rises from 0 to the mean.

        Raises
        ------
        ModelInputError
            If a limit is negative or not finite.

        Examples
        --------
        >>> loss = Lognormal.from_interval(200_000, 5_000_000)
        >>> loss.limited_mean([0, 1_000_000, 1e12]).round().tolist()
        [0.0, 764565.0, 1613976.0]
        """
        from scipy.special import ndtr

        distance = (_logarithm(limit_eur) - self.mu) / self.sigma
        limit = np.asarray(limit_eur, dtype=float)
        return plain(self.mean_eur * ndtr(distance - self.sigma) + limit * ndtr(-distance))


def _logarithm(losses_eur: ArrayLike) -> Floats:
    """Natural logarithms; that of nothing is minus infinity."""
    losses = numbers(losses_eur, "losses in EUR", least=0, empty=True)
    return np.log(losses, out=np.full(losses.shape, -np.inf), where=losses > 0)
