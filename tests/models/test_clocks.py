"""Clocks: the worked Friday of the course, plain loops beside numpy's calendar, and times that never were."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threechairs.datasets import table
from threechairs.errors import ModelInputError
from threechairs.models import clocks as k

NEW_YORK, BERLIN, HAVANA = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Havana")
AWARE = datetime(2026, 3, 6, 16, tzinfo=UTC)
LEGAL = {row["clock_id"]: k.Clock(**row) for row in table("legal_clocks")}
FEDERAL = [row["date"] for row in table("holidays") if row["calendar"] == "us-federal"]

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MOMENTS = st.builds(
    lambda moment, zone: moment.replace(tzinfo=UTC).astimezone(zone),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)),
    st.sampled_from([UTC, NEW_YORK, BERLIN, HAVANA, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")]),
)
RULES = st.sampled_from(["first-business-day-counts", "as-if-on-next-business-day"])
UNITS = st.sampled_from(
    [
        ("hours", None),
        ("calendar-days", None),
        ("calendar-days", "end-moves-to-next-business-day"),
        ("months", None),
        ("months", "end-moves-to-next-business-day"),
        ("business-days", "first-business-day-counts"),
        ("business-days", "as-if-on-next-business-day"),
    ]
)


def clock(unit="hours", rule=None, amount=24, trigger="awareness"):
    """A clock without a law."""
    return k.Clock("c", "Something", "Somewhere", "Some law", trigger, amount, unit, rule)


def end_of(day, zone=UTC):
    """Last second of a day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def by_loop(day, count, holidays, rule):
    """Business days counted one day after the other."""

    def off(one):
        return one.weekday() >= 5 or one in holidays

    if rule == "as-if-on-next-business-day":
        while off(day):
            day += timedelta(days=1)
    while count:
        day += timedelta(days=1)
        count -= not off(day)
    return day


@pytest.mark.parametrize(
    ("clock_id", "triggered", "due"),
    [
        ("nis2-early-warning", AWARE, datetime(2026, 3, 7, 16, tzinfo=UTC)),
        ("nis2-notification", AWARE, datetime(2026, 3, 9, 16, tzinfo=UTC)),
        ("gdpr-authority", AWARE, datetime(2026, 3, 9, 16, tzinfo=UTC)),
        ("nis2-final-report", datetime(2026, 3, 9, 16, tzinfo=UTC), end_of(date(2026, 4, 9))),
        ("hipaa-individuals", AWARE, end_of(date(2026, 5, 5))),
        ("sec-8k", datetime(2026, 3, 6, 16, tzinfo=UTC), end_of(date(2026, 3, 12))),
        ("sec-8k", datetime(2026, 3, 7, 16, tzinfo=UTC), end_of(date(2026, 3, 12))),
        ("sec-8k", datetime(2026, 3, 9, 16, tzinfo=UTC), end_of(date(2026, 3, 13))),
        # a real case: discovered on 21 February of a leap year, day 60 reported as 21 April
        ("hipaa-individuals", datetime(2024, 2, 21, 12, tzinfo=UTC), end_of(date(2024, 4, 21))),
        ("hipaa-department-yearly", end_of(date(2026, 12, 31)), end_of(date(2027, 3, 1))),
        ("dora-initial-by-classification", AWARE, datetime(2026, 3, 6, 20, tzinfo=UTC)),
        ("dora-intermediate", AWARE, datetime(2026, 3, 9, 16, tzinfo=UTC)),
        ("dora-final", datetime(2026, 1, 31, 9, tzinfo=UTC), end_of(date(2026, 2, 28))),
        ("nycrr-payment-explained", AWARE, end_of(date(2026, 4, 5))),
    ],
)
def test_the_legal_clocks_run_out_as_worked(clock_id, triggered, due):
    """The Friday in March of the course and a real case, computed from the table that instructors edit."""
    assert k.deadline(LEGAL[clock_id], triggered, holidays=FEDERAL).due == due


def test_the_clock_board_lists_what_runs_in_the_order_of_its_end():
    """With awareness alone, clocks of discovery and materiality do not run yet; the earliest end comes first."""
    first = k.deadlines(
        [LEGAL["hipaa-individuals"], LEGAL["nis2-notification"], LEGAL["nis2-early-warning"]], {"awareness": AWARE}
    )
    later = k.deadlines(LEGAL.values(), {"discovery": AWARE, "materiality-determined": AWARE, "awareness": AWARE})

    assert [found.clock.clock_id for found in first] == ["nis2-early-warning", "nis2-notification"]
    assert [found.due for found in later] == sorted(found.due for found in later)
    assert {found.clock.trigger for found in later} == {"discovery", "materiality-determined", "awareness"}
    assert all(found.triggered == AWARE for found in later)


