"""A saved page without its kernel: cards show what was recorded, say that they are asleep, and Start wakes them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import Shots
from browser.lab import Kit, Reader, key

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_saved_cards_sleep_until_start_wakes_them(reader: Reader, kit: Kit, shots: Shots) -> None:
    """Closed, its kernel shut down, and opened again: no control of a saved card works until Start brings it back."""
    reader.open("notebooks/00-start-here.ipynb")
    reader.start()
    first = reader.card("camera-message")
    key(first, "choice:network").check()
    key(first, "submit").click()
    expect(first.locator(".tc-recorded")).to_contain_text("Jonas in IT")
    reader.save()
    reader.page.goto("about:blank")
    kit.stop_kernels()
    reader.open("notebooks/00-start-here.ipynb")
    first = reader.card("camera-message")
    expect(first.locator(".tc-notice")).to_have_text(
        "This card is asleep. Run this cell again (or press Start at the top) to go on."
    )
    shots("asleep", first)
    controls = first.locator("button, input, select, textarea")
    disabled = [control.is_disabled() for control in controls.all()]
    first.locator("label").first.click(force=True)
    chosen_asleep = key(first, "choice:network").is_checked()
    told_asleep = first.locator(".tc-recorded").inner_text()
    reader.start()
    first = reader.card("camera-message")
    key(first, "choice:facilities").check()
    key(first, "submit").click()

    expect(first.locator(".tc-recorded")).to_contain_text("Marta in Facilities")
    expect(first.locator(".tc-notice")).to_be_empty()
    assert disabled == [True] * 6
    assert chosen_asleep
    assert "Jonas in IT" in told_asleep
    assert kit.answers("notebooks/answers/00-start-here.json") == {"camera-message": {"choice": "facilities"}}
