"""The extents of the variants of one rule: their regions in one space, and which of them lies inside which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casewright.layers.circumstances import Circumstance
from casewright.layers.products import Product, Space


@dataclass(frozen=True, slots=True)
class Extents:
    """The circumstances of the variants of a rule, compared once.

    `wholes[i]` is the region of `circumstances[i]`, its period a dimension among the others; `inner[i]` are the numbers
    of the variants whose region lies inside it, `i` itself and its equals among them. An empty region is inside none.
    """

    circumstances: tuple[Circumstance, ...]
    space: Space
    wholes: tuple[Product, ...]
    inner: tuple[frozenset[int], ...]

    def is_empty(self, number: int) -> bool:
        """Says whether nothing lies in the region of a variant."""
        return number not in self.inner[number]

    def is_equal(self, one: int, other: int) -> bool:
        """Says whether two variants hold for just the same facts."""
        return one in self.inner[other] and other in self.inner[one]

    def is_narrower(self, one: int, other: int) -> bool:
        """Says whether the region of `one` lies inside that of `other` and is smaller."""
        return one in self.inner[other] and other not in self.inner[one]

    def narrower(self, number: int) -> tuple[int, ...]:
        """The variants that are narrower than one."""
        return tuple(sorted(other for other in self.inner[number] if self.is_narrower(other, number)))


def extents_of(circumstances: Sequence[Circumstance], space: Space) -> Extents:
    """The extents of `circumstances` in `space`."""
    wholes = tuple(space.normal(circumstance.whole) for circumstance in circumstances)
    alive = [number for number, whole in enumerate(wholes) if not space.is_empty(whole)]
    inner = tuple(frozenset(number for number in alive if space.is_inside(wholes[number], whole)) for whole in wholes)
    return Extents(tuple(circumstances), space, wholes, inner)
