"""What is wrong with a rule's variants before any fact is known: overlaps, dead variants, gaps, dropped changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from casewright.errors import SearchTooLong
from casewright.layers.circumstances import Circumstance, Period
from casewright.layers.extents import Extents
from casewright.layers.products import Budget, Point, Product, Space
from casewright.values import Problem, Related, RuleName, Span


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two variants that both match at `witness` while none that matches there is narrower than both.

    `is_equal` says that their regions are the same. `is_certain` is false where the search ended at its bound; then
    `witness` lies in both, and no more is known.
    """

    one: Circumstance
    other: Circumstance
    witness: Point
    is_equal: bool = False
    is_certain: bool = True


def ambiguities(extents: Extents, budget: Budget) -> tuple[Overlap, ...]:
    """Every pair of variants between which nothing decides: proved, each with a point that shows it."""
    pairs = combinations(range(len(extents.circumstances)), 2)
    found = (_overlap(extents, one, other, budget) for one, other in pairs)
    return tuple(overlap for overlap in found if overlap is not None)


def _overlap(extents: Extents, one: int, other: int, budget: Budget) -> Overlap | None:
    """What nothing decides between two variants; None where one is the narrower, or narrower ones cover both."""
    if extents.is_narrower(one, other) or extents.is_narrower(other, one):
        return None
    both = extents.space.intersect(extents.wholes[one], extents.wholes[other])
    if both is None:
        return None
    is_equal = extents.is_equal(one, other)
    inside = sorted(extents.inner[one] & extents.inner[other])
    covers = [extents.wholes[number] for number in inside if not extents.is_equal(number, one)]
    part, is_certain = _left_of(both, covers, extents.space, budget)
    if part is None and not is_equal:
        return None
    witness = extents.space.witness(both if part is None else part)
    return Overlap(extents.circumstances[one], extents.circumstances[other], witness, is_equal, is_certain or is_equal)


def _left_of(both: Product, covers: Sequence[Product], space: Space, budget: Budget) -> tuple[Product | None, bool]:
    """A part of `both` outside all `covers`, and whether that is certain: not where the search ends early."""
    try:
        return space.uncovered(both, covers, budget), True
    except SearchTooLong:
        return both, False


def overlap_problems(
    rule: RuleName,
    extents: Extents,
    budget: Budget | None = None,
    both: Callable[[str, str], Sequence[str]] = lambda one, other: (),
) -> tuple[Problem, ...]:
    """E330 for every pair of variants between which nothing decides; one W336 for those not proved either way.

    `both` gives what a variant says that holds where two do: the lines below its circumstance.
    """
    found = ambiguities(extents, budget or Budget())
    unproved = [overlap for overlap in found if not overlap.is_certain]
    problems = [_overlap_problem(rule, overlap, both) for overlap in found if overlap.is_certain]
    return (*problems, *([_unproved(rule, unproved)] if unproved else []))


def _unproved(rule: RuleName, overlaps: Sequence[Overlap]) -> Problem:
    one, other = overlaps[0].one, overlaps[0].other
    more = f", and {len(overlaps) - 1} more pairs" if len(overlaps) > 1 else ""
    message = (
        f"variants '{one.name}' and '{other.name}' of {rule} overlap{more}; it took too long to prove what decides"
    )
    related = (Related(one.span, f"variant '{one.name}'"),)
    return Problem(other.span, "W336", message, related, "fewer or simpler circumstances can be proved")


def _overlap_problem(rule: RuleName, overlap: Overlap, both: Callable[[str, str], Sequence[str]]) -> Problem:
    one, other = sorted((overlap.one, overlap.other), key=lambda variant: variant.span)
    related = (Related(one.span, f"variant '{one.name}'"),)
    pair = f"variants '{one.name}' ({one.span}) and '{other.name}' ({other.span})"
    if overlap.is_equal:
        message = f"{pair} hold for the same facts; neither is more specific"
        help = (
            f"`extend: {rule.kind}/{rule.id}@{one.name}` changes that one; or give '{other.name}' another circumstance"
        )
        return Problem(other.span, "E330", message, related, help)
    message = f"{pair} both match {shown_point(overlap.witness)}; neither is more specific"
    return Problem(other.span, "E330", message, related, _missing_variant(rule, one, other, both(one.name, other.name)))


def _missing_variant(rule: RuleName, one: Circumstance, other: Circumstance, says: Sequence[str]) -> str:
    """The stub of the variant that would decide between two, which holds where both do."""
    names = {**one.written, **other.written}
    sides = [f"{name}: {_side_text(name, one, other)}" for name in names]
    lines = [f"variant: {rule.kind}/{rule.id}@{one.name}_{other.name}"]
    if rule.for_class:
        lines.append(f"for: {rule.for_class}")
    if sides:
        lines.append(f"circumstance: {{{', '.join(sides)}}}")
    if effective := _period_text(one.effective, other.effective):
        lines.append(f"effective: {effective}")
    return "say which holds where both match, or narrow one of them:\n" + "\n".join([*lines, *says])


def _side_text(name: str, one: Circumstance, other: Circumstance) -> str:
    if name in one.product and name in other.product:
        met = one.product[name].intersect(other.product[name])
        listed = met.listed
        return _quoted(str(met)) if listed is None else _listed(listed)
    holder = one if name in one.product else other
    listed = holder.product[name].listed
    return _quoted(holder.written[name]) if listed is None else _listed(listed)


