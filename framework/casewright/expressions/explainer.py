"""Why an expression has its value: the interpreter once more, keeping what it sees as a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from casewright.expressions.cel.evaluating import StrictInterpreter
from casewright.expressions.interpreter import Interpreter, Unknown, outcome_of
from casewright.expressions.library.functions import plain
from casewright.expressions.meaning import Checked
from casewright.expressions.syntax import (
    OVER_ONE,
    And,
    Call,
    Equality,
    If,
    Macro,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
    children,
)
from casewright.expressions.types import kind_of

_CHILDREN = 50
_PARTS = 6_000
_SHOWN = 60
_ITEMS = 6


@dataclass(frozen=True, slots=True)
class Explanation:
    """A piece of an expression, its value and why it has it: `false because amount 80 > 100 is false`.

    `value` is None where the outcome is unknown; `is_fault` says that an operator could not take what it got. What
    was not looked at, because its neighbours had decided, is not `is_needed` and has no value. `item` is the number
    of the item for which the body of a macro was looked at, from 1; elsewhere it is 0.
    """

    text: str
    value: object
    reason: str
    cause: str
    is_unknown: bool = False
    is_fault: bool = False
    children: tuple[Explanation, ...] = ()
    is_needed: bool = True
    item: int = 0

    def __str__(self) -> str:
        return self.reason


Seen = Sequence[tuple[Syntax, Explanation]]
"""The nodes that were looked at below one, each with its explanation, in the order of the looks."""


def explained(checked: Checked, roots: Mapping[str, Any], *, condition: bool = False) -> Explanation:
    """The explanation of the whole expression on `roots`; the null of a condition is unknown."""
    explainer = (_StrictExplainer if checked.dialect.strict else _Explainer)(checked, roots)
    outcome = outcome_of(explainer)
    if condition and outcome is None:
        outcome = Unknown(explainer.cause(checked.syntax, None, explainer.whole))
    return explainer.explanation(checked.syntax, outcome, explainer.whole)


@dataclass(slots=True)
class _Round:
    """A macro that goes over its items: the node that each begins with, and the number of the item at hand."""

    macro: Macro
    number: int = 0

    def reached(self, node: Syntax) -> int:
        """The number of the item that the node is looked at for; 0 where it is none of the macro's own."""
        if node is (self.macro.condition or self.macro.body):
            self.number += 1
        return self.number if node in (self.macro.body, self.macro.condition) else 0


