"""A learner's own negotiation: points that make a table worth arguing over, for whoever opens the case."""

from functools import partial
from itertools import product

import pytest

from threechairs.company import bargain, build_case
from threechairs.company.bargain import FEASIBLE_SHARE, faults, negotiation
from threechairs.company.deals import NO_DEAL, DealTable, deal_table
from threechairs.company.draws import Draws
from threechairs.company.firm import Firm
from threechairs.errors import ContentError
from threechairs.models import bargaining

BASE = deal_table("gate-4")
TABLES = {"negotiation": {"table": "gate-4"}}


@pytest.fixture(scope="module")
def tables():
    """The tables of a thousand learners."""
    cases = (build_case("l11-demo", f"learner-{number}", tables=TABLES) for number in range(1000))
    return [BASE.with_points(case.table_rows("negotiation")) for case in cases]


def test_every_learner_has_a_table_worth_arguing_over(tables):
    """One Nash deal within the bounds, undominated, better than a feasible midpoint for both; 10 to 60 % feasible."""
    for table in tables:
        worths, floors, inside = table.worths, table.reservations, table.within
        accepted = bargaining.feasible(worths, floors)
        (nash,) = bargaining.nash(worths, floors, among=inside)
        middle = table.index(table.midpoint())

        assert FEASIBLE_SHARE[0] <= accepted.mean() <= FEASIBLE_SHARE[1]
        assert accepted[middle] and inside[middle]
        assert (worths[nash] > worths[middle]).all()
        assert not (bargaining.dominating(worths, nash) & inside).any()


def test_whoever_is_absent_costs_both_sides_something(tables):
    """The fairest deal without the bounds gives both more than the fairest within: breaking them tempts both."""
    for table in tables:
        (within,) = bargaining.nash(table.worths, table.reservations, among=table.within)
        alone = bargaining.nash(table.worths, table.reservations)

        assert not table.within[alone].any()
        assert (table.worths[alone] > table.worths[within]).all()


def test_there_is_more_than_one_way_to_leave_nothing_on_the_table(tables):
    """Two to seven feasible deals within the bounds are on their frontier: a search, and no lottery."""
    for table in tables:
        accepted = bargaining.feasible(table.worths, table.reservations)

        assert 2 <= bargaining.frontier(table.worths[accepted & table.within]).sum() <= 8


@pytest.mark.slow
def test_a_thousand_learners_are_served_within_two_hundred_draws(monkeypatch):
    """Rejection is bounded, and the key is what comes out when all deals are listed and compared one by one."""
    monkeypatch.setattr(bargain, "negotiation", partial(negotiation, tries=200))
    for number in range(1000):
        made = Firm(f"learner-{number}", "l11-demo").made("negotiation")
        assert made.key == _recount(made.rows)


def _recount(rows):
    """The key of a negotiation, reckoned without the models: deals as texts, worths as pairs."""
    roles = list(BASE.parties)
    points = {(row["issue"], row["option"]): [row[role] for role in roles] for row in rows}
    floors = points.pop((NO_DEAL, ""))
    options = {}
    for issue, option in points:
        options.setdefault(issue, []).append(option)
    worths = {}
    for settled in product(*options.values()):
        each = [points[one] for one in zip(options, settled, strict=True)]
        worths[settled] = tuple(map(sum, zip(*each, strict=True)))
    inside = {
        settled
        for settled in worths
        if all(dict(zip(options, settled, strict=True))[bound.issue] in bound.allowed for bound in BASE.bounds)
    }
    accepted = {deal for deal, worth in worths.items() if all(map(int.__ge__, worth, floors))}
    good = accepted & inside

    def beaten(deal, by):
        return any(worths[one] != worths[deal] and all(map(int.__ge__, worths[one], worths[deal])) for one in by)

    def product_of_gains(deal):
        first, second = (worth - floor for worth, floor in zip(worths[deal], floors, strict=True))
        return first * second

    nash = max(good, key=product_of_gains)
    return {
        "feasible": len(accepted),
        "feasible_within": len(good),
        "frontier_within": sum(not beaten(deal, good) for deal in good),
        "nash": dict(zip(options, nash, strict=True)),
        "nash_worths": dict(zip(roles, worths[nash], strict=True)),
        "midpoint_dominated": beaten(tuple(ids[1] for ids in options.values()), inside),
        "reservations": dict(zip(roles, floors, strict=True)),
    }


def test_best_options_add_up_to_a_hundred_and_priorities_are_opposed(tables):
    """Each party has 100 points at most and 0 at least; what weighs most for one weighs least for the other."""
    for table in tables:
        weights = [{issue: max(points) for issue, points in one.points.items()} for one in table.parties.values()]

        assert [sum(one.values()) for one in weights] == [100, 100]
        assert {min(points) for one in table.parties.values() for points in one.points.values()} == {0}
        first, second = weights
        order = sorted(first, key=lambda issue: (first[issue], -second[issue]))
        assert [second[issue] for issue in order] == sorted(second.values(), reverse=True)


