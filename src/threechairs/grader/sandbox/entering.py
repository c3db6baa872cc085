"""Enter the sandbox from a forked child: everything is set up in the one order that works, or nothing runs."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from threechairs.grader.sandbox import libc, namespaces, walls
from threechairs.grader.sandbox.drop import is_root
from threechairs.grader.sandbox.supervise import open_proc, supervise
from threechairs.grader.sandbox.system_calls import system_call_filter
from threechairs.grader.sandbox.tiers import Kind, Tier

if TYPE_CHECKING:
    from pyseccomp import SyscallFilter  # type: ignore[import-untyped]

    from threechairs.grader.limits import Limits

STANDARD_STREAMS = (0, 1, 2)


def prepare(tier: Tier, *, sockets: bool = False) -> None:
    """Do in the server, once, what `enter` would do anew in each child: imports, and the filter of system calls.

    Parameters
    ----------
    tier : Tier
        The tier that children will enter.
    sockets : bool
        As they will say it.
    """
    import fcntl  # noqa: F401
    import resource  # noqa: F401

    if tier.landlock_version:
        import landlock  # type: ignore[import-untyped]  # noqa: F401
    if tier.kind is not Kind.NONE:
        _filter(tier, sockets)


def enter(
    tier: Tier,
    limits: Limits,
    work: Path,
    *,
    read_only: Iterable[Path] = (),
    hide: Iterable[Path] = (),
    sockets: bool = False,
    keep: Iterable[int] = STANDARD_STREAMS,
    report: int | None = None,
    unsafe: bool = False,
) -> Path:
    """Go behind the walls, and return there; whoever cannot go behind all of them does not return at all.

    Call it in a child that was forked for one submission, from a process with one thread that has called `prepare`.
    It forks once more: the process that called stays outside as supervisor until everything inside has ended, and
    then exits, so that the caller's parent waits for it as for any child. To stop a submission, send SIGTERM to it.

    Parameters
    ----------
    tier : Tier
        As `detect` found it; every layer it promises is set up.
    limits : Limits
        Of this submission.
    work : pathlib.Path
        A copy of the submitted folder. With namespaces its files are copied once more, to a disk of their own;
        without, the submission works in the folder itself.
    read_only : iterable of pathlib.Path
        What may be read besides Python, the kit and the system's programs; `bubblewrap` must have shown it too.
    hide : iterable of pathlib.Path
        Folders that are covered, where there are namespaces.
    sockets : bool
        Whether sockets may be made, as a real Jupyter kernel does.
    keep : iterable of int
        Descriptors that stay open; all others are closed.
    report : int, optional
        Descriptor to which the supervisor, and never the submission, writes what `Ending.read` reads.
    unsafe : bool
        Must be true for a tier that seals nothing.

    Returns
    -------
    pathlib.Path
        The submission's folder, which is the working folder now. The environment is a clean one.

    Notes
    -----
    Every failure ends the process: a sentence goes to standard error, and no `READY` to `report`. A server whose
    child ends without a last line in its report, killed from outside, calls `end_group` where there are no namespaces.
    """
    try:
        _check_caller(tier, unsafe)
        keep, read_only, hide = set(keep), list(read_only), list(hide)
        alive, ready = os.pipe(), os.pipe()
        _close_all_but({*STANDARD_STREAMS, *keep, *alive, *ready, *([] if report is None else [report])})
        _forget_the_server(tier)
        tasks_beside = 0 if tier.kind is Kind.NAMESPACES else walls.tasks_of_this_user()
        proc = open_proc()
        if tier.kind is Kind.NAMESPACES:
            namespaces.separate()
        child = os.fork()
    except BaseException as reason:
        _refuse(reason)
    if child:
        os.close(alive[0])
        os.close(ready[1])
        _stay_outside(child, limits, ready[0], proc, keep - set(STANDARD_STREAMS), report)
    try:
        _follow(alive)
        os.close(ready[0])
        _close_all_but({*STANDARD_STREAMS, *keep, ready[1]})
        work = _build(tier, limits, work, read_only, hide, sockets, tasks_beside)
        if os.write(ready[1], b"y") != 1:
            raise OSError("the supervisor cannot be told")
        os.close(ready[1])
    except BaseException as reason:
        _refuse(reason)
    return work


def _check_caller(tier: Tier, unsafe: bool) -> None:
    if is_root():
        raise PermissionError("root never runs a submission")
    if tier.kind is Kind.NONE and not unsafe:
        raise PermissionError("nothing would be sealed; that needs --unsafe")
    if len(list(Path("/proc/self/task").glob("*"))) > 1:  # macOS has no such folder, and no walls
        raise RuntimeError("a process with several threads cannot go behind the walls, only one thread would")


def _build(
    tier: Tier, limits: Limits, work: Path, read_only: list[Path], hide: list[Path], sockets: bool, tasks_beside: int
) -> Path:
    """Set up what the tier promises, in this process. Each step takes away what the next ones do not need."""
    alone = tier.kind is Kind.NAMESPACES
    python = namespaces.places_of_python()
    if alone:
        work = namespaces.furnish(limits, work, hide, [*python, *read_only], loopback=sockets)
        writable = [namespaces.SCRATCH, Path("/tmp"), Path("/dev/shm")]  # noqa: S108  all three on its own disk
        temporary, proc = namespaces.SCRATCH / "tmp", [Path("/proc")]
    else:
        temporary, proc, writable = Path(tempfile.mkdtemp(prefix=".tmp-", dir=work)), list(walls.SHOWN_OF_PROC), [work]
    os.chdir(work)
    os.environ.clear()
    os.environ.update(namespaces.clean_environment(work, temporary))
    rules = None if tier.kind is Kind.NONE else _filter(tier, sockets)
    if tier.landlock_version and tier.kind is not Kind.NONE:
        walls.landlock([*namespaces.system_places(), *python, *read_only, *proc], writable, tcp=alone and sockets)
    walls.limit_resources(limits, tasks_beside=tasks_beside)
    if rules is None:
        return work
    walls.drop_capabilities()
    rules.load()
    if wrong := walls.unfinished(bounding_set=alone):
        raise OSError(f"after all walls were built, {', '.join(wrong)}")
    return work


def _filter(tier: Tier, sockets: bool) -> SyscallFilter:
    alone = tier.kind is Kind.NAMESPACES
    signals_are_held = alone or tier.landlock_version >= 6
    return system_call_filter(alone=alone, sockets=sockets, only_signal=None if signals_are_held else os.getpid())


def _forget_the_server(tier: Tier) -> None:
    """A session and a group of its own, no handlers, and an end when the server ends."""
    with contextlib.suppress(PermissionError):
        os.setsid()  # refused to the leader of a group, which has what it needs
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.set_wakeup_fd(-1)
    if sys.platform == "linux":
        # without namespaces the supervisor must live long enough to end the whole group
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL if tier.kind is Kind.NAMESPACES else signal.SIGTERM)
        libc.prctl(libc.PR_SET_CHILD_SUBREAPER, 1)


def _follow(alive: tuple[int, int]) -> None:
    """A group of its own, and an end when the supervisor ends, also if it has ended already."""
    os.setsid()
    os.close(alive[1])
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    if select.select([alive[0]], [], [], 0)[0]:
        raise OSError("the supervisor has gone")
    os.close(alive[0])


def _stay_outside(
    child: int, limits: Limits, ready: int, proc: int | None, not_ours: set[int], report: int | None
) -> NoReturn:
    code = 1
    try:
        for number in not_ours:
            os.close(number)  # a pipe of the submission's ends when the submission does
        code = supervise(child, limits, ready, proc, report)
    except BaseException as reason:
        _refuse(reason)
    finally:
        os._exit(code)


def _close_all_but(wanted: set[int]) -> None:
    last = -1
    most = os.sysconf("SC_OPEN_MAX")
    for number in [*sorted(wanted), min(most, 1_048_576)]:
        if number > last + 1:  # an empty range from 0 would close everything
            os.closerange(last + 1, number)
        last = number


def _refuse(reason: BaseException) -> NoReturn:
    """End this process without having run anything."""
    try:
        os.write(2, f"The sandbox could not be set up: {reason}\n".encode())
    finally:
        os._exit(1)
