"""From the bytes of a handed-in notebook to its cells, whatever wrote it; outputs are never looked at."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Any

from threechairs.grader.submission.notes import Repair, UnreadableError, shown

MOST_CELLS = 2_000

_TYPES = ("code", "markdown", "raw")
# a picture that a learner pasted into an answer; anything else could be a page with scripts
_PICTURE = re.compile(r"image/(png|jpeg|gif|webp|bmp|svg\+xml)\Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*\Z")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class SubmittedCell:
    """A cell as it was handed in.

    Parameters
    ----------
    cell_type, source : str
        `code`, `markdown` or `raw`, and the whole text.
    settings : dict
        nbgrader's metadata as they stand in the file, of any form; empty if there are none.
    attachments : dict
        Pictures pasted into the cell: name, then type, then base64 text.
    """

    cell_type: str
    source: str
    settings: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def grade_id(self) -> str:
        """The grade_id that the cell claims, or an empty text."""
        claimed = self.settings.get("grade_id")
        return claimed if isinstance(claimed, str) else ""


@dataclass(frozen=True)
class SubmittedNotebook:
    """The cells of a handed-in notebook, the kernel that it names, and what had to be repaired to read it."""

    cells: tuple[SubmittedCell, ...]
    kernel: str = ""
    notes: tuple[Repair, ...] = ()


def read_submitted(data: bytes, name: str) -> SubmittedNotebook:
    """The cells of a notebook file.

    Parameters
    ----------
    data : bytes
        What is in the file.
    name : str
        Its name, for the texts.

    Raises
    ------
    UnreadableError
        If it is no notebook; says what it seems to be, and where it is broken.

    Examples
    --------
    >>> data = b'{"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4}'
    >>> read_submitted(data, "a.ipynb").cells[0].source
    'x = 1'
    """
    notes: list[Repair] = []
    text = _decoded(data, name, notes)
    book = _parsed(text, name)
    if not isinstance(book, dict):
        kind = {list: "a list", str: "a text", type(None): "nothing"}.get(type(book), "a number")
        raise UnreadableError(f"{shown(name)} is no notebook: it holds {kind}, not cells. Hand in the notebook itself.")
    raw = _raw_cells(book, name, notes)
    if len(raw) > MOST_CELLS:
        raise UnreadableError(f"{shown(name)} has {len(raw):,} cells, more than the {MOST_CELLS:,} that are read.")
    broken, dropped = 0, 0
    cells = []
    for one in raw:
        cell, whole = _cell(one)
        broken += not whole
        if cell is not None:
            handed = one.get("attachments")
            dropped += bool(handed) and not (isinstance(handed, dict) and len(handed) == len(cell.attachments))
            cells.append(cell)
    if broken:
        notes.append(Repair("format", f"{_cells(broken)} damaged in the file; what could be read of it was taken."))
    if dropped:
        notes.append(Repair("attachment", f"{_cells(dropped)} holding files that are no pictures; they were left out."))
    return SubmittedNotebook(tuple(cells), _kernel(book), tuple(notes))


def _cells(number: int) -> str:
    return "One cell was" if number == 1 else f"{number} cells were"


def _decoded(data: bytes, name: str, notes: list[Repair]) -> str:
    if not data.strip():
        raise UnreadableError(f"{shown(name)} is empty ({len(data)} bytes). Save the notebook, and hand it in again.")
    if data[:2] == b"PK":
        raise UnreadableError(f"{shown(name)} is a zip file under a notebook's name. Unpack it first.")
    encoding = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as reason:
        line = data[: reason.start].count(b"\n") + 1
        raise UnreadableError(
            f"{shown(name)} is not written in UTF-8: the first byte that does not fit is in line {line}. "
            "Open it in Jupyter, and save it again."
        ) from None
    if encoding != "utf-8":
        mark = "a byte order mark" if encoding == "utf-8-sig" else "UTF-16"
        notes.append(
            Repair("encoding", f"The file was saved with {mark}, as some editors do; it was read all the same.")
        )
    return text


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as reason:
        raise UnreadableError(f"{shown(name)} is no notebook: {_what_is_wrong(text, reason)}") from None
    except (ValueError, RecursionError, MemoryError):
        # a number of thousands of digits, brackets within thousands of brackets
        raise UnreadableError(f"{shown(name)} is no notebook: no notebook program writes such a file.") from None


def _what_is_wrong(text: str, reason: json.JSONDecodeError) -> str:
    conflict = re.search(r"^(<{7}|={7}|>{7})", text, flags=re.MULTILINE)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        return f"it holds the marks of a merge conflict (line {line}). Settle the conflict, and hand it in again."
    if re.match(r"\s*<(!doctype|html)", text[:200], flags=re.IGNORECASE):
        return "it is a web page that was saved under its name. Download the file itself."
    if not text.lstrip().startswith(("{", "[")):
        return "it is plain text. Hand in the .ipynb file that Jupyter saves."
    if reason.pos >= len(text.rstrip()) - 1 or reason.msg.startswith("Unterminated string"):
        return f"it stops in the middle of line {reason.lineno}, as after a broken upload. Hand it in again."
    return (
        f"its text is broken in line {reason.lineno}, column {reason.colno} ({reason.msg}). "
        "Open it in Jupyter: if that fails too, take an earlier copy (menu File, Revert to Checkpoint)."
    )


def _raw_cells(book: dict[str, Any], name: str, notes: list[Repair]) -> list[Any]:
    """The list of cells in today's format; the form of the file counts, not the number that it gives itself."""
    cells, version = book.get("cells"), book.get("nbformat")
    if not isinstance(cells, list) and isinstance(book.get("worksheets"), list):
        cells = _upgraded(book, name)
        notes.append(Repair("format", "The notebook was saved in an old format (3 or older), and was converted."))
    elif isinstance(cells, list) and version != 4:
        seen = f"format {version}" if type(version) is int and abs(version) < 1000 else "no known format"
        notes.append(Repair("format", f"The notebook says that it has {seen}; it was read as format 4."))
    if not isinstance(cells, list):
        raise UnreadableError(
            f"{shown(name)} has no cells: it is no notebook. Hand in the .ipynb file that Jupyter saves."
        )
    return cells


