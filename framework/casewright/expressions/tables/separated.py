"""Comma-separated values as spreadsheets write them, cell by cell with its exact place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright.expressions.tables.cells import Cell
from casewright.values import Layout, Problem, Span

_MARKS = (",", ";", "\t")
_SAID = re.compile(r"sep=(.)\r?\n")
_BREAK = re.compile(r"\r\n|\n|\r")
_INSIDE = re.compile(r'(?:[^"]|"")*')
_BLANKS = re.compile(r"[ \xa0]*")


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row, where it begins, and the mark between them."""

    cells: tuple[Cell, ...]
    at: Span
    mark: str


def read_lines(text: str, at: Span) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """The rows that say something, or the problem of the first one that cannot be read.

    Cells are parted by commas, semicolons or tabs, whichever the heading has most of, or as a first line `sep=;` says.
    A cell in quotes may hold the mark, line breaks, and quotes written twice.
    """
    reader = _Reader(text, at)
    lines = tuple(line for line in reader.lines() if any(cell.text for cell in line.cells))
    return lines, tuple(reader.problems)


_SHEET_ERRORS = ("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!")


_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_RECAST = re.compile(rf"\d(?:[.,]\d+)?E\+\d+|\d{{1,2}}-(?:{_MONTHS})|(?:{_MONTHS})-\d{{2}}")
"""What spreadsheets make of a long number such as that of an account, and of `1-2`."""


def recast(cell: Cell) -> Problem | None:
    """What a spreadsheet has made of a text that it took for a number or a day, if it has."""
    if not _RECAST.fullmatch(cell.text):
        return None
    message = f"`{cell.text}` is what a spreadsheet makes of a text that it takes for a number or a day"
    help = f'format the column as text and write the cell anew, or "{cell.text}" in quotes where that is meant'
    return Problem(cell.at, "E408", message, (), help)


def spreadsheet_slip(cell: Cell) -> Problem | None:
    """What a spreadsheet has made of a cell that was meant otherwise, if it has."""
    if cell.text in _SHEET_ERRORS:
        help = "format the column as text before you write `=` in it, or keep the rows as a block in the rule"
        return Problem(cell.at, "E408", f"`{cell.text}` is what a spreadsheet makes of a formula that fails", (), help)
    if cell.text[:1] in ("\u201c", "\u201d", "\u201e"):
        return Problem(cell.at, "E408", "a text stands in straight quotes", (), f'write "{cell.text[1:-1]}"')
    return None


class _Reader:
    """One reading: the place in the text, and where its line begins."""

    def __init__(self, text: str, at: Span) -> None:
        self.text = text
        self.at = at
        self.place = len(text) - len(text.removeprefix("\ufeff"))
        self.line = 0
        self.line_start = self.place
        self.problems: list[Problem] = []
        self.mark = self._mark()
        self.bare = re.compile(rf"[^{re.escape(self.mark)}\r\n]*")

    def _mark(self) -> str:
        said = _SAID.match(self.text, self.place)
        if said:
            self._next_line(said.end())
            return said.group(1)
        heading = re.sub(r'"[^"]*"', "", _BREAK.split(self.text[self.place :], maxsplit=1)[0])
        return max(_MARKS, key=heading.count)

    def _next_line(self, start: int) -> None:
        self.line += 1
        self.place = self.line_start = start

    def lines(self) -> Iterator[Line]:
        while self.place < len(self.text) and not self.problems:
            begin = self._here(self.place)
            yield Line(tuple(self._cells()), begin, self.mark)

    def _cells(self) -> Iterator[Cell]:
        while True:
            yield self._cell()
            ended = self.problems or self.place >= len(self.text)
            if ended:
                return
            if self.text[self.place] == self.mark:
                self.place += 1
                continue
            found = _BREAK.match(self.text, self.place)
            self._next_line(found.end() if found else self.place)
            return

    def _here(self, place: int) -> Span:
        return self.at.moved(self.line, place - self.line_start)

    def _cell(self) -> Cell:
        quote = self._after_blanks(self.place)
        if self.text.startswith('"', quote):
            return self._quoted(quote)
        found = self.bare.match(self.text, self.place)
        raw = found.group() if found else ""
        begin = self.place + len(raw) - len(raw.lstrip())
        self.place += len(raw)
        return Cell(raw.strip(), self._here(begin))

    def _quoted(self, quote: int) -> Cell:
        found = _INSIDE.match(self.text, quote + 1)
        inside = found.group() if found else ""
        opened, end = self._here(quote), quote + 1 + len(inside)
        if end >= len(self.text):
            help = 'end the cell with ", and write a quote inside it twice'
            self.problems.append(Problem(opened, "E408", "this quote is not closed", (), help))
            return Cell("", opened)
        cell = self._unescaped(inside, quote + 1)
        self.place = self._after_blanks(end + 1)
        if self.place < len(self.text) and self.text[self.place] not in (self.mark, "\r", "\n"):
            message = "there is more in this cell behind its closing quote"
            help = 'a quote inside a cell in quotes is written twice: """VIP"",""Private"""'
            self.problems.append(Problem(self._here(self.place), "E408", message, (), help))
        return cell

    def _after_blanks(self, place: int) -> int:
        found = _BLANKS.match(self.text, place)
        return found.end() if found else place

    def _unescaped(self, inside: str, begin: int) -> Cell:
        """What a cell in quotes says; its layout tells where each piece of it stands in the file."""
        lead = len(inside) - len(inside.lstrip())
        starts: list[int] = []
        places: list[tuple[int, int]] = []
        said = 0
        for piece in re.finditer(r'""|\r\n|\n|\r|[^"\r\n]+', inside):
            here = self._here(begin + piece.start())
            starts.append(said)
            places.append((here.line, here.column))
            token = piece.group()
            said += 1 if token == '""' else len(token)
            if token[0] in "\r\n":
                self.line += 1
                self.line_start = begin + piece.end()
        text = inside.replace('""', '"')
        layout = Layout(tuple(starts), tuple(places)) if len(starts) > 1 else None
        number = len(text) - len(text.lstrip()) if lead else 0
        first = self._first(begin, lead, layout, number)
        return Cell(text.strip(), first)

    def _first(self, begin: int, lead: int, layout: Layout | None, number: int) -> Span:
        if layout is None:
            return self._here(begin + lead)
        line, column = layout.place(number)
        return Span(self.at.path, line, column, self.at.layer, layout)
