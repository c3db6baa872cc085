"""Cards without a browser: what is sent to it, what its messages do, and that nothing more than that is told."""

import dataclasses
import json

import pytest
from samples import PRACTICE, RIGHT, WRONG, open_graded, open_practice

import threechairs
from threechairs.activities import Quiz, Sorting, answer, hint, text_mode
from threechairs.chairs import decision_rights, duties
from threechairs.company import build_case
from threechairs.course import workbook
from threechairs.course.syllabus import syllabus
from threechairs.datasets import table
from threechairs.errors import AnswersError, UsageError
from threechairs.widgets import DataMenu, DutySorter, NegotiationTable, ProgressMap, QuizCard, ScenarioPlayer, ask
from threechairs.widgets.charts import BarChart, rights_chart, tickets_chart

SECRET = ("worth", "correct", "belief", "reply", "answer_key", "because", "pairs", "best_case")


@pytest.fixture
def lesson(working_folder):
    return open_practice(working_folder)


@pytest.fixture
def assignment(working_folder):
    return open_graded(working_folder)


def send(card, kind, **content):
    """What the browser side sends, by the way it comes in."""
    card._handle_custom_msg({"type": kind, **content}, [])


def synced(card):
    """Everything that the browser gets of the card's state, without its code."""
    state = {name: value for name, value in card.get_state().items() if name not in {"_esm", "_css"}}
    return json.dumps(state, ensure_ascii=False)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: QuizCard("one", rounds=[1]), "QuizCard(...): 'rounds' is not an argument. Known: item_id."),
        (lambda: DutySorter("sorter", round=[1]), "'round' is not an argument. Did you mean 'rounds'?"),
        (lambda: DataMenu("number", table="charter", tabel="x"), "'tabel' is not an argument. Did you mean 'table'?"),
        (lambda: ProgressMap(folder="."), "ProgressMap(...): 'folder' is not an argument."),
        (lambda: ask("one", colour=1), "ask(...): 'colour' is not an argument. Known: item_id."),
        (ask, "ask(...): 'item_id' is missing. It takes: item_id."),
        (lambda: QuizCard("one", 7), "QuizCard(...): there is something too much between the brackets."),
        (lambda: ProgressMap(1), "It takes no arguments."),
        (DutySorter, "DutySorter(...): 'activity_id' is missing."),
        (lambda: DataMenu("number"), "DataMenu(...): 'table' is missing."),
        (lambda: DutySorter("sort", rounds=[1]), "rounds are for lessons. Leave them out."),
        (lambda: answer("one", "owner", reason="x"), "answer(...): 'reason' is not an argument."),
    ],
)
def test_unknown_arguments_are_told(assignment, make, words):
    """A typo in a cell is told with what is meant, not passed over."""
    with pytest.raises(UsageError) as told:
        make()

    assert words in str(told.value)


def test_rounds_are_a_list(lesson):
    """A single number for the rounds is told, not a traceback."""
    with pytest.raises(UsageError, match=r"rounds is 1\. Expected a list such as \[1, 2\]"):
        DutySorter("sorter", rounds=1)


def test_a_table_shows_the_question_that_its_count_answers(assignment):
    """The menu route tells what is asked; a table alone would leave the learner guessing."""
    assert DataMenu("number", table="charter").stem == Quiz("number", assignment).stem != ""


def test_the_map_follows_what_is_answered_below_it(working_folder):
    """An answer that is recorded after the map was drawn shows on it at once."""
    threechairs.open_lesson("00")
    shown = ProgressMap()
    before = shown.lessons[0]["done"]

    send(ask("camera-message"), "record", answer={"choice": "crane-lane"})

    assert (before, shown.lessons[0]["done"]) == (0, 1)


