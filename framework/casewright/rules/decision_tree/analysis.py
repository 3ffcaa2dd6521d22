"""What can be said of a tree before it runs: branches that are never reached, and facts for which it gives nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casewright.expressions import Region, Type, anything, domain_of, values
from casewright.expressions.regions import nothing
from casewright.expressions.reviewing.reach import truth_of
from casewright.expressions.reviewing.truths import ABOVE, ALWAYS, BELOW, BOTH_EMPTY, ONE_EMPTY, SAME, Side
from casewright.expressions.tables.boxes import Budget, Open, Search, taking_all
from casewright.expressions.tables.meeting import Meeting
from casewright.expressions.types import steps
from casewright.rules.decision_tree.model import Branch, Fork

STEP_LIMIT = 100_000
"""Steps that the searches in one tree may take together; beyond them nothing more is claimed."""

MOST_GAPS = 3
"""How many gaps of a fork are told."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A branch that nothing comes to, its dotted path, and the branches that take or exclude all that it asks for.

    `around` is true where they stand around it or above one that does, so that they exclude it; else they stand above
    it and take it.
    """

    path: str
    branch: Branch
    by: tuple[Branch, ...]
    around: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Facts for which no branch of a fork holds, and nothing else is given: each subject with its values, written.

    `is_sure` is false where a branch may hold after all, which only the values show.
    """

    path: str
    fork: Fork
    facts: tuple[tuple[str, str], ...]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found. `is_complete` is false where the search ended early: then there may be more."""

    unreached: tuple[Unreached, ...]
    gaps: tuple[Gap, ...]
    is_complete: bool


def analyse(fork: Fork) -> Analysis:
    """What can be said of the tree that begins with this fork."""
    analyst = _Analyst(Budget(STEP_LIMIT))
    found = list(analyst.fork(fork, "", _Known()))
    unreached = tuple(each for each in found if isinstance(each, Unreached))
    gaps = tuple(each for each in found if isinstance(each, Gap))
    return Analysis(unreached, gaps, not (analyst.is_cut or analyst.budget.is_spent))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of each subject where a fork is reached, and by which branches."""

    regions: Mapping[str, Region] = field(default_factory=dict)
    by: Mapping[str, tuple[Branch, ...]] = field(default_factory=dict)

    def of(self, subject: str) -> Region:
        return self.regions.get(subject, _EVERYTHING)

    def narrowed(self, branch: Branch, needs: Mapping[str, Region]) -> _Known:
        """The same, where these needs are met as well."""
        regions = {subject: self.of(subject).intersect(region) for subject, region in needs.items()}
        by = {subject: (*self.by.get(subject, ()), branch) for subject in needs}
        return _Known({**self.regions, **regions}, {**self.by, **by})

    def excluding(self, side: Side) -> tuple[Branch, ...]:
        """The branches that leave nothing of what a side needs; empty where something is left."""
        for subject, region in side.needs.items():
            if not self.of(subject).overlaps(region):
                return self.by.get(subject, ())
        return ()


_EVERYTHING = anything()


