"""Merging: one file folded onto what the files before it made. Knows shapes, and nothing of kinds or layers' order.

`Merge.onto(state)` gives a new state and never changes the old one, so that folding files one after the other is the
only composition there is: it is associative, and a file that says nothing changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from casewright.layers import keyed, lists
from casewright.layers.cells import (
    Entry,
    History,
    LeafCell,
    MapCell,
    Path,
    State,
    history_of,
    is_container,
    place_of,
    to_node,
)
from casewright.layers.changes import Override, Touch, gone_by
from casewright.layers.locks import Lock, locks_of
from casewright.layers.scalars import is_true, shown
from casewright.layers.shapes import ANY, Shape
from casewright.layers.typing import Added, Place, expected_form
from casewright.source import Node
from casewright.source.node import SourceFile
from casewright.values import Problem, Related, Span, did_you_mean

MAP_WORDS = ("$unset", "$replace", "$final", "$required", "$closed", "$constraint")
ITEM_WORDS = ("$before", "$after", "$first", "$last", "$remove", "$patch")
LIST_WORDS = ("$append", "$prepend", "$remove", "$replace")
LOCK_WORDS = frozenset(("$final", "$required", "$closed", "$constraint"))


@dataclass(slots=True, eq=False)
class Merge:
    """Folds one file's body; collects problems and what later passes judge.

    `is_delta` says that new items and fields may be misspelt names of existing ones; `plain` that the text holds no
    `$`, so that what is new may be taken whole.
    """

    file: SourceFile
    is_delta: bool = False
    plain: bool = False
    problems: list[Problem] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    fresh: dict[Place, Added] = field(default_factory=dict)
    replaced: Span | None = None
    """Where the rule that a variant changes was replaced whole, in a layer above the variant's."""

    def onto(self, state: State | None, body: Node, shape: Shape) -> State:
        """What `body` makes of `state`."""
        if word := body.get("$replace"):
            self.report(
                word.key, "E105", "`$replace` at the top of a rule", help="write `replace: KIND/ID` as its first line"
            )
            body = body.with_value({name: below for name, below in body.value.items() if name != "$replace"})
        return self.merged(state, body, shape, ())

    def merged(self, state: State | None, node: Node, shape: Shape, path: Path, key: str = "") -> State:
        """What `node` makes of the state at `path`; `key` names the id of an item of a keyed list."""
        if state is None and self.plain:
            return node
        value = node.value
        if shape.form == "one_of":
            shape = self._form(state, node, shape)
        if isinstance(value, dict):
            if "$replace" in value:
                return self._replaced(state, node, shape, path, key)
            if lists.is_directives(node, shape):
                return lists.directed(self, state, node, shape, path)
            return self._map(state, node, shape, path, key)
        if isinstance(value, tuple):
            return self._list(state, node, shape, path)
        return self._leaf(state, node, shape, path)

    def report(self, span: Span, code: str, message: str, related: tuple[Related, ...] = (), help: str = "") -> None:
        self.problems.append(Problem(span, code, message, related, help))

    def touch(self, path: Path, verb: str, span: Span) -> None:
        self.touches.append(Touch(path, verb, span))

    def _form(self, state: State | None, node: Node, shape: Shape) -> Shape:
        """The form that the new value takes, or the one that the state has where the value is all directives."""
        if node.is_map and node.value and all(name in LIST_WORDS for name in node.value):
            listed = next((form for form in shape.forms if form.form in ("list", "keyed")), None)
            return listed or shape.fitting(state if state is not None else node)
        return shape.fitting(node)

    def _replaced(self, state: State | None, node: Node, shape: Shape, path: Path, key: str) -> State:
        """What stands there after `$replace`: its value, or with `true` the map that it stands in."""
        word = node.value["$replace"]
        whole = is_true(word) and shape.form != "scalar"
        if not whole and len(node.value) > 1:
            self.report(
                word.key, "E105", "`$replace` with a value stands alone", help="write `$replace: true` in a map"
            )
        if state is not None:
            self.touch(path, "replace", word.key)
        rest = (
            node.with_value({name: below for name, below in node.value.items() if name != "$replace"})
            if whole
            else word
        )
        new = self.merged(None, rest, shape, path, key)
        return new if state is None else self._remembering(new, state, word.key)

    def _remembering(self, new: State, old: State, span: Span) -> State:
        """The new state with the history of what it replaced."""
        plain = to_node(new).plain()
        entry = Entry(span, "replaced", plain if not is_container(new) else None)
        history = (*history_of(old), entry)
        if isinstance(new, Node):
            return MapCell(new, new.value, {}, history) if new.is_map else LeafCell(new, history)
        if isinstance(new, LeafCell):
            return LeafCell(new.node, history)
        return (
            type(new)(new.at, new.children, new.gone, history)
            if isinstance(new, MapCell)
            else keyed.with_history(new, history)
        )

    def _map(self, state: State | None, node: Node, shape: Shape, path: Path, key: str) -> State:
        if state is not None and not (isinstance(state, MapCell) or (isinstance(state, Node) and state.is_map)):
            return self._clash(state, node, shape, path)
        cell = state if isinstance(state, MapCell) else _lifted(state, node)
        if state is not None and isinstance(state, Node):
            cell = _lifted(state, state)
        lower = cell if state is not None else None
        if lower is not None and self._changes_choice(lower, node, shape, path):
            return lower
        shape = shape.of(lower) if lower is not None and lower.get(shape.discriminator) else shape.of(node)
        children, gone = dict(cell.children), dict(cell.gone)
        if "$unset" in node.value:
            self._unset(node.value["$unset"], children, gone, path)
        for name, child in node.value.items():
            if name[:1] == "$":
                if name[1:2] != "$":
                    self._directive(name, child, shape, path, bool(key))
                    continue
                name = name[1:]
            if key and name == key and name in children:
                continue
            children[name] = self._child(children.get(name), child, shape, (*path, name), children)
        return MapCell(cell.at, children, gone, cell.history)

    def _child(self, state: State | None, child: Node, shape: Shape, path: Path, siblings: dict[str, State]) -> State:
        if state is None:
            self.touch(path, "add", child.key)
            if self.is_delta and child.is_map:
                self.fresh[child.file, child.line, child.column] = Added("field", path[-1], tuple(siblings))
        return self.merged(state, child, shape.child(path[-1]) or ANY, path)

    def _changes_choice(self, cell: MapCell, node: Node, shape: Shape, path: Path) -> bool:
        """Whether a file gives the discriminator of an existing item another value, which needs `$replace: true`."""
        lower = cell.get(shape.discriminator) if shape.discriminator else None
        upper = node.value.get(shape.discriminator)
        if lower is None or upper is None or upper.value == lower.value:
            return False
        dotted = ".".join((*path, shape.discriminator))
        message = (
            f"'{dotted}' is '{shown(upper.plain())}' here but '{shown(to_node(lower).plain())}' at {place_of(lower)}"
        )
        related = (Related(place_of(lower), "it is set here"),)
        self.report(
            upper.span, "E204", message, related, "add `$replace: true` to begin the item anew, or take another id"
        )
        return True

    def _unset(self, node: Node, children: dict[str, State], gone: dict[str, History], path: Path) -> None:
        names = node.value if node.is_list else (node,)
        if not all(isinstance(name.value, str) for name in names):
            self.report(node.span, "E105", "`$unset` takes a list of keys", help="write `$unset: [KEY, ...]`")
            return
        for name in names:
            text: str = name.value
            old = children.pop(text, None)
            if old is None:
                self._no_such(name, f"cannot unset '{'.'.join((*path, text))}': no such key", children, gone.get(text))
                continue
            self.touch((*path, text), "remove", name.span)
            gone[text] = (*history_of(old), Entry(name.span, "unset"))

    def _no_such(self, node: Node, message: str, known: dict[str, State], tombstone: History | None) -> None:
        self.report(
            node.span, "E203", message + did_you_mean(str(node.value), known), gone_by(tombstone),
            f"keys here: {', '.join(known)}" if known else "",
        )  # fmt: skip

    def _directive(self, name: str, node: Node, shape: Shape, path: Path, is_item: bool) -> None:
        """Takes a lock; reports a `$` word that means nothing here."""
        if name in LOCK_WORDS:
            found, problems = locks_of(name, node, path, shape)
            self.locks += found
            self.problems += problems
            return
        valid = (*MAP_WORDS, *ITEM_WORDS) if is_item else MAP_WORDS
        if name not in valid:
            lost = (
                "; it belongs to an item of a keyed list or to a plain list"
                if name in (*ITEM_WORDS, *LIST_WORDS)
                else ""
            )
            near = "" if lost else did_you_mean(name, valid)
            help_ = f"valid here: {', '.join(valid)}; a key that begins with $ is written ${name}"
            self.report(node.key, "E105", f"unknown directive '{name}'{near}{lost}", help=help_)

    def _list(self, state: State | None, node: Node, shape: Shape, path: Path) -> State:
        if shape.form == "keyed":
            if state is not None and not keyed.is_keyed(state):
                return self._clash(state, node, shape, path)
            return keyed.merged(self, state, node, shape, path)
        if not self.plain:
            node = lists.unescaped(self, node)
        if state is None:
            return node
        if is_container(state) or not isinstance(state.value, tuple):
            return self._clash(state, node, shape, path)
        return lists.bare(self, state, node, shape, path)

    def _leaf(self, state: State | None, node: Node, shape: Shape, path: Path) -> State:
        if state is None:
            return node
        if is_container(state) or isinstance(state.value, tuple):
            return self._clash(state, node, shape, path)
        lower = to_node(state)
        self.touch(path, "set", node.span)
        self.overrides.append(Override(path, lower, node, shape))
        return LeafCell(node, (*history_of(state), Entry(node.span, "set", node.value)))

    def _clash(self, state: State, node: Node, shape: Shape, path: Path) -> State:
        if not shape.takes(node.value):
            message = f"{_form_of(node)} stands here; {expected_form(shape)} is expected"
            self.report(node.span, "E205", message, help=_as_list(node, shape, path))
            return state
        lower, place = _form_of(state), place_of(state)
        below = f"{place} [{place.layer}]" if place.layer else str(place)
        message = f"'{'.'.join(path)}' is {_form_of(node)} here but {lower} at {below}"
        help_ = f"to change its form, write `{path[-1] if path else ''}: {{$replace: ...}}`"
        self.report(node.span, "E204", message, (Related(place, f"{lower} stands here"),), help_)
        return state


def _as_list(node: Node, shape: Shape, path: Path) -> str:
    """How to write a value as the list that is expected."""
    if shape.form == "keyed":
        return f"begin each item with `- {shape.key}: NAME`"
    return f"write `{path[-1]}: [{shown(node.value)}]`" if shape.form == "list" and node.is_scalar else ""


def _lifted(state: Node | None, at: Node) -> MapCell:
    return MapCell(at, state.value if state is not None else {}, {})


def _form_of(state: State) -> str:
    if isinstance(state, (Node, LeafCell)):
        return "a map" if to_node(state).is_map else "a list" if to_node(state).is_list else "a single value"
    return "a map" if isinstance(state, MapCell) else "a list"
