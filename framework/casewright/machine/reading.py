"""Which roots a command can read before the case rests again: so that their pages are read ahead, and at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from casewright.machine.side_by_side import OnEvent

if TYPE_CHECKING:
    from casewright.machine.plan import Activity, Item, Sequence, Value

Roots = frozenset[str]

_NONE: Roots = frozenset()


def reads_of(sequence: Sequence, actions: tuple[Item, ...] = ()) -> dict[str, Roots]:
    """For each path at which somebody or something is waited for (`""`: the start), what is read from there on.

    What a dialog or process inside a step reads is not known here, nor what a pass does; their own plans say that. The
    conditions of sentries are tried whatever happens, so they are read from everywhere.
    """
    reads = {"": _ahead(sequence)[0][0]}
    reads |= dict(_inside(sequence, _NONE))
    for action in actions:
        reads |= dict(_of_item(action, _NONE))
    watched = _watched([*sequence.items, *sequence.alternates, *actions])
    return {path: roots | watched for path, roots in reads.items()} if watched else reads


def _inside(sequence: Sequence, behind: Roots) -> Iterator[tuple[str, Roots]]:
    """The reads of every item of a sequence; `behind` is what is read when it is through."""
    for item, (roots, rests) in zip(sequence.items, _ahead(sequence)[1:], strict=True):
        yield from _of_item(item, roots if rests else roots | behind)
    for item in sequence.alternates:
        yield from _of_item(item, behind)


def _of_item(item: Item, following: Roots) -> Iterator[tuple[str, Roots]]:
    handled = _on_entry(item.handler)[0] if item.handler is not None else _NONE
    own = _when_done(item.activity) if item.activity is not None else _NONE
    own |= item.repeat.when.roots if item.repeat is not None else _NONE
    begun = _on_start(item)[0] if item.manual or item.entry or item.repeat is not None else _NONE
    yield item.path, own | following | handled | begun
    following |= own if item.split is not None else _NONE
    if item.body is not None:
        yield from _inside(item.body, following)
    for beside in (*(item.split.branches if item.split is not None else ()), *item.actions):
        yield from _of_item(beside, following)
    if item.handler is not None:
        yield from _of_item(item.handler, following)


def _ahead(sequence: Sequence) -> list[tuple[Roots, bool]]:
    """For each item, and for the end, what is read from there on until one surely rests, and whether one does."""
    found = [(_NONE, False)]
    for item in reversed(sequence.items):
        roots, rests = _on_entry(item)
        behind, later = found[-1]
        found.append((roots, True) if rests else (roots | behind, later))
    return found[::-1]


def _on_entry(item: Item) -> tuple[Roots, bool]:
    """What is read when the case comes to an item, and whether it surely rests there.

    Both are worked out in one walk: one each would double with every level of the items inside.
    """
    roots = _NONE.union(*(each.roots for each in (item.when, item.skip_when) if each is not None))
    for sentry in (*item.entry, *item.exit):
        matched = [each for on in sentry.on if isinstance(on, OnEvent) for each in on.match.values()]
        roots |= _read_by(*matched)
    is_sure = item.when is None and item.skip_when is None and not item.entry and not item.exit
    if item.manual:
        return roots, is_sure
    begun, rests = _on_start(item)
    return roots | begun, is_sure and rests


def _on_start(item: Item) -> tuple[Roots, bool]:
    """What is read when an item is active, and whether the case surely rests in it."""
    if item.split is not None:
        first = item.split.over.roots if item.split.over is not None else _NONE
        done = _when_done(item.activity) if item.activity is not None else _NONE
        entered = [(branch.required, *_on_entry(branch)) for branch in item.split.branches]
        rests = not item.split.done_when and any(required and rests for required, _, rests in entered)
        return first.union(done, *(roots for _, roots, _ in entered)), rests
    if item.body is not None:
        return _ahead(item.body)[0]
    if item.activity is None:
        return _NONE, False
    return _of_activity(item.activity), item.activity.awaits != "nothing" or item.activity.nested is not None


def _of_activity(activity: Activity) -> Roots:
    roots = _NONE
    for emission in activity.emissions:
        roots |= _read_by(*emission.arguments.values())
    for alternative in activity.alternatives:
        roots |= _read_by(*alternative.match.values())
    if activity.result is not None:
        roots |= activity.result.roots
    return roots if activity.awaits != "nothing" else roots | _when_done(activity)


def _when_done(activity: Activity) -> Roots:
    roots = activity.expect.roots if activity.expect is not None else _NONE
    for each in activity.alternatives:
        roots |= _read_by(*each.save.values()) | (each.when.roots if each.when is not None else _NONE)
    return roots | _read_by(*activity.save.values())


def _watched(items: Iterable[Item]) -> Roots:
    """What the sentries of items, and of all inside them, read whenever something happens."""
    roots = _NONE
    for item in items:
        conditions = [each.when for each in (*item.entry, *item.exit)]
        inside = [*(item.body.items if item.body is not None else ()), *item.actions]
        if item.split is not None:
            conditions.append(item.split.done_when)
            inside += item.split.branches
        roots = roots.union(_watched(inside), *(each.roots for each in conditions if each is not None))
    return roots


def _read_by(*values: Value) -> Roots:
    return _NONE.union(*(value.roots for value in values))
