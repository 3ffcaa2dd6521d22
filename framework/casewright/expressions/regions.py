"""Closed sets of values of one dimension: what a unary test, a table's cell or a circumstance matches.

A region is kept as *cuts*: the places of the ordered line of all values at which membership changes. A cut lies just
before (side 0) or just after (side 1) a value, so a point, an open or a closed interval, a list of texts and the
complement of any of them are one form, equal regions are equal values, and every operation is one sweep. Null lies
beside the line. Values of different types never meet: each type has a stretch of the line of its own.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from casewright.values import Duration

Cut = tuple[int, Any, int]
"""The type's stretch of the line, the value, and the side: 0 just before the value, 1 just after it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A set of values: whether null is in it, whether it holds below the first cut, and the cuts in order."""

    null: bool
    below: bool
    cuts: tuple[Cut, ...] = ()

    def contains(self, value: object) -> bool:
        """Whether `value` lies inside; None is null."""
        if value is None:
            return self.null
        stretch, key = _keyed(value)
        return self.below ^ bool(bisect_left(self.cuts, (stretch, key, 0.5)) & 1)

    def is_inside(self, other: Region) -> bool:
        """Whether every value of this region is also in `other`."""
        if self.below and not self.cuts:
            return other.below and not other.cuts and (other.null or not self.null)
        return self.minus(other).is_empty()

    def is_empty(self) -> bool:
        return not (self.null or self.below or self.cuts)

    def is_anything(self) -> bool:
        """Whether every value is inside, and null."""
        return self.null and self.below and not self.cuts

    def overlaps(self, other: Region) -> bool:
        """Whether some value lies in both."""
        return not self.intersect(other).is_empty()

    def intersect(self, other: Region) -> Region:
        """What lies in both."""
        if other.below and not other.cuts:
            return Region(False, self.below, self.cuts) if self.null and not other.null else self
        return _combined(self, other, lambda mine, theirs: mine and theirs)

    def union(self, other: Region) -> Region:
        """What lies in either."""
        return _combined(self, other, lambda mine, theirs: mine or theirs)

    def minus(self, other: Region) -> Region:
        """What lies here and not in `other`."""
        return _combined(self, other, lambda mine, theirs: mine and not theirs)

    def complement(self) -> Region:
        """All that lies outside, null included where it is not inside."""
        return Region(not self.null, not self.below, self.cuts)

    @property
    def listed(self) -> tuple[object, ...] | None:
        """The values, null last, where they are finitely many; else None."""
        if self.below or any(not _is_point(low, high) for low, high in self.segments()):
            return None
        return tuple(_value(low) for low, _ in self.segments() if low) + ((None,) if self.null else ())

    def is_listed(self, *, whole: bool = False) -> bool:
        """Whether its values can be listed one by one; `whole` as in `interval`. Long runs of integers cannot."""
        return not self.below and all(_is_single(low, high, whole) for low, high in self.segments())

    def segments(self) -> Iterator[tuple[Cut | None, Cut | None]]:
        """The maximal intervals in order, each by the cuts at its ends; None is no end."""
        edges: list[Cut | None] = [None, *self.cuts] if self.below else list(self.cuts)
        if len(edges) % 2:
            edges.append(None)
        return zip(edges[::2], edges[1::2], strict=True)

    def witness(self, any_value: object = "anything") -> Any:
        """One value inside, as plain as can be: an end that is included, else something near; None only for null.

        Raises ValueError where the region is empty. A region without any cut gives `any_value`.
        """
        if self.is_empty():
            raise ValueError("an empty region has no witness")
        segments = list(self.segments())
        for low, high in segments:
            if low and low[2] == 0 and low not in LENGTHS:
                return _value(low)
            if high and high[2] == 1:
                return _value(high)
        for low, high in segments:
            for candidate in _near(*_ends(low, high)):
                if self.contains(candidate):
                    return Duration(exact=candidate) if isinstance(candidate, timedelta) else candidate
        return None if self.null else any_value

    def __str__(self) -> str:
        """The region as a unary test would write it."""
        return self.written()

    def written(self, *, whole: bool = False) -> str:
        """The region as a unary test would write it; `whole` says that it was made of values that step."""
        if self.is_anything():
            return "-"
        if not self.below and not self.cuts:
            return "null" if self.null else "nothing"
        plain = [_written(low, high, whole) for low, high in self.segments()] + (["null"] if self.null else [])
        outside = self.complement()
        if self.below and outside.cuts and outside.is_listed(whole=whole):
            return f"not({outside.written(whole=whole)})"
        return ",".join(plain)


def anything() -> Region:
    """Every value, and null."""
    return Region(True, True)


def nothing() -> Region:
    """No value at all."""
    return Region(False, False)


def values(*listed: object, whole: bool = False) -> Region:
    """Just the given values; None is null. `whole` as in `interval`."""
    toggled: set[Cut] = set()
    for value in dict.fromkeys(value for value in listed if value is not None):
        toggled ^= set(interval(value, value, whole=whole).cuts)
    return Region(None in listed, False, tuple(sorted(toggled)))


