"""The checks that test cells call: right, wrong, untouched and odd answers, each with its marks and words."""

import json
import sys
import warnings

import pytest
from samples import RIGHT, open_graded

from threechairs.errors import GradingError, UsageError
from threechairs.marking import (
    mark_choice,
    mark_match,
    mark_number,
    mark_order,
    mark_several,
    mark_sort,
    recorded,
)
from threechairs.marking.score import Status

CHOICE = {
    "options": {"owner": "best", "ceo": "defensible", "ciso": "weak", "skip": "breach"},
    "reasons": {"loses": "best", "peak": "defensible", "rank": "weak"},
    "coaching": {"ciso": "He sets the bar.", "rank": "Rank is no limit.", "skip": "The law stands."},
    "beliefs": {"ciso": "setting-is-accepting", "rank": "higher-is-safer", "owner": "not-shown", "skip": "silence"},
    "best_case": "The best case for the CISO.",
}
SEVERAL = {
    "keyed": ["lead", "coo"],
    "coaching": {"board": "Nothing to decide.", "coo": "His lane."},
    "beliefs": {"board": "more-is-safer"},
}
ORDER = {
    "pairs": [
        ("stop", "tell", "Somebody could be hurt."),
        ("tell", "write", "They need it now.", "certainty-before-action"),
    ]
}
NUMBER = {
    "right": 12,
    "tolerance": 0.5,
    "wrong": [(30, "count-is-harm", "You counted all."), (5, "shared-is-nobodys", "You counted doubles.")],
}
MATCH = {"key": {"fence": "cso", "patch": "cio"}, "coaching": {"fence": "A place.", "patch": "Doing is hers."}}
SORT = {
    "key": {"a": "cso", "b": "ciso", "c": "cio", "d": "shared", "e": "cso"},
    "coaching": {name: f"Why {name}." for name in "abcde"},
    "beliefs": {name: {"ciso": "ciso-runs-all-security"} for name in "abcde"},
}
CALLS = {
    "one": (mark_choice, CHOICE),
    "several": (mark_several, SEVERAL),
    "order": (mark_order, ORDER),
    "number": (mark_number, NUMBER),
    "match": (mark_match, MATCH),
    "sort": (mark_sort, SORT),
}
EVERY_KIND = pytest.mark.parametrize("kind", CALLS)


@pytest.fixture
def notebook(working_folder):
    return open_graded(working_folder)


@pytest.fixture
def mark(notebook):
    """Record an answer as it stands in the file, then mark it with 5 points."""

    def record_and_mark(kind, value, **changes):
        notebook.store.record(kind, kind, value)
        check, key = CALLS[kind]
        return check(kind, 5, **{**key, **changes})

    return record_and_mark


def right_answer(kind, notebook):
    if kind == "sort":
        return {"placements": {card.id: SORT["key"][card.id] for card in notebook.cards("sort")}}
    return RIGHT[kind]


def told(score):
    return " | ".join(f"{c.name} {c.comment}" for c in score.criteria)


def beliefs(score):
    return [c.belief for c in score.criteria if c.belief]


@EVERY_KIND
def test_the_right_answer_gets_all_points(mark, notebook, kind):
    """Full marks as one plain number, and no misconception is named."""
    score = mark(kind, right_answer(kind, notebook))

    assert repr(score) == "5"
    assert beliefs(score) == []


@EVERY_KIND
def test_untouched_work_gets_nothing_and_says_so(notebook, kind):
    """Without an answer: 0, *not attempted*, in the visible part and in the hidden one, and no file is made."""
    check, key = CALLS[kind]

    score, visible = check(kind, 5, **key), recorded(kind)

    assert (repr(score), score.max_points, score.criteria[0].name) == ("0", 5, "not attempted")
    assert repr(visible) == "0" and "not attempted" in visible._repr_html_()
    assert not notebook.store.path.exists()


