"""Plays that a learner can take up again: one small file per scenario, outside `my-work/`."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threechairs.course.learner import data_folder
from threechairs.errors import AnswersError, UsageError
from threechairs.scenario.play import Step
from threechairs.scenario.schema import CHAIRS, Chair

FORMAT = 1


@dataclass(frozen=True)
class SavedPlay:
    """One play of a scenario: whose, from which chair, its number (which decides its hidden facts), and its steps."""

    learner: str
    chair: Chair
    number: int
    steps: tuple[Step, ...] = ()

    @classmethod
    def from_data(cls, data: Any) -> SavedPlay:
        """A play as it is stored.

        Raises
        ------
        UsageError
            If the data have another form.
        """
        if isinstance(data, Mapping):
            learner, chair, number, steps = (data.get(key) for key in ("learner", "chair", "number", "steps"))
            if isinstance(learner, str) and chair in CHAIRS and type(number) is int and isinstance(steps, list):
                return cls(learner, chair, number, tuple(Step.from_data(step) for step in steps))
        raise UsageError("a play", "it has no learner, chair, number and steps")

    def as_data(self) -> dict[str, Any]:
        """The play as plain data."""
        steps = [step.as_data() for step in self.steps]
        return {"learner": self.learner, "chair": self.chair, "number": self.number, "steps": steps}


class SavedPlays:
    """The plays of one scenario, the last one being the one that was on.

    Parameters
    ----------
    name : str
        What the file is called; the scenario's name for those of the course.

    Attributes
    ----------
    path : pathlib.Path
        The file; it need not exist yet.
    plays : list of SavedPlay
        What is saved; empty if nothing is, or nothing that could be read.
    aside : pathlib.Path or None
        Where a damaged file was put.
    """

    def __init__(self, name: str) -> None:
        self.path = data_folder() / "plays" / f"{name}.json"
        self.plays: list[SavedPlay] = []
        self.aside: Path | None = None
        if self.path.exists():
            try:
                self.plays = [SavedPlay.from_data(one) for one in read_json(self.path)["plays"]]
            except (ValueError, LookupError, TypeError, UsageError, AnswersError):
                self.aside = self.path.with_suffix(".damaged")
                self.path.replace(self.aside)

    def last(self, learner: str, chair: Chair) -> SavedPlay | None:
        """The learner's last play from a chair."""
        return next((one for one in reversed(self.plays) if (one.learner, one.chair) == (learner, chair)), None)

    def next_number(self, learner: str) -> int:
        """Number of the learner's next play, from whichever chair."""
        return max((one.number for one in self.plays if one.learner == learner), default=0) + 1

    def save(self, play: SavedPlay) -> None:
        """Save a play in place of what was saved of it, as the last one.

        Raises
        ------
        AnswersError
            If it cannot be written; what was saved before stays whole.
        """
        same = (play.learner, play.number)
        self.plays = [one for one in self.plays if (one.learner, one.number) != same] + [play]
        write_json(self.path, {"format": FORMAT, "plays": [one.as_data() for one in self.plays]})


def read_json(path: Path) -> dict[str, Any]:
    """The object that a JSON file holds.

    Raises
    ------
    AnswersError
        If there is no such file, or it holds something else.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as reason:
        raise AnswersError(path.name, f"the file cannot be read ({reason.strerror or reason})") from None
    except (ValueError, RecursionError):
        raise AnswersError(path.name, "this is no JSON", "Expected a file that --log wrote") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise AnswersError(path.name, "this is no saved play", "Expected a file that --log wrote")
    return data


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Replace a JSON file in one step; until then the old one stays whole.

    Raises
    ------
    AnswersError
        If the disk is full or the folder cannot be written.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        Path(temporary).replace(path)
    except OSError as reason:
        raise AnswersError(path.name, f"the play could not be saved ({reason.strerror or reason})") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
