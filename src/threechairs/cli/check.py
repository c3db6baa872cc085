"""`threechairs check`."""

from __future__ import annotations

import click

from threechairs.course.clone import clone_root


@click.command()
@click.option("--fast", is_flag=True, help="Leave out the slow comparison of exercises/ with solutions/.")
@click.option("--variants", is_flag=True, help="List also which fact of a learner's case flips which answer.")
def command(fast: bool, variants: bool) -> int:
    """Check every rule over the course: tables, questions, lessons, assignments, exercises."""
    from threechairs.authoring import Problem, check_course

    root = clone_root("check")
    problems = check_course(root, lambda name: click.echo(f"Checking {name} ...", err=True))
    if not fast:
        from threechairs.grader.build import build_exercises

        click.echo("Checking exercises ...", err=True)
        stale = [built.place.relative_to(root).as_posix() for built in build_exercises(root) if not built.current]
        problems += [Problem(path, "it is not what solutions/ gives. Run `threechairs build`.") for path in stale]
    if variants and not problems:
        from threechairs.authoring.variants import told_flips

        for line in told_flips(root):
            click.echo(line)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(problems)} problems." if problems else "No problems.", err=True)
    return 1 if problems else 0
