"""What can be said of a table before it runs: what no row takes, which rows meet, which can never win, which repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casewright.expressions.atoms import exclude
from casewright.expressions.explainer import shown
from casewright.expressions.expression import Constant, Expression
from casewright.expressions.library.operators import equal
from casewright.expressions.regions import LENGTHS, Region, values
from casewright.expressions.reviewing.nullness import Nullness, Place
from casewright.expressions.tables.boxes import Box, Budget, Search, taking_all
from casewright.expressions.tables.decisions import TableRow
from casewright.expressions.tables.meeting import Meeting
from casewright.expressions.tables.table import Table
from casewright.expressions.types import any_of, domain_of, steps

STEP_LIMIT = 100_000
"""Steps that the searches of one analysis may take together; beyond them nothing more is claimed."""

FINDINGS = 50
"""How many gaps, and how many overlaps, are kept."""

_LONGEST = 70
"""Characters of a cell that messages show."""

MOST_ROWS = 20_000
"""Rows of a table beyond which it is not analysed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Values that no row takes: the cells of the row that is missing, and values that it would take.

    `unless` are the rows of which some may take them after all, which only the values show.
    """

    cells: tuple[str, ...]
    example: tuple[Any, ...]
    unless: tuple[TableRow, ...] = ()

    def __str__(self) -> str:
        """The missing row as the table would write it, without what it gives; long cells are cut."""
        return " | ".join(map(_brief, self.cells))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Values that two rows take, the earlier one first: the cells of the row that stands twice, and an example.

    `is_sure` is false where a cell must be computed, so that only values show whether both match. `agrees` says that
    the rows give the same, None where an expression must be computed for that.
    """

    one: TableRow
    other: TableRow
    cells: tuple[str, ...]
    example: tuple[Any, ...]
    is_sure: bool
    agrees: bool | None

    def __str__(self) -> str:
        """The doubled row as the table would write it, without what it gives; long cells are cut."""
        return " | ".join(map(_brief, self.cells))


