"""The rows of a decision table as they are written: between pipes, or as comma-separated values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from casewright.expressions.tables.cells import Cell, unquoted
from casewright.expressions.tables.separated import Line, read_lines
from casewright.values import Problem, Related, Span, did_you_mean

NOTE = "#"
"""How the name of a column begins that holds an analyst's notes, which the trace shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a cell for each input and each output, in the order of the table's columns, and what is noted beside.

    `mark` is what parts its cells: where that is no comma, a spreadsheet may write decimals with one.
    """

    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    at: Span
    note: str = ""
    mark: str = "|"


_NOWHERE: Mapping[str, Span] = MappingProxyType({})

Rows = tuple[tuple[Row, ...], tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class _Heading:
    """Where each declared column stands among the cells of a row, and where notes do; how many there are of a side."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    notes: tuple[int, ...]
    left: int
    right: int

    def row(self, cells: Sequence[Cell], at: Span, mark: str = "|") -> Row:
        said = [cells[place].text.strip("\"'") for place in self.notes if place < len(cells)]
        inputs, outputs = ([cells[place] for place in places] for places in (self.inputs, self.outputs))
        return Row(tuple(inputs), tuple(outputs), at, "; ".join(note for note in said if note), mark)

    def lacks(self, cells: int) -> bool:
        """Whether a row of so many cells lacks one that is no note."""
        return any(place >= cells for place in (*self.inputs, *self.outputs))


def read_rows(
    text: str, inputs: Sequence[str], outputs: Sequence[str], at: Span, places: Mapping[str, Span] = _NOWHERE
) -> Rows:
    """The rows of the pipe form, or problems: a header names the columns in any order, `||` parts inputs from outputs.

    `at` is the place of the text's first character, `places` are those where the columns are declared. Blank lines and
    lines that begin with `#` are passed over; a column whose name begins with `#` holds notes.
    """
    lines = list(_lines(text, at))
    if not lines:
        return (), (Problem(at, "E408", "the table has no rows", (), _form(inputs, outputs)),)
    divided = [_divided(line) for line in lines]
    problems = [part for part in divided if isinstance(part, Problem)]
    if isinstance(divided[0], Problem):
        return (), tuple(problems)
    heading, wrong = _heading(divided[0], inputs, outputs, at, places)
    if heading is None:
        return (), (*wrong, *problems)
    rows = [
        _row(part, heading, line.at)
        for part, line in zip(divided[1:], lines[1:], strict=True)
        if isinstance(part, tuple)
    ]
    problems += [row for row in rows if isinstance(row, Problem)]
    return tuple(row for row in rows if isinstance(row, Row)), tuple(problems)


def read_csv_rows(
    text: str, inputs: Sequence[str], outputs: Sequence[str], at: Span, places: Mapping[str, Span] = _NOWHERE
) -> Rows:
    """The rows of values separated by commas, semicolons or tabs, or problems; a header names the columns in any order.

    Cells have the grammar of the pipe form. Empty columns and rows at the end, which spreadsheets write, are left out.
    """
    lines, problems = read_lines(text, at)
    if problems:
        return (), problems
    if not lines:
        return (), (Problem(at, "E408", "the table has no rows", (), f"begin with {','.join((*inputs, *outputs))}"),)
    names = _without_blanks(lines[0].cells, 0)
    flat, wrong = _csv_heading(names, inputs, outputs, at, places)
    if flat is None:
        return (), wrong
    found = [_csv_row(line, flat, len(names)) for line in lines[1:]]
    return tuple(row for row in found if isinstance(row, Row)), tuple(row for row in found if isinstance(row, Problem))


def _without_blanks(cells: Sequence[Cell], least: int) -> list[Cell]:
    """The cells without the empty ones at the end, as far as there are more than `least`."""
    kept = list(cells)
    while len(kept) > least and not kept[-1].text:
        kept.pop()
    return kept


def _csv_heading(
    cells: list[Cell], inputs: Sequence[str], outputs: Sequence[str], at: Span, places: Mapping[str, Span]
) -> tuple[_Heading | None, tuple[Problem, ...]]:
    """As `_heading`, for columns that stand in any order among each other."""
    declared = (*inputs, *outputs)
    names = [cell.text for cell in cells]
    problems = [*_unknown_columns(cells, declared, (), "column"), *_missing(cells, declared, "column", at, places)]
    if problems:
        return None, tuple(problems)
    inside, outside = (tuple(names.index(name) for name in side) for side in (inputs, outputs))
    return _Heading(inside, outside, _notes(names), len(names), 0), ()


