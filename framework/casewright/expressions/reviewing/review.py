"""Everything that can be said of an expression before it runs, beside that it means something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casewright.expressions.atoms import All, Atom, Compares, Equals, Holds, Negated
from casewright.expressions.expression import Condition, Constant, Expression
from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing.constancy import constant_parts
from casewright.expressions.reviewing.cost import reckoned, too_costly
from casewright.expressions.reviewing.deprecation import deprecated_fields
from casewright.expressions.reviewing.looseness import dynamic_operators
from casewright.expressions.reviewing.remarks import Remark, Said, placed
from casewright.expressions.reviewing.unguarded import unguarded
from casewright.expressions.tables.decisions import TableRow
from casewright.expressions.tables.table import Table
from casewright.expressions.texts import Text
from casewright.expressions.unary import UnaryTest
from casewright.values import Problem

Compiled = Condition | Expression | Constant | Text | UnaryTest | Table


def review(compiled: Compiled) -> tuple[Problem, ...]:
    """The remarks on what was compiled: constant conditions, needless terms, unguarded and deprecated fields, cost.

    They stand by place within each expression; a text, a test and the rows of a table give those of their parts.
    Remarks depend on the words and the types alone, so they are worked out once for expressions that share a meaning.
    """
    return looked_over(compiled)[0]


def looked_over(compiled: Compiled) -> tuple[tuple[Problem, ...], int]:
    """The remarks on what was compiled, and how many of its operators take a value of any type."""
    found: list[Problem] = []
    loose = 0
    for part in expressions_in(compiled):
        said = _said(part)
        loose += said.loose
        if said.remarks:
            found += placed(said.remarks, part.checked.text, part.at)
    return tuple(found), loose


def cost_of(compiled: Compiled) -> int:
    """The units that evaluating all of it once may take, as the lists that it goes over are declared."""
    return sum(reckoned(part.checked) for part in expressions_in(compiled))


def looseness_of(compiled: Compiled) -> int:
    """How many of its operators take a value of any type."""
    return looked_over(compiled)[1]


def expressions_in(compiled: Compiled) -> Sequence[Expression | Condition]:
    """The expressions that something compiled is made of, in the order of their text."""
    if isinstance(compiled, (Expression, Condition)):
        return (compiled,)
    if isinstance(compiled, Text):
        return [part for part in compiled.parts if isinstance(part, Expression)]
    if isinstance(compiled, UnaryTest):
        return () if compiled.region is not None else tuple(_of_atom(compiled.atom))
    if isinstance(compiled, Table):
        return [found for row in compiled.rows for found in _of_row(row)]
    return ()


def _of_row(row: TableRow) -> Iterator[Expression | Condition]:
    for column in row.opaque:
        yield from _of_atom(row.tests[column].atom)
    yield from (value for value in row.values if isinstance(value, Expression))


def _of_atom(atom: Atom) -> Iterator[Expression | Condition]:
    if isinstance(atom, (All, Negated)):
        for part in atom.parts:
            yield from _of_atom(part)
    elif isinstance(atom, Holds):
        yield atom.condition
    elif isinstance(atom, (Equals, Compares)) and isinstance(atom.operand, Expression):
        yield atom.operand


def _said(compiled: Expression | Condition) -> Said:
    checked, condition = compiled.checked, isinstance(compiled, Condition)
    found = checked.said.get(condition)
    if found is None:
        remarks = tuple(remarks_on(checked, condition=condition))
        found = checked.said.setdefault(condition, Said(remarks, dynamic_operators(checked)))
    return found


def remarks_on(checked: Checked, *, condition: bool) -> Iterator[Remark]:
    """All that is to be said of a checked expression."""
    yield from too_costly(checked)
    yield from constant_parts(checked)
    yield from unguarded(checked, condition=condition)
    yield from deprecated_fields(checked)
