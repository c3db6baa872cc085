"""Playing: pure steps that can be saved, replayed and rewound, always come to an end, and cannot be forged."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threechairs.scenario.lint import sittings
from threechairs.scenario.load import load_story, read_story, scenario_names
from threechairs.scenario.play import (
    ForgedStepError,
    IllegalStepError,
    Move,
    Play,
    State,
    Step,
    Story,
    advance,
    begin,
    draw_hidden,
    replay,
)
from threechairs.scenario.reach import Machine, explore
from threechairs.scenario.record import Decision
from threechairs.scenario.schema import Chair, Scenario

CABLE = {"cause": "cable"}
LONGEST = 200  # no play of a scenario that is worth playing takes more steps


@cache
def sound() -> Story:
    """The small story that uses every part of the format."""
    return read_story(Path(__file__).parent / "stories" / "sound.yaml")


def named(name: str) -> Story:
    """The small story, or one of the course's."""
    return sound() if name == "sound" else load_story(name)


def steps_now(play: Play) -> list[Step]:
    """Every option that is open, and every deal that can be struck."""
    table = play.table()
    choices = [[(issue.id, option.id) for option in issue.options] for issue in table.issues] if table else []
    deals = list(product(*choices)) if table else []
    scene = play.state.scene
    return [*(Step(scene, option.id) for option in play.options()), *(Step(scene, deal=deal) for deal in deals)]


def any_step(play: Play, odds: random.Random) -> Step:
    """One of them; as often a deal as one of the options."""
    steps = steps_now(play)
    deals, options = [step for step in steps if step.deal], [step for step in steps if not step.deal]
    return odds.choice(odds.choice([kind for kind in (deals, options) if kind]))


def played_out(play: Play, odds: random.Random) -> Play:
    """The play after random legal steps, up to an ending."""
    for _ in range(LONGEST):
        if play.ending:
            return play
        play = play.take(any_step(play, odds))
    raise AssertionError(f"no end after {LONGEST} steps: {[step.as_data() for step in play.steps]}")


def test_one_play_step_by_step() -> None:
    """What each step brings about: replies, what moves, what is written down, where it leads."""
    play = begin(sound(), "cso", CABLE)
    assert play.tell(play.scene.text) == "Smoke. Sam may be inside.\n\nIt smells of rubber; A cable burned."

    play = play.take(Step("gate", "everybody-out"))
    assert play.state == State(
        "hall", (0, 2, 2), frozenset({"out"}), begin(sound(), "cso", CABLE).state.held, frozenset({"D14"})
    )
    assert [option.id for option in play.options()] == ["confirm", "quarrel"]
    assert play.record[0] == Decision(right="D14", signed_by="site-lead", emergency=True, told_at_once=True)

    play = play.take(Step("hall", "confirm"))
    assert play.state.unratified == frozenset()
    assert play.record[-1].entry == "ratified"
    assert [option.id for option in play.options()] == ["part", "quarrel"]

    play = play.take(Step("hall", "part"))
    assert play.ending is not None
    assert play.ending.kind == "looks-good"


def test_a_right_that_the_chair_does_not_hold_has_consequences() -> None:
    """Overreach is told with the holder, moves what the story says it moves, and stands in the record."""
    (moment,) = begin(sound(), "cio", CABLE).take(Step("rack", "decree")).moments

    assert moment.overreach[0].startswith("The CISO answers for D10")
    assert moment.replies == ("Somebody asks who gave you that right.",)
    assert moment.after.meters[2] == 3 - 1 - 1
    assert [entry.entry for entry in moment.entries] == ["decision"]


def test_what_is_told_moves_to_whom_it_is_told() -> None:
    """A fact is known by those who are told it; who knows it already does not hear it again."""
    (moment,) = begin(sound(), "cso", CABLE).take(Step("gate", "ask")).moments

    assert moment.moves == (Move("ciso", "inside", "known", "cso"), Move("cio", "inside", "known", "cso"))
    assert {("ciso", "inside", "known"), ("cio", "inside", "known")} <= moment.after.held
    again = advance(sound(), "cso", CABLE, replace(moment.after, scene="gate"), Step("gate", "ask"))
    assert again.moves == ()