def _missing(
    cells: Sequence[Cell], names: Sequence[str], what: str, at: Span, places: Mapping[str, Span]
) -> Iterator[Problem]:
    """The columns that the header lacks; of one that another file declares, that file is shown too."""
    present = {cell.text for cell in cells}
    place = cells[0].at if cells else at
    for name in names:
        if name in present:
            continue
        declared, help = places.get(name, at), "add a column for it"
        if declared.layer == at.layer and declared.path.rpartition(".")[0] == at.path.rpartition(".")[0]:
            yield Problem(place, "E408", f"the header lacks the {what} '{name}'", (), help)
        else:
            related = (Related(declared, f"'{name}' is declared here"),)
            help = "write the rows anew, with a column for it, in the file that declares it"
            yield Problem(place, "E408", f"the header lacks the {what} '{name}'", related, help)


def _notes(names: Sequence[str]) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(names) if name.startswith(NOTE))


def _csv_row(line: Line, heading: _Heading, width: int) -> Row | Problem:
    cells = _without_blanks(line.cells, width)
    if len(cells) > width or heading.lacks(len(cells)):
        message = f"this row has {len(cells)} cells; the header has {width}"
        return Problem(line.at, "E408", message, (), 'a cell with commas stands in quotes: """VIP"",""Private"""')
    return heading.row(cells, line.at, line.mark)


def _lines(text: str, at: Span) -> Iterator[Cell]:
    """The lines that say something, without blanks around them."""
    line, column, number = at.line, at.column, 0
    for raw in text.splitlines(keepends=True):
        said = raw.strip()
        if said and not said.startswith(NOTE):
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


def _row(parts: Parts, heading: _Heading, at: Span) -> Row | Problem:
    inputs, outputs = parts
    if len(inputs) != heading.left:
        return _uneven(at, len(inputs), heading.left, "inputs", "write `-` for any value")
    cells = (*inputs, *outputs)
    if len(outputs) > heading.right or heading.lacks(len(cells)):
        return _uneven(at, len(outputs), heading.right, "outputs", "write null for no value")
    return heading.row(cells, at)


def _uneven(at: Span, found: int, wanted: int, what: str, help: str) -> Problem:
    return Problem(at, "E408", f"this row has {found} {what}; the header has {wanted}", (), help)


def _heading(
    parts: Parts, inputs: Sequence[str], outputs: Sequence[str], at: Span, places: Mapping[str, Span]
) -> tuple[_Heading | None, tuple[Problem, ...]]:
    """Where each declared column stands, or what the header lacks, repeats or does not know."""
    problems: list[Problem] = []
    for cells, names, others, what in ((parts[0], inputs, outputs, "input"), (parts[1], outputs, inputs, "output")):
        problems += [*_unknown_columns(cells, names, others, what), *_missing(cells, names, what, at, places)]
    if problems:
        return None, tuple(problems)
    left, right = ([cell.text for cell in cells] for cells in parts)
    inside = tuple(left.index(name) for name in inputs)
    outside = tuple(len(left) + right.index(name) for name in outputs)
    return _Heading(inside, outside, _notes((*left, *right)), len(left), len(right)), ()


def _unknown_columns(
    cells: Iterable[Cell], names: Sequence[str], others: Sequence[str], what: str
) -> Iterator[Problem]:
    seen: set[str] = set()
    for cell in cells:
        if cell.text.startswith(NOTE):
            continue
        if cell.text in seen:
            yield Problem(cell.at, "E408", f"the column '{cell.text}' stands twice in the header")
        elif not cell.text:
            yield Problem(cell.at, "E408", "a column of the header has no name", (), "name it, or take the column out")
        elif cell.text not in names:
            side = "inputs stand before `||`, outputs behind it" if cell.text in others else ""
            help = side or f"the {what}s are {', '.join(names)}"
            message = f"'{cell.text}' is no {what} of the table{did_you_mean(cell.text, names)}"
            yield Problem(cell.at, "E408", message, (), help)
        seen.add(cell.text)


def _form(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    return f"begin with {' | '.join(inputs)} || {' | '.join(outputs)}"
