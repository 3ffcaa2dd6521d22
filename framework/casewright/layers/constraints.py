"""Constraints of locks: comparisons that a typed value must keep within, and whether two of them leave room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import inf
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

    def holds(self, value: Any) -> bool | None:
        """Whether `value` keeps the bound; None where that depends on the calendar. Values of other types do not."""
        if isinstance(value, Duration) and isinstance(self.value, Duration):
            return _duration_holds(self.operator, value, self.value)
        try:
            return bool(_OPERATORS[self.operator](_ordered(value), _ordered(self.value)))
        except TypeError:
            return False


@dataclass(frozen=True, slots=True)
class Constraint:
    """A test such as `<= 2d`, `[1..10]`, `"a", "b"`: a value holds where one alternative's bounds all hold."""

    text: str
    alternatives: tuple[tuple[Bound, ...], ...]

    def holds(self, value: Any) -> bool | None:
        """Whether `value` keeps the constraint; None where that cannot be told."""
        return _any([_all([bound.holds(value) for bound in bounds]) for bounds in self.alternatives])


def parse(text: str, shape: Shape) -> Constraint:
    """The constraint that `text` says for values of `shape`; raises NotOfType where it says none."""
    return Constraint(text, tuple(_alternative(part.strip(), shape.type) for part in _parts(text) or [""]))


def contradict(one: Constraint, other: Constraint) -> bool:
    """Whether no value can keep both: no point that either names, and none beside or between them, does."""
    points = [bound.value for each in (one, other) for bounds in each.alternatives for bound in bounds]
    return bool(points) and all(_all([one.holds(value), other.holds(value)]) is False for value in _samples(points))


def keeps(value: Any, constraint: Constraint) -> bool | None:
    """Whether a typed value keeps the constraint; None where that cannot be told, as of `3bd` and `4d`.

    Formulas and null are judged when they run.
    """
    return True if value is None or isinstance(value, Formula) else constraint.holds(value)


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def _all(found: list[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


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
    """The value as Python can compare it: whole numbers and decimals alike."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _duration_holds(operator: str, one: Duration, other: Duration) -> bool | None:
    """Whether two lengths of time compare so, whatever the calendar says; None where it decides."""
    least, most = _difference(one, other)
    if operator in ("==", "!="):
        equal = True if least == most == 0 else None if least <= 0 <= most else False
        return equal if operator == "==" or equal is None else not equal
    found = {_OPERATORS[operator](least, 0), _OPERATORS[operator](most, 0)}
    return found.pop() if len(found) == 1 else None


def _difference(one: Duration, other: Duration) -> tuple[float, float]:
    """The least and the most seconds that `one` can be longer than `other`.

    A month has 28 to 31 days. How long a business day is, the calendar says: it may be any length from a second on.
    """
    months, days = one.months - other.months, one.business_days - other.business_days
    exact = (one.exact - other.exact).total_seconds()
    least = exact + _DAY * months * (_SHORTEST if months > 0 else _LONGEST) - (inf if days < 0 else -days)
    most = exact + _DAY * months * (_LONGEST if months > 0 else _SHORTEST) + (inf if days > 0 else days)
    return least, most


def _samples(points: list[Any]) -> list[Any]:
    """The points, and for numbers and lengths of time those beside and between them."""
    if all(isinstance(point, Duration) for point in points):
        return [length for one in points for other in points for length in _lengths(one, other)]
    ordered = [_ordered(point) for point in points]
    if not all(isinstance(point, Decimal) for point in ordered):
        return [*points, object()]
    between = [(a + b) / 2 for a in ordered for b in ordered]
    return [s for p in (*ordered, *between) for s in (p - _STEP, p, p + _STEP)]


def _lengths(one: Duration, other: Duration) -> Iterator[Duration]:
    """The length in the middle of two, and those a little shorter and longer."""
    months, days = (one.months + other.months) // 2, (one.business_days + other.business_days) // 2
    exact = (one.exact + other.exact) / 2
    for step in (-_INSTANT, timedelta(), _INSTANT):
        yield Duration(months, days, exact + step)


_DAY, _SHORTEST, _LONGEST = 86_400, 28, 31
_INSTANT, _STEP = timedelta(milliseconds=1), Decimal("0.000001")
_NOWHERE = SourceFile("")
_OPERATORS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip
