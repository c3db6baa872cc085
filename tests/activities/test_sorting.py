"""Sorting without a screen: rounds of the real duties, statements of a case, replies, and facts that move duties."""

import pytest
from samples import graded_bank, open_graded, open_practice

from threechairs.activities import Sorting, answer, remember
from threechairs.chairs import duties
from threechairs.errors import AnswerFormError, UsageError

EVERY_CARD = pytest.mark.parametrize("duty", duties(), ids=lambda duty: duty.duty_id)
MOVING = [duty for duty in duties() if duty.depends_on]


@pytest.fixture
def lesson(working_folder):
    return open_practice(working_folder)


def sorting(lesson, *rounds):
    return Sorting("sorter", lesson, rounds)


def right(cards):
    return {duty.duty_id: duty.chair for duty in cards}


def test_rounds_have_six_cards_each(lesson):
    """The cards of a round are those that the table of duties gives it."""
    dealt = sorting(lesson, 2, 5)

    assert [[card.id for card in cards] for cards in dealt.rounds] == [
        [duty.duty_id for duty in duties(round=number)] for number in (2, 5)
    ]
    assert {len(cards) for cards in dealt.rounds} == {6}


@EVERY_CARD
def test_every_card_of_every_round_can_be_sorted_right(lesson, duty):
    """The chair that holds a duty is right; each other chair is not, with the reason and a source."""
    dealt = sorting(lesson, duty.round)
    card = next(card for card in dealt.cards if card.id == duty.duty_id)
    for chair in ("cso", "ciso", "cio", "shared"):
        dealt.record({"placements": {duty.duty_id: chair}})

        reply = dealt.feedback([card])[duty.duty_id]

        assert reply["ok"] is (chair == duty.chair)
        assert duty.reason in reply["text"]
        assert reply["source"]


@pytest.mark.parametrize("duty", MOVING, ids=lambda duty: duty.duty_id)
def test_a_fact_that_moves_a_duty_is_told_and_counts(lesson, duty):
    """Named, it completes the answer; not named, it is told; under it the other chair is right too."""
    dealt = sorting(lesson, duty.round)
    card = [card for card in dealt.cards if card.id == duty.duty_id]

    def reply(chair, fact=None):
        value = {"placements": {duty.duty_id: chair}} | ({"depends_on": {duty.duty_id: fact}} if fact else {})
        dealt.record(value)
        return dealt.feedback(card)[duty.duty_id]

    other_fact = next(fact for fact in dealt.facts if fact != duty.depends_on)
    assert reply(duty.chair) == {**reply(duty.chair), "ok": True}
    assert f"It depends on one fact: {dealt.facts[duty.depends_on]}" in reply(duty.chair)["text"]
    assert reply(duty.chair, duty.depends_on)["text"] == duty.reason
    assert "It depends on one fact" in reply(duty.chair, other_fact)["text"]
    assert reply(duty.flips_to)["ok"] is False
    assert reply(duty.flips_to, other_fact)["ok"] is False
    assert reply(duty.flips_to, duty.depends_on)["ok"] is True
    for neither in {"cso", "ciso", "cio", "shared"} - {duty.chair, duty.flips_to}:
        assert reply(neither, duty.depends_on)["ok"] is False
    assert "You named the fact that moves it." in reply(duty.flips_to, duty.depends_on)["text"]


def test_a_fact_that_moves_nothing_is_told(lesson):
    """Who names a fact for a duty that does not move still stands right, and reads that it does not."""
    duty = next(duty for duty in duties() if not duty.depends_on)
    dealt = sorting(lesson, duty.round)
    dealt.record({"placements": {duty.duty_id: duty.chair}, "depends_on": {duty.duty_id: next(iter(dealt.facts))}})

    reply = dealt.feedback(dealt.cards)[duty.duty_id]

    assert reply["ok"] is True
    assert reply["text"].endswith("It does not move with the fact that you named.")


def test_a_sorter_goes_on_where_it_stopped(lesson):
    """The first round with a card that is not placed comes next; after the last one, the last stays."""
    dealt = sorting(lesson, 1, 2)
    stops = [dealt.current_round()]
    for placed in (duties(round=1)[:5], duties(round=1), [*duties(round=1), *duties(round=2)]):
        dealt.record({"placements": right(placed)})
        stops.append(sorting(lesson, 1, 2).current_round())

    assert stops == [0, 0, 1, 1]


