"""Assignment l11 by keyboard alone: own tickets, an own deal, the graded play, and the marks that they deserve."""

from __future__ import annotations

import re

import pytest
from content.attempts_file import Learner
from playwright.sync_api import Locator, expect

from browser.conftest import Shots
from browser.lab import LEARNER, Kit, Reader, key
from threechairs.company import Case
from threechairs.course.workbook import case_of

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ASSIGNMENT = "l11-resolving-clashes"
NOTEBOOK = f"{ASSIGNMENT}/resolving-clashes.ipynb"
GUILTY = "named-the-guilty"  # the play that ends well and is judged 5.83 of 10


def _share(case: Case) -> str:
    hours: dict[str, float] = {}
    for row in case.table_rows("tickets"):
        hours[row["cause"]] = hours.get(row["cause"], 0.0) + row["hours_dark"]
    return f"{100 * hours['power and network'] / sum(hours.values()):.1f} %"


def _read_the_share(reader: Reader, card: Locator, share: str) -> None:
    """Group the tickets by cause, add up their hours, read the share, type it."""
    reader.select(key(card, "group"), "cause")
    reader.select(key(card, "measure"), "Sum of hours_dark")
    reader.press(key(card, "count"))
    rows = card.locator(".tc-result tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="power and network")).to_contain_text(share.removesuffix(" %"))
    reader.tab_to(key(card, "number"))
    reader.page.keyboard.type(share.removesuffix(" %"))
    reader.press(key(card, "record"))
    expect(card.locator(".tc-recorded")).to_contain_text(share.removesuffix(" %"))


def _settle(reader: Reader, card: Locator, deal: dict[str, str]) -> None:
    for issue, option in deal.items():
        menu = key(card, f"issue:{issue}")
        reader.select(menu, menu.locator(f'option[value="{option}"]').inner_text())


def _press(reader: Reader, card: Locator, name: str) -> None:
    """Go to a button by Tab, press Enter, and find the focus on the heading of the next scene."""
    heading = key(card, "scene").or_(key(card, "choose")).first.element_handle()
    reader.press(key(card, name))
    reader.page.wait_for_function("(old) => !old.isConnected", arg=heading)
    expect(key(card, "scene")).to_be_focused()


def play_graded(reader: Reader, card: Locator, play: dict[str, object]) -> None:
    """Play what the attempts file lists, and find that there is no going back."""
    _press(reader, card, f"chair:{play['chair']}")
    for step in play["steps"]:
        expect(key(card, "back")).to_have_count(0)
        if "deal" in step:
            _settle(reader, card, step["deal"])
        _press(reader, card, "offer" if "deal" in step else f"option:{step['option']}")


def test_a_played_and_dealt_assignment_is_marked_as_it_deserves(reader: Reader, kit: Kit, shots: Shots) -> None:
    """A share off the menu, a deal and a whole graded play, by keyboard; autograde gives what the play is worth."""
    learner, case = Learner(LEARNER, ASSIGNMENT), case_of(ASSIGNMENT, LEARNER, 1)
    guilty = next(one for one in learner.file.questions["gate-4-graded"].wrong if one.name == GUILTY)
    played = next(one for one in learner.wrong("gate-4-graded") if one.names == (GUILTY,))
    (play,) = played.value
    dealt = dict(zip(learner.deal_issues("own-deal"), ["joint-desk", "split", "six-weeks", "five-days"], strict=True))
    reader.open(NOTEBOOK)
    reader.start(by_keyboard=True)
    _read_the_share(reader, reader.card("l11-q2-table"), _share(case))
    table = reader.card("l11-q4-table")
    _settle(reader, table, dealt)
    reader.press(key(table, "record"))
    expect(table.locator(".tc-recorded")).not_to_be_empty()
    card = reader.card("l11-q8-play")
    play_graded(reader, card, play)
    expect(card.locator(".tc-debrief")).to_contain_text("Marked after submission.")
    shots("l11-played", card)
    reader.save()
    marked = kit.run("mark-mine", "l11")

    answers = kit.answers(f"{ASSIGNMENT}/answers.json")
    assert answers["own-deal"] == {"options": dealt}
    assert answers["gate-4-graded"]["plays"] == [play]
    assert marked.returncode == 0, marked.stderr
    found = re.findall(r"^([\d.]+) of ([\d.]+)  (\S+)$", marked.stdout, flags=re.MULTILINE)
    points = {question: float(mark) for mark, _most, question in found}
    assert points["gate-4-graded"] == pytest.approx(played.points, abs=1e-3)
    assert played.points == guilty.points
    assert points["dark-hours"] == 3
    assert 2.5 <= points["own-deal"] < 5
    assert sum(points.values()) == pytest.approx(points["gate-4-graded"] + points["own-deal"] + 3)
