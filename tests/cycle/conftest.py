"""One class for all tests of the cycle: a course, its learners at work, and their work marked in three ways.

Starting nbgrader costs seconds, so everything is done once per session, and ways that do not meet run side by side.
"""

from __future__ import annotations

import asyncio
import csv
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from content.attempts_file import Learner
from cycle.at_work import NOTE, Worker
from cycle.class_list import ASSIGNMENT, ClassList
from cycle.course_copy import CourseCopy, Served, text_of
from cycle.unusual import BROKEN, UNREADABLE

from threechairs.cli.learn import _class_config
from threechairs.course.syllabus import syllabus
from threechairs.datasets import course_root

AT_ONCE = 2
MARK_BY_HAND = 1.5
COMMENT = "Say also who tells the site lead."


@dataclass
class Marked:
    """A course whose submissions were collected and marked.

    Attributes
    ----------
    course : CourseCopy
        With gradebook and feedback.
    log : str
        What `nbgrader autograde` wrote.
    exported : dict
        A row of the export per student.
    formgrader : dict
        What Formgrader showed of some students' notebooks, as text.
    fetched : dict
        The feedback that learners have fetched, as text, by name.
    """

    course: CourseCopy
    log: str
    exported: dict[str, dict[str, str]] = field(default_factory=dict)
    formgrader: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, str] = field(default_factory=dict)


@dataclass
class School:
    """The class at work, and futures of what came out.

    Attributes
    ----------
    listed : Future
        What `nbgrader list` offers.
    in_class, by_mail : Future
        The course marked through the shared folder, and from the files that `threechairs hand-in` makes.
    marked_alone, validated : dict of name to Future
        Exit code and text of `threechairs mark-mine` and of nbgrader's validate.
    """

    class_list: ClassList
    workers: dict[str, Worker]
    listed: Future[str]
    in_class: Future[Marked]
    by_mail: Future[Marked]
    marked_alone: dict[str, Future[tuple[int, str]]]
    validated: dict[str, Future[tuple[int, str]]]

    @property
    def three(self) -> tuple[str, str, str]:
        """The three learners who go through the shared folder: all right, wrong, untouched."""
        return three_of(self.class_list)


def three_of(class_list: ClassList) -> tuple[str, str, str]:
    """All right, wrong, untouched."""
    return class_list.right, class_list.wrong[0], class_list.untouched


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """A class from the release of its assignment on; the marks are on their way."""
    folder, class_list = tmp_path_factory.mktemp("cycle"), ClassList()
    course = CourseCopy.of_the_real_course(folder / "course", ASSIGNMENT)
    workers = {name: Worker(name, folder / "people" / name, course.folder, ASSIGNMENT) for name in class_list.answers}
    odd = {name: Worker(class_list.right, folder / "people" / name, course.folder, ASSIGNMENT) for name in ODD}
    three, others = three_of(class_list), set(class_list.wrong[1:])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        releasing = pool.submit(release, course)
        for worker in (*(workers[name] for name in others), *odd.values()):
            shutil.copytree(course_root() / "exercises" / ASSIGNMENT, worker.work)
        run_some_at_once([*work_of_the_class(workers, class_list, others), *odd_work(odd, class_list)])
        releasing.result()
        listed = pool.submit(course.nbgrader, "list")
        list(pool.map(lambda name: fetch(workers[name], course), three))
        run_some_at_once([*work_of_the_class(workers, class_list, set(three))])
        second = course.copied_to(folder / "by-mail")
        yield School(
            class_list,
            workers,
            listed,
            pool.submit(mark_in_class, course, workers, odd, class_list),
            pool.submit(mark_by_mail, second, workers),
            {name: pool.submit(workers[name].threechairs, "mark-mine", "l01") for name in three[1:]},
            {name: pool.submit(validate, workers[name]) for name in (class_list.right, class_list.untouched)},
        )


@pytest.fixture(scope="session")
def in_class(school: School) -> Marked:
    """The course marked through the shared folder."""
    return school.in_class.result()


@pytest.fixture(scope="session")
def by_mail(school: School) -> Marked:
    """The course marked from the files that `threechairs hand-in` makes."""
    return school.by_mail.result()


def release(course: CourseCopy) -> None:
    """Make the learner's version, and put it where learners fetch it."""
    course.nbgrader("generate_assignment", "--force")
    course.nbgrader("release_assignment")


def validate(worker: Worker) -> tuple[int, str]:
    """What nbgrader's Validate says of a learner's notebook."""
    return worker.nbgrader("validate", str(worker.notebook))


def fetch(worker: Worker, course: CourseCopy) -> None:
    """Fetch the assignment, told where to do so as `threechairs learn --exchange` tells a learner's nbgrader."""
    worker.env["JUPYTER_CONFIG_PATH"] = str(_class_config(worker.folder, course.exchange))
    code, log = worker.nbgrader("fetch_assignment", ASSIGNMENT)
    assert code == 0, log


def work_of_the_class(
    workers: dict[str, Worker], class_list: ClassList, names: set[str]
) -> Iterator[Coroutine[Any, Any, None]]:
    """One learner clicks and writes the note; the others answer in code; the untouched one does nothing."""
    for name in names & set(class_list.answers):
        given = class_list.answers[name]
        if name == class_list.right:
            yield workers[name].answer(clicked=given, note=NOTE)
        elif given:
            yield workers[name].answer(in_code=given)


