"""How much may cross, how names of types and frequencies must look, and the two ways to say no."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from threechairs.errors import GradingError

TAG = "$"

# bool, integers, floats of 2 to 8 bytes, complex of 8 and 16, fixed bytes and texts, dates and spans with their unit
DTYPE = re.compile(
    r"\|b1|[|<>]?[iu]1|[<>](?:[iu][248]|f[248]|c8|c16)|\|S[1-9]\d{0,5}|[<>]U[1-9]\d{0,5}"
    r"|[<>][mM]8\[(?:Y|M|W|D|h|m|s|ms|us|ns)\]",
    re.ASCII,
)
_DAYS = "MON|TUE|WED|THU|FRI|SAT|SUN"
_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
# pandas' own frequencies by name, up to 9,999 at once and never none: zero steps would never end
FREQUENCY = re.compile(
    rf"-?(?:[1-9]\d{{0,3}})?(?:D|B|h|bh|min|s|ms|us|ns|M|ME|MS|BME|BMS|SM[ES]-(?:[1-9]|1\d|2[0-7])|W-(?:{_DAYS})"
    rf"|B?[QY][ES]?-(?:{_MONTHS}))",
    re.ASCII,
)
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,3}", re.ASCII)
DECIMAL = re.compile(r"-?(?:\d+(?:\.\d+)?(?:E[+-]?\d{1,5})?|Infinity|NaN\d*)", re.ASCII)
# types of which a long list is checked at once
SHORT = frozenset({str, bool, type(None)})
# more different keys than this with one hash were made to be slow
SAME_HASH = 50
# what a table, a Series or an index counts for among the values: about the time that it takes to build one
TABLE_ITEMS = 20
UNITS = ("s", "ms", "us", "ns")
# rows up to which pandas may be asked to check a frequency, one step after the other
FREQUENCY_ROWS = 100_000
# types that are answers themselves ("which type is this?"), by name
PLAIN_TYPES = (
    *(bool, int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict, range),
    type(None),
)


@dataclass(frozen=True)
class Bounds:
    """The most that one packed text may hold.

    Attributes
    ----------
    text : int
        Characters of the packed text.
    items : int
        Values in it, each element of a list counted.
    depth : int
        Values inside values.
    string : int
        Characters of one text, or bytes of one `bytes`.
    digits : int
        Decimal digits of one whole number.
    rows, columns : int
        Of one table; `rows` also bounds the length of an array, and of all ranges in a text together: they
        cost nothing to write, and memory as soon as they are used.
    """

    text: int = 16 << 20
    items: int = 1_000_000
    depth: int = 40
    string: int = 4 << 20
    digits: int = 4_000
    rows: int = 2_000_000
    columns: int = 2_000


DEFAULT = Bounds()
_IN_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def too_many(text: str, bounds: Bounds) -> bool:
    """Whether JSON would build more lists and dicts than values may cross, told before it is read.

    A dict weighs three times as much as a number in a list does: that is about what it takes of memory.
    """
    limit = 3 * bounds.items
    return _weight(text) > limit and _weight(_IN_TEXTS.sub('""', text)) > limit


def _weight(text: str) -> int:
    return text.count(",") + text.count("[") + 3 * text.count("{")


class CannotCross(GradingError):  # noqa: N818 - what it says, not that it is an error
    """A value of the learner that is not data; the text is a sentence for the author of the test."""

    def __init__(self, sentence: str) -> None:
        super().__init__("", sentence)


class Refused(GradingError):  # noqa: N818 - what it says, not that it is an error
    """A packed text that is not what `pack` writes; the text is a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__("", sentence)


def shown(text: str, limit: int = 60) -> str:
    """A name from the other side, made short and printable for a sentence."""
    kept = "".join(letter if letter.isprintable() else "?" for letter in text[:limit])
    return kept + ("…" if len(text) > limit else "")


def zone(tzinfo: Any) -> str | int | None:
    """A time zone by its key, or the microseconds that it is ahead of UTC.

    Raises
    ------
    CannotCross
        If it is neither of `zoneinfo` nor a fixed distance.
    """
    if tzinfo is None:
        return None
    if type(tzinfo) is dt.timezone:
        return tzinfo.utcoffset(None) // dt.timedelta(microseconds=1)
    if type(tzinfo) is ZoneInfo and tzinfo.key and ZONE.fullmatch(tzinfo.key):
        return tzinfo.key
    raise CannotCross("A time zone crosses by name: use zoneinfo.ZoneInfo, or datetime.timezone.")


def spread(keys: Iterable[Any]) -> None:
    """Refuse keys that differ and share one hash: with many of them a dict or an index takes hours to build.

    Raises
    ------
    Refused
        If more than 50 different ones do.
    """
    groups: dict[int, list[Any]] = {}
    for key in keys:
        group = groups.setdefault(hash(key), [])
        if key not in group:
            group.append(key)
        if len(group) > SAME_HASH:
            raise Refused("The answer cannot be read: its keys were made to be slow.")
