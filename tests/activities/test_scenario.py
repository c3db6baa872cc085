"""Playing a scenario without a screen: steps recorded at once, going back, beginning anew, and commit mode."""

import json
from functools import partial

import pytest
from crane import FREEZE, GOOD_DEAL, GREEN, GUARD, HOPE, STORY, course_with_crane, open_assignment, open_lesson, plays

from threechairs.activities import Playing, activity, answer, happened, play, remember, stage
from threechairs.answers import AnswerStore
from threechairs.errors import AnswerFormError, AnswersError, UsageError
from threechairs.scenario.load import read_story
from threechairs.scenario.play import ForgedStepError, IllegalStepError, Step


@pytest.fixture(autouse=True)
def course(tmp_path):
    return course_with_crane(tmp_path)


@pytest.fixture
def lesson(working_folder):
    return open_lesson(working_folder)


@pytest.fixture
def assignment(working_folder):
    return open_assignment(working_folder)


def practice(lesson):
    return Playing("clash", lesson, "crane")


def take(playing, *steps):
    for step in steps:
        playing.take(Step.from_data(step))


# ---- recording


def test_every_step_is_recorded_at_once(lesson):
    """After each step the file holds the play so far, and before the first one there is no file."""
    playing, seen = practice(lesson), []
    playing.start("cso")
    assert not lesson.store.path.exists()
    for step in GUARD:
        take(playing, step)
        seen.append(lesson.store.get("clash").value)

    assert seen == [plays(GUARD[0]), plays(*GUARD)]
    assert lesson.store.get("clash").solved


def test_a_play_is_taken_up_where_it_stood(lesson):
    """A new kernel finds the play at the scene that it stood at."""
    playing = practice(lesson)
    playing.start("cso")
    take(playing, GUARD[0])

    later = practice(lesson)

    assert later.play == playing.play
    assert later.play.scene.id == "table"
    assert later.told() == "CSO, 1 step, now at “Around the table”"


def test_hidden_facts_belong_to_the_play(lesson, working_folder):
    """Each play of a learner has its own draw, always the same; another learner has others."""
    playing = practice(lesson)
    drawn = []
    for _ in range(8):
        drawn.append(playing.start("ciso").drawn["login"])
        take(playing, GUARD[0])
    again = [practice(lesson).again(one).drawn["login"] for one in playing.plays]

    assert again == drawn
    assert len(set(drawn)) == 2


def test_a_step_that_is_not_possible_changes_nothing(lesson):
    """An unknown option, a step of another scene and a bad deal are refused, and the play stands."""
    playing = practice(lesson)
    playing.start("ciso")
    for step in (
        Step("call", "gaurd"),
        Step("call", "freeze"),
        Step("table", "leave"),
        Step("call", deal=(("x", "y"),)),
    ):
        with pytest.raises(IllegalStepError):
            playing.take(step)

    assert not lesson.store.path.exists()
    assert playing.play.scene.id == "call"


