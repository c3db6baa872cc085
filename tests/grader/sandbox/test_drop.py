"""Root is left for good, and only what is needed comes within reach of the user that replaces it."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from threechairs.errors import GradingError
from threechairs.grader.sandbox import outside
from threechairs.grader.sandbox.drop import (
    UNPRIVILEGED,
    hidden_from_others,
    is_root,
    leave_root,
    own_copy,
    remove,
)

as_root = pytest.mark.skipif(not is_root(), reason="only root can leave root")


@pytest.fixture
def locked():
    """A folder of root's that nobody else can enter, with two files."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    for name in ("needed", "private"):
        (folder / name).write_text(name)
        (folder / name).chmod(0o644)
    yield folder
    shutil.rmtree(folder)


LOOK = """
import json, os, sys
def can(action):
    try: return action()
    except OSError as error: return type(error).__name__
folder = sys.argv[1]
print(json.dumps({
    "user": [*os.getresuid(), *os.getresgid(), *os.getgroups()],
    "needed": can(lambda: open(folder + "/needed").read()),
    "listing": can(lambda: os.listdir(folder)),
    "root again": can(lambda: os.setuid(0)),
    "root's group again": can(lambda: os.setgid(0)),
}))
"""


@as_root
def test_root_is_left_for_good(locked):
    """The program runs as another user, reads what was named, sees nothing beside it and cannot go back."""
    words = outside([sys.executable, "-I", "-c", LOOK, str(locked)], [locked / "needed"])

    seen = json.loads(subprocess.run(words, check=True, capture_output=True, extra_groups=[0, 4]).stdout)

    assert seen["user"] == [UNPRIVILEGED] * 6
    assert seen["needed"] == "needed"
    assert seen["listing"] == ["needed"]
    assert (seen["root again"], seen["root's group again"]) == ("PermissionError", "PermissionError")
    assert sorted(path.name for path in locked.iterdir()) == ["needed", "private"]


@as_root
def test_what_is_not_named_stays_out_of_reach(locked):
    """A folder that only root can enter is closed to the user who runs submissions."""
    words = outside([sys.executable, "-I", "-c", LOOK, str(locked)])

    seen = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)

    assert (seen["needed"], seen["listing"]) == ("PermissionError", "PermissionError")


def test_only_root_can_leave_root(monkeypatch):
    """An ordinary user stays who it is, and is told so."""
    monkeypatch.setattr("threechairs.grader.sandbox.drop.is_root", lambda: False)

    with pytest.raises(GradingError, match="only root can leave root"):
        leave_root()


def test_root_that_may_not_change_its_user_is_refused(monkeypatch):
    """A container's root without the right to become somebody else grades nothing."""
    monkeypatch.setattr("threechairs.grader.sandbox.drop.is_root", lambda: True)

    def forbidden(*_numbers):
        raise PermissionError("not permitted")

    for name in ("setgroups", "setresgid", "setresuid"):
        monkeypatch.setattr(os, name, forbidden)

    with pytest.raises(GradingError, match=r"root could not be left .*Grade as an ordinary user"):
        leave_root()


def test_root_that_comes_back_is_refused(monkeypatch):
    """Who still is root after it was left does not go on."""
    monkeypatch.setattr("threechairs.grader.sandbox.drop.is_root", lambda: True)
    for name in ("setgroups", "setresgid", "setresuid"):
        monkeypatch.setattr(os, name, lambda *_numbers: None)

    with pytest.raises(GradingError, match="came back"):
        leave_root()


def test_the_outermost_locked_folder_counts(locked):
    """The folder on the way that others cannot enter is found, however deep the place lies in it."""
    assert hidden_from_others(locked / "deep" / "deeper" / "file") == locked
    assert hidden_from_others(locked) is None


def test_a_copy_belongs_to_the_user_who_runs_it(tmp_path):
    """Locked files are opened, links stay links, pipes are left out, and the owner is nobody's root."""
    folder = tmp_path / "handed-in"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "locked.csv").write_text("1")
    (folder / "data" / "locked.csv").chmod(0o400)
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "nowhere").symlink_to("gone")
    os.mkfifo(folder / "pipe")

    stage = own_copy(folder)

    assert sorted(path.name for path in (stage / "work").iterdir()) == ["data", "nowhere", "out"]
    assert (stage / "work" / "out").readlink() == Path("/etc/passwd")
    assert (stage / "work" / "data" / "locked.csv").stat().st_mode & stat.S_IRWXU == 0o600
    owner = UNPRIVILEGED if is_root() else os.getuid()
    assert {path.lstat().st_uid for path in (stage, *stage.rglob("*"))} == {owner}

    remove(stage)
    assert not stage.exists()


def test_a_folder_that_cannot_be_copied_is_told(tmp_path):
    """One impossible submission raises a sentence, leaves nothing, and so cannot stop the others."""
    before = set(Path(tempfile.gettempdir()).glob("threechairs-*"))

    with pytest.raises(GradingError, match="cannot be copied"):
        own_copy(tmp_path / "gone")

    assert set(Path(tempfile.gettempdir()).glob("threechairs-*")) - before == set()
