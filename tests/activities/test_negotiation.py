"""Deals without a screen: asking why, trying, recording, the frontier late, and refusals in plain words."""

import pytest
from deal_samples import BEST, HANDSHAKE, MIDDLE, REFUSED, TABLE, assignment, lesson
from samples import open_graded, open_practice

from threechairs.activities import Negotiation, Quiz, activity, answer, hint, remember
from threechairs.company.deals import DealTable, deal_table
from threechairs.errors import AnswerFormError, ContentError, UsageError


@pytest.fixture
def practice(working_folder):
    return lesson(working_folder)


@pytest.fixture
def graded(working_folder):
    return assignment(working_folder)


def test_a_lesson_names_its_table_where_it_shows_it(working_folder):
    """No question of the bank is needed: id and table are enough, as for a sorter."""
    talk = Negotiation("first-deal", open_practice(working_folder), "gate-4")

    assert (talk.heading, talk.stem, talk.mode) == (TABLE.title, "", "practice")
    assert talk.deals == TABLE


def test_a_question_brings_its_own_table(practice, working_folder):
    """A deal question needs no table in the call, in lessons and assignments alike."""
    assert Negotiation("gate", practice).deals == TABLE
    assert Negotiation("gate", practice).stem == "Settle Gate 4."
    own = Negotiation("own", assignment(working_folder / "l11")).deals
    assert own != TABLE and own.issues == TABLE.issues


def test_own_points_are_those_of_the_case(graded, working_folder):
    """The table of a case has the learner's points; another learner has others."""
    own = Negotiation("own", graded)

    assert own.deals.as_rows() == [dict(row) for row in graded.case.table_rows("negotiation")]
    assert own.deals != Negotiation("own", assignment(working_folder / "bob", "bob")).deals


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda book: Negotiation("first-deal", book), "no table is named"),
        (lambda book: Negotiation("gate", book, "go-live"), "the table is 'go-live'. Its question names 'gate-4'"),
        (lambda book: Negotiation("first-deal", book, "gate-5"), "Did you mean 'gate-4'?"),
    ],
)
def test_a_call_that_cannot_be_is_told(practice, call, words):
    """A missing, another or an unknown table is named."""
    with pytest.raises((UsageError, ContentError)) as told:
        call(practice)

    assert words in str(told.value)


def test_an_assignment_needs_a_question_of_the_kind(working_folder):
    """A deal that no test cell could mark is refused, and so is a question of another kind."""
    opened = open_graded(working_folder)
    for name in ("one", "first-deal"):
        with pytest.raises(UsageError):
            Negotiation(name, opened, "gate-4")


def test_a_table_of_three_is_refused(practice, monkeypatch):
    """Two sides are what the card can show."""
    content = TABLE.model_dump()
    content["parties"]["third"] = content["parties"]["it-ops"]
    monkeypatch.setattr("threechairs.company.deals.deal_table", lambda _name: DealTable.model_validate(content))
    with pytest.raises(UsageError, match="3 parties"):
        Negotiation("first-deal", practice, "gate-4")


def test_ask_sends_to_the_table(practice):
    """A deal question asked as a card says which card to use."""
    with pytest.raises(UsageError, match='Use NegotiationTable\\("gate"\\)'):
        Quiz("gate", practice)


def test_asking_why_tells_the_interest_once(practice):
    """A side tells interest and alternative however often it is asked; a stranger is refused."""
    talk = Negotiation("gate", practice)
    told = [talk.ask("facilities"), talk.ask("facilities")]

    assert told[0] == told[1]
    assert TABLE.parties["facilities"].interest in told[0] and TABLE.parties["facilities"].alternative in told[0]
    assert talk.asked == ["facilities"]
    with pytest.raises(UsageError, match="'ciso' is not at the table"):
        talk.ask("ciso")


def test_trying_says_who_would_sign(practice):
    """Before asking the reactions alone; after it the numbers; and who that is absent would pay."""
    talk = Negotiation("gate", practice)
    before = talk.offer(REFUSED)
    talk.ask("facilities")
    after = talk.offer(HANDSHAKE)

    assert before == "Marta, Facilities would sign; Jonas, IT operations would not sign."
    assert after.startswith("Marta, Facilities would sign (70 points, 50 without a deal)")
    assert after.endswith("1 of 1 bounds broken.")
    assert not practice.store.path.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'fault-desk' is not settled. Expected one option for every issue"),
        (BEST | {"fault-desk": "it-dsk"}, "Did you mean 'it-desk'?"),
        (BEST | {"fault-dsk": "it-desk"}, "Did you mean 'fault-desk'?"),
        ([], "Expected a mapping of issue to option"),
        (BEST | {"fault-desk": None}, "None is not one of the possible answers"),
    ],
)
def test_a_deal_of_another_form_is_refused(practice, options, words):
    """What is missing or misspelt is named, and nothing is recorded or counted."""
    talk = Negotiation("gate", practice)
    for refused in (lambda: talk.offer(options), lambda: talk.record({"options": options})):
        with pytest.raises(AnswerFormError) as told:
            refused()
        assert words in str(told.value)
    assert talk.tried == [] and not practice.store.path.exists()


