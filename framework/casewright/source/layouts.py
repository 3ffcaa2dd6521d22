"""Where the characters of a YAML scalar stand in its file: in blocks, over several lines, and between escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casewright.values import Layout

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_DOUBLED = re.compile("''")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")


def lines_of(text: str) -> list[str]:
    """The lines of a file as libyaml counts them: besides LF it ends a line at CR, NEL and Unicode's two separators."""
    if text.isascii() and "\r" not in text:
        return text.split("\n")
    return _BREAK.split(text)


def layout_of(value: str, written: str, style: str, line: int, column: int) -> Layout | None:
    """The layout of a scalar's `value`, which is `written` from that line and column on; None where it is blank.

    `style` is the sign that it begins with: a quote, `|` or `>`, or nothing.
    """
    pieces = _block(value, written, line) if style in ("|", ">") else _flow(written, style, line, column)
    found = [(number, place) for number, place in _aligned(value, pieces) if number >= 0]
    return Layout(tuple(number for number, _ in found), tuple(place for _, place in found)) if found else None


Piece = tuple[str, int, int, int]
"""Characters that stand in the file as in the value, their line and column, and how many an escape gave before."""


def _aligned(value: str, pieces: Iterator[Piece]) -> Iterator[tuple[int, tuple[int, int]]]:
    """For each piece the number of its first character in the value, and its place."""
    reached = 0
    for text, line, column, escaped in pieces:
        reached += escaped
        number = value.find(text, reached)
        if number >= 0:
            yield number, (line, column)
            reached = number + len(text)


def _block(value: str, written: str, line: int) -> Iterator[Piece]:
    """The lines of a block without its indentation; blank ones are left out."""
    lines = _BREAK.split(written)[1:]
    margin = _margin(value, lines)
    for number, text in enumerate(lines, start=line + 1):
        if text[margin:].strip(" "):
            yield text[margin:], number, margin + 1, 0


def _margin(value: str, lines: list[str]) -> int:
    """How far a block is indented: what its first line with words has in the file and not in the value."""
    first = next((text for text in lines if text.strip(" ")), "")
    said = next((text for text in _BREAK.split(value) if text.strip(" ")), "")
    lead = len(said) - len(said.lstrip(" "))
    return len(first) - len(first.lstrip(" ")) - lead


def _flow(written: str, style: str, line: int, column: int) -> Iterator[Piece]:
    """The lines of a plain or quoted scalar without the blanks around them, parted at escapes."""
    body = written[1:-1] if style else written
    begin = column + len(style)
    lines = _BREAK.split(body)
    for number, text in enumerate(lines):
        kept = text if number == 0 else text.lstrip(" \t")
        at = begin if number == 0 else 1 + len(text) - len(kept)
        yield from _parted(kept if number == len(lines) - 1 else kept.rstrip(" \t"), style, line + number, at)


def _parted(text: str, style: str, line: int, column: int) -> Iterator[Piece]:
    """The pieces of a line between its escapes."""
    escape = _ESCAPE if style == '"' else _DOUBLED if style == "'" else None
    begin, escaped = 0, 0
    for found in escape.finditer(text) if escape else ():
        yield text[begin : found.start()], line, column + begin, escaped
        begin, escaped = found.end(), 1
    if begin < len(text):
        yield text[begin:], line, column + begin, escaped
