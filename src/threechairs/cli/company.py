"""`threechairs company`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from threechairs.company import build_firm
from threechairs.company.firm import MAKERS, REFERENCE, Firm
from threechairs.company.frames import as_csv
from threechairs.course.clone import clone_root
from threechairs.course.items import item_bank
from threechairs.course.learner import check_name
from threechairs.course.syllabus import syllabus
from threechairs.datasets import course_root, is_clone, resources
from threechairs.errors import UsageError


class _OnClone(click.Option):
    """An option that help names only where it works."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        return super().get_help_record(ctx) if is_clone(course_root()) else None


@click.command()
@click.option("--learner", metavar="ID", help="Whose tables: the name that the learner hands in under.")
@click.option("--assignment", metavar="SLUG", help="For which assignment, such as l01.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write them to.")
@click.option("--attempt", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--all", "every", is_flag=True, help="Every table of the firm, not only those of the assignment.")
@click.option(
    "--key", cls=_OnClone, is_flag=True, help="Also write what was planted in them, to key.json. Needs a clone."
)
@click.option(
    "--reference",
    cls=_OnClone,
    is_flag=True,
    help="Write the course's own variant to datasets/firm/. Needs a clone.",
)
def command(
    learner: str | None,
    assignment: str | None,
    out: Path | None,
    attempt: int,
    every: bool,
    key: bool,
    reference: bool,
) -> None:
    """Write a learner's tables as CSV files, for a help session.

    SLUG may also be any other word together with --all: a variant of its own, for nobody's marks.
    """
    if reference:
        if learner or assignment or out or key:
            raise click.UsageError("--reference stands alone: its learner, assignment and folder are fixed.")
        root = clone_root("company --reference")
        firm = Firm(REFERENCE, REFERENCE)
        for name in MAKERS:
            _write(root / "datasets" / resources()[name]["path"], name, firm)
        return
    if not (learner and assignment and out):
        raise click.UsageError("Give --learner, --assignment and --out.")
    if key:
        clone_root("company --key")
    firm, names = _tables(check_name(learner), assignment, attempt, every=every)
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        _write(out / f"{name}.csv", name, firm)
    if key:
        planted = {name: dict(firm.key(name)) for name in names}
        (out / "key.json").write_text(json.dumps(planted, indent=2) + "\n", encoding="utf-8")
        click.echo(f"{out / 'key.json'}: what was planted. Not for learners.")


def _tables(learner: str, assignment: str, attempt: int, *, every: bool) -> tuple[Firm, Iterable[str]]:
    """The firm of a learner, and the names of the tables that are wanted."""
    plans = syllabus().assignments
    every |= assignment == REFERENCE
    if every and not any(assignment in {one.id, one.id.split("-", 1)[0]} for one in plans):
        return Firm(learner, assignment, attempt), MAKERS
    plan = syllabus().assignment(assignment)
    if attempt > plan.attempts:
        raise UsageError("--attempt", f"{plan.id} has no attempt {attempt}", f"It has {plan.attempts}")
    bank = item_bank(plan.id)
    firm = build_firm(plan.id, learner, attempt, facts=bank.facts, tables=bank.tables)
    return firm, MAKERS if every else bank.tables


def _write(path: Path, name: str, firm: Firm) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = firm.rows(name)
    path.write_text(as_csv(name, rows), encoding="utf-8", newline="\n")
    click.echo(f"{path}: {len(rows):,} rows.")
