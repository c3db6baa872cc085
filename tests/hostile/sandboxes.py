"""What tests of the sandbox share: whether this machine has one, a course worth attacking, and a bystander."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hostile.tricks import PRELUDE

from threechairs.grader.limits import Limits
from threechairs.grader.sandbox import Kind, Sandbox, Tier, detect
from threechairs.grader.sandbox.detection import missing
from threechairs.grader.sandbox.drop import UNPRIVILEGED, is_root
from threechairs.grader.sandbox.walls import landlock_version

SECRET = "SECRET-ANSWER-KEY"


def tier_of(kind):
    """A tier of this kind; a machine that lacks it skips the test, except where everything is required."""
    if kind is Kind.NONE:
        return Tier(Kind.NONE)
    found = detect()
    tier = Tier(kind, landlock_version(), found.cgroup)
    if found.kind is not kind and (found.kind is not Kind.NAMESPACES or missing(tier)):
        what_is_wrong = f"no sandbox of kind {kind}: {missing(tier) or found.told()}"
        if os.environ.get("THREECHAIRS_REQUIRE") == "1":
            pytest.fail(what_is_wrong)
        pytest.skip(what_is_wrong)
    return tier


@dataclass
class Course:
    """A course in a place that anybody may read, with servers beside it and a process that does nothing."""

    root: Path
    given: dict[str, object]
    bystander: subprocess.Popen
    servers: list[socket.socket] = field(default_factory=list)

    def run(self, code, kind, *, sockets=False, limits=None):
        """Run code as a submission of this course, and return what came of it with its token."""
        token = f"9876.{uuid.uuid4().int % 10**12}"
        given = {**self.given, "token": token}
        sandbox = Sandbox(
            tier_of(kind),
            Limits(**{"wall_s": 30, "cpu_s": 10, **(limits or {})}),
            work=self.root / "submitted" / "ann" / "hw1",
            sockets=sockets,
            unsafe=kind is Kind.NONE,
        )
        argv = [sys.executable, "-I", "-c", PRELUDE + code, token]
        return sandbox.run(argv, stdin=json.dumps(given).encode()), token

    def state(self):
        """Every file of the course and what is in it."""
        return {
            str(path.relative_to(self.root)): path.read_bytes() if path.is_file() else b""
            for path in sorted(self.root.rglob("*"))
            if not path.is_socket()
        }


def open_course():
    """Make the course, and start what a submission could attack."""
    # not pytest's own folder, which others cannot enter: here only the sandbox stands in the way
    root = Path(tempfile.mkdtemp(prefix="course-", dir="/var/tmp")).resolve()
    root.chmod(0o755)
    for name in ("solutions/hw1/hw1.ipynb", "submitted/ann/hw1/hw1.ipynb", "submitted/bea/hw1/hw1.ipynb"):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(SECRET)
    (root / "gradebook.db").write_text(SECRET)
    (root / "submitted" / "ann" / "hw1" / "handed-in-link").symlink_to(root / "gradebook.db")
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    servers = []
    abstract = f"\0threechairs-{uuid.uuid4().hex}"
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 0)),
        (socket.AF_UNIX, str(root / "unix")),
        (socket.AF_UNIX, abstract),
    ):
        server = socket.socket(family)
        server.bind(address)
        server.listen(8)
        servers.append(server)
    (root / "unix").chmod(0o777)
    name = f"98765.{uuid.uuid4().int % 10**12}"
    as_user = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []} if is_root() else {}
    bystander = subprocess.Popen(["sleep", name], cwd="/", **as_user)
    given = {
        "course": str(root),
        "work": str(root / "submitted" / "ann" / "hw1"),
        "home": str(Path.home()),
        "port": servers[0].getsockname()[1],
        "unix": str(root / "unix"),
        "abstract": abstract,
        "grader": os.getpid(),
        "bystander": bystander.pid,
        "bystander_name": name,
    }
    return Course(root, given, bystander, servers)


def close_course(course):
    """End and remove it all."""
    course.bystander.kill()
    course.bystander.wait()
    for server in course.servers:
        server.close()
    shutil.rmtree(course.root)


def processes_with(token):
    """Processes whose command line holds the token; a moment is given to those that are ending."""
    for _attempt in range(20):
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if token.encode() in path.read_bytes():
                    found.append(path.parent.name)
            except OSError:
                continue
        if not found:
            return []
        time.sleep(0.05)
    return found
