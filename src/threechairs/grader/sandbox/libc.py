"""The few calls of the C library that Python has no function for."""

from __future__ import annotations

import ctypes
import functools
import os

PR_SET_PDEATHSIG = 1
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38


@functools.cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library, or raise the OSError that it reports.

    Examples
    --------
    >>> call("getpid") == os.getpid()
    True
    """
    ctypes.set_errno(0)
    result = getattr(_library(), name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return int(result)


def system_call(number: int, *arguments: object) -> int:
    """Make a system call that the C library has no function for."""
    return call("syscall", ctypes.c_long(number), *arguments)


def prctl(option: int, value: int) -> int:
    """Change one attribute of this process."""
    return call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mount a file system in this process's mount namespace."""
    kept = (kind.encode() if kind else None, ctypes.c_ulong(flags), data.encode() or None)
    try:
        call("mount", os.fsencode(source), os.fsencode(target), *kept)
    except OSError as reason:
        raise OSError(reason.errno, f"{reason.strerror} (at {target})") from None
