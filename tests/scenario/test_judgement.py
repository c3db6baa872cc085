"""G1 to G7: a table of decision records with what each is worth, and the promises that hold for every record."""

import random
import re
from dataclasses import dataclass

import pytest

from threechairs.company.deals import deal_table
from threechairs.scenario.judgement import judge
from threechairs.scenario.record import (
    Deal,
    Decision,
    Dissent,
    DissentDue,
    Floor,
    Imposed,
    InformDue,
    Informed,
    Ratified,
    RiskLeft,
    RiskSigned,
)

TABLES = {"gate-4": deal_table("gate-4")}


@dataclass(frozen=True)
class Row:
    """A record and what it is worth: the tests that apply (G1 left out where no floor was broken), and the score."""

    name: str
    record: tuple
    score: float
    tests: dict[str, float]
    says: str = ""


def row(name, *record, score, says="", **tests):
    return Row(name, record, score, tests, says)


def decided(right, by, **more):
    return Decision(right=right, signed_by=by, **more)


def floor(event, which="life", **more):
    return Floor(floor=which, event=event, **more)


def deal(desk, power, network, notice):
    """A deal at Gate 4, by the place of each option: desk IT, joint, Facilities; and so on."""
    places = {"fault-desk": desk, "backup-power": power, "segmentation": network, "power-notice": notice}
    issues = {issue.id: [option.id for option in issue.options] for issue in TABLES["gate-4"].issues}
    return Deal(table="gate-4", options={issue: issues[issue][at] for issue, at in places.items()})


def left(loss=180_000, longest=90, **more):
    return RiskLeft(risk="hole", loss_eur=loss, shortest_days=7, longest_days=longest, **more)


def signed(owner, days=None, risk="hole"):
    return RiskSigned(risk=risk, owner=owner, expires_days=days)


def due(right=None, matter="fire", **more):
    return InformDue(matter=matter, right=right, **more)


def told(*roles, matter="fire"):
    return Informed(matter=matter, roles=roles)


def contested(*parties):
    return DissentDue(matter="freeze", parties=parties)


def asked(*roles, **more):
    return Dissent(matter="freeze", asked=roles, **more)


GOOD = decided("D10", "ciso")
EVACUATED = decided("D14", "site-lead", emergency=True, told_at_once=True)
EVACUATION_HEARD = ("all-staff", "site-lead", "emergency-services", "coo", "hr")  # the charter's list for D14
PULLED = decided("D07", "soc", emergency=True, told_at_once=True)

# Gate 4 by hand. Reservations 50 and 45, together 95. Within the bound (a network within six weeks) the largest sum
# is 137, a gain of 42; without the bound it is 140 = (70, 70), a gain of 45.
MIDDLES = deal(1, 1, 1, 1)  # (59, 59), sum 118; within the bound (68, 67), sum 135, is better for both
NASH_WITHIN = deal(1, 0, 1, 2)  # (68, 67)
EDGE = deal(1, 0, 1, 1)  # (77, 51): only (80, 58) and (79, 54) beat it, and both wait until after the peak
NASH_AFTER_PEAK = deal(2, 0, 0, 2)  # (70, 70), network after the peak
AFTER_PEAK_BEATEN = deal(2, 0, 0, 1)  # (79, 54), sum 133, after the peak; (80, 58), sum 138, is better for both
ONE_SIDED = deal(0, 0, 0, 0)  # (100, 0): IT gets less than its 45

