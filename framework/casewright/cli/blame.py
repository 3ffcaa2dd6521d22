"""A resolved rule as YAML, each line with the place that wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rich.text import Text

from casewright.cli.console import console
from casewright.layers import History
from casewright.layers.history import LOCKED
from casewright.layers.resolved import Resolved
from casewright.layers.shapes import ANY, Shape
from casewright.layers.stubs import yaml_scalar
from casewright.source import Formula, Node
from casewright.values import Span

WIDEST = 76
"""The column of YAML is as wide as its longest line, and at most so wide."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of YAML, the dotted path of what it says, and where that was written (None: nowhere in particular).

    `over` names the layers whose value it took the place of, the nearest first; `locks` the locks on it.
    """

    text: str
    path: str
    origin: Span | None
    over: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The line for a machine."""
        at = self.origin
        place = {"layer": at.layer, "path": at.path, "line": at.line, "column": at.column} if at else None
        return {"text": self.text, "path": self.path, "origin": place, "over": self.over, "locks": self.locks}


def lines_of(resolved: Resolved, body: Node, places: Mapping[str, Span] | None = None) -> tuple[Line, ...]:
    """The rule as lines. `body` is that of the rule, or the same with texts of another language, which are written at
    `places` by their path."""
    lines = _Printing(resolved).map(body, resolved.shape, "", 0)
    placed = (replace(line, origin=places.get(line.path, line.origin)) for line in lines) if places else lines
    return (*_head(resolved), *_with_history(placed, resolved.history))


def _with_history(lines: Iterable[Line], history: Mapping[str, History]) -> Iterator[Line]:
    """The lines, the first of each path with what it shadows and with its locks."""
    seen: set[str] = set()
    for line in lines:
        entries = history.get(line.path, ()) if line.path not in seen else ()
        seen.add(line.path)
        layers = [_layer(entry.span) for entry in entries if entry.operation not in LOCKED]
        locks = tuple(entry.operation for entry in entries if entry.operation in LOCKED)
        yield replace(line, over=tuple(reversed(layers[:-1])), locks=locks)


def _head(resolved: Resolved) -> Iterator[Line]:
    name, head = resolved.name, resolved.head
    word = "variant" if name.variant else "define"
    shown = f"{name.kind}/{name.id}" + (f"@{name.variant}" if name.variant else "")
    yield Line(f"{word}: {shown}", "", head.span)
    for key, said in (("is_a", head.is_a), ("for", name.for_class), ("based_on", head.based_on)):
        if said:
            yield Line(f"{key}: {said}", "", head.span)
    for key, node in (("circumstance", head.circumstance), ("effective", head.effective)):
        if node is not None:
            yield Line(f"{key}: {_flow(node)}", "", node.key)


class _Printing:
    """Walks a body beside its shape; the places come from the rule's history."""

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved

    def map(self, node: Node, shape: Shape, path: str, depth: int) -> Iterator[Line]:
        own = shape.of(node)
        for name, below in node.value.items():
            inner = f"{path}.{name}" if path else name
            yield from self.entry(name, below, own.child(name) or ANY, inner, depth)

    def entry(self, name: str, node: Node, shape: Shape, path: str, depth: int) -> Iterator[Line]:
        indent = "  " * depth
        if _is_inline(node):
            yield from self.scalar(f"{indent}{_key(name)}:", node, path, depth)
            return
        yield Line(f"{indent}{_key(name)}:", path, self._origin(path, node))
        if node.is_map:
            yield from self.map(node, shape, path, depth + 1)
        else:
            yield from self.items(node, shape.of(node), path, depth + 1)

    def scalar(self, lead: str, node: Node, path: str, depth: int) -> Iterator[Line]:
        origin = self._origin(path, node)
        if isinstance(node.value, str) and "\n" in node.value:
            yield Line(f"{lead} |", path, origin)
            for text in node.value.rstrip("\n").split("\n"):
                yield Line(f"{'  ' * (depth + 1)}{text}".rstrip(), path, None)
        else:
            yield Line(f"{lead} {_flow(node)}", path, origin)

    def items(self, node: Node, shape: Shape, path: str, depth: int) -> Iterator[Line]:
        indent = "  " * depth
        for number, item in enumerate(node.value):
            key = item.get(shape.key) if shape.form == "keyed" else None
            inner = f"{path}.{key.value}" if key is not None else path
            if not item.is_map or not item.value:
                yield Line(f"{indent}- {_flow(item)}", path, item.span)
                continue
            lines = list(self.map(item, shape.item or ANY, inner, depth + 1))
            first, *rest = lines
            origin = self._origin(inner, item) if key is not None else first.origin
            yield Line(f"{indent}- {first.text.lstrip()}", inner or str(number), origin)
            yield from rest

    def _origin(self, path: str, node: Node) -> Span:
        history = self._resolved.history
        return self._resolved.origin(path) if path in history else node.key


def _is_inline(node: Node) -> bool:
    if node.is_list:
        return all(item.is_scalar for item in node.value)
    return node.is_scalar or not node.value


def _key(name: str) -> str:
    return f"${name}" if name.startswith("$") else yaml_scalar(name)


def _flow(node: Node) -> str:
    """A node on one line."""
    if node.is_map:
        return "{" + ", ".join(f"{_key(name)}: {_flow(below)}" for name, below in node.value.items()) + "}"
    if node.is_list:
        return "[" + ", ".join(_flow(item) for item in node.value) + "]"
    if isinstance(node.value, Formula):
        return yaml_scalar_of_formula(node.value)
    return yaml_scalar(node.value, quoted=node.quoted)


def yaml_scalar_of_formula(formula: Formula) -> str:
    """The formula as it is written in YAML: behind `=`, in quotes where a plain text could not hold it."""
    written = f"={formula}"
    needs_quotes = any(sign in written for sign in (": ", " #", ",", "[", "]", "{", "}", '"'))
    return "'" + written.replace("'", "''") + "'" if needs_quotes else written


def print_lines(lines: tuple[Line, ...]) -> None:
    """Prints the lines with a right-hand column: layer, file and line. A place that repeats is left out."""
    width = min(max((len(line.text) for line in lines), default=0), WIDEST)
    out, before = console(), ""
    for line in lines:
        place = _place(line.origin)
        marks = [f"over {', '.join(line.over)}"] if line.over else []
        note = "  ".join([*([place] if place != before or marks or line.locks else []), *marks, *line.locks])
        text = Text(line.text)
        if place and note:
            text.append(" " * max(width - len(line.text), 0) + "  # " + note, "dim")
        before = place or before
        out.print(text)


def _place(span: Span | None) -> str:
    if span is None:
        return ""
    layer = _layer(span)
    return f"{layer}  {span.path}:{span.line}" if layer else f"{span.path}:{span.line}"


def _layer(span: Span) -> str:
    return span.layer.partition("@")[0]