def test_a_step_that_cannot_be_saved_is_not_taken(lesson, monkeypatch):
    """When the disk is full the learner is told, and the play stands where it stood."""
    playing = practice(lesson)
    playing.start("cso")
    take(playing, GUARD[0])

    def full(*_arguments):
        raise AnswersError("answers.json", "the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(AnswerStore, "_write", full)
        with pytest.raises(AnswersError):
            take(playing, GUARD[1])

    assert len(playing.play.moments) == 1


# ---- practice


def test_practice_goes_back_step_by_step(lesson):
    """Each step back is recorded, down to the opening; before it there is nothing to take back."""
    playing = practice(lesson)
    playing.start("cso")
    take(playing, *GUARD)
    back = [playing.back().scene.id, playing.back().scene.id]

    assert back == ["table", "call"]
    assert lesson.store.get("clash").value == plays()
    with pytest.raises(UsageError, match="no step to take back"):
        playing.back()


def test_beginning_anew_keeps_earlier_plays(lesson):
    """Another chair, or the same one again, is another play; what was played before stays."""
    playing = practice(lesson)
    for chair, steps in (("cso", HOPE), ("cio", []), ("cso", GUARD)):
        playing.start(chair)
        take(playing, *steps)

    kept = lesson.store.get("clash").value["plays"]
    assert [(one["chair"], one["number"], one["steps"]) for one in kept] == [("cso", 1, HOPE), ("cso", 2, GUARD)]
    assert playing.told() == "CSO, 2 steps, ended with “Cool and slow”, after 1 earlier"


def test_another_window_cannot_drop_a_play(lesson):
    """When two windows begin a second play each, the later one is told instead of overwriting the earlier."""
    one, other = practice(lesson), practice(lesson)
    one.start("cso")
    take(one, *GUARD)
    one.start("ciso")
    other.start("cio")
    take(one, {"scene": "call", "option": "guard"})

    with pytest.raises(UsageError, match="another window"):
        other.record({"plays": [*plays(*GUARD)["plays"], *plays(chair="cio", number=2)["plays"]]})
    assert [play["chair"] for play in one.plays] == ["cso", "ciso"]


def test_a_play_that_no_longer_fits_is_told_and_kept(lesson, course):
    """When the author changes the scenario, the old play is shown as such; beginning anew deletes nothing."""
    playing = practice(lesson)
    playing.start("cso")
    take(playing, *FREEZE)
    changed = course / "crane.yaml"
    changed.write_text(STORY.read_text(encoding="utf-8").replace("id: freeze", "id: stop-all"), encoding="utf-8")
    later = Playing("clash", lesson, story=read_story(changed))

    shown, told = stage(later), later.told()
    later.start("cso")
    take(later, GUARD[0])

    assert (shown["phase"], later.play.scene.id) == ("misfit", "table")
    assert "does not fit any more" in shown["misfit"] and "step 1 (scene 'call')" in shown["misfit"]
    assert told == "CSO, 2 steps, from an earlier version of the scenario"
    assert [one["steps"] for one in later.plays] == [FREEZE, GUARD[:1]]


# ---- graded work: commit mode


def test_a_graded_play_is_one_play_that_only_goes_on(assignment):
    """No step back, no other chair, no second play; each is refused with a sentence that says why."""
    playing = Playing("clash", assignment)
    playing.start("cso")
    take(playing, GUARD[0])

    for refused in (playing.back, lambda: playing.start("ciso"), lambda: playing.start("cso")):
        with pytest.raises(UsageError, match="there is no going back"):
            refused()
    take(playing, GUARD[1])

    assert assignment.store.get("clash").value == plays(*GUARD)
    assert assignment.store.get("clash").solved is False
    assert playing.reply() == "Marked after submission."


@pytest.mark.parametrize(
    "value",
    [
        plays(HOPE[0]),
        plays(),
        plays(*GUARD[:1], chair="ciso"),
        plays(*GUARD, number=2),
        {"plays": [*plays(*GUARD[:1])["plays"], *plays(number=1)["plays"]]},
        {"plays": []},
    ],
    ids=["other step", "no step", "other chair", "other number", "second play", "nothing"],
)
@pytest.mark.parametrize("by", ["click", "cell"])
def test_commit_mode_is_kept_when_recording(assignment, value, by):
    """Whatever way a value comes in, it can only go on from the steps that are recorded."""
    playing = Playing("clash", assignment)
    playing.record(plays(*GUARD[:1]))
    before = assignment.store.path.read_bytes()

    with pytest.raises(UsageError, match="there is no going back"):
        playing.record(value, by=by)
    assert assignment.store.path.read_bytes() == before


def test_two_kernels_cannot_take_two_ways(assignment):
    """The second kernel's step is refused under the lock: it does not go on from what the first one recorded."""
    one, other = Playing("clash", assignment), Playing("clash", assignment)
    one.start("cso")
    other.start("cso")
    stale = other.play.take(Step("call", "hope"))
    take(one, GUARD[0])

    with pytest.raises(UsageError, match="undo a step"):
        other.record(plays(*[step.as_data() for step in stale.steps]))
    assert assignment.store.get("clash").value == plays(GUARD[0])


def test_a_graded_play_that_no_longer_fits_can_be_begun_anew(assignment, course):
    """After a change of the scenario the learner may play again, and the old steps stay in the file."""
    Playing("clash", assignment).record(plays(*FREEZE))
    changed = course / "crane.yaml"
    changed.write_text(STORY.read_text(encoding="utf-8").replace("id: freeze", "id: stop-all"), encoding="utf-8")
    later = Playing("clash", assignment, story=read_story(changed))
    later.start("ciso")
    take(later, GUARD[0])

    assert [(one["chair"], one["number"]) for one in later.plays] == [("cso", 1), ("ciso", 1)]
    assert later.plays[0]["steps"] == FREEZE


# ---- practice after a graded play


@pytest.fixture
def ended(assignment):
    """A graded play that has ended."""
    playing = Playing("clash", assignment)
    playing.start("cso")
    take(playing, *GUARD)
    return playing


def test_after_the_graded_play_every_chair_can_be_played(ended, assignment):
    """Practice has numbers from 2, goes back and begins anew; the graded play stays first and as it was."""
    for chair, steps in (("cso", HOPE), ("ciso", GUARD[:1]), ("ciso", HOPE[:1])):
        ended.start(chair)
        take(ended, *steps)
    back = ended.back()
    take(ended, GUARD[0])

    stored = assignment.store.get("clash").value["plays"]
    assert stored[0] == plays(*GUARD)["plays"][0]
    assert [(one["chair"], one["number"], one["steps"]) for one in stored[1:]] == [
        ("cso", 2, HOPE), ("ciso", 3, GUARD[:1]), ("ciso", 4, GUARD[:1]),
    ]  # fmt: skip
    assert back.scene.id == "call"
    assert assignment.store.get("clash").solved is False
    assert Playing("clash", assignment).play == ended.play


def test_the_graded_play_itself_never_goes_back(ended):
    """After its end there is no step back either, as long as no practice is on."""
    with pytest.raises(UsageError, match="a graded play does not go back"):
        ended.back()


GRADED, SECOND = plays(*GUARD)["plays"][0], plays(*HOPE, number=2)["plays"][0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ([SECOND], "played once"),
        ([SECOND, GRADED], "played once"),
        ([{**GRADED, "number": 3}, SECOND], "played once"),
        ([GRADED, {**SECOND, "number": 1}], "played once"),
        ([GRADED, SECOND, {**GRADED, "number": 1}], "played once"),
        ([{**GRADED, "steps": HOPE}, SECOND], "undo a step"),
        ([{**GRADED, "steps": GUARD[:1]}, SECOND], "undo a step"),
        ([{**GRADED, "chair": "ciso"}, SECOND], "undo a step"),
    ],
    ids=["dropped", "moved", "renumbered", "second", "third", "other steps", "fewer steps", "other chair"],
)
@pytest.mark.parametrize("by", ["click", "cell"])
def test_practice_cannot_change_the_graded_play(ended, assignment, changed, words, by):
    """Whatever is recorded beside practice, the graded play stays first, with its chair and its steps."""
    ended.start("cso")
    take(ended, *HOPE)
    before = assignment.store.path.read_bytes()

    with pytest.raises(UsageError, match=words):
        ended.record({"plays": changed}, by=by)
    assert assignment.store.path.read_bytes() == before


