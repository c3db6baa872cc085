"""One kit and one Chromium for all browser tests; a fresh workspace, a fresh context and a witness for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from browser.lab import CHROMIUM_ARGUMENTS, STEP_MS, Kit, Reader, Witness, running_kit

VIEWPORT = {"width": 1300, "height": 900}
Shots = Callable[[str, Page | Locator], None]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium. Without it browser tests are left out, except where everything is required."""
    found = shutil.which(os.environ.get("THREECHAIRS_CHROMIUM") or "chromium")
    if not found:
        what_to_do = "no Chromium: install it, or set THREECHAIRS_CHROMIUM to its path"
        if os.environ.get("THREECHAIRS_REQUIRE") == "1":
            pytest.fail(what_to_do)
        pytest.skip(what_to_do)
    return found


# Playwright keeps an event loop running in this thread; ending it with this folder's tests leaves the others alone.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium."""
    expect.set_options(timeout=STEP_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="package")
def kit(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """The kit in JupyterLab, as `threechairs learn` starts it."""
    with running_kit(tmp_path_factory.mktemp("lab")) as kit:
        yield kit


def watched_page(browser: Browser) -> Iterator[tuple[Page, Witness]]:
    """A page in a context of its own; at its end nothing may have left the machine or gone wrong."""
    context = browser.new_context(viewport=VIEWPORT)
    witness = Witness(context)
    page = context.new_page()
    page.set_default_timeout(STEP_MS)
    try:
        yield page, witness
    finally:
        context.close()
    witness.check()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A watched page without a kit."""
    for page, _witness in watched_page(browser):
        yield page


@pytest.fixture
def reader(browser: Browser, kit: Kit) -> Iterator[Reader]:
    """A learner with fresh copies, no kernels and default settings."""
    kit.renew()
    for page, _witness in watched_page(browser):
        yield Reader(page, kit)


@pytest.fixture(scope="session")
def shots() -> Shots:
    """Saves a picture under a name, if `THREECHAIRS_SCREENSHOTS` names a folder."""
    folder = os.environ.get("THREECHAIRS_SCREENSHOTS")

    def save(name: str, what: Page | Locator) -> None:
        if not folder:
            return
        page = what if isinstance(what, Page) else what.page
        size = page.viewport_size or VIEWPORT
        if isinstance(what, Locator):  # a card may be taller than the window; Lab would cut it off
            page.set_viewport_size({"width": size["width"], "height": 4000})
        what.screenshot(path=Path(folder) / f"{name}.png")
        page.set_viewport_size(size)

    return save
