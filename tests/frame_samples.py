"""A small table to mark, its wrong copies, and a way to mark what a notebook's variable holds."""

import pandas

from threechairs.marking import defined, mark_frame

SITES = [f"S{number:02}" for number in range(1, 12)]
RIGHT = {
    "site": SITES,
    "rate": [0.21 + number / 100 for number in range(11)],
    "guards": list(range(11)),
    "owner": ["cso", "ciso", "cio"] * 3 + ["cso", None],
}


def right_frame(**changes):
    return pandas.DataFrame({**RIGHT, **changes})


def in_notebook(call, **names):
    """Run a test cell's last line where the notebook's variables are."""
    return eval(call, {"mark_frame": mark_frame, "defined": defined, **names})


def mark(rates, points=6, **key):
    """Mark the variable `rates` of a notebook."""
    key = {"expected": right_frame(), "by": "site", **key}
    return in_notebook("mark_frame('rates', points, **key)", rates=rates, points=points, key=key)


def told(score):
    return " | ".join(f"{c.name}: {c.comment}" for c in score.criteria)


def beliefs(score):
    return [(c.name, c.belief) for c in score.criteria if c.belief]


def changed(column, row, value):
    """The right frame with one cell changed."""
    cells = list(RIGHT[column])
    cells[row] = value
    return right_frame(**{column: cells})
