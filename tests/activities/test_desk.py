"""The table menu: filter, group, count and sum give what pandas gives, and the figure can be the answer."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import graded_bank, open_graded, open_practice

from threechairs.activities import Desk, Filter, average, count, query, total
from threechairs.company import build_case
from threechairs.course import workbook
from threechairs.course.items import item_bank
from threechairs.errors import UsageError

BANK = item_bank("l01-three-chairs")
CASES = {
    name: build_case("l01-three-chairs", name, facts=BANK.facts, tables=BANK.tables) for name in ("ann", "bo", "cy")
}
ROWS = CASES["ann"].table_rows("charter")
COLUMNS = list(ROWS[0])
WORDS = [*sorted({str(row[column]) for row in ROWS for column in COLUMNS}), "elsewhere", " YES ", ""]


@st.composite
def conditions(draw):
    column = draw(st.sampled_from(COLUMNS))
    op = draw(st.sampled_from(["is", "is not", "is empty", "is not empty"]))
    if column == "line" and draw(st.booleans()):
        return Filter(column, draw(st.sampled_from(["at least", "at most"])), str(draw(st.integers(-2, 40))))
    own = sorted({str(row[column]) for row in ROWS})
    return Filter(column, op, draw(st.sampled_from(own) | st.sampled_from(WORDS)))


def kept_by_pandas(frame, condition):
    text = frame[condition.column].astype(str).str.casefold()
    wanted = condition.value.strip().casefold()
    return {
        "is": lambda: text == wanted,
        "is not": lambda: text != wanted,
        "is empty": lambda: text == "",
        "is not empty": lambda: text != "",
        "at least": lambda: frame[condition.column] >= float(condition.value),
        "at most": lambda: frame[condition.column] <= float(condition.value),
    }[condition.op]()


@settings(max_examples=60)
@given(st.sampled_from(sorted(CASES)), st.lists(conditions(), max_size=3))
def test_conditions_keep_the_rows_that_pandas_keeps(name, filters):
    """Whichever way a learner takes, the same rows are left, in the same order, with the same count."""
    frame = CASES[name].table("charter")
    for condition in filters:
        frame = frame[kept_by_pandas(frame, condition)]

    found = query(CASES[name].table_rows("charter"), filters)

    assert [list(row) for row in found.rows] == frame.values.tolist()
    assert found.count == len(frame)
    assert found.sentence.startswith(f"{len(frame)} of 36 rows")
    assert all(str(condition) in found.sentence for condition in filters)


@settings(max_examples=60)
@given(st.sampled_from(sorted(CASES)), st.lists(conditions(), max_size=1), st.sampled_from(COLUMNS))
def test_groups_are_those_of_pandas(name, filters, group):
    """Counts per group add up to the rows that were kept."""
    frame = CASES[name].table("charter")
    for condition in filters:
        frame = frame[kept_by_pandas(frame, condition)]
    sizes = frame.assign(key=frame[group].astype(str).replace("", "(empty)")).groupby("key").size().to_dict()

    found = query(CASES[name].table_rows("charter"), filters, group)

    assert {name: size for name, size, _share in found.rows} == sizes
    assert {name: share for name, _size, share in found.rows} == {
        name: round(100 * size / len(frame), 1) for name, size in sizes.items()
    }
    assert found.columns == (group, "rows", "share of rows (%)")
    assert found.count == sum(sizes.values()) == len(frame)


@settings(max_examples=60)
@given(st.sampled_from(sorted(CASES)), st.sampled_from(["yes", "no"]), st.sampled_from(["", "cso", "ciso", "cio"]))
def test_two_conditions_count_like_pandas(name, critical, holder):
    """The count that answers the graded question is the one that pandas gives."""
    case = CASES[name]
    frame = case.table("charter")
    expected = int(((frame["critical"] == critical) & (frame["holder_1"] == holder)).sum())
    filters = [Filter("critical", "is", critical), Filter("holder_1", "is", holder)]

    assert query(case.table_rows("charter"), filters).count == expected


@pytest.fixture
def desk(working_folder):
    return Desk("number", open_graded(working_folder), "charter")


def test_count_in_code_is_the_menu(desk):
    """Conditions by name, empty text for empty; the text shows the sentence and the rows."""
    found = count("charter", critical="yes", holder_1="")
    by_menu = desk.ask(
        [{"column": "critical", "op": "is", "value": "yes"}, {"column": "holder_1", "op": "is empty", "value": ""}]
    )

    assert found == by_menu
    assert repr(found).splitlines()[0] == f"{found.count} of 36 rows where critical is yes and holder_1 is empty."
    assert repr(found).splitlines()[1] == "line · duty · domain · critical · holder_1 · holder_2"
    assert len(repr(found).splitlines()) == 2 + found.count
    assert count("charter", holder_1=None).count == count("charter", holder_1="").count
    assert count("charter", group="critical").columns == ("critical", "rows", "share of rows (%)")


def test_the_menu_offers_values_where_they_are_few(desk):
    """A column of few values has them as choices, the duties do not."""
    columns = {column["id"]: column["values"] for column in desk.columns}

    assert columns["critical"] == ["no", "yes"]
    assert set(columns["holder_1"]) == {"", "cso", "ciso", "cio"}
    assert columns["duty"] is None and columns["line"] is None


def test_a_count_is_recorded_as_the_answer(desk):
    """The number taken from the menu is stored like one that was typed."""
    desk.record({"number": desk.ask([{"column": "critical", "op": "is", "value": "yes"}]).count})

    assert desk.told().endswith("duties")
    assert desk.reply() == "Marked after submission."
    assert 'Count in code: count("charter", domain="technology"); "" stands for an empty cell' in desk.describe()
    assert "total(" not in desk.describe()


TICKETS = build_case("demo", "ann", tables={"tickets": {"rows": 500}})


@pytest.fixture
def tickets(working_folder):
    """The table menu over a table with hours to add up."""
    opened = dataclasses.replace(open_graded(working_folder), case=TICKETS)
    workbook._open(opened)
    return Desk("number", opened, "tickets")


@pytest.mark.parametrize("of", ["sum", "mean"])
def test_sums_and_means_are_those_of_pandas(tickets, of):
    """Over all rows, under a condition and per group; sums are exact to the decimal of the table."""
    frame = TICKETS.table("tickets")
    measure = f"{of} of hours_dark"
    power = frame[frame["cause"] == "power"]["hours_dark"]
    groups = frame.groupby("cause")["hours_dark"]

    assert tickets.ask(measure=measure).figure == pytest.approx(getattr(frame["hours_dark"], of)(), abs=1e-9)
    found = tickets.ask([{"column": "cause", "op": "is", "value": "power"}], "", measure)
    assert found.figure == pytest.approx(getattr(power, of)(), abs=1e-9)
    assert f"where cause is power. {of.capitalize()} of hours_dark: {found.figure:,.10g}." in found.sentence
    by_cause = tickets.ask([], "cause", measure)
    assert {row[0]: row[1] for row in by_cause.rows} == groups.size().to_dict()
    assert {row[0]: row[2] for row in by_cause.rows} == pytest.approx(getattr(groups, of)().to_dict(), abs=1e-9)


def test_sums_are_exact():
    """Ten tenths are one, whatever binary fractions make of them, and so are the sums of groups."""
    rows = [{"gate": "G", "hours": 0.1}] * 10

    assert query(rows, measure="sum of hours").figure == 1
    assert query(rows, (), "gate", "sum of hours").rows == (("G", 10, 1, 100),)
    for hours, exact in (([0.1] * 1000, 100), ([0.1, 0.2], 0.3), ([1e16, 1.0, -1e16], 1)):
        assert query([{"hours": one} for one in hours], measure="sum of hours").figure == exact
    tenths = sum(round(10 * row["hours_dark"]) for row in TICKETS.table_rows("tickets"))
    assert query(TICKETS.table_rows("tickets"), measure="sum of hours_dark").figure == tenths / 10


def test_groups_tell_their_share_of_the_sum(tickets):
    """A share of hours is a share of the hours that the conditions leave; a mean has no share."""
    rows = [{"cause": "power", "hours": 1}, {"cause": "power", "hours": 2}, {"cause": "camera", "hours": 6}]

    found = query(rows, (), "cause", "sum of hours")
    assert found.columns == ("cause", "rows", "sum of hours", "share of hours (%)")
    assert found.rows == (("camera", 1, 6, 66.7), ("power", 2, 3, 33.3))
    assert query(rows, [Filter("cause", "is", "power")], "cause", "sum of hours").rows == (("power", 2, 3, 100),)
    assert query(rows, (), "cause", "mean of hours").columns == ("cause", "rows", "mean of hours")
    assert query(rows, (), "hours").rows == (("1", 1, 33.3), ("2", 1, 33.3), ("6", 1, 33.3))
    assert query([{"cause": "power", "hours": 0}], (), "cause", "sum of hours").rows == (("power", 1, 0, None),)


def test_groups_of_numbers_stand_in_their_order():
    """Gate 2 comes before gate 10."""
    found = query([{"gate": number} for number in (10, 2, 1)], (), "gate")

    assert [row[0] for row in found.rows] == ["1", "2", "10"]


def test_the_mean_of_no_rows_is_none(tickets):
    """Nothing is divided by nothing, and the sentence says so."""
    nowhere = [{"column": "gate", "op": "is", "value": "Gate 99"}]

    assert tickets.ask(nowhere, "", "mean of hours_dark").figure is None
    assert tickets.ask(nowhere, "", "mean of hours_dark").sentence.endswith("Mean of hours_dark: none.")
    assert tickets.ask(nowhere, "", "sum of hours_dark").figure == 0
    assert tickets.ask(nowhere, "cause", "sum of hours_dark").rows == ()


def test_sums_in_code_are_the_menu(tickets):
    """`total` and `average` are the menu's sum and mean, with the same conditions and groups."""
    power = [{"column": "cause", "op": "is", "value": "power"}]

    assert total("tickets", "hours_dark", group="cause") == tickets.ask([], "cause", "sum of hours_dark")
    assert average("tickets", "hours_dark", cause="power") == tickets.ask(power, "", "mean of hours_dark")
    assert 'Sum in code: total("tickets", "hours_dark", group="gate")' in tickets.describe()
    assert 'Mean in code: average("tickets", "hours_dark", group="gate")' in tickets.describe()
    assert repr(total("tickets", "hours_dark")).splitlines()[-1] == "and 400 more rows"


