"""Risks, loss scenarios and controls: sizes, distributions, and a choice under a budget that has one best answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from statistics import fmean, median, stdev

import numpy as np
import pytest
from company.many_firms import a_thousand_firms
from scipy.stats import beta, gamma, kstest

from threechairs.company import losses as module
from threechairs.company.firm import Firm
from threechairs.datasets import table
from threechairs.errors import ContentError
from threechairs.models.loss import (
    annual_benefit,
    annual_loss_expectancy,
    net_benefit,
    return_on_security_investment,
    single_loss_expectancy,
)
from threechairs.models.loss_exceedance import exact_curve
from threechairs.models.portfolio import Rules, best_set, greedy_by_benefit, greedy_by_ratio, price_of_rules
from threechairs.models.risks import Risk

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

ENOUGH = {"risks": 100, "loss_scenarios": 50, "controls": 250}  # draws


@pytest.fixture(scope="module")
def firms() -> list[Firm]:
    """A thousand learners' firms, each of whose tables is found within so many draws."""
    return a_thousand_firms("l08", module, ENOUGH)


@pytest.fixture(scope="module")
def risks(firms: list[Firm]) -> list[dict]:
    """The risks of 400 of them together."""
    return [row for firm in firms[:400] for row in firm.rows("risks")]


@pytest.fixture(scope="module")
def scenarios(firms: list[Firm]) -> list[dict]:
    """The loss scenarios of 400 of them together."""
    return [row for firm in firms[:400] for row in firm.rows("loss_scenarios")]


@pytest.mark.parametrize(
    ("name", "first_column", "ids"),
    [
        ("risks", "risk_id", [f"R{number:02}" for number in range(1, 41)]),
        ("loss_scenarios", "scenario_id", [f"LS{number:02}" for number in range(1, 26)]),
        ("controls", "control_id", [f"K{number:02}" for number in range(1, 19)]),
    ],
)
def test_rows_are_numbered_and_tell_different_things(
    firms: list[Firm], name: str, first_column: str, ids: list[str]
) -> None:
    """Forty risks, 25 scenarios and 18 controls, each with an id in order and words of its own."""
    for firm in firms[:100]:
        rows = firm.rows(name)
        assert [row[first_column] for row in rows] == ids
        assert len({row["what"] for row in rows}) == len(ids)
        assert len({tuple(row) for row in rows}) == 1


def test_risks_follow_their_distributions(risks: list[dict]) -> None:
    """Asset values are lognormal around EUR 2 million, exposure is beta(2, 5), rates are gamma(1.5, 0.2)."""
    logs = [math.log(row["asset_value_eur"]) for row in risks]
    assert math.exp(median(logs)) == pytest.approx(2_000_000, rel=0.02)
    assert stdev(logs) == pytest.approx(1.0, rel=0.02)
    assert kstest([row["exposure_factor"] for row in risks], beta(2, 5).cdf).statistic < 0.02
    assert kstest([row["annual_rate"] for row in risks], gamma(1.5, scale=0.2).cdf).statistic < 0.02


def test_risks_are_in_range(risks: list[dict]) -> None:
    """A control always lowers the rate, no rate is near 1, a quarter of the controls cost more than they prevent."""
    losing = 0
    for row in risks:
        assert row["asset_value_eur"] > 0 and row["asset_value_eur"] % 1000 == 0
        assert 0 < row["exposure_factor"] < 1
        assert 0 < row["annual_rate_after"] < row["annual_rate"]
        assert abs(row["annual_rate"] - 1) >= 0.02
        assert row["control_cost_eur"] > 0 and row["control_cost_eur"] % 100 == 0
        returned = _return(row)
        assert abs(returned) >= 0.05
        losing += returned < 0
    assert losing / len(risks) == pytest.approx(0.25, abs=0.01)


