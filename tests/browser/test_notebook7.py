"""The same lesson in Notebook 7."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import Shots, watched_page
from browser.lab import Reader, key, running_kit
from threechairs.chairs import duties

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_lesson_works_in_notebook_7(browser: Browser, tmp_path_factory: pytest.TempPathFactory, shots: Shots) -> None:
    """With --notebook, Start, a question and a sorter work by keyboard, and what is recorded is on disk."""
    first_card = duties(round=1)[0].duty_id
    with running_kit(tmp_path_factory.mktemp("notebook7"), "--notebook") as kit:
        for page, _witness in watched_page(browser):
            reader = Reader(page, kit)
            reader.open("notebooks/01-three-chairs.ipynb")
            reader.start(by_keyboard=True)
            question, sorter = reader.card("crowbar-first"), reader.card("sort-first")
            before = reader.cells()
            reader.choose(question, "choice", "ciso")
            reader.press(key(question, "submit"))
            reader.tab_to(key(sorter, f"card:{first_card}"))
            for pressed in "abx2":
                page.keyboard.press(pressed)
            expect(question.locator(".tc-recorded")).to_contain_text("The chief information security officer")
            expect(sorter.locator(".tc-recorded")).to_contain_text("1 of 6 cards placed")
            shots("notebook7", page)
            after = reader.cells()
        recorded = kit.answers("notebooks/answers/01-three-chairs.json")

    assert recorded["crowbar-first"] == {"choice": "ciso"}
    assert recorded["01-round-one"]["placements"] == {first_card: "ciso"}
    assert after == before
