"""Which branch of a fork holds first: found one by one, or by an index over the value that all look at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casewright.expressions import Condition, compile_expression
from casewright.expressions.regions import anything, nothing
from casewright.expressions.reviewing.reach import truth_of
from casewright.expressions.reviewing.truths import Side
from casewright.expressions.tables.lookup import column_of
from casewright.steps.scope import Scope

First = Callable[[Mapping[str, Any]], int]
"""Gives the number of the first condition that holds, and the number of all of them where none does."""

FEWEST = 4
"""Branches from which on an index pays."""


def first_of(conditions: Sequence[Condition | None], scope: Scope) -> First:
    """What finds the first of these conditions that holds; None is one that always does."""
    indexed = _indexed(conditions, scope) if len(conditions) >= FEWEST else None
    return indexed or _one_by_one(conditions)


def _one_by_one(conditions: Sequence[Condition | None]) -> First:
    tests = tuple(conditions)

    def first(roots: Mapping[str, Any]) -> int:
        for number, condition in enumerate(tests):
            if condition is None or condition.holds(roots):
                return number
        return len(tests)

    return first


def _indexed(conditions: Sequence[Condition | None], scope: Scope) -> First | None:
    """The same by one look-up, where the conditions ask for different values of the same subject.

    The subject is what the first condition reads first, so that nothing is read that would not be read without it.
    """
    leading = conditions[0]
    subject = _read_first(leading) if leading is not None else ""
    read = compile_expression(subject, scope.names, at=leading.at)[0] if leading is not None and subject else None
    if read is None:
        return None
    sides = [truth_of(each).true if each is not None else None for each in conditions]
    if sum(side is None or subject not in side.needs for side in sides) > len(sides) // 2:
        return None
    regions = [
        anything() if condition is None else nothing() if side is None else side.needs.get(subject, anything())
        for condition, side in zip(conditions, sides, strict=True)
    ]
    sure = [condition is None or _is_all(side, subject) for condition, side in zip(conditions, sides, strict=True)]
    value_of, rows_of = read.evaluate, column_of(regions).mask
    rest = tuple(None if each else condition for each, condition in zip(sure, conditions, strict=True))

    def first(roots: Mapping[str, Any]) -> int:
        rows = rows_of(value_of(roots))
        while rows:
            number = (rows & -rows).bit_length() - 1
            condition = rest[number]
            if condition is None or condition.holds(roots):
                return number
            rows &= rows - 1
        return len(rest)

    return first


def _read_first(condition: Condition) -> str:
    """The dotted reference that the condition begins with, where it needs something of it to hold; else nothing."""
    side = truth_of(condition).true
    text = condition.source.lstrip(" (")
    found = [path for path in condition.paths if side is not None and path in side.needs and text.startswith(path)]
    return max(found, key=len, default="")


def _is_all(side: Side | None, subject: str) -> bool:
    """Whether the condition asks for nothing but the subject's value, so that the index alone decides it."""
    return side is None or (side.exact and set(side.needs) <= {subject})
