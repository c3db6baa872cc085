"""Questions without a screen: recording, replies, hints, order of what is shown, and the plain-Python twin."""

import json

import pytest
from samples import PRACTICE, RIGHT, WRONG, graded_bank, open_graded, open_practice, practice_bank

from threechairs.activities import Quiz, activity, answer, hint, text_mode
from threechairs.activities.plain import in_text_mode
from threechairs.answers import AnswersError, AnswerStore
from threechairs.errors import AnswerFormError, UsageError

TYPED = {
    "one": ("owner", {"because": "loses", "confidence": 70}),
    "several": (["coo", "lead"], {}),
    "order": (["stop", "tell", "write", "rest"], {}),
    "number": ("12", {}),
    "match": ({"fence": "cso", "patch": "cio"}, {}),
    "text": ("Our head of freight.", {}),
}
TOLD = {
    "one": "The owner; because: She would lose, 70 % sure",
    "several": "The site lead; The COO",
    "order": "Stop the lane → Tell the lead → Write it up → Rest",
    "number": "12 duties",
    "match": "A fence → Ruth; A patch → Priya",
    "text": "“Our head of freight.”",
}


@pytest.fixture
def lesson(working_folder):
    return open_practice(working_folder)


@pytest.fixture
def assignment(working_folder):
    return open_graded(working_folder)


def test_only_what_shows_a_number_is_counted(working_folder):
    """In a lesson a deal stands between the questions without a number, so no number is left out."""
    between = {"settle": {"kind": "deal", "stem": "Settle it.", "table": "gate-4"}, "last": PRACTICE["text"]}
    opened = open_practice(working_folder, practice_bank(**between))

    assert Quiz("last", opened).heading == f"Question {len(PRACTICE) + 1}"


def test_an_assignment_counts_every_question_as_its_headings_do(working_folder):
    """A deal and a scenario have headings of their own in an assignment, so the next card says the same number."""
    between = {
        "settle": {"kind": "deal", "stem": "Settle it.", "table": "gate-4"},
        "clash": {"kind": "play", "stem": "Play it.", "scenario": "crane"},
        "last": PRACTICE["text"],
    }
    opened = open_graded(working_folder, graded_bank(**between))
    bank = [item.id for item in opened.bank.items]

    assert Quiz("last", opened).heading == f"Question {bank.index('last') + 1}"
    assert bank.index("last") == bank.index("settle") + 2


@pytest.mark.parametrize("kind", TYPED)
def test_a_question_is_answered_in_code(lesson, kind):
    """`answer` stores what the card would store, and tells it back as a sentence with the reply."""
    value, parts = TYPED[kind]

    shown = repr(answer(kind, value, **parts))

    stored = lesson.store.get(kind)
    assert {name: part for name, part in stored.value.items() if name != "confidence"} == RIGHT[kind]
    assert (stored.by, stored.kind) == ("cell", kind)
    assert f"Recorded: {TOLD[kind]}." in shown
    assert shown.splitlines()[1].startswith("Noted" if kind == "text" else "Right")


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_answered_at_once(lesson, kind):
    """In a lesson the reply comes with the answer, and the check is counted."""
    Quiz(kind, lesson).record(WRONG[kind])

    reply = Quiz(kind, lesson).reply()

    assert "Not yet" in reply
    assert (lesson.store.get(kind).checks, lesson.store.get(kind).solved) == (1, False)


def test_what_was_once_solved_stays_solved(lesson):
    """Trying something else afterwards takes nothing away."""
    answer("number", 12)
    answer("number", 30)

    assert (lesson.store.get("number").checks, lesson.store.get("number").solved) == (2, True)


@pytest.mark.parametrize("kind", TYPED)
def test_graded_work_is_answered_later(assignment, kind):
    """In an assignment nothing says whether an answer is right, and no check is counted."""
    value, parts = TYPED[kind]

    shown = repr(answer(kind, value, **parts))

    assert TOLD[kind] in shown
    quiet = "" if kind == "text" else "Marked after submission."
    assert shown.splitlines()[1].startswith(quiet)
    assert not any(word in shown for word in ("Right", "Not yet", "Partly"))
    assert (assignment.store.get(kind).checks, assignment.store.get(kind).solved) == (0, False)


def test_none_means_not_attempted(lesson):
    """A cell that still says None records nothing and says so."""
    assert repr(answer("one", None)) == "one: not attempted."
    assert not lesson.store.path.exists()


def test_none_leaves_what_was_clicked(lesson):
    """An untouched code cell beside a clicked card tells the click."""
    Quiz("number", lesson).record({"number": 12})

    assert repr(answer("number", None)) == "number: not attempted.\nRecorded: 12 duties."
    assert lesson.store.get("number").by == "click"


