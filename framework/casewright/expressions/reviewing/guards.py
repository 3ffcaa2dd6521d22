"""Which references hold a value where a condition came out one way: what `x != null and` does for what follows."""

from __future__ import annotations

from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing.sameness import path_of
from casewright.expressions.syntax import (
    And,
    Call,
    Equality,
    Has,
    Macro,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
)

Facts = frozenset[str]
"""Dotted references that are known to hold a value."""

_NONE: Facts = frozenset()


def assured(node: Syntax, truth: bool, checked: Checked, *, definite: bool = False) -> Facts:
    """The references that hold a value wherever the condition is `truth`.

    With `definite`, only those for whose null the condition is the opposite of `truth`, rather than unknown: they are
    settled by it in any order of the terms.
    """
    if isinstance(node, Not):
        return assured(node.operand, not truth, checked, definite=definite)
    if isinstance(node, (And, Or)):
        every = [assured(term, truth, checked, definite=definite) for term in node.terms]
        return _NONE.union(*every) if truth is isinstance(node, And) else every[0].intersection(*every[1:])
    asked = _asked(node, truth, checked)
    return asked if definite else asked | _needed(node, checked)


def _asked(node: Syntax, truth: bool, checked: Checked) -> Facts:
    """What an atom asks about: `x != null` when it is true, `x == null` when it is false, and so on."""
    if isinstance(node, Has):
        return prefixes(node.selection) if truth else _NONE
    if isinstance(node, Within):
        listed = checked.constants.get(node.collection)
        return prefixes(node.item) if truth and isinstance(listed, tuple) and None not in listed else _NONE
    return _compared(node, truth, checked) if isinstance(node, Equality) else _NONE


def _compared(node: Equality, truth: bool, checked: Checked) -> Facts:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if other in checked.constants:
            with_null = checked.constants[other] is None
            return prefixes(side) if truth is (node.negated if with_null else not node.negated) else _NONE
    return _NONE


def _needed(node: Syntax, checked: Checked) -> Facts:
    """What an atom cannot do without: the references that it is strict in."""
    if isinstance(node, (Name, Select)):
        return prefixes(node)
    if isinstance(node, Equality):
        return _strict(node.left, checked) | _strict(node.right, checked)
    if isinstance(node, Within):
        return _strict(node.item, checked) | _needed(node.collection, checked)
    if isinstance(node, Macro):
        return _needed(node.target, checked) if node.name in ("all", "exists", "exists_one", "map", "filter") else _NONE
    return _strict(node, checked)


def _strict(node: Syntax, checked: Checked) -> Facts:
    """What a value needs of the references below its strict operators; nothing for a reference, which may be null."""
    if not isinstance(node, Call) or node not in checked.overloads:
        return _NONE
    return _NONE.union(*(_needed(argument, checked) for argument in node.arguments))


def prefixes(node: Syntax) -> Facts:
    """The reference and every owner on its way; nothing for what is no reference."""
    path = path_of(node)
    parts = path.split(".") if path else []
    return frozenset(".".join(parts[: number + 1]) for number in range(len(parts)))
