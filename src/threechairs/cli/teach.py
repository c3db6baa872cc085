"""`threechairs teach`."""

from __future__ import annotations

import click

from threechairs.course.clone import clone_root
from threechairs.front_end import FrontEnd, run_front_end


@click.command()
@click.option("--port", type=int, default=0, envvar="PORT", help="Port on this machine. [default: any free one]")
@click.option("--no-browser", is_flag=True, envvar="NO_BROWSER", help="Do not open a browser; print the address.")
def command(port: int, no_browser: bool) -> int:
    """Open the course as an instructor: all files, and nbgrader's Formgrader and assignment tools."""
    root = clone_root("teach")
    front_end = FrontEnd(root, "grading/README.md", (root / "grading",), port)
    return run_front_end(front_end, browser=not no_browser, say=click.echo)
