"""What a learner answered, as typed data in a JSON file beside the notebook.

nbgrader runs a submitted notebook again from the start, so what was clicked in a widget would be gone. Every
answer is therefore written by the kernel, at once, into a file that travels with the notebook. Writing is
atomic (the old file stays whole until the new one is complete on disk) and under a lock (two kernels that
write at the same moment lose nothing). A file that cannot be read is never overwritten.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from threechairs.errors import AnswersError

FORMAT = 1
LOCK_TIMEOUT_S = 10.0

Kind = Literal["one", "several", "order", "number", "match", "sort", "text", "deal", "play", "matrix"]
By = Literal["click", "cell"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CellValue(_Strict):
    """What a code cell last said, and when it first said so."""

    value: dict[str, Any]
    at: str


class Recorded(_Strict):
    """One recorded answer.

    `by` tells whether the value came from a click or from a code cell; `cell` remembers what the code cell
    said, so that running an unchanged cell again never undoes a later click. `first` is the first answer given.
    """

    kind: Kind
    value: dict[str, Any]
    at: str
    by: By
    first: dict[str, Any]
    cell: CellValue | None = None
    checks: int = 0
    hints: int = 0
    solved: bool = False


class AnswerFile(_Strict):
    """Everything that one answer file holds."""

    format: int = Field(ge=1)
    workbook: str
    case_id: str
    attempt: int
    fingerprint: str
    answers: dict[str, Recorded] = {}


Check = Callable[[Recorded | None, dict[str, Any]], None]
"""Looks at what stands and at a new value, and raises if the new one may not take its place."""


def read_answers(path: Path) -> AnswerFile | None:
    """Contents of an answer file, or `None` where there is no file.

    Parameters
    ----------
    path : pathlib.Path
        The JSON file.

    Raises
    ------
    AnswersError
        If the file is damaged or was written in a later format. The file is left as it is.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as reason:
        raise AnswersError(path.name, f"the file cannot be read ({reason})", next_step=_keep(path)) from None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as reason:
        raise AnswersError(
            f"{path.name}:{reason.lineno}:{reason.colno}",
            "the file is damaged: this is not JSON" if text else "the file is empty",
            next_step=_keep(path),
        ) from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists in lists
        raise AnswersError(path.name, "the file is damaged: no answer looks like this", next_step=_keep(path)) from None
    written_format = data.get("format") if isinstance(data, dict) else None
    if isinstance(written_format, int) and written_format > FORMAT:
        raise AnswersError(
            path.name,
            f"the file has format {written_format}; this version of the kit reads up to format {FORMAT}",
            next_step="Update Three Chairs, then open the notebook again. Nothing in the file was changed.",
        )
    try:
        return AnswerFile.model_validate(data)
    except ValidationError as reason:
        first = reason.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the top level"
        raise AnswersError(
            path.name, f"the file is damaged: {place}: {first['msg']}", "Expected an answer file", _keep(path)
        ) from None


