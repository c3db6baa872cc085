"""Answer files: what may be read, what is refused and with which words, and which answer stands."""

import json
from datetime import datetime

import pytest
from filelock import FileLock

from threechairs import answers
from threechairs.answers import FORMAT, AnswerStore, read_answers, write_answers
from threechairs.errors import AnswersError

MINE = {"format": 1, "workbook": "l07-demo", "case_id": "alice", "attempt": 1, "fingerprint": "sha256:abc"}
ANSWERED = {
    "kind": "one",
    "value": {"choice": "a"},
    "at": "2026-01-05T08:00:00+00:00",
    "by": "click",
    "first": {"choice": "a"},
}
WHOLE = json.dumps({**MINE, "answers": {"q1": ANSWERED}})

DAMAGED = {
    "cut short": (WHOLE[:-20].encode(), "not JSON"),
    "empty": (b"", "the file is empty"),
    "words": (b"I wrote this by hand", "not JSON"),
    "not text": (b"\xff\xfe\x00{}", "cannot be read"),
    "a list": (b"[]", "the file is damaged"),
    "nothing": (b"null", "the file is damaged"),
    "a number": (b"3", "the file is damaged"),
    "no format": (json.dumps({k: v for k, v in MINE.items() if k != "format"}).encode(), "format: Field required"),
    "format 0": (json.dumps({**MINE, "format": 0}).encode(), "format: "),
    "format is yes": (json.dumps({**MINE, "format": True}).encode(), "format: "),
    "format is text": (json.dumps({**MINE, "format": "1"}).encode(), "format: "),
    "attempt is text": (json.dumps({**MINE, "attempt": "1"}).encode(), "attempt: "),
    "an unknown part": (json.dumps({**MINE, "marks": 20}).encode(), "marks: "),
    "an answer is a list": (json.dumps({**MINE, "answers": {"q1": []}}).encode(), "answers.q1: "),
    "a value is text": (
        json.dumps({**MINE, "answers": {"q1": {**ANSWERED, "value": "a"}}}).encode(),
        "answers.q1.value: ",
    ),
    "an unknown kind": (
        json.dumps({**MINE, "answers": {"q1": {**ANSWERED, "kind": "essay"}}}).encode(),
        "answers.q1.kind: ",
    ),
    "checks is text": (
        json.dumps({**MINE, "answers": {"q1": {**ANSWERED, "checks": "many"}}}).encode(),
        "answers.q1.checks: ",
    ),
    "a number of 5000 digits": (f'{{"format": {"9" * 5000}}}'.encode(), "the file is damaged"),
    "lists without end": (b"[" * 200_000, "the file is damaged"),
}

FOREIGN = {
    "workbook": ("l01-other", "these are answers to 'l01-other', not to 'l07-demo'"),
    "case_id": ("bob", "belong to the case of 'bob', not to that of 'alice'"),
    "attempt": (2, "of attempt 2, not of attempt 1"),
    "fingerprint": ("sha256:other", "the fingerprints differ"),
}


def store_at(path):
    return AnswerStore(path, "l07-demo", case_id="alice", fingerprint="sha256:abc")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "answers.json"


@pytest.fixture
def store(path):
    return store_at(path)


