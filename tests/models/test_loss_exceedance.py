"""The exact curve: published numbers, grids that agree, Panjer's recursion, quadrature and closed forms beside it."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from risk_samples import portfolios
from scipy import integrate, stats

from threechairs.errors import ModelInputError
from threechairs.models.loss_exceedance import exact_curve
from threechairs.models.risks import Risk

BREACH = Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)
YES_OR_NO = Risk("breach", 200_000, 5_000_000, probability_per_year=0.3)
RISKQUANT = [
    Risk("first", 1e6, 1e7, rate_per_year=0.01),
    Risk("second", 1e7, 1e9, rate_per_year=0.10),
    Risk("third", 5e6, 5e7, rate_per_year=0.05),
]


def panjer(rate, low, high, step, points):
    """Exceedance at the middle of each step by Panjer's recursion; severities rounded to the nearest step."""
    severity = stats.lognorm(
        s=math.log(high / low) / (2 * stats.norm.ppf(0.95)), scale=math.exp((math.log(low) + math.log(high)) / 2)
    )
    edges = np.concatenate([[0.0], (np.arange(points) + 0.5) * step])
    chance = np.diff(severity.cdf(edges))
    yearly = np.zeros(points)
    yearly[0] = math.exp(-rate * (1 - chance[0]))
    weighted = np.arange(points) * chance
    for at in range(1, points):
        yearly[at] = rate / at * np.dot(weighted[1 : at + 1], yearly[at - 1 :: -1])
    return edges[1:], 1 - np.cumsum(yearly)


def test_the_worked_curve_is_reproduced():
    """0.3198, 0.2334, 0.1311, 0.0330, 0.0063; 95th percentile 4.00 M and 99th 8.41 M: the worked example."""
    curve = exact_curve([BREACH])

    assert curve.exceedance([5e5, 1e6, 2e6, 5e6, 1e7]).round(4).tolist() == [0.3198, 0.2334, 0.1311, 0.0330, 0.0063]
    assert round(curve.quantile(0.95) / 1e6, 2) == 4.00
    assert round(curve.quantile(0.99) / 1e6, 2) == 8.41
    assert round(curve.mean_eur, 2) == 806_987.90
    assert curve.exceedance(0) == pytest.approx(1 - 0.606531, abs=1e-6)


def test_riskquants_portfolio_has_its_curve():
    """P(> 10 M) 0.12446, P(> 100 M) 0.04973, P(> 1 B) 0.00513 for the README portfolio of Netflix's riskquant."""
    assert exact_curve(RISKQUANT).exceedance([1e7, 1e8, 1e9]).round(5).tolist() == [0.12446, 0.04973, 0.00513]


@pytest.mark.parametrize("risks", [[BREACH], RISKQUANT, [*RISKQUANT, YES_OR_NO]], ids=["worked", "riskquant", "mixed"])
def test_three_grids_agree(risks):
    """Curves from 4,096, 16,384 and 65,536 points are within a millionth of each other, everywhere."""
    coarse, middle, fine = (exact_curve(risks, points=points) for points in (2**12, 2**14, 2**16))

    assert np.abs(coarse.exceedance(fine.losses_eur) - fine.exceedances).max() < 1e-6
    assert np.abs(middle.exceedance(fine.losses_eur) - fine.exceedances).max() < 1e-7
    for level in (0.9, 0.95, 0.99, 0.999):
        assert coarse.quantile(level) == pytest.approx(fine.quantile(level), rel=1e-5)


def test_panjers_recursion_gives_the_same_curve():
    """A recursion without any transform, with its own rounding of severities, agrees to 0.00001."""
    at_eur, exceedances = panjer(0.5, 200_000, 5_000_000, 10_000, 3000)

    assert np.abs(exact_curve([BREACH]).exceedance(at_eur[10:]) - exceedances[10:]).max() < 1e-5


@pytest.mark.parametrize("high", [1.1, 2.0, 25.0, 1e6])
def test_one_yes_or_no_event_has_a_closed_form(high):
    """P(year > x) is p times the lognormal's survival function, from narrow to very wide intervals."""
    risk = Risk("x", 1e3, 1e3 * high, probability_per_year=0.3)
    severity = stats.lognorm(s=risk.severity.sigma, scale=risk.severity.median_eur)
    at_eur = np.geomspace(10, 1e3 * high * 100, 2000)

    assert np.abs(exact_curve([risk]).exceedance(at_eur) - 0.3 * severity.sf(at_eur)).max() < 2e-5