def write_answers(path: Path, content: AnswerFile) -> None:
    """Replace an answer file in one step; until then the old one stays whole.

    Raises
    ------
    AnswersError
        If the disk is full or the folder cannot be written; the old file is untouched.
    """
    text = json.dumps(content.model_dump(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; a submission must be readable by whoever collects it
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as reason:
        raise AnswersError(
            path.name,
            f"the answer could not be saved ({reason.strerror or reason})",
            next_step="Your earlier answers are still there. Make room or ask for write access, then answer again.",
        ) from None
    finally:
        # it is gone already when all went well; else nothing may lie about, also after the learner pressed Stop
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


class AnswerStore:
    """The answers of one notebook: read at once, written one at a time.

    Parameters
    ----------
    path : pathlib.Path
        The JSON file; it need not exist yet. Nothing is written before the first answer.
    workbook : str
        Lesson or assignment that the answers belong to.
    case_id, attempt, fingerprint
        Whose case this is, which attempt, and a digest of its tables (empty for lessons).

    Attributes
    ----------
    blank : AnswerFile
        What the file is before the first answer.

    Raises
    ------
    AnswersError
        From every method, if the file is damaged, of a later format, or belongs to something else.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> store = AnswerStore(folder / "answers.json", "demo", case_id="alice")
    >>> store.record("q1", "one", {"choice": "a"}).value
    {'choice': 'a'}
    >>> AnswerStore(folder / "answers.json", "demo", case_id="alice").get("q1").by
    'click'
    """

    def __init__(self, path: Path, workbook: str, *, case_id: str, attempt: int = 1, fingerprint: str = "") -> None:
        self.path = path
        self.blank = AnswerFile(
            format=FORMAT, workbook=workbook, case_id=case_id, attempt=attempt, fingerprint=fingerprint
        )

    def read(self) -> AnswerFile:
        """All answers; an empty record where there is no file yet."""
        content = read_answers(self.path)
        if content is None:
            return self.blank
        mismatch = describe_mismatch(content, self.blank)
        if mismatch:
            raise AnswersError(self.path.name, mismatch, next_step=_keep(self.path))
        return content

    def get(self, activity: str) -> Recorded | None:
        """The recorded answer to an activity, if there is one."""
        return self.read().answers.get(activity)

    def record(
        self, activity: str, kind: Kind, value: dict[str, Any], *, by: By = "click", check: Check | None = None
    ) -> Recorded:
        """Record an answer and return what now stands.

        A click always stands. A code cell's value stands when it is new; when the cell says what it said
        before and the learner has clicked since, the click stands and nothing is written.

        `check` sees what stands and what would be recorded while nobody else can write; if it raises, nothing is
        written.
        """
        with self._locked():
            content = self.read()
            old = content.answers.get(activity)
            if by == "cell" and old is not None and old.cell is not None and old.cell.value == value:
                return old
            if check is not None:
                check(old, value)
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            cell = CellValue(value=value, at=now) if by == "cell" else (old.cell if old else None)
            new = Recorded(
                kind=kind,
                value=value,
                at=now,
                by=by,
                first=old.first if old else value,
                cell=cell,
                checks=old.checks if old else 0,
                hints=old.hints if old else 0,
                solved=old.solved if old else False,
            )
            self._write(content, activity, new)
            return new

    def note(self, activity: str, *, checks: int = 0, hints: int = 0, solved: bool = False) -> Recorded | None:
        """Count checks and hints used, and remember that the activity was once solved."""
        with self._locked():
            content = self.read()
            old = content.answers.get(activity)
            if old is None:
                return None
            new = old.model_copy(
                update={"checks": old.checks + checks, "hints": max(old.hints, hints), "solved": old.solved or solved}
            )
            self._write(content, activity, new)
            return new

    def start_over(self, blank: AnswerFile, *, keep_as: Path) -> None:
        """Keep all answers under another name, and begin with a blank file."""
        with self._locked():
            write_answers(keep_as, self.read())
            write_answers(self.path, blank)

    def _write(self, content: AnswerFile, activity: str, new: Recorded) -> None:
        write_answers(self.path, content.model_copy(update={"answers": {**content.answers, activity: new}}))

    @contextlib.contextmanager
    def _locked(self) -> Any:
        # The lock lies beside the file, so that it also holds between machines that share a home folder.
        lock = self.path.with_name(f".{self.path.name}.lock")
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(lock, timeout=LOCK_TIMEOUT_S):
                yield
        except Timeout:
            raise AnswersError(
                self.path.name,
                f"another notebook has been writing for {LOCK_TIMEOUT_S:g} seconds",
                next_step="Close the other copy of this notebook, then answer again.",
            ) from None
        except OSError as reason:
            raise AnswersError(
                self.path.name,
                f"the answer could not be saved ({reason.strerror or reason})",
                next_step="Your earlier answers are still there. Make room or ask for write access, then answer again.",
            ) from None


def describe_mismatch(found: AnswerFile, expected: AnswerFile) -> str:
    """Sentence that says why answers belong to something else, or an empty text if they belong here."""
    if found.workbook != expected.workbook:
        return f"these are answers to {found.workbook!r}, not to {expected.workbook!r}"
    if found.case_id != expected.case_id:
        return f"these answers belong to the case of {found.case_id!r}, not to that of {expected.case_id!r}"
    if found.attempt != expected.attempt:
        return f"these answers are of attempt {found.attempt}, not of attempt {expected.attempt}"
    if found.fingerprint != expected.fingerprint:
        return "these answers were given on other tables than those of this case (the fingerprints differ)"
    return ""


def _keep(path: Path) -> str:
    return (
        f"Nothing in it was changed. To go on, rename {path.name} (so that you keep it), "
        "then run the first code cell again: a new file is started."
    )
