"""`threechairs learn`."""

from __future__ import annotations

from pathlib import Path

import click

from threechairs.course.learner import exchange_name, learner_name, remember_name
from threechairs.front_end import FrontEnd, default_workspace, fill_workspace, run_front_end
from threechairs.front_end.server import HERE
from threechairs.front_end.workspace import WORK_FOLDER


@click.command()
@click.option("--name", help="Your name as your instructor knows it; remembered for the next time.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where your copies are kept. [default: my-work]")
@click.option("--port", type=int, default=0, envvar="PORT", help="Port on this machine. [default: any free one]")
@click.option("--no-browser", is_flag=True, envvar="NO_BROWSER", help="Do not open a browser; print the address.")
@click.option("--notebook", is_flag=True, help="Open in Notebook 7, which screen readers read better, not in Lab.")
@click.option(
    "--exchange",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Your class's shared folder: assignments are then fetched and submitted in Lab.",
)
def command(
    name: str | None, folder: Path | None, port: int, no_browser: bool, notebook: bool, exchange: Path | None
) -> int:
    """Open the lessons. You work on copies in my-work/, which are made once and never overwritten."""
    if exchange and name and name != exchange_name():
        raise click.UsageError(
            f"in a shared folder nbgrader knows you as {exchange_name()!r}; leave --name out, or ask your instructor."
        )
    if name is not None:
        remember_name(name)
    workspace = (folder or default_workspace()).resolve()
    made = fill_workspace(workspace, assignments=exchange is None)
    if made:
        click.echo(f"Your copies are in {workspace}.")
    configs = [HERE / ("in_class" if exchange else "learner")]
    environment = {
        "THREECHAIRS_LEARNER": exchange_name() if exchange else name or learner_name(),
        WORK_FOLDER: str(workspace),
    }
    if exchange:
        configs.insert(0, _class_config(workspace, exchange.resolve()))
    front_end = FrontEnd(workspace, "notebooks/00-start-here.ipynb", tuple(configs), port, notebook, environment)
    return run_front_end(front_end, browser=not no_browser, say=click.echo)


def _class_config(workspace: Path, exchange: Path) -> Path:
    """Tell nbgrader's assignment list where to fetch and submit."""
    folder = workspace / ".class"
    folder.mkdir(exist_ok=True)
    lines = [
        "c = get_config()  # noqa: F821",
        f"c.Exchange.root = {str(exchange)!r}",
        f"c.Exchange.assignment_dir = {str(workspace)!r}",
        'c.CourseDirectory.course_id = "three-chairs"',
        f"c.CourseDirectory.root = {str(workspace)!r}",
        'c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".*.lock", ".*.part"]',
    ]
    (folder / "nbgrader_config.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
