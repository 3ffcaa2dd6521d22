"""What is seen only when a whole rule is lowered: work that may never be done, fields that several fill at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from casewright.machine.plan import Activity, Item, Plan
from casewright.machine.side_by_side import ALL, OnItem, Split
from casewright.machine.snapshot import ItemLife
from casewright.steps.scope import Scope, listed
from casewright.steps.standstill import check_standstill
from casewright.values import Related


def items_in(item: Item) -> Iterator[Item]:
    """Every item inside another."""
    for each in _directly_in(item):
        yield each
        yield from items_in(each)


def _directly_in(item: Item) -> Iterator[Item]:
    if item.body is not None:
        yield from (*item.body.items, *item.body.alternates)
    if item.handler is not None:
        yield item.handler
    if item.split is not None:
        yield from item.split.branches
        if item.split.passes is not None:
            yield from item.split.passes.sequence.items
    yield from item.actions


def review(plan: Plan, scope: Scope) -> None:
    """Warn of what a plan says that cannot be meant, as far as its items show it together."""
    for item in (*plan.sequence.items, *plan.sequence.alternates, *plan.actions):
        _check_no(item, frozenset(), scope)
    items = [item for _, item in plan.every_item()]
    for item in items:
        if item.split is not None:
            _check_split(item, item.split, scope)
        if item.repeat is not None:
            _check_repeat(item, scope)
    if any(item.entry for item in items):
        check_standstill(plan, scope)
    for optional, why in _optional(items):
        _check_must(optional, why, scope)


def filled_by(activity: Activity) -> Iterator[str]:
    """The names of the fields that a step fills when it is done."""
    yield from activity.fields
    for saved in (activity.save, *(each.save for each in activity.alternatives)):
        yield from saved


# -- where a no leads --------------------------------------------------------------------------------------------------


def _check_no(item: Item, awaited: frozenset[str], scope: Scope) -> None:
    """A no must lead somewhere: to a handler, the item's own or of one around it, or to the end of what waits for it.

    `awaited` are the paths of items whose failing ends something around this one.
    """
    awaited |= {on.path for way in item.exit for on in way.on if isinstance(on, OnItem) and on.state is ItemLife.FAILED}
    if item.handler is not None:
        _check_no(item.handler, awaited, scope)
        return
    if item.activity is not None and item.activity.failing and item.path not in awaited:
        scope.report(
            "E516",
            item.at,
            f"'{item.id}' does not say what follows a no",
            help="add on_failure: {then: {do: resolve, status: Resolved-Rejected}}",
        )
    for each in _directly_in(item):
        _check_no(each, awaited, scope)


# -- fields that several fill ------------------------------------------------------------------------------------------


def _check_split(item: Item, split: Split, scope: Scope) -> None:
    if split.at_once == 1 or (split.join == 1 and split.cancel_rest):
        return  # never two at a time, or only one of them is completed
    _check_branches(split.branches, scope)
    if split.passes is not None:
        _check_passes(item, split.passes, scope)


def _check_branches(branches: tuple[Item, ...], scope: Scope) -> None:
    """Warn at each branch that fills what one before it fills; two that may exclude each other do not count."""
    first: dict[str, Item] = {}
    first_sure: dict[str, Item] = {}
    for branch in branches:
        is_conditional, filled = _is_conditional(branch), _filled(branch)
        before = first_sure if is_conditional else first
        shared: dict[str, list[str]] = {}
        for name in (name for name in filled if name in before):
            shared.setdefault(before[name].path, []).append(name)
        for names in shared.values():
            _both_fill(before[names[0]], branch, names, scope)
        for known in (first,) if is_conditional else (first, first_sure):
            known.update({name: branch for name in filled if name not in known})


def _both_fill(one: Item, other: Item, names: list[str], scope: Scope) -> None:
    scope.report(
        "W723",
        other.at,
        f"branches '{one.id}' and '{other.id}' both fill {listed(names)}: what is done last wins",
        related=(Related(one.at, f"'{one.id}' stands here"),),
        help="let each fill a field of its own, or write at_once: 1 so that they run one after another",
    )


def _check_passes(item: Item, passes: Plan, scope: Scope) -> None:
    shared = [name for name in _filled(item) if name not in passes.fields]
    if shared:
        scope.report(
            "W723",
            item.at,
            f"every pass fills {listed(shared)} of the case: what is done last wins",
            help=f"declare {shared[0]} under data: of this step and collect the passes by save:, or write at_once: 1",
        )


def _is_conditional(item: Item) -> bool:
    """Whether a branch may be passed over: two of such may exclude each other."""
    return item.when is not None or item.skip_when is not None


def _filled(item: Item) -> tuple[str, ...]:
    """The fields that the items inside one fill, but for what builds on the field's own value."""
    activities = (each.activity for each in items_in(item) if each.activity is not None)
    return tuple(dict.fromkeys(chain.from_iterable(_fills(each) for each in activities)))


def _fills(activity: Activity) -> Iterator[str]:
    yield from activity.fields
    for saved in (activity.save, *(each.save for each in activity.alternatives)):
        yield from (name for name, value in saved.items() if f"case.{name}" not in getattr(value, "paths", ()))


# -- what repeats without end ------------------------------------------------------------------------------------------


def _check_repeat(item: Item, scope: Scope) -> None:
    """A condition over fields of the case alone, which nothing that is repeated fills, stays as it is."""
    assert item.repeat is not None
    paths = getattr(item.repeat.when, "paths", frozenset[str]())
    read = {path.split(".")[1] for path in paths if path.startswith("case.")}
    inside = [item, *items_in(item)]
    activities = [each.activity for each in inside if each.activity is not None]
    if not read or len(read) < len(paths) or any(each.nested is not None for each in activities):
        return
    filled = {name for each in activities for name in filled_by(each)}
    if not read & filled and getattr(item.repeat.when, "at", None) is not None:
        scope.report(
            "W725",
            item.repeat.when.at,  # type: ignore[attr-defined]
            f"nothing in '{item.id}' fills {listed(f'case.{name}' for name in sorted(read))}, "
            f"so it is entered once, or {item.repeat.most} times",
            help=f"fill {sorted(read)[0]} inside it, or read something else that changes",
        )


# -- what must be done, and may never begin ----------------------------------------------------------------------------


def _optional(items: Iterable[Item]) -> Iterator[tuple[Item, str]]:
    for item in items:
        if item.kind == "action":
            yield item, "an optional action, which may never be started"
        for branch in item.split.branches if item.split is not None else ():
            if not branch.required:
                yield branch, "a branch that is not required"
            elif item.split is not None and item.split.join != ALL and item.split.cancel_rest:
                yield branch, "a branch that ends when enough others are completed"


def _check_must(around: Item, why: str, scope: Scope) -> None:
    for item in items_in(around):
        if item.must:
            scope.report(
                "W724",
                item.at,
                f"step '{item.id}' must be done, but it stands in '{around.id}', {why}",
                related=(Related(around.at, f"'{around.id}' stands here"),),
                help="put it where it is always reached, or leave must: out",
            )