@EVERY_KIND
def test_an_answer_is_recorded_and_marked_later(mark, notebook, kind):
    """The visible part says that an answer of the right form is there, not whether it is right."""
    mark(kind, right_answer(kind, notebook))

    visible = recorded(kind)

    assert isinstance(visible, Status)
    assert repr(visible) == "recorded; marked after submission"


ODD = [
    ("one", {}),
    ("one", {"choice": "elsewhere", "reason": "loses"}),
    ("one", {"choice": ["owner"]}),
    ("one", {"choice": None}),
    ("one", {"reason": "loses"}),
    ("one", {"choice": "owner", "reason": "owner"}),
    ("one", {"choice": "owner", "marks": 5}),
    ("several", {"choices": "lead"}),
    ("several", {"choices": {"lead": 1, "ceo": 2}}),
    ("several", {"choices": 7}),
    ("several", {"choices": [["lead"]]}),
    ("order", {"order": ["stop", "tell"]}),
    ("order", {"order": ["stop", "stop", "tell", "write"]}),
    ("order", {"order": None}),
    ("number", {}),
    ("number", {"number": "twelve"}),
    ("number", {"number": None}),
    ("number", {"number": [12]}),
    ("number", {"number": True}),
    ("number", {"number": 10**400}),
    ("number", {"number": float("nan")}),
    ("number", {"number": float("inf")}),
    ("match", {"pairs": ["fence", "cso"]}),
    ("match", {"pairs": {"fence": "elsewhere"}}),
    ("match", {"pairs": {"fence": ["cso"]}}),
    ("sort", {"placements": "cso"}),
    ("sort", {"placements": {"elsewhere": "cso"}}),
    ("sort", {"placements": {}, "depends_on": {"a": "fact"}}),
]


@pytest.mark.parametrize(("kind", "value"), ODD, ids=[f"{kind}: {str(value)[:40]}" for kind, value in ODD])
def test_a_stored_value_of_another_form_is_not_attempted(mark, capfd, kind, value):
    """A file that was edited by hand neither breaks the cell nor earns marks."""
    score = mark(kind, value)

    assert repr(score) == "0"
    assert score.criteria[0].name == "not attempted"
    assert repr(recorded(kind)) == "0"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("confidence", [None, 50, 90, 55, "sure", [], 10**400])
def test_confidence_never_changes_marks(mark, confidence):
    """How sure a learner is, in whatever form it was stored, leaves the mark as it is."""
    assert repr(mark("one", {**RIGHT["one"], "confidence": confidence})) == "5"


@pytest.mark.parametrize(
    ("choice", "reason", "points"),
    [
        ("owner", "loses", "5"),
        ("owner", "peak", "4.4"),
        ("owner", "rank", "2.9"),
        ("ceo", "loses", "4.6"),
        ("ceo", "peak", "4"),
        ("ciso", "loses", "3.6"),
        ("ciso", "rank", "1.5"),
        ("skip", "loses", "0"),
    ],
)
def test_choice_counts_40_and_reason_60_percent(mark, choice, reason, points):
    """Best 1, defensible 0.8, weak 0.3, breach 0, for the choice and for the reason."""
    assert repr(mark("one", {"choice": choice, "reason": reason})) == points


def test_no_reason_makes_up_for_a_breach(mark):
    """Who gives up a floor gets nothing for the best reason either, and is told why."""
    score = mark("one", {"choice": "skip", "reason": "loses"})

    assert repr(score) == "0"
    assert "The law stands." in told(score)
    assert "no reason makes up for that" in told(score)
    assert beliefs(score) == ["silence"]


def test_a_missing_reason_leaves_the_choice(mark):
    """Without a reason the choice has its 40 percent."""
    score = mark("one", {"choice": "owner"})

    assert repr(score) == "2"
    assert "No reason was given." in told(score)


def test_a_choice_without_reasons_counts_all(mark):
    """Where no reason is asked for, the choice has all the points."""
    assert repr(mark("one", {"choice": "ceo"}, reasons=None)) == "4"


