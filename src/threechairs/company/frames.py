"""Tables of the firm as pandas frames and as CSV, each column as `datapackage.json` describes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from threechairs.company.made import Rows
from threechairs.datasets import resources

if TYPE_CHECKING:
    import pandas

# Column types of pandas: where a value is required, and where it may be missing.
_TYPES = {
    "integer": ("int64", "Int64"),
    "number": ("float64", "float64"),
    "boolean": ("bool", "boolean"),
    "string": ("str", "str"),
    "date": ("datetime64[ns]", "datetime64[ns]"),
    "datetime": ("datetime64[ns, UTC]", "datetime64[ns, UTC]"),
}


def frame(name: str, rows: Rows) -> pandas.DataFrame:
    """Rows of a table as a pandas frame.

    Parameters
    ----------
    name : str
        Name of the table; columns that `datapackage.json` does not describe under it are typed by pandas.
    rows : sequence of mapping
        At least one, all with the same columns.

    Returns
    -------
    pandas.DataFrame
        Whole numbers as `int64`, numbers as `float64`, true and false as `bool`, dates as `datetime64[ns]`, times as
        `datetime64[ns, UTC]`, text as `str`. Text that is required and has a list of possible values comes as
        categories in the order of that list. Where a value may be missing, whole numbers are `Int64` and true and
        false `boolean`.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> sites = frame("sites", Firm("alice", "demo").rows("sites"))
    >>> sites.dtypes[["kind", "headcount", "last_drill_on"]].astype(str).to_list()
    ['category', 'int64', 'datetime64[ns]']
    """
    import pandas

    plain = pandas.DataFrame(list(rows))
    return plain.astype({column: _type(field) for column, field in _fields(name).items() if column in plain})


def as_csv(name: str, rows: Rows) -> str:
    r"""Rows of a table as the text of a CSV file: empty cells for missing values, `true` and `false` in small letters.

    Examples
    --------
    >>> as_csv("demo", [{"id": "A", "ok": True, "cost_eur": None}])
    'id,ok,cost_eur\nA,true,\n'
    """
    delimiters = {column: field.get("delimiter", ",") for column, field in _fields(name).items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value, delimiters.get(column, ",")) for column, value in row.items()])
    return text.getvalue()


def _fields(name: str) -> dict[str, Mapping[str, Any]]:
    described = resources().get(name)
    return {field["name"]: field for field in described["schema"]["fields"]} if described else {}


def _type(field: Mapping[str, Any]) -> Any:
    import pandas

    constraints = field.get("constraints", {})
    required, values = constraints.get("required", False), constraints.get("enum")
    if values and field["type"] == "string" and required:
        # of a column that may be empty, an empty text would be no category and compare as missing
        return pandas.CategoricalDtype(values)
    return _TYPES.get(field["type"], ("object", "object"))[0 if required else 1]


def _cell(value: Any, delimiter: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return delimiter.join(value) if isinstance(value, tuple) else str(value)
