"""The rows of a decision table as they are written: between pipes, or as comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casewright.expressions.cells import unquoted
from casewright.values import Problem, Span, did_you_mean


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell, and its place."""

    text: str
    at: Span

    def behind(self, count: int) -> Span:
        """The place `count` characters behind the first one; the text is of one line."""
        return self.at.moved(0, count)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a cell for each input and each output, in the order of the table's columns, and what is noted beside."""

    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    at: Span
    note: str = ""


Rows = tuple[tuple[Row, ...], tuple[Problem, ...]]
_Order = tuple[list[int], list[int]]


def read_rows(text: str, inputs: Sequence[str], outputs: Sequence[str], at: Span) -> Rows:
    """The rows of the pipe form, or problems: a header names the columns in any order, `||` parts inputs from outputs.

    `at` is the place of the text's first character. Blank lines and lines that begin with `#` are passed over.
    """
    lines = list(_lines(text, at))
    if not lines:
        return (), (Problem(at, "E408", "the table has no rows", (), _form(inputs, outputs)),)
    divided = [_divided(line) for line in lines]
    problems = [part for part in divided if isinstance(part, Problem)]
    if isinstance(divided[0], Problem):
        return (), tuple(problems)
    order, wrong = _header(divided[0], inputs, outputs, at)
    if order is None:
        return (), (*wrong, *problems)
    rows = [
        _row(part, order, line.at) for part, line in zip(divided[1:], lines[1:], strict=True) if isinstance(part, tuple)
    ]
    problems += [row for row in rows if isinstance(row, Problem)]
    return tuple(row for row in rows if isinstance(row, Row)), tuple(problems)


def read_csv_rows(text: str, inputs: Sequence[str], outputs: Sequence[str], at: Span) -> Rows:
    """The rows of comma- or semicolon-separated values, or problems; a header names the columns in any order.

    Cells have the grammar of the pipe form. A cell's place is the line it stands in.
    """
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    lines: list[tuple[list[Cell], Span]] = []
    line = 1
    try:
        for values in reader:
            place = at.moved(line - 1, 0)
            line = reader.line_num + 1
            if any(value.strip() for value in values):
                lines.append(([Cell(value.strip(), place) for value in values], place))
    except csv.Error:
        help = "does a quote stand open? A cell has at most 131,072 characters"
        return (), (Problem(at.moved(line - 1, 0), "E408", "the row that begins here cannot be read", (), help),)
    if not lines:
        return (), (Problem(at, "E408", "the table has no rows", (), f"begin with {','.join((*inputs, *outputs))}"),)
    return _csv_rows(lines, inputs, outputs, at)


def _csv_rows(lines: list[tuple[list[Cell], Span]], inputs: Sequence[str], outputs: Sequence[str], at: Span) -> Rows:
    names = lines[0][0]
    parts = [cell for cell in names if cell.text in inputs], [cell for cell in names if cell.text not in inputs]
    order, problems = _header(parts, inputs, outputs, at)
    if order is None:
        return (), problems
    columns = [cell.text for cell in names]
    rows: list[Row] = []
    wrong: list[Problem] = []
    for cells, place in lines[1:]:
        if len(cells) != len(columns):
            message = f"this row has {len(cells)} cells; the header has {len(columns)}"
            wrong.append(
                Problem(place, "E408", message, (), 'a cell with commas stands in quotes: """VIP"",""Private"""')
            )
            continue
        by_name = dict(zip(columns, cells, strict=True))
        rows.append(Row(tuple(by_name[name] for name in inputs), tuple(by_name[name] for name in outputs), place))
    return tuple(rows), tuple(wrong)


def _lines(text: str, at: Span) -> Iterator[Cell]:
    """The lines that say something, without blanks around them."""
    line, column, number = at.line, at.column, 0
    for raw in text.splitlines(keepends=True):
        said = raw.strip()
        if said and not said.startswith("#"):
            lead = len(raw) - len(raw.lstrip())
            place = at.within(text, number + lead) if at.layout else Span(at.path, line, column + lead, at.layer)
            yield Cell(said, place)
        line, column = (line + 1, 1) if raw.endswith("\n") else (line, column + len(raw))
        number += len(raw)


