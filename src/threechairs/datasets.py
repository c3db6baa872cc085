"""Where the course's files are, and its tables as typed rows.

This is the only module that knows the folders. In a clone the course lies beside `src/`; in an installed
wheel it lies in the package, without solutions and grading.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from threechairs.errors import ContentError, did_you_mean

Row = Mapping[str, Any]

_PACKAGE = Path(__file__).resolve().parent


def course_root() -> Path:
    """Folder that holds `notebooks/`, `exercises/` and `datasets/`.

    `THREECHAIRS_COURSE` overrides it; otherwise the clone around `src/`, otherwise the wheel's own copy.

    Raises
    ------
    ContentError
        If no course lies at any of these places.
    """
    override = os.environ.get("THREECHAIRS_COURSE")
    places = [Path(override)] if override else [_PACKAGE.parents[1], _PACKAGE / "course_files"]
    for place in places:
        if (place / "notebooks" / "course.yaml").is_file():
            return place
    raise ContentError(
        str(places[0]),
        "there is no notebooks/course.yaml here",
        next_step="Point THREECHAIRS_COURSE at a clone of Three Chairs, or install the kit again.",
    )


def is_clone(root: Path) -> bool:
    """True where instructors' files (solutions, grading) are present, so not in an installed wheel."""
    return (root / "solutions").is_dir() and (root / "grading").is_dir()


def table(name: str, root: Path | None = None) -> tuple[Row, ...]:
    """Rows of a described table, each value of the type that `datapackage.json` states.

    Parameters
    ----------
    name : str
        Resource name, such as `"duties"` or `"decisions"`.
    root : pathlib.Path, optional
        Course folder; `course_root()` unless given.

    Returns
    -------
    tuple of mapping
        One mapping per row. Empty cells are `None`, or `()` for lists. Dates and times are checked and stay ISO 8601
        text.

    Raises
    ------
    ContentError
        If the table is not described, or a cell is not of its stated type.

    Examples
    --------
    >>> table("duties")[0]["chair"] in {"cso", "ciso", "cio", "shared"}
    True
    """
    return _table(name, root or course_root())


def resources(root: Path | None = None) -> Mapping[str, Mapping[str, Any]]:
    """What `datapackage.json` says about each table, by name.

    Parameters
    ----------
    root : pathlib.Path, optional
        Course folder; `course_root()` unless given.

    Examples
    --------
    >>> resources()["sites"]["path"]
    'firm/sites.csv'
    """
    return _resources(root or course_root())


@cache
def _resources(root: Path) -> dict[str, Mapping[str, Any]]:
    descriptor = root / "datasets" / "datapackage.json"
    return {r["name"]: r for r in json.loads(descriptor.read_text(encoding="utf-8"))["resources"]}


@cache
def _table(name: str, root: Path) -> tuple[Row, ...]:
    described = _resources(root)
    if name not in described:
        descriptor = root / "datasets" / "datapackage.json"
        raise ContentError(str(descriptor), f"no table is called {name!r}", next_step=did_you_mean(name, described))
    path = root / "datasets" / described[name]["path"]
    fields = {f["name"]: f for f in described[name]["schema"]["fields"]}
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != list(fields):
            raise ContentError(
                f"{path}:1", f"columns {reader.fieldnames}", f"Expected {list(fields)} as in datapackage.json"
            )
        for row in reader:
            rows.append({key: _value(row[key], field, path, reader.line_num) for key, field in fields.items()})
    return tuple(rows)


def _value(text: str, field: Mapping[str, Any], path: Path, line: int) -> Any:
    if field["type"] == "list":
        return tuple(text.split(field.get("delimiter", ","))) if text else ()
    if text == "":
        return None
    try:
        return _PARSERS[field["type"]](text)
    except (KeyError, ValueError):
        raise ContentError(
            f"{path}:{line}", f"column {field['name']!r} holds {text!r}", f"Expected a value of type {field['type']}"
        ) from None


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _date(text: str) -> str:
    dt.date.fromisoformat(text)
    return text


def _time(text: str) -> str:
    if dt.datetime.fromisoformat(text).utcoffset() is None:
        raise ValueError(text)  # nobody can tell what moment that is
    return text


_PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": _boolean,
    "date": _date,
    "datetime": _time,
}
