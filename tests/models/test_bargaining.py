"""Bargaining: the two worked tables against a computation of their own, and what holds for every table."""

import bisect
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.errors import ModelInputError
from threechairs.models import bargaining as b

# per issue and option: points of the first and of the second party
GO_LIVE = [
    [(40, 0), (22, 6), (0, 15)],
    [(20, 0), (14, 20), (8, 40)],
    [(15, 0), (11, 16), (6, 30)],
    [(25, 0), (13, 7), (0, 15)],
]
GATE_4 = [
    [(15, 0), (10, 18), (0, 30)],
    [(40, 0), (22, 8), (0, 15)],
    [(30, 0), (18, 9), (0, 15)],
    [(15, 0), (9, 24), (0, 40)],
]
FLOORS = {"go-live": (50, 40), "gate-4": (50, 45)}
WORKED = [
    pytest.param(GO_LIVE, FLOORS["go-live"], 28, 14, 6, (79, 70), 870, (60, 49), 12, id="go-live"),
    pytest.param(GATE_4, FLOORS["gate-4"], 21, 11, 3, (70, 70), 500, (59, 59), None, id="gate-4"),
]


class ByHand:
    """The same questions answered with plain loops over every deal."""

    def __init__(self, points, floors):
        self.floors = floors
        self.choices = list(itertools.product(*(range(len(issue)) for issue in points)))
        self.worths = []
        for choice in self.choices:
            total = [0] * len(floors)
            for issue, at in zip(points, choice, strict=True):
                for party, value in enumerate(issue[at]):
                    total[party] += value
            self.worths.append(tuple(total))

    def better(self, one, two):
        """True if one is at least as good for everybody, and not the same."""
        return one != two and all(a >= c for a, c in zip(one, two, strict=True))

    def feasible(self, worth):
        """True if nobody gets less than its reservation value."""
        return all(a >= floor for a, floor in zip(worth, self.floors, strict=True))

    def frontier(self):
        """Per deal, whether no other is better."""
        return [not any(self.better(other, worth) for other in self.worths) for worth in self.worths]

    def product(self, worth):
        """Product of the gains."""
        result = 1
        for a, floor in zip(worth, self.floors, strict=True):
            result *= a - floor
        return result

    def nash(self, among=None):
        """Rows with the largest product."""
        able = [row for row, worth in enumerate(self.worths) if self.feasible(worth) and (among is None or among[row])]
        best = max((self.product(self.worths[row]) for row in able), default=None)
        return [row for row in able if self.product(self.worths[row]) == best]


@pytest.mark.parametrize(
    ("points", "floors", "feasible", "frontier", "both", "nash", "product", "middles", "beaten"), WORKED
)
def test_the_worked_tables_give_their_numbers(points, floors, feasible, frontier, both, nash, product, middles, beaten):
    """Counts, Nash deal and middles of both tables are those that lesson 11 tells."""
    choices, worths = b.all_deals(points)
    able, edge = b.feasible(worths, floors), b.frontier(worths)
    rows = b.nash(worths, floors)
    middle = choices.tolist().index([1, 1, 1, 1])

    assert len(choices) == 81
    assert (able.sum(), edge.sum(), (able & edge).sum()) == (feasible, frontier, both)
    assert [tuple(worths[row]) for row in rows] == [nash]
    assert np.prod(worths[rows[0]] - floors) == product
    assert tuple(worths[middle]) == middles
    if beaten:
        assert b.dominating(worths, middle).sum() == beaten


def test_the_go_live_nash_deal_is_also_the_largest_sum():
    """On time, a second factor for all, a full test, the CISO pays: no deal is worth more to both together."""
    choices, worths = b.all_deals(GO_LIVE)
    row = b.nash(worths, FLOORS["go-live"])[0]

    assert choices[row].tolist() == [0, 2, 2, 0]
    assert worths[row].sum() == worths.sum(axis=1).max() == 149


