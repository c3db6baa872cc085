"""Control groups are used where both kinds may be made, with the limits written and nothing left behind."""

import subprocess
import sys

import pytest

from threechairs.grader.limits import Limits
from threechairs.grader.sandbox import outside
from threechairs.grader.sandbox.cgroups import BESIDE, cgroup, places


def test_first_version_is_found(tmp_path):
    """Each controller has its own tree, and the process its own place in each."""
    own = tmp_path / "own"
    own.write_text("9:name=systemd:/\n8:pids:/\n4:memory:/mine\n2:cpu,cpuacct:/\n")
    (tmp_path / "memory" / "mine").mkdir(parents=True)
    (tmp_path / "pids").mkdir()

    assert places(tmp_path, own) == {"memory": tmp_path / "memory" / "mine", "pids": tmp_path / "pids"}


def test_second_version_is_found_where_it_is_delegated(tmp_path):
    """The group above is used where it hands memory and pids down."""
    own = tmp_path / "own"
    own.write_text("0::/user/shell\n")
    (tmp_path / "user" / "shell").mkdir(parents=True)
    (tmp_path / "user" / "cgroup.procs").touch()
    (tmp_path / "user" / "cgroup.subtree_control").write_text("cpu memory pids\n")

    assert places(tmp_path, own) == {"memory": tmp_path / "user", "pids": tmp_path / "user"}


@pytest.mark.parametrize("handed_down", ["", "cpu", "memory"])
def test_half_a_delegation_is_none(tmp_path, handed_down):
    """Without both controllers no promise could be kept, so none is made."""
    own = tmp_path / "own"
    own.write_text("0::/shell\n")
    (tmp_path / "shell").mkdir()
    for folder in (tmp_path, tmp_path / "shell"):
        (folder / "cgroup.procs").touch()
        (folder / "cgroup.subtree_control").write_text(handed_down)

    assert places(tmp_path, own) == {}


def test_a_machine_without_control_groups(tmp_path):
    """No file, no groups, no error."""
    assert places(tmp_path, tmp_path / "none") == {}


def test_limits_are_written_and_the_group_goes(tmp_path, monkeypatch):
    """Memory and processes are limited together; at the end the folders are removed."""
    made = []
    real, real_rmdir = type(tmp_path).mkdir, type(tmp_path).rmdir

    def mkdir(path, *args, **kwargs):
        """As the kernel does it: a new group has its files at once."""
        real(path, *args, **kwargs)
        for name in ("memory.max", "pids.max", "memory.swap.max"):
            (path / name).touch()
            made.append(path / name)

    def rmdir(path):
        for name in list(path.iterdir()):
            name.unlink()
        real_rmdir(path)

    monkeypatch.setattr(type(tmp_path), "mkdir", mkdir)
    monkeypatch.setattr(type(tmp_path), "rmdir", rmdir)

    with cgroup(Limits(memory_mb=100, processes=20), {"memory": tmp_path, "pids": tmp_path}) as groups:
        (group,) = groups
        assert (group / "memory.max").read_text() == str(100 * 2**20)
        assert (group / "pids.max").read_text() == str(20 + BESIDE)
        assert (group / "memory.swap.max").read_text() == "0"

    assert list(tmp_path.iterdir()) == []


GREEDY = """
import os, time
children = []
for number in range(4):
    child = os.fork()
    if not child:
        held = bytearray(os.urandom(1 << 20)) * 60
        time.sleep(3)
        os._exit(0)
    children.append(child)
print(sum(os.waitpid(child, 0)[1] == 0 for child in children), "held")
"""


def test_the_kernel_keeps_what_is_written():
    """Four processes may each hold 60 MB, and not 240 MB together where a group allows 100."""
    found = places()
    if not found:
        pytest.skip("this machine lets us make no control groups")
    words = [sys.executable, "-I", "-c", GREEDY]

    free = subprocess.run(words, capture_output=True, check=True)
    with cgroup(Limits(memory_mb=100, processes=20), found) as groups:
        held = subprocess.run(outside(words, groups=groups), capture_output=True, check=False)

    assert free.stdout == b"4 held\n"
    assert held.stdout != b"4 held\n"
    assert not any(group.exists() for group in groups)