def test_the_one_for_one_model_gives_its_number():
    """Yes or no with p = 0.3 on [200 k, 5 M]: P(> 1 M) is 0.15 (Hubbard and Seiersen)."""
    assert exact_curve([YES_OR_NO]).exceedance(1e6) == pytest.approx(0.15, abs=1e-7)


def test_two_certain_events_are_the_convolution():
    """The sum of two lognormals, by quadrature over one of them."""
    first, second = Risk("a", 1e5, 1e6, probability_per_year=1), Risk("b", 5e5, 2e6, probability_per_year=1)
    one, two = (stats.lognorm(s=r.severity.sigma, scale=r.severity.median_eur) for r in (first, second))
    curve = exact_curve([first, second])

    for at_eur in (5e5, 1.5e6, 4e6):
        below, _ = integrate.quad(lambda x, at=at_eur: one.pdf(x) * two.cdf(at - x), 0, at_eur, limit=200)
        assert curve.exceedance(at_eur) == pytest.approx(1 - below, abs=1e-6)


@pytest.mark.parametrize("rate", [30, 300])
def test_many_events_a_year_keep_their_spread(rate):
    """Rates of tens and hundreds: the curve agrees with one of far more points, and its spread is the closed form."""
    risk = Risk("x", 1e3, 2e3, rate_per_year=rate)
    curve, fine = exact_curve([risk]), exact_curve([risk], points=2**15)
    second_moment = 2 * np.trapezoid(curve.losses_eur * curve.exceedances, curve.losses_eur)
    spread = math.sqrt(rate * stats.lognorm(s=risk.severity.sigma, scale=risk.severity.median_eur).moment(2))

    assert np.abs(curve.exceedance(fine.losses_eur) - fine.exceedances).max() < 2e-5
    assert math.sqrt(second_moment - curve.mean_eur**2) == pytest.approx(spread, rel=1e-3)


def test_small_and_large_risks_stand_in_one_curve():
    """Beside a risk of billions, one of thousands keeps its part of the curve: both closed forms hold."""
    small = Risk("small", 1e3, 5e3, probability_per_year=0.5)
    large = Risk("large", 1e9, 2e10, probability_per_year=0.01)
    curve = exact_curve([small, large])
    low_eur, high_eur = np.geomspace(500, 2e4, 20), np.geomspace(1e9, 5e10, 20)

    expected = 1 - 0.99 * (1 - 0.5 * small.severity.exceedance(low_eur))
    np.testing.assert_allclose(curve.exceedance(low_eur), expected, atol=1e-6)
    np.testing.assert_allclose(curve.exceedance(high_eur), 0.01 * large.severity.exceedance(high_eur), atol=1e-6)


def test_the_shortfall_is_the_mean_beyond_the_quantile():
    """Quadrature over the closed tail of a yes-or-no event; at level 0 it is the mean."""
    curve = exact_curve([YES_OR_NO])
    severity = stats.lognorm(s=YES_OR_NO.severity.sigma, scale=YES_OR_NO.severity.median_eur)
    for level in (0.8, 0.95, 0.999):
        at = severity.isf((1 - level) / 0.3)
        start = math.log(at)  # over logarithms, where the tail is short
        beyond, _ = integrate.quad(lambda t: 0.3 * severity.sf(math.exp(t)) * math.exp(t), start, start + 15, limit=200)
        assert curve.quantile(level) == pytest.approx(at, rel=1e-5)
        assert curve.expected_shortfall(level) == pytest.approx(at + beyond / (1 - level), rel=1e-5)
    assert curve.expected_shortfall(0) == curve.mean_eur


@given(portfolios(), st.floats(0.01, 1000))
@settings(max_examples=25)
def test_another_currency_scales_the_curve(risks, factor):
    """With every interval times a factor, the curve is the same over losses times that factor."""
    curve = exact_curve(risks, points=512)
    other = exact_curve([risk.scaled(severity=factor) for risk in risks], points=512)

    assert other.mean_eur == pytest.approx(curve.mean_eur * factor)
    np.testing.assert_allclose(other.exceedance(curve.losses_eur * factor), curve.exceedances, atol=1e-6)


