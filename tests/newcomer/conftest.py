"""A clean copy of the repository, as a newcomer has it after cloning, with nothing installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """The files that git knows, and nothing else: no environment, no work, no gradebook."""
    folder = tmp_path_factory.mktemp("newcomer") / "three-chairs"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def newcomer_environment(tmp_path_factory):
    """A newcomer's environment: a home of their own, no environment active, no browser to open."""
    home = tmp_path_factory.mktemp("home")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("THREECHAIRS", "JUPYTER", "PYTHON"))}
    kept.pop("VIRTUAL_ENV", None)
    # make takes any Python of the project; ours is one
    interpreter = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    # packages that pip has fetched before need not be fetched again
    cache = subprocess.run([sys.executable, "-m", "pip", "cache", "dir"], capture_output=True, text=True, check=False)
    return {
        **kept,
        "HOME": str(home),
        "NO_BROWSER": "1",
        "PYTHON": str(interpreter),
        "PIP_CACHE_DIR": cache.stdout.strip() or str(home / "pip"),
    }
