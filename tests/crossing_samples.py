"""Values that cross the sandbox and that do not, and what it means that two are the same."""

import collections
import datetime as dt
import os
import types
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

FRAME = pd.DataFrame({"i": [1, 2, 3], "f": [1.0, np.nan, 3], "s": ["a", None, "c"], "b": [True, False, True]})
PARIS = ZoneInfo("Europe/Paris")


def series_of(values, dtype=object):
    return pd.Series(values, dtype=dtype)


def table(**columns):
    return pd.DataFrame(columns)


SAME = {
    # plain Python
    "none": None,
    "truth": True,
    "whole": -3,
    "large whole": 10**30,
    "float": -0.0,
    "nan": float("nan"),
    "infinite": [float("inf"), -float("inf")],
    "complex": complex(-0.0, float("nan")),
    "text": 'quoted "text", a line\nand \0 é 😀 \ud800 {"$": [1,2]}',
    "bytes": b"\0\xff",
    "bytearray": bytearray(b"xy"),
    "long lists": [[(1,), float("nan")] * 20, ["a", None, True] * 20, ["a", 1] * 20, list("ab") * 20],
    "tuple": (1, (2, "x"), []),
    "list": [[1], [], [None]],
    "set": {1, 2, "a", (1, 2)},
    "frozenset": frozenset([1, 2.5]),
    "dict": {"a": [1, {"b": None}], "": 0},
    "dict of any keys": {7: 2, (1, 2): 3, None: 4, True: 5, "a": 6},
    "dict with our tag": {"$": "ndarray", "v": 1},
    "ordered dict": collections.OrderedDict(b=1, a=2),
    "counter": collections.Counter("hello"),
    "defaultdict": collections.defaultdict(list, {"a": [1]}),
    "deque": collections.deque([1, 2], maxlen=5),
    "range": range(10, 0, -3),
    "decimal": [Decimal("1.10"), Decimal("NaN"), Decimal("-1E+5")],
    "fraction": Fraction(1, 3),
    "date": dt.date(999, 1, 1),
    "time": dt.time(10, 5, 1, 7, tzinfo=dt.UTC),
    "datetime": dt.datetime(2024, 10, 27, 2, 30, fold=1),
    "datetime with zone": dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=PARIS),
    "datetime with offset": dt.datetime(2024, 1, 1, tzinfo=dt.timezone(-dt.timedelta(hours=3))),
    "timedelta": dt.timedelta(-1, 5, 7),
    "ellipsis": ...,
    "types": [int, str, list, type(None)],
    # numpy
    "float32": np.float32(1.1),
    "int8": np.int8(-3),
    "numpy truth": np.True_,
    "numpy text": np.str_("né"),
    "numpy date": np.datetime64("2024-01-01"),
    "numpy missing time": np.timedelta64("NaT", "s"),
    "array": np.arange(6.0).reshape(2, 3),
    "array of one": np.array(5),
    "empty array": np.empty((0, 3)),
    "complex array": np.array([1 + 2j]),
    "bool array": np.array([True, False]),
    "text array": np.array(["a", "bcd"]),
    "bytes array": np.array([b"a", b"bcd"]),
    "other byte order": np.array([1, 2], dtype=">i4"),
    "columns first": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "date array": np.array(["2024-01-01", "NaT"], dtype="M8[D]"),
    "object array": np.array([1, "a", None, [1, 2]], dtype=object),
    "numpy dtype": np.dtype("int16"),
    # pandas scalars
    "timestamp": pd.Timestamp("2024-01-01 10:00:00.123456789"),
    "timestamp with zone": pd.Timestamp("2024-10-27 01:30", tz="UTC").tz_convert("Europe/Paris"),
    "NaT and NA": [pd.NaT, pd.NA],
    "timedelta of pandas": pd.Timedelta("1D 3ns"),
    "period": pd.Period("2024-05", freq="M"),
    "interval": pd.Interval(0, 2.5, closed="left"),
    "dtypes": [pd.Int64Dtype(), pd.CategoricalDtype(["a", "b"], ordered=True), pd.DatetimeTZDtype("ns", "UTC")],
    # tables
    "frame": FRAME,
    "empty frame": pd.DataFrame(),
    "frame without rows": FRAME.iloc[:0],
    "frame without columns": FRAME[[]],
    "frame with an index": FRAME.set_index("s"),
    "frame with part of a range": FRAME[1:],
    "dates as index": table(v=[1, 2]).set_index(pd.to_datetime(["2024-01-01", "2023-01-02"], utc=True)),
    "frequency": table(v=range(3)).set_index(pd.date_range("2024", periods=3, freq="D")),
    "frequency with zone": table(v=range(3)).set_index(pd.date_range("2024", periods=3, freq="2h", tz="Europe/Paris")),
    "weekly": pd.date_range("2024", periods=4, freq="W-MON"),
    "quarterly": pd.date_range("2024", periods=4, freq="QS"),
    "half months": pd.date_range("2024", periods=4, freq="2SMS"),
    "steps of time": pd.timedelta_range("1h", periods=3, freq="30min"),
    "levels": FRAME.set_index(["i", "b"]),
    "levels not used": FRAME.set_index(["i", "b"]).iloc[:1],
    "levels of columns": pd.DataFrame(
        [[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["x", "y"])
    ),
    "pivot": pd.DataFrame({"k": list("aab"), "m": [1, 2, 1], "v": [1.0, 2, 3]}).pivot_table(
        index="k", columns="m", values="v", aggfunc=["sum", "mean"]
    ),
    "described": FRAME.describe(include="all"),
    "int columns": pd.DataFrame([[1, 2]], columns=[1, 2]),
    "double columns": pd.DataFrame([[1, "x"]], columns=["a", "a"]),
    "double index": pd.DataFrame({"a": [1, 2]}, index=["x", "x"]),
    "mixed columns": pd.DataFrame([[1, 2, 3]], columns=["a", 1, None]),
    "category": table(c=pd.Categorical(["a", "b", None], categories=["b", "a", "z"], ordered=True)),
    "category of intervals": pd.cut(pd.Series([1, 5, 99]), [0, 3, 6]),
    "integers with gaps": table(a=pd.array([1, None], dtype="Int64"), u=pd.array([1, None], dtype="UInt8")),
    "floats with gaps": table(a=pd.array([1.5, None], dtype="Float32")),
    "truths with gaps": table(a=pd.array([True, None], dtype="boolean")),
    "small numbers": table(a=np.array([1, 2], dtype="int8"), u=np.array([1, 2], dtype="uint64")),
    "half floats": series_of([1.5], "float16"),
    "texts": series_of(["x", None], "str"),
    "texts with NA": series_of(["x", pd.NA], "string"),
    "texts of Python": series_of(["x", None], pd.StringDtype("python")),
    "objects of text": table(a=series_of(["x", None])),
    "objects of lists": table(a=series_of([[1, 2], [3]])),
    "objects of sets": table(a=series_of([{1}, {2}])),
    "mixed objects": table(a=series_of([1, "x", None, 2.5, (1,), dt.date(2024, 1, 1)])),
    "complex column": table(a=[1 + 1j]),
    "periods": table(p=pd.period_range("2024-01", periods=2, freq="M")),
    "period index": pd.period_range("2024-01", periods=2, freq="Q"),
    "intervals": table(i=pd.arrays.IntervalArray.from_tuples([(0, 1), (1, 3)], closed="left")),
    "interval index": pd.interval_range(0, 3),
    "precision of dates": table(
        t=pd.to_datetime(["2024-01-01"]).astype("datetime64[ns]"), u=np.array(["2024"], "M8[s]")
    ),
    "dates with zone": table(t=pd.to_datetime(["2024-01-01", None]).tz_localize("Europe/Paris")),
    "spans": table(t=pd.to_timedelta([1, 2], "D")),
    "dtypes of a frame": FRAME.dtypes,
    "series": pd.Series([1, 2], name="q"),
    "series without name": pd.Series([1.5], index=["k"]),
    "series with a tuple as name": pd.Series([1], name=("a", 1)),
    "counts of categories": pd.Series([1, 2], index=pd.CategoricalIndex(["a", "b"], name="kind")),
    "index": pd.Index([1, 2], name="n"),
    "index of equal objects": pd.Index(["a", None] * 60, dtype=object),
    "index of texts": pd.Index(["a", "b"]),
    "index of objects": pd.Index([1, "a"], dtype=object),
    "index of a range": pd.RangeIndex(2, 10, 3, name="n"),
    "index of levels": pd.MultiIndex.from_tuples([(1, "a"), (2, None)], names=["x", None]),
    "array of pandas": pd.array([1, None], dtype="Int64"),
}
ARROW = {
    "int64[pyarrow]": [1, None, 2],
    "double[pyarrow]": [1.5, None],
    "string[pyarrow]": ["a", None],
    "bool[pyarrow]": [True, None],
    "timestamp[ns][pyarrow]": [pd.Timestamp("2024-01-01 00:00:00.000000001"), None],
    "timestamp[us, tz=Europe/Paris][pyarrow]": [pd.Timestamp("2024-06-01", tz="Europe/Paris")],
    "timestamp[s, tz=+02:00][pyarrow]": [pd.Timestamp("2024-06-01", tz="+02:00")],
    "duration[s][pyarrow]": [pd.Timedelta("1h"), None],
    "date32[day][pyarrow]": [dt.date(2024, 1, 1), None],
}


