"""Three Chairs: who decides what in security, taught in Jupyter.

Names load on first use, so that `import threechairs` costs a kernel next to nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "ask": "widgets",
    "DataMenu": "widgets",
    "DutySorter": "widgets",
    "NegotiationTable": "widgets",
    "ProgressMap": "widgets",
    "QuizCard": "widgets",
    "ScenarioPlayer": "widgets",
    "case_table": "widgets.case_table",
    "rights_chart": "widgets.charts",
    "tickets_chart": "widgets.charts",
    "answer": "activities",
    "average": "activities",
    "count": "activities",
    "hint": "activities",
    "play": "activities",
    "text_mode": "activities",
    "total": "activities",
    "open_lesson": "course.workbook",
    "open_case": "course.workbook",
    "new_attempt": "course.workbook",
}
__all__ = [  # noqa: PLE0604  the strings are the keys of _HOMES
    *_HOMES
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'threechairs' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"threechairs.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
