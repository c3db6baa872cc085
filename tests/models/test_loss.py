"""Expected loss, its factors, what controls are worth: published numbers, a second computation each, what holds."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from threechairs.errors import ModelInputError
from threechairs.models import loss, risk_factors


@dataclass(frozen=True)
class Argument:
    """One argument: the words that errors use for it, its kind, and which way it moves the result."""

    words: str
    kind: str
    moves: int


@dataclass(frozen=True)
class Case:
    """One function, its arguments in order, and what its result is measured in."""

    function: object
    arguments: tuple
    unit: str

    def __str__(self):
        return self.function.__name__


# per kind: numbers to draw, what a good value is, and what is refused with which words
HUNDREDTHS = st.integers(0, 100).map(lambda number: number / 100)
KINDS = {
    "money": (st.integers(0, 10_000_000), 1000, {-1: "-1 is among them. Expected at least 0"}),
    "cost": (
        st.integers(1, 10_000_000),
        1000,
        {0: "0 is among them. Expected more than 0", -1: "-1 is among them. Expected more than 0"},
    ),
    "any money": (st.integers(0, 10_000_000), 1000, {}),
    "share": (
        HUNDREDTHS,
        0.5,
        {-0.1: "-0.1 is among them. Expected at least 0", 40: "40 is among them. Expected at most 1"},
    ),
    "count": (st.integers(0, 5000).map(lambda number: number / 100), 2, {-1: "-1 is among them. Expected at least 0"}),
}
HAZARD = ("hazard per day", "count")
CASES = [
    Case(
        loss.single_loss_expectancy,
        (Argument("asset value in euros", "money", 1), Argument("exposure factor", "share", 1)),
        "euros",
    ),
    Case(
        loss.annual_loss_expectancy,
        (Argument("loss of one event in euros", "money", 1), Argument("events per year", "count", 1)),
        "euros",
    ),
    Case(
        loss.annual_benefit,
        (
            Argument("annual loss before the control in euros", "money", 1),
            Argument("annual loss after the control in euros", "money", -1),
        ),
        "euros",
    ),
    Case(
        loss.net_benefit,
        (Argument("annual benefit in euros", "any money", 1), Argument("annual cost in euros", "money", -1)),
        "euros",
    ),
    Case(
        loss.return_on_security_investment,
        (Argument("annual benefit in euros", "any money", 1), Argument("annual cost in euros", "cost", -1)),
        "ratio",
    ),
    Case(loss.probability_of_hit, (Argument(*HAZARD, 1), Argument("days", "count", 1)), "probability"),
    Case(
        loss.expected_loss_of_waiting,
        (Argument(*HAZARD, 1), Argument("days", "count", 1), Argument("loss in euros", "money", 1)),
        "euros",
    ),
    Case(
        loss.break_even_wait_days,
        (
            Argument(*HAZARD, -1),
            Argument("loss in euros", "money", -1),
            Argument("cost of the outage in euros", "money", 1),
        ),
        "days",
    ),
    Case(
        loss.break_even_loss,
        (
            Argument(*HAZARD, -1),
            Argument("days", "count", -1),
            Argument("cost of the outage in euros", "money", 1),
        ),
        "euros",
    ),
    Case(
        risk_factors.threat_event_frequency,
        (Argument("contacts per year", "count", 1), Argument("probability of action", "share", 1)),
        "per year",
    ),
    Case(
        risk_factors.loss_event_frequency,
        (Argument("threat events per year", "count", 1), Argument("vulnerability", "share", 1)),
        "per year",
    ),
    Case(
        risk_factors.loss_magnitude,
        (
            Argument("primary loss in euros", "money", 1),
            Argument("secondary probability", "share", 1),
            Argument("secondary loss in euros", "money", 1),
        ),
        "euros",
    ),
    Case(
        risk_factors.annual_risk,
        (Argument("loss events per year", "count", 1), Argument("loss magnitude in euros", "money", 1)),
        "euros",
    ),
]
EACH = pytest.mark.parametrize("case", CASES, ids=str)
FEWER = settings(max_examples=25)  # thirteen functions share a property: 325 draws in all


# --- published and worked numbers ---------------------------------------------------------------------------------


def test_the_enisa_example_returns_140_percent():
    """ENISA, "Introduction to Return on Security Investment" (2012): 5 attacks at 15,000, 80 % stopped for 25,000."""
    before = loss.annual_loss_expectancy(15_000, 5)
    benefit = loss.annual_benefit(before, before * (1 - 0.8))

    assert before == 75_000
    assert loss.return_on_security_investment(benefit, 25_000) == pytest.approx(1.40)
    assert loss.net_benefit(benefit, 25_000) == pytest.approx(35_000)


def test_the_worked_chain_from_asset_to_return():
    """Syllabus 4.1: 2 M at 25 %, 0.30 down to 0.10 a year for 40,000: 500,000, 150,000, 100,000, 60,000, 150 %."""
    single = loss.single_loss_expectancy(2_000_000, 0.25)
    annual = loss.annual_loss_expectancy(single, [0.30, 0.10])
    benefit = loss.annual_benefit(*annual)

    assert single == 500_000
    assert annual.tolist() == pytest.approx([150_000, 50_000])
    assert benefit == pytest.approx(100_000)
    assert loss.net_benefit(benefit, 40_000) == pytest.approx(60_000)
    assert loss.return_on_security_investment(benefit, 40_000) == pytest.approx(1.5)


def test_the_worked_present_value():
    """Syllabus 4.1: 120,000 now, then 70,000 a year for 3 years at 8 % is worth 60,396.79 today."""
    assert loss.net_present_value(120_000, [70_000] * 3, 0.08) == pytest.approx(60_396.79, abs=0.005)


def test_two_controls_leave_what_neither_cuts():
    """Syllabus 4.1: cuts of 50 % and 40 % make 70 %, not 90 %."""
    assert loss.combined_cut([0.5, 0.4]) == pytest.approx(0.7)


def test_the_worked_wait():
    """Syllabus 4.2: hazard 0.004 a day, 14 days, 2.4 M, outage 80,000: 0.054461; 130,706; 8.475 days; 1,468,945."""
    assert loss.probability_of_hit(0.004, 14) == pytest.approx(0.054461, abs=5e-7)
    assert loss.expected_loss_of_waiting(0.004, 14, 2_400_000) == pytest.approx(130_706, abs=0.5)
    assert loss.break_even_wait_days(0.004, 2_400_000, 80_000) == pytest.approx(8.475, abs=5e-4)
    assert loss.break_even_loss(0.004, 14, 80_000) == pytest.approx(1_468_945, abs=0.5)


def test_the_worked_factors_of_risk():
    """Syllabus 4.5, factors of O-RT: 4 a year at 0.10, 300 k + 0.5 x 800 k: 0.4 losses and 280,000 euros a year."""
    events = risk_factors.threat_event_frequency(20, 0.2)
    losses = risk_factors.loss_event_frequency(events, 0.10)
    magnitude = risk_factors.loss_magnitude(300_000, 0.5, 800_000)

    assert (events, losses, magnitude) == (pytest.approx(4), pytest.approx(0.4), pytest.approx(700_000))
    assert risk_factors.annual_risk(losses, magnitude) == pytest.approx(280_000)


# --- a second computation for every closed form -------------------------------------------------------------------


def within_four_errors(samples, expected):
    """True if the mean of the samples is within four standard errors of what is expected."""
    return abs(samples.mean() - expected) <= 4 * samples.std(ddof=1) / math.sqrt(len(samples))


def test_simulated_years_have_the_expected_loss_as_their_mean():
    """100,000 years of fires that each destroy an eighth to three eighths of an asset: mean within 4 errors."""
    rng = np.random.default_rng(4)
    counts = rng.poisson(0.3, 100_000)
    year_of_fire = np.repeat(np.arange(100_000), counts)
    burnt = 2_000_000 * np.bincount(year_of_fire, rng.uniform(0.125, 0.375, len(year_of_fire)), minlength=100_000)

    assert within_four_errors(burnt, loss.annual_loss_expectancy(loss.single_loss_expectancy(2_000_000, 0.25), 0.3))


def test_simulated_prevention_has_the_benefit_as_its_mean():
    """A control that stops two of three events prevents, over 100,000 years, the benefit within 4 errors."""
    rng = np.random.default_rng(5)
    counts = rng.poisson(0.3, 100_000)
    stopped = rng.binomial(counts, 2 / 3)
    benefit = loss.annual_benefit(150_000, 50_000)

    assert within_four_errors(stopped * 500_000.0, benefit)
    assert within_four_errors(stopped * 500_000.0 - 40_000, loss.net_benefit(benefit, 40_000))
    assert within_four_errors(
        (stopped * 500_000.0 - 40_000) / 40_000, loss.return_on_security_investment(benefit, 40_000)
    )


@given(
    st.integers(0, 500_000),
    st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=10),
    st.integers(-50, 100).map(lambda percent: percent / 100),
)
def test_the_present_value_grows_into_what_an_account_holds(outlay, flows, rate):
    """Carried year by year at the rate, outlay and flows leave in the account what the present value grows to."""
    account = -float(outlay)
    for flow in flows:
        account = account * (1 + rate) + flow

    grown = loss.net_present_value(outlay, flows, rate) * (1 + rate) ** len(flows)
    assert grown == pytest.approx(account, rel=1e-9, abs=1e-9 * (outlay + 1e6) * max(1, 1 + rate) ** len(flows))


@given(st.lists(HUNDREDTHS, min_size=1, max_size=6))
def test_the_combined_cut_is_what_all_ways_through_add_up_to(cuts):
    """Every way that controls stop an event or let it by, each with its probability: some control stops it."""
    stopped = 0.0
    for pattern in itertools.product([True, False], repeat=len(cuts)):
        if any(pattern):
            stopped += math.prod(cut if stops else 1 - cut for cut, stops in zip(cuts, pattern, strict=True))

    assert loss.combined_cut(cuts) == pytest.approx(stopped, abs=1e-12)


@pytest.mark.parametrize(("hazard", "days"), [(0.004, 14), (0.5, 3), (1e-9, 1), (0, 9), (2, 0)])
def test_the_probability_of_a_hit_is_the_area_under_its_density(hazard, days):
    """Quadrature of h exp(-ht), and one less the Poisson probability of no hit, give the same."""
    area, _ = integrate.quad(lambda t: hazard * math.exp(-hazard * t), 0, days)

    assert loss.probability_of_hit(hazard, days) == pytest.approx(area, rel=1e-9)
    assert loss.probability_of_hit(hazard, days) == pytest.approx(stats.poisson.sf(0, hazard * days), rel=1e-9)


def test_simulated_waits_lose_what_is_expected():
    """The first hit drawn 200,000 times: those within 14 days cost 2.4 M each, the mean is within 4 errors."""
    first_hit = np.random.default_rng(6).exponential(1 / 0.004, 200_000)

    lost = np.where(first_hit <= 14, 2_400_000.0, 0.0)
    assert within_four_errors(lost, loss.expected_loss_of_waiting(0.004, 14, 2_400_000))


@pytest.mark.parametrize(("hazard", "amount", "cost"), [(0.004, 2_400_000, 80_000), (0.3, 5_000, 4_900), (1, 9, 0.1)])
def test_a_root_finder_finds_the_same_break_even_wait(hazard, amount, cost):
    """The wait at which quadrature's expected loss equals the outage is the closed form's."""

    def gap(days):
        area, _ = integrate.quad(lambda t: hazard * math.exp(-hazard * t), 0, days)
        return amount * area - cost

    assert loss.break_even_wait_days(hazard, amount, cost) == pytest.approx(optimize.brentq(gap, 0, 1000), rel=1e-6)


@pytest.mark.parametrize(("hazard", "days", "cost"), [(0.004, 14, 80_000), (0.3, 2, 500), (1, 1, 0.5)])
def test_a_root_finder_finds_the_same_break_even_loss(hazard, days, cost):
    """The loss at which waiting costs as much as the outage is the closed form's."""
    area, _ = integrate.quad(lambda t: hazard * math.exp(-hazard * t), 0, days)
    root = optimize.brentq(lambda amount: amount * area - cost, 0, 1e8)

    assert loss.break_even_loss(hazard, days, cost) == pytest.approx(root, rel=1e-6)


