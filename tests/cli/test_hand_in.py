"""`threechairs hand-in`: what it makes of good work, and what it says about the rest."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from threechairs.course.learner import remember_name
from threechairs.front_end.workspace import WORK_FOLDER

ASSIGNMENT = "l01-three-chairs"
NOTEBOOK = "three-chairs.ipynb"


def change(folder: Path, edit: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the cells of the learner's notebook."""
    path = folder / ASSIGNMENT / NOTEBOOK
    notebook = json.loads(path.read_text(encoding="utf-8"))
    edit(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_good_work_becomes_one_file(threechairs: Any, answered: Path) -> None:
    """Answered work is zipped with notebook and answers under the learner's name, and the path is told."""
    ran = threechairs("hand-in", "l01", "--folder", answered)

    (made,) = (answered / "hand-in").iterdir()
    with zipfile.ZipFile(made) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert ran.code == 0
    assert str(made) in ran.out
    assert made.name.startswith("carol_attempt_")
    assert made.name.endswith(f"_{ASSIGNMENT}.zip")
    assert set(held) == {NOTEBOOK, "answers.json", "submission_secret.txt"}
    assert held["answers.json"] == (answered / ASSIGNMENT / "answers.json").read_bytes()


def test_unanswered_questions_are_named(threechairs: Any, my_work: Path) -> None:
    """Without answers nothing is handed in and the open questions are listed, an opinion not among them."""
    ran = threechairs("hand-in", "l01", "--folder", my_work)

    assert ran.code == 1
    assert "Not answered yet: mandates, gate-four, orphans," in ran.err
    assert "note-place" not in ran.said
    assert "--incomplete" in ran.err
    assert not (my_work / "hand-in").exists()


def test_incomplete_work_can_be_handed_in(threechairs: Any, my_work: Path) -> None:
    """With --incomplete an untouched notebook is zipped alone, and what is missing is still said."""
    ran = threechairs("hand-in", "l01", "--folder", my_work, "--incomplete")

    (made,) = (my_work / "hand-in").iterdir()
    assert ran.code == 0
    assert "Not answered yet" in ran.err
    assert "answers.json" not in zipfile.ZipFile(made).namelist()


def test_a_missing_notebook_is_told(threechairs: Any, answered: Path) -> None:
    """Where the notebook is gone, its path is named with the way to get a new copy."""
    (answered / ASSIGNMENT / NOTEBOOK).unlink()

    ran = threechairs("hand-in", "l01", "--folder", answered)

    assert ran.code == 1
    assert f"{answered / ASSIGNMENT / NOTEBOOK} is missing" in ran.err
    assert "threechairs learn" in ran.err


def test_a_deleted_cell_is_told(threechairs: Any, answered: Path) -> None:
    """A deleted test cell is named; nothing is handed in."""
    change(answered, lambda cells: cells.remove(next(c for c in cells if c["id"] == "test-told")))

    ran = threechairs("hand-in", "l01", "--folder", answered)

    assert ran.code == 1
    assert "these cells are missing: test-told" in ran.err
    assert not (answered / "hand-in").exists()


def test_a_copied_cell_is_told(threechairs: Any, answered: Path) -> None:
    """A cell pasted a second time, which would stop nbgrader for everybody, is named."""
    change(answered, lambda cells: cells.append(next(c for c in cells if c["id"] == "orphans") | {"id": "pasted"}))

    ran = threechairs("hand-in", "l01", "--folder", answered)

    assert ran.code == 1
    assert "these cells stand there twice: orphans" in ran.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (NOTEBOOK, "{", "this is no notebook"),
        ("answers.json", "{", "the file is damaged"),
        ("answers.json", "", "empty"),
    ],
)
def test_a_damaged_file_is_told_and_kept(
    threechairs: Any, answered: Path, name: str, content: str, message: str
) -> None:
    """A notebook or answer file that cannot be read is named, and stays byte for byte as it is."""
    path = answered / ASSIGNMENT / name
    path.write_text(content, encoding="utf-8")

    ran = threechairs("hand-in", "l01", "--folder", answered)

    assert ran.code == 1
    assert name in ran.err
    assert message in ran.err
    assert path.read_text(encoding="utf-8") == content


def test_another_learners_answers_are_told(threechairs: Any, answered: Path) -> None:
    """--name counts also where Lab's terminal says who is learning; answers of another case are refused."""
    ran = threechairs("hand-in", "l01", "--folder", answered, "--name", "alice")

    assert ran.code == 1
    assert "these answers belong to the case of 'carol', not to that of 'alice'" in ran.err


@pytest.mark.parametrize("name", ["a b", "../up", "", "x" * 65])
def test_an_impossible_name_is_refused(threechairs: Any, answered: Path, name: str) -> None:
    """A name that cannot stand in a file name is refused with what a name may hold; it is not remembered."""
    ran = threechairs("hand-in", "l01", "--folder", answered, "--name", name)

    assert ran.code == 2
    assert "letters, digits" in ran.err
    assert not (answered / "hand-in").exists()


def test_the_name_is_remembered(threechairs: Any, answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name given once is used the next time, without saying it again."""
    monkeypatch.delenv("THREECHAIRS_LEARNER")
    first = threechairs("hand-in", "l01", "--folder", answered, "--name", "carol")

    second = threechairs("hand-in", "l01", "--folder", answered)

    assert first.code == second.code == 0
    assert "Handed in as carol" in second.out


def test_a_name_that_was_refused_is_not_remembered(
    threechairs: Any, answered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hand-in under a wrong name changes nothing: the next one without a name goes on as before."""
    monkeypatch.delenv("THREECHAIRS_LEARNER")
    remember_name("carol")

    refused = threechairs("hand-in", "l01", "--folder", answered, "--name", "jane")
    again = threechairs("hand-in", "l01", "--folder", answered)

    assert (refused.code, again.code) == (1, 0)
    assert "not to that of 'jane'" in refused.err


def test_a_terminal_of_the_learners_jupyter_knows_the_folder(
    threechairs: Any, answered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where `learn` was told another folder, `hand-in` finds it without being told again."""
    monkeypatch.setenv(WORK_FOLDER, str(answered))

    assert threechairs("hand-in", "l01").code == 0
    assert list((answered / "hand-in").iterdir()) != []


def test_an_unknown_assignment_is_told(threechairs: Any, my_work: Path) -> None:
    """An assignment that the course does not have is refused, with the ones that it has."""
    ran = threechairs("hand-in", "l99", "--folder", my_work)

    assert ran.code == 2
    assert "assignment 'l99': the course has no such assignment" in ran.err
    assert ASSIGNMENT in ran.err