ROWS = [
    row("empty record", score=0, says="Nothing was decided"),
    # G1
    row("only a kept floor", floor("repaired"), score=0, G1=1, says="traded for anything"),
    row("floor broken and repaired in time", GOOD, floor("breached"), floor("repaired"), score=0.7, G1=0.7, G2=1),
    row("floor broken, never repaired", GOOD, floor("breached"), score=0.4, G1=0.4, G2=1, says="never put right"),
    row(
        "repaired only after harm",
        GOOD,
        floor("breached"),
        floor("harmed"),
        floor("repaired"),
        score=0.4,
        G1=0.4,
        G2=1,
        says="harm came before",
    ),
    row("breach that could not be known", GOOD, floor("breached", known=False), score=1, G1=1, G2=1, says="beforehand"),
    row("harm without a breach is fate", GOOD, floor("harmed"), score=1, G1=1, G2=1),
    row(
        "one floor repaired, the other not",
        GOOD,
        floor("breached"),
        floor("repaired"),
        floor("breached", "law"),
        score=0.4,
        G1=0.4,
        G2=1,
        says="the law was broken",
    ),
    row("broken again", GOOD, *map(floor, ("breached", "repaired", "breached")), score=0.4, G1=0.4, G2=1),
    row("a repair of another floor", GOOD, floor("breached"), floor("repaired", "law"), score=0.4, G1=0.4, G2=1),
    row("the cap lifts nothing", decided("D10", "cio"), floor("breached"), score=0, G1=0.4, G2=0),
    # G2
    row("right decider", GOOD, score=1, G2=1, says="The CISO answers for D10 (Set patch deadlines by severity) and"),
    row("wrong single decider", decided("D10", "cio"), score=0, G2=0, says="The CIO does not"),
    row("the boss is not the holder", decided("D10", "ceo", consulted=("cio",)), score=0, G2=0),
    row(
        "the one who answers is asked, another signs",
        decided("D10", "cio", consulted=("ciso",)),
        score=0.5,
        G2=0.5,
        says="The CISO was asked, but the CIO decided",
    ),
    row("one right, one wrong decider", GOOD, decided("D06", "ciso"), score=0.5, G2=0.5),
    row("written delegate", decided("D10", "soc", delegate_of="ciso"), score=1, G2=1,
        says="and had handed that over in writing: the security operations centre decided"),
    row("delegate of somebody else", decided("D10", "soc", delegate_of="cio"), score=0, G2=0),
    row("rightful evacuation", EVACUATED, Ratified(right="D14", after_h=2), score=1, G2=1, says="after 2 hours"),
    row("ratified in the last hour", EVACUATED, Ratified(right="D14", after_h=4), score=1, G2=1),
    row("ratified too late", EVACUATED, Ratified(right="D14", after_h=5), score=0, G2=0, says="only after 5 hours"),
    row("never ratified", EVACUATED, score=0, G2=0, says="never ratified"),
    row("another act ratified", EVACUATED, Ratified(right="D07", after_h=1), score=0, G2=0),
    row("ratified before it happened", Ratified(right="D14", after_h=1), EVACUATED, score=0, G2=0),
    row(
        "emergency told too late",
        decided("D14", "site-lead", emergency=True),
        Ratified(right="D14", after_h=2),
        score=0,
        G2=0,
        says="but the CSO was not told at once",
    ),
    row("no emergency after all", decided("D14", "site-lead", told_at_once=True), Ratified(right="D14", after_h=1),
        score=0, G2=0),
    row("emergency of somebody else's", decided("D07", "cio", emergency=True, told_at_once=True), score=0, G2=0),
    row("anyone stops unsafe work", decided("D27", "it-ops", emergency=True, told_at_once=True),
        Ratified(right="D27", after_h=1), score=1, G2=1),
    row("emergency call needs no ratifying", decided("D22", "soc", emergency=True, told_at_once=True), score=1, G2=1),
    row("the holder needs no emergency", decided("D07", "ciso", emergency=True), score=1, G2=1),
    row("above the limit the CISO may not except", decided("D09", "ciso", loss_eur=60_000), score=0, G2=0),
    row("acceptance by who bears the loss", decided("D08", "business-owner", loss_eur=180_000), score=1, G2=1),
    # G3
    row("imposed and well done", Imposed(heard=True, told_why=True, review_days=30), score=1, G3=1),
    row("imposed and badly done", Imposed(heard=False, told_why=False), score=0, G3=0, says="only told the outcome"),
    row("imposed, heard, no more", Imposed(heard=True, told_why=False), score=1 / 3, G3=1 / 3, says="missing: was"),
    row("agreed and imposed", NASH_WITHIN, Imposed(heard=True, told_why=False, review_days=9), score=11 / 12, G3=5 / 6,
        G4=1),
    row("a side gets less than without a deal", ONE_SIDED, score=0, G3=0, G4=0, says="Jonas, IT operations gets 0"),
    # G4
    row("Nash deal within the bounds", NASH_WITHIN, score=1, G3=1, G4=1),
    row("frontier deal that is not Nash", EDGE, score=1, G3=1, G4=1, says="No other deal"),
    row("dominated deal", MIDDLES, score=(1 + 25 / 42) / 2, G3=1, G4=1 - (135 - 118) / 42, says="40 % of the largest"),
    row("outside the bounds, no exception", NASH_AFTER_PEAK, score=0.5, G3=1, G4=0,
        says="paid for by the CISO, who is not at the table, and"),
    row("outside, with exception", NASH_AFTER_PEAK, left(), signed("business-owner", 60), score=1, G3=1, G4=1, G5=1,
        says="the owner of that risk signed"),
    row("outside, exception without end", NASH_AFTER_PEAK, left(), signed("business-owner"), score=(1 + 0 + 0.7) / 3,
        G3=1, G4=0, G5=0.7),
    row("outside, exception beyond the owner's limit", NASH_AFTER_PEAK, left(), signed("system-owner", 60),
        score=(1 + 0 + 0.7) / 3, G3=1, G4=0, G5=0.7),
    row("outside and dominated, with exception", AFTER_PEAK_BEATEN, left(), signed("ceo", 60),
        score=(1 + 8 / 9 + 1) / 3, G3=1, G4=1 - (138 - 133) / 45, G5=1),
    row("an exception not needed costs nothing", NASH_WITHIN, left(), signed("business-owner", 60), score=1, G3=1, G4=1,
        G5=1),
    # G5
    row("risk without owner", left(), score=0, G5=0, says="nobody signed for it"),
    row("owner, limit, end", left(), signed("business-owner", 90), score=1, G5=1,
        says="a sum within that role's limit. The end was set after 90 days."),
    row("a higher owner covers it too", left(), signed("board", 7), score=1, G5=1),
    row("owner's limit too small", left(), signed("system-owner", 30), score=0.7, G5=0.7,
        says="needs the signature of the business owner."),
    row("an owner who may sign nothing", left(), signed("ciso", 30), score=0.7, G5=0.7),
    row("no end", left(), signed("business-owner"), score=0.7, G5=0.7, says="No end date was set."),
    row("end too late", left(), signed("business-owner", 91), score=0.7, G5=0.7, says="too late: 7 to 90 days"),
    row("end too early", left(), signed("business-owner", 6), score=0.7, G5=0.7, says="too early"),
    row("only an owner", left(), signed("facilities", 400), score=0.4, G5=0.4),
    row("another risk signed", left(), signed("business-owner", 30, risk="fire"), score=0, G5=0),
    row("signed again, better", left(), signed("cio"), signed("business-owner", 30), score=1, G5=1),
    # G6
    row("all who must hear do", due("D14"), told(*EVACUATION_HEARD), score=1, G6=1),
    row("told in two rounds", due("D14"), told("all-staff", "coo"), told("site-lead", "emergency-services", "hr"),
        score=1, G6=1),
    row("tell everybody", due("D07"), told("business-owner", "site-lead", "gc", "all-staff", "press"), score=1 / 3,
        G6=1 / 3, says="All staff and the press heard of it and should not have"),
    row("tell only the wrong", due("D14"), told("press"), score=0, G6=0),
    row("one of five missing", due("D14"), told("all-staff", "site-lead", "emergency-services", "coo"), score=0.8,
        G6=0.8, says="Human Resources had to hear"),
    row("about something else", due("D14"), told(*EVACUATION_HEARD, matter="hole"), score=0, G6=0),
    row("who signed needs no telling", due("D14"), EVACUATED, Ratified(right="D14", after_h=1),
        told("all-staff", "emergency-services", "coo", "hr"), score=1, G2=1, G6=1),
    row("who was asked needs no telling", due("D10"), decided("D10", "ciso", consulted=("it-ops", "system-owner")),
        score=0.5, G2=1, G6=0),
    row("lists of its own", due(must=("coo", "gc"), must_not=("press",)), told("coo", "press"), score=0, G6=0),
    row("nobody has to hear", due(), GOOD, score=1, G2=1),
    # G7
    row("honest: nobody dissented", contested("facilities", "it-ops"), asked("facilities", "it-ops"), score=1, G7=1,
        says="Asked by name: Facilities and IT operations. Nobody dissented, and"),
    row("dissent written down", contested("facilities", "it-ops"), asked("facilities", "it-ops", dissented=("it-ops",)),
        score=1, G7=1, says="IT operations dissented, and that is written down."),
    row("one of two asked", contested("facilities", "it-ops"), asked("it-ops"), score=0.5, G7=0.5,
        says="Nobody asked Facilities."),
    row("nobody of three asked", contested("facilities", "site-lead", "ciso"), score=0, G7=0,
        says="Nobody asked Facilities, the site lead or the CISO."),
    row("asked, not written down", contested("facilities"), asked("facilities", logged=False), score=0, G7=0,
        says="not written down"),
    row("asked about something else", contested("cso"), Dissent(matter="hole", asked=("cso",)), score=0, G7=0),
    row("nobody asked", contested("facilities"), GOOD, score=0.5, G2=1, G7=0),
    # together
    row("what does not apply leaves the denominator", EVACUATED, Ratified(right="D14", after_h=1), due("D14"),
        told("all-staff", "emergency-services"), score=0.75, G2=1, G6=0.5),
    row("five tests under a cap", NASH_WITHIN, GOOD, left(), signed("business-owner", 30), contested("cso"),
        asked("cso"), floor("breached"), floor("repaired"), score=0.7, G1=0.7, G2=1, G3=1, G4=1, G5=1, G7=1),
    row("a low mean below the cap stands", PULLED, left(), floor("breached"), floor("repaired"), score=0, G1=0.7, G2=0,
        G5=0),
]  # fmt: skip


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.name)
def test_a_record_is_worth_what_the_rules_say(case):
    """Each record has the tests that apply, their values, the score and the reason that the rules give it."""
    judgement = judge(case.record, TABLES)

    found = {test.id: test.value for test in judgement.tests if test.applies}
    expected = case.tests if "G1" in case.tests or not case.record else {"G1": 1, **case.tests}
    assert found == pytest.approx(expected)
    assert judgement.score == pytest.approx(case.score)
    assert case.says in " ".join(test.reason for test in judgement.tests)


