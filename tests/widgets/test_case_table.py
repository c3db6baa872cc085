"""The table of a case's figures: everything that is told, for eyes, ears and plain text alike."""

import re
from html.parser import HTMLParser

import pytest

from threechairs import case_table
from threechairs.company.real_cases import case_figures
from threechairs.datasets import table
from threechairs.errors import UsageError
from threechairs.widgets import case_table as module

CASES = [story["case_id"] for story in table("case_stories")]
CITATIONS = {row["source_id"]: row["citation"] for row in table("sources")}


class Seen(HTMLParser):
    """Tags with their attributes, and the rows of the tables as lists of cells."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.rows, self.words = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Open a row or a cell."""
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data):
        """Add words to the page, and to the open cell."""
        self.words += data
        if self.rows and self.tags[-1][0] in {"td", "th"}:
            self.rows[-1][-1] += data

    def count(self, tag, **attributes):
        """How many tags there are with these attributes."""
        return sum(name == tag and attributes.items() <= given.items() for name, given in self.tags)


@pytest.mark.parametrize("case_id", CASES)
def test_every_figure_is_told_with_who_said_it_and_how_sure_that_is(case_id):
    """Amount, speaker, note and sources of each figure stand in the page and in the text, in the table's order."""
    shown = case_table(case_id)
    seen, text = Seen(shown._repr_html_()), repr(shown)
    certain = {"checked": "checked", "press": "second-hand", "contested": "contested"}

    for row, figure in zip(seen.rows[1:], case_figures(case_id), strict=True):
        what, amount, _date, said, sure = row
        assert (what.lower(), amount, said) == (figure["what"].lower(), figure["amount"], figure["who_said"])
        assert sure == ". ".join(filter(None, [certain[figure["certainty"]], figure["note"]]))
        assert f"{what}: {amount}. " in text and f"; {said}; {sure}\n" in text
        for told in (seen.words, text):
            assert told.count(CITATIONS[figure["source"]]) == 1


def test_words_for_certainty_are_explained_where_they_are_used():
    """A reader learns what contested means below a table that says it, and no word that is not there."""
    contested, checked = case_table("C12"), case_table("C9")

    for told in (repr(contested), Seen(contested._repr_html_()).words):
        assert "Contested: accounts differ" in told and "Second-hand:" not in told
    assert repr(checked).endswith("\n\nChecked: read in a page that states it.")


def test_rows_and_columns_are_announced():
    """A screen reader gets a caption per case and a header for each row and column."""
    seen = Seen(case_table("C9", "C12")._repr_html_())
    figures = len(case_figures("C9")) + len(case_figures("C12"))

    assert (seen.count("caption"), seen.count("details"), seen.count("summary")) == (2, 1, 1)
    assert (seen.count("th", scope="col"), seen.count("th", scope="row")) == (10, figures)
    assert seen.rows[0] == ["What", "How much", "When", "Who said it", "How sure"]


def test_texts_of_the_table_are_no_markup(monkeypatch):
    """A figure's words are shown as they are written."""
    row = {**case_figures("C9")[0], "what": "records <b>copied</b>", "case": "A & B", "note": "<i>"}
    monkeypatch.setattr(module, "case_figures", lambda _case_id: (row,))

    seen = Seen(case_table("C9")._repr_html_())

    assert "Records <b>copied</b>" in seen.words and "A & B" in seen.words and "<i>" in seen.words
    assert seen.count("i") == 0


@pytest.mark.parametrize(
    ("date", "words"),
    [("2018", "2018"), ("2018-12", "December 2018"), ("2017-05-03", "3 May 2017")],
)
def test_dates_are_written_out(date, words):
    """A date is as precise as the table has it."""
    assert module._in_words(date) == words


def test_every_date_of_the_cases_can_be_written_out():
    """No date of the table is left in digits."""
    for figure in table("cases"):
        assert re.fullmatch(r"(\d{1,2} )?([A-Z][a-z]+ )?\d{4}", module._in_words(figure["date"]))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: case_table("c9"), "Did you mean 'C9'"),
        (lambda: case_table("C9", "C99"), "there is no case 'C99'"),
        (case_table, "'case_id' is missing"),
    ],
)
def test_a_wrong_call_is_told(call, words):
    """A misspelt or missing case is said in our words."""
    with pytest.raises(UsageError, match=words):
        call()
