"""A look before handing in: what must be mended, and what has no answer yet."""

import json
import shutil

import pytest
from crane import FREEZE, GUARD, HOPE, course_with_crane, plays

from threechairs.answers import AnswerStore
from threechairs.company.deals import deal_table
from threechairs.course.items import item_bank
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import case_of, new_attempt, store_of
from threechairs.datasets import course_root
from threechairs.marking import preflight as preflight_module
from threechairs.marking.preflight import preflight

L01 = syllabus().assignment("l01")
ASKED = [item.id for item in item_bank(L01.id).items if not item.opinion]
NOTE = "note (the text is as it was)"
CASE = case_of(L01.id, "alice", 1)
CARDS = [card.id for card in CASE.draw("cards of mandates", item_bank(L01.id).item("mandates").cards, 8)]
WHOLE = {
    "mandates": {"placements": dict.fromkeys(CARDS, "ciso")},
    "gate-four": {"choice": "stop-lane", "reason": "life-now"},
    "orphans": {"number": 3.0},
    "orphans-so-what": {"choice": "committee", "reason": "more-eyes"},
    "patch-delay": {"choice": "nobody", "reason": "hands-decide"},
    "told": {"choices": ["cso"]},
    "wanted-cso": {"choice": "merge", "reason": "goodwill"},
}
HALVES = {
    "mandates": ({"placements": {CARDS[0]: "ciso"}}, "1 of 8 given"),
    "gate-four": ({"choice": "stop-lane"}, "no reason chosen"),
    "told": ({"choices": []}, "nothing chosen"),
    "patch-delay": ({"choice": "no-such-option", "reason": "hands-decide"}, ""),
}


@pytest.fixture
def copy(tmp_path):
    """Alice's copy of the assignment, as released."""
    shutil.copy(course_root() / "exercises" / L01.id / L01.notebook, tmp_path)
    return tmp_path


@pytest.fixture
def store(copy):
    return store_of(case_of(L01.id, "alice", 1), copy / "answers.json")


def edit(copy, change):
    path = copy / L01.notebook
    notebook = json.loads(path.read_text())
    change(notebook["cells"])
    path.write_text(json.dumps(notebook))


def graded(cells):
    return [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id")]


def test_an_untouched_copy_is_whole_and_wholly_unanswered(copy):
    """No problem, every question that counts is named, and looking writes nothing."""
    before = {path: path.read_bytes() for path in copy.iterdir()}

    problems, unanswered = preflight(L01, copy, "alice")

    assert (problems, unanswered) == ([], [*ASKED, NOTE])
    assert {path: path.read_bytes() for path in copy.iterdir()} == before


def test_answered_questions_are_no_longer_named(copy, store):
    """What is recorded is not missing; opinions never are."""
    for item in ASKED[:-1]:
        store.record(item, "one", WHOLE[item])

    assert preflight(L01, copy, "alice") == ([], [ASKED[-1], NOTE])


@pytest.mark.parametrize("half", HALVES)
def test_half_an_answer_is_told_with_what_is_missing(copy, store, half):
    """A card not placed, a reason not chosen, nothing ticked: each costs marks, so each is told before handing in."""
    value, said = HALVES[half]
    for item in ASKED:
        store.record(item, "one", value if item == half else WHOLE[item])

    assert preflight(L01, copy, "alice") == ([], [f"{half} ({said})" if said else half, NOTE])


@pytest.fixture
def with_a_scenario(tmp_path):
    """Alice's copy of an assignment that asks for a play of the crane, and for a deal."""
    released = course_root() / "exercises"
    course = course_with_crane(tmp_path)
    (course / "exercises").symlink_to(released)
    items = course / "datasets" / "items"
    items.unlink()
    items.mkdir()
    asked = [
        {"id": "clash", "kind": "play", "stem": "Play it once.", "scenario": "crane"},
        {"id": "settled", "kind": "deal", "stem": "Settle it.", "table": "gate-4"},
    ]
    bank = {"format": 1, "assignment": L01.id, "items": asked}
    (items / f"{L01.id}.yaml").write_text(json.dumps(bank), encoding="utf-8")
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(released / L01.id / L01.notebook, copy)
    return copy


def first_and(*more, steps=GUARD):
    """A graded play of some steps, and practice after it."""
    return {"plays": [*plays(*steps)["plays"], *more]}


PRACTICE = plays(*FREEZE, number=2)["plays"][0]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (plays(*GUARD), None),
        (first_and(PRACTICE), None),
        (first_and(plays(HOPE[0], number=2)["plays"][0]), None),
        (plays(GUARD[0]), "the play is not finished: it stands at “Around the table”"),
        (first_and(PRACTICE, steps=GUARD[:1]), "the play is not finished: it stands at “Around the table”"),
        (plays(), "the play is not finished: it stands at “The first call”"),
        (
            first_and({**PRACTICE, "number": 1}),
            "it cannot be marked: A graded scenario is played once; this record holds two graded plays",
        ),
        (
            plays({"scene": "good", "option": "x"}),
            "it cannot be marked: Step 1 (scene “good”) could not have been taken: "
            "the scene that is on is 'call', not 'good'",
        ),
        ({"plays": []}, ""),
        ({"choice": "a"}, ""),
    ],
)
def test_a_play_is_missing_until_its_graded_run_has_ended(with_a_scenario, value, said):
    """What would get no marks is told with its reason; practice after the end is never asked for."""
    store_of(case_of(L01.id, "alice", 1), with_a_scenario / "answers.json").record("clash", "play", value)

    problems, missing = preflight(L01, with_a_scenario, "alice")

    expected = [] if said is None else [f"clash ({said})" if said else "clash"]
    assert (problems, missing) == ([], [*expected, "settled", NOTE])


