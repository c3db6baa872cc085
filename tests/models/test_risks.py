"""Risks: yearly means, controls, order, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.errors import ModelInputError
from threechairs.models.risks import Risk, by_name

RIVER = Risk("river", 200_000, 5_000_000, rate_per_year=0.5)
FIRE = Risk("fire", 10_000, 90_000, probability_per_year=0.2)


def test_the_worked_risk_gives_its_yearly_numbers():
    """0.5 events a year on [200 k, 5 M]: 806,987.90 a year, and 0.606531 of the years are without an event."""
    assert round(RIVER.mean_annual_loss_eur, 2) == 806_987.90
    assert round(RIVER.no_event_probability, 6) == 0.606531
    assert FIRE.no_event_probability == pytest.approx(0.8)


def test_riskquants_portfolio_is_reproduced():
    """40,400; 26.6 M; 1.01 M a year: the three risks of the README of Netflix's riskquant (Apache-2.0)."""
    portfolio = [
        Risk("first", 1e6, 1e7, rate_per_year=0.01),
        Risk("second", 1e7, 1e9, rate_per_year=0.10),
        Risk("third", 5e6, 5e7, rate_per_year=0.05),
    ]

    means = [float(f"{risk.mean_annual_loss_eur:.3g}") for risk in portfolio]

    assert means == [40_400, 26.6e6, 1.01e6]


@pytest.mark.parametrize("risk", [RIVER, FIRE])
@given(frequency=st.floats(0, 5), severity=st.floats(0.01, 100))
def test_a_control_multiplies_the_yearly_mean(risk, frequency, severity):
    """Factors on frequency and severity multiply; the name, and with it the random numbers, stays."""
    controlled = risk.scaled(frequency=frequency, severity=severity)

    assert controlled.name == risk.name
    assert controlled.severity.sigma == pytest.approx(risk.severity.sigma)
    assert controlled.mean_annual_loss_eur == pytest.approx(risk.mean_annual_loss_eur * frequency * severity)


def test_the_order_is_that_of_the_names():
    """Whatever order risks come in, they are worked through by name."""
    assert list(by_name([RIVER, FIRE])) == list(by_name(iter([FIRE, RIVER]))) == ["fire", "river"]


def test_plain_floats_are_kept():
    """Numbers that come as text or whole become floats, so that nothing later meets another type."""
    risk = Risk("x", 1, "2", rate_per_year=3)

    assert [type(value) for value in (risk.low_eur, risk.high_eur, risk.rate_per_year)] == [float] * 3


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Risk("x", 1, 2), "risk 'x': no frequency is given. Expected either rate_per_year or"),
        (lambda: Risk("x", 1, 2, 0.5, 0.5), "risk 'x': both frequencies are given"),
        (lambda: Risk("x", 1, 2, probability_per_year=1.5), "risk 'x', probability_per_year: 1.5 .* at most 1"),
        (lambda: Risk("x", 1, 2, probability_per_year=-0.1), "risk 'x', probability_per_year: -0.1 .* at least 0"),
        (lambda: Risk("x", 1, 2, rate_per_year=-1), "risk 'x', rate_per_year: -1 is among them. Expected at least 0"),
        (lambda: Risk("x", 1, 2, rate_per_year=math.nan), "risk 'x', rate_per_year: one of them is not a finite"),
        (lambda: Risk("x", -1, 2, rate_per_year=1), "risk 'x', low_eur: -1 is among them"),
        (lambda: Risk("x", 0, 2, rate_per_year=1), "risk 'x', low_eur: 0 is among them. Expected more than 0"),
        (lambda: Risk("x", 2, 2, rate_per_year=1), "risk 'x', 90 % interval: low_eur is 2 and .* Swap them"),
        (lambda: Risk("x", None, 2, rate_per_year=1), "risk 'x', low_eur: one of them is not a finite number"),
        (lambda: Risk("", 1, 2, rate_per_year=1), "risk: its name is ''. Expected a word"),
        (lambda: Risk(7, 1, 2, rate_per_year=1), "risk: its name is 7"),
        (lambda: FIRE.scaled(frequency=6), "risk 'fire', probability_per_year: 1.2 is among them"),
        (lambda: FIRE.scaled(frequency=-1), "frequency factor: -1 is among them"),
        (lambda: FIRE.scaled(severity=0), "severity factor: 0 is among them"),
        (lambda: by_name([]), "risks: there are none. Expected at least one"),
        (lambda: by_name([FIRE, "flood"]), "risks: 'flood' is among them. Expected each to be a Risk"),
        (lambda: by_name([FIRE, RIVER, FIRE]), "risks: 2 of them are called 'fire'. Expected a name of its own"),
    ],
)
def test_what_is_no_risk_is_refused(make, words):
    """The error names the risk, what was seen and what to do."""
    with pytest.raises(ModelInputError, match=words):
        make()
