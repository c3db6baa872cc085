"""A copy of the course in a temporary folder, and the real commands run on it; the real gradebook stays untouched."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
import sysconfig
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from threechairs.datasets import course_root
from threechairs.environment import own_environment

COPIED = ("notebooks", "solutions", "exercises", "datasets")
SCRIPTS = Path(sysconfig.get_path("scripts"))


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of somebody with an empty home folder: no setting of whoever runs the tests gets in."""
    ours = ("THREECHAIRS_", "JUPYTER", "IPYTHON", "NBGRADER", "NO_BROWSER", "PORT", "XDG_")
    kept = {name: value for name, value in own_environment().items() if not name.startswith(ours)}
    home.mkdir(parents=True, exist_ok=True)
    return {**kept, "HOME": str(home), "THREECHAIRS_HOME": str(home / "threechairs"), "NO_COLOR": "1", **more}


def run(command: str, *arguments: str, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command that was installed beside this Python, and return what it wrote."""
    line = [str(SCRIPTS / command), *arguments]
    return subprocess.run(line, cwd=cwd, env=dict(env), capture_output=True, text=True, timeout=240, check=False)


class CourseCopy:
    """The instructor's side: a course folder of its own, with its own gradebook and exchange."""

    def __init__(self, folder: Path, assignment: str) -> None:
        self.folder, self.assignment = folder, assignment
        self.grading, self.exchange = folder / "grading", folder / "grading" / "exchange"
        self.env = clean_environment(
            folder.parent / f"home-of-{folder.name}",
            THREECHAIRS_COURSE=str(folder),
            JUPYTER_CONFIG_PATH=str(self.grading),
        )

    @classmethod
    def of_the_real_course(cls, folder: Path, assignment: str) -> CourseCopy:
        """Copy what the course is made of; no gradebook, no submissions."""
        root = course_root()
        for name in COPIED:
            shutil.copytree(root / name, folder / name)
        (folder / "grading").mkdir()
        for name in ("nbgrader_config.py", "policy.yaml"):
            shutil.copyfile(root / "grading" / name, folder / "grading" / name)
        (folder / "grading" / "exchange").mkdir()
        return cls(folder, assignment)

    def copied_to(self, folder: Path) -> CourseCopy:
        """A second course with the same gradebook, to go another way from here."""
        shutil.copytree(self.folder, folder)
        return CourseCopy(folder, self.assignment)

    def nbgrader(self, command: str, *arguments: str, exit_code: int = 0) -> str:
        """Run an nbgrader command for the assignment, which must end as expected; return all that it wrote."""
        done = run("nbgrader", command, self.assignment, *arguments, cwd=self.folder, env=self.env)
        said = done.stdout + done.stderr
        assert done.returncode == exit_code, f"nbgrader {command} ended with {done.returncode}:\n{said}"
        return said

    def submitted(self, student: str) -> Path:
        """Where a student's submission lies after it was collected."""
        return self.grading / "submitted" / student / self.assignment

    def receive(self, student: str, work: Path) -> None:
        """Take a folder in as `nbgrader collect` does, with the two files that nbgrader adds."""
        shutil.copytree(work, self.submitted(student))
        (self.submitted(student) / "timestamp.txt").write_text("2026-01-05 10:00:00.000000 UTC", encoding="utf-8")
        (self.submitted(student) / "submission_secret.txt").write_text(f"of {student}", encoding="utf-8")

    def export(self) -> dict[str, dict[str, str]]:
        """What `nbgrader export` tells about each student."""
        done = run("nbgrader", "export", "--to=grades.csv", cwd=self.folder, env=self.env)
        assert done.returncode == 0, done.stderr
        with (self.folder / "grades.csv").open(encoding="utf-8", newline="") as lines:
            return {row["student_id"]: row for row in csv.DictReader(lines)}

    def grades(self, student: str) -> dict[str, Any]:
        """What the gradebook holds for each graded cell of a student: (automatic, by hand, waits for a person)."""
        with Gradebook(f"sqlite:///{self.grading / 'gradebook.db'}", "three-chairs") as gradebook:
            submission = gradebook.find_submission(self.assignment, student)
            return {
                grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

    def points(self, student: str) -> dict[str, float]:
        """Automatic points of each question."""
        return {
            name.removeprefix("test-"): automatic
            for name, (automatic, _by_hand, _waits) in self.grades(student).items()
            if name.startswith("test-")
        }

    def feedback(self, student: str) -> str:
        """The text of a student's feedback page."""
        (page,) = (self.grading / "feedback" / student / self.assignment).glob("*.html")
        return text_of(page)


def text_of(page: Path | str) -> str:
    """What a reader sees of a page: without tags, scripts and styles."""
    text = page if isinstance(page, str) else page.read_text(encoding="utf-8")
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


class Served:
    """`threechairs learn` or `teach` on a free port, and requests to the page that it opens."""

    def __init__(
        self, *arguments: str, cwd: Path, env: Mapping[str, str], command: Path = SCRIPTS / "threechairs"
    ) -> None:
        line = [str(command), *arguments, "--no-browser"]
        self._process = subprocess.Popen(line, cwd=cwd, env=dict(env), stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.said = ""
        for text in self._process.stdout:
            self.said += text
            if found := re.search(r"open at (http://127\.0\.0\.1:\d+)(\S*)\?token=(\w+)", self.said):
                self.address, self.first_page, self.token = found.groups()
                return
        self._process.wait()
        raise AssertionError(f"{line} did not open a page: {self.said}")

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> int:
        """End it as Ctrl-C does, and return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(2)
        try:
            return self._process.wait(30)
        finally:
            assert self._process.stdout is not None
            self._process.stdout.close()

    def open(self, path: str, body: Any = None) -> tuple[int, str]:
        """Ask for a page, or send JSON to it; status and text."""
        request = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            method="GET" if body is None else "PUT",
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()

    def data(self, path: str, body: Any = None) -> Any:
        """The same, for an address that answers in JSON."""
        return json.loads(self.open(path, body)[1])

    def status_without_token(self, path: str) -> int:
        """What somebody without the token is told."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code
