"""Walls that a process builds around itself and cannot take down: Landlock, resource limits, no capabilities."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from threechairs.grader.sandbox import libc

if TYPE_CHECKING:
    from threechairs.grader.limits import Limits

MB = 2**20
LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF = 444, 446
NET_TCP, NO_TCP = 0b11, 0
"""Landlock, from version 4: bind and connect TCP."""
SCOPES = 0b11
"""Landlock, from version 6: abstract UNIX sockets and signals stay within the walls."""
DEVICES = tuple(Path("/dev") / name for name in ("null", "zero", "full", "random", "urandom"))
SHOWN_OF_ETC = tuple(
    Path("/etc") / name for name in ("ld.so.cache", "localtime", "fonts", "alternatives", "mime.types", "os-release")
)
SHOWN_OF_PROC = tuple(Path("/proc") / name for name in ("self", "cpuinfo", "meminfo", "stat", "uptime", "version"))
"""Where a process is not alone, /proc shows the command lines of everybody; only this much of it may be read."""


def landlock_version() -> int:
    """Version of Landlock that this kernel offers; 0 if none.

    Examples
    --------
    >>> landlock_version() >= 0
    True
    """
    if sys.platform != "linux":
        return 0
    try:
        from landlock import landlock_abi_version  # type: ignore[import-untyped]

        ctypes.set_errno(0)  # the package takes an old error for its own
        return int(landlock_abi_version())
    except (ImportError, OSError):
        return 0


def landlock(readable: Iterable[Path], writable: Iterable[Path], *, tcp: bool = False) -> None:
    """Let this process and its children reach these files and folders only, and send signals only to each other.

    Parameters
    ----------
    readable : iterable of pathlib.Path
        May be read and run. A place that does not exist is left out.
    writable : iterable of pathlib.Path
        Folders in which everything but making devices is allowed.
    tcp : bool
        Whether TCP is left alone, because its network leads nowhere. Where it is not, this needs version 4.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    from landlock import FSAccess, Ruleset

    read = FSAccess.EXECUTE | FSAccess.READ_FILE | FSAccess.READ_DIR
    write = FSAccess.all() & ~(FSAccess.MAKE_CHAR | FSAccess.MAKE_BLOCK | FSAccess.IOCTL_DEV)
    device = FSAccess.READ_FILE | FSAccess.WRITE_FILE
    ctypes.set_errno(0)
    rules = Ruleset()
    for access, places in ((read, readable), (write, writable), (device, DEVICES)):
        for place in places:
            if place.exists():
                rules.allow(place, rules=access if place.is_dir() else access & FSAccess.all_file())
    rules.apply()
    os.close(rules._fd)  # the package leaves it open
    _landlock_net_and_scopes(landlock_version(), NO_TCP if tcp else NET_TCP)


def _landlock_net_and_scopes(version: int, net: int) -> None:
    """What the package cannot say yet: a second set of rules, with nothing allowed."""
    words = (0, net) if version < 6 else (0, net, SCOPES)
    if version < 4 or not any(words):
        return
    attributes = struct.pack(f"{len(words)}Q", *words)
    rules = libc.system_call(LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    try:
        libc.system_call(LANDLOCK_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def limit_resources(limits: Limits, *, tasks_beside: int = 0) -> None:
    """Set the limits that the kernel keeps for each process.

    Parameters
    ----------
    limits : Limits
        Of the submission.
    tasks_beside : int
        Processes and threads of this user that are not the submission's, where the kernel counts them together.

    Raises
    ------
    OSError, ValueError
        If a limit cannot be set.
    """
    import resource

    wanted = {
        "RLIMIT_CPU": (limits.cpu_s, limits.cpu_s + 1),  # first the signal that can be told, then the end
        "RLIMIT_AS": (limits.memory_mb * MB,) * 2,
        "RLIMIT_NPROC": (tasks_beside + limits.processes,) * 2,
        "RLIMIT_FSIZE": (limits.file_mb * MB,) * 2,
        "RLIMIT_NOFILE": (limits.open_files,) * 2,
        "RLIMIT_MEMLOCK": (MB,) * 2,
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_MSGQUEUE": (0, 0),
    }
    for name, (soft, hard) in wanted.items():
        which = getattr(resource, name, None)
        if which is None:
            continue  # macOS lacks two of them
        most = resource.getrlimit(which)[1]
        values = (soft, hard) if most == resource.RLIM_INFINITY else (min(soft, most), min(hard, most))
        if sys.platform == "darwin" and name in {"RLIMIT_AS", "RLIMIT_MEMLOCK"}:
            # macOS refuses these by its mood; without namespaces and Landlock they are not promised
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, values)
        else:
            resource.setrlimit(which, values)


def tasks_of_this_user() -> int:
    """Processes and threads of this user that the process can see.

    Examples
    --------
    >>> tasks_of_this_user() > 0
    True
    """
    return max(1, sum(_tasks(os.getuid()))) if sys.platform == "linux" else 1


def _tasks(user: int) -> Iterator[int]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            # a process may end while it is looked at
            with contextlib.suppress(OSError, ValueError):
                if entry.stat().st_uid == user:
                    yield int(Path(entry.path, "stat").read_text().rpartition(")")[2].split()[17])


def drop_capabilities() -> None:
    """Give up every capability, also those that a program could be given later.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(64):
        # beyond the last capability, or without the right to lose one: `unfinished` looks at what came of it
        with contextlib.suppress(OSError):
            libc.prctl(libc.PR_CAPBSET_DROP, capability)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    libc.call("capset", header, nothing)


def unfinished(*, bounding_set: bool) -> list[str]:
    """Walls of this process that do not stand, as the kernel tells it.

    Parameters
    ----------
    bounding_set : bool
        Whether the set of capabilities that programs could be given must be empty too; only a process that was alone
        in a user namespace can empty it.
    """
    told = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    wanted = {"NoNewPrivs": "1", "Seccomp": "2"}
    empty = ["CapInh", "CapPrm", "CapEff", "CapAmb", *(["CapBnd"] if bounding_set else [])]
    wrong = [f"{name} is {told.get(name)}" for name, value in wanted.items() if told.get(name) != value]
    wrong += [f"{name} is {told.get(name)}" for name in empty if int(told.get(name, "1"), 16)]
    return wrong + (["it is root"] if 0 in os.getresuid() + os.getresgid() else [])
