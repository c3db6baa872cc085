"""Marks for a table in a variable: what counts, what does not, and why a column is wrong."""

import datetime
import decimal
import fractions

import numpy
import pandas
import pytest
from frame_samples import RIGHT, SITES, beliefs, changed, in_notebook, mark, right_frame, told

from threechairs.errors import GradingError

SAME = {
    "the right frame": right_frame(),
    "rows in another order": right_frame().sample(frac=1, random_state=1),
    "another index": right_frame().set_axis(range(100, 111)),
    "columns in another order, and one more": right_frame(extra=1)[["owner", "extra", "rate", "site", "guards"]],
    "the key in the index": right_frame().set_index("site"),
    "an index that is called like a column": right_frame().set_axis(pandas.Index(range(11), name="rate")),
    "other types of the same values": right_frame().astype({"guards": "float64", "site": "category", "owner": object}),
    "nullable types": right_frame().convert_dtypes(),
    "a dict of columns": dict(RIGHT),
    "a list of rows": right_frame().to_dict("records"),
    "text with a space": right_frame(site=[f" {site} " for site in SITES]),
    "numbers rounded in the last digits": right_frame(rate=[rate * (1 + 1e-10) for rate in RIGHT["rate"]]),
    "exact fractions": right_frame(rate=[fractions.Fraction(21 + number, 100) for number in range(11)]),
}


@pytest.mark.parametrize("same", SAME)
def test_what_does_not_matter_gets_all_points(same):
    """Order, index, types and further columns make no difference where the question does not ask for them."""
    score = mark(SAME[same])

    assert repr(score) == "6", told(score)
    assert [c.comment for c in score.criteria] == ["Right."] * 3


@pytest.mark.parametrize("nothing", [None, ...])
def test_a_variable_without_a_value_is_not_attempted(nothing):
    """What the assignment put there, or no variable at all, is 0 and *not attempted*, in both parts of the cell."""
    for names in ({"rates": nothing}, {}):
        score = in_notebook("mark_frame('rates', 6, expected=[{'a': 1}], by='a')", **names)
        visible = in_notebook("defined('rates')", **names)

        assert (repr(score), score.criteria[0].name) == ("0", "not attempted")
        assert repr(visible) == "0" and "no cell has given rates a value" in visible._repr_html_()


def test_the_visible_part_tells_that_a_value_is_there():
    """It does not tell whether the value is right."""
    assert repr(in_notebook("defined('rates')", rates=7)) == "rates has a value; marked after submission"


def test_a_wrong_cell_costs_its_column_and_is_named():
    """The other columns keep their points; the reason has the count, the first place, and both values."""
    rates = right_frame().assign(rate=lambda frame: frame.rate.where(~frame.site.isin(["S04", "S07", "S11"]), 0.12))

    score = mark(rates)

    assert repr(score) == "4"
    assert "column 'rate': wrong in 3 of 11 rows, first at site S04: 0.12 instead of 0.24." in told(score)
    assert "column 'guards': Right." in told(score)


def test_credit_by_cell_gives_a_part_of_a_column():
    """8 of 11 cells are 8/11 of the column's share."""
    rates = right_frame(guards=[*range(8), -1, -1, -1])

    assert mark(rates, credit="cells").points == pytest.approx(4 + 2 * 8 / 11)


@pytest.mark.parametrize(("credit", "points"), [("columns", 0), ("cells", 6 * 11 / 12)])
def test_a_row_too_many_costs(credit, points):
    """No column is all right with a row too many; by cell each has one wrong cell more. The row is named."""
    rates = pandas.concat([right_frame(), pandas.DataFrame({"site": ["S99"], "rate": [1.0]})])

    score = mark(rates, credit=credit)

    assert score.points == pytest.approx(points)
    assert "rows: 1 row is too many, first site S99." in told(score)
    assert "column 'rate': Right in the rows that it shares with the right table." in told(score)


@pytest.mark.parametrize(("credit", "points"), [("columns", 0), ("cells", 6 * 9 / 11)])
def test_missing_rows_cost(credit, points):
    """A row that is not there is wrong in every column, and the first is named."""
    score = mark(right_frame().iloc[2:], credit=credit)

    assert score.points == pytest.approx(points)
    assert "rows: 2 rows are missing, first site S01." in told(score)


