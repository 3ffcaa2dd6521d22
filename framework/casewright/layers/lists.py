"""Plain lists: a bare one replaces, directives append, prepend, remove and replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewright.layers.cells import Entry, LeafCell, Path, State, history_of, is_container, place_of, to_node
from casewright.layers.changes import Override
from casewright.layers.scalars import shown
from casewright.layers.shapes import ANY, Shape
from casewright.layers.typing import typed
from casewright.source import Node
from casewright.values import Related

if TYPE_CHECKING:
    from casewright.layers.merging import Merge

WORDS = ("$replace", "$remove", "$prepend", "$append")


def is_directives(node: Node, shape: Shape) -> bool:
    """Whether a map stands for changes of a plain list."""
    return (
        shape.form == "list" and bool(node.value) and all(name[:1] == "$" and name[:2] != "$$" for name in node.value)
    )


def bare(merge: Merge, state: State, node: Node, shape: Shape, path: Path) -> State:
    """A list over a list: the new one, where the field's strategy is to replace."""
    inherited = to_node(state)
    if shape.form == "list" and shape.strategy != "replace" and inherited.value:
        count = len(inherited.value)
        message = (
            f"a bare list would replace {count} inherited value{'s' if count > 1 else ''} [{_shown(inherited)}]; "
            "write {$append: [...]} or {$replace: [...]}"
        )
        related = (Related(place_of(state), "the inherited list"),)
        merge.report(node.span, "E209", message, related, f"write `{path[-1]}: {{$append: [{_shown(node)}]}}`")
        return state
    return _set(merge, state, node, shape, path, "set")


def directed(merge: Merge, state: State | None, node: Node, shape: Shape, path: Path) -> State:
    """What `$append`, `$prepend` and `$remove` make of a list."""
    if state is not None and (is_container(state) or not isinstance(state.value, tuple)):
        message = f"'{'.'.join(path)}' is a list here but something else at {place_of(state)}"
        merge.report(
            node.span, "E204", message, (Related(place_of(state), "it stands here"),), "write {$replace: [...]}"
        )
        return state
    values = list(state.value) if state is not None else []
    for name, below in node.value.items():
        if name not in WORDS:
            valid = "valid for a list: $append, $prepend, $remove, $replace"
            merge.report(below.key, "E105", f"unknown directive '{name}' on a list", help=valid)
        elif not below.is_list:
            merge.report(below.span, "E205", f"`{name}` takes a list", help=f"write `{name}: [{below.value}]`")
        else:
            values = _changed(merge, name, values, unescaped(merge, below), shape, state)
    if state is not None and tuple(values) == state.value:
        return state
    new = node.with_value(tuple(values))
    return new if state is None else _set(merge, state, new, shape, path, "changed")


def _changed(merge: Merge, word: str, values: list[Node], by: Node, shape: Shape, state: State | None) -> list[Node]:
    item = shape.item or ANY
    if word == "$remove":
        return _without(merge, values, by, item, state)
    added = list(by.value)
    if shape.strategy == "set":
        added = [one for one in added if not any(same(one, other, item) for other in values)]
    return [*added, *values] if word == "$prepend" else [*values, *added]


def _without(merge: Merge, values: list[Node], by: Node, item: Shape, state: State | None) -> list[Node]:
    for gone in by.value:
        left = [value for value in values if not same(value, gone, item)]
        if len(left) == len(values):
            related = (Related(place_of(state), "the list"),) if state is not None else ()
            left_over = ", ".join(shown(value.plain()) for value in values)
            merge.report(
                gone.span,
                "E203",
                f"cannot remove '{shown(gone.plain())}': the list has no such value",
                related,
                f"it has: {left_over}",
            )
        values = left
    return values


def unescaped(merge: Merge, node: Node) -> Node:
    """An item of a plain list with `$$name` as `$name`; other `$` words have no place there and are reported."""
    if node.is_list:
        return node.with_value(tuple(unescaped(merge, below) for below in node.value))
    if not node.is_map:
        return node
    entries = {}
    for name, below in node.value.items():
        if name[:1] == "$" and name[1:2] != "$":
            help_ = f"an item of a plain list is taken whole; a key that begins with $ is written ${name}"
            merge.report(below.key, "E105", f"directive '{name}' inside a plain list", help=help_)
            continue
        entries[name[1:] if name[:1] == "$" else name] = unescaped(merge, below)
    return node.with_value(entries)


def same(one: Node, other: Node, shape: Shape) -> bool:
    """Whether two values are equal once they are typed."""
    if one.value == other.value and one.is_scalar:
        return True
    return bool(typed(one, shape)[0].plain() == typed(other, shape)[0].plain())


def _set(merge: Merge, state: State, node: Node, shape: Shape, path: Path, verb: str) -> LeafCell:
    merge.touch(path, "set", node.span)
    merge.overrides.append(Override(path, to_node(state), node, shape))
    return LeafCell(node, (*history_of(state), Entry(node.span, verb, node.plain())))


def _shown(node: Node) -> str:
    return ", ".join(shown(value.plain()) for value in node.value)
