"""`threechairs play`."""

from __future__ import annotations

import hashlib
import shutil
import textwrap
from collections.abc import Collection, Sequence
from pathlib import Path

import click

from threechairs.chairs import roles
from threechairs.company.deals import DealTable
from threechairs.course.learner import learner_name
from threechairs.course.saved_plays import FORMAT, SavedPlay, SavedPlays, read_json, write_json
from threechairs.errors import UsageError
from threechairs.scenario.debrief import debrief
from threechairs.scenario.load import load_story, read_story, scenario_names
from threechairs.scenario.play import ForgedStepError, Moment, Play, Step, Story, begin, draw_hidden, replay
from threechairs.scenario.schema import CHAIRS, Chair

KEYS = "A number chooses. b: back, ?: what you know, q: stop"
HELD = {"known": "You know", "suspected": "You suspect", "believed": "You believe"}
WIDEST, NARROWEST = 100, 30


@click.command()
@click.argument("name", required=False)
@click.option("--chair", type=click.Choice(CHAIRS), help="The chair you sit on. [default: you are asked]")
@click.option("--new", is_flag=True, help="Begin a new play, even if one is under way.")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Play this scenario file.")
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), help="Write your steps to this file as JSON.")
@click.option(
    "--replay",
    "log_to_replay",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Replay such a file, and print its debrief.",
)
def command(
    name: str | None, chair: Chair | None, new: bool, file: Path | None, log: Path | None, log_to_replay: Path | None
) -> None:
    """Play the scenario NAME in this terminal. Each step is saved; the same command takes the play up again."""
    if log_to_replay:
        _replay(name, file, log_to_replay)
        return
    table = _Table(_story(name, file), file, log)
    try:
        table.sit_down(chair, new=new)
    except EOFError:
        table.say_where_it_is_saved()
    except KeyboardInterrupt:
        table.say_where_it_is_saved()
        raise click.Abort from None


def _story(name: str | None, file: Path | None) -> Story:
    if file is not None:
        if name not in {None, file.stem}:
            raise click.UsageError("Give either NAME or --file, not both.")
        return read_story(file)
    if name is None:
        known = ", ".join(scenario_names()) or "none yet"
        raise click.UsageError(f"Which scenario? The course has: {known}.")
    return load_story(name)


def _replay(name: str | None, file: Path | None, log: Path) -> None:
    data = read_json(log)
    played = str(data.get("scenario"))
    if file is None and name not in {None, played}:
        raise UsageError(log.name, f"this is a play of {played!r}, not of {name!r}")
    story = _story(None if file else played, file)
    if story.scenario.scenario != played:
        raise UsageError(log.name, f"this is a play of {played!r}, not of {story.scenario.scenario!r}")
    saved = SavedPlay.from_data(data)
    play = replay(story, saved.chair, _hidden(story, saved), saved.steps)
    _title(f"{story.scenario.title}, as {saved.chair.upper()}: {_steps(len(saved.steps))}")
    if play.ending is None:
        _tell(f"Every step was possible. The play still goes on, at {play.scene.title!r}.")
    else:
        _tell_ending(play)


def _hidden(story: Story, saved: SavedPlay) -> dict[str, str]:
    return draw_hidden(story.scenario, saved.learner, "terminal", saved.number)


