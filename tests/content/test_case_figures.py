"""What the course quotes of the real cases is what `datasets/tables/cases.csv` says: text and data cannot drift."""

import json
import re

import pytest
import yaml

from threechairs.datasets import course_root, table

QUOTED = {
    "notebooks/01-three-chairs.ipynb": {"p1-outage-hours", "c1-order-hours"},
    "notebooks/11-resolving-clashes.ipynb": {
        "c1-order-hours",
        "c9-patients",
        "c9-prescriptions",
        "c9-fine-provider",
        "c9-fine-singhealth",
        "c12-cost",
        "c12-reserves",
    },
    "datasets/tables/duties.csv": {"c14-devices"},
}
"""Figures that each file quotes; a lesson or question bank that is not listed quotes none."""

PLACES = [
    *sorted(f"notebooks/{path.name}" for path in (course_root() / "notebooks").glob("*.ipynb")),
    *sorted(f"datasets/items/{path.name}" for path in (course_root() / "datasets" / "items").glob("*.yaml")),
    "datasets/tables/duties.csv",
]
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


def passages(place):
    """Texts of a file that are about a real case, with the ids of the cases."""
    if place.endswith(".csv"):
        return list(about_cases((row["reason"], row["source"]) for row in table("duties")))
    text = (course_root() / place).read_text(encoding="utf-8")
    texts = paragraphs(json.loads(text)) if place.endswith(".ipynb") else strings(yaml.safe_load(text))
    return list(about_cases((one, None) for one in texts))


def paragraphs(notebook):
    """Paragraphs of a lesson; lists of sources are left out."""
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    return [one for cell in cells if not re.match(r"#+ Sources", cell) for one in cell.split("\n\n")]


def strings(value):
    """Every text of a question bank: stems, options, replies, hints."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def about_cases(texts):
    """Those of the texts that name a real case or rest on the source of one."""
    for text, source in texts:
        named = {case_id for case_id, pattern in _names().items() if re.search(pattern, text)}
        named |= {row["case_id"] for row in table("cases") if row["source"] == source}
        if named:
            yield text, named


def _names():
    patterns = {}
    for story in table("case_stories"):
        names = [*OTHER_NAMES.get(story["case_id"], []), story["case"]]
        patterns[story["case_id"]] = "|".join(TOO_COMMON.get(name, rf"\b{name}\b") for name in names)
    return patterns


def _ends(figure):
    return {end for end in (figure["low"], figure["high"]) if end is not None}


@pytest.mark.parametrize("place", PLACES)
def test_every_number_about_a_real_case_stands_in_the_table(place):
    """A text about a case quotes no number that is not among the figures listed for its file."""
    for paragraph, named in passages(place):
        listed = [FIGURES[one] for one in QUOTED.get(place, set()) if FIGURES[one]["case_id"] in named]
        allowed = set().union(*map(_ends, listed))
        unknown = [number for number in numbers(paragraph) if number not in allowed]
        assert unknown == [], f"{place}: not in QUOTED, or not as in cases.csv: {unknown} in {paragraph!r}"


@pytest.mark.parametrize("place", QUOTED)
def test_every_listed_figure_is_quoted_as_it_stands(place):
    """Both ends of each listed figure are in a text about its case."""
    for figure_id in QUOTED[place]:
        figure = FIGURES[figure_id]
        quoted = [set(numbers(text)) for text, named in passages(place) if figure["case_id"] in named]
        assert any(_ends(figure) <= found for found in quoted), (
            f"{place} does not quote {figure_id} as cases.csv has it"
        )


@pytest.mark.parametrize("place", QUOTED)
def test_contested_figures_are_told_as_such(place):
    """Where a figure is contested, the text says so beside it, or says about."""
    for figure_id in QUOTED[place]:
        figure = FIGURES[figure_id]
        if figure["certainty"] == "contested":
            beside = [
                text
                for text, named in passages(place)
                if figure["case_id"] in named and _ends(figure) <= set(numbers(text))
            ]
            assert beside and all(re.search(r"contested|about|wrote the press|not confirm", text) for text in beside)


def test_a_number_deep_in_a_question_is_found():
    """A wrong number in a reply to an option would be seen, and one in a text about no case is let be."""
    bank = {"items": [{"options": [{"reply": "At Equifax they had 72 hours."}, {"reply": "You have 36 hours."}]}]}

    found = list(about_cases((text, None) for text in strings(bank)))

    assert [(numbers(text), named) for text, named in found] == [([72], {"C1"})]


@pytest.mark.parametrize("call", ['"C1"', '"C9", "C12"'])
def test_lessons_show_the_figures_of_cases_that_they_tell(call):
    """Beside the cases that a lesson tells in numbers stands the table of all their figures."""
    shown = [
        "".join(cell["source"])
        for place in QUOTED
        if place.endswith(".ipynb")
        for cell in json.loads((course_root() / place).read_text(encoding="utf-8"))["cells"]
    ]
    assert shown.count(f"case_table({call})") == 1


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
