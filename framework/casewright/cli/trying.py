"""An expression, a condition, a text or a unary test compiled and carried out, for whoever wants to see why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions import (
    Condition,
    Explanation,
    Expression,
    Scope,
    compile_condition,
    compile_expression,
    compile_test,
    compile_text,
)
from casewright.expressions.explainer import shown
from casewright.expressions.types import type_name
from casewright.values import Problem, Span

AT = Span("EXPR")
"""The place of what was typed."""

OF = Span("--of")

FORMS = ("value", "condition", "text", "test")
"""How a text may be meant."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out: the value with its type, why, and what can be read. `explanations` has one for each expression."""

    text: str
    form: str
    type: str
    value: Any
    why: str
    roots: frozenset[str]
    paths: frozenset[str]
    reads_clock: bool
    explanations: tuple[Explanation, ...]
    is_unknown: bool = False

    @property
    def shown(self) -> str:
        """The value in a line."""
        if self.is_unknown:
            return "false, since it is unknown" if self.form == "condition" else "null, since it is unknown"
        return "null" if self.value is None else shown(self.value)


Answered = tuple[Answer | None, tuple[Problem, ...]]


def answered(form: str, text: str, subject: str, scope: Scope, roots: Mapping[str, Any]) -> Answered:
    """What the text comes to on the roots, or what is wrong with it. A `test` is tried on the value of `subject`."""
    if form == "text":
        return _text(text, scope, roots)
    if form == "test":
        return _test(text, subject, scope, roots)
    if form == "condition":
        return _condition(text, scope, roots)
    written = text[1:] if text.startswith("=") and not text.startswith("==") else text
    at = AT.moved(0, len(text) - len(written))
    found, problems = compile_expression(written, scope, at=at)
    return (None if found is None else _explained(text, "value", found, found.evaluate(roots), roots)), problems


def _condition(text: str, scope: Scope, roots: Mapping[str, Any]) -> Answered:
    found, problems = compile_condition(text, scope, at=AT)
    return (None if found is None else _explained(text, "condition", found, found.holds(roots), roots)), problems


def _explained(text: str, form: str, found: Expression | Condition, value: Any, roots: Mapping[str, Any]) -> Answer:
    why = found.explain(roots)
    told = why.reason if why.is_unknown or " because " in why.reason else ""
    name = type_name(found.type)
    return Answer(text, form, name, value, told, found.roots, found.paths, found.reads_clock, (why,), why.is_unknown)


def _text(text: str, scope: Scope, roots: Mapping[str, Any]) -> Answered:
    found, problems = compile_text(text, scope, at=AT)
    if found is None:
        return None, problems
    parts = tuple(part.explain(roots) for part in found.parts if isinstance(part, Expression))
    rendered = found.render(roots)
    return Answer(text, "text", "text", rendered, "", found.roots, found.paths, found.reads_clock, parts), ()


def _test(text: str, subject: str, scope: Scope, roots: Mapping[str, Any]) -> Answered:
    tried, problems = compile_expression(subject, scope, at=OF)
    if tried is None:
        return None, problems
    test, problems = compile_test(text, tried.type, scope, at=AT)
    if test is None:
        return None, problems
    value = tried.evaluate(roots)
    passes = test.matches(value, roots)
    why = f"{shown(passes)} because {shown(value)} {'passes' if passes else 'does not pass'} `{text}`"
    read = (test.roots | tried.roots, test.paths | tried.paths, tried.reads_clock)
    return Answer(text, "test", "boolean", passes, why, *read, (tried.explain(roots),)), ()
