"""What items have reached, kept for those that are entered later and wait for it: to come second is no reason to wait.

An item hears what others reach while it listens. What they reached before that, since what is around both of them
began, is looked up when it is entered: a branch that is done counts for a step that another branch comes to later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from casewright.machine.places import ACTIONS, ANY_PASS, under
from casewright.machine.side_by_side import OnItem
from casewright.machine.snapshot import ItemLife

if TYPE_CHECKING:
    from casewright.machine.draft import Draft
    from casewright.machine.plan import Item, Plan

Awaited = Mapping[tuple[str, ItemLife], frozenset[int]]
"""For an item's path in a plan and a state of it: how many parts of the path name what is around it and who waits."""


def awaited_in(plan: Plan) -> Awaited:
    """What the items of a plan wait for before they begin, in its passes too."""
    items = dict(plan.every_item())
    found: dict[tuple[str, ItemLife], set[int]] = {}
    for path, item in items.items():
        for on in _waited_for(item):
            named = _named(on.path, path, items)
            found.setdefault((named, on.state), set()).add(len(_around(named, path)))
    return {key: frozenset(parts) for key, parts in found.items()}


def _waited_for(item: Item) -> Iterator[OnItem]:
    return (on for sentry in item.entry for on in sentry.on if isinstance(on, OnItem))


def _named(name: str, path: str, items: Mapping[str, Item]) -> str:
    """The path in the plan of what the item at a path calls by this name: in its pass, or else around that."""
    parts = path.split(".")
    passes = [number for number, part in enumerate(parts, 1) if part == ANY_PASS]
    inside = (".".join([*parts[:number], name]) for number in reversed(passes))
    return next((each for each in inside if each in items), name)


def _around(path: str, other: str) -> list[str]:
    """The parts of the path of the innermost item around both; none for the case, or the rule, itself."""
    shared = []
    for part, its in zip(path.split(".")[:-1], other.split(".")[:-1], strict=False):
        if part != its:
            break
        shared.append(part)
    return shared[:-1] if shared[-1:] == [ACTIONS] else shared


def remember(draft: Draft, path: str, state: ItemLife) -> None:
    """Takes note that an item has reached a state for which another may wait later."""
    plan, prefix = _rule_around(draft, path)
    if not plan.awaited:
        return
    path = _plain(path, state)
    own = (path[len(prefix) + 1 :] if prefix else path).split(".")
    pattern = ".".join(ANY_PASS if part.isdecimal() else part for part in own)
    for count in plan.awaited.get((pattern, state), ()):
        around = under(prefix, ".".join(own[:count]))
        draft.visits[_name(path, state, around)] = draft.visits.get(around, 0)


def has_reached(draft: Draft, path: str, state: ItemLife, waits: str) -> bool:
    """Whether an item has reached a state since what is around it and the item `waits` began."""
    around = ".".join(_around(path, waits))
    return draft.visits.get(_name(path, state, around)) == draft.visits.get(around, 0)


def _name(path: str, state: ItemLife, around: str) -> str:
    return f"{path}#{state}@{around}"


def _plain(path: str, state: ItemLife) -> str:
    """Whose path it is; what was completed by its handler is completed too."""
    while state is ItemLife.COMPLETED and path.endswith(".failed"):
        path = path.removesuffix(".failed")
    return path


def _rule_around(draft: Draft, path: str) -> tuple[Plan, str]:
    """The dialog or process in which something runs, and where; the case's own plan where it is in none."""
    prefix = path.rpartition(".")[0]
    while prefix:
        row = draft.items.get(prefix)
        if row is not None and row.bound:
            return draft.course(prefix)[0], prefix
        prefix = prefix.rpartition(".")[0]
    return draft.plan, ""
