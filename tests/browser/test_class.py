"""A class with a shared folder, in JupyterLab: a learner fetches and submits, an instructor opens Formgrader."""

import getpass
import os
import re
import shutil
import signal
import subprocess
import sysconfig
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import lab
from .lab import COMMAND, WAIT_MS, Kit, Witness

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "l01-three-chairs"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course whose assignment is released to a shared folder."""
    folder = tmp_path_factory.mktemp("course")
    for part in ("notebooks", "datasets", "solutions", "exercises"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("answers", ".ipynb_checkpoints"))
    (folder / "grading").mkdir()
    for name in ("nbgrader_config.py", "policy.yaml", "README.md"):
        shutil.copy(ROOT / "grading" / name, folder / "grading" / name)
    (folder / "exchange").mkdir(mode=0o777)
    for step in ("generate_assignment", "release_assignment"):
        nbgrader(folder, step, "--force")
    return folder


def environment(course: Path) -> dict[str, str]:
    """The instructor's environment: their own folders, this installation's commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "THREECHAIRS"))}
    own = {name: str(course / "home" / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "THREECHAIRS_HOME")}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    return (
        kept | own | {"PATH": path, "THREECHAIRS_EXCHANGE": str(course / "exchange"), "THREECHAIRS_COURSE": str(course)}
    )


def nbgrader(course: Path, step: str, *options: str) -> None:
    """One of nbgrader's commands, as an instructor types it in grading/."""
    done = subprocess.run(
        ["nbgrader", step, ASSIGNMENT, *options],
        cwd=course / "grading",
        env=environment(course),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.browser
@pytest.mark.slow
def test_learner_fetches_and_submits_in_lab(course, browser, tmp_path, monkeypatch):
    """A learner's Lab lists, fetches and submits the assignment, and has none of the instructor's commands."""
    monkeypatch.setattr(lab, "LEARNER", getpass.getuser())  # nbgrader's shared folder knows no other name
    kit = Kit(tmp_path, ["--exchange", str(course / "exchange")])
    try:
        context = browser.new_context(viewport={"width": 1300, "height": 900})
        witness = Witness(context)
        page = context.new_page()
        page.goto(kit.address("notebooks/00-start-here.ipynb"))
        page.wait_for_function("() => window.jupyterapp?.commands?.hasCommand('nbgrader:open-assignment-list')")
        assert not page.evaluate("() => window.jupyterapp.commands.hasCommand('nbgrader:open-formgrader')")
        page.evaluate("() => window.jupyterapp.commands.execute('nbgrader:open-assignment-list')")

        page.get_by_role("button", name="Fetch").click(timeout=WAIT_MS)
        page.get_by_role("button", name="Submit").click(timeout=WAIT_MS)

        inbound = course / "exchange" / "three-chairs" / "inbound"
        for _ in range(WAIT_MS // 200):
            if any(inbound.iterdir()):
                break
            page.wait_for_timeout(200)
        assert [entry.name.split("+")[:2] for entry in inbound.iterdir()] == [[getpass.getuser(), ASSIGNMENT]]
        witness.check()
        context.close()
    finally:
        kit.stop()


@pytest.mark.browser
@pytest.mark.slow
def test_instructor_finds_the_assignment_in_formgrader(course, browser):
    """`threechairs teach` opens a Lab whose Formgrader lists the released assignment."""
    with teaching(course) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(address)  # signs in with the token
        page.goto(re.sub(r"/lab/tree/.*", "/formgrader/manage_assignments", address))

        expect(page.get_by_role("link", name=ASSIGNMENT).first).to_be_visible(timeout=WAIT_MS)
        page.close()


class teaching:  # noqa: N801  reads as a phrase
    """`threechairs teach`, stopped at the end."""

    def __init__(self, course: Path) -> None:
        self._course = course

    def __enter__(self) -> str:
        self._server = subprocess.Popen(
            [COMMAND, "teach", "--no-browser"],
            env=environment(self._course),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in self._server.stdout:
            found = re.search(r"http://127\.0\.0\.1\S+", line)
            if found:
                return found.group(0)
        raise RuntimeError("threechairs teach told no address")

    def __exit__(self, *_reason: object) -> None:
        self._server.send_signal(signal.SIGINT)
        self._server.communicate(timeout=30)
