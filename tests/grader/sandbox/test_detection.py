"""The strongest sandbox that really works is found, and what is missing is told with what to install."""

import importlib.util
import shutil

import pytest
from hostile.sandboxes import tier_of

from threechairs.errors import GradingError
from threechairs.grader.sandbox import Kind, detect, detection
from threechairs.grader.sandbox.programs import Sandbox


@pytest.fixture(autouse=True)
def anew():
    """What was found is remembered; here it is looked for anew."""
    detect.cache_clear()
    yield
    detect.cache_clear()


def test_what_is_here_is_found():
    """On this machine the strongest kind works, so it is the one that is found."""
    tier_of(Kind.NAMESPACES)

    assert detect().kind is Kind.NAMESPACES
    assert detect().why_not_stronger == ()


def test_without_bubblewrap_one_kind_less(monkeypatch):
    """Landlock remains, and the reason names the package."""
    tier_of(Kind.LANDLOCK)
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "bwrap" else real(name))
    detect.cache_clear()

    tier = detect()

    assert tier.kind is Kind.LANDLOCK
    assert "package bubblewrap" in tier.told()


def test_without_landlock_and_bubblewrap_nothing(monkeypatch):
    """Both reasons are told."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(detection, "landlock_version", lambda: 0)

    tier = detect()

    assert tier.kind is Kind.NONE
    assert "bubblewrap" in tier.told()
    assert "no Landlock" in tier.told()


def test_without_its_python_packages_nothing(monkeypatch):
    """A learner's installation seals nothing, and is told what to install."""
    monkeypatch.setattr(shutil, "which", str)
    monkeypatch.setattr(detection, "landlock_version", lambda: 7)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    tier = detect()

    assert tier.kind is Kind.NONE
    assert "pip install 'threechairs[grader]'" in tier.told()


def test_elsewhere_nothing(monkeypatch):
    """Neither macOS nor Windows has such a sandbox, and the sentence says where there is one."""
    monkeypatch.setattr(detection.sys, "platform", "darwin")

    assert "Linux container" in detect().told()


def test_a_kind_that_fails_its_trial_is_not_promised(monkeypatch):
    """That all parts are installed is no proof: a container may forbid them."""

    def refused(*_arguments, **_named):
        raise GradingError("sandbox", "the kernel says no")

    monkeypatch.setattr(detection, "missing", lambda _tier: "")
    monkeypatch.setattr(Sandbox, "run", refused)

    tier = detect()

    assert tier.kind is Kind.NONE
    assert tier.told().count("the kernel says no") == 2
