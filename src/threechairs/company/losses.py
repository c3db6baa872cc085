"""What can go wrong and what it costs: single risks, loss scenarios for a loss curve, and controls to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.sites import half_up
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

RISKS, SCENARIOS = 40, 25
TRIES = 1000
# What happens, and to what: any of these to any of those.
_TO_SYSTEMS = ("Ransomware stops", "Data are stolen from", "A faulty change breaks", "A stolen login opens")
_SYSTEMS = (
    *("the berth plans", "the customs papers", "the payroll", "the patient records"),
    *("the freight invoices", "the ward rota", "the crane diary", "the supplier files"),
)
_TO_PLACES = ("Theft from", "Fire in", "Flooding of", "Break-in at")
_PLACES = (
    *("the container yard", "the pharmacy store", "the server room", "the cold store"),
    *("the battery room", "the customs shed", "the records room"),
)
_LOSING = 0.25  # share of risks whose control costs more than it prevents
_COST_OF_BENEFIT = {True: (1.15, 2.5), False: (0.15, 0.9)}
_RATE_AFTER = (0.15, 0.8)
# Bounds of a table of risks in which right and wrong sums differ: see `risks`.
_AHEAD = 1.05
_RATE_FROM_ONE = 0.02
_RETURN_FROM_ZERO = 0.05

# Chair that proposes a control, the control, who would bear the loss, and two things that the control works against.
# No scenario has two controls, so benefits add up exactly: a choice under a budget takes that for given.
_PROPOSALS = """
ciso | Second proof at sign-in | business-owner | A stolen password opens the bookings | A manager's mail is read
ciso | Detection on every laptop | coo | Malware spreads through an office | Malware stops the customs desk
ciso | Night shift that watches | coo | Attackers stay unseen for a weekend | An attack is noticed a month late
ciso | Supplier gateway | business-owner | A supplier's access is misused | A supplier's fault spreads to us
ciso | Practice with forged mail | cfo | A forged mail redirects a payment | A forged mail collects payroll logins
ciso | Filter for outgoing data | data-owner | Customer lists leave by mail | Tender prices reach a competitor
ciso | Access review twice a year | data-owner | A leaver uses an old login | A clerk pays invented suppliers
cio | Backups that none can change | business-owner | Ransomware locks the freight system | Bookings of a week are lost
cio | Exit from the old gate system | coo | The old gate system fails for days | An old flaw in the gate system is used
cio | Second data line to the ports | coo | A cut cable stops a port's systems | A port's data line is too slow for days
cio | Test stage for every change | system-owner | A change stops the ward rota | An update stops the crane plans
cio | Spare servers for the clinics | data-owner | Records cannot be read for a day | The laboratory works on paper
cio | List of all devices | system-owner | A forgotten server is broken into | A lost laptop holds patient data
cso | Badge readers at the ports | site-lead | A copied badge opens the bonded store | Strangers walk in the yard
cso | Fire suppression for batteries | coo | Fire in the battery room | Smoke fills the control room
cso | Evacuation alarm for clinics | site-lead | A clinic is cleared too late | A crowd jams at an exit
cso | Light and cameras at the fence | site-lead | Containers are emptied at night | Copper is stolen from the rails
cso | Escort for medicines | business-owner | Medicines are stolen on the road | A cold load spoils after a break-in
"""
_LIFE_SAFETY = ("Fire suppression for batteries", "Evacuation alarm for clinics")
_LEAST_RATE = 0.02
_HIGH_OF_LOW = (8.0, 40.0)
_TOTAL_EUR = (3_000_000, 8_000_000)  # a year that costs more than EUR 5 million is neither sure nor unheard of
_LARGEST_OF_TOTAL = 0.15
_CUTS = (0.4, 0.8)
_BENEFIT_OF_COST = {False: (1.2, 2.6), True: (0.7, 1.8)}  # counted in euros alone, life safety is often priced out
STEP_EUR = 5_000
_BUDGET_OF_ALL = (0.35, 0.5)
# Bounds of a choice that teaches something, in thousandths of the best benefit; see `controls`.
_GREEDY_BEHIND = (10, 200)
_LEAST_PRICE = 5
_GAPS_APART = 1.02
_CHOSEN = (5, 13)


def risks(_firm: Firm, draws: Draws) -> Made:
    """Forty single risks, each with the control that somebody proposes against it.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.

    Returns
    -------
    Made
        Columns `risk_id` (`"R01"` to `"R40"`), `what` (no two alike), `asset_value_eur` (lognormal, median EUR
        2 million, sigma 1), `exposure_factor` (beta(2, 5), two decimals), `annual_rate` (gamma(1.5, 0.2), events a
        year, three decimals), `control_cost_eur` a year and `annual_rate_after` (below the rate before). A quarter
        of the controls cost more than they prevent. The key names the risk with `largest_annual_loss`, which is not
        the one with the largest loss per event, and the ones with `best_return` and `largest_net_benefit`, which are
        not the same; each is 5 % ahead. No rate is within 2 % of 1, no return within 0.05 of 0.

    Raises
    ------
    ContentError
        If no table will do.
    """
    for _ in range(TRIES):
        rows = _draw_risks(draws)
        key = _leading_risks(rows)
        if key:
            return Made(rows, key)
    raise ContentError("risks", f"none of {TRIES} tables has clear leaders")


def _draw_risks(draws: Draws) -> tuple[dict[str, Any], ...]:
    events = [f"{event} {what}" for event in _TO_SYSTEMS for what in _SYSTEMS]
    events += [f"{event} {where}" for event in _TO_PLACES for where in _PLACES]
    rows = []
    for number, what in enumerate(draws.sample(events, RISKS), start=1):
        value = 1000 * max(1, half_up(draws.lognormal(2_000, 1.0)))
        factor = max(1, half_up(100 * draws.beta(2, 5))) / 100
        before = max(10, half_up(1000 * draws.gamma(1.5, 0.2)))
        after = max(1, half_up(before * draws.between(*_RATE_AFTER)))
        prevented = value * factor * (before - after) / 1000
        cost = prevented * draws.between(*_COST_OF_BENEFIT[draws.chance(_LOSING)])
        rows.append(
            {
                "risk_id": f"R{number:02}",
                "what": what,
                "asset_value_eur": value,
                "exposure_factor": factor,
                "annual_rate": before / 1000,
                "control_cost_eur": max(100, 100 * half_up(cost / 100)),
                "annual_rate_after": after / 1000,
            }
        )
    return tuple(rows)


def _leading_risks(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Which risks lead; empty if one does not lead clearly, or a wrong sum would come near a right one."""
    single, yearly, returns, net = {}, {}, {}, {}
    for row in rows:
        risk, rate, cost = row["risk_id"], row["annual_rate"], row["control_cost_eur"]
        single[risk] = row["asset_value_eur"] * row["exposure_factor"]
        yearly[risk] = single[risk] * rate
        net[risk] = single[risk] * (rate - row["annual_rate_after"]) - cost
        returns[risk] = net[risk] / cost
        if abs(rate - 1) < _RATE_FROM_ONE or abs(returns[risk]) < _RETURN_FROM_ZERO:
            return {}
    leaders = []
    for by in (single, yearly, returns, net):
        first, second = sorted(by, key=by.__getitem__, reverse=True)[:2]
        if by[first] < by[second] * _AHEAD:
            return {}
        leaders.append(first)
    largest_event, largest_year, best_return, largest_net = leaders
    if largest_event == largest_year or best_return == largest_net:
        return {}
    return {"largest_annual_loss": largest_year, "best_return": best_return, "largest_net_benefit": largest_net}