def test_simulated_contacts_become_losses_as_often_as_expected():
    """Contacts, actions, losses and reactions drawn one after the other: every mean is within 4 errors."""
    rng = np.random.default_rng(7)
    contacts = rng.poisson(20, 100_000)
    events = rng.binomial(contacts, 0.2)
    losses = rng.binomial(events, 0.10)
    lost = losses * 300_000.0 + rng.binomial(losses, 0.5) * 800_000.0
    event_frequency, loss_frequency = (
        risk_factors.threat_event_frequency(20, 0.2),
        risk_factors.loss_event_frequency(4, 0.10),
    )
    magnitude = risk_factors.loss_magnitude(300_000, 0.5, 800_000)

    assert within_four_errors(events, event_frequency)
    assert within_four_errors(losses, loss_frequency)
    assert within_four_errors(lost[losses == 1], magnitude)
    assert within_four_errors(lost, risk_factors.annual_risk(loss_frequency, magnitude))


# --- what always holds --------------------------------------------------------------------------------------------


def drawn(case, data):
    """One number for each argument."""
    return [data.draw(KINDS[argument.kind][0], label=argument.words) for argument in case.arguments]


@EACH
@FEWER
@given(data=st.data(), factor=st.sampled_from([0.25, 8, 1024]))
def test_another_currency_scales_money_and_nothing_else(case, data, factor):
    """With all money in another currency, amounts come out in it; ratios, days and frequencies stay."""
    values = drawn(case, data)
    scaled = [
        value * factor if argument.kind in {"money", "cost", "any money"} else value
        for value, argument in zip(values, case.arguments, strict=True)
    ]

    expected = case.function(*values) * (factor if case.unit == "euros" else 1)
    assert case.function(*scaled) == pytest.approx(expected, rel=1e-12)


