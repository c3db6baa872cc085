"""Applications: sizes, distributions, what hangs together, and one count of unsupported critical ones per learner."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import fmean, median, stdev

import pytest
from scipy.stats import gamma, kstest, spearmanr

from threechairs.company import people
from threechairs.company import systems as module
from threechairs.company.firm import Firm
from threechairs.errors import ContentError

pytestmark = pytest.mark.slow  # pooled over many learners; what the fast tests need is in test_firm.py

COLUMNS = {
    *("app_id", "name", "owner", "site_id", "value_score", "annual_cost_eur"),
    *("age_years", "criticality", "mfa", "supported"),
}


@pytest.fixture(scope="module")
def firms() -> list[Firm]:
    """Two hundred learners' firms."""
    return [Firm(f"learner-{number}", "l04") for number in range(200)]


@pytest.fixture(scope="module")
def pooled(firms: list[Firm]) -> list[dict]:
    """The applications of all of them together."""
    return [row for firm in firms for row in firm.rows("applications")]


def test_there_are_320_applications_with_names_of_their_own(firms: list[Firm]) -> None:
    """Ids run from APP001 to APP320, no name comes twice, and every row has the same columns."""
    for firm in firms:
        rows = firm.rows("applications")
        assert [row["app_id"] for row in rows] == [f"APP{number:03}" for number in range(1, 321)]
        assert len({row["name"] for row in rows}) == 320
        assert all(set(row) == COLUMNS for row in rows)


def test_owners_are_departments_and_places_are_sites(firms: list[Firm]) -> None:
    """What a department owns stands at a site of its own kind or serves the group; every department owns something."""
    for firm in firms[:20]:
        kinds = {site["site_id"]: site["kind"] for site in firm.rows("sites")}
        rows = firm.rows("applications")
        assert {row["owner"] for row in rows} == set(people.STAFF)
        for row in rows:
            if row["site_id"] and row["owner"] in {"ports", "freight", "clinics"}:
                assert kinds[row["site_id"]] == row["owner"].removesuffix("s")
            else:
                assert row["site_id"] in {None, *kinds}
        assert 0.45 < fmean(row["site_id"] is None for row in rows) < 0.65


def test_costs_and_ages_follow_their_distributions(pooled: list[dict]) -> None:
    """Costs are lognormal with median EUR 90,000 and sigma 0.9, ages gamma(2.2, 4) years, whole EUR and one decimal."""
    logs = [math.log(row["annual_cost_eur"]) for row in pooled]
    ages = [row["age_years"] for row in pooled]
    assert math.exp(median(logs)) == pytest.approx(90_000, rel=0.02)
    assert stdev(logs) == pytest.approx(0.9, rel=0.01)
    assert fmean(ages) == pytest.approx(8.8, rel=0.02)
    assert kstest(ages, gamma(2.2, scale=4).cdf).statistic < 0.015
    assert all(row["annual_cost_eur"] > 0 and type(row["annual_cost_eur"]) is int for row in pooled)
    assert all(row["age_years"] == round(row["age_years"], 1) for row in pooled)


def test_scores_are_in_range_and_hang_together(pooled: list[dict]) -> None:
    """Criticality is 1 to 4, value 1 to 10, and what is more critical is worth more."""
    criticality, value = [row["criticality"] for row in pooled], [row["value_score"] for row in pooled]
    assert set(criticality) == {1, 2, 3, 4}
    assert set(value) == set(range(1, 11))
    assert fmean(one == 4 for one in criticality) == pytest.approx(0.14, abs=0.01)
    assert 0.5 < spearmanr(criticality, value).statistic < 0.75


def test_older_applications_rarely_have_mfa_or_support(pooled: list[dict]) -> None:
    """The shares with MFA and with support fall from each five years of age to the next."""
    by_age = [[row for row in pooled if low <= row["age_years"] < low + 5] for low in (0, 5, 10, 15)]
    for column in ("mfa", "supported"):
        shares = [fmean(row[column] for row in rows) for rows in by_age]
        assert all(younger > older + 0.06 for younger, older in pairwise(shares))
    assert 0.45 < fmean(row["mfa"] for row in pooled) < 0.65
    assert spearmanr([row["age_years"] for row in pooled], [row["mfa"] for row in pooled]).statistic < -0.35


def test_every_learner_has_the_planted_number_and_no_wrong_count_equals_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a thousand learners, within 25 draws, the key is what a recount finds, and no misreading gives its number."""
    monkeypatch.setattr(module, "TRIES", 25)
    seen = set()
    for number in range(1000):
        made = Firm(f"learner-{number}", "l04").made("applications")
        rows, planted = made.rows, made.key["unsupported_critical"]
        alone = [row for row in rows if not row["supported"]]
        critical = [row for row in alone if row["criticality"] == 4]
        wrong = [
            len(alone),
            sum(row["criticality"] == 4 for row in rows),
            sum(row["criticality"] == 1 for row in alone),
            sum(row["criticality"] in {3, 4} for row in alone),
            sum(not row["mfa"] for row in critical),
        ]
        assert len(critical) == planted
        assert sorted(module.misleading(rows).values()) == sorted(wrong)
        assert planted not in wrong
        assert made.key["total_cost_eur"] == sum(row["annual_cost_eur"] for row in rows)
        seen.add(planted)
    assert seen == set(range(8, 21))


def test_same_learner_same_rows_and_another_attempt_other_rows() -> None:
    """A table can be made again at any time; a second attempt sees other numbers."""
    rows = Firm("alice", "l04").rows("applications")
    assert rows == Firm("alice", "l04").rows("applications")
    assert rows != Firm("alice", "l04", attempt=2).rows("applications")


def test_a_number_that_no_table_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An author who plants more unsupported critical applications than there are critical ones is told."""
    monkeypatch.setattr(module, "TRIES", 10)
    firm = Firm("alice", "l04", settings={"applications": {"unsupported_critical": (300, 310)}})
    with pytest.raises(ContentError, match=r"'unsupported_critical' is \[300, 310\]"):
        firm.rows("applications")
