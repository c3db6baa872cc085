"""Saving marks, where "not graded" is not the same as zero."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades

from threechairs.grader.execute import NOT_GRADED, explanation, is_test


class SaveVerdicts(SaveAutoGrades):
    """nbgrader's SaveAutoGrades; a test cell that could not be graded waits for a person instead of scoring zero."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        reason = resources.get(NOT_GRADED) or _fault_of_the_test(cell)
        if not reason or not is_test(cell):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = None
        grade.needs_manual_grade = True
        self.gradebook.db.commit()


def _fault_of_the_test(cell: NotebookNode) -> str:
    """Reason why a test cell could not give marks, where the learner is not at fault."""
    if is_test(cell):
        for output in cell.outputs:
            if output.output_type == "error" and output.ename == "GradingError":
                cell.outputs = [explanation(output.evalue)]
                return str(output.evalue)
    return ""
