"""`threechairs build`: exercises are what solutions give, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cycle.course_copy import CourseCopy, run

from threechairs.course.syllabus import syllabus
from threechairs.datasets import course_root

pytestmark = pytest.mark.slow

ASSIGNMENT = "l01-three-chairs"
PLACE = Path("exercises") / ASSIGNMENT / "three-chairs.ipynb"


def test_build_mends_a_stale_exercise(tmp_path: Path) -> None:
    """`build --check` names an exercise that was edited and leaves it; `build` makes the committed bytes again."""
    course = CourseCopy.of_the_real_course(tmp_path / "course", ASSIGNMENT)
    path = course.folder / PLACE
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["# Mended by hand"]
    edited = json.dumps(notebook)
    path.write_text(edited, encoding="utf-8")

    checked = run("threechairs", "build", "--check", cwd=tmp_path, env=course.env)
    after_check = path.read_text(encoding="utf-8")
    built = run("threechairs", "build", cwd=tmp_path, env=course.env)

    assert checked.returncode == 1
    assert f"{PLACE.as_posix()}: not what solutions/ gives. Run `threechairs build`." in checked.stderr
    notebooks = f"{len(syllabus().assignments)} notebooks"
    assert checked.stdout == f"{notebooks}, 1 stale.\n"
    assert after_check == edited
    assert built.returncode == 0
    assert built.stdout == f"{PLACE.as_posix()}: written\n{notebooks}, 1 changed.\n"
    assert path.read_bytes() == (course_root() / PLACE).read_bytes()


def test_build_tells_what_nbgrader_says_of_a_broken_solution(tmp_path: Path) -> None:
    """A solution that nbgrader refuses ends with 2 and nbgrader's words, and exercises/ stays as it was."""
    course = CourseCopy.of_the_real_course(tmp_path / "course", ASSIGNMENT)
    path = course.folder / "solutions" / ASSIGNMENT / "three-chairs.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("### END SOLUTION", "### THE END"), encoding="utf-8")

    built = run("threechairs", "build", cwd=tmp_path, env=course.env)

    assert built.returncode == 2
    assert "nbgrader: generating l01-three-chairs failed" in built.stderr
    assert "solution" in built.stderr
    assert "Traceback (most recent call last):\n  File" not in built.stderr.split("The end of its log")[0]
    assert (course.folder / PLACE).read_bytes() == (course_root() / PLACE).read_bytes()
