"""The kit installed from its wheel: it has a course to learn from, and says what only a clone can do."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cycle.course_copy import Served, clean_environment

from threechairs.course.syllabus import syllabus
from threechairs.datasets import course_root

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this clone."""
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(course_root())]
    subprocess.run(line, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed; what it depends on is this environment's."""
    folder = tmp_path_factory.mktemp("installed")
    line = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*line, str(wheel)], check=True, capture_output=True)
    return folder


@pytest.fixture
def env(installed: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who installed the wheel and has no clone."""
    return clean_environment(tmp_path / "home", PYTHONPATH=str(installed))


def test_the_wheel_carries_the_course_without_its_keys(wheel: Path) -> None:
    """The wheel holds notebooks, exercises, tables and widgets, and no solution, grading or test."""
    names = zipfile.ZipFile(wheel).namelist()

    carried = {name.split("/")[2] for name in names if name.startswith("threechairs/course_files/")}
    assert carried == {"notebooks", "exercises", "datasets"}
    assert "threechairs/widgets/static/quiz_card.js" in names
    assert "threechairs/py.typed" in names
    assert [name for name in names if "HIDDEN TESTS" in name or "/solutions/" in name or "/grading/" in name] == []
    exercise = zipfile.ZipFile(wheel).read("threechairs/course_files/exercises/l01-three-chairs/three-chairs.ipynb")
    assert b"HIDDEN TESTS" not in exercise


def run_installed(installed: Path, env: dict[str, str], cwd: Path, *arguments: str) -> tuple[int, str]:
    """Run the installed command; exit code and what it complained about."""
    line = [installed / "bin" / "threechairs", *arguments]
    ran = subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=120)
    return ran.returncode, ran.stderr


@pytest.mark.parametrize("command", ["teach", "build", "check", "bundle", "tidy"])
def test_what_needs_a_clone_says_so(installed: Path, env: dict[str, str], tmp_path: Path, command: str) -> None:
    """An instructor's command ends with 2 and sends its reader to a clone."""
    code, said = run_installed(installed, env, tmp_path, command)

    assert code == 2
    assert said == (
        f"threechairs {command}: this copy of the kit has no solutions and no grading. "
        "Run it in a clone of the repository.\n"
    )


def test_mark_mine_needs_a_clone(installed: Path, env: dict[str, str], tmp_path: Path) -> None:
    """`mark-mine` from the wheel ends with 2, sends its reader to a clone, and makes nothing."""
    code, said = run_installed(installed, env, tmp_path, "mark-mine", "l01")

    assert code == 2
    assert "Run it in a clone of the repository." in said
    assert not (tmp_path / "my-work").exists()


def test_learn_opens_the_first_lesson_in_the_working_folder(
    installed: Path, env: dict[str, str], tmp_path: Path
) -> None:
    """`threechairs learn` from the wheel makes my-work/ where it is called, and its page answers."""
    place = tmp_path / "desk"
    place.mkdir()

    with Served("learn", "--name", "carol", cwd=place, env=env, command=installed / "bin" / "threechairs") as lab:
        status, page = lab.open(lab.first_page)
        notebook = lab.data("/api/contents/notebooks/00-start-here.ipynb?content=0")
        without_token = lab.status_without_token("/api/contents")

    assert status == 200
    assert "<title>JupyterLab</title>" in page
    assert lab.first_page == "/lab/tree/notebooks/00-start-here.ipynb"
    assert notebook["type"] == "notebook"
    assert without_token == 403
    made = sorted(path.relative_to(place).as_posix() for path in place.rglob("*.ipynb"))
    assert made == [
        *(f"my-work/{one.id}/{one.notebook}" for one in syllabus().assignments),
        *(f"my-work/notebooks/{lesson.id}.ipynb" for lesson in syllabus().lessons),
    ]
    assert f"Your copies are in {place / 'my-work'}." in lab.said
