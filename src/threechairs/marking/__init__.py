"""Marks and feedback: scores with criteria and coaching, and the checks that test cells call."""

from threechairs.marking.deals import mark_deal
from threechairs.marking.frames import defined, mark_frame
from threechairs.marking.judge import (
    mark_choice,
    mark_match,
    mark_order,
    mark_several,
    mark_sort,
    recorded,
)
from threechairs.marking.matrix import mark_matrix
from threechairs.marking.numbers import mark_number, overlaps
from threechairs.marking.plays import mark_play
from threechairs.marking.score import Criterion, Score

__all__ = [
    "Criterion",
    "Score",
    "defined",
    "mark_choice",
    "mark_deal",
    "mark_frame",
    "mark_match",
    "mark_matrix",
    "mark_number",
    "mark_order",
    "mark_play",
    "mark_several",
    "mark_sort",
    "overlaps",
    "recorded",
]
