"""Decision rights: who holds them, up to which amount, in which emergency."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.chairs import (
    accountable_for_acceptance,
    check_rights,
    decision_right,
    decision_rights,
    holds_right,
    roles,
)
from threechairs.errors import UsageError

RIGHT = replace(
    decision_right("D06"),
    decision_id="D99",
    accountable="cio",
    responsible=("it-ops",),
    consulted=("ciso",),
    informed_must=("soc",),
    informed_must_not=("press",),
    emergency_holder="it-ops",
    ratify_hours=24,
)


def _columns(right):
    return [problem.column for problem in check_rights([right])]


def test_an_unknown_decision_offers_the_nearest():
    """D8 is answered with D08, which its writer meant."""
    with pytest.raises(UsageError, match="Did you mean 'D08'"):
        decision_right("D8")
    with pytest.raises(UsageError, match="Did you mean 'D19"):
        decision_right("D19")


@pytest.mark.parametrize(
    ("loss", "role"),
    [
        (0, "system-owner"),
        (49_999.99, "system-owner"),
        (50_000, "business-owner"),
        (499_999, "business-owner"),
        (500_000, "business-owner"),
        (500_001, "ceo"),
        (5_000_000, "ceo"),
        (5_000_001, "board"),
        (1e12, "board"),
    ],
)
def test_acceptance_follows_the_limits(loss, role):
    """As the charter says: under 50,000, then up to and including 500,000 and 5 million; amounts in whole EUR."""
    assert accountable_for_acceptance(loss) == role


@pytest.mark.parametrize("loss", [-1, float("nan"), float("inf")])
def test_an_impossible_loss_is_refused(loss):
    """A loss below zero, NaN or infinity has no holder."""
    with pytest.raises(UsageError, match="not an amount of money"):
        accountable_for_acceptance(loss)
    with pytest.raises(UsageError, match="not an amount of money"):
        holds_right("ciso", "D03", loss_eur=loss)


@given(st.floats(0, 1e9))
def test_exactly_one_role_may_accept_a_loss(loss):
    """Whatever the amount, D08 has one holder, and going higher does not help."""
    holders = [role.role_id for role in roles() if holds_right(role.role_id, "D08", loss_eur=loss).may_act]
    assert holders == [accountable_for_acceptance(loss)]


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_larger_loss_never_goes_to_a_lower_role(one, other):
    """The ladder of limits only rises."""
    ladder = ["system-owner", "business-owner", "ceo", "board"]
    low, high = sorted([one, other])
    assert ladder.index(accountable_for_acceptance(low)) <= ladder.index(accountable_for_acceptance(high))


@pytest.mark.parametrize("right", decision_rights(), ids=lambda right: right.decision_id)
def test_outside_emergencies_the_accountable_role_alone_holds_a_right(right):
    """Without an emergency exactly one role may take each decision."""
    assert [r.role_id for r in roles() if holds_right(r.role_id, right.decision_id).may_act] == [right.accountable]


def test_the_ciso_does_not_accept_a_business_risk():
    """The worked case: 180,000 a year above tolerance belongs to the business owner, not to CISO, CIO or CEO."""
    for role in ("ciso", "cio", "ceo"):
        held = holds_right(role, "D08", loss_eur=180_000)
        assert (held.status, held.holder) == ("no", "business-owner")
    assert holds_right("business-owner", "D08", loss_eur=180_000).status == "yes"


def test_an_exception_above_tolerance_becomes_an_acceptance():
    """D09 ends at the tolerance; above it the answer comes from D08 and says so."""
    assert holds_right("ciso", "D09", loss_eur=50_000).status == "yes"
    above = holds_right("ciso", "D09", loss_eur=180_000)
    assert (above.status, above.holder) == ("no", "business-owner")
    assert above.reason == (
        "The business owner answers for D08 (Accept the residual risk on a business system) at EUR 180,000 a year; "
        "D09 ends at EUR 50,000. The CISO does not."
    )


def test_a_large_contract_moves_to_the_business_owner():
    """D19a ends at its limit, and D19b takes over."""
    assert holds_right("cio", "D19a", loss_eur=250_000).holder == "cio"
    above = holds_right("cio", "D19a", loss_eur=250_001)
    assert above.holder == "business-owner"
    assert "D19b" in above.reason


def test_an_emergency_holder_acts_and_is_ratified():
    """The site lead may evacuate at once; the CSO must ratify it within four hours."""
    held = holds_right("site-lead", "D14", emergency=True)
    assert (held.status, held.holder, held.ratify_hours, held.may_act) == ("in-emergency", "cso", 4, True)
    assert "the CSO must ratify it within 4 hours" in held.reason


def test_without_an_emergency_its_holder_may_not_act():
    """The same site lead on a quiet day is told whose decision it is, and what an emergency would change."""
    held = holds_right("site-lead", "D14")
    assert (held.status, held.may_act, held.ratify_hours) == ("no", False, None)
    assert "In an emergency the site lead may act" in held.reason


def test_an_emergency_gives_no_right_to_others():
    """The CIO does not get the CISO's disconnection, nor anyone the ransom, because it is urgent."""
    assert holds_right("cio", "D07", emergency=True).status == "no"
    assert holds_right("cfo", "D24", emergency=True).status == "no"


