"""`threechairs show`."""

from __future__ import annotations

from pathlib import Path

import click

from threechairs.course.notebooks import as_text, read_notebook


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path, exists=True))
def command(notebook: Path) -> None:
    """Print NOTEBOOK as text. `make setup` tells git to use it, so that differences read as text."""
    click.echo(as_text(read_notebook(notebook)), nl=False)
