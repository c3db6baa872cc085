"""Unpacking what pandas knows, from closed lists of types, units, zones and frequencies."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from threechairs.grader.crossing.bounds import FREQUENCY, FREQUENCY_ROWS, TABLE_ITEMS, UNITS, Refused, shown, spread
from threechairs.grader.crossing.pack_tables import ARROW_COUNTED, ARROW_DECIMAL, ARROW_PLAIN

if TYPE_CHECKING:
    from threechairs.grader.crossing.unpack import Node, Unpacker

_OFFSET = re.compile(r"[+-][01]\d:[0-5]\d", re.ASCII)
_CLOSED = ("left", "right", "both", "neither")
_INDEXES = "Index RangeIndex MultiIndex"
_COLUMNS = "ndarray objects masked strings zoned categories periods intervals arrow"
KINDS = frozenset(
    f"NaT NA Timestamp Timedelta Period Interval {_INDEXES} DataFrame Series {_COLUMNS}".split()
) - {"ndarray", "objects"}  # fmt: skip


def table_ways(unpacker: Unpacker) -> dict[str, Callable[..., Any]]:
    """The ways to unpack the kinds of pandas, by tag."""
    ways = _Tables(unpacker)
    return {
        "NaT": lambda depth: ways.pd.NaT,
        "NA": lambda depth: ways.pd.NA,
        "Timestamp": ways.timestamp,
        "Timedelta": ways.timedelta,
        "Period": ways.period,
        "Interval": ways.interval,
        "Index": ways.index,
        "RangeIndex": ways.range_index,
        "MultiIndex": ways.multi_index,
        "DataFrame": ways.frame,
        "Series": ways.series,
        "masked": ways.masked,
        "strings": ways.strings,
        "zoned": ways.zoned,
        "categories": ways.categories,
        "periods": ways.periods,
        "intervals": ways.intervals,
        "arrow": ways.arrow,
    }


class _Tables:
    def __init__(self, unpacker: Unpacker) -> None:
        import numpy as np
        import pandas as pd

        self.unpacker, self.np, self.pd = unpacker, np, pd

    def timestamp(self, depth: int, v: Node, unit: Node, zone: Node) -> Any:
        unit = self.unpacker.choice(unit, UNITS)
        plain = self.pd.Timestamp(self.np.datetime64(self.unpacker.whole(v, (1 << 63) - 1), unit))
        tzinfo = self.unpacker.zone(zone)
        return plain if tzinfo is None else plain.tz_localize("UTC").tz_convert(tzinfo)

    def timedelta(self, depth: int, v: Node, unit: Node) -> Any:
        unit = self.unpacker.choice(unit, UNITS)
        return self.pd.Timedelta(self.np.timedelta64(self.unpacker.whole(v, (1 << 63) - 1), unit))

    def period(self, depth: int, v: Node, freq: Node) -> Any:
        return self.pd.Period(ordinal=self.unpacker.whole(v, 1 << 40), freq=self._frequency(freq))

    def interval(self, depth: int, v: Node, closed: Node) -> Any:
        left, right = self.unpacker.listed(v, depth, 2)
        return self.pd.Interval(left, right, closed=self.unpacker.choice(closed, _CLOSED))

    def index(self, depth: int, v: Node, name: Node, freq: Node) -> Any:
        self.unpacker.count(TABLE_ITEMS)
        values = self._column(v, depth)
        if values.dtype.kind == "O" and isinstance(values, self.np.ndarray):
            spread(values)
        found = self.pd.Index(values, dtype=values.dtype, name=self._name(name, depth), copy=False)
        if type(found) is self.pd.MultiIndex or values.ndim != 1:
            raise Refused("The answer cannot be read: an index in it is not made of one column.")
        if freq is not None:
            if len(found) > FREQUENCY_ROWS:
                raise Refused("The answer cannot be read: an index is too long to have a frequency.")
            found.freq = self._frequency(freq)  # pandas checks that the values keep it
        return found

    def range_index(self, depth: int, v: Node, name: Node) -> Any:
        self.unpacker.count(TABLE_ITEMS)
        found = self.unpacker.claimed_range(v)
        return self.pd.RangeIndex(found.start, found.stop, found.step, name=self._name(name, depth))

    def multi_index(self, depth: int, levels: Node, codes: Node, names: Node) -> Any:
        self.unpacker.count(TABLE_ITEMS)
        parts = self.unpacker.part(levels, list, self.unpacker.bounds.columns)
        found = [self.unpacker.of_kind(one, depth, "Index RangeIndex") for one in parts]
        numbers = [self._codes(one, depth) for one in self.unpacker.part(codes, list, len(found))]
        known = self.unpacker.listed(names, depth, len(found))
        return self.pd.MultiIndex(levels=found, codes=numbers, names=known, verify_integrity=True)

    def frame(self, depth: int, index: Node, columns: Node, v: Node) -> Any:
        self.unpacker.count(TABLE_ITEMS)
        rows = self.unpacker.of_kind(index, depth, _INDEXES)
        heads = self.unpacker.of_kind(columns, depth, _INDEXES)
        parts = self.unpacker.part(v, list, self.unpacker.bounds.columns)
        if len(heads) != len(parts):
            raise Refused(f"The answer cannot be read: a table has {len(parts)} columns and {len(heads)} names.")
        found = {position: self._values(one, depth, rows) for position, one in enumerate(parts)}
        table = self.pd.DataFrame(found, index=rows, copy=True)
        table.columns = heads
        return table

    def series(self, depth: int, index: Node, name: Node, v: Node) -> Any:
        self.unpacker.count(TABLE_ITEMS)
        found = self._values(v, depth, self.unpacker.of_kind(index, depth, _INDEXES))
        found.name = self._name(name, depth)
        return found

    def masked(self, depth: int, v: Node, mask: Node) -> Any:
        data, hidden = self.unpacker.of_kind(v, depth, "ndarray"), self.unpacker.of_kind(mask, depth, "ndarray")
        arrays = self.pd.arrays
        kinds = {
            "b": arrays.BooleanArray,
            "i": arrays.IntegerArray,
            "u": arrays.IntegerArray,
            "f": arrays.FloatingArray,
        }
        if data.dtype.kind not in kinds or data.shape != hidden.shape or data.ndim != 1 or not data.dtype.isnative:
            raise Refused("The answer cannot be read: a column with gaps has parts that do not fit.")
        return kinds[data.dtype.kind](data, hidden)

    def strings(self, depth: int, v: Node, storage: Node, missing: Node) -> Any:
        texts = self.unpacker.listed(v, depth)
        if not all(one is None or type(one) is str for one in texts):
            raise Refused("The answer cannot be read: a column of texts holds something else.")
        gap: Any = {"NA": self.pd.NA, "nan": float("nan")}[self.unpacker.choice(missing, ("NA", "nan"))]
        kept = self.unpacker.choice(storage, ("python", "pyarrow"))
        return self.pd.array(texts, dtype=self.pd.StringDtype(kept, na_value=gap))

    def zoned(self, depth: int, v: Node, zone: Node) -> Any:
        plain = self.unpacker.of_kind(v, depth, "ndarray")
        if plain.dtype.kind != "M" or plain.ndim != 1:
            raise Refused("The answer cannot be read: a column of dates holds something else.")
        return self.pd.DatetimeIndex(plain).tz_localize("UTC").tz_convert(self.unpacker.zone(zone)).array

    def categories(self, depth: int, v: Node, of: Node, ordered: Node) -> Any:
        known = self.unpacker.of_kind(of, depth, "Index RangeIndex")
        order = self.unpacker.choice(ordered, (True, False))
        return self.pd.Categorical.from_codes(self._codes(v, depth), categories=known, ordered=order)

    def periods(self, depth: int, v: Node, freq: Node) -> Any:
        counts = self.unpacker.of_kind(v, depth, "ndarray")
        if counts.dtype != self.np.dtype("int64") or counts.ndim != 1:
            raise Refused("The answer cannot be read: a column of periods holds something else.")
        return self.pd.arrays.PeriodArray(counts, dtype=self.pd.PeriodDtype(self._frequency(freq)))

    def intervals(self, depth: int, v: Node, closed: Node) -> Any:
        left, right = (self.unpacker.of_kind(one, depth, "Index RangeIndex") for one in self.unpacker.part(v, list, 2))
        order = self.unpacker.choice(closed, _CLOSED)
        return self.pd.arrays.IntervalArray.from_arrays(left, right, closed=order)

    def arrow(self, depth: int, type: Node, v: Node) -> Any:
        pa: Any = import_module("pyarrow")  # it has no types of its own
        name, values = self.unpacker.part(type, str, 80), self.unpacker.listed(v, depth)
        counted, decimal = ARROW_COUNTED.fullmatch(name), ARROW_DECIMAL.fullmatch(name)
        if name in ARROW_PLAIN:
            found = pa.array(values, type=pa.type_for_alias(name))
        elif decimal:
            found = pa.array(values, type=pa.decimal128(int(decimal[1]), int(decimal[2])))
        elif counted and counted[1] == "duration" and counted[3] is None:
            found = pa.array(values, type=pa.int64()).cast(pa.duration(counted[2]))
        elif counted and counted[1] == "timestamp":
            if counted[3] is not None and not _OFFSET.fullmatch(counted[3]):
                self.unpacker.zone(counted[3])
            found = pa.array(values, type=pa.int64()).cast(pa.timestamp(counted[2], tz=counted[3]))
        else:
            raise Refused(f"The answer cannot be read: a column of Arrow's type {shown(name)} does not cross.")
        found.validate(full=True)
        return self.pd.array(found, dtype=self.pd.ArrowDtype(found.type))

    def _values(self, node: Node, depth: int, rows: Any) -> Any:
        values = self._column(node, depth)
        if values.ndim != 1 or len(values) != len(rows):
            raise Refused(f"The answer cannot be read: a column of {len(values):,} values has {len(rows):,} rows.")
        return self.pd.Series(values, index=rows, dtype=values.dtype, copy=False)

    def _column(self, node: Node, depth: int) -> Any:
        values = self.unpacker.of_kind(node, depth, _COLUMNS)
        if values.ndim != 1:
            raise Refused("The answer cannot be read: a column has more than one dimension.")
        return values

    def _codes(self, node: Node, depth: int) -> Any:
        codes = self.unpacker.of_kind(node, depth, "ndarray")
        if codes.dtype.kind != "i" or codes.ndim != 1:
            raise Refused("The answer cannot be read: the codes of a column are not whole numbers.")
        return codes

    def _name(self, node: Node, depth: int) -> Any:
        return self.unpacker.value(node, depth + 1)

    def _frequency(self, node: Node) -> str:
        return self.unpacker.matching(node, FREQUENCY, "a frequency")
