"""Rules for RAPID and DACI: two other ways than RACI to say who decides.

RAPID: Recommend, Agree, Perform, Input, Decide. DACI: Driver, Approver, Contributors, Informed. That one role decides
is the models' own rule; how many may have to agree, and that nobody decides on the assurance of their own work, are
conventions of this course. Findings have the shape of those of `threechairs.chairs.raci`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from threechairs.chairs.raci import Finding, Matrix, refuse_empty
from threechairs.errors import UsageError, did_you_mean

_RAPID = ("R", "A", "P", "I", "D")
_DACI = ("D", "A", "C", "I")
_BLANKS = {"", "-", "–", "—"}
Letters = Mapping[str, frozenset[str]]


def check_rapid(matrix: Matrix, *, assurance: Iterable[str] = (), most_agreeing: int = 2) -> tuple[Finding, ...]:
    """Every rule of RAPID that a matrix breaks, row by row.

    | Rule | Severity | What it asks for |
    |---|---|---|
    | RAPID1 | error | exactly one role decides |
    | RAPID2 | error | a cell holds letters of R, A, P, I, D, with a slash between them, or nothing |
    | RAPID3 | error | no row is empty |
    | RAPID4 | warning | no more roles than `most_agreeing` must agree |
    | RAPID5 | error | in a row of assurance, the role that decides does not perform |
    | RAPID6 | warning | somebody recommends, and somebody performs |

    Parameters
    ----------
    matrix : mapping of str to mapping of str to str
        `{row: {role: cell}}`. Blank is empty, a dash, `None` or NaN.
    assurance : iterable of str, optional
        Rows that check work, such as an audit or an access review.
    most_agreeing : int, optional
        RAPID4 warns above this number of A in a row.

    Returns
    -------
    tuple of Finding
        Empty if all is well.

    Raises
    ------
    UsageError
        If the matrix has no row, or `assurance` is one text or names a row that the matrix does not have.

    Examples
    --------
    >>> found = check_rapid({"vendor": {"cio": "R/D", "ciso": "D", "procurement": "P"}})
    >>> [(f.rule, f.severity) for f in found]
    [('RAPID1', 'error')]
    >>> found[0].sentence
    "In 'vendor' cio and ciso each hold a D. With more than one D, nobody decides."
    """
    refuse_empty("check_rapid()", matrix)
    assuring = _known_rows("check_rapid()", matrix, assurance)
    return tuple(
        finding
        for row, cells in matrix.items()
        for finding in _rapid_findings(row, _texts(cells), row in assuring, most_agreeing)
    )


def check_daci(matrix: Matrix) -> tuple[Finding, ...]:
    """Every rule of DACI that a matrix breaks, row by row.

    | Rule | Severity | What it asks for |
    |---|---|---|
    | DACI1 | error | exactly one role approves |
    | DACI2 | error | a cell holds letters of D, A, C, I, with a slash between them, or nothing |
    | DACI3 | error | no row is empty |
    | DACI4 | warning | somebody drives |

    Parameters
    ----------
    matrix : mapping of str to mapping of str to str
        As in `check_rapid`.

    Returns
    -------
    tuple of Finding
        Empty if all is well.

    Raises
    ------
    UsageError
        If the matrix has no row.

    Examples
    --------
    >>> [f.sentence for f in check_daci({"patch deadline": {"cio": "D", "ciso": "C"}})]
    ["Nobody approves 'patch deadline'. Give exactly one role the A."]
    """
    refuse_empty("check_daci()", matrix)
    return tuple(finding for row, cells in matrix.items() for finding in _daci_findings(row, _texts(cells)))


def _rapid_findings(row: str, texts: Mapping[str, str], assures: bool, most_agreeing: int) -> Iterator[Finding]:
    letters = _letters(texts, _RAPID)
    yield from _one_decider("RAPID1", row, letters, "D", "decides")
    yield from _cells("RAPID2", row, texts, letters, _RAPID)
    if not texts:
        yield _empty("RAPID3", row)
        return
    agreeing = _holding("A", letters)
    if len(agreeing) > most_agreeing:
        yield Finding(
            "RAPID4",
            row,
            "",
            "warning",
            f"{len(agreeing)} roles must agree on {row!r}. Above {most_agreeing} a veto gets cheap: "
            "could some give input?",
        )
    if assures:
        for role in letters:
            if {"D", "P"} <= letters[role]:
                sentence = f"{role} decides on {row!r} and performs it. Nobody assures their own work."
                yield Finding("RAPID5", row, role, "error", sentence)
    if not _holding("R", letters):
        yield Finding("RAPID6", row, "", "warning", f"Nobody recommends on {row!r}. Who brings a proposal with facts?")
    if not _holding("P", letters):
        yield Finding(
            "RAPID6", row, "", "warning", f"Nobody performs {row!r}. A decision without hands stays on paper."
        )


def _daci_findings(row: str, texts: Mapping[str, str]) -> Iterator[Finding]:
    letters = _letters(texts, _DACI)
    yield from _one_decider("DACI1", row, letters, "A", "approves")
    yield from _cells("DACI2", row, texts, letters, _DACI)
    if not texts:
        yield _empty("DACI3", row)
    elif not _holding("D", letters):
        yield Finding("DACI4", row, "", "warning", f"Nobody drives {row!r}. Who brings the people and facts together?")


def _one_decider(rule: str, row: str, letters: Letters, letter: str, verb: str) -> Iterator[Finding]:
    holders = _holding(letter, letters)
    if not holders:
        on = f"on {row!r}" if letter == "D" else repr(row)
        yield Finding(rule, row, "", "error", f"Nobody {verb} {on}. Give exactly one role the {letter}.")
    elif len(holders) > 1:
        named = f"{', '.join(holders[:-1])} and {holders[-1]}"
        an = "an" if letter == "A" else "a"
        sentence = f"In {row!r} {named} each hold {an} {letter}. With more than one {letter}, nobody decides."
        yield Finding(rule, row, "", "error", sentence)


def _cells(
    rule: str, row: str, texts: Mapping[str, str], letters: Letters, known: tuple[str, ...]
) -> Iterator[Finding]:
    for role, text in texts.items():
        if not letters[role]:
            sentence = f"{role} has {text!r} in {row!r}. A cell holds {', '.join(known)}, several with a slash between"
            yield Finding(rule, row, role, "error", f"{sentence} them, or nothing.")


def _empty(rule: str, row: str) -> Finding:
    return Finding(rule, row, "", "error", f"Row {row!r} is empty: a decision that nobody takes part in.")


def _holding(letter: str, letters: Letters) -> list[str]:
    return [role for role in letters if letter in letters[role]]


def _letters(texts: Mapping[str, str], known: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Letters per role; none at all for a cell that holds anything else."""
    split = {role: frozenset(part.strip() for part in text.split("/")) for role, text in texts.items()}
    return {role: parts if parts <= set(known) else frozenset() for role, parts in split.items()}


def _texts(cells: Mapping[str, Any]) -> dict[str, str]:
    """Cells that are not blank, in upper case; `None` and the NaN of a data frame are blank."""
    held = {role: "" if _missing(cell) else str(cell).strip().upper() for role, cell in cells.items()}
    return {role: text for role, text in held.items() if text not in _BLANKS}


def _missing(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and cell != cell)  # noqa: PLR0124  (only NaN differs from itself)


def _known_rows(where: str, matrix: Matrix, rows: Iterable[str]) -> frozenset[str]:
    if isinstance(rows, str):
        # a text is a sequence of letters: each would be looked up as a row
        raise UsageError(where, f"assurance is the text {rows!r}", "Expected a list of rows")
    named = tuple(rows)
    for row in named:
        if row not in matrix:
            raise UsageError(where, f"the matrix has no row {row!r}", next_step=did_you_mean(row, matrix))
    return frozenset(named)
