"""`threechairs new-attempt`."""

from __future__ import annotations

from pathlib import Path

import click

from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import new_attempt
from threechairs.front_end.workspace import default_workspace


@click.command()
@click.argument("assignment")
@click.option("--folder", type=click.Path(path_type=Path), help="Where your copies are kept. [default: my-work]")
def command(assignment: str, folder: Path | None) -> None:
    """Begin the next attempt at ASSIGNMENT: a parallel case. Your answers so far are kept under another name."""
    plan = syllabus().assignment(assignment)
    work = (folder or default_workspace()).resolve() / plan.id
    case = new_attempt(plan.id, work)
    click.echo(f"Attempt {case.attempt} of {plan.attempts} has begun. Run the notebook's cells again from the top.")
