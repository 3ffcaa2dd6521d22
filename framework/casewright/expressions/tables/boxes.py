"""Boxes of values: a region for each column of a table, and the boxes that rows leave open between them.

The search goes column by column. A sweep over the ends of the regions shares out the values of a column by the rows
that take them, and the rest is searched once for each such set of rows. Where two sets leave the same open in the
columns behind, their values are taken together, so that few and large boxes come out. What is exponential in the worst
case is bounded by steps: beyond them nothing more is claimed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from casewright.expressions.regions import Cut, Region

Regions = Sequence[Region]
Box = tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A box that no row takes for certain. `unless` are the rows, as a mask, that may take some of it: only values
    show."""

    box: Box
    unless: int = 0


@dataclass(slots=True)
class Budget:
    """The steps that searches may still take."""

    left: int
    taken: int = 0

    @property
    def is_spent(self) -> bool:
        return self.left < 0

    def charge(self, steps: int) -> bool:
        """Whether that many steps may still be taken; they are counted where they may."""
        self.left -= steps
        if self.left >= 0:
            self.taken += steps
        return self.left >= 0


Opens = tuple[Open, ...]


@dataclass(slots=True)
class Search:
    """Finds what the rows of a mask leave open of a space, a region for each column.

    `regions` are those of all rows, column by column; `whole` are the rows that take all of the space in a column and
    in those behind it, with one mask more at the end. Rows of the mask `unsure` may or may not take what they touch.
    At most `limit` boxes are kept at each step on the way; `is_cut` says that there were more.
    """

    regions: Sequence[Regions]
    space: Box
    unsure: int
    budget: Budget
    limit: int
    whole: Sequence[int]
    is_cut: bool = False
    _known: dict[tuple[int, int], Opens] = field(default_factory=dict)
    _same: dict[Opens, Opens] = field(default_factory=dict)

    def opens(self, rows: int) -> Opens:
        """The boxes that these rows leave open, in the order of the first column; few where they merge."""
        return merged(self._opens(0, rows))

    def is_closed(self, rows: int) -> bool:
        """Whether the rows take all of the space for certain; false where the steps run out."""
        return not self._opens(0, rows & ~self.unsure) and not self.budget.is_spent

    def _opens(self, column: int, rows: int) -> Opens:
        if rows & self.whole[column] & ~self.unsure:
            return ()
        if not rows or column == len(self.regions):
            return self._kept((Open(self.space[column:], rows),))
        found = self._known.get((column, rows))
        if found is None:
            found = self._known[column, rows] = self._kept(tuple(self._split(column, rows)))
        return found

    def _split(self, column: int, rows: int) -> Iterator[Open]:
        shares = list(shared_out(self.regions[column], self.space[column], rows))
        if not self.budget.charge(len(shares)):
            return
        left: dict[int, tuple[Opens, list[Region]]] = {}
        for share, values in shares:
            behind = self._opens(column + 1, share)
            if self.budget.is_spent:
                return
            if behind:
                left.setdefault(id(behind), (behind, []))[1].append(values)
            if len(left) > self.limit:
                break  # each gives a box at least, so there are too many already
        kept = 0
        for behind, parts in left.values():
            values = together(parts)
            for each in behind:
                if kept == self.limit:
                    self.is_cut = True
                    return
                kept += 1
                yield Open((values, *each.box), each.unless)

    def _kept(self, opens: Opens) -> Opens:
        """The same boxes as one object, wherever they are found."""
        return self._same.setdefault(opens, opens)


def shared_out(regions: Regions, space: Region, rows: int) -> Iterator[tuple[int, Region]]:
    """The values of `space` shared out by the rows of the mask that take them: each set of rows, and its values."""
    inside = 1 << len(regions)
    turns: dict[Cut, int] = defaultdict(int)
    now = null = 0
    for bit, region in _members(regions, space, rows, inside):
        if region.below:
            now |= bit
        if region.null:
            null |= bit
        for cut in region.cuts:
            turns[cut] ^= bit
    found: dict[int, list[Cut]] = {}
    lowest = now if now & inside else -1
    begin: Cut | None = None
    for cut in sorted(turns):
        if not turns[cut]:
            continue
        if now & inside:
            _extend(found.setdefault(now, []), begin, cut)
        now ^= turns[cut]
        begin = cut
    if now & inside:
        _extend(found.setdefault(now, []), begin, None)
    if null & inside:
        found.setdefault(null, [])
    for taken, cuts in found.items():
        yield taken ^ inside, Region(taken == null, taken == lowest, tuple(cuts))


def _members(regions: Regions, space: Region, rows: int, inside: int) -> Iterator[tuple[int, Region]]:
    yield inside, space
    while rows:
        bit = rows & -rows
        yield bit, regions[bit.bit_length() - 1]
        rows ^= bit


def _extend(cuts: list[Cut], begin: Cut | None, end: Cut | None) -> None:
    """Put the stretch from `begin` to `end` behind those that `cuts` bound."""
    if begin is not None:
        if cuts and cuts[-1] == begin:
            cuts.pop()
        else:
            cuts.append(begin)
    if end is not None:
        cuts.append(end)


def together(parts: Sequence[Region]) -> Region:
    """The union of regions that share no value."""
    if len(parts) == 1:
        return parts[0]
    cuts: set[Cut] = set()
    for part in parts:
        cuts.symmetric_difference_update(part.cuts)
    return Region(any(part.null for part in parts), any(part.below for part in parts), tuple(sorted(cuts)))


def merged(opens: Iterable[Open]) -> Opens:
    """The boxes with every two put together that differ in one column only, as long as there are such."""
    left = list(opens)
    place = 0
    while place < len(left):
        for other in range(place + 1, len(left)):
            both = _joined(left[place], left[other])
            if both is not None:
                left[place] = both
                del left[other]
                place = -1
                break
        place += 1
    return tuple(left)


def _joined(one: Open, other: Open) -> Open | None:
    if one.unless != other.unless:
        return None
    differing = [c for c, (mine, theirs) in enumerate(zip(one.box, other.box, strict=True)) if mine != theirs]
    if len(differing) != 1:
        return None
    (column,) = differing
    both = one.box[column].union(other.box[column])
    return Open((*one.box[:column], both, *one.box[column + 1 :]), one.unless)


def taking_all(regions: Sequence[Regions], space: Box) -> list[int]:
    """For each column the mask of the rows that take all of the space in it and in every column behind it."""
    count = len(regions[0]) if regions else 0
    masks = [(1 << count) - 1]
    for column, whole in zip(reversed(regions), reversed(space), strict=True):
        takes: dict[int, bool] = {}
        mask = 0
        for row, region in enumerate(column):
            if id(region) not in takes:
                takes[id(region)] = region.is_anything() or whole.is_inside(region)
            mask |= takes[id(region)] << row
        masks.append(masks[-1] & mask)
    return masks[::-1]
