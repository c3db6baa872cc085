"""Leave root: whatever runs a submission is an unprivileged user that owns nothing.

A Python that lies in root's own folder could not be started by anybody else. Root can show such a folder, and nothing
beside it, in a mount namespace of its own before it leaves.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from threechairs.errors import GradingError
from threechairs.grader.sandbox import libc

UNPRIVILEGED = 61_111
"""User and group: above people, below the range that systemd gives to services, so nothing belongs to it."""
CLONE_NEWNS = 0x20000
MS_NOSUID, MS_BIND, MS_REC, MS_PRIVATE = 2, 4096, 16384, 1 << 18


def is_root() -> bool:
    """Whether this process is, or could become again, the machine's root.

    Examples
    --------
    >>> is_root() == (os.geteuid() == 0)
    True
    """
    if sys.platform == "win32":
        return False
    return 0 in (os.getresuid() if hasattr(os, "getresuid") else (os.getuid(), os.geteuid()))


def hidden_from_others(place: Path) -> Path | None:
    """The outermost folder on the way to a place that other users cannot enter.

    Examples
    --------
    >>> hidden_from_others(Path("/usr/bin")) is None
    True
    """
    for folder in reversed(place.absolute().parents):
        if folder.exists() and not folder.stat().st_mode & 0o001:
            return folder
    return None


def leave_root(reach: Iterable[Path] = (), user: int = UNPRIVILEGED) -> None:
    """Become an unprivileged user for good; files and folders in `reach` stay within reach.

    Parameters
    ----------
    reach : iterable of pathlib.Path
        What the user must be able to get at although it lies in a folder that only root can enter.
    user : int
        Number of the user and of its group.

    Raises
    ------
    GradingError
        If the process is not root, may not change its user, or cannot show a place of `reach`.
    """
    if not is_root():
        raise GradingError("sandbox", "only root can leave root")
    hidden: dict[Path, list[Path]] = {}
    for place in reach:
        if place.exists() and (folder := hidden_from_others(place)):
            hidden.setdefault(folder, []).append(place.absolute())
    try:
        if hidden:
            _show(hidden)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as reason:
        places = ", ".join(str(folder) for folder in hidden)
        raise GradingError(
            "sandbox",
            f"root could not be left ({reason})",
            f"Other users must be able to enter {places}" if places else "",
            "Grade as an ordinary user.",
        ) from None
    if is_root() or 0 in os.getresgid():
        raise GradingError("sandbox", "root was left, and came back", next_step="Grade as an ordinary user.")


def _show(hidden: dict[Path, list[Path]]) -> None:
    """Cover each hidden folder by an empty one in which only the places that are needed appear."""
    libc.call("unshare", CLONE_NEWNS)
    libc.mount("none", "/", None, MS_REC | MS_PRIVATE)
    os.umask(0o022)
    for folder, places in hidden.items():
        opened = {place: os.open(place, os.O_PATH) for place in places}
        libc.mount("tmpfs", str(folder), "tmpfs", MS_NOSUID, "mode=0755,size=1m")
        for place, number in opened.items():
            if Path(f"/proc/self/fd/{number}").is_dir():
                place.mkdir(parents=True, exist_ok=True, mode=0o755)
            else:
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
                place.touch(mode=0o644)
            libc.mount(f"/proc/self/fd/{number}", str(place), None, MS_BIND | MS_REC)
            os.close(number)


def own_copy(folder: Path | None) -> Path:
    """Copy a folder to a temporary place that the user who runs submissions can write; the caller removes it.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Links in it stay links, wherever they lead; what is neither a file nor a folder is left out.

    Returns
    -------
    pathlib.Path
        A folder that holds the copy as `work`; `remove` removes it.

    Raises
    ------
    GradingError
        If the folder cannot be read, or nests too deep.
    """
    stage = Path(tempfile.mkdtemp(prefix="threechairs-")).resolve()
    try:
        if folder is None:
            (stage / "work").mkdir()
        else:
            shutil.copytree(folder, stage / "work", symlinks=True, ignore=_special_files)
        for place in [stage, *stage.rglob("*")]:
            if is_root():
                os.chown(place, UNPRIVILEGED, UNPRIVILEGED, follow_symlinks=False)
            if not place.is_symlink():
                place.chmod(place.stat().st_mode | (0o700 if place.is_dir() else 0o600))
    except (OSError, RecursionError) as reason:
        remove(stage)
        raise GradingError(str(folder), f"the folder cannot be copied ({_short(reason)})") from None
    return stage


def remove(stage: Path) -> None:
    """Remove such a folder, however deep a submission has nested it and whatever it has locked."""
    if shutil.which("chmod") and shutil.which("rm"):
        # Python's own way gives up where folders nest deeper than its calls
        for words in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run([*words, "--", str(stage)], check=False, stderr=subprocess.DEVNULL)
    shutil.rmtree(stage, ignore_errors=True)


def _short(reason: Exception) -> str:
    text = str(reason)
    return text if len(text) <= 200 else f"{text[:197]}..."


def _special_files(folder: str, names: list[str]) -> set[str]:
    """Pipes, sockets and devices: reading one could wait for ever."""
    places = {name: Path(folder) / name for name in names}
    return {n for n, p in places.items() if not (p.is_symlink() or p.is_file() or p.is_dir())}
