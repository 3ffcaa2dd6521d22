"""Facts as the roots of an expression: values of the types that a scope declares, or of those that they look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import click

from casewright.cli.given import entries_of
from casewright.expressions import CLOCK, DYNAMIC, Type, as_type, list_of, record, type_of
from casewright.expressions.library.dates import to_date, to_datetime
from casewright.expressions.library.operators import FAULTS
from casewright.expressions.types import described, united
from casewright.layers.scalars import core
from casewright.source import Node
from casewright.values import did_you_mean, nearest_first

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*")


def tree_of(texts: Iterable[str], sources: Mapping[str, str]) -> dict[str, Any]:
    """The facts as a tree of names: each a node, or a map of further names.

    `sources` gives for a dimension the path that it reads, so that `segment=VIP` fills `customer.segment`.
    """
    tree: dict[str, Any] = {}
    for name, node in entries_of(texts):
        _put(tree, sources.get(name, name).split("."), node)
    return tree


def _put(tree: dict[str, Any], path: list[str], node: Node) -> None:
    inside = tree
    for name in path[:-1]:
        inside = inside.setdefault(name, {})
        if not isinstance(inside, dict):
            raise click.UsageError(f"'{'.'.join(path)}' stands inside a value; give one of the two")
    if not node.is_map:
        inside[path[-1]] = node
        return
    below = inside.setdefault(path[-1], {})
    if not isinstance(below, dict):
        raise click.UsageError(f"'{'.'.join(path)}' is given as a value and as a map; give one of the two")
    for name, each in node.value.items():
        _put(below, [name], each)


def roots_of(tree: Mapping[str, Any], types: Mapping[str, Type], as_of: datetime) -> dict[str, Any]:
    """The values of the roots, each of its declared type, and the clock; wrong usage where a fact does not fit."""
    roots = {name: _typed(name, each, _declared(name, types, "root")) for name, each in tree.items()}
    return {**roots, CLOCK: as_of}


def _declared(name: str, types: Mapping[str, Type], what: str, owner: str = "") -> Type:
    if name in types:
        return types[name]
    near = did_you_mean(name, types) or f"; there are {nearest_first(name, types) or 'none'}"
    raise click.UsageError(f"{owner or 'here'} has no {what} '{name}'{near}" if owner else f"no {what} '{name}'{near}")


def _typed(path: str, given: Any, wanted: Type) -> Any:
    if isinstance(given, Node) and given.is_list:
        if wanted.kind not in ("list", "dynamic"):
            raise click.UsageError(f"{path} is {described(wanted)}, not a list")
        element = wanted.element or DYNAMIC
        return [_typed(f"{path}[{place}]", _inner(item), element) for place, item in enumerate(given.value)]
    if isinstance(given, dict):
        return _record(path, given, wanted)
    return _scalar(path, given, wanted)


def _inner(item: Node) -> Any:
    return {name: _inner(each) for name, each in item.value.items()} if item.is_map else item


def _record(path: str, given: Mapping[str, Any], wanted: Type) -> dict[str, Any]:
    if wanted.kind == "record":
        return {
            name: _typed(f"{path}.{name}", each, _declared(name, wanted.fields, "field", f"'{wanted.name}'"))
            for name, each in given.items()
        }
    if wanted.kind not in ("map", "dynamic"):
        raise click.UsageError(f"{path} is {described(wanted)}, which has no fields")
    return {name: _typed(f"{path}.{name}", each, wanted.element or DYNAMIC) for name, each in given.items()}


def _scalar(path: str, node: Node, wanted: Type) -> Any:
    value = _read(node) if wanted.kind == "dynamic" else core(node)
    if value is None or wanted.kind == "dynamic":
        return value
    if wanted.kind in ("record", "map", "list"):
        raise click.UsageError(f"{path} is {described(wanted)}; write {path}.NAME=VALUE, or give it in a YAML file")
    written = str(node.value) if wanted.kind in ("text", "choice") else value
    fitted, problem = as_type(written, wanted, node.span)
    if problem is not None:
        help_ = f"; {problem.help}" if problem.help and "did you mean" not in problem.message else ""
        raise click.UsageError(f"{path}: {problem.message}{help_}")
    return fitted


def _read(node: Node) -> Any:
    """The value that a scalar looks like: as YAML reads it, and dates and datetimes where they are not in quotes."""
    value = core(node)
    if not isinstance(value, str) or node.quoted:
        return value
    reader = to_date if _DATE.fullmatch(value) else to_datetime if _DATETIME.fullmatch(value) else None
    try:
        return reader(value) if reader else value
    except FAULTS:
        return value


def types_like(tree: Mapping[str, Any]) -> dict[str, Type]:
    """The types that facts look like, for expressions that no layer checks."""
    return {name: _looks(name, each) for name, each in tree.items()}


def _looks(name: str, given: Any) -> Type:
    if isinstance(given, dict):
        return record(name, {inner: _looks(inner, each) for inner, each in given.items()})
    if given.is_list:
        items = [_looks(name, _inner(item)) for item in given.value]
        return list_of(_alike(name, items)) if items else list_of(DYNAMIC)
    value = _read(given)
    return DYNAMIC if value is None else type_of(value)


def _alike(name: str, items: list[Type]) -> Type:
    """The type of all items: of records, one with the fields of all of them."""
    if not all(item.kind == "record" for item in items):
        return united(items)
    names = {inner for item in items for inner in item.fields}
    return record(name, {n: united(item.fields[n] for item in items if n in item.fields) for n in sorted(names)})
