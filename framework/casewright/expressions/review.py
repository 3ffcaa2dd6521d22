"""Everything that can be said of an expression before it runs, beside that it means something."""

from __future__ import annotations

from collections.abc import Iterator

from casewright.expressions.constancy import constant_parts
from casewright.expressions.cost import reckoned, too_costly
from casewright.expressions.deprecation import deprecated_fields
from casewright.expressions.expression import Condition, Constant, Expression
from casewright.expressions.meaning import Checked
from casewright.expressions.remarks import Remark, placed
from casewright.expressions.texts import Text
from casewright.expressions.unguarded import unguarded
from casewright.values import Problem

Compiled = Condition | Expression | Constant | Text


def review(compiled: Compiled) -> tuple[Problem, ...]:
    """The remarks on what was compiled, by place: constant conditions, needless terms, unguarded fields, cost.

    Remarks depend on the words and the types alone, so they are worked out once for expressions that share a meaning.
    """
    if isinstance(compiled, Text):
        return tuple(problem for part in compiled.parts if isinstance(part, Expression) for problem in review(part))
    if isinstance(compiled, Constant):
        return ()
    checked, condition = compiled.checked, isinstance(compiled, Condition)
    remarks = checked.said.get(condition)
    if remarks is None:
        remarks = checked.said.setdefault(condition, tuple(remarks_on(checked, condition=condition)))
    return placed(remarks, checked.text, compiled.at) if remarks else ()


def cost_of(compiled: Compiled) -> int:
    """The units that one evaluation may take, as the lists that it goes over are declared; 0 for a constant."""
    if isinstance(compiled, Text):
        return sum(cost_of(part) for part in compiled.parts if isinstance(part, Expression))
    return 0 if isinstance(compiled, Constant) else reckoned(compiled.checked)


def remarks_on(checked: Checked, *, condition: bool) -> Iterator[Remark]:
    """All that is to be said of a checked expression."""
    yield from too_costly(checked)
    yield from constant_parts(checked)
    yield from unguarded(checked, condition=condition)
    yield from deprecated_fields(checked)
