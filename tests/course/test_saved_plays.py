"""Saved plays: what is kept of a scenario that is played in a terminal."""

from pathlib import Path

import pytest

from threechairs.course import saved_plays
from threechairs.course.learner import data_folder
from threechairs.course.saved_plays import SavedPlay, SavedPlays, read_json, write_json
from threechairs.errors import AnswersError, UsageError
from threechairs.scenario.play import Step


def play_of(learner="carol", chair="cso", number=1, steps=("out",)):
    return SavedPlay(learner, chair, number, tuple(Step("door", option) for option in steps))


def test_a_saved_play_comes_back_as_it_was():
    """Options and deals survive the file; the last play saved is the last one read."""
    play = SavedPlay("carol", "ciso", 2, (Step("door", "out"), Step("desk", deal=(("date", "on-time"),))))
    SavedPlays("smoke").save(play_of())
    SavedPlays("smoke").save(play)

    assert SavedPlays("smoke").plays == [play_of(), play]


def test_saving_a_play_again_replaces_it():
    """A play is known by learner and number; others stay as they were."""
    saved = SavedPlays("smoke")
    for play in (play_of(), play_of("dave"), play_of(steps=("out", "in"))):
        saved.save(play)

    assert SavedPlays("smoke").plays == [play_of("dave"), play_of(steps=("out", "in"))]


def test_numbers_and_last_plays_are_each_learners_own():
    """Two people at one computer do not take up each other's plays."""
    saved = SavedPlays("smoke")
    saved.save(play_of(number=4))

    assert (saved.next_number("carol"), saved.next_number("dave")) == (5, 1)
    assert saved.last("carol", "cso") == play_of(number=4)
    assert (saved.last("carol", "cio"), saved.last("dave", "cso")) == (None, None)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 1}', '{"format": 1, "plays": [7]}', '{"format": 1, "plays": 7}']
)
def test_what_cannot_be_read_is_kept_aside(text):
    """A damaged file is never overwritten: it gets another name, and nothing is saved yet."""
    path = data_folder() / "plays" / "smoke.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

    saved = SavedPlays("smoke")

    assert saved.plays == []
    assert saved.aside.read_text(encoding="utf-8") == text
    assert not path.exists()


def test_a_failed_save_leaves_the_old_file_whole(tmp_path, monkeypatch):
    """If the file cannot be replaced, the old one stands, no part of the new one lies about, and it is told."""
    path = tmp_path / "play.json"
    write_json(path, {"format": 1, "plays": []})

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saved_plays.Path, "replace", refuse)
    with pytest.raises(AnswersError, match="No space left"):
        write_json(path, {"format": 1, "plays": [1]})

    assert read_json(path) == {"format": 1, "plays": []}
    assert [one.name for one in tmp_path.iterdir()] == ["play.json"]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"learner": "x", "chair": "ceo", "number": 1, "steps": []},
        {"learner": "x", "chair": "cso", "number": True, "steps": []},
        {"learner": "x", "chair": ["cso"], "number": 1, "steps": []},
        {"learner": "x", "chair": "cso", "number": 1, "steps": [{"scene": 3}]},
    ],
)
def test_what_is_no_play_is_refused(data):
    """Data of another form are refused in words, whatever they are."""
    with pytest.raises(UsageError):
        SavedPlay.from_data(data)


def test_a_missing_file_is_told(tmp_path):
    """Reading what is not there says so."""
    with pytest.raises(AnswersError, match="cannot be read"):
        read_json(Path(tmp_path / "none.json"))
