"""Submissions that are not like the others: good ones that work in an odd way, and broken ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def _answers(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    """Spoil a folder by changing what stands in its answer file."""

    def spoil(folder: Path) -> None:
        path = folder / "answers.json"
        recorded = json.loads(path.read_text(encoding="utf-8"))
        change(recorded)
        path.write_text(json.dumps(recorded), encoding="utf-8")

    return spoil


def _cut(name: str) -> Callable[[Path], None]:
    """Spoil a folder by cutting a file in half."""

    def spoil(folder: Path) -> None:
        (path,) = folder.glob(name)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])

    return spoil


@dataclass(frozen=True)
class Broken:
    """A submission that cannot be graded.

    Attributes
    ----------
    student : str
        Under which it was handed in.
    spoil : callable
        What happened to a folder that was all right.
    own_case : bool
        True when the roster maps the student to the case that the answers are of.
    reason : str
        Words of the reason that must be given.
    """

    student: str
    spoil: Callable[[Path], None]
    own_case: bool
    reason: str


BROKEN = (
    Broken("a-friend", lambda _folder: None, False, "these answers belong to the case of"),
    Broken("b-third", _answers(lambda r: r.update(attempt=3)), True, "attempt 3; 2 attempts are allowed"),
    Broken("c-damaged", _cut("answers.json"), True, "the file is damaged: this is not JSON"),
    Broken("d-later", _answers(lambda r: r.update(format=2)), True, "the file has format 2"),
    Broken("e-other-tables", _answers(lambda r: r.update(fingerprint="sha256:0")), True, "the fingerprints differ"),
)
# nbgrader itself cannot read this one, so no page shows a reason; its log does
UNREADABLE = Broken("f-unreadable", _cut("*.ipynb"), True, "Notebook does not appear to be JSON")
