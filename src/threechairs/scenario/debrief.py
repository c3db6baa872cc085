"""After a play: what was decided, who knew what and when, one choice replayed, and what the other chairs say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from threechairs.chairs import roles
from threechairs.chairs.rights import capital
from threechairs.company.deals import DealTable
from threechairs.errors import UsageError
from threechairs.scenario.judgement import judge
from threechairs.scenario.play import IllegalStepError, Moment, Play, Step
from threechairs.scenario.schema import Chair
from threechairs.scenario.verdict import Judgement, in_a_row, percent, sentence

MOST_STEPS = 200
"""A replayed choice is followed for so many steps at most; a story that goes on longer has no end that way."""


@dataclass(frozen=True)
class Decided:
    """One of your choices: the step (from 1), where and when, what you chose, and which rights you lacked for it."""

    step: int
    scene: str
    time: str
    text: str
    overreach: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """One fact that mattered: what it says, whether it was so, who held it, and how it moved, in sentences."""

    fact: str
    text: str
    true: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Gauge:
    """A meter at the beginning and at the end."""

    meter: str
    label: str
    unit: str
    start: int
    end: int
    good: str

    @property
    def course(self) -> str:
        """How it went, in words."""
        if self.start == self.end:
            return f"{self.end} {self.unit}".strip() + " throughout"
        comma = "," if self.unit.startswith("of ") else ""
        return f"from {self.start} to {self.end}{comma} {self.unit}".strip()


@dataclass(frozen=True)
class Replayed:
    """One choice made another way, and the rest of the play as you played it, as far as that was possible.

    Attributes
    ----------
    step : int
        Which choice, from 1.
    scene : str
        Title of its scene.
    taken, option : str
        What you chose, and the other option.
    leads_to : str
        Title of the scene that the other option leads to.
    ending, kind : str
        Title and kind of the ending that it comes to.
    same_ending : bool
        True if that is where you ended as well.
    change : float
        How much the score changes, from -1 to 1.
    sentences : tuple of str
        What would have been different, five sentences at most.
    reasons : tuple of str
        The tests that would have come out differently, each with its reason.
    """

    step: int
    scene: str
    taken: str
    option: str
    leads_to: str
    ending: str
    kind: str
    same_ending: bool
    change: float
    sentences: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Debrief:
    """What is to be said about a finished play.

    Attributes
    ----------
    ending, kind : str
        Title and kind of the ending.
    decisions : tuple of Decided
        What you decided, in order.
    knowledge : tuple of Known
        Who knew what, and when.
    meters : tuple of Gauge
        Every meter, those included that only others saw.
    replayed : Replayed or None
        One choice made another way; `None` if there never was another option.
    voices : mapping of chair to str
        What each of the other chairs says.
    judgement : Judgement
        The tests G1 to G7.
    drawn : tuple of str
        The hidden facts of this play, in words.
    """

    ending: str
    kind: str
    decisions: tuple[Decided, ...]
    knowledge: tuple[Known, ...]
    meters: tuple[Gauge, ...]
    replayed: Replayed | None
    voices: Mapping[Chair, str]
    judgement: Judgement
    drawn: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The debrief as plain data."""
        return {
            "ending": self.ending,
            "kind": self.kind,
            "decisions": [_as_data(one) for one in self.decisions],
            "knowledge": [_as_data(one) for one in self.knowledge],
            "meters": [_as_data(one) for one in self.meters],
            "replayed": _as_data(self.replayed) if self.replayed else None,
            "voices": dict(self.voices),
            "judgement": self.judgement.as_data(),
            "drawn": list(self.drawn),
        }

    def as_text(self) -> str:
        """The debrief as text: headings, and paragraphs of one line each."""
        parts = [
            ("How it is judged", [self.judgement.summary, *_tested(self.judgement)]),
            ("What you decided", [_decided(one) for one in self.decisions]),
            ("Who knew what, and when", [" ".join((one.text, *one.sentences)) for one in self.knowledge]),
            (
                "Where it all stood",
                [f"{one.label}: {one.course}." for one in self.meters],
            ),
            (
                "One choice, made another way",
                [*self.replayed.sentences, *self.replayed.reasons] if self.replayed else [],
            ),
            ("What the others say", [f"{chair.upper()}: {text}" for chair, text in self.voices.items()]),
            ("Drawn by lot for this play", [sentence(capital(one)) for one in self.drawn]),
        ]
        return "\n\n".join(f"{head}\n\n" + "\n\n".join(lines) for head, lines in parts if lines)


