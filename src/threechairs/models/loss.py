"""Expected loss and what a control is worth: yearly loss, return, present value, waiting or patching.

Arguments are numbers or arrays that fit together by numpy's rules of broadcasting; plain numbers give a plain float,
arrays give an array. Money is in euros and never negative, except benefits and yearly cash flows, which may be.
Every function raises `ModelInputError`, which says what was seen, for an empty array, a number that is not finite or
out of its range, and shapes that do not fit together.

An expected loss is a long-run mean, not next year's bill: in most years a rare event does not happen at all.

Source: ENISA, "Introduction to Return on Security Investment" (2012) for loss expectancies and the return. The rest is
elementary and derived where it stands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from threechairs.errors import ModelInputError
from threechairs.models.inputs import Floats, Result, numbers, plain, same_shape, share


def single_loss_expectancy(asset_value_eur: ArrayLike, exposure_factor: ArrayLike) -> Result:
    """Loss that one event is expected to cause, in euros.

    Parameters
    ----------
    asset_value_eur : array_like
        What the asset is worth, at least 0.
    exposure_factor : array_like
        Share of that worth that one event destroys, 0 to 1.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> single_loss_expectancy(2_000_000, 0.25)
    500000.0
    """
    value = _money(asset_value_eur, "asset value in euros")
    factor = share(exposure_factor, "exposure factor")
    same_shape(asset_value_eur=value, exposure_factor=factor)
    return plain(value * factor)


def annual_loss_expectancy(single_loss_eur: ArrayLike, events_per_year: ArrayLike) -> Result:
    """Loss that a year is expected to bring, in euros a year: the long-run mean.

    Parameters
    ----------
    single_loss_eur : array_like
        Expected loss of one event, at least 0.
    events_per_year : array_like
        Expected number of events in a year, at least 0; 0.3 is three in ten years.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> annual_loss_expectancy(500_000, [0.30, 0.10]).tolist()
    [150000.0, 50000.0]
    """
    loss = _money(single_loss_eur, "loss of one event in euros")
    rate = numbers(events_per_year, "events per year", least=0)
    same_shape(single_loss_eur=loss, events_per_year=rate)
    return plain(loss * rate)


def annual_benefit(annual_loss_before_eur: ArrayLike, annual_loss_after_eur: ArrayLike) -> Result:
    """Expected loss that a control prevents, in euros a year; below 0 if it makes matters worse.

    Parameters
    ----------
    annual_loss_before_eur, annual_loss_after_eur : array_like
        Expected annual loss without and with the control, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> annual_benefit(150_000, 50_000)
    100000.0
    """
    before = _money(annual_loss_before_eur, "annual loss before the control in euros")
    after = _money(annual_loss_after_eur, "annual loss after the control in euros")
    same_shape(annual_loss_before_eur=before, annual_loss_after_eur=after)
    return plain(before - after)


def net_benefit(annual_benefit_eur: ArrayLike, annual_cost_eur: ArrayLike) -> Result:
    """What a control brings beyond its cost, in euros a year.

    Some texts call this amount "return on security investment"; here that name is the ratio.

    Parameters
    ----------
    annual_benefit_eur : array_like
        Loss prevented; may be below 0.
    annual_cost_eur : array_like
        Cost of the control, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> net_benefit(100_000, 40_000)
    60000.0
    """
    benefit = numbers(annual_benefit_eur, "annual benefit in euros")
    cost = _money(annual_cost_eur, "annual cost in euros")
    same_shape(annual_benefit_eur=benefit, annual_cost_eur=cost)
    return plain(benefit - cost)


def return_on_security_investment(annual_benefit_eur: ArrayLike, annual_cost_eur: ArrayLike) -> Result:
    """Net benefit per euro spent, a ratio: 1.5 is 150 %, 0 pays for itself, below 0 costs more than it prevents.

    It says nothing about size: a cheap control with a high ratio may prevent little. `net_benefit` is the amount.

    Parameters
    ----------
    annual_benefit_eur : array_like
        Loss prevented; may be below 0.
    annual_cost_eur : array_like
        Cost of the control, more than 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> return_on_security_investment(100_000, 40_000)
    1.5
    """
    benefit = numbers(annual_benefit_eur, "annual benefit in euros")
    cost = numbers(annual_cost_eur, "annual cost in euros", above=0)
    same_shape(annual_benefit_eur=benefit, annual_cost_eur=cost)
    return plain((benefit - cost) / cost)


def net_present_value(outlay_eur: ArrayLike, yearly_cash_flows_eur: ArrayLike, yearly_rate: ArrayLike) -> Result:
    """What an outlay today and cash flows at the end of each year are worth today, in euros.

    Parameters
    ----------
    outlay_eur : array_like
        Paid now (year 0), at least 0.
    yearly_cash_flows_eur : array_like, shape (..., years)
        Net flow of year 1, 2, and so on, in order; may be below 0. The dimensions before the last broadcast with
        the other arguments.
    yearly_rate : array_like
        Discount rate a year, more than -1; 0.08 is 8 %.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> round(net_present_value(120_000, [70_000, 70_000, 70_000], 0.08), 2)
    60396.79
    """
    outlay = _money(outlay_eur, "outlay in euros")
    flows = _series(numbers(yearly_cash_flows_eur, "yearly cash flows in euros"), "yearly cash flows in euros", "years")
    rate = numbers(yearly_rate, "yearly rate", above=-1)
    same_shape(outlay_eur=outlay, one_year_of_cash_flows=flows[..., 0], yearly_rate=rate)
    years = np.arange(1, flows.shape[-1] + 1)
    return plain((flows * (1 + rate[..., np.newaxis]) ** -years).sum(axis=-1) - outlay)


def combined_cut(cuts: ArrayLike) -> Result:
    """Share of the loss that several controls cut together: what each leaves is multiplied.

    Holds where each control stops its share of whatever reaches it, independently of the others.

    Parameters
    ----------
    cuts : array_like, shape (..., controls)
        Share that each control alone cuts, 0 to 1.

    Returns
    -------
    float or ndarray, shape (...)
        Share that all cut together, 0 to 1.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> combined_cut([0.5, 0.4])  # not 0.9
    0.7
    """
    shares = _series(share(cuts, "shares that controls cut"), "shares that controls cut", "controls")
    return plain(1 - np.prod(1 - shares, axis=-1))


def probability_of_hit(hazard_per_day: ArrayLike, days: ArrayLike) -> Result:
    """Probability that an open weakness is hit at least once within some days, at a constant hazard: 1 - exp(-hT).

    Parameters
    ----------
    hazard_per_day : array_like
        Expected hits per day, at least 0. For small hazards nearly the probability of a hit on one day.
    days : array_like
        How long the weakness stays open, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> round(probability_of_hit(0.004, 14), 6)
    0.054461
    """
    hazard, wait = _hazard(hazard_per_day), numbers(days, "days", least=0)
    same_shape(hazard_per_day=hazard, days=wait)
    return plain(-np.expm1(-hazard * wait))


def expected_loss_of_waiting(hazard_per_day: ArrayLike, days: ArrayLike, loss_eur: ArrayLike) -> Result:
    """Loss to expect from leaving a weakness open for some days, in euros; the first hit counts, once.

    Parameters
    ----------
    hazard_per_day, days : array_like
        As in `probability_of_hit`.
    loss_eur : array_like
        What a hit costs, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> round(expected_loss_of_waiting(0.004, 14, 2_400_000))
    130706
    """
    probability, loss = np.asarray(probability_of_hit(hazard_per_day, days)), _money(loss_eur, "loss in euros")
    same_shape(hazard_per_day_and_days=probability, loss_eur=loss)
    return plain(probability * loss)


def break_even_wait_days(hazard_per_day: ArrayLike, loss_eur: ArrayLike, outage_cost_eur: ArrayLike) -> Result:
    """Longest wait, in days, that is expected to cost no more than an outage to patch now.

    Parameters
    ----------
    hazard_per_day : array_like
        As in `probability_of_hit`.
    loss_eur : array_like
        What a hit costs, at least 0.
    outage_cost_eur : array_like
        What patching now costs, at least 0.

    Returns
    -------
    float or ndarray
        -ln(1 - cost / loss) / hazard; infinite where no wait ever costs more than the outage.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> round(break_even_wait_days(0.004, 2_400_000, 80_000), 3)
    8.475
    """
    hazard, loss, cost = _hazard(hazard_per_day), _money(loss_eur, "loss in euros"), _outage(outage_cost_eur)
    shape = same_shape(hazard_per_day=hazard, loss_eur=loss, outage_cost_eur=cost)
    ends = np.broadcast_to((hazard > 0) & (cost < loss), shape)
    part = np.divide(cost, loss, out=np.zeros(shape), where=ends)
    with np.errstate(over="ignore"):  # a hazard next to nothing: infinite is right
        return plain(np.divide(-np.log1p(-part), hazard, out=np.full(shape, np.inf), where=ends))


def break_even_loss(hazard_per_day: ArrayLike, days: ArrayLike, outage_cost_eur: ArrayLike) -> Result:
    """Loss, in euros, above which waiting some days is expected to cost more than an outage to patch now.

    Parameters
    ----------
    hazard_per_day, days : array_like
        As in `probability_of_hit`.
    outage_cost_eur : array_like
        What patching now costs, at least 0.

    Returns
    -------
    float or ndarray
        cost / probability of a hit; infinite where a hit is impossible.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> round(break_even_loss(0.004, 14, 80_000))
    1468945
    """
    probability, cost = np.asarray(probability_of_hit(hazard_per_day, days)), _outage(outage_cost_eur)
    shape = same_shape(hazard_per_day_and_days=probability, outage_cost_eur=cost)
    possible = np.broadcast_to(probability > 0, shape)
    with np.errstate(over="ignore"):  # a probability next to nothing: infinite is right
        return plain(np.divide(cost, probability, out=np.full(shape, np.inf), where=possible))


def _money(value: ArrayLike, name: str) -> Floats:
    return numbers(value, name, least=0)


def _outage(value: ArrayLike) -> Floats:
    return _money(value, "cost of the outage in euros")


def _hazard(value: ArrayLike) -> Floats:
    return numbers(value, "hazard per day", least=0)


def _series(array: Floats, name: str, of: str) -> Floats:
    if not array.ndim:
        raise ModelInputError(name, f"{array:g} stands alone", f"Expected a list: one number for each of the {of}")
    return array
