"""Who is learning, and what the kit keeps about them outside their notebooks: a name, nothing else."""

from __future__ import annotations

import getpass
import json
import os
import re
import shutil
from pathlib import Path

import platformdirs

from threechairs.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def data_folder() -> Path:
    """Folder for what the kit stores outside `my-work/`; `THREECHAIRS_HOME` overrides it."""
    override = os.environ.get("THREECHAIRS_HOME")
    return Path(override) if override else Path(platformdirs.user_data_dir("threechairs", appauthor=False))


def learner_name() -> str:
    """The learner's name as hand-ins and marks use it.

    In this order: `THREECHAIRS_LEARNER` (set by graders), the name given to `threechairs learn --name`,
    the hub's user, the system's user. What cannot stand in a file name or gradebook (a space, an accent) becomes `-`
    in a system's name, so that work begun under it can be handed in.
    """
    given = os.environ.get("THREECHAIRS_LEARNER")
    if given:
        return given
    try:
        return check_name(json.loads((data_folder() / "profile.json").read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError, UsageError):
        return _usable(os.environ.get("JUPYTERHUB_USER") or getpass.getuser())


def _usable(user: str) -> str:
    """A user name in the form that `check_name` asks for.

    Examples
    --------
    >>> _usable("Jane Doe"), _usable("alice")
    ('Jane-Doe', 'alice')
    """
    return re.sub(r"[^A-Za-z0-9._@-]+", "-", user).strip("-._@")[:64] or "learner"


def exchange_name() -> str:
    """The learner's name in nbgrader's shared folder: always the system's user, on a hub's own images the hub's."""
    user = getpass.getuser()
    return os.environ.get("JUPYTERHUB_USER", user) if user == "jovyan" else user


def case_id() -> str:
    """The id from which the learner's case is drawn: `THREECHAIRS_CASE_ID` if set, else the learner's name."""
    return os.environ.get("THREECHAIRS_CASE_ID") or learner_name()


def check_name(name: str) -> str:
    """The name, if it can stand in a file name and in a gradebook.

    Raises
    ------
    UsageError
        If it holds anything but letters, digits and `. _ @ -`.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"name {name!r}",
            "it cannot be used as a file name on every computer",
            "Use up to 64 letters, digits, '.', '_', '@' or '-', beginning with a letter or digit",
        )
    return name


def remember_name(name: str) -> None:
    """Keep the learner's name for the next start."""
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.json").write_text(json.dumps({"name": check_name(name)}) + "\n", encoding="utf-8")


def forget() -> list[Path]:
    """Erase everything that the kit stores outside `my-work/`, and return what was there."""
    folder = data_folder()
    if not folder.is_dir():
        return []
    erased = sorted(path for path in folder.rglob("*") if path.is_file())
    shutil.rmtree(folder)
    return erased
