"""Notebooks that ask for a deal, and deals of every kind, for tests that need no course files."""

from samples import open_practice

from threechairs.company import build_case
from threechairs.company.deals import deal_table
from threechairs.course import workbook
from threechairs.course.items import ItemBank
from threechairs.course.syllabus import Assignment

TABLE = deal_table("gate-4")
TABLES = {"negotiation": {"table": "gate-4"}}
ITEMS = [
    {"id": "gate", "kind": "deal", "stem": "Settle Gate 4.", "table": "gate-4"},
    {"id": "own", "kind": "deal", "stem": "Settle it on your own numbers.", "table": "negotiation"},
]


def deal(desk, power, network, notice):
    """A deal of the table for Gate 4."""
    return dict(zip(TABLE.options, (desk, power, network, notice), strict=True))


BEST = deal("joint-desk", "it-pays", "six-weeks", "ten-days")  # 68 and 67: nothing is left on the table
MIDDLE = TABLE.midpoint()  # 59 and 59
HANDSHAKE = deal("facilities-desk", "it-pays", "after-peak", "ten-days")  # 70 and 70; the absent one pays
REFUSED = deal("it-desk", "it-pays", "six-weeks", "two-days")  # 88 and 9


def lesson(folder):
    """A lesson with a question of the kind `deal` named gate; other tables are named where they are shown."""
    bank = ItemBank.model_validate({"format": 1, "lesson": "07-demo", "items": ITEMS[:1]})
    return open_practice(folder, bank)


def assignment(folder, case_id="alice"):
    """An assignment that asks for a deal on the course's table, and one on the learner's own."""
    plan = Assignment(id="l11-demo", title="Demo", lesson="11-demo", minutes=5)
    bank = ItemBank.model_validate({"format": 1, "assignment": "l11-demo", "tables": TABLES, "items": ITEMS})
    case = build_case("l11-demo", case_id, tables=TABLES)
    opened = workbook.Workbook("l11-demo", plan, bank, workbook.store_of(case, folder / "answers.json"), case)
    workbook._open(opened)
    return opened