def test_the_frontier_comes_after_three_different_deals(practice):
    """The same deal twice counts once, and a recorded one counts."""
    talk = Negotiation("gate", practice)
    talk.offer(MIDDLE)
    talk.offer(MIDDLE)
    talk.record({"options": BEST})
    assert talk.tries_left == 1
    with pytest.raises(UsageError, match="2 deals were tried"):
        talk.frontier()
    assert "1 more different deals" in talk.hint()

    talk.offer(REFUSED)

    shown = talk.frontier()
    assert [68, 67] in shown["points"] and [70, 70] not in shown["points"]
    assert "68 to Marta, Facilities and 67 to Jonas, IT operations" in shown["text"]
    assert "not the only one" in shown["text"]
    assert talk.hint() == shown["text"]


def test_graded_work_never_shows_the_frontier(graded):
    """Neither the call, nor a hint, nor the reply tells it, however many deals were tried."""
    talk = Negotiation("gate", graded)
    for tried in (MIDDLE, BEST, REFUSED, HANDSHAKE):
        talk.offer(tried)
        talk.record({"options": tried})
    remember(talk)

    with pytest.raises(UsageError, match="not shown in graded work"):
        talk.frontier()
    assert "Nash" not in talk.hint()
    assert repr(hint("gate")) == "Graded questions have no hints."
    assert (talk.looks(), talk.reply()) == ([], "Marked after submission.")


def test_the_twin_records_and_replies(practice):
    """A code cell says the deal, and the reply tells each of the three tests with its numbers."""
    shown = repr(answer("gate", MIDDLE))

    assert "Recorded: Who takes the fault reports: A joint desk, one log; " in shown
    assert "Right: acceptable to every party. Marta, Facilities: 59 points, 9 more than the 50" in shown
    assert "Right: within the bounds. Every bound is kept." in shown
    assert "Partly right: nothing left on the table. " in shown and "points more than yours." in shown
    assert (practice.store.get("gate").checks, practice.store.get("gate").solved) == (1, False)
    assert "Right: nothing left on the table." in repr(answer("gate", BEST))
    assert practice.store.get("gate").solved


def test_a_broken_bound_is_told_in_the_words_of_who_pays(practice):
    """The reply to a handshake over somebody's head gives that person's reason."""
    shown = repr(answer("gate", HANDSHAKE))

    assert "Not yet: within the bounds. Tomasz is not at the table." in shown
    assert "Not yet: nothing left on the table." in shown


def test_the_twin_finds_a_deal_question_without_its_card(graded):
    """`answer` works before the card's cell was run, and uses the learner's own points."""
    assert isinstance(activity("own"), Negotiation)
    assert "Marked after submission." in repr(answer("own", BEST))
    assert graded.store.get("own").value == {"options": BEST}


def test_the_description_holds_everything_a_reader_needs(practice):
    """Positions, interests, points, bounds, options and how to answer stand in the text."""
    text = Negotiation("gate", practice).describe()

    for party in TABLE.parties.values():
        assert all(part in text for part in (party.position, party.interest, party.alternative))
    assert "  joint-desk: A joint desk, one log (facilities 10, it-ops 18)" in text
    assert 'answer("gate", {"fault-desk": "it-desk", ...})' in text
    assert "Recorded" not in text
    answer("gate", BEST)
    assert "Recorded: Who takes" in Negotiation("gate", practice).describe()


def test_who_is_absent_is_told_with_the_first_deal(practice, graded):
    """A lesson asks first who is not at the table; then a try, or a record, tells it. Graded work tells it at once."""
    talk = Negotiation("gate", practice)
    before = talk.describe()
    talk.offer(MIDDLE)
    after = talk.describe()

    assert "Tomasz" not in before and "you are told once one is recorded" in before
    assert "Tomasz is not at the table." in after and "Kept by: six-weeks or this-month." in after
    assert "you are told once" not in after
    assert "Tomasz is not at the table." in Negotiation("own", graded).describe()


def test_a_stored_deal_that_no_longer_fits_is_passed_over(practice):
    """After a table has changed, an answer to the old one is shown as none."""
    practice.store.record("gate", "deal", {"options": {"fault-desk": "gone"}})

    assert Negotiation("gate", practice).recorded is None
    assert deal_table("gate-4").options["fault-desk"][0] == "it-desk"
