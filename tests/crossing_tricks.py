"""Texts that a hostile learner might send instead of packed values, and a limit on the memory that they may take."""

import base64
import contextlib
import json
import sys
from pathlib import Path

import numpy as np


@contextlib.contextmanager
def memory_left(megabytes):
    """Let this process take so much more memory and no more, where the system can hold it to that."""
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + megabytes * 10**6, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def packed_array(dtype="<f8", shape=(2,), raw=bytes(16), **more):
    return {"$": "ndarray", "dtype": dtype, "shape": list(shape), "v": base64.b64encode(raw).decode(), **more}


def packed_index(count=2):
    return {"$": "RangeIndex", "v": [0, count, 1], "name": None}


def packed_dates(freq, count=2):
    days = (np.arange(count) * 86_400 * 10**6).astype("M8[us]")
    return {"$": "Index", "v": packed_array("<M8[us]", (count,), days.tobytes()), "name": None, "freq": freq}


def packed_levels(*codes):
    return {"$": "MultiIndex", "levels": [packed_index()], "codes": list(codes), "names": [None]}


def packed_categories(code, ordered):
    codes = packed_array("|i1", (1,), bytes([code]))
    return {"$": "categories", "v": codes, "of": packed_index(), "ordered": ordered}


def packed_frame(rows, names):
    return {"$": "DataFrame", "index": packed_index(rows), "columns": packed_index(names), "v": [packed_array()]}


