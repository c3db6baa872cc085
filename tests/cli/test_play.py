"""`threechairs play`: a scenario in a terminal, saved step by step, replayed from a log."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from threechairs.cli.play import WIDEST
from threechairs.course.learner import data_folder

STORY = """
format: 1
scenario: smoke
title: Smoke
minutes: 3
summary: A room fills with smoke.
seats:
  cso: {opening: door, brief: You are Ruth.}
  cio: {opening: door, brief: You are Priya.}
cast:
  sam: {name: Sam, who: a docker, at_stake: true}
meters:
  harm: {label: Harm, start: 2, least: 0, most: 5, good: low, chair: cso}
  cost: {label: Cost, unit: kEUR, start: 0, least: 0, most: 9, good: low, chair: cio}
  trust: {label: Trust, start: 3, least: 0, most: 5, good: high}
facts:
  inside: {text: Sam is inside., at_start: {cso: suspected}}
  budget: {text: IT cut the budget., true: false, at_start: {cso: believed}}
draws:
  cause: {cable: A cable burned., cigarette: Somebody smoked., toast: Somebody made toast.}
overreach: {meters: {trust: -1}, reply: Somebody asks who gave you that right.}
scenes:
  - id: door
    title: At the door
    time: "07:40"
    text: >-
      Smoke comes out under the door, and nobody can say how many are inside; the list hangs on the other side of it,
      where it has always hung, because that is where people sign it.
    options:
      - {id: out, text: Everybody out, meters: {harm: -2}, learn: {inside: known}, goto: deal}
      - {id: freeze, text: Freeze the changes, uses: [{right: D06}], goto: deal}
  - id: deal
    title: The desk
    text: "{cause}"
    inject: true
    options: [{id: leave, text: Leave it, goto: after}]
    deal:
      table: gate-4
      invitation: Strike a deal
      outcomes: [{when: {deal: {accepted: true}}, reply: Two shake hands., goto: after}, {reply: No., goto: deal}]
  - id: after
    title: After
    text: It is over.
    ending: {kind: lasts, title: Quiet again, voices: {cso: Good., cio: Fine.}}
