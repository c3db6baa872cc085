"""What is said about a submission: what was repaired, and why something could not be graded."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

RepairKind = Literal[
    "attachment",  # a file in a cell that is no picture
    "copies",  # two or more cells with one grade_id
    "edited",  # a cell that is not the learner's to change
    "encoding",  # a byte order mark, UTF-16, broken characters
    "foreign",  # a cell of another assignment
    "format",  # an older or damaged notebook format
    "hard link",
    "kernel",
    "large",
    "link",
    "missing",  # a cell that was put back
    "name",  # a notebook under another name or in a folder of its own
    "not opened",  # pipes, sockets, devices
    "other notebook",
    "recognised",  # a cell that had lost its grade_id
    "retyped",
    "settings",
    "timestamp",
    "unreadable",
]

_HARMLESS = str.maketrans({"<": "‹", ">": "›", "&": "＆"})


@dataclass(frozen=True)
class Repair:
    """Something that was put right, or left out, before grading.

    Parameters
    ----------
    kind : RepairKind
        Short name of the case, for reports.
    sentence : str
        Plain text for the learner's feedback. Names from the submission in it are made harmless by `shown`.
    cell : str, optional
        `grade_id` of the cell that it is about.
    """

    kind: RepairKind
    sentence: str
    cell: str = ""

    @property
    def html(self) -> str:
        """The sentence, to be put between tags of a page."""
        return escape(self.sentence)


@dataclass(frozen=True)
class NotGraded:
    """Why a notebook could not be graded; never the same as zero marks.

    Parameters
    ----------
    reason : str
        Plain text that goes on from "Not graded, because".
    """

    reason: str

    @property
    def html(self) -> str:
        """The reason, to be put between tags of a page."""
        return escape(self.reason)


class UnreadableError(Exception):
    """A notebook of a learner that cannot be read; its text goes on from "Not graded, because"."""


def shown(name: str, longest: int = 60) -> str:
    """A name from a submission, fit to be shown: one line, no markup, not long.

    Parameters
    ----------
    name : str
        File name or `grade_id`, whatever is in it.
    longest : int, default 60
        Characters kept.

    Examples
    --------
    >>> shown("<b>my work</b>.ipynb")
    "'‹b›my work‹/b›.ipynb'"
    """
    # control, format (right-to-left marks), surrogate, private and unassigned characters, line separators
    plain = "".join("\ufffd" if _strange(one) else one for one in name[: longest + 1])
    if len(plain) > longest:
        plain = f"{plain[: longest - 1]}…"
    return f"'{plain.translate(_HARMLESS)}'"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names from a submission in a row, the first few of them.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    every = list(names)
    head = ", ".join(shown(name) for name in every[:most])
    return f"{head} and {len(every) - most} more" if len(every) > most else head


def _strange(character: str) -> bool:
    category = unicodedata.category(character)
    return category.startswith("C") or category in {"Zl", "Zp"}
