"""Rules to paste into the layer at hand: the first line, and the way down to the one value that is to change."""

from __future__ import annotations

import re
from collections.abc import Iterable

from casewright.layers.shapes import ANY, Shape
from casewright.source import Formula, Node
from casewright.values import RuleName

_STEP = "  "
_NEEDS_QUOTES = re.compile(
    r"^$|^[\s\-?:,\[\]{}#&*!|>'\"%@`<]|: |:$| #|[,\[\]{}]|\s$"
    r"|^(?:true|false|null|~|yes|no|on|off)$|^[+.]?\d[\d.]*(?:[eE][+-]?\d+)?$"
)


def override_stub(name: RuleName, path: str, body: Node, shape: Shape, *, has_head: bool = True) -> str:
    """The `extend:` of a rule that sets the value at `path` again; its value now stands there, to be changed.

    `body` is the resolved rule. A path that is not there is written down to where it leads as it is. Without a head
    it is what a file that speaks of the rule already is to hold as well.
    """
    variant = f"@{name.variant}" if name.variant else ""
    lines = [f"extend: {name.kind}/{name.id}{variant}"]
    if name.for_class:
        lines.append(f"for: {name.for_class}")
    return "\n".join([*(lines if has_head else ()), *_below(body, shape, path.split(".") if path else [], 0)])


def parts_stub(body: Node, shape: Shape, paths: Iterable[str]) -> list[str]:
    """The lines that set again what stands at several paths of a resolved rule, and take out what does not."""
    return _parts(body, shape, [path.split(".") for path in paths], 0)


def _parts(node: Node | None, shape: Shape, paths: list[list[str]], depth: int) -> list[str]:
    shape = shape.of(node)
    lines: list[str] = []
    gone: list[str] = []
    for name in dict.fromkeys(path[0] for path in paths):
        inner = [path[1:] for path in paths if path[0] == name]
        if shape.form == "keyed":
            lines += _item_parts(_item(node, shape.key, name), shape, name, inner, depth)
            continue
        child, below = node.get(name) if node is not None else None, shape.child(name) or ANY
        if child is None:
            gone.append(name)
        elif [] in inner:
            lines.append(f"{_STEP * depth}{name}: {_value(child, below)}")
        else:
            lines += [f"{_STEP * depth}{name}:", *_parts(child, below, inner, depth + 1)]
    return [*lines, f"{_STEP * depth}$unset: [{', '.join(gone)}]"] if gone else lines


def _item_parts(item: Node | None, shape: Shape, name: str, inner: list[list[str]], depth: int) -> list[str]:
    first = f"{_STEP * depth}- "
    if item is None:
        return [f"{first}{{{shape.key}: {name}, $remove: true}}"]
    if [] in inner:
        return [f"{first}{_value(item)}"]
    return [f"{first}{shape.key}: {name}", *_parts(item, shape.item or ANY, inner, depth + 1)]


def _below(node: Node | None, shape: Shape, path: list[str], depth: int) -> list[str]:
    if not path:
        return []
    shape = shape.of(node)
    if shape.form == "keyed" or (node is not None and node.is_list and _item(node, shape.key or "id", path[0])):
        return _item_below(node, shape, path, depth)
    child, child_shape = (node.get(path[0]) if node is not None else None), shape.child(path[0]) or ANY
    key = f"{_STEP * depth}{path[0]}:"
    if len(path) > 1:
        return [key, *_below(child, child_shape, path[1:], depth + 1)]
    return (
        [key, *_new_item(child, child_shape, depth + 1)]
        if _is_keyed(child, child_shape)
        else [f"{key} {_value(child, child_shape)}"]
    )


def _item_below(node: Node | None, shape: Shape, path: list[str], depth: int) -> list[str]:
    key, item_shape = shape.key or "id", shape.item or ANY
    item = _item(node, key, path[0])
    first = f"{_STEP * depth}- {key}: {path[0]}"
    if len(path) == 1:
        return [first, *(f"{_STEP * (depth + 1)}{name}: ..." for name in _needed(item, item_shape, key))]
    return [first, *_below(item, item_shape, path[1:], depth + 1)]


def _needed(item: Node | None, shape: Shape, key: str) -> list[str]:
    """What an item that is not there needs beside its id, to be there again."""
    if item is not None:
        return []
    named = (shape.discriminator,) if shape.discriminator else ()
    return [name for name in dict.fromkeys((*named, *shape.required)) if name != key]


def _item(node: Node | None, key: str, wanted: str) -> Node | None:
    if node is None or not node.is_list:
        return None
    return next((item for item in node.value if (own := item.get(key)) is not None and own.value == wanted), None)


def _is_keyed(node: Node | None, shape: Shape) -> bool:
    return shape.of(node).form == "keyed"


def _new_item(node: Node | None, shape: Shape, depth: int) -> list[str]:
    """A new item behind the last one: what a layer above writes into a keyed list."""
    key = shape.of(node).key
    items = node.value if node is not None and node.is_list else ()
    last = items[-1].get(key) if items else None
    after = f", $after: {last.value}" if last is not None else ""
    return [f"{_STEP * depth}- {{{key}: new{after}, ...}}"]


def _value(node: Node | None, shape: Shape = ANY) -> str:
    """A value in flow form; a list that its shape does not replace says what is added to it."""
    if node is None:
        return "..."
    if node.is_map:
        return "{" + ", ".join(f"{name}: {_value(child)}" for name, child in node.value.items()) + "}"
    if node.is_list and shape.of(node).form == "list" and shape.of(node).strategy != "replace":
        return "{$append: [...]}"
    if node.is_list:
        return "[" + ", ".join(_value(item) for item in node.value) + "]"
    return yaml_scalar(node.value, quoted=node.quoted)


def yaml_scalar(value: object, *, quoted: bool = False) -> str:
    """A scalar as a plain YAML author would write it: in quotes where it stood in quotes or needs them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    text = f"={value}" if isinstance(value, Formula) else value
    if quoted or "\n" in text or _NEEDS_QUOTES.search(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return text
