"""Run what learners wrote where it can do no harm.

`detect()` says how strong a sandbox is here. `Sandbox(...).run([...])` runs a whole program; `enter(...)` is for the
forked children of a server, whose own command line `outside(bubblewrap([...]))` makes.

Names load on first use: the small programs of `launch` start in each sandbox, and need few of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threechairs.grader.sandbox.detection import detect
    from threechairs.grader.sandbox.entering import enter, prepare
    from threechairs.grader.sandbox.namespaces import bubblewrap
    from threechairs.grader.sandbox.programs import Finished, Sandbox, outside
    from threechairs.grader.sandbox.supervise import Ending, Reason, end_group
    from threechairs.grader.sandbox.tiers import Kind, Tier

_HOMES = {
    "detect": "detection",
    "enter": "entering",
    "prepare": "entering",
    "bubblewrap": "namespaces",
    "Finished": "programs",
    "Sandbox": "programs",
    "outside": "programs",
    "Ending": "supervise",
    "Reason": "supervise",
    "end_group": "supervise",
    "Kind": "tiers",
    "Tier": "tiers",
}
__all__ = [
    "Ending",
    "Finished",
    "Kind",
    "Reason",
    "Sandbox",
    "Tier",
    "bubblewrap",
    "detect",
    "end_group",
    "enter",
    "outside",
    "prepare",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
