"""The negotiation table without a browser: what is sent when, and that clicks do what code does."""

import json

import pytest
from deal_samples import BEST, HANDSHAKE, MIDDLE, REFUSED, TABLE, assignment, lesson

import threechairs
from threechairs.activities import Negotiation, answer, text_mode
from threechairs.errors import UsageError
from threechairs.widgets import NegotiationTable, QuizCard
from threechairs.widgets.base import source


@pytest.fixture
def practice(working_folder):
    return lesson(working_folder)


@pytest.fixture
def graded(working_folder):
    return assignment(working_folder)


def send(card, kind, **content):
    """What the browser side sends, by the way it comes in."""
    card._handle_custom_msg({"type": kind, **content}, [])


def synced(card):
    """Everything that the browser gets of the card's state, without its code."""
    state = {name: value for name, value in card.get_state().items() if name not in {"_esm", "_css"}}
    return json.dumps(state, ensure_ascii=False)


def ask_both(card):
    for role in TABLE.parties:
        send(card, "ask", side=role)


def test_constructing_writes_nothing(practice, working_folder):
    """Running the cell makes no file."""
    NegotiationTable("gate")
    NegotiationTable("first-deal", table="gate-4")

    assert list(working_folder.iterdir()) == []


def test_an_unknown_argument_is_told(practice):
    """A typo in a cell is told with what is meant."""
    with pytest.raises(UsageError, match="Did you mean 'table'"):
        NegotiationTable("gate", tabel="gate-4")


def test_it_is_among_the_names_of_a_notebook():
    """`from threechairs import *` brings the card."""
    assert threechairs.NegotiationTable is NegotiationTable
    assert "NegotiationTable" in threechairs.__all__


def test_interests_and_points_come_when_asked_for(practice):
    """Before asking, the page holds positions; after it, that one side's interest and points."""
    card = NegotiationTable("gate")
    before = synced(card)
    send(card, "ask", side="it-ops")
    facilities, it_ops = card.sides
    party = TABLE.parties["it-ops"]

    assert set(facilities) == {"id", "name", "position"}
    assert (it_ops["interest"], it_ops["points"], it_ops["reservation"]) == (party.interest, party.points, 45)
    assert party.interest in card.status and party.alternative in card.status
    assert all(one.position in before and one.interest not in before for one in TABLE.parties.values())
    assert '"points"' not in before
    assert card.deals == [] and card.frontier == {}


def test_all_deals_come_when_both_were_asked(practice):
    """The chart's points are every deal's worths, each with how often and whether it keeps the bounds."""
    card = NegotiationTable("gate")
    ask_both(card)
    send(card, "offer", options=MIDDLE)

    assert sum(deal["count"] for deal in card.deals) == 81
    assert {"x": 68, "y": 67, "within": True, "count": 1} in card.deals
    assert {"x": 70, "y": 70, "within": False, "count": 1} in card.deals


def test_who_is_absent_comes_with_the_first_deal(practice):
    """Before it the page holds no bound, and no deal on the chart breaks one."""
    card = NegotiationTable("gate")
    ask_both(card)
    before = synced(card)
    promised = card.bounds_later
    send(card, "offer", options=MIDDLE)

    assert promised and "Tomasz" not in before and '"within": false' not in before
    assert [bound["issue"] for bound in card.bounds] == ["segmentation"] and not card.bounds_later
    assert not all(deal["within"] for deal in card.deals)


def test_graded_work_tells_at_once_who_is_absent(graded):
    """What somebody absent needs is part of the task there, and no question before it asks who that is."""
    card = NegotiationTable("own")

    assert [bound["issue"] for bound in card.bounds] == ["segmentation"] and not card.bounds_later


def test_trying_tells_who_would_sign_and_counts_different_deals(practice):
    """A try is told in one sentence and kept in memory; the same one again is not counted."""
    card = NegotiationTable("gate")
    send(card, "offer", options=HANDSHAKE)
    said = card.status
    send(card, "offer", options=HANDSHAKE)
    send(card, "offer", options=REFUSED)

    assert said == "Marta, Facilities would sign; Jonas, IT operations would sign; 1 of 1 bounds broken."
    assert card.tried == [
        {"options": HANDSHAKE, "signs": {"facilities": True, "it-ops": True}, "broken": 1},
        {"options": REFUSED, "signs": {"facilities": True, "it-ops": False}, "broken": 0},
    ]
    assert card.tries_left == 1
    assert not practice.store.path.exists()


