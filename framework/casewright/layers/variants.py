"""The variants of the rules of an application: which there are, how one is chosen, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from casewright.layers.circumstances import AS_OF, Circumstance, Period, read_circumstance, read_period
from casewright.layers.dimensions import Dimension, dimension_of, space_sides
from casewright.layers.extents import Extents, extents_of
from casewright.layers.overlaps import dead_variants, dropped_changes, dropped_problems, gap_problems, overlap_problems
from casewright.layers.products import Space
from casewright.layers.selection import Selector, selector_of
from casewright.layers.stubs import parts_stub
from casewright.values import Problem, RuleName

if TYPE_CHECKING:
    from casewright.layers.files import RuleFile
    from casewright.layers.index import Layers
    from casewright.layers.resolved import Resolved

DIMENSION_KIND = "circumstance"
"""The kind whose rules declare dimensions."""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The declared dimensions of an application by id, and the space in which the regions of its variants lie."""

    by_id: Mapping[str, Dimension]
    space: Space


@dataclass(frozen=True, slots=True)
class Variants:
    """The variants of one rule: their extents, the selector among them, and what is wrong with their circumstances.

    A variant whose circumstance has a problem is not among them.
    """

    rule: RuleName
    extents: Extents
    selector: Selector
    problems: tuple[Problem, ...]


def dimensions_of(layers: Layers) -> Dimensions:
    """The dimensions that the rules `circumstance/ID` of an application declare."""
    names = [name for name in layers.names(DIMENSION_KIND) if not name.variant]
    found = {name.id: dimension_of(layers.resolve(name)) for name in names}
    there_is_always_some_time = {AS_OF: Period().region}
    return Dimensions(found, Space({**space_sides(tuple(found.values())), **there_is_always_some_time}))


def variants_of(layers: Layers, name: RuleName, dimensions: Dimensions) -> Variants:
    """The variants of the rule `name` for its class, those of parent classes among them."""
    base = name.base
    found: list[Circumstance] = []
    problems: list[Problem] = []
    for variant in layers.variants(base):
        file = circumstance_file(layers, replace(base, variant=variant))
        if file is not None:
            says, effective = file.head.get("circumstance"), file.head.get("effective")
            circumstance, wrong = read_circumstance(variant, file.span, says, effective, dimensions.by_id)
            problems += wrong
            found += [] if wrong else [circumstance]
    period, refused = read_period(layers.resolve(base).head.effective)
    extents = extents_of(found, dimensions.space)
    return Variants(base, extents, selector_of(str(base), extents, period), (*problems, *refused))


def circumstance_file(layers: Layers, name: RuleName) -> RuleFile | None:
    """The file that says when a variant holds: the last that made it and says so; None where none does."""
    made = [file for file in layers.resolve(name).files if file.word in ("variant", "replace")]
    said = [
        file
        for file in made
        if file.name.variant == name.variant and ("circumstance" in file.head or "effective" in file.head)
    ]
    return said[-1] if said else None


def check_variants(layers: Layers) -> tuple[Problem, ...]:
    """Everything that is wrong with the circumstances and variants of an application, each told once.

    A kind whose schema says `x-total: true` must have a form of each rule that holds at any time (W333).
    """
    dimensions = dimensions_of(layers)
    problems = {problem for name in _with_variants(layers) for problem in _problems_of(layers, name, dimensions)}
    return tuple(sorted(_once(problems)))


def _with_variants(layers: Layers) -> Iterator[RuleName]:
    """The rules that have variants or hold for a period only."""
    for name in layers.names():
        if not name.variant and (layers.variants(name) or layers.resolve(name).head.effective is not None):
            yield name


def _problems_of(layers: Layers, name: RuleName, dimensions: Dimensions) -> Iterator[Problem]:
    variants = variants_of(layers, name, dimensions)
    base = layers.resolve(name)

    @cache
    def changes(variant: str) -> tuple[str, ...]:
        return changed_paths(base, layers.resolve(replace(name, variant=variant)))

    def both(one: str, other: str) -> list[str]:
        """What a variant says that is the one, with what the other changes and the one does not."""
        left = dropped_changes(changes(other), changes(one))
        return [f"based_on: {one}", *parts_stub(layers.resolve(replace(name, variant=other)).body, base.shape, left)]

    yield from variants.problems
    yield from overlap_problems(name, variants.extents, both=both)
    yield from dead_variants(name, variants.extents)
    yield from dropped_problems(name, variants.extents, changes)
    if base.shape.annotations.get("x-total") is True:
        yield from gap_problems(name, base.head.span, variants.selector.base, variants.extents.circumstances)


def _once(problems: set[Problem]) -> Sequence[Problem]:
    """Each problem once, though a variant that subclasses inherit shows it for every one of them."""
    first: dict[tuple[object, ...], Problem] = {}
    for problem in sorted(problems):
        first.setdefault((problem.span, problem.code, problem.related), problem)
    return list(first.values())


def changed_paths(base: Resolved, variant: Resolved) -> tuple[str, ...]:
    """The paths that a variant changes in its base: what it sets, adds, moves or removes; the top-most of each."""
    before, after = base.history, variant.history
    changed = {path for path in after.keys() | before.keys() if path and after.get(path) != before.get(path)}
    return tuple(sorted(path for path in changed if not any(above in changed for above in _above(path))))


def _above(path: str) -> Iterator[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        yield path