@given(portfolios())
@settings(max_examples=25)
def test_the_order_of_risks_changes_no_point(risks):
    """Every permutation gives the same curve to the last bit."""
    curve = exact_curve(risks, points=512)

    for permuted in itertools.permutations(risks):
        other = exact_curve(permuted, points=512)
        assert np.array_equal(other.losses_eur, curve.losses_eur)
        assert np.array_equal(other.exceedances, curve.exceedances)


@given(portfolios(), st.floats(0, 0.999))
@settings(max_examples=50)
def test_every_curve_falls_and_its_numbers_fit_together(risks, level):
    """Rising losses, falling probabilities, the quantile on the curve, the shortfall at least the quantile."""
    curve = exact_curve(risks, points=1024)
    at = curve.quantile(level)

    assert (np.diff(curve.losses_eur) > 0).all()
    assert (np.diff(curve.exceedances) <= 0).all()
    assert 0 <= curve.exceedances[-1] <= curve.exceedances[0] <= 1
    assert curve.exceedance(at) <= 1 - level + 1e-6
    assert at == 0 or curve.exceedance(at * 0.99) >= 1 - level - 1e-6
    assert curve.expected_shortfall(level) >= at


@given(portfolios())
@settings(max_examples=25)
def test_the_area_under_the_curve_is_the_closed_mean(risks):
    """The points carry the whole mean, but for what single events beyond the end of the curve would add to it."""
    curve = exact_curve(risks, points=4096)
    end_eur = curve.losses_eur[-1]
    beyond = sum(
        risk.mean_events_per_year * (risk.severity.mean_eur - float(risk.severity.limited_mean(end_eur)))
        for risk in risks
    )

    area = np.trapezoid(curve.exceedances, curve.losses_eur)
    assert area == pytest.approx(curve.mean_eur - beyond, rel=1e-3, abs=1e-7 * risks[0].low_eur)


def test_what_never_happens_has_a_curve_of_nothing():
    """Rate 0: no amount is exceeded, every quantile is 0."""
    curve = exact_curve([Risk("x", 1, 2, rate_per_year=0)])

    assert curve.exceedance([0, 1, 100]).tolist() == [0, 0, 0]
    assert (curve.quantile(0.99), curve.expected_shortfall(0.99), curve.mean_eur) == (0, 0, 0)


def test_a_quantile_within_the_years_without_an_event_is_nothing():
    """Up to and with the share of years without an event, the quantile is 0; right above it is more."""
    curve = exact_curve([Risk("x", 1e3, 5e3, probability_per_year=0.5)])

    assert (curve.quantile(0), curve.quantile(0.3), curve.quantile(0.5)) == (0, 0, 0)
    assert curve.quantile(0.51) > 500


def test_beyond_its_end_the_curve_is_nothing():
    """An amount that no year reaches has probability 0."""
    curve = exact_curve([BREACH])

    assert curve.exceedances[-1] < 1e-8
    assert curve.exceedance(1e15) == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: exact_curve([]), "risks: there are none"),
        (lambda: exact_curve([BREACH, BREACH]), "risks: 2 of them are called 'breach'"),
        (lambda: exact_curve([BREACH], points=32), "points: 32 is among them. Expected at least 64"),
        (lambda: exact_curve([BREACH], points=100.5), "points: 100.5 is no whole number"),
        (lambda: exact_curve([BREACH], points=math.nan), "points: one of them is not a finite number"),
        (lambda: exact_curve([BREACH]).exceedance([]), "amounts in EUR: there are none"),
        (lambda: exact_curve([BREACH]).exceedance(-5), "amounts in EUR: -5 is among them"),
        (lambda: exact_curve([BREACH]).exceedance(math.nan), "amounts in EUR: one of them is not a finite"),
        (lambda: exact_curve([BREACH]).quantile(1), "level: 1 is among them. Expected at most 0.999999"),
        (lambda: exact_curve([BREACH]).quantile(-0.5), "level: -0.5 is among them"),
        (lambda: exact_curve([BREACH]).expected_shortfall(95), "level: 95 is among them"),
    ],
)
def test_what_has_no_curve_is_refused(make, words):
    """The error says what was seen and what to do."""
    with pytest.raises(ModelInputError, match=words):
        make()


def test_one_amount_gives_a_plain_float():
    """A number in, a float out; a list in, an array of the same shape out."""
    curve = exact_curve([Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)], points=64)

    assert type(curve.exceedance(1_000_000)) is float
    assert curve.exceedance([[1_000_000]]).shape == (1, 1)
