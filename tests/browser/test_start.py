"""The first minute: the start page, the Start button, the way to lesson 01."""

from __future__ import annotations

import json
import time

import pytest
import websocket
from playwright.sync_api import Browser, expect

from browser.conftest import Shots
from browser.lab import Kit, Reader, Witness, key

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_start_page_asks_for_a_decision_and_start_brings_the_first_card(
    reader: Reader, kit: Kit, shots: Shots, capsys: pytest.CaptureFixture[str]
) -> None:
    """The address that `threechairs learn` prints opens lesson 00, whose Start button brings its first card."""
    asked_at = time.monotonic()
    reader.page.goto(kit.start_page, wait_until="domcontentloaded")
    expect(reader.page.get_by_role("strong").filter(has_text="Whom do you call first?")).to_be_visible()
    shots("start-page", reader.page)
    reader.start_button.click()
    card = reader.page.locator(".tc").first
    card.wait_for()
    seconds = kit.up_after_s + time.monotonic() - asked_at
    with capsys.disabled():
        print(f"\nthreechairs learn to the first card of 00: {seconds:.1f} s (server {kit.up_after_s:.1f} s)")

    expect(card).to_contain_text("Whom do you call first?")
    expect(key(card, "submit")).to_be_enabled()
    assert reader.path() == "notebooks/00-start-here.ipynb"


def test_first_card_of_lesson_01_appears_and_works(
    reader: Reader, kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    """Opened at lesson 01, the Start button brings a card that keeps what is chosen in it."""
    asked_at = time.monotonic()
    reader.open("notebooks/01-three-chairs.ipynb")
    reader.start_button.click()
    card = reader.page.locator(".tc").first
    card.wait_for()
    seconds = kit.up_after_s + time.monotonic() - asked_at
    with capsys.disabled():
        print(f"\nthreechairs learn to the first card of 01: {seconds:.1f} s (server {kit.up_after_s:.1f} s)")
    key(card, "choice:cio").check()
    key(card, "submit").click()

    expect(card.locator(".tc-recorded")).to_contain_text("The chief information officer")
    assert kit.answers("notebooks/answers/01-three-chairs.json") == {"crowbar-first": {"choice": "cio"}}


def test_progress_map_opens_lesson_01_in_the_same_window(reader: Reader, kit: Kit) -> None:
    """The map's link opens lesson 01 as a tab of the same window, and lesson 00 keeps its kernel and its cards."""
    reader.open("notebooks/00-start-here.ipynb")
    reader.start()
    kernel = kit.kernels()["notebooks/00-start-here.ipynb"]
    first = reader.card("camera-message")
    reader.card("progress-map").get_by_role("link", name="Three chairs").click()
    expect(reader.page.get_by_role("heading", name="Three chairs").first).to_be_visible()
    path = reader.path()
    reader.page.get_by_role("tab", name="00-start-here.ipynb").click()
    key(first, "choice:network").check()
    key(first, "submit").click()

    expect(first.locator(".tc-recorded")).to_contain_text("Jonas in IT")
    assert path == "notebooks/01-three-chairs.ipynb"
    assert len(reader.page.context.pages) == 1
    assert kit.kernels()["notebooks/00-start-here.ipynb"] == kernel


def test_witness_sees_what_leaves_the_machine(browser: Browser) -> None:
    """The guard of all browser tests notices a request, a websocket and an error when there are some."""
    context = browser.new_context()
    witness = Witness(context)
    page = context.new_page()
    page.goto("about:blank")
    page.set_content(
        "<img src='http://outside.invalid/pixel.png'>"
        "<script>new WebSocket('ws://outside.invalid/socket'); setTimeout(() => { throw new Error('broken') })</script>"
    )
    page.wait_for_load_state("networkidle")
    context.close()

    assert witness.outside == ["http://outside.invalid/pixel.png", "ws://outside.invalid/socket"]
    assert any("page error: broken" in error for error in witness.errors)
    assert any("ERR_NAME_NOT_RESOLVED" in error for error in witness.errors)


def test_a_terminal_in_lab_knows_the_command_and_the_folder(kit: Kit) -> None:
    """What lesson and assignment say to type there works: `threechairs` is found, and so is the learner's folder."""
    terminal = kit.api("terminals", "POST")["name"]
    address = (
        f"{kit.start_page.split('/lab/')[0].replace('http', 'ws')}/terminals/websocket/{terminal}?token={kit.token}"
    )
    wire = websocket.create_connection(address, timeout=30)
    try:
        wire.send(json.dumps(["stdin", "threechairs --help >/dev/null && echo found in $THREECHAIRS_WORK!\r"]))
        said = ""
        while f"found in {kit.work}!" not in said:
            kind, *text = json.loads(wire.recv())
            said += text[0] if kind == "stdout" else ""
            assert "not found" not in said
    finally:
        wire.close()
        kit.api(f"terminals/{terminal}", "DELETE")