"""


@pytest.fixture
def story_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small scenario in a file, and a learner who plays it."""
    monkeypatch.setenv("THREECHAIRS_LEARNER", "carol")
    monkeypatch.setenv("COLUMNS", "60")
    path = tmp_path / "smoke.yaml"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def play(threechairs: Any, story_file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run the command with these answers typed; after the last one the input ends."""

    def run(answers: str, *options: object) -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers.split())))
        return threechairs("play", "--file", story_file, *options)

    return run


def saved() -> Any:
    """What was saved of all plays of the scenario."""
    (path,) = (data_folder() / "plays").glob("*.json")
    return json.loads(path.read_text(encoding="utf-8"))["plays"]


def test_a_play_from_the_brief_to_the_debrief(play: Callable[..., Any]) -> None:
    """Brief, scene, numbered options, what was learned, ending, debrief, and the other chair is offered."""
    ran = play("1 1", "--chair", "cso")

    assert ran.code == 0
    places = [
        ran.out.index(text)
        for text in (
            "A room fills with smoke. (3 minutes)",
            "You are Ruth.",
            "07:40 · At the door",
            "  1. Everybody out",
            "You know now: Sam is inside.",
            "News from outside.",
            "Quiet again",
            "How it is judged",
            "What you decided",
            "Who knew what, and when",
            "CIO: Fine.",
            "The same story from another chair?",
            "CIO, Priya Raman",
        )
    ]
    assert places == sorted(places)
    assert "Go on with" not in ran.out


def test_own_meter_and_trust_are_shown_and_the_rest_at_the_end(play: Callable[..., Any]) -> None:
    """The CSO sees Harm and Trust move; the CIO's Cost appears in the debrief only."""
    ran = play("1 1", "--chair", "cso")

    playing, debriefing = ran.out.split("What you decided")
    assert "Harm 2 of 5 · Trust 3 of 5" in playing
    assert "Harm 0 of 5 (-2)" in playing
    assert "Cost" not in playing
    assert "Cost: 0 kEUR throughout." in debriefing


def test_text_is_wrapped_to_the_terminal(play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is longer than the terminal, or than can be read with ease."""
    narrow = play("1 1", "--chair", "cso")
    monkeypatch.setenv("COLUMNS", "300")
    wide = play("1 1", "--chair", "cso", "--new")

    # a path stays whole
    assert max(len(line) for line in narrow.out.splitlines() if "/" not in line) <= 60
    assert max(len(line) for line in wide.out.splitlines() if "/" not in line) <= WIDEST


def test_what_is_known_and_how_surely(play: Callable[..., Any]) -> None:
    """`?` tells what is known, suspected or believed, and never which belief is wrong."""
    ran = play("? q", "--chair", "cso")

    assert "You suspect: Sam is inside." in ran.out
    assert "You believe: IT cut the budget." in ran.out
    assert "not so" not in ran.out


def test_a_wrong_key_is_explained(play: Callable[..., Any]) -> None:
    """Another number, a word, or going back at the beginning changes nothing and says what can be typed."""
    ran = play("3 0 yes ² b q", "--chair", "cso")

    assert ran.out.count("Type a number from 1 to 2, or b, ? or q.") == 4
    assert "This is the beginning" in ran.out
    assert "Nothing was played yet" in ran.out


def test_going_back_takes_a_step_back(play: Callable[..., Any]) -> None:
    """After `b` the scene before is on again, with the meters as they were, also after the ending."""
    play("1 b 2 1 b q", "--chair", "cso")

    assert [step.get("option") for step in saved()[0]["steps"]] == ["freeze"]


def test_a_right_that_you_lack_is_told_when_you_use_it(play: Callable[..., Any]) -> None:
    """Overreach shows at once, in the words of the charter and of the story."""
    ran = play("2", "--chair", "cso")

    said = " ".join(ran.out.split())
    assert "Somebody asks who gave you that right." in said
    assert "The CIO answers for D06 (Deploy a change). The CSO does not." in said


def test_a_deal_is_struck_issue_by_issue(play: Callable[..., Any]) -> None:
    """Each issue is asked for, `b` goes one back, and the sum is told before it stands."""
    ran = play("1 2 1 b 2 1 2 3 y", "--chair", "cso")  # joint desk, IT pays, six weeks, ten days

    said = " ".join(ran.out.split())
    assert "A joint desk, one log (Marta, Facilities 10, Jonas, IT operations 18)" in said
    assert "Marta, Facilities 68 points (50 without a deal); Jonas, IT operations 67 points" in said
    assert "Two shake hands." in said
    assert saved()[0]["steps"][1]["deal"] == {
        "fault-desk": "joint-desk",
        "backup-power": "it-pays",
        "segmentation": "six-weeks",
        "power-notice": "ten-days",
    }


def test_a_deal_can_be_left(play: Callable[..., Any]) -> None:
    """Leaving the table, or saying no at the end, brings the scene back and decides nothing."""
    play("1 2 b 2 q 2 1 1 1 1 n q", "--chair", "cso")

    assert len(saved()[0]["steps"]) == 1


def test_a_play_is_taken_up_again(play: Callable[..., Any]) -> None:
    """What was stopped goes on at its scene with the same hidden facts, under the same number."""
    first = play("1 q", "--chair", "cso")
    second = play("q", "--chair", "cso")

    said = " ".join(first.out.split())
    assert "1 step saved in" in said
    assert "--chair cso" in said
    assert "after 1 step" in second.out
    assert first.out.split("News from outside.")[1].splitlines()[1] in second.out
    assert [one["number"] for one in saved()] == [1]


def test_new_begins_anew_and_keeps_the_other(play: Callable[..., Any]) -> None:
    """`--new`, another chair, and a play after an ending each begin a play with the next number."""
    play("1 q", "--chair", "cso")
    play("2 1", "--chair", "cso", "--new")
    play("1 q", "--chair", "cso")
    play("1 q", "--chair", "cio")

    assert [(one["chair"], one["number"]) for one in saved()] == [("cso", 1), ("cso", 2), ("cso", 3), ("cio", 4)]


def test_hidden_facts_follow_learner_and_number(play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same learner's same play always draws the same; others draw otherwise sooner or later."""

    def told(learner: str) -> list[str]:
        monkeypatch.setenv("THREECHAIRS_LEARNER", learner)
        out = [play("1 q", "--chair", "cso", "--new").out for _ in range(4)]
        return [text.split("News from outside.")[1].strip().splitlines()[0] for text in out]

    carol, dave = told("carol"), told("dave")
    (data_folder() / "plays").rename(data_folder() / "before")

    assert told("carol") == carol
    assert len({*carol, *dave}) > 1


def test_without_a_chair_you_are_asked(play: Callable[..., Any]) -> None:
    """Chairs are offered by name and number; either can be typed."""
    assert "You are Priya." in play("2 q").out
    assert "You are Priya." in play("x cio q").out
    assert "Nothing was played yet" in play("q").out


def test_after_an_ending_the_other_chair_can_be_taken(play: Callable[..., Any]) -> None:
    """The chair switch opens after an ending, and what follows is a play of its own."""
    ran = play("1 1 1 2 q", "--chair", "cso")

    assert "You are Priya." in ran.out
    assert [(one["chair"], len(one["steps"])) for one in saved()] == [("cso", 2), ("cio", 1)]


def test_the_end_of_input_is_safe(play: Callable[..., Any]) -> None:
    """Where the input ends, also in the middle of a deal, the steps so far are saved and it is said where."""
    ran = play("1 2 1", "--chair", "cso")

    assert ran.code == 0
    assert "1 step saved in" in ran.out
    assert len(saved()[0]["steps"]) == 1


def test_ctrl_c_is_safe(threechairs: Any, story_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C stops with the code that shells know, and what was played is saved."""

    class Impatient(io.StringIO):
        def readline(self, *_: Any) -> str:
            line = super().readline()
            if not line:
                raise KeyboardInterrupt
            return line

    monkeypatch.setattr("sys.stdin", Impatient("1\n"))
    ran = threechairs("play", "--file", story_file, "--chair", "cso")

    assert ran.code == 130
    assert "1 step saved in" in ran.out
    assert "Stopped." in ran.err
    assert len(saved()[0]["steps"]) == 1


def test_a_damaged_file_is_put_aside(play: Callable[..., Any]) -> None:
    """Plays that cannot be read are kept under another name, and a new play begins."""
    play("1 q", "--chair", "cso")
    (path,) = (data_folder() / "plays").glob("*.json")
    path.write_text('{"format": 1, "plays": [{"chair": "cso"', encoding="utf-8")

    ran = play("1 q", "--chair", "cso")

    assert "could not be read" in ran.out
    assert path.with_suffix(".damaged").read_text(encoding="utf-8").startswith('{"format"')
    assert len(saved()) == 1


def test_a_changed_story_keeps_what_still_fits(play: Callable[..., Any], story_file: Path) -> None:
    """If the author renamed an option that was chosen, the play goes on from before it."""
    play("1 q", "--chair", "cso")
    story_file.write_text(STORY.replace("{id: out", "{id: outside"), encoding="utf-8")

    ran = play("1 q", "--chair", "cso")

    said = " ".join(ran.out.split())
    assert "The story was changed since you played: step 1" in said
    assert [step["option"] for step in saved()[-1]["steps"]] == ["outside"]


def test_steps_before_a_change_are_kept(play: Callable[..., Any], story_file: Path) -> None:
    """A play whose second step does not fit any more is taken up after the first."""
    longer = STORY.replace("text: Leave it, goto: after", "text: Leave it, goto: more").replace(
        "  - id: after",
        "  - {id: more, title: More, text: More., options: [{id: end, text: End, goto: after}]}\n  - id: after",
    )
    story_file.write_text(longer, encoding="utf-8")
    play("1 1 q", "--chair", "cso")
    story_file.write_text(longer.replace("{id: leave", "{id: stay"), encoding="utf-8")

    ran = play("q", "--chair", "cso")

    assert "step 2 (scene 'deal')" in " ".join(ran.out.split())
    assert "after 1 step" in ran.out


def test_a_log_can_be_replayed(play: Callable[..., Any], tmp_path: Path) -> None:
    """The replay of a log ends where the play ended, with the same debrief, and saves nothing."""
    log = tmp_path / "log.json"
    played = play("1 1", "--chair", "cso", "--log", log)
    before = saved()

    ran = play("", "--replay", log)

    assert ran.code == 0
    assert played.out.split("What you decided")[1].split("The same story")[0].strip() in ran.out
    assert saved() == before


def test_an_unfinished_log_has_no_debrief(play: Callable[..., Any], tmp_path: Path) -> None:
    """A play that goes on is replayed as far as it goes; nothing is given away."""
    log = tmp_path / "log.json"
    play("1 q", "--chair", "cso", "--log", log)

    ran = play("", "--replay", log)

    assert "The play still goes on, at 'The desk'." in " ".join(ran.out.split())
    assert "What you decided" not in ran.out


def test_a_forged_step_is_named(play: Callable[..., Any], tmp_path: Path) -> None:
    """A step that could not have been taken ends the replay with its number and its scene."""
    log = tmp_path / "log.json"
    play("1 1", "--chair", "cso", "--log", log)
    data = json.loads(log.read_text(encoding="utf-8"))
    data["steps"][1]["option"] = "win"
    log.write_text(json.dumps(data), encoding="utf-8")

    ran = play("", "--replay", log)

    assert ran.code == 2
    assert "step 2 (scene 'deal')" in ran.err
    assert "'win'" in ran.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Dear all", "this is no JSON"),
        ("[1]", "this is no saved play"),
        ('{"format": 9}', "this is no saved play"),
        ('{"format": 1, "scenario": "smoke"}', "it has no learner, chair, number and steps"),
        ('{"format": 1, "scenario": "gate"}', "this is a play of 'gate', not of 'smoke'"),
        (
            '{"format": 1, "scenario": "smoke", "learner": "x", "chair": "cso", "number": 1, "steps": [3]}',
            "Expected {'scene'",
        ),
    ],
)
def test_what_is_no_log_is_refused(play: Callable[..., Any], tmp_path: Path, text: str, message: str) -> None:
    """Another file, or one of another scenario, is refused in words."""
    (tmp_path / "log.json").write_text(text, encoding="utf-8")

    ran = play("", "--replay", tmp_path / "log.json")

    assert ran.code == 2
    assert message in ran.err


def test_a_wrong_name_or_chair_is_explained(threechairs: Any, play: Callable[..., Any], story_file: Path) -> None:
    """No name, an unknown scenario, and a chair that the scenario does not have each say what there is."""
    assert "Which scenario?" in threechairs("play").err
    assert "the course has no such scenario" in threechairs("play", "no-such-story").err
    assert "not both" in threechairs("play", "gate", "--file", story_file).err
    assert "there is no chair 'ciso'" in play("", "--chair", "ciso").err


def test_a_full_disk_is_told(play: Callable[..., Any]) -> None:
    """If a step cannot be saved the learner is told at once, in words."""
    data_folder().parent.mkdir(parents=True, exist_ok=True)
    data_folder().write_text("in the way", encoding="utf-8")

    ran = play("1 q", "--chair", "cso")

    assert ran.code == 2
    assert "the play could not be saved" in ran.err
