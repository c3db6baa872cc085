"""Reading duties and deciding facts."""

import pytest

from threechairs.chairs import deciding_facts, duties, duty
from threechairs.errors import UsageError


def test_a_round_is_a_part_of_all_duties():
    """Ten rounds of six, laid end to end, are the whole table."""
    assert [card for number in range(1, 11) for card in duties(number)] == list(duties())


@pytest.mark.parametrize("number", [0, 11, -1])
def test_a_round_that_does_not_exist_is_refused(number):
    """The error says which rounds there are."""
    with pytest.raises(UsageError, match="Rounds run from 1 to 10"):
        duties(number)


def test_a_duty_is_found_by_its_id():
    """Ids, never positions, name a card."""
    assert duty("du08").duty == "Set how many days a critical patch may wait"


def test_an_unknown_duty_is_refused_with_an_offer():
    """A misspelt id offers the nearest."""
    with pytest.raises(UsageError, match="Did you mean 'du01'"):
        duty("du001")


def test_a_deciding_fact_moves_the_duty():
    """Taking a server off is a change for the CIO, and with an attacker inside a matter for the CISO."""
    card = duty("du11")
    assert (card.holder(), card.holder(fact_is_otherwise=True)) == ("cio", "ciso")


def test_a_duty_that_depends_on_nothing_stays():
    """Where no fact decides, turning facts round changes nothing."""
    card = duty("du01")
    assert card.depends_on is None
    assert card.holder(fact_is_otherwise=True) == card.holder() == "cso"


def test_typed_values_come_out_of_the_table():
    """Rounds are numbers, flags are booleans, lists are tuples and empty cells are None."""
    card = duty("du01")
    assert (card.round, card.physical, card.claims, card.belief) == (1, True, ("S1.32",), None)


def test_every_fact_says_what_to_assume():
    """A silent card must have one answer."""
    assert all("Unless the card says so:" in fact.question for fact in deciding_facts())