def test_the_map_leads_to_an_assignment_that_is_there(tmp_path, monkeypatch):
    """A lesson's assignment is one click away where the learner has a copy of it, and no dead link otherwise."""
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    without = {lesson["assignment"] for lesson in ProgressMap().lessons}
    copy = tmp_path / "l01-three-chairs" / "three-chairs.ipynb"
    copy.parent.mkdir()
    copy.touch()

    with_copy = {lesson["assignment"] for lesson in ProgressMap().lessons}

    assert (without, with_copy) == ({""}, {"", "../l01-three-chairs/three-chairs.ipynb"})


def test_constructing_writes_nothing(working_folder):
    """Running a cell makes neither file nor folder, whatever card it shows."""
    open_practice(working_folder)
    for kind in PRACTICE:
        ask(kind)
    DutySorter("sorter", rounds=[1])
    ProgressMap()
    open_graded(working_folder)
    for kind in PRACTICE:
        ask(kind)
    DutySorter("sort")
    DataMenu("number", table="charter")

    assert list(working_folder.iterdir()) == []


@pytest.mark.parametrize("kind", RIGHT)
@pytest.mark.parametrize("opener", [open_practice, open_graded])
def test_recording_does_what_the_twin_does(tmp_path, kind, opener):
    """A click and a code cell store the same value and are told in the same words."""
    by_click, by_cell = opener(tmp_path / "click"), opener(tmp_path / "cell")
    Quiz(kind, by_cell).record(RIGHT[kind], by="cell")
    workbook._open(by_click)
    card = ask(kind)

    send(card, "record", answer=RIGHT[kind])

    clicked, coded = by_click.store.get(kind), by_cell.store.get(kind)
    assert (clicked.kind, clicked.value, clicked.by) == (coded.kind, coded.value, "click")
    assert card.answer == RIGHT[kind]
    assert card.recorded == Quiz(kind, by_cell).told()
    assert card.status


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("answers", [RIGHT, WRONG], ids=["right", "wrong"])
def test_checking_replies_what_the_twin_replies(lesson, kind, answers):
    """The card's feedback is the text that a code cell shows, and the check counts."""
    card = ask(kind)

    send(card, "check", answer=answers[kind])

    expected = Quiz(kind, lesson).feedback(count=False)
    assert card.feedback == expected.as_data()
    assert card.status == expected.headline
    assert card.feedback["verdict"] == ("right" if answers is RIGHT else "wrong")
    assert (lesson.store.get(kind).checks, lesson.store.get(kind).solved) == (1, answers is RIGHT)


def test_checking_nothing_asks_for_an_answer(lesson):
    """Without an answer nothing is written, and the card says what is missing."""
    card = ask("one")

    send(card, "check")

    assert card.status == "Choose an answer first."
    assert not lesson.store.path.exists()


def test_graded_cards_give_no_feedback(assignment):
    """Check and hint on graded work tell nothing and count nothing."""
    card = ask("one")

    send(card, "check", answer=WRONG["one"])
    send(card, "hint")

    assert (card.mode, card.feedback, card.hints_shown, card.hints_left) == ("graded", {}, [], 0)
    assert card.status == "Marked after submission."
    assert assignment.store.get("one").checks == 0


def test_hints_come_one_at_a_time_and_are_drawn_again(lesson):
    """Each message brings the next hint, a code cell's hint counts too, and a new card shows those already seen."""
    card = ask("one")
    send(card, "hint")
    send(card, "record", answer=WRONG["one"])
    repr(hint("one"))
    send(card, "hint")
    last = card.status
    send(card, "hint")

    anew = ask("one")

    assert last == "Hint: It is not the setter."
    assert card.hints_shown == anew.hints_shown == PRACTICE["one"]["hints"]
    assert (card.hints_left, anew.hints_left, card.status) == (0, 0, last)


@pytest.mark.parametrize("kind", RIGHT)
def test_a_new_card_shows_what_was_recorded(lesson, kind):
    """After a restart the answer stands there again, without being marked again."""
    send(ask(kind), "record", answer=RIGHT[kind])
    before = lesson.store.path.read_bytes()

    card = ask(kind)

    assert card.answer == RIGHT[kind]
    assert card.recorded == Quiz(kind, lesson).told() != ""
    assert card.feedback == {}
    assert lesson.store.path.read_bytes() == before


