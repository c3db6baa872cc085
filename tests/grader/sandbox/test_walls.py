"""Each wall by itself, built in a child of the test."""

import errno
import os
import resource
import socket
import subprocess
import sys

import pytest
from grader.sandbox.in_child import in_child, needs_linux, outcome

from threechairs.grader.limits import Limits
from threechairs.grader.sandbox import walls

pytestmark = needs_linux


@pytest.fixture
def with_landlock():
    """A machine without Landlock skips, except where everything is required."""
    if walls.landlock_version():
        return
    if os.environ.get("THREECHAIRS_REQUIRE") == "1":
        pytest.fail("no Landlock here")
    pytest.skip("no Landlock here")


@pytest.mark.usefixtures("with_landlock")
def test_files_within_and_without(tmp_path):
    """What is named can be read, or written; everything else cannot be opened."""
    readable, writable, secret = (tmp_path / name for name in ("readable", "writable", "secret"))
    for folder in (readable, writable, secret):
        folder.mkdir()
        (folder / "file").write_text("text")

    def child():
        walls.landlock([readable], [writable])
        return [
            outcome((readable / "file").read_text),
            outcome(lambda: (readable / "file").write_text("new")),
            outcome(lambda: (writable / "file").write_text("new")),
            outcome((secret / "file").read_text),
            outcome((secret / "file").unlink),
            outcome(lambda: os.mkfifo(writable / "pipe")),
        ]

    assert in_child(child) == ["done", errno.EACCES, "done", errno.EACCES, errno.EACCES, "done"]


@pytest.mark.usefixtures("with_landlock")
def test_tcp_and_sockets_of_others():
    """No TCP and no abstract socket of somebody else, unless TCP is left alone."""
    if walls.landlock_version() < 6:
        pytest.skip("this kernel's Landlock does not know sockets yet")
    name = f"\0threechairs-{os.getpid()}"
    with socket.socket() as server, socket.socket(socket.AF_UNIX) as abstract:
        server.bind(("127.0.0.1", 0))
        server.listen()
        abstract.bind(name)
        abstract.listen()

        def child(tcp):
            walls.landlock([], [], tcp=tcp)
            with socket.socket() as near, socket.socket(socket.AF_UNIX) as far:
                return [
                    outcome(lambda: near.connect(server.getsockname())),
                    outcome(lambda: far.connect(name)),
                    outcome(lambda: os.kill(os.getppid(), 0)),
                ]

        assert in_child(lambda: child(tcp=False)) == [errno.EACCES, errno.EPERM, errno.EPERM]
        assert in_child(lambda: child(tcp=True)) == ["done", errno.EPERM, errno.EPERM]


def test_resources_are_limited():
    """Every limit stands as it was said, and cannot be raised by an ordinary user."""
    limits = Limits(cpu_s=7, memory_mb=4096, processes=50, open_files=99, file_mb=3)

    def child():
        walls.limit_resources(limits, tasks_beside=10)
        names = ("CPU", "AS", "NPROC", "NOFILE", "FSIZE", "CORE")
        return [resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in names]

    assert in_child(child) == [7, 4096 << 20, 60, 99, 3 << 20, 0]


def test_lower_limits_stay():
    """A limit that is lower already is kept, not raised."""

    def child():
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
        walls.limit_resources(Limits(memory_mb=4096, open_files=99))
        return resource.getrlimit(resource.RLIMIT_NOFILE)

    assert in_child(child) == [20, 20]


def test_capabilities_are_given_up():
    """Also root keeps none, and no program can bring one back."""

    def child():
        walls.drop_capabilities()
        return walls.unfinished(bounding_set=False)

    missing = [line for line in in_child(child) if line.startswith(("Cap", "NoNewPrivs"))]

    assert missing == []


def test_an_ordinary_process_is_not_finished():
    """The last look before a submission runs sees what is missing."""
    wrong = " ".join(walls.unfinished(bounding_set=True))

    assert "NoNewPrivs is 0" in wrong
    assert "Seccomp is 0" in wrong


def test_tasks_of_this_user_are_counted():
    """Threads count, as they do for the kernel."""
    before = walls.tasks_of_this_user()
    code = "import threading, time\nfor _ in range(20): threading.Thread(target=time.sleep, args=(9,)).start()\nprint()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        during = walls.tasks_of_this_user()
        process.kill()

    assert during >= before + 15
