"""Cells, and pieces of a text that know their place, split where no quote or bracket is open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casewright.expressions.meaning import place_in
from casewright.values import Span

_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|(?<!\w)'(?:\\.|[^'\\])*'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell, and its place."""

    text: str
    at: Span

    def behind(self, count: int) -> Span:
        """The place `count` characters behind the first one; the text is of one line."""
        return self.at.moved(0, count)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: what it says, and where in the whole text and the file it begins."""

    text: str
    start: int
    whole: str
    origin: Span

    @property
    def at(self) -> Span:
        return place_in(self.whole, self.start, self.origin)

    def stripped(self) -> Piece:
        """The piece without blanks around it."""
        lead = len(self.text) - len(self.text.lstrip())
        return Piece(self.text.strip(), self.start + lead, self.whole, self.origin)

    def after(self, count: int) -> Piece:
        """The piece without its first `count` characters."""
        return self.between(count, len(self.text))

    def between(self, begin: int, end: int) -> Piece:
        """The part from `begin` to `end`."""
        return Piece(self.text[begin:end], self.start + begin, self.whole, self.origin)

    def unquoted(self) -> str:
        """The text with the inside of quotes blanked, so that marks can be looked for at their places."""
        return unquoted(self.text)


def unquoted(text: str) -> str:
    """The text with its quotes blanked, as long as before."""
    if '"' not in text and "'" not in text:
        return text
    return _QUOTED.sub(_blank, text)


def _blank(quoted: re.Match[str]) -> str:
    return " " * (quoted.end() - quoted.start())


def pieces_of(piece: Piece, mark: str = ",") -> list[Piece] | None:
    """The parts between marks outside quotes and brackets; None where a quote or bracket is left open."""
    shown = piece.unquoted()
    if re.search(r"\"|(?<!\w)'", shown):
        return None
    depth, begin, found = 0, 0, []
    for place, character in enumerate(shown):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == mark and depth == 0:
            found.append(piece.between(begin, place))
            begin = place + 1
    return None if depth else [*found, piece.after(begin)]
