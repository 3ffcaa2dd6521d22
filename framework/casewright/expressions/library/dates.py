"""The functions of dates, times and durations as Python: pure, bounded, and never given null.

A datetime is an instant on the clock of a zone. What these functions make has its distance from UTC, not the name of
its zone, as it has when it was stored and read again; so all arithmetic gives the same before and after.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, TypeVar

from casewright.expressions.library.operators import Fault, Moment, add_months, instant
from casewright.expressions.library.zones import zone_of
from casewright.values import Duration

Parsed = TypeVar("Parsed", date, time, datetime)

FORM_LIMIT = 100
"""Characters of the form in which a date is written."""


def to_date(value: Any, *zone: str | tzinfo) -> date:
    """The date that a text such as 2026-01-31 says, or of a datetime: in its own zone, or in the one that is named."""
    if isinstance(value, datetime):
        found: date = _there(value, zone).date()
        return found
    if isinstance(value, date):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise Fault(f"'{value[:40]}' is no date; write it as 2026-01-31")
    return _iso(date.fromisoformat, value, "date")


def to_time(value: Any, *zone: str | tzinfo) -> time:
    """The time that a text such as 09:30 says, or of a datetime: in its own zone, or in the one that is named."""
    if isinstance(value, datetime):
        clock: time = _there(value, zone).time()
        return clock
    if isinstance(value, time):
        return value
    if not re.fullmatch(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", value, re.ASCII):
        raise Fault(f"'{value[:40]}' is no time; write it as 09:30")
    return _iso(time.fromisoformat, value, "time")


def to_datetime(value: Any) -> datetime:
    """The instant that a text such as 2026-01-31T09:30:00Z says; the zone is needed."""
    if isinstance(value, datetime):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", value, re.ASCII):
        raise Fault(f"'{value[:40]}' is no datetime; write it as 2026-01-31T09:30:00Z, with its zone")
    return _iso(datetime.fromisoformat, value, "datetime")


_ISO_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)


def to_duration(value: Any) -> Duration:
    """The duration that a text says, in the house form (1d12h) or in ISO form (P1DT12H)."""
    if isinstance(value, Duration):
        return value
    if len(value) > 60:
        raise Fault("a duration is short")
    found = _ISO_DURATION.fullmatch(value)
    try:
        if found is None:
            return Duration.parse(value)
        years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        exact = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        return Duration(years * 12 + months, 0, exact)
    except (ValueError, OverflowError) as wrong:
        raise Fault(str(wrong)) from None


def _iso(parse: Callable[[str], Parsed], value: str, name: str) -> Parsed:
    try:
        return parse(value)
    except ValueError:
        raise Fault(f"'{value[:40]}' is no {name} of the calendar") from None


# Zones


def named_zone(name: str | tzinfo) -> tzinfo:
    """The zone of a name, or the one that was made of it already."""
    if isinstance(name, tzinfo):
        return name
    return zone_of(name)


def in_zone(moment: datetime, name: str | tzinfo) -> datetime:
    """The same instant on the clock of a zone."""
    local = instant(moment).astimezone(named_zone(name))
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


def _there(value: Any, zone: tuple[str | tzinfo, ...]) -> Any:
    return in_zone(value, *zone) if zone else value


def at_time(day: date, clock: time, name: str | tzinfo) -> datetime:
    """The instant at which the clocks of a zone show a time on a day; an hour that they leave out is the next."""
    if isinstance(day, datetime):
        raise Fault("takes a date")
    local = datetime.combine(day, clock, named_zone(name))
    return in_zone(local.astimezone(UTC), name)


# Parts


def part(name: str) -> Callable[..., int]:
    """What reads a part of a date, a time or a datetime; a second argument names the zone of a datetime."""

    def run(value: Any, *zone: str | tzinfo) -> int:
        found: int = getattr(_there(value, zone), name)
        return found

    return run


def weekday(day: date, *zone: str | tzinfo) -> int:
    """The day of the week, Monday being 1."""
    return to_date(day, *zone).isoweekday()


def day_of_year(day: date, *zone: str | tzinfo) -> int:
    return to_date(day, *zone).timetuple().tm_yday


def week(day: date, *zone: str | tzinfo) -> int:
    """The week of the year as ISO counts them: the first is that with the first Thursday."""
    return to_date(day, *zone).isocalendar().week


def quarter(day: date, *zone: str | tzinfo) -> int:
    return (to_date(day, *zone).month + 2) // 3


# Calendar


def add_days(day: Moment, count: int) -> Moment:
    """The same time so many days later."""
    return day + timedelta(days=_counted(count))


def add_years(day: Moment, count: int) -> Moment:
    """The same day so many years later; of the 29th of February the 28th where there is none."""
    return add_months(day, _counted(count) * 12)


def _counted(count: int) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or abs(count) > 4_000_000:
        raise Fault("the date leaves the calendar")
    return count


def start_of_week(day: date) -> date:
    """The Monday of the week."""
    found = to_date(day)
    return found - timedelta(days=found.weekday())


def start_of_month(day: date) -> date:
    return to_date(day).replace(day=1)


def end_of_month(day: date) -> date:
    found = to_date(day)
    return found.replace(day=monthrange(found.year, found.month)[1])


def start_of_quarter(day: date) -> date:
    found = to_date(day)
    return found.replace(month=(found.month - 1) // 3 * 3 + 1, day=1)


def start_of_year(day: date) -> date:
    return to_date(day).replace(month=1, day=1)


def end_of_year(day: date) -> date:
    return to_date(day).replace(month=12, day=31)


# Distances


def days_between(first: Any, last: Any) -> int:
    """The days from `first` to `last`; negative where `last` is earlier."""
    return (to_date(last) - to_date(first)).days


def months_between(first: Any, last: Any) -> int:
    """The whole months from `first` to `last`; negative where `last` is earlier.

    From the 31st of January it is a month to the last of February, as `add_months` counts.
    """
    one, other = to_date(first), to_date(last)
    if other < one:
        return -months_between(other, one)
    months = (other.year - one.year) * 12 + other.month - one.month
    return months if add_months(one, months) <= other else months - 1


def years_between(first: Any, last: Any) -> int:
    """The whole years from `first` to `last`; negative where `last` is earlier."""
    months = months_between(first, last)
    return months // 12 if months >= 0 else -(-months // 12)


def age(now: datetime, born: date) -> int:
    """The whole years since a date, on the case's clock."""
    return years_between(born, now.date())


