"""The sorter of lesson 01, by each of its three ways, and what stands there afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from browser.lab import Kit, Reader, key
from threechairs.chairs import duties

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ANSWERS = "notebooks/answers/01-three-chairs.json"
DIGITS = {"cso": "1", "ciso": "2", "cio": "3", "shared": "4"}


def _column(sorter: Locator, chair: str) -> Locator:
    return sorter.locator(f'[data-place="{chair}"]')


def test_cards_are_sorted_by_keyboard_by_menu_and_by_mouse(reader: Reader, kit: Kit) -> None:
    """A card moves by digits and arrows, by its menu and by dragging; each move is recorded at once."""
    reader.open("notebooks/01-three-chairs.ipynb")
    reader.start()
    sorter = reader.card("sort-first")
    by_digit, by_arrow, by_menu, by_mouse, taken_back = [duty.duty_id for duty in duties(round=1)][:5]
    reader.tab_to(key(sorter, f"card:{by_digit}"))
    reader.page.keyboard.press("2")
    expect(key(_column(sorter, "ciso"), f"card:{by_digit}")).to_be_focused()
    reader.walk_to(key(sorter, f"card:{by_arrow}"))
    for _ in range(4):
        reader.page.keyboard.press("ArrowRight")
    expect(key(_column(sorter, "shared"), f"card:{by_arrow}")).to_be_focused()
    key(sorter, f"place:{by_menu}").select_option(label="3. CIO")
    key(sorter, f"card:{by_mouse}").drag_to(_column(sorter, "cso"))
    key(sorter, f"card:{taken_back}").focus()
    reader.page.keyboard.press("1")
    reader.page.keyboard.press("0")
    fact = key(sorter, f"fact:{by_mouse}").locator("option").nth(1)
    key(sorter, f"fact:{by_mouse}").select_option(index=1)
    fact_id = fact.get_attribute("value")

    expect(sorter.locator(".tc-recorded")).to_contain_text("4 of 6 cards placed")
    expect(key(_column(sorter, ""), f"card:{taken_back}")).to_be_visible()
    expect(sorter.locator(".tc-progress")).to_have_text("4 of 6 placed")
    assert kit.answers(ANSWERS) == {
        "01-round-one": {
            "placements": {by_digit: "ciso", by_arrow: "shared", by_menu: "cio", by_mouse: "cso"},
            "depends_on": {by_mouse: fact_id},
        }
    }


def test_sorter_checks_deals_on_and_shows_again_what_was_recorded(reader: Reader, kit: Kit) -> None:
    """A checked round shows a reason and a source per card; after restart, reload and Start the answer stands there."""
    reader.open("notebooks/01-three-chairs.ipynb")
    reader.start()
    sorter = reader.card("sort-more")
    first_round, second_round = duties(round=2), duties(round=3)
    wrong = first_round[0]
    reader.tab_to(key(sorter, f"card:{wrong.duty_id}"))
    for duty in first_round:
        chair = "cso" if duty is wrong and duty.chair != "cso" else "cio" if duty is wrong else duty.chair
        reader.walk_to(key(sorter, f"card:{duty.duty_id}"))
        reader.page.keyboard.press(DIGITS[chair])
    reader.press(key(sorter, "check"))
    expect(sorter.locator(".tc-said")).to_have_count(6)
    words = sorter.locator(".tc-said .tc-mark").all_inner_texts()
    reasons = sorter.locator(".tc-said").all_inner_texts()
    sources = sorter.locator(".tc-source").all_inner_texts()
    reader.press(key(sorter, "more"))
    expect(sorter.locator(".tc-progress")).to_have_text("Round 2 of 3 · 0 of 6 placed")
    expect(key(sorter, f"card:{second_round[0].duty_id}")).to_be_focused()
    reader.page.keyboard.press("1")
    expect(sorter.locator(".tc-recorded")).to_contain_text("7 of 18 cards placed")
    recorded = kit.answers(ANSWERS)
    reader.save()
    reader.restart_kernel()
    reader.reload()
    asleep = reader.card("sort-more")
    expect(asleep.locator(".tc-notice")).to_contain_text("This card is asleep.")
    key(asleep, f"card:{second_round[1].duty_id}").press("1")
    expect(key(_column(asleep, ""), f"card:{second_round[1].duty_id}")).to_be_visible()
    reader.start()
    sorter = reader.card("sort-more")

    expect(sorter.locator(".tc-recorded")).to_contain_text("7 of 18 cards placed")
    expect(sorter.locator(".tc-progress")).to_have_text("Round 2 of 3 · 1 of 6 placed")
    expect(key(_column(sorter, "cso"), f"card:{second_round[0].duty_id}")).to_be_visible()
    assert kit.answers(ANSWERS) == recorded
    assert words.count("Fits") == 5
    assert words.count("Look again") == 1
    assert all(any(duty.reason[:60] in reason for reason in reasons) for duty in first_round)
    assert len(sources) == 6
    assert all(len(source) > len("Source: ") for source in sources)