def loss_scenarios(_firm: Firm, draws: Draws) -> Made:
    """Twenty-five ways to lose money, each with a frequency and a 90 % interval, for a loss curve.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.

    Returns
    -------
    Made
        Columns `scenario_id` (`"LS01"` to `"LS25"`), `what` (no two alike), `annual_rate` (events a year, at least
        0.02, two decimals), `low_eur` and `high_eur` (90 % interval of the loss per event; 8 to 40 times apart, two
        digits that count) and `owner` (the role that would bear the loss). Their mean losses add up to EUR 3 to 8
        million a year, none of them more than 15 % of it. The key holds that sum, `mean_annual_loss_eur`.

    Raises
    ------
    ContentError
        If no table will do.
    """
    pairs = [(owner, *both) for _, _, owner, *both in _proposals()]
    for _ in range(TRIES):
        twice = draws.sample([True] * (SCENARIOS - len(pairs)) + [False] * (2 * len(pairs) - SCENARIOS), len(pairs))
        chosen = []
        for (owner, first, second), both in zip(pairs, twice, strict=True):
            chosen += [(owner, one) for one in ((first, second) if both else (draws.pick((first, second)),))]
        rows = tuple(
            {"scenario_id": f"LS{number:02}", "what": what, **_numbers(draws), "owner": owner}
            for number, (owner, what) in enumerate(draws.sample(chosen, SCENARIOS), start=1)
        )
        means = [mean_annual_loss_eur(row) for row in rows]
        total = sum(means)
        if _TOTAL_EUR[0] <= total <= _TOTAL_EUR[1] and max(means) <= _LARGEST_OF_TOTAL * total:
            return Made(rows, {"mean_annual_loss_eur": half_up(total)})
    raise ContentError("loss_scenarios", f"none of {TRIES} tables has mean losses that add up to {_TOTAL_EUR}")