def _return(row: dict) -> float:
    single = single_loss_expectancy(row["asset_value_eur"], row["exposure_factor"])
    rates = (row["annual_rate"], row["annual_rate_after"])
    benefit = annual_benefit(*(annual_loss_expectancy(single, rate) for rate in rates))
    return return_on_security_investment(benefit, row["control_cost_eur"])


def test_leading_risks_are_those_of_the_key_and_ways_to_lead_differ(firms: list[Firm]) -> None:
    """Recounted with the loss models, leaders are 5 % ahead; most loss per event or best return is a wrong answer."""
    for firm in firms[:100]:
        rows = {row["risk_id"]: row for row in firm.rows("risks")}
        single = {
            name: single_loss_expectancy(row["asset_value_eur"], row["exposure_factor"]) for name, row in rows.items()
        }
        yearly = {name: annual_loss_expectancy(single[name], row["annual_rate"]) for name, row in rows.items()}
        returns = {name: _return(row) for name, row in rows.items()}
        net = {}
        for name, row in rows.items():
            after = annual_loss_expectancy(single[name], row["annual_rate_after"])
            net[name] = net_benefit(annual_benefit(yearly[name], after), row["control_cost_eur"])
        largest_event, largest_year, best_return, largest_net = (
            _clear_leader(numbers) for numbers in (single, yearly, returns, net)
        )
        assert firm.key("risks") == {
            "largest_annual_loss": largest_year,
            "best_return": best_return,
            "largest_net_benefit": largest_net,
        }
        assert largest_event != largest_year and best_return != largest_net


def _clear_leader(numbers: dict[str, float]) -> str:
    first, second = sorted(numbers, key=numbers.__getitem__, reverse=True)[:2]
    assert numbers[first] >= 1.05 * numbers[second] * (1 - 1e-9)
    return first


def test_scenarios_are_estimates_that_a_loss_curve_can_take(scenarios: list[dict]) -> None:
    """Rates have two decimals and a mean of 0.26, ends of intervals have two digits that count, 8 to 40 times apart."""
    rates = [row["annual_rate"] for row in scenarios]
    assert min(rates) == 0.02 and fmean(rates) == pytest.approx(2.2 * 0.12, rel=0.05)
    for row in scenarios:
        assert row["annual_rate"] == round(row["annual_rate"], 2)
        assert 7 < row["high_eur"] / row["low_eur"] < 45
        for end in (row["low_eur"], row["high_eur"]):
            assert type(end) is int and len(str(end).rstrip("0")) <= 2


def test_whoever_would_bear_a_loss_is_a_role_and_none_of_the_three_chairs(scenarios: list[dict]) -> None:
    """Owners are roles of the firm; security chiefs propose controls and own none of the losses."""
    owners = {row["owner"] for row in scenarios}
    assert owners <= {role["role_id"] for role in table("roles")}
    assert len(owners) >= 6 and not owners & {"cso", "ciso", "cio"}


def test_mean_losses_add_up_to_the_key_and_none_dwarfs_the_rest(firms: list[Firm]) -> None:
    """Recounted by the formula of the lognormal mean: EUR 3 to 8 million a year, no scenario above 15 % of it."""
    for firm in firms:
        means = []
        for row in firm.rows("loss_scenarios"):
            mu = (math.log(row["low_eur"]) + math.log(row["high_eur"])) / 2
            sigma = math.log(row["high_eur"] / row["low_eur"]) / 3.289707
            means.append(row["annual_rate"] * math.exp(mu + sigma**2 / 2))
        total = math.fsum(means)
        assert firm.key("loss_scenarios")["mean_annual_loss_eur"] == pytest.approx(total, rel=1e-5)
        assert 3_000_000 <= total <= 8_000_000
        assert max(means) <= 0.15 * total * (1 + 1e-5)


def test_a_year_above_five_million_is_neither_sure_nor_unheard_of(firms: list[Firm]) -> None:
    """The exact curve of ten learners gives 10 to 90 % at EUR 5 million."""
    for firm in firms[:10]:
        curve = exact_curve(
            Risk(row["scenario_id"], row["low_eur"], row["high_eur"], rate_per_year=row["annual_rate"])
            for row in firm.rows("loss_scenarios")
        )
        assert 0.1 < float(curve.exceedance(5_000_000)) < 0.9