def test_a_wrong_choice_names_texts_beliefs_and_the_best_case(mark):
    """The learner reads their own words again, why, and first the best case for what is tempting."""
    score = mark("one", {"choice": "ciso", "reason": "rank"})

    assert "your choice: The CISO. He sets the bar." in told(score)
    assert "your reason: Rank. Rank is no limit." in told(score)
    assert beliefs(score) == ["setting-is-accepting", "higher-is-safer"]
    assert score.opening == "The best case for the CISO."


def test_the_best_choice_needs_no_best_case(mark):
    """Who chose best is not told the case for the other side first."""
    assert mark("one", RIGHT["one"]).opening == ""


def test_an_option_without_a_key_is_weak(mark):
    """An option that the author left out of the key is weak, never best."""
    assert repr(mark("one", {"choice": "ceo", "reason": "loses"}, options={"owner": "best"})) == "3.6"


def test_an_unknown_worth_is_an_error_of_the_test(mark):
    """A typo in the key is told to the author, with what is known."""
    with pytest.raises(GradingError, match=r"'owner' is keyed 'bets'\. Expected one of best, defensible, weak, breach"):
        mark("one", RIGHT["one"], options={"owner": "bets"})


@pytest.mark.parametrize(
    ("choices", "points"),
    [
        (["lead", "coo"], "5"),
        (["lead"], "2.5"),
        (["lead", "coo", "board"], "2.5"),
        (["board"], "0"),
        ([], "0"),
    ],
)
def test_several_is_right_minus_wrong(mark, choices, points):
    """Ticking everything does not pay, and nobody falls below nothing."""
    assert repr(mark("several", {"choices": choices})) == points


def test_several_tells_what_was_too_much_and_what_is_missing(mark):
    """Each wrong and each missing option has its line, and wrong ones their misconception."""
    score = mark("several", {"choices": ["lead", "board"]})

    assert "1 of 2 found, 1 too many." in told(score)
    assert "chosen: The board Nothing to decide." in told(score)
    assert "missing: The COO His lane." in told(score)
    assert beliefs(score) == ["more-is-safer"]


def test_order_counts_pairs_with_a_reason(mark):
    """Half of the pairs is half of the points; the broken pair is explained, the free step does not count."""
    free = mark("order", {"order": ["rest", "stop", "tell", "write"]})
    half = mark("order", {"order": ["stop", "write", "tell", "rest"]})
    none = mark("order", {"order": ["write", "tell", "stop", "rest"]})

    assert [repr(score) for score in (free, half, none)] == ["5", "2.5", "0"]
    assert "“Tell the lead” before “Write it up” They need it now." in told(half)
    assert "Somebody could be hurt." not in told(half)


def test_order_names_the_belief_of_a_broken_pair(mark):
    """A pair that is out of order points at its misconception, where it has one; kept pairs point at none."""
    broken = mark("order", {"order": ["stop", "write", "tell", "rest"]})
    without = mark("order", {"order": ["tell", "stop", "write", "rest"]})

    assert [criterion.belief for criterion in broken.criteria] == ["", "certainty-before-action"]
    assert beliefs(without) == []


@pytest.mark.parametrize(
    ("number", "points", "belief", "words"),
    [
        (12, "5", [], "12 is right."),
        (12.5, "5", [], "12.5 is right."),
        (12.51, "0", [], "12.51 is not the number."),
        (30, "0", ["count-is-harm"], "You counted all."),
        (5.5, "0", ["shared-is-nobodys"], "You counted doubles."),
    ],
)
def test_a_number_is_right_or_points_at_a_belief(mark, number, points, belief, words):
    """Within the tolerance all the points; a known wrong number gets its own words."""
    score = mark("number", {"number": number})

    assert (repr(score), beliefs(score)) == (points, belief)
    assert words in told(score)


def test_any_other_number_gets_the_comment(mark):
    """The author's words for an unknown number stand in its feedback."""
    assert "Filter first." in told(mark("number", {"number": 99}, comment="Filter first."))


