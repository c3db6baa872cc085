"""Severity: published means, scipy's own lognormal and quadrature beside each closed form, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from threechairs.errors import ModelInputError
from threechairs.models.severity import NORMAL_95, Lognormal

LOWS = st.floats(1, 1e9)
RATIOS = st.floats(1.05, 1e4)


def scipy_lognormal(loss):
    """The same distribution as scipy has it."""
    return stats.lognorm(s=loss.sigma, scale=math.exp(loss.mu))


def test_the_percentile_is_that_of_the_normal():
    """A 90 % interval is as wide as twice the 95th percentile of the standard normal: 3.289707 sigma."""
    assert pytest.approx(stats.norm.ppf(0.95), rel=1e-15) == NORMAL_95
    assert round(2 * NORMAL_95, 6) == 3.289707


def test_the_worked_interval_gives_its_numbers():
    """[200 k, 5 M]: mu 13.815511, sigma 0.978469, median 1,000,000, mean 1,613,975.79."""
    loss = Lognormal.from_interval(200_000, 5_000_000)

    assert round(loss.mu, 6) == 13.815511
    assert round(loss.sigma, 6) == 0.978469
    assert loss.median_eur == pytest.approx(1_000_000, rel=1e-12)
    assert round(loss.mean_eur, 2) == 1_613_975.79


@pytest.mark.parametrize(
    ("frequency", "low", "high", "published"),
    [(0.1, 1, 10, 0.4040012826945718), (0.07, 635_000, 19_000_000, 414_589.4783457917)],
)
def test_riskquants_means_are_reproduced(frequency, low, high, published):
    """Two means that stand in the tests of Netflix's riskquant (Apache-2.0) come out to the last digits."""
    assert frequency * Lognormal.from_interval(low, high).mean_eur == pytest.approx(published, rel=1e-13)


def test_riskquants_mean_per_event_is_reproduced():
    """[635 k, 19 M] costs 5,922,706.83 per event (riskquant)."""
    assert round(Lognormal.from_interval(635_000, 19_000_000).mean_eur, 2) == 5_922_706.83


def test_a_published_mean_and_median_give_mu_and_sigma():
    """Mean 25 M and median 259 k (quoted from Cyentia's IRIS 2022): sigma 3.0232, mu 12.4646."""
    loss = Lognormal.from_mean_and_median(25_000_000, 259_000)

    assert (round(loss.sigma, 4), round(loss.mu, 4)) == (3.0232, 12.4646)


@given(LOWS, RATIOS)
def test_an_interval_means_what_scipy_says_it_means(low, ratio):
    """One event in twenty is below the low end and one above the high end; mean, median and spread are scipy's."""
    loss = Lognormal.from_interval(low, low * ratio)
    same = scipy_lognormal(loss)

    assert same.cdf(low) == pytest.approx(0.05, rel=1e-9)
    assert same.sf(low * ratio) == pytest.approx(0.05, rel=1e-9)
    assert loss.mean_eur == pytest.approx(same.mean(), rel=1e-9)
    assert loss.median_eur == pytest.approx(same.median(), rel=1e-9)
    assert loss.standard_deviation_eur == pytest.approx(same.std(), rel=1e-9)
    assert loss.interval_eur == pytest.approx((low, low * ratio), rel=1e-9)


@given(LOWS, st.floats(1.05, 1e4))
def test_mean_and_median_come_back(median, ratio):
    """The lognormal made from a mean and a median has them, by scipy's computation."""
    same = scipy_lognormal(Lognormal.from_mean_and_median(median * ratio, median))

    assert same.mean() == pytest.approx(median * ratio, rel=1e-9)
    assert same.median() == pytest.approx(median, rel=1e-9)


