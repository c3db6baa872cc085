"""Playing a scenario: a pure state machine.

A play is a scenario, a chair, the hidden facts that were drawn, and the steps taken so far; everything else follows
from these. So a play can be saved as its steps, taken up again, rewound and replayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from threechairs.chairs import holds_right
from threechairs.company.deals import DealTable
from threechairs.company.draws import Draws
from threechairs.errors import UsageError, did_you_mean
from threechairs.scenario.conditions import holds, words
from threechairs.scenario.record import Deal, Decision, Entry, Ratified, Record
from threechairs.scenario.schema import Chair, Consequence, Ending, Option, Scenario, Scene, Sure, Use


@dataclass(frozen=True)
class Story:
    """A scenario with the deal tables that it names."""

    scenario: Scenario
    tables: Mapping[str, DealTable] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """Where a play stands, without how it came there.

    `meters` are in the order of the scenario's meters; `held` are triples of party, fact and how it is held.
    """

    scene: str
    meters: tuple[int, ...]
    flags: frozenset[str]
    held: frozenset[tuple[str, str, Sure]]
    unratified: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Step:
    """One choice: an option of a scene, or a deal put on its table."""

    scene: str
    option: str = ""
    deal: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Step:
        """A step as it is stored: `{"scene": ..., "option": ...}` or `{"scene": ..., "deal": {...}}`.

        Raises
        ------
        UsageError
            If the data have another form.
        """
        if isinstance(data, Mapping):
            scene, option, deal = data.get("scene"), data.get("option", ""), data.get("deal", {})
            if isinstance(deal, Mapping) and all(
                isinstance(text, str) for text in (scene, option, *deal, *deal.values())
            ):
                return cls(str(scene), str(option), tuple(deal.items()))
        raise UsageError("a step", f"{data!r}", "Expected {'scene': ..., 'option': ...} or a 'deal'")

    def as_data(self) -> dict[str, Any]:
        """The step as plain data."""
        return {"scene": self.scene, **({"deal": dict(self.deal)} if self.deal else {"option": self.option})}


@dataclass(frozen=True)
class Move:
    """Somebody came to know something in a step: `by` told it, or it was found out (`by` is empty)."""

    party: str
    fact: str
    sure: Sure
    by: str = ""


@dataclass(frozen=True)
class Moment:
    """What one step brought about, for the page and the debrief."""

    step: Step
    text: str
    replies: tuple[str, ...]
    overreach: tuple[str, ...]
    moves: tuple[Move, ...]
    before: State
    after: State
    entries: Record


class IllegalStepError(UsageError):
    """A step that cannot be taken where the play stands."""


class ForgedStepError(UsageError):
    """A log holds a step that could not have been taken; `number` counts from 1."""

    def __init__(self, number: int, step: Step, reason: str) -> None:
        self.number, self.step = number, step
        super().__init__(f"step {number} (scene {step.scene!r})", reason, "Expected a step that the play allows there")


@dataclass(frozen=True)
class Play:
    """One play of a story from one chair.

    Attributes
    ----------
    story, chair, drawn
        What is played, from where, and the hidden facts of this play.
    state : State
        Where it stands.
    moments : tuple of Moment
        What each step so far brought about.
    """

    story: Story
    chair: Chair
    drawn: Mapping[str, str]
    state: State
    moments: tuple[Moment, ...] = ()

    @property
    def scene(self) -> Scene:
        """The scene that is on."""
        return self.story.scenario.scene(self.state.scene)

    @property
    def ending(self) -> Ending | None:
        """How the play ended; `None` while it goes on."""
        return self.scene.ending

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far: all that needs saving."""
        return tuple(moment.step for moment in self.moments)

    @property
    def record(self) -> Record:
        """The decision record so far."""
        return tuple(entry for moment in self.moments for entry in moment.entries)

    def options(self) -> list[Option]:
        """What can be done now."""
        return open_options(self.story.scenario, self.chair, self.drawn, self.state)

    def table(self) -> DealTable | None:
        """The table at which a deal can be struck now."""
        return open_table(self.story, self.chair, self.drawn, self.state)

    def revealed(self) -> list[str]:
        """The parties at the table whose points the chair knows."""
        table, place = self.table(), self.scene.deal
        if table is None or place is None:
            return []
        hidden = place.reveals
        return [
            role
            for role in table.parties
            if role not in hidden or holds(hidden[role], self.story.scenario, self.chair, self.drawn, self.state)
        ]

    def tell(self, text: Any) -> str:
        """Words of the scenario as they read now, for this chair."""
        return words(text, self.story.scenario, self.chair, self.drawn, self.state)

    def take(self, step: Step) -> Play:
        """The play after one more step.

        Raises
        ------
        IllegalStepError
            If the step is not possible here; says why.
        """
        moment = advance(self.story, self.chair, self.drawn, self.state, step)
        return replace(self, state=moment.after, moments=(*self.moments, moment))

    def back_to(self, number: int) -> Play:
        """The play as it was before step `number` (from 1)."""
        return replay(self.story, self.chair, self.drawn, self.steps[: max(number - 1, 0)])


