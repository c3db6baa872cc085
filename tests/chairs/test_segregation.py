"""Segregation of duties, against the worked users of the course."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.chairs import Conflict, conflict_pairs, count_violations, violations
from threechairs.errors import UsageError

USERS = {
    "u1": ["request-access", "approve-access"],
    "u2": ["provision-access", "deploy-change"],
    "u3": ["deploy-change", "approve-change", "assess"],
    "u4": ["select-vendor", "clear-vendor", "pay-vendor"],
    "u5": ["accept-risk"],
    "u6": ["write-policy"],
}
DUTIES = st.sampled_from(sorted({duty for pair in conflict_pairs() for duty in (pair.first, pair.second)}))
HOLDINGS = st.dictionaries(st.text(max_size=3), st.lists(DUTIES, max_size=8), max_size=5)


def test_the_worked_users_break_five_pairs():
    """Violations per user are 1, 0, 2, 2, 0, 0."""
    found = violations(USERS)
    assert [len(found[user]) for user in USERS] == [1, 0, 2, 2, 0, 0]
    assert count_violations(USERS) == 5


def test_three_of_six_worked_users_break_a_pair():
    """Users 1, 3 and 4 hold a pair whole."""
    assert [user for user, pairs in violations(USERS).items() if pairs] == ["u1", "u3", "u4"]


def test_a_violation_says_which_pair_and_why():
    """The pair found is the one of the table, with its reason."""
    (pair,) = violations(USERS)["u1"]
    assert (pair.first, pair.second) == ("request-access", "approve-access")
    assert pair.why == "Nobody should say yes to their own wish."


def test_a_pair_counts_once_however_it_is_written():
    """Duties given twice, and a pair that stands in both orders, do not add violations."""
    pairs = [Conflict("a", "b", "first"), Conflict("b", "a", "again")]
    assert violations({"u": ["a", "b", "a"]}, pairs) == {"u": (pairs[0],)}


def test_one_text_instead_of_a_list_is_refused():
    """A text would be read as letters and find nothing."""
    with pytest.raises(UsageError, match="Expected a list of duties"):
        violations({"u1": "request-access approve-access"})


@given(HOLDINGS, DUTIES)
def test_another_duty_never_takes_a_violation_away(holdings, duty):
    """Giving everybody one more duty can only add violations."""
    more = {user: [*held, duty] for user, held in holdings.items()}
    assert count_violations(more) >= count_violations(holdings)


@given(HOLDINGS)
def test_the_order_of_duties_means_nothing(holdings):
    """The same duties in another order break the same pairs."""
    assert violations({user: held[::-1] for user, held in holdings.items()}) == violations(holdings)
