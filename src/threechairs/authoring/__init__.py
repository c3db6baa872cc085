"""The rules that the course's content must keep, each with file and place of what breaks it."""

from threechairs.authoring.check import check_course
from threechairs.authoring.problems import Problem

__all__ = ["Problem", "check_course"]
