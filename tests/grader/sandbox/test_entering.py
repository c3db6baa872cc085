"""A forked child goes behind all the walls that its tier promises, or does not come back at all."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hostile.sandboxes import processes_with, tier_of

from threechairs.grader.limits import Limits
from threechairs.grader.sandbox import Kind, bubblewrap, outside
from threechairs.grader.sandbox.drop import UNPRIVILEGED, is_root
from threechairs.grader.sandbox.namespaces import places_of_python

pytestmark = pytest.mark.slow
SEALED = pytest.mark.parametrize("kind", [Kind.NAMESPACES, Kind.LANDLOCK], ids=str)


LOOK_AT_SELF = """
import json, os
lines = open("/proc/self/status").read().splitlines()
status = dict(line.split(":\\t", 1) for line in lines if ":\\t" in line)
print(json.dumps({
    "walls": [status[name] for name in ("NoNewPrivs", "Seccomp", "CapEff", "CapPrm")],
    "file": open("mine.txt").read(),
    "secret": "THREECHAIRS_SECRET" in os.environ,
    "pid": os.getpid(),
    "processes": [name for name in os.listdir("/proc") if name.isdigit()] if os.getpid() == 1 else [],
    "open": len(os.listdir("/proc/self/fd")),
}), flush=True)
"""
LOOK_AROUND = """
import os
for place in ("/tmp", ".", "/dev/shm", "{run}"):
    try:
        print(sorted(name for name in os.listdir(place) if not name.startswith(".tmp")), flush=True)
    except OSError as error:
        print(type(error).__name__, flush=True)
