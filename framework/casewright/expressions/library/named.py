"""The functions of the language that have names, with their types: texts, numbers, lists, dates and times."""

from __future__ import annotations

from collections.abc import Callable

from casewright.expressions.library import dates, lists
from casewright.expressions.library import functions as f
from casewright.expressions.library import operators as op
from casewright.expressions.library import parameters as p
from casewright.expressions.library.signatures import Function, Overload, Parameter, Preparation, Result
from casewright.expressions.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    DOUBLE,
    DURATION,
    INTEGER,
    NULL,
    TEXT,
    TIME,
    list_of,
)

_PATTERN = Preparation(f.pattern, help="patterns are RE2: no look-around, no back references")
_ZONE = Preparation(dates.named_zone)
_FORM = Preparation(dates.form, "this form", 'write a date as "dd.MM.yyyy", a time as "HH:mm"')


def named_functions() -> list[Function]:
    """All functions with names."""
    return [
        *_texts(),
        *_patterns(),
        *_numbers(),
        *_lists(),
        *_parts_of_lists(),
        *_optionals(),
        *_conversions_of_dates(),
        *_parts_of_dates(),
        *_calendar(),
        *_clock(),
    ]


def _way(result: Result, run: Callable[..., object], *takes: Parameter, linear: bool = False) -> Overload:
    return Overload(takes, result, run, linear=linear)


def _one(name: str, result: Result, run: Callable[..., object], *takes: Parameter, linear: bool = False) -> Function:
    return Function(name, (_way(result, run, *takes, linear=linear),))


def _texts() -> list[Function]:
    return [
        _one("contains", BOOLEAN, f.contains, p.TEXT, p.TEXT, linear=True),
        _one("startsWith", BOOLEAN, f.starts_with, p.TEXT, p.TEXT),
        _one("endsWith", BOOLEAN, f.ends_with, p.TEXT, p.TEXT),
        _one("lower", TEXT, f.lower, p.TEXT, linear=True),
        _one("upper", TEXT, f.upper, p.TEXT, linear=True),
        _one("capitalize", TEXT, f.capitalize, p.TEXT, linear=True),
        _one("trim", TEXT, f.trim, p.TEXT, linear=True),
        _one("replace", TEXT, f.replace, p.TEXT, p.TEXT, p.TEXT, linear=True),
        _one("mask", TEXT, f.mask, p.TEXT, p.INTEGER, linear=True),
        _one("split", list_of(TEXT), f.split, p.TEXT, p.TEXT, linear=True),
        Function("join", tuple(_way(TEXT, f.join, p.TEXT_LIST, *more, linear=True) for more in ((), (p.TEXT,)))),
        Function(
            "substring",
            tuple(_way(TEXT, lists.part, p.TEXT, p.INTEGER, *more, linear=True) for more in ((), (p.INTEGER,))),
        ),
        _one("charAt", TEXT, f.char_at, p.TEXT, p.INTEGER),
        Function("indexOf", (*_searches(f.index_of), _way(INTEGER, lists.place_of, p.LIST, p.ANY, linear=True))),
        Function("lastIndexOf", _searches(f.last_index_of)),
        _one("string", TEXT, f.string, p.TOLD, linear=True),
    ]


def _searches(run: Callable[..., object]) -> tuple[Overload, ...]:
    return tuple(_way(INTEGER, run, p.TEXT, p.TEXT, *more, linear=True) for more in ((), (p.INTEGER,)))


def _patterns() -> list[Function]:
    def pattern(name: str, result: Result, run: Callable[..., object], *, nullable: bool = False) -> Function:
        way = Overload((p.TEXT, p.TEXT), result, run, linear=True, nullable=nullable)
        return Function(name, (way,), prepares={1: _PATTERN})

    return [
        pattern("matches", BOOLEAN, f.matches),
        pattern("find", TEXT, f.find, nullable=True),
        pattern("find_all", list_of(TEXT), f.find_all),
        pattern("extract", TEXT, f.extract, nullable=True),
    ]


def _numbers() -> list[Function]:
    rounded_to = _way(lambda types: p.numeric(types[:1]), f.rounded_to, p.EVERY_NUMBER, p.INTEGER)
    return [
        _one("abs", p.the_same, f.absolute, p.EVERY_NUMBER),
        Function("round", (_way(INTEGER, f.rounded, p.EVERY_NUMBER), rounded_to)),
        _one("floor", INTEGER, f.floor, p.EVERY_NUMBER),
        _one("ceil", INTEGER, f.ceiling, p.EVERY_NUMBER),
        _conversion("int", INTEGER, f.to_integer, p.EVERY_NUMBER, p.TEXT),
        _conversion("decimal", DECIMAL, f.to_decimal, p.EVERY_NUMBER, p.TEXT),
        _conversion("double", DOUBLE, f.to_double, p.EVERY_NUMBER, p.TEXT),
    ]


def _conversion(name: str, result: Result, run: Callable[..., object], *takes: Parameter) -> Function:
    return Function(name, tuple(_way(result, run, each) for each in takes), literal=True)