class _Analyst:
    """One look at a tree, fork by fork, with what is left of the budget."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.is_cut = False

    def fork(self, fork: Fork, path: str, known: _Known) -> Iterator[Unreached | Gap]:
        """What is found in a fork and in those below it."""
        sides = [_true_side(branch) for branch in fork.branches]
        grid = _Grid(sides, known, _types(fork.branches))
        inside = known
        last = max((n for n, each in enumerate(fork.branches) if isinstance(each.then, Fork)), default=-1)
        for number, (branch, side) in enumerate(zip(fork.branches, sides, strict=True)):
            below = f"{path}.{branch.id}" if path else branch.id
            if side is None:
                continue  # said of the condition itself
            excluding = known.excluding(side)
            taking = () if excluding else grid.taking(number, self.budget)
            if excluding or taking:
                takers = excluding or tuple(fork.branches[each] for each in taking)
                yield Unreached(below, branch, takers, bool(excluding))
            elif isinstance(branch.then, Fork):
                yield from self.fork(branch.then, below, inside.narrowed(branch, side.needs))
            if number < last:
                inside = _behind(inside, branch, side)
        if fork.otherwise is None:
            yield from self.gaps(fork, path, grid)

    def gaps(self, fork: Fork, path: str, grid: _Grid) -> Iterator[Gap]:
        opens, is_cut = grid.opens(self.budget)
        self.is_cut |= is_cut
        for each in opens:
            yield Gap(path, fork, grid.told(each), not each.unless and not grid.is_strange(each))


def _true_side(branch: Branch) -> Side | None:
    return ALWAYS if branch.when is None else truth_of(branch.when).true


def _behind(known: _Known, branch: Branch, side: Side) -> _Known:
    """What is known behind a branch that was not entered: that it does not hold, where that is about one subject."""
    if not side.exact or len(side.needs) != 1:
        return known
    ((subject, region),) = side.needs.items()
    left = known.of(subject).minus(region)
    return _Known({**known.regions, subject: left}, {**known.by, subject: (*known.by.get(subject, ()), branch)})


def _types(branches: Sequence[Branch]) -> dict[str, Type]:
    """The types of the references that the conditions look at."""
    return {path: type_ for each in branches if each.when is not None for path, type_ in each.when.checked.ground}


class _Grid:
    """The branches of a fork as rows over their subjects, within what is known where the fork is reached."""

    def __init__(self, sides: Sequence[Side | None], known: _Known, types: Mapping[str, Type]) -> None:
        self.sides, self.types = sides, types
        self.subjects = sorted({subject for side in sides if side is not None for subject in side.needs})
        self.space = tuple(known.of(subject).intersect(self._domain(subject)) for subject in self.subjects)
        self.regions = [
            [nothing() if side is None else side.needs.get(subject, _EVERYTHING) for side in sides]
            for subject in self.subjects
        ]
        self.sure = sum((side is not None and side.exact) << row for row, side in enumerate(sides))
        self.meeting = Meeting(self.regions, self.space)
        self.left, self.seen = (self.space[0] if self.space else nothing()), 0

    def _domain(self, subject: str) -> Region:
        type_ = self.types.get(subject)
        if type_ is None:
            return values(BELOW, SAME, ABOVE, ONE_EMPTY, BOTH_EMPTY) if _is_pair(subject) else _EVERYTHING
        return domain_of(type_).minus(values(None)) if type_.declared.certain else domain_of(type_)

    def taking(self, row: int, budget: Budget) -> tuple[int, ...]:
        """The rows above that are sure to take all that the row asks for, few of them; empty where they do not."""
        if not self.subjects:
            above = ((1 << row) - 1) & self.sure
            return tuple(_places(above & -above))
        above = self.meeting.before(row) & self.sure
        if not above or (len(self.subjects) == 1 and self._leaves(row)):
            return ()
        return tuple(_places(self.meeting.takers(row, above, budget)))

    def _leaves(self, row: int) -> bool:
        """Whether the rows above leave something of the only subject to a row: what is left shrinks row by row."""
        (regions,) = self.regions
        for other in range(self.seen, row):
            if self.sure >> other & 1:
                self.left = self.left.minus(regions[other])
        self.seen = max(self.seen, row)
        return self.left.overlaps(regions[row])

    def opens(self, budget: Budget) -> tuple[tuple[Open, ...], bool]:
        """The boxes that no row is sure to take, and whether there were more of them."""
        rows = (1 << len(self.sides)) - 1
        if any(side is not None and side.exact and not side.needs for side in self.sides):
            return (), False
        unsure = rows & ~self.sure
        search = Search(self.regions, self.space, unsure, budget, MOST_GAPS, taking_all(self.regions, self.space))
        return search.opens(rows)[:MOST_GAPS], search.is_cut

    def is_strange(self, each: Open) -> bool:
        """Whether a box narrows down more than references: whether such a subject can be so is not known."""
        return any(subject not in self.types for subject, _, _ in self._narrowed(each))

    def told(self, each: Open) -> tuple[tuple[str, str], ...]:
        """The subjects that a box narrows down, each with its values as a test would write them."""
        return tuple(
            (subject, _shortest(region, whole, subject in self.types and steps(self.types[subject])))
            for subject, region, whole in self._narrowed(each)
            if not _is_pair(subject)
        )

    def _narrowed(self, each: Open) -> Iterator[tuple[str, Region, Region]]:
        for subject, region, whole in zip(self.subjects, each.box, self.space, strict=True):
            if not whole.is_inside(region):
                yield subject, region, whole


def _shortest(region: Region, space: Region, whole: bool) -> str:
    """The region as a test: by what is inside, or where that is longer by what is left out of the space."""
    inside = region.written(whole=whole)
    if not region.null or region.minus(values(None)).is_empty():
        return inside
    return min(inside, f"not({space.minus(region).written(whole=whole)})", key=len)


def _is_pair(subject: str) -> bool:
    """Whether the subject is how two values stand to each other, of which a region says nothing to people."""
    return " against " in subject


def _places(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
