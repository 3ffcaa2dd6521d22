"""Conditions that are tried one after the other: which of them can never be reached, and what stands before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from casewright.expressions.expression import Condition
from casewright.expressions.regions import Region
from casewright.expressions.reviewing.truths import ALWAYS, Side, Truth, Truths


@dataclass(frozen=True, slots=True)
class Unreached:
    """A condition that those before it leave nothing to, by number; `taken_by` are the numbers of those, in order.

    Where `taken_by` is empty, the condition given around all of them excludes it.
    """

    place: int
    taken_by: tuple[int, ...]


def unreached(
    conditions: Iterable[Condition | None], given: Condition | None = None, *, passing: Collection[int] = ()
) -> Iterator[Unreached]:
    """The conditions that never come to hold when the first that holds is taken; None is one that always holds.

    `given` is a condition that holds around all of them; `passing` are the places of those that may hold and still let
    the next ones have their turn. A condition that is never true in itself is not among them:
    that is said where it stands. What is left out may still be unreachable: only what is proved is given.
    """
    beyond = _true_side(given) if given is not None else ALWAYS
    before: list[Side | None] = []
    for place, condition in enumerate(conditions):
        side = ALWAYS if condition is None else _true_side(condition)
        if side is not None and beyond is not None:
            wanted = _both(side, beyond)
            takers = _takers(wanted, before)
            if takers or wanted is None:
                yield Unreached(place, takers)
        before.append(None if place in passing else side)


def _true_side(condition: Condition) -> Side | None:
    return truth_of(condition).true


def truth_of(condition: Condition) -> Truth:
    """The sides of a whole condition."""
    checked = condition.checked
    return Truths(checked, {}).of(checked.syntax)


def _both(side: Side, other: Side) -> Side | None:
    needs = dict(side.needs)
    for subject, region in other.needs.items():
        needs[subject] = needs[subject].intersect(region) if subject in needs else region
    return None if any(region.is_empty() for region in needs.values()) else Side(needs, side.exact and other.exact)


def _takers(side: Side | None, before: Sequence[Side | None]) -> tuple[int, ...]:
    """The places of the one condition that takes all of a side, or of those that do so together."""
    if side is None:
        return ()
    for place, other in enumerate(before):
        if other is not None and side.implies(other):
            return (place,)
    for subject, region in side.needs.items():
        if takers := _together(subject, region, before):
            return takers
    return ()


def _together(subject: str, wanted: Region, before: Sequence[Side | None]) -> tuple[int, ...]:
    """The places of the conditions on this one subject that between them take every value wanted."""
    takers = []
    for place, other in enumerate(before):
        if other is None or not other.exact or list(other.needs) != [subject]:
            continue
        if wanted.overlaps(other.needs[subject]):
            takers.append(place)
            wanted = wanted.minus(other.needs[subject])
            if wanted.is_empty():
                return tuple(takers)
    return ()
