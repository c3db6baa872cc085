"""Mistakes in a scenario file that its schema cannot see, found in the data as they stand, however broken these are.

The schema checks one entry after the other, and stops at an entry that is broken. What holds between entries (an id
that stands twice, a value that another part declares, a name in braces) is looked for here, so that an author is told
everything at once. Each place is given by its way, for the line in the file.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from threechairs.company.deals import DealTable, deal_table
from threechairs.errors import ContentError, did_you_mean
from threechairs.scenario.schema import Scene
from threechairs.yaml_files import Mistake, Steps

WORDS = {"text", "reply", "brief", "invitation", "best_case"}
"""Keys whose texts may hold names in braces; the voices of an ending hold them as well."""


def mistakes(data: Any, name: str, root: Path) -> Iterator[Mistake]:
    """Everything that is wrong between the entries of a scenario.

    Parameters
    ----------
    data : Any
        What the file holds.
    name : str
        The name that the scenario must have: that of its file.
    root : pathlib.Path
        Course folder, whose deal tables are meant.

    Examples
    --------
    >>> [one.sentence for one in mistakes({"scenario": "gate-4"}, "gate-5", Path())]
    ["'scenario' says 'gate-4'. Expected the file's name 'gate-5'"]
    """
    data = _mapping(data)
    if isinstance(data.get("scenario"), str) and data["scenario"] != name:
        yield Mistake(("scenario",), f"'scenario' says {data['scenario']!r}. Expected the file's name {name!r}")
    for meter, entry in _mapping(data.get("meters")).items():
        yield from _start(("meters", meter, "start"), _mapping(entry))
    scenes = _list(data.get("scenes"))
    for at, scene_id in _doubled(scenes):
        sentence = f"scene {scene_id!r} stands twice. Expected an id of its own for each scene"
        yield Mistake(("scenes", at, "id"), sentence)
    for at, scene in enumerate(scenes):
        yield from _scene(("scenes", at), _mapping(scene), root)
    yield from _named(data)


def _start(steps: Steps, meter: Mapping[str, Any]) -> Iterator[Mistake]:
    start, least, most = meter.get("start"), meter.get("least"), meter.get("most")
    if not (isinstance(start, int) and isinstance(least, int) and isinstance(most, int)):
        return
    if not least <= start <= most:
        yield Mistake(steps, f"start is {start}. Expected a number from {least} to {most}")


def _scene(steps: Steps, scene: Mapping[str, Any], root: Path) -> Iterator[Mistake]:
    scene_id = scene.get("id")
    ending, goes_on = bool(scene.get("ending")), bool(scene.get("options") or scene.get("deal"))
    misspelt = not ending and not goes_on and not set(scene) <= set(Scene.model_fields)
    if scene_id is not None and ending == goes_on and not misspelt:
        seen = "has an ending and goes on" if ending else "leads nowhere"
        expected = "Expected either an 'ending', or 'options' or a 'deal'"
        yield Mistake((*steps, "id"), f"scene {scene_id!r} {seen}. {expected}")
    for at, option_id in _doubled(_list(scene.get("options"))):
        sentence = f"option {option_id!r} stands twice in scene {scene_id!r}. Expected an id of its own"
        yield Mistake((*steps, "options", at, "id"), sentence)
    place = _mapping(scene.get("deal"))
    table = _table(place.get("table"), root)
    outcomes = (*steps, "deal", "outcomes")
    for way, key, asked in _entries(scene, steps):
        if key != "deal" or way == (*steps, "deal") or not isinstance(asked, dict):
            continue
        if way[: len(outcomes)] != outcomes:
            yield Mistake(way, "no deal is on the table here. Expected a condition on a deal in a deal's outcomes only")
        elif table:
            yield from _deal(way, _mapping(asked.get("options")), table)


def _deal(steps: Steps, asked: Mapping[str, Any], table: DealTable) -> Iterator[Mistake]:
    issues = {issue.id: [option.id for option in issue.options] for issue in table.issues}
    for issue, options in asked.items():
        if issue not in issues:
            yield Mistake(
                (*steps, "options", issue), _unknown("issue", issue, issues, f"the deal table {table.table!r}")
            )
            continue
        for at, option in enumerate(_list(options)):
            if isinstance(option, str) and option not in issues[issue]:
                sentence = _unknown("option", option, issues[issue], f"issue {issue!r} of {table.table!r}")
                yield Mistake((*steps, "options", issue, at), sentence)


def _named(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Drawn values and names in braces that the scenario does not declare."""
    draws = {name: [*_mapping(values)] for name, values in _mapping(data.get("draws")).items()}
    fillable = {*_mapping(data.get("meters")), *draws}
    unread = not (isinstance(data.get("meters"), dict) and isinstance(data.get("draws", {}), dict))
    for part in ("seats", "overreach", "scenes"):
        for way, key, value in _entries(data.get(part), (part,)):
            if key == "drawn":
                for name, chosen in _mapping(value).items():
                    if name in draws and isinstance(chosen, str) and chosen not in draws[name]:
                        where = f"the values of draw {name!r}"
                        yield Mistake((*way, name), _unknown("value", chosen, draws[name], where))
            elif isinstance(value, str) and (key in WORDS or "voices" in way) and not unread:
                yield from _braces(way, value, fillable)


def _braces(steps: Steps, text: str, known: Collection[str]) -> Iterator[Mistake]:
    try:
        names = [name for _text, name, _form, _conversion in string.Formatter().parse(text) if name is not None]
    except ValueError:
        yield Mistake(steps, "a brace stands alone. Expected '{name}', or '{{' and '}}' for braces that are shown")
        return
    for name in names:
        if name not in known:
            where = "those under 'meters' and 'draws'"
            yield Mistake(
                steps, f"{_unknown('name', '{' + name + '}', (), where)} {did_you_mean(name, known)}".rstrip()
            )


def _unknown(kind: str, seen: str, known: Collection[str], where: str) -> str:
    return f"there is no {kind} {seen!r}. Expected one of {where}. {did_you_mean(seen, known)}".rstrip()


def _entries(value: Any, steps: Steps) -> Iterator[tuple[Steps, str, Any]]:
    """Every entry of every mapping inside, with its way and its key; and texts in lists, under the list's key."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield (*steps, key), str(key), inside
            yield from _entries(inside, (*steps, key))
    elif isinstance(value, list):
        for at, inside in enumerate(value):
            yield from _entries(inside, (*steps, at))


def _doubled(entries: list[Any]) -> Iterator[tuple[int, str]]:
    """Number and id of each entry whose id stands before it already."""
    seen = set()
    for at, entry in enumerate(entries):
        one = _mapping(entry).get("id")
        if isinstance(one, str):
            if one in seen:
                yield at, one
            seen.add(one)


def _table(name: Any, root: Path) -> DealTable | None:
    """The deal table of this name, if there is one; what is wrong in its own file is told with that file."""
    try:
        return deal_table(name, root) if isinstance(name, str) else None
    except ContentError:
        return None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