SLOW_KEYS = [one * (2**61 - 1) for one in range(100_000)]
ONE_HASH = {"$": "Index", "v": {"$": "objects", "shape": [100_000], "v": SLOW_KEYS}, "name": None, "freq": None}
HOSTILE = {
    "nothing": "",
    "no text": b"1",
    "cut off": '{"a": [1, 2',
    "two values": "1 2",
    "NaN": "NaN",
    "infinite": "[Infinity, -Infinity]",
    "too large for a float": "1e999",
    "a key twice": '{"a": 1, "a": 2}',
    "the tag twice": '{"$": "NA", "$": "NaT"}',
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep dicts": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "a little too deep": "[" * 60 + "]" * 60,
    "many lists": "[" + "[]," * 5_000_000 + "[]]",
    "many dicts": "[" + "{}," * 4_000_000 + "{}]",
    "many numbers": "[" + "1," * 2_000_000 + "1]",
    "too long": '"' + "x" * (17 << 20) + '"',
    "long text in a long list": json.dumps(["a"] * 30 + ["x" * (5 << 20)]),
    "long list too deep": "[" * 40 + json.dumps(["a"] * 30) + "]" * 40,
    "long text": '"' + "x" * (5 << 20) + '"',
    "not written out": '"é"',
    "digits": "9" * 5_000,
    "more digits than Python reads": "9" * 4_200,
    "no such kind": {"$": "Popen", "v": ["ls"]},
    "kind of pandas that is no kind": {"$": "read_pickle", "v": "x"},
    "kind is a list": {"$": ["NA"]},
    "method as kind": {"$": "__class__"},
    "no parts": {"$": "ndarray"},
    "parts too many": {"$": "NA", "v": 1},
    "part named like ours": {"$": "bytes", "v": "", "self": 1, "d": 2},
    "damaged base64": {"$": "bytes", "v": "a"},
    "base64 with spaces": {"$": "bytes", "v": "YW Jj"},
    "base64 is a number": {"$": "bytes", "v": 5},
    "float by another name": {"$": "float", "v": "__import__('os')"},
    "float of words": {"$": "float", "v": "1_0"},
    "objects by buffer": packed_array("|O8"),
    "records": packed_array("i4,f4"),
    "shape in the type": packed_array("(1000,1000,1000)f8"),
    "type by name": packed_array("float64"),
    "void": packed_array("|V8"),
    "dates without unit": packed_array("<M8"),
    "dates of odd unit": packed_array("<M8[25s]"),
    "empty texts": packed_array("<U0", (10**6,), b""),
    "negative shape": packed_array(shape=(-1,)),
    "two negatives": packed_array(shape=(-1, -2)),
    "claims more": packed_array(shape=(10**18,)),
    "claims nothing of much": packed_array(shape=(0, 10**30), raw=b""),
    "many dimensions": packed_array(shape=(1,) * 65, raw=bytes(8)),
    "shape of floats": packed_array(shape=(2.0,)),
    "shape of truths": packed_array(shape=(True, 2)),
    "neither true nor false": packed_array("|b1", (2,), b"\1\2"),
    "no character": packed_array("<U1", (1,), b"\xff\xff\xff\xff"),
    "no character, other order": packed_array(">U1", (1,), b"\xff\xff\xff\xff"),
    "objects too few": {"$": "objects", "shape": [10**6], "v": []},
    "set of lists": {"$": "set", "v": [[1]]},
    "set with doubles": {"$": "set", "v": [1, 1]},
    "dict with doubles": {"$": "dict", "v": [[1, 2], [1, 3]]},
    "dict of threes": {"$": "dict", "v": [[1, 2, 3]]},
    "keys with one hash": {"$": "dict", "v": [[one, 0] for one in SLOW_KEYS]},
    "values with one hash": {"$": "set", "v": SLOW_KEYS},
    "categories with one hash": {**packed_categories(0, False), "of": ONE_HASH},
    "index with one hash": ONE_HASH,
    "long range": {"$": "range", "v": [0, 10**15, 1]},
    "range of no steps": {"$": "range", "v": [0, 10, 0]},
    "fraction by zero": {"$": "Fraction", "v": [1, 0]},
    "far decimal": {"$": "Decimal", "v": "1E999999999"},
    "odd default": {"$": "defaultdict", "v": [], "default": "exec"},
    "type by path": {"$": "type", "v": "os.system"},
    "zone by path": {"$": "datetime", "v": "2024-01-01T00:00:00", "fold": 0, "zone": "../../../etc/passwd"},
    "zone that is none": {"$": "datetime", "v": "2024-01-01T00:00:00", "fold": 0, "zone": "Middle/Earth"},
    "zone too far": {"$": "datetime", "v": "2024-01-01T00:00:00", "fold": 0, "zone": 86_400_000_000},
    "zone in the time": {"$": "datetime", "v": "2024-01-01T00:00:00+01:00", "fold": 0, "zone": None},
    "fold of two": {"$": "time", "v": "00:00:00", "fold": 2, "zone": None},
    "fold of true": {"$": "time", "v": "00:00:00", "fold": True, "zone": None},
    "time out of reach": {"$": "Timestamp", "v": 2**63, "unit": "s", "zone": None},
    "unit of years": {"$": "Timestamp", "v": 1, "unit": "Y", "zone": None},
    "frequency of no step": packed_dates("0D"),
    "frequency that runs code": packed_dates("__import__('os')"),
    "frequency that does not fit": packed_dates("W-MON"),
    "frequency of many steps": packed_dates("99999999B"),
    "frequency of a long index": packed_dates("SMS-15", 200_000),
    "index of a range too long": packed_index(10**12),
    "index of a range without step": {"$": "RangeIndex", "v": [0, 5, 0], "name": None},
    "many indexes of long ranges": [packed_index(1_000_000)] * 3,
    "many ranges": [{"$": "range", "v": [0, 1_000_000, 1]}] * 3,
    "levels of long ranges": {**packed_levels(), "levels": [packed_index(2_000_000)] * 10},
    "many small tables": [packed_frame(2, 1)] * 60_000,
    "many small indexes": [packed_dates("D")] * 60_000,
    "index of floor plans": {"$": "Index", "v": packed_array(shape=(1, 2)), "name": None, "freq": None},
    "name that is a list": {"$": "Index", "v": packed_array(), "name": [], "freq": None},
    "codes out of bounds": packed_levels(packed_array("<i8", (1,), b"\x63" + bytes(7))),
    "codes of floats": packed_levels(packed_array()),
    "levels without codes": packed_levels(),
    "categories out of bounds": packed_categories(5, False),
    "order neither way": packed_categories(0, 1),
    "rows that do not fit": packed_frame(3, 1),
    "names that do not fit": packed_frame(2, 2),
    "index that is a list": {"$": "Series", "index": [0, 1], "name": None, "v": packed_array()},
    "table in a table": {"$": "Series", "index": packed_index(), "name": None, "v": {"$": "Series"}},
    "gaps that do not fit": {"$": "masked", "v": packed_array(), "mask": packed_array("|b1", (1,), b"\0")},
    "gaps of dates": {"$": "masked", "v": packed_array("<M8[s]"), "mask": packed_array("|b1", (2,), b"\0\0")},
    "texts of numbers": {"$": "strings", "v": [1], "storage": "python", "missing": "nan"},
    "storage elsewhere": {"$": "strings", "v": ["a"], "storage": "pickle", "missing": "nan"},
    "left of the right": {"$": "intervals", "v": [packed_dates("D"), packed_index(2)], "closed": "left"},
    "right before left": {"$": "intervals", "v": [packed_index(2), packed_index(0)], "closed": "left"},
    "interval of lists": {"$": "Interval", "v": [[], []], "closed": "left"},
    "arrow of an extension": {"$": "arrow", "type": "extension<arrow.py_extension_type>", "v": []},
    "arrow of the wrong type": {"$": "arrow", "type": "int64", "v": ["a"]},
    "arrow out of bounds": {"$": "arrow", "type": "int8", "v": [300]},
    "arrow with no such zone": {"$": "arrow", "type": "timestamp[us, tz=../../x]", "v": [1]},
    "arrow with a zone by path": {"$": "arrow", "type": "timestamp[us, tz=-1../../x]", "v": [1]},
    "arrow of odd decimals": {"$": "arrow", "type": "decimal128(99, 1)", "v": []},
}  # fmt: skip
