"""`threechairs tidy`."""

from __future__ import annotations

from pathlib import Path

import click

from threechairs.course.clone import clone_root
from threechairs.course.notebooks import normal_form, read_notebook


@click.command()
@click.argument("notebooks", nargs=-1, type=click.Path(path_type=Path, exists=True))
def command(notebooks: tuple[Path, ...]) -> None:
    """Bring NOTEBOOKS (default: all lessons and solutions) into their normal form: ids kept, no outputs."""
    if not notebooks:
        root = clone_root("tidy")
        notebooks = (*sorted((root / "notebooks").glob("*.ipynb")), *sorted((root / "solutions").glob("*/*.ipynb")))
    for path in notebooks:
        text = normal_form(read_notebook(path))
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8", newline="\n")
            click.echo(f"{path}: tidied")
