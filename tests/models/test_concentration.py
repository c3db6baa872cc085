"""Concentration of vendors: published numbers, a second computation, and what holds for every set of shares."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.errors import ModelInputError
from threechairs.models import concentration as c

SPENDS = st.lists(st.integers(1, 10**7), min_size=1, max_size=12)
NAN = float("nan")


def by_pairs(spend):
    """The same index in another way: chance that two euros drawn at random went to one vendor, in exact fractions."""
    total = sum(spend)
    apart = sum(Fraction(one) * other for one, other in itertools.permutations(spend, 2)) / Fraction(total) ** 2
    return (1 - apart) * 10_000


@pytest.mark.parametrize(
    ("shares", "index", "vendors"),
    [
        ([30, 30, 20, 20], 2600, 3.85),  # quoted from a complaint that follows the guidelines
        ([40, 25, 20, 15], 2850, 3.51),
        ([50, 30, 20], 3800, 2.63),
        ([25, 20, 15, 10, 9, 8, 7, 6], 1580, 6.33),  # published in a textbook's blog
        ([100], 10_000, 1.0),
    ],
)
def test_published_and_worked_shares_give_their_index(shares, index, vendors):
    """The two published sets and the worked ones give the index and the number of equal vendors that are told."""
    assert c.hhi(shares) == pytest.approx(index, abs=1e-9)
    assert round(c.effective_vendors(c.hhi(shares)), 2) == vendors
    assert float(by_pairs(shares)) == pytest.approx(index, abs=1e-9)


def test_joining_20_and_15_adds_600():
    """The worked merger: 2,850 becomes 3,450, which is above both lines."""
    before, after = c.hhi([40, 25, 20, 15]), c.hhi([40, 25, 35])

    assert after - before == c.increase_by_merger(20, 15) == 600
    assert c.merger_is_signal(after, after - before)


@pytest.mark.parametrize(
    ("after", "increase", "signal"),
    [(1800, 101, False), (1801, 100, False), (1801, 101, True), (3000, 50, False), (1500, 500, False)],
)
def test_a_merger_is_a_signal_only_above_both_lines(after, increase, signal):
    """The guideline says above 1,800 and by more than 100; on a line is not above it."""
    assert (c.HIGH_CONCENTRATION_HHI, c.NOTABLE_INCREASE_HHI) == (1800, 100)
    assert c.merger_is_signal(after, increase) is signal


@given(SPENDS, st.randoms(use_true_random=False), st.integers(1, 1000))
def test_order_and_currency_change_nothing(spend, chance, factor):
    """Shuffled vendors, or the same spend in another currency, give the same index."""
    index = c.hhi(c.shares_from_spend(spend))
    shuffled = chance.sample(spend, len(spend))

    assert c.hhi(c.shares_from_spend(shuffled)) == pytest.approx(index, rel=1e-12)
    assert c.hhi(c.shares_from_spend([amount * factor for amount in spend])) == pytest.approx(index, rel=1e-12)


@given(SPENDS)
def test_a_second_computation_agrees(spend):
    """The chance that two euros meet at one vendor is the same number, and the index stays in its range."""
    index = c.hhi(c.shares_from_spend(spend))

    assert index == pytest.approx(float(by_pairs(spend)), rel=1e-9)
    assert 10_000 / len(spend) * (1 - 1e-12) <= index <= 10_000 * (1 + 1e-12)


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=12))
def test_a_merger_never_lowers_the_index(spend):
    """Joining the first two vendors raises it by 2ab."""
    shares = c.shares_from_spend(spend)
    rise = c.increase_by_merger(shares[0], min(shares[1], 100 - shares[0]))
    joined = c.hhi(c.shares_from_spend([spend[0] + spend[1], *spend[2:]]))

    assert rise >= 0
    assert joined == pytest.approx(c.hhi(shares) + rise, rel=1e-9)


@given(st.integers(1, 200))
def test_equal_vendors_count_as_many_as_they_are(vendors):
    """Of vendors of equal size the effective number is their number."""
    assert c.effective_vendors(c.hhi(c.shares_from_spend(np.ones(vendors)))) == pytest.approx(vendors)


def test_shares_in_whole_percent_may_miss_100_by_their_rounding():
    """Thirds written as 33 are taken; a missing vendor is not."""
    assert c.hhi([33, 33, 33]) == 3267
    with pytest.raises(ModelInputError, match=r"they add up to 98\. Expected 100\. Add the vendors that are missing"):
        c.hhi([33, 33, 32])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: c.hhi([]), "shares in percent: there are none"),
        (lambda: c.hhi([50, NAN]), "shares in percent: one of them is not a finite number"),
        (lambda: c.hhi([0.3, 0.3, 0.2, 0.2]), "they add up to 1. Expected 100"),
        (lambda: c.hhi([120, -20]), "shares in percent: -20 is among them. Expected at least 0"),
        (lambda: c.hhi([101]), "101 is among them. Expected at most 100"),
        (lambda: c.hhi([[50, 50]]), r"the shape is \(1, 2\). Expected a list of numbers"),
        (lambda: c.shares_from_spend([]), "spend: there are none"),
        (lambda: c.shares_from_spend([5, -1]), "spend: -1 is among them. Expected at least 0"),
        (lambda: c.shares_from_spend([0, 0]), "spend: all of it is 0, so nobody has a share"),
        (lambda: c.shares_from_spend([1, None]), "spend: one of them is not a finite number"),
        (lambda: c.effective_vendors(0), "HHI: 0 is among them. Expected more than 0"),
        (lambda: c.effective_vendors(10_001), "HHI: 10001 is among them. Expected at most 10000"),
        (lambda: c.increase_by_merger(60, 50), "together they are 110. Expected at most 100"),
        (lambda: c.increase_by_merger(-1, 50), "share of the first vendor in percent: -1 is among them"),
        (lambda: c.increase_by_merger(1, NAN), "share of the second vendor in percent: one of them is not a finite"),
        (lambda: c.merger_is_signal(0, 5), "HHI after the merger: 0 is among them"),
        (lambda: c.merger_is_signal(2000, -5), "rise of the HHI: -5 is among them"),
    ],
)
def test_what_is_no_share_is_refused_in_words(call, message):
    """Nothing, gaps, shares as fractions, negative money and shares above the whole are each said."""
    with pytest.raises(ModelInputError, match=message):
        call()