Parts = tuple[list[Cell], list[Cell]]


def _divided(line: Cell) -> Parts | Problem:
    """The cells of a line on both sides of its `||`."""
    shown = unquoted(line.text)
    if '"' in shown:
        return Problem(line.behind(_opened(line.text)), "E408", "this quote is not closed", (), 'end the text with "')
    middle = shown.find("||")
    if middle < 0:
        help = "put `||` between the last input and the first output"
        return Problem(line.at, "E408", "this row has no `||`", (), help)
    if (second := shown.find("||", middle + 2)) >= 0:
        help = "write `or` for alternatives inside an expression"
        return Problem(line.behind(second), "E408", "this row has more than one `||`", (), help)
    return _cells(line, shown[:middle], 0), _cells(line, shown[middle + 2 :], middle + 2)


def _opened(text: str) -> int:
    """Where the quote opens that is not closed: in the first cell with an odd one that no later cell takes up again.

    A text may hold pipes, so a quote runs on into the next cells; but a cell that begins with a quote begins a text.
    """
    begin, opened = 0, -1
    for cell in text.split("|"):
        if opened >= 0 and cell.lstrip().startswith('"'):
            return opened
        shown = unquoted(cell)
        if '"' in shown:
            opened = begin + shown.index('"') if opened < 0 else -1
        begin += len(cell) + 1
    return opened if opened >= 0 else unquoted(text).index('"')


def _cells(line: Cell, shown: str, begin: int) -> list[Cell]:
    """The cells of the part of a line that begins there; quotes are blanked in what is `shown` of it."""
    at, cells = line.at, []
    for part in shown.split("|"):
        raw = line.text[begin : begin + len(part)]
        said = raw.strip()
        lead = len(raw) - len(raw.lstrip()) if said is not raw else 0
        cells.append(Cell(said, Span(at.path, at.line, at.column + begin + lead, at.layer)))
        begin += len(part) + 1
    return cells


def _row(parts: Parts, order: _Order, at: Span) -> Row | Problem:
    inputs, outputs = parts
    left, right = order
    if len(inputs) != len(left):
        return _uneven(at, len(inputs), len(left), "inputs", "write `-` for any value")
    if len(outputs) != len(right):
        return _uneven(at, len(outputs), len(right), "outputs", "write null for no value")
    return Row(tuple([inputs[place] for place in left]), tuple([outputs[place] for place in right]), at)


def _uneven(at: Span, found: int, wanted: int, what: str, help: str) -> Problem:
    return Problem(at, "E408", f"this row has {found} {what}; the header has {wanted}", (), help)


def _header(
    parts: Parts, inputs: Sequence[str], outputs: Sequence[str], at: Span
) -> tuple[_Order | None, tuple[Problem, ...]]:
    """For both sides where each declared column stands, or what the header lacks, repeats or does not know."""
    problems: list[Problem] = []
    for cells, names, others, what in ((parts[0], inputs, outputs, "input"), (parts[1], outputs, inputs, "output")):
        problems += _unknown_columns(cells, names, others, what)
        present = [cell.text for cell in cells]
        problems += [
            Problem(
                cells[0].at if cells else at, "E408", f"the header lacks the {what} '{name}'", (), "add a column for it"
            )
            for name in names
            if name not in present
        ]
    if problems:
        return None, tuple(problems)
    left, right = ([cell.text for cell in cells] for cells in parts)
    return ([left.index(name) for name in inputs], [right.index(name) for name in outputs]), ()


def _unknown_columns(cells: list[Cell], names: Sequence[str], others: Sequence[str], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for cell in cells:
        if cell.text in seen:
            yield Problem(cell.at, "E408", f"the column '{cell.text}' stands twice in the header")
        elif cell.text not in names:
            side = "inputs stand before `||`, outputs behind it" if cell.text in others else ""
            help = side or f"the {what}s are {', '.join(names)}"
            yield Problem(
                cell.at, "E408", f"'{cell.text}' is no {what} of the table{did_you_mean(cell.text, names)}", (), help
            )
        seen.add(cell.text)


def _form(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    return f"begin with {' | '.join(inputs)} || {' | '.join(outputs)}"
