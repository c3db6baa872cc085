"""Every command of the README is run, in its order, in a clean copy of the repository."""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ACTIVATE = ". .venv/bin/activate"
SERVERS = ("make learn", "make teach", "threechairs learn", "threechairs teach")
OPEN_AT = re.compile(r"open at (http://127\.0\.0\.1:\d+/\S+)")


def blocks(language: str) -> list[list[str]]:
    """Commands of the README's fenced blocks in one language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.S | re.M)
    return [[line for line in block.splitlines() if line.strip()] for block in found]


def run(command: str, folder: Path, environment: dict[str, str], *, active: bool) -> str:
    """Run one command line as a shell does, and return what it printed; it must succeed."""
    line = f"{ACTIVATE} && {command}" if active else command
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )

    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"

    return done.stdout + done.stderr


def serve(command: str, folder: Path, environment: dict[str, str], *, active: bool) -> float:
    """Start a server by its command, look at its first page, stop it with Ctrl-C; seconds until it told its address."""
    line = f"{ACTIVATE} && {command}" if active else command
    begun = time.monotonic()
    server = subprocess.Popen(
        ["bash", "-c", line],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        told = []
        for printed in server.stdout:
            told.append(printed)
            address = OPEN_AT.search(printed)
            if address:
                break
        else:
            pytest.fail(f"{command} told no address:\n{''.join(told)}")
        seconds = time.monotonic() - begun
        with urllib.request.urlopen(address[1], timeout=60) as page:
            assert page.status == 200
        return seconds
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.communicate(timeout=60)


def prepare(command: str, clone: Path, environment: dict[str, str]) -> None:
    """What a reader has done before: learners have submitted, zip files have been put in their place."""
    if command.startswith("nbgrader list"):
        run("cd grading && nbgrader submit l01-three-chairs", clone, environment, active=True)
    if command.startswith("nbgrader zip_collect"):
        archive = clone / "grading" / "downloaded" / "l01-three-chairs" / "archive"
        archive.mkdir(parents=True)
        for zipped in (clone / "my-work" / "hand-in").glob("*.zip"):
            shutil.copy(zipped, archive)
    if command == "threechairs new-attempt l01":
        # an attempt ends when there is an answer: give one as a learner does in code
        answer = "from threechairs import *; open_case('l01-three-chairs'); answer('orphans', 3)"
        run(f'cd my-work/l01-three-chairs && python -c "{answer}"', clone, environment, active=True)


def test_readme_commands_work_in_a_clean_clone(clone, newcomer_environment):
    """Every shell command of the README succeeds in its order, starting with nothing installed."""
    environment = dict(newcomer_environment)
    folder, active, ran = ".", False, []

    for command in (line for block in blocks("shell") for line in block):
        prepare(command, clone, environment)
        if command == ACTIVATE:
            active = True
        elif command.startswith("cd "):
            folder = os.path.normpath(os.path.join(folder, command[3:]))  # noqa: PTH118  a relative path as typed
        elif command == "make test":
            # this test is part of it
            assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        elif command.startswith(SERVERS):
            seconds = serve(command, clone, environment, active=active)
            print(f"\n{command}: open after {seconds:.1f} s")
        elif command == "make test-fast":
            run(command, clone, {**environment, "PYTEST_ADDOPTS": "--collect-only -q"}, active=active)
        else:
            run(f"cd {folder} && {command}", clone, environment, active=active)
        ran.append(command)

    assert len(ran) > 25
    assert (clone / "three-chairs-learner.zip").is_file()


def test_powershell_commands_are_the_same_ones():
    """PowerShell lines beside shell lines do the same: the same kit commands, or the Makefile's own steps."""
    shell = {line for block in blocks("shell") for line in block}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(1)", ".pins/learn.txt")
    makefile = re.sub(r" --(quiet|disable-pip-version-check)", "", makefile)
    as_posix = {
        ".venv/bin/Activate.ps1": ACTIVATE,
        "threechairs learn --name alice": "make learn NAME=alice",
        "threechairs learn --no-browser --port 8899": "make learn NO_BROWSER=1 PORT=8899",
        "threechairs teach": "make teach",
    }

    for line in (line for block in blocks("powershell") for line in block):
        posix = line.replace("\\Scripts\\", "/bin/").replace("\\", "/")
        posix = as_posix.get(posix, posix)
        recipe = re.sub(r"^(py -3\.11|\.venv/bin/python) ", "", posix)
        assert (
            posix in shell
            or recipe in makefile
            or (posix == ".venv/bin/threechairs learn" and "$(BIN)/threechairs learn" in makefile)
        ), line
