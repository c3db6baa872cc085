"""What the models say about themselves: an example that runs, the errors they raise, and where it comes from."""

import ast
import re
from pathlib import Path

import pytest

import threechairs.models

FILES = sorted(path for path in Path(threechairs.models.__file__).parent.glob("*.py") if path.name != "__init__.py")
TREES = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def public():
    """Every public function, class and method: module, class around it (or none), node."""
    for module, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, (*FUNCTION, ast.ClassDef)) and not node.name.startswith("_"):
                yield module, None, node
                if isinstance(node, ast.ClassDef):
                    yield from ((module, node, one) for one in methods(node) if not one.name.startswith("_"))


def methods(node):
    return [one for one in node.body if isinstance(one, FUNCTION)]


def names_called(node):
    """Plain names that are called somewhere in a piece of code."""
    return {one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}


def refusing():
    """Names of functions that raise an error of ours, by themselves or through another of these functions."""
    functions = [node for tree in TREES.values() for node in tree.body if isinstance(node, FUNCTION)]
    found = {node.name for node in functions if any(isinstance(one, ast.Raise) for one in ast.walk(node))}
    while more := {node.name for node in functions if names_called(node) & found} - found:
        found |= more
    return found


REFUSING = refusing()


def refuses(node):
    """Whether a function checks what it is given; of a class, whether making one does."""
    if isinstance(node, ast.ClassDef):
        return any(refuses(one) for one in methods(node) if one.name in {"__init__", "__post_init__"})
    return bool(names_called(node) & REFUSING) or any(isinstance(one, ast.Raise) for one in ast.walk(node))


PUBLIC = [
    pytest.param(around, node, id=".".join([module, *([around.name] if around else []), node.name]))
    for module, around, node in public()
]


def test_most_of_the_models_check_what_they_are_given():
    """The walk over the code finds what it looks for: a hundred names, and most functions refuse something."""
    functions = [node for _, _, node in public() if isinstance(node, FUNCTION)]

    assert len(PUBLIC) > 100
    assert {"numbers", "share", "_years", "best_set"} <= REFUSING
    assert "plain" not in REFUSING
    assert sum(refuses(node) for node in functions) > len(functions) / 2


@pytest.mark.parametrize(("around", "node"), PUBLIC)
def test_every_public_name_has_an_example_that_runs(around, node):
    """A docstring of its own, and an example in it or, of a method, in its class; pytest runs the examples."""
    docstring = ast.get_docstring(node)

    assert docstring
    assert ">>> " in docstring or (around is not None and ">>> " in ast.get_docstring(around))


@pytest.mark.parametrize(("around", "node"), [one for one in PUBLIC if refuses(one.values[1])])
def test_what_refuses_inputs_says_which_error_it_raises(around, node):
    """The section Raises names the error."""
    assert re.search(r"Raises\n-+\n\w*Error\n", ast.get_docstring(node))


@pytest.mark.parametrize("module", TREES)
def test_every_module_says_where_it_comes_from(module):
    """A source with its year, or that it is derived where it stands."""
    assert re.search(r"\(\d{4}\)|, \d{4}\.|Source: |derived where", ast.get_docstring(TREES[module]))
