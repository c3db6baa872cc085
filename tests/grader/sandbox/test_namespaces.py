"""The file tree for submissions holds Python, the kit and what is named, and its environment holds nothing of ours."""

import os
import sys
from pathlib import Path

import pytest

from threechairs.grader.sandbox import bubblewrap
from threechairs.grader.sandbox.namespaces import clean_environment, outermost, places_of_python, separate


def bound(words):
    """Places that a command line of bubblewrap shows, with how it shows them."""
    return {words[i + 2]: word for i, word in enumerate(words) if word in {"--ro-bind", "--bind"}}


def test_only_what_is_named_can_be_written(tmp_path):
    """Everything is read-only but the folders of the server itself."""
    places = bound(bubblewrap(["true"], read_only=[tmp_path / "given"], writable=[tmp_path / "run"]))

    assert places[str(tmp_path / "given")] == "--ro-bind"
    assert [place for place, how in places.items() if how == "--bind"] == [str(tmp_path / "run")]


def test_python_can_be_found_inside():
    """The interpreter, its libraries and the kit appear, wherever they are installed."""
    places = [Path(place) for place in bound(bubblewrap(["true"]))]

    for needed in (sys.prefix, os.path.realpath(sys.executable), os.__file__, __import__("threechairs").__file__):
        assert any(Path(needed).is_relative_to(place) for place in places)


def test_nothing_of_the_machine_appears():
    """No home, no /etc as a whole, no /var, no /sys."""
    places = bound(bubblewrap(["true"]))

    assert {"/", "/etc", "/etc/passwd", "/home", "/root", "/var", "/sys", "/run", str(Path.home())} & set(
        places
    ) == set()


def test_the_program_comes_last():
    """After `--` nothing of the program is taken for an option of bubblewrap."""
    assert bubblewrap(["python", "--bind", "/", "/"])[-5:] == ["--", "python", "--bind", "/", "/"]


def test_the_environment_is_made_anew(monkeypatch):
    """Nothing of the grader's own environment is passed on."""
    monkeypatch.setenv("PYTHONPATH", "/learner")
    monkeypatch.setenv("THREECHAIRS_SECRET", "key")

    given = clean_environment(Path("/scratch/work"), Path("/scratch/tmp"))

    assert "key" not in given.values()
    assert "PYTHONPATH" not in given
    assert given["HOME"] == "/scratch/work"


def test_outside_its_tree_nothing_is_unshared():
    """A process that still sees the machine's own files is refused: bubblewrap was left out."""
    with pytest.raises(PermissionError, match="/etc/passwd can be seen"):
        separate()


def test_places_within_places_appear_once():
    """A virtual environment inside the kit's folder needs no second appearance."""
    assert outermost([Path("/kit/.venv"), Path("/kit"), Path("/kitchen")]) == [Path("/kit"), Path("/kitchen")]
    assert places_of_python() == outermost(places_of_python())
