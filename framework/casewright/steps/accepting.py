"""What may be stored in a field of each type: from what a caller sends to the value that is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from casewright.values import Duration, did_you_mean

Accept = Callable[[Any], Any]

_LONGEST = 100_000
_LONGEST_EMAIL = 254
_MOST = 2**63 - 1
_DIGITS = 28

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,60}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_DATETIME = re.compile(rf"{_DATE.pattern}(?:[T ]{_TIME.pattern}{_ZONE})?")
_WORD = re.compile(r"[^@\s]+")


def acceptor(type_name: str, options: tuple[str, ...] = (), most: int | None = None) -> Accept:
    """The function that turns what is sent into a value of the type, or raises ValueError saying what was expected.

    None always stays None. `list of T` accepts a list of T, of `most` items where that is given; a name that is no
    simple type is a data type, of which the key is stored.
    """
    if type_name.startswith("list of "):
        return _ListOf(acceptor(type_name.removeprefix("list of "), options), most)
    if type_name == "choice" or options:
        return _Choice(options)
    return _Nullable(_SIMPLE.get(type_name, _key))


class _Nullable:
    """Lets None pass, and hands everything else on."""

    __slots__ = ("accept",)

    def __init__(self, accept: Accept) -> None:
        self.accept = accept

    def __call__(self, value: Any) -> Any:
        return None if value is None else self.accept(value)


class _ListOf:
    __slots__ = ("accept", "most")

    def __init__(self, accept: Accept, most: int | None) -> None:
        self.accept = accept
        self.most = most

    def __call__(self, value: Any) -> list[Any] | None:
        if value is None:
            return None
        if not isinstance(value, (list, tuple)):
            raise ValueError("a list is expected")
        if self.most is not None and len(value) > self.most:
            raise ValueError(f"a list of at most {self.most} items is expected; this one has {len(value)}")
        return [self.accept(each) for each in value]


class _Choice:
    __slots__ = ("options",)

    def __init__(self, options: tuple[str, ...]) -> None:
        self.options = options

    def __call__(self, value: Any) -> str | None:
        if value is None:
            return None
        if value not in self.options:
            near = did_you_mean(str(value), self.options)
            raise ValueError(f"'{value}' is not one of {', '.join(self.options)}{near}")
        return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is expected")
    if len(value) > _LONGEST:
        raise ValueError(f"a text of at most {_LONGEST} characters is expected")
    return value


def _key(value: Any) -> str:
    """A key: a text, or a record that has one under `id`."""
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("a whole number is expected")
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise ValueError("a whole number is expected")
    number = int(value)
    if not -_MOST - 1 <= number <= _MOST:
        raise ValueError(f"a whole number between {-_MOST - 1} and {_MOST} is expected")
    return number


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError("a number is expected")
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError("a number is expected, as 1234.50")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError("a number is expected")
    exponent = number.as_tuple().exponent
    if number.adjusted() >= _DIGITS or (isinstance(exponent, int) and exponent < -_DIGITS):
        raise ValueError(f"a number with at most {_DIGITS} digits before the point and {_DIGITS} after it is expected")
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "yes", "false", "no"):
        return value in ("true", "yes")
    raise ValueError("yes or no is expected")


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_formed(value, _DATE))
    except ValueError:
        raise ValueError("a date is expected, as 2026-01-31") from None


def _time(value: Any) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(_formed(value, _TIME))
    except ValueError:
        raise ValueError("a time is expected, as 14:30") from None


def _datetime(value: Any) -> datetime:
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(_formed(value, _DATETIME))
    except ValueError:
        raise ValueError("an instant is expected, as 2026-01-31T14:30:00Z") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _formed(value: Any, form: re.Pattern[str]) -> str:
    """The text where it has this form: `fromisoformat` takes weeks and texts without separators too."""
    text = str(value)
    if not form.fullmatch(text):
        raise ValueError(text)
    return text


def _duration(value: Any) -> Duration:
    return value if isinstance(value, Duration) else Duration.parse(str(value))


def _email(value: Any) -> str:
    text = _text(value)
    name, _, domain = text.partition("@")
    labels = domain.split(".")
    if len(text) > _LONGEST_EMAIL or not _WORD.fullmatch(name) or len(labels) < 2 or not all(map(_is_label, labels)):
        raise ValueError("an e-mail address is expected, as name@example.org")
    return text


def _is_label(text: str) -> bool:
    return _WORD.fullmatch(text) is not None


def _phone(value: Any) -> str:
    text = _text(value)
    if not re.fullmatch(r"\+?[\d ()/.-]{5,25}", text):
        raise ValueError("a telephone number is expected, as +49 30 123456")
    return text


def _address(value: Any) -> dict[str, Any] | str:
    return value if isinstance(value, dict) else _text(value)


_SIMPLE: dict[str, Accept] = {
    "text": _text,
    "long_text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "duration": _duration,
    "id": _key,
    "email": _email,
    "phone": _phone,
    "address": _address,
    "file": _key,
}

SIMPLE_TYPES = (*_SIMPLE, "choice")
"""The names of the types that are not data types."""
