"""Gordon and Loeb's model: the worked table, optimiser and quadrature beside the closed forms, where the bound ends."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize

from threechairs.errors import ModelInputError
from threechairs.models import gordon_loeb as gl

ALPHA, LOSS = 0.00001, 1_000_000
ONE, TWO = gl.ClassOne(ALPHA, 1), gl.ClassTwo(ALPHA)
# vulnerability; best spend, net benefit and share of the expected loss for class I, then for class II
TABLE = [
    (0.10, 0, 0, 0, 36_221.57, 20_348.98, 0.36222),
    (0.20, 41_421.36, 17_157.29, 0.20711, 72_636.05, 65_230.45, 0.36318),
    (0.40, 100_000.00, 100_000.00, 0.25000, 141_753.35, 149_110.99, 0.35438),
    (0.60, 144_948.97, 210_102.05, 0.24158, 219_259.26, 184_979.22, 0.36543),
    (0.80, 182_842.71, 334_314.58, 0.22855, 259_698.99, 92_159.00, 0.32462),
    (0.90, 200_000.00, 400_000.00, 0.22222, 0, 0, 0),
]
CENT = 0.005

FAMILIES = st.one_of(
    st.builds(gl.ClassOne, st.floats(1e-7, 1e-3), st.floats(1, 20)), st.builds(gl.ClassTwo, st.floats(1e-7, 1e-3))
)
VULNERABILITIES = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1), st.floats(0.01, 0.99))
LOSSES = st.one_of(st.just(0.0), st.floats(0.01, 1e8))  # a cent or more: denormal numbers are no money


class Capped:
    """A breach function whose logarithm is not convex: v (1 - z / scale) ** power up to the scale, 0 beyond."""

    def __init__(self, scale_eur, power=2):
        self.scale_eur, self.power = scale_eur, power

    def breach_probability(self, spend_eur, vulnerability):
        """What is left of the vulnerability after spending."""
        return vulnerability * np.maximum(1 - spend_eur / self.scale_eur, 0) ** self.power


def best_by_optimiser(family, vulnerability, loss):
    """Best spend and net benefit, found by a bounded search from the best place of a fine grid."""
    most = vulnerability * loss
    grid = np.linspace(0, most, 2001)
    at = int(np.argmax(gl.net_benefit(family, grid, vulnerability, loss)))
    found = optimize.minimize_scalar(
        lambda spend: -gl.net_benefit(family, spend, vulnerability, loss),
        bounds=(grid[max(at - 1, 0)], grid[min(at + 1, 2000)]),
        method="bounded",
        options={"xatol": 1e-9 * most},
    )
    return found.x, -found.fun


# --- published and worked numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("family", "first"), [(ONE, 1), (TWO, 4)], ids=["class one", "class two"])
def test_the_worked_table_to_the_cent(family, first):
    """Syllabus 4.3 (L = 1 M, alpha = 0.00001, beta = 1): best spend, net benefit and share of v L, row by row."""
    table = np.array(TABLE)
    vulnerability = table[:, 0]
    spend = family.optimal_spend(vulnerability, LOSS)

    assert np.abs(spend - table[:, first]).max() < CENT
    assert np.abs(gl.net_benefit(family, spend, vulnerability, LOSS) - table[:, first + 1]).max() < CENT
    assert np.abs(spend / (vulnerability * LOSS) - table[:, first + 2]).max() < 5e-6


def test_the_published_cap():
    """Encyclopaedia example of the model: 1 M x 0.15 x 0.8 = 120,000 at stake, cap 44,145.53 (told as 44,000)."""
    cap = gl.spending_bound(0.15 * 0.8, 1_000_000)

    assert cap == pytest.approx(44_145.53, abs=CENT)
    assert round(cap, -3) == 44_000


def test_class_one_reaches_a_quarter_at_beta_one():
    """Syllabus 4.3: at beta = 1 the ratio is at most 1/4, reached at alpha v L = 4."""
    assert ONE.largest_ratio == 0.25
    assert ONE.optimal_spend(0.4, LOSS) / (0.4 * LOSS) == pytest.approx(0.25, rel=1e-12)


def test_class_two_reaches_the_bound_where_k_is_e():
    """Gordon and Loeb (2002): the bound v L / e is reached by class II, at -alpha v L ln v = e."""
    loss = math.e / (-ALPHA * 0.5 * math.log(0.5))

    assert TWO.optimal_spend(0.5, loss) == pytest.approx(gl.spending_bound(0.5, loss), rel=1e-12)
    assert gl.spending_bound(1, 1) == pytest.approx(0.367879, abs=5e-7)


# --- a second computation for every closed form -------------------------------------------------------------------


@pytest.mark.parametrize("family", [ONE, gl.ClassOne(ALPHA, 2.5), TWO], ids=str)
@pytest.mark.parametrize("vulnerability", [row[0] for row in TABLE])
def test_an_optimiser_finds_the_same_spend(family, vulnerability):
    """A grid and a bounded search for the largest net benefit end at the closed form."""
    spend, benefit = best_by_optimiser(family, vulnerability, LOSS)

    assert family.optimal_spend(vulnerability, LOSS) == pytest.approx(spend, abs=2)
    assert gl.net_benefit(family, family.optimal_spend(vulnerability, LOSS), vulnerability, LOSS) == pytest.approx(
        benefit, abs=0.01
    )


@pytest.mark.parametrize("vulnerability", [0.05, 0.4, 0.95])
@pytest.mark.parametrize("spend", [0, 5_000, 300_000])
def test_the_net_benefit_is_the_area_under_the_marginal_one(vulnerability, spend):
    """Quadrature of what each further euro prevents, less the euro, gives the net benefit of both classes."""

    def area(marginal):
        value, _ = integrate.quad(lambda z: marginal(z) * LOSS - 1, 0, spend)
        return value

    v = vulnerability
    one = area(lambda z: v * 2 * ALPHA / (ALPHA * z + 1) ** 3)
    two = area(lambda z: -ALPHA * math.log(v) * v * math.exp(ALPHA * z * math.log(v)))

    assert gl.net_benefit(gl.ClassOne(ALPHA, 2), spend, v, LOSS) == pytest.approx(one, rel=1e-8, abs=1e-6)
    assert gl.net_benefit(TWO, spend, v, LOSS) == pytest.approx(two, rel=1e-8, abs=1e-6)


@pytest.mark.parametrize("beta", [1, 1.5, 3, 20])
def test_an_optimiser_finds_the_same_largest_ratio(beta):
    """Over all alpha v L, the largest share of v L that class I spends is the closed form's."""
    family = gl.ClassOne(ALPHA, beta)
    found = optimize.minimize_scalar(
        lambda size: -family.optimal_spend(0.5, size / (ALPHA * 0.5)) / (size / ALPHA),
        bounds=(0.01, 9),
        method="bounded",
    )

    assert family.largest_ratio == pytest.approx(-found.fun, rel=1e-6)


