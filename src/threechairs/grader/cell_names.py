"""Reading one code cell as Python does: which names it binds, and which it reads before it binds them."""

# ruff: noqa: N815 - ast names its visitors so
from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from threechairs.grader.cell_bindings import Function, arguments_of, bindings, defaults, inner, stored, with_names
from threechairs.grader.cell_source import python_of

_CHANGING = frozenset(
    [
        "append",
        "extend",
        "insert",
        "remove",
        "pop",
        "popitem",
        "clear",
        "update",
        "setdefault",
        "sort",
        "reverse",
        "add",
    ]
)
_WAITING = frozenset({"raises", "assertRaises", "assertRaisesRegex", "warns", "suppress"})
_NAMESPACES = frozenset({"globals", "locals", "vars", "dir"})


@dataclass
class Seen:
    """How a name is used that the cell does not bind before."""

    line: int
    called: bool = False
    read: bool = False
    changed: bool = False
    attributes: set[str] = field(default_factory=set)


@dataclass
class Names:
    """What one cell binds and reads at its top level, functions and classes within it included.

    Attributes
    ----------
    free : dict
        Names that it may read before it binds them.
    bound : set of str
        Names that it binds, imports included.
    modules : dict
        Names that it imports, with the statement.
    functions, classes, changed : set of str
        Names that it defines so, and names of others whose value it changes in place.
    calls : list
        Calls of free names, and whether the call stands alone as a statement.
    outer : set of ast.Name
        Where free names stand.
    nodes : list
        All nodes of the cell.
    problems : list
        Lines, with a sentence, that are no Python, or whose names are not told.
    """

    free: dict[str, Seen] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    modules: dict[str, str] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    calls: list[tuple[ast.Call, bool]] = field(default_factory=list)
    outer: set[ast.Name] = field(default_factory=set)
    nodes: list[ast.AST] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def names_of(source: str) -> Names:
    r"""Read a cell; lines that are no Python are told in `problems`, the rest is read without them.

    Examples
    --------
    >>> found = names_of("total = sum(values)\nfor one in parts: total += one")
    >>> sorted(found.free), sorted(found.bound)
    (['parts', 'sum', 'values'], ['one', 'total'])
    """
    names = Names()
    tree, names.problems = python_of(source)
    if tree is not None:
        try:
            reader = _Reader(names)
            reader.block(tree.body)
            reader.finish()
        except RecursionError:
            names.problems.append((1, "the cell is nested too deep to be read."))
        names.nodes = list(ast.walk(tree))
    return names


