"""What models take: numbers that are checked once, with an error that says what was seen and what to do.

Nothing here comes from a source; each check is derived where it stands.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from threechairs.errors import ModelInputError

Floats = NDArray[np.float64]

Result: TypeAlias = Any
"""A float where all arguments are plain numbers, else an array; numpy has no narrower type for this either."""


def numbers(
    value: ArrayLike,
    name: str,
    *,
    least: float = -np.inf,
    most: float = np.inf,
    above: float = -np.inf,
    below: float = np.inf,
    dimensions: int | None = None,
    empty: bool = False,
) -> Floats:
    """Numbers within a range, as an array of floats.

    Parameters
    ----------
    value : array_like
        What was given.
    name : str
        What it is, in words, for the error: `"annual losses"`.
    least, most : float, optional
        Range with both ends.
    above, below : float, optional
        Range without its ends.
    dimensions : int, optional
        How many dimensions the array must have; any number unless given.
    empty : bool, default False
        Whether no number at all will do.

    Raises
    ------
    ModelInputError
        If something is no number (dates, durations and complex numbers are none), is masked, not finite or out of
        range, or the array has another form. Of a number that will not do, the position is named.

    Examples
    --------
    >>> numbers([1, 2.5], "costs", least=0).tolist()
    [1.0, 2.5]
    """
    _refuse_other_kinds(value, name)
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        told = " ".join(repr(value).split())[:60]  # a pandas Series is many lines
        raise ModelInputError(name, f"{told} holds something that is no number", _FILL) from None
    if dimensions is not None and array.ndim != dimensions:
        raise ModelInputError(name, f"the shape is {array.shape}", f"Expected {_FORMS[dimensions]}")
    if not array.size and not empty:
        raise ModelInputError(name, "there are none", "Expected at least one number")
    broken = ~np.isfinite(array)
    if broken.any():
        raise ModelInputError(name, "one of them is not a finite number", _FILL, _position(broken))
    for broken, words in (
        (array < least, f"at least {least:g}"),
        (array > most, f"at most {most:g}"),
        (array <= above, f"more than {above:g}"),
        (array >= below, f"less than {below:g}"),
    ):
        if broken.any():
            seen = f"{array[broken].flat[0]:g} is among them"
            raise ModelInputError(name, seen, f"Expected {words}", _position(broken))
    return array


def one_number(
    value: float,
    name: str,
    *,
    least: float = -np.inf,
    most: float = np.inf,
    above: float = -np.inf,
    below: float = np.inf,
) -> float:
    """One number within a range.

    Raises
    ------
    ModelInputError
        As `numbers` does.

    Examples
    --------
    >>> one_number(0.25, "exposure factor", least=0, most=1)
    0.25
    """
    return float(numbers(value, name, least=least, most=most, above=above, below=below, dimensions=0))


def share(value: ArrayLike, name: str) -> Floats:
    """Numbers from 0 to 1: probabilities, shares, exposure factors.

    Raises
    ------
    ModelInputError
        As `numbers` does.

    Examples
    --------
    >>> share([0.25, 1], "exposure factor").tolist()
    [0.25, 1.0]
    """
    return numbers(value, name, least=0.0, most=1.0)


def same_shape(**arrays: Floats) -> tuple[int, ...]:
    """The shape that all arrays have together, by numpy's rules of broadcasting.

    Raises
    ------
    ModelInputError
        If they do not fit together; names each with its shape.

    Examples
    --------
    >>> same_shape(loss_eur=np.zeros(3), rate=np.zeros(()))
    (3,)
    """
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        told = ", ".join(f"{name.replace('_', ' ')} {array.shape}" for name, array in arrays.items())
        raise ModelInputError("shapes", f"these do not fit together: {told}", "Give each as many numbers") from None


def whole_number(value: float, name: str, *, least: float = -np.inf, most: float = np.inf) -> int:
    """One whole number within a range.

    Raises
    ------
    ModelInputError
        As `numbers` does, or if it has a fraction.

    Examples
    --------
    >>> whole_number(3.0, "years", least=1)
    3
    """
    number = one_number(value, name, least=least, most=most)
    if number != int(number):
        raise ModelInputError(name, f"{number:g} is no whole number", "Expected one without a fraction")
    return int(value)  # of the value as it was given: a seed may have more digits than a float


def plain(array: ArrayLike) -> Result:
    """A result as its caller gave the arguments: a float for plain numbers, else the array.

    Examples
    --------
    >>> plain(np.array(2.5))
    2.5
    """
    result = np.asarray(array)
    return result if result.ndim else result.item()


_FILL = "Expected plain numbers; look for empty cells and fill or leave them out"

_FORMS = ("one number", "a list of numbers", "a table of numbers")

_TIMES = (date, time, timedelta, np.datetime64, np.timedelta64)


def _refuse_other_kinds(value: Any, name: str) -> None:
    """Refuse what numpy would turn into floats that mean something else, or would take from behind a mask."""
    if isinstance(value, float | int):
        return
    for part in value if isinstance(value, list | tuple) else [value]:
        if isinstance(part, np.ma.MaskedArray) and np.ma.is_masked(part):
            raise ModelInputError(name, "some of them are masked", "Leave out what is masked: values.compressed()")
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):  # mixed kinds, or rows of different lengths
        array = np.fromiter(value, dtype=object)
    kind = array.dtype.kind
    if kind == "O":
        if any(isinstance(one, _TIMES) for one in array.flat):
            kind = "M"
        elif any(isinstance(one, complex) for one in array.flat):
            kind = "c"
    if kind in "mM":
        raise ModelInputError(
            name,
            "it holds dates or durations",
            "Expected plain numbers",
            "For dates give hours: (column - zero) / Timedelta(hours=1)",
        )
    if kind == "c":
        raise ModelInputError(name, "it holds complex numbers", "Expected plain numbers", "Give the real part")


def _position(broken: NDArray[np.bool_]) -> str:
    """Where the first number stands that will not do, and what to do about it; nothing of a number alone."""
    if not broken.ndim:
        return ""
    at = tuple(int(index) for index in np.argwhere(broken)[0])
    where = f"position {at[0]}" if len(at) == 1 else f"position {at}"
    return f"It stands at {where}, counted from 0: correct it or leave it out"
