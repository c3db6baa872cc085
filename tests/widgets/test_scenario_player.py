"""The scenario player without a browser: what is sent to it, what its messages do, and what it does not tell."""

import json

import pytest
from crane import FREEZE, GUARD, HOPE, course_with_crane, open_assignment, open_lesson, plays

import threechairs
from threechairs.activities import Playing, play, text_mode
from threechairs.errors import UsageError
from threechairs.widgets import ScenarioPlayer


@pytest.fixture(autouse=True)
def course(tmp_path):
    return course_with_crane(tmp_path)


@pytest.fixture
def lesson(working_folder):
    return open_lesson(working_folder)


@pytest.fixture
def assignment(working_folder):
    return open_assignment(working_folder)


def send(card, kind, **content):
    """What the browser side sends, by the way it comes in."""
    card._handle_custom_msg({"type": kind, **content}, [])


def step(card, taken):
    send(card, "take", take=taken, at=card.stage["step"])


def synced(card):
    """Everything that the browser gets of the card's state, without its code."""
    state = {name: value for name, value in card.get_state().items() if name not in {"_esm", "_css"}}
    return json.dumps(state, ensure_ascii=False)


def test_constructing_writes_nothing_and_a_chair_neither(lesson):
    """Running the cell and choosing a chair leave no file; the first step does."""
    card = ScenarioPlayer("clash", scenario="crane")
    send(card, "start", chair="cso")
    before = lesson.store.path.exists()
    step(card, GUARD[0])

    assert (before, lesson.store.path.exists()) == (False, True)


def test_a_play_by_clicks_stores_what_the_twin_stores(tmp_path):
    """Clicks and code cells record the same steps and are told in the same words."""
    clicked = open_lesson(tmp_path / "click")
    card = ScenarioPlayer("clash", scenario="crane")
    send(card, "start", chair="cso")
    for taken in FREEZE:
        step(card, taken)
    coded = open_lesson(tmp_path / "cell")
    ScenarioPlayer("clash", scenario="crane")
    play("clash", chair="cso", choose="freeze")
    play("clash", deal=FREEZE[1]["deal"])

    assert clicked.store.get("clash").value == coded.store.get("clash").value == plays(*FREEZE)
    assert card.recorded == Playing("clash", coded, "crane").told()
    assert card.answer == plays(*FREEZE)


def test_each_message_says_in_one_sentence_what_happened(lesson):
    """The live region hears of the chair, of each step and of a step back."""
    card, said = ScenarioPlayer("clash", scenario="crane"), []
    send(card, "start", chair="cso")
    said.append(card.status)
    step(card, GUARD[0])
    said.append(card.status)
    send(card, "back", at=1)
    said.append(card.status)
    step(card, FREEZE[0])
    said.append(card.status)

    assert said == [
        "You sit on the chair of the CSO. The first call.",
        "You chose: Put a guard into the lane. Next: Around the table.",
        "One step back: The first call.",
        "You chose: Freeze every change until Monday. That was an overreach. Next: Around the table.",
    ]


def test_a_new_card_shows_where_the_play_stood(lesson):
    """After a restart the scene stands there again, and nothing is written."""
    first = ScenarioPlayer("clash", scenario="crane")
    send(first, "start", chair="cso")
    step(first, GUARD[0])
    before = lesson.store.path.read_bytes()

    card = ScenarioPlayer("clash", scenario="crane")

    assert card.stage == first.stage
    assert card.stage["scene"]["title"] == "Around the table"
    assert lesson.store.path.read_bytes() == before


def test_a_step_meanwhile_is_shown_and_not_repeated(lesson):
    """When a cell has taken a step, a click on the old scene shows the new one and takes nothing."""
    card = ScenarioPlayer("clash", scenario="crane")
    send(card, "start", chair="cso")
    play("clash", choose="guard")

    step(card, HOPE[0])

    assert card.status == "The play has gone on meanwhile. It stands at “Around the table”."
    assert card.stage["scene"]["id"] == "table"
    assert lesson.store.get("clash").value == plays(GUARD[0])


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("take", {"take": {"scene": "call", "option": "gaurd"}, "at": 0}, "Did you mean 'guard'?"),
        ("take", {"take": "guard", "at": 0}, "Expected {'scene': ..., 'option': ...}"),
        ("take", {"at": 0}, "a step: {}"),
        ("back", {"at": 0}, "there is no step to take back"),
        ("start", {"chair": "cfo"}, "there is no chair 'cfo'"),
        ("start", {}, "there is no chair 'None'"),
    ],
)
def test_odd_messages_end_up_in_the_status(lesson, kind, content, words):
    """What cannot be done is told on the card; nothing is stored and nothing raised."""
    card = ScenarioPlayer("clash", scenario="crane")
    send(card, "start", chair="cso")

    send(card, kind, **content)

    assert words in card.status
    assert not lesson.store.path.exists()


