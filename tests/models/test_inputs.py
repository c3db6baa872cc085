"""What models refuse, and what they say about it."""

import datetime

import numpy as np
import pandas as pd
import pytest

from threechairs.errors import ModelInputError, ThreeChairsError
from threechairs.models.inputs import numbers, one_number, same_shape, share, whole_number


@pytest.mark.parametrize(
    ("value", "limits", "words"),
    [
        ([1, float("nan")], {}, "losses: one of them is not a finite number. Expected plain numbers; look for empty"),
        ([1, float("inf")], {}, "losses: one of them is not a finite number"),
        ([], {}, "losses: there are none. Expected at least one number"),
        (["a"], {}, "holds something that is no number"),
        ([[1, 2], [3]], {}, "holds something that is no number"),
        ([3, -2], {"least": 0}, "losses: -2 is among them. Expected at least 0"),
        ([3, 9], {"most": 5}, "losses: 9 is among them. Expected at most 5"),
        ([0, 1], {"above": 0}, "losses: 0 is among them. Expected more than 0"),
        ([1, 2], {"below": 2}, "losses: 2 is among them. Expected less than 2"),
        ([[1.0]], {"dimensions": 1}, r"losses: the shape is \(1, 1\). Expected a list of numbers"),
        (None, {}, "losses: one of them is not a finite number"),
        (10**400, {}, "holds something that is no number"),
        (pd.Series(["a", "b", "c"]), {}, "losses: 0 a 1 b 2 c dtype: [a-z]+ holds something that is no number"),
    ],
)
def test_numbers_that_no_model_can_use_are_named(value, limits, words):
    """NaN, nothing, words, a wrong shape and a number out of range are each said, with what to do."""
    with pytest.raises(ModelInputError, match=words):
        numbers(value, "losses", **limits)


DAYS = pd.Series(pd.to_datetime(["2026-01-01", "2026-01-02"]))


@pytest.mark.parametrize(
    "value",
    [
        np.datetime64("2026-01-01"),
        np.array(["2026-01-01"], dtype="M8[D]"),
        np.array([5], dtype="m8[h]"),
        [1.0, np.datetime64("2026-01-01")],
        [np.array(["2026-01-01"], dtype="M8[D]")],
        datetime.date(2026, 1, 1),
        [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)],
        [5, datetime.timedelta(1)],
        pd.Timestamp("2026-01-01"),
        [1, pd.NaT],
        DAYS,
        DAYS - DAYS[0],
        DAYS.dt.tz_localize("UTC"),
        DAYS.astype(object),
        pd.DataFrame({"day": DAYS, "loss": [1, 2]}),
    ],
)
def test_dates_and_durations_are_no_numbers(value):
    """Whatever holds a date or a duration is refused, with how hours are made of it; a date never becomes euros."""
    with pytest.raises(ModelInputError, match=r"losses: it holds dates .* \(column - zero\) / Timedelta\(hours=1\)"):
        numbers(value, "losses")


@pytest.mark.parametrize("value", [1 + 2j, [1, 2j], np.array([1j]), np.array([1, 1j], dtype=object)])
def test_complex_numbers_are_refused(value):
    """A number with an imaginary part is not cut down to its real one."""
    with pytest.raises(ModelInputError, match="losses: it holds complex numbers"):
        numbers(value, "losses")


@pytest.mark.parametrize(
    "value",
    [np.ma.array([1, 2], mask=[False, True]), [np.ma.array([1, 2], mask=[False, True])], np.ma.masked, (np.ma.masked,)],
)
def test_what_is_masked_is_not_taken_from_behind_its_mask(value):
    """A masked number is missing; a masked array whose mask hides nothing is as good as any."""
    with pytest.raises(ModelInputError, match=r"losses: some of them are masked\. Leave out"):
        numbers(value, "losses")

    assert numbers(np.ma.array([1, 2], mask=[False, False]), "losses").tolist() == [1, 2]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([3, 1, -2, -5], "-2 is among them. Expected at least 0. It stands at position 2, counted from 0: correct it"),
        ([[3, 1], [2, -5]], r"-5 is among them. .* at position \(1, 1\)"),
        ([1, float("nan")], "not a finite number. .* at position 1"),
        (-5, "losses: -5 is among them. Expected at least 0.$"),
    ],
)
def test_the_first_number_that_will_not_do_is_told_by_its_position(value, words):
    """In a long column the reader need not search; a number that stands alone has no position."""
    with pytest.raises(ModelInputError, match=words):
        numbers(value, "losses", least=0)


def test_a_whole_number_keeps_all_its_digits():
    """What a float cannot hold is not rounded; a fraction is refused."""
    assert whole_number(2**256 + 1, "seed") == 2**256 + 1
    with pytest.raises(ModelInputError, match=r"seed: 2\.5 is no whole number"):
        whole_number(2.5, "seed")


def test_what_is_fine_comes_back_as_floats():
    """Whole numbers become floats of the same shape; both ends of a closed range belong to it."""
    array = numbers([[0, 1], [2, 3]], "costs", least=0, most=3, dimensions=2)

    assert array.dtype == np.float64
    assert array.tolist() == [[0, 1], [2, 3]]
    assert numbers([], "controls", empty=True).size == 0
    assert one_number(3, "years", above=2, below=4) == 3.0
    assert share(0.5, "probability") == 0.5


def test_a_model_error_is_one_of_ours_and_a_value_error():
    """A notebook shows its text without a traceback, and code that expects ValueError catches it."""
    with pytest.raises(ModelInputError) as caught:
        one_number([1, 2], "years")

    assert isinstance(caught.value, ThreeChairsError)
    assert isinstance(caught.value, ValueError)
    assert caught.value._render_traceback_() == ["years: the shape is (2,). Expected one number."]


def test_shapes_that_do_not_fit_are_told_by_name():
    """Each array is named with its shape; those that fit give the shape they have together."""
    assert same_shape(low=np.zeros(3), high=np.zeros(1)) == (3,)
    with pytest.raises(ModelInputError, match=r"annual rate \(2,\), loss \(3,\)"):
        same_shape(annual_rate=np.zeros(2), loss=np.zeros(3))
