"""Every state that a story can reach from one chair, explored fast.

This says the same as `play.advance`, without texts; a test holds the two side by side, state by state. It is for the
lint: whoever plays, plays with `play`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from threechairs.scenario.bits import Bits, Test
from threechairs.scenario.conditions import Struck, deal_holds
from threechairs.scenario.play import Step, Story, begin, used
from threechairs.scenario.record import Deal, Ratified
from threechairs.scenario.schema import Chair, Condition, Consequence, DealCondition, Table


class Effect(NamedTuple):
    """What a step does to a state.

    `goto` is the number of the next scene, -1 where nothing says it. `keep` and `put` are masks for what is so or not.
    `shifts` are changes of meters, `sums` the same added up per meter, before a meter's range stops them. `record`
    stands for the entries of the decision record.
    """

    goto: int
    keep: int
    put: int
    shifts: tuple[tuple[int, int, int, int], ...]
    sums: Mapping[str, int]
    record: str


class Way(NamedTuple):
    """A step that a state may allow: an option, or a deal that stands for all that lead to the same.

    `test` says whether a state allows it, `effect` what it then does.
    """

    step: Step
    teaches_floor: bool
    test: Test
    effect: Callable[[int], Effect]


class Seen(NamedTuple):
    """A state that was reached.

    Attributes
    ----------
    state : int
        The state.
    ways, effects, after : sequences
        The ways that it allows, what each does, and the state that it leads to (-1 for nowhere).
    route : sequence of Way
        How it was reached.
    loop : sequence of Way
        Not empty where the last way of the route led back to this state: the ways from it to itself.
    """

    state: int
    ways: Sequence[Way]
    effects: Sequence[Effect]
    after: Sequence[int]
    route: Sequence[Way]
    loop: Sequence[Way] = ()


class Machine:
    """A story from one chair with one draw, made ready to be explored."""

    def __init__(self, story: Story, chair: Chair, drawn: Mapping[str, str]) -> None:
        self.story, self.chair, self.drawn = story, chair, drawn
        self.bits = Bits(story.scenario, chair, drawn)
        self.start = self.bits.pack(begin(story, chair, drawn).state)
        self._ways = [list(self._ways_of(number)) for number in range(len(story.scenario.scenes))]

    def scene(self, state: int) -> str:
        """The scene that is on."""
        return self.story.scenario.scenes[state & self.bits.scene_mask].id

    def open(self, state: int) -> tuple[list[Way], list[Effect], list[int]]:
        """The ways that a state allows, what each does, and the state that it leads to."""
        ways = [way for way in self._ways[state & self.bits.scene_mask] if way.test(state)]
        effects = [way.effect(state) for way in ways]
        return ways, effects, [self._after(effect, state) for effect in effects]

    def _after(self, effect: Effect, state: int) -> int:
        if effect.goto < 0:
            return -1
        state = state & effect.keep | effect.put
        for at, mask, change, most in effect.shifts:
            value = (state >> at & mask) + change
            value = 0 if value < 0 else min(value, most)
            state = state & ~(mask << at) | value << at
        return state & ~self.bits.scene_mask | effect.goto

    def _ways_of(self, number: int) -> Iterator[Way]:
        scene = self.story.scenario.scenes[number]
        for option in scene.options:
            test = self.bits.test(option.when)
            if test and (not option.chairs or self.chair in option.chairs):
                outcomes = [(one, self.bits.test(one.when)) for one in option.outcomes]
                plans = [(test, self._plan([option, one])) for one, test in outcomes if test]
                choose = _first(plans, self._plan([option]))
                yield Way(Step(scene.id, option.id), option.teaches == "floor", test, choose)
        if scene.deal and (not scene.deal.chairs or self.chair in scene.deal.chairs):
            test = self.bits.test(scene.deal.when)
            yield from self._deals(scene.id, scene.deal, test) if test else ()

    def _deals(self, scene: str, place: Table, test: Test) -> Iterator[Way]:
        """One way per group of deals that neither a condition of an outcome nor acceptance tells apart."""
        table = self.story.tables[place.table]
        asked = [one for outcome in place.outcomes for one in _deal_conditions(outcome.when)]
        groups: dict[tuple[bool, ...], Struck] = {}
        for chosen in product(*([option.id for option in issue.options] for issue in table.issues)):
            deal = {issue.id: option for issue, option in zip(table.issues, chosen, strict=True)}
            struck: Struck = (deal, table.verdict(deal))
            groups.setdefault((struck[1].accepted, *(deal_holds(one, struck) for one in asked)), struck)
        for struck in groups.values():
            options, verdict = struck
            record = Deal(table=table.table, options=dict(options)).model_dump_json() if verdict.accepted else ""
            outcomes = [(one, self.bits.test(one.when, struck)) for one in place.outcomes]
            plans = [(able, self._plan([one], record)) for one, able in outcomes if able]
            nowhere = Effect(-1, -1, 0, (), dict.fromkeys(self.bits.meters, 0), record)
            choose = _first(plans, _always(nowhere))
            yield Way(Step(scene, deal=tuple(options.items())), False, test, choose)

    def _plan(self, parts: Sequence[Consequence], record: str = "") -> Callable[[int], Effect]:
        """The effect of consequences; what a used right does may depend on whether there is an emergency."""
        asked = [use.emergency for part in parts for use in part.uses]
        emergencies = [None if one is None else self.bits.test(one) for one in asked]
        if not any(emergencies):
            return _always(self._effect(parts, [False] * len(emergencies), record))
        known: dict[tuple[bool, ...], Effect] = {}

        def plan(state: int) -> Effect:
            answers = tuple(test is not None and test(state) for test in emergencies)
            if answers not in known:
                known[answers] = self._effect(parts, answers, record)
            return known[answers]

        return plan

    def _effect(self, parts: Sequence[Consequence], emergencies: Sequence[bool], record: str) -> Effect:
        bits, answers, entries, overreach = self.bits, iter(emergencies), [record], False
        switches: list[tuple[int, int]] = []  # in turn: which bits are cleared, which are then set
        for part in parts:
            for use in part.uses:
                decision, problem = used(self.chair, use, emergency=next(answers))
                entries.append(decision.model_dump_json())
                overreach |= bool(problem)
                if decision.emergency and not problem:
                    switches.append((0, bits.bit("unratified", use.right)))
            for one in part.ratify:
                entries.append(Ratified(right=one.right, after_h=one.after_h).model_dump_json())
                switches.append((bits.bit("unratified", one.right), 0))
            entries += [entry.model_dump_json() for entry in part.record]
        shifts, sums = [], dict.fromkeys(bits.meters, 0)
        parts = [*parts, *([self.story.scenario.overreach] if overreach else [])]
        for part in parts:
            for name, change in part.meters.items():
                at, mask, most = bits.meters[name]
                shifts.append((at, mask, change, most))
                sums[name] += change
            switches += [(bits.bit("flag", flag), 0) for flag in part.clear]
            switches += [(0, bits.bit("flag", flag)) for flag in part.set]
            told: list[tuple[str, str, str]] = [(self.chair, fact, sure) for fact, sure in part.learn.items()]
            told += [(role, fact, "known") for fact, roles in part.tell.items() for role in roles]
            for role, fact, sure in told:
                switches.append((bits.held(role, fact), bits.bit("held", role, fact, sure)))
                corrected = self.story.scenario.facts[fact].corrects if sure == "known" else ()
                switches += [(bits.held(role, wrong), 0) for wrong in corrected]
        clear = put = 0
        for off, on in switches:
            clear, put = clear | off, put & ~off | on
        goto = next((part.goto for part in reversed(parts) if part.goto), None)
        place = bits.scenes[goto] if goto else -1
        return Effect(place, ~clear, put, tuple(shifts), sums, "\n".join(entries))


def explore(machine: Machine, room: Callable[[], bool]) -> Iterator[Seen]:
    """Every state that can be reached, once each, depth first; and again each state that a loop leads back to.

    Parameters
    ----------
    machine : Machine
        What is explored.
    room : callable
        Asked before each new state; where it says no, exploring ends.
    """
    places: dict[int, int] = {}  # of each known state its place on the route, or -1 when all behind it is known
    route: list[Way] = []
    states: list[int] = []
    waiting: list[list[tuple[Way, int]]] = []

    def enter(state: int) -> Seen:
        ways, effects, after = machine.open(state)
        places[state] = len(states)
        states.append(state)
        waiting.append([(way, to) for way, to in zip(ways, after, strict=True) if to >= 0])
        return Seen(state, ways, effects, after, route)

    if room():
        yield enter(machine.start)
    while waiting:
        if not waiting[-1]:
            waiting.pop()
            places[states.pop()] = -1
            del route[-1:]
            continue
        way, state = waiting[-1].pop()
        place = places.get(state)
        if place is None:
            if not room():
                return
            route.append(way)
            yield enter(state)
        elif place >= 0:
            yield Seen(state, (), (), (), route, [*route[place:], way])


def _first(
    plans: Sequence[tuple[Test, Callable[[int], Effect]]], otherwise: Callable[[int], Effect]
) -> Callable[[int], Effect]:
    """The plan of the first outcome whose condition holds."""
    if not plans:
        return otherwise

    def choose(state: int) -> Effect:
        for test, plan in plans:
            if test(state):
                return plan(state)
        return otherwise(state)

    return choose


def _always(effect: Effect) -> Callable[[int], Effect]:
    return lambda _state: effect


def _deal_conditions(condition: Condition) -> Iterator[DealCondition]:
    if condition.deal:
        yield condition.deal
    for one in condition.any_of:
        yield from _deal_conditions(one)
