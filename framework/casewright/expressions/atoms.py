"""The atoms that unary tests are put together from: their verdicts on a value, and where each gives which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from casewright.expressions.expression import Condition, Constant, Expression
from casewright.expressions.library.operators import FAULTS, equal
from casewright.expressions.library.standard import STANDARD
from casewright.expressions.regions import Region, anything, interval, nothing, values
from casewright.expressions.types import type_of
from casewright.values import Duration

SUBJECT = "?"
"""The name of the value under test inside an expression."""

Operand = Expression | Constant
Verdict = bool | None
Sides = tuple[Region, Region]
"""Where an atom is true, and where it is false; elsewhere it is unknown."""


class Atom(Protocol):
    """A part of a test: its verdict on a value (None is unknown), and where it gives which, if it reads no roots."""

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict: ...
    def sides(self, whole: bool) -> Sides | None: ...


@dataclass(frozen=True, slots=True)
class Equals:
    """The value is the operand's; null equals null."""

    operand: Operand

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        return equal(value, self.operand.evaluate(roots))

    def sides(self, whole: bool) -> Sides | None:
        if not _is_placed(self.operand):
            return None
        inside = values(self.operand.evaluate({}), whole=whole)
        return inside, inside.complement()


@dataclass(frozen=True, slots=True)
class Compares:
    """The value is before or after the operand; unknown where either is null."""

    mark: str
    operand: Operand

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        bound = self.operand.evaluate(roots)
        if value is None or bound is None:
            return None
        overload = STANDARD[self.mark].chosen((type_of(value), type_of(bound)))
        try:
            return bool(overload.run(value, bound)) if overload else None
        except FAULTS:
            return None

    def sides(self, whole: bool) -> Sides | None:
        if not _is_placed(self.operand):
            return None
        bound, closed = self.operand.evaluate({}), self.mark.endswith("=")
        low, high = (bound, None) if self.mark.startswith(">") else (None, bound)
        inside = interval(low, high, closed, closed, whole=whole)
        return inside, inside.union(values(None)).complement()


@dataclass(frozen=True, slots=True)
class All:
    """Every part matches, as both ends of an interval do."""

    parts: tuple[Atom, ...]

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        verdicts = {part.verdict(value, roots) for part in self.parts}
        return False if False in verdicts else None if None in verdicts else True

    def sides(self, whole: bool) -> Sides | None:
        return _together([part.sides(whole) for part in self.parts])


@dataclass(frozen=True, slots=True)
class Negated:
    """No part matches: what commas and `not(...)` are made of."""

    parts: tuple[Atom, ...]

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        verdicts = {part.verdict(value, roots) for part in self.parts}
        return False if True in verdicts else None if None in verdicts else True

    def sides(self, whole: bool) -> Sides | None:
        return _together([sides and (sides[1], sides[0]) for sides in (part.sides(whole) for part in self.parts)])


def _together(parts: Sequence[Sides | None]) -> Sides | None:
    """Where all of the parts hold, and where any of them does not; None where one of them cannot say."""
    true, false = anything(), nothing()
    for sides in parts:
        if sides is None:
            return None
        true, false = true.intersect(sides[0]), false.union(sides[1])
    return true, false


@dataclass(frozen=True, slots=True)
class Holds:
    """A whole condition over the value, written `?`."""

    condition: Condition

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        return self.condition.holds(_Beside(roots, value))

    def sides(self, whole: bool) -> Sides | None:
        return None


class _Beside(dict[str, Any]):
    """The roots, and the value under test beside them; loading a root is left to the roots."""

    __slots__ = ("roots",)

    def __init__(self, roots: Mapping[str, Any], value: object) -> None:
        super().__init__({SUBJECT: value})
        self.roots = roots

    def __missing__(self, name: str) -> Any:
        return self.roots[name]


def _is_placed(operand: Operand) -> bool:
    """Whether the operand is written out and has a place in the order of all values of its type."""
    if not isinstance(operand, Constant):
        return False
    value = operand.value
    return not (isinstance(value, Duration) and (value.months or value.business_days))
