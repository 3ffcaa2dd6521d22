"""Layers of equal rank: where the order in which two of them are folded would decide, and nothing says that order.

A file is folded on what lies below it, alone, and is judged so: what it does is its own, whatever a layer of equal rank
says. Then both orders are folded. Where they come to the same, the layers agree; where not, the place is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from casewright.layers.cells import (
    KeyedCell,
    Path,
    State,
    at,
    below,
    is_container,
    names_below,
    place_of,
    shape_below,
    to_node,
)
from casewright.layers.changes import Touch
from casewright.layers.conflicts import Conflict, Saying
from casewright.layers.files import RuleFile
from casewright.layers.folding import Folded, fold
from casewright.layers.lists import same
from casewright.layers.locks import Change, Lock, breaches, covers
from casewright.layers.scalars import brief, shown
from casewright.layers.shapes import Shape
from casewright.source import Node
from casewright.values import Problem


def joined(start: Folded, done: Sequence[RuleFile], folded: Folded, file: RuleFile, shape: Shape) -> Folded:
    """`folded` after `file`. It is what `start` came to with the files `done`; all of them are of one key."""
    rivals = [one for one in done if one.layer.is_equal_rank(file.layer)]
    if not rivals or file.word in ("define", "variant"):
        return fold(folded, file, shape)
    own = _alone(start, done, file, shape)
    others = [_alone(start, done, rival, shape) for rival in rivals]
    after = fold(folded, file, shape)
    swapped = own.after
    for rival in rivals:
        swapped = fold(swapped, rival, shape)
    found = tuple(dict.fromkeys(_conflicts(after, swapped, own, others, shape)))
    return replace(after, problems=(*folded.problems, *own.problems), conflicts=(*after.conflicts, *found))


@dataclass(frozen=True, slots=True)
class _Alone:
    """What one file makes of the layers below it, without those of equal rank."""

    file: RuleFile
    before: Folded
    after: Folded

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.after.problems[len(self.before.problems) :]

    @property
    def touches(self) -> tuple[Touch, ...]:
        return self.after.touches

    @property
    def locks(self) -> list[Lock]:
        return [lock for lock in self.after.locks if lock.file is self.file.body.file]


def _alone(start: Folded, done: Sequence[RuleFile], file: RuleFile, shape: Shape) -> _Alone:
    before = start
    for lower in done:
        if lower.layer.name in file.layer.below:
            before = fold(before, lower, shape)
    return _Alone(file, before, fold(before, file, shape))


def _conflicts(
    after: Folded, swapped: Folded, own: _Alone, others: Sequence[_Alone], shape: Shape
) -> Iterator[Conflict]:
    """Every place at which the two orders differ, and every lock that one of the layers would break of the other."""
    if (after.blocked is None) is not (swapped.blocked is None):
        yield _conflict((), others[-1], own, shape)
        return
    locked = [conflict for other in others for conflict in (*_locked(own, other, shape), *_locked(other, own, shape))]
    yield from locked
    for path in _differing(after.root, swapped.root, shape, ()):
        if any(covers(conflict.path, path) for conflict in locked):
            continue
        ours, theirs = (at(folded.root, path, shape) for folded in (after, swapped))
        turned = _turned(ours, theirs, _shape_at(after.root, path, shape))
        if turned:
            yield _order(path, turned, own, others, shape)
        else:
            speaking = next((other for other in reversed(others) if _touch(other, path) is not None), others[-1])
            yield _conflict(path, speaking, own, shape)


def _locked(locking: _Alone, changing: _Alone, shape: Shape) -> Iterator[Conflict]:
    """The locks of one file that the other would break if it came later."""
    if changing.file.word in ("block", "withdraw"):
        return
    change = Change(changing.before.root, changing.after.root, changing.touches, shape, changing.file.span)
    for lock, touch in breaches(locking.locks, change):
        one = Saying(locking.file, f"locked with ${lock.kind}", lock.span)
        path = touch.path if covers(lock.path, touch.path) else lock.path
        yield _sorted(path, one, _saying(changing, path, shape))


def _conflict(path: Path, one: _Alone, other: _Alone, shape: Shape) -> Conflict:
    return _sorted(path, _saying(one, path, shape), _saying(other, path, shape))


def _sorted(path: Path, one: Saying, other: Saying, items: tuple[str, ...] = ()) -> Conflict:
    """The conflict with the layer that is first by name as its first, so that no order of layers shows in it."""
    if one.file.layer.name <= other.file.layer.name:
        return Conflict(path, one, other, items)
    return Conflict(path, other, one, items[::-1])


def _differing(one: State | None, other: State | None, shape: Shape, path: Path) -> Iterator[Path]:
    """The top-most paths at which two states differ, and those of lists whose items stand in another order."""
    if one is other:
        return
    form = _form(one, shape)
    if form != _form(other, shape):
        yield path
    elif one is None or other is None or form == "leaf":
        if not _alike(one, other, shape):
            yield path
    else:
        ours, theirs = names_below(one, shape), names_below(other, shape)
        for name in dict.fromkeys((*ours, *theirs)):
            inner = shape_below(shape, one if name in ours else other, name)
            yield from _differing(below(one, name, shape), below(other, name, shape), inner, (*path, name))
        if _turned(one, other, shape):
            yield path


def _form(state: State | None, shape: Shape) -> str:
    if state is None:
        return ""
    if isinstance(state, KeyedCell) or (state.value.__class__ is tuple and shape.of(state).form == "keyed"):
        return "keyed"
    return "map" if is_container(state) else "leaf"


def _alike(one: State | None, other: State | None, shape: Shape) -> bool:
    """Whether two leaves say the same; the order in a set says nothing."""
    if one is None or other is None:
        return one is other
    own, ours, theirs = shape.of(one), to_node(one), to_node(other)
    if own.form == "list" and own.strategy == "set" and ours.is_list and theirs.is_list:
        return sorted(_values(ours)) == sorted(_values(theirs))
    return same(ours, theirs, own)


def _values(node: Node) -> list[str]:
    return [shown(value.plain()) for value in node.value]


def _turned(one: State | None, other: State | None, shape: Shape) -> list[tuple[str, str]]:
    """The pairs of items that stand in another order in the other list, those that follow each other first."""
    form = _form(one, shape)
    if one is None or other is None or form != _form(other, shape) or form == "map":
        return []
    if form == "leaf":
        ours, theirs = to_node(one), to_node(other)
        if not (ours.is_list and theirs.is_list) or sorted(_values(ours)) != sorted(_values(theirs)):
            return []
        names, places = _values(ours), _values(theirs)
    else:
        names, places = names_below(one, shape), names_below(other, shape)
    common = [name for name in names if name in places]
    pairs = [(a, b) for gap in range(1, len(common)) for a, b in zip(common, common[gap:], strict=False)]
    return [(a, b) for a, b in pairs if places.index(a) > places.index(b)]


def _shape_at(state: State | None, path: Path, shape: Shape) -> Shape:
    for name in path:
        shape, state = shape_below(shape, state, name), below(state, name, shape)
    return shape


def _order(
    path: Path, turned: Sequence[tuple[str, str]], own: _Alone, others: Sequence[_Alone], shape: Shape
) -> Conflict:
    """The conflict of two files that put items of one list; of one item, where both put that."""
    ours = _put(own, path, shape)
    theirs = {id: saying for other in others for id, saying in _put(other, path, shape).items()}
    for id in sorted({id for pair in turned for id in pair}):
        if id in ours and id in theirs and ours[id].says != theirs[id].says:
            one, other = (replace(saying, says=f"put {saying.says}") for saying in (theirs[id], ours[id]))
            return _sorted((*path, id), one, other)
    both = sorted({*turned, *((two, one) for one, two in turned)})
    found = [_sorted(path, theirs[a], ours[b], (a, b)) for a, b in both if a in theirs and b in ours]
    return min(found, key=lambda each: each.items) if found else _somehow(path, both[0], own, others, shape)


def _somehow(path: Path, items: tuple[str, str], own: _Alone, others: Sequence[_Alone], shape: Shape) -> Conflict:
    """The conflict over the order of two values of a list, of which nothing tells who put them."""
    sayings = (replace(_saying(each, path, shape), says="beside the others") for each in (others[-1], own))
    one, other = sorted(sayings, key=lambda saying: saying.file.layer.name)
    return Conflict(path, one, other, items)


def _put(alone: _Alone, path: Path, shape: Shape) -> dict[str, Saying]:
    """Where a file put items of the keyed list at a path, by their ids."""
    cell, own = at(alone.after.root, path, shape), _shape_at(alone.after.root, path, shape)
    if _form(cell, own) != "keyed":
        return {}
    moved = {touch.path[-1] for touch in alone.touches if touch.verb == "move" and touch.path[:-1] == path}
    known = {*names_below(at(alone.before.root, path, shape), own)} - moved
    return {id: _placed(alone, cell, id, own) for id in names_below(cell, own) if id not in known}


def _placed(alone: _Alone, cell: State | None, id: str, shape: Shape) -> Saying:
    item = next((one for one in cell.items if one.id == id), None) if isinstance(cell, KeyedCell) else None
    if item is not None:
        anchor = item.anchor or ("at the end", "")
        return Saying(alone.file, f"{anchor[0]} {anchor[1]}".strip(), item.history[-1].span)
    state = below(cell, id, shape)
    return Saying(alone.file, "at the end", place_of(state) if state is not None else alone.file.span)


def _touch(alone: _Alone, path: Path) -> Touch | None:
    """The nearest change by a file at a path, above it or inside."""
    above = [touch for touch in alone.touches if covers(touch.path, path)]
    inside = [touch for touch in alone.touches if covers(path, touch.path)]
    return max(above, key=lambda touch: len(touch.path)) if above else next(iter(inside), None)


def _saying(alone: _Alone, path: Path, shape: Shape) -> Saying:
    """What a file says of a path, in words."""
    if alone.file.word in ("block", "replace") and not path:
        return Saying(alone.file, f"{alone.file.word}d".replace("kd", "ked"), alone.file.span)
    touch = _touch(alone, path)
    span = touch.span if touch is not None else alone.file.span
    state = at(alone.after.root, path, shape)
    if state is None:
        return Saying(alone.file, "removed", span)
    if _form(state, _shape_at(alone.after.root, path, shape)) == "leaf":
        node = to_node(state)
        return Saying(
            alone.file, f"= '{brief(node.plain())}'", node.span if node.file is alone.file.body.file else span
        )
    return Saying(alone.file, "replaced" if touch is not None and touch.verb == "replace" else "changed", span)
