"""The trees of the benchmark as graphs of zen-engine, compiled by its static loader: a switch for each fork, an
expression for each leaf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import zen

Node = dict[str, Any]
Ends = list[tuple[str, Any]]
"""What a fork leads to: a condition each, and below it the number of a leaf or another fork."""


def tree(ends: Ends) -> Callable[[dict[str, Any]], int]:
    """A function that gives the leaf for some facts."""
    drawing = _Drawing()
    drawing.fork("in", None, ends)
    nodes = [{"id": "in", "name": "in", "type": "inputNode"}, *drawing.nodes]
    content = {"nodes": [*nodes, {"id": "out", "name": "out", "type": "outputNode"}], "edges": drawing.edges}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"tree": content}}})
    return lambda facts: engine.evaluate("tree", facts)["result"]["leaf"]


class _Drawing:
    """Nodes and edges as they are drawn."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Node] = []

    def fork(self, source: str, handle: str | None, ends: Ends) -> None:
        """A switch behind `source`, and what lies behind it."""
        name = f"s{len(self.nodes)}"
        statements = [{"id": f"{name}.{place}", "condition": condition} for place, (condition, _) in enumerate(ends)]
        content = {"hitPolicy": "first", "statements": statements}
        self.nodes.append({"id": name, "name": name, "type": "switchNode", "content": content})
        self.edge(source, name, handle)
        for statement, (_, end) in zip(statements, ends, strict=True):
            if isinstance(end, list):
                self.fork(name, statement["id"], end)
            else:
                self.leaf(name, statement["id"], end)

    def leaf(self, source: str, handle: str, number: int) -> None:
        """An expression behind a switch, which leads out."""
        name = f"e{len(self.nodes)}"
        content = {"expressions": [{"id": f"{name}.x", "key": "leaf", "value": str(number)}]}
        self.nodes.append({"id": name, "name": name, "type": "expressionNode", "content": content})
        self.edge(source, name, handle)
        self.edge(name, "out", None)

    def edge(self, source: str, target: str, handle: str | None) -> None:
        """A line between two nodes, from one exit of the first where it has several."""
        found: Node = {"id": f"l{len(self.edges)}", "sourceId": source, "targetId": target, "type": "edge"}
        self.edges.append(found if handle is None else {**found, "sourceHandle": handle})
