"""Watch the process that runs a submission, from outside its walls, and end everything it started."""

from __future__ import annotations

import contextlib
import enum
import json
import os
import select
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threechairs.grader.sandbox.walls import MB

if TYPE_CHECKING:
    from threechairs.grader.limits import Limits

TICK_S = 0.1
STARTED = b"started "
"""The first line of a report, with the number of the process, and of its group, that goes behind the walls."""
READY = b"ready\n"
"""The second line of a report: all walls stand, and the submission runs."""


class Reason(enum.StrEnum):
    """Why a submission's process is no longer there."""

    ENDED = "ended"
    CPU = "cpu time"
    WALL = "wall time"
    MEMORY = "memory"
    OUTPUT = "output"
    SIGNAL = "signal"
    STOPPED = "stopped"
    """The grader itself wanted it so, or was ended."""
    REFUSED = "refused"
    """A layer of the sandbox could not be set up, so nothing was run."""


@dataclass(frozen=True)
class Ending:
    """What the supervisor reports; the submission has no part in it.

    Parameters
    ----------
    reason : Reason
        Why it ended.
    exit_code : int
        As a shell would say it: 128 and more for a signal.
    cpu_s : float
        Processor time of the first process and of its children that it waited for.
    """

    reason: Reason
    exit_code: int
    cpu_s: float = 0.0

    def to_line(self) -> bytes:
        """As one line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, told: bytes) -> Ending:
        """Read all that a supervisor reported.

        No `READY` means that the sandbox never was; no last line, that the supervisor was ended.

        Examples
        --------
        >>> Ending.read(READY + Ending(Reason.ENDED, 0).to_line()) == Ending(Reason.ENDED, 0)
        True
        >>> Ending.read(b"").reason.value, Ending.read(READY).reason.value
        ('refused', 'stopped')
        """
        lines = told.splitlines(keepends=True)
        if not lines or not lines[-1].startswith(b"{"):
            ready = READY in lines
            return cls(Reason.STOPPED if ready else Reason.REFUSED, 128 + signal.SIGKILL if ready else 1)
        last: dict[str, Any] = json.loads(lines[-1])
        return cls(Reason(last["reason"]), int(last["exit_code"]), float(last["cpu_s"]))


def end_group(told: bytes) -> None:
    """End what is left of a submission whose supervisor was ended from outside before it could do so.

    Without namespaces only the group of its processes still binds them together. Where the supervisor ended by itself
    there is nothing left to do, and nothing is done.

    Parameters
    ----------
    told : bytes
        All that the supervisor reported.
    """
    lines = told.splitlines()
    if lines and lines[0].startswith(STARTED) and not lines[-1].startswith(b"{"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(int(lines[0].removeprefix(STARTED)), signal.SIGKILL)


def supervise(child: int, limits: Limits, ready: int, proc: int | None, report: int | None) -> int:
    """Wait for the child, keep its limits of time and memory, and leave none of its processes.

    Parameters
    ----------
    child : int
        Leads a process group of its own, and may be the first process of a process namespace.
    limits : Limits
        Of the submission.
    ready : int
        Pipe that the child writes to once all its walls stand.
    proc : int or None
        Descriptor of the folder /proc in which the child can be seen; without it memory is not watched.
    report : int or None
        Descriptor for `STARTED`, `READY` and the line of the `Ending`.

    Returns
    -------
    int
        The exit code, as a shell would say it.
    """
    stopped: list[Reason] = []
    stop_at_s = time.monotonic() + limits.wall_s

    def stop(reason: Reason) -> None:
        if not stopped:
            stopped.append(reason)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop(Reason.STOPPED))
    if report is not None:
        os.write(report, b"%s%d\n" % (STARTED, child))
    was_ready = bool(os.read(ready, 1))
    if was_ready and report is not None:
        os.write(report, READY)
    for _tick in _until_it_ends(child):
        if time.monotonic() > stop_at_s:
            stop(Reason.WALL)
        elif proc is not None and _memory_mb(child, proc) > limits.memory_mb:
            stop(Reason.MEMORY)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # from here on there is nobody left to stop
    # before it is waited for, so that its number is still its own; the group ends at one stroke, forks included
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    _pid, status, used = os.wait4(child, 0)
    cpu_s = used.ru_utime + used.ru_stime
    _end_orphans()
    code = os.waitstatus_to_exitcode(status)
    if not was_ready:
        reason = stopped[0] if stopped else Reason.REFUSED
    elif stopped:
        reason = stopped[0]
    elif -code in {signal.SIGXCPU, signal.SIGKILL} and cpu_s >= limits.cpu_s:
        reason = Reason.CPU
    else:
        reason = Reason.SIGNAL if code < 0 else Reason.ENDED
    ending = Ending(reason, code if code >= 0 else 128 - code, cpu_s)
    if report is not None and (was_ready or stopped):
        os.write(report, ending.to_line())
    return ending.exit_code


def _until_it_ends(child: int) -> Iterator[None]:
    """Once every tick, as long as the child lives; a dead child stays unreaped."""
    if not hasattr(os, "pidfd_open"):
        while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            yield
            time.sleep(TICK_S / 10)
        return
    watched = os.pidfd_open(child)
    poll = select.poll()
    poll.register(watched, select.POLLIN)
    while not poll.poll(TICK_S * 1000):
        yield
    os.close(watched)


def _end_orphans() -> None:
    """End what came to us when the child ended; only a process that left the child's group still lives."""
    with contextlib.suppress(ChildProcessError, OSError):
        while True:
            for orphan in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(orphan), signal.SIGKILL)
            os.waitpid(-1, 0)


def _memory_mb(first: int, proc: int) -> float:
    """Memory that a process and its descendants hold for themselves, in MB."""
    pages, waiting = 0, [first]
    while waiting:
        pid = waiting.pop()
        # a process may end while it is looked at
        with contextlib.suppress(OSError, ValueError):
            resident, shared = _read(f"{pid}/statm", proc).split()[1:3]
            pages += int(resident) - int(shared)
            for task in _names(f"{pid}/task", proc):
                waiting += [int(number) for number in _read(f"{pid}/task/{task}/children", proc).split()]
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def _names(path: str, folder: int) -> list[str]:
    opened = os.open(path, os.O_RDONLY, dir_fd=folder)
    try:
        return os.listdir(opened)  # noqa: PTH208  of a descriptor
    finally:
        os.close(opened)


def _read(path: str, folder: int) -> str:
    with open(os.open(path, os.O_RDONLY, dir_fd=folder)) as file:  # noqa: PTH123  relative to a descriptor
        return file.read()


def open_proc() -> int | None:
    """The folder /proc as it is now, which a later mount over it does not change."""
    return os.open("/proc", os.O_RDONLY | os.O_DIRECTORY) if Path("/proc/self/statm").exists() else None
