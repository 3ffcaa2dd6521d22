"""What an author most likely meant by a cell that cannot be read: the words of spreadsheets, of code and of speech."""

from __future__ import annotations

import re
from collections.abc import Callable

from casewright.expressions.foreign import names_unit, rewritten
from casewright.expressions.types import NUMBERS, TEXTS, Type, described

Slip = tuple[str, str]
"""What is wrong, and what to write instead."""

_SIDES = re.compile(r"(?P<one>[<>]=?\s*[^\s<>&,]+)\s*(?P<word>and|or|&&?|)\s*(?P<other>[<>]=?\s*[^\s<>&,]+)")
_EITHER = re.compile(r"(?P<one>\S+)\s+or\s+(?P<other>\S+)")
_BETWEEN = re.compile(r"(?:between\s+|from\s+)?(?P<low>[-+]?\d[\w.:-]*)\s+(?:and|to)\s+(?P<high>[-+]?\d[\w.:-]*)")
_NEGATED = re.compile(r"(?:not\s+|!=?\s*|<>\s*)(?P<rest>[^(=\s].*)")
_SHOUTED = re.compile(r"(?!not)(?i:not)\s*\((?P<rest>.*)\)")
_REVERSED = re.compile(r"=(?P<mark>[<>])\s*(?P<rest>.+)")
_MEMBER = re.compile(r"in\s*[\[(](?P<rest>.*)[\])]")
_PLAIN = re.compile(r"[\w \-]+")
_ANY = ("*", "any", "all", "else", "otherwise")
_EMPTY = ("empty", "blank", "none", "NULL", "nil", "#N/A")
_SIGNS = str.maketrans({"\u2265": ">=", "\u2264": "<=", "\u2260": "!=", "\u2212": "-", "\u2026": "..", "\u2013": "-"})
_MARKED = re.compile(r"(?P<mark>[<>]=?\s*)?(?P<rest>.+)", re.DOTALL)
_UP_TO = re.compile(r"(?P<word>up to|at most|max|until|at least|min|from)\s+(?P<rest>\S+)", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_LEAST = ("at least", "min", "from")


def cell_slip(text: str, type_: Type) -> Slip | None:
    """What was meant by the text of a cell of this type, where it is a slip that is known."""
    if text.translate(_SIGNS) != text and type_.kind not in TEXTS:
        return f"`{text}` has a sign that tests do not know", f"write {text.translate(_SIGNS)}"
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
    found = _NEGATED.fullmatch(text) or _SHOUTED.fullmatch(text)
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


def _foreign(text: str, type_: Type) -> Slip | None:
    """A value in the form of a spreadsheet or of another country, alone or behind a mark."""
    found = _MARKED.fullmatch(text)
    meant = rewritten(found["rest"], type_) if found else None
    if found is None or meant is None:
        return None
    alone = ", without a unit" if type_.kind in NUMBERS and names_unit(text) else ""
    return f"`{text}` is not {described(type_)}", f"write {found['mark'] or ''}{meant}{alone}"


def _no_day(text: str, type_: Type) -> Slip | None:
    found = _MARKED.fullmatch(text) if type_.kind == "date" else None
    return (f"`{text}` is not a date", "there is no such day") if found and _ISO.fullmatch(found["rest"]) else None


def _bound(text: str, type_: Type) -> Slip | None:
    found = None if type_.kind in TEXTS else _UP_TO.fullmatch(text)
    if not found:
        return None
    mark = ">=" if found["word"].lower() in _LEAST else "<="
    return f"`{text}` is not a test", f"write {mark} {found['rest']}"


def _lacking(text: str, type_: Type) -> Slip | None:
    if type_.kind in TEXTS or text.lower() not in map(str.lower, _EMPTY):
        return None
    return f"`{text}` is not {described(type_)}", "write null for a value that is empty, - for any value"


def _option(text: str, type_: Type) -> Slip | None:
    """Options that are parted by another mark than a comma."""
    parts = [part.strip() for part in re.split(r"[;|/&+]", text)]
    if len(parts) < 2 or not all(part in type_.options for part in parts):
        return None
    return f"`{text}` is not one value", f"separate alternatives by commas: {', '.join(parts)}"


def _text(text: str, type_: Type) -> Slip | None:
    if type_.kind not in TEXTS or _PLAIN.fullmatch(text) or any(mark in text for mark in "\"'?()[]<>=“”,"):
        return None
    parts = [part.strip() for part in re.split(r"[;|]", text)]
    if len(parts) > 1 and all(parts):
        return f"`{text}` is not one value", f"separate alternatives by commas: {', '.join(parts)}"
    return f"`{text}` cannot be read as a text without quotes", f'write "{text}"'


_READINGS: tuple[Callable[[str, Type], Slip | None], ...] = (
    *(_both_sides, _negated, _between, _bound, _either, _reversed, _member, _anything),
    *(_foreign, _no_day, _lacking, _option, _text),
)