def test_within_six_weeks_the_nash_deal_moves():
    """Once the network must be apart within six weeks, (68, 67) has the largest product: 2 and 3 points less."""
    choices, worths = b.all_deals(GATE_4)
    rows = b.nash(worths, FLOORS["gate-4"], among=choices[:, 2] > 0)

    assert choices[rows].tolist() == [[1, 0, 1, 2]]
    assert worths[rows].tolist() == [[68, 67]]


@pytest.mark.parametrize(("points", "floors"), [(GO_LIVE, (50, 40)), (GATE_4, (50, 45))])
def test_a_second_computation_agrees(points, floors):
    """Plain loops over every deal give the same worths, feasible set, frontier, dominance and gains."""
    hand = ByHand(points, floors)
    choices, worths = b.all_deals(points)

    assert [tuple(choice) for choice in choices.tolist()] == hand.choices
    assert [tuple(worth) for worth in worths.tolist()] == hand.worths
    assert b.feasible(worths, floors).tolist() == [hand.feasible(worth) for worth in hand.worths]
    assert b.frontier(worths).tolist() == hand.frontier()
    assert b.nash(worths, floors).tolist() == hand.nash()
    within = [choice[2] > 0 for choice in hand.choices]
    assert b.nash(worths, floors, among=within).tolist() == hand.nash(within)
    sums = [sum(worth) for worth in hand.worths]
    for row, worth in enumerate(hand.worths):
        better = [other for other in range(len(sums)) if hand.better(hand.worths[other], worth)]
        assert np.flatnonzero(b.dominating(worths, row)).tolist() == better
        gain = max([sums[other] for other in better], default=sums[row]) - sums[row]
        able = [total for total, one in zip(sums, hand.worths, strict=True) if hand.feasible(one)]
        expected = gain / (max(able) - sum(floors)) if hand.feasible(worth) else 1
        assert b.gain_forgone(worths, floors, row) == pytest.approx(min(expected, 1))


def test_trading_issues_beats_the_middle_of_each():
    """Logrolling gains 149 - 109 = 40 points at the go-live, and 140 - 118 = 22 at Gate 4."""
    assert b.logrolling_gain(GO_LIVE, [0, 2, 2, 0]) == 40
    assert b.logrolling_gain(GATE_4, [2, 0, 0, 2]) == 22
    assert b.logrolling_gain(GO_LIVE, [1, 1, 1, 1]) == 0


def test_a_change_of_one_issue_has_its_price():
    """From (70, 70), six weeks for the network costs Facilities 12 and gives IT 9; nothing else is touched."""
    moves = b.cost_of_moves(GATE_4, [2, 0, 0, 2])

    assert moves[2].tolist() == [[0, 0], [-12, 9], [-30, 15]]
    assert [move[at].tolist() for move, at in zip(moves, [2, 0, 0, 2], strict=True)] == [[0, 0]] * 4


def test_ties_are_all_reported():
    """Two deals with the same product are both Nash deals; deals of equal worth stand or fall together."""
    assert b.nash([[3, 2], [2, 3], [2, 2]], [1, 1]).tolist() == [0, 1]
    assert b.nash([[1_000_001, 9], [1_000_000, 9]], [0, 0]).tolist() == [0]
    assert b.frontier([[3, 2], [3, 2], [2, 2]]).tolist() == [True, True, False]


def test_without_a_feasible_deal_there_is_no_nash_deal():
    """If somebody always does better without a deal, nothing is reported and everything is forgone."""
    assert b.nash([[1, 1]], [2, 0]).tolist() == []
    assert b.nash([[3, 3]], [2, 0], among=[False]).tolist() == []
    assert b.gain_forgone([[1, 1]], [2, 0], 0) == 1
    assert b.gain_forgone([[3, 3], [4, 4]], [2, 0], 0, among=[False, True]) == 1


def test_three_parties_bargain_by_the_same_product():
    """A third party adds a factor: the deal that gives it nothing beyond its reservation falls behind."""
    worths = [[9, 9, 1], [5, 5, 5], [8, 8, 3]]

    assert b.nash(worths, [1, 1, 1]).tolist() == [2]  # products 0, 64, 98
    assert b.frontier(worths).all()


