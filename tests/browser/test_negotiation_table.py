"""The negotiation table in a notebook of its own: by keyboard alone, drawn again, light, dark and narrow."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from browser.conftest import VIEWPORT, Shots, watched_page
from browser.lab import COMMAND, Kit, Reader, key
from threechairs.company.deals import deal_table

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NOTEBOOK = "notebooks/a-deal.ipynb"
ANSWERS = "notebooks/answers/01-three-chairs.json"
CELL = 'NegotiationTable("first-deal", table="gate-4")'
TABLE = deal_table("gate-4")
WITHIN = {
    "fault-desk": "joint-desk",
    "backup-power": "it-pays",
    "segmentation": "six-weeks",
    "power-notice": "ten-days",
}
AXE_OPTIONS = {"rules": {"target-size": {"enabled": True}}}


@pytest.fixture
def deal(browser: Browser, kit: Kit) -> Iterator[Reader]:
    """A notebook of the learner's own with one table, started."""
    kit.renew()
    notebook = nbformat.read(kit.work / "notebooks/01-three-chairs.ipynb", as_version=4)
    notebook.cells = [*notebook.cells[:2], nbformat.v4.new_code_cell(CELL, id="table")]  # title with Start, and opening
    nbformat.write(notebook, kit.work / NOTEBOOK)
    trust = [COMMAND.with_name("jupyter"), "trust", kit.work / NOTEBOOK]
    subprocess.run(trust, env=kit.environment, check=True, capture_output=True)
    for page, _witness in watched_page(browser):
        reader = Reader(page, kit)
        reader.open(NOTEBOOK)
        reader.start()
        yield reader


def _text(issue: str, option: str) -> str:
    return next(one.text for part in TABLE.issues if part.id == issue for one in part.options if one.id == option)


def _settle(reader: Reader, card: Locator, options: dict[str, str]) -> None:
    """Choose every option by keyboard, going back to the first menu by Tab."""
    for issue, option in options.items():
        menu = key(card, f"issue:{issue}")
        reader.tab_to(menu)
        for _ in range(4):
            reader.page.keyboard.press("ArrowUp")
        reader.select(menu, _text(issue, option))


def _use_all(card: Locator) -> None:
    """Ask both sides, try three deals, show the frontier, record the last deal."""
    for role in TABLE.parties:
        key(card, f"ask:{role}").click()
        expect(card.locator(".tc-costs thead th")).not_to_have_count(0)
    for options in (TABLE.midpoint(), WITHIN | {"segmentation": "after-peak"}, WITHIN):
        for issue, option in options.items():
            key(card, f"issue:{issue}").select_option(option)
        before = card.locator(".tc-tried li").count()
        key(card, "offer").click()
        expect(card.locator(".tc-tried li")).to_have_count(before + 1)
    key(card, "frontier").click()
    expect(card.locator(".tc-frontier")).to_be_visible()
    key(card, "issue:fault-desk").select_option("it-desk")
    key(card, "record").click()
    expect(card.locator(".tc-recorded")).not_to_be_empty()


def test_a_deal_is_made_by_keyboard_alone(deal: Reader, kit: Kit) -> None:
    """Ask, settle, try, see the frontier, record: by Tab, arrows and Enter, and each step says what happened."""
    card = deal.card("table")
    status = card.locator(".tc-status")
    for role in TABLE.parties:
        deal.press(key(card, f"ask:{role}"))
        expect(status).to_contain_text(TABLE.parties[role].interest)
        expect(key(card, f"ask:{role}")).to_be_focused()  # on the answer, where the button was
    expect(card.locator(".tc-absent")).to_have_text("Whom else it touches, you are told once you have tried a deal.")
    deal.press(key(card, "offer"))
    expect(status).to_have_text(f"Not settled yet: {TABLE.issues[0].title}.")
    expect(key(card, "issue:fault-desk")).to_be_focused()
    for at, notice in enumerate(("ten-days", "five-days", "two-days")):
        _settle(deal, card, WITHIN | {"power-notice": notice} if at == 0 else {"power-notice": notice})
        deal.press(key(card, "frontier"))
        expect(status).to_contain_text("Try ")
        deal.press(key(card, "offer"))
        expect(card.locator(".tc-tried li")).to_have_count(at + 1)
        expect(status).to_contain_text("would ")
        expect(card.locator(".tc-absent")).to_contain_text("Kept by: “Within six weeks” or “This month”.")
    deal.press(key(card, "frontier"))
    expect(card.locator(".tc-frontier")).to_contain_text("not the only one")
    expect(card.locator(".tc-frontier")).to_be_focused()
    _settle(deal, card, {"power-notice": "ten-days"})
    expect(status).to_have_text("Marta: 68 of at least 50 points; Jonas: 67 of at least 45 points.")
    deal.press(key(card, "record"))

    expect(status).to_have_text("Recorded. 3 of 3 tests are met; the reasons stand below the deal.")
    expect(card.locator(".tc-feedback li").last).to_contain_text(re.compile("^Right: nothing left on the table"))
    assert kit.answers(ANSWERS) == {"first-deal": {"options": WITHIN}}


def test_the_name_of_a_deal_stays_clear_of_the_axis(deal: Reader) -> None:
    """A deal that gives one side everything lies at the top of the chart; its name stands below it there."""
    card = deal.card("table")
    for role in TABLE.parties:
        key(card, f"ask:{role}").click()
        expect(card.locator(".tc-costs thead th")).not_to_have_count(0)
    for issue in TABLE.issues:
        key(card, f"issue:{issue.id}").select_option(issue.options[-1].id)
    name = card.locator("svg text", has_text="Your deal (0, 100)").bounding_box()
    axis = card.locator("svg text.tc-axis", has_text="↑").bounding_box()

    assert name and axis
    assert name["y"] >= axis["y"] + axis["height"]


def test_a_recorded_deal_is_drawn_again(deal: Reader, kit: Kit) -> None:
    """After a restart and Start the menus stand as recorded; interests are asked anew."""
    card = deal.card("table")
    _use_all(card)
    deal.restart_kernel()
    deal.start()
    card = deal.card("table")

    for issue, option in (WITHIN | {"fault-desk": "it-desk"}).items():
        expect(key(card, f"issue:{issue}")).to_have_value(option)
    expect(card.locator(".tc-tried li")).to_have_count(1)
    expect(card.get_by_role("button", name="Ask why: Marta, Facilities")).to_be_visible()


def test_a_table_breaks_no_accessibility_rule(deal: Reader, shots: Shots) -> None:
    """Untouched and with everything on screen, light and dark, axe finds nothing; at 640 pixels nothing is cut off."""
    card = deal.card("table")
    found = []
    for stage in ("untouched", "used"):
        if stage == "used":
            _use_all(card)
        for theme in ("Dark", "Light"):
            deal.theme(theme)
            for width in (1280, 800):
                deal.page.set_viewport_size({"width": width, "height": 900})
                shots(f"deal-{stage}-{theme.lower()}-{width}", card)
            deal.page.set_viewport_size({"width": VIEWPORT["width"], "height": 4000})
            response = Axe().run(deal.page, context={"include": [[".tc"]]}, options=AXE_OPTIONS).response
            found += [
                f"{rule['id']}: {node['html'][:200]}" for rule in response["violations"] for node in rule["nodes"]
            ]
    deal.page.set_viewport_size({"width": 640, "height": 450})
    wide = card.evaluate("(card) => card.scrollWidth > card.clientWidth")
    shots("deal-used-narrow", card)

    assert found == []
    assert not wide
    assert len(response["passes"]) > 10
