"""How fast the numbers are: `make bench` prints what each takes here, and whether that keeps its limit.

Times are medians of several runs on this machine; what is stated as a ratio was measured beside its yardstick in the
same run. Nothing here decides whether tests pass: a busy machine is slower, and says so by every line.
"""

from __future__ import annotations

import functools
import math
import statistics
import time
from collections.abc import Callable

import numpy as np

from threechairs.company.firm import MAKERS, Firm
from threechairs.models import bargaining, estimates
from threechairs.models.portfolio import best_set
from threechairs.models.risks import Risk
from threechairs.models.simulation import SimulatedPortfolio, simulate_years

YEARS = 1_000_000
SLIDER_YEARS = 100_000


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Median time of a piece of work, after one run to warm up."""
    work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def beside(*works: Callable[[], object], runs: int = 5) -> list[float]:
    """Median time of each piece of work, run in turn: what slows the machine down slows all of them."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, taken in zip(works, times, strict=True):
            taken.append(seconds(work, runs=1))
    return [statistics.median(taken) for taken in times]


def risks(count: int = 25) -> list[Risk]:
    """Risks from one event in a hundred years to one in two, all with a wide interval of losses."""
    rates = np.geomspace(0.01, 0.5, count)
    return [
        Risk(f"risk {at}", 20_000 * (at + 1), 900_000 * (at + 1), rate_per_year=rate) for at, rate in enumerate(rates)
    ]


def numbers_alone(portfolio: list[Risk]) -> None:
    """Draw what the simulation draws, and use none of it: an arrival, a year and a normal number per event."""
    rng = np.random.default_rng(1)
    for risk in portfolio:
        events = round(risk.rate_per_year * YEARS)
        rng.standard_exponential(events)
        rng.integers(YEARS, size=events)
        rng.standard_normal(events)


def yes_or_no_risks(count: int = 25) -> list[Risk]:
    """Risks that strike once a year at most, with probabilities from 0.02 to 0.98."""
    probabilities = np.linspace(0.02, 0.98, count)
    return [
        Risk(f"risk {at}", 20_000 * (at + 1), 900_000 * (at + 1), probability_per_year=float(probability))
        for at, probability in enumerate(probabilities)
    ]


def yes_or_no_numbers_alone(portfolio: list[Risk]) -> None:
    """The same for yes or no: beyond one year in two, a number of chance and a normal per year that is left."""
    rng = np.random.default_rng(1)
    for risk in portfolio:
        events = round(-math.log1p(-min(risk.mean_events_per_year, 0.5)) * YEARS)
        rng.standard_exponential(events)
        rng.integers(YEARS, size=events)
        rng.standard_normal(events)
        if risk.mean_events_per_year > 0.5:
            rng.random(YEARS // 2)
            rng.standard_normal(YEARS // 2)


def chances_and_losses_alone(portfolio: list[Risk]) -> None:
    """Draw a number of chance per risk and year, and a loss per event, as a plain simulation would."""
    rng = np.random.default_rng(1)
    for risk in portfolio:
        struck = np.count_nonzero(rng.random(YEARS) < risk.mean_events_per_year)
        rng.lognormal(risk.severity.mu, risk.severity.sigma, struck)


def counts_and_losses_alone(portfolio: list[Risk]) -> None:
    """Draw a count per risk and year, and a loss per event, as a plain simulation would; use none of them."""
    rng = np.random.default_rng(1)
    for risk in portfolio:
        counts = rng.poisson(risk.rate_per_year, YEARS)
        rng.lognormal(risk.severity.mu, risk.severity.sigma, int(counts.sum()))


def slider() -> Callable[[], object]:
    """One risk of 25 becomes more frequent, back and forth: the years, and all that is read from them, follow."""
    portfolio = risks()
    simulated = SimulatedPortfolio(portfolio, SLIDER_YEARS, seed=1)
    at_eur = np.geomspace(10_000, 100_000_000, 100)
    places = [portfolio[-1].scaled(frequency=level) for level in np.linspace(0.3, 1.7, 50)]
    moves = iter(places * 10)

    def move() -> None:
        losses_eur = simulated.changed(next(moves)).total_eur()
        estimates.mean(losses_eur)
        estimates.quantile(losses_eur, 0.95)
        estimates.expected_shortfall(losses_eur, 0.95)
        estimates.exceedance_curve(losses_eur, at_eur)

    return move


def deals() -> None:
    """All deals of six issues with five options for three parties: feasible, frontier, Nash."""
    rng = np.random.default_rng(2)
    points = [rng.integers(0, 40, size=(5, 3)) for _ in range(6)]
    _choices, worths = bargaining.all_deals(points)
    floors = np.quantile(worths, 0.4, axis=0)
    bargaining.feasible(worths, floors)
    bargaining.frontier(worths)
    bargaining.nash(worths, floors)


def controls() -> list[Callable[[], object]]:
    """The best of 200 controls within a third of what all would cost, for several lists.

    In some the benefits go with the costs, in some they are the costs and a little chance, in some the costs and a
    constant: the closer they follow, the harder it is to prove that a set is the best.
    """
    works: list[Callable[[], object]] = []
    for seed in range(3, 9):
        rng = np.random.default_rng(seed)
        costs = rng.integers(20, 400, 200) * 1000
        for benefits in (
            np.round(costs * rng.uniform(1.0, 2.0, 200), -3),
            costs + rng.integers(40_000, 60_000, 200),
            costs + 50_000,
        ):
            works.append(functools.partial(best_set, costs, benefits, costs.sum() / 3))
    return works


def firm() -> None:
    """Every table of one learner."""
    one = Firm("alice", "bench")
    for name in MAKERS:
        one.rows(name)


def main() -> None:
    """Print one line per figure."""
    lines: list[tuple[str, str, float | None, float | None]] = []
    for kind, portfolio, numbers, plainly, limit in (
        ("risks", risks(), numbers_alone, counts_and_losses_alone, 2.0),
        ("risks of yes or no", yes_or_no_risks(), yes_or_no_numbers_alone, chances_and_losses_alone, None),
    ):
        simulated, alone, plain = beside(
            functools.partial(simulate_years, portfolio, YEARS, seed=1),
            functools.partial(numbers, portfolio),
            functools.partial(plainly, portfolio),
        )
        lines += [
            (f"{YEARS:,} years of {len(portfolio)} {kind}", f"{simulated:.3f} s", None, None),
            ("  ... over drawing the same random numbers alone", f"{simulated / alone:.2f}", simulated / alone, 2.0),
            ("  ... over a plain simulation's draws alone", f"{simulated / plain:.2f}", simulated / plain, limit),
        ]
    many = controls()
    for what, works, limit_ms in (
        (f"one risk of {len(risks())} changed, {SLIDER_YEARS:,} years, all figures", [slider()], 30),
        ("15,625 deals with three parties", [deals], 30),
        (f"best of 200 controls, the worst of {len(many)} lists", many, 1000),
        (f"all {len(MAKERS)} tables of one learner", [firm], 300),
    ):
        taken = 1000 * max(seconds(work) for work in works)
        lines.append((what, f"{taken:.1f} ms", taken, limit_ms))
    for what, told, value, limit in lines:
        kept = (
            "" if limit is None or value is None else f"at most {limit:g}: {'kept' if value <= limit else 'NOT KEPT'}"
        )
        print(f"{what:<58}{told:>12}   {kept}")


if __name__ == "__main__":
    main()
