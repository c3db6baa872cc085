"""The tutorial in the instructor's guide, followed line by line: a new scenario ends up playing in a notebook."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from threechairs.datasets import course_root

GUIDE = (course_root() / "grading" / "README.md").read_text(encoding="utf-8")
TUTORIAL = GUIDE.split("## Write a scenario of your own")[1]
WISE = {"cso": ("ask-priya", "key-lock", "owner"), "cio": ("say-it", "restore-today", "owner")}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which step 1 has been done: the file is saved where the tutorial says."""
    folder = tmp_path_factory.mktemp("clone")
    for part in ("notebooks", "datasets", "solutions", "exercises", "grading"):
        shutil.copytree(course_root() / part, folder / part, ignore=shutil.ignore_patterns("*.db", "submitted"))
    saved = re.search(r"Save this as `([^`]+)`", TUTORIAL)
    story = re.search(r"```yaml\n(.*?)```", TUTORIAL, re.DOTALL)
    assert saved and story
    (folder / saved[1]).write_text(story[1], encoding="utf-8")
    return folder


@pytest.fixture
def environment(clone: Path, tmp_path: Path) -> dict[str, str]:
    """What the author's terminal has: the clone as the course, the kit's command on the path."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    own = {"THREECHAIRS_COURSE": str(clone), "THREECHAIRS_HOME": str(tmp_path), "THREECHAIRS_LEARNER": "author"}
    return {**os.environ, **own, "PATH": path}


@pytest.mark.slow
def test_every_command_of_the_tutorial_works(clone: Path, environment: dict[str, str]) -> None:
    """The check finds nothing in the new scenario, the map draws it, and the terminal plays it to its end."""
    commands = [line for block in re.findall(r"```shell\n(.*?)```", TUTORIAL, re.DOTALL) for line in block.splitlines()]
    said = {}
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command],
            input="1\n1\n1\nq\n", cwd=clone, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        said[" ".join(command.split()[:2])] = done.stdout + done.stderr

    assert "No problems." in said["threechairs check"]
    assert "owner: Have the system owner sign until Sunday" in said["threechairs scenario"]
    assert "100 %: the mean of G2, G5, G6." in said["threechairs play"]


@pytest.mark.slow
@pytest.mark.parametrize("chair", WISE)
def test_the_new_scenario_plays_in_a_notebook(
    clone: Path, environment: dict[str, str], chair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line that the tutorial gives shows the player in a kernel, and wise play keeps every promise."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    line = re.search(r"`(ScenarioPlayer\([^`]+\))`", TUTORIAL)
    assert line
    cells = [
        'from threechairs import *\nopen_lesson("00")',
        line[1],
        f'from threechairs.activities import play\nplay("my-play", chair="{chair}")',
        *(f'play("my-play", choose="{option}")' for option in WISE[chair]),
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])

    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(clone / "notebooks")}}).execute()

    shown, *_, last = [cell.outputs[0]["data"] for cell in notebook.cells[1:]]
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "100 %: the mean of G2, G5, G6." in last["text/plain"]