@pytest.mark.parametrize(("content", "seen"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_told_and_left_as_it_is(path, content, seen):
    """Reading, recording and counting all say where, what and what to do, and change no byte."""
    path.write_bytes(content)
    store = store_at(path)

    for touch in (store.read, lambda: store.record("q1", "one", {"choice": "b"}), lambda: store.note("q1", checks=1)):
        with pytest.raises(AnswersError) as told:
            touch()

        assert told.value.where.startswith("answers.json")
        assert seen in told.value.seen
        assert "Nothing in it was changed" in told.value.next_step
        assert "rename answers.json" in told.value.next_step
    assert path.read_bytes() == content


def test_damage_is_told_with_line_and_column(path):
    """A typo made by hand is found without searching."""
    path.write_text('{\n "format": 1,\n "workbook" "demo"\n}')

    with pytest.raises(AnswersError) as told:
        read_answers(path)

    assert told.value.where == "answers.json:3:13"


def test_a_later_format_is_told_and_left_as_it_is(path):
    """An older kit asks to be updated, and does not call a newer file damaged."""
    content = json.dumps({"format": FORMAT + 1, "something": "new"}).encode()
    path.write_bytes(content)

    with pytest.raises(AnswersError) as told:
        store_at(path).record("q1", "one", {"choice": "b"})

    assert told.value.where == "answers.json"
    assert f"format {FORMAT + 1}" in told.value.seen and f"up to format {FORMAT}" in told.value.seen
    assert told.value.next_step.startswith("Update Three Chairs")
    assert path.read_bytes() == content


@pytest.mark.parametrize("part", FOREIGN)
def test_a_foreign_file_is_told_and_left_as_it_is(path, part):
    """Answers to something else, of somebody else, of another attempt or on other tables are never written over."""
    other, seen = FOREIGN[part]
    content = json.dumps({**MINE, part: other}).encode()
    path.write_bytes(content)
    store = store_at(path)

    for touch in (store.read, lambda: store.record("q1", "one", {"choice": "b"}), lambda: store.note("q1", checks=1)):
        with pytest.raises(AnswersError) as told:
            touch()

        assert told.value.where == "answers.json"
        assert seen in told.value.seen
        assert "rename answers.json" in told.value.next_step
    assert path.read_bytes() == content


def test_a_folder_in_its_place_is_told(path):
    """Something that is no file at all is told like a damaged file."""
    path.mkdir()

    with pytest.raises(AnswersError, match="cannot be read"):
        read_answers(path)


def test_a_missing_file_is_a_beginning(path, store):
    """Without a file there are no answers, no error, and still no file."""
    assert read_answers(path) is None
    assert store.read() == store.blank
    assert store.get("q1") is None
    assert store.note("q1", checks=1) is None
    assert not path.exists()


def test_constructing_writes_nothing(tmp_path):
    """A store makes neither file nor folder before the first answer."""
    store_at(tmp_path / "answers" / "l07.json").read()

    assert list(tmp_path.iterdir()) == []


def test_the_first_answer_makes_folder_and_file(tmp_path):
    """What was recorded is found by the next store, in a file that people can read."""
    path = tmp_path / "answers" / "l07.json"
    store_at(path).record("q1", "text", {"text": "Ruth – “yes”"})

    found = store_at(path).get("q1")
    text = path.read_text(encoding="utf-8")

    assert found.value == found.first == {"text": "Ruth – “yes”"}
    assert (found.kind, found.by, found.cell, found.checks, found.hints, found.solved) == (
        "text", "click", None, 0, 0, False,
    )  # fmt: skip
    assert datetime.fromisoformat(found.at).utcoffset().total_seconds() == 0
    assert "Ruth – “yes”" in text and text.endswith("}\n") and "\r" not in text
    assert path.stat().st_mode & 0o777 == 0o644


def test_an_answer_leaves_the_others_alone(store):
    """Recording one answer keeps every other, and the first answer given to it."""
    store.record("q1", "one", {"choice": "a"})
    store.record("q2", "number", {"number": 3.0})
    store.record("q1", "one", {"choice": "b"})

    found = store.read().answers

    assert found["q1"].value == {"choice": "b"}
    assert found["q1"].first == {"choice": "a"}
    assert found["q2"].value == {"number": 3.0}


def test_a_later_click_outlives_an_unchanged_cell(path, store):
    """The click after the cell stands when the same cell runs again, and running it writes nothing."""
    store.record("q1", "one", {"choice": "cell"}, by="cell")
    store.record("q1", "one", {"choice": "click"})
    before, age = path.read_bytes(), path.stat().st_mtime_ns

    stands = store.record("q1", "one", {"choice": "cell"}, by="cell")

    assert (stands.value, stands.by) == ({"choice": "click"}, "click")
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == age


def test_a_changed_cell_wins_over_an_earlier_click(store):
    """What the learner writes into the cell after a click is their newest answer."""
    store.record("q1", "one", {"choice": "cell"}, by="cell")
    store.record("q1", "one", {"choice": "click"})

    stands = store.record("q1", "one", {"choice": "changed"}, by="cell")

    assert (stands.value, stands.by) == ({"choice": "changed"}, "cell")
    assert stands.cell.value == {"choice": "changed"}


def test_a_new_cell_wins_over_an_earlier_click(store):
    """A cell that speaks for the first time is newer than the click before it."""
    store.record("q1", "one", {"choice": "click"})

    stands = store.record("q1", "one", {"choice": "cell"}, by="cell")

    assert (stands.value, stands.by) == ({"choice": "cell"}, "cell")


def test_a_click_back_to_the_cells_value_is_a_click(store):
    """The cell's own value can be clicked as well, and stands then as a click."""
    store.record("q1", "one", {"choice": "a"}, by="cell")
    store.record("q1", "one", {"choice": "b"})

    assert store.record("q1", "one", {"choice": "a"}).by == "click"


def test_an_unchanged_cell_writes_nothing(path, store):
    """Run All Cells does not touch the file when nothing is new."""
    store.record("q1", "one", {"choice": "a"}, by="cell")
    age = path.stat().st_mtime_ns

    store.record("q1", "one", {"choice": "a"}, by="cell")

    assert path.stat().st_mtime_ns == age


def test_notes_add_up_and_survive_a_new_answer(store):
    """Checks are counted, hints are the most seen, and solved once stays solved."""
    store.record("q1", "one", {"choice": "a"})
    store.note("q1", checks=1, hints=2)
    store.note("q1", checks=1, hints=1, solved=True)
    store.note("q1", solved=False)

    now = store.record("q1", "one", {"choice": "b"})

    assert (now.checks, now.hints, now.solved) == (2, 2, True)


def test_a_lock_held_elsewhere_is_told_after_the_timeout(path, store, monkeypatch):
    """The learner hears of the other notebook; the file stays, and the next answer goes through."""
    store.record("q1", "one", {"choice": "a"})
    before = path.read_bytes()
    monkeypatch.setattr(answers, "LOCK_TIMEOUT_S", 0.1)

    with FileLock(path.with_name(".answers.json.lock")), pytest.raises(AnswersError) as told:
        store.record("q1", "one", {"choice": "b"})

    assert told.value.where == "answers.json"
    assert "another notebook has been writing for 0.1 seconds" in told.value.seen
    assert "Close the other copy" in told.value.next_step
    assert path.read_bytes() == before
    assert store.record("q1", "one", {"choice": "b"}).value == {"choice": "b"}


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    """Where the folder cannot be made, the message says so and what to do."""
    (tmp_path / "answers").write_text("a file where a folder should be")

    with pytest.raises(AnswersError) as told:
        store_at(tmp_path / "answers" / "l07.json").record("q1", "one", {"choice": "a"})

    assert told.value.where == "l07.json"
    assert "could not be saved" in told.value.seen
    assert "write access" in told.value.next_step


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_save_that_is_broken_off_leaves_the_old_file_and_nothing_else(path, store, monkeypatch, fault):
    """Pressing Stop, or a disk that fails while the file is being written, loses nothing and leaves no rubbish."""
    store.record("q1", "one", {"choice": "a"})
    before, around = path.read_bytes(), set(path.parent.iterdir())

    def fail(_handle):
        raise fault

    monkeypatch.setattr(answers.os, "fsync", fail)
    with pytest.raises((KeyboardInterrupt, AnswersError)):
        store.record("q1", "one", {"choice": "b"})

    assert path.read_bytes() == before
    assert set(path.parent.iterdir()) == around


def test_write_and_read_are_inverse(path, store):
    """What is written is what is read, field by field."""
    content = store.blank.model_copy(update={"answers": {"q1": answers.Recorded(**ANSWERED)}})

    write_answers(path, content)

    assert read_answers(path) == content
