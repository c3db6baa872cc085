"""The firm as a whole: one seed, one set of tables; ids that fit together; the reference variant to the letter."""

from __future__ import annotations

import json
import time

import pytest

from threechairs.company import build_case, build_firm
from threechairs.company.draws import Draws
from threechairs.company.firm import MAKERS, REFERENCE, Firm
from threechairs.company.frames import as_csv
from threechairs.datasets import course_root, resources, table
from threechairs.errors import ContentError, UsageError

TABLES = pytest.mark.parametrize("name", MAKERS)
LEARNERS = [Firm(name, "l05") for name in ("alice", "bob", "carol")]
# All tables of a learner may take as long as so many plain draws; measured on a quiet machine they take a third.
BUDGET_DRAWS = 3_000_000


def _described() -> dict[str, dict]:
    return {name: resources()[name] for name in MAKERS}


def _is_id(described: dict) -> bool:
    """True if a table's key is an id of its own, not one that it borrows."""
    key = described["schema"]["primaryKey"]
    borrowed = {column for one in described["schema"].get("foreignKeys", []) for column in one["fields"]}
    return len(key) == 1 and key[0].endswith("_id") and key[0] not in borrowed


def _columns(name: str) -> list[dict]:
    return resources()[name]["schema"]["fields"]


@TABLES
def test_the_same_seed_gives_the_same_table(name: str) -> None:
    """Rows and key are equal however often, and in whatever order, tables are made."""
    one, again = Firm("alice", "l05"), Firm("alice", "l05")
    for other in reversed(MAKERS):
        again.made(other)
    assert one.made(name) == again.made(name)
    assert one.rows(name) is one.rows(name)


@TABLES
def test_learners_and_attempts_have_tables_of_their_own(name: str) -> None:
    """Nobody can copy from a neighbour, nor from the first attempt."""
    rows = Firm("alice", "l05").rows(name)
    assert rows != Firm("bob", "l05").rows(name)
    assert rows != Firm("alice", "l05", 2).rows(name)
    assert rows != Firm("alice", "l06").rows(name)


@TABLES
def test_the_committed_reference_is_what_the_code_makes(name: str) -> None:
    """Golden: every Python and processor makes the very bytes that lie in datasets/firm/."""
    path = course_root() / "datasets" / "firm" / f"{name}.csv"
    made = as_csv(name, Firm(REFERENCE, REFERENCE).rows(name))
    assert path.read_bytes().decode() == made, "if the change is meant: threechairs company --reference"


@TABLES
def test_the_committed_reference_is_read_with_its_types(name: str) -> None:
    """Read back by the descriptor, rows equal the rows that were made; an empty text comes back as missing."""
    made = [{key: None if value == "" else value for key, value in row.items()} for row in _reference().rows(name)]
    assert [dict(row) for row in table(name)] == made


def test_every_table_of_the_firm_is_described_and_no_other() -> None:
    """A new maker needs a descriptor and a committed file; a dropped one leaves nothing behind."""
    described = {name for name, one in resources().items() if one["path"].startswith("firm/")}
    files = {path.stem for path in (course_root() / "datasets" / "firm").iterdir()}
    assert described == files == set(MAKERS)


@pytest.mark.parametrize("firm", LEARNERS, ids=lambda firm: firm.seed[0])
@TABLES
def test_rows_are_as_described(firm: Firm, name: str) -> None:
    """Every learner's rows have the described columns, types, bounds, lists and keys, as the reference has."""
    frictionless = pytest.importorskip("frictionless")
    resource = {**resources()[name], "path": f"{name}.csv"}
    schema = {key: value for key, value in resource["schema"].items() if key != "foreignKeys"}
    rows = firm.rows(name)
    assert list(rows[0]) == [field["name"] for field in _columns(name)]
    data = as_csv(name, rows).encode()
    report = frictionless.validate(
        frictionless.Resource(data=data, format="csv", schema=frictionless.Schema.from_descriptor(schema))
    )
    assert report.flatten(["rowNumber", "fieldName", "message"]) == []


@pytest.mark.parametrize("firm", LEARNERS, ids=lambda firm: firm.seed[0])
def test_every_id_exists_where_it_points(firm: Firm) -> None:
    """All foreign keys of all tables hold, those to tables of the course as well."""
    for name in MAKERS:
        for key in resources()[name]["schema"].get("foreignKeys", []):
            other = key["reference"]["resource"] or name
            rows = firm.rows(other) if other in MAKERS else table(other)
            known = {tuple(row[column] for column in key["reference"]["fields"]) for row in rows}
            used = {tuple(row[column] for column in key["fields"]) for row in firm.rows(name)}
            used = {one for one in used if None not in one}
            assert used and used <= known, (name, key["fields"], sorted(used - known)[:3])
    scenarios = {row["scenario_id"] for row in firm.rows("loss_scenarios")}
    assert {one for row in firm.rows("controls") for one in row["scenario_ids"]} <= scenarios


