"""What is wrong with a story is found by visiting every state: per finding a story that has it and one that has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from threechairs.company.deals import deal_table
from threechairs.scenario.lint import Finding, lint
from threechairs.scenario.load import load_story, read_story, scenario_names
from threechairs.scenario.play import Story
from threechairs.scenario.schema import Scenario

SOUND = Path(__file__).parent / "stories" / "sound.yaml"
END = {"id": "end", "title": "End", "text": "It is over.", "ending": {"kind": "lasts", "title": "End", "voices": {}}}
OTHER = {**END, "id": "other"}


def option(name: str, goto: str | None = "end", **parts: Any) -> dict[str, Any]:
    """An option; it leads to the end unless told otherwise."""
    return {"id": name, "text": f"Do {name}.", "goto": goto, **parts}


def scene(name: str, *options: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A scene with these options."""
    return {"id": name, "title": name, "text": "Now.", "options": list(options), **parts}


def story(*scenes: dict[str, Any], chairs: tuple[str, ...] = ("cso",), **parts: Any) -> Story:
    """A story that begins in its first scene, with two meters, two flags, a fact and a draw."""
    scenario = Scenario.model_validate(
        {
            "format": 1,
            "scenario": "small",
            "title": "Small",
            "minutes": 3,
            "summary": "A small story.",
            "seats": {chair: {"opening": scenes[0]["id"], "brief": "You."} for chair in chairs},
            "cast": {},
            "meters": {
                "harm": {"label": "Harm", "start": 2, "least": 0, "most": 5, "good": "low"},
                "trust": {"label": "Trust", "start": 3, "least": 0, "most": 5, "good": "high"},
            },
            "flags": ["warned", "left"],
            "facts": {"inside": {"text": "Sam is inside."}},
            "draws": {"cause": {"cable": "A cable.", "match": "A match."}},
            "overreach": {"meters": {"trust": -1}},
            "scenes": list(scenes),
            **parts,
        }
    )
    return Story(scenario, {"gate-4": deal_table("gate-4")})


def found(told: Story, **limits: int) -> list[tuple[str, str, str]]:
    """What the lint finds, without the number of own choices, which hardly any small story has."""
    return [(one.scene, one.option, one.sentence) for one in lint(told, **limits) if "of its own" not in one.sentence]


def efficient(*, accepted: bool) -> dict[str, Any]:
    """An outcome of efficient deals."""
    return {"when": {"deal": {"accepted": accepted, "efficient": True}}, "goto": "other"}


def worse(when: dict[str, Any]) -> dict[str, Any]:
    """An outcome that does further harm."""
    return {"when": when, "meters": {"harm": 1}}


def better(when: dict[str, Any]) -> dict[str, Any]:
    """An outcome that takes away more harm than anything else does."""
    return {"when": when, "meters": {"harm": -3}}


FLOOR = {"teaches": "floor"}
STRAW = option("hope", "other", meters={"harm": 1, "trust": -1})
MATCH, WIRE = {"drawn": {"cause": "match"}}, {"drawn": {"cause": "cable"}}
GIFT = option("warn", meters={"harm": -1, "trust": 1})
FINE = option("warn", meters={"harm": -1})
ASK = option("ask", "other", meters={"trust": 1})
DEAL = {"table": "gate-4", "invitation": "Strike a deal."}
CABLE = {"when": {"drawn": {"cause": "cable"}}, "goto": "end"}
TRUSTED = {"when": {"at_least": {"trust": 4}}, "goto": "attic"}
MISTRUSTED = {"when": {"at_most": {"trust": 3}}, "goto": "attic"}
REST = {"goto": "other"}
BREACH = {"entry": "floor", "floor": "law", "event": "breached"}
GOOD_DEAL = {"when": {"deal": {"accepted": True}}, "goto": "end"}