def test_a_party_likes_the_options_in_the_same_order_as_in_the_base_table(tables):
    """Only how much an issue weighs is drawn: IT never wants to pay."""
    for table in tables:
        for role, party in table.parties.items():
            for issue, points in party.points.items():
                base = BASE.parties[role].points[issue]
                assert sorted(range(3), key=points.__getitem__) == sorted(range(3), key=base.__getitem__)
                assert len(set(points)) == 3


def test_learners_have_different_tables(tables):
    """Hardly two of a thousand share their points, and no table is the one printed in the lesson."""
    assert len({str(table.as_rows()) for table in tables}) > 990
    assert BASE not in tables


def test_rows_are_wide_and_end_with_no_deal():
    """A row per option with a column per party, then what no deal is worth: the menus can count on it."""
    rows = build_case("l11-demo", "alice", tables=TABLES).table_rows("negotiation")

    assert {tuple(row) for row in rows} == {("issue", "option", "facilities", "it-ops")}
    assert [(row["issue"], row["option"]) for row in rows] == [(row["issue"], row["option"]) for row in BASE.as_rows()]
    assert rows[-1]["issue"] == NO_DEAL


def test_a_table_that_can_never_do_is_refused_after_so_many_draws():
    """An author who leaves no draw is told, and the case does not hang."""
    with pytest.raises(ContentError, match="none of 0 sets of points"):
        negotiation(Draws("alice", "l11", 1), table="gate-4", tries=0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parties": ["facilities", "it-ops", "third"]}, "has 3 parties. Expected two"),
        ({"issues": 1}, "has one issue"),
    ],
)
def test_only_two_parties_with_something_to_trade_will_do(monkeypatch, change, words):
    """Three parties or a single issue make no trade, and the author is told."""
    content = BASE.model_dump()
    if "parties" in change:
        content["parties"]["third"] = content["parties"]["it-ops"]
    else:
        content["issues"] = content["issues"][:1]
        content["bounds"] = []
        for party in content["parties"].values():
            party["points"] = {"fault-desk": party["points"]["fault-desk"]}
    changed = DealTable.model_validate(content)
    monkeypatch.setattr("threechairs.company.deals.deal_table", lambda _name: changed)

    with pytest.raises(ContentError, match=words):
        negotiation(Draws("alice", "l11", 1), table="odd")


def test_faults_name_what_makes_a_poor_exercise():
    """A table on which the two want the same, or on which nothing can be agreed, is told by its faults."""
    rows = BASE.as_rows()
    generous = [{**row, "facilities": 0, "it-ops": 0} if row["issue"] == NO_DEAL else row for row in rows]
    greedy = [{**row, "facilities": 99, "it-ops": 99} if row["issue"] == NO_DEAL else row for row in rows]

    assert faults(BASE) == []
    assert "100% of the deals are feasible" in faults(BASE.with_points(generous))
    assert "there are 0 Nash deals" in faults(BASE.with_points(greedy))
    assert "the midpoint is not feasible within the bounds" in faults(BASE.with_points(greedy))
    early = [{**row, "facilities": 0} if row["option"] == "after-peak" else row for row in rows]
    agreed = [row if row["issue"] == NO_DEAL else {**row, "it-ops": row["facilities"]} for row in rows]
    assert "only one deal leaves nothing on the table" in faults(BASE.with_points(agreed))
    assert "the bounds cost the parties nothing" in faults(BASE.with_points(early))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[:-1], "the rows do not fit: \\('no-deal', ''\\)"),
        (lambda rows: [*rows, rows[0]], "a row that stands twice"),
        (lambda rows: [{**rows[0], "option": "it-dsk"}, *rows[1:]], "it-desk"),
        (lambda rows: [{**rows[0], "it-ops": 1.5}, *rows[1:]], "it-ops has 1.5"),
        (lambda rows: [{**rows[0], "it-ops": True}, *rows[1:]], "it-ops has True"),
        (lambda rows: [{"issue": "fault-desk", "option": "it-desk", "facilities": 3}, *rows[1:]], "it-ops has None"),
    ],
)
def test_points_that_do_not_fit_a_table_are_refused(change, words):
    """A missing, double or unknown row and a point that is no whole number are each named."""
    with pytest.raises(ContentError, match=words):
        BASE.with_points(change(BASE.as_rows()))


def test_own_points_leave_texts_and_bounds(tables):
    """A case's table speaks of the same issues, parties and bounds; only points and reservations differ."""
    one = tables[0]

    assert (one.issues, one.bounds, one.title) == (BASE.issues, BASE.bounds, BASE.title)
    assert {role: party.position for role, party in one.parties.items()} == {
        role: party.position for role, party in BASE.parties.items()
    }
