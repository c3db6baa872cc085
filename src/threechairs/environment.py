"""The environment for child processes: this installation's own commands come first.

nbgrader calls `alembic` by name, and learners type `threechairs` in Lab's terminal; both lie beside this Python,
also where nobody has activated its virtual environment.
"""

from __future__ import annotations

import os
import sysconfig


def own_environment() -> dict[str, str]:
    """A copy of this process's environment, with the folder of this installation's commands first on `PATH`."""
    scripts = sysconfig.get_path("scripts")
    places = [scripts, *os.environ.get("PATH", "").split(os.pathsep)]
    return {**os.environ, "PATH": os.pathsep.join(dict.fromkeys(places))}