def same(left, right):  # noqa: PLR0911, PLR0912 - one answer per kind
    """Whether two values are the same, down to their types, missing values and frequencies."""
    if type(left) is not type(right):
        return False
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right, check_freq=True, check_column_type=True)
        return same(left.index, right.index) and same(left.columns, right.columns)
    if isinstance(left, pd.Series):
        pd.testing.assert_series_equal(left, right, check_freq=True)
        return same(left.index, right.index)
    if isinstance(left, pd.MultiIndex):
        return left.identical(right) and all(map(same, left.levels, right.levels))
    if isinstance(left, pd.Index):
        pd.testing.assert_index_equal(left, right, exact=True)
        return getattr(left, "freq", None) == getattr(right, "freq", None)
    if isinstance(left, pd.api.extensions.ExtensionArray):
        return left.dtype == right.dtype and same(left.tolist(), right.tolist())
    if isinstance(left, np.ndarray):
        whole = left.dtype == right.dtype and left.shape == right.shape
        return whole and all(map(same, left.ravel().tolist(), right.ravel().tolist()))
    if isinstance(left, dict):
        default = getattr(left, "default_factory", None) is getattr(right, "default_factory", None)
        return default and same(list(left.items()), list(right.items()))
    if isinstance(left, (list, tuple, collections.deque)):
        whole = len(left) == len(right) and getattr(left, "maxlen", 0) == getattr(right, "maxlen", 0)
        return whole and all(map(same, left, right))
    if isinstance(left, (float, complex, Decimal)):
        return repr(left) == repr(right)
    if left is pd.NaT:
        return True
    if isinstance(left, (pd.Timestamp, dt.datetime, dt.time)):
        return repr(left) == repr(right) and left == right
    if left is pd.NA or (isinstance(left, np.generic) and pd.isna(left)):
        return repr(left) == repr(right)
    return left == right


