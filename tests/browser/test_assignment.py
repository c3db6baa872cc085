"""Assignment l01 by keyboard alone, from Start to the mark."""

from __future__ import annotations

import ast
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from browser.lab import LEARNER, Kit, Reader, key
from threechairs.company import Case
from threechairs.course.workbook import case_of

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NOTEBOOK = "l01-three-chairs/three-chairs.ipynb"
SOLUTION = Path(__file__).parents[2] / "solutions" / NOTEBOOK
DIGITS = {"cso": "1", "ciso": "2", "cio": "3", "shared": "4"}


def _chairs() -> dict[str, str]:
    """The right chair of every statement, as the test cell has it."""
    cells = json.loads(SOLUTION.read_text(encoding="utf-8"))["cells"]
    code = next("".join(cell["source"]) for cell in cells if cell["id"] == "test-mandates")
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    keys = [word.value for call in calls for word in call.keywords if word.arg == "key"]
    found: dict[str, str] = ast.literal_eval(keys[0])
    return found


def _gate_four(case: Case) -> tuple[str, str]:
    return ("stop-lane", "life-now") if case.facts["lane"] == "occupied" else ("timeline", "one-account")


def _patch_delay(case: Case) -> tuple[str, str]:
    if case.facts["attack"] == "active":
        return "ciso-disconnects", "power-for-this"
    loss = case.facts["loss_eur"]
    who = "system-owner" if loss < 50_000 else "business-head" if loss <= 500_000 else "ceo"
    return f"{who}-signs", "owner-of-the-loss"


def _sort(reader: Reader, card: Locator, wrong_cards: int) -> dict[str, str]:
    """Give every statement to its chair, save the first ones."""
    chairs = _chairs()
    grips = card.locator('[data-key^="card:"]')
    ids = [str(grip.get_attribute("data-key")).removeprefix("card:") for grip in grips.all()]
    placements = {one: chairs[one] for one in ids}
    for one in ids[:wrong_cards]:
        placements[one] = "cio" if chairs[one] == "cso" else "cso"
    reader.tab_to(grips.first)
    for one, chair in placements.items():
        reader.walk_to(key(card, f"card:{one}"))
        reader.page.keyboard.press(DIGITS[chair])
    return placements


def _choose(reader: Reader, card: Locator, choice: str, reason: str = "", confidence: int = 0) -> dict[str, Any]:
    reader.choose(card, "choice", choice)
    if reason:
        reader.choose(card, "reason", reason)
    if confidence:
        reader.choose(card, "confidence", str(confidence))
    reader.press(key(card, "submit"))
    answer = {"choice": choice, "reason": reason, "confidence": confidence}
    return {name: value for name, value in answer.items() if value}


def _count(reader: Reader, card: Locator) -> None:
    """Count critical duties without a holder in the table menu, and take the count."""
    reader.press(key(card, "add"))
    reader.select(key(card, "column:0"), "critical")
    reader.select(key(card, "value:0"), "yes")
    reader.press(key(card, "add"))
    reader.select(key(card, "column:1"), "holder_1")
    reader.select(key(card, "op:1"), "is empty")
    reader.press(key(card, "count"))
    expect(card.locator(".tc-result")).to_contain_text("where critical is yes and holder_1 is empty")
    reader.press(key(card, "use"))


def _tick(reader: Reader, card: Locator, choices: list[str]) -> None:
    for choice in choices:
        reader.tab_to(key(card, f"choice:{choice}"))
        reader.page.keyboard.press("Space")
    reader.press(key(card, "submit"))


def test_assignment_is_done_by_keyboard_alone_and_marked_as_it_deserves(reader: Reader, kit: Kit) -> None:
    """Answers given by keyboard outlive saving, a kernel restart and a reload, and the marks are what they deserve."""
    case = case_of("l01-three-chairs", LEARNER, 1)
    unheld = [row for row in case.table_rows("charter") if row["critical"] == "yes" and not row["holder_1"]]
    file = kit.work / NOTEBOOK
    reader.open(NOTEBOOK)
    reader.start(by_keyboard=True)
    given: dict[str, Any] = {}
    given["mandates"] = {"placements": _sort(reader, reader.card("l01-q1-cards"), wrong_cards=1)}
    given["gate-four"] = _choose(reader, reader.card("l01-q2-card"), *_gate_four(case), confidence=70)
    _count(reader, reader.card("l01-q3-table"))
    given["orphans"] = {"number": float(len(unheld))}
    best = ("name-or-stand-in", "one-can-be-asked")
    given["orphans-so-what"] = _choose(reader, reader.card("l01-q4-card"), *best)
    given["patch-delay"] = _choose(reader, reader.card("l01-q5-card"), *_patch_delay(case), confidence=90)
    _tick(reader, reader.card("l01-q6-card"), ["site-lead", "cso", "coo"])
    given["told"] = {"choices": ["site-lead", "cso", "coo"]}
    best = ("mandate-first", "one-answers-per-trigger")
    given["wanted-cso"] = _choose(reader, reader.card("l01-q7-card"), *best)
    given["note-place"] = _choose(reader, reader.card("l01-note-place"), "between")
    expect(reader.card("l01-note-place").locator(".tc-recorded")).to_contain_text("In the middle")
    before_saving = file.read_bytes()
    reader.save()
    after_saving = file.read_bytes()
    reader.restart_kernel()
    reader.reload()
    reader.start(by_keyboard=True)

    stored = kit.answers("l01-three-chairs/answers.json")
    stored["mandates"].pop("depends_on", None)
    assert stored == given
    assert after_saving != before_saving
    expect(reader.card("l01-q1-cards").locator(".tc-recorded")).to_contain_text("8 of 8 cards placed")
    expect(key(reader.card("l01-q2-card"), f"choice:{given['gate-four']['choice']}")).to_be_checked()
    expect(key(reader.card("l01-q2-card"), "confidence:70")).to_be_checked()
    expect(reader.card("l01-q3-table").locator(".tc-recorded")).to_contain_text(f"{len(unheld)} duties")
    expect(key(reader.card("l01-q5-card"), f"reason:{given['patch-delay']['reason']}")).to_be_checked()
    expect(reader.card("l01-q6-card").locator("input:checked")).to_have_count(3)
    _hand_in_and_mark(kit, reader)


def _hand_in_and_mark(kit: Kit, reader: Reader) -> None:
    """One card of eight is wrong and one of four to be told is missing: 3.5 of 4 and 1.5 of 2; all else is right."""
    reader.save()
    handed_in = kit.run("hand-in", "l01", "--incomplete")
    marked = kit.run("mark-mine", "l01")

    assert handed_in.returncode == 0, handed_in.stderr
    (archive,) = (kit.work / "hand-in").glob("*.zip")
    with zipfile.ZipFile(archive) as handed:
        assert {"three-chairs.ipynb", "answers.json"} <= set(handed.namelist())
    assert marked.returncode == 0, marked.stderr
    points = re.findall(r"^(\S+ of \S+)  (\S+)$", marked.stdout, flags=re.MULTILINE)
    assert {question: mark for mark, question in points} == {
        "mandates": "3.5 of 4",
        "gate-four": "3 of 3",
        "orphans": "2 of 2",
        "orphans-so-what": "3 of 3",
        "patch-delay": "3 of 3",
        "told": "1.5 of 2",
        "wanted-cso": "3 of 3",
    }
    assert "19 of 20 automatic points." in marked.stdout
