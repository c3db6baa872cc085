"""Find out how strong a sandbox is here, by trying each kind with a program that does nothing."""

from __future__ import annotations

import functools
import importlib.util
import shutil
import sys

from threechairs.errors import ThreeChairsError
from threechairs.grader.limits import Limits
from threechairs.grader.sandbox.cgroups import places
from threechairs.grader.sandbox.programs import Sandbox
from threechairs.grader.sandbox.supervise import Reason
from threechairs.grader.sandbox.tiers import Kind, Tier
from threechairs.grader.sandbox.walls import landlock_version


@functools.cache
def detect() -> Tier:
    """The strongest tier that works here; `told()` says what it promises.

    Returns
    -------
    Tier
        `Kind.NONE` if nothing would seal a submission off.

    Examples
    --------
    >>> detect().told().startswith("Sandbox: ")
    True
    """
    if sys.platform != "linux":
        return Tier(
            Kind.NONE, why_not_stronger=("this is not Linux. Grade in a Linux container, a virtual machine or WSL 2.",)
        )
    version = landlock_version()
    reasons: list[str] = []
    for kind in (Kind.NAMESPACES, Kind.LANDLOCK):
        lacking = ""
        for cgroup in [True, False] if places() else [False]:
            tier = Tier(kind, version, cgroup, tuple(reasons))
            lacking = missing(tier) or _trial(tier)
            if not lacking:
                return tier
        reasons.append(lacking)
    return Tier(Kind.NONE, version, why_not_stronger=tuple(reasons))


def missing(tier: Tier) -> str:
    """Sentence about what has to be installed for a tier, or an empty text.

    Examples
    --------
    >>> missing(Tier(Kind.NONE))
    ''
    """
    if tier.kind is Kind.NAMESPACES and not shutil.which("bwrap"):
        return "bubblewrap is not installed. Install your system's package bubblewrap."
    if tier.kind is Kind.LANDLOCK and not tier.landlock_version:
        return "this kernel has no Landlock, or the Python package landlock is not installed."
    for package in ("pyseccomp", "landlock") if tier.kind is not Kind.NONE else ():
        if importlib.util.find_spec(package) is None:
            return f"the Python package {package} is not installed. Run `pip install 'threechairs[grader]'`."
    return ""


def _trial(tier: Tier) -> str:
    """Sentence about why a sandbox cannot be made, or an empty text."""
    try:
        finished = Sandbox(tier, Limits()).run([sys.executable, "-I", "-S", "-c", "print('sealed')"], timeout_s=30)
    except (ThreeChairsError, OSError) as reason:
        return str(reason)
    if finished.reason is Reason.ENDED and finished.stdout == b"sealed\n":
        return ""
    last = finished.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"it ended by {finished.reason}"]
    return f"the sandbox of kind {tier.kind} was tried and failed: {last[0]}"
