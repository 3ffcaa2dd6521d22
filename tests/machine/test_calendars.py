"""Business time: open hours, holidays, business days, months, and the two days of the year that are not 24 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.machine.calendars import add
from casewright.machine.policies import Calendar
from casewright.values import Duration

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
OFFICE = ((time(9), time(17)),)
SPLIT = ((time(8), time(12)), (time(13, 30), time(18)))
WEEK = Calendar("office", "Europe/Berlin", (OFFICE,) * 5 + ((), ()), frozenset({date(2026, 12, 25)}))
SIESTA = Calendar("siesta", "Europe/Berlin", (SPLIT,) * 5 + ((), ()))
ALWAYS = Calendar("always", "Europe/Berlin", (((time(), time()),),) * 7)
NIGHT = Calendar("night", "Europe/Berlin", (((time(22), time(6)),),) * 5 + ((), ()))


def berlin(month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


def minutes(count: int) -> Duration:
    return Duration(exact=timedelta(minutes=count))


@pytest.mark.parametrize(
    ("calendar", "start", "length", "due"),
    [
        (WEEK, berlin(11, 20, 16, 30), minutes(60), berlin(11, 23, 9, 30)),
        (WEEK, berlin(11, 20, 16, 30), minutes(30), berlin(11, 20, 17)),
        (WEEK, berlin(11, 21, 12), minutes(15), berlin(11, 23, 9, 15)),
        (SIESTA, berlin(11, 20, 11, 30), minutes(120), berlin(11, 20, 15)),
        (WEEK, berlin(12, 23, 16), minutes(480), berlin(12, 24, 16)),
        (WEEK, berlin(12, 23, 16), minutes(600), berlin(12, 28, 10)),
        (NIGHT, berlin(11, 20, 23), minutes(8 * 60), berlin(11, 23, 23)),
        (ALWAYS, berlin(10, 25, 0, 30), minutes(240), berlin(10, 25, 3, 30)),
        (None, berlin(10, 25, 0, 30), minutes(240), berlin(10, 25, 3, 30)),
        (WEEK, berlin(11, 19, 10), Duration(business_days=3), berlin(11, 24, 10)),
        (WEEK, berlin(12, 24, 10), Duration(business_days=1), berlin(12, 28, 10)),
        (None, berlin(11, 20, 10), Duration(business_days=1), berlin(11, 23, 10)),
        (None, berlin(1, 31, 10), Duration(months=1), berlin(2, 28, 10)),
        (None, berlin(10, 24, 10), Duration(months=1, exact=timedelta(hours=1)), berlin(11, 24, 11)),
    ],
)
def test_a_duration_ends_when_the_calendar_says(calendar, start, length, due):
    assert add(start, length, calendar) == due


def test_exact_time_passes_the_change_of_the_clocks_unharmed():
    start = datetime(2026, 11, 1, 0, 30, tzinfo=NEW_YORK)
    assert add(start, Duration(exact=timedelta(hours=3))).isoformat() == "2026-11-01T02:30:00-05:00"


def test_the_answer_is_in_the_zone_of_the_question():
    start = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert add(start, minutes(60), WEEK).isoformat() == "2026-11-23T08:30:00+00:00"


def test_a_calendar_that_never_opens_is_named_instead_of_searched_for_ever():
    closed = Calendar("shut", "UTC", ((),) * 7)
    with pytest.raises(ValueError, match="calendar 'shut' is never open"):
        add(datetime(2026, 1, 1, tzinfo=UTC), minutes(1), closed)
    with pytest.raises(ValueError, match="calendar 'shut' is never open"):
        add(datetime(2026, 1, 1, tzinfo=UTC), Duration(business_days=1), closed)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.integers(1, 900), st.integers(1, 900))
def test_business_time_adds_up(offset, first, second):
    start = berlin(11, 1, 0) + timedelta(minutes=7 * offset)
    assert add(add(start, minutes(first), WEEK), minutes(second), WEEK) == add(start, minutes(first + second), WEEK)
