"""An explanation as the lines of a tree, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casewright.cli.trying import Answer
from casewright.expressions import Explanation
from casewright.expressions.explainer import shown
from casewright.source import to_json

WIDEST = 100
"""Characters of a piece of an expression in a line."""


def tree_lines(top: Explanation) -> Iterator[str]:
    """The expression with its value, and below it each piece that was looked at."""
    yield line_of(top)
    yield from _below(top, "")


def _below(above: Explanation, lead: str) -> Iterator[str]:
    last = len(above.children) - 1
    for place, child in enumerate(above.children):
        yield f"{lead}{'└─' if place == last else '├─'} {line_of(child)}"
        yield from _below(child, f"{lead}{'   ' if place == last else '│  '}")


def line_of(piece: Explanation) -> str:
    """A piece and its value: `amount > 100 → false`."""
    text = " ".join(piece.text.split())
    cut = text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."
    return f"{f'item {piece.item}: ' if piece.item else ''}{cut} → {_outcome(piece)}"


def _outcome(piece: Explanation) -> str:
    if not piece.is_needed:
        return "not needed"
    if piece.is_unknown:
        return f"unknown, {piece.cause}"
    return "null" if piece.value is None else shown(piece.value)


def answer_json(answer: Answer) -> dict[str, Any]:
    """The whole answer for machines."""
    return {
        "expression": answer.text,
        "as": answer.form,
        "type": answer.type,
        "value": answer.value,
        "unknown": answer.is_unknown,
        "why": answer.why,
        "roots": sorted(answer.read.roots),
        "paths": sorted(answer.read.paths),
        "reads_clock": answer.read.clock,
        "cost": answer.read.cost,
        "remarks": [to_json(each) for each in answer.read.remarks],
        "explanations": [explanation_json(each) for each in answer.explanations],
    }


def explanation_json(piece: Explanation) -> dict[str, Any]:
    """A piece and those below it."""
    found: dict[str, Any] = {"text": piece.text, "value": piece.value, "reason": piece.reason}
    if piece.is_unknown:
        found["unknown"] = "fault" if piece.is_fault else "empty"
    if piece.item:
        found["item"] = piece.item
    if not piece.is_needed:
        found["needed"] = False
    return {**found, "children": [explanation_json(each) for each in piece.children]}
