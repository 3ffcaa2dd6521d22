"""What an author most likely meant where an expression cannot be read: the words of other languages and of speech."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from casewright.expressions.foreign import rewritten
from casewright.expressions.signs import LAMBDA
from casewright.expressions.tokens import Token
from casewright.expressions.types import DATE, DECIMAL, DURATION

_CHOICE = "write `condition ? this : that`"
_PARTS = "write `item in list`, or `text.contains(part)`, `text.startsWith(part)`, `text.endsWith(part)`"
_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("then", "else", "elif", "if", "when"), _CHOICE),
    **dict.fromkeys(("contains", "includes", "has", "startswith", "endswith"), _PARTS),
    **dict.fromkeys(("not_in", "notin", "nin"), "write `not in`"),
    "between": "write `x >= low and x <= high`",
    "like": "use contains, startsWith, endsWith or matches",
    "mod": "write `%`",
    "xor": "write `!=` between two conditions in brackets",
    "for": "write `list.map(item, value)`, or `list.filter(item, condition)`",
    "as": "write string(x), int(x), decimal(x) or date(x) for another type",
    "unless": "write `not (condition)`",
    "return": "an expression is its value: leave `return` out",
    "typeof": "types are known when the rules are loaded: nothing asks for them",
    **dict.fromkeys(("eq", "equals"), "write `==`"),
    **dict.fromkeys(("ne", "neq"), "write `!=`"),
    **dict.fromkeys(("gt", "greater"), "write `>`"),
    **dict.fromkeys(("lt", "less"), "write `<`"),
    **dict.fromkeys(("ge", "gte"), "write `>=`"),
    **dict.fromkeys(("le", "lte"), "write `<=`"),
}
"""Words that stand for nothing here, in small letters."""

_OPERATORS = frozenset({"and", "or", "not", "in"})
_NOTHING = ("null", "none", "nil", "empty", "blank")
_MARKS: Mapping[tuple[object, object], str] = {
    ("<", ">"): "write `!=` for not equal",
    ("*", "*"): "there is no power operator; multiply",
    ("-", ">"): LAMBDA,
    (".", "."): "write one `.` before a field",
    ("|", "|"): "write `or`",
}
"""Two marks beside each other that are one in another language."""


def habit(tokens: Sequence[Token], place: int) -> str:
    """How to write what was meant at the token that does not fit; nothing where no habit is known."""
    here = tokens[place]
    before = tokens[place - 1] if place else None
    for reading in _READINGS:
        help = reading(tokens, place)
        if help:
            return help
    if before is None or here.kind not in ("name", "text", "number") or (before.kind == "mark" and before.value != ")"):
        return ""
    return _side_by_side(tokens, place)


def _side_by_side(tokens: Sequence[Token], place: int) -> str:
    """What to do about two values without an operator between them."""
    before, further = tokens[place - 1], tokens[place - 2] if place > 1 else None
    if before.kind == "name" and before.value != "in" and (further is None or further.value != "."):
        return f"write an operator between the two, or {before.value}(...) where a function is meant"
    return "write an operator before it, or quotes around all of it where a text is meant"


def _word(tokens: Sequence[Token], place: int) -> str:
    """A word of another language, at this token or just before it."""
    near = (tokens[place], tokens[place - 1]) if place else (tokens[place],)
    for token in near:
        word = str(token.value)
        if token.kind != "name" or word in _OPERATORS:
            continue
        if word.lower() in _OPERATORS:
            return f"write `{word.lower()}`"
        if word.lower() == "is":
            return _being(tokens[place + 1 :] if token is near[0] else tokens[place:])
        if word.lower() in _WORDS and not _is_field(tokens, token):
            return _WORDS[word.lower()]
    return ""


def _is_field(tokens: Sequence[Token], token: Token) -> bool:
    """Whether a word is the field of a record, as `has` and others may be."""
    return any(each.end == token.start and each.value == "." for each in tokens)


def _being(behind: Sequence[Token]) -> str:
    """What `is` means, by the words behind it."""
    words = [str(each.value).lower() for each in behind[:2]]
    mark = "!=" if words[:1] == ["not"] else "=="
    asked = words[1:] if mark == "!=" else words
    return f"write `{mark} null`" if asked[:1] and asked[0] in _NOTHING else "write `==`; for empty, `== null`"


def _amount(tokens: Sequence[Token], place: int) -> str:
    """A number with a word behind it: a length of time, or a unit."""
    here, before = tokens[place], tokens[place - 1] if place else None
    if here.kind != "name" or before is None or before.kind != "number":
        return ""
    length = rewritten(f"{before.value} {here.value}", DURATION)
    if length is not None:
        return f'write duration("{length}")'
    is_unit = str(here.value).isupper() and len(str(here.value)) == 3
    return "write the plain number; its unit is the field's" if is_unit else ""


def _figures(tokens: Sequence[Token], place: int) -> str:
    """A number or a date in the marks of another country, `1.000,50` or `31.01.2026`, or an item by `.0`."""
    here, before = tokens[place], tokens[place - 1] if place else None
    if before is None:
        return ""
    if here.value == "," and before.kind == "number" and tokens[place + 1].kind == "number":
        number = rewritten(f"{_written(before)},{_written(tokens[place + 1])}", DECIMAL)
        said = "a number has a point before its places, and no mark between its thousands"
        return f"write {number}: {said}" if number is not None else ""
    if here.kind != "number" or here.start != before.end or not isinstance(here.value, Decimal):
        return ""
    if before.kind == "number":
        day = rewritten(f"{_written(before)}.{_written(here)[2:]}", DATE)
        return f'a date is written date("{day}")' if day else ""
    return f"write [{_written(here)[2:]}] for an item of a list, counted from 0"


def _written(token: Token) -> str:
    return str(token.value).zfill(token.end - token.start)


def _mark(tokens: Sequence[Token], place: int) -> str:
    here, before = tokens[place], tokens[place - 1] if place else None
    value = before.value if before else ""
    if (value, here.value) in _MARKS:
        return _MARKS[value, here.value]
    if value == "?" and place > 1 and tokens[place - 2].value == "?":
        return "write coalesce(x, y) for a value in place of an empty one"
    if here.value in ("}", ",") and any(each.value == "{" for each in tokens[:place]):
        return "write a list in square brackets: [a, b]; a map has a value for each key: {key: value}"
    if here.value == ",":
        return "write a list in square brackets: [a, b]"
    if here.value in (")", "]", "}") and not _is_open(tokens[:place]):
        return f"no bracket is open that '{here.value}' could close"
    if here.value == "..":
        return "write one `.` before a field, and for a range `x >= low and x <= high`"
    return "`%` is the rest of a division; write 50 percent as 0.50" if here.kind == "end" and value == "%" else ""


def _is_open(tokens: Sequence[Token]) -> bool:
    values = [each.value for each in tokens if each.kind == "mark"]
    return any(values.count(opening) > values.count(closing) for opening, closing in ("()", "[]", "{}"))


_READINGS: tuple[Callable[[Sequence[Token], int], str], ...] = (_word, _amount, _figures, _mark)