def debrief(play: Play) -> Debrief:
    """What is to be said about a play.

    Parameters
    ----------
    play : Play
        A play that has come to an ending.

    Raises
    ------
    UsageError
        If the play still goes on.
    """
    ending = play.ending
    if ending is None:
        raise UsageError(play.story.scenario.title, "this play still goes on", next_step="Play it to an ending first.")
    scenario = play.story.scenario
    told = {chair: play.tell(text) for chair, text in ending.voices.items() if chair != play.chair}
    start = play.moments[0].before if play.moments else play.state
    meters = tuple(
        Gauge(name, meter.label, meter.unit, first, last, meter.good)
        for (name, meter), first, last in zip(scenario.meters.items(), start.meters, play.state.meters, strict=True)
    )
    judgement = _judged(play)
    return Debrief(
        ending=ending.title,
        kind=ending.kind,
        decisions=tuple(_decisions(play)),
        knowledge=tuple(_knowledge(play)),
        meters=meters,
        replayed=_replayed(play, judgement),
        voices={chair: text for chair, text in told.items() if text},
        judgement=judgement,
        drawn=tuple(scenario.draws[name][value] for name, value in play.drawn.items()),
    )


def _judged(play: Play) -> Judgement:
    return judge(play.record, play.story.tables, matters=play.story.scenario.matters)


def _decisions(play: Play) -> Iterator[Decided]:
    for number, moment in enumerate(play.moments, start=1):
        scene = play.story.scenario.scene(moment.before.scene)
        yield Decided(number, scene.title, scene.time, moment.text, moment.overreach)


def _knowledge(play: Play) -> Iterator[Known]:
    """The facts that moved, and those that stayed where they were although they were of use to somebody else."""
    named = {role.role_id: role.in_text for role in roles()} | {play.chair: "you"}
    moved = [(number, moment, move) for number, moment in enumerate(play.moments, 1) for move in moment.moves]
    for name, fact in play.story.scenario.facts.items():
        moves = [one for one in moved if one[2].fact == name]
        others = [role for role in fact.at_start if role != play.chair]
        missing = [chair for chair in play.story.scenario.chairs if chair not in fact.at_start]
        of_use = (others and fact.at_start.get(play.chair) != "known") or (play.chair in fact.at_start and missing)
        if not moves and not of_use:
            continue
        sentences = [
            f"{capital(named.get(role, role))} {_HELD[sure]} from the start." for role, sure in fact.at_start.items()
        ]
        told: dict[tuple[str, str], list[str]] = {}
        for number, moment, move in moves:
            party = named.get(move.party, move.party)
            did = f"{capital(named.get(move.by, move.by))} told" if move.by else _FOUND[move.sure]
            told.setdefault((did, _when(play, number, moment)), []).append(party)
        for (did, when), parties in told.items():
            whom = in_a_row(parties)
            sentences.append(f"{did} {whom} {when}." if did.endswith(" told") else f"{capital(whom)} {did} {when}.")
        if not any(move.party == play.chair for _, _, move in moves) and others and play.chair not in fact.at_start:
            sentences.append("Nobody asked for it, so you never heard.")
        elif not moves:
            sentences.append("You told nobody." if play.chair in fact.at_start else "Nobody asked.")
        if not fact.true:
            sentences.append("It was not so.")
        yield Known(name, fact.text, fact.true, tuple(sentences))


_HELD = {"known": "knew it", "suspected": "suspected it", "believed": "believed it"}
_FOUND = {"known": "found it out", "suspected": "came to suspect it", "believed": "came to believe it"}


def _when(play: Play, number: int, moment: Moment) -> str:
    scene = play.story.scenario.scene(moment.before.scene)
    place = f"{scene.time}, {scene.title}" if scene.time else scene.title
    return f"at step {number} ({place})"


def _replayed(play: Play, judgement: Judgement) -> Replayed | None:
    """The other choice that changes the judgement most for the better; if none does, the one that would be worst."""
    tried = [
        (_judged(other), number, other)
        for number in range(1, len(play.moments) + 1)
        for other in _other_ways(play, number)
    ]
    if not tried:
        return None
    # ties: rather another ending, then the earliest choice
    by_gain = [
        (round(judged.score - judgement.score, 9), other.state.scene != play.state.scene, -number)
        for judged, number, other in tried
    ]
    best = max(by_gain)
    if best[0] > 0:
        at = by_gain.index(best)
    else:
        by_loss = [(-change, *rest) for change, *rest in by_gain]
        at = by_loss.index(max(by_loss))
    judged, number, other = tried[at]
    return _told(play, judgement, number, other, judged, by_gain[at][0])