def test_guessing_twice_does_not_pay():
    """Of two rows with one key the first is looked at, and the other is too many."""
    guesses = pandas.concat([changed("rate", 0, 0.5), right_frame().iloc[:1]])

    score = mark(guesses, credit="cells")

    assert "first at site S01: 0.5 instead of 0.21" in told(score)
    assert "1 row is too many, first site S01" in told(score)
    assert score.points == pytest.approx(2 * (10 + 11 + 11) / 12)


def test_a_missing_column_costs_its_points_alone():
    """The learner is told the name that is nearest."""
    score = mark(right_frame().rename(columns={"rate": "rates"}))

    assert repr(score) == "4"
    assert "Your table has no column 'rate' (Did you mean 'rates'?)." in told(score)


def test_a_column_that_stands_there_twice_is_wrong():
    """Nobody has to guess which of two columns is meant."""
    twice = pandas.concat([right_frame(), right_frame()[["rate"]] * 2], axis=1)

    score = mark(twice)

    assert repr(score) == "4"
    assert "Your table has several columns 'rate'." in told(score)


def test_without_the_key_nothing_can_be_compared():
    """Where rows cannot be told apart, the reason says by what they should be."""
    score = mark(right_frame().drop(columns="site"))

    assert repr(score) == "0"
    assert "Rows are told apart by 'site'; rates has no column 'site'" in told(score)


def test_a_key_that_stands_there_twice_tells_nothing_apart():
    """Nobody has to guess by which of two columns of one name rows are matched."""
    score = mark(pandas.concat([right_frame(), right_frame()[["site"]]], axis=1))

    assert repr(score) == "0"
    assert "rates has several columns 'site'." in told(score)


def test_several_keys_tell_rows_apart():
    """Rows are matched by all of the keys together, and the place names each."""
    expected = [
        {"site": site, "year": year, "n": n} for n, (site, year) in enumerate([("S1", 1), ("S1", 2), ("S2", 1)])
    ]
    given = [{"site": "S2", "year": 1, "n": 2}, {"site": "S1", "year": 2, "n": 7}, {"site": "S1", "year": 1, "n": 0}]

    score = mark(given, expected=expected, by=["site", "year"])

    assert "wrong in 1 of 3 rows, first at site S1, year 2: 7 instead of 1." in told(score)


def test_only_the_columns_asked_for_are_compared():
    """What the author leaves out is neither wanted nor marked, whatever cells it has."""
    expected = right_frame(notes=[[1]] * 11)

    assert repr(mark(right_frame()[["site", "guards"]], expected=expected, columns=["guards"])) == "6"


def test_a_list_of_keys_is_marked_by_its_rows():
    """Where the key is all there is, the rows have the points: all or nothing, or a share of all rows named."""
    expected = {"site": SITES[:4]}
    given = {"site": [*SITES[:3], "S99"]}

    assert repr(mark({"site": SITES[3::-1]}, expected=expected)) == "6"
    assert repr(mark(given, expected=expected)) == "0"
    assert mark(given, expected=expected, credit="cells").points == pytest.approx(6 * 3 / 5)
    assert "1 row is missing, first site S04; 1 row is too many, first site S99." in told(
        mark(given, expected=expected)
    )


def test_an_empty_table_can_be_right():
    """Where nothing is to be found, finding nothing earns the points, and finding something does not."""
    empty = {"site": [], "rate": []}

    assert repr(mark(pandas.DataFrame(empty), expected=empty)) == "6"
    assert repr(mark(pandas.DataFrame(empty), expected=empty, credit="cells")) == "6"
    assert repr(mark({"site": ["S01"], "rate": [1]}, expected=empty)) == "0"
    assert repr(mark(pandas.DataFrame({"site": []}), expected={"site": []}, credit="cells")) == "6"


def test_the_order_of_rows_counts_where_it_is_asked_for():
    """By position, each row in another place is wrong; its place in the learner's table is told."""
    swapped = right_frame().iloc[[0, 2, 1, *range(3, 11)]]

    score = mark(swapped, by=None, order=True)

    assert repr(score) == "0"
    assert "column 'site': wrong in 2 of 11 rows, first at row 2 of your table: 'S03' instead of 'S02'." in told(score)
    assert repr(mark(right_frame(), by=None, order=True)) == "6"
    assert "1 row is missing." in told(mark(right_frame().iloc[:10], by=None, order=True))


def test_without_a_key_rows_are_paired_as_well_as_can_be():
    """In any order, one wrong cell is one wrong cell, not a shift of all that follows."""
    shuffled = changed("rate", 4, 0.9).sample(frac=1, random_state=3)

    score = mark(shuffled, points=4, by=None, credit="cells")

    assert score.points == pytest.approx(4 - 1 / 11)
    assert repr(mark(right_frame().iloc[::-1], points=4, by=None)) == "4"