def test_a_later_click_outlives_the_cell_and_the_cell_says_so(lesson):
    """Running the unchanged cell again shows that the click stands; a changed cell takes over."""
    answer("number", 30)
    Quiz("number", lesson).record({"number": 12})

    again, changed = repr(answer("number", 30)), repr(answer("number", 7))

    assert again.startswith("Your later click stands, not this cell.\nRecorded: 12 duties.")
    assert changed.startswith("Recorded: 7 duties.")


def test_a_refused_answer_changes_nothing(lesson):
    """A typo is told with the nearest name; the answer before it stays."""
    answer("one", "owner", because="loses")

    with pytest.raises(AnswerFormError, match="Did you mean 'ciso'"):
        answer("one", "cisso", because="loses")
    with pytest.raises(AnswerFormError, match="the answer holds depends_on"):
        answer("one", "ciso", depends_on={"a": "b"})

    assert lesson.store.get("one").value["choice"] == "owner"


def test_an_unknown_question_is_told_with_the_nearest(lesson):
    """Asking for a question that is not there offers the one that is meant."""
    for ask in (lambda: answer("severl", []), lambda: hint("severl"), lambda: Quiz("severl", lesson)):
        with pytest.raises(UsageError, match=r"07-demo has no such question\. Did you mean 'several'"):
            ask()


def test_without_an_open_notebook_the_first_cell_is_named():
    """Whoever starts in the middle is told where to begin."""
    with pytest.raises(UsageError, match="Run the first code cell"):
        answer("one", "owner")


def test_a_sorting_question_is_not_asked_as_a_card(assignment):
    """The message names what to write instead."""
    with pytest.raises(UsageError, match=r'Use DutySorter\("sort"\)'):
        Quiz("sort", assignment)


def test_hints_come_one_at_a_time(lesson):
    """Three hints in their order, then the news that there are no more."""
    given = [repr(hint("one")) for _ in range(4)]

    assert given == ["Who loses?", "Look at the limit.", "It is not the setter.", "There are no more hints."]


def test_hints_go_on_after_an_answer_and_are_counted(lesson):
    """A hint seen before the first answer does not come again after it, nor after the notebook is opened anew."""
    quiz = Quiz("one", lesson)
    before = quiz.hint()
    quiz.record(WRONG["one"])
    after = quiz.hint()

    anew = Quiz("one", lesson)

    assert [before, after] == ["Who loses?", "Look at the limit."]
    assert lesson.store.get("one").hints == 2
    assert anew.hints_given == [before, after]
    assert anew.hint() == "It is not the setter."


def test_where_there_are_no_hints_it_is_told(lesson, working_folder):
    """Neither a question without hints nor graded work gives one."""
    assert repr(hint("text")) == "There are no hints for this question."
    open_graded(working_folder)
    assert repr(hint("one")) == "Graded questions have no hints."


def test_steps_and_partners_stand_in_an_order_that_gives_nothing_away(lesson, working_folder):
    """Over many questions the key's order is shown about as often as chance would; each one is always the same."""
    orders, partners = [], []
    for number in range(60):
        names = {f"order-{number}": PRACTICE["order"], f"match-{number}": PRACTICE["match"]}
        opened = open_practice(working_folder, practice_bank(**names))
        quiz, match = Quiz(f"order-{number}", opened), Quiz(f"match-{number}", opened)
        orders.append([step.id for step in quiz.options])
        partners.append([entry.id for entry in match.right])

        assert orders[-1] == [step.id for step in Quiz(f"order-{number}", opened).options]
        assert partners[-1] == [entry.id for entry in Quiz(f"match-{number}", opened).right]

    as_keyed = [step["id"] for step in PRACTICE["order"]["steps"]]
    assert sorted(map(tuple, orders))[0] != sorted(map(tuple, orders))[-1]
    assert sum(order == as_keyed for order in orders) <= 10  # 1 in 24 by chance
    assert {order[0] for order in orders} == set(as_keyed)
    assert {order[0] for order in partners} == {"cso", "ciso", "cio"}


def test_real_steps_and_partners_are_not_shown_in_the_order_of_the_key(working_folder):
    """In the course's own lessons no question of order stands there solved."""
    from threechairs.course import workbook
    from threechairs.course.items import OrderItem
    from threechairs.course.syllabus import syllabus

    for lesson in syllabus().lessons:
        workbook.open_lesson(lesson.id)
        opened = workbook.current()
        for item in opened.bank.items:
            if isinstance(item, OrderItem):
                shown = [step.id for step in Quiz(item.id, opened).options]
                assert any(shown.index(pair.before) > shown.index(pair.after) for pair in item.because), item.id


