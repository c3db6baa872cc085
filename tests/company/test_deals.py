"""Deal tables: how they are read, how a deal is checked, and what an exception changes."""

import itertools

import pytest

from threechairs.company import deals
from threechairs.company.deals import deal_table
from threechairs.errors import ContentError, ThreeChairsError, UsageError

TABLES = ("gate-4", "go-live")
SMALL = """
format: 1
table: small
title: Two things to settle
issues:
  - id: desk
    title: Desk
    options:
      - {id: ours, text: Ours}
      - {id: theirs, text: Theirs}
parties:
  one: {name: One, position: p, interest: i, alternative: a, points: {desk: [3, 0]}, reservation: 1}
  two: {name: Two, position: p, interest: i, alternative: a, points: {desk: [1, 2]}, reservation: 1}
bounds: []
"""


def every_deal(table):
    """Each combination of options, by id."""
    issues = [[(issue.id, option.id) for option in issue.options] for issue in table.issues]
    return [dict(choice) for choice in itertools.product(*issues)]


def course_with(tmp_path, text, name="small"):
    """A course folder with one deal table."""
    folder = tmp_path / "datasets" / "deals"
    folder.mkdir(parents=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "parties", "feasible", "nash"),
    [("go-live", ["cio", "ciso"], 28, (79, 70)), ("gate-4", ["facilities", "it-ops"], 21, (70, 70))],
)
def test_the_course_tables_hold_the_numbers_of_lesson_11(name, parties, feasible, nash):
    """Both files keep the points that the lesson works through."""
    table = deal_table(name)
    verdicts = [table.verdict(deal, bounded=False) for deal in every_deal(table)]

    assert list(table.parties) == parties
    assert len(verdicts) == len(table.choices) == 81
    assert sum(verdict.accepted for verdict in verdicts) == feasible
    reservations = dict(zip(table.parties, table.reservations, strict=True))
    best = max(
        (verdict for verdict in verdicts if verdict.accepted),
        key=lambda verdict: (
            (verdict.worth[parties[0]] - reservations[parties[0]])
            * (verdict.worth[parties[1]] - reservations[parties[1]])
        ),
    )
    assert tuple(best.worth.values()) == nash


@pytest.mark.parametrize(("name", "unbounded", "bounded"), [("go-live", 6, 6), ("gate-4", 3, 3)])
def test_efficient_deals_are_counted_inside_the_bounds(name, unbounded, bounded):
    """At the go-live nothing is bound; at Gate 4 the network's date moves the frontier."""
    table = deal_table(name)
    free = [deal for deal in every_deal(table) if table.verdict(deal, bounded=False).efficient]
    bound = [deal for deal in every_deal(table) if table.verdict(deal).efficient]

    assert (len(free), len(bound)) == (unbounded, bounded)
    assert all(table.verdict(deal).within for deal in bound)


def test_the_frontier_at_gate_4_moves_with_the_bound():
    """After the peak (80, 58), (70, 70) and (58, 79); within six weeks (77, 51) and (68, 67) take the place of two."""
    table = deal_table("gate-4")

    def worths(bounded):
        verdicts = [table.verdict(deal, bounded=bounded) for deal in every_deal(table)]
        return {tuple(verdict.worth.values()) for verdict in verdicts if verdict.efficient}

    assert worths(bounded=False) == {(80, 58), (70, 70), (58, 79)}
    assert worths(bounded=True) == {(77, 51), (68, 67), (58, 79)}


@pytest.mark.parametrize("name", TABLES)
def test_a_row_belongs_to_its_deal(name):
    """The row of a deal holds its options and the sum of its points, whatever order they are given in."""
    table = deal_table(name)
    for row, deal in enumerate(every_deal(table)):
        assert table.index(dict(reversed(deal.items()))) == row
        for at, party in enumerate(table.parties.values()):
            ids = {issue.id: [option.id for option in issue.options] for issue in table.issues}
            assert table.worths[row][at] == sum(party.points[i][ids[i].index(option)] for i, option in deal.items())


def test_an_exception_lifts_the_bounds_and_nothing_else():
    """(70, 70) after the peak breaks the CISO's limit: it counts only where the bounds are lifted."""
    deal = {
        "fault-desk": "facilities-desk",
        "backup-power": "it-pays",
        "segmentation": "after-peak",
        "power-notice": "ten-days",
    }
    bound, free = deal_table("gate-4").verdict(deal), deal_table("gate-4").verdict(deal, bounded=False)

    assert (bound.worth, bound.accepted, bound.within) == ({"facilities": 70, "it-ops": 70}, True, False)
    assert (bound.efficient, bound.forgone) == (False, 1)
    assert (free.within, free.efficient, free.forgone) == (False, True, 0)


@pytest.mark.parametrize("name", TABLES)
def test_both_sides_say_more_than_points(name):
    """Each party has a position, an interest that is another sentence, and an alternative."""
    for party in deal_table(name).parties.values():
        assert party.position
        assert party.alternative
        assert party.interest not in {"", party.position}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "'desk' is not settled"),
        ({"desk": "ors"}, "Did you mean 'ours'"),
        ({"desk": "ours", "disk": "ours"}, "'disk' is no issue of it. Did you mean 'desk'"),
    ],
)
def test_an_unfinished_deal_is_refused_in_words(tmp_path, options, message):
    """A deal that leaves something open, or names what is not on the table, says so."""
    table = deal_table("small", course_with(tmp_path, SMALL))

    with pytest.raises(UsageError, match=message):
        table.read(options)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("desk: [3, 0]", "desk: [3]", "one has 1 points for 'desk'. Expected 2"),
        ("desk: [3, 0]", "disk: [3, 0]", "one has no points for 'desk'"),
        ("desk: [1, 2]}", "desk: [1, 2], disk: [1]}", "Did you mean 'desk'"),
        ("bounds: []", "bounds: [{issue: desk, allowed: [mine], party: ciso, why: w}]", "'mine', which is no option"),
        ("reservation: 1}\n  two", "reservation: one}\n  two", "reservation"),
        ("format: 1", "format: 2", "format"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_place(tmp_path, old, new, message):
    """Whoever edits a table is told what does not fit, and in which file."""
    assert old in SMALL

    with pytest.raises(ContentError, match=r"small\.yaml") as refused:
        deal_table("small", course_with(tmp_path, SMALL.replace(old, new)))

    assert message in str(refused.value)


def test_an_unknown_table_offers_the_nearest():
    """A slip in a name is answered with the name that was meant."""
    with pytest.raises(ThreeChairsError, match="Did you mean 'go-live'"):
        deal_table("golive")


def test_a_table_is_read_once():
    """Every player and marker shares one table, whose deals are enumerated once."""
    assert deal_table("gate-4") is deals.deal_table("gate-4")
    assert deal_table("gate-4").worths is deal_table("gate-4").worths
