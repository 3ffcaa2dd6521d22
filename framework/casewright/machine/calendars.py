"""Business time: when something is due that takes so long, counted in the open hours of a calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casewright.machine.policies import Calendar
from casewright.values import Duration

_LONGEST_CLOSED = 3660
"""Days in a row without an opening after which a calendar counts as never open."""

_DAY = timedelta(days=1)


def add(start: datetime, length: Duration, calendar: Calendar | None = None) -> datetime:
    """The instant `length` after `start` (aware), in the zone of `start`; raises ValueError for a calendar never open.

    Months keep the day and the time on the wall, or take the month's last day; business days keep the time on the wall
    and count days on which the calendar opens (without one: Monday to Friday); exact time counts open hours alone
    (without a calendar: all of it). The parts are added in this order.
    """
    if calendar is None and not length.months and not length.business_days and start.tzinfo is UTC:
        return start + length.exact
    zone = ZoneInfo(calendar.zone) if calendar else start.tzinfo
    moved = start
    if length.months:
        moved = _add_months(moved.astimezone(zone), length.months)
    if length.business_days:
        moved = _add_business_days(moved.astimezone(zone), length.business_days, calendar)
    if length.exact:
        moved = _add_open_time(moved, length.exact, calendar) if calendar else moved.astimezone(UTC) + length.exact
    return moved.astimezone(start.tzinfo)


def _add_months(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


def _add_business_days(start: datetime, count: int, calendar: Calendar | None) -> datetime:
    day, closed = start.date(), 0
    while count:
        day += _DAY
        closed = 0 if _opens_on(day, calendar) else closed + 1
        count -= not closed
        _refuse_never_open(closed, calendar)
    return datetime.combine(day, start.timetz())


def _opens_on(day: date, calendar: Calendar | None) -> bool:
    if calendar is None:
        return day.weekday() < 5
    return bool(calendar.periods[day.weekday()]) and day not in calendar.holidays


def _add_open_time(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    start = start.astimezone(UTC)
    for opens, closes in _openings(start, calendar):
        begin = max(start, opens)
        if closes <= begin:
            continue
        if left <= closes - begin:
            return begin + left
        left -= closes - begin
    raise AssertionError("openings go on, or raise")


def _openings(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The open periods from the day before `start` on (one of them may last over midnight), in UTC."""
    zone = ZoneInfo(calendar.zone)
    day, closed = start.astimezone(zone).date() - _DAY, 0
    while True:
        closed = 0 if _opens_on(day, calendar) else closed + 1
        _refuse_never_open(closed, calendar)
        if not closed:
            for opens, closes in calendar.periods[day.weekday()]:
                yield _instant(day, opens, zone), _closing(day, opens, closes, zone)
        day += _DAY


def _closing(day: date, opens: time, closes: time, zone: ZoneInfo) -> datetime:
    """When a period ends: one that closes at midnight, or before it opens, ends on the next day."""
    if closes == time.max:
        return _instant(day + _DAY, time(), zone)
    return _instant(day + _DAY if closes <= opens else day, closes, zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _refuse_never_open(closed: int, calendar: Calendar | None) -> None:
    if closed > _LONGEST_CLOSED:
        name = calendar.id if calendar else ""
        raise ValueError(f"calendar '{name}' is never open; give it an opening period on some day of the week")
