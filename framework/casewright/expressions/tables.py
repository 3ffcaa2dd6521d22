"""Decision tables: compiled rows, an index over each column, decisions that say why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casewright.expressions.analysis import grid_of, hidden, overlapping
from casewright.expressions.checker import Scope
from casewright.expressions.explainer import shown
from casewright.expressions.expression import Constant, Expression, checked_text, compile_expression
from casewright.expressions.interpreter import interpret
from casewright.expressions.literals import as_type
from casewright.expressions.lookup import Column, column_of
from casewright.expressions.rows import Cell, Row
from casewright.expressions.types import TEXTS, Type, domain_of
from casewright.expressions.unary import UnaryTest, compile_test
from casewright.expressions.unmarked import hangs_on_names, marking_hint, unmarked
from casewright.values import Problem, Related, Span, did_you_mean

HIT_POLICIES = ("first", "unique")
"""The hit policies of this version."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A compiled row: a test for each input, a value for each output. `number` counts from 1."""

    number: int
    tests: tuple[UnaryTest, ...]
    values: tuple[Expression | Constant, ...]
    at: Span

    @property
    def opaque(self) -> tuple[int, ...]:
        """The columns whose test reads roots."""
        return tuple(column for column, test in enumerate(self.tests) if test.region is None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table decided: the number of the row that won (None where none matches), the outputs, and why."""

    row: int | None
    outputs: Mapping[str, Any]
    inputs: Mapping[str, Any]
    at: Span | None = None
    tests: tuple[UnaryTest, ...] = ()

    @property
    def reason(self) -> str:
        """Why the row won, by its tests that ask for something."""
        if self.row is None:
            return "no row matches"
        tested = [
            f"{name} {shown(value)} is {test.source}"
            for (name, value), test in zip(self.inputs.items(), self.tests, strict=True)
            if test.source not in ("-", "")
        ]
        return f"row {self.row}: {' and '.join(tested) or 'it takes everything'}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one row fared: whether it matches, else the first column that does not, and the words for it."""

    row: int
    at: Span
    matches: bool
    column: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A checked decision table. `decide(roots)` gives the decision; `trace(roots)` says how each row fared."""

    inputs: tuple[tuple[str, Expression], ...]
    outputs: tuple[tuple[str, Type], ...]
    rows: tuple[TableRow, ...]
    hit: str
    otherwise: Mapping[str, Any]
    roots: frozenset[str]
    paths: frozenset[str]
    lookups: tuple[Callable[[Any], int], ...] = field(compare=False, repr=False)
    readers: tuple[Callable[[Any], Any], ...] = field(compare=False, repr=False)
    checks: tuple[tuple[int, ...], ...] = field(compare=False, repr=False)

    @property
    def type(self) -> Mapping[str, Type]:
        """The types of the outputs."""
        return dict(self.outputs)

    def decide(self, roots: Mapping[str, Any]) -> Decision:
        """The decision on `roots`; where no row matches, the outputs of `otherwise`, or null."""
        values, number = self._matched(roots)
        if number is None:
            return Decision(None, dict(self.otherwise), self._inputs(roots))
        row = self.rows[number]
        inputs = {name: value for (name, _), value in zip(self.inputs, values, strict=True)}
        outputs = {name: value.evaluate(roots) for (name, _), value in zip(self.outputs, row.values, strict=True)}
        return Decision(row.number, outputs, inputs, row.at, row.tests)

    def outputs_for(self, roots: Mapping[str, Any]) -> Mapping[str, Any]:
        """The outputs alone."""
        number = self._matched(roots)[1]
        if number is None:
            return self.otherwise
        row = self.rows[number].values
        return {name: value.evaluate(roots) for (name, _), value in zip(self.outputs, row, strict=True)}

    def trace(self, roots: Mapping[str, Any]) -> tuple[Verdict, ...]:
        """How each row fared, in order."""
        values = self._inputs(roots)
        verdicts = [self._verdict(row, values, roots) for row in self.rows]
        winner = next((verdict.row for verdict in verdicts if verdict.matches), None)
        return tuple(
            replace(verdict, reason=f"matches, but row {winner} stands above it")
            if verdict.matches and verdict.row != winner
            else verdict
            for verdict in verdicts
        )

    def _inputs(self, roots: Mapping[str, Any]) -> dict[str, Any]:
        return {name: expression.evaluate(roots) for name, expression in self.inputs}

    def _matched(self, roots: Mapping[str, Any]) -> tuple[list[Any], int | None]:
        """The values of the inputs, and the index of the first row that matches them."""
        mask = -1
        values: list[Any] = []
        for read, lookup in zip(self.readers, self.lookups, strict=True):
            value = read(roots)
            values.append(value)
            mask &= lookup(value)
            if not mask:
                return values, None
        while mask:
            number = (mask & -mask).bit_length() - 1
            tests = self.rows[number].tests
            if all(tests[column].matches(values[column], roots) for column in self.checks[number]):
                return values, number
            mask &= mask - 1
        return values, None

    def _verdict(self, row: TableRow, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        for (name, _), test in zip(self.inputs, row.tests, strict=True):
            if not test.matches(values[name], roots):
                reason = f"{name} {shown(values[name])} is not {test.source}"
                return Verdict(row.number, row.at, False, name, reason)
        return Verdict(row.number, row.at, True, None, "matches")


def compile_table(
    inputs: Sequence[tuple[str, Expression]],
    outputs: Sequence[tuple[str, Type]],
    rows: Sequence[Row],
    hit: str,
    scope: Scope,
    *,
    at: Span,
    otherwise: Mapping[str, Any] | None = None,
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table of these rows, or its problems; warnings may come with a table. `at` is the place of the rule."""
    problems: list[Problem] = list(_hit_problems(hit, at))
    compiled = [_row(number, row, inputs, outputs, scope, problems) for number, row in enumerate(rows, 1)]
    ready = tuple(row for row in compiled if row is not None)
    if problems:
        return None, tuple(sorted(problems, key=lambda problem: problem.span))
    columns = [column_of([row.tests[place].region for row in ready]) for place in range(len(inputs))]
    problems += _analysed(hit, inputs, ready, columns)
    if any(problem.is_error for problem in problems):
        return None, tuple(problems)
    nulls = {name: None for name, _ in outputs}
    return _table(inputs, outputs, ready, hit, {**nulls, **(otherwise or {})}, columns), tuple(problems)


def _table(
    inputs: Sequence[tuple[str, Expression]],
    outputs: Sequence[tuple[str, Type]],
    rows: tuple[TableRow, ...],
    hit: str,
    otherwise: Mapping[str, Any],
    columns: Sequence[Column],
) -> Table:
    readers = tuple(expression.evaluate for _, expression in inputs)
    reads = [expression for _, expression in inputs]
    tests = [test for row in rows for test in row.tests if test.region is None]
    values = [value for row in rows for value in row.values if not isinstance(value, Constant)]
    parts: list[Expression | UnaryTest] = [*reads, *tests, *values]
    roots = frozenset[str]().union(*(part.roots for part in parts))
    paths = frozenset[str]().union(*(part.paths for part in parts))
    lookups = tuple(column.mask for column in columns)
    checks = tuple(row.opaque for row in rows)
    return Table(tuple(inputs), tuple(outputs), rows, hit, otherwise, roots, paths, lookups, readers, checks)


def _hit_problems(hit: str, at: Span) -> tuple[Problem, ...]:
    if hit in HIT_POLICIES:
        return ()
    message = f"'{hit}' is no hit policy of this version{did_you_mean(hit, HIT_POLICIES)}"
    return (Problem(at, "E408", message, (), f"write one of {', '.join(HIT_POLICIES)}"),)


def _row(
    number: int,
    row: Row,
    inputs: Sequence[tuple[str, Expression]],
    outputs: Sequence[tuple[str, Type]],
    scope: Scope,
    problems: list[Problem],
) -> TableRow | None:
    tests = [
        compile_test(cell.text, expression.type, scope, at=cell.at)
        for cell, (_, expression) in zip(row.inputs, inputs, strict=True)
    ]
    values = [_output(cell, type_, scope) for cell, (_, type_) in zip(row.outputs, outputs, strict=True)]
    wrong = [problem for _, found in (*tests, *values) for problem in found]
    problems += wrong
    if wrong:
        return None
    found = tuple(test for test, _ in tests if test), tuple(value for value, _ in values if value)
    return TableRow(number, *found, row.at)


def _output(cell: Cell, type_: Type, scope: Scope) -> tuple[Expression | Constant | None, tuple[Problem, ...]]:
    """The value of an output cell: a literal of its type, or after `=` an expression; empty, `-` and null are null."""
    text, readings = cell.text, scope.readings
    if text.startswith("="):
        lead = len(text) - len(text[1:].lstrip())
        return compile_expression(text[lead:], scope, at=cell.at.moved(0, lead), expect=type_)
    known = readings.literal(text, type_) if readings is not None else None
    if known is not None:
        return Constant(known.value, type_, cell.at), ()
    constant, problems = _literal(cell, type_, scope)
    if constant is not None and readings is not None and not hangs_on_names(text):
        readings.keep_literal(text, constant)
    return constant, problems


def _literal(cell: Cell, type_: Type, scope: Scope) -> tuple[Constant | None, tuple[Problem, ...]]:
    text = cell.text
    if text in ("", "-", "null"):
        return Constant(None, type_, cell.at), ()
    if text[0] in "\"'":
        checked, problems = checked_text(text, Scope({}), cell.at, type_)
        if checked is None:
            return None, problems
        said = interpret(checked, {})
        slips = unmarked(said, scope.roots, cell.at, quoted=True) if isinstance(said, str) else ()
        return (None, slips) if slips else (Constant(said, type_, cell.at), ())
    value, problem = as_type(text, type_, cell.at)
    if problem is None:
        slips = unmarked(text, scope.roots, cell.at) if isinstance(value, str) else ()
        return (None, slips) if slips else (Constant(value, type_, cell.at), ())
    help = marking_hint(text, scope.roots) or problem.help
    help = help or ("" if type_.kind in TEXTS else "write `=` before an expression")
    return None, (replace(problem, code="E408" if problem.code == "E404" else problem.code, help=help),)


def _analysed(
    hit: str, inputs: Sequence[tuple[str, Expression]], rows: tuple[TableRow, ...], columns: Sequence[Column]
) -> list[Problem]:
    if not rows or not inputs:
        return []
    domains = [domain_of(expression.type) for _, expression in inputs]
    grid = grid_of(columns, [[row.tests[c].region for row in rows] for c in range(len(inputs))], domains)
    if hit == "unique":
        names = [name for name, _ in inputs]
        return [_overlap(rows[a], rows[b], names, grid.witness(a, b)) for a, b in overlapping(grid)]
    opaque = sum(1 << place for place, row in enumerate(rows) if row.opaque)
    return [_never(rows[row], [rows[other] for other in above]) for row, above in hidden(grid, opaque)]


def _overlap(one: TableRow, other: TableRow, names: Sequence[str], witness: Sequence[object]) -> Problem:
    example = ", ".join(f"{name}: {shown(value)}" for name, value in zip(names, witness, strict=True))
    message = f"rows {one.number} and {other.number} both match {{{example}}}, and the table says `hit: unique`"
    help = "narrow one of the rows, or write `hit: first`"
    if one.opaque or other.opaque:
        message = f"rows {one.number} and {other.number} may both match {{{example}}}: expressions are known only later"
        help = "tell the rows apart by another column, or write `hit: first`"
    return Problem(other.at, "E409", message, (Related(one.at, f"row {one.number}"),), help)


def _never(row: TableRow, above: Sequence[TableRow]) -> Problem:
    numbers = [str(other.number) for other in above]
    named = f"row {numbers[0]} takes" if len(numbers) == 1 else f"rows {', '.join(numbers[:6])} take"
    message = f"row {row.number} can never win: above it {named} everything that it matches"
    related = tuple(Related(other.at, f"row {other.number}") for other in above[:3])
    return Problem(row.at, "W409", message, related, "move it up, narrow the rows above it, or remove it")
