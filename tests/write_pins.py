"""Write `.pins/`: every version with its hashes, for all platforms and Pythons of the project, and no address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PINS = ROOT / ".pins"
COMPILE = ("uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes")
PLAIN = ("--no-annotate", "--no-header")


def main() -> None:
    """Resolve the learner's set first, then the developer's with the same versions."""
    uv = Path(sys.executable).parent
    learn = [*COMPILE, *PLAIN, "pyproject.toml", "--group", "build", "-o", PINS / "learn.txt"]
    develop = [*COMPILE, *PLAIN, "pyproject.toml", "--extra", "author", "--extra", "grader"]
    for group in ("build", "installer", "test", "lint"):
        develop += ["--group", group]
    develop += ["-c", PINS / "learn.txt", "-o", PINS / "develop.txt"]
    installer = [*COMPILE, *PLAIN, "--group", "installer", "-o", PINS / "installer.txt"]
    for command in (learn, develop, installer):
        subprocess.run([uv / command[0], *command[1:]], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
