"""Seven rules for a RACI matrix: who is responsible, accountable, consulted, informed.

R1 to R5 are the usual validity rules; R6 and R7 are conventions of this course.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from threechairs.errors import UsageError, did_you_mean

Matrix = Mapping[str, Mapping[str, Any]]

_LETTERS: dict[str, frozenset[str]] = {
    "R": frozenset("R"),
    "A": frozenset("A"),
    "C": frozenset("C"),
    "I": frozenset("I"),
    "A/R": frozenset("AR"),
}
_BLANKS = {"", "-", "–", "—"}


@dataclass(frozen=True)
class Finding:
    """One rule that a matrix breaks.

    Attributes
    ----------
    rule : str
        "R1" to "R7" for a RACI matrix; other decision models have names of their own.
    row : str
        Row of the matrix; empty for R6, which looks at all rows.
    role : str
        Role concerned; empty where the whole row is.
    severity : {"error", "warning"}
        A row with an error is not valid; a warning asks for a second look.
    sentence : str
        What is wrong and why it matters, said to the learner.
    """

    rule: str
    row: str
    role: str
    severity: Literal["error", "warning"]
    sentence: str


def check_raci(
    matrix: Matrix,
    *,
    assurance_pairs: Iterable[tuple[str, str]] = (),
    most_consulted: int = 3,
    largest_share: float = 0.4,
) -> tuple[Finding, ...]:
    """Every rule that the matrix breaks, row by row, then the rules that compare rows.

    Parameters
    ----------
    matrix : mapping of str to mapping of str to str
        `{row: {role: cell}}`; a cell is R, A, C, I, A/R or blank. Blank is empty, a dash, `None` or NaN.
    assurance_pairs : iterable of (str, str), optional
        Pairs (row that does a control, row that assures the same control), for R7.
    most_consulted : int, optional
        R5 warns above this number of C in a row.
    largest_share : float, optional
        R6 warns above this share of rows (0 to 1) with one role as A.

    Returns
    -------
    tuple of Finding
        Empty if all is well. An empty row breaks R1, R2 and R3 together.

    Raises
    ------
    UsageError
        If the matrix has no row, or a pair names a row that it does not have.

    Examples
    --------
    >>> found = check_raci({"patch deadline": {"ciso": "A", "cio": "A"}}, largest_share=1)
    >>> [(f.rule, f.severity) for f in found]
    [('R1', 'error'), ('R2', 'error')]
    >>> found[0].sentence
    "In 'patch deadline' ciso and cio each hold an A. With more than one A, nobody decides."
    """
    refuse_empty("check_raci()", matrix)
    pairs = tuple(assurance_pairs)
    _refuse_unknown_rows(matrix, pairs)
    return (
        *(finding for row, cells in matrix.items() for finding in _row_findings(row, cells, most_consulted)),
        *_share_findings(matrix, largest_share),
        *_assurance_findings(matrix, pairs),
    )


def valid_rows(matrix: Matrix, *, assurance_pairs: Iterable[tuple[str, str]] = ()) -> tuple[str, ...]:
    """Rows without an error, in the order of the matrix; warnings do not count.

    Raises
    ------
    UsageError
        As `check_raci` does.

    Examples
    --------
    >>> valid_rows({"policy": {"ciso": "A/R"}, "budget": {"cfo": "R"}})
    ('policy',)
    """
    findings = check_raci(matrix, assurance_pairs=assurance_pairs)
    faulty = {finding.row for finding in findings if finding.severity == "error"}
    return tuple(row for row in matrix if row not in faulty)


def refuse_empty(where: str, matrix: Matrix) -> None:
    """Refuse a matrix without rows: "all is well" would be said about nothing.

    Raises
    ------
    UsageError
        If it has none.

    Examples
    --------
    >>> refuse_empty("check_raci()", {})
    Traceback (most recent call last):
        ...
    threechairs.errors.UsageError: check_raci(): the matrix has no rows. Expected at least one: {row: {role: cell}}.
    """
    if not len(matrix):
        raise UsageError(where, "the matrix has no rows", "Expected at least one: {row: {role: cell}}")


def _row_findings(row: str, cells: Mapping[str, Any], most_consulted: int) -> Iterator[Finding]:
    texts = {role: text for role, cell in cells.items() if (text := _text(cell)) not in _BLANKS}
    letters = {role: _LETTERS.get(text, frozenset()) for role, text in texts.items()}
    if not texts:
        yield Finding("R3", row, "", "error", f"Row {row!r} is empty: a duty that nobody holds.")
    accountable = [role for role in letters if "A" in letters[role]]
    if not accountable:
        yield Finding("R1", row, "", "error", f"Nobody is accountable for {row!r}. Give exactly one role the A.")
    elif len(accountable) > 1:
        yield Finding(
            "R1",
            row,
            "",
            "error",
            f"In {row!r} {_and(accountable)} each hold an A. With more than one A, nobody decides.",
        )
    if not any("R" in held for held in letters.values()):
        yield Finding("R2", row, "", "error", f"Nobody does {row!r}. Answering for work is not doing it: add an R.")
    for role, text in texts.items():
        if text not in _LETTERS:
            yield Finding(
                "R4", row, role, "error", f"{role} has {text!r} in {row!r}. A cell holds R, A, C, I, A/R or nothing."
            )
    consulted = sum("C" in held for held in letters.values())
    if consulted > most_consulted:
        yield Finding(
            "R5",
            row,
            "",
            "warning",
            f"{consulted} roles are consulted on {row!r}. Above {most_consulted} it gets slow: could some be informed?",
        )


def _share_findings(matrix: Matrix, largest_share: float) -> Iterator[Finding]:
    held = Counter(role for cells in matrix.values() for role in _accountable(cells))
    for role, count in held.items():
        if count / len(matrix) > largest_share:
            yield Finding(
                "R6",
                "",
                role,
                "warning",
                f"{role} is accountable in {count} of {len(matrix)} rows. Is it power, or did nobody else want them?",
            )


def _assurance_findings(matrix: Matrix, pairs: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for doing, assuring in pairs:
        for role in _accountable(matrix[doing]):
            if role in _accountable(matrix[assuring]):
                yield Finding(
                    "R7",
                    assuring,
                    role,
                    "error",
                    f"{role} answers for {doing!r} and for {assuring!r}. Nobody assures their own work.",
                )


def _accountable(cells: Mapping[str, Any]) -> list[str]:
    return [role for role, cell in cells.items() if "A" in _LETTERS.get(_text(cell), ())]


def _refuse_unknown_rows(matrix: Matrix, pairs: Iterable[tuple[str, str]]) -> None:
    for pair in pairs:
        for row in pair:
            if row not in matrix:
                raise UsageError("check_raci()", f"the matrix has no row {row!r}", next_step=did_you_mean(row, matrix))


def _text(cell: Any) -> str:
    """Cell as upper-case text; `None` and the NaN of a data frame are blank."""
    if cell is None or (isinstance(cell, float) and cell != cell):  # noqa: PLR0124  (only NaN differs from itself)
        return ""
    return str(cell).strip().upper()


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
