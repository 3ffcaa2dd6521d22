"""What an author most likely meant by a cell that cannot be read: the words of spreadsheets, of code and of speech."""

from __future__ import annotations

import re
from collections.abc import Callable

from casewright.expressions.types import NUMBERS, TEXTS, Type, described

Slip = tuple[str, str]
"""What is wrong, and what to write instead."""

_SIDES = re.compile(r"(?P<one>[<>]=?\s*\S+)\s+(?P<word>and|or)\s+(?P<other>[<>]=?\s*\S+)")
_EITHER = re.compile(r"(?P<one>\S+)\s+or\s+(?P<other>\S+)")
_BETWEEN = re.compile(r"(?:between\s+)?(?P<low>[\w.:-]+)\s+(?:and|to)\s+(?P<high>[\w.:-]+)")
_NEGATED = re.compile(r"(?:not\s+|!=?\s*|<>\s*)(?P<rest>[^(=\s].*)")
_REVERSED = re.compile(r"=(?P<mark>[<>])\s*(?P<rest>.+)")
_MEMBER = re.compile(r"in\s*[\[(](?P<rest>.*)[\])]")
_DAY = re.compile(r"(?P<mark>[<>]=?\s*)?\d{1,4}[./]\d{1,2}[./]\d{1,4}")
_LENGTH = re.compile(r"(?P<mark>[<>]=?\s*)?(?P<count>\d+)\s*(?P<unit>second|minute|hour|day|week|month)s?")
_MONEY = re.compile(r"(?P<mark>[<>]=?\s*)?(?:[€$£]\s*(?P<after>[\d.]+)|(?P<before>[\d.]+)\s*(?:[€$£]|[A-Z]{3}))")
_PLAIN = re.compile(r"[\w \-]+")
_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "month": "mo"}
_TRUTHS = {"yes": "true", "y": "true", "no": "false", "n": "false"}
_ANY = ("*", "any", "all", "else", "otherwise")


def cell_slip(text: str, type_: Type) -> Slip | None:
    """What was meant by the text of a cell of this type, where it is a slip that is known."""
    for reading in _READINGS:
        slip = reading(text, type_)
        if slip is not None:
            return slip
    return None


def _both_sides(text: str, type_: Type) -> Slip | None:
    found = _SIDES.fullmatch(text)
    if not found:
        return None
    one, word, other = found.group("one", "word", "other")
    if word == "or":
        return f"`{text}` is not one test", f"separate alternatives by commas: {one}, {other}"
    return f"`{text}` is not one test", f"write a range, as [low..high), or `? {one} and ? {other}`"


def _negated(text: str, type_: Type) -> Slip | None:
    found = _NEGATED.fullmatch(text)
    return (f"`{text}` is not a test", f"write not({found['rest'].strip()})") if found else None


def _between(text: str, type_: Type) -> Slip | None:
    found = None if type_.kind in TEXTS else _BETWEEN.fullmatch(text)
    return (f"`{text}` is not a test", f"write [{found['low']}..{found['high']}]") if found else None


def _either(text: str, type_: Type) -> Slip | None:
    found = _EITHER.fullmatch(text)
    if not found:
        return None
    return f"`{text}` is not one value", f"separate alternatives by commas: {found['one']}, {found['other']}"


def _reversed(text: str, type_: Type) -> Slip | None:
    found = _REVERSED.fullmatch(text)
    return (f"`{text}` is not a test", f"write {found['mark']}= {found['rest']}") if found else None


def _member(text: str, type_: Type) -> Slip | None:
    found = _MEMBER.fullmatch(text)
    return (f"`{text}` is not a test", f"write the alternatives alone: {found['rest']}") if found else None


def _anything(text: str, type_: Type) -> Slip | None:
    return (f"`{text}` is not a test", "write - for any value") if text in _ANY else None


def _day(text: str, type_: Type) -> Slip | None:
    found = _DAY.fullmatch(text) if type_.kind in ("date", "datetime") else None
    return (f"`{text}` is not {described(type_)}", f"write {found['mark'] or ''}2026-01-31") if found else None


def _length(text: str, type_: Type) -> Slip | None:
    found = _LENGTH.fullmatch(text) if type_.kind == "duration" else None
    if not found:
        return None
    count, unit = int(found["count"]), found["unit"]
    meant = f"{7 * count}d" if unit == "week" else f"{count}{_UNITS[unit]}"
    return f"`{text}` is not a duration", f"write {found['mark'] or ''}{meant}"


def _money(text: str, type_: Type) -> Slip | None:
    found = _MONEY.fullmatch(text) if type_.kind in NUMBERS else None
    if not found:
        return None
    meant = f"{found['mark'] or ''}{found['before'] or found['after']}"
    return f"`{text}` is not {described(type_)}", f"write {meant}, without a unit"


def _truth(text: str, type_: Type) -> Slip | None:
    meant = _TRUTHS.get(text.lower()) if type_.kind == "boolean" else None
    return (f"`{text}` is not a boolean", f"write {meant}") if meant else None


def _text(text: str, type_: Type) -> Slip | None:
    if type_.kind not in TEXTS or _PLAIN.fullmatch(text) or any(mark in text for mark in "\"'?()[]<>=“”,"):
        return None
    parts = [part.strip() for part in re.split(r"[;|]", text)]
    if len(parts) > 1 and all(parts):
        return f"`{text}` is not one value", f"separate alternatives by commas: {', '.join(parts)}"
    return f"`{text}` cannot be read as a text without quotes", f'write "{text}"'


_READINGS: tuple[Callable[[str, Type], Slip | None], ...] = (
    *(_both_sides, _negated, _between, _either, _reversed, _member, _anything),
    *(_day, _length, _money, _truth, _text),
)
