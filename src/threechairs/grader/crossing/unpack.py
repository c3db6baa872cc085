"""Unpacking: a text from the other side becomes a value, after every part of it was checked.

Nothing in a text is run, imported or looked up by name: tags, types and frequencies come from closed lists. What
is claimed (a shape, a length, a range) is compared with what is there before any memory is taken for it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import math
import re
import warnings
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from threechairs.grader.crossing.bounds import (
    DECIMAL,
    DEFAULT,
    DTYPE,
    PLAIN_TYPES,
    SHORT,
    TAG,
    ZONE,
    Bounds,
    Refused,
    shown,
    spread,
    too_many,
)

Node = Any  # what json.loads gives
Fields = dict[str, Node]

_REPR = re.compile(r"-?(?:\d{1,25}(?:\.\d{1,25})?(?:e[+-]?\d{1,3})?|inf|nan)", re.ASCII)
_TYPES: dict[str, type[Any]] = {one.__name__: one for one in PLAIN_TYPES}


def unpack(text: str, bounds: Bounds = DEFAULT) -> Any:
    """Read what `pack` wrote.

    Parameters
    ----------
    text : str
        From the other side; nothing about it is taken for granted.
    bounds : Bounds, optional
        The most that may cross.

    Returns
    -------
    object
        Of exactly the types that `pack` takes.

    Raises
    ------
    Refused
        If the text is anything else; with a sentence. No other error is raised.

    Examples
    --------
    >>> unpack('{"rate":0.25,"years":{"$":"tuple","v":[2025,2026]}}')
    {'rate': 0.25, 'years': (2025, 2026)}
    >>> unpack('{"$":"os.system","v":"ls"}')
    Traceback (most recent call last):
        ...
    threechairs.grader.crossing.bounds.Refused: The answer cannot be read: there is no kind of value 'os.system'.
    """
    return built(parsed(text, bounds), bounds)


def parsed(text: str, bounds: Bounds) -> Node:
    """The JSON in a text, if it is strict JSON that is not too large.

    Raises
    ------
    Refused
        If it is not, with a sentence.
    """
    if not isinstance(text, str):
        raise Refused(f"The answer cannot be read: it came as {type(text).__name__}, not as text.")
    if len(text) > bounds.text:
        raise Refused(f"The answer is too large: {len(text):,} characters, and {bounds.text:,} may cross.")
    if not text.isascii():
        raise Refused("The answer cannot be read: it holds characters that are not written out.")
    if too_many(text, bounds):
        raise Refused(f"The answer holds more than {bounds.items:,} values.")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except Refused:
        raise
    except RecursionError:
        raise Refused(f"The answer is nested more than {bounds.depth} deep.") from None
    except MemoryError:
        raise Refused("The answer takes more memory than there is.") from None
    except ValueError as reason:
        raise Refused(f"The answer cannot be read: {shown(str(reason), 120)}.") from None


def built(node: Node, bounds: Bounds) -> Any:
    """The value that a node stands for.

    Raises
    ------
    Refused
        If it stands for none, with a sentence.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Unpacker(bounds).value(node)
    except Refused:
        raise
    except Exception as reason:
        # the libraries that build values have many ways to say that the parts do not fit
        told = f"its parts do not fit ({type(reason).__name__}: {shown(str(reason), 120)})"
        raise Refused(f"The answer cannot be read: {told}.") from None


