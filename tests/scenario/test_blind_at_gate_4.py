"""The course's first scenario: what its texts and its marks have to keep."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from statistics import fmean

import pytest

from threechairs.scenario.debrief import debrief
from threechairs.scenario.judgement import judge
from threechairs.scenario.load import load_story
from threechairs.scenario.play import Play, Step, begin, draw_hidden
from threechairs.scenario.record import Decision, InformDue
from threechairs.scenario.schema import Chair, Consequence, Passage, Scenario, Words

CHAIRS: tuple[Chair, ...] = ("cso", "ciso", "cio")
DEALS = (
    ("joint-desk", "it-pays", "six-weeks", "ten-days"),
    ("joint-desk", "it-pays", "after-peak", "ten-days"),
    ("facilities-desk", "it-pays", "six-weeks", "ten-days"),
    ("it-desk", "facilities-pays", "this-month", "two-days"),
)
PLAYS = 60


@cache
def scenario() -> Scenario:
    """The scenario as its author wrote it."""
    return load_story("blind-at-gate-4").scenario


def paragraphs(text: str) -> list[str]:
    """Paragraphs of a text that is told."""
    return [one.strip() for one in text.split("\n\n") if one.strip()]


def readable(words: Words, chair: Chair) -> Iterator[str]:
    """Paragraphs of a text that this chair may come to read, in some state of some play."""
    for passage in [Passage(text=words)] if isinstance(words, str) else words:
        if not passage.when.chair or chair in passage.when.chair:
            for said in scenario().draws["login"].values():
                yield from paragraphs(passage.text.replace("{login}", said))


@cache
def readable_by(chair: Chair) -> frozenset[str]:
    """Every paragraph that this chair may come to read, in the scenes that its choices lead to."""
    found = set(readable(scenario().overreach.reply, chair))
    waiting, met = [scenario().seats[chair].opening], set()
    while waiting:
        scene = scenario().scene(waiting.pop())
        if scene.id in met:
            continue
        met.add(scene.id)
        found |= set(readable(scene.text, chair))
        open_to = [one for one in scene.options if not one.chairs or chair in one.chairs]
        parts: list[Consequence] = [*open_to, *(outcome for one in open_to for outcome in one.outcomes)]
        if scene.deal:
            found |= set(paragraphs(scene.deal.invitation))
            parts += scene.deal.outcomes
        found |= {one.text.strip() for one in open_to}
        found |= {one for part in parts for one in readable(part.reply, chair)}
        waiting += [part.goto for part in parts if part.goto]
    return frozenset(found)


def any_step(play: Play, odds: random.Random) -> Step:
    """One of the options that are open or, as often as one of them, one of four deals."""
    scene, table = play.state.scene, play.table()
    steps = [Step(scene, option.id) for option in play.options()]
    if table:
        deal = zip((issue.id for issue in table.issues), odds.choice(DEALS), strict=True)
        steps.append(Step(scene, deal=tuple(deal)))
    return odds.choice(steps)


def told_in_a_play(chair: Chair, seed: int) -> list[str]:
    """All paragraphs of a random play to its end: scenes, the options on offer, and what came of those taken."""
    story, odds = load_story("blind-at-gate-4"), random.Random(f"{chair} {seed}")
    play = begin(story, chair, draw_hidden(story.scenario, seed))
    told = paragraphs(play.tell(play.scene.text))
    while not play.ending:
        told += [option.text.strip() for option in play.options()]
        if play.table() and play.scene.deal:
            told += paragraphs(play.scene.deal.invitation)
        play = play.take(any_step(play, odds))
        told += [one for reply in play.moments[-1].replies for one in paragraphs(reply)]
        told += paragraphs(play.tell(play.scene.text))
    return told


@pytest.mark.parametrize("chair", CHAIRS)
def test_half_of_what_a_chair_reads_no_other_chair_can_read(chair: Chair) -> None:
    """Over random plays of a chair at least half of the words stand in paragraphs that no other chair comes to.

    Words are counted in the scenes, in all options on offer, and in the replies to those taken. Not counted are the
    brief, the table of points and the debrief. A paragraph is a chair's own if no choice of another chair leads to it.
    """
    others = frozenset().union(*(readable_by(other) for other in CHAIRS if other != chair))
    shares = []
    for seed in range(PLAYS):
        told = told_in_a_play(chair, seed)
        assert set(told) <= readable_by(chair)
        words = {own: sum(len(one.split()) for one in told if (one not in others) == own) for own in (True, False)}
        shares.append(words[True] / (words[True] + words[False]))

    assert fmean(shares) >= 0.5
    assert min(shares) >= 0.48


def after(chair: Chair, *wanted: str, until: str = "") -> Play:
    """A play in which the wanted options are taken where they are open, else the first; to a scene or to the end."""
    play = begin(load_story("blind-at-gate-4"), chair, {"login": "repair"})
    while not play.ending and play.state.scene != until:
        ids = [option.id for option in play.options()]
        play = play.take(Step(play.state.scene, next((one for one in wanted if one in ids), ids[0])))
    return play


@pytest.mark.parametrize(
    ("chair", "told", "half_told", "hidden", "made_up_for"),
    [
        ("cso", "cso-room", "cso-one", "cso-nobody", "cso-hats"),
        ("ciso", "ciso-two", "ciso-one", "ciso-nobody", "ciso-clearance"),
        ("cio", "cio-room", "cio-one", "cio-nobody", "cio-beside"),
    ],
)
def test_hiding_its_own_fact_costs_each_chair_the_same(
    chair: Chair, told: str, half_told: str, hidden: str, made_up_for: str
) -> None:
    """G6 of the morning: all for telling whom the charter names, nothing for telling nobody, whatever is said later.

    At the end it counts as one matter of several, for each chair.
    """

    def informed(*wanted: str) -> tuple[float, str]:
        test = judge(after(chair, *wanted, until="lane").record, {}, matters=scenario().matters).tests[5]
        assert (test.id, test.applies) == ("G6", True)
        return test.value, test.reason

    assert informed(told)[0] == 1
    assert 0 < informed(half_told)[0] < 1
    assert informed(hidden, made_up_for)[0] == 0
    assert informed(hidden, made_up_for)[1].endswith("had to hear of it and did not.")
    dues = [one for one in after(chair, hidden, "charter-list").record if isinstance(one, InformDue)]
    assert [one.matter.endswith("-first") for one in dues] == [True, False]
    assert "by half past eight" in scenario().matters[dues[0].matter]


@pytest.mark.parametrize(
    ("scene", "option", "right", "by"),
    [
        ("evidence", {"cso": "cso-restart", "ciso": "ciso-restart", "cio": "restart"}, "D06", ""),
        ("table", dict.fromkeys(CHAIRS, "it-takes-all"), "D16", ""),
        ("table", dict.fromkeys(CHAIRS, "hand-up"), "D16", "coo"),
    ],
)
def test_what_is_the_cios_is_written_down_whoever_decides_it(
    scene: str, option: dict[Chair, str], right: str, by: str
) -> None:
    """A restart, and all of the cameras to IT, are the CIO's: by anybody else it is overreach, and on record."""
    for chair in CHAIRS:
        play = after(chair, until=scene)
        play = play.take(Step(scene, option[chair]))
        used, signer = play.moments[-1].entries[0], by or chair
        assert isinstance(used, Decision)
        assert (used.right, used.signed_by) == (right, signer)
        assert bool(play.moments[-1].overreach) == (signer != "cio")


def test_the_debrief_says_when_the_cso_came_to_believe_what_marta_said() -> None:
    """Marta's "They read it" is heard at the first step; the debrief does not say that nobody ever told it."""
    told = {one.fact: one for one in debrief(after("cso", "call-marta")).knowledge}["notice-read"]
    assert "You came to believe it at step 1 (Monday, 07:40, Nine hours blind)." in told.sentences
    assert not any("you never heard" in one for one in told.sentences)
