"""A whole program runs sealed, and what became of it is told."""

import dataclasses
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from hostile.sandboxes import processes_with, tier_of

from threechairs.errors import GradingError
from threechairs.grader.limits import Limits
from threechairs.grader.sandbox import Kind, Reason, Sandbox, Tier
from threechairs.grader.sandbox.programs import _Streams

EVERY_KIND = pytest.mark.parametrize("kind", list(Kind), ids=str)
SEALED = pytest.mark.parametrize("kind", [Kind.NAMESPACES, Kind.LANDLOCK], ids=str)


def python(kind, code, **given):
    """Run some Python."""
    stdin = given.pop("stdin", b"")
    timeout_s = given.pop("timeout_s", None)
    sandbox = Sandbox(tier_of(kind), given.pop("limits", Limits()), unsafe=kind is Kind.NONE, **given)
    return sandbox.run([sys.executable, "-I", "-S", "-c", code], stdin=stdin, timeout_s=timeout_s)


@EVERY_KIND
def test_streams_and_exit_code_come_back(kind):
    """What goes in comes out, also where it is more than a pipe holds."""
    text = b"x" * 300_000
    code = "import sys; sys.stdout.write(sys.stdin.read()); sys.stderr.write('told'); sys.exit(7)"

    finished = python(kind, code, stdin=text)

    assert finished.reason is Reason.ENDED
    assert (finished.exit_code, finished.stdout, finished.stderr) == (7, text, b"told")


@EVERY_KIND
def test_a_program_may_ignore_what_it_is_given(kind):
    """Input that nobody reads holds nothing up."""
    assert python(kind, "print('done')", stdin=b"x" * 1_000_000).stdout == b"done\n"


@EVERY_KIND
def test_each_run_has_a_fresh_copy(kind, tmp_path):
    """Files are there, can be changed, and the next run sees none of it; nor does the folder itself."""
    (tmp_path / "data.csv").write_text("1")
    code = "print(open('data.csv').read()); open('data.csv', 'w').write('2'); open('new', 'w').write('3')"

    outputs = [python(kind, code, work=tmp_path).stdout for _run in range(2)]

    assert outputs == [b"1\n", b"1\n"]
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]
    assert (tmp_path / "data.csv").read_text() == "1"


@SEALED
def test_what_is_named_can_be_read_and_not_written(kind, tmp_path):
    """Data of the course are read-only."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "rights.csv").write_text("D01")
    for folder in (tmp_path, tmp_path / "tables"):
        folder.chmod(0o755)
    code = f"path = {str(tmp_path / 'tables' / 'rights.csv')!r}\nprint(open(path).read())\nopen(path, 'w')"

    finished = python(kind, code, read_only=[tmp_path / "tables"])

    assert finished.stdout == b"D01\n"
    assert b"PermissionError" in finished.stderr or b"Read-only" in finished.stderr
    assert (tmp_path / "tables" / "rights.csv").read_text() == "D01"


@EVERY_KIND
def test_time_is_kept(kind):
    """A caller's own time limit counts where it is shorter."""
    begin_s = time.monotonic()

    finished = python(kind, "import time; time.sleep(60)", timeout_s=0.5)

    assert finished.reason is Reason.WALL
    assert time.monotonic() - begin_s < 20


@EVERY_KIND
def test_output_is_kept(kind):
    """Output beyond the limit ends the run; what came before it is there."""
    finished = python(kind, "while True: print('x' * 1000)", limits=Limits(output_mb=1))

    assert finished.reason is Reason.OUTPUT
    assert len(finished.stdout) == 2**20


@EVERY_KIND
def test_a_program_that_is_not_there(kind):
    """The run ends with a sentence, as a shell would."""
    finished = Sandbox(tier_of(kind), Limits(), unsafe=True).run(["no-such-program"])

    assert finished.exit_code == 1
    assert b"no-such-program" in finished.stderr


def test_no_tier_needs_a_word():
    """Nothing runs unsealed by accident."""
    with pytest.raises(GradingError, match="--unsafe"):
        Sandbox(Tier(Kind.NONE), Limits())


def test_a_layer_that_cannot_be_set_up_runs_nothing(tmp_path):
    """A tier that the machine does not have is refused, and the reason is told apart from a program's own end."""
    tier_of(Kind.NAMESPACES)
    (tmp_path / "large").write_bytes(bytes(3 << 20))

    finished = python(Kind.NAMESPACES, "print('ran')", limits=Limits(disk_mb=1), work=tmp_path)

    assert finished.reason is Reason.REFUSED
    assert finished.stdout == b""
    assert b"The sandbox could not be set up" in finished.stderr


@SEALED
def test_windows_is_told(kind, monkeypatch):
    """Windows has nothing to seal with, and the sentence says what to do."""
    monkeypatch.setattr("threechairs.grader.sandbox.programs.sys.platform", "win32")

    with pytest.raises(GradingError, match="WSL 2"):
        Sandbox(Tier(kind, 7), Limits())


@pytest.mark.slow
@SEALED
@pytest.mark.parametrize("with_cgroup", [True, False], ids=["cgroup", "no cgroup"])
def test_sudden_death_leaves_nothing(kind, with_cgroup, monkeypatch):
    """Whenever the outermost process is killed, the run ends, and everything inside ends with it."""
    tier = dataclasses.replace(tier_of(kind), cgroup=with_cgroup and tier_of(kind).cgroup)
    code = "import os, subprocess, sys, time\nos.fork()\nsubprocess.Popen(['sleep', sys.argv[1]])\ntime.sleep(60)"
    chance = random.Random(5)

    class Killed(subprocess.Popen):
        """A process that lives for less than half a second."""

        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            if named.get("start_new_session"):  # not the small helpers that copy and remove files
                threading.Timer(chance.uniform(0.0, 0.5), lambda: os.kill(self.pid, signal.SIGKILL)).start()

    for number in range(12):
        token = f"9876.{time.monotonic_ns()}"
        with monkeypatch.context() as patch:
            patch.setattr("threechairs.grader.sandbox.programs.subprocess.Popen", Killed)
            finished = Sandbox(tier, Limits()).run([sys.executable, "-I", "-S", "-c", code, token])

        assert finished.reason in {Reason.REFUSED, Reason.STOPPED}, number
        assert processes_with(token) == []


def test_a_stopped_grader_leaves_nothing(monkeypatch):
    """Ctrl-C in the middle of a run ends the run as well."""
    token = f"9876.{time.monotonic_ns()}"
    tier = dataclasses.replace(tier_of(Kind.NAMESPACES), cgroup=False)
    begin_s = time.monotonic()
    monkeypatch.setattr(_Streams, "exchange", _interrupted)

    with pytest.raises(KeyboardInterrupt):
        Sandbox(tier, Limits(wall_s=9)).run(["sleep", token])

    assert processes_with(token) == []
    assert time.monotonic() - begin_s < 4


def _interrupted(_streams, _end_s):
    time.sleep(0.4)
    raise KeyboardInterrupt