def test_controls_work_against_scenarios_of_the_same_firm(firms: list[Firm]) -> None:
    """Each scenario has one control, and a benefit is the share cut from its mean loss: so benefits add up exactly."""
    for firm in firms[:100]:
        scenarios = {row["scenario_id"]: row for row in firm.rows("loss_scenarios")}
        rows = firm.rows("controls")
        assert Counter(name for row in rows for name in row["scenario_ids"]) == Counter(list(scenarios))
        for row in rows:
            cut_from = sum(module.mean_annual_loss_eur(scenarios[name]) for name in row["scenario_ids"])
            assert row["benefit_eur"] == math.floor(row["cut"] * cut_from + 0.5)
            assert 0.4 <= row["cut"] <= 0.8
            assert row["cost_eur"] > 0 and row["cost_eur"] % 5_000 == 0
            assert row["life_safety"] == (row["what"].startswith(("Fire suppression", "Evacuation alarm")))
        assert Counter(row["chair"] for row in rows) == {"ciso": 7, "cio": 6, "cso": 5}
        assert all(row["chair"] == "cso" for row in rows if row["life_safety"])


def test_the_key_is_what_the_solver_finds(firms: list[Firm]) -> None:
    """Best set, best set with a life-safety control, price and both greedy answers agree with the portfolio model."""
    for firm in firms[:25]:
        rows, key = firm.rows("controls"), firm.key("controls")
        names = [row["control_id"] for row in rows]
        amounts = ([row["cost_eur"] for row in rows], [row["benefit_eur"] for row in rows], key["budget_eur"])
        safety = Rules(at_least_one_of=[[at for at, row in enumerate(rows) if row["life_safety"]]])

        for rules, chosen, benefit in (
            (None, key["best"], key["best_benefit_eur"]),
            (safety, key["best_safe"], key["best_safe_benefit_eur"]),
        ):
            best = best_set(*amounts, rules, ties=1)
            assert best.unique
            assert tuple(names[at] for at in best.chosen) == chosen
            assert best.benefit_eur == benefit
        assert best_set(*amounts).cost_eur == key["best_cost_eur"]
        assert price_of_rules(*amounts, safety) == key["price_of_safety_eur"]
        assert greedy_by_ratio(*amounts).benefit_eur == key["greedy_by_ratio_eur"]
        assert greedy_by_benefit(*amounts).benefit_eur == key["greedy_by_benefit_eur"]


def test_every_set_of_controls_was_compared(firms: list[Firm]) -> None:
    """For 200 learners all 262,144 sets are listed: the key's best sets have the largest benefit, and alone have it."""
    for firm in firms[:200]:
        rows, key = firm.rows("controls"), firm.key("controls")
        cost, benefit, safety = (
            _of_all_sets(row[name] for row in rows) for name in ("cost_eur", "benefit_eur", "life_safety")
        )
        affordable = cost <= key["budget_eur"]
        for allowed, chosen, most in (
            (affordable, key["best"], key["best_benefit_eur"]),
            (affordable & (safety > 0), key["best_safe"], key["best_safe_benefit_eur"]),
        ):
            (best,) = np.flatnonzero(allowed & (benefit == benefit[allowed].max()))
            assert tuple(row["control_id"] for at, row in enumerate(rows) if int(best) >> at & 1) == chosen
            assert benefit[best] == most
        assert (
            key["best_cost_eur"]
            == cost[sum(1 << at for at, row in enumerate(rows) if row["control_id"] in key["best"])]
        )


def _of_all_sets(amounts: Iterable[int]) -> np.ndarray:
    """Sum per set; bit `n` of a set's number tells whether it holds the n-th amount."""
    sums = np.zeros(1, dtype=np.int64)
    for amount in amounts:
        sums = np.concatenate([sums, sums + amount])
    return sums


