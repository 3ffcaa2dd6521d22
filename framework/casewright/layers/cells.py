"""The state of a rule while files are folded into it: immutable cells over the nodes of the files.

A part that one file alone wrote stays the Node it is. A part that several files touched, or that holds directives, is a
cell that keeps what the next file may need: the order of items with their tombstones, and who wrote what.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from casewright.layers.shapes import ANY, Shape
from casewright.source import Node
from casewright.source.node import SourceFile
from casewright.values import Span

Path: TypeAlias = tuple[str, ...]
"""The keys and item ids from the top of a rule down."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a file did at one path: where, what, and the plain value it gave (None where it gave none)."""

    span: Span
    operation: str
    value: Any = None


History: TypeAlias = tuple[Entry, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LeafCell:
    """A scalar or a plain list that several files set; `history` ends with the one that holds."""

    node: Node
    history: History

    @property
    def value(self) -> Any:
        return self.node.value

    def get(self, name: str) -> None:
        """Nothing: a leaf has no keys."""


@dataclass(frozen=True, slots=True, eq=False)
class MapCell:
    """A map, its children, and the histories of the keys that were unset."""

    at: Node
    children: dict[str, State]
    gone: dict[str, History]
    history: History = ()

    @property
    def value(self) -> dict[str, State]:
        return self.children

    def get(self, name: str) -> State | None:
        return self.children.get(name)


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One item of a keyed list. Without a state it is a tombstone: removed, and still an anchor.

    `anchor` is the side, the anchor's id and the file of the directive that placed it.
    """

    id: str
    state: State | None
    history: History
    anchor: tuple[str, str, SourceFile] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KeyedCell:
    """A keyed list: its items in order, tombstones among them."""

    at: Node
    items: tuple[Item, ...]
    history: History = ()

    @property
    def value(self) -> tuple[Item, ...]:
        return self.items

    def get(self, name: str) -> State | None:
        """The item of this id."""
        return next((item.state for item in self.items if item.id == name), None)


State: TypeAlias = Node | LeafCell | MapCell | KeyedCell


def to_node(state: State) -> Node:
    """The tree that a state stands for, without tombstones and histories."""
    if isinstance(state, Node):
        return state
    if isinstance(state, LeafCell):
        return state.node
    if isinstance(state, MapCell):
        return state.at.with_value({name: to_node(below) for name, below in state.children.items()})
    return state.at.with_value(tuple(to_node(item.state) for item in state.items if item.state is not None))


def place_of(state: State) -> Span:
    """Where the value of a state was written."""
    if isinstance(state, Node):
        return state.span
    return state.node.span if isinstance(state, LeafCell) else state.at.span


def history_of(state: State) -> History:
    """Who wrote the value of a state, the last one holds."""
    if isinstance(state, Node):
        return (Entry(state.span, "set", None if state.is_map else state.plain()),)
    return state.history


def is_container(state: State) -> bool:
    """Whether the state is a map or a keyed list, taken apart or not."""
    return isinstance(state, (MapCell, KeyedCell)) or (isinstance(state, Node) and state.is_map)


def id_of(item: Node, key: str) -> str:
    """The id of an item of a keyed list, or nothing."""
    own = item.get(key)
    return own.value if own is not None and isinstance(own.value, str) else ""


def shape_below(shape: Shape, state: State | None, name: str) -> Shape:
    """The shape of a key or an item, as the state says which form and choice its parent takes."""
    own = shape.of(state)
    if own.form in ("keyed", "list"):
        return own.item or ANY
    return own.child(name) or ANY


def below(state: State | None, name: str, shape: Shape) -> State | None:
    """The child of a map or the item of a keyed list by its name, or None. `shape` is that of the state."""
    if state is None or isinstance(state, LeafCell):
        return None
    if isinstance(state, Node) and isinstance(state.value, tuple):
        key = shape.of(state).key
        return next((item for item in state.value if id_of(item, key) == name), None) if key else None
    return state.get(name)


def names_below(state: State | None, shape: Shape) -> list[str]:
    """The keys of a map or the ids of the items of a keyed list."""
    if isinstance(state, MapCell):
        return list(state.children)
    if isinstance(state, KeyedCell):
        return [item.id for item in state.items if item.state is not None]
    if isinstance(state, Node) and isinstance(state.value, dict):
        return list(state.value)
    key = shape.of(state).key if isinstance(state, Node) and isinstance(state.value, tuple) else ""
    return [name for item in state.value if (name := id_of(item, key))] if state is not None and key else []


def at(state: State | None, path: Path, shape: Shape) -> State | None:
    """The state at a path, or None where nothing is."""
    for name in path:
        state, shape = below(state, name, shape), shape_below(shape, state, name)
    return state


def plain_of(state: State | None, shape: Shape, without: Callable[[Path], bool], path: Path = ()) -> Any:
    """The value of a state without places; parts whose path `without` answers for are left out."""
    if state is None:
        return None
    names = names_below(state, shape)
    if not names:
        return to_node(state).plain()
    return [
        (name, plain_of(below(state, name, shape), shape_below(shape, state, name), without, (*path, name)))
        for name in names
        if not without((*path, name))
    ]
