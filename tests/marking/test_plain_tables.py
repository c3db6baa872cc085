"""Whatever a variable holds, it is read as plain values: no object raises, makes noise, or wins by its own methods."""

import datetime
import enum
import sys
import warnings

import numpy
import pandas
import pytest
from frame_samples import RIGHT, SITES, mark, right_frame, told

from threechairs.marking.plain_tables import NotATable, Other, plain, read_table


class Yes:
    """Equal to everything, true, and of any length."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return hash("S01")

    def __len__(self):
        return 11

    def __float__(self):
        return 0.21

    def __abs__(self):
        return 0.0

    def __sub__(self, other):
        return self

    __rsub__ = __radd__ = __add__ = __sub__


class YesFrame(pandas.DataFrame):
    """A frame with methods that say that all is well."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __len__(self):
        return 11

    def equals(self, other):
        """Say yes."""
        return True

    @property
    def shape(self):
        """As many rows as are right."""
        return (11, 4)


class YesText(str):
    """A text that is equal to everything."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash("cso")

    def __str__(self):
        return "cso"

    def strip(self, *_arguments):
        """What is right."""
        return "cso"


class YesFloat(float):
    """A number that is no distance from any other."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__

    def __float__(self):
        return 0.21


class YesInt(int):
    """A whole number that gives itself out as another."""

    def __int__(self):
        return 1


