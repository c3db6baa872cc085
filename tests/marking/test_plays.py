"""Marks for a played scenario: every test with its reason, the cap of G1, and logs that no play could have written."""

import json
import random

import pytest
from crane import FREEZE, GOOD_DEAL, GREEN, GUARD, HOPE, STORY, course_with_crane, open_assignment, plays

from threechairs.answers import AnswerStore, Recorded
from threechairs.errors import GradingError
from threechairs.marking import mark_play, recorded
from threechairs.marking.plays import hidden_facts, played_again, score_of
from threechairs.scenario.judgement import judge
from threechairs.scenario.load import read_story
from threechairs.scenario.verdict import Judgement, Test


@pytest.fixture
def story(tmp_path):
    return read_story(course_with_crane(tmp_path) / "datasets" / "scenarios" / "crane.yaml")


@pytest.fixture
def assignment(story, working_folder):
    return open_assignment(working_folder)


def store(assignment, value):
    """Write a value as it would stand in a file that was edited by hand: nothing is checked."""
    assignment.store.record("clash", "play", value)


def told(score):
    return {criterion.name: (criterion.points, criterion.max_points, criterion.comment) for criterion in score.criteria}


def test_every_test_that_applies_has_the_same_share(assignment):
    """Three of the tests apply to a frozen change and a good deal; one of them is missed."""
    store(assignment, plays(*FREEZE))

    score = mark_play("clash", 3)

    lines = told(score)
    assert score.points == pytest.approx(2)
    assert list(lines) == [
        "G2 The right decider",
        "G3 Nobody pressed",
        "G4 Nothing left on the table",
        "G1 Floors kept",
    ]
    assert [line[:2] for line in lines.values()] == [(0, 1), (1, 1), (1, 1), (0, 0)]
    assert lines["G2 The right decider"][2] == "The CIO answers for D06 (Deploy a change). The CSO does not."
    assert all(comment for _points, _room, comment in lines.values())


def test_a_broken_floor_caps_on_a_line_of_its_own(assignment):
    """A floor that was broken and not repaired leaves 40 %, and the line says how much it takes."""
    store(assignment, plays(HOPE[0], {"scene": "table", "deal": GOOD_DEAL}))

    score = mark_play("clash", 5)

    points, room, why = told(score)["G1 Floors kept: the cap"]
    assert score.points == pytest.approx(2)
    assert (points, room) == (pytest.approx(-3), 0)
    assert "The floor of life and safety was broken" in why and "No more than 40 % of the points" in why


def test_a_cap_above_what_was_earned_takes_nothing():
    """Somebody whose tests gave less than the cap loses nothing more."""
    tests = (Test("G1", "Floors kept", True, 0.7, "Repaired."), Test("G2", "The right decider", True, 0.5, "Half."))

    score = score_of(Judgement(tests, 0.7, 0.5), 4)

    assert score.points == 2
    assert told(score)["G1 Floors kept: the cap"][0] == 0


def test_a_play_in_which_nothing_was_decided_gets_nothing(assignment):
    """Without a decision there is nothing to mark, and the line says so."""
    store(assignment, plays(*GUARD))

    assert mark_play("clash", 2).points == 0
    assert told(mark_play("clash", 2))["your decisions"][2] == "Nothing was decided that could be judged."


@pytest.mark.parametrize("steps", [HOPE, GUARD, FREEZE, GREEN])
def test_path_ending_and_meters_are_no_marks(assignment, steps):
    """The marks are those of the decision record alone, whatever the ending."""
    store(assignment, plays(*steps))
    story = read_story(STORY)
    play = played_again(assignment, story, plays(*steps)["plays"][0])

    assert mark_play("clash", 10).points == pytest.approx(10 * judge(play.record, story.tables).score)


