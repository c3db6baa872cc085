"""How much to spend on protecting one information set: the model of Gordon and Loeb, and where its bound ends.

A set would be breached with probability v (its vulnerability) at a loss L. Spending z brings the probability down to
S(z, v). The best spend maximises the net benefit (v - S(z, v)) L - z. Gordon and Loeb work with two families of S:

- class I: S = v / (alpha z + 1) ** beta,
- class II: S = v ** (alpha z + 1).

Money is in euros; alpha is per euro. Arguments are numbers or arrays that fit together by numpy's rules of
broadcasting; plain numbers give a plain float, arrays give an array. What is empty, not finite, out of its range or
of shapes that do not fit raises `ModelInputError`, which says what was seen.

Source: L. A. Gordon, M. P. Loeb, "The economics of information security investment", ACM TISSEC 5(4), 2002.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from threechairs.models.inputs import Floats, Result, numbers, one_number, plain, same_shape, share


class BreachFunction(Protocol):
    """What spending does to the probability of a breach; `net_benefit` takes any, also one of your own.

    Examples
    --------
    >>> class Halving:
    ...     def breach_probability(self, spend_eur, vulnerability):
    ...         return np.asarray(vulnerability) * 0.5 ** (np.asarray(spend_eur) / 10_000)
    >>> net_benefit(Halving(), 10_000, 0.4, 100_000)
    10000.0
    """

    def breach_probability(self, spend_eur: ArrayLike, vulnerability: ArrayLike) -> Result:
        """Probability of a breach that is left after spending; arguments as in `ClassOne`."""
        ...


@dataclass(frozen=True)
class ClassOne:
    """Breach function of class I: S = v / (alpha z + 1) ** beta.

    Parameters
    ----------
    alpha : float
        How much a euro does, per euro, more than 0.
    beta : float, default 1
        How fast spending takes hold, at least 1.

    Raises
    ------
    ModelInputError
        If a parameter is no single number in its range.

    Examples
    --------
    >>> family = ClassOne(alpha=0.00001)
    >>> family.breach_probability(100_000, 0.4)
    0.2
    >>> round(family.optimal_spend(0.4, 1_000_000), 2)
    100000.0
    """

    alpha: float
    beta: float = 1.0

    def __post_init__(self) -> None:
        one_number(self.alpha, "alpha", above=0)
        one_number(self.beta, "beta", least=1)

    def breach_probability(self, spend_eur: ArrayLike, vulnerability: ArrayLike) -> Result:
        """Probability of a breach that is left after spending.

        Parameters
        ----------
        spend_eur : array_like
            At least 0.
        vulnerability : array_like
            Probability of a breach without spending, 0 to 1.

        Raises
        ------
        ModelInputError
            As `numbers` does, or if the shapes do not fit together.
        """
        spend, v = _spend_and_vulnerability(spend_eur, vulnerability)
        return plain(v * (self.alpha * spend + 1) ** -self.beta)

    def optimal_spend(self, vulnerability: ArrayLike, loss_eur: ArrayLike) -> Result:
        """Spend with the largest net benefit, in euros: ((v beta alpha L) ** (1 / (beta + 1)) - 1) / alpha, or 0.

        Nothing where v beta alpha L <= 1: there the first euro prevents less than a euro of loss.

        Parameters
        ----------
        vulnerability : array_like
            0 to 1.
        loss_eur : array_like
            Loss in a breach, at least 0.

        Raises
        ------
        ModelInputError
            As `numbers` does, or if the shapes do not fit together.
        """
        v, loss = _vulnerability_and_loss(vulnerability, loss_eur)
        first_euro = np.maximum(self.beta * self.alpha * v * loss, 1.0)
        root = first_euro ** (1 / (self.beta + 1))
        return plain((root - 1) / self.alpha)

    @property
    def largest_ratio(self) -> float:
        """Largest share of v L that the best spend can be: (beta / (beta + 1)) ** (beta + 1), reached once.

        1/4 at beta = 1 (where alpha v L = 4); it grows with beta towards 1/e and never reaches it.

        Examples
        --------
        >>> ClassOne(alpha=0.00001).largest_ratio
        0.25
        """
        return float((self.beta / (self.beta + 1)) ** (self.beta + 1))


@dataclass(frozen=True)
class ClassTwo:
    """Breach function of class II: S = v ** (alpha z + 1).

    The best spend rises with v, then falls: on the most vulnerable set a euro does so little that none is spent.

    Parameters
    ----------
    alpha : float
        How much a euro does, per euro, more than 0.

    Raises
    ------
    ModelInputError
        If alpha is no single number in its range.

    Examples
    --------
    >>> ClassTwo(alpha=0.00001).optimal_spend([0.6, 0.8, 0.9], 1_000_000).round(2).tolist()
    [219259.26, 259698.99, 0.0]
    >>> ClassTwo(alpha=0.00001).breach_probability(100_000, 0.5)
    0.25
    """

    alpha: float

    def __post_init__(self) -> None:
        one_number(self.alpha, "alpha", above=0)

    def breach_probability(self, spend_eur: ArrayLike, vulnerability: ArrayLike) -> Result:
        """Probability of a breach that is left after spending.

        Parameters
        ----------
        spend_eur : array_like
            At least 0.
        vulnerability : array_like
            Probability of a breach without spending, 0 to 1.

        Raises
        ------
        ModelInputError
            As `numbers` does, or if the shapes do not fit together.
        """
        spend, v = _spend_and_vulnerability(spend_eur, vulnerability)
        return plain(v ** (self.alpha * spend + 1))

    def optimal_spend(self, vulnerability: ArrayLike, loss_eur: ArrayLike) -> Result:
        """Spend with the largest net benefit, in euros: ln(1 / k) / (alpha ln v) with k = -alpha v L ln v, or 0.

        Nothing where k <= 1: there the first euro prevents less than a euro of loss.

        Parameters
        ----------
        vulnerability : array_like
            0 to 1. Neither a set that is never breached nor one that always is (0 and 1) is worth a euro.
        loss_eur : array_like
            Loss in a breach, at least 0.

        Raises
        ------
        ModelInputError
            As `numbers` does, or if the shapes do not fit together.
        """
        v, loss = _vulnerability_and_loss(vulnerability, loss_eur)
        moves = (v > 0) & (v < 1)
        decay = -np.log(np.where(moves, v, 0.5))  # 0.5 stands in where there is nothing to move
        first_euro = np.where(moves, self.alpha * v * loss * decay, 0.0)
        return plain(np.log(np.maximum(first_euro, 1.0)) / (self.alpha * decay))


def net_benefit(
    breach_function: BreachFunction, spend_eur: ArrayLike, vulnerability: ArrayLike, loss_eur: ArrayLike
) -> Result:
    """Expected loss that a spend prevents, less the spend, in euros: (v - S(z, v)) L - z.

    Parameters
    ----------
    breach_function : BreachFunction
        `ClassOne`, `ClassTwo`, or anything with their `breach_probability`.
    spend_eur : array_like
        At least 0.
    vulnerability : array_like
        Probability of a breach without spending, 0 to 1.
    loss_eur : array_like
        Loss in a breach, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> net_benefit(ClassOne(alpha=0.00001), [0, 100_000, 200_000], 0.4, 1_000_000).round(2).tolist()
    [0.0, 100000.0, 66666.67]
    """
    spend, v = _spend_and_vulnerability(spend_eur, vulnerability)
    loss = numbers(loss_eur, "loss in euros", least=0)
    same_shape(spend_eur=spend, vulnerability=v, loss_eur=loss)
    return plain((v - np.asarray(breach_function.breach_probability(spend, v))) * loss - spend)


def spending_bound(vulnerability: ArrayLike, loss_eur: ArrayLike) -> Result:
    """Most that the best spend can be under class I or II, in euros: v L / e, some 36.79 % of the expected loss.

    A ceiling, not advice: the best spend is mostly lower, and may be 0. It holds for every breach function whose
    logarithm is convex in the spend, as those of class I and II are: at the best spend z a further euro prevents one
    euro of loss, so with w = S(z, v) L convexity gives v L >= w exp(z / w), that is z <= w ln(v L / w) <= v L / e.
    It is no law of nature. Other functions break it: with S = v (1 - z / (v L)) ** 2, for z up to v L, the
    best spend is v L / 2.

    Parameters
    ----------
    vulnerability : array_like
        Probability of a breach without spending, 0 to 1.
    loss_eur : array_like
        Loss in a breach, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> round(spending_bound(0.12, 1_000_000), 2)
    44145.53
    """
    v, loss = _vulnerability_and_loss(vulnerability, loss_eur)
    return plain(v * loss / np.e)


def _spend_and_vulnerability(spend_eur: ArrayLike, vulnerability: ArrayLike) -> tuple[Floats, Floats]:
    spend, v = numbers(spend_eur, "spend in euros", least=0), share(vulnerability, "vulnerability")
    same_shape(spend_eur=spend, vulnerability=v)
    return spend, v


def _vulnerability_and_loss(vulnerability: ArrayLike, loss_eur: ArrayLike) -> tuple[Floats, Floats]:
    v, loss = share(vulnerability, "vulnerability"), numbers(loss_eur, "loss in euros", least=0)
    same_shape(vulnerability=v, loss_eur=loss)
    return v, loss