def test_a_step_without_a_chair_is_told(lesson):
    """Before a chair is chosen there is no scene to take a step in."""
    card = ScenarioPlayer("clash", scenario="crane")

    send(card, "take", take=GUARD[0], at=0)

    assert "Choose a chair first" in card.status


def test_no_ending_and_no_other_chair_is_sent_before_its_time(lesson):
    """The browser gets no later scene, no other chair's meter and no consequence before they are due."""
    card = ScenarioPlayer("clash", scenario="crane")
    send(card, "start", chair="cso")
    told = synced(card)

    for secret in ("Eight weeks", "Sam did not see", "nobody may change", "breached", "4 of 10", "A switch was"):
        assert secret.lower() not in told.lower()


def test_graded_cards_go_one_way_and_tell_no_marks(assignment):
    """No step back, no second start before the end; after it a debrief without tests."""
    card = ScenarioPlayer("clash")
    commit = card.stage["commit"]
    send(card, "start", chair="cso")
    step(card, HOPE[0])
    send(card, "back", at=1)
    refused = [card.status]
    send(card, "start", chair="ciso")
    refused.append(card.status)
    step(card, HOPE[1])

    assert (card.mode, card.instructions) == ("graded", "Play it once.")
    assert "there is no going back" in commit and all("there is no going back" in said for said in refused)
    assert card.stage["phase"] == "ended" and not card.stage["back"]
    assert "Marked after submission." in synced(card) and "G1" not in synced(card)
    assert assignment.store.get("clash").value == plays(*HOPE)


def test_after_a_graded_end_the_chairs_are_open_for_practice(assignment):
    """The live region and the card say that the play is not marked; it goes back, and is debriefed in full."""
    card = ScenarioPlayer("clash")
    send(card, "start", chair="cso")
    for taken in HOPE:
        step(card, taken)
    send(card, "start", chair="cso")
    said, shown = card.status, card.stage["practice"]
    step(card, GUARD[0])
    send(card, "back", at=1)
    for taken in FREEZE:
        step(card, taken)

    assert shown == "This play is for practice: it is not marked. Your graded play stands."
    assert said == f"You sit on the chair of the CSO. The first call. {shown}"
    assert [test["id"] for test in card.stage["debrief"][-1]["tests"]] == ["G1", "G2", "G3", "G4"]
    assert card.recorded == "graded play: CSO, 2 steps, ended with “Sam”; 1 practice play since"
    assert assignment.store.get("clash").value["plays"] == [
        *plays(*HOPE)["plays"],
        *plays(*FREEZE, number=2)["plays"],
    ]


def test_after_an_ending_another_chair_can_be_played(lesson):
    """Practice opens the chairs again, the earlier play stays, and both are on the map."""
    card = ScenarioPlayer("clash", scenario="crane")
    send(card, "start", chair="cso")
    for taken in HOPE:
        step(card, taken)
    send(card, "start", chair="cio")
    step(card, {"scene": "desk", "option": "read"})

    assert [path["title"] for path in card.stage["paths"]] == [
        "Play 1, CSO: ended with “Sam”",
        "Play 2, CIO: stands at “The first call”",
    ]
    assert lesson.store.get("clash").value["plays"][0] == plays(*HOPE)["plays"][0]


def test_unknown_arguments_and_scenarios_are_told(lesson):
    """A typo in the cell is told with what is meant."""
    with pytest.raises(UsageError, match=r"'scenari' is not an argument\. Did you mean 'scenario'"):
        ScenarioPlayer("clash", scenari="crane")
    with pytest.raises(UsageError, match="Did you mean 'crane'"):
        ScenarioPlayer("clash", scenario="crain")


def test_text_mode_shows_the_same_play_as_text(lesson):
    """In text mode the cell shows what `play` shows, and no widget."""
    card = ScenarioPlayer("clash", scenario="crane")
    send(card, "start", chair="cso")
    text_mode()

    data, _metadata = card._repr_mimebundle_()

    assert list(data) == ["text/plain"]
    assert data["text/plain"] in repr(play("clash"))
    assert "  guard: Put a guard into the lane." in data["text/plain"]


def test_the_player_is_part_of_the_kit():
    """A notebook imports it from the kit itself, and it carries its own code."""
    assert threechairs.ScenarioPlayer is ScenarioPlayer
    assert "tc-player" in ScenarioPlayer._esm and "http" not in ScenarioPlayer._css
    assert threechairs.play is play