def _told(play: Play, before: Judgement, number: int, other: Play, after: Judgement, change: float) -> Replayed:
    scenario, ending = play.story.scenario, other.ending
    if ending is None or play.ending is None:
        raise AssertionError("only plays with an ending are compared")
    taken, moment = play.moments[number - 1], other.moments[number - 1]
    scene = scenario.scene(taken.before.scene).title
    same = other.state.scene == play.state.scene
    sentences = [f"{capital(_when(play, number, taken))} you chose: {sentence(taken.text)}"]
    if change > 0:
        sentences.append(f"Better would have been: {sentence(moment.text)}")
    elif change < 0:
        sentences.append(
            f"No single other choice would have been judged better. Worst would have been: {sentence(moment.text)}"
        )
    else:
        sentences.append(
            f"No single other choice would have changed your score. One that was open: {sentence(moment.text)}"
        )
    leads_to = scenario.scene(moment.after.scene).title
    if moment.after.scene != other.state.scene:
        sentences.append(f"It leads to “{leads_to}”; the rest follows your own choices wherever they stay possible.")
    sentences.append(
        f"It ends as yours did: “{ending.title}”."
        if same
        else f"It ends in “{ending.title}”, not in “{play.ending.title}”."
    )
    reasons = tuple(
        f"{new.id} {new.name}: {new.reason}"
        for old, new in zip(before.tests, after.tests, strict=True)
        if (old.applies, old.value) != (new.applies, new.value)
    )
    if change:
        sentences.append(f"Judged {percent(after.score)} instead of {percent(before.score)}.")
    return Replayed(
        number,
        scene,
        taken.text,
        moment.text,
        leads_to,
        ending.title,
        ending.kind,
        same,
        change,
        tuple(sentences),
        reasons,
    )


def _other_ways(play: Play, number: int) -> Iterator[Play]:
    """The play with each other option at this step, followed to an ending."""
    here, taken = play.back_to(number), play.moments[number - 1].step
    for step in _open_steps(here):
        if step != taken:
            ended = _follow(here, step, play.steps[number:])
            if ended is not None:
                yield ended


def _open_steps(play: Play) -> list[Step]:
    """The options that are open, and one deal if a table is: the Nash deal within the bounds."""
    steps = [Step(play.state.scene, option.id) for option in play.options()]
    table = play.table()
    return [*steps, Step(play.state.scene, deal=_nash(table))] if table else steps


def _nash(table: DealTable) -> tuple[tuple[str, str], ...]:
    from threechairs.models import bargaining

    rows = bargaining.nash(table.worths, table.reservations, among=table.within)
    places = table.choices[rows[0]] if len(rows) else [0] * len(table.issues)
    return tuple((issue.id, issue.options[int(at)].id) for issue, at in zip(table.issues, places, strict=True))


def _follow(play: Play, step: Step, later: tuple[Step, ...]) -> Play | None:
    """Go on from another choice: as the learner did where that is possible, else with the first open option."""
    waiting = list(later)
    try:
        play = play.take(step)
        for _ in range(MOST_STEPS):
            if play.ending:
                return play
            play, waiting = _go_on(play, waiting)
    except IllegalStepError:
        return None
    return None


def _go_on(play: Play, waiting: list[Step]) -> tuple[Play, list[Step]]:
    for place, step in enumerate(waiting):
        if step.scene == play.state.scene:
            try:
                return play.take(step), waiting[place + 1 :]
            except IllegalStepError:
                continue
    steps = _open_steps(play)
    if not steps:
        raise IllegalStepError(play.scene.title, "nothing can be done here")
    return play.take(steps[0]), waiting


def _decided(one: Decided) -> str:
    when = f"{one.time}, {one.scene}" if one.time else one.scene
    return " ".join([f"{one.step}. {when}: {sentence(one.text)}", *one.overreach])


def _tested(judgement: Judgement) -> Iterator[str]:
    for test in judgement.tests:
        if test.applies:
            yield f"{test.id} {test.name}: {percent(test.value)}. {test.reason}"
    if idle := [f"{test.id} {test.name}" for test in judgement.tests if not test.applies]:
        yield f"Not called for in this play: {', '.join(idle)}."


def _as_data(one: Decided | Known | Gauge | Replayed) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items()}
