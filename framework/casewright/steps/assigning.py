"""Who an assignment goes to, worked out when it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions import TEXT
from casewright.machine.effects import OpenAssignment, Target
from casewright.machine.plan import Constant, Emission, Value
from casewright.machine.policies import Routing
from casewright.source.node import Formula, Node
from casewright.steps.contract import Step
from casewright.steps.scope import Scope, listed

PLACES = ("to", "queue", "role", "routing")

_RULES: Mapping[str, str] = {"queue": "work_queue", "role": "role"}
"""The kinds of the rules that work may wait at, by the word that names one of them."""


@dataclass(frozen=True, slots=True)
class Originator:
    """Whoever created the case."""

    roots: frozenset[str] = frozenset({"case"})

    def evaluate(self, roots: Mapping[str, Any]) -> Target:
        return Target("operator", roots["case"]["created_by"])


@dataclass(frozen=True, slots=True)
class ActingNow:
    """Whoever gave the command that led here."""

    roots: frozenset[str] = frozenset({"actor"})

    def evaluate(self, roots: Mapping[str, Any]) -> Target:
        return Target("operator", roots["actor"]["id"])


@dataclass(frozen=True, slots=True)
class TheCustomer:
    """The customer of the case, in self-service."""

    roots: frozenset[str] = frozenset({"case"})

    def evaluate(self, roots: Mapping[str, Any]) -> Target:
        return Target("customer", str(roots["case"].get("customer_id") or ""))


@dataclass(frozen=True, slots=True)
class NamedOperator:
    """The operator whose id an expression gives."""

    id: Value

    @property
    def roots(self) -> frozenset[str]:
        return self.id.roots

    def evaluate(self, roots: Mapping[str, Any]) -> Target:
        return Target("operator", str(self.id.evaluate(roots) or ""))


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The work queue or role whose id an expression gives; raises LookupError where there is no such rule."""

    kind: str
    rule: str
    id: Value

    @property
    def roots(self) -> frozenset[str]:
        return self.id.roots

    def evaluate(self, roots: Mapping[str, Any]) -> Target:
        found = str(self.id.evaluate(roots) or "")
        if found:
            roots["$rules"].bind(self.rule, found, roots)
        return Target(self.kind, found)


@dataclass(frozen=True, slots=True)
class Routed:
    """The routing rule that decides, bound when the assignment opens; the machine follows its routes."""

    routing: str

    @property
    def roots(self) -> frozenset[str]:
        return frozenset({"case"})

    def evaluate(self, roots: Mapping[str, Any]) -> Routing:
        routing: Routing = roots["$rules"].bind("routing", self.routing, roots).value
        return routing


_NAMED: Mapping[str, Value] = {"originator": Originator(), "actor": ActingNow(), "customer": TheCustomer()}


def opening(step: Step, scope: Scope, *, text: Value | None = None) -> Emission:
    """The effect that opens the step's assignment: its target, urgency, skills and, where it has one, its text."""
    assign = step.node.get("assign")
    arguments: dict[str, Value] = {
        "target": target_of(assign, scope),
        "label": Constant(step.label),
        "urgency": Constant(step.node.number("urgency", 10)),
    }
    skills = assign.words("skills") if assign else ()
    if skills:
        arguments["skills"] = Constant(skills)
    if text is not None:
        arguments["text"] = text
    return Emission(OpenAssignment, arguments)


def target_of(assign: Node | None, scope: Scope) -> Value:
    """The target that an `assign:` or a route names; the originator where there is none."""
    if assign is None:
        return Originator()
    named = [place for place in PLACES if assign.get(place)]
    if len(named) != 1:
        message = f"assign says {listed(named)}; it needs exactly one of {listed(PLACES)}"
        help_ = f"keep one of {listed(named)}" if named else "add role: ID, queue: ID, routing: ID, or to: customer"
        scope.report("E508", assign.span, message, help=help_)
        return Originator()
    node = assign.value[named[0]]
    if named[0] in _RULES:
        return _place(named[0], node, scope)
    return Routed(str(node.value)) if named[0] == "routing" else _person(node, scope)


def _place(kind: str, node: Node, scope: Scope) -> Value:
    if isinstance(node.value, Formula):
        return NamedPlace(kind, _RULES[kind], scope.expression(node, TEXT))
    return Constant(Target(kind, str(node.value)))


def _person(node: Node, scope: Scope) -> Value:
    if isinstance(node.value, Formula):
        return NamedOperator(scope.expression(node))
    if str(node.value) in _NAMED:
        return _NAMED[str(node.value)]
    scope.report(
        "E509",
        node.span,
        f"nobody is called '{node.value}' here",
        help=f"write one of {', '.join(_NAMED)}, or an expression that gives an operator's id, as =case.owner",
    )
    return Originator()
