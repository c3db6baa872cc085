"""The forms of answers: what each kind takes, and what is said to everything else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.errors import AnswerFormError
from threechairs.marking.forms import Form, plain_value

FORMS = {
    "one": Form("q", "one", choices=["owner", "ciso"], reasons=["loses", "rank"]),
    "several": Form("q", "several", choices=["lead", "coo", "board"]),
    "order": Form("q", "order", choices=["stop", "tell", "write"]),
    "number": Form("q", "number"),
    "match": Form("q", "match", choices=["fence", "patch"], partners=["cso", "cio"]),
    "sort": Form("q", "sort", choices=["d1", "d2"], partners=["cso", "ciso"], facts=["lane-in-use"]),
    "text": Form("q", "text"),
}

TAKEN = [
    ("one", {"choice": "owner", "reason": "loses"}, {"choice": "owner", "reason": "loses"}),
    ("one", {"choice": "owner", "reason": None}, {"choice": "owner"}),
    ("one", {"choice": "owner", "confidence": 70}, {"choice": "owner", "confidence": 70}),
    ("one", {"choice": "owner", "confidence": 90.0}, {"choice": "owner", "confidence": 90}),
    ("one", {"choice": "owner", "confidence": None}, {"choice": "owner"}),
    ("several", {"choices": ["coo", "lead", "coo"]}, {"choices": ["lead", "coo"]}),
    ("several", {"choices": {"coo"}}, {"choices": ["coo"]}),
    ("several", {"choices": []}, {"choices": []}),
    ("order", {"order": ("tell", "stop", "write")}, {"order": ["tell", "stop", "write"]}),
    ("number", {"number": 12}, {"number": 12.0}),
    ("match", {"pairs": {"fence": "cso"}}, {"pairs": {"fence": "cso"}}),
    ("sort", {"placements": {"d1": "cso"}}, {"placements": {"d1": "cso"}}),
    (
        "sort",
        {"placements": {"d1": "cso"}, "depends_on": {"d2": "lane-in-use"}},
        {"placements": {"d1": "cso"}, "depends_on": {"d2": "lane-in-use"}},
    ),
    ("text", {"text": "Ruth – “yes”"}, {"text": "Ruth – “yes”"}),
    ("text", {"text": "cut in half: \ud83d"}, {"text": "cut in half: ?"}),
]

REFUSED = [
    ("one", "owner", "the answer is 'owner'. Expected a mapping such as {'choice': ...}"),
    ("one", {}, "the answer has no 'choice'. Expected 'choice' and 'reason'"),
    ("one", {"reason": "loses"}, "the answer has no 'choice'"),
    ("one", {"choice": "ownr"}, "'ownr' is not one of the possible answers. Did you mean 'owner'?"),
    ("one", {"choice": "zzz"}, "'zzz' is not one of the possible answers. Known: ciso, owner."),
    ("one", {"choice": 3}, "3 is not one of the possible answers"),
    ("one", {"choice": None}, "None is not one of the possible answers"),
    ("one", {"choice": ["owner"]}, "['owner'] is not one of the possible answers"),
    ("one", {"choice": "owner", "reason": "lose"}, "'lose' is not one of the possible answers. Did you mean 'loses'?"),
    ("one", {"choice": "owner", "marks": 5}, "the answer holds marks. Expected 'choice' and 'reason'"),
    ("one", {"choice": "owner", 3: 5}, "the answer holds 3. Expected"),
    ("one", {"choice": "owner", "confidence": 55}, "confidence is 55. Expected 50, 70 or 90"),
    ("one", {"choice": "owner", "confidence": "70"}, "confidence is '70'. Expected 50, 70 or 90"),
    ("several", {"choices": "lead"}, "the answer is 'lead'. Expected a list of options"),
    ("several", {"choices": 3}, "the answer is 3. Expected a list of options"),
    ("several", {"choices": ["lead", "bord"]}, "'bord' is not one of the possible answers. Did you mean 'board'?"),
    ("several", {"choices": [["lead"]]}, "['lead'] is not one of the possible answers"),
    ("order", {"order": "stop"}, "the answer is 'stop'. Expected a list of all steps in your order"),
    ("order", {"order": None}, "the answer is None. Expected a list of all steps in your order"),
    ("order", {"order": ["stop", "tell"]}, "2 steps are given. Expected each of these once: stop, tell, write"),
    ("order", {"order": ["stop", "stop", "tell", "write"]}, "4 steps are given. Expected each of these once"),
    ("order", {"order": ["stop", "tel", "write"]}, "'tel' is not one of the possible answers. Did you mean 'tell'?"),
    ("match", {"pairs": ["fence"]}, "the answer is ['fence']. Expected a mapping"),
    ("match", {"pairs": {"fense": "cso"}}, "'fense' is not one of the possible answers. Did you mean 'fence'?"),
    ("match", {"pairs": {"fence": "cs"}}, "'cs' is not one of the possible answers. Did you mean 'cso'?"),
    ("match", {"pairs": {"fence": None}}, "None is not one of the possible answers"),
    ("sort", {"placements": "cso"}, "the answer is 'cso'. Expected a mapping"),
    ("sort", {"placements": {"d1": "cisso"}}, "'cisso' is not one of the possible answers. Did you mean 'ciso'?"),
    ("sort", {"placements": {}, "depends_on": "d1"}, "depends_on is 'd1'. Expected a mapping of card to fact"),
    ("sort", {"placements": {}, "depends_on": {"d1": "lane-in-us"}}, "Did you mean 'lane-in-use'?"),
    ("sort", {"depends_on": {}}, "the answer has no 'placements'"),
    ("text", {"text": 3}, "the answer is 3. Expected a text"),
    ("text", {"text": "x" * 4001}, "the text has 4001 characters. Expected at most 4000"),
]

NUMBERS = [
    ("1,234.5", 1234.5),
    ("1234.5", 1234.5),
    (" 12 ", 12.0),
    ("-3", -3.0),
    ("+3", 3.0),
    ("\u22123", -3.0),
    (".5", 0.5),
    ("1,234,567", 1234567.0),
    ("12\u202f345", 12345.0),
    (0, 0.0),
    (10**15, 1e15),
]
NO_NUMBERS = ["", "twelve", "1,5", "12,34", "1,2345", "1.234,5", "12 duties", "0x10", None, [12], True, 10**400, 2j]


@pytest.mark.parametrize(("kind", "value", "stored"), TAKEN, ids=[f"{k}: {str(v)[:50]}" for k, v, _ in TAKEN])
def test_an_answer_of_the_right_form_is_taken(kind, value, stored):
    """What is stored is plain data, in one form however it was given."""
    read = FORMS[kind].read(value)

    assert read == stored
    assert FORMS[kind].read(read) == stored


@pytest.mark.parametrize(("kind", "value", "words"), REFUSED, ids=[f"{k}: {str(v)[:50]}" for k, v, _ in REFUSED])
def test_anything_else_is_refused_with_what_would_do(kind, value, words):
    """The message names the question, shows what was given and says what was expected or meant."""
    with pytest.raises(AnswerFormError) as told:
        FORMS[kind].read(value)

    assert str(told.value).startswith("answer to 'q': ")
    assert words in str(told.value)


@pytest.mark.parametrize(("typed", "number"), NUMBERS)
def test_numbers_are_read_as_people_type_them(typed, number):
    """Thousands may be grouped, the minus may be a typographic one."""
    assert FORMS["number"].read({"number": typed}) == {"number": number}


@pytest.mark.parametrize("typed", NO_NUMBERS, ids=lambda typed: str(typed)[:12])
def test_what_is_no_number_is_refused(typed):
    """Nothing is guessed: 1,5 is neither 15 nor one and a half here."""
    with pytest.raises(AnswerFormError, match="Expected one number, such as"):
        FORMS["number"].read({"number": typed})


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, "nan", "inf", "-Infinity"])
def test_a_number_is_finite(number):
    """Neither infinity nor no-number-at-all is stored, as number or as text."""
    with pytest.raises(AnswerFormError, match="Expected"):
        FORMS["number"].read({"number": number})


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_number_shown_with_thousands_is_read_back(number):
    """What the card shows can be typed in again."""
    shown = f"{number:,.3f}"

    assert FORMS["number"].read({"number": shown})["number"] == pytest.approx(number, abs=0.0006)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(sorted(FORMS)),
)
def test_whatever_arrives_is_taken_or_refused(value, kind):
    """No data from a browser or a file makes anything but a refusal."""
    form = FORMS[kind]
    part = {"one": "choice", "several": "choices", "match": "pairs", "sort": "placements"}.get(kind, kind)

    for given_value in (value, {part: value}, {part: value, "confidence": value}):
        try:
            read = form.read(given_value)
        except AnswerFormError as refused:
            assert str(refused).startswith("answer to 'q': ")
        else:
            assert part in read


@pytest.mark.parametrize(
    ("kind", "value", "complete"),
    [
        ("one", {"choice": "owner", "reason": "loses"}, True),
        ("one", {"choice": "owner"}, False),
        ("several", {"choices": ["lead"]}, True),
        ("several", {"choices": []}, False),
        ("order", {"order": ["stop", "tell", "write"]}, True),
        ("number", {"number": 0.0}, True),
        ("match", {"pairs": {"fence": "cso"}}, False),
        ("match", {"pairs": {"fence": "cso", "patch": "cio"}}, True),
        ("sort", {"placements": {"d1": "cso"}}, False),
        ("sort", {"placements": {"d1": "cso", "d2": "ciso"}}, True),
        ("text", {"text": "Ruth"}, True),
    ],
)
def test_an_answer_is_complete_when_nothing_is_missing(kind, value, complete):
    """A reason, a tick, a partner or a card that is still open is noticed."""
    assert FORMS[kind].complete(value) is complete


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("one", "owner", {"choice": "owner"}),
        ("several", ["lead"], {"choices": ["lead"]}),
        ("order", ["stop"], {"order": ["stop"]}),
        ("number", 12, {"number": 12}),
        ("match", {"fence": "cso"}, {"pairs": {"fence": "cso"}}),
        ("sort", {"d1": "cso"}, {"placements": {"d1": "cso"}}),
        ("text", "Ruth", {"text": "Ruth"}),
    ],
)
def test_what_is_typed_becomes_the_stored_mapping(kind, typed, stored):
    """A code cell gives the plain value, without knowing how it is stored."""
    assert plain_value(kind, typed) == stored
    assert plain_value(kind, typed, confidence=70) == {**stored, "confidence": 70}
