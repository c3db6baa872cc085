"""Control groups, where this user may make them: the kernel then counts memory and processes together."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from threechairs.grader.sandbox.walls import MB

if TYPE_CHECKING:
    from threechairs.grader.limits import Limits

ROOT = Path("/sys/fs/cgroup")
BESIDE = 16
"""Processes of our own beside those of a submission: bubblewrap's and the supervisor."""


def places(root: Path = ROOT, own: Path = Path("/proc/self/cgroup")) -> dict[str, Path]:
    """Folders in which groups for `memory` and `pids` may be made; empty unless both may.

    Examples
    --------
    >>> set(places()) in (set(), {"memory", "pids"})
    True
    """
    found: dict[str, Path] = {}
    with contextlib.suppress(OSError):
        for line in own.read_text().splitlines():
            _number, controllers, path = line.split(":", 2)
            inside = path.lstrip("/")
            if not controllers:
                found.update(_second_version(root / inside, root))
            for name in {"memory", "pids"} & set(controllers.split(",")):
                if os.access(root / name / inside, os.W_OK):
                    found[name] = root / name / inside
    return found if len(found) == 2 else {}


def _second_version(own: Path, root: Path) -> dict[str, Path]:
    """A group with processes cannot have limited children, so the group above is asked too, down from the root."""
    for folder in (own, own.parent):
        if not folder.is_relative_to(root):
            break
        delegated = folder / "cgroup.subtree_control"
        # a process can only move if the group above both its old and its new place may be written
        handed_down = set(delegated.read_text().split()) if delegated.is_file() else set()
        writable = os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)
        if writable and {"memory", "pids"} <= handed_down:
            return {"memory": folder, "pids": folder}
    return {}


@contextlib.contextmanager
def cgroup(limits: Limits, where: dict[str, Path]) -> Iterator[list[Path]]:
    """Make groups with the limits; their folders are for `join`. They are removed at the end.

    Parameters
    ----------
    limits : Limits
        Of all processes together.
    where : dict of pathlib.Path
        As `places` found it; nothing is made where it found nothing.

    Yields
    ------
    list of pathlib.Path
        The groups; none where none can be made.
    """
    name = f"threechairs-{uuid.uuid4().hex[:12]}"
    made: list[Path] = []
    try:
        for folder in dict.fromkeys(where.values()):
            group = folder / name
            group.mkdir()
            made.append(group)
            _limit(group, limits)
        yield made
    finally:
        for group in made:
            _remove(group)


def _limit(group: Path, limits: Limits) -> None:
    memory, processes = str(limits.memory_mb * MB), str(limits.processes + BESIDE)
    wanted = {"memory.limit_in_bytes": memory, "memory.max": memory, "pids.max": processes, "memory.swap.max": "0"}
    for name, value in wanted.items():
        if (group / name).exists():
            (group / name).write_text(value)


def join(groups: list[Path]) -> None:
    """Put this process into the groups; its children will be in them too."""
    for group in groups:
        (group / "cgroup.procs").write_text("0")


def _remove(group: Path) -> None:
    """End what is still in a group and remove it; the kernel may need a moment after the last process has ended."""
    for _attempt in range(100):
        with contextlib.suppress(OSError):
            for number in (group / "cgroup.procs").read_text().split():
                os.kill(int(number), signal.SIGKILL)
        try:
            group.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.02)
