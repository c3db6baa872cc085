"""The real cases as data: whole, consistent, and readable as words."""

import re

import pytest

from threechairs.chairs import decision_rights
from threechairs.company.real_cases import amount, case_figures
from threechairs.datasets import table
from threechairs.errors import UsageError

CASES = [f"C{number}" for number in range(1, 15)] + ["P1", "P2", "P3"]
FIGURES = table("cases")
STORIES = table("case_stories")
STATUS = {row["source_id"]: row["status"] for row in table("sources")}


def test_every_case_has_one_story():
    """Seventeen cases, in the order of the course."""
    assert [story["case_id"] for story in STORIES] == CASES


@pytest.mark.parametrize("case_id", CASES)
def test_every_case_has_at_least_two_figures(case_id):
    """A lesson finds something to count in each case, and every figure bears its case in its id and its name."""
    figures = case_figures(case_id)
    (name,) = [story["case"] for story in STORIES if story["case_id"] == case_id]
    assert len(figures) >= 2
    assert all(figure["figure_id"].startswith(f"{case_id.lower()}-") for figure in figures)
    assert {figure["case"] for figure in figures} == {name}


def test_figures_of_one_case_stand_together():
    """Whoever opens the table finds a case in one place, in the order of the stories."""
    assert list(dict.fromkeys(figure["case_id"] for figure in FIGURES)) == CASES
    assert sorted(FIGURES, key=lambda figure: CASES.index(figure["case_id"])) == list(FIGURES)


def test_ranges_are_sorted_and_never_empty():
    """At least one end is told, and low is not above high."""
    for figure in FIGURES:
        told = [end for end in (figure["low"], figure["high"]) if end is not None]
        assert told and told == sorted(told), figure["figure_id"]


def test_certainty_agrees_with_the_status_of_the_source():
    """Checked figures rest on a source that was read, press figures on one that was not read itself."""
    for figure in FIGURES:
        expected = {"checked": {"verified"}, "press": {"derivative"}, "contested": {"verified", "derivative"}}
        assert STATUS[figure["source"]] in expected[figure["certainty"]], figure["figure_id"]


def test_stories_cite_a_source():
    """No story stands alone."""
    assert {story["source"] for story in STORIES} <= set(STATUS)


def test_contested_figures_say_what_is_contested():
    """Nobody can quote one without having been told; there are some, or the label would be idle."""
    contested = [figure for figure in FIGURES if figure["certainty"] == "contested"]
    assert contested
    assert [figure["figure_id"] for figure in contested if not figure["note"]] == []


def test_rights_that_failed_stand_in_the_charter():
    """Ids of the charter only; the split rights are named by their part."""
    rights = {right.decision_id for right in decision_rights()}
    named = {decision for story in STORIES for decision in story["right_that_failed"]}
    assert {"D10", "D11", "D18", "D24"} <= named <= rights


def test_stories_leave_figures_to_the_table():
    """A number in a story would be a second copy; years and abbreviations are none."""
    for story in STORIES:
        text = " ".join([story["what_happened"], story["clash"], story["ask"]])
        assert re.findall(r"\b(?!20\d\d\b)\d[\d,.]*", text) == [], story["case_id"]


def test_questions_ask():
    """Every case ends in a question or a task that can be answered."""
    assert [story["case_id"] for story in STORIES if not re.search(r"\?|Rewrite", story["ask"])] == []


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (143e6, 147.9e6, "people", "143 to 147.9 million people"),
        (900_000, 1.2e6, "USD", "USD 900,000 to 1.2 million"),
        (3.09e9, 3.09e9, "USD", "USD 3.09 billion"),
        (48, 48, "hours", "48 hours"),
        (24, 25, "months", "24 to 25 months"),
        (40, 40, "percent", "40 %"),
        (300, None, "certificates", "at least 300 certificates"),
        (None, 10e6, "USD", "up to USD 10 million"),
        (0, 0, "people", "0 people"),
    ],
)
def test_amounts_read_as_words(low, high, unit, words):
    """Currencies stand in front, a common scale is said once, and an open end is said."""
    assert amount(low, high, unit) == words


def test_an_amount_without_any_bound_is_refused():
    """Nothing can be read out where nothing is told."""
    with pytest.raises(UsageError, match="neither low nor high"):
        amount(None, None, "people")


def test_every_figure_can_be_read_out():
    """All units and ranges of the table are spelled, and no exponent slips in."""
    for case_id in CASES:
        for figure in case_figures(case_id):
            assert re.fullmatch(
                r"[A-Za-z ]*\d[\d,.]*( to [\d,.]+)?( (million|billion))?( [A-Za-z% ]+)?", figure["amount"]
            )


def test_an_unknown_case_is_refused_with_an_offer():
    """A misspelt id offers the nearest."""
    with pytest.raises(UsageError, match="Did you mean 'C1'"):
        case_figures("c1")
