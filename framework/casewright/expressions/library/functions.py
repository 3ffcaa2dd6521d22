"""The functions of the language as Python: pure, bounded, and never given null."""

from __future__ import annotations

import decimal
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

import re2

from casewright.expressions.library.operators import CHARACTER_LIMIT, ITEM_LIMIT, MATH, NESTING_LIMIT, Fault, integer
from casewright.expressions.types import kind_of

PATTERN_LIMIT = 500
"""Characters of a pattern."""

# Texts


def plain(value: Any, room: list[int] | None = None) -> str:
    """A value as text: numbers without exponent, dates in ISO form, lists with commas; null is empty.

    A list that is too deep to be told is cut, which `...` shows, as is what is too long. `room` holds how many
    characters are left where several values stand in one text; it is counted down.
    """
    left = [CHARACTER_LIMIT] if room is None else room
    return "" if left[0] < 0 else _told(value, left, NESTING_LIMIT)


def string(value: object) -> str:
    if kind_of(value) in ("null", "map", "unknown"):
        raise Fault("has no form as text")
    room = [CHARACTER_LIMIT]
    text = _told(value, room, NESTING_LIMIT)
    if room[0] < 0:
        raise Fault(f"makes a text of more than {CHARACTER_LIMIT:,} characters")
    return text


def _told(value: Any, room: list[int], depth: int) -> str:
    """The value as text; `room` counts down the characters, and is below 0 where the text was cut."""
    if isinstance(value, (list, tuple, Mapping)):
        return _items_told(value, room, depth)
    return _cut(_scalar_told(value), room)


def _cut(text: str, room: list[int]) -> str:
    """The text as far as there is room, with `...` where that ends; nothing after it."""
    left = room[0]
    room[0] -= len(text)
    if room[0] >= 0 or left < 0:
        return text if room[0] >= 0 else ""
    return f"{text[:left]}..."


def _items_told(values: Any, room: list[int], depth: int) -> str:
    told: list[str] = []
    for each in values:
        room[0] -= 2
        if room[0] < 0 or depth == 0:
            room[0] = -1
            told.append("...")
            break
        inner = values[each] if isinstance(values, Mapping) else each
        name = f"{_cut(_scalar_told(each), room)}: " if isinstance(values, Mapping) else ""
        told.append(name + _told(inner, room, depth - 1))
    return ", ".join(told)


def _scalar_told(value: Any) -> str:
    """A value that holds no others as text. What the language has no value for is told by nothing: its own words may
    say what nobody may read."""
    if value is None or kind_of(value) == "unknown":
        return ""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number_told(value) if isinstance(value, (int, Decimal, float)) else _other_told(value)


def _number_told(value: int | Decimal | float) -> str:
    if isinstance(value, int):
        return format(Decimal(value), "f")  # however many digits a host's integer has
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0") if math.isfinite(value) else str(value)
    if not value:
        value = abs(value)  # zero has no sign in a text
    return format(value, "f") if abs(value.adjusted()) <= MATH.Emax else str(value)


def _other_told(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


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


def index_of(text: str, part: str, *start: int) -> int:
    """Where the part begins first, from a place on; -1 where it is not found."""
    return _text(text).find(_text(part), *_places(text, start))


def last_index_of(text: str, part: str, *end: int) -> int:
    """Where the part begins last, at a place or before; -1 where it is not found."""
    places = _places(text, end)
    return _text(text).rfind(_text(part), 0, *(place + len(part) for place in places))


def char_at(text: str, place: int) -> str:
    """The character at a place; at the end of the text nothing."""
    (start,) = _places(text, (place,))
    return text[start : start + 1]


def _places(text: str, places: tuple[int, ...]) -> tuple[int, ...]:
    if any(not 0 <= place <= len(text) for place in places):
        raise Fault(f"{places[0]} does not lie within the {len(text)} characters")
    return places


def capitalize(text: str) -> str:
    """The text with its first letter as a capital."""
    return _text(text)[:1].upper() + text[1:]


def mask(text: str, shown: int) -> str:
    """The text with `*` for all but its last characters."""
    if shown < 0:
        raise Fault("shows no negative number of characters")
    hidden = max(len(_text(text)) - shown, 0)
    return "*" * hidden + text[hidden:]


def pattern(text: str) -> Any:
    """The compiled pattern that `text` says, in RE2's syntax, which matches in linear time."""
    if len(text) > PATTERN_LIMIT:
        raise Fault(f"this pattern has more than {PATTERN_LIMIT} characters")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as wrong:
        raise Fault(f"this pattern does not parse: {_words(wrong)}") from None


def matches(text: str, wanted: Any) -> bool:
    """Whether the pattern is found anywhere in `text`."""
    return _found(text, wanted) is not None


def find(text: str, wanted: Any) -> str | None:
    """What the pattern finds first; null where it finds nothing."""
    found = _found(text, wanted)
    return found.group() if found else None


def find_all(text: str, wanted: Any) -> list[str]:
    """All that the pattern finds, one after the other."""
    compiled = pattern(wanted) if isinstance(wanted, str) else wanted
    made: list[str] = []
    for found in compiled.finditer(_text(text)):
        made.append(found.group())
        if len(made) > ITEM_LIMIT:
            raise Fault(f"makes a list of more than {ITEM_LIMIT:,} items")
    return made


def extract(text: str, wanted: Any) -> str | None:
    """What the first group of the pattern finds; null where the pattern finds nothing."""
    found = _found(text, wanted)
    if found is None:
        return None
    group: str | None = found.group(1) if found.re.groups else found.group()
    return group


def _found(text: str, wanted: Any) -> Any:
    compiled = pattern(wanted) if isinstance(wanted, str) else wanted
    return compiled.search(_text(text))


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


def absolute(value: Any) -> Any:
    if isinstance(value, float):
        return abs(value)
    return integer(abs(value)) if isinstance(value, int) else MATH.abs(value)


def rounded(value: Any) -> int:
    """The nearest integer; halves go away from zero."""
    return _whole(value, decimal.ROUND_HALF_UP)


def rounded_to(value: Any, digits: int) -> Decimal:
    """The nearest decimal of so many places; halves go away from zero."""
    if isinstance(value, float):
        value = _exactly(value)
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
    if isinstance(value, float):
        return _exactly(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise Fault("is no number")
    return value if isinstance(value, Decimal) else MATH.create_decimal(value)


def _exactly(value: float) -> Decimal:
    """The shortest decimal that reads as the double."""
    if not math.isfinite(value):
        raise Fault("is no number")
    return MATH.create_decimal(repr(value))


def to_double(value: Any) -> float:
    """The double nearest to a number, or to the number that a text says."""
    return value if isinstance(value, float) else float(to_decimal(value))


def _whole(value: Any, rounding: str) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        value = _exactly(value)
    if value.adjusted() > 20:
        raise Fault("an integer has at most 64 bits")
    return integer(int(value.to_integral_value(rounding)))


# Optionals, which here are values that may be null


def same(value: object) -> object:
    """The value, which is there."""
    if value is None:
        raise Fault("has no value")
    return value


def none() -> None:
    """Null, as an optional that holds nothing."""
