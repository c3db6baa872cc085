"""Estimates: counting beside every number, and errors that are the spread over many simulations."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.errors import ModelInputError
from threechairs.models import estimates as e
from threechairs.models.risks import Risk
from threechairs.models.simulation import simulate_years

BREACH = Risk("breach", 200_000, 5_000_000, rate_per_year=0.5)


def test_the_error_of_a_share_is_the_textbooks():
    """A share of 0.2 from 10,000 years has a standard error of 0.004."""
    losses = np.repeat([1.0, 0.0], [2000, 8000])

    assert e.exceedance(losses, 0.5) == e.Estimate(0.2, pytest.approx(0.004))


def test_an_event_never_seen_is_not_held_for_impossible():
    """Where no year or every year is above, the error is about one year in all of them, not 0."""
    losses = np.ones(1000)

    assert e.exceedance(losses, 5) == e.Estimate(0.0, pytest.approx(0.001, rel=0.01))
    assert e.exceedance(losses, 0) == e.Estimate(1.0, pytest.approx(0.001, rel=0.01))


def test_standard_errors_are_the_spread_over_many_simulations():
    """Each error is, within a sixth, the standard deviation of its estimate over 400 simulations."""
    reads = {
        "mean": e.mean,
        "exceedance": lambda losses: e.exceedance(losses, 1e6),
        "quantile": lambda losses: e.quantile(losses, 0.9),
        "shortfall": lambda losses: e.expected_shortfall(losses, 0.9),
    }
    runs = [simulate_years([BREACH], 5000, seed) for seed in range(400)]

    for name, read in reads.items():
        estimates = [read(losses) for losses in runs]
        spread = np.std([estimate.value for estimate in estimates], ddof=1)
        told = np.mean([estimate.standard_error for estimate in estimates])
        assert told == pytest.approx(spread, rel=1 / 6), name


@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=60), st.floats(0.01, 0.99))
def test_numbers_read_from_years_are_those_of_the_sorted_list(values, level):
    """Quantile, curve and mean by counting; the shortfall is at least the quantile and is the mean beyond it."""
    ranked = sorted(values)
    at = e.quantile(values, level).value
    shortfall = e.expected_shortfall(values, level).value
    share = 1 - level
    # the worst share of the years, the year at its edge in part
    worst, left = 0.0, share * len(values)
    for value in reversed(ranked):
        worst += value * min(left, 1.0)
        left = max(left - 1.0, 0.0)

    # the place in the list, where rounding of level x years may tip it either way
    places = {math.ceil(level * len(values) + rounding) - 1 for rounding in (-1e-9, 0, 1e-9)}
    assert at in {ranked[place] for place in places if place >= 0}
    assert e.mean(values).value == pytest.approx(math.fsum(values) / len(values), rel=1e-9)
    assert shortfall >= at
    assert shortfall == pytest.approx(worst / (share * len(values)), rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=60), st.lists(st.floats(0, 1e9), min_size=2, max_size=9))
def test_the_simulated_curve_falls_and_counts(values, amounts):
    """Probabilities never rise with the amount, and are the counted shares, for one amount as for many."""
    amounts = sorted(amounts)
    probabilities, errors = e.exceedance_curve(values, amounts)

    assert (np.diff(probabilities) <= 0).all()
    for at_eur, probability, error in zip(amounts, probabilities, errors, strict=True):
        assert probability == sum(value > at_eur for value in values) / len(values)
        assert e.exceedance(values, at_eur) == e.Estimate(probability, error)


def test_a_saving_is_the_mean_of_the_paired_years():
    """What a plan saves is the mean of the differences, more than 0 where it loses less, with their error."""
    before, after = simulate_years([BREACH], 1000, seed=1), simulate_years([BREACH], 1000, seed=2)
    saved = e.mean_difference(before, after)

    assert saved.value == pytest.approx(before.mean() - after.mean())
    assert saved.standard_error == pytest.approx(np.std(before - after, ddof=1) / math.sqrt(1000))


def test_agreeing_is_within_so_many_standard_errors():
    """Four unless told otherwise, to either side."""
    estimate = e.Estimate(10.0, 1.0)

    assert [estimate.agrees_with(other) for other in (5.9, 6.0, 14.0, 14.1)] == [False, True, True, False]
    assert not estimate.agrees_with(13, standard_errors=2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: e.mean([]), "yearly losses: there are none"),
        (lambda: e.mean([5]), "yearly losses: there is one year. Expected at least two"),
        (lambda: e.mean([1, math.nan]), "yearly losses: one of them is not a finite number"),
        (lambda: e.mean([1, -5]), "yearly losses: -5 is among them. Expected at least 0"),
        (lambda: e.mean([[1, 2]]), r"yearly losses: the shape is \(1, 2\)"),
        (lambda: e.mean_difference([1, 2], [1, 2, 3]), "2 years before and 3 after. Expected the same simulated years"),
        (lambda: e.exceedance([1, 2], -1), "amounts in EUR: -1 is among them"),
        (lambda: e.exceedance_curve([1, 2], []), "amounts in EUR: there are none"),
        (lambda: e.quantile([1, 2], 1), "level: 1 is among them. Expected less than 1"),
        (lambda: e.quantile([1, 2], 95), "level: 95 is among them"),
        (lambda: e.expected_shortfall([1, 2], 0), "level: 0 is among them. Expected more than 0"),
    ],
)
def test_what_tells_nothing_is_refused(make, words):
    """The error says what was seen and what to do."""
    with pytest.raises(ModelInputError, match=words):
        make()