def _upgraded(book: dict[str, Any], name: str) -> list[Any]:
    import nbformat

    sheets = [sheet for sheet in book["worksheets"] if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
    cells = [
        # an output could be broken in ways of its own, and is dropped anyway
        {**cell, "outputs": []} if cell.get("cell_type") == "code" else dict(cell)
        for sheet in sheets
        for cell in sheet["cells"]
        if isinstance(cell, dict)
    ]
    for cell in cells:
        cell["metadata"] = cell["metadata"] if isinstance(cell.get("metadata"), dict) else {}
        for key in ("input", "source"):
            if key in cell:
                cell[key] = _text(cell[key])[0]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells, "metadata": {}}]}
    try:
        return list(nbformat.convert(nbformat.from_dict(old), 4).cells)
    except Exception:  # converters raise whatever a damaged file makes them raise
        raise UnreadableError(f"{shown(name)} has an old format, and could not be converted. Save it anew.") from None


def _cell(raw: Any) -> tuple[SubmittedCell | None, bool]:
    """A cell, and whether it was whole; None for what is no cell at all."""
    if not isinstance(raw, dict):
        return None, False
    cell_type = raw.get("cell_type")
    known = isinstance(cell_type, str) and cell_type in _TYPES
    source, whole = _text(raw.get("source"))
    metadata = raw.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    # an empty entry is told from none: nbgrader leaves one on copies of a cell
    told = {str(key): value for key, value in settings.items()} if isinstance(settings, dict) else {}
    cell = SubmittedCell(str(cell_type) if known else "raw", source, told, _pictures(raw.get("attachments")))
    return cell, known and whole


def _text(value: Any) -> tuple[str, bool]:
    """A text that may be kept as a list of lines, and whether it was whole."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str):
        return "", False
    # half of a character pair cannot be written to any file or database
    plain = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain, plain == value


def _pictures(raw: Any) -> dict[str, dict[str, str]]:
    if not isinstance(raw, dict):
        return {}
    kept = {}
    for name, bundle in raw.items():
        if isinstance(bundle, dict):
            types = {kind: _text(data) for kind, data in bundle.items() if _PICTURE.match(kind)}
            whole = {kind: text for kind, (text, is_whole) in types.items() if is_whole and _BASE64.match(text)}
            if whole and _text(name)[1]:
                kept[name] = whole
    return kept


def _kernel(book: dict[str, Any]) -> str:
    at: Any = book
    for key in ("metadata", "kernelspec", "name"):
        at = at.get(key) if isinstance(at, dict) else None
    return at if isinstance(at, str) else ""
