"""In many learners' variants, each number question tells its misconceptions from the right answer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from content.attempts_file import FOLDER
from content.test_attempts import marked

from threechairs import marking
from threechairs.course.items import NumberItem, item_bank
from threechairs.course.workbook import open_case

LEARNERS = 40
NUMBERS = [
    pytest.param(path.stem, item.id, id=item.id)
    for path in sorted(FOLDER.glob("*.yaml"))
    for item in item_bank(path.stem).items
    if isinstance(item, NumberItem) and not item.opinion
]


@pytest.mark.parametrize(("assignment", "question"), NUMBERS)
def test_no_misconception_would_pass_as_right(
    monkeypatch: pytest.MonkeyPatch, working_folder: Path, assignment: str, question: str
) -> None:
    """Nobody who believes something wrong gets the marks by the luck of their numbers."""
    found: list[list[str]] = []
    mark: Callable[..., marking.Score] = marking.mark_number

    def watched(activity: str, points: float, *, comment: str = "", **key: object) -> marking.Score:
        found.append(marking.overlaps(**key))  # type: ignore[arg-type]
        return mark(activity, points, comment=comment, **key)

    monkeypatch.setattr(marking, "mark_number", watched)
    for number in range(LEARNERS):
        monkeypatch.setenv("THREECHAIRS_CASE_ID", f"learner-{number}")
        marked(open_case(assignment), question)

    assert found == [[]] * LEARNERS
