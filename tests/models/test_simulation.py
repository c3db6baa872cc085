"""Simulation: worked numbers within four standard errors, plain draws beside it, and streams that hang on the name."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from risk_samples import portfolios
from scipy import stats

from threechairs.errors import ModelInputError
from threechairs.models import estimates as e
from threechairs.models import simulation as s
from threechairs.models.loss_exceedance import exact_curve
from threechairs.models.risks import Risk

BREACH = Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)
YES_OR_NO = Risk("breach", 200_000, 5_000_000, probability_per_year=0.3)
RISKQUANT = [
    Risk("first", 1e6, 1e7, rate_per_year=0.01),
    Risk("second", 1e7, 1e9, rate_per_year=0.10),
    Risk("third", 5e6, 5e7, rate_per_year=0.05),
]
MIXED = [
    Risk("fire", 50_000, 900_000, probability_per_year=0.1),
    Risk("fraud", 1_000, 40_000, rate_per_year=4),
    BREACH,
]


def test_the_worked_curve_is_within_four_standard_errors():
    """0.3198, 0.2334, 0.1311, 0.0330, 0.0063 at 0.5 to 10 M: the worked example's loss-exceedance curve."""
    losses = s.simulate_years([BREACH], 1_000_000, seed=4)

    for at_eur, known in {5e5: 0.3198, 1e6: 0.2334, 2e6: 0.1311, 5e6: 0.0330, 1e7: 0.0063}.items():
        assert e.exceedance(losses, at_eur).agrees_with(known), at_eur
    assert e.exceedance(losses, 0).agrees_with(1 - 0.606531)
    assert e.mean(losses).agrees_with(806_987.90)
    assert e.quantile(losses, 0.95).agrees_with(4_001_796)
    assert e.quantile(losses, 0.99).agrees_with(8_411_100)
    assert losses.std() == pytest.approx(1_841_955, rel=0.02)


@pytest.mark.parametrize("risks", [RISKQUANT, MIXED], ids=["riskquant", "mixed"])
def test_simulation_and_exact_curve_agree(risks):
    """Curve, quantiles, mean and shortfall of simulated years lie within four standard errors of the exact ones."""
    losses, curve = s.simulate_years(risks, 400_000, seed=2), exact_curve(risks)
    at_eur = np.asarray([curve.quantile(level) for level in (0.9, 0.95, 0.98, 0.99, 0.998)])
    probabilities, errors = e.exceedance_curve(losses, at_eur)

    assert (np.abs(probabilities - curve.exceedance(at_eur)) < 4 * errors).all()
    assert e.mean(losses).agrees_with(curve.mean_eur)
    for level in (0.9, 0.95, 0.99):
        assert e.quantile(losses, level).agrees_with(curve.quantile(level)), level
        assert e.expected_shortfall(losses, level).agrees_with(curve.expected_shortfall(level)), level


def test_the_one_for_one_model_gives_its_number():
    """Yes or no with p = 0.3 on [200 k, 5 M]: 0.15 of the years cost more than 1 M (Hubbard and Seiersen)."""
    losses = s.simulate_years([YES_OR_NO], 400_000, seed=3)

    assert e.exceedance(losses, 1e6).agrees_with(0.15)
    assert e.exceedance(losses, 0).agrees_with(0.3)


@pytest.mark.parametrize("rate", [0.05, 0.5, 3.0])
def test_events_per_year_are_poisson(rate):
    """Where events cost all but the same, the loss over that cost counts them, as often as scipy's Poisson says."""
    losses = s.simulate_years([Risk("x", 0.9999, 1.0001, rate_per_year=rate)], 200_000, seed=5)
    counted = np.bincount(np.rint(losses).astype(int))
    expected = stats.poisson.pmf(np.arange(len(counted)), rate) * len(losses)
    often = expected > 10

    assert (np.abs(counted - expected)[often] < 4.5 * np.sqrt(expected[often])).all()


def test_losses_per_event_are_lognormal():
    """The losses of a risk that strikes once every year follow scipy's lognormal (Kolmogorov and Smirnov)."""
    certain = Risk("x", 200_000, 5_000_000, probability_per_year=1)
    losses = s.simulate_years([certain], 50_000, seed=6)
    severity = certain.severity

    assert (losses > 0).all()
    assert stats.kstest(losses, stats.lognorm(s=severity.sigma, scale=severity.median_eur).cdf).pvalue > 0.001


@pytest.mark.parametrize("risk", [BREACH, YES_OR_NO], ids=["rate", "yes or no"])
def test_years_do_not_hang_together(risk):
    """A year's loss tells nothing about the next one's, and the first half has as many bad years as the second."""
    struck = s.simulate_years([risk], 200_000, seed=7) > 0
    halves = struck.reshape(2, -1).mean(axis=1)

    assert abs(np.corrcoef(struck[1:], struck[:-1])[0, 1]) < 4 / math.sqrt(200_000)
    assert abs(halves[0] - halves[1]) < 4 * math.sqrt(2 * 0.25 / 100_000)


