"""`threechairs bundle`: the learner's zip, and what can be done with it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def bundle(threechairs: Any, tmp_path: Path) -> Path:
    """A fresh bundle of the real course."""
    path = tmp_path / "learner.zip"
    ran = threechairs("bundle", "--out", path)
    assert ran.code == 0
    assert str(path) in ran.out
    return path


def test_the_bundle_has_what_a_learner_needs_and_nothing_else(bundle: Path) -> None:
    """The bundle holds lessons, exercises, tables and the kit, and no solution, grading, test or answer."""
    names = zipfile.ZipFile(bundle).namelist()

    tops = {name.split("/")[1] for name in names}
    assert {name.split("/")[0] for name in names} == {"three-chairs"}
    assert {"README.md", "Makefile", "pyproject.toml", "LICENSE", "notebooks", "exercises", "datasets", "src"} <= tops
    assert not tops & {"solutions", "grading", "tests", ".git", "my-work"}
    assert "three-chairs/.pins/learn.txt" in names
    assert [name for name in names if "__pycache__" in name or name.endswith("answers.json")] == []


def test_the_bundle_holds_no_key(bundle: Path) -> None:
    """No notebook of the bundle carries a hidden test, and no graded question its key."""
    with zipfile.ZipFile(bundle) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".ipynb", ".yaml"))}

    assert "three-chairs/exercises/l01-three-chairs/three-chairs.ipynb" in texts
    assert [name for name, text in texts.items() if "HIDDEN TESTS" in text or "mark_choice(" in text] == []
    graded = [text for name, text in texts.items() if "/items/l0" in name]
    assert graded
    assert [text for text in graded if "worth:" in text or "correct:" in text] == []


def test_the_same_course_gives_the_same_bytes(threechairs: Any, bundle: Path, tmp_path: Path) -> None:
    """Two bundles of one course are the same file, whatever the time and the place."""
    again = tmp_path / "elsewhere" / "again.zip"
    again.parent.mkdir()

    ran = threechairs("bundle", "--out", again)

    assert ran.code == 0
    assert again.read_bytes() == bundle.read_bytes()
    # two bundles of the same second could be alike by chance
    assert {entry.date_time for entry in zipfile.ZipFile(again).infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_the_unpacked_bundle_works(bundle: Path, tmp_path: Path) -> None:
    """From the unpacked bundle alone, a lesson opens and `threechairs learn` explains itself."""
    zipfile.ZipFile(bundle).extractall(tmp_path)
    root = tmp_path / "three-chairs"
    env = {**os.environ, "PYTHONPATH": str(root / "src"), "THREECHAIRS_HOME": str(tmp_path / "home")}
    code = (
        "import threechairs; from threechairs.datasets import course_root; "
        "print(course_root()); print(threechairs.open_lesson('01')); "
        "from threechairs.cli import main; main(['learn', '--help'])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    opened_from, lesson, *usage = ran.stdout.splitlines()
    assert Path(opened_from) == root
    assert lesson.startswith("Three chairs: 0 of ")
    assert usage[0].startswith("Usage: threechairs learn")


def test_a_folder_that_is_not_there_is_told(threechairs: Any, tmp_path: Path) -> None:
    """A bundle that cannot be written ends with 2 and the path, not with a traceback."""
    ran = threechairs("bundle", "--out", tmp_path / "none" / "learner.zip")

    assert ran.code == 2
    assert str(tmp_path / "none") in ran.err
