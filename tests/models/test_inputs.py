"""What models refuse, and what they say about it."""

import numpy as np
import pytest

from threechairs.errors import ModelInputError, ThreeChairsError
from threechairs.models.inputs import numbers, one_number, same_shape, share


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
        ([[1.0]], {"dimensions": 1}, r"losses: the shape is \(1, 1\). Expected 1 dimension"),
        (None, {}, "losses: one of them is not a finite number"),
    ],
)
def test_numbers_that_no_model_can_use_are_named(value, limits, words):
    """NaN, nothing, words, a wrong shape and a number out of range are each said, with what to do."""
    with pytest.raises(ModelInputError, match=words):
        numbers(value, "losses", **limits)


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
    assert caught.value._render_traceback_() == ["years: the shape is (2,). Expected 0 dimension(s)."]


def test_shapes_that_do_not_fit_are_told_by_name():
    """Each array is named with its shape; those that fit give the shape they have together."""
    assert same_shape(low=np.zeros(3), high=np.zeros(1)) == (3,)
    with pytest.raises(ModelInputError, match=r"annual rate \(2,\), loss \(3,\)"):
        same_shape(annual_rate=np.zeros(2), loss=np.zeros(3))
