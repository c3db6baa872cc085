"""A small fork server for tests: each line of its input is a job, forked and sent behind the walls."""

import json
import os
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

from threechairs.grader.sandbox import entering, namespaces, supervise, walls
from threechairs.grader.sandbox.tiers import Kind, Tier


class NoFilter:
    """A filter that is never loaded."""

    def load(self):
        """Do nothing."""


def raising(*_arguments, **_named):
    """A layer that the kernel refuses."""
    raise OSError("the kernel says no")


BROKEN = {
    "": lambda: None,
    "unshare": lambda: setattr(namespaces, "separate", raising),
    "mount": lambda: setattr(namespaces.libc, "mount", raising),
    "landlock": lambda: setattr(walls, "landlock", raising),
    "resources": lambda: setattr(walls, "limit_resources", raising),
    "capabilities refused": lambda: setattr(walls, "drop_capabilities", raising),
    "capabilities forgotten": lambda: setattr(
        walls, "drop_capabilities", lambda: walls.libc.prctl(walls.libc.PR_SET_NO_NEW_PRIVS, 1)
    ),
    "filter refused": lambda: setattr(entering, "system_call_filter", raising),
    "filter not loaded": lambda: setattr(entering, "system_call_filter", lambda **_named: NoFilter()),
    "threads": lambda: threading.Thread(target=time.sleep, args=(9,), daemon=True).start(),
}


def job(given):
    """Fork, enter, run; returns what was printed inside and what the supervisor reported."""
    tier, limits = Tier(Kind(given["kind"]), given["landlock_version"]), SimpleNamespace(**given["limits"])
    (output, printed), (report, told) = os.pipe(), os.pipe()
    begin_s = time.perf_counter()
    child = os.fork()
    if child == 0:
        BROKEN[given.get("broken", "")]()
        os.dup2(printed, 1)
        work = entering.enter(
            tier, limits, Path(given["work"]), hide=[Path(given["run"])], report=told, unsafe=given.get("unsafe", False)
        )
        os.write(1, f"{time.perf_counter() - begin_s:.6f} {work}\n".encode())
        exec(given["code"], {})
        os._exit(0)
    os.close(printed)
    os.close(told)
    with os.fdopen(output, "rb") as inside, os.fdopen(report, "rb") as outside:
        text, line = inside.read().decode(), outside.read()
    os.waitpid(child, 0)
    ending = supervise.Ending.read(line)
    return {"text": text, "reason": ending.reason, "exit_code": ending.exit_code}


if __name__ == "__main__":
    print(os.getpid(), flush=True)
    for line in sys.stdin:
        given = json.loads(line)
        entering.prepare(Tier(Kind(given["kind"]), given["landlock_version"]))
        print(json.dumps(job(given)), flush=True)
