"""Every listed answer to an assignment gets its marks and its words from the very tests that mark learners."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from content.attempts_file import FOLDER, Given, Learner, read_attempts

from threechairs.company import Case
from threechairs.course.items import item_bank
from threechairs.course.notebooks import hidden_parts, last_expression, read_notebook, source
from threechairs.course.syllabus import syllabus
from threechairs.course.workbook import open_case
from threechairs.datasets import course_root, table
from threechairs.marking import Score
from threechairs.marking.deals import BELIEFS as DEAL_BELIEFS

ASSIGNMENTS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
BELIEFS = {row["misconception_id"] for row in table("misconceptions")}


@cache
def learner(assignment: str, case_id: str) -> Learner:
    return Learner(case_id, assignment)


@cache
def marking_code(assignment: str, question: str) -> str:
    """Source of the cell that marks a question, hidden part included, as its author wrote it."""
    notebook = read_notebook(course_root() / "solutions" / assignment / syllabus().assignment(assignment).notebook)
    cells = {cell["id"]: source(cell) for cell in notebook["cells"]}
    return cells[f"test-{question}"]


def marked(case: Case, question: str) -> Score:
    """Run the marking cell of the open case as a kernel does, and return the value of its last expression."""
    code = marking_code(case.assignment, question)
    names: dict[str, Any] = {"case": case}
    body = ast.parse(code)
    body.body.pop()
    exec(compile(body, question, "exec"), names)
    last = last_expression(code)
    assert last is not None
    score = eval(compile(ast.Expression(last), question, "eval"), names)
    assert isinstance(score, Score)
    return score


def told(score: Score) -> str:
    """Everything that the learner reads beside the number."""
    return "\n".join([score.opening, *(f"{c.name}: {c.comment}" for c in score.criteria)])


def is_one_plain_number(text: str) -> bool:
    """True for what nbgrader reads as marks; anything else would count as full marks."""
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None


CASES = [
    pytest.param(assignment, case_id, id=f"{assignment[:3]}-{case_id}")
    for assignment in ASSIGNMENTS
    for case_id in read_attempts(assignment).cases
]
RIGHT = [
    pytest.param(assignment, case_id, question, id=f"{assignment[:3]}-{question}-{case_id}")
    for assignment in ASSIGNMENTS
    for question in read_attempts(assignment).questions
    for case_id in read_attempts(assignment).cases
]
WRONG = [
    pytest.param(assignment, case_id, given, id=f"{assignment[:3]}-{given.question}-{given.names[0]}-{case_id}")
    for assignment in ASSIGNMENTS
    for question in read_attempts(assignment).questions
    for case_id in read_attempts(assignment).cases
    for given in learner(assignment, case_id).wrong(question)
]


@pytest.fixture
def open_as(monkeypatch: pytest.MonkeyPatch, working_folder: Path) -> Callable[[str, str], Case]:
    """Open an assignment as the learner of a case, in an empty folder of their own."""

    def opened(assignment: str, case_id: str) -> Case:
        monkeypatch.setenv("THREECHAIRS_CASE_ID", case_id)
        return open_case(assignment)

    return opened


@pytest.mark.parametrize(("assignment", "case_id", "question"), RIGHT)
def test_a_right_answer_gets_all_points(
    open_as: Callable[[str, str], Case], assignment: str, case_id: str, question: str
) -> None:
    """In every variant of the facts, the listed right answer gets full marks and no word of correction."""
    given = learner(assignment, case_id).right(question)
    case = open_as(assignment, case_id)
    given.record()

    score = marked(case, question)

    assert score.points == pytest.approx(given.points)
    assert score.max_points == given.points
    assert score.opening == ""
    assert not any(criterion.belief for criterion in score.criteria)
    assert is_one_plain_number(repr(score))


@pytest.mark.parametrize(("assignment", "case_id", "given"), WRONG)
def test_a_wrong_answer_gets_its_points_and_its_words(
    open_as: Callable[[str, str], Case], assignment: str, case_id: str, given: Given
) -> None:
    """In every variant it is meant for, a wrong answer gets exactly its points, its coaching and its misconception."""
    case = open_as(assignment, case_id)
    given.record()

    score = marked(case, given.question)

    assert score.points == pytest.approx(given.points)
    assert [text for text in given.says if text not in told(score)] == []
    assert {criterion.belief for criterion in score.criteria} - {""} == set(given.beliefs)
    assert is_one_plain_number(repr(score))


@pytest.mark.parametrize(("assignment", "case_id"), CASES)
def test_an_untouched_question_gets_nothing_and_says_so(
    open_as: Callable[[str, str], Case], assignment: str, case_id: str
) -> None:
    """A question without an answer gets the listed points (none) and "not attempted", and stays unanswered."""
    untouched = read_attempts(assignment).untouched
    case = open_as(assignment, case_id)

    scores = {question: marked(case, question) for question in read_attempts(assignment).questions}

    assert {repr(score) for score in scores.values()} == {"0"}
    assert {score.points for score in scores.values()} == {untouched.points}
    assert [question for question, score in scores.items() if untouched.says not in told(score)] == []
    assert not Path("answers.json").exists()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_cases_are_what_the_file_says_and_cover_every_variant(assignment: str) -> None:
    """Each named case has the listed facts, and together they cover every combination of the bank's facts."""
    cases, facts = read_attempts(assignment).cases, item_bank(assignment).facts

    drawn = {case_id: dict(learner(assignment, case_id).case.facts) for case_id in cases}

    assert drawn == cases
    wanted = set(product(*(list(values) for values in facts.values())))
    assert {tuple(case[fact] for fact in facts) for case in cases.values()} == wanted


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_marked_question_is_attempted(assignment: str) -> None:
    """Every question that is not an opinion has the points of its cell, a right answer and two or more wrong ones."""
    notebook = read_notebook(course_root() / "solutions" / assignment / syllabus().assignment(assignment).notebook)
    points = {cell["id"]: cell["metadata"]["nbgrader"].get("points") for cell in notebook["cells"]}

    attempts = read_attempts(assignment).questions

    assert list(attempts) == [item.id for item in item_bank(assignment).items if not item.opinion]
    assert {f"test-{question}": listed.points for question, listed in attempts.items()} == {
        cell: points[cell] for cell in points if cell.startswith("test-")
    }
    assert [question for question, listed in attempts.items() if len(listed.wrong) < 2 or not listed.right] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_attempt_is_used(assignment: str) -> None:
    """No listed answer is idle: each one is meant for at least one of the cases."""
    file = read_attempts(assignment)
    listed = [(question, one.name) for question, all_of in file.questions.items() for one in all_of.wrong]

    given = [param.values[2] for param in WRONG if param.values[0] == assignment]

    assert len(listed) == len(set(listed))
    assert set(listed) == {(one.question, one.names[0]) for one in given}
    for question, attempts in file.questions.items():
        for right in attempts.right:
            assert any(learner(assignment, case_id).meant_for(right.when) for case_id in file.cases), question


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_misconception_of_the_key_is_attempted(assignment: str) -> None:
    """Each misconception that a marking cell can point at is reached by a listed answer, and is one of the course's."""
    for question, attempts in read_attempts(assignment).questions.items():
        _visible, hidden = hidden_parts(marking_code(assignment, question))
        words = {node.value for node in ast.walk(ast.parse(hidden)) if isinstance(node, ast.Constant)}
        if item_bank(assignment).item(question).kind == "deal":
            words |= set(DEAL_BELIEFS.values())  # these stand in the points, not in the key

        reached = {belief for one in attempts.wrong for belief in one.belief}

        assert reached == words & BELIEFS, question


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_card_can_be_drawn(assignment: str) -> None:
    """The cases together draw every card of every sorting question, so that every key is tried."""
    for item in item_bank(assignment).items:
        if item.kind == "sort":
            cases = read_attempts(assignment).cases
            drawn = {card for case_id in cases for card in learner(assignment, case_id).right(item.id).value}

            assert drawn == {card.id for card in item.cards}