@EACH
@FEWER
@given(data=st.data())
def test_each_argument_moves_the_result_one_way(case, data):
    """More of one argument never moves the result against its direction."""
    values = drawn(case, data)
    place = data.draw(st.integers(0, len(values) - 1), label="argument that changes")
    other = data.draw(KINDS[case.arguments[place].kind][0], label="its other value")
    ends = []
    for value in sorted([values[place], other]):
        ends.append(case.function(*values[:place], value, *values[place + 1 :]))
    low, high = ends[:: case.arguments[place].moves]

    assert low <= high or math.isclose(low, high, rel_tol=1e-9)


@EACH
@FEWER
@given(data=st.data())
def test_arrays_give_what_single_numbers_give(case, data):
    """Arguments along different axes broadcast to a grid, and each place of it is the result of plain numbers."""
    count = len(case.arguments)
    lists = [
        data.draw(st.lists(KINDS[argument.kind][0], min_size=1, max_size=3), label=argument.words)
        for argument in case.arguments
    ]
    grid = case.function(*np.ix_(*lists))

    assert grid.shape == tuple(len(values) for values in lists)
    for place in itertools.product(*(range(len(values)) for values in lists)):
        single = case.function(*(lists[axis][place[axis]] for axis in range(count)))
        assert isinstance(single, float)
        assert grid[place] == pytest.approx(single, rel=1e-12)


