"""Which names the parts of a code cell bind: a function, a comprehension, an import."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def with_names(node: ast.Import | ast.ImportFrom, one: ast.alias) -> ast.stmt:
    """The part of an import statement that binds one name."""
    if isinstance(node, ast.Import):
        return ast.Import([one])
    return ast.ImportFrom(node.module, [one], node.level)


def arguments_of(function: Function) -> list[ast.arg]:
    """All arguments of a function, those with stars included."""
    kinds = function.args
    stars = [one for one in (kinds.vararg, kinds.kwarg) if one is not None]
    return [*kinds.posonlyargs, *kinds.args, *kinds.kwonlyargs, *stars]


def defaults(function: Function) -> list[ast.expr]:
    """What the arguments of a function are unless they are given; read where the function is defined."""
    return [one for one in (*function.args.defaults, *function.args.kw_defaults) if one is not None]


def stored(node: ast.AST) -> set[str]:
    """Names that a target stores to."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def inner(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes of a function's body without those of functions and classes within it."""
    for one in statements:
        yield one
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(one, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            # of a comprehension only `:=` binds outside of it
            yield from (each.target for each in ast.walk(one) if isinstance(each, ast.NamedExpr))
            continue
        yield from inner(ast.iter_child_nodes(one))


def bindings(statements: Iterable[ast.AST]) -> Iterator[str]:
    """Names that the body of a function binds, those of its global statements included."""
    for one in inner(statements):
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            yield one.id
        elif isinstance(one, ast.alias):
            yield one.asname or one.name.partition(".")[0]
        elif isinstance(one, ast.MatchMapping) and one.rest:
            yield one.rest
        elif (
            isinstance(
                one,
                ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar,
            )
            and one.name
        ):
            yield one.name
