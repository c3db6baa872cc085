"""`threechairs scenario map`: the story of a file, or of one of the course's scenarios, drawn in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

STORIES = Path(__file__).parent.parent / "scenario" / "stories"


def test_the_map_of_a_file_is_drawn(threechairs: Any) -> None:
    """A scenario anywhere on the disk is drawn."""
    ran = threechairs("scenario", "map", STORIES / "sound.yaml")

    assert ran.code == 0
    assert ran.out.startswith("Smoke at the door (sound): 3 minutes, played from CSO, CISO, CIO")


def test_a_broken_file_is_told_line_by_line(threechairs: Any) -> None:
    """Instead of a map, an author gets every mistake with its place."""
    ran = threechairs("scenario", "map", STORIES / "broken.yaml")

    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 19
    assert ran.err.startswith("broken.yaml:4:1: ")


def test_a_file_or_name_that_does_not_exist_is_told(threechairs: Any) -> None:
    """A name is looked up among the course's scenarios, a file on the disk."""
    assert "the course has no such scenario" in threechairs("scenario", "map", "no-such-story").err
    assert "no-such-story.yaml: No such file" in threechairs("scenario", "map", "no-such-story.yaml").err
    assert "Missing argument 'FILE'" in threechairs("scenario", "map").err