def test_hello_is_answered(lesson):
    """A drawn card learns that its kernel is awake."""
    card, sent = ask("one"), []
    card.send = lambda content, buffers=None: sent.append(content)

    send(card, "hello")

    assert sent == [{"type": "awake"}]


def test_an_unknown_message_does_nothing(lesson):
    """Words that a card does not know are passed over."""
    card = ask("one")
    before = synced(card)

    send(card, "explode", answer=RIGHT["one"])
    card._handle_custom_msg({}, [])

    assert synced(card) == before
    assert not lesson.store.path.exists()


@pytest.mark.parametrize("kind", ["record", "check"])
def test_an_answer_of_another_form_ends_up_in_the_status(lesson, kind):
    """What cannot be stored is told on the card; nothing is stored and nothing raised."""
    card = ask("one")

    send(card, kind, answer={"choice": "cisso"})

    assert "'cisso' is not one of the possible answers. Did you mean 'ciso'?" in card.status
    assert card.answer == {} and not lesson.store.path.exists()


def test_a_damaged_file_ends_up_in_the_status(lesson):
    """A file that is damaged while the card is open is told on the card and left as it is."""
    cards = ask("one"), DutySorter("sorter", rounds=[1])
    lesson.store.path.parent.mkdir()
    lesson.store.path.write_text("{")

    for card, given in zip(cards, (RIGHT["one"], {"placements": {}}), strict=True):
        send(card, "record", answer=given)
        assert "07-demo.json:1:2: the file is damaged" in card.status
    assert lesson.store.path.read_text() == "{"
    with pytest.raises(AnswersError):
        ask("one")


@pytest.mark.parametrize("kind", PRACTICE)
def test_no_key_is_sent_before_an_answer(lesson, kind):
    """Whoever reads the page's source finds neither worth nor reply nor hint."""
    text = synced(ask(kind))

    item = PRACTICE[kind]
    options = item.get("options", []) + item.get("reasons", [])
    secrets = [option["reply"] for option in options if "reply" in option]
    secrets += [*item.get("hints", []), *item.get("replies", {}).values()]
    secrets += [wrong["reply"] for wrong in item.get("wrong", [])] + [pair["why"] for pair in item.get("because", [])]
    secrets += [item[name] for name in ("best_case", "reply_right") if name in item]
    secrets += [f'"{name}"' for name in SECRET]
    assert [secret for secret in secrets if secret in text] == []


def test_replies_to_what_was_not_chosen_are_not_sent(lesson):
    """After a check the page holds the replies to the learner's own choices, and no other."""
    card = ask("one")
    send(card, "check", answer={"choice": "ceo", "reason": "peak"})

    text = synced(card)

    assert "Too high." in text and "True, and not enough." in text
    for unsaid in (
        "He sets.",
        "Hers is the loss.",
        "A floor.",
        "Rank is no limit.",
        "breach",
        "defensible",
        "Who loses?",
    ):
        assert unsaid not in text


@pytest.mark.parametrize("lesson_id", [lesson.id for lesson in syllabus().lessons])
def test_no_real_card_sends_its_key(working_folder, lesson_id):
    """In the course's own lessons no reply of any question reaches the browser before an answer."""
    workbook.open_lesson(lesson_id)
    for item in workbook.current().bank.items:
        makers = {"deal": lambda: NegotiationTable(item.id, table=item.table), "play": lambda: ScenarioPlayer(item.id)}  # noqa: B023
        text = synced(makers.get(item.kind, lambda: ask(item.id))())  # noqa: B023

        options = [*getattr(item, "options", ()), *getattr(item, "reasons", ())]
        replies = [option.reply for option in options if option.reply]
        assert [reply for reply in [*replies, *item.hints] if json.dumps(reply, ensure_ascii=False)[1:-1] in text] == []


