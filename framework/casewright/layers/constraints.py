"""Constraints of locks: comparisons that a typed value must keep within, and whether two of them leave room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from casewright.layers.scalars import NotOfType, core, scalar
from casewright.layers.shapes import Shape
from casewright.source import Formula, Node, SourceFile
from casewright.values import Duration

_COMPARISON = re.compile(r"(<=|>=|==|!=|<|>)\s*(.+)")
_RANGE = re.compile(r"([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])")


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison: the operator and the value to compare with."""

    operator: str
    value: Any

    def holds(self, value: Any) -> bool:
        """Whether `value` keeps the bound; values that cannot be compared do not."""
        try:
            return bool(_OPERATORS[self.operator](_ordered(value), _ordered(self.value)))
        except TypeError:
            return False


@dataclass(frozen=True, slots=True)
class Constraint:
    """A test such as `<= 2d`, `[1..10]`, `"a", "b"`: a value holds where one alternative's bounds all hold."""

    text: str
    alternatives: tuple[tuple[Bound, ...], ...]

    def holds(self, value: Any) -> bool:
        return any(all(bound.holds(value) for bound in bounds) for bounds in self.alternatives)


def parse(text: str, shape: Shape) -> Constraint:
    """The constraint that `text` says for values of `shape`; raises NotOfType where it says none."""
    return Constraint(text, tuple(_alternative(part.strip(), shape.type) for part in _parts(text) or [""]))


def contradict(one: Constraint, other: Constraint) -> bool:
    """Whether no value can keep both: no point that either names, and none beside or between them, does."""
    points = [bound.value for each in (one, other) for bounds in each.alternatives for bound in bounds]
    return bool(points) and not any(one.holds(value) and other.holds(value) for value in _samples(points))


def fails(value: Any, constraint: Constraint) -> bool:
    """Whether a typed value breaks the constraint; formulas and null are judged when they run."""
    return value is not None and not isinstance(value, Formula) and not constraint.holds(value)


def _parts(text: str) -> list[str]:
    """The alternatives between commas that stand outside quotes and brackets."""
    return re.findall(r'(?:"[^"]*"|[\[(][^\])]*[\])]|[^,"])+', text)


def _alternative(text: str, type_: str) -> tuple[Bound, ...]:
    if match := _RANGE.fullmatch(text):
        opening, low, high, closing = match.groups()
        lower = Bound(">=" if opening == "[" else ">", _value(low, type_))
        return lower, Bound("<=" if closing == "]" else "<", _value(high, type_))
    if match := _COMPARISON.fullmatch(text):
        return (Bound(match[1], _value(match[2], type_)),)
    return (Bound("==", _value(text, type_)),)


def _value(text: str, type_: str) -> Any:
    text = text.strip()
    if text[:1] == '"' and text[-1:] == '"':
        text = text[1:-1]
    if not text:
        raise NotOfType('a constraint is a test such as "<= 2d", [1..10] or a, b')
    if type_ == "any":
        return core(Node(text, _NOWHERE))
    return scalar(text, type_)


def _ordered(value: Any) -> Any:
    """The value as Python can compare it: durations by their usual length, whole numbers and decimals alike."""
    if isinstance(value, Duration):
        return value.exact + timedelta(days=30 * value.months + value.business_days)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _samples(points: list[Any]) -> list[Any]:
    """The points, and for numbers and lengths of time those beside and between them."""
    ordered = [_ordered(point) for point in points]
    step: Any = timedelta(milliseconds=1) if isinstance(ordered[0], timedelta) else Decimal("0.000001")
    if not all(isinstance(point, (timedelta, Decimal)) for point in ordered):
        return [*points, object()]
    between = [(a + b) / 2 for a in ordered for b in ordered]
    return [
        Duration(exact=s) if isinstance(s, timedelta) else s
        for p in (*ordered, *between)
        for s in (p - step, p, p + step)
    ]


_NOWHERE = SourceFile("")
_OPERATORS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip
