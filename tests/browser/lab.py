"""The kit as a learner starts it, and a browser page that keeps account of what leaves the machine or goes wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sysconfig
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

COMMAND = Path(sysconfig.get_path("scripts")) / "threechairs"
LEARNER = "alice"
WAIT_MS = 90_000  # for what starts a server, a kernel or a page
STEP_MS = 30_000  # for everything else

# Everything but this machine resolves to nothing, so that a request that tries to leave also fails loudly.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

# Errors that are Jupyter's own, as patterns of "kind: text (address)". Each says why it is there.
TOLERATED = (
    # Lab asks once whether language servers are there; the kit switches that server extension off to start faster.
    r"status of 404 \(Not Found\) \(http://127\.0\.0\.1:\d+/lsp/status\?\d+\)$",
    # Notebook 7.6 reads a plugin's schema before it is there, also as it comes and without the kit.
    r"^page error: Cannot read properties of undefined \(reading 'schema'\) \(\S+/static/notebook/notebook_core\.",
)


class Kit:
    """`threechairs learn` as a child process with a home of its own.

    Parameters
    ----------
    folder : pathlib.Path
        For the home and the learner's copies.
    options : sequence of str
        Further options of the command.
    """

    def __init__(self, folder: Path, options: Sequence[str] = ()) -> None:
        self.work = folder / "my-work"
        self.home = folder / "home"
        self.environment = _own_places(self.home)
        self.started_at = time.monotonic()
        command = [COMMAND, "learn", "--no-browser", "--name", LEARNER, "--folder", self.work, *options]
        self._process = subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            self.start_page = self._read_address()
            self.up_after_s = time.monotonic() - self.started_at
            self._untouched = folder / "untouched"
            shutil.copytree(self.work, self._untouched)
        except BaseException:
            self.stop()
            raise

    def _read_address(self) -> str:
        said = ""
        for line in self._process.stdout or ():
            said += line
            found = re.search(r"http://127\.0\.0\.1\S+", line)
            if found:
                return found.group(0)
        raise RuntimeError(f"threechairs learn ended without an address:\n{said}")

    @property
    def token(self) -> str:
        """The server's token."""
        return urlsplit(self.start_page).query.removeprefix("token=")

    def address(self, notebook: str) -> str:
        """Address of a notebook, with no tabs of an earlier visit beside it."""
        return self.start_page.replace("notebooks/00-start-here.ipynb", notebook) + "&reset"

    def api(self, path: str, method: str = "GET") -> Any:
        """Ask the server."""
        parts = urlsplit(self.start_page)
        request = urllib.request.Request(
            f"{parts.scheme}://{parts.netloc}/api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def kernels(self) -> dict[str, str]:
        """Kernel id of every open notebook, by the notebook's path."""
        return {session["path"]: session["kernel"]["id"] for session in self.api("sessions")}

    def stop_kernels(self) -> None:
        """Shut down every kernel."""
        for session in self.api("sessions"):
            self.api(f"sessions/{session['id']}", "DELETE")

    def renew(self) -> None:
        """Bring everything back to how it was after the first start: no kernels, fresh copies, default settings."""
        self.stop_kernels()
        shutil.rmtree(self.work)
        shutil.copytree(self._untouched, self.work)
        for kept in ("settings", "workspaces"):
            shutil.rmtree(self.home / kept, ignore_errors=True)

    def answers(self, path: str) -> dict[str, Any]:
        """The values recorded in an answer file, by activity."""
        found = json.loads((self.work / path).read_text(encoding="utf-8"))
        return {activity: answer["value"] for activity, answer in found["answers"].items()}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the kit in the learner's terminal."""
        command = [COMMAND, *arguments, "--folder", self.work]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def stop(self) -> None:
        """End the kit as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:  # started in the background of a shell, it does not hear Ctrl-C
                os.killpg(self._process.pid, signal.SIGTERM)
                self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def running_kit(folder: Path, *options: str) -> Iterator[Kit]:
    """A kit that is stopped at the end, also on failure."""
    kit = Kit(folder, options)
    try:
        yield kit
    finally:
        kit.stop()


def _own_places(home: Path) -> dict[str, str]:
    """The environment of a learner who has nothing but the kit."""
    foreign = ("JUPYTER", "THREECHAIRS", "IPYTHON", "XDG_", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    own = {
        "HOME": home,
        "THREECHAIRS_HOME": home / "threechairs",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
    }
    home.mkdir(parents=True, exist_ok=True)
    return kept | {name: str(place) for name, place in own.items()}


class Witness:
    """Notes every request and websocket that leaves this machine, every page error and every console error."""

    def __init__(self, context: BrowserContext) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        context.on("request", lambda request: self._address(request.url))
        context.on("page", self._watch)

    def _watch(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._address(socket.url))
        page.on("pageerror", lambda error: self._note("page error", error.message, _first_address(error.stack or "")))
        page.on("console", self._console)

    def _address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname != "127.0.0.1":
            self.outside.append(address)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note("console", message.text[:500], message.location.get("url", ""))

    def _note(self, kind: str, text: str, address: str) -> None:
        told = f"{kind}: {text} ({address})"
        if not any(re.search(known, told) for known in TOLERATED):
            self.errors.append(told)

    def check(self) -> None:
        """Fail if anything left this machine or went wrong in the browser."""
        assert self.outside == [], "requests left this machine"
        assert self.errors == [], "the browser reported errors"


def _first_address(stack: str) -> str:
    found = re.search(r"https?://\S+", stack)
    return found.group(0) if found else ""


_NOTEBOOK = "window.jupyterapp.shell.currentWidget"
_DONE = re.compile("^▶ Start again")


class Reader:
    """A learner in front of the browser: opens pages, presses Start, looks at cards, moves by keyboard."""

    def __init__(self, page: Page, kit: Kit) -> None:
        self.page, self.kit = page, kit

    # ---- pages

    def open(self, notebook: str) -> None:
        """Open a notebook."""
        self.page.goto(self.kit.address(notebook), wait_until="domcontentloaded")
        self.start_button.wait_for(timeout=WAIT_MS)

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload(wait_until="domcontentloaded")
        self.start_button.wait_for(timeout=WAIT_MS)

    @property
    def start_button(self) -> Locator:
        """The Start button of the notebook in front."""
        return self.page.get_by_role("button", name=re.compile("^▶ Start")).first

    def start(self, *, by_keyboard: bool = False) -> None:
        """Press Start, and wait until all cells have run."""
        if by_keyboard:
            self.tab_to(self.start_button)
            self.page.keyboard.press("Enter")
        else:
            self.start_button.click()
        self.page.get_by_role("button", name=_DONE).first.wait_for(timeout=WAIT_MS)
        expect(self.page.locator(".tc").first).to_be_visible(timeout=WAIT_MS)
        expect(self.page.locator('.tc[data-asleep="true"]')).to_have_count(0, timeout=WAIT_MS)

    def save(self) -> None:
        """Press Ctrl+S and wait until the notebook is saved."""
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function(f"() => !{_NOTEBOOK}.context.model.dirty", timeout=WAIT_MS)

    def restart_kernel(self) -> None:
        """Restart the kernel by keyboard: the command palette, then Enter to confirm."""
        self.page.keyboard.press("Control+Shift+C")
        self.page.get_by_placeholder("SEARCH").wait_for(timeout=WAIT_MS)
        self.page.keyboard.type("Restart Kernel…")
        expect(self.page.locator(".lm-CommandPalette-item.lm-mod-active")).to_contain_text("Restart Kernel…")
        self.page.evaluate(
            f"""() => {{
                window.kernelRestarted = new Promise((done) => {{
                    let begun = false;
                    {_NOTEBOOK}.sessionContext.statusChanged.connect((_, status) => {{
                        begun ||= status.includes("restarting");
                        if (begun && status === "idle") done();
                    }});
                }});
            }}"""
        )
        self.page.keyboard.press("Enter")
        self.page.locator(".jp-Dialog").wait_for(timeout=WAIT_MS)
        self.page.keyboard.press("Enter")
        self.page.evaluate("() => window.kernelRestarted")

    def command(self, name: str, **arguments: Any) -> None:
        """Run one of JupyterLab's commands and wait for its end."""
        self.page.evaluate("([name, given]) => window.jupyterapp.commands.execute(name, given)", [name, arguments])

    def theme(self, name: str) -> None:
        """Change the theme, and wait until the splash screen that covers the change is gone."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name}")
        light = str(name == "Light").lower()
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light, timeout=WAIT_MS)
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=WAIT_MS)

    # ---- the notebook

    def path(self) -> str:
        """Path of the notebook in front."""
        path: str = self.page.evaluate(f"() => {_NOTEBOOK}.context.path")
        return path

    def cells(self) -> list[str]:
        """Id and source of every cell of the notebook in front, in order."""
        cells: list[str] = self.page.evaluate(
            f"() => Array.from({_NOTEBOOK}.content.model.cells, (cell) => cell.id + ': ' + cell.sharedModel.source)"
        )
        return cells

    def card(self, cell: str) -> Locator:
        """The card below the cell with this id."""
        return self.cell(cell).locator(".tc")

    def cell(self, cell: str) -> Locator:
        """The cell with this id."""
        find = f"(id) => {_NOTEBOOK}.content.widgets.findIndex((cell) => cell.model.id === id)"
        index = self.page.evaluate(find, cell)
        assert index >= 0, f"the notebook has no cell {cell!r}"
        return self.page.locator(".jp-Notebook:visible .jp-Cell").nth(index)

    # ---- by keyboard alone

    def tab_to(self, target: Locator) -> None:
        """Press Tab until the focus is there."""
        self._go(target, "Tab", at_most=150)

    def walk_to(self, target: Locator) -> None:
        """Walk up over a sorter's cards until the focus is there."""
        self._go(target, "ArrowUp", at_most=30)

    def _go(self, target: Locator, pressing: str, at_most: int) -> None:
        element = target.element_handle()
        for _ in range(at_most):
            if not element.evaluate("(element) => element.isConnected"):
                element = target.element_handle()  # the card was drawn again
            if element.evaluate("(element) => element === document.activeElement"):
                return
            self.page.keyboard.press(pressing)
        raise AssertionError(f"{target} is not reached by {pressing}")

    def press(self, target: Locator) -> None:
        """Go to a button by Tab and press Enter."""
        self.tab_to(target)
        self.page.keyboard.press("Enter")

    def choose(self, card: Locator, group: str, choice: str) -> None:
        """Choose in a group of radio buttons in which nothing is chosen yet: Tab, space, arrows."""
        buttons = card.locator(f'[data-key^="{group}:"]')
        self.tab_to(buttons.first)
        self.page.keyboard.press("Space")
        wanted = card.locator(f'[data-key="{group}:{choice}"]')
        for _ in range(buttons.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{choice} is not reached by arrow keys")

    def select(self, menu: Locator, text: str) -> None:
        """Choose from a native menu: Tab to it, then the down arrow."""
        self.tab_to(menu)
        for _ in range(menu.locator("option").count() + 1):
            if menu.locator("option:checked").inner_text() == text:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{text!r} is not reached by the down arrow")


def key(card: Locator, name: str) -> Locator:
    """A control of a card by the name that the card gives it."""
    return card.locator(f'[data-key="{name}"]')
