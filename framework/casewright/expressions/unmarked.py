"""Literals that were meant as expressions: what to say where the leading `=` is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from casewright.expressions.library.standard import STANDARD
from casewright.expressions.parser import parse
from casewright.expressions.syntax import Call, Macro, Name, Syntax, walk
from casewright.expressions.tokens import Refusal
from casewright.expressions.types import Type
from casewright.values import Problem, Span

BRACES = re.compile(r"\{\{\s*(.*?)\s*\}\}")
"""An expression as it stands in a text."""

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", re.ASCII)


def hangs_on_names(text: str) -> bool:
    """Whether a text means another thing where other names are known: it is a path, or has braces."""
    return "{{" in text or _PATH.fullmatch(text) is not None


def unmarked(text: str, roots: Mapping[str, Type], at: Span, *, quoted: bool = False) -> tuple[Problem, ...]:
    """The problem of a text that names a value, bare or in braces: silently it would be a text for ever."""
    if "{{" in text:
        return _braced(text, roots, at)
    if quoted or not _PATH.fullmatch(text) or text.partition(".")[0] not in roots:
        return ()
    help = f"write `={text}` for the value, or quote it where the text is meant"
    return (Problem(at, "E518", f"this is the text '{text}', not the value of that name", (), help),)


def _braced(text: str, roots: Mapping[str, Type], at: Span) -> tuple[Problem, ...]:
    """The problem of a value that has the braces of a text around an expression."""
    parts = BRACES.split(text)
    if not any(marking_hint(part, roots) for part in parts[1::2]):
        return ()
    told = [part if place % 2 else f'"{part}"' for place, part in enumerate(parts) if part and '"' not in text]
    help = f"write `={' + '.join(told)}`" if told else "join texts and values with `+` in an expression behind `=`"
    return (Problem(at, "E518", "a value has no braces; this stays a text with braces in it", (), help),)


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
