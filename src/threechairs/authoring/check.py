"""All rules, in the order in which an author can mend what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from threechairs.authoring.assignment_rules import check_assignments
from threechairs.authoring.data_rules import check_items, check_rights_table, check_tables
from threechairs.authoring.lesson_rules import check_lessons
from threechairs.authoring.problems import Problem
from threechairs.authoring.scenario_rules import check_deals, check_scenarios
from threechairs.authoring.variants import check_variants
from threechairs.errors import ContentError

Rule = Callable[[Path], Iterator[Problem]]

RULES: dict[str, Rule] = {
    "tables": check_tables,
    "decision rights": check_rights_table,
    "questions": check_items,
    "deal tables": check_deals,
    "scenarios": check_scenarios,
    "lessons": check_lessons,
    "assignments": check_assignments,
    "variants": check_variants,
}


def check_course(root: Path, say: Callable[[str], None] = lambda _name: None) -> list[Problem]:
    """Every problem in the course at `root`.

    Parameters
    ----------
    root : pathlib.Path
        The clone.
    say : callable, optional
        Told the name of each group of rules before it runs.
    """
    problems = []
    for name, rule in RULES.items():
        say(name)
        try:
            problems += list(rule(root))
        except ContentError as reason:
            problems += [Problem("", line) for line in str(reason).splitlines()]
    return problems
