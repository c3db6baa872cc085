"""How fast the numbers are: `make bench` prints what each takes here, and whether that keeps its limit.

Times are medians of several runs on this machine; what is stated as a ratio was measured beside its yardstick in the
same run. Nothing here decides whether tests pass: a busy machine is slower, and says so by every line.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from threechairs.company.firm import MAKERS, Firm
from threechairs.models import bargaining
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


def counts_and_losses_alone(portfolio: list[Risk]) -> None:
    """Draw a count per risk and year, and a loss per event, as a plain simulation would; use none of them."""
    rng = np.random.default_rng(1)
    for risk in portfolio:
        counts = rng.poisson(risk.rate_per_year, YEARS)
        rng.lognormal(risk.severity.mu, risk.severity.sigma, int(counts.sum()))


def slider() -> Callable[[], object]:
    """One risk of 25 becomes more frequent, back and forth; the yearly totals follow."""
    portfolio = risks()
    simulated = SimulatedPortfolio(portfolio, SLIDER_YEARS, seed=1)
    simulated.total_eur()
    places = [portfolio[-1].scaled(frequency=level) for level in np.linspace(0.3, 1.7, 50)]
    moves = iter(places * 10)
    return lambda: simulated.changed(next(moves)).total_eur()


def deals() -> None:
    """All deals of six issues with five options for three parties: feasible, frontier, Nash."""
    rng = np.random.default_rng(2)
    points = [rng.integers(0, 40, size=(5, 3)) for _ in range(6)]
    _choices, worths = bargaining.all_deals(points)
    floors = np.quantile(worths, 0.4, axis=0)
    bargaining.feasible(worths, floors)
    bargaining.frontier(worths)
    bargaining.nash(worths, floors)


def controls() -> Callable[[], object]:
    """The best of 200 controls whose benefits go with their costs, within a third of what all would cost."""
    rng = np.random.default_rng(3)
    costs = rng.integers(20, 400, 200) * 1000
    benefits = np.round(costs * rng.uniform(1.0, 2.0, 200), -3)
    return lambda: best_set(costs, benefits, costs.sum() / 3)


def firm() -> None:
    """Every table of one learner."""
    one = Firm("alice", "bench")
    for name in MAKERS:
        one.rows(name)


def main() -> None:
    """Print one line per figure."""
    portfolio = risks()
    simulated = seconds(lambda: simulate_years(portfolio, YEARS, seed=1))
    alone = seconds(lambda: numbers_alone(portfolio))
    plain = seconds(lambda: counts_and_losses_alone(portfolio))
    lines = [
        (f"{YEARS:,} years of {len(portfolio)} risks", f"{simulated:.3f} s", None, None),
        ("  ... over drawing the same random numbers alone", f"{simulated / alone:.2f}", simulated / alone, 2.0),
        (
            "  ... over drawing a count per year and its losses alone",
            f"{simulated / plain:.2f}",
            simulated / plain,
            2.0,
        ),
    ]
    for what, work, limit_ms in (
        (f"one risk of {len(portfolio)} changed, {SLIDER_YEARS:,} years", slider(), 30),
        ("15,625 deals with three parties", deals, 30),
        ("best of 200 controls under a budget", controls(), 1000),
        (f"all {len(MAKERS)} tables of one learner", firm, 300),
    ):
        taken = 1000 * seconds(work)
        lines.append((what, f"{taken:.1f} ms", taken, limit_ms))
    for what, told, value, limit in lines:
        kept = "" if limit is None else f"at most {limit:g}: {'kept' if value <= limit else 'NOT KEPT'}"
        print(f"{what:<58}{told:>12}   {kept}")


if __name__ == "__main__":
    main()