@given(st.lists(HUNDREDTHS, min_size=1, max_size=8), st.randoms(use_true_random=False), HUNDREDTHS)
def test_the_order_of_controls_decides_nothing_and_one_more_never_hurts(cuts, chance, further):
    """Any order cuts the same; a further control cuts no less; together at least the best, at most the sum."""
    together = loss.combined_cut(cuts)

    assert loss.combined_cut(chance.sample(cuts, len(cuts))) == pytest.approx(together, abs=1e-12)
    assert loss.combined_cut([*cuts, further]) >= together - 1e-12
    assert max(cuts) - 1e-12 <= together <= min(sum(cuts), 1) + 1e-12


@given(st.floats(1e-5, 1), st.floats(1, 1e8), st.floats(0, 0.99), st.floats(0.01, 0.99), st.floats(1.01, 100))
def test_at_the_break_even_wait_both_cost_the_same(hazard, amount, part, shorter, longer):
    """Waiting until break-even costs the outage; a shorter wait less, a longer one more."""
    cost = amount * part
    wait = loss.break_even_wait_days(hazard, amount, cost)

    assert loss.expected_loss_of_waiting(hazard, wait, amount) == pytest.approx(cost, rel=1e-9)
    if part > 0.001:
        assert loss.expected_loss_of_waiting(hazard, wait * shorter, amount) < cost
        assert loss.expected_loss_of_waiting(hazard, wait * longer, amount) > cost


