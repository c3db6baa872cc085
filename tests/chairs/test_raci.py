"""RACI rules R1 to R7, against the worked matrix of the course."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.chairs import check_raci, valid_rows
from threechairs.errors import UsageError

COLUMNS = ("board", "cso", "ciso", "cio", "gc")


def _matrix(**rows):
    return {row: dict(zip(COLUMNS, cells.split(), strict=True)) for row, cells in rows.items()}


WORKED = _matrix(
    row1="– I A R C",
    row2="– – A A –",
    row3="– C R C I",
    row4="– – – – –",
    row5="I C A/R C C",
)
CELLS = st.sampled_from(["R", "A", "C", "I", "A/R", "", "–", "x", None])
MATRICES = st.dictionaries(
    st.text(max_size=5), st.dictionaries(st.sampled_from(COLUMNS), CELLS, max_size=5), min_size=1, max_size=6
)


def _errors(matrix, **options):
    return [(f.rule, f.row) for f in check_raci(matrix, **options) if f.severity == "error"]


def _warnings(matrix, **options):
    return [(f.rule, f.row, f.role) for f in check_raci(matrix, **options) if f.severity == "warning"]


def test_the_worked_matrix_has_exactly_its_six_hard_errors():
    """Two A and no R in row 2, no A in row 3, and an empty row 4 that lacks A and R as well."""
    assert sorted(_errors(WORKED)) == [
        ("R1", "row2"),
        ("R1", "row3"),
        ("R1", "row4"),
        ("R2", "row2"),
        ("R2", "row4"),
        ("R3", "row4"),
    ]


def test_two_of_the_five_worked_rows_are_valid():
    """Rows 1 and 5 stand; three C in row 5 are still allowed."""
    assert valid_rows(WORKED) == ("row1", "row5")


def test_the_worked_matrix_warns_only_of_the_cisos_share():
    """The CISO is A in three of five rows, which is above 40 percent."""
    assert _warnings(WORKED) == [("R6", "", "ciso")]


def test_a_sentence_names_the_row_and_the_roles():
    """A learner reads which roles share the A, and why that is bad."""
    (two_as,) = [f for f in check_raci(WORKED) if (f.rule, f.row) == ("R1", "row2")]
    assert two_as.sentence == "In 'row2' ciso and cio each hold an A. With more than one A, nobody decides."


@pytest.mark.parametrize("cell", ["AR", "R/A", "x", "A R", 1])
def test_a_cell_with_other_letters_is_an_error_of_that_role(cell):
    """R4 allows R, A, C, I, A/R and blanks, and says whose cell is wrong."""
    matrix = {"row": {"ciso": "A/R", "cio": cell}}
    assert [(f.rule, f.role, f.severity) for f in check_raci(matrix) if f.rule == "R4"] == [("R4", "cio", "error")]


@pytest.mark.parametrize("blank", ["", " ", "-", "–", "—", None, float("nan")])
def test_every_kind_of_blank_is_blank(blank):
    """Dashes, None and the NaN of a data frame count as empty cells, and small letters as letters."""
    assert _errors({"row": {"ciso": "a/r ", "cio": blank}}) == []
    assert ("R3", "row") in _errors({"row": {"ciso": blank}})


def test_a_fourth_consulted_role_is_a_warning_and_not_an_error():
    """R5 warns above three C, and the row stays valid."""
    matrix = {"row": {"ciso": "A/R", "a": "C", "b": "C", "c": "C", "d": "C"}, "other": {"cio": "A/R"}}
    assert ("R5", "row", "") in _warnings(matrix)
    assert valid_rows(matrix) == ("row", "other")


def test_exactly_two_fifths_of_the_rows_are_not_too_many():
    """R6 warns above 40 percent, not at it."""
    matrix = {f"row{n}": {"ciso" if n < 2 else f"role{n}": "A/R"} for n in range(5)}
    assert _warnings(matrix) == []


def test_doing_and_assuring_need_different_answers():
    """R7 finds the role that is A for a control and for its assurance, at the assuring row."""
    matrix = {"patch": {"cio": "A/R"}, "check patching": {"cio": "A", "ciso": "R"}, "log": {"ciso": "A/R"}}
    pairs = [("patch", "check patching")]
    (finding,) = [f for f in check_raci(matrix, assurance_pairs=pairs) if f.rule == "R7"]
    assert (finding.row, finding.role, finding.severity) == ("check patching", "cio", "error")
    assert valid_rows(matrix, assurance_pairs=pairs) == ("patch", "log")
    assert _errors(matrix, assurance_pairs=[("log", "check patching")]) == []


def test_a_pair_with_an_unknown_row_is_refused():
    """A misspelt row in a pair must not pass as a clean R7."""
    with pytest.raises(UsageError, match="Did you mean 'patch'"):
        check_raci({"patch": {"cio": "A/R"}}, assurance_pairs=[("patsh", "patch")])


@pytest.mark.parametrize("check", [check_raci, valid_rows])
def test_a_matrix_without_rows_is_refused(check):
    """Of nothing nobody can say that all is well."""
    with pytest.raises(UsageError, match=r"check_raci\(\): the matrix has no rows. Expected at least one"):
        check({})


@given(MATRICES)
def test_rules_do_not_depend_on_the_order_of_columns(matrix):
    """Turning the columns round changes no finding, only the order of roles in a sentence."""
    turned = {row: dict(reversed(cells.items())) for row, cells in matrix.items()}
    key = [(f.rule, f.row, f.role, f.severity) for f in check_raci(matrix)]
    assert sorted(key) == sorted((f.rule, f.row, f.role, f.severity) for f in check_raci(turned))


@given(MATRICES)
def test_a_valid_row_has_one_a_and_somebody_who_does_it(matrix):
    """Whatever the cells, valid means exactly one A and at least one R."""
    for row in valid_rows(matrix):
        cells = list(matrix[row].values())
        assert sum(cell in ("A", "A/R") for cell in cells) == 1
        assert any(cell in ("R", "A/R") for cell in cells)
