"""`threechairs mark-mine`."""

from __future__ import annotations

from pathlib import Path

import click

from threechairs.course.clone import clone_root
from threechairs.course.learner import check_name, learner_name
from threechairs.course.syllabus import syllabus
from threechairs.front_end.workspace import default_workspace


@click.command()
@click.argument("assignment")
@click.option("--name", help="The name you worked with, if it is not the one that is remembered.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where your copies are kept. [default: my-work]")
def command(assignment: str, name: str | None, folder: Path | None) -> int:
    """Mark your own work on ASSIGNMENT (such as l01), as a class would be marked. Needs a clone."""
    root = clone_root("mark-mine")
    plan = syllabus().assignment(assignment)
    work = (folder or default_workspace()).resolve() / plan.id
    if not (work / plan.notebook).is_file():
        raise click.UsageError(f"{work / plan.notebook} is not there yet. Open it with: threechairs learn")
    click.echo(f"Marking {plan.title}; this takes about ten seconds.", err=True)

    from threechairs.grader.mark_mine import mark_folder

    marks = mark_folder(root, plan, work, check_name(learner_name() if name is None else name))
    for question in marks.questions:
        click.echo("\n".join(question.lines()))
    click.echo(f"\n{marks.points:g} of {marks.max_points:g} automatic points.")
    if marks.waiting_points:
        click.echo(f"{marks.waiting_points:g} points more are for your note, which a person reads.")
    click.echo(f"Everything with its reasons: {marks.feedback}")
    return 0
