"""The words of an expression's text."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import NamedTuple

from casewright.expressions.dialects import HOUSE, Dialect
from casewright.expressions.signs import sign_hint

TEXT_LIMIT = 20_000
"""Characters in one expression."""

INTEGER_LOW, INTEGER_HIGH = -(2**63), 2**63 - 1
"""The ends of an integer: 64 bits."""

DIGITS = 34
"""Significant digits of a decimal."""

EXPONENT = 6_000
"""How far the first digit of a decimal as written may stand from its point."""

_TOO_LARGE = f"the exponent of a decimal is at most {EXPONENT:,}"


class Token(NamedTuple):
    """A word: "name", "number", "text", "quoted", "mark" or "end"; what it means, and where it stands."""

    kind: str
    value: object
    start: int
    end: int


_token_of: Callable[[tuple[str, object, int, int]], Token] = partial(tuple.__new__, Token)
"""The token of four parts, for those that make up most of a text: the class itself takes twice the time."""


class Refusal(Exception):
    """Carries the first thing wrong from inside the tokenizer or the parser to the function that began it."""

    def __init__(self, code: str, message: str, start: int, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.help = help


_WORD = re.compile(
    r"""(?:\s++|//[^\n]*+)*+(?:
    (?P<plain>\"(?!\"\")[^\"\\\n]*+\"|'(?!'')[^'\\\n]*+')
    |(?P<text>(?:[rR])?(?:\"\"\"|'''|\"|'))
    |(?P<bytes>[bB][rR]?[\"'])
    |(?P<number>0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.(?!\.)[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*|\$now)
    |(?P<quoted>`[A-Za-z0-9_./ -]+`)
    |(?P<mark>&&|\|\||==|!=|<=|>=|\.\.|\?\.(?![0-9])|\.\?|[-+*/%!<>?:.,()\[\]{}])
    |(?P<end>\Z)
    )""",
    re.VERBOSE,
)
_SIGNS = frozenset({"name", "mark"})
_SPACE = re.compile(r"(?:\s++|//[^\n]*+)*+")


def tokens_of(text: str, dialect: Dialect = HOUSE) -> list[Token]:
    """The words of `text` with an "end" after them; raises Refusal at the first character that begins none."""
    if len(text) > TEXT_LIMIT:
        message = f"this expression has {len(text):,} characters; the limit is {TEXT_LIMIT:,}"
        raise Refusal("E406", message, 0, "split it, or use a decision table")
    found: list[Token] = []
    place = 0
    while True:
        match = _WORD.match(text, place)
        if match is None:
            raise _strange(text, _SPACE.match(text, place).end())  # type: ignore[union-attr]
        kind = match.lastgroup or ""
        start, place = match.span(kind)
        if kind in _SIGNS:
            found.append(_token_of((kind, text[start:place], start, place)))
        elif kind == "plain":
            found.append(_token_of(("text", text[start + 1 : place - 1], start, place)))
        elif kind == "end":
            found.append(Token("end", "", len(text), len(text)))
            return found
        else:
            found.append(_token(text, match, dialect))
            place = found[-1].end


def _strange(text: str, place: int) -> Refusal:
    shown = text[place : place + 2] if text.startswith(("=>", "=<"), place) else text[place]
    return Refusal("E401", f"'{shown}' means nothing here", place, sign_hint(text, place))


_TAIL = re.compile(r"\w+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


def _token(text: str, match: re.Match[str], dialect: Dialect) -> Token:
    kind = match.lastgroup or ""
    word, start = match[kind], match.start(kind)
    if kind == "text":
        value, end = _text(text, start, word)
        return Token("text", value, start, end)
    if kind == "quoted":
        return Token("quoted", word[1:-1], start, match.end())
    if kind == "number":
        date = _DATE.match(text, start)
        if date:
            help = f'a date is written date("{date.group()}")'
            raise Refusal("E401", f"'{date.group()}' is not a number", start, help)
        read = _number if dialect.decimal_literals else _double
        return Token("number", read(text, word, start, match.end()), start, match.end())
    raise Refusal("E401", "bytes are no value of this language", start, 'write a text: "..."')


def _double(text: str, word: str, start: int, end: int) -> int | float:
    whole = _whole(text, word, start, end)
    return float(word) if whole is None else whole


def _whole(text: str, word: str, start: int, end: int) -> int | None:
    """The integer that a number is, None where it has a fraction or an exponent."""
    tail = _TAIL.match(text, end)
    if tail:
        written = word + tail.group()
        if tail.group() in ("u", "U"):
            raise Refusal("E401", "unsigned integers are no value of this language", start, f"write {word}")
        raise Refusal("E401", f"'{written}' is not a number", start, _after_number(word, written))
    if word[:2] in ("0x", "0X"):
        return int(word, 16)
    if word.isdigit():
        return int(word) if len(word) < 40 else 10**40
    return None


def _number(text: str, word: str, start: int, end: int) -> int | Decimal:
    whole = _whole(text, word, start, end)
    if whole is not None:
        return whole
    try:
        value = Decimal(word)
    except InvalidOperation:  # an exponent beyond all bounds
        raise Refusal("E406", _TOO_LARGE, start) from None
    if len(word) > DIGITS and len(value.as_tuple().digits) > DIGITS:
        raise Refusal("E406", f"a decimal has at most {DIGITS} digits", start)
    if abs(value.adjusted()) > EXPONENT:
        raise Refusal("E406", _TOO_LARGE, start)
    return value


def _after_number(word: str, written: str) -> str:
    if re.fullmatch(r"(\d+(ms|s|mo|m|h|bd|d))+", written):
        return f'a duration is written duration("{written}")'
    return "" if "_" not in written else f"write {written.replace('_', '')}"


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL)


def _text(text: str, start: int, opening: str) -> tuple[str, int]:
    raw = opening[0] in "rR"
    quote = opening[1:] if raw else opening
    begin = start + len(opening)
    place = begin
    while not text.startswith(quote, place):
        if place >= len(text) or (len(quote) == 1 and text[place] == "\n"):
            raise Refusal("E401", "this text has no closing quote", start, f"end it with {quote}")
        place += 2 if text[place] == "\\" and not raw else 1
    body = text[begin:place]
    return (body if raw else _unescaped(body, begin)), place + len(quote)


def _unescaped(body: str, begin: int) -> str:
    if "\\" not in body:
        return body

    def meaning(match: re.Match[str]) -> str:
        two, four, eight, octal, other = match.groups()
        if other is None:
            code = int(octal, 8) if octal else int(two or four or eight, 16)
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                raise Refusal("E401", f"'{match.group()}' is no character", begin + match.start())
            return chr(code)
        if other in "\\\"'`?":
            return other
        if other in _ESCAPES:
            return _ESCAPES[other]
        raise Refusal("E401", f"'\\{other}' is no escape", begin + match.start(), "write \\\\ for a backslash")

    return _ESCAPE.sub(meaning, body)
