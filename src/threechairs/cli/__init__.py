"""The `threechairs` command: one file per command, each loaded only when it is used."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from threechairs import __version__
from threechairs.errors import ThreeChairsError

COMMANDS = {
    "learn": "open the lessons in JupyterLab",
    "play": "play a scenario in this terminal",
    "hand-in": "check an assignment and make the file to hand in",
    "mark-mine": "mark your own work, on a clone",
    "new-attempt": "begin the next attempt at an assignment",
    "forget": "erase what the kit stores outside my-work/",
    "teach": "open the course as an instructor, with Formgrader",
    "bundle": "make the learner's zip, without solutions and grading",
    "company": "write a learner's tables, for a help session",
    "check": "check every rule over the course's content",
    "scenario": "draw a scenario's story as a map",
    "build": "make exercises/ from solutions/",
    "tidy": "bring notebooks into their normal form",
    "show": "print a notebook as text, for git and for reading",
}


class _Commands(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"threechairs.cli.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="threechairs")
def cli() -> None:
    """Three Chairs: who decides what in security."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command. Exit code 0: fine; 1: problems found; 2: it cannot be done as asked."""
    try:
        result: Any = cli.main(args=arguments, prog_name="threechairs", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as reason:
        reason.show()
        sys.exit(2)
    except ThreeChairsError as reason:
        click.echo(str(reason), err=True)
        sys.exit(2)
    except OSError as reason:  # no such folder, no right to write, no room
        click.echo(f"{reason.filename or 'threechairs'}: {reason.strerror or reason}.", err=True)
        sys.exit(2)
    sys.exit(result if isinstance(result, int) else 0)
