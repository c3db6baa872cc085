"""Marks for a RACI matrix: how it is written down, which rows earn points, and what is said about the others."""

import pandas
import pytest
from pydantic import ValidationError
from samples import graded_bank, open_graded, open_practice, practice_bank

from threechairs.activities import activity, answer
from threechairs.answers import read_answers
from threechairs.errors import AnswerFormError, GradingError
from threechairs.marking import mark_matrix, recorded
from threechairs.marking.matrix import named_findings
from threechairs.marking.preflight import _missing

QUESTION = {
    "kind": "matrix",
    "stem": "Who answers for what?",
    "rows": [
        {"id": "deadline", "text": "Set the patch deadline"},
        {"id": "install", "text": "Install the patches"},
        {"id": "verify", "text": "Verify the patches"},
        {"id": "doors", "text": "Lock the doors"},
    ],
    "columns": [
        {"id": "board", "text": "Board"},
        {"id": "cso", "text": "CSO"},
        {"id": "ciso", "text": "CISO"},
        {"id": "cio", "text": "CIO"},
        {"id": "gc", "text": "Counsel"},
    ],
    "assurances": [{"does": "install", "assures": "verify"}],
}
RIGHT = {
    "deadline": {"ciso": "A/R", "cio": "C"},
    "install": {"cio": "A", "ciso": "R"},
    "verify": {"ciso": "A/R", "cio": "I"},
    "doors": {"cso": "A/R"},
}


def with_rows(**rows):
    return {**RIGHT, **rows}


@pytest.fixture
def mark(working_folder):
    """Answer as a learner types it, then mark with 4 points."""
    open_graded(working_folder, graded_bank(matrix=QUESTION))

    def answer_and_mark(cells, **key):
        answer("matrix", cells)
        return mark_matrix("matrix", 4, **key)

    return answer_and_mark


def told(score):
    return " | ".join(f"{c.name}: {c.comment}" for c in score.criteria)


def beliefs(score):
    return [(c.name, c.belief) for c in score.criteria if c.belief]


def test_a_valid_matrix_gets_all_points(mark):
    """Every row has its share, and nothing is said of it."""
    score = mark(RIGHT)

    assert repr(score) == "4"
    assert [(c.points, c.comment, c.belief) for c in score.criteria if c.max_points] == [(1, "", "")] * 4
    assert repr(recorded("matrix")) == "recorded; marked after submission"


def test_untouched_work_gets_nothing(mark):
    """Without an answer both parts of the cell say so."""
    assert mark_matrix("matrix", 4).criteria[0].name == "not attempted"
    assert repr(recorded("matrix")) == "0"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"ciso": "A", "cio": "A/R"}, "In 'Set the patch deadline' CISO and CIO each hold an A."),
        ({"ciso": "R"}, "Nobody is accountable for 'Set the patch deadline'."),
        ({"ciso": "A"}, "Nobody does 'Set the patch deadline'."),
        ({}, "Row 'Set the patch deadline' is empty"),
    ],
)
def test_a_row_that_breaks_a_rule_costs_its_share(mark, row, words):
    """The other rows keep theirs, and the rule's words name the learner's own row and roles."""
    score = mark(with_rows(deadline=row))

    assert repr(score) == "3"
    assert words in told(score)


def test_nobody_assures_their_own_work(mark):
    """The pairs that the question names are looked at."""
    score = mark(with_rows(verify={"cio": "A/R"}))

    assert repr(score) == "3"
    assert "CIO answers for 'Install the patches' and for 'Verify the patches'." in told(score)


def test_a_warning_costs_nothing_and_is_told(mark):
    """Many to consult and one who holds most rows are worth a second look, no points."""
    crowded = {"ciso": "A/R", **dict.fromkeys(["board", "cso", "cio", "gc"], "C")}

    score = mark(with_rows(deadline=crowded), beliefs={"R5": "more-is-safer"})

    assert repr(score) == "4"
    assert "Set the patch deadline: a second look: 4 roles are consulted" in told(score)
    assert "all rows together: a second look: CISO is accountable in 2 of 4 rows." in told(score)
    assert beliefs(score) == [("Set the patch deadline: a second look", "more-is-safer")]


def test_planted_faults_alone_earn_marks(mark):
    """Leaving a draft as it is earns nothing; each fault that is mended earns its share."""
    draft = with_rows(deadline={"ciso": "A", "cio": "A"}, doors={})
    planted = ["deadline", "doors"]

    untouched = mark(draft, planted=planted)
    half = mark(with_rows(doors={}), planted=planted)

    assert [repr(score) for score in (untouched, half, mark(RIGHT, planted=planted))] == ["0", "2", "4"]
    assert [c.max_points for c in half.criteria if c.name in {"Set the patch deadline", "Lock the doors"}] == [2, 2]


