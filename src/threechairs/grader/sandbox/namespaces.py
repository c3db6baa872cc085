"""A machine of its own for each submission: bubblewrap builds it once, each submission then gets namespaces inside.

Bubblewrap makes a file tree that holds Python and what is named, and nothing else, without network. A process in it
that is about to run a submission unshares once more: its own processes, network, messages and empty disk.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from threechairs.grader.sandbox import libc, walls

if TYPE_CHECKING:
    from threechairs.grader.limits import Limits

SCRATCH = Path("/scratch")
"""The disk of a submission; its files lie in `work`, and `/tmp` and `/dev/shm` lie on it too, so one size holds all."""
INSIDE_USER = 1000
FEW_FILES = 20_000
"""Files that fit on the disk of a submission: empty ones need no space, but the kernel's memory."""
NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
OUTSIDE = Path("/etc/passwd")
"""Every machine has it, and no tree that we build: whoever sees it stands outside."""


def places_of_python() -> list[Path]:
    """Folders that this Python and the kit need, besides the system's own.

    Examples
    --------
    >>> all(place.is_absolute() for place in places_of_python())
    True
    """
    kit = Path(__file__).resolve().parents[3]  # the folder above `threechairs`, in which `import` looks for it
    wanted = [Path(sys.prefix), Path(sys.base_prefix).resolve(), Path(sys.executable).resolve().parent, kit]
    return outermost(place for place in wanted if not place.is_relative_to("/usr"))


def outermost(places: Iterable[Path]) -> list[Path]:
    """The places that lie in none of the others, each once.

    Examples
    --------
    >>> [place.as_posix() for place in outermost([Path("/a/b"), Path("/a"), Path("/c"), Path("/a")])]
    ['/a', '/c']
    """
    kept: list[Path] = []
    for place in sorted(set(places)):
        if not any(place.is_relative_to(other) for other in kept):
            kept.append(place)
    return kept


def system_places() -> list[Path]:
    """The system's programs and libraries, and the few files of /etc that programs look at."""
    roots = [Path("/") / name for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64")]
    return [place for place in (*roots, *walls.SHOWN_OF_ETC) if place.exists()]


def clean_environment(home: Path, temporary: Path) -> dict[str, str]:
    """The environment of a submission: nothing of the grader's own, and one thread where libraries would take all."""
    return {
        "PATH": os.pathsep.join((f"{sys.prefix}/bin", "/usr/bin", "/bin")),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": str(temporary / "ipython"),
        "JUPYTER_CONFIG_DIR": str(temporary / "jupyter"),
        "MPLCONFIGDIR": str(temporary / "matplotlib"),
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
    }


def bubblewrap(
    argv: Sequence[str], *, read_only: Iterable[Path] = (), writable: Iterable[Path] = (), program: str = "bwrap"
) -> list[str]:
    """Command line that runs a trusted program where there is only Python, the kit and what is named.

    Parameters
    ----------
    argv : sequence of str
        The program; it may make further namespaces, so it must be ours.
    read_only, writable : iterable of pathlib.Path
        Folders and files that appear there under their own names.
    program : str
        Bubblewrap itself.

    Notes
    -----
    Start it with `start_new_session=True`, and end it by its process group: between its first two processes there is
    a moment in which one may be killed and the other not know it.

    Examples
    --------
    >>> bubblewrap(["true"])[-2:]
    ['--', 'true']
    """
    words = [program, "--die-with-parent", "--unshare-all"]
    words += ["--uid", str(INSIDE_USER), "--gid", str(INSIDE_USER), "--hostname", "grader"]
    for place in system_places():
        if place.is_symlink() and place.parent == Path("/"):
            words += ["--symlink", str(place.readlink()), str(place)]
        else:
            words += ["--ro-bind", str(place), str(place)]
    words += ["--proc", "/proc", "--dev", "/dev", "--dir", str(SCRATCH)]
    words += ["--size", str(walls.MB), "--tmpfs", "/tmp"]  # noqa: S108  the place, not a file in it
    for place in outermost([*places_of_python(), *read_only]):  # after /tmp, which may hold them
        words += ["--ro-bind", str(place), str(place)]
    for place in writable:
        words += ["--bind", str(place), str(place)]
    words += ["--remount-ro", "/", "--chdir", "/", "--clearenv"]
    for name, value in clean_environment(SCRATCH, SCRATCH).items():
        words += ["--setenv", name, value]
    return [*words, "--", *argv]


def separate() -> None:
    """Unshare everything; the next child of this process is the first process of its own world.

    Raises
    ------
    OSError
        If the kernel refuses.
    PermissionError
        If the process does not stand in a tree that `bubblewrap` built.
    """
    if OUTSIDE.exists():
        raise PermissionError(f"{OUTSIDE} can be seen, so this process is not where bubblewrap would have put it")
    user, group = os.getuid(), os.getgid()
    libc.call("unshare", NEWUSER | NEWNS | NEWPID | NEWNET | NEWIPC | NEWUTS)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", name).write_text(text)


def furnish(
    limits: Limits, work: Path, hide: Iterable[Path], needed: Iterable[Path], *, loopback: bool = False
) -> Path:
    """Give the first process of a new world its disk and its own /proc; returns the folder with the files of `work`.

    Parameters
    ----------
    limits : Limits
        How large the disk is.
    work : pathlib.Path
        What is copied to the disk.
    hide : iterable of pathlib.Path
        Folders, such as those of other submissions, that are covered afterwards.
    needed : iterable of pathlib.Path
        What stays in sight, also where it lies in /tmp, which is the submission's own.
    loopback : bool
        Whether the process can talk to itself by addresses of the internet.

    Raises
    ------
    OSError
        If the kernel refuses, or the files do not fit.
    """
    libc.mount("none", "/", None, MS_REC | MS_PRIVATE)
    size = f"size={limits.disk_mb}m,nr_inodes={FEW_FILES},mode=0700"
    libc.mount("tmpfs", str(SCRATCH), "tmpfs", MS_NOSUID | MS_NODEV, size)
    folder, temporary, memory = (SCRATCH / name for name in ("work", "tmp", "shm"))
    for place in (temporary, memory):
        place.mkdir()
    shutil.copytree(work, folder, symlinks=True)
    for place in hide:
        libc.mount("tmpfs", str(place), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    libc.mount(str(memory), "/dev/shm", None, MS_BIND)  # noqa: S108  bound to the submission's own disk
    _cover_tmp(temporary, [place for place in outermost(needed) if place.is_relative_to("/tmp")])  # noqa: S108
    libc.mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    if loopback:
        _start_loopback()
    return folder


def _cover_tmp(temporary: Path, needed: list[Path]) -> None:
    """Put the submission's own folder over /tmp, and into it what must stay in sight; that stays read-only."""
    handles = [os.open(place, os.O_PATH) for place in needed]
    libc.mount(str(temporary), "/tmp", None, MS_BIND)  # noqa: S108
    for place, handle in zip(needed, handles, strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            place.mkdir()
        else:
            place.touch()
        libc.mount(f"/proc/self/fd/{handle}", str(place), None, MS_BIND)
        os.close(handle)


def _start_loopback() -> None:
    import fcntl
    import struct

    up_and_running, set_flags = 0x1 | 0x40, 0x8914
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up_and_running))
