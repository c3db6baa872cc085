"""Whether a condition holds, and which words of a scenario are told: nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from threechairs.company.deals import DealVerdict
from threechairs.scenario.schema import Chair, Condition, DealCondition, Scenario, Words

if TYPE_CHECKING:
    from threechairs.scenario.play import State

Struck = tuple[Mapping[str, str], DealVerdict]
"""The options of a deal, and how it stands."""


def holds(
    condition: Condition,
    scenario: Scenario,
    chair: Chair,
    drawn: Mapping[str, str],
    state: State,
    *,
    deal: Struck | None = None,
) -> bool:
    """True if everything that the condition asks for is so.

    Parameters
    ----------
    condition : Condition
        What is asked.
    scenario, chair, drawn, state
        The play as it stands.
    deal : tuple of options and verdict, optional
        The deal on the table; a condition about a deal does not hold without one.
    """
    meters = dict(zip(scenario.meters, state.meters, strict=True))
    own = {fact: sure for role, fact, sure in state.held if role == chair}
    return (
        (not condition.chair or chair in condition.chair)
        and state.flags.issuperset(condition.flags)
        and state.flags.isdisjoint(condition.without)
        and all(meters[name] >= least for name, least in condition.at_least.items())
        and all(meters[name] <= most for name, most in condition.at_most.items())
        and all(own.get(fact) == "known" for fact in condition.knows)
        and all(own.get(fact) in {"known", "suspected"} for fact in condition.suspects)
        and all(own.get(fact) != "known" for fact in condition.ignores)
        and all((role, fact, "known") in state.held for role, facts in condition.told.items() for fact in facts)
        and all(drawn.get(name) == value for name, value in condition.drawn.items())
        and state.unratified.issuperset(condition.unratified)
        and (condition.deal is None or (deal is not None and deal_holds(condition.deal, deal)))
        and (
            not condition.any_of
            or any(holds(one, scenario, chair, drawn, state, deal=deal) for one in condition.any_of)
        )
    )


def deal_holds(asked: DealCondition, deal: Struck) -> bool:
    """True if the deal is as asked."""
    options, verdict = deal
    return (
        asked.accepted in {None, verdict.accepted}
        and asked.within in {None, verdict.within}
        and asked.efficient in {None, verdict.efficient}
        and all(options[issue] in allowed for issue, allowed in asked.options.items())
    )


def words(text: Words, scenario: Scenario, chair: Chair, drawn: Mapping[str, str], state: State) -> str:
    """The passages whose conditions hold, in order, as paragraphs; `{meter}` and `{draw}` are filled in."""
    if isinstance(text, str):
        told = [text]
    else:
        told = [passage.text for passage in text if holds(passage.when, scenario, chair, drawn, state)]
    joined = "\n\n".join(part.strip() for part in told if part.strip())
    if "{" not in joined:
        return joined
    meters = dict(zip(scenario.meters, state.meters, strict=True))
    phrases = {name: values[drawn[name]] for name, values in scenario.draws.items() if name in drawn}
    return joined.format_map({**meters, **phrases})