def test_breaking_a_sound_row_costs_a_share_but_never_more_than_there_is(mark):
    """A repair that breaks something else is half a repair; nobody falls below nothing."""
    broken = mark(with_rows(install={}), planted=["deadline", "doors"])
    worse = mark({"deadline": RIGHT["deadline"]}, planted=["deadline", "doors"])

    assert [repr(broken), repr(worse)] == ["2", "0"]
    assert "Install the patches: Row 'Install the patches' is empty" in told(broken)
    assert "rows that were sound before: These rows were sound in the draft" in told(broken)
    assert [c.points for c in broken.criteria if c.name == "rows that were sound before"] == [-2]
    assert [c.points for c in worse.criteria if c.name == "rows that were sound before"] == [-2]


@pytest.mark.parametrize(
    ("asked", "points", "words"),
    [
        ({"ciso": "A"}, "4", ""),
        ({"ciso": "A/R", "board": ""}, "4", ""),
        ({"cio": "A"}, "3", "CIO has C here; expected A."),
        ({"cio": ""}, "3", "CIO has C here; expected nothing."),
        ({"gc": "I"}, "3", "Counsel has nothing here; expected I."),
    ],
)
def test_the_key_asks_for_cells_that_the_case_settles(mark, asked, points, words):
    """A valid row must also hold what is asked for; an A that also does the work is an A."""
    score = mark(RIGHT, key={"deadline": asked})

    assert repr(score) == points
    assert words in told(score)


def test_an_a_alone_is_no_a_that_does_the_work(mark):
    """Where A/R is asked for, the A alone is not enough."""
    score = mark(with_rows(deadline={"ciso": "A", "cio": "R"}), key={"deadline": {"ciso": "A/R"}})

    assert "CISO has A here; expected A/R." in told(score)


def test_a_broken_rule_points_at_its_misconception(mark):
    """No A and several are two misconceptions, though one rule."""
    names = {"R1-many": "two-as-are-teamwork", "R1-none": "r-is-a", "R2": "a-does-it"}

    score = mark(
        with_rows(deadline={"ciso": "A", "cio": "A/R"}, install={"cio": "R"}, doors={"cso": "A"}), beliefs=names
    )

    assert beliefs(score) == [
        ("Set the patch deadline", "two-as-are-teamwork"),
        ("Install the patches", "r-is-a"),
        ("Lock the doors", "a-does-it"),
    ]


def test_a_misconception_is_recognised_by_its_cells(mark):
    """All of its cells must stand so; the first of its rows that is not right gets the text."""
    wrong = [({"install": {"ciso": "A/R"}, "verify": {"ciso": "A/R"}}, "ciso-runs-all-security", "Not all is his.")]
    own = with_rows(install={"ciso": "A/R"})

    score = mark(own, wrong=wrong, coaching={"verify": "Ask who checks whom.", "doors": "Not told."})

    assert (repr(score), beliefs(score)) == ("3", [("Verify the patches", "ciso-runs-all-security")])
    assert "Verify the patches: Not all is his. CISO answers for" in told(score)
    assert "Ask who checks whom." in told(score) and "Not told." not in told(score)
    assert beliefs(mark(with_rows(doors={}), wrong=wrong)) == []
    assert beliefs(mark(with_rows(verify={}), wrong=wrong)) == []


def test_a_misconception_that_shows_twice_is_told_once(mark):
    """Of several rows that it spoils, the first has the text."""
    alone = {"ciso": "A"}

    score = mark(
        with_rows(deadline=alone, doors=alone),
        wrong=[({"doors": alone, "deadline": alone}, "a-does-it", "Who does it?")],
    )

    assert beliefs(score) == [("Set the patch deadline", "a-does-it")]


def test_a_misconception_never_shadows_a_right_row(mark):
    """Cells that are a misconception in another case change nothing where the rows are right."""
    score = mark(RIGHT, wrong=[({"doors": {"cso": "A/R"}}, "cso-runs-all-security", "No.")])

    assert (repr(score), beliefs(score)) == ("4", [])


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ({"planted": ["dead-line"]}, r"no row 'dead-line'\. Did you mean 'deadline'\?"),
        ({"coaching": {"dors": "x"}}, "no row 'dors'"),
        ({"key": {"doors": {"ceo": "A"}}}, "no column 'ceo'"),
        ({"wrong": [({"doors": {"ceo": "A"}}, "x", "x")]}, "no column 'ceo'"),
    ],
)
def test_a_row_that_the_question_lacks_is_a_fault_of_the_test(mark, key, words):
    """A typo in a key is told to the author."""
    with pytest.raises(GradingError, match=words):
        mark(RIGHT, **key)


def test_rows_and_roles_with_one_text_stay_apart():
    """Two roles of one name are two roles, so two A's are found."""
    texts = {"ciso": "Security", "cso": "Security", "one": "Guard", "two": "Guard"}

    found = named_findings({"one": {"ciso": "A/R", "cso": "A"}, "two": {"cso": "A/R"}}, [("one", "two")], texts)

    assert [(one.rule, one.row) for one in found] == [
        ("R1-many", "one"),
        ("R6", ""),
        ("R6", ""),
        ("R7", "two"),
    ]
    assert "ciso and cso each hold an A" in found[0].sentence


