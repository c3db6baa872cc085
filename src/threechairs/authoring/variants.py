"""What an assignment's keys hold right for each learner, and which facts flip an answer.

Keys stand in the hidden tests as code that reads the learner's case. Here that code is run for many cases with its last
call caught, so that nothing is marked: what would be marked is looked at.
"""

from __future__ import annotations

import ast
import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from threechairs.authoring.problems import Problem
from threechairs.company import Case
from threechairs.course.items import ItemBank, item_bank
from threechairs.course.notebooks import grader_kind, hidden_parts, last_expression, read_notebook, source
from threechairs.course.syllabus import Assignment, syllabus
from threechairs.course.workbook import case_of
from threechairs.errors import ContentError


@dataclass(frozen=True)
class Key:
    """What a hidden test would mark with.

    Attributes
    ----------
    question : str
        Id of the question.
    mark : str
        Name of the function that marks, such as `"mark_choice"`.
    arguments : mapping
        Its arguments by name, for one case.
    """

    question: str
    mark: str
    arguments: Mapping[str, Any]

    @property
    def best(self) -> tuple[str, ...]:
        """For a choice: the best options, then the best reasons; empty for other questions."""
        worths = (self.arguments.get("options"), self.arguments.get("reasons"))
        return tuple(one for part in worths if part for one, worth in part.items() if worth == "best")


class Keys:
    """The keys of one assignment, ready to be looked at for many cases.

    Parameters
    ----------
    assignment : Assignment
        Whose keys.
    root : pathlib.Path
        The clone; `solutions/` must be there.

    Raises
    ------
    ContentError
        If a test cell has no hidden part.
    """

    def __init__(self, assignment: Assignment, root: Path) -> None:
        self.assignment = assignment
        self.bank: ItemBank = item_bank(assignment.id, root)
        notebook = read_notebook(root / "solutions" / assignment.id / assignment.notebook)
        tests = [cell for cell in notebook["cells"] if grader_kind(cell) == "test"]
        self._code = {str(cell.get("id")): _caught(hidden_parts(source(cell))[1]) for cell in tests}

    def of(self, case: Case) -> list[Key]:
        """The key of every question for one case.

        Raises
        ------
        ContentError
            If a hidden test fails; says for which facts.
        """
        keys = []
        for cell, code in self._code.items():
            names: dict[str, Any] = {"case": case, "_caught": Key}
            try:
                exec(code, names)  # noqa: S102  the author's own key, which marking runs as well
                keys.append(names["_key"])
            except Exception as reason:
                where = f"solutions/{self.assignment.id}, cell {cell}"
                seen = f"its hidden part fails with {type(reason).__name__}: {reason}"
                raise ContentError(where, seen, f"It was run for the facts {dict(case.facts)}") from None
        return keys

    def flips(self) -> dict[str, dict[str, list[str]]]:
        """Which facts flip the best answer of a choice: question, then fact, then questions' best answers.

        A fact flips a question if two cases that differ in nothing else have different best answers.
        """
        facts = {name: list(values) for name, values in self.bank.facts.items()}
        base = case_of(self.assignment.id, "variants", 1)
        best: dict[tuple[Any, ...], dict[str, tuple[str, ...]]] = {}
        for combination in itertools.product(*facts.values()):
            case = dataclasses.replace(base, facts=dict(zip(facts, combination, strict=True)))
            best[combination] = {key.question: key.best for key in self.of(case) if key.best}
        found: dict[str, dict[str, list[str]]] = {}
        for at, fact in enumerate(facts):
            for combination, answers in best.items():
                for value in facts[fact]:
                    other = best[(*combination[:at], value, *combination[at + 1 :])]
                    for question, answer in answers.items():
                        if other[question] != answer:
                            told = found.setdefault(question, {}).setdefault(fact, [])
                            if " + ".join(answer) not in told:
                                told.append(" + ".join(answer))
        return found


def told_flips(root: Path) -> list[str]:
    """One sentence per question that a fact flips.

    Parameters
    ----------
    root : pathlib.Path
        The clone.
    """
    return [
        f"{assignment.id}: {question} flips with {', '.join(facts)}"
        for assignment in syllabus(root).assignments
        for question, facts in Keys(assignment, root).flips().items()
    ]


def check_variants(root: Path) -> Iterator[Problem]:
    """Every fact in which learners differ decides an answer or shapes a table; else it is another text for nothing."""
    for assignment in syllabus(root).assignments:
        if not (root / "solutions" / assignment.id / assignment.notebook).is_file():
            continue  # told among the assignments
        keys = Keys(assignment, root)
        deciding = {fact for facts in keys.flips().values() for fact in facts}
        shaping = {
            setting["fact"]
            for settings in keys.bank.tables.values()
            for setting in settings.values()
            if isinstance(setting, dict) and "fact" in setting
        }
        for fact in keys.bank.facts:
            if fact not in deciding | shaping:
                seen = f"fact {fact!r} flips no answer and shapes no table. Let a key depend on it, or drop it"
                yield Problem(f"datasets/items/{assignment.id}.yaml", seen)


def _caught(hidden: str) -> CodeType:
    """The code of a hidden test whose last call is kept as `_key` instead of being made."""
    body = ast.parse(hidden)
    call = last_expression(hidden)
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
        named = [word for word in call.keywords if word.arg]
        arguments = ast.Dict([ast.Constant(word.arg) for word in named], [word.value for word in named])
        made = ast.Call(ast.Name("_caught", ast.Load()), [call.args[0], ast.Constant(call.func.id), arguments], [])
        body.body[-1] = ast.Assign([ast.Name("_key", ast.Store())], made)
    return compile(ast.fix_missing_locations(body), "hidden test", "exec")
