"""A scenario to play, scene by scene, from one of three chairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from threechairs.activities import Playing, happened, remember, stage
from threechairs.course.workbook import current
from threechairs.errors import UsageError
from threechairs.scenario.play import Step
from threechairs.widgets.base import Card, source


class ScenarioPlayer(Card):
    """A branching story with a chair to play it from. Every step is recorded at once.

    Parameters
    ----------
    activity_id : str
        Under which the plays are recorded; in an assignment, the id of a question to play.
    scenario : str, optional
        Name of a scenario of the course; lessons only.

    Raises
    ------
    UsageError
        If no notebook is open, or question or scenario do not exist.
    """

    _esm = source("scenario_player", "js")
    _css = source("scenario_player", "css")
    messages: ClassVar[tuple[str, ...]] = ("start", "take", "back")

    mode = traitlets.Unicode("practice").tag(sync=True)
    stage = traitlets.Dict(help="All that the player may see now.").tag(sync=True)

    def __init__(self, activity_id: str, *, scenario: str = "", **unknown: Any) -> None:
        super().__init__(**unknown)
        self._playing = Playing(activity_id, current(), scenario)
        remember(self._playing)
        self.heading, self.instructions = self._playing.heading, self._playing.instructions
        self.mode = self._playing.mode
        self._redraw()

    def describe(self) -> str:
        """The scenario as it stands, as text, with how to go on in code."""
        return self._playing.describe()

    def _redraw(self) -> None:
        stored = self._playing.recorded
        self.answer = dict(stored.value) if stored else {}
        self.recorded = self._playing.told()
        self.stage = stage(self._playing)

    def _on_start(self, content: Mapping[str, Any]) -> None:
        play = self._playing.start(str(content.get("chair")))
        self._redraw()
        self.status = (
            f"You sit on the chair of the {play.chair.upper()}. {play.scene.title}. {self.stage['practice']}".strip()
        )

    def _on_take(self, content: Mapping[str, Any]) -> None:
        if self._moved_on(content):
            return
        step = Step.from_data(content.get("take") or {})
        play = self._playing.take(step)
        self._redraw()
        self.status = happened(play)

    def _on_back(self, content: Mapping[str, Any]) -> None:
        if self._moved_on(content):
            return
        play = self._playing.back()
        self._redraw()
        self.status = f"One step back: {play.scene.title}."

    def _moved_on(self, content: Mapping[str, Any]) -> bool:
        """Whether a cell or another window has taken a step since; then the card shows where the play stands now."""
        play = self._playing.play
        if play is None:
            raise UsageError("", self._playing.misfit or "Choose a chair first")
        if content.get("at") == len(play.moments):
            return False
        self._redraw()
        self.status = f"The play has gone on meanwhile. It stands at “{play.scene.title}”."
        return True
