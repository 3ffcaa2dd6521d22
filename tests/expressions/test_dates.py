"""Dates, times, zones and lengths of time, as authors count them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.expressions import CLOCK, Expression
from casewright.expressions.library.dates import add_months, in_zone, months_between, years_between
from casewright.values import Duration

Compile = Callable[..., Expression]

SPRING = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
"""Half an hour before the clocks of Europe go forward: 01:30 in Berlin."""

ROOTS: dict[str, Any] = {
    "due": date(2024, 2, 29),
    "case": {"opened": SPRING, "wait": Duration(exact=timedelta(hours=30)), "incident": None},
    "name": "Asia/Kathmandu",
    "amount": 3,
    CLOCK: datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
}

VALUES = [
    # parts
    ("[year(due), quarter(due), month(due), day(due)]", [2024, 1, 2, 29]),
    ("[weekday(due), day_of_year(due), week(due)]", [4, 60, 9]),
    ('week(date("2027-01-01"))', 53),
    ("[hour(case.opened), minute(case.opened), second(case.opened)]", [0, 30, 0]),
    ('[hour(time("09:30")), minute(time("09:30"))]', [9, 30]),
    ('hour(case.opened, "Europe/Berlin")', 1),
    ("[hour(case.opened, name), minute(case.opened, name)]", [6, 15]),
    ('day(case.opened, "America/New_York")', 28),
    ('[hour(case.opened, "+05:30"), hour(case.opened, "UTC")]', [6, 0]),
    # calendar
    ('add_months(date("2026-01-31"), 1)', date(2026, 2, 28)),
    ('add_months(date("2026-03-31"), -1)', date(2026, 2, 28)),
    ('due + duration("P1Y")', date(2025, 2, 28)),
    ('due + duration("P3M")', date(2024, 5, 29)),
    ('date("2026-01-31") + duration("1mo1d")', date(2026, 3, 1)),
    ("add_days(due, -29)", date(2024, 1, 31)),
    ("add_years(due, 1)", date(2025, 2, 28)),
    ("add_years(due, 4)", date(2028, 2, 29)),
    (
        "[start_of_week(due), start_of_month(due), end_of_month(due)]",
        [date(2024, 2, 26), date(2024, 2, 1), date(2024, 2, 29)],
    ),
    (
        "[start_of_quarter(due), start_of_year(due), end_of_year(due)]",
        [date(2024, 1, 1), date(2024, 1, 1), date(2024, 12, 31)],
    ),
    ("end_of_month(add_months(due, 1))", date(2024, 3, 31)),
    # distances
    ('months_between(date("2026-01-31"), date("2026-02-28"))', 1),
    ('months_between(date("2026-02-28"), date("2026-01-31"))', -1),
    ('months_between(date("2026-01-30"), date("2026-03-29"))', 1),
    ('years_between(due, date("2025-02-27"))', 0),
    ('years_between(due, date("2025-02-28"))', 1),
    ('age(date("2000-12-31"))', 26),
    ('age(date("2001-01-01"))', 25),
    ("[days(case.wait), hours(case.wait), minutes(case.wait), seconds(case.wait)]", [1, 30, 1800, 108000]),
    ("hours(-case.wait)", -30),
    # zones
    ('string(in_zone(case.opened, "Europe/Berlin"))', "2026-03-29T01:30:00+01:00"),
    ('in_zone(case.opened, "Europe/Berlin") == case.opened', True),
    ('string(in_zone(case.opened + duration("1h"), "Europe/Berlin"))', "2026-03-29T03:30:00+02:00"),
    ('date(case.opened, "America/New_York")', date(2026, 3, 28)),
    ('time(case.opened, "Europe/Berlin")', time(1, 30)),
    ('datetime(due, time("09:00"), "Europe/Berlin") == datetime("2024-02-29T08:00:00Z")', True),
    ('string(datetime(date("2026-03-29"), time("02:30"), "Europe/Berlin"))', "2026-03-29T03:30:00+02:00"),
    ('[today(), today("Europe/Berlin")]', [date(2026, 12, 31), date(2027, 1, 1)]),
    ('[daypart(), daypart("Asia/Tokyo")]', ["evening", "morning"]),
    # forms
    ('format(due, "dd.MM.yyyy")', "29.02.2024"),
    ('format(due, "d.M.yy")', "29.2.24"),
    ("format(case.opened, \"yyyy-MM-dd'T'HH:mm:ss\")", "2026-03-29T00:30:00"),
    ("format(in_zone(case.opened, \"Europe/Berlin\"), \"H:mm 'o''clock'\")", "1:30 o'clock"),
    ('format(time("09:05"), "H:mm")', "9:05"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_function_of_dates_gives_its_value(text: str, value: object, expression: Compile) -> None:
    found = expression(text)
    result = found.evaluate(ROOTS)
    assert (result, type(result)) == (value, type(value))
    assert found.explain(ROOTS).value == value


FAULTY = [
    ('days(case.wait + duration("1mo"))', "months and business days have no fixed length"),
    ("in_zone(case.opened, upper(name))", "there is no time zone 'ASIA/KATHMANDU'; write it as Europe/Berlin"),
    ('in_zone(case.opened, "../" + name)', "is no time zone; write it as Europe/Berlin"),
    ('in_zone(case.opened, "local" + "time")', "'localtime' is no time zone; write it as Europe/Berlin"),
    ('format(due, "H" + ":mm")', "a date has no hours, and a time no days"),
    ("add_days(due, 9000000)", "the date leaves the calendar"),
    ("add_years(due, 9000)", "the date leaves the calendar"),
    ('due + duration("1" + "bd")', "business days need a calendar, and an expression knows none"),
]


@pytest.mark.parametrize(("text", "reason"), FAULTY)
def test_what_cannot_be_counted_is_null_and_says_why(text: str, reason: str, expression: Compile) -> None:
    assert expression(text).evaluate(ROOTS) is None
    assert reason in expression(text).explain(ROOTS).reason


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(days, st.integers(-2400, 2400).filter(lambda count: count))
def test_the_months_between_are_those_that_were_added(day: date, months: int) -> None:
    later = add_months(day, months)
    assert later.day == min(day.day, (add_months(later.replace(day=1), 1) - timedelta(days=1)).day)
    counted = months_between(day, later)
    assert counted == months or (months < 0 and later.day < day.day)


@given(days, days)
def test_the_years_between_are_counted_alike_both_ways(one: date, other: date) -> None:
    assert years_between(one, other) == -years_between(other, one)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)))
def test_a_zone_changes_the_clock_and_not_the_instant(moment: datetime) -> None:
    local = in_zone(moment, "Europe/Berlin")
    assert local == moment
    assert datetime.fromisoformat(local.isoformat()) == local


def test_an_hour_is_an_hour_across_the_change_of_clocks(expression: Compile) -> None:
    found = expression('in_zone(case.opened, "Europe/Berlin") + case.wait - case.opened')
    assert found.evaluate(ROOTS) == ROOTS["case"]["wait"]


def test_a_decimal_of_a_double_is_the_one_that_is_written(expression: Compile) -> None:
    assert expression('decimal(double("0.1"))').evaluate({}) == Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('duration("36h")', "1d12h"),
        ('-duration("36h")', "-1d-12h"),
        ('duration("1mo") - duration("90m")', "1mo-1h-30m"),
        ('-duration("1mo1s")', "-1mo-1s"),
        ('duration("1d") - duration("24h")', "0s"),
    ],
)
def test_each_part_of_a_length_that_goes_back_says_so(text: str, told: str, expression: Compile) -> None:
    assert expression(f"string({text})").evaluate(ROOTS) == told


@pytest.mark.parametrize(
    "text",
    [
        "now() - case.opened",
        'case.opened + duration("1d")',
        'hour(case.opened, "Europe/Berlin")',
        'in_zone(case.opened, "UTC")',
        "case.opened < now()",
    ],
)
def test_a_datetime_without_a_zone_is_never_taken_for_one_on_the_clock_of_the_machine(
    text: str, expression: Compile
) -> None:
    found = expression(text)
    roots = {**ROOTS, "case": {"opened": datetime(2026, 3, 1, 10)}}
    assert found.evaluate(roots) is None
    assert found.explain(roots).is_fault
