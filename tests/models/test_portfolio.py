"""The best set of controls: the worked list, every small list against all of its sets, and what holds for any list."""

import itertools
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threechairs.errors import ModelInputError, ThreeChairsError
from threechairs.models import portfolio
from threechairs.models.portfolio import Rules, best_set, greedy_by_benefit, greedy_by_ratio, price_of_rules

# K1 to K10 of the reference, section 4.6: MFA, EDR, legacy exit, immutable backup, badge upgrade, SOC retainer, vendor
# gateway, fire suppression, awareness, DLP; cost and benefit a year in thousands of euros
COSTS = [90, 120, 200, 80, 110, 150, 70, 60, 30, 100]
BENEFITS = [310, 280, 425, 260, 195, 290, 155, 135, 55, 120]
LIFE_SAFETY = Rules(at_least_one_of=[(4, 7)])


def keeps(chosen, rules):
    """True if a set keeps the rules, by counting."""
    count = [sum(at in chosen for at in group) for group in rules.at_most_one_of]
    exact = [sum(at in chosen for at in group) for group in rules.exactly_one_of]
    return (
        set(rules.required) <= set(chosen)
        and not set(rules.excluded) & set(chosen)
        and all(number <= 1 for number in count)
        and all(number == 1 for number in exact)
        and all(any(at in chosen for at in group) for group in rules.at_least_one_of)
    )


def by_enumeration(costs, benefits, budget, rules=None):
    """Largest benefit over all sets, and every set that has it; whole numbers, so exact. None if no set is allowed."""
    sets = itertools.chain.from_iterable(itertools.combinations(range(len(costs)), k) for k in range(len(costs) + 1))
    allowed = [
        chosen for chosen in sets if sum(costs[at] for at in chosen) <= budget and keeps(chosen, rules or Rules())
    ]
    if not allowed:
        return None
    worth = {chosen: sum(benefits[at] for at in chosen) for chosen in allowed}
    most = max(worth.values())
    return most, [chosen for chosen in allowed if worth[chosen] == most]


@pytest.mark.parametrize(
    ("budget", "rules", "names", "cost", "benefit"),
    [
        (400, Rules(), "K1 K2 K4 K7 K9", 390, 1060),
        (400, LIFE_SAFETY, "K1 K2 K4 K5", 400, 1045),
        (500, Rules(), "K1 K3 K4 K7 K8", 500, 1285),
    ],
)
def test_the_worked_list_gives_its_sets(budget, rules, names, cost, benefit):
    """1,060, 1,045 and 1,285 of the reference's section 4.6 are the one best of 1,024 sets each."""
    best = best_set(COSTS, BENEFITS, budget, rules)

    assert " ".join(f"K{at + 1}" for at in best.chosen) == names
    assert (best.cost_eur, best.benefit_eur, best.unique, best.ties) == (cost, benefit, True, ())
    assert by_enumeration(COSTS, BENEFITS, budget, rules) == (benefit, [best.chosen])


def test_the_greedy_answers_fall_short():
    """By ratio 1,040 (400) and 1,195 (500), by benefit 1,050 (400), as section 4.6 of the reference says."""
    assert greedy_by_ratio(COSTS, BENEFITS, 400).benefit_eur == 1040
    assert greedy_by_ratio(COSTS, BENEFITS, 500).benefit_eur == 1195
    assert greedy_by_benefit(COSTS, BENEFITS, 400).benefit_eur == 1050
    assert greedy_by_benefit(COSTS, BENEFITS, 400).chosen == (0, 2, 3, 8)


def test_the_rule_of_life_safety_costs_fifteen():
    """One of badge upgrade and fire suppression must be in: 15 thousand a year, as section 4.6 says."""
    assert price_of_rules(COSTS, BENEFITS, 400, LIFE_SAFETY) == 15


