"""How far a number may lie from another and still count as the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

from threechairs.errors import GradingError

STANDARD_ERRORS = 4.0
# Sums of the same numbers in another order differ in the last digits; that is nobody's mistake.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Tolerance:
    """The largest difference that counts as none; of several that are given, the widest.

    Attributes
    ----------
    absolute : float
        In the unit of the number, from 0.
    relative : float
        As a share of the number looked for, from 0 to below 1: 0.005 is half a percent.
    standard_error : float
        For simulations: standard error of the answer, in the unit of the number; 4 of them are allowed. A right
        simulation lies outside once in 16,000 times.

    Raises
    ------
    GradingError
        If one of them is no such number: a fault of the test, never of the learner.

    Examples
    --------
    >>> Tolerance(relative=0.005).allows(1004, 1000), Tolerance(relative=0.005).allows(1006, 1000)
    (True, False)
    >>> round(Tolerance(absolute=0.5, standard_error=2.0).around(1000), 6)
    8.0
    """

    absolute: float = 0.0
    relative: float = 0.0
    standard_error: float = 0.0

    def __post_init__(self) -> None:
        for name, most in (("absolute", math.inf), ("relative", 1.0), ("standard_error", math.inf)):
            seen = getattr(self, name)
            if not 0 <= seen < most:  # NaN is refused as well
                expected = "Expected a share such as 0.005" if name == "relative" else "Expected a finite number from 0"
                raise GradingError("test cell", f"its {name.replace('_', ' ')} tolerance is {seen!r}", expected)

    def around(self, number: float) -> float:
        """The largest difference from `number` that is allowed, the last digits of floats included."""
        widest = max(self.absolute, self.relative * abs(number), STANDARD_ERRORS * self.standard_error)
        return float(widest + _ROUNDING * max(1.0, abs(number)))

    def allows(self, seen: float, number: float) -> bool:
        """True where `seen` counts as `number`; infinity and NaN never do."""
        return abs(seen - number) <= self.around(number) < math.inf
