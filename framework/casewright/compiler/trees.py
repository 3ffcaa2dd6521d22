"""Resolved trees as text: what a release stores, what a digest is taken of, and what an old plan is compiled from."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any

from casewright.source.node import Formula, Node, SourceFile
from casewright.values import Duration

_TAGGED: tuple[tuple[str, type[Any]], ...] = (
    ("=", Formula),
    ("#", Decimal),
    ("~", Duration),
    ("@dt", datetime),
    ("@d", date),
    ("@t", time),
)
"""Tags of values that JSON has no form for; none of them can be a key of a rule. The first type that fits is used."""


def written(node: Node) -> str:
    """The tree as JSON text: the same text for the same tree. The order of keys counts, as it does for people."""
    return _ENCODER.encode(node)


def digest_of(text: str) -> str:
    """The hash of a tree's text, in hex."""
    return sha256(text.encode()).hexdigest()


def read_back(text: str, origin: str) -> Node:
    """The tree of a text; every place in it is `origin`, the release that it comes from."""
    return _node(json.loads(text), SourceFile(origin))


def _value(node: Node) -> Any:
    """What the encoder takes a node for: what it holds, or the tagged form of a value that JSON does not have."""
    value = node.value
    return value if value.__class__ in _FORMS else _tag(value)


_FORMS = frozenset({dict, tuple, str, int, bool, type(None)})
"""The types of values that JSON has a form for."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_value)


def _tag(value: Any) -> dict[str, str]:
    for tag, kind in _TAGGED:
        if isinstance(value, kind):
            return {tag: value.isoformat() if tag.startswith("@") else str(value)}
    raise TypeError(f"a tree holds no {type(value).__name__}")


def _node(plain: Any, file: SourceFile) -> Node:
    if isinstance(plain, list):
        return Node(tuple(_node(each, file) for each in plain), file)
    if not isinstance(plain, dict):
        return Node(plain, file)
    if len(plain) == 1:
        ((tag, text),) = plain.items()
        if tag in _READERS:
            return Node(_READERS[tag](text), file)
    return Node({name: _node(each, file) for name, each in plain.items()}, file)


_READERS: dict[str, Any] = {
    "=": Formula,
    "#": Decimal,
    "~": Duration.parse,
    "@dt": datetime.fromisoformat,
    "@d": date.fromisoformat,
    "@t": time.fromisoformat,
}
