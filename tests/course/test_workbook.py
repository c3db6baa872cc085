"""The open notebook: lessons, cases, attempts, and answers that never lie beside an author's files."""

import json

import pytest

from threechairs.activities import Quiz, answer
from threechairs.course import workbook
from threechairs.course.items import item_bank
from threechairs.course.learner import data_folder
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import current, new_attempt, open_case, open_lesson
from threechairs.datasets import course_root
from threechairs.errors import AnswersError, UsageError

LESSON = syllabus().lessons[0]
L01 = syllabus().assignment("l01")


@pytest.fixture(autouse=True)
def alice(monkeypatch):
    monkeypatch.setenv("THREECHAIRS_LEARNER", "alice")


@pytest.fixture
def exercise(working_folder, monkeypatch):
    """The folder of alice's copy of the assignment, as the kernel's working folder."""
    folder = working_folder / L01.id
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def answer_told():
    return answer("told", ["site-lead", "cso"])


def test_nothing_is_open_at_first():
    """A cell that is run before the first one is told so."""
    with pytest.raises(UsageError, match=r"its first code cell has not been run yet\. Run the first code cell"):
        current()


def test_a_lesson_tells_where_the_learner_is(working_folder):
    """How many steps are done and where answers are kept, as text and as HTML; opening writes nothing."""
    before = repr(open_lesson("00"))
    untouched = list(working_folder.iterdir())
    first = LESSON.steps[0]
    answer(first, current().question(first).options[0].id)
    after = open_lesson(LESSON.id)

    assert before.startswith(f"{LESSON.title}: 0 of {len(LESSON.steps)} steps done.")
    assert untouched == []
    assert f"1 of {len(LESSON.steps)} steps done." in repr(after)
    assert f"answers/{LESSON.id}.json, on this computer only" in repr(after)
    assert "<b>" in after._repr_html_()
    assert not current().graded


def test_an_unknown_lesson_or_assignment_leaves_the_open_one(working_folder):
    """A typo does not close what is open."""
    open_lesson("00")

    for wrong in (lambda: open_lesson("77"), lambda: open_case("l77")):
        with pytest.raises(UsageError, match="the course has no such"):
            wrong()
    assert current().id == LESSON.id


def test_a_case_is_the_learners_own(exercise, monkeypatch):
    """The same learner finds the same case again, another one has another; opening writes nothing."""
    mine, again = open_case("l01"), open_case(L01.id)
    monkeypatch.setenv("THREECHAIRS_CASE_ID", "somebody-else")
    other = open_case("l01")

    assert (mine.case_id, mine.attempt, mine.assignment) == ("alice", 1, L01.id)
    assert mine == again
    assert (other.case_id, other.fingerprint != mine.fingerprint) == ("somebody-else", True)
    assert list(exercise.iterdir()) == []


def test_answers_name_case_attempt_and_fingerprint(exercise):
    """The file that is handed in says on which tables it was answered."""
    case = open_case("l01")
    answer_told()

    written = json.loads((exercise / "answers.json").read_text())

    named = {name: written[name] for name in ("format", "workbook", "case_id", "attempt", "fingerprint")}
    assert named == {
        "format": 1,
        "workbook": L01.id,
        "case_id": "alice",
        "attempt": 1,
        "fingerprint": case.fingerprint,
    }
    assert list(written["answers"]) == ["told"]


def test_somebody_elses_answers_are_not_opened(exercise, monkeypatch):
    """Under another name the case cannot be opened over existing answers; their bytes stay."""
    open_case("l01")
    answer_told()
    before = (exercise / "answers.json").read_bytes()
    monkeypatch.setenv("THREECHAIRS_LEARNER", "bob")

    with pytest.raises(AnswersError, match="belong to the case of 'alice', not to that of 'bob'"):
        open_case("l01")
    assert (exercise / "answers.json").read_bytes() == before


@pytest.mark.parametrize(
    "folder", ["solutions/l01-three-chairs", "exercises/l01-three-chairs", "solutions", "notebooks"]
)
def test_an_authors_answers_go_elsewhere(monkeypatch, folder):
    """Running the course's own notebooks leaves no answer beside them: it would be handed to every learner."""
    place = course_root() / folder
    before = sorted(path.name for path in place.rglob("*"))
    monkeypatch.chdir(place)

    open_case("l01")
    answer_told()
    open_lesson("00")
    answer(LESSON.steps[0], current().question(LESSON.steps[0]).options[0].id)

    assert sorted(path.name for path in place.rglob("*")) == before
    written = sorted(str(path.relative_to(data_folder())) for path in data_folder().rglob("*.json"))
    assert written == [f"author/answers/{LESSON.id}.json", f"author/{L01.id}/answers.json"]


def test_a_new_attempt_is_another_case_and_keeps_the_old_answers(exercise):
    """The first answers are kept under their own name; the second attempt begins empty, with other tables."""
    first = open_case("l01")
    answer_told()
    old = json.loads((exercise / "answers.json").read_text())

    second = new_attempt("l01", exercise)

    fresh = json.loads((exercise / "answers.json").read_text())
    assert json.loads((exercise / "answers-attempt-1.json").read_text()) == old
    assert (fresh["attempt"], fresh["answers"], fresh["fingerprint"]) == (2, {}, second.fingerprint)
    assert second.fingerprint != first.fingerprint
    assert open_case("l01") == second


def test_attempts_come_to_an_end(exercise):
    """Nobody begins a second attempt before the first, or more than the course allows."""
    with pytest.raises(UsageError, match="this is still your first attempt"):
        new_attempt("l01")
    open_case("l01")
    answer_told()
    for _ in range(L01.attempts - 1):
        new_attempt("l01")
    before = (exercise / "answers.json").read_bytes()

    with pytest.raises(UsageError, match=f"all {L01.attempts} attempts are used"):
        new_attempt("l01")
    assert (exercise / "answers.json").read_bytes() == before


@pytest.mark.parametrize("attempt", [1, 2])
def test_texts_of_the_real_assignment_can_be_filled(exercise, attempt):
    """No stem, option or card of any variant names a fact that does not exist, or leaves a brace."""
    bank = item_bank(L01.id)
    for name in ("alice", "bob", "carol", "dora"):
        case = workbook.case_of(L01.id, name, attempt)
        opened = workbook.Workbook(L01.id, L01, bank, workbook.store_of(case, exercise / "answers.json"), case)
        for item in bank.items:
            filled = [opened.fill(item.stem), *opened.texts(item.id).values()]
            assert not any("{" in text or "}" in text for text in filled)


def test_texts_and_cards_of_a_question(exercise):
    """What stands on options and cards is found by id; only a sorting question deals cards."""
    case = open_case("l01")
    opened = current()

    assert opened.graded and opened.case is case
    assert set(opened.texts("told")) == {option.id for option in opened.question("told").options}
    assert len(opened.cards("mandates")) == opened.question("mandates").draw
    assert opened.cards("told") == []
    assert opened.question("elsewhere") is None
    assert opened.texts("elsewhere") == {}
    assert Quiz("told", opened).form.kind == "several"
