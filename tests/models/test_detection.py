"""Figures of operations: the worked numbers of the course, plain loops beside them, and what is refused."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.errors import ModelInputError
from threechairs.models import detection as d

# start, detection and containment in hours
WORKED = [(0, 6, 14), (0, 48, 60), (0, 2, 5), (0, 240, 300), (0, 12, 20)]
STEPS = st.lists(st.tuples(st.integers(-500, 500), st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=20)
NAN = float("nan")


def test_the_worked_incidents_give_mean_and_median():
    """MTTD 61.6 but median 12; MTTR 18.2 but median 8; 79.8 from start to containment."""
    times = d.incident_times(*zip(*WORKED, strict=True))

    assert times.detect == d.Average(mean_h=61.6, median_h=12)
    assert (times.respond.mean_h, times.respond.median_h) == (pytest.approx(18.2), 8)
    assert (times.total.mean_h, times.total.median_h) == (pytest.approx(79.8), 20)


@given(STEPS, st.randoms(use_true_random=False), st.integers(-100, 100))
def test_times_agree_with_plain_statistics_in_any_order(steps, chance, zero):
    """The statistics module gives the same; the order of incidents and the hour that counts as zero do not matter."""
    incidents = [(start, start + wait, start + wait + work) for start, wait, work in steps]
    times = d.incident_times(*zip(*incidents, strict=True))
    moved = [tuple(hour + zero for hour in one) for one in chance.sample(incidents, len(incidents))]
    again = d.incident_times(*zip(*moved, strict=True))

    for column, average in ((1, times.detect), (2, times.respond)):
        taken = [one[column] for one in steps]
        assert average.mean_h == pytest.approx(statistics.fmean(taken))
        assert average.median_h == statistics.median(taken)
    assert times.total.mean_h == pytest.approx(times.detect.mean_h + times.respond.mean_h)
    assert again.detect.mean_h == pytest.approx(times.detect.mean_h)
    assert again.total.median_h == times.total.median_h


def test_the_worked_access_review_gives_its_shares():
    """95 % reviewed, 15 % of these revoked, 2 % orphan, 8 % dormant."""
    assert d.access_review(1200, reviewed=1140, revoked=171, orphan=24, dormant=96) == d.AccessReview(
        reviewed=0.95, revoked_of_reviewed=0.15, orphan=0.02, dormant=0.08
    )


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_an_access_review_is_the_mean_of_its_flags(rows):
    """Counted entitlement by entitlement, the shares are the means of the flags; revoked ones only of the reviewed."""
    rows = [
        (True, revoked, orphan, dormant) if at == 0 else (reviewed, revoked and reviewed, orphan, dormant)
        for at, (reviewed, revoked, orphan, dormant) in enumerate(rows)
    ]
    flags = np.array(rows)
    reviewed, revoked, orphan, dormant = flags.sum(axis=0)
    found = d.access_review(len(rows), reviewed=reviewed, revoked=revoked, orphan=orphan, dormant=dormant)

    assert found.reviewed == pytest.approx(flags[:, 0].mean())
    assert found.revoked_of_reviewed == pytest.approx(flags[flags[:, 0], 1].mean())
    assert (found.orphan, found.dormant) == (pytest.approx(flags[:, 2].mean()), pytest.approx(flags[:, 3].mean()))


def test_rates_keep_the_shape_of_their_counts():
    """One whole serves a row of parts, and a table of parts a row of wholes."""
    assert d.rate([[1, 2], [3, 4]], [4, 8]).tolist() == [[0.25, 0.25], [0.75, 0.5]]
    assert d.rate(3, 4) == 0.75


def test_a_worked_seat_takes_six_people():
    """168 hours over 40 hours at 82 % are 5.12, so 6 people."""
    staffing = d.staff_around_the_clock(40, 0.82)

    assert (round(staffing.exact, 2), staffing.people) == (5.12, 6)


def test_a_rounding_error_of_the_machine_hires_nobody():
    """168 / (48 x 0.7) is 5, though the machine's division says a little more."""
    assert 168 / (48 * 0.7) > 5
    assert d.staff_around_the_clock(48, 0.7).people == 5


