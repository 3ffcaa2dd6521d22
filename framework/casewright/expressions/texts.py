"""Texts with expressions in `{{ }}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions.expression import Expression, compile_expression
from casewright.expressions.library.functions import plain
from casewright.expressions.library.operators import CHARACTER_LIMIT
from casewright.expressions.meaning import Scope, place_in
from casewright.values import Problem, Span


@dataclass(frozen=True, slots=True)
class Text:
    """A checked text. `render(roots)` fills it: null is empty, numbers are plain, dates in ISO form."""

    source: str
    at: Span
    parts: tuple[str | Expression, ...]
    roots: frozenset[str]
    paths: frozenset[str]

    @property
    def reads_clock(self) -> bool:
        return any(part.reads_clock for part in self.parts if isinstance(part, Expression))

    def render(self, roots: Mapping[str, Any]) -> str:
        """The text with the value of each expression in its place; what is too long to be told ends in `...`."""
        room = [CHARACTER_LIMIT]
        return "".join(part if isinstance(part, str) else plain(part.evaluate(roots), room) for part in self.parts)

    def evaluate(self, roots: Mapping[str, Any]) -> str:
        """The text rendered: a text is a value as expressions and constants are."""
        return self.render(roots)


def compile_text(text: str, scope: Scope, *, at: Span) -> tuple[Text | None, tuple[Problem, ...]]:
    """The text with its expressions compiled, or the problems of all of them. `at` is the place of its first character.

    A literal `{{` is written `{{ "{{" }}`.
    """
    if "{" in text and (single := _single(text, scope, at)):
        return None, single
    if "{{" not in text:
        return Text(text, at, (text,) if text else (), frozenset(), frozenset()), ()
    parts: list[str | Expression] = []
    problems: list[Problem] = []
    place = 0
    while (opening := text.find("{{", place)) >= 0:
        closing = _closing(text, opening + 2)
        if closing is None:
            help = 'close it with }}; a literal {{ is written {{ "{{" }}'
            problems.append(Problem(place_in(text, opening, at), "E401", "this `{{` is not closed", (), help))
            return None, tuple(problems)
        part, found = _compiled(text, opening + 2, closing, scope, at)
        parts += [text[place:opening], *([part] if part else [])]
        problems += found
        place = closing + 2
    parts.append(text[place:])
    return (None, tuple(problems)) if problems else (_text(text, at, parts), ())


_SINGLE = re.compile(r"(?<!\{)[$#]?\{ *(?P<path>(?P<root>[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)+) *\}(?!\})", re.ASCII)


def _single(text: str, scope: Scope, at: Span) -> tuple[Problem, ...]:
    """The problems of values in single braces, as other languages fill texts: silently the braces would be told."""
    return tuple(
        Problem(
            place_in(text, found.start(), at),
            "E518",
            f"`{found.group()}` is told as it stands here, not the value of {found['path']}",
            (),
            f"write {{{{ {found['path']} }}}}",
        )
        for found in _SINGLE.finditer(text)
        if found["root"] in scope.roots
    )


def _compiled(text: str, begin: int, end: int, scope: Scope, at: Span) -> tuple[Expression | None, tuple[Problem, ...]]:
    inner = text[begin:end]
    begin += len(inner) - len(inner.lstrip())
    return compile_expression(inner.strip(), scope, at=place_in(text, begin, at))


def _text(source: str, at: Span, parts: list[str | Expression]) -> Text:
    expressions = [part for part in parts if isinstance(part, Expression)]
    roots = frozenset[str]().union(*(part.roots for part in expressions))
    paths = frozenset[str]().union(*(part.paths for part in expressions))
    return Text(source, at, tuple(part for part in parts if part != ""), roots, paths)


_STEP = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[{}]|[^\"'{}]+|.", re.DOTALL)


def _closing(text: str, place: int) -> int | None:
    """Where the `}}` stands that closes an expression, outside its texts and maps."""
    depth = 0
    for step in _STEP.finditer(text, place):
        mark = step.group()
        if mark == "}" and depth == 0:
            return step.start() if text.startswith("}}", step.start()) else None
        depth += (mark == "{") - (mark == "}")
    return None
