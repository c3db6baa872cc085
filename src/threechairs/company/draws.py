"""Random draws that give the same result on every Python version and processor.

Only `random.Random.random()` is promised to stay the same between Python versions, so everything else here is
built on it. Logarithms and exponentials may differ in the last of 16 digits between processors; tables round what
they keep, and the fingerprint in answers tells the rest.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from statistics import NormalDist
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

    def share(self) -> float:
        """A number from 0 (included) to 1 (not included), all equally likely."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number from `low` to `high`, all equally likely."""
        return low + self._random.random() * (high - low)

    def weighted(self, options: Mapping[T, float]) -> T:
        """One of the options, each as likely as its weight says; weights are positive and need no sum of 1."""
        mark = self._random.random() * sum(options.values())
        for option, weight in options.items():
            mark -= weight
            if mark < 0:
                return option
        return option

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """A normal number, by inversion: one draw, one number."""
        return mean + deviation * _STANDARD.inv_cdf(max(self._random.random(), 1e-16))

    def lognormal(self, median: float, sigma: float) -> float:
        """A lognormal number with this median; `sigma` is the deviation of its logarithm."""
        return median * math.exp(sigma * self.normal())

    def exponential(self, mean: float) -> float:
        """A waiting time with this mean."""
        return -mean * math.log1p(-self._random.random())

    def pareto(self, alpha: float, least: float = 1.0) -> float:
        """A Pareto number of at least `least`; the smaller `alpha`, the heavier the tail."""
        return least * math.exp(self.exponential(1 / alpha))

    def poisson(self, mean: float) -> int:
        """A count with this mean, up to some hundreds."""
        count, sum_of_waits = 0, self.exponential(1.0)
        while sum_of_waits < mean:
            count += 1
            sum_of_waits += self.exponential(1.0)
        return count

    def gamma(self, shape: float, scale: float = 1.0) -> float:
        """A gamma number with mean `shape * scale`.

        Method: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables" (2000).
        """
        if shape < 1:
            lift = math.pow(max(self._random.random(), 1e-300), 1 / shape)
            return self.gamma(shape + 1, scale) * lift
        third = shape - 1 / 3
        while True:
            normal = self.normal()
            cube = math.pow(1 + normal / math.sqrt(9 * third), 3)
            if cube > 0:
                accepted = math.log(max(self._random.random(), 1e-300))
                if accepted < normal * normal / 2 + third * (1 - cube + math.log(cube)):
                    return third * cube * scale

    def beta(self, first: float, second: float) -> float:
        """A beta number between 0 and 1, with mean `first / (first + second)`."""
        one = self.gamma(first)
        return one / (one + self.gamma(second))


_STANDARD = NormalDist()
