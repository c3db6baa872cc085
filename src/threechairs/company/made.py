"""What a maker of a table hands back: the rows, and what was planted in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Made:
    """A table as it was made.

    Attributes
    ----------
    rows : sequence of mapping
        Plain values: text, whole numbers, numbers, `True`/`False`; dates and times as ISO 8601 text, times in UTC.
    key : mapping
        What was planted, and exact counts of it; for graders.
    """

    rows: Rows
    key: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[..., Made]
"""Called with the firm, the table's own stream of draws, and settings by name."""