def test_a_sorter_sends_no_key(lesson, working_folder):
    """The cards carry text and id; chair, reason and source come with a check, for placed cards only."""
    card = DutySorter("sorter", rounds=[1])
    first, *others = duties(round=1)
    untouched = synced(card)
    send(card, "record", answer={"placements": {first.duty_id: first.chair}, "depends_on": {}})
    send(card, "check")
    checked = synced(card)

    assert not any(duty.reason in untouched for duty in duties())
    assert {frozenset(one) for one in card.cards} == {frozenset({"id", "text"})}
    assert list(card.feedback) == [first.duty_id]
    assert not any(duty.reason in checked for duty in others if duty.reason != first.reason)


def right(cards):
    return {"placements": {duty.duty_id: duty.chair for duty in cards}, "depends_on": {}}


def test_a_sorter_goes_through_its_rounds(lesson):
    """Record, check, more: statuses say how far it is, and everything recorded before stays."""
    card = DutySorter("sorter", rounds=[1, 2])
    said = []
    for number in (1, 2):
        for kind in ("record", "check", "more"):
            send(card, kind, **({"answer": right(duties(round=number))} if kind == "record" else {}))
            said.append(card.status)

    assert said[0] == "6 of 6 cards of this round are placed and recorded."
    assert said[1] == "6 of 6 stand where the duty is held. The reasons are on the cards."
    assert said[2] == "Round 2 of 2: 6 new cards."
    assert said[5] == said[4]  # there is no third round
    assert (card.round, card.recorded) == (2, "12 of 12 cards placed")
    assert lesson.store.get("sorter").solved
    assert DutySorter("sorter", rounds=[1, 2]).answer == card.answer


def test_a_sorter_checks_like_its_twin(lesson):
    """The card's feedback is the activity's own, and a card that is moved loses its mark."""
    card = DutySorter("sorter", rounds=[1])
    cards = duties(round=1)
    send(card, "record", answer=right(cards))
    send(card, "check")
    twin = Sorting("sorter", lesson, [1]).feedback(card._sorting.cards)
    checked = dict(card.feedback)
    moved = {**right(cards)["placements"], cards[0].duty_id: "shared" if cards[0].chair != "shared" else "cso"}

    send(card, "record", answer={"placements": moved, "depends_on": {}})

    assert checked == twin
    assert set(card.feedback) == set(twin) - {cards[0].duty_id}


def test_a_click_on_a_sorter_keeps_what_a_cell_said_meanwhile(lesson):
    """Answers in code to another round, given while the card stood there, are not undone by the next click."""
    card = DutySorter("sorter", rounds=[1, 2])
    answer("sorter", right(duties(round=2))["placements"])

    send(card, "record", answer=right(duties(round=1)))

    assert card.recorded == "12 of 12 cards placed"


def test_a_graded_sorter_only_records(assignment):
    """In an assignment a check says when marks come."""
    card = DutySorter("sort")
    send(card, "record", answer={"placements": {card.cards[0]["id"]: "cso"}, "depends_on": {}})
    send(card, "check")

    assert (card.mode, card.status, card.feedback) == ("graded", "Recorded. Marked after submission.", {})
    assert assignment.store.get("sort").value["placements"] == {card.cards[0]["id"]: "cso"}


def test_the_menu_counts_and_records_like_its_twin(assignment):
    """A query shows the twin's result; taking the count stores it as the answer."""
    menu = DataMenu("number", table="charter")
    filters = [{"column": "critical", "op": "is", "value": "yes"}]
    send(menu, "query", filters=filters, group="holder_1")
    grouped = dict(menu.result)
    send(menu, "query", filters=filters, group="")
    send(menu, "record", answer={"number": menu.result["count"]})

    twin = threechairs.count("charter", critical="yes")
    assert menu.result == twin.as_data()
    assert grouped == threechairs.count("charter", group="holder_1", critical="yes").as_data()
    assert assignment.store.get("number").value == {"number": float(twin.count)}
    assert menu.status == f"Recorded: {twin.count} duties. Marked after submission."
    assert DataMenu("number", table="charter").answer == {"number": float(twin.count)}