@dataclass(frozen=True, slots=True)
class Hidden:
    """A row that can never win, and the rows before it that together take all that it takes."""

    row: TableRow
    by: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row that asks for the same as an earlier one, and whether it gives the same; None where that is not known."""

    one: TableRow
    other: TableRow
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found. `is_complete` is false where the search ended early, after `steps`: then there may be more.

    `is_cut` says that there is more than is listed. `overlaps` are looked for under `unique` and `any`, each later row
    named once; `hidden` under `first` and `priority`.
    """

    gaps: tuple[Gap, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    is_complete: bool = True
    is_cut: bool = False
    steps: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether it is proved that nothing is to be found."""
        return self.is_complete and not (self.gaps or self.overlaps or self.hidden or self.repeats)


def analyse(table: Table, *, gaps: bool = True, budget: int = STEP_LIMIT, limit: int = FINDINGS) -> Analysis:
    """What can be said of the table. `budget` bounds the steps, `limit` each list; without `gaps` none are looked for.

    Null is a value like others, except for an input that always has a value, as one of a required field or a field with
    a default does. Durations with months or business days are left out of account.
    """
    if not table.inputs:
        return Analysis()
    if len(table.rows) > MOST_ROWS:
        return Analysis(is_complete=False)
    return _Analyst(table, Budget(budget), limit).analysis(gaps)


class _Analyst:
    """One analysis: the regions of the rows in the order in which they count, and what is left of the budget."""

    def __init__(self, table: Table, budget: Budget, limit: int) -> None:
        self.table = table
        self.rows = table.ranked
        self.budget = budget
        self.limit = limit
        self.is_cut = False
        self.space = tuple(space_of(expression) for _, expression in table.inputs)
        self.regions = [[row.tests[c].reach for row in self.rows] for c in range(len(self.space))]
        self.unsure = _mask(
            row for row, each in enumerate(self.rows) if any(test.extent is None for test in each.tests)
        )

    def analysis(self, gaps: bool) -> Analysis:
        hit = self.table.hit
        meeting = Meeting(self.regions, self.space) if hit in ("unique", "any") or self.table.policy.hides else None
        overlaps = tuple(self.overlaps(meeting)) if meeting and hit in ("unique", "any") else ()
        hidden = tuple(self.hidden(meeting)) if meeting and self.table.policy.hides else ()
        found = self.gaps() if gaps else ()
        repeats = tuple(self.repeats())
        is_complete = not self.budget.is_spent
        return Analysis(found, overlaps, hidden, repeats, is_complete, self.is_cut, self.budget.taken)

    def gaps(self) -> tuple[Gap, ...]:
        whole = taking_all(self.regions, self.space)
        search = Search(self.regions, self.space, self.unsure, self.budget, self.limit, whole)
        found = search.opens((1 << len(self.rows)) - 1)
        self.is_cut |= search.is_cut
        return tuple(Gap(self.cells(each.box), self.example(each.box), self.named(each.unless)) for each in found)

    def overlaps(self, meeting: Meeting) -> Iterator[Overlap]:
        found = 0
        for row in range(len(self.rows)):
            other = next(self._colliding(row, meeting.before(row)), None)
            if other is None:
                continue
            if found == self.limit:
                self.is_cut = True
                return
            found += 1
            yield self.overlap(other, row)

    def _colliding(self, row: int, mask: int) -> Iterator[int]:
        """Rows of the mask that the row may not overlap with, given the hit policy."""
        while mask:
            other = (mask & -mask).bit_length() - 1
            mask &= mask - 1
            one, later = self.rows[other], self.rows[row]
            if (self.table.hit == "unique" or _agree(one, later) is False) and not _apart(one, later):
                yield other

    def overlap(self, one: int, other: int) -> Overlap:
        box = tuple(
            regions[one].intersect(regions[other]).intersect(space)
            for regions, space in zip(self.regions, self.space, strict=True)
        )
        first, second = self.rows[one], self.rows[other]
        is_sure = not (self.unsure >> one | self.unsure >> other) & 1
        return Overlap(first, second, self.cells(box), self.example(box), is_sure, _agree(first, second))

    def hidden(self, meeting: Meeting) -> Iterator[Hidden]:
        unsure = self.unsure | _mask(row for row, each in enumerate(self.rows) if self.is_unranked(each))
        for row, each in enumerate(self.rows):
            before = meeting.before(row) & ~unsure
            if before and not self.is_unranked(each):
                by = meeting.takers(row, before, self.budget)
                if by:
                    yield Hidden(each, self.named(by))

    def is_unranked(self, row: TableRow) -> bool:
        """Whether only values show where the row stands among the others."""
        return any(not isinstance(row.values[column], Constant) for column, _ in self.table.ranks)

    def repeats(self) -> Iterator[Repeat]:
        seen: dict[tuple[object, ...], TableRow] = {}
        for row in self.table.rows:
            asked = tuple(test.extent or test.source for test in row.tests)
            first = seen.setdefault(asked, row)
            if first is not row:
                yield Repeat(first, row, _agree(first, row))

    def cells(self, box: Box) -> tuple[str, ...]:
        parts = zip(box, self.space, self.table.inputs, strict=True)
        return tuple(written(region, space, expression) for region, space, (_, expression) in parts)

    def example(self, box: Box) -> tuple[Any, ...]:
        """A value for each column."""
        parts = zip(box, self.table.inputs, strict=True)
        return tuple(region.witness(any_of(expression.type)) for region, (_, expression) in parts)

    def named(self, mask: int) -> tuple[TableRow, ...]:
        found = []
        while mask:
            found.append(self.rows[(mask & -mask).bit_length() - 1])
            mask &= mask - 1
        return tuple(sorted(found, key=lambda row: row.number))


def _mask(places: Iterator[int]) -> int:
    return sum(1 << place for place in places)


def _apart(one: TableRow, other: TableRow) -> bool:
    """Whether cells that read roots keep the rows apart, as `> case.limit` and `<= case.limit` do."""
    pairs = zip(one.tests, other.tests, strict=True)
    return any(
        exclude(mine.atom, theirs.atom) for mine, theirs in pairs if mine.region is None and theirs.region is None
    )


def _agree(one: TableRow, other: TableRow) -> bool | None:
    """Whether the rows give the same; None where an expression must be computed for that."""
    verdicts = [
        equal(mine.value, theirs.value)
        if isinstance(mine, Constant) and isinstance(theirs, Constant)
        else (True if mine.source == theirs.source and type(mine) is type(theirs) else None)
        for mine, theirs in zip(one.values, other.values, strict=True)
    ]
    return False if False in verdicts else None if None in verdicts else True


def space_of(expression: Expression) -> Region:
    """The values that an input can have; null among them unless it is known to hold a value, as a required field is."""
    type_, checked = expression.type, expression.checked
    whole = Region(True, False, LENGTHS) if type_.kind == "duration" else domain_of(type_)
    may_lack = Nullness(checked).lack(checked.syntax, Place(expression.roots))
    return whole if may_lack else whole.minus(values(None))


def written(region: Region, space: Region, expression: Expression) -> str:
    """The cell that takes these values, given that the column has no others than those of `space`."""
    whole = steps(expression.type)
    outside = space.minus(region)
    if outside.is_empty():
        return "-"
    plain = region.written(whole=whole)
    return min(plain, f"not({outside.written(whole=whole)})", key=len) if outside.is_listed(whole=whole) else plain


def _brief(cell: str) -> str:
    if len(cell) <= _LONGEST:
        return cell
    shown = cell[:_LONGEST].rpartition(",")[0] or cell[:_LONGEST]
    return f"{shown},... and {cell.count(',') - shown.count(',')} more"


def in_words(names: Sequence[str], found: Gap | Overlap) -> str:
    """The example as messages show it, without the columns where every value will do: `{amount: 5, urgent: true}`."""
    parts = zip(names, found.cells, found.example, strict=True)
    return "{" + ", ".join(f"{name}: {shown(value)}" for name, cell, value in parts if cell != "-") + "}"