ODD = ("clicker", "warner")


def odd_work(odd: dict[str, Worker], class_list: ClassList) -> Iterator[Coroutine[Any, Any, None]]:
    """Right answers given in an odd way.

    The clicker's cell holds a wrong number, and the click that came later the right one. The warner's cell holds the
    right number, and prints and warns.
    """
    right = class_list.answers[class_list.right]
    number = next(given for given in right if given.kind == "number")
    others = [given for given in right if given is not number]
    slip = next(Learner(class_list.right, ASSIGNMENT).wrong(number.question))
    noise = "import sys, warnings; print('counting'); print('slowly', file=sys.stderr); warnings.warn('twice')"
    code = f"answer({number.question!r}, number)"
    yield odd["clicker"].answer(others, [number], cells={number.question: f"number = {slip.value}\n{code}"})
    noisy = {number.question: f"{noise}\nnumber = {number.value}\n{code}"}
    yield odd["warner"].answer(others, note=NOTE, cells=noisy)


def mark_in_class(
    course: CourseCopy, workers: dict[str, Worker], odd: dict[str, Worker], class_list: ClassList
) -> Marked:
    """Submit, collect, autograde (with odd and broken submissions in between), mark by hand, give feedback, export."""
    three = three_of(class_list)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda name: submit(workers[name]), three))
    course.nbgrader("collect")
    for student, worker in odd.items():
        course.receive(student, worker.work)
    for broken in (*BROKEN, UNREADABLE):
        course.receive(broken.student, workers[class_list.right].work)
        broken.spoil(course.submitted(broken.student))
    mapped = [*odd, *(broken.student for broken in (*BROKEN, UNREADABLE) if broken.own_case)]
    with (course.grading / "roster.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("student_id", "case_id"), *((name, class_list.right) for name in mapped)])
    # nbgrader ends with 1 because of the notebook that nobody can read, and marks all others
    log = course.nbgrader("autograde", exit_code=1)
    with Served("teach", cwd=course.folder, env=course.env) as formgrader:
        mark_by_hand(formgrader, class_list.right, "note", MARK_BY_HAND, COMMENT)
        shown = {broken.student: shown_in_formgrader(formgrader, broken.student) for broken in BROKEN}
    course.nbgrader("generate_feedback")
    course.nbgrader("release_feedback")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fetched = dict(zip(three, pool.map(lambda name: fetch_feedback(workers[name]), three), strict=True))
    return Marked(course, log, course.export(), shown, fetched)


def submit(worker: Worker) -> None:
    """Submit through the shared folder."""
    code, said = worker.nbgrader("submit", ASSIGNMENT, "--student", worker.name)
    assert code == 0, said


def fetch_feedback(worker: Worker) -> str:
    """Fetch the feedback that was released; the text of its page."""
    code, said = worker.nbgrader("fetch_feedback", ASSIGNMENT)
    assert code == 0, said
    (page,) = (worker.work / "feedback").rglob("20*/*.html")
    return text_of(page)


def mark_by_mail(course: CourseCopy, workers: dict[str, Worker]) -> Marked:
    """Hand in files, collect them, autograde, give feedback."""
    archive = course.grading / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    for worker in workers.values():
        code, said = worker.threechairs("hand-in", "l01", "--incomplete")
        assert code == 0, said
        (made,) = (worker.folder / "hand-in").glob("*.zip")
        shutil.copy(made, archive)
    course.nbgrader("zip_collect")
    log = course.nbgrader("autograde")
    course.nbgrader("generate_feedback")
    return Marked(course, log)


def mark_by_hand(
    formgrader: Served, student: str, cell: str, points: float, comment: str, assignment: str = ASSIGNMENT
) -> None:
    """Give marks and a comment to what a student wrote, by the requests that Formgrader's page sends."""
    submission = submission_id(formgrader, student, assignment)
    grades = formgrader.data(f"/formgrader/api/grades?submission_id={submission}")
    given = next(grade for grade in grades if grade["name"] == cell)
    formgrader.data(f"/formgrader/api/grade/{given['id']}", {"manual_score": points, "extra_credit": 0})
    comments = formgrader.data(f"/formgrader/api/comments?submission_id={submission}")
    place = next(one for one in comments if one["name"] == cell)
    formgrader.data(f"/formgrader/api/comment/{place['id']}", {"manual_comment": comment})


def shown_in_formgrader(formgrader: Served, student: str) -> str:
    """What a grader reads on the page of a student's notebook."""
    return text_of(formgrader.open(f"/formgrader/submissions/{submission_id(formgrader, student)}/?index=0")[1])


def submission_id(formgrader: Served, student: str, assignment: str = ASSIGNMENT) -> str:
    """How Formgrader calls a student's notebook."""
    notebook = Path(syllabus().assignment(assignment).notebook).stem
    notebooks = formgrader.data(f"/formgrader/api/submitted_notebooks/{assignment}/{notebook}")
    return str(next(one["id"] for one in notebooks if one["student"] == student))


def run_some_at_once(jobs: list[Coroutine[Any, Any, None]]) -> None:
    """Run jobs that wait for kernels, a few at a time."""

    async def every() -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(job: Coroutine[Any, Any, None]) -> None:
            async with gate:
                await job

        await asyncio.gather(*map(one, jobs))

    asyncio.run(every())