def whole_units(seconds: int) -> Callable[[Duration], int]:
    """What counts the whole units in a duration that has neither months nor business days."""

    def run(length: Duration) -> int:
        if length.months or length.business_days:
            raise Fault("months and business days have no fixed length")
        unit = timedelta(seconds=seconds)
        return length.exact // unit if length.exact >= timedelta() else -(-length.exact // unit)

    return run


# The clock


def today(now: datetime, *zone: str | tzinfo) -> date:
    return to_date(now, *zone)


def present(now: datetime) -> datetime:
    if not isinstance(now, datetime):
        raise Fault("the clock is not given")
    return now


def daypart(now: datetime, *zone: str | tzinfo) -> str:
    """morning before 12, afternoon before 18, else evening."""
    hour = _there(now, zone).hour
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"


# Forms

_PIECE = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_FORMS: dict[str, Callable[[Any], str]] = {
    "yyyy": lambda at: f"{at.year:04}",
    "yy": lambda at: f"{at.year % 100:02}",
    "MM": lambda at: f"{at.month:02}",
    "M": lambda at: str(at.month),
    "dd": lambda at: f"{at.day:02}",
    "d": lambda at: str(at.day),
    "HH": lambda at: f"{at.hour:02}",
    "H": lambda at: str(at.hour),
    "mm": lambda at: f"{at.minute:02}",
    "ss": lambda at: f"{at.second:02}",
}

_OF_TIMES = frozenset({"HH", "H", "mm", "ss"})

Form = tuple[str | Callable[[Any], str], ...]


def form(text: str) -> Form:
    """What writes a date or a time in a form such as dd.MM.yyyy; letters that stand for themselves are quoted."""
    if len(text) > FORM_LIMIT:
        raise Fault(f"a form has at most {FORM_LIMIT} characters")
    pieces: list[str | Callable[[Any], str]] = []
    place = 0
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None or (found[2] and found[0] not in _FORMS):
            wrong = found[0] if found else "'"
            raise Fault(f"has '{wrong}'; a form is made of {', '.join(_FORMS)}, and other letters in single quotes")
        pieces.append(_FORMS[found[0]] if found[2] else _literal(found))
        place = found.end()
    return tuple(pieces)


def lacking(wanted: Form, kind: str) -> str:
    """The first piece of a form that a value of the kind does not have: the hours of a date, or the days of a time."""
    without = _OF_TIMES if kind == "date" else _FORMS.keys() - _OF_TIMES if kind == "time" else frozenset()
    names = {run: name for name, run in _FORMS.items()}
    return next((names[piece] for piece in wanted if callable(piece) and names[piece] in without), "")


def _literal(found: re.Match[str]) -> str:
    return found[0] if found[1] is None else found[1].replace("''", "'") or "'"


def formatted(value: Any, wanted: str | Form) -> str:
    """A date, a time or a datetime in a form."""
    if not isinstance(value, (date, time)):
        raise Fault("is no date")
    pieces = form(wanted) if isinstance(wanted, str) else wanted
    try:
        return "".join(piece if isinstance(piece, str) else piece(value) for piece in pieces)
    except AttributeError:
        raise Fault("a date has no hours, and a time no days") from None