def test_an_unfinished_play_is_told_where_it_stands(assignment):
    """0, with the scene that the play stands at."""
    store(assignment, plays(GUARD[0]))

    score = mark_play("clash", 2)

    assert score.points == 0
    assert told(score)["the play to its end"][2] == (
        "The play is not finished: it stands at the scene “Around the table”."
    )


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([GUARD[0], {"scene": "call", "option": "guard"}], "Step 2 (scene “call”) could not have been taken"),
        ([{"scene": "good", "option": "x"}], "Step 1 (scene “good”)"),
        ([*GUARD, {"scene": "cool", "option": "leave"}], "Step 3 (scene “cool”)"),
        ([{"scene": "call", "deal": GOOD_DEAL}], "Step 1 (scene “call”)"),
        ([GUARD[0], {"scene": "table", "deal": {"fault-desk": "joint-desk"}}], "Step 2 (scene “table”)"),
    ],
)
def test_a_forged_step_is_named(assignment, steps, words):
    """A log with a step that could not have been taken gets 0 for the question, and the step is named."""
    store(assignment, plays(*steps))

    score = mark_play("clash", 2)

    assert score.points == 0
    assert words in told(score)["the record of your steps"][2]


def test_a_step_of_another_chair_is_forged(assignment):
    """Only the CSO may freeze changes in this story; a log in which the CISO does is named."""
    store(assignment, plays(*FREEZE, chair="ciso"))

    assert "Step 1 (scene “call”)" in told(mark_play("clash", 1))["the record of your steps"][2]


@pytest.mark.parametrize(
    "value",
    [
        {"plays": [*plays(*GUARD)["plays"], *plays(*FREEZE)["plays"]]},
        {"plays": [*plays(*GUARD)["plays"], *plays(*HOPE, number=2)["plays"], *plays(*FREEZE)["plays"]]},
        plays(*FREEZE, number=2),
        {"plays": [*plays(*HOPE, number=2)["plays"], *plays(*FREEZE)["plays"]]},
    ],
    ids=["two plays", "two plays with practice between", "second draw", "practice first"],
)
def test_a_graded_scenario_is_played_once(assignment, value):
    """A record with a second try, or with the hidden facts of another play, gets 0 and says why."""
    store(assignment, value)

    assert mark_play("clash", 2).points == 0
    assert "played once" in told(mark_play("clash", 2))["one play"][2]


FORGED = {"scene": "good", "option": "x"}


@pytest.mark.parametrize(
    "practice",
    [
        plays(*GREEN, number=2),
        plays(*HOPE, chair="cio", number=2),
        plays(FORGED, number=2),
        plays(GUARD[0], number=2),
        plays(number=7),
        plays(FORGED),
    ],
    ids=["better", "other chair", "forged", "unfinished", "no step", "a first one that does not fit"],
)
def test_practice_after_the_graded_play_makes_no_difference(assignment, practice):
    """Whatever follows the graded play, its marks and reasons are the same."""
    store(assignment, plays(*FREEZE))
    alone = told(mark_play("clash", 3))
    store(assignment, {"plays": [*plays(*FREEZE)["plays"], *practice["plays"], *practice["plays"]]})

    assert mark_play("clash", 3).points == pytest.approx(2)
    assert told(mark_play("clash", 3)) == alone


def test_practice_does_not_finish_a_graded_play(assignment):
    """A practice play that ended beside a graded one that did not: 0, and both are told."""
    store(assignment, {"plays": [*plays(GUARD[0])["plays"], *plays(*FREEZE, number=2)["plays"]]})

    score = mark_play("clash", 2)

    assert score.points == 0
    assert told(score)["the play to its end"][2] == (
        "The play is not finished: it stands at the scene “Around the table”. "
        "What was played after it is practice, and is not marked."
    )


def test_a_forged_graded_play_is_named_beside_practice(assignment):
    """Practice does not hide a forged step of the graded play, and is not marked in its place."""
    store(assignment, {"plays": [*plays(FORGED)["plays"], *plays(*FREEZE, number=2)["plays"]]})

    assert mark_play("clash", 2).points == 0
    assert "Step 1 (scene “good”)" in told(mark_play("clash", 2))["the record of your steps"][2]


def test_practice_of_an_earlier_version_is_put_aside_with_its_graded_play(assignment):
    """After a change of the scenario the play that was begun anew counts, not what was played before it."""
    old = [*plays({"scene": "call", "option": "gone"})["plays"], *plays(*HOPE, number=2)["plays"]]
    store(assignment, {"plays": [*old, *plays(*FREEZE)["plays"], *plays(*HOPE, number=2)["plays"]]})

    assert mark_play("clash", 3).points == pytest.approx(2)