def test_the_index_counts_where_it_is_asked_for():
    """Named or not, a level of the index is then a column like others."""
    expected = pandas.DataFrame({"n": [1, 2]}, index=["a", "b"])

    right = mark(expected.copy(), points=2, expected=expected, by=None, index=True)
    other = mark(expected.set_axis(["a", "c"]), points=2, expected=expected, by=None, index=True)
    keyed = mark(expected.iloc[::-1], points=2, expected=expected, by="index", index=True)

    assert [repr(score) for score in (right, other, keyed)] == ["2", "1", "2"]
    assert "column 'index': wrong in 1 of 2 rows, first at row 2 of your table: 'c' instead of 'b'." in told(other)


@pytest.mark.parametrize(
    ("tolerance", "accepted"), [({"relative": 0.005}, 1004.9), ({"tolerance": 3}, 1003), ({"standard_error": 1}, 1004)]
)
def test_numbers_have_the_tolerance_that_is_given(tolerance, accepted):
    """Absolute, relative and for simulations, as for a single number."""
    expected = {"site": ["S1"], "loss": [1000.0]}

    assert repr(mark({"site": ["S1"], "loss": [accepted]}, expected=expected, **tolerance)) == "6"
    assert repr(mark({"site": ["S1"], "loss": [accepted + 0.2]}, expected=expected, **tolerance)) == "0"


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("rate", "0.22", "the text '0.22' instead of 0.22"),
        ("rate", float("nan"), "nothing instead of 0.22"),
        ("rate", float("inf"), "inf instead of 0.22"),
        ("rate", 0.22000001, "0.22000001 instead of 0.22"),
        ("rate", 10**400, f"{10**400}"[:60]),
        ("rate", 10**5000, "a number of thousands of digits instead of 0.22"),
        ("rate", [0.22], "something of type list instead of 0.22"),
        ("rate", numpy.complex128(0.22), "something of type complex instead of 0.22"),
        ("rate", decimal.Decimal("0.23"), "0.23 instead of 0.22"),
        ("owner", "CISO", "'CISO' instead of 'ciso'"),
        ("owner", 7, "7 instead of 'ciso'"),
        ("owner", "x" * 5000, "x" * 59 + " instead of 'ciso'"),
    ],
    ids=lambda value: str(value)[:20] if not isinstance(value, int) else "number",
)
def test_a_cell_of_another_value_or_kind_is_wrong(column, cell, words):
    """A text is no number, nothing is no value, and the learner reads what stands there, shortened."""
    cells = list(RIGHT[column])
    cells[1] = cell
    score = mark(right_frame(**{column: pandas.Series(cells, dtype=object)}))

    assert repr(score) == "4"
    assert words in told(score)


def test_a_missing_cell_is_a_value():
    """Nothing where nothing belongs is right; something there is not."""
    score = mark(changed("owner", 10, "cso"))

    assert "first at site S11: 'cso' instead of nothing" in told(score)


def test_what_no_float_can_hold_is_compared_as_it_is():
    """Infinity is infinity, with its sign, and integers of any length are themselves."""
    expected = {"site": SITES[:3], "ratio": pandas.Series([float("inf"), 10**400, 0.5], dtype=object)}
    other = {**expected, "ratio": pandas.Series([float("-inf"), 10**400 + 1, 0.5], dtype=object)}

    assert repr(mark(dict(expected), expected=expected)) == "6"
    assert "wrong in 2 of 3 rows, first at site S01: -inf instead of inf." in told(mark(other, expected=expected))


def test_moments_and_durations_are_compared_as_such():
    """A date, a datetime and a numpy moment are the same moment; another zone's noon is another one."""
    noon = pandas.Timestamp("2026-03-01 12:00", tz="UTC")
    expected = {
        "id": [1, 2, 3],
        "at": ["x", noon, pandas.Timestamp("2026-03-01")],
        "took": pandas.to_timedelta([1, 2, 3]),
    }
    moments = ["x", noon.tz_convert("Europe/Paris").to_pydatetime(), datetime.date(2026, 3, 1)]
    durations = [numpy.timedelta64(1, "ns"), pandas.Timedelta(2, "ns"), numpy.timedelta64(3, "ns")]
    key = {"expected": {**expected, "at": pandas.Series(expected["at"], dtype=object)}, "by": "id"}

    right = mark({"id": [1, 2, 3], "at": pandas.Series(moments, dtype=object), "took": durations}, **key)
    naive = ["x", noon.tz_localize(None), numpy.datetime64("2026-03-01")]
    wrong = mark(
        {"id": [1, 2, 3], "at": pandas.Series(naive, dtype=object), "took": [datetime.timedelta(1)] * 3}, **key
    )

    assert repr(right) == "6", told(right)
    assert "column 'at': wrong in 1 of 3 rows, first at id 2: 2026-03-01 12:00:00 instead of" in told(wrong)
    assert "column 'took': wrong in 3 of 3 rows" in told(wrong)