def draw_hidden(scenario: Scenario, *seed: str | int) -> dict[str, str]:
    """The hidden facts of one play: always the same ones for the same seed."""
    return {name: Draws(*seed, scenario.scenario, name).pick(list(values)) for name, values in scenario.draws.items()}


def begin(story: Story, chair: Chair, drawn: Mapping[str, str]) -> Play:
    """A play before its first step.

    Raises
    ------
    UsageError
        If the scenario has no such chair.
    """
    scenario = story.scenario
    if chair not in scenario.seats:
        raise UsageError(scenario.title, f"there is no chair {chair!r}", next_step=did_you_mean(chair, scenario.seats))
    held = frozenset(
        (role, name, sure) for name, fact in scenario.facts.items() for role, sure in fact.at_start.items()
    )
    meters = tuple(meter.start for meter in scenario.meters.values())
    return Play(story, chair, dict(drawn), State(scenario.seats[chair].opening, meters, frozenset(), held))


def replay(story: Story, chair: Chair, drawn: Mapping[str, str], steps: Iterable[Step]) -> Play:
    """A play from its log.

    Raises
    ------
    ForgedStepError
        If a step could not have been taken where it stands.
    """
    play = begin(story, chair, drawn)
    for number, step in enumerate(steps, start=1):
        try:
            play = play.take(step)
        except UsageError as reason:
            raise ForgedStepError(number, step, reason.seen) from None
    return play


def open_options(scenario: Scenario, chair: Chair, drawn: Mapping[str, str], state: State) -> list[Option]:
    """Options of the scene that is on whose conditions hold for this chair."""
    return [
        option
        for option in scenario.scene(state.scene).options
        if (not option.chairs or chair in option.chairs) and holds(option.when, scenario, chair, drawn, state)
    ]


def open_table(story: Story, chair: Chair, drawn: Mapping[str, str], state: State) -> DealTable | None:
    """The table of the scene that is on, if this chair may strike a deal there now."""
    deal = story.scenario.scene(state.scene).deal
    if deal is None or (deal.chairs and chair not in deal.chairs):
        return None
    return story.tables[deal.table] if holds(deal.when, story.scenario, chair, drawn, state) else None


def advance(story: Story, chair: Chair, drawn: Mapping[str, str], state: State, step: Step) -> Moment:
    """What a step brings about. Pure: nothing is changed.

    Raises
    ------
    IllegalStepError
        If the step is not possible in this state.
    """
    scenario = story.scenario
    if step.scene != state.scene:
        raise IllegalStepError("this step", f"the scene that is on is {state.scene!r}, not {step.scene!r}")
    scene = scenario.scene(state.scene)
    if step.deal:
        text, parts, entries = _strike(story, chair, drawn, state, step)
    else:
        known = {option.id: option for option in open_options(scenario, chair, drawn, state)}
        if step.option not in known:
            hint = did_you_mean(step.option, known)
            raise IllegalStepError("this step", f"scene {scene.id!r} offers no {step.option!r} now", next_step=hint)
        option = known[step.option]
        first = next((one for one in option.outcomes if holds(one.when, scenario, chair, drawn, state)), None)
        text, parts, entries = option.text, [option, *([first] if first else [])], []
    return _carry_out(story, chair, drawn, state, step, text, parts, entries)


