"""Posts that stood empty: how long, and where people were lost on the way to them."""

from collections import Counter
from datetime import date
from statistics import mean, variance

import pytest

from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.company.hiring import hiring_funnel, leaking_step
from threechairs.errors import ContentError

STEPS = ("applied", "screened", "interviewed", "offered", "accepted")


@pytest.fixture(scope="module")
def firms():
    """The firm as a thousand learners see it."""
    return [Firm(f"learner-{number}", "l12-demo") for number in range(1000)]


def test_every_post_was_filled_last_year_after_the_days_it_says(firms):
    """60 posts, filled within 2025, each open from the day told to the day told."""
    for firm in firms[:50]:
        rows = firm.rows("open_roles")

        assert [row["opening_id"] for row in rows] == [f"O{number:02}" for number in range(1, 61)]
        for row in rows:
            opened, filled = date.fromisoformat(row["opened_on"]), date.fromisoformat(row["filled_on"])
            assert (filled - opened).days == row["days_to_fill"] >= 5
            assert filled.year == 2025
            assert row["chair"] in {"cso", "ciso", "cio"}
            assert 35_000 < row["salary_eur"] < 180_000 and row["salary_eur"] % 500 == 0


def test_over_all_learners_days_to_fill_are_gamma_4_22(firms):
    """Mean 88 days and variance 1,936: the shape and the scale of the course."""
    days = [row["days_to_fill"] for firm in firms for row in firm.rows("open_roles")]

    assert mean(days) == pytest.approx(88, rel=0.01)
    assert variance(days) == pytest.approx(4 * 22**2, rel=0.04)


def test_a_post_has_one_chair_and_one_usual_salary(firms):
    """The same job reports to the same chair for everybody, and architects earn more than analysts."""
    rows = [row for firm in firms for row in firm.rows("open_roles")]
    usual = {job: mean(row["salary_eur"] for row in rows if row["job"] == job) for job in {row["job"] for row in rows}}

    assert len({(row["job"], row["chair"], row["main_skill"]) for row in rows}) == len(usual) == 10
    assert usual["security architect"] > 1.5 * usual["shift analyst"]
    assert usual["shift analyst"] == pytest.approx(58_000, rel=0.02)


def test_the_key_adds_up_the_vacancy_days(firms):
    """The sum of all days, which differs between learners."""
    for firm in firms:
        days = [row["days_to_fill"] for row in firm.rows("open_roles")]

        assert firm.key("open_roles") == {"vacancy_days": sum(days)}
        assert 3_500 < sum(days) < 7_500
    assert len({firm.key("open_roles")["vacancy_days"] for firm in firms}) > 600


def test_each_step_of_a_funnel_has_no_more_people_than_the_one_before(firms):
    """A row per open role, narrowing to the one who was hired."""
    for firm in firms:
        rows = firm.rows("hiring_funnel")

        assert [row["opening_id"] for row in rows] == [row["opening_id"] for row in firm.rows("open_roles")]
        for row in rows:
            numbers = [row[step] for step in STEPS]
            assert numbers == sorted(numbers, reverse=True)
            assert numbers[-1] == 1


def test_one_step_leaks_clearly_and_the_key_names_it(firms):
    """Of all applicants at a step, the share that passes is at the leak at most 0.8 times the next lowest."""
    leaks = Counter()
    for firm in firms:
        rows = firm.rows("hiring_funnel")
        totals = [sum(row[step] for row in rows) for step in STEPS]
        rates = sorted((totals[at + 1] / totals[at], STEPS[at + 1]) for at in range(4))

        assert firm.key("hiring_funnel") == {"leak": rates[0][1]}
        assert rates[0][0] <= 0.8 * rates[1][0]
        leaks[rates[0][1]] += 1
    assert leaks.keys() == set(STEPS[1:])
    assert min(leaks.values()) > 150


def test_the_mean_of_the_posts_is_not_the_share_of_all_applicants(firms):
    """Who averages 60 shares instead of dividing two sums gets at least 5 % more."""
    for firm in firms:
        applied = [row["applied"] for row in firm.rows("hiring_funnel")]

        assert mean(1 / number for number in applied) >= 1.05 * 60 / sum(applied)
        assert 7 < mean(applied) < 60


def test_a_thousand_learners_are_served_within_ten_draws(monkeypatch):
    """Rejection is bounded: of a thousand draws allowed, nobody needs more than ten."""
    monkeypatch.setattr("threechairs.company.hiring.TRIES", 10)
    for number in range(1000):
        assert len(Firm(f"learner-{number}", "l12-demo").rows("hiring_funnel")) == 60


def test_a_funnel_without_a_clear_leak_is_told_apart():
    """Equal steps have no leak; a step just below the next lowest is none either."""
    assert leaking_step([dict(zip(STEPS, (16, 8, 4, 2, 1), strict=True))]) is None
    assert leaking_step([dict(zip(STEPS, (100, 45, 22, 11, 6), strict=True))]) is None
    assert leaking_step([dict(zip(STEPS, (100, 50, 10, 5, 3), strict=True))]) == "interviewed"


def test_drawing_ends_when_no_funnel_will_do(firms, monkeypatch):
    """After a bounded number of tries the author is told, instead of the learner waiting for ever."""
    monkeypatch.setattr("threechairs.company.hiring.TRIES", 3)
    monkeypatch.setattr("threechairs.company.hiring.leaking_step", lambda _rows: None)

    with pytest.raises(ContentError, match="hiring_funnel: none of 3 tables of 60 posts has one clear leak"):
        hiring_funnel(firms[0], Draws("alice"))


@pytest.mark.parametrize("name", ["open_roles", "hiring_funnel"])
def test_the_same_seed_gives_the_same_rows(firms, name):
    """A learner finds the table as it was; another learner, or a second attempt, finds another."""
    again = Firm("learner-0", "l12-demo").made(name)

    assert again == firms[0].made(name)
    assert Firm("learner-0", "l12-demo", 2).rows(name) != again.rows
    assert firms[1].rows(name) != again.rows
