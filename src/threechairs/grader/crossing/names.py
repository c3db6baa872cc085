"""Several names at once: one that cannot cross, or does not arrive, leaves the others as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from threechairs.grader.crossing.bounds import DEFAULT, Bounds, CannotCross, Refused, shown
from threechairs.grader.crossing.pack import pack
from threechairs.grader.crossing.unpack import built, parsed


@dataclass(frozen=True)
class Arrived:
    """What came of the names that were asked for.

    Attributes
    ----------
    values : dict
        Name to value.
    missing : tuple of str
        Names that the learner's code never set.
    problems : dict
        Name to the sentence that says why its value did not arrive. Where the sentence comes from the
        learner's side it is no more than that: escape it before it is shown.
    """

    values: dict[str, Any]
    missing: tuple[str, ...]
    problems: dict[str, str]


def pack_names(namespace: Mapping[str, Any], names: Iterable[str], bounds: Bounds = DEFAULT) -> str:
    """Write the values of names, for `unpack_names`.

    Parameters
    ----------
    namespace : mapping
        Where the learner's cells ran.
    names : iterable of str
        What test cells need, as `free_names` tells.
    bounds : Bounds, optional
        The most that may cross; the characters are those of all names together.

    Examples
    --------
    >>> names = ["rate", "tool", "net"]
    >>> arrived = unpack_names(pack_names({"rate": 0.25, "tool": print}, names), names)
    >>> arrived.values, arrived.missing
    ({'rate': 0.25}, ('net',))
    >>> arrived.problems
    {'tool': 'A function is not data: call it in the test cell, then its result crosses.'}
    """
    parts, left = [], bounds.text - 100
    for name in dict.fromkeys(names):
        if name not in namespace:
            part = '{"missing":true}'
        else:
            try:
                part = f'{{"value":{pack(namespace[name], bounds)}}}'
            except CannotCross as reason:
                part = json.dumps({"problem": str(reason)[:300]})
            if len(part) > left - 200:
                part = json.dumps({"problem": f"The values together take more than {bounds.text:,} characters."})
        parts.append(f"{json.dumps(name)}:{part}")
        left -= len(parts[-1]) + 1
    return f"{{{','.join(parts)}}}"


def unpack_names(text: str, names: Iterable[str], bounds: Bounds = DEFAULT) -> Arrived:
    """Read what `pack_names` wrote; names that were not asked for are left out.

    Raises
    ------
    Refused
        If the text as a whole cannot be read. A single value that cannot is told in `problems`.
    """
    found = parsed(text, bounds)
    if type(found) is not dict:
        raise Refused("The answers cannot be read: they are not told by name.")
    values: dict[str, Any] = {}
    missing: list[str] = []
    problems: dict[str, str] = {}
    for name in dict.fromkeys(names):
        part = found.get(name)
        if type(part) is not dict or len(part) != 1:
            problems[name] = "The answer did not arrive."
        elif "value" in part:
            try:
                values[name] = built(part["value"], bounds)
            except Refused as reason:
                problems[name] = str(reason)
        elif part.get("missing") is True:
            missing.append(name)
        else:
            problems[name] = shown(str(part.get("problem", "The answer did not arrive.")), 300)
    return Arrived(values, tuple(missing), problems)
