"""Run one whole program sealed: the simple way in, for a program that is started for one submission."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threechairs.errors import GradingError
from threechairs.grader.sandbox.cgroups import cgroup, places
from threechairs.grader.sandbox.drop import is_root, own_copy, remove
from threechairs.grader.sandbox.launch import command
from threechairs.grader.sandbox.namespaces import bubblewrap, outermost, places_of_python
from threechairs.grader.sandbox.supervise import TICK_S, Ending, Reason, end_group
from threechairs.grader.sandbox.tiers import Kind, Tier
from threechairs.grader.sandbox.walls import MB

if TYPE_CHECKING:
    from threechairs.grader.limits import Limits

GRACE_S = 10
"""How long the parts outside the walls may take on top, before they are ended as well."""


@dataclass(frozen=True)
class Finished:
    """What became of a program.

    Parameters
    ----------
    exit_code : int
        As a shell would say it: 128 and more for a signal.
    stdout, stderr : bytes
        What it wrote, up to the limit of output. Never trust it.
    reason : Reason
        Why it is no longer there; `Reason.REFUSED` means that it never ran, and `stderr` says why.
    """

    exit_code: int
    stdout: bytes
    stderr: bytes
    reason: Reason


@dataclass(frozen=True)
class Sandbox:
    """A sandbox for whole programs.

    Parameters
    ----------
    tier : Tier
        As `detect` found it.
    limits : Limits
        Of each run.
    read_only : sequence of pathlib.Path
        What programs may read besides Python, the kit and the system's programs.
    work : pathlib.Path, optional
        Folder whose files each run gets a fresh copy of; nothing is copied back.
    sockets : bool
        Whether programs may make sockets; they lead nowhere.
    unsafe : bool
        Must be true for a tier that seals nothing.

    Raises
    ------
    GradingError
        If the tier seals nothing and `unsafe` is not said, or the machine has no processes as we need them.

    Examples
    --------
    >>> from threechairs.grader.limits import Limits
    >>> Sandbox(Tier(Kind.NONE), Limits())
    Traceback (most recent call last):
        ...
    threechairs.errors.GradingError: sandbox: nothing would be sealed off. Grade on Linux, or trust all: --unsafe.
    """

    tier: Tier
    limits: Limits
    read_only: Sequence[Path] = ()
    work: Path | None = None
    sockets: bool = False
    unsafe: bool = False

    def __post_init__(self) -> None:
        if self.tier.kind is Kind.NONE and not self.unsafe:
            raise GradingError(
                "sandbox",
                "nothing would be sealed off",
                next_step="Grade on Linux, or trust all: --unsafe.",
            )
        if sys.platform == "win32":
            raise GradingError("sandbox", "Windows cannot seal a submission", next_step="Grade in WSL 2.")

    def run(self, argv: Sequence[str], stdin: bytes = b"", timeout_s: float | None = None) -> Finished:
        """Run a program in a fresh copy of the work folder, and wait for it.

        Parameters
        ----------
        argv : sequence of str
            The program and its arguments.
        stdin : bytes
            What it reads.
        timeout_s : float, optional
            Time by the clock, in seconds; never more than the limits allow.

        Returns
        -------
        Finished
            Also when the program misbehaved, or could not be started. Nothing of it is left running.
        """
        limits = self.limits
        if timeout_s is not None:
            limits = limits.model_copy(update={"wall_s": min(timeout_s, limits.wall_s)})
        stage = own_copy(self.work)
        report, told = os.pipe()
        try:
            with cgroup(limits, places() if self.tier.cgroup else {}) as groups:
                words = self._words(argv, limits, stage, told, groups)
                # bubblewrap's environment can be read inside, so it is an empty one
                process = subprocess.Popen(
                    words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=[told],
                    env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                    cwd="/",
                    start_new_session=True,
                )
                os.close(told)
                told = -1
                with process, _Streams(process, stdin, limits.output_mb * MB) as streams:
                    try:
                        cause = streams.exchange(time.monotonic() + limits.wall_s + GRACE_S)
                        _end(process, patience_s=0.0 if cause else GRACE_S)
                    finally:
                        _end(process, patience_s=0.0)  # also where somebody stops the grader
                        lines = _all_of(report)
                        if self.tier.kind is not Kind.NAMESPACES:  # there, the number would be that of somebody else
                            end_group(lines)
                    cause = cause or streams.exchange(time.monotonic() + GRACE_S)
            ending = Ending.read(lines)
        finally:
            os.close(report)
            if told >= 0:
                os.close(told)
            remove(stage)
        reason = cause or ending.reason
        code = ending.exit_code if ending.reason is not Reason.REFUSED else process.returncode
        return Finished(code, bytes(streams.stdout), bytes(streams.stderr), reason)

    def _words(
        self, argv: Sequence[str], limits: Limits, stage: Path, report: int, groups: Iterable[Path]
    ) -> list[str]:
        settings = {
            "kind": self.tier.kind.value,
            "landlock_version": self.tier.landlock_version,
            "limits": limits.model_dump(),
            "work": str(stage / "work"),
            "read_only": [str(place) for place in self.read_only],
            "hide": [str(stage)],
            "sockets": self.sockets,
            "report": report,
            "unsafe": self.unsafe,
        }
        words = command("inside", settings, argv)
        if self.tier.kind is Kind.NAMESPACES:
            words = bubblewrap(words, read_only=[*self.read_only, stage])
        return outside(words, [*self.read_only, stage], groups)


def outside(argv: Sequence[str], reach: Iterable[Path] = (), groups: Iterable[Path] = ()) -> list[str]:
    """Command line that runs a trusted program as an unprivileged user, in control groups.

    Parameters
    ----------
    argv : sequence of str
        The program, such as a fork server's `bubblewrap(...)`.
    reach : iterable of pathlib.Path
        What it must be able to read although it may lie in root's folders; Python and the kit are added.
    groups : iterable of pathlib.Path
        As `cgroup` made them.
    """
    joined = [str(group) for group in groups]
    if not is_root() and not joined:
        return list(argv)
    near = outermost([*places_of_python(), *reach])
    return command("outside", {"groups": joined, "reach": [str(place) for place in near]}, argv)


def _end(process: subprocess.Popen[bytes], patience_s: float) -> None:
    """Wait for the outermost process, or end it, which takes all others with it; politely first, so that it can."""
    if process.returncode is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        if _has_ended(process, patience_s):
            break
        os.kill(process.pid, number)
        patience_s = 2.0
    # bubblewrap's processes are not bound to each other from their very first moment
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _has_ended(process: subprocess.Popen[bytes], patience_s: float) -> bool:
    """Whether a process ends within a time; it keeps its number until it is waited for."""
    end_s = time.monotonic() + patience_s
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > end_s:
            return False
        time.sleep(0.005)
    return True


def _all_of(report: int) -> bytes:
    os.set_blocking(report, False)
    with contextlib.suppress(BlockingIOError):
        return os.read(report, 4096)
    return b""


class _Streams:
    """Standard streams of a process, read and written without ever waiting on one alone."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, most_bytes: int) -> None:
        assert process.stdin and process.stdout and process.stderr
        self.stdout, self.stderr, self._process = bytearray(), bytearray(), process
        self._waiting, self._room, self._input = memoryview(stdin), most_bytes, process.stdin
        self._selector = selectors.DefaultSelector()
        self._selector.register(process.stdout, selectors.EVENT_READ, self.stdout)
        self._selector.register(process.stderr, selectors.EVENT_READ, self.stderr)
        os.set_blocking(process.stdin.fileno(), False)
        self._selector.register(process.stdin, selectors.EVENT_WRITE)

    def __enter__(self) -> _Streams:
        return self

    def __exit__(self, *_error: object) -> None:
        self._selector.close()

    def exchange(self, end_s: float) -> Reason | None:
        """Until both outputs are closed, or the process has ended; otherwise the reason why not."""
        while any(key.data is not None for key in self._selector.get_map().values()):
            if time.monotonic() > end_s:
                return Reason.WALL
            events = self._selector.select(TICK_S)
            if not events and (self._process.returncode is not None or _has_ended(self._process, 0)):
                return None  # somebody else holds the outputs open
            for key, _events in events:
                if key.data is None:
                    self._write()
                    continue
                read = os.read(key.fd, min(65_536, self._room + 1))
                key.data.extend(read[: self._room])
                if len(read) > self._room:
                    return Reason.OUTPUT
                self._room -= len(read)
                if not read:
                    self._selector.unregister(key.fileobj)
        return None

    def _write(self) -> None:
        try:
            self._waiting = self._waiting[os.write(self._input.fileno(), self._waiting[:65_536]) :]
            done = not self._waiting
        except BlockingIOError:
            return
        except BrokenPipeError:
            done = True
        if done:
            self._selector.unregister(self._input)
            self._input.close()
