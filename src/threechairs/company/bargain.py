"""A negotiation of the learner's own: the issues of a deal table with other points and other priorities.

The syllabus plans three roles here. Two of them bargain and have a column of points each. The third, the CISO, is not
in the room and sits at the table as a bound: which deals keep what the absent chair must be able to rely on. It is no
third column, because points can be traded. With a column of its own the third role could be paid for a risk in time or
money, and its interest would be one price among others. A bound cannot be bought: only a written exception lifts it,
and what that would have brought shows what keeping to it costs the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.deals import DealTable
    from threechairs.company.firm import Firm

TOTAL = 100
_LEAST_WEIGHT = 6
_FLOORS = (38, 56)  # where reservation values are drawn
_MIDDLE = (0.5, 0.64)  # what a middle option gives, as a share of the way from the worst to the best
FEASIBLE_SHARE = (0.10, 0.60)


def negotiation(draws: Draws, *, table: str, tries: int = 1000) -> tuple[dict[str, Any], ...]:
    """Points for the issues of a deal table of two parties, one row per option.

    What one party needs most the other can give most cheaply, so trading issues beats meeting in the middle of each.
    Which options a party likes better stays as in the table; how much an issue weighs is drawn.

    Parameters
    ----------
    draws : Draws
        The case's stream for this table.
    table : str
        Name of the deal table that gives issues, options, parties and bounds.
    tries : int, default 1000
        How many sets of points are drawn at most until one will do.

    Returns
    -------
    tuple of dict
        Columns `issue`, `option`, and per party its points (whole numbers; its best options add up to 100). A last
        row with the issue `"no-deal"` holds the reservation values. Within the bounds there is one Nash deal, which
        no deal dominates and which gives both parties more than the midpoint; 10 to 60 % of all deals are feasible;
        the midpoint is one of them, within the bounds, and dominated. Where the table has bounds, the Nash deal
        without them gives both parties more than the one within: keeping to them costs both something. More than
        one deal leaves nothing on the table.

    Raises
    ------
    ContentError
        If the table has not two parties of opposed wishes, or no set of points will do.
    """
    from threechairs.company.deals import NO_DEAL, deal_table

    base = deal_table(table)
    if len(base.parties) != 2:
        raise ContentError(f"negotiation on {table!r}", f"the table has {len(base.parties)} parties", "Expected two")
    if len(base.issues) < 2:
        raise ContentError(f"negotiation on {table!r}", "the table has one issue", "Two are needed for a trade")
    for _ in range(tries):
        weights = _opposed_weights(draws, len(base.issues))
        rows: list[dict[str, Any]] = []
        for at, issue in enumerate(base.issues):
            points = {
                role: _points(draws, party.points[issue.id], weights[side][at])
                for side, (role, party) in enumerate(base.parties.items())
            }
            rows += [
                {"issue": issue.id, "option": option.id, **{role: points[role][place] for role in points}}
                for place, option in enumerate(issue.options)
            ]
        rows.append({"issue": NO_DEAL, "option": "", **{role: draws.whole(*_FLOORS) for role in base.parties}})
        if not faults(base.with_points(rows)):
            return tuple(rows)
    raise ContentError(
        f"negotiation on {table!r}",
        f"none of {tries} sets of points makes a table worth arguing over",
        next_step="Widen its bounds or give its issues more options.",
    )


def faults(table: Any) -> list[str]:
    """What makes a table of two parties a poor exercise; empty for a good one.

    Parameters
    ----------
    table : DealTable
        With the points in question.

    Examples
    --------
    >>> from threechairs.company.deals import deal_table
    >>> faults(deal_table("gate-4"))
    []
    """
    from threechairs.models import bargaining

    worths, floors, inside = table.worths, table.reservations, table.within
    accepted = bargaining.feasible(worths, floors)
    middle = table.index(table.midpoint())
    found = []
    if not FEASIBLE_SHARE[0] <= accepted.mean() <= FEASIBLE_SHARE[1]:
        found.append(f"{accepted.mean():.0%} of the deals are feasible")
    if not (accepted[middle] and inside[middle]):
        found.append("the midpoint is not feasible within the bounds")
    best = bargaining.nash(worths, floors, among=inside)
    if len(best) != 1:
        return [*found, f"there are {len(best)} Nash deals"]
    nash = int(best[0])
    if not (worths[nash] > worths[middle]).all():
        found.append("the Nash deal is not better than the midpoint for both")
    if bargaining.gain_forgone(worths, floors, nash, among=inside):
        found.append("the Nash deal is dominated")
    if bargaining.frontier(worths[accepted & inside]).sum() < 2:
        found.append("only one deal leaves nothing on the table")
    if table.bounds:
        alone = bargaining.nash(worths, floors)
        if not all((worths[deal] > worths[nash]).all() for deal in alone):
            found.append("the bounds cost the parties nothing")
    return found


def answers(table: DealTable) -> dict[str, Any]:
    """What there is to find on a table with one Nash deal within its bounds.

    Parameters
    ----------
    table : DealTable
        With the points in question.

    Returns
    -------
    dict
        `feasible` (how many deals give everybody the reservation value or more), `feasible_within` (how many of these
        keep the bounds), `frontier_within` (how many of those leave nothing on the table), `nash` (the Nash deal
        within the bounds: an option per issue), `nash_worths` (its points per party), `midpoint_dominated` (whether a
        deal within the bounds is better than the midpoint for one and worse for none) and `reservations` (per party).

    Examples
    --------
    >>> from threechairs.company.deals import deal_table
    >>> found = answers(deal_table("gate-4"))
    >>> found["midpoint_dominated"], found["nash_worths"]
    (True, {'facilities': 68, 'it-ops': 67})
    """
    from threechairs.models import bargaining

    worths, inside = table.worths, table.within
    accepted = bargaining.feasible(worths, table.reservations)
    nash = int(bargaining.nash(worths, table.reservations, among=inside)[0])
    middle = table.index(table.midpoint())
    deal = zip(table.options.items(), table.choices[nash], strict=True)
    return {
        "feasible": int(accepted.sum()),
        "feasible_within": int((accepted & inside).sum()),
        "frontier_within": int(bargaining.frontier(worths[accepted & inside]).sum()),
        "nash": {issue: options[at] for (issue, options), at in deal},
        "nash_worths": {role: int(points) for role, points in zip(table.parties, worths[nash], strict=True)},
        "midpoint_dominated": bool((bargaining.dominating(worths, middle) & inside).any()),
        "reservations": {role: party.reservation for role, party in table.parties.items()},
    }


def _opposed_weights(draws: Draws, issues: int) -> tuple[list[int], list[int]]:
    """How much each issue weighs for either side: what is heaviest for one is lightest for the other."""
    order = draws.sample(range(issues), issues)
    first, second = (sorted(_parts(draws, issues)) for _ in range(2))
    mine, yours = [0] * issues, [0] * issues
    for rank, issue in enumerate(order):
        mine[issue], yours[issue] = first[-1 - rank], second[rank]
    return mine, yours


def _parts(draws: Draws, size: int) -> list[int]:
    """`size` whole numbers, none too small to matter, that add up to 100."""
    spare = TOTAL - size * _LEAST_WEIGHT
    cuts = sorted(draws.whole(0, spare) for _ in range(size - 1))
    return [_LEAST_WEIGHT + high - low for low, high in zip([0, *cuts], [*cuts, spare], strict=True)]


def _points(draws: Draws, like: list[int], weight: int) -> list[int]:
    """Points per option that stand in the order of `like`, from 0 for the worst to `weight` for the best."""
    worst_first = sorted(range(len(like)), key=lambda place: like[place])
    low, high = _MIDDLE
    lift = (low * 1000 + draws.whole(0, round((high - low) * 1000))) / 1000 - 0.5
    points = [0] * len(like)
    for rank, place in enumerate(worst_first):
        share = rank / (len(like) - 1)
        points[place] = round(weight * (share + 4 * lift * share * (1 - share)))
    return points


def negotiated_issues(_firm: Firm, draws: Draws, *, table: str = "gate-4") -> Made:
    """The issues of a deal table with a learner's own points, as a table of the firm; the key is that of `answers`."""
    from threechairs.company.deals import deal_table

    rows = negotiation(draws, table=table)
    return Made(rows, answers(deal_table(table).with_points(rows)))


MAKERS: dict[str, Maker] = {"negotiation": negotiated_issues}
