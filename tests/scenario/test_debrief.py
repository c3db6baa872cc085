"""The debrief: decisions, who knew what and when, one choice replayed, and the voices of the others."""

import json

import pytest

from threechairs.errors import UsageError
from threechairs.scenario.debrief import Gauge, debrief
from threechairs.scenario.load import read_story
from threechairs.scenario.play import Step, begin, replay

STORY = """
format: 1
scenario: dock
title: The dock
minutes: 3
summary: A crane lane in the dark.
seats:
  cso: {opening: door, brief: You are Ruth.}
  cio: {opening: door, brief: You are Priya.}
cast:
  sam: {name: Sam, who: a docker, at_stake: true}
meters:
  harm: {label: Harm, unit: points, start: 2, least: 0, most: 5, good: low, chair: cio}
facts:
  inside: {text: Sam is inside., at_start: {cso: suspected}}
  switch: {text: A switch was changed., at_start: {it-ops: known}}
  budget: {text: IT cut the budget., true: false, at_start: {cso: believed}}
  login: {text: A vendor logged in., at_start: {ciso: known}}
  common: {text: The gate is closed., at_start: {cso: known, cio: known}}
  secret: {text: Nobody will ever hear of this.}
matters: {lane: the lane}
overreach: {reply: Who gave you that right?}
scenes:
  - id: door
    title: At the door
    time: "07:40"
    text: Smoke.
    options:
      - {id: ask, text: Ask what happened, learn: {inside: known, switch: known}, goto: desk}
      - id: hope
        text: Hope
        record: [{entry: floor, floor: life, event: breached}]
        goto: desk
  - id: desk
    title: At the desk
    text: Who sets the deadline?
    options:
      - {id: freeze, text: Freeze the changes, uses: [{right: D06}], goto: tell}
      - {id: leave, text: Ask the CIO to decide, uses: [{right: D06, signed_by: cio, consulted: [ciso]}], goto: tell}
  - id: tell
    title: Telling
    text: Whom?
    options:
      - {id: ciso, text: Tell Tomasz, tell: {inside: [ciso]}, goto: after}
      - {id: nobody, text: Tell nobody, goto: late}
  - id: after
    title: After
    text: It is over.
    ending: {kind: lasts, title: It holds, voices: {cso: Mine., cio: "{harm} points.", ciso: Good.}}
  - id: late
    title: Late
    text: It is over.
    ending: {kind: bad, title: It breaks, voices: {cso: Mine., cio: Fine.}}
"""
LOOP = """
      - {id: again, text: Think again, goto: desk}
"""


@pytest.fixture
def story(tmp_path):
    """The story as a file would give it."""
    path = tmp_path / "dock.yaml"
    path.write_text(STORY, encoding="utf-8")
    return read_story(path)


def played(story, *options, chair="cso"):
    """A play through the three scenes."""
    return replay(
        story, chair, {}, [Step(scene, one) for scene, one in zip(("door", "desk", "tell"), options, strict=True)]
    )


def sentences(told, fact):
    """What the debrief says of a fact."""
    return next((" ".join(known.sentences) for known in told.knowledge if known.fact == fact), None)


def test_decisions_are_told_in_order_and_in_words(story):
    """Each choice with its scene and time, and which right was lacking."""
    told = debrief(played(story, "ask", "freeze", "ciso"))

    assert [(one.step, one.scene, one.time, one.text) for one in told.decisions] == [
        (1, "At the door", "07:40", "Ask what happened"),
        (2, "At the desk", "", "Freeze the changes"),
        (3, "Telling", "", "Tell Tomasz"),
    ]
    assert told.decisions[1].overreach[0].startswith("The CIO answers for D06 (Deploy a change)")
    assert (told.ending, told.kind) == ("It holds", "lasts")


def test_each_fact_that_mattered_is_told_with_who_and_when(story):
    """A fact found out and told on, with the steps; a fact that others held and nobody asked for."""
    told = debrief(played(story, "ask", "freeze", "ciso"))

    assert sentences(told, "inside") == (
        "You suspected it from the start. You found it out at step 1 (07:40, At the door). "
        "You told the CISO at step 3 (Telling)."
    )
    assert sentences(told, "switch") == (
        "IT operations knew it from the start. You found it out at step 1 (07:40, At the door)."
    )
    assert sentences(told, "login") == "The CISO knew it from the start. Nobody asked for it, so you never heard."
    assert sentences(told, "budget") == "You believed it from the start. You told nobody. It was not so."


