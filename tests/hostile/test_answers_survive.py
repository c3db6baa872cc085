"""Answers survive full disks, sudden death and two kernels at once: real processes, real files."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from threechairs.answers import AnswerStore, read_answers

RECORD = """
import sys
from pathlib import Path
from threechairs.answers import AnswerStore
store = AnswerStore(Path(sys.argv[1]), "demo", case_id="alice")
"""

FULL_BY_LIMIT = (
    """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
""",
    "File too large",
)

SAVE_LARGE = """
from threechairs.errors import AnswersError
try:
    store.record("large", "text", {"text": "x" * 200_000})
except AnswersError as reason:
    print(reason)
"""

# forks a new process per line, because starting Python anew 25 times would take long
COUNT = """
import os
for line in sys.stdin:
    child = os.fork()
    if not child:
        with open(line.strip(), "a", buffering=1) as saved:
            for number in range(1, 1_000_000):
                store.record("counter", "number", {"number": float(number)})
                saved.write(f"{number}\\n")
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""

WRITE_200 = """
store.record(sys.argv[2], "one", {"choice": "a"})
print("ready", flush=True)
sys.stdin.readline()
for _ in range(199):
    store.note(sys.argv[2], checks=1)
"""


def python(code, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", RECORD + code, *map(str, arguments)], stdout=subprocess.PIPE, text=True, **options
    )


def test_a_file_that_may_not_grow_leaves_the_old_answers_whole(tmp_path):
    """A save that the system cuts off is told; the old file and nothing else lies there; small saves go on."""
    path = tmp_path / "answers.json"
    store = AnswerStore(path, "demo", case_id="alice")
    store.record("small", "one", {"choice": "a"})
    before, around = path.read_bytes(), sorted(tmp_path.iterdir())
    limit, seen = FULL_BY_LIMIT

    child = python(limit + SAVE_LARGE, path, 4096)
    told, _ = child.communicate(timeout=30)

    assert f"answers.json: the answer could not be saved ({seen})" in told
    assert "Your earlier answers are still there. Make room" in told
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == around
    assert store.record("small", "one", {"choice": "b"}).value == {"choice": "b"}


def test_a_full_disk_leaves_the_old_answers_whole(tmp_path):
    """On a disk of 64 kB that is full, the learner is told so; after making room the same answer is saved."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        path = disk / "answers.json"
        store = AnswerStore(path, "demo", case_id="alice")
        store.record("small", "one", {"choice": "a"})
        before, around = path.read_bytes(), sorted(disk.iterdir())

        child = python(SAVE_LARGE, path)
        told, _ = child.communicate(timeout=30)

        assert "answers.json: the answer could not be saved (No space left on device)" in told
        assert path.read_bytes() == before
        assert sorted(disk.iterdir()) == around
        assert store.record("small", "one", {"choice": "b"}).value == {"choice": "b"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_kill_at_any_moment_leaves_the_last_answer_or_the_one_before(tmp_path):
    """Twenty-five processes are killed in the midst of saving; each leaves a whole file, never a half one."""
    moments = random.Random(20)
    path, saved = tmp_path / "answers.json", tmp_path / "saved"
    mother = python(COUNT, path, stdin=subprocess.PIPE)
    found = []
    for number in range(25):
        reports = saved.with_suffix(f".{number}")
        _say(mother, str(reports))
        writing = int(mother.stdout.readline())
        while not (reports.exists() and reports.stat().st_size):
            time.sleep(0.002)
        time.sleep(moments.uniform(0, 0.03))
        os.kill(writing, signal.SIGKILL)
        assert mother.stdout.readline() == "dead\n"

        reported = int(reports.read_text().split()[-1])
        found.append(read_answers(path).answers["counter"].value["number"] - reported)
    mother.communicate(timeout=30)

    # a save is done before it is reported: the one reported last stands, or the one after it
    assert set(found) <= {0, 1}
    AnswerStore(path, "demo", case_id="alice").record("after", "one", {"choice": "a"})
    assert read_answers(path).answers["after"].value == {"choice": "a"}


def test_two_processes_writing_at_once_lose_nothing(tmp_path):
    """Two kernels save 200 times each into one file at the same moment; every single save counts."""
    path = tmp_path / "answers.json"
    both = [python(WRITE_200, path, name, stdin=subprocess.PIPE) for name in ("left", "right")]
    for child in both:
        assert child.stdout.readline() == "ready\n"

    for child in both:
        _say(child, "go")
    for child in both:
        child.communicate(timeout=60)

    assert [child.returncode for child in both] == [0, 0]
    counted = {name: answer.checks for name, answer in read_answers(path).answers.items()}
    assert counted == {"left": 199, "right": 199}
    assert list(tmp_path.glob(".*.part")) == []


def _say(child, line):
    child.stdin.write(f"{line}\n")
    child.stdin.flush()
