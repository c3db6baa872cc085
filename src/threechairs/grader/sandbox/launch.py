"""The two small programs between the grader and a submission; `python -m threechairs.grader.sandbox.launch`.

`outside` joins control groups and leaves root, then becomes the program it is given. `inside` goes behind the walls,
then becomes the program it is given.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from threechairs.errors import ThreeChairsError
from threechairs.grader.sandbox.cgroups import join
from threechairs.grader.sandbox.drop import is_root, leave_root
from threechairs.grader.sandbox.entering import enter
from threechairs.grader.sandbox.tiers import Kind, Tier

if TYPE_CHECKING:
    from threechairs.grader.limits import Limits


def command(part: str, settings: dict[str, Any], argv: Sequence[str]) -> list[str]:
    """Command line that runs one of the two parts, and after it a program.

    Examples
    --------
    >>> command("outside", {"groups": []}, ["true"])[-3:]
    ['outside', '{"groups": []}', 'true']
    """
    own = "threechairs.grader.sandbox.launch"
    return [sys.executable, "-I", "-m", own, part, json.dumps(settings), *argv]


def main(arguments: Sequence[str]) -> None:
    """Carry out one part and become the program; an error ends it before anything was run."""
    part, settings, *argv = arguments
    given = json.loads(settings)
    try:
        if part == "outside":
            join([Path(group) for group in given["groups"]])
            if is_root():
                leave_root([Path(place) for place in given["reach"]])
        else:
            _inside(given)
        os.execvpe(argv[0], argv, os.environ)  # noqa: S606  no shell is the point
    except (ThreeChairsError, OSError) as reason:
        sys.exit(f"The sandbox could not be set up: {reason}" if part == "outside" else f"{argv[0]}: {reason}")


def _inside(given: dict[str, Any]) -> None:
    enter(
        Tier(Kind(given["kind"]), given["landlock_version"]),
        # its numbers have been checked; pydantic would cost more than the sandbox
        cast("Limits", SimpleNamespace(**given["limits"])),
        Path(given["work"]),
        read_only=[Path(place) for place in given["read_only"]],
        hide=[Path(place) for place in given["hide"]],
        sockets=given["sockets"],
        report=given["report"],
        unsafe=given["unsafe"],
    )


if __name__ == "__main__":
    main(sys.argv[1:])
