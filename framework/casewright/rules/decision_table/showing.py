"""A table as people look at it: its rows as lines between pipes, and how each fares on given facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casewright.expressions import Constant, Expression, Table, TableRow, given_types, plain
from casewright.expressions.explainer import shown
from casewright.expressions.tables.analysis import Gap, Overlap, Repeat, analyse
from casewright.expressions.types import TEXTS
from casewright.steps.showing import Fared, Layout, Line, Looked
from casewright.values import Span

WAYS: Mapping[str, str] = {
    "unique": "one row matches",
    "any": "all rows that match give the same",
    "first": "the first row that matches wins",
    "priority": "of the rows that match, the one whose output ranks highest wins",
    "rule_order": "all rows that match, in the order in which they are written",
    "output_order": "all rows that match, the highest outputs first",
    "collect": "all rows that match",
    "collect_sum": "the sum over all rows that match",
    "collect_min": "the least of all rows that match",
    "collect_max": "the greatest of all rows that match",
    "collect_count": "the number of rows that match",
}
"""What each hit policy gives, in words."""


def lines_of(table: Table) -> tuple[str, tuple[Line, ...]]:
    """The header and a line for each row, with the cells below each other."""
    inputs = [name for name, _ in table.inputs]
    outputs = [name for name, _ in table.outputs]
    cells = [([*map(_asked, row.tests)], [*map(written, row.values)]) for row in table.rows]
    widths = [[max(map(len, column)) for column in zip(*part, strict=True)] for part in _parts(inputs, outputs, cells)]
    lines = [
        Line(str(row.number), _line(asked, given, widths) + _noted(row), row.at)
        for row, (asked, given) in zip(table.rows, cells, strict=True)
    ]
    return _line(inputs, outputs, widths), tuple(lines)


def _parts(
    inputs: list[str], outputs: list[str], cells: Sequence[tuple[list[str], list[str]]]
) -> tuple[list[list[str]], list[list[str]]]:
    return [inputs, *(asked for asked, _ in cells)], [outputs, *(given for _, given in cells)]


def _line(asked: Sequence[str], given: Sequence[str], widths: Sequence[Sequence[int]]) -> str:
    parts = [
        " | ".join(cell.ljust(width) for cell, width in zip(part, of, strict=True))
        for part, of in zip((asked, given), widths, strict=True)
    ]
    return " || ".join(parts).rstrip()


def _asked(test: Any) -> str:
    return test.source or "-"


def written(value: Expression | Constant) -> str:
    """An output cell as it would be written."""
    if not isinstance(value, Constant):
        return f"= {value.source}"
    if value.value is None:
        return "-"
    return f'"{value.value}"' if value.type.kind in TEXTS else plain(value.value)


def _noted(row: TableRow) -> str:
    return f"  # {row.note}" if row.note else ""


def fared(table: Table, roots: Mapping[str, Any]) -> Iterator[Fared]:
    """How each row fared: the rows that count, those that match and do not count, and the first cell that fails."""
    counting = {row.number for row in table.decide(roots).rows}
    for verdict in table.trace(roots):
        yield Fared(str(verdict.row), verdict.row in counting, verdict.matches, verdict.reason)


def layout(table: Table) -> Layout:
    """The table on paper."""
    head, lines = lines_of(table)
    read = {name: each.source for name, each in table.inputs if each.source in each.paths}
    computed = {name: each.source for name, each in table.inputs if name not in read}
    outputs = given_types(table.hit, table.outputs)
    otherwise = ", ".join(f"{name} {_value(value)}" for name, value in table.otherwise.items())
    return Layout(WAYS[table.hit], read, computed, outputs, table.policy.gives == "rows", head, lines, otherwise)


def _value(value: Any) -> str:
    return f"={value.source}" if value.roots else shown(value.evaluate({}))


def looked(table: Table) -> Looked:
    """What the analysis found: the rows that are missing, doubled, or never count, as rows of the table."""
    found = analyse(table)
    inputs = " | ".join(name for name, _ in table.inputs)
    said: list[tuple[str, Span | None]] = [(_gap(each, inputs), None) for each in found.gaps]
    said += [(_overlap(each, inputs), each.other.at) for each in found.overlaps]
    said += [
        (f"row {each.row.number} can never win: {_numbers(each.by)} all that it takes", each.row.at)
        for each in found.hidden
    ]
    said += [(_repeat(each), each.other.at) for each in found.repeats]
    return Looked(tuple(said), found.is_complete)


def _gap(gap: Gap, inputs: str) -> str:
    if all(cell == "-" for cell in gap.cells):
        return "no row takes anything"
    sure = f", unless {_numbers(gap.unless, '')} may" if gap.unless else ""
    return f"no row takes {inputs} = {gap}{sure}"


def _overlap(overlap: Overlap, inputs: str) -> str:
    both = f"rows {overlap.one.number} and {overlap.other.number}"
    may = "take" if overlap.is_sure else "may take"
    differ = " and give different outputs" if overlap.agrees is False else ""
    return f"{both} both {may} {inputs} = {overlap}{differ}"


def _repeat(repeat: Repeat) -> str:
    gives = {True: "and gives the same", False: "and gives something else", None: "and may give something else"}
    return f"row {repeat.other.number} asks for the same as row {repeat.one.number} {gives[repeat.agrees]}"


def _numbers(rows: Sequence[TableRow], verb: str = "take") -> str:
    numbers = [str(row.number) for row in rows]
    one = len(numbers) == 1
    named = f"row {numbers[0]}" if one else f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"
    return f"{named} {verb}{'s' if one else ''}" if verb else named
