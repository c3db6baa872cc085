"""Marks for a RACI matrix: rows that keep the rules, each broken one with the words of the rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from threechairs.chairs.raci import Finding, check_raci
from threechairs.course.items import MatrixItem
from threechairs.errors import GradingError, did_you_mean
from threechairs.marking.judge import _Asked, _marks
from threechairs.marking.score import Criterion, Score

Letters = Mapping[str, Mapping[str, str]]

NOBODY, MANY = "R1-none", "R1-many"


def named_findings(
    matrix: Letters, assurance_pairs: Iterable[tuple[str, str]], texts: Mapping[str, str]
) -> list[Finding]:
    """Every rule that a matrix breaks, told with the texts of rows and columns; the row stays an id.

    R1 is told apart by its cause.

    Parameters
    ----------
    matrix : mapping of row to mapping of column to letter
        Every row of the question, blank cells left out.
    assurance_pairs : iterable of (str, str)
        Pairs (row that does, row that assures).
    texts : mapping of id to text
        What stands on rows and columns.

    Examples
    --------
    >>> found = named_findings({"log": {"ciso": "A", "cio": "A/R"}}, [], {"log": "Keep logs", "cio": "Priya"})
    >>> found[0].rule, found[0].row, found[0].sentence
    ('R1-many', 'log', "In 'Keep logs' ciso and Priya each hold an A. With more than one A, nobody decides.")
    """
    names = _names(matrix, texts)
    roles = _names(dict.fromkeys(column for cells in matrix.values() for column in cells), texts)
    told = {names[row]: {roles[column]: letter for column, letter in of.items()} for row, of in matrix.items()}
    rows = {name: row for row, name in names.items()}
    found = check_raci(told, assurance_pairs=[(names[does], names[assures]) for does, assures in assurance_pairs])
    return [replace(one, row=rows.get(one.row, ""), rule=_cause(one, told)) for one in found]


def _names(ids: Iterable[str], texts: Mapping[str, str]) -> dict[str, str]:
    """What the rules call each row or role: its text; its id where another has the same text."""
    called = {one: texts.get(one, one) for one in ids}
    times = Counter(called.values())
    return {one: name if times[name] == 1 else one for one, name in called.items()}


@_marks
def mark_matrix(
    asked: _Asked,
    points: float,
    *,
    planted: Collection[str] = (),
    key: Letters | None = None,
    coaching: Mapping[str, str] | None = None,
    beliefs: Mapping[str, str] | None = None,
    wrong: Sequence[tuple[Letters, str, str]] = (),
) -> Score:
    """Marks for a RACI matrix.

    A row is right if it breaks none of the rules R1 to R5 and R7 with an error, and holds what the key asks for.

    Parameters
    ----------
    activity, points
        Id of the question and points of the cell.
    planted : collection of row
        For a draft that was to be repaired: the rows in which a fault was planted. Only they earn marks, all alike,
        and each other row that is not right takes one such share away; never below 0. Without it every row of the
        matrix counts alike, and nothing is taken away.
    key : mapping of row to mapping of column to letter
        Cells that the case itself settles. `"A"` is held by A and by A/R; an empty text asks for a blank cell.
    coaching : mapping of row to text
        What to say further about a row that is not right.
    beliefs : mapping of rule to misconception id
        What a broken rule points at: `"R2"` to `"R7"`, and for R1 `"R1-none"` (no A) or `"R1-many"` (several).
    wrong : sequence of (cells, misconception id, text)
        Cells that a misconception fills in together. Where all of them stand so, the first of their rows that is not
        right gets the text and the misconception; a right row never does.

    Raises
    ------
    GradingError
        If a row or column is named that the question does not have: a fault of the test.
    """
    item = cast(MatrixItem, asked.item)
    _refuse_unknown(item, {row: {} for row in (*planted, *(coaching or {}))})
    for cells in (key or {}, *(cells for cells, _belief, _text in wrong)):
        _refuse_unknown(item, cells)
    matrix: dict[str, Mapping[str, str]] = {row.id: asked.value["cells"].get(row.id, {}) for row in item.rows}
    findings = named_findings(matrix, item.assurance_pairs, asked.texts)
    broken = {row: [one for one in findings if one.row == row and one.severity == "error"] for row in matrix}
    unlike = {row: _unlike(asked, cells, (key or {}).get(row, {})) for row, cells in matrix.items()}
    faulty = [row for row in matrix if broken[row] or unlike[row]]
    known = _recognised(matrix, faulty, wrong)
    counted = [row for row in matrix if not planted or row in planted]
    each = points / len(counted)
    lost = each * sum(row not in counted for row in faulty)
    earned = each * sum(row not in faulty for row in counted)
    criteria = []
    for row in matrix:
        if row not in counted and row not in faulty:
            continue
        belief, said = known.get(row, ("", ""))
        named = [belief, *((beliefs or {}).get(one.rule, "") for one in broken[row])]
        further = (coaching or {}).get(row, "") if row in faulty else ""
        words = [said, *(one.sentence for one in broken[row]), *unlike[row], further]
        comment = " ".join(word for word in words if word)
        room = each if row in counted else 0.0
        given = room if row not in faulty else 0.0
        criteria.append(Criterion(asked.text(row), given, room, comment, next(filter(None, named), "")))
    if lost:
        why = "These rows were sound in the draft, or the case itself settles them."
        criteria.append(Criterion("rows that were sound before", -min(lost, earned), 0.0, why))
    for one in findings:
        if one.severity == "warning":
            name = asked.text(one.row) if one.row else "all rows together"
            criteria.append(
                Criterion(f"{name}: a second look", 0.0, 0.0, one.sentence, (beliefs or {}).get(one.rule, ""))
            )
    return Score(criteria, points)


def _cause(finding: Finding, told: Letters) -> str:
    if finding.rule != "R1":
        return finding.rule
    return MANY if any("A" in letter for letter in told[finding.row].values()) else NOBODY


def _unlike(asked: _Asked, cells: Mapping[str, str], key: Mapping[str, str]) -> list[str]:
    """Sentences about the cells of a row that do not hold what the key asks for."""
    said = []
    for column, letter in key.items():
        held = cells.get(column, "")
        held_of, asked_of = set(held.split("/")) - {""}, set(letter.split("/")) - {""}
        if not asked_of <= held_of or (held_of and not asked_of):
            said.append(f"{asked.text(column)} has {held or 'nothing'} here; expected {letter or 'nothing'}.")
    return said


def _recognised(
    matrix: Letters, faulty: Sequence[str], wrong: Sequence[tuple[Letters, str, str]]
) -> dict[str, tuple[str, str]]:
    """Misconception and text for each row in which one shows; the first that fits."""
    known: dict[str, tuple[str, str]] = {}
    for cells, belief, text in wrong:
        shows = all(matrix[row].get(of, "") == letter for row, given in cells.items() for of, letter in given.items())
        rows = [row for row in faulty if row in cells and row not in known]
        if shows and rows:
            known[rows[0]] = (belief, text)
    return known


def _refuse_unknown(item: MatrixItem, cells: Letters) -> None:
    rows, columns = [row.id for row in item.rows], [column.id for column in item.columns]
    for row, given in cells.items():
        for one, ids, what in ((row, rows, "row"), *((column, columns, "column") for column in given)):
            if one not in ids:
                hint = did_you_mean(one, ids)
                raise GradingError("test cell", f"question {item.id!r} has no {what} {one!r}", next_step=hint)