def test_match_counts_each_entry(mark):
    """One of two is half, an entry without a partner counts as wrong, and wrong ones are explained."""
    half = mark("match", {"pairs": {"fence": "cso", "patch": "ciso"}})
    alone = mark("match", {"pairs": {"patch": "cio"}})

    assert [repr(half), repr(alone)] == ["2.5", "2.5"]
    assert "A patch Doing is hers." in told(half) and "A place." not in told(half)
    assert "A fence A place." in told(alone)


def test_match_names_the_misconception_of_a_wrong_partner(mark):
    """A wrong partner points at its misconception; a right one, or one that nobody believes in, at none."""
    named = {"fence": {"cio": "badges-are-it", "cso": "not-shown"}, "patch": {"cso": "not-shown"}}

    assert beliefs(mark("match", {"pairs": {"fence": "cio", "patch": "cio"}}, beliefs=named)) == ["badges-are-it"]
    assert beliefs(mark("match", {"pairs": {"fence": "cso", "patch": "ciso"}}, beliefs=named)) == []
    assert beliefs(mark("match", {"pairs": {}}, beliefs=named)) == []


def test_sort_counts_the_cards_of_this_case(mark, notebook):
    """Each drawn card counts alike; a wrong one names where it stood, why it does not, and the belief."""
    wrong, *others = [card.id for card in notebook.cards("sort") if SORT["key"][card.id] != "ciso"]
    placements = right_answer("sort", notebook)["placements"]

    score = mark("sort", {"placements": {**placements, wrong: "ciso"}})

    assert len(score.criteria) == 3
    assert repr(score) == f"{5 * 2 / 3:.6g}"
    assert f"Statement {wrong} [you: CISO] Why {wrong}." in told(score)
    assert beliefs(score) == ["ciso-runs-all-security"]
    assert all(f"Why {other}." not in told(score) for other in others)


def test_a_card_that_was_not_placed_is_told(mark, notebook):
    """Leaving a card out costs that card alone."""
    placements = right_answer("sort", notebook)["placements"]
    left_out, _ = placements.popitem()

    score = mark("sort", {"placements": placements})

    assert repr(score) == f"{5 * 2 / 3:.6g}"
    assert f"Statement {left_out} [you: not placed] Not placed. Why {left_out}." in told(score)


def test_prints_and_warnings_do_not_matter(mark, capfd):
    """What a check prints to stderr or warns about does not reach nbgrader, which would give 0 for it."""

    class Noisy(dict):
        def get(self, *arguments):
            warnings.warn("odd", UserWarning, stacklevel=1)
            print("noise", file=sys.stderr)
            return super().get(*arguments)

    score = mark("one", RIGHT["one"], coaching=Noisy(CHOICE["coaching"]))

    assert repr(score) == "5"
    assert capfd.readouterr().err == ""


def test_a_damaged_file_is_an_error_and_never_zero(notebook):
    """Marking stops with the reason; a cell that fails is not graded here, unlike a 0."""
    notebook.store.path.write_text("{")

    for touch in (lambda: mark_choice("one", 5, **CHOICE), lambda: recorded("one")):
        with pytest.raises(GradingError, match=r"cannot be marked: answers\.json:1:2: the file is damaged"):
            touch()


def test_answers_of_somebody_else_are_an_error(notebook):
    """A file of another case cannot be marked on this one."""
    notebook.store.record("one", "one", RIGHT["one"])
    content = json.loads(notebook.store.path.read_text())
    notebook.store.path.write_text(json.dumps({**content, "case_id": "bob"}))

    with pytest.raises(GradingError, match="belong to the case of 'bob'"):
        mark_choice("one", 5, **CHOICE)


def test_a_check_of_an_unknown_question_is_told(notebook):
    """A typo in a test cell is found when it runs over an answer."""
    notebook.store.record("oen", "one", RIGHT["one"])

    with pytest.raises(UsageError, match="Did you mean 'one'"):
        mark_choice("oen", 5, **CHOICE)


def test_a_test_cell_before_the_case_is_told():
    """Where no case has been opened, the message says which cell to run."""
    with pytest.raises(UsageError, match="Run the first code cell"):
        recorded("one")
