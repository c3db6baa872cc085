"""A state of a play as one whole number, and conditions as bit masks over it: what makes exploring a story fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from threechairs.scenario.conditions import Struck, deal_holds
from threechairs.scenario.play import State
from threechairs.scenario.schema import Chair, Condition, Scenario

Test = Callable[[int], bool]
SURE = ("known", "suspected", "believed")


class Field(NamedTuple):
    """Where a meter lies in the number: how far up, its mask once moved down, its range from zero."""

    at: int
    mask: int
    most: int


class Bits:
    """How states of a scenario, played from one chair with one draw, are written as numbers.

    The lowest bits hold the number of the scene, the next ones the meters, each counted from its least value; then
    there is one bit per flag, per way of holding a fact and per right to be ratified, given out when first named.

    Examples
    --------
    >>> from threechairs.scenario.schema import Meter
    >>> trust = Meter(label="Trust", start=3, least=-1, most=5, good="high")
    >>> scenario = Scenario.model_construct(scenes=[], meters={"trust": trust})
    >>> bits = Bits(scenario, "cso", {})
    >>> bits.test(Condition(at_least={"trust": 3}))(bits.above("trust", 4))
    True
    """

    def __init__(self, scenario: Scenario, chair: Chair, drawn: Mapping[str, str]) -> None:
        self.scenario, self.chair, self.drawn = scenario, chair, drawn
        self.scenes = {scene.id: number for number, scene in enumerate(scenario.scenes)}
        at = len(scenario.scenes).bit_length()
        self.scene_mask = (1 << at) - 1
        self.meters: dict[str, Field] = {}
        for name, meter in scenario.meters.items():
            most = meter.most - meter.least
            self.meters[name] = Field(at, (1 << most.bit_length()) - 1, most)
            at += most.bit_length()
        self._next = at
        self._named: dict[tuple[str, ...], int] = {}

    def pack(self, state: State) -> int:
        """A state as a number."""
        packed = self.scenes[state.scene]
        for (name, field), value in zip(self.meters.items(), state.meters, strict=True):
            packed |= self.above(name, value) << field.at
        for flag in state.flags:
            packed |= self.bit("flag", flag)
        for held in state.held:
            packed |= self.bit("held", *held)
        for right in state.unratified:
            packed |= self.bit("unratified", right)
        return packed

    def above(self, meter: str, value: int) -> int:
        """How far a value lies above the least value of a meter."""
        return value - self.scenario.meters[meter].least

    def bit(self, *name: str) -> int:
        """The bit of something that is so or not, such as `("flag", "warned")`."""
        if name not in self._named:
            self._named[name] = 1 << self._next
            self._next += 1
        return self._named[name]

    def held(self, role: str, fact: str) -> int:
        """The bits of every way in which a party can hold a fact."""
        return (
            self.bit("held", role, fact, SURE[0])
            | self.bit("held", role, fact, SURE[1])
            | self.bit("held", role, fact, SURE[2])
        )

    def test(self, condition: Condition, deal: Struck | None = None) -> Test | None:
        """The condition as a test of a state; `None` if it can never hold for this chair, draw and deal."""
        branches = [self.test(one, deal) for one in condition.any_of]
        able = [one for one in branches if one is not None]
        if (
            (condition.chair and self.chair not in condition.chair)
            or any(self.drawn.get(name) != value for name, value in condition.drawn.items())
            or (condition.deal is not None and (deal is None or not deal_holds(condition.deal, deal)))
            or (branches and not able)
        ):
            return None
        need = avoid = 0
        for flag in condition.flags:
            need |= self.bit("flag", flag)
        for fact in condition.knows:
            need |= self.bit("held", self.chair, fact, "known")
        for role, facts in condition.told.items():
            for fact in facts:
                need |= self.bit("held", role, fact, "known")
        for right in condition.unratified:
            need |= self.bit("unratified", right)
        for flag in condition.without:
            avoid |= self.bit("flag", flag)
        for fact in condition.ignores:
            avoid |= self.bit("held", self.chair, fact, "known")
        return _tester(
            need,
            avoid,
            [
                self.held(self.chair, fact) & ~self.bit("held", self.chair, fact, "believed")
                for fact in condition.suspects
            ],
            [(*self.meters[name][:2], self.above(name, least)) for name, least in condition.at_least.items()],
            [(*self.meters[name][:2], self.above(name, most)) for name, most in condition.at_most.items()],
            able,
        )


def _tester(
    need: int,
    avoid: int,
    either: Sequence[int],
    floors: Sequence[tuple[int, int, int]],
    caps: Sequence[tuple[int, int, int]],
    able: Sequence[Test],
) -> Test:
    if not (need or avoid or either or floors or caps or able):
        return lambda _state: True

    def test(state: int) -> bool:
        if state & need != need or state & avoid:
            return False
        for mask in either:
            if not state & mask:
                return False
        for at, mask, low in floors:
            if (state >> at & mask) < low:
                return False
        for at, mask, high in caps:
            if (state >> at & mask) > high:
                return False
        return not able or any(one(state) for one in able)

    return test
