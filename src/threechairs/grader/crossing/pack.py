"""Packing: a value of the learner becomes tagged JSON, if it is data and not too large.

Only exact types are taken, so no method that a learner wrote is called: a subclass may lie in `__eq__`, and
its base would not answer to the methods that a test asks for. Types of numpy and pandas are known only when
the learner's process has imported them; nothing is imported here.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import sys
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Sized
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from threechairs.grader.crossing.bounds import (
    DECIMAL,
    DEFAULT,
    DTYPE,
    PLAIN_TYPES,
    SHORT,
    TAG,
    Bounds,
    CannotCross,
    shown,
    too_many,
    zone,
)

Node = Any  # what json.dumps takes
Way = Callable[[Any, int], Node]

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType, partial)
_BASES = (dict, list, tuple, set, frozenset, str, bytes, int, float, complex)


def pack(value: object, bounds: Bounds = DEFAULT) -> str:
    """Write a value as text that `unpack` reads back as the same value.

    Parameters
    ----------
    value : object
        Plain Python data (numbers, texts, dates, containers of the standard library), numpy scalars and
        arrays, pandas scalars, indexes, Series and DataFrames. Equal objects arrive as equal ones; that two
        names stand for the same object is lost.
    bounds : Bounds, optional
        The most that may cross.

    Returns
    -------
    str
        ASCII.

    Raises
    ------
    CannotCross
        If the value is not data, holds itself, or is too large; with a sentence for the author of the test.

    Examples
    --------
    >>> pack({"rate": 0.25, "years": (2025, 2026)})
    '{"rate":0.25,"years":{"$":"tuple","v":[2025,2026]}}'
    >>> pack([print])
    Traceback (most recent call last):
        ...
    threechairs.grader.crossing.bounds.CannotCross: A function is not data: call it in the test cell...
    """
    try:
        node = Packer(bounds).node(value)
        text = json.dumps(node, allow_nan=False, separators=(",", ":"))
    except CannotCross:
        raise
    except Exception as reason:
        told = f"A value of type {_name(value)} could not be read: {type(reason).__name__}."
        raise CannotCross(told) from None
    if len(text) > bounds.text:
        raise CannotCross(f"The value takes {len(text):,} characters; {bounds.text:,} may cross.")
    if too_many(text, bounds):
        raise CannotCross(f"The value holds more lists and dicts than may cross ({bounds.items:,} values).")
    return text


class Packer:
    """One value on its way out; counts what it holds."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.items, self.claimed = bounds, 0, 0
        self.ways: dict[type, Way] = {
            type(None): self._itself,
            bool: self._itself,
            int: self._int,
            float: self._float,
            str: self._str,
            complex: lambda x, _: {TAG: "complex", "v": [repr(x.real), repr(x.imag)]},
            bytes: self._bytes,
            bytearray: self._bytes,
            list: self.listed,
            tuple: self._tagged,
            set: self._tagged,
            frozenset: self._tagged,
            deque: self._deque,
            dict: self._dict,
            OrderedDict: self._pairs,
            Counter: self._pairs,
            defaultdict: self._defaultdict,
            range: self._range,
            Decimal: self._decimal,
            Fraction: lambda x, _: {TAG: "Fraction", "v": [self._int(x.numerator, 0), self._int(x.denominator, 0)]},
            dt.date: lambda x, _: {TAG: "date", "v": x.isoformat()},
            dt.time: self._clock,
            dt.datetime: self._clock,
            dt.timedelta: lambda x, _: {TAG: "timedelta", "v": [x.days, x.seconds, x.microseconds]},
            type(Ellipsis): lambda x, _: {TAG: "Ellipsis"},
            type: self._type,
        }
        self.numpy = sys.modules.get("numpy")
        if self.numpy is not None:
            self.ways[self.numpy.ndarray] = self.array
        if "pandas" in sys.modules:
            from threechairs.grader.crossing.pack_tables import table_ways

            self.ways.update(table_ways(self))

    def node(self, value: Any, depth: int = 0) -> Node:
        """What stands for a value in the text."""
        self.count(1)
        if depth > self.bounds.depth:
            raise CannotCross(f"The value is nested more than {self.bounds.depth} deep, or holds itself.")
        way = self.ways.get(type(value))
        if way is not None:
            return way(value, depth)
        if self.numpy is not None:
            if isinstance(value, self.numpy.dtype):
                return {TAG: "dtype", "of": self.array(self.numpy.empty(0, value), depth)}
            if isinstance(value, self.numpy.generic) and type(value).__module__ == "numpy":
                return self._scalar(value)
        raise CannotCross(_why_not(value))

    def count(self, more: int) -> None:
        """Add to the number of values that cross."""
        self.items += more
        if self.items > self.bounds.items:
            raise CannotCross(f"The value holds more than {self.bounds.items:,} values; so many cannot cross.")

    def claim(self, numbers: Sized) -> None:
        """Add to the numbers that ranges stand for without writing them down."""
        self.claimed += len(numbers)
        if self.claimed > self.bounds.rows:
            raise CannotCross(f"The ranges hold more than {self.bounds.rows:,} numbers; so many cannot cross.")

    def listed(self, values: Iterable[Any], depth: int) -> Node:
        """Nodes of several values."""
        values = list(values)
        if len(values) > 20 and SHORT.issuperset(map(type, values)) and depth < self.bounds.depth:
            self.count(len(values))
            self._str(max((one for one in values if type(one) is str), key=len, default=""), depth)
            return values
        return [self.node(value, depth + 1) for value in values]

    def array(self, value: Any, depth: int) -> Node:
        """Node of an exact `numpy.ndarray`: the bytes of its buffer, or its objects one by one."""
        if value.size > self.bounds.rows:
            raise CannotCross(f"An array holds {value.size:,} numbers; {self.bounds.rows:,} may cross.")
        shape = list(value.shape)
        if value.dtype.kind == "O":
            return {TAG: "objects", "shape": shape, "v": self.listed(value.ravel().tolist(), depth)}
        return {TAG: "ndarray", "dtype": _dtype(value.dtype), "shape": shape, "v": self._base64(value.tobytes())}

    def _base64(self, raw: bytes) -> str:
        if len(raw) > self.bounds.text:  # before four thirds of it are made
            raise CannotCross(f"The value takes {len(raw):,} bytes; {self.bounds.text:,} may cross.")
        return base64.b64encode(raw).decode("ascii")

    def _scalar(self, value: Any) -> Node:
        return {TAG: "scalar", "dtype": _dtype(value.dtype), "v": self._base64(value.tobytes())}

    def _itself(self, value: Any, _: int) -> Node:
        return value

    def _int(self, value: int, _: int) -> Node:
        if value.bit_length() > self.bounds.digits * 3.32:
            raise CannotCross(f"A whole number has more than {self.bounds.digits:,} digits.")
        return value

    def _float(self, value: float, _: int) -> Node:
        return value if math.isfinite(value) else {TAG: "float", "v": repr(value)}

    def _str(self, value: str, _: int) -> Node:
        if len(value) > self.bounds.string:
            raise CannotCross(f"A text has {len(value):,} characters; {self.bounds.string:,} may cross.")
        return value

    def _bytes(self, value: bytes | bytearray, _: int) -> Node:
        if len(value) > self.bounds.string:
            raise CannotCross(f"Bytes: there are {len(value):,} of them; {self.bounds.string:,} may cross.")
        return {TAG: type(value).__name__, "v": self._base64(bytes(value))}

    def _decimal(self, value: Decimal, _: int) -> Node:
        text = str(value)
        if len(text) > self.bounds.digits or not DECIMAL.fullmatch(text):
            raise CannotCross("A decimal number has too many digits, or is too far from one.")
        return {TAG: "Decimal", "v": text}

    def _tagged(self, value: Any, depth: int) -> Node:
        return {TAG: type(value).__name__, "v": self.listed(value, depth)}

    def _deque(self, value: deque[Any], depth: int) -> Node:
        return {TAG: "deque", "v": self.listed(value, depth), "most": value.maxlen}

    def _dict(self, value: dict[Any, Any], depth: int) -> Node:
        if all(type(key) is str and key != TAG for key in value):
            return {self._str(key, depth): self.node(one, depth + 1) for key, one in value.items()}
        return self._pairs(value, depth)

    def _pairs(self, value: dict[Any, Any], depth: int) -> Node:
        pairs = [[self.node(key, depth + 1), self.node(one, depth + 1)] for key, one in value.items()]
        return {TAG: type(value).__name__, "v": pairs}

    def _defaultdict(self, value: defaultdict[Any, Any], depth: int) -> Node:
        made = value.default_factory
        if made is not None and not any(made is one for one in PLAIN_TYPES):
            raise CannotCross("The default of a defaultdict is a function; turn the value into a dict with dict(...).")
        return {**self._pairs(value, depth), "default": made.__name__ if isinstance(made, type) else None}

    def _range(self, value: range, _: int) -> Node:
        if abs(value.start) + abs(value.stop) + abs(value.step) >= 1 << 62:
            raise CannotCross("A range reaches too far from zero.")
        self.claim(value)
        return {TAG: "range", "v": [value.start, value.stop, value.step]}

    def _clock(self, value: Any, _: int) -> Node:
        plain = value.replace(tzinfo=None, fold=0).isoformat()
        return {TAG: type(value).__name__, "v": plain, "fold": value.fold, "zone": zone(value.tzinfo)}

    def _type(self, value: type, _: int) -> Node:
        if value not in PLAIN_TYPES:
            raise CannotCross(_why_not(value))
        return {TAG: "type", "v": value.__name__}