class Unpacker:
    """One value on its way in; counts what it holds."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.items, self.claimed = bounds, 0, 0
        self.ways: dict[str, Callable[..., Any]] = {
            "float": lambda d, v: self._number(v),
            "complex": lambda d, v: complex(*map(self._number, self.part(v, list, 2))),
            "bytes": lambda d, v: self._limited(self.raw(v)),
            "bytearray": lambda d, v: bytearray(self._limited(self.raw(v))),
            "tuple": lambda d, v: tuple(self.listed(v, d)),
            "set": lambda d, v: self._set(set, v, d),
            "frozenset": lambda d, v: self._set(frozenset, v, d),
            "deque": self._deque,
            "dict": self.pairs,
            "OrderedDict": lambda d, v: OrderedDict(self.pairs(d, v)),
            "Counter": lambda d, v: Counter(self.pairs(d, v)),
            "defaultdict": self._defaultdict,
            "range": self._range,
            "Decimal": self._decimal,
            "Fraction": lambda d, v: Fraction(*map(self.whole, self.part(v, list, 2))),
            "date": lambda d, v: dt.date.fromisoformat(self.part(v, str, 10)),
            "time": lambda d, v, fold, zone: self._clock(dt.time, v, fold, zone),
            "datetime": lambda d, v, fold, zone: self._clock(dt.datetime, v, fold, zone),
            "timedelta": self._timedelta,
            "Ellipsis": lambda d: ...,
            "type": lambda d, v: _TYPES[self.choice(v, tuple(_TYPES))],
            "scalar": self._scalar,
            "ndarray": self.array,
            "objects": self._objects,
            "dtype": lambda d, of: self.of_kind(of, d, "ndarray objects masked strings zoned categories "
                                                       "periods intervals").dtype,
        }  # fmt: skip

    def value(self, node: Node, depth: int = 0) -> Any:
        """What a node stands for."""
        self.count(1)
        if depth > self.bounds.depth:
            raise Refused(f"The answer is nested more than {self.bounds.depth} deep.")
        if type(node) is dict:
            if TAG in node:
                return self._tagged(node, depth)
            return {key: self.value(one, depth + 1) for key, one in node.items()}
        if type(node) is list:
            return self.listed(node, depth)
        if type(node) is str:
            return self._text(node)
        if type(node) is int:
            return self.whole(node)
        if type(node) is float and not math.isfinite(node):
            raise Refused("The answer cannot be read: a number in it is too large for JSON.")
        return node

    def of_kind(self, node: Node, depth: int, kinds: str) -> Any:
        """What a tagged node of one of these kinds stands for."""
        if type(node) is not dict or node.get(TAG) not in kinds.split():
            raise Refused(f"The answer cannot be read: one of {kinds} is missing in it.")
        return self.value(node, depth + 1)

    def _tagged(self, node: Fields, depth: int) -> Any:
        kind = node[TAG]
        if type(kind) is str and kind not in self.ways:
            # pandas is imported only for values that need it
            from threechairs.grader.crossing.unpack_tables import KINDS, table_ways

            if kind in KINDS:
                self.ways.update(table_ways(self))
        if type(kind) is not str or kind not in self.ways:
            raise Refused(f"The answer cannot be read: there is no kind of value {shown(str(kind))!r}.")
        fields = {name: part for name, part in node.items() if name != TAG}
        return self.ways[kind](depth, **fields)

    def count(self, more: int) -> None:
        """Add to the number of values that are built."""
        self.items += more
        if self.items > self.bounds.items:
            raise Refused(f"The answer holds more than {self.bounds.items:,} values.")

    def claimed_range(self, node: Node) -> range:
        """A range; those of one text together may stand for no more numbers than a table has rows."""
        found = range(*(self.whole(one, 1 << 62) for one in self.part(node, list, 3)))
        self.claimed += len(found)
        if self.claimed > self.bounds.rows:
            raise Refused(f"The ranges in the answer claim more than {self.bounds.rows:,} numbers.")
        return found

    def part(self, node: Node, kind: type[list[Any]] | type[str], most: int) -> Any:
        """A part of exactly this type, no longer than it may be."""
        if type(node) is not kind or len(node) > most:
            raise Refused(f"The answer cannot be read: a {kind.__name__} of at most {most:,} is missing in it.")
        return node

    def choice(self, node: Node, allowed: Sequence[Any]) -> Any:
        """A part that is one of a closed list."""
        for one in allowed:
            if type(node) is type(one) and node == one:
                return one
        raise Refused(f"The answer cannot be read: {shown(str(node))} is not one of {len(allowed)} known words.")

    def matching(self, node: Node, pattern: re.Pattern[str], what: str) -> str:
        """A text that has the form which a pattern asks for."""
        if type(node) is not str or not pattern.fullmatch(node):
            raise Refused(f"The answer cannot be read: {shown(str(node))!r} is not {what} that may cross.")
        return node

    def whole(self, node: Node, most: int | None = None) -> int:
        """A whole number, at most so far from zero if a bound is given."""
        if type(node) is not int or node.bit_length() > self.bounds.digits * 3.33:
            raise Refused("The answer cannot be read: a whole number is missing in it or too long.")
        if most is not None and abs(node) > most:
            raise Refused(f"The answer cannot be read: {shown(str(node))} is out of bounds.")
        return node

    def listed(self, node: Node, depth: int, most: int | None = None) -> list[Any]:
        """The values of a list of nodes."""
        if type(node) is not list or len(node) > (self.bounds.items if most is None else most):
            raise Refused("The answer cannot be read: a list is missing in it or too long.")
        if len(node) > 20 and SHORT.issuperset(map(type, node)) and depth < self.bounds.depth:
            self.count(len(node))
            self._text(max((one for one in node if type(one) is str), key=len, default=""))
            return list(node)
        return [self.value(one, depth + 1) for one in node]

    def raw(self, node: Node) -> bytes:
        """The bytes of a base64 text."""
        if type(node) is not str:
            raise Refused("The answer cannot be read: bytes are missing in it.")
        try:
            return base64.b64decode(node, validate=True)
        except (binascii.Error, ValueError):
            raise Refused("The answer cannot be read: its base64 is damaged.") from None

    def zone(self, node: Node) -> dt.tzinfo | None:
        """A time zone from its key, or from the microseconds that it is ahead of UTC."""
        if node is None:
            return None
        if type(node) is int:
            ahead = dt.timedelta(microseconds=self.whole(node, 86_400_000_000))
            return dt.timezone(ahead) if ahead else dt.UTC
        return ZoneInfo(self.matching(node, ZONE, "a time zone"))

    def array(self, depth: int, dtype: Node, shape: Node, v: Node) -> Any:
        """A numpy array from the bytes of its buffer."""
        import numpy as np

        kind = np.dtype(self.matching(dtype, DTYPE, "a type of numpy"))
        raw = self.raw(v)
        size = self._shape(shape)
        if math.prod(size) * kind.itemsize != len(raw):
            raise Refused(f"The answer cannot be read: an array of shape {shown(str(size))} has {len(raw):,} bytes.")
        if kind.kind == "b" and raw.translate(None, b"\0\1"):
            raise Refused("The answer cannot be read: a truth value is neither true nor false.")
        if kind.kind == "U" and raw and np.frombuffer(raw, dtype=kind.str[0] + "u4").max() > 0x10FFFF:
            raise Refused("The answer cannot be read: a text holds something that is no character.")
        return np.frombuffer(raw, dtype=kind).reshape(size).copy()

    def _shape(self, node: Node) -> tuple[int, ...]:
        size = tuple(self.whole(one, self.bounds.rows) for one in self.part(node, list, 32))
        if any(one < 0 for one in size) or math.prod(size) > self.bounds.rows:
            raise Refused(f"The answer cannot be read: an array cannot have the shape {shown(str(size))}.")
        return size

    def _objects(self, depth: int, shape: Node, v: Node) -> Any:
        import numpy as np

        size, values = self._shape(shape), self.listed(v, depth)
        if math.prod(size) != len(values):
            raise Refused(f"The answer cannot be read: an array of shape {size} has {len(values):,} values.")
        found = np.empty(len(values), dtype=object)
        for position, one in enumerate(values):  # a slice would unfold lists
            found[position] = one
        return found.reshape(size)

    def _scalar(self, depth: int, dtype: Node, v: Node) -> Any:
        return self.array(depth, dtype, [1], v)[0]

    def _limited(self, raw: bytes) -> bytes:
        if len(raw) > self.bounds.string:
            raise Refused(f"The answer holds {len(raw):,} bytes in one value.")
        return raw

    def _text(self, node: str) -> str:
        if len(node) > self.bounds.string:
            raise Refused(f"A text in the answer has {len(node):,} characters.")
        return node

    def _number(self, node: Node) -> float:
        return float(self.matching(node, _REPR, "a number"))

    def _decimal(self, depth: int, v: Node) -> Decimal:
        if len(self.matching(v, DECIMAL, "a decimal number")) > self.bounds.digits:
            raise Refused("The answer cannot be read: a decimal number in it is too long.")
        return Decimal(v)

    def _set(self, kind: Callable[[list[Any]], Any], v: Node, depth: int) -> Any:
        values = self.listed(v, depth)
        spread(values)
        found = kind(values)
        if len(found) != len(values):
            raise Refused("The answer cannot be read: a set holds a value twice.")
        return found

    def pairs(self, depth: int, v: Node) -> dict[Any, Any]:
        """A dict from a list of keys with their values."""
        if type(v) is not list or not all(type(pair) is list and len(pair) == 2 for pair in v):
            raise Refused("The answer cannot be read: a dict is not made of pairs.")
        keys = self.listed([pair[0] for pair in v], depth)
        spread(keys)
        found = dict(zip(keys, self.listed([pair[1] for pair in v], depth), strict=True))
        if len(found) != len(v):
            raise Refused("The answer cannot be read: a dict holds a key twice.")
        return found

    def _defaultdict(self, depth: int, v: Node, default: Node) -> defaultdict[Any, Any]:
        made = None if default is None else _TYPES[self.choice(default, tuple(_TYPES))]
        return defaultdict(made, self.pairs(depth, v))

    def _deque(self, depth: int, v: Node, most: Node) -> deque[Any]:
        return deque(self.listed(v, depth), None if most is None else self.whole(most, 1 << 62))

    def _range(self, depth: int, v: Node) -> range:
        return self.claimed_range(v)

    def _timedelta(self, depth: int, v: Node) -> dt.timedelta:
        days, seconds, microseconds = (self.whole(one, 10**9) for one in self.part(v, list, 3))
        return dt.timedelta(days, seconds, microseconds)

    def _clock(self, kind: type[dt.datetime] | type[dt.time], v: Node, fold: Node, zone: Node) -> Any:
        plain = kind.fromisoformat(self.part(v, str, 32))
        if plain.tzinfo is not None:
            raise Refused("The answer cannot be read: a time has its zone in the wrong place.")
        return plain.replace(tzinfo=self.zone(zone), fold=self.choice(fold, (0, 1)))


def _once(pairs: list[tuple[str, Node]]) -> Fields:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("The answer cannot be read: a key stands twice in it.")
    return found


def _no_constant(name: str) -> Node:
    raise Refused(f"The answer cannot be read: {name} is not a number of JSON.")