class YesMoment(datetime.datetime):
    """A moment that is equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = datetime.datetime.__hash__


class Raises:
    """Raises in whatever way it is asked for."""

    def __init__(self, error):
        self.error = error

    def __getattribute__(self, name):
        raise object.__getattribute__(self, "error")


class BrokenFrame(pandas.DataFrame):
    """A frame whose parts cannot be reached."""

    @property
    def _mgr(self):
        raise SystemExit("gone")

    @_mgr.setter
    def _mgr(self, value):
        pass


def pretender():
    """An object that says that it is a frame, of a class that does not even tell its name."""

    class Metaclass(type):
        @property
        def __name__(cls):
            raise RuntimeError("no name")

    class Pretender(metaclass=Metaclass):
        __class__ = pandas.DataFrame

    return Pretender()


class NoisyFrame(pandas.DataFrame):
    """A frame that prints to stderr and warns when it is looked at."""

    loud = False

    def __getattribute__(self, name):
        if name == "_mgr" and type(self).loud:
            print("noise", file=sys.stderr)
            warnings.warn("odd", UserWarning, stacklevel=1)
        return super().__getattribute__(name)


def endless():
    """A list that holds itself."""
    held = []
    held.append(held)
    return held


class Short(pandas.arrays.IntegerArray):
    """Cells of which some are gone when they are looked at."""

    def __iter__(self):
        return iter([1])

    def tolist(self):
        """Too few."""
        return [1]


HOSTILE = {
    "cells that are fewer than rows": (
        pandas.DataFrame({"site": SITES, "rate": Short(numpy.arange(11), numpy.zeros(11, dtype=bool))}),
        "rates cannot be read as a table.",
    ),
    "a number": (7, "rates is no table but of type int."),
    "a text": ("site,rate", "rates is no table but of type str."),
    "a function": (mark, "rates is no table but of type function."),
    "a class": (pandas.DataFrame, "rates is no table but of type type."),
    "an array": (numpy.ones((11, 4)), "rates is no table but of type ndarray."),
    "equal to everything": (Yes(), "rates is no table but of type Yes."),
    "says that it is a frame": (pretender(), "rates is no table but of type Pretender."),
    "of a type with a very long name": (type("x" * 9000, (), {})(), f"rates is no table but of type {'x' * 40}."),
    "raises": (Raises(ValueError("no")), "rates is no table but of type Raises."),
    "a series": (pandas.Series([1, 2]), "has no column 'site'"),
    "an empty frame": (pandas.DataFrame(), "has no column 'site'"),
    "an empty list": ([], "has no column 'site'"),
    "a dict of scalars": ({"site": "S01"}, "rates cannot be read as a table."),
    "columns of unequal length": ({"site": ["S01"], "rate": [1, 2]}, "rates cannot be read as a table."),
    "a list that holds itself": (endless(), "has no column 'site'"),
    "a broken frame": (BrokenFrame(RIGHT), "rates cannot be read as a table."),
    "odd names of columns": (pandas.DataFrame([[1, 2]], columns=[Yes(), 3]), "has no column 'site' (Known: (Yes), 3)"),
    "a frame with very many rows": (pandas.DataFrame({"site": numpy.arange(2_000_000)}), "has 2,000,000 rows"),
    "a list of very many rows": ([Raises(ValueError("read"))] * 5000, "has 5,000 rows, far too many."),
    "very many columns": (pandas.DataFrame(numpy.ones((1, 5000))), "has 5,000 columns, far too many."),
    "a name of a million letters": (pandas.DataFrame([[1]], columns=["site" * 250_000]), "has no column 'site'"),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("key", [{}, {"by": None}, {"by": None, "order": True}], ids=["by", "paired", "order"])
def test_whatever_the_variable_holds_the_cell_gives_one_number(capfd, what, key):
    """No object wins marks, raises, warns or prints, however rows are matched; by key the reason is told."""
    given, words = HOSTILE[what]

    score = mark(given, **key)

    assert repr(score) == "0"
    assert len(score._repr_html_()) < 5000
    assert key or words in told(score), told(score)
    assert capfd.readouterr().err == ""


EVIL = {
    "cells that equal everything": right_frame().astype(object).map(lambda _: Yes()),
    "texts that equal everything": {"site": SITES, "owner": [YesText("x")] * 11},
    "numbers near everything": pandas.DataFrame(
        {"site": SITES, "rate": pandas.Series([YesFloat(9)] * 11, dtype=object)}
    ),
    "a frame that says that all is well": YesFrame({"site": SITES, "rate": [9.0] * 11}),
}


def test_a_subclass_is_read_as_what_it_holds():
    """A frame of a class of its own is right where its values are, and so is a dict."""
    own = type("OwnDict", (dict,), {"items": None, "__getitem__": None})

    assert repr(mark(YesFrame(RIGHT))) == "6"
    assert repr(mark(own(RIGHT))) == "6"


@pytest.mark.parametrize("what", EVIL)
@pytest.mark.parametrize("key", [{}, {"by": None, "columns": ["rate", "owner"]}], ids=["by", "paired"])
@pytest.mark.parametrize("credit", ["columns", "cells"])
def test_methods_of_the_learners_objects_win_nothing(capfd, what, key, credit):
    """An object whose own comparison says yes is compared as what it is, and wrong."""
    score = mark(EVIL[what], credit=credit, **key)

    assert repr(score) == "0", told(score)
    assert capfd.readouterr().err == ""


def test_a_frame_that_makes_noise_is_marked_in_silence(capfd, monkeypatch):
    """What it holds is right, so stock nbgrader must see nothing on stderr, for which it would give 0."""
    given = NoisyFrame(RIGHT)
    monkeypatch.setattr(NoisyFrame, "loud", True)

    assert repr(mark(given)) == "6"
    assert capfd.readouterr().err == ""


def test_plain_cells_lose_their_subclass():
    """Members of enumerations count as their values; a subclass's own methods are gone."""
    level = enum.IntEnum("level", {"high": 3})
    chair = enum.StrEnum("chair", {"cso": "cso"})

    cells = [level.high, chair.cso, YesText(" x "), YesFloat(9), YesInt(9), numpy.str_("a"), numpy.bool_(True), True]

    assert [(type(cell), cell) for cell in map(plain, cells)] == [
        (int, 3), (str, "cso"), (str, "x"), (float, 9.0), (int, 9), (str, "a"), (bool, True), (bool, True),
    ]  # fmt: skip
    assert isinstance(plain(YesMoment(2026, 1, 1)), Other)
    assert plain(numpy.datetime64(1, "ns")) == pandas.Timestamp(1)
    assert plain(numpy.timedelta64(1, "ns")) == pandas.Timedelta(1)
    assert [plain(cell) for cell in (pandas.NA, pandas.NaT, numpy.datetime64("NaT", "ns"), numpy.float32("nan"))] == [
        None
    ] * 4


def test_an_interrupt_is_no_finding_about_the_answer():
    """When nbgrader stops a cell that takes too long, it stops."""
    frame = type("Slow", (dict,), {"items": None})

    class Stopped(pandas.DataFrame):
        @property
        def _mgr(self):
            raise KeyboardInterrupt

        @_mgr.setter
        def _mgr(self, value):
            pass

    assert read_table(frame(a=[1]), most_rows=9).columns == {"a": [1]}
    with pytest.raises(KeyboardInterrupt):
        read_table(Stopped(RIGHT), most_rows=99)
    with pytest.raises(NotATable, match="far too many"):
        read_table(RIGHT, most_rows=10)