def test_anyone_may_make_an_emergency_call_without_ratification():
    """D22 exempts emergency calls: whoever is there calls, and the General Counsel is told."""
    held = holds_right("facilities", "D22", emergency=True)
    assert (held.status, held.ratify_hours) == ("in-emergency", None)
    assert "the general counsel is told afterwards" in held.reason
    assert holds_right("facilities", "D22").status == "no"


def test_the_holder_needs_no_emergency():
    """An emergency changes nothing for the accountable role."""
    assert holds_right("ciso", "D07", emergency=True).status == "yes"


def test_an_unknown_role_is_refused_with_an_offer():
    """A misspelt role must not pass as one without the right."""
    with pytest.raises(UsageError, match="Did you mean 'ciso'"):
        holds_right("cisso", "D07")


def test_a_clean_right_has_no_problem():
    """The row that the next tests spoil is itself in order."""
    assert check_rights([RIGHT]) == ()


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"accountable": "cio ciso"}, "accountable"),
        ({"accountable": "cio/coo"}, "accountable"),
        ({"accountable": None}, "accountable"),
        ({"accountable": "cioo"}, "accountable"),
        ({"responsible": ("it-opps",)}, "responsible"),
        ({"responsible": ()}, "responsible"),
        ({"consulted": ("cisso",)}, "consulted"),
        ({"informed_must": ("nobody-known",)}, "informed_must"),
        ({"informed_must_not": ("nobody-known",)}, "informed_must_not"),
        ({"informed_must_not": ("soc",)}, "informed_must_not"),
        ({"informed_must_not": ("ciso",)}, "informed_must_not"),
        ({"emergency_holder": "nobody-known"}, "emergency_holder"),
        ({"emergency_holder": "cio"}, "emergency_holder"),
        ({"emergency_holder": None}, "ratify_hours"),
    ],
)
def test_each_mistake_in_a_right_is_found_in_its_column(change, column):
    """One spoiled cell gives a problem at that column and at no other."""
    assert set(_columns(replace(RIGHT, **change))) == {column}


def test_the_same_right_twice_is_two_holders():
    """Two rows with one id are reported once, at the id."""
    (problem,) = check_rights([RIGHT, replace(RIGHT, accountable="ciso", consulted=())])
    assert (problem.decision_id, problem.column) == ("D99", "decision_id")


def test_a_problem_offers_the_role_that_was_meant():
    """The sentence names the unknown role and the nearest known one."""
    (problem,) = check_rights([replace(RIGHT, consulted=("cisso",))])
    assert problem.sentence == "There is no role 'cisso'. Did you mean 'ciso'?"
    assert str(problem) == f"D99, column consulted: {problem.sentence}"
