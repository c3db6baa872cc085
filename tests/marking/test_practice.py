"""Replies to practice answers: to the belief behind the answer, at once, never with marks."""

import json

import pytest
from samples import PRACTICE, RIGHT, WRONG, graded_bank, practice_bank

from threechairs.errors import ContentError
from threechairs.marking.practice import practise


@pytest.fixture(scope="module")
def bank():
    return practice_bank()


@pytest.mark.parametrize("kind", WRONG)
def test_right_and_wrong_are_told_apart(bank, kind):
    """Every kind has its verdict for the right and for a wrong answer."""
    item = bank.item(kind)

    assert practise(item, RIGHT[kind]).verdict == "right"
    assert practise(item, WRONG[kind]).verdict == "wrong"


@pytest.mark.parametrize(
    ("kind", "value", "summary"),
    [
        ("several", {"choices": ["lead"]}, "1 of 2 found; look again for the rest."),
        ("several", {"choices": ["lead", "board"]}, "1 of 2 found, 1 too many."),
        ("order", {"order": ["stop", "write", "tell", "rest"]}, "1 of 2 pairs that have a reason are in order."),
        ("match", {"pairs": {"fence": "cso", "patch": "ciso"}}, "1 of 2 matched."),
        ("match", {"pairs": {"fence": "cso"}}, "1 of 2 matched."),
    ],
)
def test_partly_right_says_how_far(bank, kind, value, summary):
    """A learner who is on the way reads how much is there."""
    said = practise(bank.item(kind), value)

    assert (said.verdict, said.summary) == ("partly", summary)


@pytest.mark.parametrize(
    ("choice", "reason", "verdict", "marks"),
    [
        ("owner", None, "right", ("right", None)),
        ("owner", "loses", "right", ("right", "right")),
        ("owner", "peak", "partly", ("right", "partly")),
        ("owner", "rank", "partly", ("right", "wrong")),
        ("ceo", "rank", "partly", ("partly", "wrong")),
        ("ciso", "loses", "partly", ("wrong", "right")),
        ("ciso", "peak", "wrong", ("wrong", "partly")),
        ("skip", "rank", "wrong", ("wrong", "wrong")),
        ("skip", "loses", "wrong", ("wrong", "right")),
    ],
)
def test_choice_and_reason_are_told_apart(bank, choice, reason, verdict, marks):
    """A good choice for a weak reason is partly right, and so is a weak choice for the best reason."""
    said = practise(bank.item("one"), {"choice": choice, **({"reason": reason} if reason else {})})

    assert said.verdict == verdict
    assert (said.options[choice].mark, said.reason.mark if said.reason else None) == marks


def test_a_wrong_choice_is_answered_to_its_belief(bank):
    """The best case comes first, then the verdict, then a reply to the option and one to the reason."""
    lines = practise(bank.item("one"), WRONG["one"]).as_text().splitlines()

    assert lines == ["The best case for the CISO: he knows the bar.", "Not yet.", "He sets.", "Rank is no limit."]


def test_the_best_choice_is_not_told_the_other_case(bank):
    """Only who did not choose best reads the best case for what is tempting."""
    assert practise(bank.item("one"), RIGHT["one"]).as_text() == "Right.\nHers is the loss."


def test_the_reason_is_what_matters(bank):
    """The right choice for another reason is told where to look."""
    said = practise(bank.item("one"), {"choice": "owner", "reason": "rank"})

    assert said.summary == "The reason is what matters here."


def test_only_what_was_chosen_is_answered(bank):
    """No reply gives away an option that the learner has not chosen."""
    said = practise(bank.item("several"), {"choices": ["board"]})

    assert list(said.options) == ["board"]
    assert said.options["board"].reply == "Nothing to decide."


def test_each_broken_pair_has_its_why(bank):
    """Only the pairs that are out of order are explained."""
    said = practise(bank.item("order"), {"order": ["tell", "stop", "write", "rest"]})

    assert {step: reply.reply for step, reply in said.options.items()} == {"tell": "Somebody could be hurt."}


def test_steps_without_a_reason_may_stand_anywhere(bank):
    """A step in no pair never makes an order wrong."""
    assert practise(bank.item("order"), {"order": ["rest", "stop", "tell", "write"]}).verdict == "right"


@pytest.mark.parametrize(
    ("number", "summary"),
    [
        (11.5, "11.5 it is."),
        (30.2, "You counted all of them."),
        (7, "7 is not the number. The hints show where to begin."),
    ],
)
def test_numbers_are_answered_to_the_known_mistake(bank, number, summary):
    """Near the answer is right, near a known wrong number has its reply, any other is sent to the hints."""
    assert practise(bank.item("number"), {"number": number}).summary == summary


def test_wrong_partners_have_their_replies(bank):
    """A wrong pair is explained, a right one is not."""
    said = practise(bank.item("match"), {"pairs": {"fence": "cso", "patch": "ciso"}})

    assert {left: (reply.mark, reply.reply) for left, reply in said.options.items()} == {
        "fence": ("right", ""),
        "patch": ("wrong", "Doing is hers."),
    }


def test_a_line_of_text_is_only_kept(bank):
    """What a learner writes for themselves is never judged."""
    assert practise(bank.item("text"), RIGHT["text"]).verdict == "noted"


@pytest.mark.parametrize("kind", ["one", "several", "order", "number", "match"])
def test_an_opinion_is_noted_whatever_it_is(kind):
    """An opinion of any kind has no right answer."""
    keys = ("answer", "wrong", "because", "pairs", "best_case", "reply_right")
    opinion = {name: part for name, part in PRACTICE[kind].items() if name not in keys} | {"opinion": True}
    for part in ("options", "reasons"):
        if part in opinion:
            opinion[part] = [{"id": option["id"], "text": option["text"]} for option in opinion[part]]
    item = practice_bank(**{kind: opinion}).item(kind)

    said = practise(item, WRONG[kind])

    assert (said.verdict, said.as_text()) == ("noted", "Noted. Your answer is kept; nobody marks it.")


def test_an_opinion_may_have_a_reply():
    """What the author says to a choice of opinion is told without a verdict on it."""
    options = [{"id": "a", "text": "A", "reply": "You looked at the door."}, {"id": "b", "text": "B"}]
    item = practice_bank(one={"kind": "one", "stem": "?", "opinion": True, "options": options}).item("one")

    assert practise(item, {"choice": "a"}).as_text() == "Noted. You looked at the door."


@pytest.mark.parametrize("kind", RIGHT)
def test_feedback_is_plain_data(bank, kind):
    """A widget can send every reply to the browser."""
    said = practise(bank.item(kind), RIGHT[kind])

    assert json.loads(json.dumps(said.as_data()))["verdict"] == said.verdict


def test_sorting_is_not_practised_here():
    """A sorting question belongs to assignments, and says so."""
    with pytest.raises(ContentError, match="practice cannot reply to questions of kind 'sort'"):
        practise(graded_bank().item("sort"), {"placements": {}})
