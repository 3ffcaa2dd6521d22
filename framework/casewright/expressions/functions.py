"""The functions of the language as Python: pure, bounded, and never given null."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import re2

from casewright.expressions.operators import CHARACTER_LIMIT, ITEM_LIMIT, MATH, Fault, integer
from casewright.expressions.types import kind_of
from casewright.values import Duration

Parsed = TypeVar("Parsed", date, time, datetime)

PATTERN_LIMIT = 500
"""Characters of a pattern."""

# Texts


def plain(value: Any) -> str:
    """A value as text: numbers without exponent, dates in ISO form, lists with commas; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(item) for item in value)
    return str(value)


def string(value: object) -> str:
    if kind_of(value) in ("null", "map", "unknown"):
        raise Fault("has no form as text")
    return plain(value)


def contains(text: str, part: str) -> bool:
    return _text(part) in _text(text)


def starts_with(text: str, part: str) -> bool:
    return _text(text).startswith(_text(part))


def ends_with(text: str, part: str) -> bool:
    return _text(text).endswith(_text(part))


def lower(text: str) -> str:
    return text.lower()


def upper(text: str) -> str:
    return text.upper()


def trim(text: str) -> str:
    return text.strip()


def replace(text: str, old: str, new: str) -> str:
    grown = len(text) + _text(text).count(old) * (len(new) - len(old))
    if grown > CHARACTER_LIMIT:
        raise Fault(f"makes a text of more than {CHARACTER_LIMIT:,} characters")
    return text.replace(old, new)


def join(items: Sequence[str], separator: str = "") -> str:
    if sum(len(item) for item in items) + len(separator) * len(items) > CHARACTER_LIMIT:
        raise Fault(f"makes a text of more than {CHARACTER_LIMIT:,} characters")
    return separator.join(items)


def split(text: str, separator: str) -> list[str]:
    parts = list(text) if _text(separator) == "" else text.split(separator)
    if len(parts) > ITEM_LIMIT:
        raise Fault(f"makes a list of more than {ITEM_LIMIT:,} items")
    return parts


def pattern(text: str) -> Any:
    """The compiled pattern that `text` says, in RE2's syntax, which matches in linear time."""
    if len(text) > PATTERN_LIMIT:
        raise Fault(f"a pattern has at most {PATTERN_LIMIT} characters")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as wrong:
        raise Fault(f"does not parse: {_words(wrong)}") from None


def matches(text: str, wanted: Any) -> bool:
    """Whether the pattern is found anywhere in `text`."""
    compiled = pattern(wanted) if isinstance(wanted, str) else wanted
    return compiled.search(_text(text)) is not None


def _words(wrong: Exception) -> str:
    said = wrong.args[0] if wrong.args else ""
    return said.decode() if isinstance(said, bytes) else str(said)


def _text(value: str) -> str:
    if isinstance(value, str):
        return value
    raise Fault("is no text")


# Numbers


def size(value: Any) -> int:
    return len(value)


def least(*values: Any) -> Any:
    return min(_present(_listed(values)))


def greatest(*values: Any) -> Any:
    return max(_present(_listed(values)))


def total(values: Sequence[Any]) -> Any:
    result: int | Decimal = 0
    for value in _present(values):
        both_whole = isinstance(value, int) and isinstance(result, int)
        result = integer(result + value) if both_whole else MATH.add(result, value)
    return result


def _listed(values: Sequence[Any]) -> Sequence[Any]:
    return values[0] if len(values) == 1 and isinstance(values[0], (list, tuple)) else values


def _present(values: Sequence[Any]) -> Sequence[Any]:
    if not isinstance(values, (list, tuple)) or any(value is None for value in values):
        raise Fault("has an empty item")
    if not values:
        return values
    kinds = {kind_of(value) for value in values}
    if len(kinds) > 1 and not kinds <= {"integer", "decimal"}:
        raise Fault("has items of different types")
    return values


def absolute(value: Any) -> Any:
    return integer(abs(value)) if isinstance(value, int) else MATH.abs(value)


def rounded(value: Any) -> int:
    """The nearest integer; halves go away from zero."""
    return _whole(value, decimal.ROUND_HALF_UP)


def rounded_to(value: Any, digits: int) -> Decimal:
    """The nearest decimal of so many places; halves go away from zero."""
    if not -20 <= digits <= 20:
        raise Fault("rounds to 20 places at most")
    return MATH.create_decimal(value).quantize(Decimal(1).scaleb(-digits), decimal.ROUND_HALF_UP, MATH)


def floor(value: Any) -> int:
    return _whole(value, decimal.ROUND_FLOOR)


def ceiling(value: Any) -> int:
    return _whole(value, decimal.ROUND_CEILING)


def to_integer(value: Any) -> int:
    """The integer that a text says, or a number without its fraction."""
    if isinstance(value, str):
        if not re.fullmatch(r"[+-]?\d{1,19}", value, re.ASCII):
            raise Fault(f"'{value[:40]}' is no integer")
        return integer(int(value))
    return _whole(value, decimal.ROUND_DOWN)


def to_decimal(value: Any) -> Decimal:
    """The decimal that a text or an integer says."""
    if isinstance(value, str) and not re.fullmatch(r"[+-]?\d{1,34}(\.\d{1,34})?", value, re.ASCII):
        raise Fault(f"'{value[:40]}' is no number")
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise Fault("is no number")
    return value if isinstance(value, Decimal) else MATH.create_decimal(value)


def _whole(value: Any, rounding: str) -> int:
    if isinstance(value, int):
        return value
    if value.adjusted() > 20:
        raise Fault("an integer has at most 64 bits")
    return integer(int(value.to_integral_value(rounding)))


# Dates


def to_date(value: Any) -> date:
    """The date that a text such as 2026-01-31 says, or of a datetime in its own zone."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise Fault(f"'{value[:40]}' is no date; write it as 2026-01-31")
    return _iso(date.fromisoformat, value, "date")


def to_time(value: Any) -> time:
    """The time that a text such as 09:30 says, or of a datetime in its own zone."""
    if isinstance(value, datetime):
        return value.time()
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


def year(day: date) -> int:
    return day.year


def month(day: date) -> int:
    return day.month


def day(day: date) -> int:
    return day.day


def days_between(first: Any, last: Any) -> int:
    """The days from `first` to `last`; negative where `last` is earlier."""
    return (to_date(last) - to_date(first)).days


def today(now: datetime) -> date:
    return now.date()


def present(now: datetime) -> datetime:
    if not isinstance(now, datetime):
        raise Fault("the clock is not given")
    return now


def daypart(now: datetime) -> str:
    """morning before 12, afternoon before 18, else evening."""
    return "morning" if now.hour < 12 else "afternoon" if now.hour < 18 else "evening"
