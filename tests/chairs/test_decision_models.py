"""Rules of RAPID and DACI: one who decides, few who can stop it, and nobody who assures their own work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.chairs.decision_models import check_daci, check_rapid
from threechairs.chairs.raci import Finding
from threechairs.errors import UsageError

COLUMNS = ("ceo", "cso", "ciso", "cio", "audit")
GOOD_RAPID = {"vendor": {"cio": "R", "ciso": "A", "cso": "I", "ceo": "D", "audit": "P"}}
GOOD_DACI = {"vendor": {"cio": "D", "ceo": "A", "ciso": "C", "cso": "C", "audit": "I"}}
RAPID_CELLS = st.sampled_from(["R", "A", "P", "I", "D", "R/D", "D/P", "", "–", "x", None])
DACI_CELLS = st.sampled_from(["D", "A", "C", "I", "D/A", "", "-", "R", None])


def _matrices(cells):
    rows = st.dictionaries(st.sampled_from(COLUMNS), cells, max_size=5)
    return st.dictionaries(st.text(max_size=5), rows, min_size=1, max_size=5)


def _rules(findings):
    return [(f.rule, f.row, f.role, f.severity) for f in findings]


def test_a_good_row_has_no_finding():
    """One who decides, one who recommends, one who performs: nothing to say in either model."""
    assert check_rapid(GOOD_RAPID, assurance=["vendor"]) == ()
    assert check_daci(GOOD_DACI) == ()


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"cio": "R", "ops": "P"}, "Nobody decides on 'row'. Give exactly one role the D."),
        (
            {"cio": "R/D", "ops": "P", "ciso": "D", "cso": "D"},
            "In 'row' cio, ciso and cso each hold a D. With more than one D, nobody decides.",
        ),
    ],
)
def test_exactly_one_role_decides(cells, sentence):
    """RAPID1 names the roles that share the D, or says that nobody holds it."""
    assert check_rapid({"row": cells}) == (Finding("RAPID1", "row", "", "error", sentence),)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"cio": "D"}, "Nobody approves 'row'. Give exactly one role the A."),
        (
            {"cio": "D/A", "ceo": "A"},
            "In 'row' cio and ceo each hold an A. With more than one A, nobody decides.",
        ),
    ],
)
def test_exactly_one_role_approves(cells, sentence):
    """DACI1 is the same rule with the letter of that model."""
    assert check_daci({"row": cells}) == (Finding("DACI1", "row", "", "error", sentence),)


@pytest.mark.parametrize("cell", ["AR", "R,D", "x", "R/x", "C", 1, "R//D"])
def test_a_cell_with_other_letters_is_an_error_of_that_role(cell):
    """RAPID2 and DACI2 say whose cell is wrong, and its letters count for nothing."""
    row = {"ceo": "D", "cio": "R", "ops": "P", "cso": cell}
    assert _rules(check_rapid({"row": row})) == [("RAPID2", "row", "cso", "error")]
    driven = {"ceo": "A", "cio": "D", "cso": "P" if cell == "C" else cell}
    assert _rules(check_daci({"row": driven})) == [("DACI2", "row", "cso", "error")]


@pytest.mark.parametrize("blank", ["", " ", "-", "–", "—", None, float("nan")])
def test_an_empty_row_lacks_the_decider_too(blank):
    """Dashes, None and the NaN of a data frame are blank; an empty row breaks two rules and gets no further hint."""
    assert _rules(check_rapid({"row": {"cio": blank}})) == [
        ("RAPID1", "row", "", "error"),
        ("RAPID3", "row", "", "error"),
    ]
    assert _rules(check_daci({"row": {"cio": blank}})) == [("DACI1", "row", "", "error"), ("DACI3", "row", "", "error")]


def test_small_letters_and_spaces_around_the_slash_are_fine():
    """What a learner types with spaces means the same."""
    assert check_rapid({"row": {"cio": " r / d ", "ops": "p"}}) == ()


def test_a_third_role_that_must_agree_is_a_warning():
    """Two may have to agree; the third is one veto too many, and the limit can be moved."""
    row = {"ceo": "D", "cio": "R/P", "ciso": "A", "cso": "A"}
    assert check_rapid({"row": row}) == ()

    found = check_rapid({"row": {**row, "audit": "A"}})
    assert _rules(found) == [("RAPID4", "row", "", "warning")]
    assert found[0].sentence.startswith("3 roles must agree on 'row'. Above 2 a veto gets cheap")
    assert check_rapid({"row": {**row, "audit": "A"}}, most_agreeing=3) == ()


def test_in_assurance_nobody_decides_on_what_they_perform():
    """D and P in one hand are an error in a row of assurance, and fine in any other."""
    matrix = {"review": {"ciso": "D/P", "cio": "R"}, "patch": {"cio": "D/P", "ops": "R"}}

    assert check_rapid(matrix) == ()
    assert _rules(check_rapid(matrix, assurance=["review"])) == [("RAPID5", "review", "ciso", "error")]


def test_nobody_to_recommend_perform_or_drive_is_a_warning():
    """A row with a decision but without the work around it asks for a second look."""
    assert _rules(check_rapid({"row": {"ceo": "D"}})) == [("RAPID6", "row", "", "warning")] * 2
    assert _rules(check_rapid({"row": {"ceo": "D", "cio": "R"}})) == [("RAPID6", "row", "", "warning")]
    assert _rules(check_daci({"row": {"ceo": "A", "cio": "C"}})) == [("DACI4", "row", "", "warning")]


@given(_matrices(RAPID_CELLS), st.data())
def test_rapid_agrees_with_plain_counting(matrix, data):
    """Counted cell by cell, each rule is broken as often; the order of roles in a row changes nothing."""
    assurance = data.draw(st.lists(st.sampled_from(sorted(matrix)), unique=True))
    expected = []
    for row, cells in matrix.items():
        held = {role: set() if cell in ("x", None, "", "–") else set(cell.split("/")) for role, cell in cells.items()}
        count = {letter: sum(letter in letters for letters in held.values()) for letter in "RAPID"}
        empty = all(cell in (None, "", "–") for cell in cells.values())
        expected += ["RAPID1"] * (count["D"] != 1) + ["RAPID2"] * sum(cell == "x" for cell in cells.values())
        expected += ["RAPID3"] * empty + ["RAPID4"] * (count["A"] > 2)
        expected += ["RAPID5"] * (sum({"D", "P"} <= letters for letters in held.values()) if row in assurance else 0)
        expected += ["RAPID6"] * (0 if empty else (count["R"] == 0) + (count["P"] == 0))
    turned = {row: dict(reversed(cells.items())) for row, cells in matrix.items()}

    assert sorted(f.rule for f in check_rapid(matrix, assurance=assurance)) == sorted(expected)
    assert sorted(f.rule for f in check_rapid(turned, assurance=assurance)) == sorted(expected)


@given(_matrices(DACI_CELLS))
def test_daci_agrees_with_plain_counting(matrix):
    """Counted cell by cell, each rule is broken as often."""
    expected = []
    for cells in matrix.values():
        texts = [cell for cell in cells.values() if cell not in (None, "", "-")]
        approving, driving = (sum(letter in text.split("/") for text in texts) for letter in "AD")
        expected += ["DACI1"] * (approving != 1) + ["DACI2"] * texts.count("R")
        expected += ["DACI3"] * (not texts) + ["DACI4"] * (bool(texts) and not driving)

    assert sorted(f.rule for f in check_daci(matrix)) == sorted(expected)


@pytest.mark.parametrize("check", [check_rapid, check_daci])
def test_a_matrix_without_rows_is_refused(check):
    """Of nothing nobody can say that all is well."""
    with pytest.raises(UsageError, match=rf"{check.__name__}\(\): the matrix has no rows. Expected at least one"):
        check({})


@pytest.mark.parametrize(
    ("assurance", "message"),
    [
        (["vendr"], r"check_rapid\(\): the matrix has no row 'vendr'. Did you mean 'vendor'"),
        ("vendor", r"check_rapid\(\): assurance is the text 'vendor'. Expected a list of rows"),
    ],
)
def test_rows_of_assurance_must_exist(assurance, message):
    """A misspelt row would check nothing, so it is refused with an offer."""
    with pytest.raises(UsageError, match=message):
        check_rapid(GOOD_RAPID, assurance=assurance)