def test_the_menu_offers_to_add_up_what_can_be(tickets, working_folder):
    """Hours can be added up; words cannot, and line numbers need not be."""
    charter = Desk("number", open_graded(working_folder), "charter")

    assert [one["label"] for one in tickets.measures] == ["Number of rows", "Sum of hours_dark", "Mean of hours_dark"]
    assert [one["id"] for one in tickets.measures] == ["", "sum of hours_dark", "mean of hours_dark"]
    assert [one["id"] for one in charter.measures] == [""]
    assert "add up" in tickets.heading and "add up" not in charter.heading


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("sum of hours_drak", "column 'hours_drak': the table has no such column. Did you mean 'hours_dark'?"),
        ("sum of cause", "column 'cause': not all its values are numbers. Columns with numbers: hours_dark."),
        ("median of hours_dark", "measure: 'median of hours_dark' is not known. Expected 'sum of COLUMN'"),
        ("sum", "column '': the table has no such column."),
    ],
)
def test_a_measure_that_does_not_exist_is_told(tickets, measure, words):
    """An unknown column, one of words, or another way to work it out, says what would do."""
    with pytest.raises(UsageError) as told:
        tickets.ask(measure=measure)

    assert words in str(told.value)


def test_at_most_a_hundred_rows_are_sent():
    """A long table is counted whole and shown in part."""
    found = query([{"line": number} for number in range(300)])

    assert (found.count, len(found.as_data()["rows"]), found.as_data()["left_out"]) == (300, 100, 200)
    assert query([{"line": 1}]).as_data()["left_out"] == 0