def test_the_price_of_one_rule_leaves_the_others_in_force():
    """With K1 ruled out in any case, life safety is priced among the sets without K1; both rules together cost more."""
    without = Rules(excluded=[0])
    both = Rules(excluded=[0], at_least_one_of=[(4, 7)])
    expected = by_enumeration(COSTS, BENEFITS, 400, without)[0] - by_enumeration(COSTS, BENEFITS, 400, both)[0]

    assert price_of_rules(COSTS, BENEFITS, 400, both, without=without) == expected
    assert price_of_rules(COSTS, BENEFITS, 400, both) > expected


def test_a_greedy_answer_takes_what_costs_nothing_and_leaves_what_brings_nothing():
    """Free benefit comes first; a control without benefit is not bought, though there is money."""
    assert greedy_by_ratio([0, 10, 5], [1, 5, 0], 100).chosen == (0, 1)
    assert greedy_by_benefit([0, 10, 5], [1, 5, 0], 100).chosen == (0, 1)


def test_greedy_answers_break_ties_by_rule_and_not_by_the_order_of_the_list():
    """Of equal ratios the larger benefit comes first, in any currency; of equal benefits the lower cost."""
    assert greedy_by_ratio([10, 20], [10, 20], 20).chosen == (1,)
    assert greedy_by_ratio([0.7, 3.5], [1.1, 5.5], 3.5).chosen == (1,)
    assert greedy_by_benefit([20, 10, 10], [5, 5, 1], 20).chosen == (1, 2)


def test_ties_are_reported_and_the_cheapest_comes_first():
    """Of sets with one benefit the cheapest is chosen, then the first by position; the others are listed."""
    alike = best_set([3, 2, 2], [5, 5, 5], 3, ties=9)
    assert (alike.chosen, alike.cost_eur, alike.unique) == ((1,), 2, False)
    assert (alike.ties, alike.all_ties_listed) == (((2,), (0,)), True)


def test_a_list_of_ties_that_was_cut_short_says_so():
    """With six sets alike and two asked for, two are listed and more are announced; none asked for is not unique."""
    some = best_set([1] * 6, [1] * 6, 1, ties=2)
    none = best_set([1] * 6, [1] * 6, 1, ties=0)

    assert (len(some.ties), some.all_ties_listed, some.unique) == (2, False, False)
    assert (none.ties, none.all_ties_listed, none.unique) == ((), False, False)


@st.composite
def problems(draw, most=9):
    """Costs, benefits, budget and rules in whole euros."""
    size = draw(st.integers(1, most))
    amounts = st.one_of(st.integers(0, 12), st.integers(0, 2_000_000))
    costs = draw(st.lists(amounts, min_size=size, max_size=size))
    benefits = draw(st.lists(amounts, min_size=size, max_size=size))
    budget = draw(st.integers(0, sum(costs) + 1))
    some = st.lists(st.integers(0, size - 1), max_size=2)
    groups = st.lists(st.lists(st.integers(0, size - 1), min_size=1, max_size=3, unique=True), max_size=1)
    return costs, benefits, budget, Rules(draw(some), draw(some), draw(groups), draw(groups), draw(groups))


@settings(max_examples=150, deadline=None)
@given(problems())
def test_every_small_problem_agrees_with_all_of_its_sets(problem):
    """Best benefit, uniqueness and ties are those of plain enumeration; where no set is allowed, that is said."""
    expected = by_enumeration(*problem)

    if expected is None:
        with pytest.raises(ModelInputError, match=r"is missing|cannot all hold"):
            best_set(*problem)
    else:
        most, sets = expected
        best = best_set(*problem, ties=4)
        told = [best.chosen, *best.ties]
        assert best.benefit_eur == most
        assert best.cost_eur == sum(problem[0][at] for at in best.chosen)
        assert best.unique == (len(sets) == 1)
        assert best.all_ties_listed == (len(sets) <= 5)
        assert len(told) == len(set(told)) == min(len(sets), 5)
        assert set(told) <= set(sets)


