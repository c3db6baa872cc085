"""Figures of security operations: time to detect and to respond, access reviews, seats, and rates for a dashboard.

One long incident pulls a mean far from what usually happens, so times come with mean and median together. All are
shares, means and medians by their everyday definition, derived where they stand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from threechairs.errors import ModelInputError
from threechairs.models.inputs import Floats, Result, numbers, one_number, plain, same_shape, whole_number

HOURS_PER_WEEK = 168.0
"""Hours in a week, all of which a seat around the clock has to cover."""


@dataclass(frozen=True)
class Average:
    """Mean and median of the same hours; report both.

    Attributes
    ----------
    mean_h, median_h : float
        In hours.

    Examples
    --------
    >>> incident_times([0, 0, 0], [1, 2, 9], [2, 4, 12]).detect
    Average(mean_h=4.0, median_h=2.0)
    """

    mean_h: float
    median_h: float


@dataclass(frozen=True)
class IncidentTimes:
    """How long incidents took.

    Attributes
    ----------
    detect : Average
        From start to detection; its mean is the MTTD.
    respond : Average
        From detection to containment; its mean is the MTTR.
    total : Average
        From start to containment. Means add up, medians do not.

    Examples
    --------
    >>> times = incident_times([0, 0, 0], [1, 2, 9], [2, 4, 12])
    >>> times.detect.mean_h + times.respond.mean_h == times.total.mean_h
    True
    """

    detect: Average
    respond: Average
    total: Average


@dataclass(frozen=True)
class AccessReview:
    """Shares of an access review, each from 0 to 1.

    Attributes
    ----------
    reviewed : float
        Of all entitlements.
    revoked_of_reviewed : float
        Of the reviewed ones: whoever reviews less also revokes less.
    orphan : float
        Of all entitlements, those whose holder is unknown or gone.
    dormant : float
        Of all entitlements, those that nobody uses.

    Examples
    --------
    >>> access_review(100, reviewed=50, revoked=10, orphan=4, dormant=8).revoked_of_reviewed
    0.2
    """

    reviewed: float
    revoked_of_reviewed: float
    orphan: float
    dormant: float


@dataclass(frozen=True)
class Staffing:
    """People for seats around the clock.

    Attributes
    ----------
    exact : float
        Full-time people by division.
    people : int
        The same, rounded up: nobody is there in part.

    Examples
    --------
    >>> staff_around_the_clock(42, 1, seats=2)
    Staffing(exact=8.0, people=8)
    """

    exact: float
    people: int


def incident_times(start_h: ArrayLike, detect_h: ArrayLike, contain_h: ArrayLike) -> IncidentTimes:
    """Time to detect and to respond over a number of incidents.

    Parameters
    ----------
    start_h, detect_h, contain_h : array_like, shape (incidents,)
        When each incident started, was detected and was contained, in hours from any one zero. Of columns with
        dates, give `(column - zero) / pandas.Timedelta(hours=1)`.

    Raises
    ------
    ModelInputError
        If there is no incident, a number is missing, the columns are not of equal length, or an incident was
        detected before it started or contained before it was detected.

    Examples
    --------
    >>> times = incident_times([0, 0, 0, 0, 0], [6, 48, 2, 240, 12], [14, 60, 5, 300, 20])
    >>> times.detect
    Average(mean_h=61.6, median_h=12.0)
    >>> times.respond.mean_h, times.respond.median_h
    (18.2, 8.0)
    """
    start = numbers(start_h, "start in hours", dimensions=1)
    detect = numbers(detect_h, "detection in hours", dimensions=1)
    contain = numbers(contain_h, "containment in hours", dimensions=1)
    if not start.shape == detect.shape == contain.shape:
        raise ModelInputError(
            "incidents",
            f"there are {start.size} starts, {detect.size} detections and {contain.size} containments",
            "Give one of each per incident",
        )
    _in_order(start, detect, "detected", "started")
    _in_order(detect, contain, "contained", "detected")
    return IncidentTimes(_average(detect - start), _average(contain - detect), _average(contain - start))


def rate(part: ArrayLike, whole: ArrayLike) -> Result:
    """Share of a whole for a dashboard, such as patched in time of all that were due.

    Parameters
    ----------
    part, whole : array_like, broadcastable
        Counts or amounts: the part is 0 to the whole, the whole more than 0.

    Returns
    -------
    float or ndarray
        From 0 to 1, in the shape of both together.

    Raises
    ------
    ModelInputError
        If a number is missing or out of range, a part is larger than its whole, or the shapes do not fit.

    Examples
    --------
    >>> rate([1140, 24, 96], 1200).tolist()
    [0.95, 0.02, 0.08]
    """
    parts = numbers(part, "part", least=0)
    wholes = numbers(whole, "whole", above=0)
    same_shape(part=parts, whole=wholes)
    too_large = parts > wholes
    if too_large.any():
        at = np.flatnonzero(too_large.ravel())[0]
        seen, of = (np.broadcast_to(one, too_large.shape).flat[at] for one in (parts, wholes))
        raise ModelInputError("part", f"{seen:g} of {of:g}", "Expected a part that is no larger than its whole")
    return plain(parts / wholes)


def access_review(entitlements: int, *, reviewed: int, revoked: int, orphan: int, dormant: int) -> AccessReview:
    """Shares of an access review.

    Parameters
    ----------
    entitlements : int
        All that there are, 1 or more.
    reviewed : int
        How many of them were looked at, 1 or more.
    revoked : int
        How many of the reviewed ones were taken away.
    orphan, dormant : int
        How many of all have no known holder, and how many are not used.

    Raises
    ------
    ModelInputError
        If a count is no whole number, nothing was reviewed, or a part is larger than its whole.

    Examples
    --------
    >>> access_review(1200, reviewed=1140, revoked=171, orphan=24, dormant=96)
    AccessReview(reviewed=0.95, revoked_of_reviewed=0.15, orphan=0.02, dormant=0.08)
    """
    whole = whole_number(entitlements, "entitlements", least=1)
    seen = whole_number(reviewed, "reviewed entitlements", least=1, most=whole)
    taken = whole_number(revoked, "revoked entitlements", least=0, most=seen)
    unowned = whole_number(orphan, "orphan entitlements", least=0, most=whole)
    unused = whole_number(dormant, "dormant entitlements", least=0, most=whole)
    return AccessReview(seen / whole, taken / seen, unowned / whole, unused / whole)


def staff_around_the_clock(hours_per_person: float, availability: float, *, seats: int = 1) -> Staffing:
    """People that it takes to keep seats filled 24 hours on 7 days.

    Parameters
    ----------
    hours_per_person : float
        Contract hours per person and week, more than 0, at most 168.
    availability : float
        Share of these hours that somebody is there, after leave, sickness and training: more than 0, at most 1.
    seats : int, default 1
        Seats that are filled at the same time.

    Raises
    ------
    ModelInputError
        If a number is out of range.

    Examples
    --------
    >>> staffing = staff_around_the_clock(40, 0.82)
    >>> round(staffing.exact, 2), staffing.people
    (5.12, 6)
    """
    hours = one_number(hours_per_person, "hours per person and week", above=0, most=HOURS_PER_WEEK)
    present = one_number(availability, "availability", above=0, most=1)
    exact = whole_number(seats, "seats", least=1) * HOURS_PER_WEEK / (hours * present)
    # 168 / (48 * 0.7) is 5 and a rounding error of the machine, which must not cost a sixth person
    return Staffing(exact, math.ceil(round(exact, 9)))


def _average(hours: Floats) -> Average:
    return Average(float(hours.mean()), float(np.median(hours)))


def _in_order(earlier: Floats, later: Floats, what: str, before: str) -> None:
    wrong = np.flatnonzero(later < earlier)
    if wrong.size:
        at = wrong[0]
        raise ModelInputError(
            "incidents",
            f"incident {at + 1} was {what} at {later[at]:g} h and {before} at {earlier[at]:g} h",
            f"Expected {what} no earlier than {before}",
            "Correct the row or leave it out",
        )
