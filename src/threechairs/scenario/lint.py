"""What is wrong with a story as a story: found by visiting every state that it can reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from threechairs.scenario.play import Story
from threechairs.scenario.reach import Effect, Machine, Seen, Way, explore
from threechairs.scenario.schema import Chair, Scenario

OWN_CHOICES = 4
"""So many options of its own each chair needs at least, for its play to be a play of its own."""

Place = tuple[str, str]
"""A scene and an option in it; the option is empty for a deal."""


@dataclass(frozen=True)
class Finding:
    """Something that an author should mend.

    Attributes
    ----------
    scene, option : str
        Where it is; empty where it concerns the whole story, or the whole scene.
    sentence : str
        What is wrong, and what to do about it.
    """

    scene: str
    option: str
    sentence: str

    def __str__(self) -> str:
        place = "".join(
            [f"scene {self.scene!r}" if self.scene else "", f", option {self.option!r}" if self.option else ""]
        )
        return f"{place}: {self.sentence}" if place else self.sentence


def lint(story: Story, *, limit: int = 1_000_000) -> list[Finding]:
    """Everything that is wrong with a story, in the order of its scenes.

    Every state is visited that can be reached, from each chair and with each combination of hidden facts.

    Parameters
    ----------
    story : Story
        The story.
    limit : int
        So many states are visited at most. A story with more is told so, and then nothing is said to be unreachable.

    Examples
    --------
    >>> from threechairs.scenario.schema import Scenario
    >>> scenario = Scenario.model_validate({
    ...     "format": 1, "scenario": "door", "title": "The door", "minutes": 3, "summary": "A door sticks.",
    ...     "seats": {"cso": {"opening": "hall", "brief": "You are Ruth."}}, "cast": {}, "overreach": {},
    ...     "meters": {"trust": {"label": "Trust", "start": 3, "least": 0, "most": 5, "good": "high"}},
    ...     "scenes": [{"id": "hall", "title": "In the hall", "text": "It sticks.", "options": [
    ...         {"id": "push", "text": "Push.", "goto": "hall", "meters": {"trust": 1}}]}],
    ... })
    >>> for finding in lint(Story(scenario)):
    ...     print(finding)
    CSO has 1 choice of its own (hall/push). Expected at least 4 options that only this chair can come to.
    scene 'hall', option 'push': hall/push leads back to where it began (CSO). Let it change something that closes it.
    """
    seen = _Seen(story.scenario)
    whole = all(seen.visit(Machine(story, chair, drawn), limit) for chair, drawn in sittings(story.scenario))
    findings = [*seen.findings, *_choices(seen)]
    if whole:
        findings += [*_unreached(seen), *_own_choices(seen)]
    else:
        tip = "Let fewer flags, facts and meters matter at once"
        findings.append(Finding("", "", f"it has more than {limit:,} states, so the rest was not looked at. {tip}."))
    order = {scene.id: number for number, scene in enumerate(story.scenario.scenes)}
    return sorted(findings, key=lambda finding: order.get(finding.scene, -1))


def sittings(scenario: Scenario) -> Iterator[tuple[Chair, dict[str, str]]]:
    """Every chair with every combination of hidden facts."""
    for chair in scenario.chairs:
        for values in product(*scenario.draws.values()):
            yield chair, dict(zip(scenario.draws, values, strict=True))


@dataclass
class _Seen:
    """What has been seen of a story so far, over all chairs and draws."""

    scenario: Scenario
    states: int = 0
    scenes: set[str] = field(default_factory=set)
    open_to: dict[Place, set[Chair]] = field(default_factory=lambda: defaultdict(set))
    one_result: dict[str, bool] = field(default_factory=dict)
    worst: dict[Place, bool] = field(default_factory=dict)
    best: dict[Place, bool] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    told: set[tuple[str, ...]] = field(default_factory=set)

    def visit(self, machine: Machine, limit: int) -> bool:
        """Visit every state of one chair with one draw; false if there are more than the limit allows."""
        ended = False

        def room() -> bool:
            nonlocal ended
            ended = self.states >= limit
            self.states += not ended
            return not ended

        compared: set[tuple[int, ...]] = set()
        for seen in explore(machine, room):
            scene = machine.scene(seen.state)
            if seen.loop:
                self._loop(machine, seen)
                continue
            self.scenes.add(scene)
            self._state(machine, scene, seen)
            if len(seen.ways) > 1:
                results = set(zip(seen.after, (effect.record for effect in seen.effects), strict=True))
                self.one_result[scene] = self.one_result.get(scene, True) and len(results) == 1
                alike = tuple(map(id, seen.effects))
                if alike not in compared:
                    compared.add(alike)
                    self._compare(scene, seen.ways, seen.effects)
        return not ended

    def _state(self, machine: Machine, scene: str, seen: Seen) -> None:
        for way, after in zip(seen.ways, seen.after, strict=True):
            self.open_to[scene, way.step.option].add(machine.chair)
            if after < 0:
                what = f"option {way.step.option!r} has" if way.step.option else f"the deal {_deal(way)} has"
                self._tell(
                    ("nowhere", scene, way.step.option),
                    f"{what} no 'goto' that says where it leads{_example(machine, seen.route)}. "
                    "Give it one, or one to each of its outcomes, the last without a condition.",
                )
        if not seen.ways and not self.scenario.scene(scene).ending:
            self._tell(
                ("dead end", scene, ""),
                f"nothing can be done here, and the play does not end{_example(machine, seen.route)}. "
                "Add an option without a condition.",
            )

    def _loop(self, machine: Machine, seen: Seen) -> None:
        last = seen.loop[-1].step
        ways = " -> ".join(_name(way) for way in seen.loop)
        self._tell(
            ("loop", last.scene, last.option),
            f"{ways} leads back to where it began ({machine.chair.upper()}). Let it change something that closes it.",
        )

    def _tell(self, what: tuple[str, str, str], sentence: str) -> None:
        if what not in self.told:
            self.told.add(what)
            self.findings.append(Finding(what[1], what[2], sentence))

    def _compare(self, scene: str, ways: Sequence[Way], effects: Sequence[Effect]) -> None:
        """Keep which options are worse, or better, on every meter that is at stake than all others there."""
        scenario = self.scenario
        stake = [name for name in scenario.meters if any(effect.sums[name] for effect in effects)]
        if len(stake) < min(2, len(scenario.meters)):
            stake = []  # one meter of several alone makes no option bad: what else it brings may be worth it
        worth = [tuple(_good(effect.sums, scenario, name) for name in stake) for effect in effects]
        for at, way in enumerate(ways):
            if not way.step.option:
                continue
            place = scene, way.step.option
            others = [worth[i] for i in range(len(ways)) if i != at]
            serious = [worth[i] for i in range(len(ways)) if i != at and not ways[i].teaches_floor]
            self.worst[place] = self.worst.get(place, True) and all(_above(other, worth[at]) for other in others)
            self.best[place] = (
                self.best.get(place, True) and bool(serious) and all(_above(worth[at], other) for other in serious)
            )


def _good(sums: Mapping[str, int], scenario: Scenario, meter: str) -> int:
    return sums[meter] if scenario.meters[meter].good == "high" else -sums[meter]


def _above(one: Sequence[int], other: Sequence[int]) -> bool:
    return bool(one) and all(a > b for a, b in zip(one, other, strict=True))


def _choices(seen: _Seen) -> Iterator[Finding]:
    """Options that are no choice: straw options, give-aways, scenes in which everything leads to the same."""
    silent = {
        (scene.id, option.id) for scene in seen.scenario.scenes for option in scene.options if option.teaches == "floor"
    }
    hint = "or say 'teaches: floor' if a floor is the lesson"
    for place, worst in seen.worst.items():
        if worst and place not in silent:
            yield Finding(
                *place,
                f"straw option: on every meter that is at stake it is worse than each other option, for every chair. "
                f"Give it something that speaks for it, {hint}.",
            )
    for place, best in seen.best.items():
        if best and place not in silent:
            yield Finding(
                *place,
                "give-away: on every meter that is at stake it is better than each other option, for every chair. "
                f"Let it cost something, {hint}.",
            )
    for scene, same in seen.one_result.items():
        if same:
            yield Finding(scene, "", "whatever is done here leads to the same. Let the options differ in what follows.")


def _unreached(seen: _Seen) -> Iterator[Finding]:
    """Scenes, endings and options that no play comes to."""
    for scene in seen.scenario.scenes:
        if scene.id not in seen.scenes:
            what = "no chair can reach this ending" if scene.ending else "no chair can reach this scene"
            yield Finding(scene.id, "", f"{what}. Let an option lead to it whose conditions can hold.")
            continue
        for option in scene.options:
            if (scene.id, option.id) not in seen.open_to:
                yield Finding(scene.id, option.id, "this option is never open to anybody. Look at its conditions.")


def _own_choices(seen: _Seen) -> Iterator[Finding]:
    """Chairs that can hardly do anything that the others cannot."""
    for chair in seen.scenario.chairs:
        own = [place for place, chairs in seen.open_to.items() if chairs == {chair} and place[1]]
        if len(own) < OWN_CHOICES:
            which = f" ({', '.join('/'.join(place) for place in sorted(own))})" if own else ""
            yield Finding(
                "",
                "",
                f"{chair.upper()} has {len(own)} {'choice' if len(own) == 1 else 'choices'} of its own{which}. "
                f"Expected at least {OWN_CHOICES} options that only this chair can come to.",
            )


def _name(way: Way) -> str:
    return f"{way.step.scene}/{way.step.option or 'deal'}"


def _deal(way: Way) -> str:
    return ", ".join(f"{issue}: {option}" for issue, option in way.step.deal)


def _example(machine: Machine, route: Sequence[Way]) -> str:
    """How a state is come to, in words."""
    drawn = "".join(f", {name} drawn as {value}" for name, value in machine.drawn.items())
    steps = f" after {' -> '.join(map(_name, route))}" if route else " at once"
    return f" (for instance {machine.chair.upper()}{drawn},{steps})"
