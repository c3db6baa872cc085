"""Playing a scenario: what was played is recorded step by step, and can be taken up again.

A recorded play is its chair, its number and its steps; everything else follows from these. Practice goes back and
begins anew as often as it likes, and keeps the earlier plays. Graded work is one play, with number 1, whose steps stand
once taken. After its end any chair may be played for practice: these plays have numbers from 2 and follow it in the
same answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from threechairs.activities.base import Activity, Outcome
from threechairs.answers import By, Recorded
from threechairs.course.items import PlayItem
from threechairs.course.workbook import Workbook
from threechairs.errors import UsageError
from threechairs.marking.forms import Form
from threechairs.marking.plays import graded_place, hidden_facts, played_again
from threechairs.scenario.load import load_story
from threechairs.scenario.play import Play, Step, Story, begin
from threechairs.scenario.schema import Chair

Stored = Mapping[str, Any]

_PLAYS_IN_MEMORY = 64

COMMITTED = "Each step stands once you have taken it: in this play there is no going back."
PRACTISED = "This play is for practice: it is not marked. Your graded play stands."
_INSTRUCTIONS = "Choose a chair and play. Every step is recorded at once."


class Playing(Activity):
    """A scenario, played from one of the three chairs.

    Parameters
    ----------
    activity_id : str
        Under which the plays are recorded; in an assignment, the id of a question to play.
    workbook : Workbook
        The notebook that the activity stands in.
    scenario : str, optional
        Name of a scenario of the course; an assignment's question names its own.
    story : Story, optional
        What is played, already read; for tests and authors.

    Raises
    ------
    UsageError
        If a lesson names no scenario, or an assignment asks no such question or names another scenario.
    """

    def __init__(self, activity_id: str, workbook: Workbook, scenario: str = "", story: Story | None = None) -> None:
        super().__init__(activity_id, workbook)
        call = f"ScenarioPlayer({activity_id!r})"
        self.instructions = _INSTRUCTIONS
        if workbook.graded:
            item = workbook.bank.item(activity_id)
            if not isinstance(item, PlayItem):
                raise UsageError(call, "this question is not one to play")
            if scenario not in {"", item.scenario}:
                raise UsageError(call, f"this question plays {item.scenario!r}, not {scenario!r}")
            scenario, self.instructions = item.scenario, workbook.fill(item.stem).strip()
        elif not scenario and story is None:
            raise UsageError(call, "no scenario is given", next_step='Write scenario="blind-at-gate-4", say.')
        self.story = story or load_story(scenario)
        self.heading = self.story.scenario.title
        self._chosen: tuple[Chair, int] | None = None
        self._told_up_to = (0, 0)
        self._taken = False
        self._replay = lru_cache(maxsize=_PLAYS_IN_MEMORY)(self._replayed)

    @property
    def form(self) -> Form:
        """The form of an answer."""
        return Form(self.id, "play")

    # ---- where it stands

    @property
    def plays(self) -> list[dict[str, Any]]:
        """What is recorded, the earliest play first."""
        answer = self.recorded
        return list(answer.value["plays"]) if answer else []

    @property
    def play(self) -> Play | None:
        """The play that is on; `None` before a chair is chosen, and where it does not fit any more."""
        if self._chosen:
            chair, number = self._chosen
            return begin(self.story, chair, hidden_facts(self.workbook, self.story, number))
        plays = self.plays
        return self.again(plays[self._on(plays)]) if plays and not self._reason(plays) else None

    @property
    def misfit(self) -> str:
        """Why the play that is on cannot be taken up again: the scenario was changed since. Empty if it can."""
        plays = self.plays
        reason = self._reason(plays) if plays and not self._chosen else ""
        if not reason:
            return ""
        return f"The scenario has been changed since you played it, and your play does not fit any more ({reason})"

    def _reason(self, plays: Sequence[Stored]) -> str:
        try:
            self.again(plays[self._on(plays)])
        except UsageError as reason:
            return str(reason)
        return ""

    def again(self, stored: Stored) -> Play:
        """A recorded play, taken again.

        Raises
        ------
        UsageError
            If it does not fit the scenario as it is now.
        """
        return self._replay(json.dumps(stored))

    def _replayed(self, stored: str) -> Play:
        return played_again(self.workbook, self.story, json.loads(stored))

    def graded_at(self, plays: Sequence[Stored]) -> int | None:
        """Where the graded play stands among plays; `None` in practice, and while there is none that fits."""
        return graded_place(plays, self._fits) if self.mode == "graded" else None

    def _on(self, plays: Sequence[Stored]) -> int:
        """Where the play that is on stands: the last one, but a graded play comes before any practice."""
        at = self.graded_at(plays)
        if self.mode == "graded" and at is None:
            at = max((place for place, one in enumerate(plays) if one["number"] == 1), default=None)
            return len(plays) - 1 if at is None else at
        return at if at is not None and self.again(plays[at]).ending is None else len(plays) - 1

    @property
    def graded_has_ended(self) -> bool:
        """True once the graded play is over, so that every other play is practice."""
        plays = self.plays
        at = self.graded_at(plays)
        return at is not None and self.again(plays[at]).ending is not None

    @property
    def for_practice(self) -> bool:
        """True while the play that is on counts for nothing: in lessons, and after the end of a graded play."""
        if self.mode == "practice":
            return True
        if self._chosen:
            return self._chosen[1] > 1
        plays = self.plays
        return self.graded_has_ended and self._on(plays) != self.graded_at(plays)

    @property
    def may_begin(self) -> bool:
        """True if a chair can be chosen now: at first, for (more) practice, and after a misfit."""
        return self.mode == "practice" or not self.plays or bool(self.misfit) or self.graded_has_ended

    # ---- what the learner does

    def start(self, chair: str) -> Play:
        """Sit down on a chair for a new play. Nothing is recorded before its first step.

        Raises
        ------
        UsageError
            If there is no such chair, or a graded play is on that has not ended.
        """
        if not self.may_begin:
            raise UsageError(self.id, "this play is on already, from one chair", next_step=COMMITTED)
        plays = self.plays
        at = self.graded_at(plays)
        earlier = plays[len(plays) if at is None else at :] if self.mode == "graded" else plays
        number = max((one["number"] for one in earlier), default=0) + 1
        play = begin(self.story, chair, hidden_facts(self.workbook, self.story, number))  # type: ignore[arg-type]
        self._chosen = (play.chair, number)
        return play

    def take(self, step: Step) -> Play:
        """Take a step of the play that is on, and record it.

        Raises
        ------
        UsageError
            If no play is on, or the step is not possible here.
        AnswersError
            If it cannot be saved; the play stands where it stood.
        """
        play = self.play
        if play is None:
            raise UsageError(self.id, self.misfit or "nobody sits on a chair yet", next_step="Choose a chair first.")
        taken = play.take(step)
        self._keep(taken)
        if taken.ending and self.mode == "practice":
            self.workbook.store.note(self.id, solved=True)
        return taken

    def back(self) -> Play:
        """Undo the last step; practice only.

        Raises
        ------
        UsageError
            In a graded play, and where there is no step to undo.
        """
        play = self.play
        if not self.for_practice:
            raise UsageError(self.id, "a graded play does not go back", next_step=COMMITTED)
        if play is None or not play.moments:
            raise UsageError(self.id, "there is no step to take back")
        undone = play.back_to(len(play.moments))
        self._keep(undone)
        return undone

    def _keep(self, play: Play) -> None:
        plays = self.plays
        at = len(plays) if self._chosen else self._on(plays)
        number = self._chosen[1] if self._chosen else plays[at]["number"]
        stored = {"chair": play.chair, "number": number, "steps": [step.as_data() for step in play.steps]}
        self.record({"plays": [*plays[:at], stored, *plays[at + 1 :]]})

    def record(self, value: Mapping[str, Any], *, by: By = "click") -> Recorded:
        """Record plays and return what now stands.

        Raises
        ------
        AnswerFormError, ForgedStepError
            If the plays do not have the form, or the one that is on holds a step that could not be taken.
        UsageError
            If a graded play would go back, or an earlier play would be lost.
        """
        read = self.form.read(value)
        if read["plays"]:
            self.again(read["plays"][self._on(read["plays"])])
        stands = self.workbook.store.record(
            self.id, "play", read, by=by, check=lambda old, new: self._allow(old, new, by)
        )
        self._chosen = None
        return stands

    def _allow(self, old: Recorded | None, new: Mapping[str, Any], by: By) -> None:
        """Refuse what would undo a graded step or drop an earlier play; called while nobody else can write."""
        before = self.fitting(old.value) if old else None
        earlier, later = (before["plays"] if before else []), new["plays"]
        if self.mode == "graded":
            self._allow_graded(earlier, later)
        if by == "click" and [_who(one) for one in earlier] != [_who(one) for one in later[: len(earlier)]]:
            raise UsageError(
                self.id, "another window has gone on with this scenario", next_step="Run this cell again to see it."
            )

    def _allow_graded(self, earlier: list[Stored], later: list[Stored]) -> None:
        """The graded play only goes on, alone until it has ended; what was put aside before it stays as it is."""
        at = self.graded_at(earlier)
        put_aside = len(earlier) if at is None else at
        further = later[put_aside + 1 :]
        numbers = [one["number"] for one in later[put_aside:]]
        first = bool(numbers) and numbers[0] == 1 == later[0]["number"] and 1 not in numbers[1:]
        if not first or later[:put_aside] != earlier[:put_aside]:
            raise UsageError(self.id, "a graded scenario is played once, from one chair", next_step=COMMITTED)
        graded = later[put_aside]
        if at is not None and not _goes_on(earlier[at], graded):
            raise UsageError(self.id, "this would undo a step that you have taken", next_step=COMMITTED)
        if self.again(graded).ending is None and further != earlier[put_aside + 1 :]:
            raise UsageError(self.id, "practice begins after the end of the graded play", next_step=COMMITTED)

    def _fits(self, stored: Stored) -> bool:
        try:
            self.again(stored)
        except UsageError:
            return False
        return True

    # ---- in code

    def answer(self, value: Any, **parts: Any) -> Outcome:
        """Record whole plays from a code cell: `{"plays": [...]}`, or the list of plays alone."""
        if isinstance(value, Mapping) and set(value) == {"plays"}:
            value = value["plays"]
        if value is not None and self.mode == "graded" and self.plays:
            given, plays = self.form.read({"plays": value})["plays"], self.plays
            last = len(given) - 1
            if 0 <= last < len(plays) and given[:last] == plays[:last] and _goes_on(given[last], plays[last]):
                remark = "" if given == plays else "Your recorded play stands; it goes further than this cell."
                return Outcome(remark, self.told(), self.reply())
        return super().answer(value, **parts)

    def take_in_code(self, option: str, deal: Mapping[str, str]) -> str:
        """Take a step from a code cell, and return what to say about it.

        A kernel that is new runs the cells of an earlier sitting again, also at grading: their steps are in the
        record already, and are not taken a second time.
        """
        recorded = "" if self._taken else self._recorded_already(option, dict(deal))
        if recorded:
            self._chosen = None
            return recorded
        play = self.play
        if play is None:
            raise UsageError(self.id, self.misfit or "nobody sits on a chair yet", next_step="Write chair=..., say.")
        self._taken = True
        self.take(Step(play.scene.id, option, tuple(deal.items())))
        return ""

    def _recorded_already(self, option: str, deal: Mapping[str, str]) -> str:
        """Say where a step stands in the record, behind the steps that cells of this kernel have told so far.

        Graded work is gone through from its graded play on: cells that began practice after it do not begin it again.
        """
        plays = self.plays
        graded_at = self.graded_at(plays)
        if not plays or self.misfit or (self._chosen and graded_at is None):
            return ""
        first = len(plays) - 1 if graded_at is None else graded_at
        for place in range(max(first, self._told_up_to[0]), len(plays)):
            stored = plays[place]
            if self._chosen and stored["chair"] != self._chosen[0]:
                continue
            told = self._told_up_to[1] if place == self._told_up_to[0] else 0
            for at, data in enumerate(stored["steps"][told:], start=told + 1):
                if (data.get("option", ""), data.get("deal", {})) == (option, deal):
                    self._told_up_to = (place, at)
                    which = f" of play {place + 1}" if place > first else ""
                    return f"Step {at}{which} is recorded already."
        return ""

    def tell(self, value: Mapping[str, Any]) -> str:
        """The plays as a sentence: in graded work the graded one, and how many were played for practice since."""
        plays = value["plays"]
        if not plays:
            return "no play yet"
        graded_at = self.graded_at(plays)
        at = self._on(plays) if graded_at is None else graded_at
        stored = plays[at]
        count = len(stored["steps"])
        parts = [stored["chair"].upper(), _counted(count, "step")]
        try:
            play = self.again(stored)
            parts.append(f"ended with “{play.ending.title}”" if play.ending else f"now at “{play.scene.title}”")
        except UsageError:
            parts.append("from an earlier version of the scenario")
        if at:
            parts.append(f"after {at} earlier")
        since = 0 if graded_at is None else sum(bool(one["steps"]) for one in plays[at + 1 :])
        told = f"graded play: {', '.join(parts)}" if self.mode == "graded" else ", ".join(parts)
        return f"{told}; {_counted(since, 'practice play')} since" if since else told

    def describe(self) -> str:
        """The scenario as it stands, as text, with how to go on in code."""
        from threechairs.activities.stage import as_text

        return as_text(self)


def _who(stored: Stored) -> tuple[str, int]:
    return stored["chair"], stored["number"]


def _goes_on(old: Stored, new: Stored) -> bool:
    """Whether a play holds all steps of another one, in the same places."""
    return _who(old) == _who(new) and new["steps"][: len(old["steps"])] == old["steps"]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
