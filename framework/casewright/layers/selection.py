"""Which variant of a rule holds for given facts at a given time, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from casewright.errors import AmbiguousVariants, FactMissing, NothingHolds
from casewright.expressions.regions import Region
from casewright.layers.circumstances import ALWAYS, AS_OF, Circumstance, Period
from casewright.layers.extents import Extents
from casewright.layers.products import Budget, Point, Product, Space

BASE = ""
"""The name of the rule without a variant."""


class Outcome(StrEnum):
    """What became of a candidate: it wins, or the first reason why it does not."""

    WINS = "wins"
    DATE = "date"
    CONDITION = "condition"
    LESS_SPECIFIC = "less specific"
    NEEDS_FACT = "needs a fact"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A variant (`""` is the base), what became of it, and the reason in words."""

    variant: str
    outcome: Outcome
    reason: str


_Test = tuple[int, Callable[[object], bool]]
_Fast = tuple[datetime | None, datetime | None, tuple[_Test, ...]]


@dataclass(frozen=True, slots=True)
class Selector:
    """Chooses among the variants of one rule by containment of their regions.

    `variants` stand in rank order, the narrower before the wider. `outer[i]` are the numbers of the variants whose
    region holds that of `variants[i]` and more, as bits. `base` is the period in which the base itself holds.
    """

    rule: str
    variants: tuple[Circumstance, ...]
    outer: tuple[int, ...]
    base: Period = ALWAYS
    needs: tuple[str, ...] = field(init=False)
    _fast: tuple[_Fast, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        needs = tuple(sorted({name for variant in self.variants for name in variant.product}))
        object.__setattr__(self, "needs", needs)
        object.__setattr__(self, "_fast", tuple(_fast(variant, needs) for variant in self.variants))

    def choose(self, facts: Mapping[str, object], as_of: datetime) -> str:
        """The name of the variant that holds (`""` is the base) for `facts`, a value a dimension, at the aware `as_of`.

        Raises FactMissing where a dimension that a variant names is not in `facts`, AmbiguousVariants where two
        variants match and neither is the narrower (which loading refuses, so a fact lies outside the declared
        options), and NothingHolds where no variant matches at a time outside the base's period.
        """
        try:
            values = [facts[name] for name in self.needs]
        except KeyError as missing:
            raise self._missing(str(missing.args[0])) from None
        try:
            matched = self._matched(values, as_of)
        except TypeError:  # a fact that cannot be hashed is no listed value
            matched = self._matched_exactly(values, as_of)
        if not matched:
            return self._base(as_of)
        first = (matched & -matched).bit_length() - 1
        if matched & ~self.outer[first] & ~(1 << first):
            raise AmbiguousVariants(self.rule, tuple(self._names(matched)))
        return self.variants[first].name

    def candidates(self, facts: Mapping[str, object], as_of: datetime) -> tuple[Candidate, ...]:
        """Every variant and the base in rank order, each with what became of it.

        A fact that is missing is said in the outcome of the variants that name it; then no candidate wins.
        """
        missing = frozenset(name for name in self.needs if name not in facts)
        matched = 0 if missing else self._matched_exactly([facts[name] for name in self.needs], as_of)
        variants = [self._judge(number, facts, as_of, matched, missing) for number in range(len(self.variants))]
        return (*variants, self._judge_base(as_of, matched, missing))

    def _matched(self, values: Sequence[object], as_of: datetime) -> int:
        matched, bit = 0, 1
        for since, until, tests in self._fast:
            if (since is None or since <= as_of) and (until is None or as_of < until):
                for position, holds in tests:
                    if not holds(values[position]):
                        break
                else:
                    matched |= bit
            bit <<= 1
        return matched

    def _matched_exactly(self, values: Sequence[object], as_of: datetime) -> int:
        facts = dict(zip(self.needs, values, strict=True))
        return sum(1 << number for number, variant in enumerate(self.variants) if _matches(variant, facts, as_of))

    def _base(self, as_of: datetime) -> str:
        if self.base is not ALWAYS and not self.base.contains(as_of):
            raise NothingHolds(self.rule, as_of, str(self.base))
        return BASE

    def _missing(self, dimension: str) -> FactMissing:
        variant = next(variant for variant in self.variants if dimension in variant.product)
        return FactMissing(self.rule, variant.name, dimension)

    def _names(self, matched: int) -> list[str]:
        return [variant.name for number, variant in enumerate(self.variants) if matched >> number & 1]

    def _judge(
        self, number: int, facts: Mapping[str, object], as_of: datetime, matched: int, missing: frozenset[str]
    ) -> Candidate:
        variant = self.variants[number]
        if not variant.effective.contains(as_of):
            return Candidate(variant.name, Outcome.DATE, _not_in_force(variant.effective, as_of))
        for name, side in variant.product.items():
            if name not in missing and not side.contains(facts[name]):
                return Candidate(variant.name, Outcome.CONDITION, _unequal(name, variant.written, facts[name]))
        if absent := [name for name in variant.product if name in missing]:
            return Candidate(variant.name, Outcome.NEEDS_FACT, f"the fact '{absent[0]}' is not given")
        return self._rank(number, matched, missing)

    def _rank(self, number: int, matched: int, missing: frozenset[str]) -> Candidate:
        name = self.variants[number].name
        if missing:
            return Candidate(name, Outcome.NEEDS_FACT, f"matches, but the fact '{min(missing)}' is not given")
        if narrower := self._names(matched & self._inner(number)):
            return Candidate(name, Outcome.LESS_SPECIFIC, f"less specific than '{narrower[0]}'")
        if others := self._names(matched & ~self.outer[number] & ~(1 << number)):
            return Candidate(name, Outcome.AMBIGUOUS, f"'{others[0]}' matches too, and neither is the narrower")
        return Candidate(name, Outcome.WINS, "wins: " + _matching(self.variants[number]))

    def _inner(self, number: int) -> int:
        """The variants whose region lies inside that of `number` and is smaller, as bits."""
        return sum(1 << other for other, outer in enumerate(self.outer) if outer >> number & 1)

    def _judge_base(self, as_of: datetime, matched: int, missing: frozenset[str]) -> Candidate:
        if missing:
            return Candidate(BASE, Outcome.NEEDS_FACT, f"the fact '{min(missing)}' is not given")
        if matched:
            return Candidate(BASE, Outcome.LESS_SPECIFIC, f"less specific than '{self._names(matched)[0]}'")
        if not self.base.contains(as_of):
            return Candidate(BASE, Outcome.DATE, _not_in_force(self.base, as_of))
        return Candidate(
            BASE, Outcome.WINS, "wins: no variant matches" if self.variants else "wins: it has no variants"
        )


def _matches(variant: Circumstance, facts: Mapping[str, object], as_of: datetime) -> bool:
    return variant.effective.contains(as_of) and all(
        side.contains(facts[name]) for name, side in variant.product.items()
    )


def _fast(variant: Circumstance, needs: tuple[str, ...]) -> _Fast:
    tests = tuple((needs.index(name), _test(side)) for name, side in variant.product.items())
    return variant.effective.since, variant.effective.until, tests


def _test(side: Region) -> Callable[[object], bool]:
    """Whether a value lies in `side`, by one look into a set where it lists texts."""
    listed = side.listed
    if listed is not None and all(value is None or isinstance(value, str) for value in listed):
        return frozenset(listed).__contains__
    return side.contains


def _not_in_force(period: Period, as_of: datetime) -> str:
    return f"effective {period}, and it is {as_of.isoformat(timespec='minutes')}"


def _unequal(name: str, written: Mapping[str, str], fact: object) -> str:
    shown = "null" if fact is None else str(fact)
    return f"condition {name}: {written.get(name, '')} != {shown}"


def _matching(variant: Circumstance) -> str:
    parts = [f"{name}: {variant.written.get(name, '')}" for name in variant.product]
    if variant.effective != ALWAYS:
        parts.append(f"effective {variant.effective}")
    return ", ".join(parts)


def selector_of(rule: str, extents: Extents, base: Period = ALWAYS) -> Selector:
    """The selector among the variants of a rule, ranked by the containment of their regions."""
    count = range(len(extents.circumstances))
    outer = [[other for other in count if extents.is_narrower(number, other)] for number in count]
    order = sorted(count, key=lambda number: (-len(outer[number]), extents.circumstances[number].name))
    place = {number: rank for rank, number in enumerate(order)}
    bits = tuple(sum(1 << place[other] for other in outer[number]) for number in order)
    return Selector(rule, tuple(extents.circumstances[number] for number in order), bits, base)


def invert(selector: Selector, variant: str, space: Space) -> Point | None:
    """Facts, and where it matters `as_of`, for which `variant` (`""` is the base) wins; None where it never can.

    Every dimension that the selector needs is in the answer. Raises SearchTooLong where it takes too many cuts.
    """
    wholes: dict[str, Product] = {found.name: space.normal(found.whole) for found in selector.variants}
    if variant == BASE:
        region: Product = space.normal({} if selector.base == ALWAYS else {AS_OF: selector.base.region})
        rivals: list[Product] = list(wholes.values())
    else:
        number = [found.name for found in selector.variants].index(variant)
        region, rivals = wholes[variant], _rivals(selector, number, wholes)
    part = None if space.is_empty(region) else space.uncovered(region, rivals, Budget())
    if part is None:
        return None
    point = space.witness(part)
    return {**{name: None for name in selector.needs if name not in point}, **point}


def _rivals(selector: Selector, number: int, wholes: Mapping[str, Product]) -> list[Product]:
    return [
        wholes[found.name]
        for other, found in enumerate(selector.variants)
        if other != number and not selector.outer[number] >> other & 1
    ]
