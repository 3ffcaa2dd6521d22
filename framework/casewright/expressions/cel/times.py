"""Instants and spans of strict CEL: read from texts, added up within their range, and taken apart in a zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from casewright.expressions.cel.values import EPOCH, SECOND, Elapsed, Timestamp
from casewright.expressions.library.operators import Fault, integer
from casewright.expressions.library.zones import zone_of
from casewright.expressions.tokens import INTEGER_HIGH, INTEGER_LOW

_FIRST, _LAST = -62_135_596_800 * SECOND, 253_402_300_800 * SECOND - 1
_LONGEST = 315_576_000_000 * SECOND
_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
}
_PART = re.compile(r"(\d{1,19}(?:\.\d{0,19})?|\.\d{1,19})(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:\d\d)", re.ASCII)


def timestamp(nanoseconds: int) -> Timestamp:
    """The instant, where it lies in the years 1 to 9999."""
    if _FIRST <= nanoseconds <= _LAST:
        return Timestamp(nanoseconds)
    raise Fault("is out of the range of timestamps")


def elapsed(nanoseconds: int) -> Elapsed:
    """The span, where it has 10,000 years at most."""
    if -_LONGEST <= nanoseconds <= _LONGEST:
        return Elapsed(nanoseconds)
    raise Fault("is out of the range of durations")


def to_timestamp(value: str | int | Timestamp) -> Timestamp:
    """The instant that a text in the form of RFC 3339 says, or so many seconds after 1970 began."""
    if isinstance(value, Timestamp):
        return value
    if isinstance(value, int):
        return timestamp(integer(value) * SECOND)
    found = _INSTANT.fullmatch(value)
    if found is None:
        raise Fault(f"'{value[:40]}' is no timestamp; write 2026-01-31T09:30:00Z")
    moment = datetime.fromisoformat(found[1].upper() + found[3].upper())
    seconds = (moment - EPOCH).days * 86_400 + (moment - EPOCH).seconds
    return timestamp(seconds * SECOND + int((found[2] or "0").ljust(9, "0")))


def to_elapsed(value: str | Elapsed) -> Elapsed:
    """The span that a text such as -1h30m or 1.5s says."""
    if isinstance(value, Elapsed):
        return value
    sign, body = (-1, value[1:]) if value[:1] == "-" else (1, value.removeprefix("+"))
    if body == "0":
        return Elapsed(0)
    parts = _PART.findall(body) if len(body) <= 100 else []
    if not parts or "".join(number + unit for number, unit in parts) != body:
        raise Fault(f"'{value[:40]}' is no duration; write 90s, 1h30m or 250ms")
    return elapsed(sign * sum(int(Decimal(number) * _UNITS[unit]) for number, unit in parts))


def later(one: Timestamp, length: Elapsed) -> Timestamp:
    return timestamp(one.nanoseconds + length.nanoseconds)


def earlier(one: Timestamp, length: Elapsed) -> Timestamp:
    return timestamp(one.nanoseconds - length.nanoseconds)


def apart(one: Timestamp, other: Timestamp) -> Elapsed:
    return _counted(one.nanoseconds - other.nanoseconds)


def longer(one: Elapsed, other: Elapsed) -> Elapsed:
    return _counted(one.nanoseconds + other.nanoseconds)


def shorter(one: Elapsed, other: Elapsed) -> Elapsed:
    return _counted(one.nanoseconds - other.nanoseconds)


def _counted(nanoseconds: int) -> Elapsed:
    """A span that was reckoned: it has 64 bits of nanoseconds, some 292 years."""
    if INTEGER_LOW <= nanoseconds <= INTEGER_HIGH:
        return Elapsed(nanoseconds)
    raise Fault("is out of the range of durations")


def part(read: Callable[[datetime], int]) -> Callable[..., int]:
    """What reads a part of an instant, in UTC or in the zone that the second argument names."""

    def run(instant: Timestamp, name: str = "") -> int:
        return read(instant.moment.astimezone(zone_of(name) if name else UTC))

    return run


def milliseconds(instant: Timestamp, name: str = "") -> int:
    """The milliseconds in the second of an instant; no zone changes them."""
    return instant.nanoseconds % SECOND // 10**6 if not name or zone_of(name) else 0


def whole(unit: int) -> Callable[[Elapsed], int]:
    """What counts the whole units in a span."""
    return lambda length: _towards_zero(length.nanoseconds, unit)


def milliseconds_of(length: Elapsed) -> int:
    """The milliseconds of a span beside its whole seconds."""
    return _towards_zero(length.nanoseconds - _towards_zero(length.nanoseconds, SECOND) * SECOND, 10**6)


def _towards_zero(number: int, unit: int) -> int:
    return number // unit if number >= 0 else -(-number // unit)
