"""Errors speak to the reader: where, what was seen, what was expected, what to do."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from threechairs import errors
from threechairs.errors import ThreeChairsError, did_you_mean

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ThreeChairsError)]


def test_an_error_has_its_four_parts_in_order():
    """Each part is kept, and the text is made of sentences."""
    error = ThreeChairsError("course.yaml:3:5", "minutes is -1", "Expected a number above 0", "Correct it")

    assert str(error) == "course.yaml:3:5: minutes is -1. Expected a number above 0. Correct it."
    assert (error.where, error.seen, error.expected, error.next_step) == (
        "course.yaml:3:5", "minutes is -1", "Expected a number above 0", "Correct it",
    )  # fmt: skip


@pytest.mark.parametrize("seen", ["it is empty.", "is it empty?", "it is empty!", "the log:"])
def test_a_sentence_that_ends_is_not_ended_twice(seen):
    """No doubled full stop stands in a message."""
    assert str(ThreeChairsError("", seen, next_step="Go on")) == f"{seen} Go on."


@pytest.mark.parametrize("kind", KINDS)
def test_notebooks_show_the_text_alone(kind, capsys):
    """A learner never sees a traceback of ours; graders find every kind of error under one name."""
    shell = InteractiveShell.instance()
    shell.push({"error": kind("answers.json", "the file is empty", next_step="Rename it")})

    shell.run_cell("raise error")

    shown = capsys.readouterr()
    assert "answers.json: the file is empty. Rename it." in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


@pytest.mark.parametrize(
    ("seen", "known", "sentence"),
    [
        ("cisso", ["cso", "ciso", "cio"], "Did you mean 'ciso'?"),
        ("payroll", ["cso", "ciso"], "Known: ciso, cso."),
        ("payroll", [], ""),
        ("zzz", [f"name-{number}" for number in range(13)], ""),
        (3, ["cso"], "Known: cso."),
    ],
)
def test_the_nearest_name_is_offered(seen, known, sentence):
    """One near name, else a short list, else nothing."""
    assert did_you_mean(seen, known) == sentence