def test_the_table_has_no_row_twice():
    """At least forty records, each different."""
    assert len({case.record for case in ROWS if not any(isinstance(one, Deal) for one in case.record)}) >= 40
    assert len({case.name for case in ROWS}) == len(ROWS)


def test_reasons_name_roles_as_one_speaks_of_them():
    """A manager reads roles as one speaks of them: no id with a hyphen, no bare letter, no title without article."""
    texts = [test.reason for case in ROWS for test in judge(case.record, TABLES).tests]

    assert [text for text in texts if not text.endswith(".")] == []
    for text in texts:
        assert not {"it-ops", "site-lead", "business-owner", "system-owner", "all-staff"} & set(text.split()), text
        assert not {"A", "R", "C", "I"} & set(text.split()[1:]), text
        assert re.findall(r"(?<![Tt]he )\b(?:CSO|CISO|CIO|[Ss]ite lead|[Bb]usiness owner|[Ss]upplier)\b", text) == [], (
            text
        )


def test_a_breach_is_named_in_the_summary():
    """The sentence above the table says that the floor held the score down, and from how much."""
    capped = judge((GOOD, floor("breached")), {})

    assert capped.summary == "40 %: the mean of G2 is 100 %, but a broken floor allows no more than 40 %."
    assert judge((GOOD,), {}).summary == "100 %: the mean of G2."
    assert judge((floor("breached"),), {}).summary.startswith("Nothing was decided")


