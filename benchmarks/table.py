"""How long does a decision table of a thousand rows take to find the last one?"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness import Contestant, Row, below, figure, race
from casewright.expressions import INTEGER, TEXT, Cell, Scope, Table, compile_expression, compile_table
from casewright.expressions import Row as TableRow
from casewright.values import Span

ROWS = 1_000
AT = Span("bench.yaml")


def rows() -> Iterator[Row]:
    """A key and two ranges; the last row matches, and beside it a scan by hand that tries row after row."""
    table, scan = thousand_rows(), by_hand()
    roots = {"key": f"k{ROWS - 1}", "low": ROWS, "high": 3 * ROWS}
    assert table.decide(roots).row == ROWS
    assert scan(roots) == ROWS
    turns = {
        "ours": Contestant(lambda: table.decide(roots), repeat=1_000),
        "scan": Contestant(lambda: scan(roots), repeat=10),
    }
    taken = race(turns, turns=100)
    yield below(f"table of {ROWS:,} rows, the last matches", taken["ours"], 5e-6)
    yield figure("the same table", taken["ours"], "us", "hand-written scan, row after row", taken["scan"])


def thousand_rows() -> Table:
    """The table: row n takes the key `kn`, `low` from n to n + 50 and `high` from 2n."""
    scope = Scope({"key": TEXT, "low": INTEGER, "high": INTEGER})
    columns = [(name, expression) for name in scope.roots if (expression := compile_expression(name, scope, at=AT)[0])]
    cells = ((f"k{n}", f"[{n}..{n + 50})", f">= {n * 2}") for n in range(ROWS))
    written = [
        TableRow(tuple(Cell(text, AT) for text in row), (Cell(str(n), AT),), AT) for n, row in enumerate(cells, 1)
    ]
    table, problems = compile_table(columns, [("out", INTEGER)], written, "first", scope, at=AT)
    assert table is not None, problems
    return table


def by_hand():
    """The same in Python, as a loop over the rows."""
    tests = [(f"k{n}", n, n + 50, 2 * n, n + 1) for n in range(ROWS)]

    def scan(roots: dict) -> int | None:
        key, low, high = roots["key"], roots["low"], roots["high"]
        for wanted, begin, end, least, out in tests:
            if key == wanted and begin <= low < end and high >= least:
                return out
        return None

    return scan
