"""`threechairs build`."""

from __future__ import annotations

import click

from threechairs.course.clone import clone_root


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; say whether exercises/ is what solutions/ give.")
def command(check: bool) -> int:
    """Make exercises/ from solutions/, byte for byte the same at every run."""
    from threechairs.grader.build import build_exercises

    root = clone_root("build")
    built = build_exercises(root)
    stale = [one for one in built if not one.current]
    for one in stale:
        if check:
            click.echo(f"{one.place.relative_to(root)}: not what solutions/ gives. Run `threechairs build`.", err=True)
        else:
            one.place.parent.mkdir(parents=True, exist_ok=True)
            one.place.write_bytes(one.content)
            click.echo(f"{one.place.relative_to(root)}: written")
    click.echo(f"{len(built)} notebooks, {len(stale)} {'stale' if check else 'changed'}.")
    return 1 if check and stale else 0