def mean_annual_loss_eur(scenario: Mapping[str, Any]) -> float:
    """Mean loss of a scenario in a year, in EUR: rate times the mean of the lognormal that its interval stands for.

    Examples
    --------
    >>> round(mean_annual_loss_eur({"annual_rate": 0.5, "low_eur": 200_000, "high_eur": 5_000_000}), 2)
    806987.9
    """
    from threechairs.models.severity import Lognormal

    loss = Lognormal.from_interval(scenario["low_eur"], scenario["high_eur"])
    return float(scenario["annual_rate"] * loss.mean_eur)


def _numbers(draws: Draws) -> dict[str, Any]:
    rate = max(_LEAST_RATE, half_up(100 * draws.gamma(2.2, 0.12)) / 100)
    apart = draws.between(*_HIGH_OF_LOW)
    low = draws.lognormal(420_000, 0.5) / apart**0.5
    return {"annual_rate": rate, "low_eur": _two_digits(low), "high_eur": _two_digits(low * apart)}


def _two_digits(amount_eur: float) -> int:
    """An amount as one estimates it: 347,000 is 350,000."""
    step = int(10 ** max(0, len(str(int(amount_eur))) - 2))
    return step * half_up(amount_eur / step)


def controls(firm: Firm, draws: Draws) -> Made:
    """Eighteen proposals of the three chairs, more than the budget pays for.

    Parameters
    ----------
    firm : Firm
        For its loss scenarios: what a control prevents is a share of their mean loss.
    draws : Draws
        The firm's stream for this table.

    Returns
    -------
    Made
        Columns `control_id` (`"K01"` to `"K18"`), `what`, `chair`, `cost_eur` a year (in steps of EUR 5,000),
        `benefit_eur` a year, `scenario_ids` (what it works against: a tuple of one or two, and no scenario has two
        controls), `cut` (share of these events that it prevents) and `life_safety` (two of them). The key holds
        `budget_eur` (35 to 50 % of all costs), the best set `best`, its `best_cost_eur` and `best_benefit_eur`, what
        both greedy answers bring (`greedy_by_ratio_eur`, `greedy_by_benefit_eur`), the best set `best_safe` that
        holds a life-safety control, its `best_safe_benefit_eur`, and `price_of_safety_eur`. Both best sets are
        unique. The best brings 1 to 20 % of itself more than either greedy answer and has 5 to 13 controls; the
        price is 0, or at least 0.5 % of that benefit, and 2 % apart from what the greedy answers lack.

    Raises
    ------
    ContentError
        If no set of costs will do.
    """
    losses = {row["what"]: (row["scenario_id"], mean_annual_loss_eur(row)) for row in firm.rows("loss_scenarios")}
    for _ in range(TRIES):
        rows = _draw_controls(draws, losses)
        total = sum(row["cost_eur"] for row in rows)
        budget = STEP_EUR * half_up(total * draws.between(*_BUDGET_OF_ALL) / STEP_EUR)
        key = _choice(rows, budget)
        if key:
            return Made(rows, key)
    raise ContentError("controls", f"none of {TRIES} sets of costs makes a choice worth thinking about")