@given(st.floats(1e-5, 1), st.floats(0.01, 1000), st.floats(1, 1e8))
def test_at_the_break_even_loss_both_cost_the_same(hazard, days, cost):
    """Waiting with the break-even loss at stake costs the outage, and the wait is the break-even wait."""
    amount = loss.break_even_loss(hazard, days, cost)

    assert loss.expected_loss_of_waiting(hazard, days, amount) == pytest.approx(cost, rel=1e-9)
    if hazard * days < 10:  # beyond, a hit is next to certain and the wait cannot be told from the loss
        assert loss.break_even_wait_days(hazard, amount, cost) == pytest.approx(days, rel=1e-6)


@pytest.mark.parametrize(
    ("hazard", "amount", "cost", "days"),
    [
        (0, 100, 10, math.inf),
        (0.1, 0, 10, math.inf),
        (0.1, 0, 0, math.inf),
        (0.1, 100, 100, math.inf),
        (0.1, 100, 101, math.inf),
        (5e-324, 100, 10, math.inf),
        (0.1, 100, 0, 0),
    ],
)
def test_where_waiting_never_costs_more_the_break_even_wait_is_infinite(hazard, amount, cost, days):
    """No hazard, nothing to lose, or an outage as dear as the loss: wait for ever; a free outage: not at all."""
    assert loss.break_even_wait_days(hazard, amount, cost) == days


def test_where_no_hit_is_possible_the_break_even_loss_is_infinite():
    """Without hazard, without waiting, or next to it, no loss makes waiting the dearer choice; the rest is finite."""
    assert loss.break_even_loss([0, 0.1, 5e-324, 0.1], [5, 0, 1, 1], 10)[:3].tolist() == [math.inf] * 3
    assert loss.break_even_loss(0.1, 1, [0, 10]).tolist() == [0, pytest.approx(10 / (1 - math.exp(-0.1)))]


