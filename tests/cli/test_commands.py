"""The command line as a whole, and the small commands: what they do, what they say, how they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from threechairs.cli import COMMANDS
from threechairs.course.learner import data_folder, remember_name
from threechairs.datasets import course_root

ASSIGNMENT = "l01-three-chairs"


def test_help_lists_every_command(threechairs: Any) -> None:
    """`threechairs --help` names every command, with what it does."""
    ran = threechairs("--help")

    assert ran.code == 0
    assert [name for name, does in COMMANDS.items() if name not in ran.out or does.split(",")[0] not in ran.out] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(threechairs: Any, name: str) -> None:
    """Each command can be loaded and explains itself."""
    ran = threechairs(name, "--help")

    assert ran.code == 0
    assert ran.out.startswith(f"Usage: threechairs {name}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lern"], "No such command 'lern'"),
        (["learn", "--prot", "1"], "Did you mean '--port'?"),
        (["learn", "--port", "eighty"], "'eighty' is not a valid integer"),
        (["learn", "--exchange", "/no/such/folder"], "'/no/such/folder' does not exist"),
        (["hand-in"], "Missing argument 'ASSIGNMENT'"),
        (["show", "/no/such/notebook.ipynb"], "does not exist"),
        (["build", "now"], "unexpected extra argument (now)"),
    ],
)
def test_a_wrong_call_is_explained(threechairs: Any, arguments: list[str], message: str) -> None:
    """An unknown command, option or value ends with 2 and says what was wrong."""
    ran = threechairs(*arguments)

    assert ran.code == 2
    assert message in ran.err
    assert "Usage: threechairs" in ran.err


def test_show_prints_cells_as_text(threechairs: Any) -> None:
    """`show` prints one headed block per cell with its points, and no JSON."""
    ran = threechairs("show", course_root() / "exercises" / ASSIGNMENT / "three-chairs.ipynb")

    assert ran.code == 0
    assert "# %% [code] test-mandates · test · 4 points\n" in ran.out
    assert "# %% [markdown] note · manual · 2 points\n" in ran.out
    assert '"cell_type"' not in ran.out


def test_show_refuses_what_is_no_notebook(threechairs: Any, tmp_path: Path) -> None:
    """`show` of another file ends with 2 and says that it is no notebook."""
    (tmp_path / "letter.ipynb").write_text("Dear all", encoding="utf-8")

    ran = threechairs("show", tmp_path / "letter.ipynb")

    assert ran.code == 2
    assert "letter.ipynb: this is no notebook" in ran.err


def a_course(folder: Path) -> Path:
    """A course folder with one lesson, one solution and the folders that make a clone."""
    for place in ("notebooks", f"solutions/{ASSIGNMENT}"):
        shutil.copytree(course_root() / place, folder / place)
    (folder / "grading").mkdir()
    return folder


def test_tidy_drops_outputs_and_keeps_ids(threechairs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`tidy` brings a run notebook back to the bytes it had, says which, and finds nothing the second time."""
    course = a_course(tmp_path / "course")
    monkeypatch.setenv("THREECHAIRS_COURSE", str(course))
    path = course / "notebooks" / "01-three-chairs.ipynb"
    before = path.read_bytes()
    notebook = json.loads(before)
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell |= {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}
    notebook["metadata"]["widgets"] = {}
    path.write_text(json.dumps(notebook), encoding="utf-8")

    first, second = threechairs("tidy"), threechairs("tidy")

    assert (first.code, first.out) == (0, f"{path}: tidied\n")
    assert path.read_bytes() == before
    assert (second.code, second.out) == (0, "")


