"""What lessons quote of the real cases is what `datasets/tables/cases.csv` says: text and data cannot drift."""

import json
import re

import pytest

from threechairs.datasets import course_root, table

QUOTED = {
    "01-three-chairs": {"p1-outage-hours", "c1-order-hours"},
    "11-resolving-clashes": {
        "c1-order-hours",
        "c9-patients",
        "c9-prescriptions",
        "c9-fine-provider",
        "c9-fine-singhealth",
        "c12-cost",
        "c12-reserves",
    },
}
"""Figures that each lesson quotes; a lesson that is not listed quotes none."""

LESSONS = sorted(path.stem for path in (course_root() / "notebooks").glob("*.ipynb"))
OTHER_NAMES = {"C7": ["MGM", "Caesars"], "C8": ["OPM"], "C13": ["UnitedHealth"], "P3": ["NIRS", "Daejeon"]}
TOO_COMMON = {"Target": r"\bTarget\b(?! date)"}
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
UNIT = r"(?:hour|day|week|month|minute|year)s?|people|patients|thousand|million|billion"
NUMBER = rf"\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(WORDS)})\b(?=-? (?:(?:to|or) \w+ )?(?:{UNIT})\b)"
RANGE = re.compile(
    rf"(?<![\w.§(-])({NUMBER})(?:(?: to |[-\u2013])({NUMBER}))?(?:[ \u00a0-]({'|'.join(SCALES)}))?(?!\w)", re.IGNORECASE
)
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"\b\d{{1,2}}(?:[-\u2013]\d{{1,2}})? (?:{MONTH})\b(?: \d{{4}})?|(?<!\d)(?<!,)(?:19|20)\d\d\b(?!,\d)")
FIGURES = {row["figure_id"]: row for row in table("cases")}


def numbers(text):
    """Values of all numbers in a text: digits and small number words with a unit, but no dates, years or ids."""
    found = []
    for first, second, scale in RANGE.findall(DATE.sub(" ", text)):
        size = SCALES.get(scale.lower(), 1)
        found += [_value(word) * size for word in (first, second) if word]
    return found


def _value(word):
    return WORDS.index(word.lower()) + 1.0 if word.lower() in WORDS else float(word.replace(",", ""))


def passages(lesson):
    """Paragraphs of a lesson that name a real case, with the ids of the cases; lists of sources are left out."""
    notebook = json.loads((course_root() / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    found = []
    for cell in cells:
        if not re.match(r"#+ Sources", cell):
            for paragraph in cell.split("\n\n"):
                named = [case_id for case_id, pattern in _names().items() if re.search(pattern, paragraph)]
                if named:
                    found.append((paragraph, named))
    return found


def _names():
    patterns = {}
    for story in table("case_stories"):
        names = [*OTHER_NAMES.get(story["case_id"], []), story["case"]]
        patterns[story["case_id"]] = "|".join(TOO_COMMON.get(name, rf"\b{name}\b") for name in names)
    return patterns


def _ends(figure):
    return {end for end in (figure["low"], figure["high"]) if end is not None}


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_number_about_a_real_case_stands_in_the_table(lesson):
    """A paragraph that names a case quotes no number that is not among the figures listed for the lesson."""
    for paragraph, named in passages(lesson):
        listed = [FIGURES[one] for one in QUOTED.get(lesson, set()) if FIGURES[one]["case_id"] in named]
        allowed = set().union(*map(_ends, listed))
        unknown = [number for number in numbers(paragraph) if number not in allowed]
        assert unknown == [], f"{lesson}: not in QUOTED, or not as in cases.csv: {unknown} in {paragraph!r}"


@pytest.mark.parametrize("lesson", QUOTED)
def test_every_listed_figure_is_quoted_as_it_stands(lesson):
    """Both ends of each listed figure are in a paragraph that names its case."""
    for figure_id in QUOTED[lesson]:
        figure = FIGURES[figure_id]
        quoted = [set(numbers(text)) for text, named in passages(lesson) if figure["case_id"] in named]
        assert any(_ends(figure) <= found for found in quoted), (
            f"{lesson} does not quote {figure_id} as cases.csv has it"
        )


@pytest.mark.parametrize("lesson", QUOTED)
def test_contested_figures_are_told_as_such(lesson):
    """Where a figure is contested, the lesson says so beside it, or says about."""
    for figure_id in QUOTED[lesson]:
        figure = FIGURES[figure_id]
        if figure["certainty"] == "contested":
            beside = [
                text
                for text, named in passages(lesson)
                if figure["case_id"] in named and _ends(figure) <= set(numbers(text))
            ]
            assert beside and all(re.search(r"contested|about|wrote the press|not confirm", text) for text in beside)


def test_cards_of_the_sorter_quote_figures_as_they_stand():
    """The duty about updates of security software tells as many machines as the table."""
    reasons = [row["reason"] for row in table("duties") if "security tool is reported" in row["reason"]]
    assert [FIGURES["c14-devices"]["low"] in numbers(reason) for reason in reasons] == [True]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("within 48 hours, in D11 and S1.13", [48]),
        ("six to seven million pounds, about 40 % of reserves", [6e6, 7e6, 40]),
        ("On 4 October 2021, for about six hours; one command", [6]),
        ("1.5 million patients and 160,000 of them in 2018", [1.5e6, 160_000]),
        ("Access 13\u201330 July; 2,000 servers", [2_000]),
        ("July 2024 one faulty update stopped 8.5 million machines", [8.5e6]),
    ],
)
def test_numbers_are_found_as_a_reader_finds_them(text, values):
    """Digits, scales, ranges and number words with a unit count; dates, years and ids do not."""
    assert numbers(text) == values