@pytest.mark.parametrize("kind", TYPED)
def test_a_question_describes_itself(lesson, kind):
    """Text mode shows the stem, every choice with its id, and a line of code that can be copied."""
    answer(kind, TYPED[kind][0], **TYPED[kind][1])

    text = Quiz(kind, lesson).describe()

    assert PRACTICE[kind]["stem"] in text
    for part in ("options", "reasons", "steps", "left", "right"):
        for entry in PRACTICE[kind].get(part, ()):
            assert f"  {entry['id']}: {entry['text']}" in text
    assert f'Answer in code: answer("{kind}", ' in text
    assert ("A hint:" in text) == bool(PRACTICE[kind].get("hints"))
    assert f"Recorded: {TOLD[kind]}." in text


@pytest.mark.parametrize("kind", TYPED)
def test_a_description_gives_no_key_away(lesson, assignment, kind):
    """Neither reply nor worth nor hint stands in the text before an answer."""
    for opened in (lesson, assignment):
        text = Quiz(kind, opened).describe()

        options = PRACTICE[kind].get("options", []) + PRACTICE[kind].get("reasons", [])
        secrets = [option["reply"] for option in options if "reply" in option]
        secrets += [*PRACTICE[kind].get("hints", []), PRACTICE[kind].get("best_case", "best"), "misconception"]
        assert [secret for secret in secrets if secret in text] == []


def test_facts_of_the_case_stand_in_the_texts(working_folder):
    """A graded stem, option and answer show the learner's own numbers."""
    options = [{"id": "a", "text": "Sign for EUR {loss_eur}."}, {"id": "b", "text": "No."}]
    bank = graded_bank(one={"kind": "one", "stem": "A loss of EUR {loss_eur}?", "options": options})
    opened = open_graded(working_folder, bank)

    quiz = Quiz("one", opened)
    quiz.record({"choice": "a"})

    assert quiz.stem == "A loss of EUR 32,000?"
    assert quiz.data(quiz.options)[0] == {"id": "a", "text": "Sign for EUR 32,000."}
    assert quiz.told() == "Sign for EUR 32,000"


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("one", {"choice": "renamed"}),
        ("one", {}),
        ("several", {"choices": ["renamed"]}),
        ("order", {"order": ["stop", "renamed"]}),
        ("number", {"number": "twelve"}),
        ("match", {"pairs": {"fence": "renamed"}}),
        ("text", {"text": 3}),
    ],
)
def test_an_answer_that_no_longer_fits_is_as_none(lesson, kind, stored):
    """Where the author has changed a question since, it can be opened, described and answered again."""
    lesson.store.record(kind, kind, stored)
    quiz = Quiz(kind, lesson)

    assert quiz.recorded is None
    assert (quiz.told(), quiz.feedback()) == ("", None)
    assert "Recorded:" not in quiz.describe()
    quiz.record(RIGHT[kind])
    assert lesson.store.get(kind).first == stored


def test_text_mode_lasts_until_it_is_switched_off(lesson):
    """The twin for screen readers is one call, and one call takes it back."""
    assert not in_text_mode()
    on = repr(text_mode())
    assert in_text_mode() and "answer(...)" in on
    off = repr(text_mode(False))
    assert not in_text_mode() and "cards" in off


def test_a_damaged_file_is_told_by_every_twin(lesson):
    """Asking, answering and hinting raise the same message, and change nothing."""
    lesson.store.path.parent.mkdir()
    lesson.store.path.write_text("{")

    for touch in (lambda: answer("one", "owner"), lambda: hint("one"), lambda: Quiz("one", lesson).describe()):
        with pytest.raises(AnswersError, match=r"rename 07-demo\.json"):
            touch()
    assert lesson.store.path.read_text() == "{"


def test_an_activity_of_an_earlier_attempt_is_not_found_again(working_folder):
    """After a new attempt, `answer` writes to the new case, even where a card of the old one was shown."""
    from dataclasses import replace

    from threechairs.activities import remember
    from threechairs.course import workbook

    old = open_graded(working_folder)
    remember(Quiz("one", old))
    store = AnswerStore(old.store.path, old.id, case_id="alice", attempt=2, fingerprint="sha256:other")
    workbook._open(replace(old, store=store))

    answer("one", "owner", because="loses")

    assert json.loads(old.store.path.read_text())["attempt"] == 2
    assert activity("one").workbook.store is store
