"""Looking into a folder that somebody else has filled.

No link is followed, nothing but a regular file is opened, and nothing is read without a limit. Every step down is
taken from the open folder above (never by a whole path), so that a folder swapped for a link meanwhile leads nowhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path

from threechairs.grader.submission.notes import Repair, RepairKind, UnreadableError, listed, shown

Parts = tuple[str, ...]

_MB = 1_000_000
_BLOCK_BYTES = 1_000_000
_MOST_ENTRIES = 20_000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# a pipe put in a file's place meanwhile would otherwise hold the grader up
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True)
class Sizes:
    """How much of a submission is read and copied.

    Parameters
    ----------
    notebook_mb : float, default 20
        Largest notebook; outputs count, although they are dropped.
    file_mb, total_mb : float, default 50 and 200
        Largest other file, and most of all files together.
    files : int, default 1000
        Most files.
    depth : int, default 8
        Folders within folders.
    """

    notebook_mb: float = 20
    file_mb: float = 50
    total_mb: float = 200
    files: int = 1000
    depth: int = 8


@dataclass(frozen=True)
class FoundFile:
    """A regular file in the folder: the way to it, its size, and which file it was when it was found."""

    parts: Parts
    size_bytes: int
    identity: tuple[int, int]


@dataclass
class Listing:
    """What lies in a folder: files that can be read, and per other entry what it is."""

    files: list[FoundFile] = field(default_factory=list)
    others: dict[Parts, str] = field(default_factory=dict)
    notes: list[Repair] = field(default_factory=list)


_TOLD: dict[str, tuple[RepairKind, str]] = {
    "a link": ("link", "Links are not followed, so these were left out: {}."),
    "a pipe": ("not opened", "Pipes are not opened, so these were left out: {}."),
    "a socket": ("not opened", "Sockets are not opened, so these were left out: {}."),
    "a device": ("not opened", "Devices are not opened, so these were left out: {}."),
    "a hard link": ("hard link", "These are second names of files outside of the folder, and were left out: {}."),
    "not readable": ("unreadable", "These could not be read, and were left out: {}."),
    "too large": ("large", "These are too large, and were left out: {}."),
    "too many": ("large", "There is more in the folder than is taken, so these were left out: {}."),
}


@contextmanager
def opened_folder(base: Path, parts: Sequence[str]) -> Iterator[int]:
    """Descriptor of a folder below `base`; `base` may be a link, no folder below it may.

    Raises
    ------
    OSError
        If there is no such folder, it may not be read, or a link is in the way.
    """
    at = os.open(base, _FOLDER)
    try:
        for part in parts:
            below = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        yield at
    finally:
        os.close(at)


def look_into(base: Path, parts: Parts, sizes: Sizes, ignore: Sequence[str] = ()) -> Listing:
    """What lies in the folder and the folders in it, without opening any file.

    Parameters
    ----------
    base : pathlib.Path
        A folder that is the course's own.
    parts : tuple of str
        The way from there to the submission.
    sizes : Sizes
        What is larger or deeper is left out and told.
    ignore : sequence of str
        Patterns of names that the course passes over in silence (nbgrader's `CourseDirectory.ignore`).

    Raises
    ------
    OSError
        If the folder itself cannot be opened.
    """
    listing, names = Listing(), {}
    links_found: dict[tuple[int, int], int] = {}
    links_made: dict[tuple[int, int], int] = {}
    left = [_MOST_ENTRIES]

    def walk(folder: int, inside: Parts) -> None:
        with os.scandir(folder) as scanned:
            entries = sorted(islice(scanned, left[0] + 1), key=lambda entry: entry.name)
        if len(entries) > left[0]:
            listing.others[(*inside, "…")] = "too many"
        for entry in entries[: left[0]]:
            left[0] -= 1
            if any(fnmatch(entry.name, pattern) for pattern in ignore):
                continue
            at = (*inside, entry.name)
            try:
                info = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(info.st_mode):
                    names[at] = "a folder"
                    step_down(folder, entry.name, at)
                    continue
            except OSError:
                listing.others[at] = "not readable"
                continue
            if stat.S_ISREG(info.st_mode):
                identity = (info.st_dev, info.st_ino)
                links_found[identity] = links_found.get(identity, 0) + 1
                links_made[identity] = info.st_nlink
                listing.files.append(FoundFile(at, info.st_size, identity))
            else:
                listing.others[at] = _kind_of(info.st_mode)

    def step_down(folder: int, name: str, at: Parts) -> None:
        if len(at) > sizes.depth:
            listing.others[at] = "too many"
            return
        below = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        try:
            walk(below, at)
        finally:
            os.close(below)

    with opened_folder(base, parts) as folder:
        walk(folder, ())
    # a file whose other names all lie in the folder is the learner's; one with a name elsewhere may be anybody's
    alien = {one for one, found in links_found.items() if links_made[one] > found}
    listing.others |= {file.parts: "a hard link" for file in listing.files if file.identity in alien}
    listing.files = _that_fit([file for file in listing.files if file.identity not in alien], sizes, listing.others)
    listing.notes = _notes(listing.others)
    listing.others |= names
    return listing


@contextmanager
def opened_file(base: Path, parts: Parts, file: FoundFile) -> Iterator[int]:
    """Descriptor of a file that was found before.

    Raises
    ------
    OSError
        If it cannot be opened.
    UnreadableError
        If something else lies in its place now.
    """
    with opened_folder(base, (*parts, *file.parts[:-1])) as folder:
        opened = os.open(file.parts[-1], _FILE, dir_fd=folder)
    try:
        info = os.fstat(opened)
        if not stat.S_ISREG(info.st_mode) or (info.st_dev, info.st_ino) != file.identity:
            raise UnreadableError(f"{shown(file.parts[-1])} was exchanged while it was read.")
        yield opened
    finally:
        os.close(opened)


def read_limited(base: Path, parts: Parts, file: FoundFile, most_mb: float) -> bytes:
    """All bytes of a file.

    Raises
    ------
    UnreadableError
        If it cannot be read or is larger; says so.
    """
    data = b""
    for block in _blocks(base, parts, file):
        data += block
        if len(data) > most_mb * _MB:
            raise UnreadableError(
                f"{shown(file.parts[-1])} has more than {most_mb:g} MB. "
                "Clear its outputs (menu Edit, Clear Outputs of All Cells), save it, and hand it in again."
            )
    return data


def copy_file(base: Path, parts: Parts, file: FoundFile, to: Path, most_bytes: float) -> int | None:
    """Copy a file that was found before, and return its bytes; None if it cannot be read or is larger than that.

    Raises
    ------
    OSError
        If the copy cannot be written: the grader's own disk, not the learner's fault.
    """
    copied = 0
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("xb") as copy:
        try:
            for block in _blocks(base, parts, file):
                copied += len(block)
                if copied > most_bytes:
                    raise UnreadableError("it has grown")
                copy.write(block)
        except UnreadableError:
            to.unlink()
            return None
    return copied


def _blocks(base: Path, parts: Parts, file: FoundFile) -> Iterator[bytes]:
    """A file's bytes; what goes wrong with reading is told apart from what goes wrong with writing."""
    try:
        with opened_file(base, parts, file) as opened:
            while block := os.read(opened, _BLOCK_BYTES):
                yield block
    except OSError as reason:
        raise UnreadableError(f"{shown(file.parts[-1])} cannot be read ({reason.strerror or 'input error'}).") from None


def _kind_of(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a link"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _that_fit(files: list[FoundFile], sizes: Sizes, others: dict[Parts, str]) -> list[FoundFile]:
    """The files within the limits: what is graded first, then the small ones, so that one large file costs itself."""
    kept: list[FoundFile] = []
    total = 0
    for file in sorted(files, key=lambda file: (not _is_work(file.parts[-1]), file.size_bytes, file.parts)):
        if file.size_bytes > max(sizes.file_mb, sizes.notebook_mb if _is_work(file.parts[-1]) else 0) * _MB:
            others[file.parts] = "too large"
        elif len(kept) >= sizes.files or total + file.size_bytes > sizes.total_mb * _MB:
            others[file.parts] = "too many"
        else:
            total += file.size_bytes
            kept.append(file)
    return sorted(kept, key=lambda file: file.parts)


def _is_work(name: str) -> bool:
    return name == "answers.json" or name.lower().endswith(".ipynb")


def _notes(others: dict[Parts, str]) -> list[Repair]:
    notes = []
    for seen, (kind, sentence) in _TOLD.items():
        names = ["/".join(parts) for parts, what in others.items() if what == seen]
        if names:
            notes.append(Repair(kind, sentence.format(listed(names))))
    return notes
