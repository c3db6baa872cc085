"""Marks for a played scenario: the recorded steps are played again, and judgement is read off the decision record.

Of several recorded plays one is graded: the first with number 1 that fits the scenario. What stands before it was
played in an earlier version of the scenario and is put aside; what stands after it is practice, and never marked.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threechairs.course.items import PlayItem
from threechairs.course.workbook import Workbook, current
from threechairs.errors import GradingError, UsageError
from threechairs.marking.judge import _answer
from threechairs.marking.score import Criterion, Score
from threechairs.scenario.judgement import judge
from threechairs.scenario.load import load_story
from threechairs.scenario.play import ForgedStepError, Play, Step, Story, draw_hidden, replay
from threechairs.scenario.verdict import Judgement, percent

_GATE = "G1"


def hidden_facts(workbook: Workbook, story: Story, number: int) -> dict[str, str]:
    """The hidden facts of a learner's play `number`: their own, and always the same ones."""
    whose = workbook.store.blank
    return draw_hidden(story.scenario, whose.case_id, workbook.id, whose.attempt, number)


def played_again(workbook: Workbook, story: Story, stored: Mapping[str, Any]) -> Play:
    """A stored play, taken step by step from its start.

    Parameters
    ----------
    workbook : Workbook
        Whose play it is; its hidden facts follow from that.
    story : Story
        What is played.
    stored : mapping
        One entry of `plays`, as `marking.forms` describes it.

    Raises
    ------
    ForgedStepError
        If a step could not have been taken where it stands; names it.
    UsageError
        If the scenario has no such chair.
    """
    drawn = hidden_facts(workbook, story, stored["number"])
    return replay(story, stored["chair"], drawn, [Step.from_data(step) for step in stored["steps"]])


def graded_place(plays: Sequence[Mapping[str, Any]], fits: Callable[[Mapping[str, Any]], bool]) -> int | None:
    """Where the graded play stands among the recorded ones: the first with number 1 that fits.

    Parameters
    ----------
    plays : sequence of mapping
        What is recorded, the earliest play first.
    fits : callable
        Whether a play could be taken in the scenario as it is now.

    Returns
    -------
    int or None
        Its place, from 0; `None` where no play is graded (yet).

    Examples
    --------
    >>> steps = ["old", "new", "new"]
    >>> plays = [{"number": number, "steps": step} for number, step in zip([1, 1, 2], steps)]
    >>> graded_place(plays, lambda play: play["steps"] == "new")
    1
    """
    return next((at for at, play in enumerate(plays) if play["number"] == 1 and fits(play)), None)


@dataclass(frozen=True)
class Graded:
    """The graded play of a record, and what keeps it from being marked.

    Attributes
    ----------
    play : Play or None
        The play as far as it was taken; `None` where it cannot be told which one counts, or it holds a forged step.
    lacks, why : str
        What is missing and why, both empty for a play that can be marked.
    """

    play: Play | None
    lacks: str = ""
    why: str = ""


def graded_play(workbook: Workbook, story: Story, plays: Sequence[Mapping[str, Any]]) -> Graded:
    """The play that counts, of all that are recorded.

    Parameters
    ----------
    workbook : Workbook
        Whose plays they are.
    story : Story
        What was played.
    plays : sequence of mapping
        At least one play, as `marking.forms` describes it.
    """

    def fits(stored: Mapping[str, Any]) -> bool:
        try:
            played_again(workbook, story, stored)
        except UsageError:
            return False
        return True

    if plays[0]["number"] != 1:
        return Graded(None, "one play", "A graded scenario is played once, as play 1; here another play stands first.")
    at = graded_place(plays, fits)
    if at is None:
        at = max(place for place, play in enumerate(plays) if play["number"] == 1)
    elif graded_place(plays[at + 1 :], fits) is not None:
        return Graded(None, "one play", "A graded scenario is played once; this record holds two graded plays.")
    try:
        play = played_again(workbook, story, plays[at])
    except ForgedStepError as forged:
        said = f"Step {forged.number} (scene “{forged.step.scene}”) could not have been taken: {forged.seen}."
        return Graded(None, "the record of your steps", said)
    except UsageError as reason:
        return Graded(None, "the record of your steps", str(reason))
    if play.ending is None:
        further = " What was played after it is practice, and is not marked." if plays[at + 1 :] else ""
        said = f"The play is not finished: it stands at the scene “{play.scene.title}”.{further}"
        return Graded(play, "the play to its end", said)
    return Graded(play)


def mark_play(activity: str, points: float, /, *, story: Story | None = None) -> Score:
    """Marks for the graded play of a scenario: the tests G2 to G7 that apply, all alike, under the cap of G1.

    Parameters
    ----------
    activity : str
        Id of the question.
    points : float
        Points of the cell.
    story : Story, optional
        What was played; the scenario that the question names unless given.

    Returns
    -------
    Score
        Each test with its reason. A play that is not finished, or whose log holds a step that could not have been
        taken, gets 0 and is told so. What was played for practice after it makes no difference.

    Raises
    ------
    GradingError
        If the question is none to play, or the submission cannot be read: never because of what was played.
    """
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")  # stock nbgrader gives 0 to a cell that writes to stderr
        workbook = current()
        item = workbook.bank.item(activity)
        if not isinstance(item, PlayItem):
            raise GradingError("test cell", f"question {activity!r} is none to play")
        answer = _answer(activity)
        if answer is None or not answer["plays"]:
            return Score.not_attempted(points)
        story = story or load_story(item.scenario)
        graded = graded_play(workbook, story, answer["plays"])
        if graded.play is None or graded.lacks:
            return _nothing(graded.lacks, points, graded.why)
        return score_of(judge(graded.play.record, story.tables, matters=story.scenario.matters), points)


def score_of(judgement: Judgement, points: float) -> Score:
    """A judgement as marks: every test that applies has the same share, and the cap is a line of its own."""
    gate = [test for test in judgement.tests if test.id == _GATE and test.applies]
    shared = [test for test in judgement.tests if test.id != _GATE and test.applies]
    if not shared:
        return _nothing("your decisions", points, "Nothing was decided that could be judged.")
    each = points / len(shared)
    criteria = [Criterion(f"{test.id} {test.name}", each * test.value, each, test.reason) for test in shared]
    earned = sum(criterion.points for criterion in criteria)
    over = max(earned - judgement.cap * points, 0.0)
    for test in gate:
        if judgement.cap < 1:
            most = f"No more than {percent(judgement.cap)} of the points: this takes {over:.3g} away."
            criteria.append(Criterion(f"{test.id} {test.name}: the cap", -over, 0.0, f"{test.reason} {most}"))
        else:
            criteria.append(Criterion(f"{test.id} {test.name}", 0.0, 0.0, test.reason))
    return Score(criteria, points)


def _nothing(name: str, points: float, why: str) -> Score:
    return Score([Criterion(name, 0.0, points, why)], points)