def test_those_who_were_told_together_are_named_together(tmp_path):
    """A fact told to three in one step makes one sentence."""
    path = tmp_path / "dock.yaml"
    path.write_text(STORY.replace("tell: {inside: [ciso]}", "tell: {inside: [ciso, cio, soc]}"), encoding="utf-8")
    told = debrief(played(read_story(path), "hope", "leave", "ciso"))

    assert "You told the CISO, the CIO and the security operations centre at step 3 (Telling)." in sentences(
        told, "inside"
    )


def test_what_is_quoted_keeps_its_own_full_stop(tmp_path):
    """An option that ends in a quotation gets no second stop."""
    path = tmp_path / "dock.yaml"
    path.write_text(STORY.replace("text: Tell Tomasz", "text: 'Say: \"Sam is inside.\"'"), encoding="utf-8")
    told = debrief(played(read_story(path), "hope", "leave", "ciso"))

    assert '3. Telling: Say: "Sam is inside."\n' in told.as_text()


def test_facts_that_made_no_difference_are_left_out(story):
    """What everybody knew from the start, and what nobody ever held, is no news."""
    told = debrief(played(story, "hope", "freeze", "nobody"))

    assert sentences(told, "common") is None
    assert sentences(told, "secret") is None
    assert sentences(told, "switch") == "IT operations knew it from the start. Nobody asked for it, so you never heard."
    assert sentences(told, "inside") == "You suspected it from the start. You told nobody."


def test_the_best_other_choice_is_replayed(story):
    """Freezing was not the CSO's to decide: had the CIO decided, G2 would be full, and the rest stays as played."""
    told = debrief(played(story, "ask", "freeze", "ciso"))

    replayed = told.replayed
    assert (replayed.step, replayed.option, replayed.ending) == (2, "Ask the CIO to decide", "It holds")
    assert replayed.same_ending
    assert replayed.change == pytest.approx(1)
    text = " ".join(replayed.sentences)
    assert "Better would have been: Ask the CIO to decide." in text
    assert text.endswith("It ends as yours did: “It holds”. Judged 100 % instead of 0 %.")
    assert replayed.reasons == ("G2 The right decider: The CIO answers for D06 (Deploy a change) and decided.",)
    assert replayed.reasons[0] in told.as_text()


def test_a_broken_floor_is_the_choice_to_replay(story):
    """With everything else right, not hoping is what would have changed the judgement most."""
    told = debrief(played(story, "hope", "leave", "ciso"))

    assert (told.replayed.step, told.replayed.option) == (1, "Ask what happened")
    assert told.replayed.change == pytest.approx(0.6)


def test_where_nothing_would_have_been_better_the_worst_is_replayed(story):
    """A play without fault is shown what it avoided, and told so."""
    told = debrief(played(story, "ask", "leave", "ciso"))

    assert (told.replayed.step, told.replayed.option) == (2, "Freeze the changes")
    assert told.replayed.change == pytest.approx(-1)
    text = " ".join(told.replayed.sentences)
    assert "No single other choice would have been judged better. Worst would have been: Freeze the changes." in text


def test_a_tie_prefers_another_ending_then_the_earliest(tmp_path):
    """Where all other choices are worth the same, the one that ends elsewhere is shown."""
    path = tmp_path / "dock.yaml"
    path.write_text(STORY.replace("uses: [{right: D06}], ", "").replace(
        "uses: [{right: D06, signed_by: cio, consulted: [ciso]}], ", ""), encoding="utf-8")  # fmt: skip
    told = debrief(played(read_story(path), "ask", "freeze", "ciso"))

    assert (told.replayed.step, told.replayed.ending, told.replayed.change) == (3, "It breaks", 0)
    assert "No single other choice would have changed your score." in " ".join(told.replayed.sentences)
    assert "It ends in “It breaks”, not in “It holds”." in " ".join(told.replayed.sentences)


