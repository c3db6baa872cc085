"""Small questions of every kind, and notebooks that ask them, for tests that need no course files."""

from threechairs.answers import AnswerStore
from threechairs.company import build_case
from threechairs.course import workbook
from threechairs.course.items import ItemBank
from threechairs.course.syllabus import Assignment, Lesson

PRACTICE = {
    "one": {
        "kind": "one",
        "stem": "Who signs?",
        "confidence": True,
        "best_case": "The best case for the CISO: he knows the bar.",
        "options": [
            {"id": "ciso", "text": "The CISO.", "worth": "weak", "belief": "setting-is-accepting", "reply": "He sets."},
            {"id": "owner", "text": "The owner.", "worth": "best", "reply": "Hers is the loss."},
            {"id": "ceo", "text": "The CEO.", "worth": "defensible", "belief": "higher-is-safer", "reply": "Too high."},
            {
                "id": "skip",
                "text": "None.",
                "worth": "breach",
                "belief": "silence-is-acceptance",
                "reply": "A floor.",
            },
        ],
        "reasons": [
            {"id": "loses", "text": "She would lose.", "worth": "best"},
            {"id": "peak", "text": "It is the peak.", "worth": "defensible", "reply": "True, and not enough."},
            {"id": "rank", "text": "Rank.", "worth": "weak", "belief": "higher-is-safer", "reply": "Rank is no limit."},
        ],
        "hints": ["Who loses?", "Look at the limit.", "It is not the setter."],
    },
    "several": {
        "kind": "several",
        "stem": "Who must hear of it?",
        "options": [
            {"id": "lead", "text": "The site lead", "correct": True, "reply": "She confirms the stop."},
            {"id": "coo", "text": "The COO", "correct": True, "reply": "His lane."},
            {
                "id": "board",
                "text": "The board",
                "correct": False,
                "reply": "Nothing to decide.",
                "belief": "more-is-safer",
            },
        ],
        "reply_right": "Those who must act.",
        "hints": ["Who has to act?"],
    },
    "order": {
        "kind": "order",
        "stem": "In which order?",
        "steps": [
            {"id": "stop", "text": "Stop the lane"},
            {"id": "tell", "text": "Tell the lead"},
            {"id": "write", "text": "Write it up"},
            {"id": "rest", "text": "Rest"},
        ],
        "because": [
            {"before": "stop", "after": "tell", "why": "Somebody could be hurt."},
            {"before": "tell", "after": "write", "why": "They need it now."},
        ],
        "hints": ["Life first."],
    },
    "number": {
        "kind": "number",
        "stem": "How many?",
        "answer": 12,
        "tolerance": 0.5,
        "unit": "duties",
        "wrong": [{"value": 30, "belief": "count-is-harm", "reply": "You counted all of them."}],
        "hints": ["Count the critical ones."],
    },
    "match": {
        "kind": "match",
        "stem": "Whose is it?",
        "left": [{"id": "fence", "text": "A fence"}, {"id": "patch", "text": "A patch"}],
        "right": [
            {"id": "cso", "text": "Ruth"},
            {"id": "ciso", "text": "Tomasz"},
            {"id": "cio", "text": "Priya"},
        ],
        "pairs": {"fence": "cso", "patch": "cio"},
        "replies": {"fence": "A place.", "patch": "Doing is hers."},
        "hints": ["Place or system?"],
    },
    "text": {"kind": "text", "stem": "Who decides here?", "opinion": True},
}

RIGHT = {
    "one": {"choice": "owner", "reason": "loses"},
    "several": {"choices": ["lead", "coo"]},
    "order": {"order": ["stop", "tell", "write", "rest"]},
    "number": {"number": 12.0},
    "match": {"pairs": {"fence": "cso", "patch": "cio"}},
    "text": {"text": "Our head of freight."},
}

WRONG = {
    "one": {"choice": "ciso", "reason": "rank"},
    "several": {"choices": ["board"]},
    "order": {"order": ["rest", "write", "tell", "stop"]},
    "number": {"number": 30.0},
    "match": {"pairs": {"fence": "cio", "patch": "ciso"}},
}

_SORT = {
    "kind": "sort",
    "stem": "To which chair?",
    "draw": 3,
    "cards": [{"id": name, "text": f"Statement {name}"} for name in ("a", "b", "c", "d", "e")],
}
_KEYS = ("reply_right", "hints", "best_case", "because", "answer", "wrong", "tolerance", "pairs", "replies")


def _graded(item):
    """The question as a graded bank holds it: without anything that tells the answer."""
    kept = {name: part for name, part in item.items() if name not in _KEYS}
    for part in ("options", "reasons"):
        if part in kept:
            kept[part] = [{"id": option["id"], "text": option["text"]} for option in kept[part]]
    return kept


def practice_bank(**extra):
    """A practice bank with a question of every kind, named by its kind; `extra` adds or replaces questions."""
    items = [{"id": name, **item} for name, item in {**PRACTICE, **extra}.items()]
    return ItemBank.model_validate({"format": 1, "lesson": "07-demo", "items": items})


def graded_bank(**extra):
    """A graded bank with a question of every kind."""
    items = {name: _graded(item) for name, item in PRACTICE.items()} | {"sort": _SORT} | extra
    return ItemBank.model_validate(
        {"format": 1, "assignment": "l07-demo", "items": [{"id": name, **item} for name, item in items.items()]}
    )


def open_practice(folder, bank=None):
    """Open a lesson whose answers lie in `folder`."""
    plan = Lesson(id="07-demo", title="Demo", minutes=5, reading_minutes=2, doing_minutes=3, steps=["one"])
    store = AnswerStore(folder / "answers" / "07-demo.json", "07-demo", case_id="alice")
    return _open(workbook.Workbook("07-demo", plan, bank or practice_bank(), store))


def open_graded(folder, bank=None, case_id="alice"):
    """Open an assignment with a case that has the firm's charter as its table."""
    plan = Assignment(id="l07-demo", title="Demo", lesson="07-demo", minutes=5)
    tables = {"charter": {"rows": 36, "critical_orphans": [3, 6], "other_orphans": [2, 5], "doubles": [3, 6]}}
    case = build_case("l07-demo", case_id, facts={"loss_eur": [32_000]}, tables=tables)
    store = workbook.store_of(case, folder / "answers.json")
    return _open(workbook.Workbook("l07-demo", plan, bank or graded_bank(), store, case))


def _open(opened):
    workbook._open(opened)
    return opened