def test_a_step_after_the_graded_end_is_forged(ended, assignment):
    """Nothing can be added to a graded play that has ended, also where practice follows it."""
    before = assignment.store.path.read_bytes()
    longer = {**GRADED, "steps": [*GUARD, {"scene": "cool", "option": "leave"}]}

    for value in ([longer], [longer, SECOND]):
        with pytest.raises((ForgedStepError, UsageError)):
            ended.record({"plays": value})
    assert assignment.store.path.read_bytes() == before


def test_a_forged_practice_step_is_refused(ended, lesson):
    """What could not be played is not recorded as practice either: after a graded play, and in a lesson."""
    forged = plays({"scene": "call", "option": "fly"}, number=2)["plays"][0]

    for playing, value in ((ended, [GRADED, forged]), (practice(lesson), [forged])):
        with pytest.raises(ForgedStepError):
            playing.record({"plays": value})
    assert len(ended.plays) == 1


def test_a_record_that_begins_with_practice_takes_no_graded_play(assignment):
    """A file that was edited so that practice stands first would get no marks, so no more steps are taken beside it."""
    assignment.store.record("clash", "play", {"plays": [{**SECOND, "steps": [{"scene": "call", "option": "fly"}]}]})
    playing = Playing("clash", assignment)
    playing.start("cso")

    with pytest.raises(UsageError, match="played once"):
        take(playing, GUARD[0])


