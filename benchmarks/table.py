"""How long does a decision table of a thousand rows take to find the last one, and to be analysed whole?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.harness import Contestant, Row, at_most, below, figure, race
from benchmarks.peers import zen_tables
from casewright.expressions import (
    INTEGER,
    TEXT,
    Cell,
    Constant,
    Scope,
    Table,
    Type,
    analyse,
    compile_expression,
    compile_table,
)
from casewright.expressions import Row as TableRow
from casewright.values import Span

ROWS = 1_000
KEYED = 100
"""Rows that share a key, so that their ranges tell them apart."""
MANY = 10_000
AT = Span("bench.yaml")
Cells = Callable[[int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of table: its columns, the cells of row n, and facts that match the last of so many rows alone."""

    name: str
    columns: Mapping[str, Type]
    cells: Cells
    facts: Callable[[int], dict[str, Any]]
    times: float | None
    """How many times faster than zen-engine with its index we are to be; None where only the figures are told."""


SHAPES = (
    Shape("an exact key", {"key": TEXT}, lambda n: (f'"k{n}"',), lambda last: {"key": f"k{last}"}, 8),
    Shape(
        f"a key and two ranges, {KEYED} rows a key",
        {"key": TEXT, "low": INTEGER, "high": INTEGER},
        lambda n: (f'"k{n // KEYED}"', f"[{n * 10}..{n * 10 + 10})", f">= {n * 2}"),
        lambda last: {"key": f"k{last // KEYED}", "low": last * 10 + 5, "high": 3 * last},
        20,
    ),
    Shape(
        "a key and two ranges, one row a key",
        {"key": TEXT, "low": INTEGER, "high": INTEGER},
        lambda n: (f'"k{n}"', f"[{n * 10}..{n * 10 + 10})", f">= {n * 2}"),
        lambda last: {"key": f"k{last}", "low": last * 10 + 5, "high": 3 * last},
        None,
    ),
    Shape(
        "one column of ranges",
        {"low": INTEGER},
        lambda n: (f"[{n * 10}..{n * 10 + 10})",),
        lambda last: {"low": last * 10 + 5},
        20,
    ),
)


def rows() -> Iterator[Row]:
    """Shapes of tables beside zen-engine with and without its index; a scan by hand; ten times the rows; then the
    analysis."""
    for shape in SHAPES:
        yield from _raced(shape)
    yield from _long(SHAPES[1])
    yield from _analysed(SHAPES[1])


def _raced(shape: Shape) -> Iterator[Row]:
    written = [(shape.cells(n), n) for n in range(ROWS)]
    table, facts = table_of(shape, ROWS), shape.facts(ROWS - 1)
    quick, plain = (make(list(shape.columns), written) for make in (zen_tables.indexed, zen_tables.unindexed))
    assert table.outputs_for(facts) == {"out": quick(facts)} == {"out": plain(facts)} == {"out": ROWS - 1}
    turns = {
        "ours": Contestant(lambda: table.outputs_for(facts), repeat=1_000),
        "told": Contestant(lambda: table.decide(facts), repeat=1_000),
        "indexed": Contestant(lambda: quick(facts), repeat=20),
        "plain": Contestant(lambda: plain(facts), repeat=2),
    }
    taken = race(turns, turns=60)
    name = f"{shape.name}, last of {ROWS:,} rows"
    yield below(f"{name}, with the row that won", taken["told"], 5e-6)
    beside = "zen-engine, static loader (indexed)"
    if shape.times is None:
        yield figure(name, taken["ours"], "us", beside, taken["indexed"])
    else:
        yield at_most(name, taken["ours"], beside, taken["indexed"], 1 / shape.times)
    yield figure(name, taken["ours"], "us", "zen-engine, create_decision", taken["plain"])


def _long(shape: Shape) -> Iterator[Row]:
    table, facts = table_of(shape, MANY), shape.facts(MANY - 1)
    scan = by_hand(MANY)
    assert table.decide(facts).row == scan(facts) == MANY
    turns = {
        "ours": Contestant(lambda: table.decide(facts), repeat=1_000),
        "scan": Contestant(lambda: scan(facts), repeat=2),
    }
    taken = race(turns, turns=30)
    name = f"{shape.name}, last of {MANY:,} rows"
    yield figure(name, taken["ours"], "us", "hand-written scan, row after row", taken["scan"])


def _analysed(shape: Shape) -> Iterator[Row]:
    open_, closed = table_of(shape, ROWS), table_of(shape, ROWS, hit="unique", cells=without_gaps)
    assert not analyse(open_).is_sound
    assert analyse(closed).is_sound
    turns = {"open": Contestant(lambda: analyse(open_)), "closed": Contestant(lambda: analyse(closed))}
    taken = race(turns, turns=15)
    name = f"analysis of {ROWS:,} rows by 3 columns"
    yield below(f"{name}, gaps in every row", taken["open"], 50e-3, "ms")
    yield below(f"{name}, proved to have none", taken["closed"], 50e-3, "ms")


def without_gaps(n: int) -> tuple[str, ...]:
    """Row n of a table of ten keys by ten bands by ten, which together take everything once."""
    key, low, high = n // 100, n // 10 % 10, n % 10
    others = ",".join(f'"k{each}"' for each in range(9))
    return (f'"k{key}"' if key < 9 else f"not({others})", _band(low), _band(high))


def _band(n: int) -> str:
    if n == 9:
        return ">= 90"
    return f"[{n * 10}..{n * 10 + 10})" if n else "< 10,null"


def table_of(shape: Shape, count: int, hit: str = "first", cells: Cells | None = None) -> Table:
    """The table of so many rows, of which row n gives n."""
    scope = Scope(dict(shape.columns))
    columns = [(name, expression) for name in scope.roots if (expression := compile_expression(name, scope, at=AT)[0])]
    written = [_row((cells or shape.cells)(n), n) for n in range(count)]
    rest = {"out": Constant(0, INTEGER, AT)}
    table, problems = compile_table(columns, [("out", INTEGER)], written, hit, scope, at=AT, otherwise=rest)
    assert table is not None, problems
    return table


def _row(cells: Sequence[str], gives: int) -> TableRow:
    return TableRow(tuple(Cell(text, AT) for text in cells), (Cell(str(gives), AT),), AT)


def by_hand(count: int) -> Callable[[Mapping[str, Any]], int | None]:
    """A key and two ranges in Python, as a loop over the rows."""
    tests = [(f"k{n // KEYED}", n * 10, n * 10 + 10, 2 * n, n + 1) for n in range(count)]

    def scan(facts: Mapping[str, Any]) -> int | None:
        key, low, high = facts["key"], facts["low"], facts["high"]
        for wanted, begin, end, least, out in tests:
            if key == wanted and begin <= low < end and high >= least:
                return out
        return None

    return scan