def test_a_later_consequence_overrides_how_a_fact_is_held() -> None:
    """An option says that a fact is suspected and its outcome that it is known: it is known, whatever it was before."""
    told = sound().scenario.model_dump()
    told["scenes"][0]["options"][1] |= {
        "learn": {"inside": "suspected"},
        "outcomes": [{"learn": {"inside": "known"}}],
    }
    play = begin(Story(Scenario.model_validate(told), sound().tables), "cso", CABLE)
    known = replace(play.state, held=frozenset({("cso", "inside", "known")}))

    for state in (play.state, known):
        after = advance(play.story, "cso", CABLE, state, Step("gate", "look")).after
        assert {sure for role, fact, sure in after.held if (role, fact) == ("cso", "inside")} == {"known"}


@pytest.mark.parametrize(
    ("options", "ending"),
    [
        (("it-desk", "it-pays", "after-peak", "two-days"), "ashes"),
        (("joint-desk", "it-pays", "six-weeks", "ten-days"), "shared"),
        (("joint-desk", "split", "six-weeks", "five-days"), "apart"),
    ],
)
def test_a_deal_leads_where_its_first_outcome_leads(options: tuple[str, ...], ending: str) -> None:
    """What is put on the table decides: efficient within the bounds, too late, or neither of them."""
    play = begin(sound(), "cio", CABLE).take(Step("rack", "restart"))
    issues = ("fault-desk", "backup-power", "segmentation", "power-notice")

    struck = play.take(Step("hall", deal=tuple(zip(issues, options, strict=True))))

    assert struck.scene.id == ending
    assert [entry.entry for entry in struck.record] == (["deal"] if ending != "ashes" else [])


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step("hall", "part"), "the scene that is on is 'gate', not 'hall'"),
        (Step("gate", "run"), "scene 'gate' offers no 'run' now"),
        (Step("gate", ""), "scene 'gate' offers no '' now"),
        (Step("gate", deal=(("fault-desk", "it-desk"),)), "no deal can be struck in scene 'gate' now"),
    ],
)
def test_an_impossible_step_is_refused(step: Step, reason: str) -> None:
    """A step that the state does not allow says why, and changes nothing."""
    play = begin(sound(), "cso", CABLE)

    with pytest.raises(IllegalStepError, match=reason):
        play.take(step)


@pytest.mark.parametrize("chair", ["ciso", "cso"])
def test_a_deal_is_struck_only_by_those_who_may(chair: Chair) -> None:
    """A deal that a chair may not strike, or that leaves an issue open, is refused."""
    play = begin(sound(), chair, CABLE).take(Step("desk", "call") if chair == "ciso" else Step("gate", "look"))

    with pytest.raises(IllegalStepError, match="no deal can be struck" if chair == "ciso" else "is not settled"):
        play.take(Step("hall", deal=(("fault-desk", "it-desk"),)))


@pytest.mark.parametrize("name", ["sound", *scenario_names()])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_random_legal_play_ends_and_is_replayed_from_its_log(name: str, seed: int) -> None:
    """Whatever is chosen, a play comes to an ending, and its log gives the same end, record and moments again."""
    odds = random.Random(seed)
    story = named(name)
    chair = odds.choice(story.scenario.chairs)
    drawn = draw_hidden(story.scenario, seed)
    play = played_out(begin(story, chair, drawn), odds)

    log = [step.as_data() for step in play.steps]
    again = replay(story, chair, drawn, [Step.from_data(data) for data in log])

    assert again == play
    assert again.record == play.record
    half = len(log) // 2
    assert play.back_to(half + 1).steps == play.steps[:half]


