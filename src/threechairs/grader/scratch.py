"""nbgrader on a throw-away copy of the course: nothing of the real gradebook or its folders is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from threechairs.environment import own_environment
from threechairs.errors import GradingError


class ScratchCourse:
    """A course folder with solutions, the course's own nbgrader configuration, and an empty gradebook."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def api(self) -> Any:
        """Nbgrader's Python interface to this course."""
        from nbgrader.apps import NbGraderAPI
        from traitlets.config.loader import PyFileConfigLoader

        config = PyFileConfigLoader(str(self.folder / "grading" / "nbgrader_config.py")).load_config()
        config.Application.log_level = "ERROR"
        return NbGraderAPI(config=config)

    def generate(self, assignment_id: str) -> Path:
        """Make the learner's version, and return its folder."""
        _check(self.api.generate_assignment(assignment_id, force=True), f"generating {assignment_id}")
        return self.folder / "exercises" / assignment_id

    def autograde(self, assignment_id: str, student_id: str) -> None:
        """Mark a submission that lies in `grading/submitted/`."""
        _check(self.api.autograde(assignment_id, student_id, force=True), f"marking {assignment_id}")

    def feedback(self, assignment_id: str, student_id: str) -> Path:
        """Write feedback as HTML, and return its folder."""
        _check(self.api.generate_feedback(assignment_id, student_id, force=True), "writing feedback")
        return self.folder / "grading" / "feedback" / student_id / assignment_id

    def submitted(self, assignment_id: str, student_id: str) -> Path:
        """Where a submission belongs."""
        return self.folder / "grading" / "submitted" / student_id / assignment_id

    def autograded(self, assignment_id: str, student_id: str) -> Path:
        """Where a marked submission lies."""
        return self.folder / "grading" / "autograded" / student_id / assignment_id


@contextlib.contextmanager
def scratch_course(root: Path, *assignments: str) -> Iterator[ScratchCourse]:
    """A scratch course with some assignments of the course at `root`; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="threechairs-") as name:
        folder = Path(name).resolve()
        (folder / "grading").mkdir()
        shutil.copyfile(root / "grading" / "nbgrader_config.py", folder / "grading" / "nbgrader_config.py")
        for assignment in assignments:
            (folder / "solutions" / assignment).mkdir(parents=True)
            for notebook in (root / "solutions" / assignment).glob("*.ipynb"):
                shutil.copyfile(notebook, folder / "solutions" / assignment / notebook.name)
        before = os.environ.get("PATH", "")
        os.environ["PATH"] = own_environment()["PATH"]
        try:
            with warnings.catch_warnings():
                # nbgrader's own, about its database: nothing that a learner or author could mend
                warnings.simplefilter("ignore")
                yield ScratchCourse(folder)
        finally:
            os.environ["PATH"] = before


def _check(result: dict[str, Any], what: str) -> None:
    if not result["success"]:
        # the last lines hold the cause; a whole log helps nobody
        log = "\n".join(str(result.get("log") or result.get("error") or "").splitlines()[-15:])
        raise GradingError("nbgrader", f"{what} failed. The end of its log:\n{log}")
