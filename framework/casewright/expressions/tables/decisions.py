"""What a decision table says: its rows, a decision with its reason, and how a row fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casewright.expressions.explainer import shown
from casewright.expressions.expression import Constant, Expression
from casewright.expressions.unary import UnaryTest
from casewright.values import Span

Record = Mapping[str, Any]

_TOLD = 8
"""How many rows a reason tells the tests of; it names the numbers of all."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A compiled row: a test for each input, a value for each output. `number` counts from 1; `note` is an analyst's.

    `given` are the outputs by name where all of them are constants.
    """

    number: int
    tests: tuple[UnaryTest, ...]
    values: tuple[Expression | Constant, ...]
    at: Span
    note: str = ""
    given: Record | None = field(default=None, compare=False, repr=False)

    @property
    def opaque(self) -> tuple[int, ...]:
        """The columns whose test has no region, so that only a value shows whether it matches."""
        return tuple(column for column, test in enumerate(self.tests) if test.region is None)

    def gives(self, names: Sequence[str], roots: Record) -> dict[str, Any]:
        """The outputs of the row under these names."""
        if self.given is not None:
            return dict(self.given)
        return {name: value.evaluate(roots) for name, value in zip(names, self.values, strict=True)}

    def asked(self, inputs: Record) -> str:
        """What the row asks for and found in the inputs, cell by cell."""
        tested = [
            f"{name} {shown(value)} is {test.source}"
            for (name, value), test in zip(inputs.items(), self.tests, strict=True)
            if test.source not in ("-", "")
        ]
        return " and ".join(tested) or "it takes everything"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table decided: the rows that count in the order in which they do, what they give, and on which values.

    `outputs` is a record, or under `rule_order`, `output_order` and `collect` a list of records, one a row. `rows` is
    empty where none matches; then the outputs are those of `otherwise`.
    """

    rows: tuple[TableRow, ...]
    outputs: Record | list[Record]
    columns: tuple[str, ...]
    values: Sequence[Any]

    @property
    def inputs(self) -> Record:
        """The value of each input."""
        return dict(zip(self.columns, self.values, strict=True))

    @property
    def row(self) -> int | None:
        """The number of the first row that counts; None where none matches."""
        return self.rows[0].number if self.rows else None

    @property
    def at(self) -> Span | None:
        """Where the first row that counts stands."""
        return self.rows[0].at if self.rows else None

    @property
    def reason(self) -> str:
        """Why these rows count, by their tests that ask for something."""
        if not self.rows:
            return "no row matches"
        inputs = self.inputs
        told = "; ".join(f"row {row.number}: {row.asked(inputs)}{_noted(row)}" for row in self.rows[:_TOLD])
        if len(self.rows) == 1:
            return told
        return f"{numbered(self.rows)} match: {told}{'; ...' if len(self.rows) > _TOLD else ''}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one row fared: whether it matches, else the first column that does not, and the words for it."""

    row: int
    at: Span
    matches: bool
    column: str | None
    reason: str


def numbered(rows: Sequence[TableRow]) -> str:
    """`row 2`, or `rows 2, 5 and 7`."""
    numbers = [str(row.number) for row in rows]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def _noted(row: TableRow) -> str:
    return f" ({row.note})" if row.note else ""