def test_practice_waits_for_the_end_of_the_graded_play(assignment):
    """While the graded play goes on, no other play is recorded beside it."""
    playing = Playing("clash", assignment)
    playing.record(plays(*GUARD[:1]))
    before = assignment.store.path.read_bytes()

    with pytest.raises(UsageError, match="practice begins after the end"):
        playing.record({"plays": [*plays(*GUARD[:1])["plays"], SECOND]})
    assert assignment.store.path.read_bytes() == before
    assert stage(playing)["chairs"] == []


def test_another_window_cannot_drop_practice(ended, assignment):
    """A stale window that would overwrite a practice play is told, in graded work too."""
    ended.start("ciso")
    take(ended, GUARD[0])

    with pytest.raises(UsageError, match="another window"):
        Playing("clash", assignment).record({"plays": [GRADED, SECOND]})
    assert [one["chair"] for one in ended.plays] == ["cso", "ciso"]


def test_practice_after_a_graded_play_is_told_as_such(ended):
    """Page, sentence and map say which play is graded and which is practice; practice is debriefed in full."""
    at_the_end = stage(ended)
    ended.start("cso")
    take(ended, FREEZE[0])
    on = stage(ended)
    take(ended, FREEZE[1])
    over = stage(ended)

    assert (at_the_end["practice"], at_the_end["commit"], at_the_end["back"]) == ("", "", False)
    assert "is for practice: it is not marked. Your graded play stands." in at_the_end["further"]
    assert [(chair["id"], chair["played"]) for chair in at_the_end["chairs"]] == [
        ("cso", "your graded play"), ("ciso", ""), ("cio", ""),
    ]  # fmt: skip
    for shown in (on, over):
        assert shown["practice"] == "This play is for practice: it is not marked. Your graded play stands."
        assert (shown["further"], shown["commit"], shown["back"]) == ("", "", True)
    assert [test["id"] for test in over["debrief"][-1]["tests"]] == ["G1", "G2", "G3", "G4"]
    assert [path["title"] for path in over["paths"]] == [
        "Play 1 (graded), CSO: ended with “Cool and slow”",
        "Play 2 (practice), CSO: ended with “One log”",
    ]
    assert ended.told() == "graded play: CSO, 2 steps, ended with “Cool and slow”; 1 practice play since"


def test_the_twin_tells_graded_play_and_practice_apart(ended, assignment):
    """As text: what counts for nothing says so first, and the end of the graded play tells how to go on."""
    remember(ended)
    graded = repr(play("clash"))
    practised = repr(play("clash", chair="ciso", choose="hope"))
    for _ in range(2):
        play("clash", anew=True, choose="guard")

    assert "What you play from now on is for practice" in graded and "G1" not in graded
    assert 'In code: play("clash", chair="ciso")\nThe same chair again: play("clash", anew=True)' in graded
    assert "This play is for practice: it is not marked. Your graded play stands." in practised
    assert "there is no going back" not in practised and 'play("clash", back=True)' in practised
    assert ended.describe().endswith("ended with “Cool and slow”; 3 practice plays since.")


def test_hidden_facts_of_practice_follow_its_number(ended, assignment):
    """Practice after a graded play draws anew for each play, as a lesson does."""
    drawn = []
    for _ in range(8):
        drawn.append(ended.start("ciso").drawn)
        take(ended, GUARD[0])

    later = Playing("clash", assignment)
    assert [later.again(one).drawn for one in later.plays[1:]] == drawn
    assert len({one["login"] for one in drawn}) == 2


