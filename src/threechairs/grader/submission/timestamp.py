"""When a submission was handed in, as nbgrader reads it, but without its surprises."""

from __future__ import annotations

import re
import warnings
from datetime import datetime
from pathlib import Path

from threechairs.grader.submission.files import FoundFile, Parts, read_limited
from threechairs.grader.submission.notes import Repair, UnreadableError, shown

FILE_NAME = "timestamp.txt"

# no path: the library reads a file that is named as a time zone. A year: it would make a date of this month out of "5".
_TIME = re.compile(r"(?=.*\d{4})(?!.*\.\.)(?!.*(?<![A-Za-z])/)[0-9A-Za-z :.,+/_-]{8,64}\Z")


def read_timestamp(base: Path, parts: Parts, file: FoundFile | None) -> tuple[datetime | None, list[Repair]]:
    """Time of the hand-in in UTC, without a zone, as the gradebook keeps it; none if it is unknown.

    Parameters
    ----------
    base, parts : pathlib.Path, tuple of str
        The course's folder of submissions, and the way from there.
    file : FoundFile, optional
        `timestamp.txt`, if it is there.
    """
    if file is None:
        return None, []
    try:
        text = read_limited(base, parts, file, 0.001).decode("utf-8-sig").strip()
        return parsed(text), []
    except UnreadableError:
        seen = "cannot be read"
    except UnicodeDecodeError:
        seen = "holds no text"
    except ValueError:
        seen = f"holds no time, but {shown(text)}" if text else "is empty"
    return None, [Repair("timestamp", f"{FILE_NAME} {seen}; the time of the hand-in is not known.")]


def parsed(text: str) -> datetime:
    """The time in UTC that a text says.

    Raises
    ------
    ValueError
        If it says none.

    Examples
    --------
    >>> parsed("2026-02-03 10:00:00 UTC")
    datetime.datetime(2026, 2, 3, 10, 0)
    """
    from nbgrader.utils import parse_utc

    if not _TIME.match(text):
        raise ValueError(text)
    try:
        with warnings.catch_warnings():
            # a zone that it does not know counts as UTC, as in nbgrader
            warnings.simplefilter("ignore")
            time: datetime = parse_utc(text)
    except (OverflowError, TypeError, AttributeError) as reason:
        raise ValueError(str(reason)) from None
    return time
