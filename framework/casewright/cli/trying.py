"""An expression, a condition, a text or a unary test compiled and carried out, for whoever wants to see why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions import (
    Condition,
    Explanation,
    Expression,
    Scope,
    Text,
    UnaryTest,
    compile_condition,
    compile_expression,
    compile_test,
    compile_text,
    cost_of,
    review,
)
from casewright.expressions.explainer import shown
from casewright.expressions.reviewing.review import expressions_in
from casewright.expressions.types import type_name
from casewright.values import Problem, Span

AT = Span("EXPR")
"""The place of what was typed."""

OF = Span("--of")

FORMS = ("value", "condition", "text", "test")
"""How a text may be meant."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out: the value with its type and why, what can be read, what it costs, and what else is to be said.

    `explanations` has one for each expression, `remarks` are warnings; `cost` is in the units that an evaluation has.
    """

    text: str
    form: str
    type: str
    value: Any
    why: str
    read: Read
    explanations: tuple[Explanation, ...]
    is_unknown: bool = False

    @property
    def shown(self) -> str:
        """The value in a line."""
        if self.is_unknown:
            return "false, since it is unknown" if self.form == "condition" else "null, since it is unknown"
        return "null" if self.value is None else shown(self.value)


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of an expression without any facts: what it can read, its cost, and the warnings on it."""

    roots: frozenset[str]
    paths: frozenset[str]
    clock: bool
    cost: int
    remarks: tuple[Problem, ...]


Answered = tuple[Answer | None, tuple[Problem, ...]]


def answered(form: str, text: str, subject: str, scope: Scope, roots: Mapping[str, Any]) -> Answered:
    """What the text comes to on the roots, or what is wrong with it. A `test` is tried on the value of `subject`."""
    if form == "text":
        return _text(text, scope, roots)
    if form == "test":
        return _test(text, subject, scope, roots)
    if form == "condition":
        condition, problems = compile_condition(text, scope, at=AT)
        return (None, problems) if condition is None else _explained(text, form, condition, condition.holds, roots)
    written = text[1:] if text.startswith("=") and not text.startswith("==") else text
    found, problems = compile_expression(written, scope, at=AT.moved(0, len(text) - len(written)))
    return (None, problems) if found is None else _explained(text, form, found, found.evaluate, roots)


def _explained(
    text: str,
    form: str,
    found: Expression | Condition,
    run: Callable[[Mapping[str, Any]], Any],
    roots: Mapping[str, Any],
) -> Answered:
    read = _read(found)
    if wrong := _errors(read):
        return None, wrong
    why = found.explain(roots)
    told = why.reason if why.is_unknown or " because " in why.reason else ""
    return Answer(text, form, type_name(found.type), run(roots), told, read, (why,), why.is_unknown), ()


def _text(text: str, scope: Scope, roots: Mapping[str, Any]) -> Answered:
    found, problems = compile_text(text, scope, at=AT)
    if found is None:
        return None, problems
    read = _read(found)
    if wrong := _errors(read):
        return None, wrong
    parts = tuple(part.explain(roots) for part in found.parts if isinstance(part, Expression))
    return Answer(text, "text", "text", found.render(roots), "", read, parts), ()


def _test(text: str, subject: str, scope: Scope, roots: Mapping[str, Any]) -> Answered:
    tried, problems = compile_expression(subject, scope, at=OF)
    if tried is None:
        return None, problems
    test, problems = compile_test(text, tried.type, scope, at=AT)
    if test is None:
        return None, problems
    read = _both(_read(test), _read(tried))
    if wrong := _errors(read):
        return None, wrong
    value = tried.evaluate(roots)
    passes = test.matches(value, roots)
    why = f"{shown(passes)} because {shown(value)} {'passes' if passes else 'does not pass'} `{text}`"
    return Answer(text, "test", "boolean", passes, why, read, (tried.explain(roots),)), ()


def _read(found: Expression | Condition | Text | UnaryTest) -> Read:
    clock = any(part.reads_clock for part in expressions_in(found))
    return Read(found.roots, found.paths, clock, cost_of(found), review(found))


def _both(one: Read, other: Read) -> Read:
    remarks = (*one.remarks, *other.remarks)
    return Read(
        one.roots | other.roots, one.paths | other.paths, one.clock or other.clock, one.cost + other.cost, remarks
    )


def _errors(read: Read) -> tuple[Problem, ...]:
    return tuple(problem for problem in read.remarks if problem.is_error)
