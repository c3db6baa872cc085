"""Learners at work: their own copy of the notebook, run in a real kernel, answered in code or by clicks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from content.attempts_file import Given
from cycle.course_copy import clean_environment, run
from nbclient import NotebookClient

from threechairs.course.notebooks import activities
from threechairs.course.syllabus import syllabus

NOTE = (
    "From today Ruth decides what the cameras at Gate 4 must see, and Priya answers for the network behind them. "
    "Marta's team mends cameras and power. If an attack is seen, Tomasz may cut the server off once the site agrees."
)


@dataclass
class Worker:
    """One learner with a folder of copies and an empty home folder.

    Attributes
    ----------
    name : str
        Under which the learner works and hands in.
    folder : pathlib.Path
        Where the copies are (`my-work/`).
    course : pathlib.Path
        The course that the copies are of.
    """

    name: str
    folder: Path
    course: Path
    assignment: str
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        home = self.folder.parent / f"home-of-{self.folder.name}"
        self.env = clean_environment(home, THREECHAIRS_COURSE=str(self.course), THREECHAIRS_LEARNER=self.name)

    @property
    def work(self) -> Path:
        """The copy of the assignment."""
        return self.folder / self.assignment

    @property
    def notebook(self) -> Path:
        """The copy of the assignment's notebook."""
        return self.work / syllabus().assignment(self.assignment).notebook

    @property
    def answers(self) -> dict[str, Any]:
        """What is recorded beside the notebook."""
        recorded: dict[str, Any] = json.loads((self.work / "answers.json").read_text(encoding="utf-8"))
        return recorded

    def threechairs(self, *arguments: str) -> tuple[int, str]:
        """Run one of the kit's commands as this learner: exit code, and all that it wrote."""
        done = run("threechairs", *arguments, "--folder", str(self.folder), cwd=self.folder, env=self.env)
        return done.returncode, done.stdout + done.stderr

    def nbgrader(self, *arguments: str) -> tuple[int, str]:
        """Run an nbgrader command as this learner, in the folder of the copies."""
        done = run("nbgrader", *arguments, cwd=self.folder, env=self.env)
        return done.returncode, done.stdout + done.stderr

    async def answer(
        self,
        in_code: Iterable[Given] = (),
        clicked: Iterable[Given] = (),
        note: str = "",
        cells: Mapping[str, str] | None = None,
    ) -> None:
        """Run the whole notebook in a kernel, as Run All does, answer, and save it.

        Parameters
        ----------
        in_code : iterable of Given
            Answered in a cell of the learner's own, right after the case was opened; the cell is deleted before saving.
        clicked : iterable of Given
            Answered on the question's card, after every cell has run, by the message that its browser side sends.
        note : str
            Text of the note, unless empty.
        cells : mapping of cell id to text
            Other cells that the learner changes before running them.
        """
        notebook = nbformat.read(self.notebook, as_version=4)
        for cell in notebook.cells:
            cell.source = (cells or {}).get(cell.id, note if note and cell.id == "note" else cell.source)
        own_cell = nbformat.v4.new_code_cell("\n".join(given.code for given in in_code), id="own-cell")
        opening = next(number for number, cell in enumerate(notebook.cells) if "open_case(" in cell.source)
        last_cell = nbformat.v4.new_code_cell("None", id="last-cell")
        notebook.cells = [*notebook.cells[: opening + 1], own_cell, *notebook.cells[opening + 1 :], last_cell]
        client = NotebookClient(notebook, timeout=90, resources={"metadata": {"path": str(self.work)}})
        async with client.async_setup_kernel(env=self.env):
            for number, cell in enumerate(notebook.cells[:-1]):
                await client.async_execute_cell(cell, number)
            for given in clicked:
                self._click(client, given)
            # the kernel answers in order: when this has run, every click was heard
            await client.async_execute_cell(last_cell, len(notebook.cells) - 1)
        notebook.cells = [cell for cell in notebook.cells if cell not in (own_cell, last_cell)]
        nbformat.write(notebook, self.notebook)

    def _click(self, client: NotebookClient, given: Given) -> None:
        card = next(
            cell
            for cell in client.nb.cells
            if any(activity == given.question for _id, _function, activity in activities({"cells": [cell]}))
        )
        shown = next(output.data for output in card.outputs if "data" in output)
        said = {"type": "record", "answer": given.as_sent_by_a_card}
        content = {
            "comm_id": shown["application/vnd.jupyter.widget-view+json"]["model_id"],
            "data": {"method": "custom", "content": said},
        }
        client.kc.shell_channel.send(client.kc.session.msg("comm_msg", content))