def test_ends_are_sorted_by_what_passes_and_not_by_the_wall():
    """A later time on the wall in Berlin is the earlier moment."""
    berlin = datetime(2026, 3, 6, 16, tzinfo=BERLIN)
    new_york = datetime(2026, 3, 6, 12, tzinfo=NEW_YORK)
    found = k.deadlines([clock(trigger="a"), clock(trigger="b")], {"a": new_york, "b": berlin})

    assert [one.clock.trigger for one in found] == ["b", "a"]


@pytest.mark.parametrize(
    ("start", "hours", "wall"),
    [
        (datetime(2026, 3, 6, 11, tzinfo=NEW_YORK), 72, "2026-03-09T12:00:00-04:00"),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), 24, "2026-03-29T13:00:00+02:00"),
        (datetime(2026, 10, 24, 12, tzinfo=BERLIN), 24, "2026-10-25T11:00:00+01:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), 1, "2026-10-25T02:30:00+01:00"),
    ],
)
def test_hours_run_through_the_change_of_clocks(start, hours, wall):
    """The worked Friday ends an hour later on New York's wall; the hour that comes twice counts twice."""
    assert k.hours_after(start, hours).isoformat() == wall
    assert k.hours_between(start, k.hours_after(start, hours)) == hours


def test_a_published_span_of_minutes_is_told():
    """The faulty update of 19 July 2024 was out from 04:09 to 05:27 UTC: 78 minutes."""
    out, back = datetime(2024, 7, 19, 4, 9, tzinfo=UTC), datetime(2024, 7, 19, 5, 27, tzinfo=UTC)

    assert k.hours_between(out, back) * 60 == pytest.approx(78)
    assert k.hours_between(back, out) == -k.hours_between(out, back)


@given(MOMENTS, st.integers(1, 2000))
def test_hours_agree_with_seconds_since_the_epoch(moment, hours):
    """Counting seconds needs no time zone and gives the same moment, in the zone that was given."""
    later = k.hours_after(moment, hours)

    assert later.timestamp() == moment.timestamp() + hours * 3600
    assert later.tzinfo is moment.tzinfo
    assert k.hours_between(moment, later) == hours


@given(DAYS, st.integers(1, 60), st.sets(DAYS, max_size=10), RULES)
def test_business_days_agree_with_a_plain_loop(day, count, holidays, rule):
    """Walking from day to day ends where numpy's calendar ends."""
    near = holidays | {day + timedelta(days=2), day + timedelta(days=9)}

    assert k.business_days_after(day, count, holidays=near, weekend_rule=rule) == by_loop(day, count, near, rule)


@given(DAYS, st.integers(1, 400))
def test_months_agree_with_pandas(day, count):
    """The calendar of pandas ends a month in the same way, and the day never moves into the month after."""
    found = k.months_after(day, count)

    assert found == (pd.Timestamp(day) + pd.DateOffset(months=count)).date()
    assert found.day == min(day.day, calendar.monthrange(found.year, found.month)[1])


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)), UNITS, st.integers(1, 90))
def test_a_later_trigger_never_ends_earlier(moment, wait, unit, amount):
    """Deadlines are monotone in their trigger, come after it, and keep its time zone."""
    one = clock(*unit, amount)
    later = (moment.astimezone(UTC) + wait).astimezone(moment.tzinfo)
    first, second = (k.deadline(one, start, holidays=FEDERAL) for start in (moment, later))

    assert first.due.astimezone(UTC) <= second.due.astimezone(UTC)
    assert first.due.astimezone(UTC) > moment.astimezone(UTC)
    assert first.due.tzinfo is moment.tzinfo


def test_holidays_are_no_business_days():
    """Judged material on the Friday before Memorial Day, and on that day itself: Tuesday is day 1 of both."""
    assert k.business_days_after(date(2026, 5, 22), 4, holidays=FEDERAL) == date(2026, 5, 29)
    assert k.business_days_after(date(2026, 5, 25), 4, holidays=FEDERAL) == date(2026, 5, 29)
    assert k.business_days_after(date(2026, 5, 22), 4) == date(2026, 5, 28)


def test_the_misread_weekend_rule_ends_a_day_late():
    """A Saturday taken as if it were Monday gives Friday 13, which is the common mistake."""
    saturday = datetime(2026, 3, 7, 10, tzinfo=UTC)
    misread = clock("business-days", "as-if-on-next-business-day", 4)

    assert k.deadline(misread, saturday).due == end_of(date(2026, 3, 13))


@pytest.mark.parametrize(
    ("unit", "amount", "moved"),
    [("calendar-days", 1, date(2026, 3, 9)), ("months", 2, date(2026, 5, 6)), ("months", 12, date(2027, 3, 8))],
)
def test_an_end_may_move_off_a_weekend(unit, amount, moved):
    """Saturday moves to Monday; a working day stays."""
    rule = "end-moves-to-next-business-day"

    assert k.deadline(clock(unit, rule, amount), AWARE).due == end_of(moved)
    assert k.deadline(clock("calendar-days", rule, 1), AWARE, holidays=[date(2026, 3, 9)]).due == end_of(
        date(2026, 3, 10)
    )


