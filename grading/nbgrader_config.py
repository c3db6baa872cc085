"""How nbgrader, unmodified, works on this course.

Run nbgrader in this folder, or anywhere with JUPYTER_CONFIG_PATH set to it.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader provides it)
GRADING = Path(__file__).resolve().parent
ROOT = GRADING.parent

c.CourseDirectory.course_id = "three-chairs"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
    setattr(c.CourseDirectory, f"{step}_directory", f"grading/{step}")
c.CourseDirectory.db_url = f"sqlite:///{GRADING / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".*.lock", ".*.part"]

c.Exchange.root = os.environ.get("THREECHAIRS_EXCHANGE", str(GRADING / "exchange"))
c.Exchange.cache = str(GRADING / "cache")
c.Exchange.assignment_dir = str(ROOT / "my-work")

# what learners see where a solution stood; untouched cells must run without an error
c.ClearSolutions.code_stub = {"python": "# your code here"}
c.ClearSolutions.text_stub = "*Write here: double-click this line, and put your own words in its place.*"

# without this, autograde replaces a learner's answers with a file of the same name in solutions/
c.Autograde.exclude_overwriting = {place.name: ["answers.json"] for place in (ROOT / "solutions").iterdir()}
# the kernel is told whose submission it runs; what cannot be graded is told, never given zero
c.Autograde.autograde_preprocessors = [
    "threechairs.grader.execute.ExecuteForLearner",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "threechairs.grader.verdicts.SaveVerdicts",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# a learner's page tells marks and reasons; the keys stay with the instructor
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.ExportApp.plugin_class = "threechairs.grader.export.MarksWithStatus"

# files made by `threechairs hand-in`: <learner>_attempt_<time>_<assignment>.zip
c.ZipCollectApp.downloaded_directory = "grading/downloaded"
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[^/\\]+)_attempt_(?P<timestamp>[0-9TZ]+)_[^/\\]+[/\\](?P<file_id>[^/\\]+)$"
)
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json", ".txt"]
