"""The Python in a code cell, without the lines that only IPython understands."""

from __future__ import annotations

import ast
import re
import warnings

_MAGIC = re.compile(r"(\s*)(?:[%!?].*|(?:[\w.,\s]+=\s*)[%!].*|[\w.%]+\?{1,2}\s*)", re.ASCII)
# cell magics below which there is still Python
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun"})
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def python_of(source: str) -> tuple[ast.Module | None, list[tuple[int, str]]]:
    r"""Parse a cell; each command of IPython in it is told, and read as if it did nothing.

    Returns
    -------
    ast.Module or None
        None if what is left is no Python.
    list of (int, str)
        Lines, from 1, and a sentence about each that is no Python.

    Examples
    --------
    >>> tree, told = python_of("%matplotlib inline\ntotal = 3")
    >>> ast.unparse(tree), told[0][0]
    ('pass\ntotal = 3', 1)
    """
    try:
        return _parse(source), []
    except _UNREADABLE:  # what no Python can be is looked for only now: `%` may begin a line of a long sum
        lines = source.splitlines()
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    problems = []
    for at, line in enumerate(lines):
        found = _MAGIC.fullmatch(line)
        if not found:
            continue
        told = f"{line.strip()[:40]} is a command of IPython, not Python; it does not run in a test"
        problems.append((at + 1, f"{told}. Write it in Python, or leave it out."))
        whole = re.match(r"\s*%%(\w+)", line)
        if whole and at == first and whole[1] not in _PYTHON_CELLS:
            return None, problems
        lines[at] = f"{found[1]}pass"
    try:
        return _parse("\n".join(lines)), problems
    except _UNREADABLE as reason:
        where = reason.lineno if isinstance(reason, SyntaxError) else 1
        told = reason.msg if isinstance(reason, SyntaxError) else str(reason)
        return None, [*problems, (where or 1, f"the cell is not Python that can be read: {told}.")]


def _parse(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a test may compare with `is 3`: told elsewhere
        return ast.parse(source)