def test_the_bound_is_the_largest_ratio_of_class_two():
    """Over all losses, the largest share of v L that class II spends is 1/e."""
    found = optimize.minimize_scalar(
        lambda loss: -TWO.optimal_spend(0.3, loss) / (0.3 * loss), bounds=(1e5, 5e6), method="bounded"
    )

    assert -found.fun * 0.3 * 1e6 == pytest.approx(gl.spending_bound(0.3, 1e6), rel=1e-6)


# --- what always holds --------------------------------------------------------------------------------------------


@given(FAMILIES, VULNERABILITIES, LOSSES, st.floats(0, 2))
def test_no_other_spend_is_better(family, vulnerability, loss, part):
    """The best spend's net benefit is at least that of any other spend, and never below 0."""
    best = gl.net_benefit(family, family.optimal_spend(vulnerability, loss), vulnerability, loss)
    room = 1e-9 * (loss + 1)

    assert best >= gl.net_benefit(family, part * vulnerability * loss, vulnerability, loss) - room
    assert best >= -room


@given(FAMILIES, VULNERABILITIES, LOSSES)
def test_both_classes_keep_the_bound(family, vulnerability, loss):
    """The best spend is from 0 to v L / e, and for class I at most its largest ratio of v L."""
    spend = family.optimal_spend(vulnerability, loss)

    assert 0 <= spend <= gl.spending_bound(vulnerability, loss) * (1 + 1e-9) + 1e-6
    if isinstance(family, gl.ClassOne):
        assert spend <= family.largest_ratio * vulnerability * loss * (1 + 1e-9) + 1e-6


