"""What learners do, without a screen: every widget is a view on one of these."""

from threechairs.activities.base import Activity, Outcome
from threechairs.activities.desk import Desk, Filter, query
from threechairs.activities.plain import activity, answer, count, hint, in_text_mode, remember, text_mode
from threechairs.activities.progress import LessonProgress, progress, resume
from threechairs.activities.quiz import Quiz
from threechairs.activities.sorting import Sorting

__all__ = [
    "Activity",
    "Desk",
    "Filter",
    "LessonProgress",
    "Outcome",
    "Quiz",
    "Sorting",
    "activity",
    "answer",
    "count",
    "hint",
    "in_text_mode",
    "progress",
    "query",
    "remember",
    "resume",
    "text_mode",
]
