"""Which roots a command can read before the case rests again: so that their pages are read ahead, and at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casewright.machine.plan import Activity, Item, Sequence, Value

Roots = frozenset[str]

_NONE: Roots = frozenset()


def reads_of(sequence: Sequence) -> dict[str, Roots]:
    """For each path at which somebody or something is waited for (`""`: the start), what is read from there on.

    What a dialog or process inside a step reads is not known here; its own plan says that.
    """
    reads = {"": _from(sequence, 0)[0]}
    reads |= dict(_inside(sequence, _NONE))
    return reads


def _inside(sequence: Sequence, behind: Roots) -> Iterator[tuple[str, Roots]]:
    """The reads of every item of a sequence; `behind` is what is read when it is through."""
    for number, item in enumerate(sequence.items):
        roots, rests = _from(sequence, number + 1)
        yield from _of_item(item, roots if rests else roots | behind)
    for item in sequence.alternates:
        yield from _of_item(item, behind)


def _of_item(item: Item, following: Roots) -> Iterator[tuple[str, Roots]]:
    handled = _on_entry(item.handler) if item.handler is not None else _NONE
    own = _when_done(item.activity) if item.activity is not None else _NONE
    yield item.path, own | following | handled
    if item.body is not None:
        yield from _inside(item.body, following)
    if item.handler is not None:
        yield from _of_item(item.handler, following)


def _from(sequence: Sequence, number: int) -> tuple[Roots, bool]:
    """What is read from an item on until one surely rests, and whether one does."""
    roots = _NONE
    for item in sequence.items[number:]:
        roots |= _on_entry(item)
        if _surely_rests(item):
            return roots, True
    return roots, False


def _surely_rests(item: Item) -> bool:
    if item.when is not None or item.skip_when is not None:
        return False
    if item.body is not None:
        return _from(item.body, 0)[1]
    return item.activity is not None and (item.activity.awaits != "nothing" or item.activity.nested is not None)


def _on_entry(item: Item) -> Roots:
    roots = _NONE.union(*(each.roots for each in (item.when, item.skip_when) if each is not None))
    if item.body is not None:
        return roots | _from(item.body, 0)[0]
    activity = item.activity
    if activity is None:
        return roots
    for emission in activity.emissions:
        roots |= _read_by(*emission.arguments.values())
    if activity.result is not None:
        roots |= activity.result.roots
    return roots if activity.awaits != "nothing" else roots | _when_done(activity)


def _when_done(activity: Activity) -> Roots:
    expected = activity.expect.roots if activity.expect is not None else _NONE
    return expected | _read_by(*activity.save.values())


def _read_by(*values: Value) -> Roots:
    return _NONE.union(*(value.roots for value in values))