def _draw_controls(draws: Draws, losses: Mapping[str, tuple[str, float]]) -> tuple[dict[str, Any], ...]:
    rows = []
    proposals = list(_proposals())
    for number, (chair, what, _, *against) in enumerate(draws.sample(proposals, len(proposals)), start=1):
        hit = sorted(losses[one] for one in against if one in losses)
        cut = half_up(20 * draws.between(*_CUTS)) / 20
        benefit = half_up(cut * sum(mean for _, mean in hit))
        life_safety = what in _LIFE_SAFETY
        cost = benefit / draws.between(*_BENEFIT_OF_COST[life_safety])
        rows.append(
            {
                "control_id": f"K{number:02}",
                "what": what,
                "chair": chair,
                "cost_eur": STEP_EUR * max(1, half_up(cost / STEP_EUR)),
                "benefit_eur": benefit,
                "scenario_ids": tuple(scenario for scenario, _ in hit),
                "cut": cut,
                "life_safety": life_safety,
            }
        )
    return tuple(rows)


def _choice(rows: Sequence[Mapping[str, Any]], budget_eur: int) -> dict[str, Any]:
    """The answers to a choice; empty if it is a poor exercise."""
    from threechairs.models import portfolio

    costs, benefits = [row["cost_eur"] for row in rows], [row["benefit_eur"] for row in rows]
    if 2 * max(costs) > budget_eur:
        return {}
    by_ratio = int(portfolio.greedy_by_ratio(costs, benefits, budget_eur).benefit_eur)
    by_benefit = int(portfolio.greedy_by_benefit(costs, benefits, budget_eur).benefit_eur)
    best, sets, chosen = _best(rows, budget_eur)
    gaps = [best - by_ratio, best - by_benefit]
    few, many = _GREEDY_BEHIND
    if sets > 1 or 1000 * min(gaps) < few * best or 1000 * max(gaps) > many * best:
        return {}
    safe, safe_sets, safe_chosen = _best_safe(rows, budget_eur)
    price = best - safe
    if safe_sets > 1 or not _CHOSEN[0] <= len(chosen) <= _CHOSEN[1] or 0 < 1000 * price < _LEAST_PRICE * best:
        return {}
    gaps = sorted([*gaps, price])
    if any(low * _GAPS_APART > high for low, high in pairwise(gaps)):
        return {}
    return {
        "budget_eur": budget_eur,
        "best": chosen,
        "best_cost_eur": sum(row["cost_eur"] for row in rows if row["control_id"] in chosen),
        "best_benefit_eur": best,
        "greedy_by_ratio_eur": by_ratio,
        "greedy_by_benefit_eur": by_benefit,
        "best_safe": safe_chosen,
        "best_safe_benefit_eur": safe,
        "price_of_safety_eur": price,
    }


def _best(rows: Sequence[Mapping[str, Any]], budget_eur: int) -> tuple[int, int, tuple[str, ...]]:
    """Largest benefit within a budget, how many sets have it, and one of them.

    Step by step over the controls and over all budgets up to this one, in whole numbers. `models.portfolio` finds the
    same, and allows more rules, but takes longer than all tables of a learner may; tests compare the two.
    """
    cells: list[tuple[int, int, tuple[str, ...]]] = [(0, 1, ())] * (budget_eur // STEP_EUR + 1)
    for row in rows:
        name, steps, benefit = row["control_id"], row["cost_eur"] // STEP_EUR, row["benefit_eur"]
        for room in range(len(cells) - 1, steps - 1, -1):
            without, others, kept = cells[room]
            rest, sets, chosen = cells[room - steps]
            if rest + benefit > without:
                cells[room] = (rest + benefit, sets, (*chosen, name))
            elif rest + benefit == without:
                cells[room] = (without, sets + others, kept)
    return cells[-1]


def _best_safe(rows: Sequence[Mapping[str, Any]], budget_eur: int) -> tuple[int, int, tuple[str, ...]]:
    """The same among the sets that hold a life-safety control: those with the first, those with the second alone."""
    found = []
    left = list(rows)
    for row in rows:
        if row["life_safety"]:
            left.remove(row)
            benefit, sets, chosen = _best(left, budget_eur - row["cost_eur"])
            found.append((benefit + row["benefit_eur"], sets, tuple(sorted((*chosen, row["control_id"])))))
    most, _, chosen = max(found)
    return most, sum(sets for benefit, sets, _ in found if benefit == most), chosen


def _proposals() -> Iterator[list[str]]:
    for line in _PROPOSALS.strip().splitlines():
        yield line.split(" | ")


MAKERS: dict[str, Maker] = {"risks": risks, "loss_scenarios": loss_scenarios, "controls": controls}
