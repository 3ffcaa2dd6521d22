"""Facts as they are typed: dimensions, the values that dimensions read, or a YAML file of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from casewright.compiler.pipeline import Compiled
from casewright.layers.dimensions import Dimension, fact_of
from casewright.layers.scalars import core
from casewright.layers.variants import Dimensions, dimensions_of
from casewright.source import Node, SourceFile, read
from casewright.values import Problem, RuleName, Span, did_you_mean

_COMMAND_LINE = Span("--facts")


@dataclass(frozen=True, slots=True)
class Given:
    """The dimensions of an application, and the facts that were given for them."""

    dimensions: Dimensions
    facts: Mapping[str, object]


def given(compiled: Compiled, texts: Iterable[str], as_of: datetime) -> Given:
    """The facts that the texts say, typed by their dimensions; wrong usage where one says none."""
    dimensions = dimensions_of(compiled.layers)
    facts: dict[str, object] = {}
    roots: dict[str, Any] = {}
    for name, node in entries_of(texts):
        _take(name, node, dimensions.by_id, facts, roots)
    return Given(dimensions, {**_read_from(compiled, dimensions.by_id, roots, as_of), **facts})


def entries_of(texts: Iterable[str]) -> Iterable[tuple[str, Node]]:
    """The names and values that the texts say: `NAME=VALUE`, or all of a YAML file. A list or map is YAML too."""
    for text in texts:
        name, sign, value = text.partition("=")
        if sign:
            yield name.strip(), _valued(name.strip(), value.strip())
        elif Path(text).is_file():
            yield from _file_entries(Path(text))
        else:
            raise click.UsageError(f"'{text}' is neither NAME=VALUE nor a file; write --facts segment=VIP")


def _valued(name: str, value: str) -> Node:
    file = SourceFile(_COMMAND_LINE.path)
    if value[:1] not in ("[", "{", '"', "'"):
        return Node(value, file)
    node, problems = read(f"value: {value}", file)
    found = None if node is None or problems else node.get("value")
    if found is None:
        said = f": {problems[0].message}" if problems else ""
        raise click.UsageError(f"the value of {name} cannot be read{said}")
    return found


def _file_entries(path: Path) -> Iterable[tuple[str, Node]]:
    node, problems = read(path.read_bytes(), SourceFile(path.as_posix()))
    if problems or node is None or not node.is_map:
        said = f"{problems[0].span} {problems[0].message}" if problems else "a map of names to values is expected"
        raise click.UsageError(f"the facts in {path} cannot be read: {said}")
    return list(node.value.items())


def _take(
    name: str, node: Node, dimensions: Mapping[str, Dimension], facts: dict[str, object], roots: dict[str, Any]
) -> None:
    """Adds one entry: a dimension's value, or a value under a root that dimensions read."""
    if name in dimensions and node.is_scalar:
        facts[name] = _typed(node, dimensions[name])
        return
    readers = [each for each in dimensions.values() if each.source == name]
    if readers and node.is_scalar:
        facts.update({each.id: _typed(node, each) for each in readers})
    elif "." not in name and node.is_scalar:
        raise click.UsageError(f"there is no dimension '{name}'{_known(name, dimensions)}")
    _put(roots, name.split("."), node)
    if node.is_map:
        for inner, below in node.value.items():
            _take(f"{name}.{inner}", below, dimensions, facts, roots)


def _known(name: str, dimensions: Mapping[str, Dimension]) -> str:
    return did_you_mean(name, dimensions) or f"; there are {', '.join(sorted(dimensions)) or 'none'}"


def _typed(node: Node, dimension: Dimension) -> object:
    value, problems = fact_of(str(node.value), dimension, node.span)
    if problems:
        raise click.UsageError(_said(problems[0], dimension))
    return value


def _said(problem: Problem, dimension: Dimension) -> str:
    valid = f"; valid: {', '.join(str(option) for option in dimension.options)}" if dimension.options else ""
    return f"{problem.message}{valid}" if "did you mean" not in problem.message else problem.message


def _put(roots: dict[str, Any], path: list[str], node: Node) -> None:
    inside = roots
    for name in path[:-1]:
        inside = inside.setdefault(name, {})
        if not isinstance(inside, dict):
            raise click.UsageError(f"'{'.'.join(path)}' stands inside a value; give one of the two")
    if not node.is_map:
        inside[path[-1]] = [core(item) for item in node.value] if node.is_list else core(node)


def _read_from(
    compiled: Compiled, dimensions: Mapping[str, Dimension], roots: Mapping[str, Any], as_of: datetime
) -> dict[str, object]:
    """The facts that dimensions read from the given roots; one whose root is not given is left out."""
    found: dict[str, object] = {}
    for name in dimensions:
        lowered = compiled.lowered.get((RuleName("circumstance", name), ""))
        fact = getattr(lowered.value, "fact", None) if lowered else None
        if fact is None or not set(fact.roots) & set(roots):
            continue
        try:
            found[name] = fact.evaluate({"$now": as_of, **roots})
        except KeyError:
            continue
    return found
