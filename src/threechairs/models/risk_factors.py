"""Risk from its factors, as the taxonomy behind FAIR takes it apart: how often a threat acts, what a loss costs.

Arguments are numbers or arrays that fit together by numpy's rules of broadcasting; plain numbers give a plain float,
arrays give an array. Money is in euros and never negative.

Source: The Open Group, O-RT 3.0.1, "Risk Taxonomy".
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from threechairs.models.inputs import Result, numbers, plain, same_shape, share


def threat_event_frequency(contacts_per_year: ArrayLike, probability_of_action: ArrayLike) -> Result:
    """How often a year a threat acts against an asset, whether or not it succeeds (O-RT).

    Parameters
    ----------
    contacts_per_year : array_like
        How often a threat comes into contact with the asset, at least 0.
    probability_of_action : array_like
        Probability that it acts once in contact, 0 to 1.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> threat_event_frequency(20, 0.2)
    4.0
    """
    contacts = numbers(contacts_per_year, "contacts per year", least=0)
    action = share(probability_of_action, "probability of action")
    same_shape(contacts_per_year=contacts, probability_of_action=action)
    return plain(contacts * action)


def loss_event_frequency(threat_events_per_year: ArrayLike, vulnerability: ArrayLike) -> Result:
    """How often a year a threat event becomes a loss (O-RT).

    Parameters
    ----------
    threat_events_per_year : array_like
        At least 0.
    vulnerability : array_like
        Probability that a threat event becomes a loss event, 0 to 1; not a number of flaws.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> loss_event_frequency(4, 0.10)
    0.4
    """
    events = numbers(threat_events_per_year, "threat events per year", least=0)
    probability = share(vulnerability, "vulnerability")
    same_shape(threat_events_per_year=events, vulnerability=probability)
    return plain(events * probability)


def loss_magnitude(primary_eur: ArrayLike, secondary_probability: ArrayLike, secondary_eur: ArrayLike) -> Result:
    """Loss that one loss event is expected to cause, in euros: primary, and secondary where others react (O-RT).

    Parameters
    ----------
    primary_eur : array_like
        Loss from the event itself, at least 0.
    secondary_probability : array_like
        Share of loss events to which customers, regulators or others react, 0 to 1.
    secondary_eur : array_like
        Loss from such a reaction, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> loss_magnitude(300_000, 0.5, 800_000)
    700000.0
    """
    primary, secondary = (
        numbers(primary_eur, "primary loss in euros", least=0),
        numbers(secondary_eur, "secondary loss in euros", least=0),
    )
    probability = share(secondary_probability, "secondary probability")
    same_shape(primary_eur=primary, secondary_probability=probability, secondary_eur=secondary)
    return plain(primary + probability * secondary)


def annual_risk(loss_events_per_year: ArrayLike, loss_magnitude_eur: ArrayLike) -> Result:
    """Risk as O-RT defines it: loss event frequency times loss magnitude, in euros a year.

    The same product as `annual_loss_expectancy`, reached through other factors.

    Parameters
    ----------
    loss_events_per_year : array_like
        At least 0.
    loss_magnitude_eur : array_like
        Expected loss per loss event, at least 0.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if the shapes do not fit together.

    Examples
    --------
    >>> annual_risk(0.4, 700_000)
    280000.0
    """
    frequency = numbers(loss_events_per_year, "loss events per year", least=0)
    magnitude = numbers(loss_magnitude_eur, "loss magnitude in euros", least=0)
    same_shape(loss_events_per_year=frequency, loss_magnitude_eur=magnitude)
    return plain(frequency * magnitude)