def interval(
    low: object = None, high: object = None, low_closed: bool = True, high_closed: bool = True, *, whole: bool = False
) -> Region:
    """The values from `low` to `high`, None being no end; null is outside. `low` after `high` gives nothing.

    `whole` says that the dimension steps (integers, dates), so that `> 17` and `>= 18` become the same region. Use it
    for every region of such a dimension or for none.
    """
    start = None if low is None else _cut(low, 0 if low_closed else 1, whole)
    end = None if high is None else _cut(high, 1 if high_closed else 0, whole)
    if start and end and start >= end:
        return nothing()
    return Region(False, start is None, tuple(cut for cut in (start, end) if cut))


def _combined(mine: Region, theirs: Region, inside: Callable[[bool, bool], bool]) -> Region:
    ours, others = set(mine.cuts), set(theirs.cuts)
    here, there = mine.below, theirs.below
    below = now = inside(here, there)
    cuts: list[Cut] = []
    for cut in sorted(ours | others):
        here ^= cut in ours
        there ^= cut in others
        if inside(here, there) != now:
            now = not now
            cuts.append(cut)
    return Region(inside(mine.null, theirs.null), below, tuple(cuts))


def _cut(value: object, side: int, whole: bool) -> Cut:
    if whole and isinstance(value, Decimal):
        floor = math.floor(value)
        value, side = (floor, side) if floor == value else (floor, 1)
    following = _successor(value) if whole and side == 1 else None
    stretch, key = _keyed(value if following is None else following)
    return (stretch, key, side if following is None else 0)


def _successor(value: Any) -> object | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value + 1
    if isinstance(value, date) and not isinstance(value, datetime) and value < date.max:
        return value + timedelta(days=1)
    return None


_STRETCHES: tuple[tuple[type, int], ...] = (
    (bool, 1),
    (int, 2),
    (Decimal, 2),
    (float, 2),
    (str, 3),
    (datetime, 5),
    (date, 4),
    (time, 6),
    (timedelta, 7),
)

LENGTHS = ((7, timedelta.min, 0), (8, "", 0))
"""The cuts between which the durations lie that are of an exact length, without months or business days."""


def _keyed(value: object) -> tuple[int, Any]:
    for type_, stretch in _STRETCHES:
        if isinstance(value, type_):
            return stretch, value
    if isinstance(value, Duration) and not value.months and not value.business_days:
        return 7, value.exact
    return 9, str(value)


def _value(cut: Cut) -> object:
    return Duration(exact=cut[1]) if isinstance(cut[1], timedelta) else cut[1]


def _is_point(low: Cut | None, high: Cut | None) -> bool:
    return low is not None and high is not None and low[:2] == high[:2]


def _near(low: Cut | None, high: Cut | None) -> Iterator[object]:
    """Candidates for a value strictly between two cuts of which neither value is included; the caller checks."""
    start, end = (low[1] if low else None), (high[1] if high else None)
    known = start if start is not None else end
    if isinstance(known, str):
        yield from ("other", "another", "", f"{start or ''}a", f"{start or ''}\x00")
    step = _step(known)
    if step is None:
        return
    for value, distance in ((start, step), (end, -step)):
        if value is not None:
            yield from _moved(value, distance)
    if start is not None and end is not None and not isinstance(start, time):
        half = (end - start) / 2 if isinstance(step, timedelta) else Decimal(end - start) / 2
        yield start + half


def _ends(low: Cut | None, high: Cut | None) -> tuple[Cut | None, Cut | None]:
    """The cuts without those at the ends of all lengths of time, which are no values."""
    return (None if low in LENGTHS else low), (None if high in LENGTHS else high)


def _step(value: object) -> Any:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return 1
    if isinstance(value, (datetime, time, timedelta)):
        return timedelta(minutes=1)
    return timedelta(days=1) if isinstance(value, date) else None


def _moved(value: Any, distance: Any) -> Iterator[object]:
    try:
        if isinstance(value, time):
            yield (datetime.combine(date(2000, 1, 2), value) + distance).timetz()
        else:
            yield value + distance
    except OverflowError:
        return


def _is_single(low: Cut | None, high: Cut | None, whole: bool) -> bool:
    """Whether only one value lies between the cuts."""
    if _is_point(low, high):
        return True
    return whole and low is not None and high is not None and _successor(low[1]) == high[1] and not low[2] | high[2]


def _written(low: Cut | None, high: Cut | None, whole: bool) -> str:
    low, high = _ends(low, high)
    if low and _is_single(low, high, whole):
        return _literal(_value(low))
    if low and high:
        end, close = (_value(high), ")]"[high[2]])
        if whole and high[2] == 0 and (before := _predecessor(end)) is not None:
            end, close = before, "]"
        return f"{'[('[low[2]]}{_literal(_value(low))}..{_literal(end)}{close}"
    if low:
        return f"{'> ' if low[2] else '>= '}{_literal(_value(low))}"
    return f"{'<= ' if high[2] else '< '}{_literal(_value(high))}" if high else "not(null)"


def _predecessor(value: Any) -> object | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value - 1
    if isinstance(value, date) and not isinstance(value, datetime) and value > date.min:
        return value - timedelta(days=1)
    return None


def _literal(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