"""


class Server:
    """The fork server of `server.py`, in the outer tree that its tier has."""

    def __init__(self, kind, run):
        self.tier, self.run = tier_of(kind), run
        script = Path(__file__).with_name("server.py")
        words = [sys.executable, "-I", str(script)]
        if kind is Kind.NAMESPACES:
            words = bubblewrap(words, read_only=[script], writable=[run])
        self.process = subprocess.Popen(
            outside(words, [script, run]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.defpath, "THREECHAIRS_SECRET": "key"},
            cwd="/",
            text=True,
        )
        self.process.stdout.readline()

    def start(self, code, **given):
        """Send a job."""
        limits = Limits(**{"wall_s": 30, **given.pop("limits", {})})
        work = self.run / f"job-{time.monotonic_ns()}"
        work.mkdir()
        (work / "mine.txt").write_text("mine")
        if is_root():
            for place in (work, work / "mine.txt"):
                os.chown(place, UNPRIVILEGED, UNPRIVILEGED)
        job = {
            "kind": self.tier.kind,
            "landlock_version": self.tier.landlock_version,
            "limits": limits.model_dump(),
            "work": str(work),
            "run": str(self.run),
            "code": code,
            **given,
        }
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()

    def job(self, code, **given):
        """Send a job and wait for what came of it."""
        self.start(code, **given)
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def opened():
    """Servers by kind, started once."""
    with contextlib.ExitStack() as stack:
        servers = {}

        def server(kind):
            if kind not in servers:
                servers[kind] = stack.enter_context(running(kind))
            return servers[kind]

        yield server


@contextlib.contextmanager
def running(kind):
    """A server of its own, gone at the end."""
    run = Path(tempfile.mkdtemp(dir="/var/tmp")).resolve()
    if is_root():
        os.chown(run, UNPRIVILEGED, UNPRIVILEGED)
    server = Server(kind, run)
    try:
        yield server
    finally:
        server.process.stdin.close()
        server.process.stdout.close()
        server.process.wait(20)
        shutil.rmtree(run)


@SEALED
def test_inside_all_walls_stand(opened, kind):
    """The kernel itself says so, and the submission has its files, an empty environment and no open descriptors."""
    answer = opened(kind).job(LOOK_AT_SELF)

    seen = json.loads(answer["text"].splitlines()[1])
    assert seen["walls"] == ["1", "2", "0" * 16, "0" * 16]
    assert (seen["file"], seen["secret"]) == ("mine", False)
    assert seen["open"] == 4  # the three standard streams, and the one that lists
    assert (seen["pid"] == 1) is (kind is Kind.NAMESPACES)
    assert seen["processes"] == (["1"] if kind is Kind.NAMESPACES else [])
    assert answer["reason"] == "ended"


@SEALED
def test_jobs_do_not_see_each_other(opened, kind):
    """What one submission writes, the next one does not find."""
    spoil = "open('/tmp/note', 'w').write('x')" if kind is Kind.NAMESPACES else "open('note', 'w').write('x')"
    assert opened(kind).job(spoil)["reason"] == "ended"

    lines = opened(kind).job(LOOK_AROUND.format(run=opened(kind).run))["text"].splitlines()[1:]

    # where this Python lies in /tmp, the folder that holds it is in sight there, and nothing else
    python = [place.relative_to("/tmp").parts[0] for place in places_of_python() if place.is_relative_to("/tmp")]
    temporary, own, others = lines[0], lines[1], {lines[2], lines[3]}
    assert temporary in {str(sorted(set(python))), "PermissionError"}
    assert own == "['mine.txt']"
    assert others <= {"[]", "PermissionError", "FileNotFoundError"}


BROKEN = {
    Kind.NAMESPACES: ["unshare", "mount", "landlock", "resources", "capabilities refused", "capabilities forgotten"],
    Kind.LANDLOCK: ["landlock", "resources", "capabilities refused"],
}
BROKEN_CASES = [
    (kind, layer)
    for kind, layers in BROKEN.items()
    for layer in [*layers, "filter refused", "filter not loaded", "threads"]
]


@pytest.mark.parametrize(("kind", "layer"), BROKEN_CASES, ids=[f"{kind}, {layer}" for kind, layer in BROKEN_CASES])
def test_a_missing_layer_runs_nothing(opened, kind, layer):
    """Whichever layer fails or is left out, no line of the submission runs, and the server goes on."""
    answer = opened(kind).job("print('RAN', flush=True)", broken=layer)

    assert answer == {"text": "", "reason": "refused", "exit_code": 1}
    assert "RAN" in opened(kind).job("print('RAN', flush=True)")["text"]


def test_an_unsealed_run_needs_a_word(opened):
    """The tier that seals nothing runs only with `unsafe`."""
    server = opened(Kind.NONE)

    assert server.job("print('RAN', flush=True)")["reason"] == "refused"
    assert "RAN" in server.job("print('RAN', flush=True)", unsafe=True)["text"]


@SEALED
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "asked"])
def test_nothing_outlives_the_server(kind, how):
    """When the server ends at any moment, every process of its submissions ends too."""
    token = f"98765.{time.monotonic_ns()}"
    code = (
        "import os, subprocess\n"
        f"subprocess.Popen(['sleep', {token!r}])\n"
        f"if os.fork() == 0: os.execvp('sleep', ['sleep', {token!r}])\n"
        f"os.execvp('sleep', ['sleep', {token!r}])"
    )
    with running(kind) as server:
        server.start(code)
        for _attempt in range(200):
            if len(processes_now(token)) == 3:
                break
            time.sleep(0.05)
        assert len(processes_now(token)) == 3

        server.process.send_signal(how)
        server.process.wait(10)

        assert processes_with(token) == []


def processes_now(token):
    """Command lines that hold the token."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if token.encode() in path.read_bytes() and b"sleep" in path.read_bytes()[:12]:
                found.append(path)
    return found


@SEALED
def test_entering_is_quick(opened, kind):
    """From the fork to the submission's first line takes a small part of what starting Python takes."""
    taken_s = sorted(float(opened(kind).job("pass")["text"].split()[0]) for _job in range(15))

    assert taken_s[7] < 0.25, taken_s


def test_root_never_enters():
    """A server that runs as root is refused, whatever its tier."""
    if not is_root():
        pytest.skip("only root can try")
    job = {"kind": "none", "landlock_version": 0, "limits": {}, "work": "/", "run": "/", "code": "print('RAN')"}
    script = Path(__file__).with_name("server.py")

    found = subprocess.run(
        [sys.executable, "-I", str(script)],
        input=json.dumps({**job, "unsafe": True}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert json.loads(found.stdout.splitlines()[1])["reason"] == "refused"
    assert "root never runs a submission" in found.stderr
