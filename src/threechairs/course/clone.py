"""What only a clone has: solutions and grading."""

from __future__ import annotations

from pathlib import Path

from threechairs.datasets import course_root, is_clone
from threechairs.errors import UsageError


def clone_root(command: str) -> Path:
    """Folder of the clone.

    Raises
    ------
    UsageError
        If the kit was installed without solutions and grading.
    """
    root = course_root()
    if not is_clone(root):
        raise UsageError(
            f"threechairs {command}",
            "this copy of the kit has no solutions and no grading",
            next_step="Run it in a clone of the repository.",
        )
    return root