@given(FAMILIES, VULNERABILITIES, LOSSES, st.sampled_from([0.25, 8, 1024]))
def test_another_currency_scales_spend_and_benefit(family, vulnerability, loss, factor):
    """With the loss times a factor and alpha per the smaller coin, spend, bound and benefit are times it too."""
    other = type(family)(family.alpha / factor, *([family.beta] if isinstance(family, gl.ClassOne) else []))
    spend = family.optimal_spend(vulnerability, loss)
    near = {"rel": 1e-9, "abs": 1e-9 * factor * (loss + 1)}

    assert other.optimal_spend(vulnerability, loss * factor) == pytest.approx(spend * factor, **near)
    assert gl.net_benefit(other, spend * factor, vulnerability, loss * factor) == pytest.approx(
        gl.net_benefit(family, spend, vulnerability, loss) * factor, **near
    )
    assert gl.spending_bound(vulnerability, loss * factor) == gl.spending_bound(vulnerability, loss) * factor


@given(FAMILIES, VULNERABILITIES, LOSSES, LOSSES, st.floats(0, 1e7), st.floats(0, 1e7))
def test_more_at_stake_is_worth_more_and_more_spent_leaves_less(family, vulnerability, loss, other, spend, further):
    """A larger loss never lowers the best spend; a larger spend never raises what is left of the probability."""
    less, more = (family.optimal_spend(vulnerability, amount) for amount in sorted([loss, other]))
    assert less <= more * (1 + 1e-12)

    assert family.breach_probability(0, vulnerability) == vulnerability
    left = family.breach_probability(spend, vulnerability)
    assert 0 <= family.breach_probability(spend + further, vulnerability) <= left <= vulnerability


def test_class_one_spends_more_on_the_more_vulnerable_and_class_two_does_not():
    """From v = 0 to 1, class I never spends less; class II rises, falls, and spends nothing at either end."""
    vulnerability = np.linspace(0, 1, 101)
    one, two = ONE.optimal_spend(vulnerability, LOSS), TWO.optimal_spend(vulnerability, LOSS)

    assert (np.diff(one) >= 0).all()
    assert two[[0, 90, 100]].tolist() == [0, 0, 0]
    peak = two.argmax()
    assert (np.diff(two[: peak + 1]) >= 0).all()
    assert (np.diff(two[peak:]) <= 0).all()
    assert two[peak] > 0


def test_the_largest_ratio_grows_towards_the_bound():
    """With beta the largest ratio of class I rises from 1/4 towards 1/e and stays below it."""
    ratios = [gl.ClassOne(ALPHA, beta).largest_ratio for beta in (1, 2, 10, 100, 10_000)]

    assert ratios == sorted(ratios)
    assert ratios[0] == 0.25
    assert 1 / math.e - 1e-4 < ratios[-1] < 1 / math.e


def test_another_breach_function_breaks_the_bound():
    """The bound is not universal: with v (1 - z / (v L)) squared the best spend is half of v L."""
    spend, benefit = best_by_optimiser(Capped(scale_eur=400_000), 0.4, LOSS)

    assert spend == pytest.approx(200_000, rel=1e-6)
    assert benefit == pytest.approx(100_000)
    assert spend > gl.spending_bound(0.4, LOSS)


