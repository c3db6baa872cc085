"""Playing a scenario: what was played is recorded step by step, and can be taken up again.

A recorded play is its chair, its number and its steps; everything else follows from these. Practice goes back and
begins anew as often as it likes, and keeps the earlier plays. Graded work is one play, whose steps stand once taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from threechairs.activities.base import Activity, Outcome
from threechairs.answers import By, Recorded
from threechairs.course.items import PlayItem
from threechairs.course.workbook import Workbook
from threechairs.errors import UsageError
from threechairs.marking.forms import Form
from threechairs.marking.plays import hidden_facts, played_again
from threechairs.scenario.load import load_story
from threechairs.scenario.play import Play, Step, Story, begin
from threechairs.scenario.schema import Chair

Stored = Mapping[str, Any]

COMMITTED = "Each step stands once you have taken it: in this play there is no going back."
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
        self._told_up_to = 0
        self._taken = False
        self._last_read: tuple[Stored, Play] | None = None

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
        """The play that is on; `None` before a chair is chosen, and where the last play does not fit any more."""
        if self._chosen:
            chair, number = self._chosen
            return begin(self.story, chair, hidden_facts(self.workbook, self.story, number))
        plays = self.plays
        return None if not plays or self.misfit else self.again(plays[-1])

    @property
    def misfit(self) -> str:
        """Why the last recorded play cannot be taken up again: the scenario was changed since. Empty if it can."""
        plays = self.plays
        if self._chosen or not plays:
            return ""
        try:
            self.again(plays[-1])
        except UsageError as reason:
            return f"The scenario has been changed since you played it, and your play does not fit any more ({reason})"
        return ""

    def again(self, stored: Stored) -> Play:
        """A recorded play, taken again.

        Raises
        ------
        UsageError
            If it does not fit the scenario as it is now.
        """
        if self._last_read is None or self._last_read[0] != stored:
            self._last_read = (stored, played_again(self.workbook, self.story, stored))
        return self._last_read[1]

    @property
    def may_begin(self) -> bool:
        """True if a chair can be chosen now: at first, for another play in practice, and after a misfit."""
        return self.mode == "practice" or not self.plays or bool(self.misfit)

    # ---- what the learner does

    def start(self, chair: str) -> Play:
        """Sit down on a chair for a new play. Nothing is recorded before its first step.

        Raises
        ------
        UsageError
            If there is no such chair, or graded work is on already.
        """
        if not self.may_begin:
            raise UsageError(self.id, "this play is on already, from one chair", next_step=COMMITTED)
        number = 1 if self.mode == "graded" else max((one["number"] for one in self.plays), default=0) + 1
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
            In graded work, and where there is no step to undo.
        """
        play = self.play
        if self.mode == "graded":
            raise UsageError(self.id, "a graded play does not go back", next_step=COMMITTED)
        if play is None or not play.moments:
            raise UsageError(self.id, "there is no step to take back")
        undone = play.back_to(len(play.moments))
        self._keep(undone)
        return undone

    def _keep(self, play: Play) -> None:
        plays = self.plays
        number = self._chosen[1] if self._chosen else plays[-1]["number"]
        stored = {"chair": play.chair, "number": number, "steps": [step.as_data() for step in play.steps]}
        self.record({"plays": [*(plays if self._chosen else plays[:-1]), stored]})
        self._chosen, self._last_read = None, (stored, play)

    def record(self, value: Mapping[str, Any], *, by: By = "click") -> Recorded:
        """Record plays and return what now stands.

        Raises
        ------
        AnswerFormError, ForgedStepError
            If the plays do not have the form, or the last one holds a step that could not be taken.
        UsageError
            If a graded play would go back, or an earlier play would be lost.
        """
        read = self.form.read(value)
        if read["plays"]:
            self.again(read["plays"][-1])
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
        elif by == "click" and [_who(one) for one in earlier] != [_who(one) for one in later[: len(earlier)]]:
            raise UsageError(
                self.id, "another window has gone on with this scenario", next_step="Run this cell again to see it."
            )

    def _allow_graded(self, earlier: list[Stored], later: list[Stored]) -> None:
        put_aside = len(earlier) if not earlier or not self._fits(earlier[-1]) else len(earlier) - 1
        fine = len(later) == put_aside + 1 and later[:put_aside] == earlier[:put_aside] and later[-1]["number"] == 1
        if not fine:
            raise UsageError(self.id, "a graded scenario is played once, from one chair", next_step=COMMITTED)
        for old in earlier[put_aside:]:
            if not _goes_on(old, later[-1]):
                raise UsageError(self.id, "this would undo a step that you have taken", next_step=COMMITTED)

    def _fits(self, stored: Stored) -> bool:
        try:
            played_again(self.workbook, self.story, stored)
        except UsageError:
            return False
        return True

    # ---- in code

    def answer(self, value: Any, **parts: Any) -> Outcome:
        """Record whole plays from a code cell: `{"plays": [...]}`, or the list of plays alone."""
        if isinstance(value, Mapping) and set(value) == {"plays"}:
            value = value["plays"]
        if value is not None and self.mode == "graded" and self.plays:
            given = self.form.read({"plays": value})["plays"]
            if given and given[:-1] == self.plays[:-1] and _goes_on(given[-1], self.plays[-1]):
                remark = "" if given == self.plays else "Your recorded play stands; it goes further than this cell."
                return Outcome(remark, self.told(), self.reply())
        return super().answer(value, **parts)

    def take_in_code(self, option: str, deal: Mapping[str, str]) -> str:
        """Take a step from a code cell, and return what to say about it.

        A kernel that is new runs the cells of an earlier sitting again, also at grading: their steps are in the
        record already, and are not taken a second time.
        """
        play = self.play
        steps = play.steps if play else ()
        if not self._taken:
            for at, step in enumerate(steps[self._told_up_to :], start=self._told_up_to + 1):
                if (step.option, dict(step.deal)) == (option, dict(deal)):
                    self._told_up_to = at
                    return f"Step {at} is recorded already."
        if play is None:
            raise UsageError(self.id, self.misfit or "nobody sits on a chair yet", next_step="Write chair=..., say.")
        self._taken = True
        self.take(Step(play.scene.id, option, tuple(deal.items())))
        return ""

    def tell(self, value: Mapping[str, Any]) -> str:
        """The plays as a sentence."""
        if not value["plays"]:
            return "no play yet"
        stored = value["plays"][-1]
        count = len(stored["steps"])
        parts = [stored["chair"].upper(), f"{count} step{'' if count == 1 else 's'}"]
        try:
            play = self.again(stored)
            parts.append(f"ended with “{play.ending.title}”" if play.ending else f"now at “{play.scene.title}”")
        except UsageError:
            parts.append("from an earlier version of the scenario")
        if len(value["plays"]) > 1:
            parts.append(f"after {len(value['plays']) - 1} earlier")
        return ", ".join(parts)

    def describe(self) -> str:
        """The scenario as it stands, as text, with how to go on in code."""
        from threechairs.activities.stage import as_text

        return as_text(self)


def _who(stored: Stored) -> tuple[str, int]:
    return stored["chair"], stored["number"]


def _goes_on(old: Stored, new: Stored) -> bool:
    """Whether a play holds all steps of another one, in the same places."""
    return _who(old) == _who(new) and new["steps"][: len(old["steps"])] == old["steps"]