# per finding: where and what, a story that has it, and one that differs in the decisive part only
CASES: dict[str, tuple[tuple[str, str, str], Story, Story]] = {
    "unreachable scene": (
        ("attic", "", "no chair can reach this scene"),
        story(scene("hall", option("go")), scene("attic", option("down")), END),
        story(scene("hall", option("go"), option("up", "attic")), scene("attic", option("down")), END),
    ),
    "unreachable because a condition never holds": (
        ("attic", "", "no chair can reach this scene"),
        story(
            scene("hall", option("go", outcomes=[TRUSTED])),
            scene("attic", option("down")),
            END,
        ),
        story(
            scene(
                "hall", option("go", meters={"trust": 1}, outcomes=[MISTRUSTED])
            ),
            scene("attic", option("down")),
            END,
        ),
    ),
    "unreachable ending": (
        ("other", "", "no chair can reach this ending"),
        story(scene("hall", option("go"), option("up", when={"drawn": {"cause": "no"}})), END, OTHER),
        story(scene("hall", option("go"), option("up", "other", when={"drawn": {"cause": "cable"}})), END, OTHER),
    ),
    "option never open": (
        ("hall", "call", "never open to anybody"),
        story(scene("hall", option("go"), option("call", "other", when={"flags": ["warned"]})), END, OTHER),
        story(scene("hall", option("go"), option("call", "other", when={"without": ["warned"]})), END, OTHER),
    ),
    "dead end": (
        ("hall", "", "nothing can be done here, and the play does not end (for instance CSO, cause drawn as cable"),
        story(scene("hall", option("go", when={"drawn": {"cause": "match"}})), END),
        story(
            scene("hall", *(option(cause, when={"drawn": {"cause": cause}}) for cause in ("cable", "match"))), END
        ),
    ),
    "dead end for one chair": (
        ("hall", "", "nothing can be done here, and the play does not end (for instance CIO"),
        story(scene("hall", option("go", chairs=["cso"])), END, chairs=("cso", "cio")),
        story(scene("hall", option("go", chairs=["cso", "cio"])), END, chairs=("cso", "cio")),
    ),
    "endless loop": (
        ("yard", "back", "hall/out -> yard/back leads back to where it began"),
        story(scene("hall", option("go"), option("out", "yard")), scene("yard", option("back", "hall")), END),
        story(
            scene("hall", option("go"), option("out", "yard", set=["left"], when={"without": ["left"]})),
            scene("yard", option("back", "hall")),
            END,
        ),
    ),
    "endless loop once a meter has reached its end": (
        ("hall", "shout", "hall/shout leads back to where it began"),
        story(scene("hall", option("go"), option("shout", "hall", meters={"trust": -1})), END),
        story(
            scene("hall", option("go"), option("shout", "hall", meters={"trust": -1}, when={"at_least": {"trust": 1}})),
            END,
        ),
    ),
    "straw option": (
        ("hall", "hope", "straw option"),
        story(scene("hall", FINE, ASK, STRAW), END, OTHER),
        story(scene("hall", FINE, ASK, {**STRAW, **FLOOR}), END, OTHER),
    ),
    "straw option for each chair": (
        ("hall", "hope", "straw option"),
        story(scene("hall", FINE, ASK, STRAW), END, OTHER, chairs=("cso", "cio")),
        story(
            scene("hall", FINE, ASK, option("worse", meters={"harm": 3, "trust": -3}, chairs=["cio"], **FLOOR), STRAW),
            END,
            OTHER,
            chairs=("cso", "cio"),
        ),
    ),
    "give-away": (
        ("hall", "warn", "give-away"),
        story(scene("hall", GIFT, option("wait", "other")), END, OTHER),
        story(scene("hall", option("warn", meters={"harm": -1, "trust": -1}), option("wait", "other")), END, OTHER),
    ),
    "give-away that is none beside a breach of a floor": (
        ("hall", "warn", "give-away"),
        story(scene("hall", GIFT, {**STRAW}), END, OTHER),
        story(scene("hall", GIFT, {**STRAW, **FLOOR}), END, OTHER),
    ),
    "straw option whatever was drawn": (
        ("hall", "hope", "straw option"),
        story(scene("hall", FINE, ASK, {**STRAW, "outcomes": [worse(MATCH)]}), END, OTHER),
        story(scene("hall", FINE, ASK, {**STRAW, "outcomes": [better(MATCH)]}), END, OTHER),
    ),
    "straw option whatever was drawn, the other way round": (
        ("hall", "hope", "straw option"),
        story(scene("hall", FINE, ASK, {**STRAW, "outcomes": [worse(WIRE)]}), END, OTHER),
        story(scene("hall", FINE, ASK, {**STRAW, "outcomes": [better(WIRE)]}), END, OTHER),
    ),
    "give-away whatever was drawn": (
        ("hall", "warn", "give-away"),
        story(scene("hall", GIFT, option("wait", "other", outcomes=[worse(MATCH)])), END, OTHER),
        story(scene("hall", GIFT, option("wait", "other", outcomes=[better(MATCH)])), END, OTHER),
    ),
    "give-away whatever was drawn, the other way round": (
        ("hall", "warn", "give-away"),
        story(scene("hall", GIFT, option("wait", "other", outcomes=[worse(WIRE)])), END, OTHER),
        story(scene("hall", GIFT, option("wait", "other", outcomes=[better(WIRE)])), END, OTHER),
    ),
    "options that lead to one state": (
        ("hall", "", "whatever is done here leads to the same"),
        story(scene("hall", option("left"), option("right")), END),
        story(scene("hall", option("left"), option("right", learn={"inside": "suspected"})), END),
    ),
    "options that differ in the record alone": (
        ("hall", "", "whatever is done here leads to the same"),
        story(scene("hall", option("left"), option("right")), END),
        story(scene("hall", option("left"), option("right", record=[BREACH])), END),
    ),
    "nowhere to go": (
        ("hall", "go", "option 'go' has no 'goto'"),
        story(scene("hall", option("wait", "other"), option("go", None, outcomes=[CABLE])), END, OTHER),
        story(scene("hall", option("wait", "other"), option("go", None, outcomes=[CABLE, REST])), END, OTHER),
    ),
    "a deal without outcome": (
        ("hall", "", "has no 'goto'"),
        story(scene("hall", deal={**DEAL, "outcomes": [GOOD_DEAL]}), END),
        story(scene("hall", deal={**DEAL, "outcomes": [GOOD_DEAL, {"goto": "other"}]}), END, OTHER),
    ),
    "an outcome of a deal that no deal has": (
        ("other", "", "no chair can reach this ending"),
        story(
            scene(
                "hall",
                deal={**DEAL, "outcomes": [efficient(accepted=False), {"goto": "end"}]},
            ),
            END,
            OTHER,
        ),
        story(
            scene(
                "hall",
                deal={**DEAL, "outcomes": [efficient(accepted=True), {"goto": "end"}]},
            ),
            END,
            OTHER,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_told_where_it_is(name: str) -> None:
    """Each kind of mistake is found in a small story that has it, at its scene and option, and nothing else is."""
    (place, option_id, words), wrong, _right = CASES[name]

    findings = found(wrong)

    assert [one for one in findings if one[:2] == (place, option_id) and words in one[2]], findings
    assert len({one[:2] for one in findings} - {(place, option_id)}) <= 1  # what follows: its counterpart


@pytest.mark.parametrize("name", CASES)
def test_a_sound_counterpart_is_left_alone(name: str) -> None:
    """The same story with the decisive part put right has no finding."""
    assert found(CASES[name][2]) == []


def test_a_story_in_order_has_no_finding() -> None:
    """A story from three chairs that uses every part of the format passes whole."""
    assert lint(read_story(SOUND)) == []


@pytest.mark.parametrize(("own", "findings"), [(3, 1), (4, 0)])
def test_each_chair_needs_four_choices_of_its_own(own: int, findings: int) -> None:
    """A chair with three options that no other chair comes to is told so; with four, it is not."""
    mine = [option(f"own-{number}", meters={"harm": number}, chairs=["cio"]) for number in range(own)]
    told = story(
        scene(
            "hall",
            option("go", "other"),
            *mine,
            *({**one, "id": f"{one['id']}-too", "chairs": ["cso"]} for one in mine),
        ),
        scene("attic", *[{**one, "goto": "other"} for one in mine]),  # nobody comes here, so these do not count
        END,
        OTHER,
        chairs=("cso", "cio"),
    )

    said = [one.sentence for one in lint(told) if "choices of its own" in one.sentence]

    assert [one.startswith("CIO has 3 choices of its own (hall/own-0") for one in said if "CIO" in one] == [
        True
    ] * findings
    assert len(said) == 2 * findings


def test_overreach_alone_is_no_mistake() -> None:
    """An option that uses a right which the chair does not hold may stand in a story."""
    told = story(scene("hall", option("go"), option("decree", "other", uses=[{"right": "D10"}])), END, OTHER)

    assert found(told) == []


def test_too_many_states_are_told() -> None:
    """A story larger than the limit is told so, and nothing is then said to be unreachable."""
    flags = [f"flag-{number}" for number in range(10)]
    told = story(
        *(
            scene(f"s{number}", option("yes", f"s{number + 1}", set=[flag]), option("no", f"s{number + 1}"))
            for number, flag in enumerate(flags)
        ),
        scene("s10", option("go"), option("stay", "other")),
        END,
        OTHER,
        flags=flags,
    )

    assert found(told) == []
    ((place, _option, sentence),) = found(told, limit=500)
    assert place == ""
    assert sentence.startswith("it has more than 500 states, so the rest was not looked at.")


def test_a_finding_reads_with_its_place() -> None:
    """A finding says the scene and the option that it is about; one about the whole story says neither."""
    assert str(Finding("hall", "go", "it is open.")) == "scene 'hall', option 'go': it is open."
    assert str(Finding("hall", "", "it is open.")) == "scene 'hall': it is open."
    assert str(Finding("", "", "it is long.")) == "it is long."


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_of_the_course_is_in_order(name: str) -> None:
    """Every reachable state of every scenario is visited from each chair, and nothing is wrong with it."""
    assert [str(finding) for finding in lint(load_story(name))] == []