POINTS = st.integers(2, 3).flatmap(
    lambda parties: st.lists(
        st.lists(st.tuples(*[st.integers(0, 40)] * parties), min_size=1, max_size=3), min_size=1, max_size=4
    )
)


@given(POINTS, st.integers(0, 60))
def test_every_table_agrees_with_plain_loops(points, floor):
    """For any table, frontier and Nash deals are those of the second computation."""
    floors = (floor,) * len(points[0][0])
    hand = ByHand(points, floors)
    _, worths = b.all_deals(points)

    assert b.frontier(worths).tolist() == hand.frontier()
    assert b.nash(worths, floors).tolist() == hand.nash()


@given(POINTS, st.integers(0, 30))
def test_a_nash_deal_with_a_gain_for_all_lies_on_the_frontier(points, floor):
    """What somebody could improve at nobody's cost cannot have the largest product."""
    floors = (floor,) * len(points[0][0])
    _, worths = b.all_deals(points)
    edge = b.frontier(worths)

    for row in b.nash(worths, floors):
        assert edge[row] or np.prod(worths[row] - floors) == 0


@given(POINTS, st.integers(0, 30), st.sampled_from([0.5, 2, 8]), st.integers(0, 16))
def test_another_scale_changes_no_choice(points, floor, factor, shift):
    """Stretching or shifting one party's points, its reservation value with them, leaves the same deals."""
    floors = np.full(len(points[0][0]), float(floor))
    _, worths = b.all_deals(points)
    stretched, moved = worths.copy(), floors.copy()
    stretched[:, 0] = worths[:, 0] * factor + shift
    moved[0] = floors[0] * factor + shift

    assert b.feasible(stretched, moved).tolist() == b.feasible(worths, floors).tolist()
    assert b.frontier(stretched).tolist() == b.frontier(worths).tolist()
    assert b.nash(stretched, moved).tolist() == b.nash(worths, floors).tolist()


@given(POINTS, st.integers(0, 30), st.randoms(use_true_random=False))
def test_parties_can_change_seats(points, floor, chance):
    """The order of the parties decides nothing."""
    parties = len(points[0][0])
    floors = np.arange(parties) + floor
    order = chance.sample(range(parties), parties)
    _, worths = b.all_deals(points)

    assert b.feasible(worths[:, order], floors[order]).tolist() == b.feasible(worths, floors).tolist()
    assert b.frontier(worths[:, order]).tolist() == b.frontier(worths).tolist()
    assert b.nash(worths[:, order], floors[order]).tolist() == b.nash(worths, floors).tolist()


# one pie in hundred slices: option k gives the first party k of them
PIE = [[(slices, 100 - slices) for slices in range(101)]]


def test_the_published_pie_is_split_at_seventy():
    """One pie, disagreement 0.4 and 0: the Nash split is 0.7 to 0.3 (hs-mittweida, blockchain academy)."""
    choices, worths = b.all_deals(PIE)

    assert choices[b.nash(worths, [40, 0])].tolist() == [[70]]


def test_three_parties_split_a_pie_by_the_closed_form():
    """Everybody gets the own reservation and a third of what is left: 30, 0 and 10 of 100 become 50, 20 and 30."""
    pie = [[(one, two, 100 - one - two) for one in range(101) for two in range(101 - one)]]
    _, worths = b.all_deals(pie)

    assert worths[b.nash(worths, [30, 0, 10])].tolist() == [[50, 20, 30]]


# CSO, CISO and CIO; six issues with five options each
THREE_CHAIRS = [
    [(0, 30, 2), (4, 24, 9), (7, 17, 18), (9, 8, 26), (10, 0, 33)],
    [(35, 0, 8), (29, 4, 7), (20, 9, 5), (11, 12, 3), (0, 15, 0)],
    [(12, 40, 0), (10, 33, 3), (8, 21, 8), (4, 9, 10), (0, 0, 12)],
    [(25, 5, 0), (21, 8, 12), (15, 9, 21), (7, 10, 29), (0, 11, 36)],
    [(0, 12, 20), (6, 12, 18), (11, 10, 13), (15, 5, 7), (18, 0, 0)],
    [(3, 0, 15), (3, 7, 14), (2, 13, 11), (1, 18, 6), (0, 20, 0)],
]


