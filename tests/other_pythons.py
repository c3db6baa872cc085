"""Run the fast tests on the other Pythons that the project supports, where the machine has them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.12", "3.13")
UV = Path(sys.executable).parent / "uv"


def main() -> int:
    """Run each version that is there; say plainly which is not."""
    failed = []
    for version in VERSIONS:
        if version == f"{sys.version_info.major}.{sys.version_info.minor}":
            continue
        interpreter = _find(version)
        if interpreter is None:
            print(f"Python {version}: not on this machine, not tested.")
            continue
        print(f"Python {version}: fast tests", flush=True)
        if not _passes(version, interpreter):
            failed.append(version)
    return 1 if failed else 0


def _find(version: str) -> Path | None:
    """An interpreter of this version that runs: on PATH, or among those that pyenv holds without showing them."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    places = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"versions/{version}.*/bin/python"))]
    for place in filter(None, places):
        try:
            works = subprocess.run([place, "-c", ""], capture_output=True, check=False).returncode == 0
        except OSError:
            continue
        if works:
            return Path(place)
    return None


def _passes(version: str, interpreter: Path) -> bool:
    venv = ROOT / ".venvs" / version
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # the tests set their own course folder and home, so the environments can share one clone
    steps = (
        [UV, "venv", "-q", "--allow-existing", "--python", interpreter, venv],
        [UV, "pip", "sync", "-q", "--python", python, "--require-hashes", ROOT / ".pins" / "develop.txt"],
        [UV, "pip", "install", "-q", "--python", python, "--no-deps", "--no-build-isolation", "-e", ROOT],
        [python, "-m", "pytest", "-q", "-m", "not slow", "-n", "auto", "--dist", "loadfile", "-p", "no:cacheprovider"],
    )
    return all(subprocess.run(step, cwd=ROOT, check=False).returncode == 0 for step in steps)


if __name__ == "__main__":
    sys.exit(main())
