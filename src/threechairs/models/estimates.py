"""What simulated years tell, each number with its simulation error: mean, curve, quantiles, expected shortfall.

A standard error is how far chance alone moves an estimate. Where an estimate is about normal, the true number lies
within four of them in all but a few of 100,000 simulations. Sources stand with the functions; the other errors are
derived where they stand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from threechairs.errors import ModelInputError
from threechairs.models.inputs import Floats, numbers, one_number


@dataclass(frozen=True)
class Estimate:
    """A number read from a simulation, and how far chance alone moves it.

    Parameters
    ----------
    value : float
        What the simulated years give.
    standard_error : float
        Standard deviation of that value over simulations of the same size; same unit.

    Examples
    --------
    >>> Estimate(0.20, 0.004).agrees_with(0.21)
    True
    """

    value: float
    standard_error: float

    def agrees_with(self, other: float, *, standard_errors: float = 4.0) -> bool:
        """Whether a number lies within so many standard errors.

        Examples
        --------
        >>> Estimate(0.20, 0.004).agrees_with(0.21, standard_errors=2)
        False
        """
        return abs(self.value - other) <= standard_errors * self.standard_error


def mean(losses_eur: ArrayLike) -> Estimate:
    """Mean yearly loss; its error is the standard deviation over the root of the number of years.

    Parameters
    ----------
    losses_eur : array_like, shape (years,)
        Losses of at least two years, EUR, 0 or more.

    Raises
    ------
    ModelInputError
        If there are fewer than two years, or a loss is negative or not finite.

    Examples
    --------
    >>> mean([0, 0, 0, 4])
    Estimate(value=1.0, standard_error=1.0)
    """
    return _mean(_years(losses_eur))


def mean_difference(before_eur: ArrayLike, after_eur: ArrayLike) -> Estimate:
    """Mean of what a plan saves in a year, of two plans that were simulated with one seed.

    Parameters
    ----------
    before_eur, after_eur : array_like, shape (years,)
        Losses of the same simulated years, EUR, 0 or more.

    Returns
    -------
    Estimate
        EUR per year, more than 0 where the second plan loses less. The error is that of the paired years, so it is
        right for independent simulations also.

    Raises
    ------
    ModelInputError
        If the numbers of years differ, or as `mean` does.

    Examples
    --------
    >>> mean_difference([0, 2, 0, 6], [0, 1, 0, 3])
    Estimate(value=1.0, standard_error=0.7071067811865476)
    """
    before, after = _years(before_eur), _years(after_eur)
    if before.shape != after.shape:
        raise ModelInputError(
            "yearly losses",
            f"{len(before)} years before and {len(after)} after",
            "Expected the same simulated years: one seed, as many years",
        )
    return _mean(before - after)


def exceedance(losses_eur: ArrayLike, at_eur: float) -> Estimate:
    """Probability that a year costs more than an amount.

    The error is the root of p (1 - p) / years. Where no year or every year is above, that would be 0, as if we were
    sure; there p is taken one year away from the end.

    Parameters
    ----------
    losses_eur : array_like, shape (years,)
        As in `mean`.
    at_eur : float
        Amount in EUR, 0 or more.

    Raises
    ------
    ModelInputError
        If the amount is negative or not finite, or as `mean` does.

    Examples
    --------
    >>> exceedance([0, 0, 5, 9], 4)
    Estimate(value=0.5, standard_error=0.25)
    """
    probabilities, errors = exceedance_curve(losses_eur, [at_eur])
    return Estimate(float(probabilities[0]), float(errors[0]))


def exceedance_curve(losses_eur: ArrayLike, at_eur: ArrayLike) -> tuple[Floats, Floats]:
    """Probability that a year costs more, for many amounts at once.

    Parameters
    ----------
    losses_eur : array_like, shape (years,)
        As in `mean`.
    at_eur : array_like, shape (amounts,)
        Amounts in EUR, 0 or more.

    Returns
    -------
    probabilities, standard_errors : ndarray of float, shape (amounts,)
        As in `exceedance`.

    Raises
    ------
    ModelInputError
        As `exceedance` does.

    Examples
    --------
    >>> exceedance_curve([0, 0, 5, 9], [0, 5, 9])[0].tolist()
    [0.5, 0.25, 0.0]
    """
    losses = _years(losses_eur)
    amounts = numbers(at_eur, "amounts in EUR", least=0, dimensions=1)
    count = len(losses)
    if amounts.size == 1:  # one pass is less work than sorting
        above = np.asarray([np.count_nonzero(losses > amounts[0])])
    else:
        above = count - np.searchsorted(np.sort(losses), amounts, side="right")
    probabilities = above / count
    inner = np.clip(probabilities, 1 / count, 1 - 1 / count)
    return probabilities, np.sqrt(inner * (1 - inner) / count)


def quantile(losses_eur: ArrayLike, level: float) -> Estimate:
    """The loss that a share `level` of the years does not exceed: the smallest loss of which that is true.

    The error is half the distance between the quantiles one standard error of the share below and above
    (the usual interval between order statistics); it assumes nothing about the losses.

    Parameters
    ----------
    losses_eur : array_like, shape (years,)
        As in `mean`.
    level : float
        More than 0 and less than 1: 0.95 for the loss of one year in twenty.

    Raises
    ------
    ModelInputError
        If the level is out of range, or as `mean` does.

    Examples
    --------
    >>> quantile([0, 1, 2, 3], 0.5).value
    1.0
    """
    losses, share = _years(losses_eur), one_number(level, "level", above=0, below=1)
    spread = math.sqrt(share * (1 - share) / len(losses))
    below, value, above = _sample_quantiles(losses, [max(share - spread, 0.0), share, min(share + spread, 1.0)])
    return Estimate(value, (above - below) / 2)


def expected_shortfall(losses_eur: ArrayLike, level: float) -> Estimate:
    """Mean loss of the worst years: those beyond the quantile of `level`.

    The quantile q minimises q + mean(max(loss - q, 0)) / (1 - level), and the minimum is the shortfall (R. Rockafellar
    and S. Uryasev, "Optimization of conditional value-at-risk" (2000)). So an error of q does not count at first
    order, and the error is that of the mean.

    Parameters
    ----------
    losses_eur, level
        As in `quantile`.

    Raises
    ------
    ModelInputError
        As `quantile` does.

    Examples
    --------
    >>> expected_shortfall([0, 1, 2, 3], 0.5).value
    2.5
    """
    losses, share = _years(losses_eur), one_number(level, "level", above=0, below=1)
    at = _sample_quantiles(losses, [share])[0]
    beyond = _mean(np.maximum(losses - at, 0.0))
    return Estimate(at + beyond.value / (1 - share), beyond.standard_error / (1 - share))


def _years(losses_eur: ArrayLike) -> Floats:
    losses = numbers(losses_eur, "yearly losses", least=0, dimensions=1)
    if len(losses) == 1:
        raise ModelInputError("yearly losses", "there is one year", "Expected at least two, to tell the error")
    return losses


def _mean(values: Floats) -> Estimate:
    return Estimate(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values)))


def _sample_quantiles(losses: Floats, shares: list[float]) -> list[float]:
    return [float(value) for value in np.quantile(losses, shares, method="inverted_cdf")]
