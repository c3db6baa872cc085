"""Where the names of a test cell come from, checked against Python itself, and what an author is told."""

import builtins
import contextlib
import textwrap
from unittest.mock import MagicMock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threechairs.grader.free_names import crossing_problems, free_names, names_to_cross

# a cell, and the names that must come from the learner's run
CELLS = {
    "assert total == 3": "total",
    "assert abs(total - 3) < tolerance": "total tolerance",
    "import numpy as np\nassert np.isclose(rate, 0.5)": "rate",
    "from math import pi as circle\nassert area == circle": "area",
    "import os.path\nassert os.path": "",
    "expected = 3\nassert total == expected": "total",
    "total = total + 1\nassert total": "total",
    "total += 1": "total",
    "total: int = 3\nassert total": "",
    "total: int\nassert total": "total",
    "first, *rest = values\nassert first < min(rest)": "values",
    "values[0] = 1": "values",
    "values.last = one": "values one",
    "del values": "values",
    "x = 1\ndel x\nassert x": "x",
    "for value in value: assert value": "value",
    "for i, value in enumerate(values): assert value > i\nassert value": "values",
    "while count < 3: break": "count",
    "with open(path) as lines: assert lines": "path",
    "assert [x for x in values if x > low] == found": "values low found",
    "assert [x for x in x]": "x",
    "assert [y for x in rows for y in x]": "rows",
    "assert {x: y for x, y in pairs} and {x for x in pairs} and list(x for x in pairs)": "pairs",
    "assert [z := one for one in values] and z": "values",
    "assert x\n[x for x in values]": "x values",
    "if (n := len(values)) > 3:\n    assert n": "values",
    "if flag:\n    y = 1\nassert y": "flag y",
    "if flag:\n    y = 1\nelse:\n    y = 2\nassert y": "flag",
    "if flag:\n    y = 1\nelse:\n    raise ValueError\nassert y": "flag",
    "try:\n    y = mean([1])\nexcept Exception as reason:\n    assert False, reason\nassert y": "mean",
    "try:\n    y = 1\nexcept OSError:\n    pass\nassert y": "y",
    "try:\n    pass\nexcept Broken as reason:\n    pass\nfinally:\n    done = 1": "Broken",
    "try:\n    pass\nexcept* Broken:\n    pass": "Broken",
    "def check(x, *more, low=low, **rest):\n    y = x\n    return y, more, rest, high\ncheck(1)": "low high",
    "def check():\n    return later\nlater = 3\nassert check()": "later",
    "def check():\n    global made\n    made = 1\ncheck()\nassert made": "made",
    "def out():\n    n = 1\n    def inner():\n        nonlocal n\n        n += 1\n        return n, far": "far",
    "def same():\n    return same()": "",
    "x = 3\ndef f(): return x\ndel x\nf()": "x",
    "def check():\n    import math\n    for i in values: pass\n    return [i for i in math.pi]": "values",
    "def check():\n    print([kept := i for i in values])\n    return kept": "values",
    "def check():\n    try: pass\n    except OSError as reason: return reason\n    with a as (b, c): return b": "a",
    "@wrap\ndef check(x: Kind) -> Other: pass": "wrap Kind Other",
    "key = lambda x, low=floor: x + high\nassert key": "floor high",
    "class Case(Base):\n    size = 3\n    twice = size * 2\n    def total(self):\n        return size": "Base size",
    "def f(x):\n    class Case:\n        x = x\n    return Case\nf(1)": "x",
    "def check():\n    class Case:\n        size = 3\n        twice = size\n    return Case": "",
    'assert f"{total:{width}} {names!r}"': "total width names",
    "match shape:\n    case [first, *rest]: assert first, rest\n    case {'a': a, **more}: assert a, more\n"
    "    case Point(x=0) as point: assert point\n    case colour.RED: pass": "shape Point colour",
    "match shape:\n    case 1: y = 1\n    case _: y = 2\nassert y": "shape",
    "match shape:\n    case 1: y = 1\nassert y": "shape y",
    "assert 'rate' in globals() and 'low' not in dir()": "rate low",
    "assert globals()['rate'] == 1 and locals().get('low') is None": "rate low",
    "assert __name__ == '__main__'": "",
    "async def check():\n    async for one in stream: pass\n    async with door as d: return d": "stream door",
    "": "",
    "# nothing": "",
}


class Asked(dict):
    """Builtins that note what a cell asks for in vain, and give it something that does for anything."""

    def __init__(self):
        super().__init__(vars(builtins))
        self.names = []

    def __missing__(self, name):
        self.names.append(name)
        thing = MagicMock(name=name)
        thing.__iter__.return_value = [(1, 2), (3, 4)]
        thing.__len__.return_value = 2
        return thing


def asked_by_running(source):
    """The names that Python itself asks for when the cell runs."""
    asked = Asked()
    with contextlib.suppress(Exception):  # the cell gets nonsense; what it asks for is what counts
        exec(compile(source, "cell", "exec"), {"__builtins__": asked})
    return set(asked.names)


