"""Rules over scenarios and deal tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from threechairs.authoring.problems import Problem
from threechairs.company.deals import deal_table
from threechairs.errors import ContentError
from threechairs.scenario.lint import Finding, lint
from threechairs.scenario.load import load_story
from threechairs.scenario.schema import Scenario
from threechairs.yaml_files import Steps, compose, position


def check_deals(root: Path) -> Iterator[Problem]:
    """Every deal table is as it must be, and bears the name of its file."""
    folder = root / "datasets" / "deals"
    yield from _strays(folder, root)
    for path in sorted(folder.glob("*.yaml")):
        try:
            table = deal_table(path.stem, root)
        except ContentError as reason:
            yield from _told(reason, folder, root)
            continue
        if table.table != path.stem:
            line, column = position(compose(path), ("table",))
            what = f"'table' says {table.table!r}. Expected the file's name {path.stem!r}"
            yield Problem(f"{path.relative_to(root).as_posix()}:{line}:{column}", what)


def check_scenarios(root: Path) -> Iterator[Problem]:
    """Every scenario is as it must be, and its story holds from each chair: every state of it is visited."""
    folder = root / "datasets" / "scenarios"
    yield from _strays(folder, root)
    for path in sorted(folder.glob("*.yaml")):
        try:
            story = load_story(path.stem, root)
        except ContentError as reason:
            yield from _told(reason, folder, root)
            continue
        tree = compose(path)
        for finding in lint(story):
            line, column = position(tree, _way(finding, story.scenario))
            yield Problem(f"{path.relative_to(root).as_posix()}:{line}:{column}", str(finding))


def _way(finding: Finding, scenario: Scenario) -> Steps:
    """Where in the file a finding is: the option, the scene, or the scenario's name for the whole story."""
    scenes = [scene.id for scene in scenario.scenes]
    if finding.scene not in scenes:
        return ("scenario",)
    at = scenes.index(finding.scene)
    options = [option.id for option in scenario.scenes[at].options]
    if finding.option in options:
        return ("scenes", at, "options", options.index(finding.option), "id")
    return ("scenes", at, "id")


def _told(reason: ContentError, folder: Path, root: Path) -> Iterator[Problem]:
    """One problem per line of an error, each of which begins with the file's name and the place in it."""
    for line in str(reason).splitlines():
        where, what = line.split(": ", 1)
        yield Problem(f"{folder.relative_to(root).as_posix()}/{where}", what)


def _strays(folder: Path, root: Path) -> Iterator[Problem]:
    """Files that nobody would ever read."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix != ".yaml" and not path.name.startswith("."):
            yield Problem(path.relative_to(root).as_posix(), "only files that end in .yaml are read here. Rename it")