@pytest.mark.parametrize(
    ("cells", "stored"),
    [
        (RIGHT, RIGHT),
        (dict(reversed(RIGHT.items())), RIGHT),
        ({"doors": {"cso": " r/a ", "cio": "-", "gc": None, "board": float("nan")}}, {"doors": {"cso": "A/R"}}),
        ({"doors": {}}, {}),
        ({}, {}),
        (pandas.DataFrame(RIGHT).to_dict(), RIGHT),
    ],
)
def test_a_matrix_is_stored_without_its_blanks(mark, cells, stored):
    """Letters in one form and the question's own order, so that equal matrices are equal; also from a frame."""
    mark(cells)

    assert activity("matrix").recorded.value == {"cells": stored}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("A", "Expected a mapping of row to columns"),
        ({"doors": "A"}, "row 'doors' is 'A'. Expected a mapping of column to letter"),
        ({"dors": {"cso": "A"}}, "Did you mean 'doors'"),
        ({"doors": {"cos": "A"}}, "Did you mean 'cso'"),
        ({"doors": {"cso": "X"}}, "a cell holds 'X'. Expected R, A, C, I, A/R or nothing"),
        ({"doors": {"cso": ["A"]}}, "a cell holds"),
        ({"doors": {"cso": 7}}, "a cell holds 7"),
        ({7: {"cso": "A"}}, "7 is not one of"),
    ],
)
def test_a_matrix_of_another_form_is_refused_and_never_marked(mark, working_folder, cells, words):
    """Nothing is recorded of it; in a file that was edited by hand it is not attempted."""
    with pytest.raises(AnswerFormError, match=words.replace("[", r"\[")):
        answer("matrix", cells)
    assert not (working_folder / "answers.json").exists()

    activity("matrix").workbook.store.record("matrix", "matrix", {"cells": cells} if cells != {7: {"cso": "A"}} else {})

    assert mark_matrix("matrix", 4).criteria[0].name == "not attempted"


def test_the_question_can_be_read_and_answered_as_text(mark):
    """Rows, columns and how to answer in code stand in the text, and the answer is told back in words."""
    assert "Rows:\n  deadline: Set the patch deadline" in activity("matrix").describe()
    assert "Columns:\n  board: Board" in activity("matrix").describe()
    assert 'answer("matrix", {"deadline": {"board": "A", ...}, ...})' in activity("matrix").describe()

    said = str(answer("matrix", {"doors": {"cso": "A/R", "cio": "I"}, "install": {"cio": "A"}}))

    assert "Recorded: Install the patches: CIO A; Lock the doors: CSO A/R, CIO I." in said
    assert "Recorded: nothing filled in." in str(answer("matrix", {}))


def test_an_answer_file_holds_a_matrix_in_the_same_format(mark, working_folder):
    """The format number stays, so answers that were given before can be read as ever."""
    mark(RIGHT)

    content = read_answers(working_folder / "answers.json")

    assert (content.format, content.answers["matrix"].kind) == (1, "matrix")


def test_a_matrix_is_complete_when_every_row_holds_something(mark):
    """The look before handing in counts rows that are still empty."""
    quiz = activity("matrix")

    def lacks(cells):
        return _missing(quiz.workbook, quiz.item, {"cells": cells})

    assert [lacks(RIGHT), lacks({"doors": {"cso": "A/R"}}), lacks({})] == [None, "1 of 4 given", "0 of 4 given"]


@pytest.mark.parametrize(
    ("cells", "verdict", "words"),
    [
        (RIGHT, "right", "Every row is valid."),
        ({"doors": {"cso": "A/R"}}, "partly", "1 of 4 rows are valid."),
        ({}, "wrong", "0 of 4 rows are valid."),
    ],
)
def test_practice_replies_with_the_rules(working_folder, cells, verdict, words):
    """In a lesson every broken row gets its rule's words at once; a warning is told beside a right answer too."""
    open_practice(working_folder, practice_bank(matrix={**QUESTION, "hints": ["One A."]}))

    answer("matrix", cells)
    said = activity("matrix").feedback()

    assert (said.verdict, said.summary) == (verdict, words)
    if verdict != "right":
        assert "Row 'Install the patches' is empty" in said.options["install"].reply
        assert said.options["install"].mark == "wrong"
    else:
        assert said.options["all rows"].mark == "partly"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": [*QUESTION["rows"], QUESTION["rows"][0]]}, "'deadline' stands twice in rows"),
        ({"columns": [*QUESTION["columns"], QUESTION["columns"][0]]}, "'board' stands twice in columns"),
        ({"columns": [*QUESTION["columns"], {"id": "doors", "text": "x"}]}, "'doors' is a row and a column"),
        ({"assurances": [{"does": "instal", "assures": "verify"}]}, "no row 'instal'. Did you mean 'install'"),
    ],
)
def test_a_mistake_in_the_question_is_told(change, words):
    """Ids that are used twice or name nothing are found when the bank is read."""
    with pytest.raises(ValidationError, match=words):
        graded_bank(matrix={**QUESTION, **change})