class Mine:
    """An object of a learner."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __reduce__(self):
        return os.system, ("touch pickled",)


class MyList(list):
    """A list whose methods must not be called."""

    def __iter__(self):
        raise AssertionError("a method of the learner was called")

    __len__ = __eq__ = __iter__


class MyDict(dict):
    """A dict whose methods must not be called."""

    def items(self):  # noqa: D102
        raise AssertionError("a method of the learner was called")

    __eq__ = __len__ = keys = items


class Meta(type):
    """A type that looks like list in a dict of types."""

    def __hash__(cls):
        return hash(list)

    def __eq__(cls, other):
        return True


Pair = collections.namedtuple("Pair", "a b")
ITSELF: list = []
ITSELF.append(ITSELF)
TWICE: list = []
for _ in range(30):
    TWICE = [TWICE, TWICE]

NOT_DATA = {
    "function": (len, "function"),
    "lambda": ([lambda x: x], "call it in the test cell"),
    "module": (types, "import it in the test cell"),
    "generator": ((one for one in []), "ask for a list"),
    "iterator": ({"a": iter([])}, "ask for a list"),
    "instance": (Mine(), "class Mine"),
    "class": (Mine, "class Mine"),
    "error": (ValueError("x"), "class ValueError"),
    "list with methods": (MyList([1]), "plain list"),
    "dict with methods": (MyDict(a=1), "plain dict"),
    "named tuple": (Pair(1, 2), "plain tuple"),
    "holds itself": (ITSELF, "holds itself"),
    "twice as much on every floor": (TWICE, "values"),
    "records": (np.array([(1, 2.0)], dtype="i4,f8"), "Data of numpy's type"),
    "long double": (np.longdouble(1), "Data of numpy's type"),
    "void": (np.void(b"abc"), "Data of numpy's type"),
    "masked array": (np.ma.array([1, 2], mask=[0, 1]), "MaskedArray"),
    "matrix": (np.zeros((1, 1)).view(np.matrix), "matrix"),
    "generator of numpy": (np.random.default_rng(1), "Generator"),
    "objects in a column": (pd.DataFrame({"a": [Mine()]}), "class Mine"),
    "groups": (FRAME.groupby("b"), "DataFrameGroupBy of pandas"),
    "sparse": (pd.Series(pd.arrays.SparseArray([0, 1])), "SparseArray"),
    "defaults by a function": (collections.defaultdict(lambda: 0), "dict(...)"),
    "file": (Path("x"), "PosixPath"),
    "large number": (10**5000, "digits"),
    "decimal that stops all": (Decimal("sNaN"), "decimal"),
    "far decimal": (Decimal("1E+999999"), "decimal"),
    "large range": (range(10**9), "range"),
    "long text": ("x" * (5 << 20), "characters"),
    "long text in a list": (["x"] * 30 + ["x" * (5 << 20)], "characters"),
    "wide table": (pd.DataFrame(np.zeros((1, 3000))), "3,000 columns"),
    "large array": (np.zeros(3_000_000), "3,000,000"),
    "wide array": (np.zeros(1, dtype="S50000000"), "Data of numpy"),
    "type in disguise": (Meta("Mine", (), {})(), "Mine"),
}
