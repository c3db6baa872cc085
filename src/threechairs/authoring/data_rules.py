"""Rules over tables and questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from threechairs.authoring.problems import Problem
from threechairs.chairs import check_rights
from threechairs.course.items import Item, ItemBank, NumberItem, OneItem, OrderItem, SeveralItem, item_bank
from threechairs.course.notebooks import read_notebook
from threechairs.course.syllabus import syllabus
from threechairs.datasets import table
from threechairs.errors import UsageError, did_you_mean

# Columns that hold several ids each; a table's own foreign keys are checked by its descriptor.
LISTS = {
    ("duties", "claims"): ("claims", "claim_id"),
    **{
        ("decisions", column): ("roles", "role_id")
        for column in ("responsible", "consulted", "informed_must", "informed_must_not")
    },
}


def check_tables(root: Path) -> Iterator[Problem]:
    """Every table is as `datapackage.json` describes it, and every id in a list exists."""
    try:
        from frictionless import Package
    except ImportError:
        raise UsageError(
            "threechairs check",
            "frictionless is missing",
            next_step="In a clone, run `make setup` once.",
        ) from None
    report = Package(str(root / "datasets" / "datapackage.json")).validate()
    for error in report.errors:
        yield Problem("datasets/datapackage.json", error.message)
    for task in report.tasks:
        for error in task.errors:
            row = getattr(error, "row_number", "")
            yield Problem(f"datasets/{task.place}:{row}", error.message)
    for (name, column), (other, key) in LISTS.items():
        known = {row[key] for row in table(other, root)}
        first = next(iter(table(name, root)[0]))
        for row in table(name, root):
            for entry in row[column]:
                if entry not in known:
                    where = f"datasets/tables/{name}.csv, {row[first]}, column {column}"
                    yield Problem(where, f"{entry!r} is not in {other}.csv. {did_you_mean(entry, known)}")


def check_rights_table(root: Path) -> Iterator[Problem]:
    """Every decision has one A, nobody both must and must not hear, and every role exists."""
    for problem in check_rights(root=root):
        yield Problem("datasets/tables/decisions.csv", str(problem))


def check_items(root: Path) -> Iterator[Problem]:
    """Every question has an id of its own, teaches a cell that exists, and names beliefs and claims that exist."""
    beliefs = {row["misconception_id"] for row in table("misconceptions", root)}
    claims = {row["claim_id"] for row in table("claims", root)}
    plan = syllabus(root)
    seen: dict[str, str] = {}
    for path in sorted((root / "datasets" / "items").glob("*.yaml")):
        where = f"datasets/items/{path.name}"
        bank = item_bank(path.stem, root)
        if path.stem not in {*(one.id for one in plan.lessons), *(one.id for one in plan.assignments)}:
            yield Problem(where, "course.yaml has no lesson and no assignment of this name")
        if path.stem != (bank.lesson or bank.assignment):
            yield Problem(where, f"the file says it belongs to {bank.lesson or bank.assignment!r}")
        cells = _cells(root, bank)
        for item in bank.items:
            if item.id in seen:
                yield Problem(f"{where}, {item.id}", f"this id is used in {seen[item.id]} as well")
            seen[item.id] = where
            if item.teaches and item.teaches not in cells:
                hint = did_you_mean(item.teaches, cells)
                yield Problem(f"{where}, {item.id}", f"no cell is called {item.teaches!r}. {hint}")
            for claim in item.claims:
                if claim not in claims:
                    yield Problem(f"{where}, {item.id}", f"claim {claim!r} is not in claims.csv")
            for belief in _beliefs(item):
                if belief not in beliefs:
                    hint = did_you_mean(belief, beliefs)
                    yield Problem(f"{where}, {item.id}", f"belief {belief!r} is not in misconceptions.csv. {hint}")
            for option in _without_belief(item):
                yield Problem(f"{where}, {item.id}", f"{option!r} is wrong, and names no belief that leads to it")


def _cells(root: Path, bank: ItemBank) -> set[str]:
    if not bank.lesson:
        return set()
    notebook = root / "notebooks" / f"{bank.lesson}.ipynb"
    return {str(cell.get("id")) for cell in read_notebook(notebook)["cells"]} if notebook.is_file() else set()


def _without_belief(item: Item) -> Iterator[str]:
    """Options and reasons of a practice question that are wrong for no stated reason."""
    options = [*item.options, *item.reasons] if isinstance(item, OneItem) else []
    options += item.options if isinstance(item, SeveralItem) else []
    yield from (
        one.id for one in options if (one.worth in {"weak", "breach"} or one.correct is False) and not one.belief
    )


def _beliefs(item: Item) -> Iterator[str]:
    if isinstance(item, OneItem):
        yield from (option.belief for option in (*item.options, *item.reasons) if option.belief)
    if isinstance(item, SeveralItem):
        yield from (option.belief for option in item.options if option.belief)
    if isinstance(item, NumberItem):
        yield from (wrong.belief for wrong in item.wrong)
    if isinstance(item, OrderItem):
        yield from (pair.belief for pair in item.because if pair.belief)