def _dtype(dtype: Any) -> str:
    name = str(dtype.str)
    if not DTYPE.fullmatch(name):
        raise CannotCross(f"Data of numpy's type {shown(str(dtype))} do not cross: use numbers, texts or dates.")
    return name


def _name(value: object) -> str:
    return shown(type(value).__name__)


def _why_not(value: object) -> str:
    name, module = _name(value), str(type(value).__module__).partition(".")[0]
    base = next((one.__name__ for one in _BASES if isinstance(value, one)), None)
    if isinstance(value, _FUNCTIONS):
        told = "A function is not data: call it in the test cell, then its result crosses."
    elif isinstance(value, types.ModuleType):
        told = "A module is not data: import it in the test cell."
    elif isinstance(value, type):
        told = f"The class {shown(value.__name__)} is not data: let a function of the learner return what it computes."
    elif hasattr(type(value), "__next__"):
        told = f"A {name} gives its values once and is not data: ask for a list."
    elif module in {"matplotlib", "seaborn", "plotly", "bokeh", "altair"}:
        told = f"A plot ({name}) is not data: ask for the numbers that it shows."
    elif base:
        told = f"A {name} is a kind of {base} with a class of its own: turn it into a plain {base}."
    elif module in {"numpy", "pandas"}:
        told = f"A {name} of {module} does not cross: ask for a plain table, an array or a number."
    else:
        told = f"An instance of the class {name} is not data: ask for the numbers, texts or tables that it holds."
    return told
