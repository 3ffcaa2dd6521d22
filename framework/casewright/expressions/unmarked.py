"""Literals that were meant as expressions: what to say where the leading `=` is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from casewright.expressions.parser import parse
from casewright.expressions.standard import STANDARD
from casewright.expressions.syntax import Call, Macro, Name, Syntax, walk
from casewright.expressions.tokens import Refusal
from casewright.expressions.types import Type
from casewright.values import Problem, Span

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", re.ASCII)


def reads_as_path(text: str) -> bool:
    """Whether a text has the form of a path: what it means hangs on the names that are known where it stands."""
    return _PATH.fullmatch(text) is not None


def unmarked(text: str, roots: Mapping[str, Type], at: Span) -> tuple[Problem, ...]:
    """The problem of a bare text that names a value: silently it would be a text for ever."""
    if not reads_as_path(text) or text.partition(".")[0] not in roots:
        return ()
    help = f"write `={text}` for the value, or quote it where the text is meant"
    return (Problem(at, "E518", f"this is the text '{text}', not the value of that name", (), help),)


def marking_hint(text: object, roots: Mapping[str, Type]) -> str:
    """How to make an expression of a literal that reads as one; nothing where it does not."""
    if not isinstance(text, str):
        return ""
    try:
        syntax = parse(text)
    except Refusal:
        return ""
    return f"an expression begins with `=`: write `={text}`" if _refers(syntax, roots) else ""


def _refers(syntax: Syntax, roots: Mapping[str, Type]) -> bool:
    """Whether an expression calls something or names roots, and nothing unknown; a record's bare name is a word."""
    if isinstance(syntax, Name) and syntax.name in roots and roots[syntax.name].kind == "record":
        return False
    nodes = list(walk(syntax))
    variables = {node.variable for node in nodes if isinstance(node, Macro)}
    names = {node.name for node in nodes if isinstance(node, Name)} - variables
    calls = {node.name for node in nodes if isinstance(node, Call) and not node.infix}
    return bool(names or calls) and names <= roots.keys() and calls <= STANDARD.keys()
