"""Reading a scenario with every mistake in it named by file, line and column."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from threechairs.chairs import decision_rights, roles
from threechairs.company.deals import deal_table
from threechairs.datasets import course_root
from threechairs.errors import UsageError, did_you_mean
from threechairs.scenario.names import Names
from threechairs.scenario.play import Story
from threechairs.scenario.references import mistakes
from threechairs.scenario.schema import Scenario
from threechairs.yaml_files import load_yaml

PARTS: dict[str, tuple[str, Any]] = {
    "scene": ("scenes", None),
    "meter": ("meters", None),
    "flag": ("flags", []),
    "fact": ("facts", {}),
    "draw": ("draws", {}),
    "matter": ("matters", {}),
}
"""For each kind of name the part of the file that declares it, and what that part is where it is left out."""


def scenario_names(root: Path | None = None) -> list[str]:
    """Names of the course's scenarios, in alphabetical order."""
    folder = (root or course_root()) / "datasets" / "scenarios"
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load_story(name: str, root: Path | None = None) -> Story:
    """A scenario of the course, with the deal tables that it names.

    Parameters
    ----------
    name : str
        File name in `datasets/scenarios/` without its ending.
    root : pathlib.Path, optional
        Course folder; the course in use unless given.

    Raises
    ------
    UsageError
        If there is no such scenario; the nearest name is offered.
    ContentError
        With one line per mistake in the file.
    """
    return _load_story(name, root or course_root())


@cache
def _load_story(name: str, root: Path) -> Story:
    path = root / "datasets" / "scenarios" / f"{name}.yaml"
    if not path.is_file():
        hint = did_you_mean(name, scenario_names(root))
        raise UsageError(f"scenario {name!r}", "the course has no such scenario", next_step=hint)
    return read_story(path, root)


def read_story(path: Path, root: Path | None = None) -> Story:
    """A scenario from any file; rights, roles and deal tables are those of the course at `root`.

    Raises
    ------
    ContentError
        With one line per mistake: `file:line:col: what is wrong. What was expected. Did you mean …?`
    """
    root = root or course_root()
    scenario = load_yaml(
        path,
        Scenario,
        context=lambda data: declared_names(data, root),
        beyond=lambda data: mistakes(data, path.stem, root),
    )
    named = {scene.deal.table for scene in scenario.scenes if scene.deal}
    return Story(scenario, {name: deal_table(name, root) for name in sorted(named)})


def declared_names(data: Any, root: Path) -> Names:
    """Names that a scenario declares, and those of the charter.

    A part that is not as it must be declares nothing that could be told, so no name of its kind is refused: its own
    mistake is told, not what follows from it everywhere.
    """
    read = data if isinstance(data, dict) else {}
    misspelt = not set(read) <= set(Scenario.model_fields)
    declared = {kind: _keys(read.get(part, None if misspelt else default)) for kind, (part, default) in PARTS.items()}
    return {
        **{kind: names for kind, names in declared.items() if names is not None},
        "role": {role.role_id for role in roles(root=root)},
        "right": {right.decision_id for right in decision_rights(root=root)},
        "deal table": {path.stem for path in (root / "datasets" / "deals").glob("*.yaml")},
    }


def _keys(part: Any) -> set[str] | None:
    if isinstance(part, dict):
        return {str(key) for key in part}
    if isinstance(part, list):
        return {str(one.get("id")) if isinstance(one, dict) else str(one) for one in part}
    return None