@pytest.mark.parametrize("source", CELLS)
def test_names_that_must_cross(source):
    """A cell's free names are those that it may read before it binds them."""
    assert set(free_names(source).uses) == set(CELLS[source].split())


@pytest.mark.parametrize("source", CELLS)
def test_python_asks_for_no_name_that_was_not_told(source):
    """When the cell runs, Python asks for no name that the analysis did not tell."""
    assert asked_by_running(source) <= set(free_names(source).uses) | {"__name__"}


NAMES = st.sampled_from("abcd")
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" + ".join).map("({})".format),
        st.tuples(inner, NAMES, inner).map(lambda x: f"[{x[0]} for {x[1]} in [{x[2]}]]"),
        st.tuples(NAMES, inner).map(lambda x: f"({x[0]} := {x[1]})"),
        st.tuples(NAMES, inner).map(lambda x: f"(lambda {x[0]}: {x[1]})(1)"),
        st.tuples(NAMES, inner).map(lambda x: f"(lambda e={x[0]}: {x[1]})()"),
    ),
    max_leaves=4,
)
LINES = st.recursive(
    st.one_of(
        st.tuples(NAMES, EXPRESSIONS).map(lambda x: f"{x[0]} = {x[1]}"),
        st.tuples(NAMES, EXPRESSIONS).map(lambda x: f"{x[0]} += {x[1]}"),
        EXPRESSIONS,
        NAMES.map("del {}".format),
        NAMES.map("import os as {}".format),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("\n".join),
        st.tuples(EXPRESSIONS, inner).map(lambda x: f"if {x[0]}:\n" + textwrap.indent(x[1], " ")),
        st.tuples(NAMES, EXPRESSIONS, inner).map(lambda x: f"for {x[0]} in [{x[1]}]:\n" + textwrap.indent(x[2], " ")),
        st.tuples(NAMES, NAMES, inner).map(lambda x: f"def {x[0]}({x[1]}=1):\n{textwrap.indent(x[2], ' ')}\n{x[0]}()"),
        st.tuples(NAMES, inner).map(lambda x: f"class {x[0]}:\n" + textwrap.indent(x[1], " ")),
        inner.map(lambda x: f"try:\n{textwrap.indent(x, ' ')}\nexcept TypeError as d:\n d"),
    ),
    max_leaves=6,
)


@given(LINES)
@settings(max_examples=1000, deadline=None)
def test_no_name_that_python_asks_for_is_missed(source):
    """Whatever a cell is made of, Python asks for no name that the analysis did not tell."""
    try:
        compile(source, "cell", "exec")
    except SyntaxError:
        return

    assert asked_by_running(source) <= set(free_names(source).uses)


def test_the_use_of_a_name_is_told():
    """For each name: where it stands first, whether it is called, read or changed, and what is asked of it."""
    found = free_names("import x\nassert f(1) == f(a.b)\na.append(2)\nassert list(map(g, a.c)) and g(2)")

    assert list(found.uses) == ["f", "a", "g"]
    assert (found.uses["f"].line, found.uses["f"].called, found.uses["f"].read) == (2, True, False)
    assert (found.uses["a"].attributes, found.uses["a"].changed) == (("append", "b", "c"), True)
    assert (found.uses["g"].called, found.uses["g"].read) == (True, True)
    assert found.only_called == ("f",)


def test_the_other_names_are_told_by_where_they_come_from():
    """What the cell imports, binds itself, or takes from Python and from locked cells is not asked of the learner."""
    found = free_names("import os\nx = limit\ndef f(): pass\nassert len(y) == x", before=["limit = 3"])

    assert found.imported == {"os"}
    assert found.assigned == {"x", "f"}
    assert found.provided == {"limit"}
    assert found.builtins == {"len"}
    assert set(found.uses) == {"y"}


def test_a_learner_cannot_replace_what_a_locked_cell_or_python_provides():
    """A name of a locked cell or of Python is the author's, unless the author's own answer binds or changes it."""
    cell, locked = "assert data.sum() == sum(x) == expected", ["data = read()\nexpected = 3"]

    assert set(free_names(cell, locked).uses) == {"x"}
    assert set(free_names(cell, locked, ["data['new'] = 1\ny = expected"]).uses) == {"data", "x"}
    assert set(free_names(cell, locked, ["data.fillna(0, inplace=True)"]).uses) == {"data", "x"}
    assert set(free_names(cell, locked, ["def sum(x): pass"]).uses) == {"sum", "x"}


def test_modules_that_only_the_answer_imports_are_imported_on_the_trusted_side():
    """A module never crosses: the author's own import statement is told instead."""
    found = free_names("assert np.isclose(a, plot.b)", answers=["import numpy as np\nfrom x import y as plot, z"])

    assert set(found.uses) == {"a"}
    assert found.modules == {"np": "import numpy as np", "plot": "from x import y as plot"}


def test_names_of_several_cells_cross_once():
    """Cells that need the same name ask for it once."""
    assert names_to_cross([free_names("a, b"), free_names("b, c")]) == ("a", "b", "c")