def _strike(
    story: Story, chair: Chair, drawn: Mapping[str, str], state: State, step: Step
) -> tuple[str, list[Consequence], list[Entry]]:
    table, place = open_table(story, chair, drawn, state), story.scenario.scene(state.scene).deal
    if table is None or place is None:
        raise IllegalStepError("this step", f"no deal can be struck in scene {state.scene!r} now")
    try:
        options = table.read(dict(step.deal))
    except UsageError as reason:
        raise IllegalStepError("this step", reason.seen, next_step=reason.next_step) from None
    verdict = table.verdict(options)
    for outcome in place.outcomes:
        if holds(outcome.when, story.scenario, chair, drawn, state, deal=(options, verdict)):
            texts = {issue.id: {option.id: option.text for option in issue.options} for issue in table.issues}
            told = "; ".join(f"{issue.title}: {texts[issue.id][options[issue.id]]}" for issue in table.issues)
            struck: list[Entry] = [Deal(table=table.table, options=options)] if verdict.accepted else []
            return told, [outcome], struck
    raise IllegalStepError("this step", f"scene {state.scene!r} has no outcome for this deal")


def _carry_out(
    story: Story,
    chair: Chair,
    drawn: Mapping[str, str],
    state: State,
    step: Step,
    text: str,
    parts: Sequence[Consequence],
    entries: list[Entry],
) -> Moment:
    scenario = story.scenario
    told_overreach: list[str] = []
    unratified = set(state.unratified)
    for part in parts:
        for use in part.uses:
            emergency = use.emergency is not None and holds(use.emergency, scenario, chair, drawn, state)
            decision, problem = used(chair, use, emergency=emergency)
            entries.append(decision)
            if problem:
                told_overreach.append(problem)
            elif decision.emergency:
                unratified.add(use.right)
        for confirmed in part.ratify:
            entries.append(Ratified(right=confirmed.right, after_h=confirmed.after_h))
            unratified.discard(confirmed.right)
        entries.extend(part.record)
    parts = [*parts, *([scenario.overreach] if told_overreach else [])]
    goto = next((part.goto for part in reversed(parts) if part.goto), None)
    if goto is None:
        raise IllegalStepError("this step", f"nothing says where {step.option or 'the deal'!r} leads to")
    meters = dict(zip(scenario.meters, state.meters, strict=True))
    flags, told = set(state.flags), []
    for part in parts:
        for name, change in part.meters.items():
            meter = scenario.meters[name]
            meters[name] = min(max(meters[name] + change, meter.least), meter.most)
        flags = flags - set(part.clear) | set(part.set)
        told += [Move(chair, fact, sure) for fact, sure in part.learn.items()]
        told += [Move(role, fact, "known", by=chair) for fact, roles in part.tell.items() for role in roles]
    held = {(role, fact): sure for role, fact, sure in state.held}
    moves = []
    for move in told:
        if held.get((move.party, move.fact)) != move.sure:
            held[move.party, move.fact] = move.sure
            moves.append(move)
            for wrong in scenario.facts[move.fact].corrects if move.sure == "known" else ():
                held.pop((move.party, wrong), None)
    after = State(
        goto,
        tuple(meters.values()),
        frozenset(flags),
        frozenset((role, fact, sure) for (role, fact), sure in held.items()),
        frozenset(unratified),
    )
    replies = [words(part.reply, scenario, chair, drawn, state) for part in parts]
    return Moment(
        step,
        text,
        tuple(reply for reply in replies if reply),
        tuple(told_overreach),
        tuple(moves),
        state,
        after,
        tuple(entries),
    )


def used(chair: Chair, use: Use, *, emergency: bool) -> tuple[Decision, str]:
    """The entry for a used right, and what is wrong with it (empty if the role may act)."""
    signer = use.signed_by or chair
    holding = holds_right(signer, use.right, loss_eur=use.loss_eur, emergency=emergency)
    delegated = use.delegate_of is not None and use.delegate_of == holding.holder
    decision = Decision(
        right=use.right,
        signed_by=signer,
        consulted=tuple(use.consulted),
        delegate_of=use.delegate_of,
        loss_eur=use.loss_eur,
        emergency=emergency and holding.status == "in-emergency",
        told_at_once=use.told_at_once,
    )
    return decision, "" if holding.may_act or delegated else holding.reason