class _Reader(ast.NodeVisitor):
    """Walks through a cell in the order in which Python runs it."""

    def __init__(self, names: Names) -> None:
        self.names, self.certain = names, set[str]()
        self.scopes: list[set[str]] = []  # of functions and comprehensions, the innermost last
        self.function_depth = 0  # scopes up to that of the function that is read
        self.body: set[str] | None = None  # of a class whose body is read: what it has bound so far,
        self.class_names: set[str] = set()  # and all that it binds
        self.global_names: set[str] = set()
        self.later: list[tuple[Function, list[set[str]], set[str]]] = []
        self.deleted: set[str] = set()
        self.alone: set[ast.Call] = set()
        self.looked_up: set[ast.Call] = set()
        self.may_fail = 0  # blocks around that wait for an error: there a call stands alone for a reason

    def finish(self) -> None:
        """Read the bodies of functions: of what the cell binds, only what came before them is certain."""
        while self.later:
            function, scopes, certain = self.later.pop(0)
            self.certain = certain - self.deleted
            body = [ast.Expr(function.body)] if isinstance(function, ast.Lambda) else function.body
            declared = {name for one in inner(body) if isinstance(one, ast.Global) for name in one.names}
            outer = {name for one in inner(body) if isinstance(one, ast.Nonlocal) for name in one.names}
            own = set(bindings(body)) - declared - outer | {one.arg for one in arguments_of(function)}
            own |= {getattr(one, "name", "") for one in getattr(function, "type_params", ())}
            self.scopes, self.global_names, self.body, self.class_names = [*scopes, own], declared, None, set()
            self.function_depth = len(self.scopes)
            self.block(body)

    def block(self, statements: Iterable[ast.stmt]) -> bool:
        """Read statements; tell whether the last of them leaves the block for good."""
        ends = False
        for one in statements:
            self.visit(one)
            ends = isinstance(one, ast.Raise | ast.Return | ast.Continue | ast.Break) or (
                isinstance(one, ast.Assert) and isinstance(one.test, ast.Constant) and not one.test.value
            )
        return ends

    def branches(self, *blocks: list[ast.stmt]) -> None:
        """Read blocks of which one runs: only what all of them bind is bound for certain."""
        start, kept = set(self.certain), list[set[str]]()
        for statements in blocks:
            self.certain = set(start)
            if not self.block(statements):
                kept.append(self.certain)
        self.certain = set.intersection(*kept) if kept else start

    def bind(self, name: str) -> None:
        if name not in self.global_names:
            if self.body is not None and len(self.scopes) == self.function_depth:
                self.body.add(name)
                return
            if self.scopes:
                return  # what a function binds was collected before
        self.names.bound.add(name)
        self.certain.add(name)

    def is_free(self, name: str) -> bool:
        if name in self.global_names:
            return name not in self.certain
        if self.body is not None and len(self.scopes) == self.function_depth and name in self.class_names:
            inner = name in self.body  # what a class binds it looks for in itself, then outside of all functions
        else:
            inner = any(name in scope for scope in self.scopes)
        return not inner and name not in self.certain

    def seen(self, node: ast.Name) -> Seen | None:
        """The record of a name, if it is free here."""
        if not self.is_free(node.id):
            return None
        self.names.outer.add(node)
        return self.names.free.setdefault(node.id, Seen(node.lineno))

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.bind(node.id)
            return
        found = self.seen(node)
        deleted = isinstance(node.ctx, ast.Del)
        if found:
            found.read, found.changed = True, found.changed or deleted
        if deleted:
            self._unbind(node.id)

    def _unbind(self, name: str) -> None:
        if name in self.global_names or not self.scopes:
            self.certain.discard(name)
            self.deleted.add(name)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            if not self.may_fail:
                self.alone.add(node.value)
            if isinstance(node.value.func, ast.Attribute):
                self._change(node.value.func.value, certain=node.value.func.attr in _CHANGING)
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            self._look_up(node.func.value, node.args[0])
        if isinstance(node.func, ast.Name):
            found = self.seen(node.func)
            if found:
                found.called = True
                self.names.calls.append((node, node in self.alone))
                if node.func.id in _NAMESPACES and not node.args and node not in self.looked_up:
                    told = f"{node.func.id}() looks through all names, and only those that the cell names cross"
                    self.names.problems.append((node.lineno, f"{told}. Name them."))
        else:
            self.visit(node.func)
        for one in (*node.args, *node.keywords):
            self.visit(one)

    def visit_Compare(self, node: ast.Compare) -> None:
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            self._look_up(node.comparators[0], node.left)
        self.generic_visit(node)

    def _look_up(self, namespace: ast.expr, name: ast.expr) -> None:
        """Take a name that is looked up as text for a name that is read: `"rate" in globals()`."""
        if not (isinstance(namespace, ast.Call) and isinstance(namespace.func, ast.Name) and not namespace.args):
            return
        if namespace.func.id in _NAMESPACES and isinstance(name, ast.Constant) and isinstance(name.value, str):
            self.looked_up.add(namespace)
            self.visit(ast.copy_location(ast.Name(name.value, ast.Load()), name))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        found = self.seen(node.value) if isinstance(node.value, ast.Name) else None
        if found:
            found.attributes.add(node.attr)
        if not isinstance(node.ctx, ast.Load):
            self._change(node.value, certain=True)
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._look_up(node.value, node.slice)
        if not isinstance(node.ctx, ast.Load):
            self._change(node.value, certain=True)
        self.generic_visit(node)

    def _change(self, node: ast.expr, certain: bool) -> None:
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        found = self.seen(node) if isinstance(node, ast.Name) else None
        if found and isinstance(node, ast.Name):
            self.names.changed.add(node.id)
            found.changed = found.changed or certain

    def visit_Assign(self, node: ast.Assign) -> None:
        for one in (node.value, *node.targets):
            self.visit(one)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
            self._change(node.target, certain=True)
        self.visit(node.value)
        self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            kept, self.scopes = self.scopes, self.scopes[: self.function_depth]  # past the comprehension around it
            self.bind(node.target.id)
            self.scopes = kept

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for one in node.names:
            name = one.asname or one.name.partition(".")[0]
            if one.name == "*":
                told = "a star import does not tell its names, so they are asked of the learner"
                self.names.problems.append((node.lineno, f"{told}. Import them by name."))
                continue
            self.bind(name)
            if not self.scopes and self.body is None:
                self.names.modules[name] = ast.unparse(with_names(node, one))

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        types = [one for one in (node.returns, *(each.annotation for each in arguments_of(node))) if one]
        for one in (*node.decorator_list, *defaults(node), *types):
            self.visit(one)
        self.bind(node.name)
        if not self.scopes and self.body is None:
            self.names.functions.add(node.name)
        self.later.append((node, list(self.scopes), set(self.certain)))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for one in defaults(node):
            self.visit(one)
        self.later.append((node, list(self.scopes), set(self.certain)))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for one in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(one)
        kept, names, self.body, self.class_names = self.body, self.class_names, set(), set(bindings(node.body))
        scopes, depth = self.scopes, self.function_depth
        inner = [*scopes, {getattr(one, "name", "") for one in getattr(node, "type_params", ())}]
        self.scopes, self.function_depth = inner, len(inner)
        self.block(node.body)
        self.scopes, self.function_depth, self.body, self.class_names = scopes, depth, kept, names
        self.bind(node.name)
        if not self.scopes and self.body is None:
            self.names.classes.add(node.name)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.visit(node.generators[0].iter)  # read outside, before the names of the comprehension exist
        self.scopes.append({name for one in node.generators for name in stored(one.target)})
        for position, one in enumerate(node.generators):
            if position:
                self.visit(one.iter)
            for each in one.ifs:
                self.visit(each)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self.scopes.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self.branches(node.body, node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        for one in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(one)

    visit_AsyncFor = visit_For

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for one in node.items:
            self.visit(one)
        calls = [one.context_expr.func for one in node.items if isinstance(one.context_expr, ast.Call)]
        waits = any(getattr(one, "attr", getattr(one, "id", "")) in _WAITING for one in calls)
        self.may_fail += waits
        self.block(node.body)
        self.may_fail -= waits

    visit_AsyncWith = visit_With

    def visit_Try(self, node: ast.Try) -> None:
        self._try(node)

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        for handler in node.handlers:
            if handler.type is not None:
                self.visit(handler.type)
        start = set(self.certain)
        self.may_fail += bool(node.handlers)
        kept = [] if self.block([*node.body, *node.orelse]) else [self.certain]
        self.may_fail -= bool(node.handlers)
        for handler in node.handlers:
            self.certain = set(start)
            if handler.name:
                self.bind(handler.name)
            ends = self.block(handler.body)
            if handler.name:
                self._unbind(handler.name)
            kept += [] if ends else [self.certain]
        self.certain = set.intersection(*kept) if kept else start
        self.block(node.finalbody)

    def visit_TryStar(self, node: ast.TryStar) -> None:
        self._try(node)

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        start, kept, covered = set(self.certain), list[set[str]](), False
        for case in node.cases:
            self.certain = set(start)
            self.visit(case.pattern)
            if case.guard is not None:
                self.visit(case.guard)
            kept += [] if self.block(case.body) else [self.certain]
            every = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
            covered = covered or (every and case.guard is None)
        self.certain = set.intersection(*kept, *([] if covered else [start])) if kept else start

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self.bind(name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchMapping = visit_MatchAs
