"""`exercises/` from `solutions/`: what learners open is always generated, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from threechairs.course.syllabus import syllabus
from threechairs.grader.scratch import scratch_course


@dataclass(frozen=True)
class Built:
    """One generated notebook and the place where it belongs."""

    place: Path
    content: bytes

    @property
    def current(self) -> bool:
        """True when the committed file has exactly these bytes."""
        return self.place.is_file() and self.place.read_bytes() == self.content


def build_exercises(root: Path) -> list[Built]:
    """Every learner's notebook as nbgrader makes it from `solutions/`; nothing in the clone is changed."""
    assignments = [assignment.id for assignment in syllabus(root).assignments]
    built = []
    with scratch_course(root, *assignments) as course:
        for assignment in assignments:
            for notebook in sorted(course.generate(assignment).glob("*.ipynb")):
                built.append(Built(root / "exercises" / assignment / notebook.name, notebook.read_bytes()))
    return built
