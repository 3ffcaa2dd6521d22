"""Layers of equal rank: where two of them say different things of one place, and nothing but chance decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casewright.layers.cells import KeyedCell, LeafCell, MapCell, Path, State, at, to_node
from casewright.layers.changes import Override, Touch
from casewright.layers.files import RuleFile
from casewright.layers.lists import same
from casewright.layers.locks import covers
from casewright.layers.scalars import shown
from casewright.layers.shapes import Shape
from casewright.source import Node, SourceFile
from casewright.values import Problem, Related, Span


@dataclass(frozen=True, slots=True)
class Saying:
    """What one file says of a place: the layer, the words, and where."""

    file: RuleFile
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sayings of equal rank about one path, until a layer above both settles it."""

    path: Path
    one: Saying
    other: Saying


def conflicts(
    before: State | None,
    files: Sequence[RuleFile],
    file: RuleFile,
    touches: Sequence[Touch],
    overrides: Sequence[Override],
    shape: Shape,
) -> Mapping[Path, Conflict]:
    """The conflicts of `file` with the files of equal rank that were folded before it."""
    equal = {one.body.file: one for one in files if one.layer.is_equal_rank(file.layer)}
    if not equal:
        return {}
    found = {override.path: _values(override, equal[override.lower.file], file) for override in overrides
             if override.lower.file in equal and not same(override.lower, override.upper, override.shape)}  # fmt: skip
    for touch in touches:
        if touch.verb in ("remove", "replace"):
            found |= _removed(before, file, touch, equal, shape)
        elif touch.verb == "add":
            found |= _revived(before, file, touch, equal, shape)
    return found


def settled(conflict: Conflict, file: RuleFile, touches: Sequence[Touch]) -> bool:
    """Whether `file`, of a layer above both, says what holds."""
    names = (conflict.one.file.layer.name, conflict.other.file.layer.name)
    above = all(name in file.layer.below for name in names)
    return above and any(covers(touch.path, conflict.path) for touch in touches)


def conflict_problem(conflict: Conflict) -> Problem:
    """E230: both sayings, and the two ways out."""
    one, other = conflict.one, conflict.other
    name, path = conflict.path[-1], ".".join(conflict.path)
    message = f"{_told(one, name)} and {_told(other, name)} have equal rank"
    first, second = one.file.layer.name, other.file.layer.name
    help_ = f"set '{path}' in a layer built on both, or write `built_on: [{first}]` in {second}'s layer.yaml"
    return Problem(other.span, "E230", message, (Related(one.span, f"what {first} says"),), help_)


def unordered(state: State | None, files: Sequence[RuleFile]) -> Iterator[Problem]:
    """W231 where two layers of equal rank placed items at one anchor, so that only chance orders them."""
    layers = list({file.layer.name: file.layer for file in files}.values())
    if any(one.is_equal_rank(other) for number, one in enumerate(layers) for other in layers[:number]):
        yield from _unordered(state, (), {file.body.file: file for file in files})


def _told(saying: Saying, name: str) -> str:
    return f"[{saying.file.layer.label}] {name} {saying.says} ({saying.span})"


def _values(override: Override, lower: RuleFile, upper: RuleFile) -> Conflict:
    one = Saying(lower, f"= '{shown(override.lower.plain())}'", override.lower.span)
    return Conflict(override.path, one, Saying(upper, f"= '{shown(override.upper.plain())}'", override.upper.span))


def _removed(
    before: State | None, file: RuleFile, touch: Touch, equal: Mapping[SourceFile, RuleFile], shape: Shape
) -> dict[Path, Conflict]:
    """A removal of what a layer of equal rank wrote."""
    gone = at(before, touch.path, shape)
    written = next((leaf for leaf in _leaves(gone) if leaf.file in equal), None)
    if written is None:
        return {}
    one = Saying(equal[written.file], "changed", written.span)
    return {touch.path: Conflict(touch.path, one, Saying(file, "removed", touch.span))}


def _revived(
    before: State | None, file: RuleFile, touch: Touch, equal: Mapping[SourceFile, RuleFile], shape: Shape
) -> dict[Path, Conflict]:
    """A change of an item that a layer of equal rank removed."""
    cell = at(before, touch.path[:-1], shape)
    items = cell.items if isinstance(cell, KeyedCell) else ()
    tomb = next((item for item in items if item.id == touch.path[-1] and item.state is None), None)
    by = next((one for one in equal.values() if tomb and one.body.file.path == tomb.history[-1].span.path), None)
    if tomb is None or by is None:
        return {}
    one = Saying(by, "removed", tomb.history[-1].span)
    return {touch.path: Conflict(touch.path, one, Saying(file, "changed", touch.span))}


def _leaves(state: State | None) -> Iterator[Node]:
    if isinstance(state, LeafCell):
        yield state.node
    elif isinstance(state, MapCell):
        for below in state.children.values():
            yield from _leaves(below)
    elif isinstance(state, KeyedCell):
        for item in state.items:
            yield from _leaves(item.state)
    elif state is not None:
        yield to_node(state)


def _unordered(state: State | None, path: Path, files: Mapping[SourceFile, RuleFile]) -> Iterator[Problem]:
    if isinstance(state, MapCell):
        for name, below in state.children.items():
            yield from _unordered(below, (*path, name), files)
    if not isinstance(state, KeyedCell):
        return
    first: dict[tuple[str, str], tuple[str, Saying]] = {}
    for item in state.items:
        if item.state is None:
            continue
        yield from _unordered(item.state, (*path, item.id), files)
        if item.anchor is None or item.anchor[2] not in files:
            continue
        side, anchor, source = item.anchor
        here = Saying(files[source], f"{side} {anchor}".strip(), item.history[-1].span)
        id, other = first.setdefault((side, anchor), (item.id, here))
        if other.file.layer.is_equal_rank(here.file.layer):
            yield _same_place(".".join(path), item.id, here, id, other)


def _same_place(path: str, id: str, here: Saying, other_id: str, other: Saying) -> Problem:
    where = f"[{other.span.layer}] at {other.span}"
    message = f"'{id}' and '{other_id}' ({where}) are both put {here.says} in '{path}' by layers of equal rank"
    help_ = "place one of the two by the other in a layer built on both"
    return Problem(here.span, "W231", message, (Related(other.span, f"'{other_id}' is put here"),), help_)
