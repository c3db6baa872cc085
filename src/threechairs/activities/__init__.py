"""What learners do, without a screen: every widget is a view on one of these."""

from threechairs.activities.base import Activity, Outcome
from threechairs.activities.desk import Desk, Filter, query
from threechairs.activities.negotiation import Negotiation
from threechairs.activities.plain import (
    activity,
    answer,
    average,
    count,
    hint,
    in_text_mode,
    play,
    remember,
    text_mode,
    total,
)
from threechairs.activities.progress import LessonProgress, progress, resume
from threechairs.activities.quiz import Quiz
from threechairs.activities.scenario import Playing
from threechairs.activities.sorting import Sorting
from threechairs.activities.stage import happened, stage

__all__ = [
    "Activity",
    "Desk",
    "Filter",
    "LessonProgress",
    "Negotiation",
    "Outcome",
    "Playing",
    "Quiz",
    "Sorting",
    "activity",
    "answer",
    "average",
    "count",
    "happened",
    "hint",
    "in_text_mode",
    "play",
    "progress",
    "query",
    "remember",
    "resume",
    "stage",
    "text_mode",
    "total",
]
