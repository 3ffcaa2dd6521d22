"""Items that wait for each other, so that none of them ever begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casewright.machine.plan import Item, Plan
from casewright.machine.side_by_side import OnItem, Sentry
from casewright.steps.scope import Scope
from casewright.values import Related


@dataclass(frozen=True, slots=True)
class _Standing:
    """An item, and the paths of what must have begun or be over before it can begin."""

    item: Item
    behind: frozenset[str]


def check_standstill(plan: Plan, scope: Scope) -> None:
    """A problem for every item that waits for one that cannot begin before it, by way of others."""
    standing = {each.item.path: each for each in _standing(plan)}
    held = {path: each for path, each in standing.items() if _surely_waits(each.item)}
    while freed := [
        path for path, each in held.items() if any(_may_fire(way, held, standing) for way in each.item.entry)
    ]:
        for path in freed:
            del held[path]
    for path, each in held.items():
        if _waits_for_what_follows(each.item, standing):
            continue
        waits_for = _held_by(each.item, held, standing)
        scope.report(
            "E554",
            each.item.at,
            f"'{path}' waits for '{waits_for}' or what stands behind it, "
            f"and that waits for '{path}' in turn: neither begins",
            related=(Related(held[waits_for].item.at, f"'{waits_for}' stands here"),),
            help="let one of them begin by something else, or by itself",
        )


def _surely_waits(item: Item) -> bool:
    """Whether nothing but other items can let it begin, and nothing passes over it or ends it."""
    if item.when is not None or item.skip_when is not None or item.exit:
        return False
    return bool(item.entry) and all(_named(way) for way in item.entry)


def _waits_for_what_follows(item: Item, standing: Mapping[str, _Standing]) -> bool:
    """Whether an item waits for itself or for what stands behind it: that is said where it is written."""
    named = {path for way in item.entry for path in _named(way)}
    return any(path == item.path or (path in standing and item.path in standing[path].behind) for path in named)


def _named(way: Sentry) -> list[str]:
    return [on.path for on in way.on if isinstance(on, OnItem)]


def _may_fire(way: Sentry, held: Mapping[str, _Standing], standing: Mapping[str, _Standing]) -> bool:
    return not any(_holder(path, held, standing) for path in _named(way))


def _holder(path: str, held: Mapping[str, _Standing], standing: Mapping[str, _Standing]) -> str:
    """The held item that keeps the one at a path from beginning; `""` where none does."""
    if path in held:
        return path
    behind = standing[path].behind if path in standing else frozenset[str]()
    return next((each for each in sorted(behind) if each in held), "")


def _held_by(item: Item, held: Mapping[str, _Standing], standing: Mapping[str, _Standing]) -> str:
    found = (_holder(path, held, standing) for way in item.entry for path in _named(way))
    return next(each for each in found if each)


def _standing(plan: Plan) -> Iterator[_Standing]:
    """Every item of the plan itself; what may end early around an item leaves open what it stands behind."""
    yield from _in_order(plan.sequence.items, frozenset())
    for item in (*plan.sequence.alternates, *plan.actions):
        yield from _with_inside(item, frozenset())


def _in_order(items: tuple[Item, ...], around: frozenset[str]) -> Iterator[_Standing]:
    behind = around
    for item in items:
        yield from _with_inside(item, behind)
        behind |= {item.path}


def _with_inside(item: Item, behind: frozenset[str]) -> Iterator[_Standing]:
    yield _Standing(item, behind)
    inside = behind | {item.path}
    if item.body is not None:
        yield from _in_order(item.body.items, inside)
    for each in (*(item.split.branches if item.split is not None else ()), *item.actions):
        yield from _with_inside(each, inside)
    if item.handler is not None:
        yield from _with_inside(item.handler, inside)
