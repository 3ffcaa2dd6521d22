"""The atoms that unary tests are put together from: their verdicts on a value, and where each gives which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    """A part of a test: its verdict on a value (None is unknown), and where it gives which.

    `sides` are exact, None where only roots show; `bounds` hold whatever the roots are: outside, it never gives that.
    """

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict: ...
    def sides(self, whole: bool) -> Sides | None: ...
    def bounds(self, whole: bool) -> Sides: ...


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

    def bounds(self, whole: bool) -> Sides:
        known = values(None).complement() if isinstance(self.operand, Constant) else anything()
        return self.sides(whole) or (known, anything())


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

    def bounds(self, whole: bool) -> Sides:
        known = values(None).complement()
        return self.sides(whole) or (known, known)


@dataclass(frozen=True, slots=True)
class All:
    """Every part matches, as both ends of an interval do."""

    parts: tuple[Atom, ...]

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        verdicts = {part.verdict(value, roots) for part in self.parts}
        return False if False in verdicts else None if None in verdicts else True

    def sides(self, whole: bool) -> Sides | None:
        return _together([part.sides(whole) for part in self.parts])

    def bounds(self, whole: bool) -> Sides:
        return _met([part.bounds(whole) for part in self.parts])


@dataclass(frozen=True, slots=True)
class Negated:
    """No part matches: what commas and `not(...)` are made of."""

    parts: tuple[Atom, ...]

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        verdicts = {part.verdict(value, roots) for part in self.parts}
        return False if True in verdicts else None if None in verdicts else True

    def sides(self, whole: bool) -> Sides | None:
        return _together([sides and (sides[1], sides[0]) for sides in (part.sides(whole) for part in self.parts)])

    def bounds(self, whole: bool) -> Sides:
        return _met([(false, true) for true, false in (part.bounds(whole) for part in self.parts)])


def _together(parts: Sequence[Sides | None]) -> Sides | None:
    """Where all of the parts hold, and where any of them does not; None where one of them cannot say."""
    known = [sides for sides in parts if sides is not None]
    return _met(known) if len(known) == len(parts) else None


def _met(parts: Sequence[Sides]) -> Sides:
    true, false = anything(), nothing()
    for sides in parts:
        true, false = true.intersect(sides[0]), false.union(sides[1])
    return true, false


@dataclass(frozen=True, slots=True)
class Holds:
    """A whole condition over the value, written `?`. It does not hold where it is unknown.

    It holds only for values `within`, and where `is_exact` for all of them.
    """

    condition: Condition
    within: Region
    is_exact: bool

    def verdict(self, value: object, roots: Mapping[str, Any]) -> Verdict:
        return self.condition.holds(_Beside(roots, value))

    def sides(self, whole: bool) -> Sides | None:
        return (self.within, self.within.complement()) if self.is_exact else None

    def bounds(self, whole: bool) -> Sides:
        return self.within, anything()


class _Beside(dict[str, Any]):
    """The roots, and the value under test beside them; loading a root is left to the roots."""

    __slots__ = ("roots",)

    def __init__(self, roots: Mapping[str, Any], value: object) -> None:
        super().__init__({SUBJECT: value})
        self.roots = roots

    def __missing__(self, name: str) -> Any:
        return self.roots[name]


_OUTCOMES: Mapping[str, frozenset[int]] = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
    "=": frozenset({0}),
}
"""How the value may stand to the operand where an atom is true: before it, at it, or after it."""


def exclude(one: Atom, other: Atom) -> bool:
    """Whether no value passes both whatever the roots are, since they ask it to stand otherwise to the same operand."""
    return any(
        mine[0] == theirs[0] and not mine[1] & theirs[1] for mine in _standings(one) for theirs in _standings(other)
    )


def _standings(atom: Atom) -> Iterator[tuple[object, frozenset[int]]]:
    """What an atom asks for, all of it: an operand, and how the value may stand to it."""
    if isinstance(atom, All):
        for part in atom.parts:
            yield from _standings(part)
    elif isinstance(atom, (Compares, Equals)):
        operand = atom.operand
        said = ("is", operand.value) if isinstance(operand, Constant) else ("reads", operand.source.strip())
        yield said, _OUTCOMES[atom.mark if isinstance(atom, Compares) else "="]


def _is_placed(operand: Operand) -> bool:
    """Whether the operand is written out and has a place in the order of all values of its type."""
    if not isinstance(operand, Constant):
        return False
    value = operand.value
    return not (isinstance(value, Duration) and (value.months or value.business_days))
