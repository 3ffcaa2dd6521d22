"""Problems as text with the source line and a caret, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from casewright.source.layouts import lines_of
from casewright.values import Problem, Span

Sources = Callable[[str], str | None]
"""Gives the text of a file by its path as spans name it, or None where it is not known."""


def render(problem: Problem, sources: Sources) -> str:
    """The problem as a person reads it: place, code and message; the line with a caret; the other places; help.

    The first line reads `file:line:col [layer@version] CODE message`.
    """
    lines = [first_line(problem), *_excerpt(problem.span, sources)]
    for other in problem.related:
        lines += [f"  {_place(other.span)} {other.message}", *_excerpt(other.span, sources)]
    if problem.help:
        lines += _help(problem.help)
    return "\n".join(lines)


def render_all(problems: Iterable[Problem], sources: Sources) -> str:
    """All problems as text, sorted by place, with a blank line between them."""
    return "\n\n".join(render(problem, sources) for problem in sorted(problems))


def first_line(problem: Problem) -> str:
    """`file:line:col [layer@version] CODE message`."""
    return f"{_place(problem.span)} {problem.code} {problem.message}"


def to_json(problem: Problem) -> dict[str, Any]:
    """The problem as JSON-ready values; lines and columns count from 1."""
    return {
        "code": problem.code,
        "severity": "error" if problem.is_error else "warning",
        **_span_json(problem.span),
        "message": problem.message,
        "related": [{**_span_json(other.span), "message": other.message} for other in problem.related],
        "help": problem.help,
    }


def _place(span: Span) -> str:
    return f"{span} [{span.layer}]" if span.layer else str(span)


def _span_json(span: Span) -> dict[str, Any]:
    return {"path": span.path, "line": span.line, "column": span.column, "layer": span.layer}


def _excerpt(span: Span, sources: Sources) -> list[str]:
    text = sources(span.path)
    lines = lines_of(text) if text is not None else []
    if not 0 < span.line <= len(lines):
        return []
    source = lines[span.line - 1].expandtabs(1)
    number = f"{span.line:>5} | "
    return [number + source, " " * (len(number) - 2) + "| " + " " * (span.column - 1) + "^"]


def _help(text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"  help: {first}", *(f"        {line}" for line in rest)]
