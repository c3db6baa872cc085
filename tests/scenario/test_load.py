"""Scenario files: every mistake at once, each at its line, and nothing said that only follows from another mistake."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from threechairs.errors import ContentError, UsageError
from threechairs.scenario.load import load_story, read_story, scenario_names

STORIES = Path(__file__).parent / "stories"
AGAIN = "  - {id: shared, title: Again, text: Again., ending: {kind: bad, title: Again, voices: {}}}\n"


@pytest.fixture
def told(tmp_path: Path) -> Callable[[str, str], tuple[int, list[str]]]:
    """What is said about a change of the sound story, and the number of the changed line."""

    def change(old: str, new: str) -> tuple[int, list[str]]:
        text = (STORIES / "sound.yaml").read_text(encoding="utf-8")
        assert text.count(old) == 1
        path = tmp_path / "sound.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(ContentError) as refused:
            read_story(path)
        return text[: text.index(old)].count("\n") + 1, str(refused.value).splitlines()

    return change


def test_every_planted_mistake_is_told_at_once_at_its_place() -> None:
    """A file with nineteen different mistakes gives nineteen lines, from the top, each with place, reason and hint."""
    with pytest.raises(ContentError) as refused:
        read_story(STORIES / "broken.yaml")

    assert str(refused.value).splitlines() == [
        f"broken.yaml:{line}"
        for line in (
            "4:1: minutes is 'soon'. Input should be a valid integer, unable to parse string as an integer.",
            "7:9: seats.cso.opening: there is no scene 'gaet'. Expected one of this scenario's scenes. "
            "Did you mean 'gate'?",
            "8:3: seats.cisso is 'cisso'. Input should be 'cso', 'ciso' or 'cio'. Did you mean 'ciso'?",
            "10:35: cast.sam.role: there is no role 'dockers'. Expected one of datasets/tables/roles.csv.",
            "12:23: start is 9. Expected a number from 0 to 5.",
            "24:24: scenes.0.text.passages.0.when.knows.0: there is no fact 'insde'. "
            "Expected one of those under 'facts'. Did you mean 'inside'?",
            "26:24: there is no value 'cabel'. Expected one of the values of draw 'cause'. Did you mean 'cable'?",
            "27:9: there is no name '{truts}'. Expected one of those under 'meters' and 'draws'. Did you mean 'trust'?",
            "32:11: scenes.0.options.0.meters.trsut: there is no meter 'trsut'. "
            "Expected one of those under 'meters'. Did you mean 'trust'?",
            "33:15: scenes.0.options.0.set.0: there is no flag 'warnd'. Expected one of those under 'flags'. "
            "Did you mean 'warned'?",
            "34:17: scenes.0.options.0.uses.0.right: there is no right 'D41'. "
            "Expected one of datasets/tables/decisions.csv. Did you mean 'D31'?",
            "37:13: scenes.0.options.0.record.0.floor.floor is 'live'. Input should be 'life' or 'law'. "
            "Did you mean 'life'?",
            "40:9: option 'warn' stands twice in scene 'gate'. Expected an id of its own.",
            "42:9: 'scenes.0.options.1.gotto' is not known here. Did you mean 'goto'?",
            "47:7: scenes.1.deal.table: there is no deal table 'gate-5'. Expected one of the files in "
            "datasets/deals/. Did you mean 'gate-4'?",
            "61:43: there is no option 'sometime'. Expected one of issue 'segmentation' of 'gate-4'. "
            "Known: after-peak, six-weeks, this-month.",
            "62:17: there is no issue 'backup-pover'. Expected one of the deal table 'gate-4'. "
            "Did you mean 'backup-power'?",
            "65:5: scene 'end' has an ending and goes on. Expected either an 'ending', or 'options' or a 'deal'.",
            "70:14: scenes.3.ending.kind is 'last'. Input should be 'lasts', 'looks-good' or 'bad'. "
            "Did you mean 'lasts'?",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("scenario: sound", "scenario: sand", "'scenario' says 'sand'. Expected the file's name 'sound'"),
        ("  - id: apart\n", f"{AGAIN}  - id: apart\n", "scene 'shared' stands twice. Expected an id of its own"),
        (
            "is {trust}.",
            "is {trust.",
            "a brace stands alone. Expected '{name}', or '{{' and '}}' for braces that are shown",
        ),
        ("{drawn: {cause: cable}}, text", "{deal: {accepted: true}}, text", "no deal is on the table here."),
        ('cio: "Fine', 'coi: "Fine', "scenes.4.ending.voices.coi is 'coi'. Input should be 'cso', 'ciso'"),
        ("{trust: 3}}", "{trst: 3}}", "scenes.3.options.1.when.at_least.trst: there is no meter 'trst'."),
        ("[cso, cio]\n", "[cso, coo]\n", "scenes.3.deal.chairs.1 is 'coo'."),
        ("matter: fire", "matter: fier", "record.0.inform-due.matter: there is no matter 'fier'."),
        ("[ciso, cio]}", "[ciso, coi]}", "tell.inside.1: there is no role 'coi'."),
        ("ratify: [{right: D14", "ratify: [{right: D99", "ratify.0.right: there is no right 'D99'."),
        ("Fine: {trust}", "Fine: {ending}", "there is no name '{ending}'."),
        ("unratified: [D14]}, goto: h", "unratified: [D41]}, goto: h", "unratified.0: there is no right 'D41'."),
        ("{drawn: {cause: cable}}, text", "{drawn: {casue: cable}}, text", "when.drawn.casue: there is no draw"),
        ("  arson: {text", "  inside: {text", "this is not YAML: found duplicate key"),
    ],
)
def test_one_mistake_is_told_once(
    told: Callable[[str, str], tuple[int, list[str]]], old: str, new: str, sentence: str
) -> None:
    """Each kind of wrong name or value gives one line, at the line where it stands."""
    number, (said,) = told(old, new)

    assert said.startswith(f"sound.yaml:{number}:")
    assert sentence in said


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("meters:\n  harm", "metres:\n  harm", "'metres' is not known here. Did you mean 'meters'?"),
        ("flags: [out, cut", "flgs: [out, cut", "'flgs' is not known here. Did you mean 'flags'?"),
        ("flags: [out, cut, asked]", "flags: out", "flags is 'out'. Input should be a valid list."),
        ("options:\n      - {id: restart", "optoins:\n      - {id: restart", "'scenes.2.optoins' is not known here."),
    ],
)
def test_what_follows_from_a_mistake_is_not_told(
    told: Callable[[str, str], tuple[int, list[str]]], old: str, new: str, sentence: str
) -> None:
    """A part that is misspelt or of the wrong form is told itself; the names that it would declare are let be."""
    number, said = told(old, new)

    assert [line for line in said if line.startswith(f"sound.yaml:{number}:") and sentence in line]
    assert [line for line in said if "there is no" in line or "leads nowhere" in line] == []


def test_a_sound_story_is_read_with_its_tables() -> None:
    """A file without mistakes gives a story, with the deal tables that it names."""
    story = read_story(STORIES / "sound.yaml")

    assert story.scenario.chairs == ("cso", "ciso", "cio")
    assert list(story.tables) == ["gate-4"]
    assert not story.scenario.facts["arson"].true


def test_an_unknown_scenario_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    """Whoever mistypes the name of a scenario is offered the right one."""
    folder = tmp_path / "datasets" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "blind-gate.yaml").write_text("")

    assert scenario_names(tmp_path) == ["blind-gate"]
    with pytest.raises(UsageError, match=r"no such scenario\. Did you mean 'blind-gate'\?"):
        load_story("blnd-gate", tmp_path)


def _places(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in data, by its way."""
    if way:
        yield way
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, inside in entries:
        yield from _places(inside, (*way, key))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_broken_the_message_is_for_the_author(tmp_path: Path, seed: int) -> None:
    """One entry after the other is replaced by something else: it is read, or refused with lines that name the file."""
    yaml = YAML(typ="safe", pure=True)
    sound = yaml.load((STORIES / "sound.yaml").read_text(encoding="utf-8"))
    odds = random.Random(seed)
    places = list(_places(sound))
    path = tmp_path / "sound.yaml"
    for _ in range(25):
        data = copy.deepcopy(sound)
        *way, last = odds.choice(places)
        parent = data
        for step in way:
            parent = parent[step]
        parent[last] = odds.choice([None, "{", 3, -1, [], {}, [3], {"id": 3}, [[]], True, "gate", {"deal": {}}])
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)
        try:
            read_story(path)
        except ContentError as refused:
            assert [line for line in str(refused).splitlines() if not line.startswith("sound.yaml")] == []