def test_tidy_of_one_file_leaves_the_others(threechairs: Any, tmp_path: Path) -> None:
    """`tidy` with a file touches that file alone, also outside a clone."""
    one, other = tmp_path / "one.ipynb", tmp_path / "other.ipynb"
    text = json.dumps(
        {"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "Hi \n"}], "nbformat": 4}
    )
    one.write_text(text, encoding="utf-8")
    other.write_text(text, encoding="utf-8")

    ran = threechairs("tidy", one)

    assert (ran.code, ran.out) == (0, f"{one}: tidied\n")
    assert json.loads(one.read_text(encoding="utf-8"))["cells"][0]["source"] == ["Hi"]
    assert other.read_text(encoding="utf-8") == text


def test_tidy_refuses_cells_without_an_id(threechairs: Any, tmp_path: Path) -> None:
    """A cell without an id is named by its number, and the file stays as it is."""
    path = tmp_path / "old.ipynb"
    text = json.dumps({"cells": [{"cell_type": "markdown", "metadata": {}, "source": "Hi"}], "nbformat": 4})
    path.write_text(text, encoding="utf-8")

    ran = threechairs("tidy", path)

    assert ran.code == 2
    assert "cell 1: its id is missing" in ran.err
    assert path.read_text(encoding="utf-8") == text


def test_forget_erases_what_is_stored(threechairs: Any, my_work: Path) -> None:
    """`forget` erases the learner's name, names the file, and leaves copies and answers alone."""
    remember_name("carol")
    stored = data_folder() / "profile.json"

    ran = threechairs("forget", "--folder", my_work)

    assert ran.code == 0
    assert f"Erased {stored}." in ran.out
    assert "--my-work erases them too" in ran.out
    assert not data_folder().exists()
    assert (my_work / ASSIGNMENT).is_dir()


def test_forget_says_when_nothing_is_stored(threechairs: Any, tmp_path: Path) -> None:
    """`forget` with nothing to erase says where it looked."""
    ran = threechairs("forget", "--folder", tmp_path / "none")

    assert ran.code == 0
    assert f"Nothing was stored in {data_folder()}." in ran.out


def test_forget_my_work_asks_first(threechairs: Any, answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`forget --my-work` erases nothing without a yes, and ends with 130."""
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _text: "n")

    ran = threechairs("forget", "--my-work", "--folder", answered)

    assert ran.code == 130
    assert (answered / ASSIGNMENT / "answers.json").is_file()


def test_forget_my_work_erases_copies_and_answers(threechairs: Any, answered: Path) -> None:
    """`forget --my-work --yes` erases the learner's folder."""
    ran = threechairs("forget", "--my-work", "--yes", "--folder", answered)

    assert ran.code == 0
    assert f"Erased {answered}." in ran.out
    assert not answered.exists()


def test_forget_leaves_other_folders_alone(threechairs: Any, tmp_path: Path) -> None:
    """A folder that holds no lessons is never erased, whatever was asked."""
    (tmp_path / "photos").mkdir()

    ran = threechairs("forget", "--my-work", "--yes", "--folder", tmp_path / "photos")

    assert ran.code == 2
    assert "holds no lessons, so it is left alone" in ran.err
    assert (tmp_path / "photos").is_dir()


def test_new_attempt_keeps_the_first_one(threechairs: Any, answered: Path) -> None:
    """`new-attempt` begins a second case with no answers, keeps the old ones, and refuses a third."""
    work = answered / ASSIGNMENT
    first = json.loads((work / "answers.json").read_text(encoding="utf-8"))

    began, refused = (threechairs("new-attempt", "l01", "--folder", answered) for _ in range(2))

    second = json.loads((work / "answers.json").read_text(encoding="utf-8"))
    assert began.code == 0
    assert "Attempt 2 of 2 has begun" in began.out
    assert (second["attempt"], second["answers"]) == (2, {})
    assert second["fingerprint"] != first["fingerprint"]
    assert json.loads((work / "answers-attempt-1.json").read_text(encoding="utf-8")) == first
    assert refused.code == 2
    assert "all 2 attempts are used" in refused.err


def test_new_attempt_needs_a_first_one(threechairs: Any, my_work: Path) -> None:
    """`new-attempt` before anything was answered says that this is still the first attempt."""
    ran = threechairs("new-attempt", "l01", "--folder", my_work)

    assert ran.code == 2
    assert "this is still your first attempt" in ran.err


def test_mark_mine_needs_a_copy(threechairs: Any, tmp_path: Path) -> None:
    """`mark-mine` without a copy of the assignment says where it looked and how to get one."""
    ran = threechairs("mark-mine", "l01", "--folder", tmp_path)

    assert ran.code == 2
    assert f"{tmp_path / ASSIGNMENT / 'three-chairs.ipynb'} is not there yet" in ran.err
    assert "threechairs learn" in ran.err


def test_mark_mine_refuses_foreign_answers(threechairs: Any, answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`mark-mine` does not mark another learner's answers as zero: it says whose they are, and ends with 2."""
    monkeypatch.setenv("THREECHAIRS_LEARNER", "alice")

    ran = threechairs("mark-mine", "l01", "--folder", answered)

    assert ran.code == 2
    assert "not marked, because these answers belong to the case of 'carol'" in ran.err
