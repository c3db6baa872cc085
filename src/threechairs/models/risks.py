"""A risk as the loss models take it: its name, how often it strikes, and what it costs when it does.

Source of yes-or-no risks with a 90 % interval: D. Hubbard and R. Seiersen, "How to measure anything in cybersecurity
risk" (2016). Yearly means are derived where they stand.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from threechairs.errors import ModelInputError
from threechairs.models.inputs import one_number
from threechairs.models.severity import Lognormal


@dataclass(frozen=True)
class Risk:
    """One risk: a frequency per year and a lognormal loss per event.

    Parameters
    ----------
    name : str
        What it is called; its random numbers hang on this name.
    low_eur, high_eur : float
        90 % interval of the loss per event, in EUR; 0 < low < high.
    rate_per_year : float, optional
        Mean number of events in a year, 0 or more: any number of them can come (Poisson).
    probability_per_year : float, optional
        Probability, 0 to 1, that the one event of the year happens: yes or no. Give this or the rate.

    Raises
    ------
    ModelInputError
        If a number is out of its range, low is not below high, or not exactly one frequency is given.

    Examples
    --------
    >>> phishing = Risk("phishing", 200_000, 5_000_000, rate_per_year=0.5)
    >>> round(phishing.mean_annual_loss_eur, 2)
    806987.9
    >>> round(phishing.severity.median_eur), phishing.mean_events_per_year, round(phishing.no_event_probability, 6)
    (1000000, 0.5, 0.606531)
    """

    name: str
    low_eur: float
    high_eur: float
    rate_per_year: float | None = None
    probability_per_year: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise ModelInputError("risk", f"its name is {self.name!r:.60}", "Expected a word that tells it from others")
        given = [value for value in (self.rate_per_year, self.probability_per_year) if value is not None]
        if len(given) != 1:
            raise ModelInputError(
                f"risk {self.name!r}",
                "both frequencies are given" if given else "no frequency is given",
                "Expected either rate_per_year or probability_per_year",
            )
        try:
            for field, most in (("rate_per_year", math.inf), ("probability_per_year", 1.0)):
                value = getattr(self, field)
                if value is not None:
                    object.__setattr__(self, field, one_number(value, field, least=0, most=most))
            for field in ("low_eur", "high_eur"):
                object.__setattr__(self, field, one_number(getattr(self, field), field))
            Lognormal.from_interval(self.low_eur, self.high_eur)
        except ModelInputError as error:
            where = f"risk {self.name!r}, {error.where}"
            raise ModelInputError(where, error.seen, error.expected, error.next_step) from None

    @property
    def severity(self) -> Lognormal:
        """Loss per event."""
        return Lognormal.from_interval(self.low_eur, self.high_eur)

    @property
    def mean_events_per_year(self) -> float:
        """Mean number of events in a year: the rate, or the probability."""
        return float((self.rate_per_year or 0.0) + (self.probability_per_year or 0.0))

    @property
    def mean_annual_loss_eur(self) -> float:
        """Mean loss in a year, in EUR."""
        return self.mean_events_per_year * self.severity.mean_eur

    @property
    def no_event_probability(self) -> float:
        """Probability of a year without an event."""
        if self.rate_per_year is not None:
            return math.exp(-self.rate_per_year)
        return 1.0 - (self.probability_per_year or 0.0)

    def scaled(self, *, frequency: float = 1.0, severity: float = 1.0) -> Risk:
        """The same risk under a control that changes how often it strikes, or what it costs.

        Parameters
        ----------
        frequency : float, default 1
            Factor on the rate or probability, 0 or more: 0.4 where a control stops 60 % of the events.
        severity : float, default 1
            Factor on both ends of the interval, more than 0.

        Raises
        ------
        ModelInputError
            If a factor is out of range, or a probability would be more than 1.

        Examples
        --------
        >>> Risk("fire", 10_000, 90_000, probability_per_year=0.2).scaled(frequency=0.5, severity=0.5)
        Risk(name='fire', low_eur=5000.0, high_eur=45000.0, rate_per_year=None, probability_per_year=0.1)
        """
        often = one_number(frequency, "frequency factor", least=0)
        much = one_number(severity, "severity factor", above=0)
        return replace(
            self,
            low_eur=self.low_eur * much,
            high_eur=self.high_eur * much,
            rate_per_year=None if self.rate_per_year is None else self.rate_per_year * often,
            probability_per_year=None if self.probability_per_year is None else self.probability_per_year * often,
        )


def by_name(risks: Iterable[Risk]) -> dict[str, Risk]:
    """Risks by name in alphabetical order, so that no result hangs on the order in which they were given.

    Raises
    ------
    ModelInputError
        If there is no risk, something is not a `Risk`, or two have the same name.

    Examples
    --------
    >>> list(by_name([Risk("fire", 1, 2, rate_per_year=1), Risk("error", 1, 2, rate_per_year=1)]))
    ['error', 'fire']
    """
    if not isinstance(risks, Iterable):
        raise ModelInputError("risks", f"{risks!r:.60} is no list of them", "Expected at least one Risk")
    given = list(risks)
    if not given:
        raise ModelInputError("risks", "there are none", "Expected at least one risk")
    for risk in given:
        if not isinstance(risk, Risk):
            raise ModelInputError("risks", f"{risk!r:.60} is among them", "Expected each to be a Risk")
    name, times = Counter(risk.name for risk in given).most_common(1)[0]
    if times > 1:
        raise ModelInputError(
            "risks",
            f"{times} of them are called {name!r}",
            "Expected a name of its own for each, for the random numbers hang on it",
        )
    return {risk.name: risk for risk in sorted(given, key=lambda risk: risk.name)}