@given(LOWS, RATIOS, st.floats(0.001, 1000))
def test_another_currency_scales_the_losses(low, ratio, factor):
    """With both ends times a factor, mean and spread are times that factor and sigma stays."""
    loss = Lognormal.from_interval(low, low * ratio)
    other = Lognormal.from_interval(low * factor, low * ratio * factor)

    assert other.sigma == pytest.approx(loss.sigma, rel=1e-9)
    assert other.mean_eur == pytest.approx(loss.mean_eur * factor, rel=1e-9)
    assert other.standard_deviation_eur == pytest.approx(loss.standard_deviation_eur * factor, rel=1e-9)


def test_exceedance_is_scipys_survival_function():
    """The probability that an event costs more, at nothing and over nine powers of ten."""
    loss = Lognormal.from_interval(200_000, 5_000_000)
    at_eur = np.concatenate([[0.0], np.geomspace(1, 1e9, 50)])

    np.testing.assert_allclose(loss.exceedance(at_eur), scipy_lognormal(loss).sf(at_eur), rtol=1e-9)
    assert loss.exceedance(0.0) == 1


@pytest.mark.parametrize("limit_eur", [1e4, 1e6, 2.5e7])
def test_the_limited_mean_is_the_area_under_the_exceedance(limit_eur):
    """Quadrature over scipy's survival function gives the closed form of the mean up to a limit."""
    loss = Lognormal.from_interval(200_000, 5_000_000)
    area, _ = integrate.quad(scipy_lognormal(loss).sf, 0, limit_eur, limit=200)

    assert loss.limited_mean(limit_eur) == pytest.approx(area, rel=1e-7)


def test_the_limited_mean_ends_are_nothing_and_the_mean():
    """A limit of 0 leaves nothing; one beyond all losses leaves the mean."""
    loss = Lognormal.from_interval(200_000, 5_000_000)

    assert loss.limited_mean(0) == 0
    assert loss.limited_mean(1e15) == pytest.approx(loss.mean_eur, rel=1e-12)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Lognormal.from_interval(5, 5), "90 % interval: low_eur is 5 and high_eur is 5.* Swap them, or widen"),
        (lambda: Lognormal.from_interval(9e6, 1e6), "low_eur is 9,000,000 and high_eur is 1,000,000"),
        (lambda: Lognormal.from_interval(-1, 5), "low_eur: -1 is among them. Expected more than 0"),
        (lambda: Lognormal.from_interval(0, 5), "low_eur: 0 is among them"),
        (lambda: Lognormal.from_interval(1, math.nan), "high_eur: one of them is not a finite number"),
        (lambda: Lognormal.from_interval([], 5), r"low_eur: the shape is \(0,\)"),
        (lambda: Lognormal.from_interval(1, 1e300), "mean is too large to be computed.* a zero too many"),
        (lambda: Lognormal.from_mean_and_median(3, 7), "mean_eur is 3 and median_eur is 7.* the two were swapped"),
        (lambda: Lognormal.from_mean_and_median(7, 7), "Expected the mean to be more than the median"),
        (lambda: Lognormal.from_mean_and_median(math.inf, 7), "mean_eur: one of them is not a finite number"),
        (lambda: Lognormal.from_mean_and_median(7, -7), "median_eur: -7 is among them"),
        (lambda: Lognormal(1, 0), "sigma: 0 is among them. Expected more than 0"),
        (lambda: Lognormal(math.nan, 1), "mu: one of them is not a finite number"),
        (lambda: Lognormal(1, 1).exceedance([-3]), "losses in EUR: -3 is among them. Expected at least 0"),
        (lambda: Lognormal(1, 1).limited_mean([math.nan]), "losses in EUR: one of them is not a finite number"),
    ],
)
def test_what_is_no_severity_is_refused(make, words):
    """The error says what was seen and what to do."""
    with pytest.raises(ModelInputError, match=words):
        make()


@pytest.mark.parametrize("name", ["exceedance", "limited_mean"])
def test_one_amount_gives_a_plain_float(name):
    """A number in, a float out; a list in, an array of the same shape out."""
    read = getattr(Lognormal.from_interval(200_000, 5_000_000), name)

    assert type(read(1_000_000)) is float
    assert read([[1_000_000]]).shape == (1, 1)
    assert read([1_000_000])[0] == read(1_000_000)