class _Table:
    """One learner in front of one terminal, with a play that is on."""

    def __init__(self, story: Story, file: Path | None, log: Path | None) -> None:
        self.story, self.log, self.learner = story, log, learner_name()
        name = story.scenario.scenario
        self.again = f"threechairs play {name}"
        if file is not None:
            # a file of one's own may bear the name of one of the course
            name += f"-{hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:8]}"
            self.again = f"threechairs play --file {file}"
        self.saved = SavedPlays(name)
        self.mine: SavedPlay | None = None
        self.ended = False
        if self.saved.aside:
            _tell(f"Your earlier plays could not be read; they are kept in {self.saved.aside}.")

    # ---- from sitting down to standing up

    def sit_down(self, chair: Chair | None, *, new: bool) -> None:
        """Play from one chair after the other, until the learner stops."""
        scenario = self.story.scenario
        _title(scenario.title)
        _tell(f"{scenario.summary} ({scenario.minutes} minutes)")
        if chair is not None and chair not in scenario.chairs:
            begin(self.story, chair, {})  # says which chairs there are
        going_on: Chair | None = chair or self._choose_chair("Which chair do you take?", scenario.chairs)
        while going_on:
            play: Play | None = self._open(going_on, new=new)
            going_on, new = None, False
            while play is not None:
                if play.ending is None:
                    play = self._turn(play)
                else:
                    going_on = self._after(play)
                    play = play.back_to(len(play.steps)) if going_on == play.chair else None
                if play is not None:
                    self._save(play)
        self.say_where_it_is_saved()

    def say_where_it_is_saved(self) -> None:
        """What to type to take the play up again."""
        click.echo()
        if self.mine is None or not self.mine.steps:
            _tell("Nothing was played yet, so nothing is saved.")
            return
        _tell(f"{_steps(len(self.mine.steps))} saved in {self.saved.path}.")
        if not self.ended:
            _tell(f"Go on with: {self.again} --chair {self.mine.chair}")

    def _open(self, chair: Chair, *, new: bool) -> Play:
        """The play that was left in the middle, or a new one."""
        self.ended = False
        last = None if new else self.saved.last(self.learner, chair)
        if last is not None:
            play = self._as_far_as_it_goes(last)
            if play.ending is None and play.steps:
                self.mine = last
                _tell(f"You are taking up your play as {chair.upper()} after {_steps(len(play.steps))}.")
                return play
        self.mine = SavedPlay(self.learner, chair, self.saved.next_number(self.learner))
        play = begin(self.story, chair, _hidden(self.story, self.mine))
        click.echo()
        _tell(play.tell(self.story.scenario.seats[chair].brief))
        return play

    def _as_far_as_it_goes(self, saved: SavedPlay) -> Play:
        hidden = _hidden(self.story, saved)
        try:
            return replay(self.story, saved.chair, hidden, saved.steps)
        except ForgedStepError as forged:
            _tell(f"The story was changed since you played: {forged} You go on from before that step.")
            return replay(self.story, saved.chair, hidden, saved.steps[: forged.number - 1])

    def _save(self, play: Play) -> None:
        if self.mine is None:
            return
        self.ended = play.ending is not None
        self.mine = SavedPlay(self.learner, play.chair, self.mine.number, play.steps)
        self.saved.save(self.mine)
        if self.log:
            scenario = self.story.scenario.scenario
            write_json(self.log, {"format": FORMAT, "scenario": scenario, **self.mine.as_data()})

    def _after(self, play: Play) -> Chair | None:
        """What follows an ending: another chair, a step back (the same chair), or nothing."""
        _tell_ending(play)
        others = tuple(chair for chair in self.story.scenario.chairs if chair != play.chair)
        question = "The same story from another chair? b: back one step, Enter: stop"
        return self._choose_chair(question, others, back_to=play.chair)

    def _choose_chair(self, question: str, chairs: Sequence[Chair], *, back_to: Chair | None = None) -> Chair | None:
        """A chair; `None` if the learner stops."""
        people = {role.chair: f"{role.label}, {role.person}: {role.note}" for role in roles() if role.chair}
        click.echo()
        _tell(question)
        _number([people[chair] for chair in chairs])
        while True:
            answer = _ask()
            if answer in chairs:
                return next(chair for chair in chairs if chair == answer)
            if answer.isdecimal() and 1 <= int(answer) <= len(chairs):
                return chairs[int(answer) - 1]
            if back_to and answer == "b":
                return back_to
            if answer == "q" or (back_to and not answer):
                return None
            _tell(f"Type a number from 1 to {len(chairs)}, or q to stop.")

    # ---- one turn

    def _turn(self, play: Play) -> Play | None:
        """The play after what the learner does in a scene; `None` if they stop."""
        options, deal = play.options(), play.table()
        self._tell_scene(play)
        texts = [option.text for option in options]
        if deal is not None and play.scene.deal is not None:
            texts.append(play.scene.deal.invitation)
        _number(texts)
        click.echo()
        _tell(KEYS, dim=True)
        while True:
            answer = _ask()
            if answer == "q":
                return None
            if answer == "?":
                self._tell_facts(play)
            elif answer == "b":
                if play.steps:
                    return play.back_to(len(play.steps))
                _tell("This is the beginning; there is nothing to go back to.")
            elif answer.isdecimal() and 1 <= int(answer) <= len(options):
                return self._take(play, Step(play.state.scene, options[int(answer) - 1].id))
            elif deal is not None and answer == str(len(texts)):
                struck = _ask_deal(deal, play.revealed())
                return self._take(play, Step(play.state.scene, deal=struck)) if struck else play
            else:
                _tell(f"Type a number from 1 to {len(texts)}, or b, ? or q.")

    def _take(self, play: Play, step: Step) -> Play:
        try:
            play = play.take(step)
        except UsageError as reason:
            _tell(str(reason))
            return play
        _tell_moment(play, play.moments[-1])
        return play

    def _tell_scene(self, play: Play) -> None:
        scene, before = play.scene, play.moments[-1].before.meters if play.moments else play.state.meters
        _title(" · ".join(part for part in (scene.time, scene.title) if part))
        if scene.inject:
            _tell("News from outside.", dim=True)
        _tell(play.tell(scene.text))
        meters = []
        for meter, value, was in zip(self.story.scenario.meters.values(), play.state.meters, before, strict=True):
            if meter.chair in {None, play.chair}:
                change = f" ({value - was:+d})" if value != was else ""
                meters.append(f"{meter.label} {value} {meter.unit or f'of {meter.most}'}{change}")
        _tell(" · ".join(meters), dim=True)
        click.echo()

    def _tell_facts(self, play: Play) -> None:
        facts = self.story.scenario.facts
        held = {fact: sure for role, fact, sure in play.state.held if role == play.chair}
        for sure, words in HELD.items():
            for name in facts:
                if held.get(name) == sure:
                    _tell(f"{words}: {facts[name].text}", indent="  ")
        if not held:
            _tell("Nothing yet that others do not see as well.", indent="  ")


