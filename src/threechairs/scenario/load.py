"""Reading a scenario with every mistake in it named by file, line and column."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from threechairs.chairs import decision_rights, roles
from threechairs.company.deals import deal_table
from threechairs.datasets import course_root
from threechairs.errors import ContentError, UsageError, did_you_mean
from threechairs.scenario.names import Names
from threechairs.scenario.play import Story
from threechairs.scenario.schema import Scenario
from threechairs.yaml_files import load_yaml


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
    scenario = load_yaml(path, Scenario, context=lambda data: declared_names(data, root))
    if scenario.scenario != path.stem:
        raise ContentError(
            path.name, f"'scenario' says {scenario.scenario!r}", f"Expected the file's name {path.stem!r}"
        )
    named = {scene.deal.table for scene in scenario.scenes if scene.deal}
    return Story(scenario, {name: deal_table(name, root) for name in sorted(named)})


def declared_names(data: Any, root: Path) -> Names:
    """Names that a scenario declares, and those of the charter, as far as the data can be read at all."""

    def keys(part: str) -> set[str]:
        value = data.get(part) if isinstance(data, dict) else None
        if isinstance(value, dict):
            return {str(key) for key in value}
        return {str(one.get("id")) if isinstance(one, dict) else str(one) for one in value or ()}

    return {
        "scene": keys("scenes"),
        "meter": keys("meters"),
        "flag": keys("flags"),
        "fact": keys("facts"),
        "draw": keys("draws"),
        "matter": keys("matters"),
        "role": {role.role_id for role in roles(root=root)},
        "right": {right.decision_id for right in decision_rights(root=root)},
        "deal table": {path.stem for path in (root / "datasets" / "deals").glob("*.yaml")},
    }
