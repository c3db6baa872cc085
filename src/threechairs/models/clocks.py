"""Deadlines that survive time zones, weekends, holidays and the change of clocks.

Each clock has its own trigger: awareness is not discovery, and neither is the decision that a matter is material.
Hours run through nights, weekends and the change of clocks, so they are counted in UTC. Days and months are counted
on the calendar of the place whose law it is: give the trigger in that place's time zone. A deadline in days or
months ends with the last second of its last day; an office that has to receive something may close before.
Which clocks there are is content and comes from the caller, with its source; the counting is derived where it stands.

Not modelled: reliefs for single kinds of firms, and general rules of counting such as Regulation (EEC, Euratom)
1182/71, which can shift edge cases. This is a teaching aid, not legal advice.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from typing import Any, Literal, get_args

import numpy as np

from threechairs.errors import ModelInputError, did_you_mean
from threechairs.models.inputs import one_number, whole_number

Unit = Literal["hours", "calendar-days", "business-days", "months"]
WeekendRule = Literal["first-business-day-counts", "as-if-on-next-business-day", "end-moves-to-next-business-day"]

_RULES_BY_UNIT: dict[str, tuple[str | None, ...]] = {
    "hours": (None,),
    "calendar-days": (None, "end-moves-to-next-business-day"),
    "months": (None, "end-moves-to-next-business-day"),
    "business-days": ("first-business-day-counts", "as-if-on-next-business-day"),
}
_LARGEST_AMOUNT = 10_000


@dataclass(frozen=True)
class Clock:
    """One duty to tell somebody in time.

    Attributes
    ----------
    clock_id, name : str
        Id, and what is due.
    jurisdiction, law : str
        Where it holds, and the text that says so.
    trigger : str
        Id of what starts it, such as `"awareness"`.
    amount : int
        How many units from the trigger, 1 to 10,000.
    unit : {"hours", "calendar-days", "business-days", "months"}
        What is counted.
    weekend_rule : str, optional
        Business days need one, for a trigger on a day off. `"first-business-day-counts"`: the next business day is
        day 1. `"as-if-on-next-business-day"`: the trigger is taken to be there, and day 1 is the one after.
        Calendar days and months may have `"end-moves-to-next-business-day"`. Hours have none.
    source, as_of, status : str
        Where it was read, when, and whether it is in force; nothing is computed from them.

    Raises
    ------
    ModelInputError
        If amount, unit or weekend rule is none of these.

    Examples
    --------
    >>> Clock("final", "Final report", "EU", "NIS2", "notification-sent", 1, "months").unit
    'months'
    """

    clock_id: str
    name: str
    jurisdiction: str
    law: str
    trigger: str
    amount: int
    unit: Unit
    weekend_rule: WeekendRule | None = None
    source: str = ""
    as_of: str = ""
    status: str = ""

    def __post_init__(self) -> None:
        where = f"clock {self.clock_id!r}"
        if self.unit not in get_args(Unit):
            raise ModelInputError(where, f"unit {self.unit!r}", next_step=did_you_mean(self.unit, get_args(Unit)))
        _whole(self.amount, f"{where}, amount")
        allowed = _RULES_BY_UNIT[self.unit]
        if self.weekend_rule not in allowed:
            raise ModelInputError(
                where,
                f"weekend rule {self.weekend_rule!r} with {self.unit}",
                f"Expected {' or '.join(repr(rule) if rule else 'none' for rule in allowed)}",
            )


@dataclass(frozen=True)
class Deadline:
    """When a clock runs out.

    Attributes
    ----------
    clock : Clock
        What is due.
    triggered : datetime
        When it started.
    due : datetime
        Last moment, in the time zone of `triggered`.

    Examples
    --------
    >>> early = Clock("early", "Early warning", "EU", "NIS2", "awareness", 24, "hours")
    >>> deadline(early, datetime(2026, 3, 6, 16, tzinfo=UTC)).clock.name
    'Early warning'
    """

    clock: Clock
    triggered: datetime
    due: datetime


def deadline(clock: Clock, triggered: datetime, *, holidays: Iterable[date | str] = ()) -> Deadline:
    """When a clock runs out that started at a moment.

    Parameters
    ----------
    clock : Clock
        What is due.
    triggered : datetime
        When its trigger happened, with a time zone. For days and months the zone decides which day that was.
    holidays : iterable of date or str, optional
        Days off besides Saturday and Sunday, as dates or ISO texts.

    Raises
    ------
    ModelInputError
        If the moment has no time zone or is skipped by the change of clocks, a holiday is no date, or the deadline
        would lie beyond the year 9999.

    Examples
    --------
    >>> early = Clock("early", "Early warning", "EU", "NIS2", "awareness", 24, "hours")
    >>> deadline(early, datetime(2026, 3, 6, 16, tzinfo=UTC)).due.isoformat()
    '2026-03-07T16:00:00+00:00'
    """
    start = _aware(triggered, f"trigger of {clock.clock_id!r}")
    if clock.unit == "hours":
        return Deadline(clock, start, hours_after(start, clock.amount))
    if clock.unit == "business-days":
        rule = clock.weekend_rule or "first-business-day-counts"
        last = business_days_after(start.date(), clock.amount, holidays=holidays, weekend_rule=rule)
    elif clock.unit == "months":
        last = months_after(start.date(), clock.amount)
    else:
        last = _days_after(start.date(), clock.amount)
    if clock.weekend_rule == "end-moves-to-next-business-day":
        last = _as_date(np.busday_offset(last, 0, roll="forward", holidays=_holidays(holidays)))
    # fold=1: where the change of clocks repeats the hour before midnight, the day ends with the second one
    due = datetime.combine(last, time(23, 59, 59), tzinfo=start.tzinfo).replace(fold=1)
    try:
        due.astimezone(UTC)
    except OverflowError:
        raise _out_of_years() from None
    return Deadline(clock, start, due)


def deadlines(
    clocks: Iterable[Clock], triggers: Mapping[str, datetime], *, holidays: Iterable[date | str] = ()
) -> tuple[Deadline, ...]:
    """Deadlines of all clocks whose trigger has happened, the earliest first.

    Parameters
    ----------
    clocks : iterable of Clock
        Clocks that may run. Clocks that count days need the holidays of their own place: call once per place.
    triggers : mapping of str to datetime
        When each trigger happened. Clocks whose trigger is missing here do not run yet.
    holidays : iterable of date or str, optional
        As in `deadline`.

    Raises
    ------
    ModelInputError
        As `deadline` does, or if no clock has a trigger of that name.

    Examples
    --------
    >>> known = Clock("a", "Notification", "EU", "NIS2", "awareness", 72, "hours")
    >>> later = Clock("b", "Final report", "EU", "NIS2", "notification-sent", 1, "months")
    >>> [found.clock.clock_id for found in deadlines([known, later], {"awareness": datetime(2026, 3, 6, tzinfo=UTC)})]
    ['a']
    """
    listed, days_off = tuple(clocks), tuple(holidays)
    names = {clock.trigger for clock in listed}
    for name in triggers:
        if name not in names:
            raise ModelInputError("triggers", f"no clock starts with {name!r}", next_step=did_you_mean(name, names))
    running = [
        deadline(clock, triggers[clock.trigger], holidays=days_off) for clock in listed if clock.trigger in triggers
    ]
    return tuple(sorted(running, key=lambda found: found.due.astimezone(UTC)))


def hours_after(moment: datetime, hours: float) -> datetime:
    """Moment a number of hours later, in the same time zone.

    Counted in UTC: across the change of clocks, 24 hours later is not the same time of day.

    Parameters
    ----------
    moment : datetime
        With a time zone.
    hours : float
        More than 0, at most 10,000.

    Raises
    ------
    ModelInputError
        If the moment has no time zone or is skipped by the change of clocks, the hours are out of range, or the moment
        would lie beyond the year 9999.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> hours_after(datetime(2026, 3, 6, 11, tzinfo=ZoneInfo("America/New_York")), 72).isoformat()
    '2026-03-09T12:00:00-04:00'
    """
    start = _aware(moment, "moment")
    amount = one_number(hours, "hours", above=0, most=_LARGEST_AMOUNT)
    try:
        return (start.astimezone(UTC) + timedelta(hours=amount)).astimezone(start.tzinfo)
    except OverflowError:
        raise _out_of_years() from None


def hours_between(start: datetime, end: datetime) -> float:
    """Hours from one moment to another; negative if the second is earlier.

    Python subtracts the times on the wall if both have the same time zone; this counts what really passed.

    Raises
    ------
    ModelInputError
        If a moment has no time zone or is skipped by the change of clocks.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> hours_between(datetime(2026, 3, 29, tzinfo=berlin), datetime(2026, 3, 30, tzinfo=berlin))
    23.0
    """
    passed = _aware(end, "end").astimezone(UTC) - _aware(start, "start").astimezone(UTC)
    return passed / timedelta(hours=1)


def business_days_after(
    day: date,
    count: int,
    *,
    holidays: Iterable[date | str] = (),
    weekend_rule: WeekendRule = "first-business-day-counts",
) -> date:
    """Last day of a period of business days (Monday to Friday without holidays) that starts after a day.

    Parameters
    ----------
    day : date
        Day of the trigger; it is not counted itself.
    count : int
        Business days, 1 to 10,000.
    holidays : iterable of date or str, optional
        Days off besides Saturday and Sunday.
    weekend_rule : {"first-business-day-counts", "as-if-on-next-business-day"}
        What happens if `day` is a day off; see `Clock`.

    Raises
    ------
    ModelInputError
        If a day is no plain date, the count is no whole number in its range, there is no such rule, or the last day
        would lie beyond the year 9999.

    Examples
    --------
    >>> business_days_after(date(2026, 3, 7), 4).isoformat()  # a Saturday: Monday is day 1
    '2026-03-12'
    >>> business_days_after(date(2026, 3, 7), 4, weekend_rule="as-if-on-next-business-day").isoformat()
    '2026-03-13'
    """
    rules = _RULES_BY_UNIT["business-days"]
    if weekend_rule not in rules:
        known = [rule for rule in rules if rule]
        raise ModelInputError(
            "weekend rule", f"{weekend_rule!r} is none for business days", next_step=did_you_mean(weekend_rule, known)
        )
    days = _whole(count, "business days")
    roll: Literal["forward", "backward"] = "forward" if weekend_rule == "as-if-on-next-business-day" else "backward"
    return _as_date(np.busday_offset(_day(day, "day"), days, roll=roll, holidays=_holidays(holidays)))


def months_after(day: date, count: int) -> date:
    """Same day of the month some months later; the last day where that month is shorter.

    Parameters
    ----------
    day : date
        Day of the trigger.
    count : int
        Months, 1 to 10,000.

    Raises
    ------
    ModelInputError
        If the day is no plain date, the count is no whole number in its range, or the day would lie beyond the year
        9999.

    Examples
    --------
    >>> months_after(date(2026, 1, 31), 1).isoformat()
    '2026-02-28'
    """
    start = _day(day, "day")
    year, month = divmod(start.year * 12 + start.month - 1 + _whole(count, "months"), 12)
    if year > MAXYEAR:
        raise _out_of_years()
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _days_after(day: date, count: int) -> date:
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise _out_of_years() from None


def _aware(moment: datetime, name: str) -> datetime:
    if not isinstance(moment, datetime):
        raise ModelInputError(name, f"{moment!r:.60} is no moment", "Expected a datetime with a time zone")
    if moment.utcoffset() is None:
        raise ModelInputError(
            name,
            f"{moment.isoformat()} has no time zone",
            next_step='Add one: tzinfo=UTC, or tzinfo=ZoneInfo("Europe/Berlin")',
        )
    try:
        real = moment.astimezone(UTC).astimezone(moment.tzinfo)
    except OverflowError:
        raise _out_of_years(name) from None
    if real.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ModelInputError(
            name,
            f"{moment.replace(tzinfo=None).isoformat()} never was in {moment.tzinfo}: the clocks went forward over it",
            next_step="Look again at what the clock showed, or give the moment in UTC",
        )
    return moment


def _day(day: Any, name: str) -> date:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ModelInputError(name, f"{day!r:.60} is no plain date", next_step="Of a moment, give moment.date()")
    return day


def _holidays(holidays: Iterable[date | str]) -> list[date]:
    if isinstance(holidays, str):
        raise ModelInputError("holidays", f"the text {holidays!r:.60}", "Expected a list of dates")
    return [_holiday(one) for one in holidays]


def _holiday(one: date | str) -> date:
    if not isinstance(one, str):
        return _day(one, "holidays")
    try:
        return date.fromisoformat(one)
    except ValueError:
        raise ModelInputError("holidays", f"{one!r:.60} is no date", "Expected year-month-day: 2026-12-25") from None


def _whole(count: int, name: str) -> int:
    return whole_number(count, name, least=1, most=_LARGEST_AMOUNT)


def _as_date(day: np.datetime64) -> date:
    try:
        return date.fromisoformat(str(day))
    except ValueError:  # five digits
        raise _out_of_years() from None


def _out_of_years(name: str = "deadline") -> ModelInputError:
    return ModelInputError(name, "it lies outside the years 1 to 9999", next_step="Look again at day and amount")
