"""The plain-Python twins: everything that a widget does, as a function call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from threechairs.activities.base import Activity, Outcome
from threechairs.activities.desk import Filter, Result, query
from threechairs.activities.negotiation import Negotiation
from threechairs.activities.quiz import Quiz
from threechairs.activities.scenario import Playing
from threechairs.activities.sorting import Sorting
from threechairs.activities.stage import as_text
from threechairs.course.items import DealItem, PlayItem, SortItem
from threechairs.course.workbook import Workbook, current
from threechairs.errors import UsageError, told_arguments

# Activities that cells of the open notebook have shown, so that answer("...") finds a sorter with its rounds.
_shown: dict[tuple[Path, str], Activity] = {}


def remember(activity: Activity) -> None:
    """Let `answer` and `hint` find an activity that a cell has shown."""
    _shown[activity.workbook.store.path, activity.id] = activity


def activity(activity_id: str) -> Activity:
    """The activity of the open notebook with this id.

    Raises
    ------
    UsageError
        If the notebook has no such activity, or no lesson or case is open.
    """
    workbook: Workbook = current()
    known = _shown.get((workbook.store.path, activity_id))
    if known is not None and known.workbook.store.blank == workbook.store.blank:  # not of an earlier attempt
        return known
    if activity_id in getattr(workbook.plan, "steps", ()) and workbook.question(activity_id) is None:
        raise UsageError(activity_id, "its cell has not been run yet", next_step="Run it, then this cell.")
    kinds: dict[type[Any], type[Activity]] = {SortItem: Sorting, DealItem: Negotiation, PlayItem: Playing}
    made = kinds.get(type(workbook.bank.item(activity_id)), Quiz)(activity_id, workbook)
    remember(made)  # so that the next hint is the next one
    return made


@told_arguments
def answer(
    activity_id: str,
    value: Any,
    *,
    because: str | None = None,
    confidence: int | None = None,
    depends_on: dict[str, str] | None = None,
) -> Outcome:
    """Answer in code: does all that the widget does.

    Parameters
    ----------
    activity_id : str
        Id of the question.
    value : str, list, dict, number or None
        The answer: an option's id, a list of ids, a mapping, a number or a text, as the question asks. `None`
        means not attempted and records nothing.
    because : str, optional
        Id of a reason, where the question asks for one.
    confidence : {50, 70, 90}, optional
        How sure you are, in percent. It never changes marks.
    depends_on : dict, optional
        For sorting: card id to fact id.

    Raises
    ------
    AnswerFormError
        If the answer does not have the form of the question; nothing is recorded.
    """
    return activity(activity_id).answer(value, because=because, confidence=confidence, depends_on=depends_on)


@told_arguments
def play(
    activity_id: str,
    *,
    chair: str = "",
    choose: str = "",
    deal: Mapping[str, str] | None = None,
    back: bool = False,
    anew: bool = False,
) -> Outcome:
    """Play a scenario in code: does all that the player does, and shows the scene as text.

    Without anything but the id it shows where the play stands.

    Parameters
    ----------
    activity_id : str
        Under which the play is recorded.
    chair : {"cso", "ciso", "cio"}, optional
        Sit down on this chair. If the last play is from it, that one goes on.
    choose : str, optional
        Id of an option of the scene that is on.
    deal : mapping of issue to option, optional
        A deal to put on the table.
    back : bool, default False
        Undo the last step; in practice, and after the end of a graded play.
    anew : bool, default False
        Begin a new play from the same chair; earlier plays are kept. In practice, and after the end of a graded play.

    Raises
    ------
    UsageError
        If that cannot be done here; says why.
    """
    playing = activity(activity_id)
    if not isinstance(playing, Playing):
        raise UsageError(f"play({activity_id!r})", "this is no scenario to play")
    if bool(choose) + bool(deal) + back > 1:
        raise UsageError(f"play({activity_id!r})", "one step at a time", "Expected choose, deal or back")
    on, remark = playing.play, ""
    if anew or (chair and (on is None or on.chair != chair)):
        playing.start(chair or (on.chair if on else ""))
    if choose or deal:
        remark = playing.take_in_code(choose, deal or {})
    elif back:
        playing.back()
    return Outcome(f"{remark}\n\n{as_text(playing)}".strip(), "")


@told_arguments
def hint(activity_id: str) -> Outcome:
    """The next hint for a practice question."""
    asked = activity(activity_id)
    if asked.mode == "graded":
        return Outcome("Graded questions have no hints.", "")
    return Outcome(asked.hint(), "")


@told_arguments
def count(table: str, *, group: str = "", **conditions: Any) -> Result:
    """Rows of a table of the open case that meet every condition; the twin of the table menu.

    Parameters
    ----------
    table : str
        Name of the table.
    group : str
        Column to group by.
    **conditions
        Column names with the value that they must have; `""` means empty.
    """
    return _ask("count", table, group, "", conditions)


@told_arguments
def total(table: str, column: str, *, group: str = "", **conditions: Any) -> Result:
    """Sum of a column over the rows of a table of the open case; the table menu's "Sum of".

    Parameters
    ----------
    table : str
        Name of the table.
    column : str
        Name of a column with numbers.
    group : str
        Column to group by; groups come with their share of the whole in percent.
    **conditions
        Column names with the value that they must have; `""` means empty.
    """
    return _ask("total", table, group, f"sum of {column}", conditions)


@told_arguments
def average(table: str, column: str, *, group: str = "", **conditions: Any) -> Result:
    """Mean of a column over the rows of a table of the open case; arguments as for `total`."""
    return _ask("average", table, group, f"mean of {column}", conditions)


def _ask(call: str, table: str, group: str, measure: str, conditions: Mapping[str, Any]) -> Result:
    """What a twin of the table menu answers."""
    workbook = current()
    if workbook.case is None:
        raise UsageError(f"{call}({table!r})", "only an assignment has a case with tables")
    filters = [
        Filter(column, "is empty") if value in ("", None) else Filter(column, "is", str(value))
        for column, value in conditions.items()
    ]
    return query(workbook.case.table_rows(table), filters, group, measure)


@told_arguments
def text_mode(on: bool = True) -> Outcome:
    """Show every activity as text instead of a widget, in this notebook, from the next run of its cells on."""
    os.environ["THREECHAIRS_TEXT"] = "1" if on else "0"
    shown = "text; answer with answer(...)" if on else "cards"
    return Outcome(f"Activities are shown as {shown}. Run the cells again.", "")


def in_text_mode() -> bool:
    """True when activities are shown as text."""
    return os.environ.get("THREECHAIRS_TEXT", "0") == "1"
