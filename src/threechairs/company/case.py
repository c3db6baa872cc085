"""One learner's variant of the firm: facts and tables drawn from the case id, the assignment and the attempt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.company.made import Rows
from threechairs.errors import ContentError, UsageError, did_you_mean

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")
Facts = Sequence[Any] | Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """What one learner is asked about.

    Attributes
    ----------
    assignment, case_id, attempt
        What the variant was drawn from.
    facts : mapping
        The facts in which variants differ, by name.
    phrases : mapping
        For facts that are told in words: the words, by name of the fact.
    rows : mapping
        Tables as rows of plain values, by name; `table()` gives a table as a pandas frame.
    fingerprint : str
        Digest of facts and tables. It goes into the answer file, so that a grader can tell whether an answer
        was given on the same tables.
    """

    assignment: str
    case_id: str
    attempt: int
    facts: Mapping[str, Any]
    phrases: Mapping[str, str]
    rows: Mapping[str, Rows]
    fingerprint: str = field(repr=False)

    def table(self, name: str) -> pandas.DataFrame:
        """A table of this case as a pandas frame (a fresh copy at each call), its columns of their described types.

        Raises
        ------
        UsageError
            If the case has no such table.
        """
        from threechairs.company.frames import frame

        return frame(name, self.table_rows(name))

    def table_rows(self, name: str) -> Rows:
        """A table of this case as rows of plain values."""
        if name not in self.rows:
            raise UsageError(f"table {name!r}", "this case has no such table", next_step=did_you_mean(name, self.rows))
        return self.rows[name]

    def draw(self, purpose: str, options: Sequence[T], size: int) -> list[T]:
        """`size` of the options, always the same ones for this case and purpose."""
        return Draws(self.case_id, self.assignment, self.attempt, purpose).sample(options, size)

    def fill(self, text: str) -> str:
        """A text with `{fact}` replaced by this case's value; money with thousands separators.

        Raises
        ------
        ContentError
            If the text names a fact that the case does not have.
        """
        shown = {
            name: f"{value:,}" if isinstance(value, int) else self.phrases.get(name, str(value))
            for name, value in self.facts.items()
        }
        try:
            return text.format_map(shown)
        except (KeyError, ValueError, IndexError, AttributeError, TypeError) as reason:
            raise ContentError(
                self.assignment, f"a text names {reason}", f"Known facts: {', '.join(sorted(shown))}"
            ) from None

    def _repr_html_(self) -> str:
        return (
            f"<p>Your case: <b>Halden Quay Group, variant of {_escape(self.case_id)}</b>, "
            f"attempt {self.attempt}. Other learners have other facts and tables.</p>"
        )


def build_case(
    assignment: str,
    case_id: str,
    attempt: int = 1,
    *,
    facts: Mapping[str, Facts] | None = None,
    tables: Mapping[str, Mapping[str, Any]] | None = None,
) -> Case:
    """The variant that belongs to a case id, an assignment and an attempt.

    Parameters
    ----------
    assignment, case_id : str
        The assignment's id and the learner's case id.
    attempt : int, default 1
        A second attempt has other facts and tables.
    facts : mapping of name to values
        From each one value is drawn: from a list, or from a mapping of value to the words that tell it.
    tables : mapping of name to settings
        Tables of the firm to draw, with the settings of their makers. The setting `{"fact": name}` is what the case
        drew for that fact.

    Raises
    ------
    ContentError
        If the firm has no such table or the table no such setting, or a setting names a fact that the case lacks.

    Examples
    --------
    >>> one = build_case("demo", "alice", facts={"amount_eur": [180_000, 620_000]})
    >>> one.fill("EUR {amount_eur}") in {"EUR 180,000", "EUR 620,000"}
    True
    >>> one == build_case("demo", "alice", facts={"amount_eur": [180_000, 620_000]})
    True
    """
    drawn = _drawn(case_id, assignment, attempt, facts)
    phrases = {name: values[drawn[name]] for name, values in (facts or {}).items() if isinstance(values, Mapping)}
    firm = build_firm(assignment, case_id, attempt, facts=facts, tables=tables)
    rows = {name: firm.rows(name) for name in tables or {}}
    digest = hashlib.sha256(json.dumps([drawn, rows], sort_keys=True, ensure_ascii=True).encode()).hexdigest()
    return Case(assignment, case_id, attempt, drawn, phrases, rows, f"sha256:{digest[:32]}")


def build_firm(
    assignment: str,
    case_id: str,
    attempt: int = 1,
    *,
    facts: Mapping[str, Facts] | None = None,
    tables: Mapping[str, Mapping[str, Any]] | None = None,
) -> Firm:
    """The firm behind a case, which knows what was planted in its tables: for graders. A case holds no key.

    Parameters and errors are those of `build_case`.

    Examples
    --------
    >>> firm = build_firm("demo", "alice", tables={"sites": {"overdue": [3, 3]}})
    >>> firm.key("sites")
    {'overdue_drills': 3}
    >>> firm.rows("sites") == build_case("demo", "alice", tables={"sites": {"overdue": [3, 3]}}).table_rows("sites")
    True
    """
    drawn = _drawn(case_id, assignment, attempt, facts)
    settings = {
        name: {setting: _settle(value, drawn, assignment) for setting, value in own.items()}
        for name, own in (tables or {}).items()
    }
    return Firm(case_id, assignment, attempt, settings=settings)


def _drawn(case_id: str, assignment: str, attempt: int, facts: Mapping[str, Facts] | None) -> dict[str, Any]:
    return {
        name: Draws(case_id, assignment, attempt, "fact", name).pick(list(values))
        for name, values in (facts or {}).items()
    }


def _settle(value: Any, facts: Mapping[str, Any], assignment: str) -> Any:
    """A table's setting, or the fact that it names as `{"fact": name}`."""
    if not isinstance(value, Mapping) or set(value) != {"fact"}:
        return value
    name = value["fact"]
    if name not in facts:
        raise ContentError(assignment, f"a table asks for the fact {name!r}", next_step=did_you_mean(name, facts))
    return facts[name]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