class _Explainer(Interpreter):
    """An interpreter that keeps the outcome of each node, and what it saw below the node it is at."""

    __slots__ = ("left", "outcomes", "rounds", "seen", "whole")

    def __init__(self, checked: Checked, roots: Mapping[str, Any]) -> None:
        super().__init__(checked, roots)
        self.outcomes: dict[Syntax, object] = {}
        self.seen: list[tuple[Syntax, Explanation]] = []
        self.whole: Seen = ()
        self.rounds: list[_Round] = []
        self.left = _PARTS

    def value(self, node: Syntax) -> object:
        if node in self.checked.constants or self.left <= 0:
            return super().value(node)
        self.left -= 1
        number = self.rounds[-1].reached(node) if self.rounds else 0
        outer, self.seen = self.seen, []
        try:
            outcome = self.valued(node)
        finally:
            seen, self.seen = self.seen, outer
            if node is self.checked.syntax:
                self.whole = seen
        self.outcomes[node] = outcome
        if len(outer) == _CHILDREN:
            outer.pop()  # what was seen last decides, and stays
        outer.append((node, self.explanation(node, outcome, seen, number)))
        return outcome

    def valued(self, node: Syntax) -> object:
        if not isinstance(node, Macro):
            return super().value(node)
        self.rounds.append(_Round(node))
        try:
            return super().value(node)
        finally:
            self.rounds.pop()

    def explanation(self, node: Syntax, outcome: object, seen: Seen, item: int = 0) -> Explanation:
        text, parts = self.source(node), self.parts(node, seen)
        if isinstance(outcome, Unknown):
            reason = f"unknown because {outcome.reason}"
            return Explanation(text, None, reason, outcome.reason, True, outcome.fault, parts, item=item)
        cause = self.cause(node, outcome, seen)
        says_why = isinstance(outcome, bool) or (isinstance(node, If) and bool(seen))
        reason = f"{shown(outcome)} because {cause}" if says_why else cause
        return Explanation(text, outcome, reason, cause, children=parts, item=item)

    def parts(self, node: Syntax, seen: Seen) -> tuple[Explanation, ...]:
        """What is told below a node, in the order of the text: what was looked at, and what was not needed."""
        if isinstance(node, Select) and isinstance(node.operand, (Name, Select)):
            return ()  # a dotted reference is one thing to whoever reads it
        looked = tuple(part for _, part in seen)
        if isinstance(node, Macro) or self.left <= 0 or len(looked) == _CHILDREN:
            return looked
        known = {each for each, _ in seen} | self.checked.constants.keys()
        spared = [(each, self.spared(each)) for each in children(node) if each not in known]
        told = sorted((*seen, *spared[:_CHILDREN]), key=lambda pair: pair[0].start) if spared else seen
        return tuple(part for _, part in told)

    def spared(self, node: Syntax) -> Explanation:
        return Explanation(self.source(node), None, "not needed", "not needed", is_needed=False)

    # Causes

    def cause(self, node: Syntax, outcome: object, seen: Seen) -> str:
        if isinstance(node, Not) and seen:
            return seen[0][1].cause
        if isinstance(node, If) and seen:
            return " and ".join(part.cause for _, part in seen)
        if isinstance(node, (And, Or)):
            causes = [part.cause for _, part in seen if part.value is outcome]
            decided_by_one = outcome is isinstance(node, Or)
            if causes:
                return causes[-1] if decided_by_one else " and ".join(causes[:4])
        if isinstance(node, Macro) and isinstance(outcome, bool) and node.name not in OVER_ONE:
            return self.macro_cause(node, outcome, seen)
        return f"{self.operation(node)} is {shown(outcome)}"

    def macro_cause(self, node: Macro, outcome: bool, seen: Seen) -> str:
        """What decided: one item where one is enough, else that all of them are alike, or how many hold."""
        collection, body = self.source(node.target), self.source(node.body)
        rounds = [part for each, part in seen if each is node.body]
        if not self.size(node.target):
            return f"{collection} has no items"
        if not rounds:
            return f"{self.source(node)} is {shown(outcome)}"
        if node.name == "exists_one":
            held = [part for part in rounds if part.value is True]
            number = f"item {held[0].item}" if len(held) == 1 else "several items" if held else "no item"
            return f"{body} holds for {number} of {collection}"
        if outcome is (node.name == "exists"):
            return f"{rounds[-1].cause}, at item {rounds[-1].item} of {collection}"
        return f"{body} holds for {'every' if outcome else 'no'} item of {collection}"

    def size(self, node: Syntax) -> int:
        """How many items the collection had that was looked at last."""
        value = self.checked.constants.get(node, self.outcomes.get(node))
        return len(value) if isinstance(value, (list, tuple, dict)) else 1

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


class _StrictExplainer(_Explainer, StrictInterpreter):
    """The same for strict CEL."""

    __slots__ = ()


def shown(value: object, depth: int = 3) -> str:
    """A value as an explanation shows it: texts quoted, lists and records in brackets, long and deep ones cut."""
    text = _written(value, depth - 1)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _written(value: object, depth: int) -> str:
    if isinstance(value, str):
        return f'"{value[:_SHOWN]}"'
    if isinstance(value, (list, tuple, Mapping)) and depth < 0:
        return "..."
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_some([shown(each, depth) for each in value[:_ITEMS]], len(value)))}]"
    if isinstance(value, Mapping):
        pairs = [f"{name}: {shown(each, depth)}" for name, each in islice(value.items(), _ITEMS)]
        return f"{{{', '.join(_some(pairs, len(value)))}}}"
    if kind_of(value) == "unknown":
        return f"<{type(value).__name__}>"
    return "empty" if value is None else plain(value)


def _some(told: list[str], size: int) -> list[str]:
    return [*told, "..."] if size > len(told) else told
