"""The same tables for zen-engine: with the index that its static loader makes, and without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import zen

Rows = Sequence[tuple[Sequence[str], int]]
"""The cells of each row, in the grammar that both sides read, and the number that it gives."""

Ask = Callable[[Mapping[str, Any]], Any]


def indexed(columns: Sequence[str], rows: Rows) -> Ask:
    """Asks an engine whose static loader has compiled and indexed the table."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"table": content(columns, rows)}}})
    return lambda facts: engine.evaluate("table", dict(facts))["result"]["out"]


def unindexed(columns: Sequence[str], rows: Rows) -> Ask:
    """Asks a decision made of the table's text."""
    decision = zen.ZenEngine().create_decision(json.dumps(content(columns, rows)))
    return lambda facts: decision.evaluate(dict(facts))["result"]["out"]


def content(columns: Sequence[str], rows: Rows) -> dict[str, Any]:
    """The table as a graph of three nodes: what comes in, the table, what goes out."""
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in columns],
        "outputs": [{"id": "out", "name": "out", "field": "out"}],
        "rules": [
            {"_id": f"r{number}", "out": str(given), **dict(zip(columns, cells, strict=True))}
            for number, (cells, given) in enumerate(rows)
        ],
    }
    nodes = [("begin", "inputNode", None), ("table", "decisionTableNode", table), ("end", "outputNode", None)]
    return {
        "nodes": [
            {
                "id": node,
                "name": node,
                "type": type_,
                "position": {"x": 0, "y": 0},
                **({"content": body} if body else {}),
            }
            for node, type_, body in nodes
        ],
        "edges": [
            {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
            for source, target in (("begin", "table"), ("table", "end"))
        ],
    }
