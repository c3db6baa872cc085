"""What the filter of system calls lets through, and what only seems to work."""

import errno
import importlib.util
import os
import resource
import signal
import socket
import subprocess

import pytest
from grader.sandbox.in_child import in_child, needs_linux, outcome

from threechairs.grader.sandbox.system_calls import system_call_filter

pytestmark = [
    needs_linux,
    pytest.mark.skipif(
        importlib.util.find_spec("pyseccomp") is None and os.environ.get("THREECHAIRS_REQUIRE") != "1",
        reason="the Python package pyseccomp is not installed",
    ),
]
NO_SUCH_CALL = errno.ENOSYS


def filtered(action, **options):
    """What an action returns under a filter."""

    def child():
        from threechairs.grader.sandbox import libc

        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        system_call_filter(**options).load()
        return action()

    return in_child(child)


@pytest.mark.parametrize("alone", [True, False])
def test_programs_work(alone):
    """Other programs can be started, also in a session of their own where a library asks for one."""

    def run():
        words = ["echo", "hello"]
        return subprocess.run(words, stdout=subprocess.PIPE, start_new_session=True, text=True, check=True).stdout

    assert filtered(run, alone=alone) == "hello\n"


@pytest.mark.parametrize("alone", [True, False])
def test_who_is_not_alone_stays_in_its_group(alone):
    """A new session seems to be made, and is not: the group is how the supervisor finds every process."""

    def leave():
        if os.fork() == 0:
            os._exit(0)
        before = os.getsid(0)
        child = os.fork()
        if child == 0:
            os.setsid()
            os._exit(int(os.getsid(0) != before))
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert filtered(leave, alone=alone) == int(alone)


@pytest.mark.parametrize(
    ("alone", "sockets", "allowed"),
    [
        (True, False, set()),
        (False, False, set()),
        (True, True, {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, 16}),
        (False, True, {socket.AF_UNIX}),
    ],
)
def test_families_of_sockets(alone, sockets, allowed):
    """Without sockets none can be made; with them, those of the internet only where it leads nowhere."""

    def families():
        made = {}
        for family in range(46):
            number = socket.SOCK_RAW if family in {16, 17} else socket.SOCK_STREAM
            made[family] = outcome(lambda family=family, number=number: socket.socket(family, number).close())
        return [family for family, result in made.items() if result != NO_SUCH_CALL]

    assert set(filtered(families, alone=alone, sockets=sockets)) == {int(family) for family in allowed}


def test_pairs_of_sockets_always_work():
    """Event loops need them, and they reach nobody."""
    assert filtered(lambda: outcome(socket.socketpair), alone=False) == "done"


def test_signals_only_to_itself():
    """Where an older kernel does not confine signals, the filter does."""

    def send():
        own, parent = os.getpid(), os.getppid()
        return [outcome(lambda pid=pid: os.kill(pid, 0)) for pid in (own, parent, -1, 0)]

    def filtered_send():
        from threechairs.grader.sandbox import libc

        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        system_call_filter(alone=False, only_signal=os.getpid()).load()
        signal.signal(signal.SIGUSR1, lambda *_: None)
        signal.raise_signal(signal.SIGUSR1)
        return send()

    assert in_child(filtered_send) == ["done", NO_SUCH_CALL, NO_SUCH_CALL, NO_SUCH_CALL]
    assert filtered(send, alone=True)[:2] == ["done", "done"]


def test_limits_only_of_itself():
    """Its own limits can be read and lowered; nobody else's."""

    def limits():
        lower = outcome(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        others = outcome(lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE))
        return [lower, others]

    assert filtered(limits, alone=True) == ["done", NO_SUCH_CALL]
