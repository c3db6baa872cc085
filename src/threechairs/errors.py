"""Every error that the kit raises, each with the same four parts in its text.

An error says where it happened, what was seen, what was expected, and what to do next. All errors derive
from `ThreeChairsError`, so that the command line and the notebook can show the text without a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


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


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text[-1:] in ".?!:" else f"{text}."
