"""`threechairs bundle`."""

from __future__ import annotations

import zipfile
from pathlib import Path

import click

from threechairs.course.clone import clone_root

# Everything a learner needs to install and learn; solutions, grading and tests stay behind.
LEARNER_FILES = (
    "README.md",
    "LICENSE",
    ".github/images/duty-sorter.png",
    "CHANGELOG.md",
    "Makefile",
    "pyproject.toml",
    ".pins/learn.txt",
    ".pins/installer.txt",
)
LEARNER_FOLDERS = {
    "notebooks": {".ipynb", ".yaml"},
    "exercises": {".ipynb"},
    "datasets": {".md", ".json", ".csv", ".yaml"},
    "src": {".py", ".typed", ".js", ".css", ".json"},
}
"""Folders, and the kinds of file in them; a stray file, such as a key beside an exercise, stays behind."""
_FIXED_TIME = (2026, 1, 1, 0, 0, 0)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("three-chairs-learner.zip"), show_default=True)
def command(out: Path) -> None:
    """Make the learner's zip: the course without solutions, grading and tests."""
    root = clone_root("bundle")
    files = [root / name for name in LEARNER_FILES]
    for folder, endings in LEARNER_FOLDERS.items():
        found = (path for path in sorted((root / folder).rglob("*")) if path.suffix in endings)
        files += [path for path in found if not _left_behind(path.relative_to(root))]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            # a fixed time, so that the same course gives the same bytes
            entry = zipfile.ZipInfo(f"three-chairs/{path.relative_to(root).as_posix()}", _FIXED_TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    click.echo(f"{out}: {len(files)} files, {out.stat().st_size / 1024:.0f} KB.")


def _left_behind(path: Path) -> bool:
    return any(part in {"__pycache__", "answers"} or part.startswith(".") for part in path.parts)