def test_risks_of_different_names_do_not_hang_together():
    """Two risks that are alike but for their names are as good as uncorrelated."""
    portfolio = s.SimulatedPortfolio([Risk(name, 1, 3, rate_per_year=1) for name in ("a", "b")], 100_000, seed=8)

    correlation = np.corrcoef(portfolio.of_risk_eur("a"), portfolio.of_risk_eur("b"))[0, 1]
    assert abs(correlation) < 4 / math.sqrt(100_000)


def test_one_seed_one_set_of_years():
    """The same seed gives the same numbers to the last bit; another seed gives others."""
    first, again, other = (s.simulate_years(MIXED, 1000, seed) for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_seed_gives_these_years():
    """Six years as they were when this was written: what learners simulated stays what it was."""
    risks = [BREACH, Risk("fire", 50_000, 900_000, probability_per_year=0.4)]

    assert s.simulate_years(risks, 6, seed=2026).round(2).tolist() == [0, 0, 890_946.81, 0, 0, 185_330.32]


def test_two_million_events_take_little_memory():
    """Events are drawn in blocks: beside the years themselves, a few megabytes do for any number of events."""
    tracemalloc.start()
    s.simulate_years([Risk("x", 1, 2, rate_per_year=200)], 10_000, seed=1)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak_bytes < 5e6


@given(portfolios(most=4), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_risks_changes_nothing(risks, random):
    """Permuted risks give the same years to the last bit."""
    permuted = random.sample(risks, len(risks))

    assert np.array_equal(s.simulate_years(risks, 200, 1), s.simulate_years(permuted, 200, 1))


@given(portfolios(most=4), st.floats(0.01, 1000))
@settings(max_examples=30)
def test_another_currency_scales_the_years(risks, factor):
    """With every interval times a factor, every year is times that factor."""
    other = [risk.scaled(severity=factor) for risk in risks]

    np.testing.assert_allclose(s.simulate_years(other, 200, 1), factor * s.simulate_years(risks, 200, 1), rtol=1e-9)


def test_a_risk_keeps_its_numbers_whoever_stands_beside_it():
    """The years of one risk are the same alone and in a portfolio."""
    alone = s.simulate_years([BREACH], 5000, seed=9)

    assert np.array_equal(s.SimulatedPortfolio(MIXED, 5000, seed=9).of_risk_eur("breach"), alone)


@pytest.mark.parametrize("risk", [BREACH, YES_OR_NO], ids=["rate", "yes or no"])
@pytest.mark.parametrize("years", [1000, 300_000], ids=["one block", "many blocks"])
def test_a_lower_frequency_only_takes_events_away(risk, years):
    """No year gets worse under a control; where a yes-or-no event still happens, it costs what it did."""
    before = s.simulate_years([risk], years, seed=10)
    after = s.simulate_years([risk.scaled(frequency=0.6)], years, seed=10)
    kept = after[after > 0]

    assert (after <= before * (1 + 1e-12)).all()
    assert 0.5 < len(kept) / np.count_nonzero(before) < 0.75
    if risk is YES_OR_NO:
        assert np.array_equal(kept, before[after > 0])


@pytest.mark.parametrize("years", [1000, 300_000], ids=["one block", "many blocks"])
def test_ever_lower_probabilities_strike_ever_fewer_of_the_same_years(years):
    """From certain to rare, whichever way events are drawn, each step only takes events away: as many as it says."""
    certain = Risk("breach", 200_000, 5_000_000, probability_per_year=1)
    before = s.simulate_years([certain], years, seed=10)

    for level in (0.95, 0.6, 0.51, 0.5, 0.49, 0.2, 0.05, 0.04, 0.01):
        after = s.simulate_years([certain.scaled(frequency=level)], years, seed=10)
        assert np.array_equal(after, np.where(after > 0, before, 0)), level
        assert e.exceedance(after, 0).agrees_with(level), level
        before = after


@pytest.mark.parametrize("probability", [0.05, 0.5, 0.7, 1.0])
def test_losses_of_yes_or_no_are_lognormal_however_they_are_drawn(probability):
    """Years that are struck cost what scipy's lognormal says (Kolmogorov and Smirnov), in each half of the years."""
    risk = Risk("x", 200_000, 5_000_000, probability_per_year=probability)
    losses = s.simulate_years([risk], 100_000, seed=6)

    for half in (losses[:50_000], losses[50_000:]):
        known = stats.lognorm(s=risk.severity.sigma, scale=risk.severity.median_eur)
        assert stats.kstest(half[half > 0], known.cdf).pvalue > 0.001
        assert e.exceedance(half, 0).agrees_with(probability)


@pytest.mark.parametrize("frequency", ["rate_per_year", "probability_per_year"])
def test_rare_risks_add_up_as_common_ones_do(frequency):
    """Going from event to event and through all years give the same sums to the last bit."""
    risks = [Risk(name, 10, 900, **{frequency: 0.04}) for name in "abc"]
    portfolio = s.SimulatedPortfolio(risks, 200_000, seed=4)

    assert np.array_equal(portfolio.total_eur(), s.simulate_years(risks, 200_000, seed=4))
    assert np.count_nonzero(portfolio.total_eur()) > 20_000


def test_a_certain_event_happens_every_year_and_keeps_its_losses():
    """Probability 1 fills every year; years that strike at 0.9 as well cost the same at both."""
    certain = Risk("x", 10, 30, probability_per_year=1)
    always, mostly = (s.simulate_years([risk], 100_000, 1) for risk in (certain, certain.scaled(frequency=0.9)))

    assert (always > 0).all()
    assert e.exceedance(mostly, 0).agrees_with(0.9)
    assert np.array_equal(always[mostly > 0], mostly[mostly > 0])


def test_what_never_happens_costs_nothing():
    """Rate 0 and probability 0 give years of 0 EUR."""
    never = [Risk("a", 1, 2, rate_per_year=0), Risk("b", 1, 2, probability_per_year=0)]

    assert s.simulate_years(never, 100, seed=1).tolist() == [0.0] * 100


@pytest.mark.parametrize(
    ("controls", "times"),
    [({"severity": 0.8}, 30), ({"frequency": 0.8}, 5), ({"frequency": 0.9, "severity": 0.9}, 10)],
)
def test_common_numbers_make_a_difference_far_more_certain(controls, times):
    """The variance of what a plan saves is a fraction of that with two independent simulations."""
    before = s.simulate_years(MIXED, 100_000, seed=11)
    plan = [risk.scaled(**controls) for risk in MIXED]
    common = e.mean_difference(before, s.simulate_years(plan, 100_000, seed=11))
    independent = e.mean_difference(before, s.simulate_years(plan, 100_000, seed=12))
    known = sum(risk.mean_annual_loss_eur for risk in MIXED) - sum(risk.mean_annual_loss_eur for risk in plan)

    assert independent.standard_error**2 > times * common.standard_error**2
    assert common.agrees_with(known)
    assert independent.agrees_with(known)


def test_a_changed_portfolio_is_the_one_simulated_anew():
    """After a change the total is, to the last bit, that of a new simulation; the old portfolio is as it was."""
    portfolio = s.SimulatedPortfolio(MIXED, 3000, seed=12)
    before = portfolio.total_eur()
    less, other = BREACH.scaled(frequency=0.5), MIXED[0].scaled(severity=3)
    changed = portfolio.changed(less, other)

    assert np.array_equal(before, s.simulate_years(MIXED, 3000, seed=12))
    assert np.array_equal(changed.total_eur(), s.simulate_years([less, MIXED[1], other], 3000, seed=12))
    assert np.array_equal(portfolio.total_eur(), before)
    assert portfolio.risks["breach"] == BREACH
    assert changed.risks["breach"] == less


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: s.simulate_years([], 10, 1), "risks: there are none"),
        (lambda: s.simulate_years(None, 10, 1), "risks: None is no list of them. Expected at least one Risk"),
        (lambda: exact_curve(None), "risks: None is no list of them"),
        (lambda: s.simulate_years([BREACH, YES_OR_NO], 10, 1), "risks: 2 of them are called 'breach'"),
        (lambda: s.simulate_years([BREACH], 0, 1), "years: 0 is among them. Expected at least 1"),
        (lambda: s.simulate_years([BREACH], 2.5, 1), "years: 2.5 is no whole number"),
        (lambda: s.simulate_years([BREACH], math.nan, 1), "years: one of them is not a finite number"),
        (lambda: s.simulate_years([BREACH], 10, -1), "seed: -1 is among them. Expected at least 0"),
        (lambda: s.SimulatedPortfolio([BREACH], 10, 1).changed(MIXED[0]), "none called 'fire'. Known: breach"),
        (lambda: s.SimulatedPortfolio([BREACH], 10, 1).changed(), "risks: there are none"),
        (lambda: s.SimulatedPortfolio([BREACH], 10, 1).of_risk_eur("beach"), "Did you mean 'breach'"),
    ],
)
def test_what_cannot_be_simulated_is_refused(make, words):
    """The error says what was seen and what to do."""
    with pytest.raises(ModelInputError, match=words):
        make()


def test_a_long_seed_keeps_all_its_digits():
    """Seeds made from a hash differ in their last digit only, and still give different years."""
    one, two = (s.simulate_years([BREACH], 1000, seed) for seed in (2**256, 2**256 + 1))

    assert not np.array_equal(one, two)