def _tell_moment(play: Play, moment: Moment) -> None:
    click.echo()
    for text in (*moment.replies, *moment.overreach):
        _tell(text)
    for move in moment.moves:
        if move.party == play.chair:
            _tell(f"{HELD[move.sure]} now: {play.story.scenario.facts[move.fact].text}", dim=True)


def _tell_ending(play: Play) -> None:
    scene, told = play.scene, debrief(play)
    _title(" · ".join(part for part in (scene.time, told.ending) if part))
    _tell(play.tell(scene.text))
    for part in told.as_text().split("\n\n"):
        heading = part[-1:].isalpha()  # every paragraph ends in a full stop
        click.echo()
        _tell(part, bold=heading)


def _ask_deal(table: DealTable, revealed: Collection[str]) -> tuple[tuple[str, str], ...]:
    """A deal, issue by issue; empty if the learner takes their hand back. Points are shown of revealed parties only."""
    _title(table.title)
    known = {role: party for role, party in table.parties.items() if role in revealed}
    for role, party in table.parties.items():
        why = f" {party.interest} Without a deal: {party.reservation} points." if role in known else ""
        _tell(f"{party.name}: {party.position}{why}")
    for bound in table.bounds:
        _tell(bound.why)
    chosen: list[tuple[str, str]] = []
    while len(chosen) < len(table.issues):
        issue = table.issues[len(chosen)]
        click.echo()
        _tell(issue.title, bold=True)
        worth = [
            ", ".join(f"{party.name} {party.points[issue.id][at]}" for party in known.values())
            for at in range(len(issue.options))
        ]
        _number([f"{one.text} ({told})" if told else one.text for one, told in zip(issue.options, worth, strict=True)])
        answer = _ask()
        if answer == "b" and chosen:
            chosen.pop()
        elif answer in {"b", "q"}:
            return ()
        elif answer.isdecimal() and 1 <= int(answer) <= len(issue.options):
            chosen.append((issue.id, issue.options[int(answer) - 1].id))
        else:
            _tell(f"Type a number from 1 to {len(issue.options)}; b goes back.")
    verdict = table.verdict(dict(chosen))
    totals = [
        f"{party.name} {verdict.worth[role]} points ({party.reservation} without a deal)"
        for role, party in known.items()
    ]
    click.echo()
    _tell(" ".join([f"Together: {'; '.join(totals)}." if totals else "", "Put it on the table? y or n"]).strip())
    return tuple(chosen) if _ask() in {"y", "yes"} else ()


# ---- the terminal


def _ask() -> str:
    return input("> ").strip().lower()


def _title(text: str) -> None:
    click.echo()
    _tell(text, bold=True)
    click.echo("-" * min(len(text), _width()))


def _number(texts: Sequence[str]) -> None:
    for number, text in enumerate(texts, start=1):
        _tell(text, indent="     ", first=f"{number:>3}. ")


def _tell(text: str, *, indent: str = "", first: str | None = None, bold: bool = False, dim: bool = False) -> None:
    """Text as paragraphs, wrapped to the terminal; a line that begins with a dash stays a line of its own."""
    begin_with = indent if first is None else first
    for place, paragraph in enumerate(text.strip().split("\n\n")):
        if place:
            click.echo()
        for line in paragraph.replace("\n- ", "\n\n- ").split("\n\n"):
            wrapped = textwrap.fill(
                " ".join(line.split()), _width(), initial_indent=begin_with, subsequent_indent=indent
            )
            click.echo(click.style(wrapped, bold=bold or None, dim=dim or None))
            begin_with = indent


def _width() -> int:
    return max(min(shutil.get_terminal_size().columns, WIDEST), NARROWEST)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
