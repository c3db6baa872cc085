"""Small charts drawn as SVG, each with its data as a table for those who cannot see it."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping

_BAR_HEIGHT, _LABEL_WIDTH, _BAR_WIDTH, _ROW = 22, 190, 300, 34


class BarChart:
    """Horizontal bars of counts.

    Parameters
    ----------
    title : str
        What is counted.
    counts : mapping of label to int
        Bars from top to bottom.
    sentence : str
        What a reader should see in the chart; stands below it and is its text alternative.

    Raises
    ------
    ValueError
        If there is nothing to draw, or a count is negative.
    """

    def __init__(self, title: str, counts: Mapping[str, int], sentence: str) -> None:
        if not counts or min(counts.values()) < 0:
            raise ValueError(f"{title}: counts are {dict(counts)}; expected at least one, none negative")
        self.title, self.counts, self.sentence = title, dict(counts), sentence

    def __repr__(self) -> str:
        bars = "\n".join(f"  {label}: {count}" for label, count in self.counts.items())
        return f"{self.title}\n{bars}\n{self.sentence}"

    def _repr_html_(self) -> str:
        largest = max(self.counts.values()) or 1
        height = _ROW * len(self.counts) + 8
        width = _LABEL_WIDTH + _BAR_WIDTH + 50
        bars = []
        for index, (label, count) in enumerate(self.counts.items()):
            y, length = 6 + index * _ROW, _BAR_WIDTH * count / largest
            middle = y + _BAR_HEIGHT * 0.72
            bars.append(
                f'<text x="{_LABEL_WIDTH - 8}" y="{middle:.0f}" text-anchor="end">{html.escape(label)}</text>'
                f'<rect x="{_LABEL_WIDTH}" y="{y}" width="{length:.0f}" height="{_BAR_HEIGHT}" rx="2" '
                'fill="var(--jp-brand-color1, #1565c0)"></rect>'
                f'<text x="{_LABEL_WIDTH + length + 8:.0f}" y="{middle:.0f}">{count}</text>'
            )
        title, sentence = html.escape(self.title), html.escape(self.sentence)
        rows = "".join(f"<tr><td>{html.escape(k)}</td><td>{v}</td></tr>" for k, v in self.counts.items())
        return (
            f'<figure style="margin:0"><figcaption><b>{title}</b></figcaption>'
            f'<svg viewBox="0 0 {width} {height}" style="max-width:{width}px;width:100%" role="img" '
            f'aria-label="{title}. {sentence}" fill="currentColor" '
            f'font-family="var(--jp-ui-font-family, sans-serif)" font-size="14">{"".join(bars)}</svg>'
            f"<p>{sentence}</p><details><summary>The same as a table</summary>"
            f"<table><thead><tr><th>Who</th><th>Number</th></tr></thead><tbody>{rows}</tbody></table>"
            "</details></figure>"
        )


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
    return BarChart("Who answers for the decisions of Halden Quay's charter", counts, sentence)
