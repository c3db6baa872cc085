"""Running a submission with nbgrader's own Execute, told whose it is.

At autograde the environment names the instructor, and the student is only known to preprocessors. So this one
puts the learner into the kernel's environment, and holds back what cannot be graded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import Execute

from threechairs.grader.admission import case_id_of, why_not_graded

NOT_GRADED = "threechairs_not_graded"
# each kernel warns that other machines might listen in; kernels of a grader listen on this machine only
_QUIET = "--log-level=ERROR"


class ExecuteForLearner(Execute):
    """nbgrader's Execute, with `THREECHAIRS_LEARNER` and `THREECHAIRS_CASE_ID` in the kernel's environment."""

    _learner: Mapping[str, str] = {}

    def setup_kernel(self, **kwargs: Any) -> AbstractContextManager[None]:
        """Start the kernel in an environment that names the learner."""
        kwargs.setdefault("env", {**os.environ, **self._learner})
        given = list(getattr(self, "extra_arguments", ()))
        self.extra_arguments = given if _QUIET in given else [*given, _QUIET]
        context: AbstractContextManager[None] = super().setup_kernel(**kwargs)
        return context

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        """Run the notebook, or say in each test cell why it is not graded."""
        told = resources["nbgrader"]
        student, assignment = told["student"], told["assignment"]
        reason = why_not_graded(Path(resources["metadata"]["path"]), assignment, student)
        if reason:
            resources[NOT_GRADED] = reason
            self.log.warning("%s / %s is not graded, because %s", student, assignment, reason)
            for cell in nb.cells:
                if is_test(cell):
                    cell.outputs = [explanation(reason)]
            return nb, resources
        self._learner = {"THREECHAIRS_LEARNER": student, "THREECHAIRS_CASE_ID": case_id_of(student)}
        ran: tuple[NotebookNode, Any] = super().preprocess(nb, resources, km)
        return ran


def is_test(cell: NotebookNode) -> bool:
    """True for a cell that is graded automatically."""
    return bool(cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell))


def explanation(reason: str) -> NotebookNode:
    """What a test cell shows instead of marks."""
    text = f"Not graded, because {reason}"
    return new_output("display_data", {"text/plain": text, "text/html": f"<p><b>{escape(text)}</b></p>"})