@pytest.mark.parametrize("name", ["sound", *scenario_names()])
def test_a_forged_step_is_named_by_its_number(name: str) -> None:
    """A log with one step that could not have been taken is refused, and told which step it is."""
    story, odds = named(name), random.Random(7)
    for _ in range(30):
        chair = odds.choice(story.scenario.chairs)
        drawn = draw_hidden(story.scenario, odds.random())
        steps = list(played_out(begin(story, chair, drawn), odds).steps)
        at = odds.randrange(len(steps))
        forged = odds.choice(
            [
                replace(steps[at], option="forged", deal=()),
                replace(steps[at], scene="nowhere"),
                Step("x", deal=(("a", "b"),)),
            ]
        )

        with pytest.raises(ForgedStepError, match=rf"^step {at + 1} \(scene ") as refused:
            replay(story, chair, drawn, [*steps[:at], forged, *steps[at + 1 :]])

        assert refused.value.number == at + 1
        assert refused.value.step == forged
        with pytest.raises(ForgedStepError) as late:
            replay(story, chair, drawn, [*steps, steps[-1]])
        assert late.value.number == len(steps) + 1


@pytest.mark.parametrize("data", [None, [], {"scene": 3}, {"option": "a"}, {"scene": "a", "deal": {"b": 3}}, "gate"])
def test_a_step_of_another_form_is_refused(data: object) -> None:
    """What is stored and is no step says which form a step has."""
    with pytest.raises(Exception, match=r"Expected \{'scene'"):
        Step.from_data(data)  # type: ignore[arg-type]


def _every_state(story: Story, chair: Chair, drawn: Mapping[str, str]) -> set[State]:
    """Every state of a story, visited step by step as a player would."""
    start = begin(story, chair, drawn)
    known, waiting = {start.state}, [start]
    while waiting:
        play = waiting.pop()
        for step in [] if play.ending else steps_now(play):
            after = advance(story, chair, drawn, play.state, step).after
            if after not in known:
                known.add(after)
                waiting.append(replace(play, state=after))
    return known


def test_the_fast_exploration_visits_the_states_that_plays_visit() -> None:
    """State by state, what the lint visits is what can be played, from each chair with each draw."""
    for chair, drawn in sittings(sound().scenario):
        machine = Machine(sound(), chair, drawn)

        fast = {seen.state for seen in explore(machine, lambda: True)}

        assert fast == {machine.bits.pack(state) for state in _every_state(sound(), chair, drawn)}


@pytest.mark.parametrize("name", ["sound", *scenario_names()])
def test_the_fast_exploration_takes_the_steps_that_plays_take(name: str) -> None:
    """Along random plays, the lint sees the same options open, and each leading to the same state."""
    story, odds = named(name), random.Random(3)
    for chair, drawn in sittings(story.scenario):
        machine = Machine(story, chair, drawn)
        for _ in range(10):
            play = begin(story, chair, drawn)
            state = machine.start
            while not play.ending:
                ways, _effects, after = machine.open(state)
                assert {way.step.option for way in ways if way.step.option} == {one.id for one in play.options()}
                assert any(way.step.deal for way in ways) == (play.table() is not None)
                for way, to in zip(ways, after, strict=True):
                    assert machine.bits.pack(play.take(way.step).state) == to
                way, state = odds.choice(list(zip(ways, after, strict=True)))
                play = play.take(way.step)


def test_who_learns_better_gives_up_a_wrong_belief():
    """Once Ruth knows who cut the money for spare cameras, she no longer believes that it was IT."""
    story = load_story("blind-at-gate-4")
    play = begin(story, "cso", draw_hidden(story.scenario, "alice"))
    believed = ("cso", "budget-cut", "believed")
    for step in (Step("gate-cso", "call-dilek"), Step("secret", "cso-one")):
        play = play.take(step)
    before = believed in play.state.held

    play = play.take(Step("corridor", "cso-money"))

    assert (before, believed in play.state.held) == (True, False)
    assert ("cso", "budget-coo", "known") in play.state.held
