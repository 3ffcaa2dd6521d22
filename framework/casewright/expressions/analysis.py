"""What can be said of a table before it runs: rows that overlap, and rows that can never win."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from casewright.expressions.lookup import Column
from casewright.expressions.regions import Region, anything

STEP_LIMIT = 200_000
"""Steps that a search for rows that can never win may take; beyond them nothing more is claimed."""

Regions = Sequence[Region | None]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table for analysis: for each column its domain, each row's region, and the rows of each class of its values.

    Values of a class are matched by the same rows, whose mask stands for it.
    """

    columns: tuple[Column, ...]
    domains: tuple[Region, ...]
    regions: tuple[Regions, ...]
    classes: tuple[frozenset[int], ...]
    rows: int

    def region(self, column: int, row: int) -> Region:
        return self.regions[column][row] or anything()

    def witness(self, one: int, other: int) -> tuple[object, ...]:
        """A value for each column that both rows match."""
        shared = range(len(self.domains))
        return tuple(
            self.region(c, one).intersect(self.region(c, other)).intersect(self.domains[c]).witness() for c in shared
        )


def grid_of(columns: Sequence[Column], regions: Sequence[Regions], domains: Sequence[Region]) -> Grid:
    """The grid of a table's columns; values outside a column's domain are left out."""
    classes = [_classes(column, domain) for column, domain in zip(columns, domains, strict=True)]
    return Grid(tuple(columns), tuple(domains), tuple(regions), tuple(classes), len(regions[0]) if regions else 0)


def _classes(column: Column, domain: Region) -> frozenset[int]:
    if domain.is_anything():
        return frozenset(column.every_mask())
    return frozenset(mask for region, mask in column.classes() if region.overlaps(domain))


def overlapping(grid: Grid) -> Iterator[tuple[int, int]]:
    """Pairs of rows that some values match both, the earlier row first; each later row is named once."""
    sharing = _sharing(grid)
    for row in range(grid.rows):
        shared = _neighbours(sharing, row)
        if shared:
            yield (shared & -shared).bit_length() - 1, row


def hidden(grid: Grid, opaque: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Rows that can never be the first to match, each with the rows above that take all it matches.

    Rows in the mask `opaque` hide nothing, since what they match is known only at run time.
    """
    steps = [STEP_LIMIT]
    sharing = _sharing(grid)
    for row in range(grid.rows):
        above = _neighbours(sharing, row) & ~opaque
        if above and _is_covered(grid, row, above, steps):
            yield row, _fewest(grid, row, above, steps)


def _fewest(grid: Grid, row: int, above: int, steps: list[int]) -> tuple[int, ...]:
    """Rows of `above` that still cover the row when none more can be left out."""
    members = [other for other in range(row) if above >> other & 1]
    for other in members:
        fewer = above & ~(1 << other)
        if fewer and _is_covered(grid, row, fewer, steps):
            above = fewer
    return tuple(other for other in members if above >> other & 1)


def _is_covered(grid: Grid, row: int, above: int, steps: list[int]) -> bool:
    """Whether the rows `above` together match everything that the row matches; false where steps run out."""
    known: dict[tuple[int, int], bool] = {}

    def covered(column: int, mask: int) -> bool:
        if not mask or column == len(grid.classes):
            return bool(mask)
        if (column, mask) not in known:
            active = {mask & rows for rows in grid.classes[column] if rows >> row & 1}
            steps[0] -= len(active)
            known[column, mask] = steps[0] >= 0 and all(covered(column + 1, rest) for rest in sorted(active))
        return known[column, mask]

    return covered(0, above)


def _sharing(grid: Grid) -> list[list[int]]:
    """For each column and row the mask of the rows that share some value with it there; cells repeat one another."""
    return [
        _each_once(column.sharing, regions, (1 << grid.rows) - 1)
        for column, regions in zip(grid.columns, grid.regions, strict=True)
    ]


def _each_once(sharing: Callable[[Region], int], regions: Regions, everything: int) -> list[int]:
    known: dict[int, int] = {}
    for region in regions:
        if id(region) not in known:
            known[id(region)] = everything if region is None or region.is_anything() else sharing(region)
    return [known[id(region)] for region in regions]


def _neighbours(sharing: list[list[int]], row: int) -> int:
    """The mask of the rows above that share some value with the row in every column."""
    mask = (1 << row) - 1
    for column in sharing:
        mask &= column[row]
    return mask
