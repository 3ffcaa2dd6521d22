"""From written rows to a decision table: cells compiled, rows ranked and indexed, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from casewright.expressions.expression import Constant, Expression, checked_text, compile_expression
from casewright.expressions.interpreter import interpret
from casewright.expressions.literals import as_type
from casewright.expressions.meaning import Scope
from casewright.expressions.tables.cells import Cell, unquoted
from casewright.expressions.tables.commas import comma_slip
from casewright.expressions.tables.decisions import TableRow
from casewright.expressions.tables.guardrails import guardrails
from casewright.expressions.tables.hits import HIT_POLICIES, POLICIES, Ranks, combiner, misfits, rank, ranks_of
from casewright.expressions.tables.lookup import finder, index_of
from casewright.expressions.tables.rows import Row
from casewright.expressions.tables.separated import recast, spreadsheet_slip
from casewright.expressions.tables.table import Evaluated, Table
from casewright.expressions.types import TEXTS, Type
from casewright.expressions.unary import as_written, compile_test
from casewright.expressions.unmarked import hangs_on_names, marking_hint, unmarked
from casewright.values import Problem, Span, did_you_mean

Inputs = Sequence[tuple[str, Expression]]
Outputs = Sequence[tuple[str, Type]]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def compile_table(
    inputs: Inputs,
    outputs: Outputs,
    rows: Sequence[Row],
    hit: str,
    scope: Scope,
    *,
    at: Span,
    otherwise: Mapping[str, Evaluated] = _NOTHING,
    places: Mapping[str, Span] = _NOTHING,
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table of these rows, or its problems; warnings may come with a table.

    `at` is the place of the rule, `places` are those of its outputs by name, of its `rows` and of `hit`. `otherwise` is
    what outputs are where no row matches.
    """
    problems: list[Problem] = list(_hit_problems(hit, outputs, at, places))
    compiled = [_row(number, row, inputs, outputs, scope, problems) for number, row in enumerate(rows, 1)]
    ready = tuple(row for row in compiled if row is not None)
    if problems:
        return None, tuple(sorted(problems, key=lambda problem: problem.span))
    table = _table(inputs, outputs, ready, hit, otherwise)
    problems += guardrails(table, places.get("rows", at), places.get("hit", at))
    if any(problem.is_error for problem in problems):
        return None, tuple(problems)
    return table, tuple(problems)


def _table(
    inputs: Inputs, outputs: Outputs, rows: tuple[TableRow, ...], hit: str, otherwise: Mapping[str, Evaluated]
) -> Table:
    policy = POLICIES[hit]
    ranks = ranks_of(outputs) if policy.is_ranked else ()
    ranked = tuple(sorted(rows, key=lambda row: _constant_rank(row, ranks))) if ranks else rows
    is_open = any(not isinstance(row.values[column], Constant) for row in rows for column, _ in ranks)
    roots, paths = _read(inputs, rows, otherwise)
    regions = [[row.tests[place].region for row in ranked] for place in range(len(inputs))]
    return Table(
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        rows=rows,
        hit=hit,
        otherwise=otherwise,
        roots=roots,
        paths=paths,
        ranked=ranked,
        ranks=ranks if is_open else (),
        find=finder([expression.evaluate for _, expression in inputs], index_of(regions, len(rows))),
        ready=tuple(None if row.opaque or row.given is None else dict(row.given) for row in ranked),
        takes_first=policy.gives == "row" and hit != "any" and not (ranks and is_open),
        checks=tuple(row.opaque for row in ranked),
        combiners=tuple(combiner(hit, type_) for _, type_ in outputs) if policy.gives == "combined" else (),
        names=tuple(name for name, _ in outputs),
        columns=tuple(name for name, _ in inputs),
    )


def _constant_rank(row: TableRow, ranks: Ranks) -> tuple[int, ...]:
    """The rank of a row by its constants; an expression ranks last, until it is known."""
    return rank([value.value if isinstance(value, Constant) else None for value in row.values], ranks)