def test_a_misconception_is_recognised_by_its_column():
    """A column that equals what a misconception computes gets its text and name once, and no marks."""
    halves = [rate / 2 for rate in RIGHT["rate"]]
    wrong = [({"site": SITES, "rate": halves}, "count-is-harm", "You halved it.")]

    score = mark(right_frame(rate=halves), wrong=wrong)
    other = mark(right_frame(rate=[*halves[:10], 9]), wrong=wrong)

    assert (repr(score), beliefs(score)) == ("4", [("column 'rate'", "count-is-harm")])
    assert "You halved it." in told(score)
    assert beliefs(other) == []


def test_a_misconception_about_rows_is_recognised():
    """A table with the rows of another filter is named once, though every column of it is wrong."""
    more = pandas.concat([right_frame(), right_frame(site=[f"T{site}" for site in SITES])])

    score = mark(more, wrong=[(more, "count-is-harm", "You did not filter.")])
    keys = mark(more, expected={"site": SITES}, wrong=[(more[["site"]], "count-is-harm", "You did not filter.")])

    assert (repr(score), beliefs(score)) == ("0", [("column 'rate'", "count-is-harm")])
    assert (repr(keys), beliefs(keys)) == ("0", [("rows", "count-is-harm")])
    assert "You did not filter." in told(keys)


def test_a_misconception_never_shadows_the_right_table():
    """Where a misconception's table is the right one in some variant, nobody is corrected."""
    score = mark(right_frame(), wrong=[(right_frame(), "count-is-harm", "No.")])
    keys = mark({"site": SITES}, expected={"site": SITES}, wrong=[({"site": SITES}, "count-is-harm", "No.")])

    assert (repr(score), beliefs(score)) == (repr(keys), beliefs(keys)) == ("6", [])


def test_coaching_is_told_where_a_column_is_wrong():
    """The author's words follow the reason, and a right column has none."""
    score = mark(changed("rate", 3, 0.12), coaching={"rate": "Divide by all staff.", "guards": "Count them."})

    assert "instead of 0.24. Divide by all staff." in told(score)
    assert "Count them." not in told(score)


FAULTS = {
    "expected is no table": ({"expected": 7}, "the expected table is no table but of type int"),
    "no such key": ({"by": "sites"}, r"the expected table has no column 'sites' \(Did you mean 'site'\?\)"),
    "no such column": ({"columns": ["rates"]}, "the expected table has no column 'rates'"),
    "a key that does not tell rows apart": (
        {"by": "owner"},
        "'owner' do not tell the rows of the expected table apart",
    ),
    "a cell that cannot be compared": (
        {"expected": {"site": ["S1"], "x": [[1]]}},
        "'x' cannot be compared: a cell is of type list",
    ),
    "columns of one name": (
        {"expected": pandas.concat([right_frame(), right_frame()[["rate"]]], axis=1)},
        "'rate' cannot be compared: several columns have this name",
    ),
    "both ways of matching": ({"order": True}, "Expected either 'by' or 'order'"),
    "many rows without a key": ({"by": None, "expected": {"n": list(range(301))}}, "301 rows are to be paired"),
    "nothing to compare": ({"by": None, "columns": []}, "no column is compared"),
    "another kind of credit": ({"credit": "rows"}, "credit is 'rows'"),
    "a misconception that is no table": ({"wrong": [(7, "count-is-harm", "")]}, "misconception's table is no table"),
    "a misconception without the key": ({"wrong": [({"rate": [1]}, "count-is-harm", "")]}, "has no column 'site'"),
    "a tolerance of 5": ({"relative": 5}, "relative tolerance is 5"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_test_is_told_to_its_author(fault):
    """What cannot be compared is an error of the test also on untouched work, so that no learner meets it first."""
    key, words = FAULTS[fault]

    for rates in (right_frame(), None):
        with pytest.raises(GradingError, match=words):
            mark(rates, **key)