def changed_story(course, *change):
    """The crane after its author has changed it."""
    path = course / "crane.yaml"
    path.write_text(STORY.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    return read_story(path)


def test_a_changed_scenario_puts_practice_aside_with_the_graded_play(ended, assignment, course):
    """When the graded play does not fit any more it is played again, and what followed the old one stays beside it."""
    ended.start("cso")
    take(ended, *FREEZE)
    later = Playing("clash", assignment, story=changed_story(course, "id: guard", "id: post-guard"))
    shown = stage(later)
    later.start("ciso")
    take(later, *HOPE)
    later.start("cio")
    take(later, {"scene": "desk", "option": "read"})

    assert (shown["phase"], shown["further"]) == ("misfit", "")
    assert [(one["chair"], one["number"]) for one in later.plays] == [("cso", 1), ("cso", 2), ("ciso", 1), ("cio", 2)]
    assert [path["title"].partition(",")[0] for path in stage(later)["paths"]] == [
        "Play 1 (put aside)", "Play 2 (put aside)", "Play 3 (graded)", "Play 4 (practice)",
    ]  # fmt: skip
    assert later.told() == "graded play: CISO, 2 steps, ended with “Sam”, after 2 earlier; 1 practice play since"


def test_practice_that_no_longer_fits_leaves_the_graded_play(ended, assignment, course):
    """When only the practice play does not fit any more, the page says that the graded one stands."""
    ended.start("cso")
    take(ended, *FREEZE)
    later = Playing("clash", assignment, story=changed_story(course, "id: freeze", "id: stop-all"))
    shown = stage(later)
    later.start("cio")

    assert shown["phase"] == "misfit" and "Your graded play stands." in shown["further"]
    assert shown["commit"] == ""
    assert later.for_practice and later.told().startswith("graded play: CSO, 2 steps, ended")


def test_a_graded_play_whose_end_moved_goes_on_first(ended, assignment, course):
    """When the author lets the story go on behind the old end, the graded play is finished before more practice."""
    ended.start("ciso")
    take(ended, HOPE[0])
    end = "ending: {kind: lasts, title: Cool and slow, voices: {cso: Slow., ciso: Slow., cio: Slow.}}"
    later = Playing(
        "clash", assignment, story=changed_story(course, end, "options: [{id: wait, text: Wait., goto: good}]")
    )
    shown = stage(later)
    take(later, {"scene": "cool", "option": "wait"})

    assert (shown["scene"]["id"], shown["practice"], shown["chairs"], shown["back"]) == ("cool", "", [], False)
    assert [(one["chair"], len(one["steps"])) for one in later.plays] == [("cso", 3), ("ciso", 1)]
    assert later.may_begin


def test_an_assignment_names_its_scenario(assignment, lesson):
    """A lesson must name one, an assignment's question does; what does not match is told."""
    open_again = open_assignment(assignment.store.path.parent)
    for make, words in (
        (lambda: Playing("clash", open_again, "other"), "plays 'crane', not 'other'"),
        (lambda: Playing("one", open_again), "not one to play"),
        (lambda: Playing("clash", lesson), "no scenario is given"),
        (lambda: Playing("clash", lesson, "krane"), "Did you mean 'crane'?"),
    ):
        with pytest.raises(UsageError, match=words.replace("?", r"\?")):
            make()


# ---- what is seen


def test_a_chair_sees_its_own_meter_and_trust_only(lesson):
    """The other chairs' meters, facts and texts are not in what is sent before an ending."""
    playing = practice(lesson)
    playing.start("cso")
    shown = stage(playing)

    assert [meter["label"] for meter in shown["meters"]] == ["Blind hours", "Trust"]
    assert [(fact["sure"], fact["words"]) for fact in shown["facts"]] == [
        ("known", "You know"),
        ("suspected", "You suspect"),
        ("believed", "You believe"),
    ]
    told = json.dumps(shown, ensure_ascii=False)
    for secret in ("A switch was changed", "A login came", "You are Tomasz", "Eight weeks on", "goto", "record"):
        assert secret not in told
    assert [option["id"] for option in shown["options"]] == ["guard", "freeze", "hope"]


def test_what_just_happened_is_told(lesson):
    """Replies, news, told facts and an overreach of the last step stand above the next scene."""
    playing = practice(lesson)
    playing.start("cso")
    take(playing, GUARD[0])
    guarded, sentence = stage(playing)["last"], happened(playing.play)
    playing.back()
    take(playing, FREEZE[0])
    frozen = stage(playing)["last"]

    assert guarded["replies"] == ["The site lead sends two people."]
    assert guarded["news"][0] == "You suspect now: IT cut the budget for cameras."
    assert guarded["news"][1].startswith("You told ") and guarded["news"][1].endswith("nearly crushed in the lane.")
    assert guarded["said"] == sentence == "You chose: Put a guard into the lane. Next: Around the table."
    assert frozen["overreach"] == ["The CIO answers for D06 (Deploy a change). The CSO does not."]
    assert "Who gave you that right?" in frozen["replies"][-1]
    assert "That was an overreach." in happened(playing.play)


def test_a_fact_that_moved_is_told_once(lesson, course):
    """Whoever learns a fact and tells it to several reads one line; a role with no name has its article."""
    changed = course / "crane.yaml"
    told = "tell: {nearly: [site-lead, facilities, it-ops], budget: [facilities, all-staff]}"
    changed.write_text(STORY.read_text(encoding="utf-8").replace("tell: {nearly: [site-lead]}", told), encoding="utf-8")
    playing = Playing("clash", lesson, story=read_story(changed))
    playing.start("cso")
    take(playing, GUARD[0])

    assert stage(playing)["last"]["news"] == [
        "You suspect now, and told Marta and all staff: IT cut the budget for cameras.",
        "You told the site lead, Marta and Jonas: Sam was nearly crushed in the lane.",
    ]


def test_the_debrief_comes_after_the_ending(lesson):
    """Practice ends with decisions, knowledge, a replayed choice, the others' voices and G1 to G7 with reasons."""
    playing = practice(lesson)
    playing.start("cso")
    take(playing, FREEZE[0])
    assert stage(playing)["debrief"] is None
    take(playing, FREEZE[1])
    shown = stage(playing)

    titles = [part["title"] for part in shown["debrief"]]
    decided, gauges, other = (shown["debrief"][at] for at in (0, 2, 4))
    voices = shown["debrief"][5]["lines"]
    tests = shown["debrief"][-1]["tests"]
    assert titles == [
        "What you decided",
        "Who knew what, and when",
        "Where it all stood",
        "Drawn by lot for this play",
        "One choice, made another way",
        "What the others say",
        "How it is judged",
    ]
    assert all(line.endswith(".") for line in decided["lines"])
    assert gauges["lines"][0] == "Blind hours: 9 hours throughout; less is better."
    assert gauges["lines"][-1].startswith("Trust: from 3 to ")
    assert len(other["lines"]) <= 5 and other["lines"][-1].startswith("Judged ")
    assert other["reasons"][0].startswith("G2 The right decider: ")
    assert voices == ["CISO: The hole is closed.", "CIO: We get notice."]
    assert [(test["id"], test["worth"]) for test in tests] == [
        ("G1", "kept"), ("G2", "missed"), ("G3", "kept"), ("G4", "kept"),
    ]  # fmt: skip
    assert all(test["reason"] for test in tests)
    assert [chair["id"] for chair in shown["chairs"]] == ["cso", "ciso", "cio"]


def test_a_graded_debrief_tells_no_marks(assignment):
    """Graded work is told what followed, not what it is worth: no tests, no percentages, no better choice."""
    playing = Playing("clash", assignment)
    playing.start("cso")
    take(playing, *HOPE)
    shown = stage(playing)
    told = json.dumps(shown, ensure_ascii=False)

    assert shown["debrief"][-1] == {"title": "How it is judged", "lines": ["Marked after submission."]}
    for secret in ("G1", "G2", "%", "Better would", "Judged", "floor"):
        assert secret not in told
    assert "Another choice was: " in told


def test_a_broken_floor_is_told_as_a_cap(lesson):
    """In practice the debrief says by how much a broken floor limits everything else."""
    playing = practice(lesson)
    playing.start("cso")
    take(playing, HOPE[0], {"scene": "table", "deal": GOOD_DEAL})

    assert stage(playing)["debrief"][-1]["tests"][0]["worth"] == "broken: no more than 40 %"


def test_paths_taken_and_not_taken_are_told(lesson):
    """Every play is listed with its scenes, what was chosen there and what was not."""
    playing = practice(lesson)
    for steps in (HOPE, GREEN):
        playing.start("cso")
        take(playing, *steps)
    first, second = stage(playing)["paths"]

    assert first["title"] == "Play 1, CSO: ended with “Sam”"
    assert [scene["chosen"] for scene in first["scenes"]] == ["Hope for a quiet night.", "Leave it to Monday."]
    assert first["scenes"][0]["others"] == ["Put a guard into the lane.", "Freeze every change until Monday."]
    assert first["scenes"][1]["others"] == ["A deal at the table"]
    assert second["scenes"][1]["others"] == ["Leave it to Monday.", "Another deal"]


# ---- in code


def test_a_play_in_code_shows_each_scene(lesson):
    """The twin shows scene, own meters, facts and options as text, with the line of code that goes on."""
    remember(practice(lesson))
    chosen = repr(play("clash"))
    opened = repr(play("clash", chair="cso"))
    at_table = repr(play("clash", choose="guard"))
    ended = repr(play("clash", deal=GOOD_DEAL))

    assert 'play("clash", chair="cso")' in chosen and "ciso: You set the bar" in chosen
    assert "07:40 The first call\nThe lane has been dark for 9 hours." in opened
    assert "Trust: 3 of 5 (more is better)" in opened and "You believe: IT cut" in opened
    assert "  guard: Put a guard into the lane." in opened and "Recorded" not in opened
    assert (
        "What just happened. You chose: Put a guard" in at_table and 'deal={"fault-desk": "it-desk", ...}' in at_table
    )
    assert "Recorded: CSO, 1 step, now at “Around the table”." in at_table
    assert "The end: One log" in ended and "G3 Nobody pressed: kept." in ended
    assert lesson.store.get("clash").value == plays(GUARD[0], {"scene": "table", "deal": GOOD_DEAL})


def test_code_goes_back_and_begins_anew(lesson):
    """`back` takes a step back, `anew` and another chair begin another play."""
    remember(practice(lesson))
    play("clash", chair="cso", choose="guard")
    play("clash", back=True)
    play("clash", choose="hope")
    play("clash", anew=True)
    play("clash", choose="guard")
    play("clash", chair="ciso", choose="hope")

    assert [(one["chair"], one["steps"][0]["option"]) for one in activity("clash").plays] == [
        ("cso", "hope"), ("cso", "guard"), ("ciso", "hope"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"choose": "guard"}, "nobody sits on a chair yet"),
        ({"chair": "cfo"}, "there is no chair 'cfo'"),
        ({"chair": "cso", "choose": "gaurd"}, "Did you mean 'guard'?"),
        ({"chair": "cso", "deal": GOOD_DEAL}, "no deal can be struck"),
        ({"chair": "cso", "choose": "guard", "back": True}, "one step at a time"),
    ],
)
def test_mistakes_in_code_are_told(lesson, call, words):
    """A call that cannot be carried out says why, and nothing is recorded."""
    remember(practice(lesson))

    with pytest.raises(UsageError) as told:
        play("clash", **call)

    assert words in str(told.value)
    assert not lesson.store.path.exists()