def test_the_judgement_is_plain_data():
    """A widget gets lists, numbers and words."""
    data = judge((GOOD,), {}).as_data()

    assert [test["id"] for test in data["tests"]] == ["G1", "G2", "G3", "G4", "G5", "G6", "G7"]
    assert (data["score"], data["cap"], data["tests"][1]["value"]) == (1.0, 1.0, 1.0)


ROLES = ("cso", "ciso", "cio", "soc", "business-owner", "system-owner", "ceo", "board", "anyone", "nobody-known", "")
RIGHTS = ("D06", "D07", "D08", "D09", "D14", "D19a", "D19b", "D22", "D27", "D99", "")
AMOUNTS = (None, 0, 49_999, 50_000, 250_001, 5_000_000, 10**400)


def any_entry(chance):  # noqa: PLR0911
    """Any entry that the schema allows, with names that nobody declared among them."""
    roles = lambda: tuple(chance.choices(ROLES, k=chance.randrange(4)))  # noqa: E731
    matter, right, role = chance.choice(("fire", "hole")), chance.choice(RIGHTS), chance.choice(ROLES)
    yes, days = chance.random() < 0.5, chance.choice((None, 1, 30, 10**400))
    kind = chance.randrange(11)
    if kind == 0:
        return Floor(
            floor=chance.choice(("life", "law")), event=chance.choice(("breached", "repaired", "harmed")), known=yes
        )
    if kind == 1:
        return Decision(
            right=right, signed_by=role, consulted=roles(), delegate_of=chance.choice((None, *ROLES)),
            loss_eur=chance.choice(AMOUNTS), emergency=yes, told_at_once=chance.random() < 0.5,
        )  # fmt: skip
    if kind == 2:
        return Ratified(right=right, after_h=chance.choice((0, 4, 5, 10**400)))
    if kind == 3:
        struck = deal(*(chance.randrange(3) for _ in range(4)))
        broken = {**struck.options, chance.choice(("fault-desk", "parking")): "it-desk"}
        options = chance.choice((struck.options, struck.options, broken, {}))
        return Deal(table=chance.choice(("gate-4", "gate-4", "gate-5")), options=options)
    if kind == 4:
        return Imposed(heard=yes, told_why=chance.random() < 0.5, review_days=days)
    if kind == 5:
        return RiskLeft(risk=matter, loss_eur=chance.choice(AMOUNTS[1:]), shortest_days=9, longest_days=days or 5)
    if kind == 6:
        return RiskSigned(risk=matter, owner=role, expires_days=days)
    if kind == 7:
        return InformDue(matter=matter, right=chance.choice((None, right)), must=roles(), must_not=roles())
    if kind == 8:
        return Informed(matter=matter, roles=roles())
    if kind == 9:
        return DissentDue(matter=matter, parties=(*roles(), role))
    return Dissent(matter=matter, asked=roles(), dissented=roles(), logged=yes)


