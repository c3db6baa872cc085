"""The same lessons in Notebook 7."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

import pytest
from content.attempts_file import Learner
from playwright.sync_api import Locator, expect

from browser.conftest import Shots
from browser.lab import LEARNER, STEP_MS, Kit, Reader, key, running_kit
from browser.test_clash_assignment import ASSIGNMENT, GUILTY, play_graded
from browser.test_clash_assignment import NOTEBOOK as GRADED
from threechairs.chairs import duties

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CLASHES = "notebooks/11-resolving-clashes.ipynb"
ANSWERS = "notebooks/answers/11-resolving-clashes.json"
PLAYER = "gate-4-play"
DEAL = {
    "fault-desk": "joint-desk",
    "backup-power": "it-pays",
    "segmentation": "six-weeks",
    "power-notice": "ten-days",
}


@pytest.fixture(scope="module")
def kit(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """The kit in Notebook 7 instead of JupyterLab."""
    with running_kit(tmp_path_factory.mktemp("notebook7"), "--notebook") as kit:
        yield kit


def test_lesson_works_in_notebook_7(reader: Reader, kit: Kit, shots: Shots) -> None:
    """With --notebook, Start, a question and a sorter work by keyboard, and what is recorded is on disk."""
    first_card = duties(round=1)[0].duty_id
    reader.open("notebooks/01-three-chairs.ipynb")
    reader.start(by_keyboard=True)
    question, sorter = reader.card("crowbar-first"), reader.card("sort-first")
    before = reader.cells()
    reader.choose(question, "choice", "ciso")
    reader.press(key(question, "submit"))
    reader.tab_to(key(sorter, f"card:{first_card}"))
    for pressed in "abx2":
        reader.page.keyboard.press(pressed)
    expect(question.locator(".tc-recorded")).to_contain_text("The chief information security officer")
    expect(sorter.locator(".tc-recorded")).to_contain_text("1 of 6 cards placed")
    shots("notebook7", reader.page)
    after = reader.cells()
    recorded = kit.answers("notebooks/answers/01-three-chairs.json")

    assert recorded["crowbar-first"] == {"choice": "ciso"}
    assert recorded["01-round-one"]["placements"] == {first_card: "ciso"}
    assert after == before


def _press(reader: Reader, card: Locator, name: str) -> None:
    """Go to a button by Tab, press Enter, and find the focus on the heading of the next scene."""
    heading = key(card, "scene").or_(key(card, "choose")).first.element_handle()
    reader.press(key(card, name))
    reader.page.wait_for_function("(old) => !old.isConnected", arg=heading)
    expect(key(card, "scene")).to_be_focused()


def _play(
    reader: Reader, card: Locator, chair: str, wanted: Collection[str] = (), deal: Mapping[str, str] | None = None
) -> str:
    """Play to the end: the deal, else an option that is wanted, else the first one. Return the ending's title."""
    _press(reader, card, f"chair:{chair}")
    while not card.locator(".tc-debrief").count():
        if deal and key(card, "offer").count():
            for issue, option in deal.items():
                menu = key(card, f"issue:{issue}")
                reader.select(menu, menu.locator(f'option[value="{option}"]').inner_text())
            _press(reader, card, "offer")
            continue
        names = card.locator('[data-key^="option:"]').evaluate_all("(all) => all.map((one) => one.dataset.key)")
        _press(reader, card, next((name for name in names if name.removeprefix("option:") in wanted), names[0]))
    return card.locator(".tc-ending strong").inner_text()


def test_three_endings_are_played_by_keyboard_and_a_fourth_is_taken_up_again(reader: Reader, kit: Kit) -> None:
    """Three endings by Tab, Enter and arrows; after page and kernel are gone, the fourth play's scene stands again."""
    reader.open(CLASHES)
    reader.start(by_keyboard=True)
    card = reader.card(PLAYER)
    endings = [
        _play(reader, card, "cso", {"hope", "stand"}),
        _play(reader, card, "ciso", {"no-name"}, DEAL),
        _play(reader, card, "cio", {"escalate", "no-name"}),
    ]
    for name in ("chair:cso", "option:call-marta", "option:cso-one"):
        _press(reader, card, name)
    scene = key(card, "scene").inner_text()
    left = kit.answers(ANSWERS)[PLAYER]["plays"]
    another_page = reader.page.context.new_page()
    another_page.set_default_timeout(STEP_MS)
    reader.page.close()
    kit.stop_kernels()
    reader = Reader(another_page, kit)
    reader.open(CLASHES)
    reader.start(by_keyboard=True)
    card = reader.card(PLAYER)
    expect(key(card, "scene")).to_have_text(scene)
    _press(reader, card, "option:cso-back")
    plays = kit.answers(ANSWERS)[PLAYER]["plays"]

    assert len(set(endings)) == 3
    assert [one["chair"] for one in left] == ["cso", "ciso", "cio", "cso"]
    assert [step["option"] for step in left[3]["steps"]] == ["call-marta", "cso-one"]
    assert {"scene": "table", "deal": DEAL} in left[1]["steps"]
    assert plays[:3] == left[:3]
    assert plays[3]["steps"] == [*left[3]["steps"], {"scene": "corridor", "option": "cso-back"}]


def test_the_graded_run_is_played_and_marked(reader: Reader, kit: Kit) -> None:
    """The graded play of l11 by keyboard; what autograde gives for it is what the attempts file lists."""
    learner = Learner(LEARNER, ASSIGNMENT)
    played = next(one for one in learner.wrong("gate-4-graded") if one.names == (GUILTY,))
    (play,) = played.value
    reader.open(GRADED)
    reader.start(by_keyboard=True)
    play_graded(reader, reader.card("l11-q8-play"), play)
    marked = kit.run("mark-mine", "l11")

    assert kit.answers(f"{ASSIGNMENT}/answers.json")["gate-4-graded"]["plays"] == [play]
    assert marked.returncode == 0, marked.stderr
    points = re.search(r"^([\d.]+) of 10  gate-4-graded$", marked.stdout, flags=re.MULTILINE)
    assert points and float(points[1]) == pytest.approx(played.points, abs=1e-3)
