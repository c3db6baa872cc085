"""A folder as a learner handed it in: which notebooks can be graded, and which not, with the reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from threechairs.errors import GradingError
from threechairs.grader.submission.files import FoundFile, Listing, Parts, Sizes, copy_file, look_into, read_limited
from threechairs.grader.submission.notes import NotGraded, Repair, UnreadableError, listed, shown
from threechairs.grader.submission.reading import SubmittedNotebook, read_submitted
from threechairs.grader.submission.repair import Repaired, repair
from threechairs.grader.submission.source import SourceNotebook
from threechairs.grader.submission.timestamp import FILE_NAME, read_timestamp

_MB = 1_000_000
# what nbgrader's CourseDirectory.ignore is unless the course says otherwise
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__")
# browsers add an ending to a type that they do not know
_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
_WHY_NOT = {
    "a folder": "is a folder, not a file",
    "a link": "is a link, and links are not followed",
    "a pipe": "is a pipe, not a file",
    "a socket": "is a socket, not a file",
    "a device": "is a device, not a file",
    "a hard link": "is a second name of a file outside of the folder",
    "not readable": "cannot be read",
    "too large": "is too large to be read: clear its outputs, and save it",
    "too many": "was not read, because there is too much in the folder",
}
# more notebooks than that are not looked through for the right one
_MOST_TRIED = 10


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    Parameters
    ----------
    base, parts : pathlib.Path, tuple of str
        The course's folder of submissions, and the way from there to the folder with the work.
    notebooks : mapping of str to Repaired or NotGraded
        One per notebook of the assignment, by its name.
    notes : tuple of Repair
        What was left out or put right that is about no single notebook.
    timestamp : datetime, optional
        When it was handed in, in UTC without a zone; none if it is not known.
    files : tuple of FoundFile
        What `copy_in` copies.
    """

    base: Path
    parts: Parts
    notebooks: Mapping[str, Repaired | NotGraded]
    notes: tuple[Repair, ...] = ()
    timestamp: datetime | None = None
    files: tuple[FoundFile, ...] = ()


def read_submission(
    folder: Path,
    source: Sequence[SourceNotebook],
    *,
    below: Path | None = None,
    ignore: Sequence[str] = IGNORED,
    sizes: Sizes | None = None,
) -> Submission:
    """Read a submitted folder, and repair what can be repaired with certainty.

    Parameters
    ----------
    folder : pathlib.Path
        The submission, wherever the course's configuration puts it.
    source : sequence of SourceNotebook
        The assignment's notebooks.
    below : pathlib.Path, optional
        The folder of all submissions. No folder from there down may be a link: one learner's name must not lead to
        another's work. The folder's parent unless given.
    ignore : sequence of str
        Patterns of names to pass over; nbgrader's own unless given.
    sizes : Sizes, optional
        What is larger is left out.

    Returns
    -------
    Submission
        Whatever is in the folder: what is wrong with it is told, not raised.

    Raises
    ------
    GradingError
        If `folder` is not within `below`, which is the caller's mistake.
    """
    base, limits = below or folder.parent, sizes or Sizes()
    try:
        parts = folder.relative_to(base).parts
    except ValueError:
        parts = ("..",)
    if ".." in parts:
        raise GradingError(str(folder), "the submission does not lie in the folder of submissions", f"Expected {base}")
    try:
        listing = look_into(base, parts, limits, ignore)
    except (FileNotFoundError, NotADirectoryError) as reason:
        seen = "there is no folder" if isinstance(reason, FileNotFoundError) else "a link or a file is in its place"
        return _nothing(base, parts, source, f"nothing was handed in: {seen}.")
    except OSError as reason:
        return _nothing(base, parts, source, f"the folder cannot be read ({reason.strerror or 'input error'}).")
    return _Folder(base, parts, listing, limits).read(source)


def copy_in(submission: Submission, to: Path, sizes: Sizes | None = None) -> tuple[Repair, ...]:
    """Copy a submission's regular files into a new folder, and say what could not be copied.

    Parameters
    ----------
    submission : Submission
        As `read_submission` found it; links, pipes and what is too large are not among its files.
    to : pathlib.Path
        Where to; it must be new or empty, and not within reach of any learner.
    sizes : Sizes, optional
        Limits, as for reading. Files that have grown meanwhile are held to them too.

    Raises
    ------
    GradingError
        If something lies in `to` already.
    OSError
        If the copy cannot be written.
    """
    limits = sizes or Sizes()
    to.mkdir(parents=True, exist_ok=True)
    if any(to.iterdir()):
        raise GradingError(str(to), "the folder is not empty", "Expected a new one for each submission")
    left_bytes, lost = limits.total_mb * _MB, []
    for file in submission.files[: limits.files]:
        most_bytes = min(left_bytes, max(limits.file_mb, limits.notebook_mb) * _MB)
        copied = copy_file(submission.base, submission.parts, file, to.joinpath(*file.parts), most_bytes)
        if copied is None:
            lost.append("/".join(file.parts))
        left_bytes -= copied or 0
    return (Repair("unreadable", f"These could not be copied, and were left out: {listed(lost)}."),) if lost else ()