def test_the_play_of_a_second_attempt_is_looked_at_with_its_own_hidden_facts(with_a_scenario, monkeypatch):
    """A second attempt draws other hidden facts, and its play is taken again with those."""
    seen = []
    whole = preflight_module.graded_play
    monkeypatch.setattr(
        preflight_module, "graded_play", lambda book, *rest: seen.append(book.store.blank.attempt) or whole(book, *rest)
    )
    answers = with_a_scenario / "answers.json"
    store_of(case_of(L01.id, "alice", 1), answers).record("clash", "play", plays(*GUARD))
    monkeypatch.setattr("threechairs.course.workbook.case_id", lambda: "alice")
    second = new_attempt(L01.id, with_a_scenario)
    store_of(second, answers).record("clash", "play", plays(*GUARD))

    assert preflight(L01, with_a_scenario, "alice") == ([], ["settled", NOTE])
    assert seen == [2]


def test_a_recorded_deal_lacks_nothing(with_a_scenario):
    """A deal settles every issue or is none, so once recorded nothing of it is missing."""
    deal = deal_table("gate-4").midpoint()
    store_of(case_of(L01.id, "alice", 1), with_a_scenario / "answers.json").record("settled", "deal", {"options": deal})

    assert preflight(L01, with_a_scenario, "alice") == ([], ["clash", NOTE])


def test_a_note_in_the_learners_own_words_is_not_told(copy, store):
    """Once the placeholder is replaced, the note counts as written."""
    edit(copy, lambda cells: [c.update(source="From today Ruth decides.") for c in cells if c["id"] == "note"])

    assert preflight(L01, copy, "alice") == ([], ASKED)


def test_a_deleted_cell_is_named(copy):
    """The learner reads which cells are gone and that the answers stay."""
    edit(copy, lambda cells: cells.remove(graded(cells)[0]))
    lost = graded(json.loads((course_root() / "exercises" / L01.id / L01.notebook).read_text())["cells"])[0]

    (problem,), _ = preflight(L01, copy, "alice")

    grade_id = lost["metadata"]["nbgrader"]["grade_id"]
    assert problem.startswith(f"{L01.notebook}: these cells are missing: {grade_id}. Undo, or rename")
    assert "your answers stay" in problem


def test_a_duplicated_cell_is_named(copy):
    """A pasted graded cell stops nbgrader's whole batch, so it is found before."""
    edit(copy, lambda cells: cells.append(graded(cells)[-1]))

    (problem,), _ = preflight(L01, copy, "alice")

    assert "these cells stand there twice: " in problem and problem.endswith("Delete one of each.")


def test_cells_of_the_learners_own_are_welcome(copy):
    """Notes and trials beside the questions are no problem."""
    own = {"cell_type": "code", "id": "mine", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": 1}
    edit(copy, lambda cells: cells.insert(0, own))

    assert preflight(L01, copy, "alice")[0] == []


def test_a_missing_notebook_is_told(tmp_path):
    """Without the notebook nothing can be handed in; opening the assignment makes a new copy."""
    (problem,), unanswered = preflight(L01, tmp_path, "alice")

    assert f"{L01.notebook} is missing. Open the assignment with `threechairs learn`" in problem
    assert unanswered == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"nbformat": 3, "cells": []}'])
def test_a_damaged_notebook_is_told(copy, content):
    """A notebook that cannot be read says so, and that the answers are elsewhere."""
    (copy / L01.notebook).write_text(content)

    (problem,), _ = preflight(L01, copy, "alice")

    assert problem.startswith(f"{L01.notebook}: ")
    assert "your answers in answers.json stay" in problem


def test_damaged_answers_are_told_and_left_as_they_are(copy):
    """The same message as in the notebook, and every question counts as unanswered."""
    (copy / "answers.json").write_text("{")

    (problem,), unanswered = preflight(L01, copy, "alice")

    assert problem.startswith("answers.json:1:2: the file is damaged")
    assert unanswered == [*ASKED, NOTE]
    assert (copy / "answers.json").read_text() == "{"


@pytest.mark.parametrize(
    ("whose", "seen", "what_to_do"),
    [
        ("bob", "belong to the case of 'alice'", "Hand in under the name you worked with (--name), or begin anew."),
        ("alice", "on other tables than those of this case", "Tell your instructor"),
    ],
)
def test_answers_that_do_not_belong_here_are_told(copy, whose, seen, what_to_do):
    """Handing in under another name, or answers from other tables, would not be graded."""
    print_of = "" if whose == "alice" else case_of(L01.id, "alice", 1).fingerprint
    store = AnswerStore(copy / "answers.json", L01.id, case_id="alice", fingerprint=print_of)
    store.record(ASKED[0], "one", {"choice": "a"})

    (problem,), _ = preflight(L01, copy, whose)

    assert seen in problem
    assert what_to_do in problem
