"""JupyterLab or Notebook as a child process that listens on this machine only."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from threechairs.environment import own_environment
from threechairs.errors import UsageError

HERE = Path(__file__).parent
START_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class FrontEnd:
    """What to start and for whom.

    Attributes
    ----------
    root : pathlib.Path
        Folder that the file browser shows.
    opens : str
        Notebook that opens first, relative to `root`; empty for the file browser.
    configs : tuple of pathlib.Path
        Configuration folders that go before Jupyter's own, the first one first.
    port : int
        Port on 127.0.0.1; 0 for any free one.
    notebook : bool
        Notebook 7 instead of JupyterLab.
    environment : dict
        Environment variables for the server and its kernels.
    """

    root: Path
    opens: str
    configs: tuple[Path, ...]
    port: int = 0
    notebook: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, port: int) -> list[str]:
        """The command line; the token goes through the environment, where other users cannot read it."""
        app = "notebook" if self.notebook else "lab"
        trait = "JupyterNotebookApp" if self.notebook else "LabApp"
        return [
            *(sys.executable, "-m", "jupyter", app, "--no-browser", "--ip=127.0.0.1", f"--port={port}"),
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            # lets a card open another lesson in the same window
            f"--{trait}.expose_app_in_browser=True",
            f"--{trait}.app_settings_dir={HERE / 'settings'}",
            "--LabApp.news_url=",
            "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
            # a terminal finds `threechairs` as this process does; a login shell would set its own search path
            *([f"--ServerApp.terminado_settings=shell_command=['{_shell()}']"] if os.name != "nt" else []),
            *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        ]

    def page(self, port: int, token: str) -> str:
        """Address of the first page."""
        place = {True: "notebooks", False: "lab/tree"}[self.notebook] if self.opens else "tree" * self.notebook or "lab"
        return f"http://127.0.0.1:{port}/{place}/{self.opens}?token={token}".replace("/?", "?")


def run_front_end(front_end: FrontEnd, *, browser: bool, say: Callable[[str], None]) -> int:
    """Start, tell the address, open it in a browser if asked, and stay until the server ends or Ctrl-C.

    Returns
    -------
    int
        The server's exit code; 0 after Ctrl-C.

    Raises
    ------
    UsageError
        If the port is taken, or the server does not start.
    """
    port = front_end.port or _free_port()
    if front_end.port and not _is_free(port):
        raise UsageError(f"port {port}", "something else is listening there", next_step="Choose another with --port.")
    token = secrets.token_hex(16)
    config_path = os.pathsep.join(map(str, front_end.configs))
    environment = {
        **own_environment(),
        **front_end.environment,
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_PATH": _before(config_path, "JUPYTER_CONFIG_PATH"),
        "JUPYTER_PATH": _before(str(HERE / "share"), "JUPYTER_PATH"),
    }
    # started in the background, a process inherits an ignored Ctrl-C; and an ended session must not leave a server
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, signal.default_int_handler)
    with subprocess.Popen(front_end.command(port), env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            log = _Tail(server)
            _wait_until_up(server, port, log)
            page = front_end.page(port, token)
            say(f"Three Chairs is open at {page}")
            say("Stop it with Ctrl-C; your answers are already saved.")
            if browser:
                webbrowser.open(page)
            return server.wait()
        except KeyboardInterrupt:
            say("Stopping.")
            return 0
        finally:
            _stop(server)


def _shell() -> str:
    return os.environ.get("SHELL") or shutil.which("bash") or "/bin/sh"


def _before(path: str, variable: str) -> str:
    """A search path that begins with ours and goes on with what was set before."""
    return os.pathsep.join(filter(None, [path, os.environ.get(variable)]))


class _Tail:
    """The last lines that the server wrote, read in the background so that it never waits for us."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        import threading
        from collections import deque

        self.lines: deque[str] = deque(maxlen=30)
        self._stream = server.stderr
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream or ():
            self.lines.append(line)


def _wait_until_up(server: subprocess.Popen[str], port: int, log: _Tail) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            time.sleep(0.2)  # the reader thread may still hold the last lines
            raise UsageError("Jupyter", f"it ended at once:\n{''.join(log.lines)}", next_step="See the lines above.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=1):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise UsageError(
        "Jupyter", f"it did not answer within {START_TIMEOUT_S:g} seconds", next_step="Start it once more."
    )


def _stop(server: subprocess.Popen[str]) -> None:
    """End the server and its kernels; only what was started here."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
