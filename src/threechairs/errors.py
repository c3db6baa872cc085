"""Every error that the kit raises, each with the same four parts in its text.

An error says where it happened, what was seen, what was expected, and what to do next. All errors derive
from `ThreeChairsError`, so that the command line and the notebook can show the text without a traceback.
"""

from __future__ import annotations

import difflib
import functools
import inspect
import re
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class ThreeChairsError(Exception):
    """An error whose text is meant for the reader, whoever that is.

    Parameters
    ----------
    where : str
        File (with line, where known), command or call, as the reader knows it.
    seen : str
        What is there.
    expected : str, optional
        What should be there.
    next_step : str, optional
        What the reader can do about it now.

    Examples
    --------
    >>> print(ThreeChairsError("answers.json", "the file is empty", next_step="Restore it from your backup."))
    answers.json: the file is empty. Restore it from your backup.
    """

    def __init__(self, where: str, seen: str, expected: str = "", next_step: str = "") -> None:
        self.where, self.seen, self.expected, self.next_step = where, seen, expected, next_step
        sentences = [_sentence(part) for part in (seen, expected, next_step) if part]
        super().__init__(f"{where}: {' '.join(sentences)}" if where else " ".join(sentences))

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the text alone: a learner never sees a traceback of ours."""
        return [str(self)]


class ContentError(ThreeChairsError):
    """A file that an instructor edits (course, table, items, notebook) is not as it must be."""


class ModelInputError(ThreeChairsError, ValueError):
    """A model was given numbers that it cannot work with."""


class AnswersError(ThreeChairsError):
    """An answer file cannot be read or written; nothing in it was changed."""


class AnswerFormError(ThreeChairsError):
    """An answer does not have the form that its question asks for."""


class UsageError(ThreeChairsError):
    """A call or command that cannot be carried out as it was given."""


class GradingError(ThreeChairsError):
    """A submission that cannot be graded; never the same as a mark of zero."""


def did_you_mean(seen: str, known: Iterable[str]) -> str:
    """Sentence that offers the nearest known name, or all of them when there are few.

    Examples
    --------
    >>> did_you_mean("cisso", ["cso", "ciso", "cio"])
    "Did you mean 'ciso'?"
    >>> did_you_mean("payroll", ["cso", "ciso"])
    'Known: ciso, cso.'
    """
    names = sorted(known)
    near = difflib.get_close_matches(str(seen), names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    if names and len(names) <= 12:
        return f"Known: {', '.join(names)}."
    return ""


def told_arguments(function: Callable[P, R], name: str = "") -> Callable[P, R]:
    """Let a function that learners call say in our words which argument is missing, unknown or too many.

    Parameters
    ----------
    function : callable
        What is called; a method's `self` is not counted.
    name : str, optional
        How the learner calls it; the function's own name unless given.

    Examples
    --------
    >>> greet = told_arguments(lambda name="you": f"Hello {name}", "greet")
    >>> greet(nme="Ruth")
    Traceback (most recent call last):
        ...
    threechairs.errors.UsageError: greet(...): 'nme' is not an argument. Did you mean 'name'?
    """
    signature = inspect.signature(function)
    known = [one for one in signature.parameters if one not in {"self", "unknown"}]

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            signature.bind(*args, **kwargs)
        except TypeError as reason:
            raise _call_error(name or function.__name__, str(reason), known) from None
        return function(*args, **kwargs)

    return call


def _call_error(name: str, reason: str, known: list[str]) -> UsageError:
    where, takes = f"{name}(...)", f"It takes: {', '.join(known)}" if known else "It takes no arguments"
    named = re.search(r"'(\w+)'", reason)
    if named and "unexpected" in reason:
        return UsageError(where, f"{named[1]!r} is not an argument", next_step=did_you_mean(named[1], known))
    if named and "missing" in reason:
        return UsageError(where, f"{named[1]!r} is missing", takes)
    return UsageError(where, "there is something too much between the brackets", takes)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text[-1:] in ".?!:" else f"{text}."
