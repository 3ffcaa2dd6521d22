"""A column of a table cut into strips, between which the rows that match do not change: who touches a region, who
covers it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from casewright.expressions.regions import Cut, Region

_BLOCK = 64
"""How many strips are put together beforehand, so that a wide region asks for few masks."""


@dataclass(frozen=True, slots=True)
class Strips:
    """The cuts of a column in order, the mask of the rows in each strip between them, and that of null."""

    cuts: list[Cut]
    rows: list[int]
    null: int
    some: list[int]
    all: list[int]
    everything: int

    def touching(self, region: Region) -> int:
        """The rows that match some value of the region."""
        found = self.null if region.null else 0
        for begin, end in self._spans(region):
            found |= reduce(or_, self._parts(begin, end, self.some), 0)
        return found

    def covering(self, region: Region) -> int:
        """The rows that match every value of the region."""
        found = self.null if region.null else self.everything
        for begin, end in self._spans(region):
            found = reduce(and_, self._parts(begin, end, self.all), found)
        return found

    def _spans(self, region: Region) -> Iterable[tuple[int, int]]:
        for low, high in region.segments():
            begin = bisect_left(self.cuts, low) + _stands(self.cuts, low) if low else 0
            yield begin, bisect_left(self.cuts, high) + 1 if high else len(self.rows)

    def _parts(self, begin: int, end: int, blocks: list[int]) -> Iterable[int]:
        """The masks of the strips from `begin` to before `end`, blocks of them as one."""
        first, last = -(-begin // _BLOCK), end // _BLOCK
        if last - first < 2:
            return self.rows[begin:end]
        return (*self.rows[begin : first * _BLOCK], *blocks[first:last], *self.rows[last * _BLOCK : end])


def strips_of(regions: Sequence[Region]) -> Strips:
    """The strips of a column with these cells, row by row."""
    turns: dict[Cut, int] = defaultdict(int)
    mask = null = 0
    for row, region in enumerate(regions):
        bit = 1 << row
        mask |= bit if region.below else 0
        null |= bit if region.null else 0
        for cut in region.cuts:
            turns[cut] ^= bit
    cuts = sorted(turns)
    rows = [mask]
    for cut in cuts:
        mask ^= turns[cut]
        rows.append(mask)
    blocks = [rows[begin : begin + _BLOCK] for begin in range(0, len(rows), _BLOCK)]
    some, every = [reduce(or_, block) for block in blocks], [reduce(and_, block) for block in blocks]
    return Strips(cuts, rows, null, some, every, (1 << len(regions)) - 1)


def _stands(cuts: list[Cut], cut: Cut) -> bool:
    """Whether the cut is one of those of the column: then the strip behind it begins there."""
    place = bisect_left(cuts, cut)
    return place < len(cuts) and cuts[place] == cut
