"""The public values of this package: expressions, conditions and constants, and what compiles them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from casewright.errors import ExpressionFailed
from casewright.expressions.checker import check
from casewright.expressions.compiler import compiled
from casewright.expressions.expecting import expected
from casewright.expressions.explainer import Explanation, explained, shown
from casewright.expressions.interpreter import Unknown
from casewright.expressions.literals import as_type
from casewright.expressions.meaning import Checked, Scope, place_in
from casewright.expressions.parser import parse
from casewright.expressions.slips import mark_slip
from casewright.expressions.tokens import Refusal
from casewright.expressions.types import BOOLEAN, Type, type_of
from casewright.expressions.unmarked import marking_hint, unmarked
from casewright.expressions.walks import exact_outcome, walks_of
from casewright.values import Problem, Span

Roots = Mapping[str, Any]
"""What an expression is evaluated on: records are dicts; the case's clock lies under `$now`."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. `evaluate(roots)` gives its value, None where that is null or unknown.

    `roots` and `paths` are the roots and the dotted references that it can read. Roots hold values of their declared
    types or None; an exception that a root raises while it loads passes through `evaluate` unchanged. An expression of
    strict CEL raises ExpressionFailed where CEL has an error.
    """

    source: str
    type: Type
    roots: frozenset[str]
    paths: frozenset[str]
    at: Span
    reads_clock: bool
    checked: Checked = field(compare=False, repr=False)
    evaluate: Callable[[Roots], Any] = field(init=False, compare=False, repr=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[[Roots], Any]:
            return _made(self, name, "evaluate")

    def explain(self, roots: Roots) -> Explanation:
        """The value with its reason, and those of its parts."""
        return explained(self.checked, roots)


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition. `holds(roots)` gives its truth; null and unknown are false.

    Otherwise as `Expression`. A condition can be called, as a guard is.
    """

    source: str
    roots: frozenset[str]
    paths: frozenset[str]
    at: Span
    reads_clock: bool
    checked: Checked = field(compare=False, repr=False)
    holds: Callable[[Roots], bool] = field(init=False, compare=False, repr=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[[Roots], bool]:
            return _made(self, name, "holds")

    @property
    def name(self) -> str:
        return self.source

    @property
    def type(self) -> Type:
        return BOOLEAN

    def __call__(self, roots: Roots) -> bool:
        return self.holds(roots)

    def explain(self, roots: Roots) -> Explanation:
        """The truth with its reason, and those of its parts."""
        return explained(self.checked, roots, condition=True)


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that needs no roots, with the interface of an `Expression`."""

    value: Any
    type: Type
    at: Span

    @property
    def source(self) -> str:
        return shown(self.value)

    @property
    def roots(self) -> frozenset[str]:
        return frozenset()

    @property
    def paths(self) -> frozenset[str]:
        return frozenset()

    @property
    def reads_clock(self) -> bool:
        return False

    def evaluate(self, roots: Roots) -> Any:
        return self.value

    def explain(self, roots: Roots) -> Explanation:
        return Explanation(self.source, self.value, f"written as {self.source}", self.source)


def _made(owner: Expression | Condition, name: str, wanted: str) -> Callable[[Roots], Any]:
    """The function of an expression, made when it is first asked for and then kept in its slot.

    Python looks here only while the slot is empty. Most expressions of an application that is being checked are never
    evaluated; those that are pay nothing but the first time. Two threads that ask at once make the same function.
    """
    if name != wanted:
        raise AttributeError(f"{type(owner).__name__!r} object has no attribute {name!r}", name=name, obj=owner)
    function = _function_of(owner.checked, condition=wanted == "holds")
    object.__setattr__(owner, wanted, function)
    return function


def _function_of(checked: Checked, *, condition: bool) -> Callable[[Roots], Any]:
    """What a text was compiled to, shared by all places where it means the same."""
    function = checked.made.get(condition)
    if function is None:
        exact = _condition_of(checked) if condition else _value_of(checked)
        rules = walks_of(checked.dialect).emitter
        function = checked.made.setdefault(condition, compiled(checked, exact, condition=condition, rules=rules))
    return function


def _condition_of(checked: Checked) -> Callable[[Roots], bool]:
    """The exact truth on roots: unknown is false, but for strict CEL, where it raises ExpressionFailed."""
    value = _value_of(checked)
    return lambda roots: value(roots) is True


def _value_of(checked: Checked) -> Callable[[Roots], Any]:
    """The exact value on roots: unknown is null, but for strict CEL, where it raises ExpressionFailed."""

    def value(roots: Roots) -> Any:
        outcome = exact_outcome(checked, roots)
        if not isinstance(outcome, Unknown):
            return outcome
        if checked.dialect.strict:
            raise ExpressionFailed(checked.text, outcome.reason) from None
        return None

    return value


def checked_text(
    text: str, scope: Scope, at: Span, expect: Type | None = None
) -> tuple[Checked | None, tuple[Problem, ...]]:
    """The meaning of an expression's text in its scope, or all that is wrong with it."""
    readings = scope.readings
    if readings is None:
        return _checked_anew(text, scope, at, expect)
    known = readings.meaning(text, expect, scope)
    if known is not None:
        return known, ()
    checked, problems = _checked_anew(text, scope, at, expect)
    if checked is not None:
        readings.keep(checked, expect, scope)
    return checked, problems


def _checked_anew(text: str, scope: Scope, at: Span, expect: Type | None) -> tuple[Checked | None, tuple[Problem, ...]]:
    try:
        syntax = parse(text, scope.dialect)
    except Refusal as wrong:
        refusal = mark_slip(text, "a condition" if expect is BOOLEAN else "this") or wrong
        place = place_in(text, refusal.start, at)
        return None, (Problem(place, refusal.code, refusal.message, (), refusal.help),)
    checked, problems = check(text, syntax, scope, at, walks_of(scope.dialect).checker)
    if expect is not None and not problems:
        checked, problems = expected(checked, expect, at)
    return (None, problems) if problems else (checked, ())


def compile_expression(
    text: str, scope: Scope, *, at: Span, expect: Type | None = None
) -> tuple[Expression | None, tuple[Problem, ...]]:
    """The expression that `text` says, or its problems. `at` is the place of its first character.

    With `expect`, the value must be of that type; integers become decimals where decimals are expected.
    """
    checked, problems = checked_text(text, scope, at, expect)
    if checked is None:
        return None, problems
    return expression_of(checked, at), ()


def expression_of(checked: Checked, at: Span) -> Expression:
    """The expression of what was checked."""
    return Expression(checked.text, checked.type, checked.roots, checked.paths, at, checked.reads_clock, checked)


def compile_condition(text: str, scope: Scope, *, at: Span) -> tuple[Condition | None, tuple[Problem, ...]]:
    """The condition that `text` says, or its problems. `at` is the place of its first character."""
    checked, problems = checked_text(text, scope, at, BOOLEAN)
    if checked is None:
        return None, problems
    return Condition(text, checked.roots, checked.paths, at, checked.reads_clock, checked), ()


def compile_value(
    value: object, scope: Scope, *, at: Span, expect: Type | None = None, quoted: bool = False
) -> tuple[Constant | None, tuple[Problem, ...]]:
    """The constant that a literal of a rule says, as a value of the type expected, or why it is none.

    A text that names a value of the scope, unquoted or in braces, is refused: it lacks the `=` of an expression.
    """
    fitted, problem = as_type(value, expect, at) if expect else (value, None)
    if problem is not None:
        return None, (replace(problem, help=marking_hint(value, scope.roots) or problem.help),)
    slips = unmarked(fitted, scope.roots, at, quoted=quoted) if isinstance(fitted, str) else ()
    return (None, slips) if slips else (Constant(fitted, expect or type_of(value), at), ())