def _nothing(base: Path, parts: Parts, source: Sequence[SourceNotebook], reason: str) -> Submission:
    return Submission(base, parts, {one.name: NotGraded(reason) for one in source})


class _Folder:
    """A folder that has been looked into."""

    def __init__(self, base: Path, parts: Parts, listing: Listing, sizes: Sizes) -> None:
        self.base, self.parts, self.sizes = base, parts, sizes
        self.files, self.others, self.notes = listing.files, listing.others, listing.notes

    def read(self, source: Sequence[SourceNotebook]) -> Submission:
        """Find and read the notebooks."""
        stamp = next((file for file in self.files if file.parts == (FILE_NAME,)), None)
        if stamp is None and self.others.get((FILE_NAME,)):
            time, told = None, [Repair("timestamp", f"{FILE_NAME} is no file; the time of the hand-in is not known.")]
        else:
            time, told = read_timestamp(self.base, self.parts, stamp)
        self._step_into_the_only_folder_with_work()
        here = [file for file in self.files if len(file.parts) == 1 and _is_notebook(file.parts[0])]
        by_name = {_normal(file.parts[0]): file for file in here}
        exact = {one.name: by_name.get(_normal(f"{one.name}.ipynb")) for one in source}
        spare = [file for file in here if file not in exact.values()]
        is_only_one = list(exact.values()).count(None) == 1
        found = {
            one.name: self._renamed(one, spare, is_only_one)
            if (file := exact[one.name]) is None
            else self._graded(file, one)
            for one in source
        }
        used = {result.file for result in found.values() if isinstance(result, Repaired)}
        unused = [file.parts[0] for file in spare if file.parts[0] not in used]
        if unused and any(isinstance(result, Repaired) for result in found.values()):
            told.append(Repair("other notebook", f"Not part of the assignment, so not read: {listed(unused)}."))
        return Submission(self.base, self.parts, found, (*self.notes, *told), time, tuple(self.files))

    def _step_into_the_only_folder_with_work(self) -> None:
        """A zip that was unpacked into a folder of its own: the work lies one step further down."""
        folders = {file.parts[:-1] for file in self.files if _is_notebook(file.parts[-1])}
        if len(folders) != 1 or () in folders:
            return
        inner = folders.pop()
        depth = len(inner)

        def further(parts: Parts) -> bool:
            return parts[:depth] == inner and len(parts) > depth

        self.parts = (*self.parts, *inner)
        self.files = [
            FoundFile(file.parts[depth:], file.size_bytes, file.identity) for file in self.files if further(file.parts)
        ]
        self.others = {parts[depth:]: kind for parts, kind in self.others.items() if further(parts)}
        self.notes = [
            *self.notes,
            Repair("name", f"The work lay in a folder of its own, {shown('/'.join(inner))}; it was taken from there."),
        ]

    def _renamed(self, one: SourceNotebook, spare: Sequence[FoundFile], is_only_one: bool) -> Repaired | NotGraded:
        """A notebook under another name, where it is certain which."""
        name = f"{one.name}.ipynb"
        if (name,) in self.others:
            return NotGraded(f"{shown(name)} {_WHY_NOT[self.others[(name,)]]}. Hand in the notebook file itself.")
        if not spare:
            return NotGraded(self._missing(name))
        if is_only_one and len(spare) == 1:
            chosen = list(spare)
        else:
            chosen = [file for file in spare[:_MOST_TRIED] if self._holds_cells_of(file, one)]
        if len(chosen) != 1:
            names = listed(file.parts[0] for file in spare)
            return NotGraded(f"{shown(name)} is missing, and it is not certain which of these is meant: {names}.")
        told = Repair(
            "name", f"The notebook was named {shown(chosen[0].parts[0])} instead of {shown(name)}; it was taken."
        )
        result = self._graded(chosen[0], one)
        if isinstance(result, NotGraded):
            return result
        return Repaired(result.notebook, (told, *result.notes), result.file)

    def _missing(self, name: str) -> str:
        there = sorted({file.parts[0] for file in self.files} | {parts[0] for parts in self.others})
        there = [one for one in there if one != FILE_NAME]
        if not there:
            return f"{shown(name)} is missing: the folder is empty."
        return f"{shown(name)} is missing. The folder holds: {listed(there)}."

    def _holds_cells_of(self, file: FoundFile, one: SourceNotebook) -> bool:
        known = {cell.grade_id for cell in one.cells}
        try:
            return any(cell.grade_id in known for cell in self._submitted(file).cells)
        except UnreadableError:
            return False

    def _submitted(self, file: FoundFile) -> SubmittedNotebook:
        data = read_limited(self.base, self.parts, file, self.sizes.notebook_mb)
        return read_submitted(data, file.parts[-1])

    def _graded(self, file: FoundFile, one: SourceNotebook) -> Repaired | NotGraded:
        name = file.parts[-1]
        try:
            return repair(self._submitted(file), one, name)
        except UnreadableError as reason:
            return NotGraded(str(reason))


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(_ENDINGS) and PurePosixPath(name).name not in _ENDINGS


def _normal(name: str) -> str:
    """A name as it is compared: one form for letters with accents, whichever system packed the file."""
    return unicodedata.normalize("NFC", name)
