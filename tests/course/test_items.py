"""Question banks: what an author may write, and what is said to everything else."""

from copy import deepcopy

import pytest
from pydantic import ValidationError
from samples import PRACTICE, graded_bank, practice_bank

from threechairs.course.items import ItemBank, item_bank
from threechairs.course.syllabus import syllabus
from threechairs.errors import ContentError, UsageError


def changed(kind, **parts):
    """A practice question with parts replaced, or left out where the part is `None`."""
    item = {**deepcopy(PRACTICE[kind]), **parts}
    return {name: part for name, part in item.items() if part is not None}


def without(kind, part, index, key):
    item = deepcopy(PRACTICE[kind])
    del item[part][index][key]
    return item


PRACTICE_FAULTS = [
    (changed("one", hints=None), "q: hints are missing; give one to three, the weakest first"),
    (without("one", "options", 0, "worth"), "q: every entry of options needs 'worth'"),
    (without("one", "reasons", 0, "worth"), "q: every entry of reasons needs 'worth'"),
    (without("one", "options", 0, "reply"), "q: option 'ciso' needs a reply to those who choose it"),
    (without("one", "reasons", 2, "reply"), "q: option 'rank' needs a reply to those who choose it"),
    (
        changed("one", options=PRACTICE["one"]["options"][::2]),
        "q: exactly one entry of options must have 'worth: best'",
    ),
    (without("several", "options", 0, "correct"), "q: every option needs 'correct: true' or 'correct: false'"),
    (changed("order", because=None), "q: say under 'because' which pairs count, and why"),
    (changed("number", answer=None), "q: 'answer' is missing"),
    (changed("match", pairs={"fence": "cso"}), "q: 'pairs' must give every left entry its partner"),
    (changed("one", opinion=True), "q: an opinion has no right answer"),
    (changed("text", opinion=False), "q: hints are missing"),
    (
        {"kind": "sort", "stem": "?", "draw": 1, "hints": ["a"], "cards": [{"id": "a", "text": "A"}] * 2},
        "q: practice sorts the table of duties; 'sort' is for graded banks",
    ),
]
GIVEN_AWAY = {
    "one": {"options": PRACTICE["one"]["options"]},
    "several": {"options": PRACTICE["several"]["options"]},
    "order": {"because": PRACTICE["order"]["because"]},
    "number": {"answer": 0},
    "match": {"pairs": {"fence": "cso"}},
    "text": {"reply_right": "Yes."},
}


@pytest.mark.parametrize(("item", "words"), PRACTICE_FAULTS, ids=[words[:50] for _, words in PRACTICE_FAULTS])
def test_what_a_practice_question_lacks_is_told_by_name(item, words):
    """The author reads which question it is and what it needs."""
    with pytest.raises(ValidationError) as told:
        practice_bank(q=item)

    assert words in str(told.value)


@pytest.mark.parametrize("kind", GIVEN_AWAY)
def test_a_graded_question_carries_no_key(kind):
    """Whatever would give the answer away is refused in the bank that learners can read."""
    plain = next(item for item in graded_bank().items if item.id == kind).model_dump(exclude_unset=True)

    with pytest.raises(ValidationError, match=f"{kind}: a graded question carries no key"):
        graded_bank(**{kind: {**plain, **GIVEN_AWAY[kind]}})


@pytest.mark.parametrize("owners", [{}, {"lesson": "07-demo", "assignment": "l07-demo"}])
def test_a_bank_has_one_owner(owners):
    """A bank is for practice or for marks, never both or neither."""
    with pytest.raises(ValidationError, match="give either 'lesson'"):
        ItemBank.model_validate({"format": 1, "items": [], **owners})


@pytest.mark.parametrize("item_id", ["Two Words", "with_underscore", "-a", "a-", ""])
def test_ids_are_plain(item_id):
    """An id can stand in a file, a link and a line of code."""
    with pytest.raises(ValidationError, match="should match pattern"):
        practice_bank(**{item_id: PRACTICE["number"]})


def test_a_faulty_file_is_told_with_its_questions_and_lines(tmp_path):
    """Through the loader an author gets file, line, column and the name of the question."""
    folder = tmp_path / "datasets" / "items"
    folder.mkdir(parents=True)
    (folder / "07-demo.yaml").write_text(
        "format: 1\nlesson: 07-demo\nitems:\n"
        "  - id: how-many\n    kind: number\n    stem: How many?\n    hints: [Count.]\n"
        "  - id: who\n    kind: one\n    stem: Who?\n    options: [{id: a, text: A}]\n    hnts: [x]\n"
    )

    with pytest.raises(ContentError) as told:
        item_bank("07-demo", tmp_path)

    lines = str(told.value).splitlines()
    assert lines[0].startswith("07-demo.yaml:11:5: items.1.one.options is [")
    assert lines[1] == "07-demo.yaml:12:5: 'items.1.one.hnts' is not known here. Did you mean 'hints'?"

    text = (folder / "07-demo.yaml").read_text()
    (folder / "08-demo.yaml").write_text(text[: text.index("  - id: who")])
    with pytest.raises(ContentError, match=r"08-demo\.yaml:1:1: the file: how-many: 'answer' is missing"):
        item_bank("08-demo", tmp_path)


def test_a_lesson_without_questions_has_an_empty_bank(tmp_path):
    """A lesson that only tells needs no file."""
    assert item_bank("99-only-text", tmp_path).items == []


def test_an_unknown_question_is_told():
    """The nearest id of the bank is offered."""
    with pytest.raises(UsageError, match=r"question 'nmber': 07-demo has no such question\. Did you mean 'number'"):
        practice_bank().item("nmber")


@pytest.mark.parametrize("name", [*(one.id for one in syllabus().lessons), *(one.id for one in syllabus().assignments)])
def test_the_courses_own_banks_are_read(name):
    """Every real bank keeps the rules, belongs to its lesson or assignment, and names no question twice."""
    bank = item_bank(name)

    assert (bank.lesson or bank.assignment) == name
    assert len({item.id for item in bank.items}) == len(bank.items)
