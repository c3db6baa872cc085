"""Every trick that a submission may try against the machine fails, harms nothing, and its run ends as any other."""

import os

import pytest
from hostile.sandboxes import SECRET, close_course, open_course, processes_with
from hostile.tricks import TRICKS

from threechairs.grader.sandbox import Kind, Reason

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course():
    """A course, shared by all tricks: none may change it."""
    opened = open_course()
    yield opened
    close_course(opened)


@pytest.fixture(autouse=True)
def secret_environment(monkeypatch):
    """The grader's own environment holds something that nobody inside may see."""
    monkeypatch.setenv("THREECHAIRS_SECRET", SECRET)


CASES = [pytest.param(trick, kind, id=f"{name} ({kind})") for name, trick in TRICKS.items() for kind in trick.tiers]


@pytest.mark.parametrize(("trick", "kind"), CASES)
def test_no_trick_works(course, trick, kind):
    """It gets nothing, the course and the other process are as before, and nothing of it is left."""
    before = course.state()
    nice, cores = os.getpriority(os.PRIO_PROCESS, course.bystander.pid), os.sched_getaffinity(course.bystander.pid)

    finished, token = course.run(trick.code, kind, sockets=trick.sockets, limits=trick.limits)

    assert finished.reason in trick.ends, finished.stderr
    assert b"GOT" not in finished.stdout, finished.stdout
    assert SECRET.encode() not in finished.stdout + finished.stderr
    assert before == course.state()
    assert course.bystander.poll() is None
    assert nice == os.getpriority(os.PRIO_PROCESS, course.bystander.pid)
    assert cores == os.sched_getaffinity(course.bystander.pid)
    assert processes_with(token) == []


@pytest.mark.parametrize("name", [name for name, trick in TRICKS.items() if trick.control])
def test_tricks_are_real(course, name):
    """Where nothing is sealed the trick works, so its failing elsewhere means something."""
    finished, _token = course.run(TRICKS[name].code, Kind.NONE)

    assert finished.reason is Reason.ENDED
    assert b"GOT" in finished.stdout, finished.stdout


@pytest.mark.parametrize("kind", [Kind.NAMESPACES, Kind.LANDLOCK], ids=str)
def test_honest_work_runs(course, kind):
    """What honest notebooks do works: pandas, files, threads, temporary files, programs, an event loop."""
    finished, _token = course.run(HONEST, kind)

    assert finished.stdout.decode().split() == ["6", "4", "kept", "7", "done", "hello", "learner"], finished.stderr
    assert (finished.reason, finished.exit_code) == (Reason.ENDED, 0)


def test_a_real_kernel_runs(course):
    """Where sockets are allowed, a Jupyter kernel starts and answers inside."""
    finished, _token = course.run(KERNEL, Kind.NAMESPACES, sockets=True)

    assert finished.stdout.split() == [b"42"], finished.stderr


KERNEL = """
from jupyter_client import KernelManager
manager = KernelManager(transport="ipc", ip=os.path.join(os.environ["TMPDIR"], "kernel"))
manager.start_kernel()
client = manager.blocking_client()
client.start_channels()
client.wait_for_ready(timeout=20)
def show(message):
    print(message["content"].get("text") or "", end="", flush=True)
client.execute_interactive("print(6 * 7)", output_hook=show, timeout=20)
manager.shutdown_kernel(now=True)
"""
HONEST = """
import asyncio, getpass, tempfile, warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
import numpy, pandas
print(pandas.DataFrame({"a": [1, 2, 3]}).a.sum())
with ThreadPoolExecutor(4) as pool: print(len(list(pool.map(abs, range(4)))))
with tempfile.TemporaryFile("w+") as file:
    file.write("kept"); file.seek(0); print(file.read())
pandas.DataFrame({"a": [7]}).to_csv("mine.csv", index=False)
print(pandas.read_csv("mine.csv").a[0])
async def later():
    await asyncio.sleep(0.01)
    return "done"
print(asyncio.run(later()))
print(subprocess.run(["echo", "hello"], capture_output=True, text=True, check=True).stdout.strip())
print(getpass.getuser())
"""