def test_every_column_that_names_another_table_is_a_foreign_key() -> None:
    """A column called like the key of another table of the firm points there, and is declared so."""
    own_ids = {one["schema"]["primaryKey"][0] for one in _described().values() if _is_id(one)}
    assert {"site_id", "user_id", "app_id", "store_id"} <= own_ids
    for name, one in _described().items():
        declared = {tuple(key["fields"]) for key in one["schema"].get("foreignKeys", [])}
        named = {field["name"] for field in one["schema"]["fields"]} & own_ids
        own = set(one["schema"]["primaryKey"]) if _is_id(one) else set()
        assert {(column,) for column in named - own} <= declared, name


@TABLES
def test_what_was_planted_is_in_the_key(name: str) -> None:
    """A key can be written down for graders, is never empty, and differs between learners."""
    keys = [Firm(f"learner-{number}", "l05").key(name) for number in range(6)]
    assert all(key and json.loads(json.dumps(key)).keys() == key.keys() for key in keys)
    assert len({str(key) for key in keys}) > 1


def test_an_unknown_table_is_refused_with_an_offer() -> None:
    """A typo in the name of a table offers the one that was meant."""
    with pytest.raises(UsageError, match=r"the firm has no such table\. Did you mean 'sites'"):
        Firm("alice", "demo").rows("sits")


def test_an_unknown_setting_is_refused_with_an_offer() -> None:
    """A typo in an item bank's settings is told before anything is drawn."""
    with pytest.raises(ContentError, match=r"demo: table 'sites' has no setting 'overdu'\. Did you mean 'overdue'"):
        build_case("demo", "alice", tables={"sites": {"overdu": [2, 2]}})


def test_a_case_reaches_every_table_of_the_firm() -> None:
    """What an item bank asks for by name is the firm's own table, settings passed on, and comes as a frame."""
    plain = Firm("alice", "demo")
    other = 7 - plain.key("sites")["overdue_drills"]  # a number from 2 to 5, as the other one
    tables = {name: {} for name in MAKERS} | {"sites": {"overdue": [other, other]}}
    case = build_case("demo", "alice", tables=tables)
    for name in MAKERS:
        assert len(case.table(name)) == len(case.table_rows(name)) == len(plain.rows(name))
    assert build_firm("demo", "alice", tables=tables).key("sites") == {"overdue_drills": other}
    assert case.table_rows("sites") == build_firm("demo", "alice", tables=tables).rows("sites") != plain.rows("sites")
    assert case.table_rows("charter") == plain.rows("charter")


def test_a_case_holds_no_key() -> None:
    """What was planted cannot be read off the case that lies open in a learner's notebook."""
    case = build_case("demo", "alice", tables={"sites": {"overdue": [3, 3]}})
    assert not [name for name, value in vars(case).items() if isinstance(value, Firm) or "overdue_drills" in str(value)]


def test_settings_count_whatever_the_order_of_tables() -> None:
    """A table that another one asks for first still has its own settings, and a new table changes no other."""
    alone = build_firm("demo", "alice", tables={"physical_events": {"rows": 300}})
    other = 7 - alone.key("sites")["overdue_drills"]  # a number from 2 to 5, as the other one
    both = build_firm("demo", "alice", tables={"physical_events": {"rows": 300}, "sites": {"overdue": [other, other]}})
    assert len(both.rows("physical_events")) == 300
    assert both.key("sites") == {"overdue_drills": other}
    assert alone.rows("physical_events") == both.rows("physical_events")


def test_all_tables_of_a_learner_are_made_in_no_time() -> None:
    """All of them together take no longer than a fixed number of plain draws does on the same machine."""
    Firm("warm-up", "l05").rows("entitlements")
    draws = Draws("clock")
    ratios, times_ms = [], []
    for number in range(3):
        begun = time.process_time()
        for _ in range(BUDGET_DRAWS // 10):
            draws.share()
        budget_s, begun = 10 * (time.process_time() - begun), time.process_time()
        firm = Firm(f"clock-{number}", "l05")
        for name in MAKERS:
            firm.made(name)
        took_s = time.process_time() - begun
        ratios.append(took_s / budget_s)
        times_ms.append(1000 * took_s)
    print(f"\nall {len(MAKERS)} tables of one learner: {min(times_ms):.0f} ms, {min(ratios):.2f} of the budget")
    assert min(ratios) < 1


def _reference() -> Firm:
    return Firm(REFERENCE, REFERENCE)
