"""The map of a story: who can be where, what can be done there, where it leads; in plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from threechairs.scenario.load import load_story, read_story, scenario_names
from threechairs.scenario.map import WIDTH, draw_map

SOUND = Path(__file__).parent / "stories" / "sound.yaml"


def block(text: str, scene: str) -> list[str]:
    """The lines of one scene."""
    (found,) = [part for part in text.split("\n\n") if part.startswith(f"{scene}: ")]
    return found.splitlines()


def test_a_scene_is_told_with_its_chairs_options_and_targets() -> None:
    """A scene names who begins there, what is bad on purpose, and where each option leads for whom."""
    told = draw_map(read_story(SOUND))

    assert told.startswith("Smoke at the door (sound): 3 minutes, played from CSO, CISO, CIO\n")
    assert block(told, "gate") == [
        "gate: At the gate, 07:40",
        "  CSO; here CSO begins",
        "  * everybody-out: Everybody out.",
        "      CSO -> hall",
        "  * look: Look inside.",
        "      CSO -> hall",
        "  * ask: Ask the crew.",
        "      CSO -> hall",
        "  * hope: Hope. (bad on purpose: a floor is the lesson)",
        "      CSO -> hall",
    ]


def test_a_table_leads_where_its_deals_lead() -> None:
    """Where a deal can be struck, the map names who can strike it, and every scene that some deal leads to."""
    told = block(draw_map(read_story(SOUND)), "hall")

    assert told[0] == "hall: In the hall, news from outside"
    at = told.index("  * a deal over 'The cameras at Gate 4'")
    assert told[at + 1] == "      CSO, CIO -> shared or apart or ashes"


def test_endings_are_told_with_who_can_reach_them() -> None:
    """Each ending says its kind and its title; the last line sums up who can come to which."""
    told = draw_map(read_story(SOUND))

    assert block(told, "shared")[1:] == ["  CSO, CIO", "  END, lasts: One desk"]
    assert " ".join(told.split("\n\n")[-1].split()) == (
        "Endings: shared (lasts: CSO, CIO), apart (looks-good: CSO, CISO, CIO), ashes (bad: CSO, CISO, CIO)"
    )


def test_what_nobody_comes_to_is_told_as_such(tmp_path: Path) -> None:
    """A map of a story that is not in order yet shows what is open to nobody and what leads nowhere."""
    text = SOUND.read_text(encoding="utf-8")
    text = text.replace("when: {unratified: [D14]}", "when: {unratified: [D01]}").replace("- {goto: apart}", "- {}")
    path = tmp_path / "sound.yaml"
    path.write_text(text, encoding="utf-8")

    told = block(draw_map(read_story(path)), "hall")

    assert told[told.index("  * confirm: Have it confirmed.") + 1] == "      open to nobody"
    assert told[-1] == "      CSO, CIO -> shared or ashes or nowhere"


def test_a_story_that_is_too_large_says_so() -> None:
    """With more states than are looked at, the map does not pretend to be whole."""
    assert "more than 5 states; the map shows what the first" in draw_map(read_story(SOUND), limit=5)
    assert "more than" not in draw_map(read_story(SOUND))


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_of_the_course_can_be_drawn(name: str) -> None:
    """Every scene of every scenario stands in its map, in lines that a terminal shows whole."""
    story = load_story(name)
    told = draw_map(story)

    assert [scene.id for scene in story.scenario.scenes if not block(told, scene.id)] == []
    assert max(len(line) for line in told.splitlines()) <= WIDTH
    assert "open to nobody" not in told
    assert "\n  nobody" not in told
