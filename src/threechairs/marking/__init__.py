"""Marks and feedback: scores with criteria and coaching, and the checks that test cells call."""

from threechairs.marking.deals import mark_deal
from threechairs.marking.judge import (
    mark_choice,
    mark_match,
    mark_number,
    mark_order,
    mark_several,
    mark_sort,
    recorded,
)
from threechairs.marking.plays import mark_play
from threechairs.marking.score import Criterion, Score

__all__ = [
    "Criterion",
    "Score",
    "mark_choice",
    "mark_deal",
    "mark_match",
    "mark_number",
    "mark_order",
    "mark_play",
    "mark_several",
    "mark_sort",
    "recorded",
]
