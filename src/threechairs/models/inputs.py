"""What models take: numbers that are checked once, with an error that says what was seen and what to do."""

from __future__ import annotations

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
        If something is no number, not finite, out of range, or the array has another form.

    Examples
    --------
    >>> numbers([1, 2.5], "costs", least=0).tolist()
    [1.0, 2.5]
    """
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ModelInputError(name, f"{value!r:.60} holds something that is no number", _FILL) from None
    if dimensions is not None and array.ndim != dimensions:
        raise ModelInputError(name, f"the shape is {array.shape}", f"Expected {dimensions} dimension(s)")
    if not array.size and not empty:
        raise ModelInputError(name, "there are none", "Expected at least one number")
    if not np.isfinite(array).all():
        raise ModelInputError(name, "one of them is not a finite number", _FILL)
    for broken, words in (
        (array < least, f"at least {least:g}"),
        (array > most, f"at most {most:g}"),
        (array <= above, f"more than {above:g}"),
        (array >= below, f"less than {below:g}"),
    ):
        if broken.any():
            raise ModelInputError(name, f"{array[broken].flat[0]:g} is among them", f"Expected {words}")
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
    """
    return numbers(value, name, least=0.0, most=1.0)


def same_shape(**arrays: Floats) -> tuple[int, ...]:
    """The shape that all arrays have together, by numpy's rules of broadcasting.

    Raises
    ------
    ModelInputError
        If they do not fit together; names each with its shape.
    """
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        told = ", ".join(f"{name.replace('_', ' ')} {array.shape}" for name, array in arrays.items())
        raise ModelInputError("shapes", f"these do not fit together: {told}", "Give each as many numbers") from None


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