@pytest.mark.parametrize("seed", range(4))
def test_fourteen_controls_agree_with_all_their_sets(seed):
    """Costs that follow benefits closely, the hard case: the same answer as 16,384 sets give."""
    chance = np.random.default_rng(seed)
    costs = chance.integers(10_000, 300_000, 14)
    benefits = costs + chance.integers(40_000, 60_000, 14)
    most, sets = by_enumeration(costs.tolist(), benefits.tolist(), int(costs.sum()) // 3)
    best = best_set(costs, benefits, int(costs.sum()) // 3, ties=0)

    tiny = best_set(costs / 1e12, benefits / 1e12, int(costs.sum()) // 3 / 1e12, ties=0)

    assert (best.benefit_eur, best.unique) == (most, len(sets) == 1)
    assert best.chosen in sets
    assert (tiny.chosen, tiny.unique) == (best.chosen, best.unique)


def test_a_euro_too_much_among_millions_is_too_much():
    """A set that is over the budget by one part in five million is refused, one that meets it is taken."""
    costs, benefits = [2_000_001, 3_000_000, 4_000_000], [50, 50, 60]

    assert best_set(costs, benefits, 5_000_000).benefit_eur == 60
    assert best_set(costs, benefits, 5_000_001).benefit_eur == 100
    assert greedy_by_ratio(costs, benefits, 5_000_000).benefit_eur == 50
    assert best_set([1, 1], [5_000_000, 5_000_001], 1).unique


def test_amounts_are_added_up_without_loss():
    """Ten times 0.1 is 1 and not a little less."""
    best = best_set([0.1] * 10, [0.1] * 10, 2)

    assert (best.cost_eur, best.benefit_eur) == (1, 1)


def test_cents_that_binary_numbers_miss_still_fit():
    """0.1 and 0.2 fit a budget of 0.3, though their sum as floats is a little more."""
    assert best_set([0.1, 0.2], [1, 1], 0.3).chosen == (0, 1)
    assert greedy_by_ratio([0.1, 0.2], [1, 1], 0.3).chosen == (0, 1)


@settings(max_examples=50, deadline=None)
@given(problems(), st.integers(1, 500_000))
def test_more_budget_never_hurts(problem, more):
    """What could be bought before can still be bought."""
    costs, benefits, budget, rules = problem
    if by_enumeration(*problem) is not None:
        wide = best_set(costs, benefits, budget + more, rules, ties=0)
        assert wide.benefit_eur >= best_set(*problem, ties=0).benefit_eur


@settings(max_examples=50, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_controls_decides_nothing(problem, chance):
    """Rows in another order: the same amounts, the same uniqueness, and greedy answers of the same worth."""
    costs, benefits, budget, _ = problem
    order = chance.sample(range(len(costs)), len(costs))
    mixed = [costs[at] for at in order], [benefits[at] for at in order], budget
    best, other = best_set(costs, benefits, budget, ties=0), best_set(*mixed, ties=0)

    assert (other.benefit_eur, other.unique) == (best.benefit_eur, best.unique)
    if best.unique:
        assert sorted(order[at] for at in other.chosen) == list(best.chosen)
    for greedy in (greedy_by_ratio, greedy_by_benefit):
        assert greedy(*mixed).benefit_eur == greedy(costs, benefits, budget).benefit_eur


@settings(max_examples=50, deadline=None)
@given(problems(), st.floats(1e-9, 1e9))
def test_another_currency_changes_no_choice(problem, rate):
    """Costs, benefits and budget times one rate: the same set, its amounts times the rate."""
    costs, benefits, budget, _ = problem
    best = best_set(costs, benefits, budget, ties=0)
    other = best_set(np.multiply(costs, rate), np.multiply(benefits, rate), budget * rate, ties=0)

    assert other.unique == best.unique
    assert other.benefit_eur == pytest.approx(best.benefit_eur * rate, rel=1e-12)
    if best.unique:
        assert other.chosen == best.chosen
    for greedy in (greedy_by_ratio, greedy_by_benefit):
        told = greedy(np.multiply(costs, rate), np.multiply(benefits, rate), budget * rate)
        assert told.chosen == greedy(costs, benefits, budget).chosen


@settings(max_examples=50, deadline=None)
@given(problems())
def test_no_greedy_answer_beats_the_best_set(problem):
    """Greedy answers keep the budget, and are worth at most what the best set is."""
    costs, benefits, budget, _ = problem
    best = best_set(costs, benefits, budget, ties=0)

    for greedy in (greedy_by_ratio, greedy_by_benefit):
        told = greedy(costs, benefits, budget)
        assert told.cost_eur == sum(costs[at] for at in told.chosen) <= budget
        assert told.benefit_eur == sum(benefits[at] for at in told.chosen) <= best.benefit_eur


@pytest.mark.parametrize(
    ("budget", "rules", "words"),
    [
        (400, Rules(required=[2, 4, 5]), "budget: it is 400; the required controls cost 460, .* 60 is missing. Raise"),
        (100, Rules(required=[8], exactly_one_of=[(8,), (2, 5)]), "required controls cost 30, .* costs 180. 80 is"),
        (
            900,
            Rules(required=[0, 1, 5], excluded=[7], at_most_one_of=[(0, 1, 2), (5, 6)]),
            "rules: these cannot all hold: control 0 is required; control 1 is required; at most one of 0, 1, 2. Exp",
        ),
        (900, Rules([4], [4]), "cannot all hold: control 4 is required; control 4 is excluded. Expected"),
        (900, Rules(excluded=[4, 7, 8], at_least_one_of=[(4, 7)]), "control 4 .*; control 7 .*; at least one of 4, 7"),
    ],
)
def test_what_cannot_be_bought_is_explained(budget, rules, words):
    """Too little money says how much is missing; rules that collide are named, and no others."""
    with pytest.raises(ModelInputError, match=words):
        best_set(COSTS, BENEFITS, budget, rules)


def test_the_solvers_runs_share_their_time(monkeypatch):
    """Each further run gets what the ones before have left of the minute."""
    given_s = []
    answers = iter([np.array([True, False]), np.array([False, True]), None])
    clock_s = iter([100.0, 100.0, 125.0, 190.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock_s))
    monkeypatch.setattr(
        portfolio, "_largest", lambda _gains, _rows, longest_s: given_s.append(longest_s) or next(answers)
    )
    best_set([1.5, 1.5], [1, 1], 2)

    assert given_s == [60, 35, 0]


@settings(max_examples=100, deadline=None)
@given(problem=problems())
def test_the_solver_agrees_with_all_sets_also(problem):
    """Lists that the table of cost steps would take give the same answer by HiGHS."""
    expected = by_enumeration(*problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portfolio, "table_of_steps", lambda *_: None)
        if expected is None:
            with pytest.raises(ModelInputError, match=r"is missing|cannot all hold"):
                best_set(*problem)
        else:
            best = best_set(*problem, ties=4)
            assert best.benefit_eur == expected[0]
            assert best.all_ties_listed == (len(expected[1]) <= 5)
            assert {best.chosen, *best.ties} <= set(expected[1])
            assert best.unique == (len(expected[1]) == 1)


@pytest.mark.parametrize("seed", [3, 11])
def test_two_hundred_controls_whose_benefits_follow_costs_need_no_solver(monkeypatch, seed):
    """The hard case for a solver, where benefit is cost plus a constant, is done without it and near the bound."""
    monkeypatch.delattr("scipy.optimize.milp")
    costs = np.random.default_rng(seed).integers(20, 400, 200) * 1000
    budget = costs.sum() / 3
    best = best_set(costs, costs + 50_000, budget)
    most = np.searchsorted(np.sort(costs).cumsum(), budget, side="right")

    assert best.cost_eur == sum(costs[list(best.chosen)]) <= budget
    assert best.benefit_eur == best.cost_eur + 50_000 * len(best.chosen)
    assert best.benefit_eur >= budget - 1000 + 50_000 * (most - 1)
    assert not best.unique
    assert best.chosen not in best.ties
    assert {sum(costs[list(tie)] + 50_000) for tie in best.ties} == {best.benefit_eur}


def test_of_many_best_sets_the_cheapest_is_found():
    """However many sets are alike in benefit, none that costs less is missed where costs are whole steps."""
    best = best_set([9, 8, 7, 6, 5, 4, 3, 2, 1], [1] * 9, 9, ties=0)

    assert (best.chosen, best.cost_eur) == ((6, 7, 8), 6)


NAN = float("nan")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: best_set([], [], 1), "costs: there are none"),
        (lambda: best_set([1, NAN], [1, 2], 1), "costs: one of them is not a finite number"),
        (lambda: best_set([1, -2], [1, 2], 1), "costs: -2 is among them. Expected at least 0"),
        (lambda: best_set([[1]], [[1]], 1), "costs: the shape is"),
        (lambda: best_set([1], [-1], 1), "benefits: -1 is among them"),
        (lambda: best_set([1], [1, 2], 1), "benefits: there are 2 for 1 costs. Expected one of each per control"),
        (lambda: best_set([1], [1], -5), "budget: -5 is among them. Expected at least 0"),
        (lambda: best_set([1], [1], 1, ties=-1), "ties: -1 is among them"),
        (lambda: best_set([1], [1], 1, ties=1.5), "ties: 1.5 is no whole number"),
        (lambda: greedy_by_ratio([1], [NAN], 1), "benefits: one of them is not"),
        (lambda: greedy_by_benefit([1], [1], NAN), "budget: one of them is not"),
        (lambda: best_set([1, 2], [1, 2], 1, Rules(required=[2])), "required: 2 is no control. .* from 0 to 1; the fi"),
        (lambda: best_set([1, 2], [1, 2], 1, Rules(excluded=[0.5])), "excluded: 0.5 is no control"),
        (lambda: best_set([1, 2], [1, 2], 1, Rules(required=[True, False])), "required: it holds yes and no. Expec"),
        (lambda: best_set([1, 2], [1, 2], 1, Rules(at_most_one_of=[[]])), "at most one of: a group is empty"),
        (lambda: best_set([1, 2], [1, 2], 1, Rules(exactly_one_of=(0, 1))), r"exactly one of: the shape is \(\)"),
        (lambda: best_set([1, 2], [1, 2], 1, Rules(at_least_one_of=["K1"])), "at least one of: .* no number|the shape"),
    ],
)
def test_what_no_set_can_be_found_for_is_refused_in_words(call, words):
    """Negative, missing or misshapen amounts and rules about no control are refused with what was expected."""
    with pytest.raises(ModelInputError, match=words):
        call()


def test_a_solver_that_gives_up_is_not_taken_for_an_answer(monkeypatch):
    """If the solver ends without an answer, its own words are passed on."""
    given_up = types.SimpleNamespace(status=4, message="numbers too large", x=None)
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: given_up)

    with pytest.raises(ThreeChairsError, match="the solver found no answer: numbers too large"):
        best_set([1.5], [1], 2)


def test_a_search_that_takes_too_long_says_what_helps(monkeypatch):
    """Out of time, the error names the seconds and how to make the list easier."""
    late = types.SimpleNamespace(status=1, message="Time limit reached", x=None)
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: late)

    with pytest.raises(ThreeChairsError, match=r"no answer in 60 seconds\. Give costs and budget in whole thousands"):
        best_set([1.5], [1], 2)


@pytest.mark.parametrize("answers", [([1, 1], [1, 0], [0, 1]), ([0, 1], [1, 1], [1, 0], None), ([1, 0], [1, 1], None)])
def test_what_the_solvers_tolerance_lets_through_is_put_right(monkeypatch, answers):
    """A set just over the budget is put aside, and a better one that is found late takes the first place."""
    told = iter(None if answer is None else np.array(answer, dtype=bool) for answer in answers)
    monkeypatch.setattr(portfolio, "_largest", lambda *_: next(told))
    best = best_set([10.5, 20], [3, 2], 29)

    assert (best.chosen, best.unique, best.ties) == ((0,), True, ())
    assert next(told, "all asked") == "all asked"
