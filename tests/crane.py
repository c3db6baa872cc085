"""A story of five scenes, played in lessons and assignments by tests that need no scenario of the course."""

import os
from pathlib import Path

from samples import graded_bank, open_graded, open_practice

from threechairs.datasets import course_root

STORY = Path(__file__).parent / "activities" / "stories" / "crane.yaml"
GOOD_DEAL = {
    "fault-desk": "joint-desk",
    "backup-power": "it-pays",
    "segmentation": "six-weeks",
    "power-notice": "ten-days",
}
NASH_DEAL = {**GOOD_DEAL, "segmentation": "after-peak"}
ONE_SIDED = {
    "fault-desk": "it-desk",
    "backup-power": "it-pays",
    "segmentation": "after-peak",
    "power-notice": "two-days",
}

# every way to an ending from the chair of the CSO, as the steps that are stored
HOPE = [{"scene": "call", "option": "hope"}, {"scene": "table", "option": "leave"}]
GUARD = [{"scene": "call", "option": "guard"}, {"scene": "table", "option": "leave"}]
FREEZE = [{"scene": "call", "option": "freeze"}, {"scene": "table", "deal": GOOD_DEAL}]
GREEN = [{"scene": "call", "option": "guard"}, {"scene": "table", "deal": NASH_DEAL}]


def plays(*steps, chair="cso", number=1):
    """A stored answer with one play."""
    return {"plays": [{"chair": chair, "number": number, "steps": list(steps)}]}


def course_with_crane(folder):
    """Let the course in use be one whose only scenario is the crane."""
    root, made = course_root(), folder / "course"
    (made / "datasets" / "scenarios").mkdir(parents=True)
    for part in ("tables", "deals", "items", "datapackage.json"):
        (made / "datasets" / part).symlink_to(root / "datasets" / part)
    (made / "notebooks").symlink_to(root / "notebooks")
    (made / "datasets" / "scenarios" / "crane.yaml").write_text(STORY.read_text(encoding="utf-8"), encoding="utf-8")
    os.environ["THREECHAIRS_COURSE"] = str(made)
    return made


def open_lesson(folder):
    """A lesson that may play the crane."""
    return open_practice(folder)


def open_assignment(folder, case_id="alice"):
    """An assignment whose question `clash` plays the crane."""
    bank = graded_bank(clash={"kind": "play", "stem": "Play it once.", "scenario": "crane"})
    return open_graded(folder, bank, case_id)
