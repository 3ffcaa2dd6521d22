"""Provenance: for every leaf, item and lock of a resolved rule, who wrote it and what was written before."""

from __future__ import annotations

from collections.abc import Mapping

from casewright.layers.cells import (
    Entry,
    History,
    KeyedCell,
    LeafCell,
    MapCell,
    Path,
    State,
    id_of,
    shape_below,
)
from casewright.layers.locks import Lock
from casewright.layers.shapes import Shape
from casewright.source import Node

LOCKED = ("final", "required", "closed", "constraint")
"""The operations of entries that say a lock."""


def provenance(root: State | None, locks: tuple[Lock, ...], shape: Shape) -> Mapping[str, History]:
    """Path to entries, the last of which holds; paths join keys and item ids with dots.

    Removed items and unset keys keep theirs; their last entry says `removed` or `unset`. The ids of items and `$` words
    have none. A lock is an entry of the path that it names.
    """
    found: dict[Path, History] = {}
    if root is not None:
        _collect(root, shape, (), found)
    for lock in locks:
        said = lock.test.value if lock.test is not None else list(lock.allowed) or True
        found[lock.path] = (*found.get(lock.path, ()), Entry(lock.span, lock.kind, said))
    return {".".join(path): history for path, history in found.items()}


def _collect(state: State, shape: Shape, path: Path, found: dict[Path, History]) -> None:
    own = shape.of(state)
    if isinstance(state, LeafCell):
        found[path] = state.history
    elif isinstance(state, MapCell):
        _collect_map(state, own, path, found)
    elif isinstance(state, KeyedCell):
        _collect_items(state, own, path, found)
    elif isinstance(state.value, dict):
        for name, below in state.value.items():
            _collect(below, own.child(name) or shape_below(own, state, name), (*path, name), found)
    elif isinstance(state.value, tuple) and own.form == "keyed":
        _collect_raw_items(state, own, path, found)
    else:
        found[path] = (Entry(state.span, "set", state.plain()),)


def _collect_map(cell: MapCell, shape: Shape, path: Path, found: dict[Path, History]) -> None:
    if cell.history:
        found[path] = cell.history
    for name, history in cell.gone.items():
        found[*path, name] = history
    for name, below in cell.children.items():
        _collect(below, shape_below(shape, cell, name), (*path, name), found)
        if name in cell.gone:
            found[*path, name] = (*cell.gone[name], *found.get((*path, name), ()))


def _collect_items(cell: KeyedCell, shape: Shape, path: Path, found: dict[Path, History]) -> None:
    if cell.history:
        found[path] = cell.history
    for item in cell.items:
        here = (*path, item.id)
        if item.state is not None and shape.item is not None:
            _collect(item.state, shape.item, here, found)
            found.pop((*here, shape.key), None)
        found[here] = (*item.history, *found.get(here, ()))


def _collect_raw_items(node: Node, shape: Shape, path: Path, found: dict[Path, History]) -> None:
    assert shape.item is not None
    for item in node.value:
        here = (*path, id_of(item, shape.key))
        _collect(item, shape.item, here, found)
        found.pop((*here, shape.key), None)
        found[here] = (Entry(item.span, "added"), *found.get(here, ()))