def test_cells_that_run_again_take_no_second_step(assignment):
    """At grading a new kernel runs the cells of the play again: what is recorded stays as it was, clicks included."""
    remember(Playing("clash", assignment))
    play("clash", chair="cso", choose="guard")
    Playing("clash", assignment).take(Step("table", "leave"))
    before = assignment.store.path.read_bytes()
    remember(Playing("clash", assignment))  # as in a new kernel

    shown = repr(play("clash", chair="cso", choose="guard"))

    assert shown.startswith("Step 1 is recorded already.")
    assert assignment.store.path.read_bytes() == before


def test_whole_plays_are_answered_in_code(assignment):
    """`answer` records a whole play; where the record goes further than the cell, the record stands."""
    whole = repr(answer("clash", plays(*GUARD)))
    shorter = repr(answer("clash", plays(*GUARD[:1])["plays"]))

    assert whole == "Recorded: graded play: CSO, 2 steps, ended with “Cool and slow”.\nMarked after submission."
    assert shorter.startswith("Your recorded play stands; it goes further than this cell.")
    assert assignment.store.get("clash").value == plays(*GUARD)
    assert repr(answer("clash", None)).startswith("clash: not attempted.")


def test_a_cell_with_the_graded_play_leaves_practice_alone(assignment):
    """A cell that answers with the graded play runs again after practice: both stand as they were."""
    answer("clash", plays(*GUARD))
    playing = Playing("clash", assignment)
    playing.start("cso")
    take(playing, FREEZE[0])
    before = assignment.store.path.read_bytes()

    again = repr(answer("clash", plays(*GUARD)))

    assert again.startswith("Your recorded play stands; it goes further than this cell.")
    assert assignment.store.path.read_bytes() == before


