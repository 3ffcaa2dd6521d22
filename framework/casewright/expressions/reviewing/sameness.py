"""What a piece of an expression says, as one text, so that pieces that say the same can be found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casewright.expressions.syntax import (
    And,
    Call,
    Coalesce,
    Equality,
    Has,
    If,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
)


def written(node: Syntax) -> str:
    """The piece in one spelling: two pieces with the same text mean the same wherever their names do."""
    rule: Callable[[Any], str] = _RULES[type(node)]
    return rule(node)


def path_of(node: Syntax) -> str:
    """The dotted reference that the piece is, from a root or a macro's variable; empty where it is something else."""
    if isinstance(node, Name):
        return node.name
    owner = path_of(node.operand) if isinstance(node, Select) else ""
    return f"{owner}.{node.field}" if isinstance(node, Select) and owner else ""


def terms_of(node: And | Or) -> Iterator[Syntax]:
    """The terms of a conjunction or disjunction, those of one of its own kind inside it among them."""
    for term in node.terms:
        if isinstance(term, (And, Or)) and type(term) is type(node):
            yield from terms_of(term)
        else:
            yield term


def _literal(node: Literal) -> str:
    if isinstance(node.value, str):
        return json.dumps(node.value, ensure_ascii=False)
    if node.value is None or isinstance(node.value, bool):
        return {None: "null", True: "true", False: "false"}[node.value]
    return repr(node.value) if isinstance(node.value, float) else str(node.value)


def _select(node: Select) -> str:
    return f"{written(node.operand)}.{node.field}"


def _call(node: Call) -> str:
    arguments = [written(argument) for argument in node.arguments]
    if node.name in ("[]", "[?]"):
        return f"{arguments[0]}{node.name[:-1]}{arguments[1]}]"
    if node.infix and len(arguments) == 2:
        return f"({arguments[0]} {node.name} {arguments[1]})"
    return f"{node.name}({', '.join(arguments)})"


def _mapped(node: MapOf) -> str:
    pairs = zip(node.keys, node.items, strict=True)
    return "{" + ", ".join(f"{written(key)}: {written(item)}" for key, item in pairs) + "}"


def _macro(node: Macro) -> str:
    condition = f"{written(node.condition)}, " if node.condition is not None else ""
    return f"{written(node.target)}.{node.name}({node.variable}, {condition}{written(node.body)})"


def _joined(mark: str, *nodes: Syntax) -> str:
    return f"({f' {mark} '.join(written(node) for node in nodes)})"


_RULES: Mapping[type[Syntax], Callable[[Any], str]] = {
    Literal: _literal,
    Name: lambda node: str(node.name),
    Select: _select,
    ListOf: lambda node: f"[{', '.join(written(item) for item in node.items)}]",
    MapOf: _mapped,
    Call: _call,
    Equality: lambda node: _joined("!=" if node.negated else "==", node.left, node.right),
    Within: lambda node: _joined("in", node.item, node.collection),
    Not: lambda node: f"not {written(node.operand)}",
    And: lambda node: _joined("and", *node.terms),
    Or: lambda node: _joined("or", *node.terms),
    If: lambda node: f"({written(node.condition)} ? {written(node.then)} : {written(node.otherwise)})",
    Has: lambda node: f"has({written(node.selection)})",
    Coalesce: lambda node: f"coalesce({', '.join(written(term) for term in node.terms)})",
    Macro: _macro,
}
