"""Best sets over steps of cost: every small list against all of its sets, and which lists are not taken."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threechairs.models import cost_steps
from threechairs.models.cost_steps import parts_of, sets_with_most, table_of_steps


def free(controls):
    """Parts of controls that no rule ties together."""
    return [[(), (at,)] for at in range(controls)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=7), st.integers(0, 40))
def test_all_best_sets_are_found_the_cheapest_first(controls, budget):
    """As plain enumeration finds them, none missing and none twice, in the order of their costs."""
    costs, benefits = 1000.0 * np.array(controls, dtype=float).T
    sets = [
        chosen
        for count in range(len(costs) + 1)
        for chosen in itertools.combinations(range(len(costs)), count)
        if costs[list(chosen)].sum() <= 1000 * budget
    ]
    most = max(benefits[list(chosen)].sum() for chosen in sets)
    choices = free(len(costs))
    step, table = table_of_steps(costs, benefits, 1000.0 * budget, choices)
    told = list(sets_with_most(costs, benefits, choices, step, table, same_share=1e-12))
    paid = [costs[list(chosen)].sum() for chosen in told]

    assert sorted(told) == sorted(chosen for chosen in sets if benefits[list(chosen)].sum() == most)
    assert paid == sorted(paid)


def test_the_table_tells_the_most_per_cost():
    """Two controls of one and two steps: nothing, the first, the second, both."""
    step, table = table_of_steps(np.array([500.0, 1000.0]), np.array([3.0, 4.0]), 9999.0, free(2))

    assert step == 500
    assert table.tolist() == [[0, 3, 4, 7], [0, -np.inf, 4, -np.inf], [0, -np.inf, -np.inf, -np.inf]]


def test_controls_that_nobody_can_pay_do_not_spoil_the_step():
    """A cost above the budget with cents in it makes the steps no finer; it is in no set."""
    costs, benefits, choices = np.array([1000.0, 2000.0, 5000.5]), np.array([1.0, 1.0, 9.0]), free(3)
    step, table = table_of_steps(costs, benefits, 3000.0, choices)

    assert step == 1000
    assert list(sets_with_most(costs, benefits, choices, step, table, same_share=0)) == [(0, 1)]


@pytest.mark.parametrize("limit", ["MOST_CELLS", "MOST_SUMS"])
def test_what_makes_too_large_a_table_is_left_to_others(monkeypatch, limit):
    """Cents, and more cells or additions than are allowed, give no table."""
    costs, benefits = np.array([3.0, 5.0]), np.array([1.0, 1.0])

    assert table_of_steps(costs, benefits, 8.0, free(2)) is not None
    assert table_of_steps(costs + 0.25, benefits, 8.0, free(2)) is None
    monkeypatch.setattr(cost_steps, limit, 20)
    assert table_of_steps(costs, benefits, 8.0, free(2)) is None


def test_rules_tie_controls_together():
    """What two rules share stands in one part, with the sets that keep both; a part that is too large gives none."""
    chain = [((0, 1), 0, 1), ((1, 2), 1, 2)]

    assert parts_of(chain, 4) == [[(1,), (2,), (0, 2), (1, 2)], [(), (3,)]]
    assert parts_of([((0,), 1, 1), ((1,), 0, 0)], 2) == [[(0,)], [()]]
    assert parts_of([(tuple(range(13)), 1, 13)], 13) is None


def test_rules_that_collide_leave_no_set():
    """A control that must be in and must not be in: no set at all."""
    costs, benefits = np.array([1.0]), np.array([1.0])
    choices = parts_of([((0,), 1, 1), ((0,), 0, 0)], 1)

    assert choices == [[]]
    step, table = table_of_steps(costs, benefits, 1.0, choices)
    assert list(sets_with_most(costs, benefits, choices, step, table, same_share=0)) == []
