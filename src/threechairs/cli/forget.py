"""`threechairs forget`."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from threechairs.course.learner import data_folder, forget
from threechairs.front_end.workspace import default_workspace


@click.command()
@click.option("--my-work", is_flag=True, help="Erase your copies and answers as well.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where your copies are kept. [default: my-work]")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def command(my_work: bool, folder: Path | None, yes: bool) -> None:
    """Erase what the kit stores about you outside my-work/: your name, and nothing else."""
    workspace = (folder or default_workspace()).resolve()
    if my_work and workspace.is_dir():
        if not (workspace / "notebooks").is_dir():
            raise click.UsageError(f"{workspace} holds no lessons, so it is left alone.")
        if not yes:
            click.confirm(f"Erase {workspace} with all your answers?", abort=True)
        shutil.rmtree(workspace)
        click.echo(f"Erased {workspace}.")
    erased = forget()
    for path in erased:
        click.echo(f"Erased {path}.")
    if not erased:
        click.echo(f"Nothing was stored in {data_folder()}.")
    if not my_work and workspace.is_dir():
        click.echo(f"Your copies and answers in {workspace} are still there; --my-work erases them too.")