# a cell, and a part of the only sentence about it
TOLD = {
    "sort(values)\nassert values": "Line 1: sort(...) is called for what it changes",
    "\nassert a is b": "Line 2: a is compared by identity",
    "assert f(1) is rows[0]": "Line 1: rows[0] is compared by identity",
    "assert id(a) == 3": "Line 1: id(...)",
    "assert f(lambda x: x)": "f(...) is given a function",
    "assert f(key=(x for x in y))": "f(...) is given a generator",
    "def g(): pass\nassert f(g)": "Line 2: f(...) is given the function g",
    "assert f.__doc__ and f(1)": "so f.__doc__ is not to be had",
    "import inspect\nassert 'for' not in inspect.getsource(f)": "Line 2: getsource looks inside a function",
    "account = Account(3)\nassert account.total": "Line 1: Account is a class of the learner",
    "values.append(3)\nassert f() == 3": "Line 1: values is changed here",
    "values[0] = 1\nassert f()": "values is changed here",
    "del values\nassert f()": "Line 1: values is changed here",
    "assert eval('a') == 3": "eval hides",
    "assert 'x' in list(globals())": "globals() looks through all names",
    "assert _ == 3": "_ is what IPython remembers",
    "assert In[3]": "In is what IPython remembers",
    "get_ipython()": "get_ipython is what IPython remembers",
    "from os import *\nassert sep": "Line 1: a star import",
    "import matplotlib.pyplot as plt\nassert plt.gca().lines": "Line 2: gca looks at a plot",
    "assert await f()": "Line 1: await",
    "import io\nwith redirect_stdout(io.StringIO()) as out:\n    x = f()": "Line 2: redirect_stdout sees nothing",
    "import random\nrandom.seed(1)\nassert f()": "Line 2: seed has no effect",
    "%matplotlib inline\nassert a": "Line 1: %matplotlib inline is a command of IPython",
    "x = 1\nfiles = !ls\nassert files": "Line 2: files = !ls is a command",
    "assert a\na.sum?": "Line 2: a.sum? is a command",
    "if a:\n    !ls": "Line 2: !ls is a command",
    "%%bash\nls -l | wc": "Line 1: %%bash is a command",
    "%%time\nassert a": "Line 1: %%time is a command",
    "assert a ==": "Line 1: the cell is not Python that can be read",
    "assert \0": "the cell is not Python that can be read",
    "-" * 100_000 + "1": "Line 1: the cell",
}
NOT_TOLD = [
    "assert a is None and b is not True and type(c) is int and d is pd.NA",
    "x = y = object()\nassert x is y",
    "import pytest\nwith pytest.raises(ValueError):\n    f(-1)",
    "try:\n    f(-1)\nexcept ValueError:\n    pass\nelse:\n    assert False",
    "values.append(3)\nassert len(values) == 3",
    "assert sorted(values, key=f) == g([1, 2], low=a) and callable(f)",
    "print('right'); len(values)",
    "assert MAX_ROWS == 3 and isinstance(table, pd.DataFrame)",
    "_ = f(1)\nfor _ in range(3): assert _ < 3",
    "text = '''\n%matplotlib inline\n!ls\n'''\nassert (a\n    % b)",
    "def check(x):\n    assert x\ncheck(a)",
    "import random\nrandom.seed(1)\nassert a == random.random()",
    "assert sum(x for x in values) == 3",
    "values = 3\ndef f(f): return f is values",
]


@pytest.mark.parametrize("source", TOLD)
def test_the_author_is_told_what_cannot_cross(source):
    """Each way in which a test could need the learner's process is told once, with its line."""
    told = crossing_problems(source)

    assert len(told) == 1, told
    assert TOLD[source] in told[0]
    assert told[0].endswith(".")


@pytest.mark.parametrize("source", NOT_TOLD)
def test_the_author_is_not_told_what_crosses(source):
    """Tests that work across the sandbox pass without a word."""
    assert crossing_problems(source) == []


def test_the_answer_tells_classes_from_functions():
    """With the author's answers at hand it is known which name is a class and which a function."""
    cell = "assert tidy(Table(1)) and isinstance(x, heap) and Area.__doc__"
    answers = ["def Table(x): return x\ndef tidy(x): return x\nclass heap: pass\ndef Area(): pass"]
    told = crossing_problems(cell, answers=answers)

    assert [one.split(": ")[1][:30] for one in told] == [
        "Area is called through the san",
        "heap is a class of the learner",
    ]


def test_a_test_that_replaces_a_function_of_the_learner_is_told():
    """What a test puts in the place of a learner's function is not seen by the learner's other functions."""
    told = crossing_problems("def square(x): return 0\nassert total([1]) == 0", answers=["def square(x): return x * x"])

    assert [one.split(",")[0] for one in told] == ["Line 1: square is replaced here"]


def test_lines_that_are_no_python_do_not_hide_the_rest():
    """Below a command of IPython the other lines are still read."""
    assert set(free_names("%load_ext x\nassert a\n!ls {b}\nassert c").uses) == {"a", "c"}