def test_cells_that_run_again_begin_no_practice_anew(assignment):
    """In a new kernel the cells of graded play and practice find their steps recorded, whatever was clicked since."""
    cells = [
        partial(play, "clash", chair="cso", choose="guard"),
        partial(play, "clash", choose="leave"),
        partial(play, "clash", chair="ciso"),
        partial(play, "clash", choose="hope"),
    ]
    remember(Playing("clash", assignment))
    first = [repr(cell()) for cell in cells]
    clicked = Playing("clash", assignment)
    clicked.start("cio")
    take(clicked, {"scene": "desk", "option": "read"})
    before = assignment.store.path.read_bytes()
    remember(Playing("clash", assignment))  # as in a new kernel

    again = [repr(cell()) for cell in cells]

    assert not any("already" in shown for shown in first)
    assert [shown.splitlines()[0] for shown in again if "already" in shown] == [
        "Step 1 is recorded already.",
        "Step 2 is recorded already.",
        "Step 1 of play 2 is recorded already.",
    ]
    assert assignment.store.path.read_bytes() == before
    assert [one["chair"] for one in clicked.plays] == ["cso", "ciso", "cio"]


def test_a_step_from_another_chair_is_not_one_that_is_recorded(assignment):
    """In a new kernel practice from another chair may begin with the very step that the graded play began with."""
    Playing("clash", assignment).record(plays(*GUARD))
    remember(Playing("clash", assignment))

    shown = repr(play("clash", chair="ciso", choose="guard"))

    assert "already" not in shown
    assert [(one["chair"], len(one["steps"])) for one in activity("clash").plays] == [("cso", 2), ("ciso", 1)]


def test_a_step_of_a_play_put_aside_is_taken_again(assignment, course):
    """Whoever begins anew after a change of the scenario may take the step that the old play began with."""
    Playing("clash", assignment).record(plays(*GUARD))
    remember(Playing("clash", assignment, story=changed_story(course, "id: leave", "id: go")))

    shown = repr(play("clash", chair="cso", choose="guard"))

    assert "already" not in shown
    assert [len(one["steps"]) for one in activity("clash").plays] == [2, 1]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (plays({"scene": "call", "option": "fly"}), ForgedStepError),
        (plays(*GUARD, *GUARD), ForgedStepError),
        (plays(chair="cfo"), AnswerFormError),
        (plays(number=0), AnswerFormError),
        (plays({"scene": 3}), AnswerFormError),
        ({"plays": [{"chair": "cso"}]}, AnswerFormError),
        ({"plays": "cso"}, AnswerFormError),
        ("cso", AnswerFormError),
    ],
)
def test_plays_of_another_form_are_refused(assignment, value, error):
    """What no play could be is refused with its reason, and nothing is stored."""
    with pytest.raises(error):
        answer("clash", value)

    assert not assignment.store.path.exists()
