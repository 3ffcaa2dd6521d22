"""Regions of several dimensions: one region a dimension, and what they leave of one another.

A product restricts each dimension that it names; the others are free. Everything here is exact: a remainder is cut into
products, never sampled, so an answer "covered" is a proof and an answer "not covered" carries a point that shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casewright.errors import SearchTooLong
from casewright.expressions.regions import Region, anything

Product = Mapping[str, Region]
"""A region for each dimension that is restricted."""

Point = Mapping[str, object]
"""A value for each dimension that matters."""

CUTS = 50_000
"""How many cuts the searches over one rule may take together before they give up and say so."""


class Budget:
    """The cuts that searches may still take; they share it, so that many long ones together stay bounded too."""

    __slots__ = ("left",)

    def __init__(self, cuts: int = CUTS) -> None:
        self.left = cuts

    def spend(self) -> None:
        """Takes one cut; raises SearchTooLong where none is left."""
        if self.left <= 0:
            raise SearchTooLong
        self.left -= 1


@dataclass(frozen=True, slots=True)
class Space:
    """The dimensions that products lie in: all the values that each of them can take, where that is not everything."""

    domains: Mapping[str, Region] = field(default_factory=dict)

    def domain(self, dimension: str) -> Region:
        """All the values that `dimension` can take."""
        domain = self.domains.get(dimension)
        return anything() if domain is None else domain

    def side(self, product: Product, dimension: str) -> Region:
        """The values of `dimension` that `product` allows."""
        side = product.get(dimension)
        return self.domain(dimension) if side is None else side

    def normal(self, product: Product) -> dict[str, Region]:
        """The same product inside the space, without the dimensions that it does not restrict after all."""
        sides = {name: self.domain(name).intersect(side) for name, side in product.items()}
        return {name: side for name, side in sides.items() if not self.domain(name).is_inside(side)}

    def is_empty(self, product: Product) -> bool:
        """Says whether no point lies in `product`."""
        return any(side.is_empty() for side in product.values())

    def is_inside(self, inner: Product, outer: Product) -> bool:
        """Says whether every point of the non-empty `inner` lies in `outer`."""
        return all(self.side(inner, name).is_inside(side) for name, side in outer.items())

    def intersect(self, one: Product, other: Product) -> dict[str, Region] | None:
        """The points of both; None where there are none."""
        both = dict(one)
        for name, side in other.items():
            met = side.intersect(one[name]) if name in one else side
            if met.is_empty():
                return None
            both[name] = met
        return None if self.is_empty(both) else both

    def minus(self, product: Product, other: Product) -> Iterator[dict[str, Region]]:
        """Products without a point in common that together are `product` without `other`."""
        rest = dict(product)
        for name, side in other.items():
            here = self.side(rest, name)
            outside = here.minus(side)
            if not outside.is_empty():
                yield {**rest, name: outside}
            rest[name] = here.intersect(side)
            if rest[name].is_empty():
                return

    def uncovered(self, product: Product, covers: Sequence[Product], budget: Budget) -> Product | None:
        """A part of `product` that none of `covers` has a point of; None where they cover it all.

        Raises SearchTooLong where that takes more cuts than `budget` has.
        """
        remaining = [(dict(product), 0)]
        while remaining:
            part, first = remaining.pop()
            cover = next((i for i in range(first, len(covers)) if self.intersect(part, covers[i]) is not None), None)
            if cover is None:
                return part
            budget.spend()
            remaining.extend((piece, cover + 1) for piece in self.minus(part, covers[cover]))
        return None

    def witness(self, product: Product) -> dict[str, object]:
        """A point of the non-empty `product`: a value for each dimension that it restricts."""
        return {name: side.witness() for name, side in product.items()}

    def contains(self, product: Product, point: Point) -> bool:
        """Says whether `point`, which has a value for each dimension of `product`, lies in it."""
        return all(side.contains(point[name]) for name, side in product.items())
