"""The table menu: filter, group and count give what pandas gives, and the count can be taken as the answer."""

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import graded_bank, open_graded, open_practice

from threechairs.activities import Desk, Filter, count, query
from threechairs.company import build_case
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

    assert dict(found.rows) == sizes
    assert found.columns == (group, "rows")
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
    assert len(repr(found).splitlines()) == 1 + found.count
    assert count("charter", holder_1=None).count == count("charter", holder_1="").count
    assert count("charter", group="critical").columns == ("critical", "rows")


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
    assert 'Count in code: count("charter", critical="yes", holder_1="")' in desk.describe()


def test_at_most_a_hundred_rows_are_sent():
    """A long table is counted whole and shown in part."""
    found = query([{"line": number} for number in range(300)])

    assert (found.count, len(found.as_data()["rows"])) == (300, 100)


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
    with pytest.raises(UsageError, match="only an assignment has a case"):
        count("charter")


def test_a_table_is_a_fresh_frame():
    """Changing the frame changes neither the case nor the next frame."""
    case = CASES["ann"]
    frame = case.table("charter")
    frame.loc[:, "critical"] = "spoilt"

    assert set(case.table("charter")["critical"]) == {"yes", "no"}
    pandas.testing.assert_frame_equal(case.table("charter"), pandas.DataFrame(list(ROWS)))
