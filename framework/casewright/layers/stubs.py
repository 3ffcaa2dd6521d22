"""Rules to paste into the layer at hand: the first line, and the way down to the one value that is to change."""

from __future__ import annotations

import re

from casewright.layers.shapes import ANY, Shape
from casewright.source import Node
from casewright.values import RuleName

_STEP = "  "
_NEEDS_QUOTES = re.compile(
    r"^$|^[\s\-?:,\[\]{}#&*!|>'\"%@`=<]|: |:$| #|\s$|^(?:true|false|null|~|yes|no|on|off)$|^[\d.+]"
)


def override_stub(name: RuleName, path: str, body: Node, shape: Shape) -> str:
    """The `extend:` of a rule that sets the value at `path` again; its value now stands there, to be changed.

    `body` is the resolved rule. A path that is not there is written down to where it leads as it is.
    """
    variant = f"@{name.variant}" if name.variant else ""
    lines = [f"extend: {name.kind}/{name.id}{variant}"]
    if name.for_class:
        lines.append(f"for: {name.for_class}")
    return "\n".join([*lines, *_below(body, shape, path.split(".") if path else [], 0)])


def _below(node: Node | None, shape: Shape, path: list[str], depth: int) -> list[str]:
    if not path:
        return []
    shape = shape.of(node)
    if shape.form == "keyed" or (node is not None and node.is_list and _item(node, shape.key or "id", path[0])):
        return _item_below(node, shape, path, depth)
    child, child_shape = (node.get(path[0]) if node is not None else None), shape.child(path[0]) or ANY
    if len(path) == 1:
        return [f"{_STEP * depth}{path[0]}: {_value(child)}"]
    return [f"{_STEP * depth}{path[0]}:", *_below(child, child_shape, path[1:], depth + 1)]


def _item_below(node: Node | None, shape: Shape, path: list[str], depth: int) -> list[str]:
    key, item_shape = shape.key or "id", shape.item or ANY
    item = _item(node, key, path[0])
    first = f"{_STEP * depth}- {key}: {path[0]}"
    if len(path) == 1:
        return [first]
    return [first, *_below(item, item_shape, path[1:], depth + 1)]


def _item(node: Node | None, key: str, wanted: str) -> Node | None:
    if node is None or not node.is_list:
        return None
    return next((item for item in node.value if (own := item.get(key)) is not None and own.value == wanted), None)


def _value(node: Node | None) -> str:
    if node is None:
        return "..."
    if node.is_map:
        return "{...}" if node.value else "{}"
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
    if quoted or "\n" in value or (_NEEDS_QUOTES.search(value) and type(value) is str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return value
