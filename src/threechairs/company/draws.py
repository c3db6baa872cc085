"""Random draws that give the same result on every Python version and processor.

Only `random.Random.random()` is promised to stay the same between Python versions, so everything else here is
built on it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of draws for one purpose within one case.

    Parameters
    ----------
    *seed : str or int
        What makes the stream: case id, assignment, attempt, purpose. Streams for different purposes do not
        disturb each other, so a new table leaves the others as they were.

    Examples
    --------
    >>> Draws("alice", "l01", 1, "demo").sample("abcdef", 3) == Draws("alice", "l01", 1, "demo").sample("abcdef", 3)
    True
    >>> 3 <= Draws("bob", "l01", 1, "demo").whole(3, 6) <= 6
    True
    """

    def __init__(self, *seed: str | int) -> None:
        digest = hashlib.sha256("\x1f".join(str(part) for part in seed).encode()).digest()
        self._random = random.Random(int.from_bytes(digest, "big"))  # noqa: S311  no secret hangs on it

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        return options[self.whole(0, len(options) - 1)]

    def sample(self, options: Sequence[T], size: int) -> list[T]:
        """`size` different options in random order."""
        rest = list(options)
        return [rest.pop(self.whole(0, len(rest) - 1)) for _ in range(size)]

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random.random() < probability