def test_no_record_makes_the_judge_stumble():
    """Ten thousand records of valid entries, forged ones among them: always seven values in range, with a reason."""
    chance = random.Random(20_260)
    for _ in range(10_000):
        record = tuple(any_entry(chance) for _ in range(chance.randrange(9)))
        judgement = judge(record, TABLES)
        assert [test.id for test in judgement.tests] == ["G1", "G2", "G3", "G4", "G5", "G6", "G7"], record
        assert all(0 <= test.value <= 1 and test.reason for test in judgement.tests), record
        assert 0 <= judgement.score <= judgement.cap <= 1, record


def test_more_told_never_hides_a_leak():
    """Telling one more who must not hear never raises the score, whoever else is told."""
    chance, must, must_not = random.Random(7), ("coo", "gc", "hr"), ("press", "vendor")
    for _ in range(200):
        roles = tuple(chance.sample(must + must_not, chance.randrange(5)))
        duty = due(must=must, must_not=must_not)
        before = judge((duty, told(*roles)), {}).score
        assert judge((duty, told(*roles, "press")), {}).score <= before


def test_two_matters_are_told_apart() -> None:
    """Where one matter went well and another did not, the reasons do not contradict each other."""
    record = (
        InformDue(matter="first-login", must=("cio",), must_not=("vendor",)),
        Informed(matter="first-login", roles=("cio", "vendor")),
        InformDue(matter="deal", must=("coo",)),
        Informed(matter="deal", roles=("coo",)),
    )

    told = judge(record, {}, matters={"first-login": "the login at 03:12"}).tests[5]

    assert told.value == 0.5
    assert told.reason == (
        "About “the login at 03:12”: the supplier heard of it and should not have. "
        "About “deal”: everybody who had to hear of it did, and nobody who should not."
    )