def test_the_zone_of_the_trigger_decides_which_day_it_was():
    """Friday evening in New York is Saturday in UTC: ten days of paper differ by one."""
    evening = datetime(2026, 3, 6, 20, tzinfo=NEW_YORK)
    ten = clock("calendar-days", None, 10)

    assert k.deadline(ten, evening).due.date() == date(2026, 3, 16)
    assert k.deadline(ten, evening.astimezone(UTC)).due.date() == date(2026, 3, 17)


def test_a_day_ends_with_the_second_of_two_last_hours():
    """Where the change of clocks repeats the hour before midnight, the day lasts until the second one is over."""
    santiago = ZoneInfo("America/Santiago")  # on Saturday 4 April 2026 the clocks go from 24 h back to 23 h
    due = k.deadline(clock("calendar-days", None, 1), datetime(2026, 4, 3, 12, tzinfo=santiago)).due

    assert due.isoformat() == "2026-04-04T23:59:59-04:00"


NAIVE = datetime(2026, 3, 6, 16)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: k.deadline(clock(), NAIVE),
            r"trigger of 'c': 2026-03-06T16:00:00 has no time zone\. Add one: tzinfo=UTC, or tzinfo=ZoneInfo",
        ),
        (lambda: k.deadline(clock(), date(2026, 3, 6)), r"datetime\.date\(2026, 3, 6\) is no moment"),
        (lambda: k.deadlines([clock()], {"awareness": NAIVE}), "has no time zone"),
        (lambda: k.deadlines([clock()], {"awarness": AWARE}), "starts with 'awarness'. Did you mean 'awareness'"),
        (lambda: k.hours_after(NAIVE, 24), "moment: .* has no time zone"),
        (lambda: k.hours_after(AWARE, 0), "hours: 0 is among them. Expected more than 0"),
        (lambda: k.hours_after(AWARE, float("nan")), "hours: one of them is not a finite number"),
        (lambda: k.hours_between(NAIVE, AWARE), "start: .* has no time zone"),
        (lambda: k.hours_between(AWARE, NAIVE), "end: .* has no time zone"),
        (
            lambda: k.hours_after(datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN), 24),
            "2026-03-29T02:30:00 never was in Europe/Berlin: the clocks went forward over it. Look again",
        ),
        (lambda: k.business_days_after(AWARE, 4), r"is no plain date. Of a moment, give moment.date\(\)"),
        (lambda: k.business_days_after(date(2026, 3, 6), 0), "business days: 0 is among them. Expected at least 1"),
        (lambda: k.business_days_after(date(2026, 3, 6), 2.5), "business days: 2.5 is no whole number"),
        (lambda: k.business_days_after(date(9999, 12, 1), 40), "deadline: it lies outside the years 1 to 9999. Look"),
        (lambda: k.months_after(date(9999, 12, 1), 1), "deadline: it lies outside the years"),
        (lambda: k.hours_after(datetime(9999, 12, 31, tzinfo=UTC), 72), "deadline: it lies outside the years"),
        (lambda: k.hours_after(datetime(9999, 12, 31, 23, tzinfo=NEW_YORK), 1), "moment: it lies outside the years"),
        (
            lambda: k.deadline(clock(unit="calendar-days", amount=40), datetime(9999, 12, 1, tzinfo=UTC)),
            "deadline: it lies outside the years",
        ),
        (
            lambda: k.deadline(clock(unit="calendar-days", amount=30), datetime(9999, 12, 1, tzinfo=NEW_YORK)),
            "deadline: it lies outside the years",
        ),
        (lambda: k.business_days_after(date(2026, 3, 6), 4, holidays=["9 March"]), "holidays: '9 March' is no date"),
        (lambda: k.business_days_after(date(2026, 3, 6), 4, holidays="2026-03-09"), "Expected a list of dates"),
        (lambda: k.business_days_after(date(2026, 3, 6), 4, holidays=[None]), "holidays: None is no plain date"),
        (
            lambda: k.business_days_after(date(2026, 3, 6), 4, weekend_rule="end-moves-to-next-business-day"),
            "'end-moves-to-next-business-day' is none for business days",
        ),
        (lambda: k.months_after("2026-01-31", 1), "'2026-01-31' is no plain date"),
        (lambda: k.months_after(date(2026, 1, 31), -1), "months: -1 is among them"),
        (lambda: clock("hour"), "clock 'c': unit 'hour'. Did you mean 'hours'"),
        (lambda: clock(amount=0), "clock 'c', amount: 0 is among them. Expected at least 1"),
        (lambda: clock("business-days"), "weekend rule None with business-days. Expected 'first-business-day-counts'"),
        (lambda: clock("hours", "first-business-day-counts"), "with hours. Expected none"),
        (lambda: clock("months", "first-business-day-counts"), "Expected none or 'end-moves-to-next-business-day'"),
    ],
)
def test_what_is_no_moment_is_refused_in_words(call, message):
    """Times without a zone, times that never were, half days and unknown rules are each said, with what to do."""
    with pytest.raises(ModelInputError, match=message):
        call()