@given(st.integers(20, 60), st.integers(50, 100), st.integers(1, 9))
def test_people_are_the_fewest_whose_hours_fill_the_seats(hours, percent, seats):
    """Hiring one after the other until the hours suffice gives the same number, in whole numbers throughout."""
    people = 0
    while people * hours * percent < seats * 168 * 100:
        people += 1

    staffing = d.staff_around_the_clock(hours, percent / 100, seats=seats)
    assert staffing.people == people
    assert staffing.exact <= people + 1e-9 and math.isclose(staffing.exact, seats * 16800 / (hours * percent))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: d.incident_times([], [], []), "start in hours: there are none"),
        (lambda: d.incident_times([0, 0], [1, NAN], [2, 2]), "detection in hours: one of them is not a finite number"),
        (lambda: d.incident_times([0, 0], [1, 1], [2]), "there are 2 starts, 2 detections and 1 containments"),
        (lambda: d.incident_times([[0]], [[1]], [[2]]), r"the shape is \(1, 1\)"),
        (lambda: d.incident_times([0, 5], [1, 4], [2, 9]), "incident 2 was detected at 4 h and started at 5 h"),
        (lambda: d.incident_times([0], [3], [2]), "incident 1 was contained at 2 h and detected at 3 h"),
        (lambda: d.rate([1, 5], [2, 4]), "part: 5 of 4. Expected a part that is no larger than its whole"),
        (lambda: d.rate([1, 2], 0), "whole: 0 is among them. Expected more than 0"),
        (lambda: d.rate(-1, 2), "part: -1 is among them. Expected at least 0"),
        (lambda: d.rate([1, 2, 3], [4, 5]), r"these do not fit together: part \(3,\), whole \(2,\)"),
        (lambda: d.rate([], 4), "part: there are none"),
        (
            lambda: d.access_review(10, reviewed=0, revoked=0, orphan=0, dormant=0),
            "reviewed entitlements: 0 is among them. Expected at least 1",
        ),
        (
            lambda: d.access_review(10, reviewed=5, revoked=6, orphan=0, dormant=0),
            "revoked entitlements: 6 is among them. Expected at most 5",
        ),
        (lambda: d.access_review(10, reviewed=11, revoked=6, orphan=0, dormant=0), "reviewed entitlements: 11"),
        (lambda: d.access_review(10, reviewed=5, revoked=1, orphan=11, dormant=0), "orphan entitlements: 11"),
        (lambda: d.access_review(10, reviewed=5, revoked=1, orphan=0, dormant=-1), "dormant entitlements: -1"),
        (lambda: d.access_review(10, reviewed=5.5, revoked=1, orphan=0, dormant=0), "5.5 is no whole number"),
        (lambda: d.access_review(0, reviewed=5, revoked=1, orphan=0, dormant=0), "entitlements: 0 is among them"),
        (lambda: d.staff_around_the_clock(0, 0.8), "hours per person and week: 0 is among them"),
        (lambda: d.staff_around_the_clock(169, 0.8), "Expected at most 168"),
        (lambda: d.staff_around_the_clock(40, 82), "availability: 82 is among them. Expected at most 1"),
        (lambda: d.staff_around_the_clock(40, 0), "availability: 0 is among them. Expected more than 0"),
        (lambda: d.staff_around_the_clock(40, 0.8, seats=0), "seats: 0 is among them. Expected at least 1"),
        (lambda: d.staff_around_the_clock(40, 0.8, seats=1.5), "seats: 1.5 is no whole number"),
    ],
)
def test_what_cannot_be_is_refused_in_words(call, message):
    """Gaps, incidents out of order, parts above the whole and impossible weeks are each said."""
    with pytest.raises(ModelInputError, match=message):
        call()


def test_one_rate_is_a_plain_float():
    """Two numbers in, a float out; a list in, an array out."""
    assert type(d.rate(3, 4)) is float
    assert d.rate([3], 4).shape == (1,)