def test_the_frontier_is_sent_after_three_different_deals(practice):
    """Asked for too early, the card says so and sends nothing; later it comes with its words."""
    card = NegotiationTable("gate")
    ask_both(card)
    for options in (MIDDLE, BEST):
        send(card, "offer", options=options)
    send(card, "frontier")
    early, said = dict(card.frontier), card.status
    send(card, "offer", options=REFUSED)
    send(card, "frontier")

    assert early == {} and "2 deals were tried" in said
    assert [68, 67] in card.frontier["points"]
    assert card.status == card.frontier["text"]


def test_recording_does_what_the_twin_does(practice):
    """A click stores what a code cell stores, and its three tests are the twin's."""
    card = NegotiationTable("gate")
    send(card, "record", answer={"options": MIDDLE})
    clicked = practice.store.get("gate")
    answer("gate", MIDDLE)
    twin = Negotiation("gate", practice)

    assert (clicked.kind, clicked.value, clicked.by, clicked.checks) == ("deal", {"options": MIDDLE}, "click", 1)
    assert practice.store.get("gate").value == clicked.value
    assert [look["text"] for look in card.feedback["looks"]] == [look.reason for look in twin.looks()]
    assert [look["mark"] for look in card.feedback["looks"]] == ["right", "right", "partly"]
    assert card.status == "Recorded. 2 of 3 tests are met; the reasons stand below the deal."
    assert card.recorded == twin.told()


def test_a_new_card_shows_what_was_recorded(practice):
    """After a restart the deal stands there again, counts as tried, and is not checked again."""
    send(NegotiationTable("gate"), "record", answer={"options": BEST})
    before = practice.store.path.read_bytes()

    card = NegotiationTable("gate")

    assert card.answer == {"options": BEST}
    assert [one["options"] for one in card.tried] == [BEST]
    assert card.feedback == {} and card.sides[0].get("points") is None
    assert practice.store.path.read_bytes() == before


def test_graded_work_records_without_reply_or_frontier(graded):
    """In an assignment nothing is judged before submission, and the frontier never reaches the page."""
    card = NegotiationTable("own")
    ask_both(card)
    for options in (MIDDLE, BEST, REFUSED, HANDSHAKE):
        send(card, "offer", options=options)
    send(card, "frontier")
    refused = card.status
    send(card, "record", answer={"options": MIDDLE})

    assert "not shown in graded work" in refused
    assert (card.mode, card.frontier, card.feedback) == ("graded", {}, {"looks": []})
    assert card.status == "Recorded. Marked after submission."
    assert graded.store.get("own").value == {"options": MIDDLE}
    assert graded.store.get("own").checks == 0
    assert card.sides[0]["points"] == graded.deals("negotiation").parties["facilities"].points


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("record", {"answer": {"options": {"fault-desk": "it-desk"}}}, "'backup-power' is not settled"),
        ("record", {}, "the answer has no 'options'"),
        ("offer", {}, "'fault-desk' is not settled"),
        ("offer", {"options": 3}, "Expected a mapping"),
        ("ask", {"side": "ciso"}, "is not at the table"),
        ("ask", {}, "is not at the table"),
    ],
)
def test_what_cannot_be_done_ends_up_in_the_status(practice, kind, content, words):
    """A message that makes no deal is told on the card; nothing is stored and nothing raised."""
    card = NegotiationTable("gate")

    send(card, kind, **content)

    assert words in card.status
    assert not practice.store.path.exists() and card.tried == []


def test_the_bundle_holds_the_text_and_the_widget(practice):
    """Who cannot see the card reads the description; in text mode it stands alone."""
    card = NegotiationTable("gate")
    data, _metadata = card._repr_mimebundle_()
    text_mode()
    alone, _metadata = card._repr_mimebundle_()

    assert data["text/plain"] == card.describe() == repr(card)
    assert "application/vnd.jupyter.widget-view+json" in data
    assert alone == {"text/plain": card.describe()}


def test_a_card_carries_the_shared_parts_that_it_names():
    """The chart's script and style stand between the common ones and the card's own; other cards do without."""
    code, style = str(NegotiationTable._esm), str(NegotiationTable._css)

    assert code.count("export default") == 1
    assert code.index("function openCard") < code.index("function drawChart") < code.index("function render")
    assert style.index(".tc-chart") < style.index(".tc-negotiation")
    assert not any(line.startswith("import ") for line in code.splitlines())
    assert "https://" not in code and "http://" not in code.replace("http://www.w3.org", "")
    assert "drawChart" not in str(QuizCard._esm)
    assert source("quiz_card", "js", "chart").count("function drawChart") == 1