def test_a_play_that_was_put_aside_does_not_count(assignment):
    """A play that does not fit the scenario any more may stand before the one that counts."""
    old = plays({"scene": "call", "option": "gone"})["plays"]
    store(assignment, {"plays": [*old, *plays(*FREEZE)["plays"]]})

    assert mark_play("clash", 3).points == pytest.approx(2)


def test_untouched_and_odd_work_is_not_attempted(assignment):
    """No record, no play in it, or no play at all in it: 0, and told as not attempted."""
    seen = [(mark_play("clash", 2).points, repr(recorded("clash")))]
    for value in ({"plays": []}, {"plays": "no"}, {"choice": "a"}, {"plays": [{"chair": "cfo"}]}):
        store(assignment, value)
        seen.append((mark_play("clash", 2).points, mark_play("clash", 2).criteria[0].name))

    assert seen == [(0, "0"), *[(0, "not attempted")] * 4]


def test_a_recorded_play_is_told_before_marking(assignment):
    """The visible part of the test cell says that something is recorded."""
    store(assignment, plays(GUARD[0]))

    assert repr(recorded("clash")) == "recorded; marked after submission"


def test_only_a_question_to_play_can_be_marked_so(assignment):
    """A test cell that names another question is the author's mistake, and told as such."""
    assignment.store.record("one", "one", {"choice": "owner", "reason": "loses"})

    with pytest.raises(GradingError, match="test cell"):
        mark_play("one", 1)


def test_the_log_is_played_with_the_hidden_facts_of_the_case(story, working_folder):
    """The draw follows from learner, assignment, attempt and number of the play, and from nothing else."""
    drawn = {}
    for name in ("alice", "bob", "carol", "dora", "emil"):
        opened = open_assignment(working_folder / name, case_id=name)
        drawn[name] = [hidden_facts(opened, story, 1), played_again(opened, story, plays()["plays"][0]).drawn]

    assert all(one == other for one, other in drawn.values())
    assert len({json.dumps(one) for one, _other in drawn.values()}) == 2


def test_random_logs_never_crash_the_marker(assignment, monkeypatch):
    """Ten thousand logs of up to four plays, legal, cut short, shuffled or made up: always a mark from 0 to the points.

    A log whose first play ended, and in which no other one has number 1, is marked as if that play stood alone.
    """
    rng = random.Random(3)
    scenes, options = (
        ["desk", "call", "table", "good", "nowhere"],
        ["guard", "freeze", "hope", "leave", "read", "", "x"],
    )
    deals = [GOOD_DEAL, GREEN[1]["deal"], {"fault-desk": "x"}, {"": ""}]
    whole = [HOPE, GUARD, FREEZE, GREEN]
    marks = set()
    alone = 0

    def made_up(number):
        steps = list(rng.choice(whole))[: rng.randint(0, 2)]
        for _step in range(rng.choice([0, 0, 1, 2])):
            made = {"scene": rng.choice(scenes)}
            made |= {"deal": rng.choice(deals)} if rng.random() < 0.3 else {"option": rng.choice(options)}
            steps.insert(rng.randint(0, len(steps)), made)
        return plays(*steps, chair=rng.choice(["cso", "cso", "ciso", "cio"]), number=number)["plays"][0]

    def marked(value):
        log = Recorded(kind="play", value=value, at="", by="click", first=value)
        monkeypatch.setattr(AnswerStore, "get", lambda _store, _activity: log)
        return mark_play("clash", 3)

    for _ in range(10_000):
        log = [made_up(rng.choice([1, 1, 1, 1, 2]))]
        log += [made_up(rng.choice([1, 2, 2, 2, 3])) for _play in range(rng.choice([0, 0, 1, 2, 3]))]

        score = marked({"plays": log})

        assert 0 <= score.points <= 3
        assert all(criterion.comment for criterion in score.criteria)
        marks.add(round(score.points, 6))
        if score.points and log[1:] and all(one["number"] > 1 for one in log[1:]):
            assert told(score) == told(marked({"plays": log[:1]}))
            alone += 1

    assert alone > 50
    assert len(marks) >= 3
