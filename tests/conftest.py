"""Every test has its own home folder, no learner and no open notebook, and leaves the process as it found it."""

import os
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from threechairs.course import workbook

# a busy machine is no fault of the code under test
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")

OURS = (
    "THREECHAIRS_TEXT",
    "THREECHAIRS_LEARNER",
    "THREECHAIRS_CASE_ID",
    "THREECHAIRS_COURSE",
    "THREECHAIRS_WORK",
    "JUPYTERHUB_USER",
)


@pytest.fixture(scope="session")
def homes(tmp_path_factory):
    """One folder for the homes of all tests: making a numbered one for each takes long."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def own_surroundings(homes, monkeypatch):
    """A home of the test's own; environment, working folder and open notebook are put back afterwards."""
    environment, folder = dict(os.environ), Path.cwd()
    for name in OURS:
        os.environ.pop(name, None)
    os.environ["THREECHAIRS_HOME"] = str(homes / uuid.uuid4().hex)
    monkeypatch.setattr(workbook, "_current", None)
    yield
    # not by monkeypatch: text_mode() and the like set variables by themselves
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)


@pytest.fixture
def working_folder(tmp_path, monkeypatch):
    """An empty folder that is the working folder, as a kernel's is its notebook's."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def pytest_collection_modifyitems(items):
    """Begin with the longest."""
    items.sort(key=lambda item: "slow" not in item.keywords)