def test_a_thousand_learners_are_served_long_before_the_limit(firms: list[Firm]) -> None:
    """All have the three tables, each found within a quarter of the draws that are allowed."""
    for name, rows in (("risks", 40), ("loss_scenarios", 25), ("controls", 18)):
        assert all(len(firm.rows(name)) == rows for firm in firms)
    assert 4 * max(ENOUGH.values()) <= module.TRIES


def test_every_learner_has_a_choice_worth_thinking_about(firms: list[Firm]) -> None:
    """For a thousand learners both greedy answers fall short by 1 to 20 %, and no wrong gap equals a right one."""
    prices = []
    for firm in firms:
        rows, key = firm.rows("controls"), firm.key("controls")
        best = key["best_benefit_eur"]
        gaps = [best - key["greedy_by_ratio_eur"], best - key["greedy_by_benefit_eur"]]
        assert all(best >= 1.01 * (best - gap) and gap <= 0.2 * best for gap in gaps)
        price = key["price_of_safety_eur"]
        assert price == 0 or price >= 0.005 * best
        assert all(low * 1.02 <= high for low, high in pairwise(sorted([*gaps, price])))
        assert 5 <= len(key["best"]) <= 13
        total = sum(row["cost_eur"] for row in rows)
        assert 0.35 * total - 2_500 <= key["budget_eur"] <= 0.5 * total + 2_500
        assert key["best_cost_eur"] <= key["budget_eur"]
        assert 2 * max(row["cost_eur"] for row in rows) <= key["budget_eur"]
        prices.append(price)
    assert 0.1 < fmean(price == 0 for price in prices) < 0.35


def test_ties_are_counted_and_a_best_set_over_steps_is_exact() -> None:
    """Two sets of the same benefit are two, and the budget may be spent to the last step."""
    rows = [
        {"control_id": name, "cost_eur": cost, "benefit_eur": benefit, "life_safety": safe}
        for name, cost, benefit, safe in [
            ("A", 10_000, 30, False),
            ("B", 15_000, 40, False),
            ("C", 25_000, 70, False),
            ("D", 20_000, 10, True),
            ("E", 5_000, 10, True),
        ]
    ]
    assert module._best(rows, 25_000)[:2] == (70, 2)
    assert module._best(rows, 24_999) == (50, 1, ("B", "E"))
    assert module._best_safe(rows, 25_000) == (50, 1, ("B", "E"))
    assert module._best_safe(rows, 20_000) == (50, 1, ("B", "E"))
    assert module._best_safe(rows[:4], 20_000) == (10, 1, ("D",))
    assert module._best_safe(rows[3:], 25_000) == (20, 1, ("D", "E"))


def test_safe_sets_of_the_same_benefit_are_counted_over_all_life_safety_controls() -> None:
    """Two equally good safe sets are told as two, whichever control they hold."""
    rows = [{"control_id": name, "cost_eur": 5_000, "benefit_eur": 10, "life_safety": True} for name in ("A", "B")]
    assert module._best_safe(rows, 5_000)[:2] == (10, 2)


@pytest.mark.parametrize("name", ["risks", "loss_scenarios", "controls"])
def test_same_learner_same_rows_and_another_attempt_other_rows(name: str) -> None:
    """A table can be made again at any time; a second attempt sees other numbers."""
    rows = Firm("alice", "l08").rows(name)
    assert rows == Firm("alice", "l08").rows(name)
    assert rows != Firm("alice", "l08", attempt=2).rows(name)


@pytest.mark.parametrize("name", ["risks", "loss_scenarios", "controls"])
def test_no_table_is_made_for_ever(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """When no draw is left, the author is told which table could not be made."""
    firm = Firm("alice", "l08")
    firm.rows("loss_scenarios" if name == "controls" else "sites")
    monkeypatch.setattr(module, "TRIES", 0)
    with pytest.raises(ContentError, match=f"{name}: none of 0"):
        firm.rows(name)
