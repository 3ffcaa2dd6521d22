"""Operators whose operands have no known type, so that what they do is found out only when they run."""

from __future__ import annotations

from casewright.expressions.meaning import Checked
from casewright.expressions.syntax import Call, Equality, Macro, Within, children


def dynamic_operators(checked: Checked) -> int:
    """How many operators, functions and macros of the expression take a value of any type.

    Comparisons with null are not among them: they are decided whatever the type is.
    """
    return sum(
        any(checked.types[child].kind == "dynamic" for child in children(node))
        and not any(checked.types[child].kind == "null" for child in children(node))
        for node in checked.types
        if isinstance(node, (Call, Equality, Within, Macro)) and node not in checked.constants
    )
