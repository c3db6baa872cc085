"""`threechairs scenario`: what an author does with a scenario."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Look at a scenario as its author."""


@command.command("map")
@click.argument("file", type=click.Path(path_type=Path))
def draw(file: Path) -> None:
    """Draw the story in FILE as text: who can be where, what can be done there, where it leads.

    FILE is a YAML file, or the name of one of the course's scenarios.
    """
    from threechairs.scenario.load import load_story, read_story
    from threechairs.scenario.map import draw_map

    by_name = not file.suffix and not file.exists()
    click.echo(draw_map(load_story(str(file)) if by_name else read_story(file)))
