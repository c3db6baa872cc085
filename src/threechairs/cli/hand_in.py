"""`threechairs hand-in`."""

from __future__ import annotations

import secrets
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import click

from threechairs.course.learner import check_name, learner_name, remember_name
from threechairs.course.syllabus import syllabus
from threechairs.front_end.workspace import default_workspace
from threechairs.marking.preflight import preflight


@click.command()
@click.argument("assignment")
@click.option("--name", help="Your name as your instructor knows it; remembered for the next time.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where your copies are kept. [default: my-work]")
@click.option("--incomplete", is_flag=True, help="Hand in although questions are unanswered.")
def command(assignment: str, name: str | None, folder: Path | None, incomplete: bool) -> int:
    """Check your work on ASSIGNMENT (such as l01) and make the one file to send to your instructor."""
    plan = syllabus().assignment(assignment)
    # a name given here also wins over the one that Lab's terminal inherits
    learner = check_name(learner_name() if name is None else name)
    workspace = (folder or default_workspace()).resolve()
    work = workspace / plan.id
    problems, unanswered = preflight(plan, work, learner)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        return 1
    if unanswered:
        click.echo(f"Not answered yet: {', '.join(unanswered)}.", err=True)
        if not incomplete:
            click.echo("Answer them, or hand in as it is with --incomplete.", err=True)
            return 1
    if name is not None:
        remember_name(name)
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = workspace / "hand-in" / f"{learner}_attempt_{now}_{plan.id}.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (plan.notebook, "answers.json"):
            if (work / part).is_file():
                archive.write(work / part, part)
        # nbgrader's own submit adds this too; without it, releasing feedback stops at the first zip hand-in
        archive.writestr("submission_secret.txt", secrets.token_hex(64))
    click.echo(f"Handed in as {learner}: send {target} to your instructor.")
    return 0
