"""Small charts drawn as SVG, each with its data as a table for those who cannot see it."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping
from typing import Any

from threechairs.activities import activity
from threechairs.activities.progress import watch
from threechairs.errors import told_arguments

_BAR_HEIGHT, _LABEL_WIDTH, _BAR_WIDTH, _NUMBER_WIDTH, _ROW = 22, 212, 300, 50, 34

Bars = Mapping[str, float]
"""Bars from top to bottom: label to number."""


class BarChart:
    """Horizontal bars, in one column or in several that share their labels.

    Parameters
    ----------
    title : str
        What is counted.
    columns : mapping of str to mapping of label to number
        What a column's numbers are, and its bars from top to bottom. Each column has a scale of its own.
    sentence : str
        What a reader should see in the chart; stands below it and is its text alternative.
    labelled : str
        What the labels are.

    Raises
    ------
    ValueError
        If there is nothing to draw, a number is negative, or the columns differ in their labels.
    """

    def __init__(self, title: str, columns: Mapping[str, Bars], sentence: str, labelled: str = "Who") -> None:
        for bars in columns.values():
            if not bars or min(bars.values()) < 0:
                raise ValueError(f"{title}: bars are {dict(bars)}; expected at least one, none negative")
        if len({tuple(bars) for bars in columns.values()}) != 1:
            raise ValueError(f"{title}: expected one column at least, and the same labels in each")
        self.title, self.sentence, self.labelled = title, sentence, labelled
        self.columns = {name: dict(bars) for name, bars in columns.items()}

    def __repr__(self) -> str:
        units = [f" {name}" for name in self.columns] if len(self.columns) > 1 else [""]
        rows = [
            f"  {label}: " + ", ".join(f"{number}{unit}" for number, unit in zip(numbers, units, strict=True))
            for label, *numbers in self._rows()
        ]
        return "\n".join([self.title, *rows, self.sentence])

    def _rows(self) -> list[tuple[str, ...]]:
        """Each label with its numbers in words."""
        first, *_ = self.columns.values()
        return [(label, *(f"{bars[label]:,.10g}" for bars in self.columns.values())) for label in first]

    def _repr_html_(self) -> str:
        rows, several = self._rows(), len(self.columns) > 1
        top = 6 + (_ROW if several else 0)
        width, height = _LABEL_WIDTH + _BAR_WIDTH + _NUMBER_WIDTH, top + _ROW * len(rows) + 2
        full = _BAR_WIDTH // len(self.columns) - (_NUMBER_WIDTH if several else 0)
        drawn = []
        for at, (label, *numbers) in enumerate(rows):
            y = top + at * _ROW
            middle = y + _BAR_HEIGHT * 0.72
            drawn.append(f'<text x="{_LABEL_WIDTH - 8}" y="{middle:.0f}" text-anchor="end">{html.escape(label)}</text>')
            for place, (bars, number) in enumerate(zip(self.columns.values(), numbers, strict=True)):
                x = _LABEL_WIDTH + place * (_BAR_WIDTH + _NUMBER_WIDTH) // len(self.columns)
                length = full * bars[label] / (max(bars.values()) or 1)
                drawn.append(
                    f'<rect x="{x}" y="{y}" width="{length:.0f}" height="{_BAR_HEIGHT}" rx="2" '
                    'fill="var(--jp-brand-color1, #1565c0)"></rect>'
                    f'<text x="{x + length + 8:.0f}" y="{middle:.0f}">{number}</text>'
                )
        for place, name in enumerate(self.columns if several else ()):
            x = _LABEL_WIDTH + place * (_BAR_WIDTH + _NUMBER_WIDTH) // len(self.columns)
            drawn.append(f'<text x="{x}" y="{_ROW * 0.6:.0f}" font-weight="600">{html.escape(name)}</text>')
        title, sentence = html.escape(self.title), html.escape(self.sentence)
        head = "".join(f"<th>{html.escape(name)}</th>" for name in (self.labelled, *self.columns))
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        return (
            f'<figure style="margin:0"><figcaption><b>{title}</b></figcaption>'
            f'<svg viewBox="0 0 {width} {height}" style="max-width:{width}px;width:100%" role="img" '
            f'aria-label="{title}. {sentence}" fill="currentColor" '
            f'font-family="var(--jp-ui-font-family, sans-serif)" font-size="14">{"".join(drawn)}</svg>'
            f"<p>{sentence}</p><details><summary>The same as a table</summary>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></details></figure>"
        )


class AfterAnswer:
    """A chart that would give a question away, so that it comes once the question is answered.

    Parameters
    ----------
    chart : BarChart
        What is shown then.
    question : str
        Id of a question of the open notebook.

    Raises
    ------
    UsageError
        If no notebook is open, or it has no such question.
    """

    waiting = "Answer the question above, and a chart appears here."

    def __init__(self, chart: BarChart, question: str) -> None:
        self._chart, self._question = chart, activity(question)
        self._place: Any = None
        watch(self._redraw)

    def __repr__(self) -> str:
        return repr(self._chart) if self._question.recorded else self.waiting

    def _repr_html_(self) -> str:
        return self._chart._repr_html_() if self._question.recorded else f"<p>{self.waiting}</p>"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        self._place = display(self._bundle(), raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def _bundle(self) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _redraw(self) -> None:
        if self._place:
            self._place.update(self._bundle(), raw=True)


def rights_chart() -> BarChart:
    """Who answers for the decisions of the firm's charter: the three chairs, and everybody else."""
    from threechairs.chairs import decision_rights
    from threechairs.datasets import table

    names = {row["role_id"]: row["chair"].upper() if row["chair"] else row["name"] for row in table("roles")}
    accountable = Counter(names[right.accountable] for right in decision_rights())
    chairs = ("CISO", "CIO", "CSO")
    others = [(name, count) for name, count in accountable.most_common() if name not in chairs]
    counts = {chair: accountable[chair] for chair in chairs} | {name: count for name, count in others if count > 1}
    single = [name for name, count in others if count == 1]
    counts[f"{len(single)} others, one each"] = len(single)
    elsewhere = sum(count for _name, count in others)
    total = accountable.total()
    sentence = (
        f"Of {total} decisions the three chairs answer for {total - elsewhere}. The other {elsewhere} belong to people "
        f"outside security and IT; one each to: {', '.join(single)}."
    )
    return BarChart("Who answers for the decisions of Halden Quay's charter", {"Number": counts}, sentence)


@told_arguments
def tickets_chart(after: str) -> AfterAnswer:
    """The fault tickets of Gate 4 by cause, in counts and in dark hours, once the question `after` is answered."""
    from threechairs.datasets import table

    rows = table("camera_faults")
    tickets = {row["cause"]: row["tickets"] for row in rows}
    hours = {row["cause"]: round(row["tickets"] * row["mean_hours"], 1) for row in rows}
    told = [
        f"{cause[:1].upper()}{cause[1:]}: {100 * tickets[cause] / sum(tickets.values()):.0f} % of the tickets, "
        f"{100 * hours[cause] / sum(hours.values()):.0f} % of the dark hours."
        for cause in dict.fromkeys([max(tickets, key=tickets.__getitem__), max(hours, key=hours.__getitem__)])
    ]
    title = "The same tickets, counted and in hours"
    return AfterAnswer(BarChart(title, {"tickets": tickets, "dark hours": hours}, " ".join(told), "Cause"), after)