def test_a_choice_that_leads_nowhere_is_not_replayed(tmp_path):
    """An option that only ever comes back to its own scene is given up after a bounded number of steps."""
    path = tmp_path / "dock.yaml"
    # standing first, it would be taken again and again
    looping = STORY.replace("    options:\n      - {id: freeze", f"    options:{LOOP.rstrip()}\n      - {{id: freeze")
    path.write_text(looping, encoding="utf-8")
    story = read_story(path)
    only = replay(story, "cso", {}, [Step("door", "ask"), Step("desk", "leave"), Step("tell", "ciso")])

    told = debrief(only)

    assert told.replayed.option == "Freeze the changes"


def test_a_later_choice_that_is_not_open_any_more_gives_way(tmp_path):
    """If what the learner did later is not possible after the other choice, the first open option is taken."""
    path = tmp_path / "dock.yaml"
    text = STORY.replace("matters:", "flags: [calm]\nmatters:", 1)
    text = text.replace("{id: leave, text", "{id: leave, set: [calm], text")
    text = text.replace("{id: ciso, text: Tell Tomasz,", "{id: ciso, text: Tell Tomasz, when: {without: [calm]},")
    path.write_text(text, encoding="utf-8")

    told = debrief(played(read_story(path), "ask", "freeze", "ciso"))

    assert (told.replayed.option, told.replayed.ending, told.replayed.kind) == (
        "Ask the CIO to decide",
        "It breaks",
        "bad",
    )


DEAL = """
  - id: tell
    title: Telling
    text: Settle it.
    options: [{id: ciso, text: Leave it open, record: [{entry: imposed, heard: false, told_why: false}], goto: after}]
    deal:
      table: gate-4
      invitation: Strike a deal
      outcomes: [{goto: late}]
"""


def test_a_deal_that_nobody_struck_is_a_choice_as_well(tmp_path):
    """Where a table was open, the fair deal within everybody's limits is one of the other ways."""
    path = tmp_path / "dock.yaml"
    head, rest = STORY.split("  - id: tell", 1)
    text = head + DEAL.lstrip("\n") + "  - id: after" + rest.split("  - id: after", 1)[1]
    path.write_text(text, encoding="utf-8")

    told = debrief(played(read_story(path), "ask", "leave", "ciso"))

    assert told.replayed.step == 3
    assert "A joint desk, one log" in told.replayed.option
    assert told.replayed.change == pytest.approx(0.5)


def test_only_the_other_chairs_speak(story):
    """The learner's own chair says nothing; the others' words are filled in."""
    assert dict(debrief(played(story, "ask", "freeze", "ciso")).voices) == {"cio": "2 points.", "ciso": "Good."}
    assert dict(debrief(played(story, "ask", "freeze", "ciso", chair="cio")).voices) == {
        "cso": "Mine.",
        "ciso": "Good.",
    }


def test_every_meter_is_told_at_the_end(story):
    """What the learner did not see while playing is on the table now."""
    (harm,) = debrief(played(story, "ask", "freeze", "ciso")).meters

    assert (harm.label, harm.start, harm.end) == ("Harm", 2, 2)


@pytest.mark.parametrize(
    ("unit", "start", "end", "words"),
    [
        ("of 2", 1, 0, "from 1 to 0, of 2"),
        ("kEUR", 0, 12, "from 0 to 12 kEUR"),
        ("", 3, 4, "from 3 to 4"),
        ("of 9", 5, 5, "5 of 9 throughout"),
    ],
)
def test_a_meter_is_told_from_first_to_last(unit, start, end, words):
    """A scale stands behind, a unit beside the number, and a meter that never moved is told as such."""
    assert Gauge("harm", "Harm", unit, start, end, "low").course == words


def test_a_play_that_goes_on_has_no_debrief(story):
    """Nothing is given away before the ending."""
    with pytest.raises(UsageError, match="still goes on"):
        debrief(begin(story, "cso", {}))


def test_the_debrief_is_plain_data_and_text(story):
    """A widget gets what JSON can hold; a terminal gets headings and sentences in a fixed order."""
    told = debrief(played(story, "ask", "freeze", "ciso"))

    data = told.as_data()
    assert json.loads(json.dumps(data)) == data
    text = told.as_text()
    headings = ["How it is", "What you decided", "Who knew what", "Where it all stood", "One choice", "What the others"]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    assert "Not called for in this play: G3" in text
    assert text.startswith("How it is judged\n\n0 %: the mean of G2.")
