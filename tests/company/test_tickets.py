"""A year of camera faults: a table that teaches the same to every learner, in one of two directions."""

import re
from collections import Counter
from datetime import datetime

import pytest

from threechairs.company import build_case
from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.company.tickets import BOTH, CAUSES, LEADS, camera_tickets, faults, hours_share, misleading
from threechairs.errors import ContentError

PINNED = {"ticket": "T0001", "opened": "2025-01-15T08:19Z", "gate": "Gate 3", "cause": "power", "hours_dark": 0.7}
PINNED_HOURS = 145.4


@pytest.fixture(scope="module", params=LEADS)
def drawn(request):
    """What leads in hours, and the tables of two hundred learners."""
    tables = {"tickets": {"rows": 500, "lead": request.param}}
    cases = [build_case("l11-demo", f"learner-{number}", tables=tables) for number in range(200)]
    return request.param, [case.table_rows("tickets") for case in cases]


def _shares(tickets, of):
    """Share of each cause in percent, reckoned another way than the generator does."""
    totals = {cause: sum(of(row) for row in tickets if row["cause"] == cause) for cause in CAUSES}
    return {cause: 100 * total / sum(totals.values()) for cause, total in totals.items()}


def test_power_leads_in_tickets_and_the_wanted_cause_in_hours(drawn):
    """Power has most tickets by four points; in hours 55 % need both teams, or power has 32 % and is five ahead."""
    lead, tables = drawn
    for tickets in tables:
        counts = _shares(tickets, lambda _row: 1)
        hours = _shares(tickets, lambda row: row["hours_dark"])
        first, second = sorted(hours, key=hours.get, reverse=True)[:2]

        assert len(tickets) == 500
        assert counts["power"] >= 4 - 1e-9 + max(counts[cause] for cause in CAUSES if cause != "power")
        assert first == {"both": BOTH, "power": "power"}[lead]
        assert hours[first] >= {"both": 55, "power": 32}[lead] - 1e-9
        assert hours[first] - hours[second] >= 5 - 1e-9


def test_no_wrong_way_to_reckon_gives_the_right_share(drawn):
    """Share of tickets, mean, total, a share without camera faults and the share of power: each is 3 points off."""
    for tickets in drawn[1]:
        hours = _shares(tickets, lambda row: row["hours_dark"])
        own = [row["hours_dark"] for row in tickets if row["cause"] == BOTH]
        right = hours[BOTH]
        wrong = {
            "share of tickets": len(own) / 5,
            "mean hours": sum(own) / len(own),
            "hours": sum(own),
            "share of hours without camera faults": 100 * right / (100 - hours["camera"]),
            "share of hours of power": hours["power"],
        }

        assert misleading(tickets) == pytest.approx(wrong)
        assert min(abs(number - right) for number in wrong.values()) >= 3 - 1e-9
        assert round(right) == round(round(right, 1))


def test_over_all_learners_the_numbers_are_those_of_the_course(drawn):
    """180, 140, 130 and 50 of 500 tickets, 0.9, 1.1, 7 or 0.5, and 2 hours, within a tenth of each."""
    lead, tables = drawn
    expected = {
        "power": (180, 0.9),
        "network": (140, 1.1),
        BOTH: (130, 7 if lead == "both" else 0.5),
        "camera": (50, 2),
    }
    for cause, (number, mean_hours) in expected.items():
        hours = [row["hours_dark"] for tickets in tables for row in tickets if row["cause"] == cause]

        assert len(hours) / len(tables) == pytest.approx(number, rel=0.1)
        assert sum(hours) / len(hours) == pytest.approx(mean_hours, rel=0.15)
        assert max(hours) > 4 * mean_hours, "no long outages"
    assert len({len([row for row in tickets if row["cause"] == BOTH]) for tickets in tables}) > 20


