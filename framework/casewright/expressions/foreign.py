"""Values in the forms of spreadsheets, of other countries and of speech, as rules write them: `1.234,5` as `1234.5`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal

from casewright.expressions.types import Type

Reading = Callable[[str], str | None]

_UNIT = re.compile(r"^(?:[€$£]|[A-Z]{3}\b)?\s*(.*?)\s*(?:[€$£]|\b[A-Z]{3})?$")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,.'\s\u00a0\u202f])\d{3})(?:\1\d{3})*")
_NUMBER = re.compile(r"[+-]?\d*\.?\d+\.?")
_PERCENT = re.compile(r"\s*%$")
_DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T]00:00(?::00)?)?")
_MOMENT = re.compile(r"(\S+?)(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?")
_HOUR = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2}))?\s*([ap]\.?m\.?|h|Uhr)?", re.IGNORECASE)
_LENGTH = re.compile(r"(\d+)\s*(second|minute|hour|business day|working day|day|week|w|month|year)s?")
_COUNTS: Mapping[str, tuple[int, str]] = {
    "second": (1, "s"),
    "minute": (1, "m"),
    "hour": (1, "h"),
    "business day": (1, "bd"),
    "working day": (1, "bd"),
    "day": (1, "d"),
    "week": (7, "d"),
    "w": (7, "d"),
    "month": (1, "mo"),
    "year": (12, "mo"),
}
_TRUTHS: Mapping[str, str] = {
    **dict.fromkeys(("yes", "y", "true", "t", "on", "ja", "wahr", "oui", "vrai", "sí", "si", "sim", "1"), "true"),
    **dict.fromkeys(("verdadero", "verdadeiro", "vero", "waar", "sant"), "true"),
    **dict.fromkeys(("no", "n", "false", "f", "off", "nein", "falsch", "non", "faux", "não", "0"), "false"),
    **dict.fromkeys(("falso", "onwaar", "falskt"), "false"),
}


def names_unit(text: str) -> bool:
    """Whether a text has letters or the sign of a currency in it, as `12 EUR` has."""
    return any(character.isalpha() or character in "€$£" for character in text)


def rewritten(text: str, type_: Type) -> str | None:
    """The value of the type that the text says in a form of elsewhere, as rules write it; None where it says none.

    Where a day may be one of two both are given, with `or` between them.
    """
    reading = _READINGS.get(type_.kind)
    found = reading(text.strip().replace("\u2212", "-")) if reading is not None and len(text) <= _LONGEST else None
    return None if found == text else found


_LONGEST = 60
"""Characters of a text that may be a value."""


def _decimal(text: str) -> str | None:
    found = _UNIT.match(text)
    said, is_percent = _PERCENT.subn("", found.group(1) if found else text)
    plain = _ungrouped(said)
    if not _NUMBER.fullmatch(plain):
        return None
    value = Decimal(plain.rstrip("."))
    return f"{value / 100 if is_percent else value:f}"


def _ungrouped(text: str) -> str:
    """The number without marks between its thousands, and with a point before its places."""
    mark = max(text.rfind(","), text.rfind("."))
    whole, places = (text[:mark], text[mark + 1 :]) if mark >= 0 else (text, "")
    if mark >= 0 and _GROUPED.fullmatch(whole) and text[mark] not in whole:
        return f"{_digits(whole)}.{places}"
    if _GROUPED.fullmatch(text) and (text.count(".") != 1 or "," in text):
        return _digits(text)
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _digits(text: str) -> str:
    return re.sub(r"[^\d+-]", "", text)


_DIGITS = 40
"""Characters of a number that is rewritten: more are no number of ours."""


def _integer(text: str) -> str | None:
    found = _decimal(text)
    if found is None or len(found) > _DIGITS or Decimal(found) != Decimal(found).to_integral_value():
        return None
    return f"{int(Decimal(found))}"


def _day(text: str) -> str | None:
    found = _DAY.fullmatch(text)
    if not found:
        return None
    first, mark, second, third = found.groups()
    if len(first) == 4:
        days = [(first, second, third)]
    elif mark == "/":
        days = [(third, first, second), (third, second, first)]
    else:
        days = [(third, second, first)]
    known = dict.fromkeys(day for each in days if (day := _dated(*each)) is not None)
    return " or ".join(known) or None


def _dated(year: str, month: str, day: str) -> str | None:
    century = 2000 if len(year) == 2 else 0
    try:
        return date(century + int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _moment(text: str) -> str | None:
    """A day, or a day and an hour, as an instant of UTC."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    day, hour = _day(found[1]), _hour(found[2] or "00:00")
    return f"{day}T{hour}{':00' if hour.count(':') == 1 else ''}Z" if day and hour and " " not in day else None


def _hour(text: str) -> str | None:
    found = _HOUR.fullmatch(text)
    if not found or not (found[2] or found[4]):
        return None
    half = (found[4] or "").lower().replace(".", "")
    hour = int(found[1])
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 24
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0)).isoformat("seconds" if found[3] else "minutes")
    except ValueError:
        return None


def _length(text: str) -> str | None:
    found = _LENGTH.fullmatch(text.lower())
    if not found:
        return None
    times, unit = _COUNTS[found[2]]
    return f"{times * int(found[1])}{unit}"


def _truth(text: str) -> str | None:
    return _TRUTHS.get(text.lower())


_READINGS: Mapping[str, Reading] = {
    "integer": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "date": _day,
    "datetime": _moment,
    "time": _hour,
    "duration": _length,
    "boolean": _truth,
}
