"""An index over one column of a table: from a value to the set of rows whose cell matches it, as a bit mask.

Row `i` is bit `i`. A cell that reads roots counts as matching here and is evaluated later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from casewright.expressions.regions import Cut, Region, anything


@dataclass(frozen=True, slots=True)
class Listed:
    """A column of single values: one dictionary look-up. `other` is the mask of every value not named."""

    masks: dict[Any, int]
    other: int

    def mask(self, value: Any) -> int:
        try:
            return self.masks.get(value, self.other)
        except TypeError:
            return self.other


@dataclass(frozen=True, slots=True)
class Banded:
    """A column with intervals: two binary searches. Bands lie between and on the points, in order.

    A value of another type than the points passes only the cells that everything passes.
    """

    points: list[Any]
    bands: list[int]
    null: int

    def mask(self, value: Any) -> int:
        if value is None:
            return self.null
        try:
            return self.bands[bisect_left(self.points, value) + bisect_right(self.points, value)]
        except TypeError:
            return reduce(and_, self.bands)


Column = Listed | Banded


@dataclass(frozen=True, slots=True)
class Index:
    """The columns of a table. `rows(values)` gives the mask of the rows that match a value for each column."""

    columns: tuple[Column, ...]
    everything: int

    def rows(self, values: Sequence[Any]) -> int:
        """The rows whose cells match these values."""
        mask = self.everything
        for column, value in zip(self.columns, values, strict=True):
            mask &= column.mask(value)
            if not mask:
                return 0
        return mask


@dataclass(frozen=True, slots=True)
class Parted:
    """The index of a long table, in parts of PART rows, so that its masks stay short: a mask for each of n points of n
    rows takes n * n bits."""

    parts: tuple[Index, ...]

    def rows(self, values: Sequence[Any]) -> int:
        """The rows whose cells match these values."""
        mask = 0
        for number, part in enumerate(self.parts):
            found = part.rows(values)
            if found:
                mask |= found << number * PART
        return mask


PART = 2_048
"""Rows of each part of a long table's index."""

LONG = 5_000
"""Rows beyond which a table's index is parted."""


def index_of(columns: Sequence[Sequence[Region | None]], rows: int) -> Index | Parted:
    """The index over the regions of the cells, column by column."""
    if rows <= LONG:
        return _index(columns, rows)
    begins = range(0, rows, PART)
    return Parted(
        tuple(_index([column[begin : begin + PART] for column in columns], min(PART, rows - begin)) for begin in begins)
    )


def _index(columns: Sequence[Sequence[Region | None]], rows: int) -> Index:
    return Index(tuple(column_of(regions) for regions in columns), (1 << rows) - 1)


Find = Callable[[Any], tuple[int, tuple[Any, ...]]]
"""From roots to the mask of the rows that match, and the value of each input."""


def finder(readers: Sequence[Callable[[Any], Any]], index: Index | Parted) -> Find:
    """What reads the inputs from roots and looks them up, written out for these columns as one expression.

    A value that a column cannot take, as a list is for texts, is looked up by the index itself.
    """
    if isinstance(index, Parted) or not readers:
        return _plain(readers, index)
    names = [f"v{place}" for place in range(len(readers))]
    reads = [f"    {name} = read{place}(roots)" for place, name in enumerate(names)]
    masks = [_written(column, place) for place, column in enumerate(index.columns)]
    values = f"({', '.join(names)},)"
    lines = ["def find(roots):", *reads, "    try:", f"        return {' & '.join(masks)}, {values}"]
    lines += ["    except TypeError:", f"        return rows({values}), {values}"]
    known: dict[str, Any] = {"rows": index.rows, "left": bisect_left, "right": bisect_right, "__builtins__": {}}
    known["TypeError"] = TypeError
    for place, (read, column) in enumerate(zip(readers, index.columns, strict=True)):
        known |= {f"read{place}": read, **_parts(column, place)}
    exec("\n".join(lines), known)
    find: Find = known["find"]
    return find


def _plain(readers: Sequence[Callable[[Any], Any]], index: Index | Parted) -> Find:
    def find(roots: Any) -> tuple[int, tuple[Any, ...]]:
        values = tuple([read(roots) for read in readers])
        return index.rows(values), values

    return find


def _written(column: Column, place: int) -> str:
    """The expression that gives the mask for the value of a column."""
    if isinstance(column, Listed):
        return f"get{place}(v{place}, other{place})"
    bands = f"bands{place}[left(points{place}, v{place}) + right(points{place}, v{place})]"
    return f"(null{place} if v{place} is None else {bands})"


def _parts(column: Column, place: int) -> dict[str, Any]:
    if isinstance(column, Listed):
        return {f"get{place}": column.masks.get, f"other{place}": column.other}
    return {f"bands{place}": column.bands, f"points{place}": column.points, f"null{place}": column.null}


def column_of(regions: Sequence[Region | None]) -> Column:
    """The index over the cells of a column, whose regions these are; None is a cell that reads roots."""
    whole = anything()
    known = [region or whole for region in regions]
    lists: dict[int, _List] = {}
    for region in known:
        if id(region) not in lists:
            listed = _list_of(region)
            if listed is None:
                return _banded(known)
            lists[id(region)] = listed
    return _listed([lists[id(region)] for region in known])


_List = tuple[tuple[object, ...], bool]
"""Values, and whether they are those that a cell leaves out rather than those that it takes."""


def _list_of(region: Region) -> _List | None:
    """The region as a list of values; None where it takes an order to say it."""
    inside = region.listed
    if inside is not None:
        return inside, False
    outside = region.complement().listed
    return None if outside is None else (outside, True)


def _listed(rows: Sequence[_List]) -> Listed:
    masks: dict[Any, int] = {}
    other = sum(negated << row for row, (_, negated) in enumerate(rows))
    for listed, _ in rows:
        masks.update(dict.fromkeys(listed, other))
    for row, (listed, negated) in enumerate(rows):
        for value in listed:
            masks[value] = masks[value] & ~(1 << row) if negated else masks[value] | (1 << row)
    return Listed(masks, other)


def _banded(regions: Sequence[Region]) -> Banded:
    points = sorted({cut[1] for region in regions for cut in region.cuts})
    place = {point: index for index, point in enumerate(points)}
    changes = [0] * (2 * len(points) + 2)
    null = 0
    for row, region in enumerate(regions):
        null |= region.null << row
        changes[0] ^= region.below << row
        for cut in region.cuts:
            changes[_band(cut, place)] ^= 1 << row
    bands: list[int] = []
    mask = 0
    for change in changes[:-1]:
        mask ^= change
        bands.append(mask)
    return Banded(points, bands, null)


def _band(cut: Cut, place: dict[Any, int]) -> int:
    return 2 * place[cut[1]] + 1 + cut[2]
