"""The kit's command, run in this process, and a learner's folder to run it on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from content.attempts_file import Learner, read_attempts

from threechairs.cli import main
from threechairs.course.notebooks import grader_kind, read_notebook
from threechairs.course.workbook import open_case
from threechairs.datasets import course_root

ASSIGNMENT = "l01-three-chairs"
LEARNER = "carol"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything that it wrote."""
        return self.out + self.err


@pytest.fixture
def threechairs(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command as the shell would; nothing that it writes may be a traceback."""

    def run(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        ran = Ran(ended.value.code, written.out, written.err)  # type: ignore[arg-type]
        assert "Traceback" not in ran.said
        return ran

    return run


@pytest.fixture
def my_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder with an untouched assignment, and a learner to whom it belongs."""
    monkeypatch.setenv("THREECHAIRS_LEARNER", LEARNER)
    folder = tmp_path / "my-work"
    (folder / "notebooks").mkdir(parents=True)
    shutil.copytree(course_root() / "exercises" / ASSIGNMENT, folder / ASSIGNMENT)
    return folder


@pytest.fixture
def answered(my_work: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder after every question was answered right, and a note was written."""
    monkeypatch.chdir(my_work / ASSIGNMENT)
    open_case(ASSIGNMENT)
    for question in read_attempts(ASSIGNMENT).questions:
        Learner(LEARNER, ASSIGNMENT).right(question).record()
    monkeypatch.chdir(my_work.parent)
    (notebook,) = (my_work / ASSIGNMENT).glob("*.ipynb")
    content = read_notebook(notebook)
    for cell in content["cells"]:
        if grader_kind(cell) == "manual":
            cell["source"] = "From today Ruth decides."
    notebook.write_text(json.dumps(content), encoding="utf-8")
    return my_work