def by_sweep(worths):
    """Frontier of three parties by another way: from the first party's best down, over a staircase of the others."""
    stairs, best = [], set()  # pairs of the second and third party's points, the second rising, the third falling
    for worth in sorted(set(worths), reverse=True):
        two, three = worth[1:]
        at = bisect.bisect_left(stairs, (two,))
        if at == len(stairs) or stairs[at][1] < three:
            best.add(worth)
            stairs = [stair for stair in stairs if stair[0] > two or stair[1] > three]
            bisect.insort(stairs, (two, three))
    return [worth in best for worth in worths]


def test_fifteen_thousand_deals_of_three_parties_agree_with_another_way():
    """Six issues with five options: feasible deals, frontier and Nash deal are those of loops and of a sweep."""
    floors = (45, 50, 50)
    hand = ByHand(THREE_CHAIRS, floors)
    choices, worths = b.all_deals(THREE_CHAIRS)
    rows = b.nash(worths, floors)

    assert choices.shape == (15_625, 6)
    assert b.feasible(worths, floors).tolist() == [hand.feasible(worth) for worth in hand.worths]
    assert b.frontier(worths).tolist() == by_sweep(hand.worths)
    assert rows.tolist() == hand.nash()
    assert b.frontier(worths)[rows].all()


def test_a_better_deal_counts_however_little_it_is_better():
    """A gain that is lost in the sum of large points still puts the other deal off the frontier."""
    assert np.flatnonzero(b.frontier([[1e16, part / 100] for part in range(100)])).tolist() == [99]


@given(POINTS, st.integers(0, 30), st.sampled_from([1e-200, 1e-3, 0.7, 1e200]))
def test_no_scale_is_too_large_or_too_small(points, floor, factor):
    """Points and reservations of the other parties in any unit: a deal that gains for all stays the Nash deal."""
    floors = np.full(len(points[0][0]), float(floor))
    _, worths = b.all_deals(points)
    rows = b.nash(worths, floors)
    units = np.full(len(floors), factor)
    units[0] = 1.0

    if rows.size and np.prod(worths[rows[0]] - floors) > 0:
        assert b.nash(worths * units, floors * units).tolist() == rows.tolist()