def _listed(values: Sequence[object]) -> str:
    shown = [shown_value(value) for value in values]
    return shown[0] if len(shown) == 1 else f"[{', '.join(shown)}]"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def _period_text(one: Period, other: Period) -> str:
    since = max((at for at in (one.since, other.since) if at is not None), default=None)
    until = min((at for at in (one.until, other.until) if at is not None), default=None)
    parts = [f"{key}: {shown_value(at)}" for key, at in (("from", since), ("until", until)) if at is not None]
    return f"{{{', '.join(parts)}}}" if parts else ""


def shown_point(point: Point) -> str:
    """A point as a message shows it: `{segment: VIP, channel: chat}`."""
    return "{" + ", ".join(f"{name}: {shown_value(value)}" for name, value in point.items()) + "}"


def shown_value(value: object) -> str:
    """A value as YAML writes it; an instant at midnight as its date."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(Period(since=value)).removeprefix("from ")
    return str(value)


def dead_variants(rule: RuleName, extents: Extents, budget: Budget | None = None) -> tuple[Problem, ...]:
    """W402 for every variant that never wins: nothing matches it, or narrower variants hold wherever it matches."""
    budget = budget or Budget()
    problems = []
    for number, whole in enumerate(extents.wholes):
        narrower = extents.narrower(number)
        covers = [extents.wholes[other] for other in narrower]
        if extents.is_empty(number) or (narrower and _is_covered(whole, covers, extents.space, budget)):
            others = [extents.circumstances[other] for other in narrower]
            problems.append(_dead(rule, extents.circumstances[number], others))
    return tuple(problems)


def _is_covered(whole: Product, covers: Sequence[Product], space: Space, budget: Budget) -> bool:
    try:
        return space.uncovered(whole, covers, budget) is None
    except SearchTooLong:
        return False


def _dead(rule: RuleName, variant: Circumstance, narrower: Sequence[Circumstance]) -> Problem:
    related = tuple(Related(other.span, f"variant '{other.name}'") for other in narrower)
    names = ", ".join(f"'{other.name}'" for other in narrower)
    why = f"wherever it matches, one of {names} is more specific" if narrower else "no fact matches it"
    message = f"variant '{variant.name}' of {rule} can never win: {why}"
    return Problem(variant.span, "W402", message, related, "delete its file, or widen its circumstance")


def date_gaps(base: Period, circumstances: Iterable[Circumstance]) -> tuple[Period, ...]:
    """The stretches of time, after the rule first holds, in which neither it nor any variant holds for all facts."""
    periods = [base, *(variant.effective for variant in circumstances if not variant.product)]
    gaps: list[Period] = []
    reached: datetime | None = None
    for number, period in enumerate(sorted(periods, key=_start)):
        if number and reached is None:
            break
        if number and period.since is not None and reached is not None and period.since > reached:
            gaps.append(Period(reached, period.since))
        reached = period.until if not number else _later(reached, period.until)
    return (*gaps, Period(since=reached)) if reached is not None else tuple(gaps)


def _start(period: Period) -> tuple[bool, float]:
    return (period.since is not None, period.since.timestamp() if period.since else 0.0)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def gap_problems(
    rule: RuleName, span: Span, base: Period, circumstances: Sequence[Circumstance]
) -> tuple[Problem, ...]:
    """W333 for every stretch of time in which no form of a rule holds that must always have one."""
    related = tuple(
        Related(variant.span, f"variant '{variant.name}' holds {variant.effective}") for variant in circumstances
    )
    help = "close the gap with `until`, or leave `effective` off the rule itself"
    return tuple(
        Problem(span, "W333", f"no {rule.kind}/{rule.id} {_gap_text(gap)}", related, help)
        for gap in date_gaps(base, circumstances)
    )


def _gap_text(gap: Period) -> str:
    if gap.until is None:
        return f"from {shown_value(gap.since)} on"
    return f"on {shown_value(gap.since)}..{shown_value(gap.until)}"


def dropped_changes(wider: Iterable[str], narrower: Iterable[str]) -> tuple[str, ...]:
    """The paths that a wider variant changes and a narrower one leaves as the base has them.

    A path is kept where the narrower variant changes it, something above it, or something below it.
    """
    kept = tuple(narrower)
    return tuple(sorted(path for path in wider if not any(_touches(path, other) for other in kept)))


def _touches(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def dropped_problems(rule: RuleName, extents: Extents, changes: Callable[[str], Sequence[str]]) -> tuple[Problem, ...]:
    """W335 for every variant that drops what a wider one changes, since variants do not stack.

    `changes` gives the paths that a variant changes in the base; a variant based on another has that one's too.
    """
    problems = []
    for wide, circumstance in enumerate(extents.circumstances):
        for number in extents.narrower(wide):
            narrow = extents.circumstances[number]
            if dropped := dropped_changes(changes(circumstance.name), changes(narrow.name)):
                problems.append(_dropped(rule, narrow, circumstance, dropped))
    return tuple(problems)


def _dropped(rule: RuleName, narrow: Circumstance, wide: Circumstance, dropped: tuple[str, ...]) -> Problem:
    listed = ", ".join(f"'{path}'" for path in dropped)
    message = f"where '{narrow.name}' wins, the changes of the wider '{wide.name}' are dropped: {listed}"
    help = f"write `based_on: {wide.name}` below `variant: {rule.kind}/{rule.id}@{narrow.name}` to build on them"
    return Problem(narrow.span, "W335", message, (Related(wide.span, f"variant '{wide.name}'"),), help)
