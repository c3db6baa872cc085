"""What the supervisor reports cannot be mistaken, and what it watches leaves nothing behind."""

import os
import signal
import sys
import time

import pytest

from threechairs.grader.limits import Limits
from threechairs.grader.sandbox import Ending, Reason
from threechairs.grader.sandbox.supervise import READY, open_proc, supervise

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no forks")


def test_a_report_survives_its_way():
    """What is written is what is read."""
    ending = Ending(Reason.WALL, 137, 1.5)

    assert Ending.read(READY + ending.to_line()) == ending


@pytest.mark.parametrize(("told", "reason"), [(b"", Reason.REFUSED), (READY, Reason.STOPPED)])
def test_a_report_that_breaks_off(told, reason):
    """Without a last line it is known whether anything ran at all."""
    assert Ending.read(told).reason is reason


def watched(action, **limits):
    """A supervised child that does something, and what was reported; in a process of its own, as in a server."""
    report, told = os.pipe()
    outer = os.fork()
    if outer == 0:
        try:
            waiting, ready = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(told)
                os.setsid()
                os.write(ready, b"y")
                os.close(ready)
                action()
                os._exit(0)
            os.close(ready)
            supervise(child, Limits(**limits), waiting, open_proc(), told)
        finally:
            os._exit(0)
    os.close(told)
    os.waitpid(outer, 0)
    with os.fdopen(report, "rb") as file:
        return Ending.read(file.read())


def test_an_exit_code_is_passed_on():
    """A program that ends by itself ends with its own code."""
    ending = watched(lambda: os._exit(3))

    assert (ending.reason, ending.exit_code) == (Reason.ENDED, 3)


def test_a_signal_is_told():
    """A crash is no ordinary end."""
    ending = watched(lambda: os.kill(os.getpid(), signal.SIGUSR1))

    assert (ending.reason, ending.exit_code) == (Reason.SIGNAL, 128 + signal.SIGUSR1)


def test_time_is_kept():
    """Whoever sleeps too long is ended in time."""
    begin_s = time.monotonic()

    assert watched(lambda: time.sleep(60), wall_s=0.3).reason is Reason.WALL
    assert time.monotonic() - begin_s < 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the memory of others")
def test_memory_of_all_processes_is_counted_together():
    """Each process is within the limit, all together are not."""

    def spread():
        for _number in range(6):
            if os.fork() == 0:
                held = bytearray(os.urandom(1 << 20)) * 40
                time.sleep(60 + len(held))
        time.sleep(60)

    assert watched(spread, memory_mb=150, wall_s=30).reason is Reason.MEMORY