def test_several_plans_are_discounted_at_once():
    """Rows of flows meet one outlay each, rates along a further axis: every place is its own present value."""
    flows = np.array([[70_000, 70_000, 70_000], [0, 0, 240_000]])
    values = loss.net_present_value([120_000, 100_000], flows, [[0.0], [0.08]])

    assert values.shape == (2, 2)
    for row, rate in enumerate([0.0, 0.08]):
        assert values[row].tolist() == [
            loss.net_present_value(120_000, flows[0], rate),
            loss.net_present_value(100_000, flows[1], rate),
        ]
    assert values[0].tolist() == [90_000, 140_000]


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=6), st.sampled_from([0.25, 8, 1024]), HUNDREDTHS)
def test_present_values_scale_with_money_and_fall_with_the_rate(flows, factor, rate):
    """Another currency scales the value; with gains in later years, a higher rate never makes it larger."""
    value = loss.net_present_value(1000, flows, rate)

    scaled = loss.net_present_value(1000 * factor, np.multiply(flows, factor), rate)
    assert scaled == pytest.approx(value * factor, rel=1e-9, abs=1e-6)
    assert loss.net_present_value(1000, flows, rate + 0.01) <= value


# --- what is refused ----------------------------------------------------------------------------------------------

REFUSED = [
    (math.nan, "one of them is not a finite number. Expected plain numbers; look for empty cells"),
    ([1, math.inf], "one of them is not a finite number"),
    ([], "there are none. Expected at least one number"),
    (["many"], "holds something that is no number"),
]


def message_of(call):
    """The text of the refusal."""
    with pytest.raises(ModelInputError) as caught:
        call()
    return str(caught.value)


@EACH
def test_every_argument_says_what_it_cannot_be(case):
    """Nothing, no number, not finite or out of range: the error names the argument, what was seen and what to do."""
    good = [KINDS[argument.kind][1] for argument in case.arguments]
    for place, argument in enumerate(case.arguments):
        for bad, words in [*REFUSED, *KINDS[argument.kind][2].items()]:
            said = message_of(lambda at=place, bad=bad: case.function(*good[:at], bad, *good[at + 1 :]))
            assert said.startswith(f"{argument.words}: ")
            assert words in said


@EACH
def test_shapes_that_do_not_fit_are_refused(case):
    """For every pair of arguments, two numbers against three are refused with both shapes told."""
    good = [KINDS[argument.kind][1] for argument in case.arguments]
    for first, second in itertools.combinations(range(len(good)), 2):
        values = list(good)
        values[first], values[second] = [good[first]] * 2, [good[second]] * 3
        said = message_of(lambda values=values: case.function(*values))
        assert said.startswith("shapes: these do not fit together: ")
        assert "(2,)" in said
        assert "(3,)" in said


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: loss.combined_cut([]), "shares that controls cut: there are none"),
        (lambda: loss.combined_cut([0.5, 40]), "shares that controls cut: 40 is among them. Expected at most 1"),
        (lambda: loss.combined_cut([0.5, math.nan]), "shares that controls cut: one of them is not a finite number"),
        (lambda: loss.combined_cut(0.5), "0.5 stands alone. Expected a list: one number for each of the controls"),
        (lambda: loss.net_present_value(-1, [1], 0.1), "outlay in euros: -1 is among them. Expected at least 0"),
        (lambda: loss.net_present_value(1, [], 0.1), "yearly cash flows in euros: there are none"),
        (lambda: loss.net_present_value(1, [math.nan], 0.1), "yearly cash flows in euros: one of them is not a finite"),
        (lambda: loss.net_present_value(1, 70_000, 0.1), "70000 stands alone. Expected a list: one number for each of"),
        (lambda: loss.net_present_value(1, [1], -1), "yearly rate: -1 is among them. Expected more than -1"),
        (lambda: loss.net_present_value([1, 2], [[1], [2], [3]], 0.1), "outlay eur (2,), one year of cash flows (3,)"),
        (lambda: loss.net_present_value(1, [[1], [2], [3]], [0.1, 0.2]), "cash flows (3,), yearly rate (2,)"),
    ],
)
def test_lists_of_controls_and_flows_say_what_they_cannot_be(call, words):
    """A lone number, an empty list, a share above 1 and rows that do not fit are refused in words."""
    assert words in message_of(call)
