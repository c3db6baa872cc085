"""One learner's variant of the firm: the same for the same learner, another for anybody else."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.company import build_case
from threechairs.company.charter import draft_charter
from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.course.items import item_bank
from threechairs.course.workbook import case_of
from threechairs.datasets import table
from threechairs.errors import ContentError, UsageError

L01 = "l01-three-chairs"
BANK = item_bank(L01)
CASE_IDS = [f"learner-{number}" for number in range(300)]
FAULTS = {"rows": 36, "critical_orphans": [3, 6], "other_orphans": [2, 5], "doubles": [3, 6]}


@pytest.fixture(scope="module")
def cases():
    """The first attempts of three hundred learners, in the order of CASE_IDS."""
    return [case_of(L01, name, 1) for name in CASE_IDS]


def test_the_same_seed_gives_the_same_case():
    """Facts, tables, draws and fingerprint are equal however often the case is opened."""
    one, again = case_of(L01, "alice", 1), case_of(L01, "alice", 1)

    assert one == again
    assert one.fingerprint == again.fingerprint
    assert one.draw("cards", range(20), 8) == again.draw("cards", range(20), 8)


def test_the_same_seed_gives_the_same_case_in_another_process():
    """Neither hash seed nor start of the interpreter matters: a grader's process draws what the learner's drew."""
    code = f"from threechairs.course.workbook import case_of; print(case_of({L01!r}, 'alice', 1).fingerprint)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )

    assert found.stdout.strip() == case_of(L01, "alice", 1).fingerprint


def test_draws_stay_what_they_are():
    """Cases already handed out keep their tables: these draws must never change."""
    draws = Draws("alice", "l01", 1, "pinned")

    assert [draws.whole(1, 100) for _ in range(5)] == [90, 55, 87, 37, 48]
    assert Draws("alice", "l01", 1, "pinned").sample("abcdef", 6) == ["f", "c", "e", "b", "a", "d"]


def test_learners_attempts_and_assignments_differ():
    """Another learner, another attempt and another assignment have tables of their own."""
    base = build_case(L01, "alice", 1, tables={"charter": FAULTS})
    others = [
        build_case(L01, "bob", 1, tables={"charter": FAULTS}),
        build_case(L01, "alice", 2, tables={"charter": FAULTS}),
        build_case("l02-other", "alice", 1, tables={"charter": FAULTS}),
    ]

    prints = {case.fingerprint for case in [base, *others]}
    assert len(prints) == 4
    assert all(case.table_rows("charter") != base.table_rows("charter") for case in others)


def test_every_case_and_attempt_has_its_own_fingerprint(cases):
    """Three hundred learners with two attempts each: six hundred fingerprints."""
    prints = {case.fingerprint for case in [*cases, *(case_of(L01, name, 2) for name in CASE_IDS)]}

    assert len(prints) == 600


def test_the_parts_of_a_seed_do_not_run_together():
    """Learner `a1` in attempt 1 is not learner `a` in attempt 11."""
    assert Draws("a1", 1).whole(0, 10**9) != Draws("a", 11).whole(0, 10**9)


def test_the_fingerprint_changes_with_any_value():
    """A changed fact, and a changed cell of a table, are other tables; an unused value is not."""
    facts = {"lane": ["open"], "loss_eur": [1000]}
    base = build_case("demo", "alice", facts=facts, tables={"charter": FAULTS})

    for changed in ({**facts, "loss_eur": [1001]}, {**facts, "lane": ["shut"]}, {**facts, "more": ["x"]}):
        assert build_case("demo", "alice", facts=changed, tables={"charter": FAULTS}).fingerprint != base.fingerprint
    for setting, value in (("rows", 35), ("doubles", [7, 7])):
        other = build_case("demo", "alice", facts=facts, tables={"charter": {**FAULTS, setting: value}})
        assert other.fingerprint != base.fingerprint


def test_planted_counts_tell_what_was_counted(cases):
    """Each count stays in its range, and no wrong way of counting gives the right number."""
    for case in cases:
        rows = case.table_rows("charter")
        unheld = [row for row in rows if not row["holder_1"]]
        critical_unheld = sum(row["critical"] == "yes" for row in unheld)
        other_unheld = len(unheld) - critical_unheld
        doubles = sum(bool(row["holder_2"]) for row in rows)

        assert len(rows) == 36
        assert 3 <= critical_unheld <= 6 and 2 <= other_unheld <= 5 and 3 <= doubles <= 6
        assert len({critical_unheld, other_unheld, doubles, len(unheld)}) == 4
        assert critical_unheld != sum(row["critical"] == "yes" for row in rows)
        assert len({row["duty"] for row in rows}) == 36
        assert [row["line"] for row in rows] == list(range(1, 37))
        assert all(row["holder_1"] != row["holder_2"] for row in rows if row["holder_2"])
        assert {row["duty"] for row in rows} <= {duty["duty"] for duty in table("duties")}


def test_a_thousand_charters_are_found_within_fifty_draws_and_their_keys_are_recounted(monkeypatch):
    """Rejection is bounded, and the key has the lines nobody holds, critical ones apart, and those that two hold."""
    monkeypatch.setattr("threechairs.company.charter.TRIES", 50)
    for number in range(1000):
        made = Firm(f"learner-{number}", L01).made("charter")
        unheld = [row["critical"] == "yes" for row in made.rows if row["holder_1"] == ""]

        assert made.key == {
            "critical_orphans": sum(unheld),
            "other_orphans": len(unheld) - sum(unheld),
            "doubles": len([row for row in made.rows if row["holder_2"] != ""]),
        }


def test_every_value_of_every_fact_is_drawn(cases):
    """Over three hundred learners each variant turns up, none of them rarely."""
    for fact, values in BANK.facts.items():
        drawn = [case.facts[fact] for case in cases]
        assert set(drawn) == set(values)
        assert min(drawn.count(value) for value in values) > 300 / len(list(values)) / 2


@given(st.text(), st.integers(-5, 5), st.integers(0, 20))
def test_whole_numbers_stay_in_their_range(seed, low, width):
    """Both ends can be drawn, nothing beyond them."""
    draws = Draws(seed)

    assert all(low <= draws.whole(low, low + width) <= low + width for _ in range(20))


@given(st.text(), st.lists(st.integers()))
def test_a_sample_of_all_is_a_shuffle(seed, options):
    """Nothing gets lost or doubled, and the list itself is left alone."""
    before = list(options)

    assert sorted(Draws(seed).sample(options, len(options))) == sorted(before)
    assert options == before


def test_facts_stand_in_texts_as_people_write_them():
    """Money has thousands separators, and facts told in words are their words."""
    case = build_case("demo", "alice", facts={"loss_eur": [1_900_000], "lane": {"occupied": "Sam works there."}})

    assert case.fill("EUR {loss_eur}. {lane} {{kept}}") == "EUR 1,900,000. Sam works there. {kept}"
    assert case.facts == {"loss_eur": 1_900_000, "lane": "occupied"}


@pytest.mark.parametrize("text", ["{los_eur}", "{}", "{0}", "{loss_eur", "{loss_eur.digits}", "{loss_eur[x]}", "}"])
def test_a_text_that_cannot_be_filled_is_told(text):
    """A typo in braces names the assignment and the facts that are known."""
    case = build_case("demo", "alice", facts={"loss_eur": [1000], "lane": ["open"]})

    with pytest.raises(ContentError, match=r"demo: a text names .* Known facts: lane, loss_eur"):
        case.fill(text)


def test_a_setting_of_a_table_can_be_a_fact_of_the_case():
    """`{fact: name}` is what the case drew for that fact, so text and table tell the same story."""
    facts = {"duties_named": [30, 36]}
    settings = {**FAULTS, "rows": {"fact": "duties_named"}}
    cases = [build_case("demo", name, facts=facts, tables={"charter": settings}) for name in CASE_IDS[:20]]

    assert {case.facts["duties_named"] for case in cases} == {30, 36}
    for case in cases:
        plain = build_case(
            "demo", case.case_id, facts=facts, tables={"charter": {**FAULTS, "rows": case.facts["duties_named"]}}
        )
        assert len(case.table_rows("charter")) == case.facts["duties_named"]
        assert case == plain


def test_a_setting_that_names_an_unknown_fact_is_told():
    """A typo in the name of a fact offers the fact that was meant."""
    tables = {"charter": {**FAULTS, "rows": {"fact": "duties_nmed"}}}

    with pytest.raises(
        ContentError, match=r"demo: a table asks for the fact 'duties_nmed'\. Did you mean 'duties_named'"
    ):
        build_case("demo", "alice", facts={"duties_named": [36]}, tables=tables)


def test_an_unknown_table_is_told():
    """A table that the case lacks, and one that nobody can draw, offer what is known."""
    case = build_case("demo", "alice", tables={"charter": FAULTS})

    with pytest.raises(UsageError, match=r"this case has no such table\. Did you mean 'charter'"):
        case.table("chartr")
    with pytest.raises(ContentError, match=r"no table can be drawn as 'chartr'\. Did you mean 'charter'"):
        build_case("demo", "alice", tables={"chartr": FAULTS})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({**FAULTS, "rows": 12, "doubles": [6, 6]}, "planted faults in 12 rows. At most half may be faulty"),
        ({**FAULTS, "critical_orphans": [3, 3], "doubles": [3, 3]}, "no different counts fit"),
    ],
)
def test_faults_that_do_not_fit_are_told(settings, words):
    """An author who asks for too much, or for equal counts only, learns which setting to change."""
    with pytest.raises(ContentError) as told:
        draft_charter(Draws("alice"), **settings)

    assert words in str(told.value)


def test_a_case_shows_whose_it_is():
    """The first cell of an assignment tells the learner that the case is theirs, as text and not as markup."""
    shown = build_case("demo", "<b>alice", 2)._repr_html_()

    assert "variant of &lt;b&gt;alice" in shown and "attempt 2" in shown
