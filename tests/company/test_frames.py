"""Tables as pandas frames and as CSV: the types that the descriptor states."""

from __future__ import annotations

import csv
import io

import pytest

from threechairs.company import build_case
from threechairs.company.firm import MAKERS, Firm
from threechairs.company.frames import as_csv
from threechairs.datasets import resources

FIRM = Firm("alice", "frames")


def test_every_column_has_the_type_that_is_described() -> None:
    """Whole euros are whole numbers, times have a zone, days are days, and listed values are categories."""
    seen = set()
    for name in MAKERS:
        frame = FIRM.frame(name)
        for field in resources()[name]["schema"]["fields"]:
            if field["name"] not in frame:
                continue
            required = field.get("constraints", {}).get("required", False)
            listed = "enum" in field.get("constraints", {}) and required
            expected = {
                "integer": "int64" if required else "Int64",
                "number": "float64",
                "boolean": "bool" if required else "boolean",
                "date": "datetime64[ns]",
                "datetime": "datetime64[ns, UTC]",
                "string": "category" if listed else "str",
                "list": "object",
            }[field["type"]]
            assert str(frame[field["name"]].dtype) == expected, (name, field["name"])
            seen.add(expected)
    assert {"int64", "bool", "category", "datetime64[ns]", "datetime64[ns, UTC]", "str"} <= seen


def test_a_frame_holds_what_the_rows_hold() -> None:
    """No value is lost or changed by its type, in any table."""
    for name in MAKERS:
        rows, frame = FIRM.rows(name), FIRM.frame(name)
        assert list(frame) == list(rows[0]) and len(frame) == len(rows)
        for column in frame:
            values = [row[column] for row in rows]
            again = list(frame[column].astype("object").where(frame[column].notna(), None))
            if str(frame[column].dtype).startswith("datetime64"):
                form = "%Y-%m-%dT%H:%MZ" if frame[column].dt.tz else "%Y-%m-%d"
                again = [value and f"{value:{form}}" for value in again]
            assert again == values, (name, column)


def test_categories_stand_in_the_order_of_the_descriptor() -> None:
    """A chart of kinds of site has the same order for every learner."""
    assert list(FIRM.frame("sites")["kind"].cat.categories) == ["port", "freight", "clinic", "office"]


def test_a_frame_is_a_fresh_copy() -> None:
    """What a learner does to a frame changes neither the next one nor the rows."""
    case = build_case("demo", "alice", tables={"sites": {}})
    frame = case.table("sites")
    frame["headcount"] = 0
    assert case.table("sites")["headcount"].sum() == 4200


def test_text_of_a_charter_compares_as_text() -> None:
    """The learner's code of l01 counts empty holders: an empty text stays one."""
    charter = Firm("alice", "frames").frame("charter")
    counted = ((charter["critical"] == "yes") & (charter["holder_1"] == "")).sum()
    assert counted == FIRM.key("charter")["critical_orphans"]


def test_columns_that_nobody_described_are_left_to_pandas() -> None:
    """A deal table of other parties has columns of its own, and they come as whole numbers."""
    frame = build_case("demo", "alice", tables={"negotiation": {"table": "go-live"}}).table("negotiation")
    assert [str(frame[column].dtype) for column in frame][2:] == ["int64", "int64"]


@pytest.mark.parametrize("value", ['a "quoted", word', "two\nlines", "=1+1", "", "naïve"])
def test_csv_keeps_any_text(value: str) -> None:
    """Commas, quotes, line ends and accents come back as they were."""
    text = as_csv("demo", [{"id": "A", "text": value}])
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == [{"id": "A", "text": value}]


def test_csv_writes_missing_and_true_as_the_tables_do() -> None:
    """A missing value is an empty cell, true and false are small, whole numbers have no point."""
    row = {"id": "A", "done": True, "open": False, "on": None, "cost_eur": 12, "share": 0.5}
    assert as_csv("demo", [row]) == "id,done,open,on,cost_eur,share\nA,true,false,,12,0.5\n"
