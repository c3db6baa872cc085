"""Packing what pandas knows: scalars, indexes, Series and DataFrames, each column by the buffers below it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from threechairs.grader.crossing.bounds import FREQUENCY, FREQUENCY_ROWS, TABLE_ITEMS, TAG, CannotCross, shown, zone

if TYPE_CHECKING:
    from threechairs.grader.crossing.pack import Node, Packer, Way

_DTYPES = (
    "Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Boolean String "
    "Categorical DatetimeTZ Period Interval"
)
_ARROW = (
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 halffloat float double "
    "string large_string binary large_binary date32[day]"
)
ARROW_PLAIN = frozenset(_ARROW.split())
ARROW_COUNTED = re.compile(r"(timestamp|duration)\[(s|ms|us|ns)(?:, tz=([^\]]+))?\]", re.ASCII)
ARROW_DECIMAL = re.compile(r"decimal128\((\d{1,2}), (\d{1,2})\)", re.ASCII)


def table_ways(packer: Packer) -> dict[type, Way]:
    """The ways to pack the types of pandas, by exact type."""
    ways = _Tables(packer, sys.modules["pandas"])
    return ways.of_scalars() | ways.of_tables() | ways.of_columns()


class _Tables:
    def __init__(self, packer: Packer, pandas: Any) -> None:
        self.packer, self.pd = packer, pandas

    def of_scalars(self) -> dict[type, Way]:
        pd = self.pd
        return {
            type(pd.NaT): lambda x, _: {TAG: "NaT"},
            type(pd.NA): lambda x, _: {TAG: "NA"},
            pd.Timestamp: lambda x, _: {TAG: "Timestamp", "v": _count(x), "unit": x.unit, "zone": zone(x.tz)},
            pd.Timedelta: lambda x, _: {TAG: "Timedelta", "v": _count(x), "unit": x.unit},
            pd.Period: lambda x, _: {TAG: "Period", "v": x.ordinal, "freq": _frequency(x.freqstr)},
            pd.Interval: self._interval,
        }

    def of_tables(self) -> dict[type, Way]:
        pd = self.pd
        plain = (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex, pd.CategoricalIndex, pd.IntervalIndex)
        return {
            pd.DataFrame: self._frame,
            pd.Series: self._series,
            pd.RangeIndex: self._range_index,
            pd.MultiIndex: self._multi_index,
            **dict.fromkeys(plain, self._index),
        }

    def of_columns(self) -> dict[type, Way]:
        arrays = self.pd.arrays
        known: dict[str, Callable[[Any, int], Node]] = {
            "NumpyExtensionArray": lambda x, depth: self.packer.node(x.to_numpy(), depth + 1),
            "DatetimeArray": self._dates,
            "TimedeltaArray": lambda x, depth: self.packer.node(x.to_numpy(), depth + 1),
            "IntegerArray": self._masked,
            "FloatingArray": self._masked,
            "BooleanArray": self._masked,
            "StringArray": self._strings,
            "ArrowStringArray": self._strings,
            "PeriodArray": self._periods,
            "IntervalArray": self._intervals,
            "ArrowExtensionArray": self._arrow,
        }
        found = {getattr(arrays, name): way for name, way in known.items() if hasattr(arrays, name)}
        kinds = (getattr(self.pd, f"{name}Dtype") for name in _DTYPES.split())
        return {**found, self.pd.Categorical: self._categories, **dict.fromkeys(kinds, self._dtype)}

    def _interval(self, x: Any, depth: int) -> Node:
        ends = self.packer.listed([x.left, x.right], depth)
        return {TAG: "Interval", "v": ends, "closed": x.closed}

    def _dtype(self, x: Any, depth: int) -> Node:
        return {TAG: "dtype", "of": self.packer.node(self.pd.array([], dtype=x), depth + 1)}

    def _frame(self, x: Any, depth: int) -> Node:
        self.packer.count(TABLE_ITEMS)
        bounds = self.packer.bounds
        if x.shape[0] > bounds.rows or x.shape[1] > bounds.columns:
            size = f"A table has {x.shape[0]:,} rows and {x.shape[1]:,} columns"
            raise CannotCross(f"{size}; {bounds.rows:,} and {bounds.columns:,} may cross.")
        arrays = [x.iloc[:, position].array for position in range(x.shape[1])]
        return {
            TAG: "DataFrame",
            "index": self.packer.node(x.index, depth + 1),
            "columns": self.packer.node(x.columns, depth + 1),
            "v": self.packer.listed(arrays, depth),
        }

    def _series(self, x: Any, depth: int) -> Node:
        self.packer.count(TABLE_ITEMS)
        index, name, values = self.packer.listed([x.index, x.name, x.array], depth)
        return {TAG: "Series", "index": index, "name": name, "v": values}

    def _range_index(self, x: Any, depth: int) -> Node:
        self.packer.count(TABLE_ITEMS)
        self.packer.claim(x)
        return {TAG: "RangeIndex", "v": [x.start, x.stop, x.step], "name": self.packer.node(x.name, depth + 1)}

    def _multi_index(self, x: Any, depth: int) -> Node:
        self.packer.count(TABLE_ITEMS)
        names, levels = self.packer.listed(list(x.names), depth), self.packer.listed(list(x.levels), depth)
        codes = self.packer.listed(list(x.codes), depth)
        return {TAG: "MultiIndex", "levels": levels, "codes": codes, "names": names}

    def _index(self, x: Any, depth: int) -> Node:
        self.packer.count(TABLE_ITEMS)
        name, values = self.packer.listed([x.name, x.array], depth)
        steady = isinstance(x, (self.pd.DatetimeIndex, self.pd.TimedeltaIndex)) and len(x) <= FREQUENCY_ROWS
        freq = x.freqstr if steady else None
        return {TAG: "Index", "name": name, "v": values, "freq": _frequency(freq) if freq else None}

    def _dates(self, x: Any, depth: int) -> Node:
        if x.tz is None:
            return self.packer.node(x.to_numpy(), depth + 1)
        plain = x.tz_convert("UTC").tz_localize(None).to_numpy()
        return {TAG: "zoned", "v": self.packer.node(plain, depth + 1), "zone": zone(x.tz)}

    def _masked(self, x: Any, depth: int) -> Node:
        data = x.to_numpy(dtype=x.dtype.numpy_dtype, na_value=0)
        return {TAG: "masked", "v": self.packer.node(data, depth + 1), "mask": self.packer.node(x.isna(), depth + 1)}

    def _strings(self, x: Any, depth: int) -> Node:
        missing = x.isna()
        texts = [None if gone else one for one, gone in zip(x.tolist(), missing, strict=True)]
        kept = "NA" if x.dtype.na_value is self.pd.NA else "nan"
        return {TAG: "strings", "v": self.packer.listed(texts, depth), "storage": x.dtype.storage, "missing": kept}

    def _categories(self, x: Any, depth: int) -> Node:
        codes = self.packer.node(x.codes, depth + 1)
        return {TAG: "categories", "v": codes, "of": self.packer.node(x.categories, depth + 1), "ordered": x.ordered}

    def _periods(self, x: Any, depth: int) -> Node:
        return {TAG: "periods", "v": self.packer.node(x.asi8, depth + 1), "freq": _frequency(x.freqstr)}

    def _intervals(self, x: Any, depth: int) -> Node:
        left, right = self.packer.listed([x.left, x.right], depth)
        return {TAG: "intervals", "v": [left, right], "closed": x.closed}

    def _arrow(self, x: Any, depth: int) -> Node:
        name, values = str(x.dtype.pyarrow_dtype), x.__arrow_array__()
        if ARROW_COUNTED.fullmatch(name):
            values = values.cast("int64")
        elif name not in ARROW_PLAIN and not ARROW_DECIMAL.fullmatch(name):
            raise CannotCross(f"A column of Arrow's type {shown(name)} does not cross: turn it into a plain column.")
        return {TAG: "arrow", "type": name, "v": self.packer.listed(values.to_pylist(), depth)}


def _count(x: Any) -> int:
    return int(x.asm8.view("i8"))


def _frequency(name: str) -> str:
    if not FREQUENCY.fullmatch(name):
        raise CannotCross(f"The frequency {shown(name)} does not cross: set freq to None.")
    return name
