"""Why an expression has its value: the interpreter once more, keeping what it sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions.checker import Checked
from casewright.expressions.functions import plain
from casewright.expressions.interpreter import Interpreter, Unknown, outcome_of
from casewright.expressions.syntax import And, Call, Equality, If, Not, Or, Syntax, Within

_CHILDREN = 50
_PARTS = 6_000
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Explanation:
    """A piece of an expression, its value and why it has it: `false because amount 80 > 100 is false`.

    `value` is None where the outcome is unknown; `is_fault` says that an operator could not take what it got.
    """

    text: str
    value: object
    reason: str
    cause: str
    is_unknown: bool = False
    is_fault: bool = False
    children: tuple[Explanation, ...] = ()

    def __str__(self) -> str:
        return self.reason


def explained(checked: Checked, roots: Mapping[str, Any], *, condition: bool = False) -> Explanation:
    """The explanation of the whole expression on `roots`; the null of a condition is unknown."""
    explainer = _Explainer(checked, roots)
    outcome = outcome_of(explainer)
    if condition and outcome is None:
        cause = explainer.cause(checked.syntax, None, explainer.top_children())
        outcome = Unknown(cause)
    return explainer.explanation(checked.syntax, outcome, explainer.top_children())


class _Explainer(Interpreter):
    """An interpreter that keeps the outcome of each node, and the explanations below the node it is at."""

    __slots__ = ("below", "left", "outcomes")

    def __init__(self, checked: Checked, roots: Mapping[str, Any]) -> None:
        super().__init__(checked, roots)
        self.outcomes: dict[Syntax, object] = {}
        self.below: list[Explanation] = []
        self.left = _PARTS

    def value(self, node: Syntax) -> object:
        if node in self.checked.constants or self.left <= 0:
            return super().value(node)
        self.left -= 1
        outer, self.below = self.below, []
        outcome = super().value(node)
        self.outcomes[node] = outcome
        if len(outer) < _CHILDREN:
            outer.append(self.explanation(node, outcome, tuple(self.below)))
        self.below = outer
        return outcome

    def top_children(self) -> tuple[Explanation, ...]:
        return self.below[0].children if self.below else ()

    def explanation(self, node: Syntax, outcome: object, children: tuple[Explanation, ...]) -> Explanation:
        text = self.source(node)
        if isinstance(outcome, Unknown):
            reason = f"unknown because {outcome.reason}"
            return Explanation(text, None, reason, outcome.reason, True, outcome.fault, children)
        cause = self.cause(node, outcome, children)
        reason = f"{shown(outcome)} because {cause}" if isinstance(outcome, bool) else cause
        return Explanation(text, outcome, reason, cause, children=children)

    def cause(self, node: Syntax, outcome: object, children: tuple[Explanation, ...]) -> str:
        if isinstance(node, Not) and children:
            return children[0].cause
        if isinstance(node, If) and children and (node.then in self.outcomes or node.otherwise in self.outcomes):
            return children[-1].cause
        causes = [child.cause for child in children if child.value is outcome]
        if isinstance(node, (And, Or)) and causes:
            decided_by_one = outcome is isinstance(node, Or)
            return causes[0] if decided_by_one else " and ".join(causes[:4])
        return f"{self.operation(node)} is {shown(outcome)}"

    def operation(self, node: Syntax) -> str:
        if isinstance(node, Equality):
            return f"{self.operand(node.left)} {'!=' if node.negated else '=='} {self.operand(node.right)}"
        if isinstance(node, Within):
            return f"{self.operand(node.item)} in {self.operand(node.collection)}"
        if isinstance(node, Call) and node.infix and len(node.arguments) == 2 and node.name != "[]":
            return f"{self.operand(node.arguments[0])} {node.name} {self.operand(node.arguments[1])}"
        return self.source(node)

    def operand(self, node: Syntax) -> str:
        source = self.source(node)
        if node in self.checked.constants or node not in self.outcomes:
            return source
        value = shown(self.outcomes[node])
        return f"{source} {value}" if len(source) <= _SHOWN else value


def shown(value: object) -> str:
    """A value as an explanation shows it: texts quoted, long ones cut."""
    text = f'"{value}"' if isinstance(value, str) else "empty" if value is None else plain(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