def test_every_column_holds_what_it_says(drawn):
    """Tickets are numbered, opened in order within 2025, at a gate, dark for some tenths of an hour."""
    for tickets in drawn[1][:20]:
        opened = [datetime.strptime(row["opened"], "%Y-%m-%dT%H:%MZ") for row in tickets]

        assert [row["ticket"] for row in tickets] == [f"T{number:04}" for number in range(1, 501)]
        assert opened == sorted(opened) and {moment.year for moment in opened} == {2025}
        assert {moment.month for moment in opened} == set(range(1, 13))
        assert all(re.fullmatch("Gate [1-9]", row["gate"]) for row in tickets)
        assert {row["cause"] for row in tickets} == set(CAUSES)
        assert all(row["hours_dark"] >= 0.1 and row["hours_dark"] == round(row["hours_dark"], 1) for row in tickets)


@pytest.mark.slow
@pytest.mark.parametrize("lead", LEADS)
def test_a_thousand_learners_are_served_within_fifty_draws(monkeypatch, lead):
    """Rejection is bounded, and the key holds the leader, tickets and hours per cause as a recount finds them."""
    monkeypatch.setattr("threechairs.company.tickets.TRIES", 50)
    told = set()
    for number in range(1000):
        made = Firm(f"learner-{number}", "l11-demo", settings={"tickets": {"lead": lead}}).made("tickets")
        hours = dict.fromkeys(CAUSES, 0.0)
        for row in made.rows:
            hours[row["cause"]] += row["hours_dark"]
        dark = sum(hours.values())

        assert made.key == {
            "cause_with_most_hours": max(hours, key=hours.get),
            "tickets": Counter(row["cause"] for row in made.rows),
            "hours_share_percent": pytest.approx({cause: 100 * one / dark for cause, one in hours.items()}),
        }
        assert made.key["cause_with_most_hours"] == {"both": BOTH, "power": "power"}[lead]
        told.add(made.key["hours_share_percent"][BOTH])
    assert len(told) > 990


def test_learners_have_different_tables(drawn):
    """No two of two hundred share their right answer's decimals and their number of tickets per cause."""
    told = {(hours_share(tickets, BOTH), hours_share(tickets, "power")) for tickets in drawn[1]}

    assert len(told) == 200


def test_tickets_stay_what_they_are():
    """Cases already handed out keep their tables: this draw must never change, on any Python."""
    tickets = camera_tickets(Draws("alice", "l11", 1, "pinned"), rows=60)

    assert tickets[0] == PINNED
    assert round(sum(row["hours_dark"] for row in tickets), 1) == PINNED_HOURS


def test_a_table_that_teaches_nothing_is_told_apart():
    """Equal hours, equal tickets, and a share that rounds either way are named as what they are."""
    rows = [{"cause": cause, "hours_dark": 2.0} for cause in CAUSES for _ in range(25)]
    halfway = [{"cause": BOTH, "hours_dark": 68.5}, {"cause": "power", "hours_dark": 31.5}]

    assert faults(rows, "both") == [
        "power does not lead clearly in tickets",
        "power and network does not lead clearly in hours",
        "share of tickets is close to the right answer",
        "share of hours of power is close to the right answer",
    ]
    assert "the right answer, taken to one decimal, is not surely rounded to the same whole number" in faults(
        halfway, "both"
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"lead": "bth"}, "tickets: 'lead' is 'bth'. Did you mean 'both'?"),
        ({"lead": "camera"}, "tickets: 'lead' is 'camera'. Known: both, power."),
        ({"rows": 3}, "tickets: 'rows' is 3. Expected at least 50."),
    ],
)
def test_settings_that_cannot_be_drawn_are_told(settings, words):
    """An author who asks for an unknown cause, or for too few rows, learns what would do."""
    with pytest.raises(ContentError) as told:
        camera_tickets(Draws("alice"), **settings)

    assert str(told.value) == words


def test_drawing_ends_when_no_table_will_do(monkeypatch):
    """After a bounded number of tries the author is told, instead of the learner waiting for ever."""
    monkeypatch.setattr("threechairs.company.tickets.TRIES", 3)
    monkeypatch.setattr("threechairs.company.tickets.faults", lambda _tickets, _lead: ["poor"])

    with pytest.raises(
        ContentError, match=r"none of 3 tables of 60 rows is led by 'power' .* Give the table more rows"
    ):
        camera_tickets(Draws("alice"), rows=60, lead="power")
