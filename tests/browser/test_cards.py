"""Every kind of card in the notebooks that there are: keys, accessibility rules, light and dark, narrow pages.

Each notebook is opened once and looked at by all tests of this file; none of them records or saves anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from browser.conftest import VIEWPORT, Shots, watched_page
from browser.lab import Kit, Reader, key
from threechairs.course.items import item_bank
from threechairs.marking.score import Criterion, Score, Status
from threechairs.widgets.case_table import case_table
from threechairs.widgets.charts import rights_chart

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NOTEBOOKS = (
    "notebooks/00-start-here.ipynb",
    "notebooks/01-three-chairs.ipynb",
    "l01-three-chairs/three-chairs.ipynb",
    "notebooks/11-resolving-clashes.ipynb",
    "l11-resolving-clashes/resolving-clashes.ipynb",
)
CONTROLS = {
    NOTEBOOKS[0]: {"choice", "submit", "lesson", "resume"},
    NOTEBOOKS[1]: {
        "choice",
        "reason",
        "confidence",
        "number",
        "match",
        "step",
        "text",
        "card",
        "place",
        "fact",
        "hint",
    },
    NOTEBOOKS[2]: {"card", "choice", "reason", "column", "op", "value", "drop", "group", "count", "table", "use"},
    NOTEBOOKS[3]: {"choice", "match", "step", "number", "text", "issue", "ask", "offer", "record", "option", "clock"},
    NOTEBOOKS[4]: {"choice", "reason", "column", "measure", "number", "count", "table", "issue", "offer", "option"},
}
OUTPUTS = {"include": [[".jp-OutputArea-output"]]}
AXE_OPTIONS = {"rules": {"target-size": {"enabled": True}}}


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=["00", "01", "l01", "11", "l11"])
def used(request: pytest.FixtureRequest, browser: Browser, kit: Kit) -> Iterator[Reader]:
    """A notebook in which every card has been used once, so that replies, hints and tables are on screen."""
    kit.renew()
    for page, _witness in watched_page(browser):
        reader = Reader(page, kit)
        reader.open(request.param)
        reader.start()
        for card in page.locator(".tc:not(.tc-map):not(.tc-player)").all():
            _use(card)
        for card in page.locator(".tc-player").all():
            _play(card)
        yield reader


def _play(card: Locator) -> None:
    """Sit down on the first chair and take the first option."""
    card.locator('[data-key^="chair:"]').first.click()
    first = key(card, "scene").inner_text()
    card.locator('[data-key^="option:"]').first.click()
    expect(key(card, "scene")).not_to_have_text(first)


def _use(card: Locator) -> None:
    """Give some answer, check or record it, and take a hint."""
    for place in card.locator('[data-key^="card:"]').all():
        grip = str(place.get_attribute("data-key"))
        key(card, grip).press("1")
    for first in ("choice", "reason", "confidence"):
        group = card.locator(f'[data-key^="{first}:"]')
        if group.count():
            group.first.check()
    if key(card, "number").count():
        key(card, "number").fill("1,234.5")
    if key(card, "text").count():
        key(card, "text").fill("From today Ruth decides.")
    if card.locator('[data-key^="match:"]').count():
        card.locator('[data-key^="match:"]').first.select_option(index=1)
    if card.locator('[data-key^="step:"][data-key$=":1"]').count():
        card.locator('[data-key^="step:"][data-key$=":1"]').first.click()
    if key(card, "add").count():
        key(card, "add").click()
        key(card, "column:0").select_option(index=3)
    for menu in card.locator('[data-key^="issue:"]').all():
        menu.select_option(index=1)
    for ask in card.locator('[data-key^="ask:"]').all():
        ask.click()
    for press in ("hint", "submit", "check", "count", "use", "offer", "record"):
        if key(card, press).count():
            key(card, press).click()
    expect(card.locator(".tc-recorded")).not_to_be_empty()


def _axe(page: Page, scope: Any = None) -> tuple[list[str], int]:
    """What breaks a rule, and how many texts were looked at for their contrast."""
    response = Axe().run(page, context=scope, options=AXE_OPTIONS).response
    broken = [(rule["id"], node) for rule in response["violations"] for node in rule["nodes"]]
    contrast = [rule for rule in response["passes"] if rule["id"] == "color-contrast"]
    told = [f"{name}: {node['html'][:200]} {node['failureSummary']}" for name, node in broken]
    return told, sum(len(rule["nodes"]) for rule in contrast)


def _show_whole_notebook(page: Page) -> None:
    """Bring every card on screen.

    axe passes over what is scrolled away, and over all of a body without height, which JupyterLab's is.
    """
    page.add_style_tag(content="body { width: 100vw; height: 100vh }")
    scroller = page.locator(".jp-WindowedPanel-outer")
    long = scroller.evaluate("(scroller) => { scroller.scrollTop = 0; return scroller.scrollHeight; }")
    page.set_viewport_size({"width": VIEWPORT["width"], "height": long + 200})
    page.wait_for_function(
        """() => {
            const { top, bottom } = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect();
            const boxes = [...document.querySelectorAll('.tc')].map((card) => card.getBoundingClientRect());
            return boxes.every((box) => box.top >= top && box.bottom <= bottom);
        }"""
    )


def test_keys_in_a_card_leave_the_notebook_as_it_was(used: Reader) -> None:
    """With the focus on any kind of control, a, b, x, d d, digits, Enter and Escape change no cell and no order."""
    before = used.cells()
    controls = used.page.locator(".tc").evaluate_all(
        """(cards) => {
            const found = new Map();  // the first control of each kind, over all cards
            cards.forEach((card, at) => card.querySelectorAll("[data-key]").forEach((control) => {
                const kind = control.dataset.key.split(":")[0] + control.tagName;
                if (!found.has(kind)) found.set(kind, [at, control.dataset.key]);
            }));
            return [...found.values()];
        }"""
    )
    for at, name in controls:
        key(used.page.locator(".tc").nth(at), name).focus()
        for pressed in ("a", "b", "x", "d", "d", "m", "y", "z", "0", "0", "1", "9", "Escape"):
            used.page.keyboard.press(pressed)
        assert used.cells() == before, f"a key on {name} reached the notebook"

    assert {name.split(":")[0] for _at, name in controls} >= CONTROLS[used.path()]
    assert used.page.locator(".jp-Dialog").count() == 0


def test_every_question_is_on_the_page(used: Reader) -> None:
    """Whatever card answers a question, the learner can read what is asked."""
    lesson = used.path().split("/")[0] if used.path().startswith("l") else Path(used.path()).stem
    shown = " ".join(used.page.locator(".tc").all_inner_texts())
    asked = [item for item in item_bank(lesson).items if item.kind != "sort"]
    missing = [item.id for item in asked if item.stem.split("\n")[-1].split("} ")[-1] not in shown]

    assert asked != []
    assert missing == []


def test_ctrl_s_saves_from_inside_a_card(used: Reader) -> None:
    """Ctrl+S with the focus inside a card saves the notebook."""
    file = used.kit.work / used.path()
    before = file.read_bytes()
    used.page.locator(".tc button, .tc a").first.focus()
    used.save()

    assert file.read_bytes() != before


def test_the_chart_of_the_tickets_waits_for_its_answer(reader: Reader, shots: Shots) -> None:
    """In lesson 11 it comes by itself, in the place of a sentence, when the question above it is answered."""
    reader.open(NOTEBOOKS[3])
    reader.start()
    output = reader.cell("tickets-chart").locator(".jp-OutputArea-output")
    waiting = output.inner_text()
    _use(reader.card("first-line"))
    expect(output.get_by_role("img", name="The same tickets, counted and in hours")).to_be_visible()
    shots("tickets-chart", output)

    assert waiting == "Answer the question above, and a chart appears here."


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_in_our_outputs(used: Reader, theme: str, shots: Shots) -> None:
    """Cards and other outputs, with answers, replies and hints on screen, break no accessibility rule."""
    used.theme(theme)
    _show_whole_notebook(used.page)
    found, texts = _axe(used.page, OUTPUTS)
    used.page.set_viewport_size(VIEWPORT)
    name = used.path().rsplit("/", 1)[-1].removesuffix(".ipynb")
    for at, card in enumerate(used.page.locator(".tc").all()):
        shots(f"{name}-{at:02}-{theme.lower()}", card)

    assert found == []
    assert texts > 5 * used.page.locator(".tc").count()


def test_cards_fit_a_page_at_200_percent(used: Reader, shots: Shots) -> None:
    """At 640 pixels, as on a 1280-pixel screen at 200 %, no card scrolls sideways and every control can be reached."""
    used.page.set_viewport_size({"width": 640, "height": 450})
    used.page.locator(".tc").evaluate_all(
        "(cards) => cards.forEach((card) => card.querySelectorAll('details').forEach((folded) => (folded.open = true)))"
    )
    wide = used.page.locator(".tc").evaluate_all(
        "(cards) => cards.filter((card) => card.scrollWidth > card.clientWidth).map((card) => card.innerText)"
    )
    hidden = used.page.locator(".tc").evaluate_all(
        """(cards) => cards.flatMap((card) => {
            const controls = [...card.querySelectorAll('button, input, select, textarea, a, [tabindex="0"]')];
            return controls.filter((control) => {
                control.scrollIntoView({ block: 'center', inline: 'nearest' });
                const box = control.getBoundingClientRect();
                const edge = card.getBoundingClientRect();
                const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
                const covered = !control.contains(document.elementFromPoint(x, y));
                return box.left < edge.left || box.right > Math.min(edge.right, innerWidth) || covered;
            }).map((control) => control.outerHTML.slice(0, 200));
        })"""
    )
    name = used.path().rsplit("/", 1)[-1].removesuffix(".ipynb")
    for at, card in enumerate(used.page.locator(".tc").all()):
        shots(f"{name}-{at:02}-narrow", card)
    used.page.set_viewport_size(VIEWPORT)

    assert wide == []
    assert hidden == []


@pytest.mark.parametrize("colours", ["color: #111; background: #fff", "color: #eee; background: #111"])
def test_axe_finds_nothing_in_what_we_write_into_other_pages(page: Page, colours: str) -> None:
    """Marks, a status, the chart and an open table of a case break no accessibility rule on a light and a dark page."""
    criteria = [Criterion("your choice: <wait>", 0.3, 1.2, "Life is a floor.", "certainty-before-action")]
    score = Score([*criteria, Criterion("missing: the CSO", 0.0, 0.0)], 3, opening="The best case for waiting.")
    ours = "".join(shown._repr_html_() for shown in (score, Status("recorded"), rights_chart(), case_table("C12")))
    ours = ours.replace("<details>", "<details open>")  # what is folded is not looked at
    page.set_content(
        f"<!doctype html><html lang='en'><head><title>Feedback</title></head>"
        f"<body style='{colours}'><main><h1>Feedback</h1>{ours}</main></body></html>"
    )
    found, texts = _axe(page)

    assert found == []
    assert texts > 5