@pytest.mark.parametrize(
    ("filters", "group", "words"),
    [
        (
            [Filter("critcal", "is", "yes")],
            "",
            "column 'critcal': the table has no such column. Did you mean 'critical'?",
        ),
        ([], "holder", "Did you mean 'holder_"),
        ([Filter("critical", "equals", "yes")], "", "condition: 'equals' is not known."),
        ([Filter("critical", "at least", "3")], "", "'at least' and 'at most' need numbers"),
        ([Filter("line", "at least", "three")], "", "'at least' and 'at most' need numbers"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(filters, group, words):
    """An unknown column or operator, or a comparison of words, says what would do."""
    with pytest.raises(UsageError) as told:
        query(ROWS, filters, group)

    assert words in str(told.value)


def test_a_desk_needs_a_number_question_and_a_table(working_folder):
    """Another kind of question, another table, or a lesson cannot have a table menu."""
    opened = open_graded(working_folder, graded_bank())

    with pytest.raises(UsageError, match="only a number question"):
        Desk("one", opened, "charter")
    with pytest.raises(UsageError, match="Did you mean 'charter'"):
        Desk("number", opened, "charta")
    with pytest.raises(UsageError, match="only a number question"):
        Desk("number", open_practice(working_folder), "charter")
    with pytest.raises(UsageError, match=r"count\('charter'\): only an assignment has a case"):
        count("charter")
    with pytest.raises(UsageError, match=r"total\('charter'\): only an assignment has a case"):
        total("charter", "line")


def test_a_table_is_a_fresh_frame():
    """Changing the frame changes neither the case nor the next frame."""
    case = CASES["ann"]
    frame = case.table("charter")
    frame["critical"] = "spoilt"

    assert set(case.table("charter")["critical"]) == {"yes", "no"}
    assert case.table("charter").to_dict("records") == [dict(row) for row in ROWS]
