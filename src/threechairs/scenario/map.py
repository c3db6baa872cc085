"""A scenario's story as a map in plain text: who can be where, what can be done there, and where it leads."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator

from threechairs.scenario.lint import sittings
from threechairs.scenario.play import Story
from threechairs.scenario.reach import Machine, explore
from threechairs.scenario.schema import CHAIRS, Chair, Scene

WIDTH = 100
NOWHERE = "nowhere"

Leads = dict[tuple[str, str], dict[Chair, set[str]]]
"""Per scene and option (empty for a deal): for each chair that it is open to, the scenes that it can lead to."""


def draw_map(story: Story, *, limit: int = 1_000_000) -> str:
    """The story as text for a terminal, scene by scene in the order of the file.

    What stands there is what plays come to, not what the file allows: a chair is named at a scene or an option if
    some play from that chair gets there.

    Parameters
    ----------
    story : Story
        The story.
    limit : int
        So many states are looked at, at most; the map says so where a story has more.

    Examples
    --------
    >>> from threechairs.scenario.schema import Scenario
    >>> scenario = Scenario.model_validate({
    ...     "format": 1, "scenario": "door", "title": "The door", "minutes": 3, "summary": "A door sticks.",
    ...     "seats": {"cso": {"opening": "hall", "brief": "You are Ruth."}}, "cast": {}, "meters": {}, "overreach": {},
    ...     "scenes": [
    ...         {"id": "hall", "title": "In the hall", "time": "07:40", "text": "It sticks.",
    ...          "options": [{"id": "push", "text": "Push.", "goto": "yard"}]},
    ...         {"id": "yard", "title": "In the yard", "text": "Air.",
    ...          "ending": {"kind": "lasts", "title": "Out", "voices": {}}},
    ...     ],
    ... })
    >>> print(draw_map(Story(scenario)))
    The door (door): 3 minutes, played from CSO
    <BLANKLINE>
    hall: In the hall, 07:40
      CSO; here CSO begins
      * push: Push.
          CSO -> yard
    <BLANKLINE>
    yard: In the yard
      CSO
      END, lasts: Out
    <BLANKLINE>
    Endings: yard (lasts: CSO)
    """
    there, leads, whole = _walked(story, limit)
    scenario = story.scenario
    lines = [
        f"{scenario.title} ({scenario.scenario}): {scenario.minutes} minutes, played from {_names(scenario.chairs)}"
    ]
    if not whole:
        lines.append(f"The story has more than {limit:,} states; the map shows what the first of them come to.")
    for scene in scenario.scenes:
        lines += ["", *_scene(story, scene, there[scene.id], leads)]
    endings = [
        f"{scene.id} ({scene.ending.kind}: {_names(there[scene.id])})" for scene in scenario.scenes if scene.ending
    ]
    lines += ["", *_wrapped(f"Endings: {', '.join(endings) or 'none'}", "")]
    return "\n".join(lines)


def _walked(story: Story, limit: int) -> tuple[dict[str, set[Chair]], Leads, bool]:
    """Who can be in each scene, where each option leads, and whether everything was looked at."""
    there: dict[str, set[Chair]] = defaultdict(set)
    leads: Leads = defaultdict(lambda: defaultdict(set))
    left = limit

    def room() -> bool:
        nonlocal left
        left -= 1
        return left >= 0

    for chair, drawn in sittings(story.scenario):
        machine = Machine(story, chair, drawn)
        for seen in explore(machine, room):
            scene = machine.scene(seen.state)
            there[scene].add(chair)
            for way, after in zip(seen.ways, seen.after, strict=True):
                leads[scene, way.step.option][chair].add(NOWHERE if after < 0 else machine.scene(after))
    return there, leads, left >= 0


def _scene(story: Story, scene: Scene, there: set[Chair], leads: Leads) -> Iterator[str]:
    notes = [scene.title, scene.time, "news from outside" if scene.inject else ""]
    yield from _wrapped(f"{scene.id}: {', '.join(note for note in notes if note)}", "")
    begins = [chair for chair in story.scenario.chairs if story.scenario.seats[chair].opening == scene.id]
    yield f"  {_names(there)}" + (f"; here {_names(begins)} begins" if begins else "")
    for option in scene.options:
        mark = " (bad on purpose: a floor is the lesson)" if option.teaches else ""
        yield from _wrapped(f"* {option.id}: {option.text.strip()}{mark}", "  ")
        yield from _targets(story, leads.get((scene.id, option.id), {}))
    if scene.deal:
        yield from _wrapped(f"* a deal over {story.tables[scene.deal.table].title!r}", "  ")
        yield from _targets(story, leads.get((scene.id, ""), {}))
    if scene.ending:
        yield from _wrapped(f"END, {scene.ending.kind}: {scene.ending.title}", "  ")


def _targets(story: Story, leads: dict[Chair, set[str]]) -> Iterator[str]:
    """One line per group of chairs for which it leads to the same scenes."""
    order = [scene.id for scene in story.scenario.scenes] + [NOWHERE]
    groups: dict[tuple[str, ...], list[Chair]] = defaultdict(list)
    for chair in story.scenario.chairs:
        if chair in leads:
            groups[tuple(sorted(leads[chair], key=order.index))].append(chair)
    for scenes, chairs in groups.items():
        yield from _wrapped(f"{_names(chairs)} -> {' or '.join(scenes)}", "      ")
    if not groups:
        yield "      open to nobody"


def _names(chairs: Iterable[Chair]) -> str:
    return ", ".join(chair.upper() for chair in sorted(chairs, key=CHAIRS.index)) or "nobody"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
