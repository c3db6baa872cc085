"""Which names of a test cell must come from the learner's run, and what of a test cannot work across the sandbox.

A test cell runs beside the author's own cells, on data that left the sandbox. So of every name that it reads we
ask whether the cell (or a locked cell before it) binds it, whether Python has it, or whether it is the
learner's: then its value crosses as data, or, if it is a function, it is called through the sandbox.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from threechairs.grader.cell_names import Names, names_of

# what a notebook adds to Python's own names
_BUILTINS = frozenset(dir(builtins)) | {"display", "__name__", "__file__"}
_REMEMBERED = re.compile(r"_|__|___|_i+|_\d+|_i\d+|In|Out|_ih|_oh|_dh|get_ipython", re.ASCII)
_CLASS_NAME = re.compile(r"[A-Z]\w*[a-z]\w*")
_LOOKING_INSIDE = frozenset({"getsource", "getsourcelines", "getsourcefile", "signature", "getfullargspec", "dis"})


@dataclass(frozen=True)
class Use:
    """What a test cell does with a name of the learner.

    Attributes
    ----------
    line : int
        Where it does so first, from 1.
    called : bool
        It is called: if it is a function, then through the sandbox.
    read : bool
        It is used in another way than by a call.
    attributes : tuple of str
        What is asked of it with a dot, sorted.
    changed : bool
        The cell changes it in place; the learner's own value stays as it is.
    """

    line: int
    called: bool
    read: bool
    attributes: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class FreeNames:
    """The names of one test cell, by where they come from.

    Attributes
    ----------
    uses : dict
        Names that must come from the learner's run, with their use, in the order of their first use.
    modules : dict
        Names that only the author's answer cells import, with the statement that imports them: it is run on
        the trusted side, since no module crosses.
    imported, assigned : frozenset of str
        What the cell itself imports, and binds in any other way.
    provided : frozenset of str
        What it takes from the cells before it that run on both sides.
    builtins : frozenset of str
        What it takes from Python itself; what a learner binds to such a name stays in the sandbox.
    problems : tuple of str
        Sentences for the author: what cannot work across the sandbox.
    """

    uses: dict[str, Use]
    modules: dict[str, str] = field(default_factory=dict)
    imported: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    provided: frozenset[str] = frozenset()
    builtins: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()

    @property
    def only_called(self) -> tuple[str, ...]:
        """Names that are called and not used in any other way: functions that the learner wrote."""
        return tuple(name for name, use in self.uses.items() if use.called and not use.read)


def free_names(source: str, before: Sequence[str] = (), answers: Sequence[str] = ()) -> FreeNames:
    r"""Tell where the names of a test cell come from.

    Parameters
    ----------
    source : str
        The test cell.
    before : sequence of str, optional
        The author's cells that ran before it on the trusted side: locked cells, earlier tests.
    answers : sequence of str, optional
        The author's own solution cells before it. What they bind or change is the learner's, even if a cell in
        `before` or Python itself binds the same name; without them such a name is never the learner's.

    Examples
    --------
    >>> found = free_names("import math\nassert math.isclose(mean(values), rates['low'])")
    >>> list(found.uses), found.only_called
    (['mean', 'values', 'rates'], ('mean',))
    >>> free_names("assert total == expected", before=["expected = 3"]).provided
    frozenset({'expected'})
    """
    cell, ran, written = names_of(source), [names_of(one) for one in before], [names_of(one) for one in answers]
    ours = set().union(*(one.bound for one in ran))
    modules = {name: how for one in written for name, how in one.modules.items() if name not in ours}
    theirs = set().union(*(one.bound - set(one.modules) | one.changed for one in written))
    uses: dict[str, Use] = {}
    for name, seen in cell.free.items():
        if name in theirs or not (name in ours or name in _BUILTINS or name in modules):
            uses[name] = Use(seen.line, seen.called, seen.read, tuple(sorted(seen.attributes)), seen.changed)
    left = set(cell.free) - set(uses)
    classes = set().union(*(one.classes for one in written))
    functions = set().union(*(one.functions for one in written)) - classes
    helpers = cell.functions.union(*(one.functions for one in ran)) - set(uses)
    own = cell.functions | cell.classes  # a helper may be read above the line that defines it
    theirs_alone = {name: use for name, use in uses.items() if name not in own}
    told = _Problems(theirs_alone, classes, functions, helpers, bool(answers)).of(cell)
    return FreeNames(
        uses=uses,
        modules={name: modules[name] for name in left if name in modules},
        imported=frozenset(cell.modules),
        assigned=frozenset(cell.bound - set(cell.modules)),
        provided=frozenset(left & ours),
        builtins=frozenset(left - ours - set(modules)),
        problems=tuple(told),
    )


def crossing_problems(source: str, before: Sequence[str] = (), answers: Sequence[str] = ()) -> list[str]:
    r"""Sentences for the author: what in a test cell cannot work across the sandbox.

    Parameters
    ----------
    source, before, answers
        As for `free_names`.

    Returns
    -------
    list of str
        In the order of the lines; empty if everything can cross.

    Examples
    --------
    >>> crossing_problems("sort_in_place(values)\nassert values == [1, 2]")
    ['Line 1: sort_in_place(...) is called for what it changes; only its result comes back. Let it return something.']
    >>> crossing_problems("assert total == 3")
    []
    """
    return list(free_names(source, before, answers).problems)


class _Problems:
    """Looks through one cell for what cannot cross."""

    def __init__(
        self, uses: dict[str, Use], classes: set[str], functions: set[str], helpers: set[str], certain: bool
    ) -> None:
        self.uses, self.functions, self.helpers = uses, functions, helpers
        self.classes = classes & set(uses)
        if not certain:  # the name is all that we have
            called = {name for name, use in uses.items() if use.called and _CLASS_NAME.fullmatch(name)}
            self.classes = self.classes | called
        self.told: list[tuple[int, str]] = []
        self.calls = any(use.called for name, use in uses.items() if name not in self.classes)

    def of(self, cell: Names) -> list[str]:
        self.told = list(cell.problems)
        for name, use in self.uses.items():
            self._name(name, use)
        for name in (cell.bound & self.functions) if self.calls else ():
            told = f"{name} is replaced here, but only for the test: the learner's other functions keep theirs"
            self._tell(1, f"{told}. Test what they return.")
        for call, alone in cell.calls:
            self._call(call, alone)
        for node in cell.nodes:
            if isinstance(node, ast.Compare):
                self._identity(node, cell)
            elif isinstance(node, ast.Call):
                self._tool(node, cell)
            elif isinstance(node, ast.Attribute) and node.attr in {"gca", "gcf", "get_fignums"}:
                self._tell(node, f"{node.attr} looks at a plot, which stays in the sandbox. Ask for the numbers in it.")
            elif isinstance(node, ast.Await):
                self._tell(node, "await needs the learner's own event loop. Let the learner's cell keep the result.")
        return [f"Line {line}: {text}" for line, text in sorted(set(self.told))]

    def _tell(self, node: ast.expr | int, text: str) -> None:
        self.told.append((node if isinstance(node, int) else node.lineno, text))

    def _name(self, name: str, use: Use) -> None:
        if _REMEMBERED.fullmatch(name):
            self._tell(use.line, f"{name} is what IPython remembers of the learner's run; it does not cross.")
        elif name in self.classes:
            told = f"{name} is a class of the learner; neither it nor its instances cross"
            self._tell(use.line, f"{told}. Ask for a function that returns data.")
        elif use.attributes and (use.called or name in self.functions):
            told = f"{name} is called through the sandbox, so {name}.{use.attributes[0]} is not to be had"
            self._tell(use.line, f"{told}. Test what it returns.")
        elif use.changed and self.calls:
            told = f"{name} is changed here, but only for the test: the learner's functions do not see it"
            self._tell(use.line, f"{told}. Hand it over as an argument.")

    def _call(self, call: ast.Call, alone: bool) -> None:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name not in self.uses or name in self.classes or _REMEMBERED.fullmatch(name):
            return
        if alone:
            told = f"{name}(...) is called for what it changes; only its result comes back"
            self._tell(call, f"{told}. Let it return something.")
        for value in (*call.args, *(one.value for one in call.keywords)):
            if isinstance(value, ast.Lambda | ast.GeneratorExp):
                kind = "function" if isinstance(value, ast.Lambda) else "generator"
                self._tell(call, f"{name}(...) is given a {kind}; only data can be handed over. Hand over a list.")
            elif isinstance(value, ast.Name) and (
                value.id in self.helpers or (value.id in self.functions and value.id in self.uses)
            ):
                self._tell(call, f"{name}(...) is given the function {value.id}; only data can be handed over.")

    def _identity(self, node: ast.Compare, cell: Names) -> None:
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            if not isinstance(operator, ast.Is | ast.IsNot) or _one_of_a_kind(left) or _one_of_a_kind(right):
                continue
            theirs = [one for one in (left, right) if self._is_theirs(one, cell)]
            if theirs:
                told = f"{ast.unparse(theirs[0])} is compared by identity, and a copy is never the same object"
                self._tell(node, f"{told}. Compare with ==.")

    def _is_theirs(self, node: ast.expr, cell: Names) -> bool:
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.uses and node in cell.outer

    def _tool(self, node: ast.Call, cell: Names) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in {"eval", "exec"} and isinstance(node.func, ast.Name):
            self._tell(node, f"{name} hides which names it reads. Write them out.")
        elif name == "id" and any(self._is_theirs(one, cell) for one in node.args):
            self._tell(node, "id(...) of a value that crossed is that of a copy. Compare with ==.")
        elif name in _LOOKING_INSIDE and any(self._is_theirs(one, cell) for one in node.args):
            self._tell(
                node, f"{name} looks inside a function, and functions stay in the sandbox. Test what it returns."
            )
        elif name in {"redirect_stdout", "redirect_stderr", "capture_output"} and self.calls:
            self._tell(node, f"{name} sees nothing: what a function of the learner prints stays in the sandbox.")
        elif name == "seed" and self.calls:
            self._tell(
                node, "seed has no effect on the learner's functions, which run in the sandbox. Hand over a seed."
            )


def _one_of_a_kind(node: ast.expr) -> bool:
    """Whether there is one such object on either side: None, a truth value, NA, a type of Python."""
    if isinstance(node, ast.Constant):
        return node.value is None or node.value is ... or isinstance(node.value, bool)
    if isinstance(node, ast.Attribute):
        return node.attr in {"NA", "NaT"}
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "type"
    return isinstance(node, ast.Name) and isinstance(getattr(builtins, node.id, None), type)


def names_to_cross(cells: Iterable[FreeNames]) -> tuple[str, ...]:
    """All names that must come from the learner's run for several cells, each once."""
    return tuple(dict.fromkeys(name for one in cells for name in one.uses))