def _lists() -> list[Function]:
    comparables = (p.NUMBER, p.DOUBLE, p.FREE_TEXT, p.DATE, p.TIME, p.DATETIME)

    def extreme(name: str, run: Callable[..., object]) -> Function:
        items = _way(p.element, run, p.ORDERED_LIST, linear=True)
        return Function(name, (items, *(Overload((k,), p.all_together, run, repeats=True) for k in comparables)))

    average = Overload((p.NUMBER_LIST,), p.mean, lists.average, linear=True, nullable=True)
    return [
        _one("size", INTEGER, f.size, p.SIZED),
        extreme("min", lists.least),
        extreme("max", lists.greatest),
        _one("sum", p.element, lists.total, p.NUMBER_LIST, linear=True),
        Function("average", (average,)),
        _one("sort", p.the_same, lists.in_order, p.ORDERED_LIST, linear=True),
        _one("distinct", p.the_same, lists.distinct, p.LIST, linear=True),
        _one("flatten", p.flattened, lists.flatten, p.LIST, linear=True),
        Function("reverse", tuple(_way(p.reversed_, lists.reverse, each, linear=True) for each in (p.LIST, p.TEXT))),
        _one("lists.range", list_of(INTEGER), lists.count_up, p.INTEGER, linear=True),
    ]


def _parts_of_lists() -> list[Function]:
    def item(name: str, run: Callable[..., object]) -> Function:
        return Function(name, (Overload((p.LIST,), p.element, run, nullable=True),))

    slices = tuple(_way(p.the_same, lists.part, p.LIST, p.INTEGER, *more, linear=True) for more in ((), (p.INTEGER,)))
    return [item("first", lists.first), item("last", lists.last), Function("slice", slices)]


def _optionals() -> list[Function]:
    return [
        _one("optional.of", p.the_same, f.same, p.ANY),
        Function("optional.none", (Overload((), NULL, f.none, nullable=True),)),
        _one("value", p.the_same, f.same, p.ANY),
    ]


def _conversions_of_dates() -> list[Function]:
    zoned = {1: _ZONE}
    local = _way(DATETIME, dates.at_time, p.DATE, p.TIME, p.TEXT)
    date_ways = [_way(DATE, dates.to_date, each) for each in (p.TEXT, p.DATE, p.DATETIME)]
    time_ways = [_way(TIME, dates.to_time, each) for each in (p.TEXT, p.TIME, p.DATETIME)]
    moments = [_way(DATETIME, dates.to_datetime, each) for each in (p.TEXT, p.DATETIME)]
    return [
        Function("date", (*date_ways, _way(DATE, dates.to_date, p.DATETIME, p.TEXT)), True, zoned),
        Function("time", (*time_ways, _way(TIME, dates.to_time, p.DATETIME, p.TEXT)), True, zoned),
        Function("datetime", (*moments, local), True, {2: _ZONE}),
        _conversion("duration", DURATION, dates.to_duration, p.TEXT, p.DURATION),
        Function("in_zone", (_way(DATETIME, dates.in_zone, p.DATETIME, p.TEXT),), prepares=zoned),
        Function("format", (_way(TEXT, dates.formatted, p.WRITTEN, p.TEXT),), prepares={1: _FORM}),
    ]


def _parts_of_dates() -> list[Function]:
    def part(name: str, run: Callable[..., object], takes: Parameter, *more: Overload) -> Function:
        ways = (_way(INTEGER, run, takes), _way(INTEGER, run, p.DATETIME, p.TEXT), *more)
        return Function(name, ways, prepares={1: _ZONE})

    return [
        part("year", dates.part("year"), p.DAY),
        part("quarter", dates.quarter, p.DAY),
        part("month", dates.part("month"), p.DAY),
        part("week", dates.week, p.DAY),
        part("day", dates.part("day"), p.DAY),
        part("weekday", dates.weekday, p.DAY),
        part("day_of_year", dates.day_of_year, p.DAY),
        part("hour", dates.part("hour"), p.CLOCK),
        part("minute", dates.part("minute"), p.CLOCK),
        part("second", dates.part("second"), p.CLOCK),
        _one("days", INTEGER, dates.whole_units(86_400), p.DURATION),
        _one("hours", INTEGER, dates.whole_units(3_600), p.DURATION),
        _one("minutes", INTEGER, dates.whole_units(60), p.DURATION),
        _one("seconds", INTEGER, dates.whole_units(1), p.DURATION),
    ]


def _calendar() -> list[Function]:
    starts = {
        "start_of_week": dates.start_of_week,
        "start_of_month": dates.start_of_month,
        "end_of_month": dates.end_of_month,
        "start_of_quarter": dates.start_of_quarter,
        "start_of_year": dates.start_of_year,
        "end_of_year": dates.end_of_year,
    }
    return [
        _one("days_between", INTEGER, dates.days_between, p.DAY, p.DAY),
        _one("months_between", INTEGER, dates.months_between, p.DAY, p.DAY),
        _one("years_between", INTEGER, dates.years_between, p.DAY, p.DAY),
        _one("add_days", p.the_same, dates.add_days, p.DAY, p.INTEGER),
        _one("add_months", p.the_same, op.add_months, p.DAY, p.INTEGER),
        _one("add_years", p.the_same, dates.add_years, p.DAY, p.INTEGER),
        *(_one(name, DATE, run, p.DAY) for name, run in starts.items()),
    ]


def _clock() -> list[Function]:
    def at(result: Result, run: Callable[..., object], *takes: Parameter) -> Overload:
        return Overload(takes, result, run, clock=True)

    zoned = {0: _ZONE}
    return [
        Function("now", (at(DATETIME, dates.present),)),
        Function("today", (at(DATE, dates.today), at(DATE, dates.today, p.TEXT)), prepares=zoned),
        Function("daypart", (at(TEXT, dates.daypart), at(TEXT, dates.daypart, p.TEXT)), prepares=zoned),
        Function("age", (at(INTEGER, dates.age, p.DAY),)),
    ]
