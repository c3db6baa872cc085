"""Reading a submitted folder: all that can be wrong with it is repaired where the intent is certain, or told."""

from threechairs.grader.submission.files import Sizes
from threechairs.grader.submission.folder import IGNORED, Submission, copy_in, read_submission
from threechairs.grader.submission.notes import NotGraded, Repair
from threechairs.grader.submission.repair import Repaired, repair
from threechairs.grader.submission.source import SourceCell, SourceNotebook, read_source

__all__ = [
    "IGNORED",
    "NotGraded",
    "Repair",
    "Repaired",
    "Sizes",
    "SourceCell",
    "SourceNotebook",
    "Submission",
    "copy_in",
    "read_source",
    "read_submission",
    "repair",
]
