"""What operators do with values that are not null: exact, bounded, never Python's own meaning by accident.

Every function here either gives the value or raises one of FAULTS; given None it always raises.
"""

from __future__ import annotations

import decimal
import math
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from casewright.expressions.tokens import DIGITS, INTEGER_HIGH, INTEGER_LOW
from casewright.expressions.types import kind_of
from casewright.values import Duration

Moment = TypeVar("Moment", bound=date)

FAULTS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What Python raises for a value that an operator cannot take."""

CHARACTER_LIMIT = 1_000_000
"""Characters of a text that an expression makes."""

ITEM_LIMIT = 100_000
"""Items of a list that an expression makes."""

WEIGHT_LIMIT = 1_000_000
"""Values within a value that is compared as a whole."""

NESTING_LIMIT = 100
"""How deep lists and maps may lie in one another where they are compared or told."""

STEP_LIMIT = 1_000_000
"""Steps of the macros in one evaluation."""


NO_CALENDAR = "business days need a calendar, and an expression knows none"


class Fault(ArithmeticError):
    """An operator cannot take a value; the message says why in the author's words."""


class Spent(Exception):
    """The macros of an evaluation took more steps than STEP_LIMIT."""


MATH = decimal.Context(
    prec=DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""The context of all decimal arithmetic: 34 digits, a bounded exponent, no infinities."""

add_decimals = MATH.add
subtract_decimals = MATH.subtract
multiply_decimals = MATH.multiply


def integer(value: int) -> int:
    """`value` where it has 64 bits."""
    if INTEGER_LOW <= value <= INTEGER_HIGH:
        return value
    raise Fault("an integer has at most 64 bits")


def add_integers(one: int, other: int) -> int:
    return integer(one + other)


def subtract_integers(one: int, other: int) -> int:
    return integer(one - other)


def multiply_integers(one: int, other: int) -> int:
    return integer(one * other)


def divide_integers(one: int, other: int) -> int:
    """The quotient without its rest, towards zero."""
    if other == 0:
        raise Fault("divides by zero")
    quotient = abs(one) // abs(other)
    return integer(quotient if (one < 0) == (other < 0) else -quotient)


def remainder(one: int, other: int) -> int:
    """The rest of `divide_integers`, which has the sign of `one`; where there is no quotient there is no rest."""
    return one - divide_integers(one, other) * other


def divide_decimals(one: Decimal, other: Decimal) -> Decimal:
    if other == 0:
        raise Fault("divides by zero")
    return MATH.divide(one, other)


def add_doubles(one: float, other: float) -> float:
    return _double(one) + _double(other)


def subtract_doubles(one: float, other: float) -> float:
    return _double(one) - _double(other)


def multiply_doubles(one: float, other: float) -> float:
    return _double(one) * _double(other)


def divide_doubles(one: float, other: float) -> float:
    """The quotient as IEEE 754 has it: infinite by zero, or no number."""
    if _double(other) != 0:
        return _double(one) / other
    return math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one) * math.copysign(1, other)


def negate_double(value: float) -> float:
    return -_double(value)


def _double(value: float) -> float:
    if isinstance(value, float):
        return value
    raise Fault("is no double")


def negate_integer(value: int) -> int:
    return integer(-value)


def negate_decimal(value: Decimal) -> Decimal:
    return MATH.minus(value)


def join_texts(one: str, other: str) -> str:
    if len(one) + len(other) > CHARACTER_LIMIT:
        raise Fault(f"makes a text of more than {CHARACTER_LIMIT:,} characters")
    return one + other


def join_lists(one: Sequence[object], other: Sequence[object]) -> list[object]:
    if len(one) + len(other) > ITEM_LIMIT:
        raise Fault(f"makes a list of more than {ITEM_LIMIT:,} items")
    return [*one, *other]


def item(collection: Any, key: Any) -> object:
    """The item of a list at an index from 0, or the value of a map under a key."""
    if isinstance(collection, dict):
        if kind_of(key) != "text" or key not in collection:
            raise Fault(f"the map has no key {key!r}")
        return collection[key]
    if isinstance(key, bool) or not isinstance(key, int) or not isinstance(collection, (list, tuple)):
        raise Fault("the index of a list is an integer")
    if not 0 <= key < len(collection):
        raise Fault(f"the list has {len(collection)} items; it has none at {key}")
    return collection[key]


def item_or_null(collection: Any, key: Any) -> object:
    """The same, null where there is none; of null, null."""
    if collection is None:
        return None
    if isinstance(collection, dict) and kind_of(key) == "text":
        return collection.get(key)
    if kind_of(key) == "integer" and isinstance(collection, (list, tuple)):
        return collection[key] if 0 <= key < len(collection) else None
    return item(collection, key)


# Dates


def add_months(day: Moment, months: int) -> Moment:
    """The same day `months` later, or the last of that month where it has no such day."""
    if isinstance(months, bool) or not isinstance(months, int):
        raise Fault("months are counted in integers")
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Fault("the date leaves the calendar")
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def add_to_date(day: date, length: Duration) -> date:
    """The day after `length`: months first, then whole days."""
    whole, rest = divmod(length.exact, timedelta(days=1))
    if rest:
        raise Fault("a date moves by whole days; use a datetime")
    return _counted(add_months(day, length.months) + timedelta(days=whole), length)


def add_to_datetime(moment: datetime, length: Duration) -> datetime:
    """The instant after `length`: months first, on the clock of its zone, then the exact rest."""
    later = add_months(moment, length.months)
    return _counted((instant(later) + length.exact).astimezone(moment.tzinfo), length)


def instant(moment: datetime) -> datetime:
    """The moment in UTC; a fault where it has no zone, for then Python would take the zone of the machine."""
    if moment.tzinfo is None:
        raise Fault("a datetime without its zone is no instant")
    return moment.astimezone(UTC)


def _counted(moment: Moment, length: Duration) -> Moment:
    if length.business_days:
        raise Fault(NO_CALENDAR)
    return moment


def between_dates(one: date, other: date) -> Duration:
    """The whole days from `other` to `one`."""
    if isinstance(one, datetime) or isinstance(other, datetime):
        raise Fault("a date and a datetime have no difference")
    return Duration(exact=one - other)


def between_datetimes(one: datetime, other: datetime) -> Duration:
    return Duration(exact=instant(one) - instant(other))


def add_durations(one: Duration, other: Duration) -> Duration:
    return Duration(one.months + other.months, one.business_days + other.business_days, one.exact + other.exact)


def negate_duration(length: Duration) -> Duration:
    return Duration(-length.months, -length.business_days, -length.exact)


def subtract_durations(one: Duration, other: Duration) -> Duration:
    return add_durations(one, negate_duration(other))


def multiply_duration(length: Duration, times: int) -> Duration:
    if abs(times) > 1_000_000:
        raise Fault("a duration is multiplied by a million at most")
    return Duration(length.months * times, length.business_days * times, length.exact * times)


def compare_durations(one: Duration, other: Duration) -> int:
    """Below, at or above 0 as `one` is shorter, equal or longer; months and days have no fixed order."""
    rest = subtract_durations(one, other)
    parts = (rest.months, rest.business_days, rest.exact / timedelta(seconds=1))
    if any(part > 0 for part in parts) and any(part < 0 for part in parts):
        raise Fault("months, business days and days have no fixed order")
    return sum((part > 0) - (part < 0) for part in parts)


# Equality


def weighed(value: Any) -> int:
    """How many values there are in a value, itself among them; a fault where there are too many, or they nest too deep.

    A list may hold one other many times over and so be small, while whoever walks it never ends.
    """
    level, found = [value], 1
    for _ in range(NESTING_LIMIT):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, (list, tuple)):
                inner.extend(each)
            elif isinstance(each, dict):
                inner.extend(each.values())
            if found + len(inner) > WEIGHT_LIMIT:
                raise Fault(f"has more than {WEIGHT_LIMIT:,} values in it")
        if not inner:
            return found
        level, found = inner, found + len(inner)
    raise Fault(f"nests deeper than {NESTING_LIMIT}")


def equal(one: Any, other: Any) -> bool:
    """Whether two values are equal: of one kind (numbers are one), lists and maps item by item; null equals null."""
    if isinstance(one, (list, tuple, dict)):
        weighed(one)
    return _equal(one, other)


def _equal(one: Any, other: Any) -> bool:
    kind = kind_of(one)
    theirs = kind_of(other)
    if kind != theirs:
        return {kind, theirs} == {"integer", "decimal"} and bool(one == other)
    if kind == "list":
        return len(one) == len(other) and all(map(_equal, one, other))
    if kind == "map":
        return len(one) == len(other) and all(key in other and _equal(one[key], other[key]) for key in one)
    return kind != "unknown" and bool(one == other)


def within(value: object, collection: Any) -> bool:
    """Whether a list has an equal item, or a map the key."""
    if isinstance(collection, (list, tuple)):
        if kind_of(value) in ("list", "map"):
            return any(equal(value, other) for other in collection)
        return _listed(value, collection)
    if isinstance(collection, dict):
        return kind_of(value) in ("text", "integer", "boolean") and any(equal(value, key) for key in collection)
    raise Fault("`in` looks into a list or a map")


def _listed(value: object, collection: Sequence[object]) -> bool:
    """Whether a list has the value, by Python's search: wider than our equality for plain values, and much faster."""
    place = -1
    try:
        while True:
            place = collection.index(value, place + 1)
            if equal(value, collection[place]):
                return True
    except ValueError:
        return False


def items_of(collection: Any) -> Iterable[Any]:
    """What a macro goes over: the items of a list, the keys of a map."""
    if isinstance(collection, (list, tuple, dict)):
        return collection
    raise Fault("goes over a list or a map")


def field_of(value: Any, name: str) -> object:
    """The field of a record; null for the field of null and for one that is absent.

    What a record raises while it loads the field passes through.
    """
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise Fault(f"is no record, so it has no '{name}'")
    try:
        return value[name]
    except KeyError as missing:
        if type(missing) is not KeyError:
            raise
        return None
