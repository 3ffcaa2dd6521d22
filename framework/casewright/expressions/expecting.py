"""An expression where a value of a certain type is wanted."""

from __future__ import annotations

from dataclasses import replace

from casewright.expressions.hints import conversion_hint, foreign_options, truth_hint
from casewright.expressions.library import functions
from casewright.expressions.library.standard import Overload
from casewright.expressions.meaning import Checked, place_in
from casewright.expressions.syntax import Call
from casewright.expressions.types import Type, described, fits
from casewright.values import Problem, Span


def expected(checked: Checked, wanted: Type, at: Span) -> tuple[Checked, tuple[Problem, ...]]:
    """The expression as a value of type `wanted`, or why it cannot be one; an integer widens to a decimal."""
    given = checked.type
    if not fits(given, wanted):
        message = f"this gives {described(given)}; {described(wanted)} is wanted here"
        help = truth_hint(checked.text, given) if wanted.kind == "boolean" else conversion_hint(given, wanted)
        return checked, (Problem(at, "E404", message, (), help),)
    foreign = foreign_options(checked.syntax, wanted, checked.constants)
    problems = [
        Problem(place_in(checked.text, node.start, at), "E404", message, (), help) for node, message, help in foreign
    ]
    if wanted.kind in ("decimal", "money") and given.kind == "integer":
        checked = _widened(checked, wanted)
    return checked, tuple(problems)


def _widened(checked: Checked, wanted: Type) -> Checked:
    inner = checked.syntax
    outer = Call("decimal", (inner,), False, start=inner.start, end=inner.end)
    constants = dict(checked.constants)
    if inner in constants:
        constants[outer] = functions.to_decimal(constants[inner])
    overloads = {**checked.overloads, outer: Overload((), wanted, functions.to_decimal)}
    types = {**checked.types, outer: wanted}
    return replace(checked, syntax=outer, types=types, overloads=overloads, constants=constants)