def _read(
    inputs: Inputs, rows: Sequence[TableRow], otherwise: Mapping[str, Evaluated]
) -> tuple[frozenset[str], frozenset[str]]:
    """The roots and paths that the table reads."""
    tests = [test for row in rows for test in row.tests if test.region is None]
    values = [value for row in rows for value in row.values if not isinstance(value, Constant)]
    parts: list[Any] = [*(expression for _, expression in inputs), *tests, *values, *otherwise.values()]
    roots = frozenset[str]().union(*(getattr(part, "roots", ()) for part in parts))
    return roots, frozenset[str]().union(*(getattr(part, "paths", ()) for part in parts))


def _hit_problems(hit: str, outputs: Outputs, at: Span, places: Mapping[str, Span]) -> list[Problem]:
    if hit not in HIT_POLICIES:
        message = f"'{hit}' is no hit policy{did_you_mean(hit, HIT_POLICIES)}"
        return [Problem(at, "E408", message, (), f"write one of {', '.join(HIT_POLICIES)}")]
    return [
        Problem(places.get(misfit.output or "hit", at), "E420", misfit.message, (), misfit.help)
        for misfit in misfits(hit, outputs)
    ]


def _row(
    number: int, row: Row, inputs: Inputs, outputs: Outputs, scope: Scope, problems: list[Problem]
) -> TableRow | None:
    if slips := [*_slips(row, [expression.type for _, expression in inputs], [type_ for _, type_ in outputs])]:
        problems += slips
        return None
    tests = [
        compile_test(cell.text, expression.type, scope, at=cell.at)
        for cell, (_, expression) in zip(row.inputs, inputs, strict=True)
    ]
    values = [_required(cell, output, scope) for cell, output in zip(row.outputs, outputs, strict=True)]
    wrong = [problem for _, found in (*tests, *values) for problem in found]
    problems += wrong
    if wrong:
        return None
    ready = tuple(value for value, _ in values if value)
    given = None
    if all(isinstance(value, Constant) for value in ready):
        given = {name: value.evaluate({}) for (name, _), value in zip(outputs, ready, strict=True)}
    return TableRow(number, tuple(test for test, _ in tests if test), ready, row.at, row.note, given)


def _slips(row: Row, inputs: Sequence[Type], outputs: Sequence[Type]) -> Iterator[Problem]:
    """What a spreadsheet has made of the cells of a row."""
    for cell, type_ in zip((*row.inputs, *row.outputs), (*inputs, *outputs), strict=True):
        slip = spreadsheet_slip(cell)
        if slip is None and row.mark != "|" and type_.kind in TEXTS:
            slip = recast(cell)
        if slip is not None:
            yield slip
    for cell, type_ in zip(row.inputs, inputs, strict=True):
        if row.mark in ";\t" and (said := comma_slip(unquoted(cell.text), type_, is_decimal=True)):
            yield Problem(cell.at, "E407", said[0], (), said[1])


def _required(
    cell: Cell, output: tuple[str, Type], scope: Scope
) -> tuple[Expression | Constant | None, tuple[Problem, ...]]:
    """The value of an output cell, which must be one where the output is required."""
    name, type_ = output
    value, problems = _output(cell, type_, scope)
    if type_.declared.certain and isinstance(value, Constant) and value.value is None:
        help = f"write a value, or take `required` from '{name}'"
        return None, (Problem(cell.at, "E408", f"this cell is empty; '{name}' is required", (), help),)
    return value, problems


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
    value, problem = as_type(as_written(text, type_), type_, cell.at)
    if problem is None:
        slips = unmarked(text, scope.roots, cell.at) if isinstance(value, str) else ()
        return (None, slips) if slips else (Constant(value, type_, cell.at), ())
    help = marking_hint(text, scope.roots) or problem.help
    help = help or ("" if type_.kind in TEXTS else "write `=` before an expression")
    return None, (replace(problem, code="E408" if problem.code == "E404" else problem.code, help=help),)