def test_the_menu_adds_up_like_its_twin(assignment):
    """A query with something to work out shows the twin's sum and shares, and a table opened again still shows it."""
    opened = dataclasses.replace(
        assignment, case=build_case("l07-demo", "alice", tables={"tickets": {"rows": 500, "lead": "both"}})
    )
    workbook._open(opened)
    menu = DataMenu("number", table="tickets")

    send(menu, "query", filters=[], group="cause", measure="sum of hours_dark")

    assert menu.result == threechairs.total("tickets", "hours_dark", group="cause").as_data()
    assert (menu.group, menu.measure) == ("cause", "sum of hours_dark")
    assert menu.status == menu.result["sentence"]
    assert [one["label"] for one in menu.measures] == ["Number of rows", "Sum of hours_dark", "Mean of hours_dark"]
    send(menu, "query", filters=[], group="", measure="mean of hours_dark")
    assert menu.result == threechairs.average("tickets", "hours_dark").as_data()


@pytest.mark.parametrize(("typed", "read"), [("69", 69), ("1,234.5", 1234.5), (" 1 234 ", 1234), ("−2", -2)])
def test_a_number_typed_below_the_table_is_recorded(assignment, typed, read):
    """What is typed is read as people write numbers, and recorded like a figure taken from the table."""
    menu = DataMenu("number", table="charter")

    send(menu, "record", answer={"number": typed})

    assert assignment.store.get("number").value == {"number": read}
    assert menu.answer == {"number": read}
    assert menu.status == f"Recorded: {read:,.10g} duties. Marked after submission."
    assert menu.unit == "duties"


def test_what_is_no_number_is_told_and_not_recorded(assignment):
    """A word in the number field ends up in the status, and what was recorded before stays."""
    menu = DataMenu("number", table="charter")
    send(menu, "record", answer={"number": "12"})

    send(menu, "record", answer={"number": "a dozen"})

    assert "Expected one number, such as 1234.5 or 1,234.5" in menu.status
    assert menu.answer == {"number": 12}


def test_a_query_that_cannot_be_asked_ends_up_in_the_status(assignment):
    """The last result stays and the status says why."""
    menu = DataMenu("number", table="charter")
    before = menu.result

    send(menu, "query", filters=[{"column": "critical", "op": "at least", "value": "3"}])

    assert "need numbers" in menu.status
    assert menu.result == before


def test_the_map_shows_states_and_where_to_go_on(working_folder):
    """Every lesson with its state and link, the resume button, and trouble in the status."""
    plan = syllabus()
    lost = working_folder / "answers" / f"{plan.lessons[1].id}.json"
    lost.parent.mkdir()
    lost.write_text("{")

    shown = ProgressMap()

    assert [one["id"] for one in shown.lessons] == [lesson.id for lesson in plan.lessons]
    assert shown.lessons[0]["state"] == "next"
    assert shown.resume["href"] == f"{plan.lessons[0].id}.ipynb"
    assert shown.resume["label"].startswith("Begin: ")
    assert lost.name in shown.status
    assert all(one["href"] in shown.describe() for one in shown.lessons)


def test_the_bundle_holds_the_text_and_the_widget(lesson, assignment, working_folder):
    """Who cannot see the widget reads the description; VS Code and screen readers get it as plain text."""
    for card in (ask("one"), DutySorter("sort"), DataMenu("number", table="charter"), ProgressMap()):
        data, _metadata = card._repr_mimebundle_()

        assert data["text/plain"] == card.describe() == repr(card)
        assert "application/vnd.jupyter.widget-view+json" in data


