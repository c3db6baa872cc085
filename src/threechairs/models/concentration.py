"""How much hangs on few vendors: the Herfindahl-Hirschman index (HHI), and what joining two vendors does to it.

The index is the sum of squared shares in percent: 10,000 for one vendor alone, near 0 for very many small ones.
It comes from merger control. For a buyer it is a signal only: it sees shares, not what would stop if a vendor did,
and two vendors who stand on the same supplier below them still count as two.

Source: US Department of Justice and Federal Trade Commission, "Merger guidelines" (2023), guideline 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from threechairs.errors import ModelInputError
from threechairs.models.inputs import Floats, numbers, one_number

HHI_OF_ONE_VENDOR = 10_000.0
"""Largest value of the index: one vendor with 100 percent."""

HIGH_CONCENTRATION_HHI = 1_800.0
"""Above this a market counts as highly concentrated: US merger guidelines of 2023, guideline 1.

A line for merger control in the United States. For a firm's own vendors it is a signal only: a reason to ask what
depends on whom, not a limit that anybody set for them.
"""

NOTABLE_INCREASE_HHI = 100.0
"""A rise above this counts as significant: the same guideline, with the same limit."""

_ROUNDING_PERCENT = 1.0  # shares given in whole percent may miss 100 by this much


def shares_from_spend(spend: ArrayLike) -> Floats:
    """Share of each vendor, in percent.

    Parameters
    ----------
    spend : array_like, shape (vendors,)
        Spend per vendor in one period and any one currency, 0 or more.

    Returns
    -------
    ndarray of float, shape (vendors,)
        Shares from 0 to 100 that add up to 100.

    Raises
    ------
    ModelInputError
        If there is no vendor, a spend is negative or not finite, or all are 0.

    Examples
    --------
    >>> shares_from_spend([600_000, 600_000, 400_000, 400_000]).tolist()
    [30.0, 30.0, 20.0, 20.0]
    """
    amounts = numbers(spend, "spend", least=0, dimensions=1)
    total = amounts.sum()
    if not total:
        raise ModelInputError("spend", "all of it is 0, so nobody has a share", "Expected one vendor with more than 0")
    return np.asarray(amounts / total * 100.0)


def hhi(shares_percent: ArrayLike) -> float:
    """Herfindahl-Hirschman index: the sum of squared shares.

    Parameters
    ----------
    shares_percent : array_like, shape (vendors,)
        Share of each vendor in percent, 0 to 100. They add up to 100, give or take 1 for rounding.

    Returns
    -------
    float
        More than 0, at most 10,000 (a little more where rounded shares add up to more than 100).

    Raises
    ------
    ModelInputError
        If there is no share, a share is out of range or not finite, or they do not add up to 100.

    Examples
    --------
    >>> hhi([30, 30, 20, 20])
    2600.0
    >>> hhi(shares_from_spend([500_000, 300_000, 200_000]))
    3800.0
    """
    shares = numbers(shares_percent, "shares in percent", least=0, most=100, dimensions=1)
    if abs(shares.sum() - 100.0) > _ROUNDING_PERCENT:
        raise ModelInputError(
            "shares in percent",
            f"they add up to {shares.sum():g}",
            "Expected 100",
            "Add the vendors that are missing, or turn spend into shares with shares_from_spend()",
        )
    return float(np.square(shares).sum())


def effective_vendors(index: float) -> float:
    """How many vendors of equal size would give the same index: 10,000 / HHI.

    Parameters
    ----------
    index : float
        HHI, more than 0 and at most 10,000.

    Raises
    ------
    ModelInputError
        If the index is out of range.

    Examples
    --------
    >>> round(effective_vendors(2850), 2)
    3.51
    """
    return HHI_OF_ONE_VENDOR / one_number(index, "HHI", above=0, most=HHI_OF_ONE_VENDOR)


def increase_by_merger(first_percent: float, second_percent: float) -> float:
    """How much the index rises when two vendors become one: 2ab, since (a + b)² - a² - b² = 2ab.

    Parameters
    ----------
    first_percent, second_percent : float
        Shares of the two, 0 to 100 each and together.

    Raises
    ------
    ModelInputError
        If a share is out of range, or both together are more than 100.

    Examples
    --------
    >>> increase_by_merger(20, 15)
    600.0
    """
    first = one_number(first_percent, "share of the first vendor in percent", least=0, most=100)
    second = one_number(second_percent, "share of the second vendor in percent", least=0, most=100)
    if first + second > 100.0:
        raise ModelInputError(
            "shares of both vendors in percent", f"together they are {first + second:g}", "Expected at most 100"
        )
    return 2.0 * first * second


def merger_is_signal(index_after: float, increase: float) -> bool:
    """Whether a merger passes both lines of the guideline: a high index afterwards, and a rise that matters.

    Parameters
    ----------
    index_after : float
        HHI once the two are one.
    increase : float
        Rise of the index, as `increase_by_merger` gives it.

    Raises
    ------
    ModelInputError
        If a number is out of range.

    Examples
    --------
    >>> merger_is_signal(2850 + 600, 600)
    True
    >>> merger_is_signal(1580 + 84, 84)
    False
    """
    after = one_number(index_after, "HHI after the merger", above=0, most=HHI_OF_ONE_VENDOR)
    rise = one_number(increase, "rise of the HHI", least=0, most=HHI_OF_ONE_VENDOR / 2)
    return after > HIGH_CONCENTRATION_HHI and rise > NOTABLE_INCREASE_HHI