def test_it_is_solved_when_every_card_of_every_round_stands_right(lesson):
    """A round that is right is not yet the whole; checks are counted."""
    dealt = sorting(lesson, 1, 2)
    dealt.record({"placements": right(duties(round=1))})
    dealt.check(dealt.rounds[0])
    half = lesson.store.get("sorter")
    dealt.record({"placements": right([*duties(round=1), *duties(round=2)])})
    dealt.check(dealt.rounds[1])
    whole = lesson.store.get("sorter")

    assert (half.solved, half.checks) == (False, 1)
    assert (whole.solved, whole.checks) == (True, 2)


def test_cards_are_sorted_in_code(lesson):
    """The twin stores the same, replies per card with its source, and says how many are placed."""
    remember(sorting(lesson, 1))
    first, second, *_ = duties(round=1)
    wrong = next(chair for chair in ("cso", "ciso") if chair != second.chair)

    shown = repr(answer("sorter", {first.duty_id: first.chair, second.duty_id: wrong}))

    assert "Recorded: 2 of 6 cards placed." in shown
    assert f"Right: {first.duty}. {first.reason}" in shown
    assert f"Not yet: {second.duty}. {second.reason}" in shown
    assert shown.count("(Source: ") == 2


def test_a_sorter_whose_cell_has_not_been_run_is_told(lesson):
    """`answer` cannot know the rounds before the sorter's cell has run, and says which cell to run."""
    lesson.plan.steps.append("later-sorter")

    with pytest.raises(UsageError, match="its cell has not been run yet"):
        answer("later-sorter", {})


def test_unknown_chairs_cards_and_facts_are_refused(lesson):
    """A typo is told with what is meant, and nothing is stored."""
    remember(sorting(lesson, 1))
    card = duties(round=1)[0].duty_id

    for value, parts in (
        ({card: "cisso"}, {}),
        ({f"{card}x": "cso"}, {}),
        ({card: "cso"}, {"depends_on": {card: "x"}}),
    ):
        with pytest.raises(AnswerFormError, match="is not one of the possible answers"):
            answer("sorter", value, **parts)
    assert not lesson.store.path.exists()


def test_a_card_that_is_no_longer_dealt_is_left_out(lesson):
    """When the author takes a round away, the answers to the others stay."""
    sorting(lesson, 1, 2).record({"placements": right([*duties(round=1), *duties(round=2)])})

    assert sorting(lesson, 1).recorded.value["placements"] == right(duties(round=1))
    assert sorting(lesson, 1).told() == "6 of 6 cards placed"


@pytest.mark.parametrize(
    ("rounds", "seen"), [((), "no rounds are given"), ((11,), "there is no round 11. Expected 1 to 10"), ((0, 1), "0")]
)
def test_rounds_must_exist(lesson, rounds, seen):
    """A sorter without rounds, or with one that the table does not have, says what would do."""
    with pytest.raises(UsageError, match=seen):
        Sorting("sorter", lesson, rounds)


def test_a_sorter_describes_itself(lesson):
    """Text mode shows the rounds, cards, facts and a line of code, and after an answer how far it is."""
    dealt = sorting(lesson, 1, 2)
    before = dealt.describe()
    dealt.record({"placements": right(duties(round=1))})

    assert "Round 2 of 2:" in before
    assert all(f"  {card.id}: {card.text}" in before for card in dealt.cards)
    assert all(f"  {fact}: {text}" in before for fact, text in dealt.facts.items())
    assert 'Answer in code: answer("sorter", {"' in before and "Recorded" not in before
    assert not any(duty.reason in before for duty in duties())
    assert "Recorded: 6 of 12 cards placed." in dealt.describe()


def test_an_assignment_deals_the_cards_of_the_case(working_folder):
    """Each learner has their own draw, always the same, and no reply before submission."""
    hands = {}
    for name in ("alice", "bob", "carol", "dora", "emil", "fay"):
        opened = open_graded(working_folder / name, case_id=name)
        hands[name] = tuple(card.id for card in Sorting("sort", opened).cards)
        assert hands[name] == tuple(
            card.id for card in Sorting("sort", open_graded(working_folder, case_id=name)).cards
        )

    assert {len(set(hand)) for hand in hands.values()} == {3}
    assert len({frozenset(hand) for hand in hands.values()}) > 1


def test_an_assignment_replies_after_submission(working_folder):
    """Sorting graded statements records them and tells nothing."""
    opened = open_graded(working_folder)
    card = Sorting("sort", opened).cards[0].id

    shown = repr(answer("sort", {card: "cso"}))

    assert shown == "Recorded: 1 of 3 cards placed.\nMarked after submission."
    assert Sorting("sort", opened).feedback(Sorting("sort", opened).cards) == {}
    with pytest.raises(UsageError, match="not one to sort"):
        Sorting("one", opened)
    with pytest.raises(UsageError, match="no such question"):
        Sorting("elsewhere", open_graded(working_folder, graded_bank()))