def test_text_mode_shows_text_alone(lesson):
    """In text mode the same cell shows the description and no widget."""
    card = ask("one")
    text_mode()

    data, _metadata = card._repr_mimebundle_()

    assert data == {"text/plain": card.describe()}


def test_a_card_without_a_notebook_is_told():
    """Where no notebook is open, the message names the first cell."""
    with pytest.raises(UsageError, match="Run the first code cell"):
        ask("one")


def test_cards_carry_their_own_code():
    """Each card's module is the shared code and its own, with one export and nothing from elsewhere."""
    for card in (QuizCard, DutySorter, DataMenu, ProgressMap):
        code = str(card._esm)
        assert code.count("export default") == 1
        assert not any(line.startswith("import ") for line in code.splitlines())
        assert "http://" not in code.replace("http://www.w3.org", "") and "https://" not in code


def test_the_chart_has_its_data_as_a_table():
    """The bars are named and counted, in a table and as text, and add up to the charter's decisions."""
    chart = rights_chart()
    markup = chart._repr_html_()

    (counts,) = chart.columns.values()
    assert sum(counts.values()) == len(decision_rights())
    assert all(f"<td>{label}</td><td>{count}</td>" in markup for label, count in counts.items())
    assert all(f"{label}: {count}\n" in repr(chart) for label, count in counts.items())
    assert chart.sentence in markup and 'role="img"' in markup


def test_a_chart_escapes_and_refuses():
    """Labels are text; bars of nothing or less than nothing, and columns that differ, are an error."""
    assert "<b>x" not in BarChart("t", {"<b>y": {"<b>x": 1}, "z": {"<b>x": 1}}, "s")._repr_html_()
    assert "<b>y" not in BarChart("t", {"<b>y": {"a": 1}}, "s")._repr_html_()
    for counts in ({}, {"a": -1}):
        with pytest.raises(ValueError, match="expected at least one, none negative"):
            BarChart("t", {"Number": counts}, "s")
    for columns in ({}, {"one": {"a": 1}, "two": {"b": 1}}):
        with pytest.raises(ValueError, match="the same labels in each"):
            BarChart("t", columns, "s")


class Place:
    """What IPython's display gives back: a place whose content can be replaced."""

    def __init__(self):
        self.shown = []

    def show(self, bundle, **_how):
        """Keep what would be shown."""
        self.shown.append(bundle)
        return self

    update = show


def test_the_tickets_come_once_their_question_is_answered(lesson, monkeypatch):
    """Until then a sentence stands there that gives nothing away; then the same place shows counts and hours."""
    place = Place()
    monkeypatch.setattr("IPython.display.display", place.show)
    chart = tickets_chart(after="one")
    chart._ipython_display_()
    answer("several", ["lead"])
    before = list(place.shown)
    answer("one", "ceo", because="rank", confidence=50)
    after = place.shown[-1]

    assert {bundle["text/plain"] for bundle in before} == {"Answer the question above, and a chart appears here."}
    assert not any("69" in text or "910" in text for bundle in before for text in bundle.values())
    for row in table("camera_faults"):
        hours = f"{row['tickets'] * row['mean_hours']:g}"
        assert f"<td>{row['cause']}</td><td>{row['tickets']}</td><td>{hours}</td>" in after["text/html"]
        assert f"{row['cause']}: {row['tickets']} tickets, {hours} dark hours\n" in after["text/plain"]
    assert "Power and network together: 26 % of the tickets, 69 % of the dark hours." in after["text/plain"]
    assert repr(tickets_chart(after="one")) == after["text/plain"]


def test_a_chart_for_an_unknown_question_is_told(lesson):
    """A misspelt id is told with the one that was meant, and so is a missing one."""
    with pytest.raises(UsageError, match="Did you mean 'several'"):
        tickets_chart(after="sevral")
    with pytest.raises(UsageError, match="'after' is missing"):
        tickets_chart()