@pytest.mark.parametrize("family", [ONE, gl.ClassOne(ALPHA, 2.5), TWO], ids=str)
def test_arrays_give_what_plain_numbers_give(family):
    """Vulnerabilities along one axis and losses along another give a grid; plain numbers give floats."""
    vulnerability, loss = np.array([0, 0.2, 0.9, 1]), np.array([[0.0], [3e5], [1e6]])
    spend = family.optimal_spend(vulnerability, loss)
    benefit = gl.net_benefit(family, spend, vulnerability, loss)
    bound = gl.spending_bound(vulnerability, loss)

    assert spend.shape == benefit.shape == bound.shape == (3, 4)
    for row, column in np.ndindex(3, 4):
        v, amount = float(vulnerability[column]), float(loss[row, 0])
        single = family.optimal_spend(v, amount)
        assert all(type(value) is float for value in (single, family.breach_probability(single, v)))
        assert spend[row, column] == pytest.approx(single, rel=1e-12)
        assert benefit[row, column] == pytest.approx(gl.net_benefit(family, single, v, amount), rel=1e-9, abs=1e-9)
        assert bound[row, column] == gl.spending_bound(v, amount)


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gl.ClassOne(0), "alpha: 0 is among them. Expected more than 0"),
        (lambda: gl.ClassOne(math.nan), "alpha: one of them is not a finite number. Expected plain numbers"),
        (lambda: gl.ClassOne([1, 2]), "alpha: the shape is (2,)"),
        (lambda: gl.ClassOne(ALPHA, 0.5), "beta: 0.5 is among them. Expected at least 1"),
        (lambda: gl.ClassTwo(-1), "alpha: -1 is among them. Expected more than 0"),
        (lambda: gl.ClassTwo("many"), "alpha: 'many' holds something that is no number"),
        (lambda: ONE.breach_probability(-1, 0.5), "spend in euros: -1 is among them. Expected at least 0"),
        (lambda: ONE.breach_probability(1, 50), "vulnerability: 50 is among them. Expected at most 1"),
        (lambda: TWO.breach_probability([], 0.5), "spend in euros: there are none"),
        (lambda: TWO.breach_probability([1, 2], [0.1] * 3), "spend eur (2,), vulnerability (3,)"),
        (lambda: ONE.optimal_spend(-0.1, 1), "vulnerability: -0.1 is among them. Expected at least 0"),
        (lambda: ONE.optimal_spend(0.1, -1), "loss in euros: -1 is among them. Expected at least 0"),
        (lambda: TWO.optimal_spend([0.1, math.nan], 1), "vulnerability: one of them is not a finite number"),
        (lambda: TWO.optimal_spend([0.1] * 2, [1] * 3), "vulnerability (2,), loss eur (3,)"),
        (lambda: gl.net_benefit(ONE, 1, 0.1, math.inf), "loss in euros: one of them is not a finite number"),
        (lambda: gl.net_benefit(ONE, 1, 0.1, -1), "loss in euros: -1 is among them. Expected at least 0"),
        (lambda: gl.net_benefit(ONE, -1, 0.1, 1), "spend in euros: -1 is among them. Expected at least 0"),
        (lambda: gl.net_benefit(TWO, [1] * 2, 0.1, [1] * 3), "spend eur (2,), vulnerability (), loss eur (3,)"),
        (lambda: gl.spending_bound(1.5, 1), "vulnerability: 1.5 is among them. Expected at most 1"),
        (lambda: gl.spending_bound(0.5, []), "loss in euros: there are none. Expected at least one number"),
    ],
)
def test_what_the_model_cannot_work_with_is_told(call, words):
    """Parameters, spends, probabilities and losses out of range or misshapen are refused with what was seen."""
    with pytest.raises(ModelInputError) as caught:
        call()

    assert words in str(caught.value)