@given(POINTS, st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_order_of_deals_and_of_issues_decides_nothing(points, floor, chance):
    """Deals in another order are judged the same; issues in another order lead to the same Nash worths."""
    floors = [floor] * len(points[0][0])
    _, worths = b.all_deals(points)
    order = np.array(chance.sample(range(len(worths)), len(worths)))
    rows = b.nash(worths, floors)

    assert b.frontier(worths[order]).tolist() == b.frontier(worths)[order].tolist()
    assert sorted(order[b.nash(worths[order], floors)]) == rows.tolist()
    _, shuffled = b.all_deals(chance.sample(points, len(points)))
    assert sorted(shuffled[b.nash(shuffled, floors)].tolist()) == sorted(worths[rows].tolist())


@given(POINTS, st.integers(0, 30), st.data())
def test_one_more_option_never_hurts(points, floor, data):
    """Whatever is added to an issue, the largest product does not fall, and a feasible deal stays one."""
    floors = np.full(len(points[0][0]), float(floor))
    option = data.draw(st.tuples(*[st.integers(0, 40)] * len(floors)))
    at = data.draw(st.integers(0, len(points) - 1))
    more = [[*issue, option] if at == place else issue for place, issue in enumerate(points)]

    def product(tables):
        worths = b.all_deals(tables)[1]
        return max((np.prod(worths[row] - floors) for row in b.nash(worths, floors)), default=-1)

    assert product(more) >= product(points)


NAN = float("nan")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: b.all_deals([]), "issues: there are none. Expected at least one table of options by parties"),
        (lambda: b.all_deals([[]]), r"issue 1: the shape is \(0,\). Expected \(options, parties\)"),
        (lambda: b.all_deals([[[1, 2]], [3, 4]]), "issue 2: the shape is"),
        (lambda: b.all_deals([[[1, 2]], [[1, 2, 3]]]), "issue 2: there are 3 parties. Issue 1 has 2"),
        (lambda: b.all_deals([[[1, 2], [3]]]), "issue 1: .* holds something that is no number"),
        (lambda: b.all_deals([[[1, NAN]]]), "issue 1: one of them is not a finite number. .* look for empty cells"),
        (lambda: b.all_deals([[[1, 2]] * 10] * 7), "issues: they make 10,000,000 deals. Expected at most 2,000,000"),
        (lambda: b.feasible([], [1]), "Expected \\(deals, parties\\)"),
        (lambda: b.feasible([1, 2], [1]), "Expected \\(deals, parties\\)"),
        (lambda: b.feasible([[1, 2]], [1]), r"reservations: the shape is \(1,\). Expected one for each of 2 parties"),
        (lambda: b.feasible([[1, 2]], [1, NAN]), "reservations: one of them is not a finite number"),
        (lambda: b.feasible([[1, float("inf")]], [1, 1]), "worths: one of them is not a finite number"),
        (lambda: b.frontier([[]]), "at least one of each"),
        (lambda: b.frontier([[NAN, 1]]), "not a finite number"),
        (lambda: b.dominating([[NAN, 1]], 0), "not a finite number"),
        (lambda: b.dominating([[1, 1]], 1), "deal: there is no row 1. Expected a row from 0 to 0"),
        (lambda: b.dominating([[1, 1]], -1), "deal: there is no row -1"),
        (lambda: b.nash([[1, 2]], [1, 2, 3]), "Expected one for each of 2 parties"),
        (lambda: b.nash([[1, 2]], [1, 1], among=[True, False]), r"among: .*\(2,\). Expected one for each of 1 deals"),
        (lambda: b.gain_forgone([[1, NAN]], [1, 1], 0), "not a finite number"),
        (lambda: b.gain_forgone([[1, 2]], [1, 1], 0.5), "there is no row 0.5"),
        (lambda: b.gain_forgone([[1, 2]], [1, 1], "x"), "there is no row 'x'"),
        (lambda: b.dominating([[1, 1]], None), "deal: there is no row None. Expected a row from 0 to 0"),
        (lambda: b.dominating([[1, 1]], []), r"there is no row \[\]"),
        (lambda: b.dominating([[1, 1]], NAN), "there is no row nan"),
        (lambda: b.all_deals(None), "issues: None is no list. Expected a table of options by parties for each"),
        (lambda: b.all_deals("x"), "issues: 'x' is no list"),
        (lambda: b.nash([[1, 2]] * 3, [1, 1], among=[2, 1, 0]), "among: it holds other things than True and False"),
        (lambda: b.nash([[1, 2]] * 2, [1, 1], among=[True, NAN]), "among: one of them is not a finite number"),
        (lambda: b.gain_forgone([[1, 2]] * 2, [1, 1], 0, among=["a", "b"]), "among: .* no number"),
        (lambda: b.logrolling_gain(GATE_4, [0, 0]), "Expected one option for each of 4 issues"),
        (lambda: b.logrolling_gain(GATE_4, [0, 3, 0, 0]), "issue 2 has no option 3. Expected a whole number from 0 to"),
        (lambda: b.cost_of_moves(GATE_4, [[0]]), "Expected one option for each of 4 issues"),
        (lambda: b.cost_of_moves(GATE_4, [0, 0, 0.5, 0]), "issue 3 has no option 0.5"),
    ],
)
def test_what_is_no_table_is_refused_in_words(call, message):
    """Empty, misshapen, unfinished or huge tables, and deals that are not there, are refused with what was expected."""
    with pytest.raises(ModelInputError, match=message):
        call()
