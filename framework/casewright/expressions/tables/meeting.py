"""Which rows meet which: rows that share values with one another, and rows that together take all that one takes."""

from __future__ import annotations

from collections.abc import Sequence

from casewright.expressions.regions import Region
from casewright.expressions.tables.boxes import Box, Budget, Search
from casewright.expressions.tables.strips import strips_of

FEWEST = 2_000
"""Steps that leaving out needless rows may take: what is proved stays proved without it."""


class Meeting:
    """Which rows meet which: for each row those before it that share some value, and those that take all of its."""

    def __init__(self, regions: Sequence[Sequence[Region]], space: Box) -> None:
        self.regions = regions
        self.boxes = [_clipped(column, whole) for column, whole in zip(regions, space, strict=True)]
        self.strips = [strips_of(column) for column in regions]
        self.order = sorted(range(len(space)), key=lambda column: -len(self.strips[column].cuts))
        self._touching: list[dict[int, int]] = [{} for _ in space]

    def before(self, row: int) -> int:
        """The rows before it that share some value with it in every column."""
        mask = (1 << row) - 1
        for column in self.order:
            if not mask:
                break
            box = self.boxes[column][row]
            known = self._touching[column]
            if id(box) not in known:
                known[id(box)] = self.strips[column].touching(box)
            mask &= known[id(box)]
        return mask

    def covering(self, row: int) -> list[int]:
        """For each column the rows that take all that the row does in it and in those behind it; one mask more."""
        masks = [self.strips[0].everything]
        for strips, boxes in zip(reversed(self.strips), reversed(self.boxes), strict=True):
            masks.append(masks[-1] & strips.covering(boxes[row]))
        return masks[::-1]

    def takers(self, row: int, before: int, budget: Budget) -> int:
        """Rows of the mask that together take all that the row takes, few of them; 0 where they do not."""
        masks = self.covering(row)
        alone = before & masks[0]
        if alone:
            return alone & -alone
        if not before & (before - 1) or budget.is_spent:
            return 0
        space = tuple(boxes[row] for boxes in self.boxes)
        if not Search(self.regions, space, 0, budget, 1, masks).is_closed(before):
            return 0
        return _fewest(Search(self.regions, space, 0, Budget(FEWEST), 1, masks), before)


def _clipped(column: Sequence[Region], space: Region) -> list[Region]:
    """The regions without the values that the column cannot have; the same object for the same region."""
    if space.is_anything():
        return list(column)
    known: dict[int, Region] = {}
    for region in column:
        if id(region) not in known:
            known[id(region)] = space if region.is_anything() else region.intersect(space)
    return [known[id(region)] for region in column]


def _fewest(search: Search, rows: int) -> int:
    """Rows of the mask that still take the whole space when none more can be left out."""
    left = rows
    while left:
        bit = left & -left
        left ^= bit
        if rows ^ bit and search.is_closed(rows ^ bit):
            rows ^= bit
    return rows
