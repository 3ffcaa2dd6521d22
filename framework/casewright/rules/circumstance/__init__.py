"""A dimension that variants may depend on: a fact, where it is read, and what it can be."""

from __future__ import annotations

from casewright.layers.scalars import NotOfType, scalar
from casewright.machine.policies import Dimension
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.source.node import Node
from casewright.steps.accepting import SIMPLE_TYPES
from casewright.steps.scope import Scope
from casewright.values import did_you_mean


def lower(rule: Rule, ground: Ground) -> Dimension:
    """The fact's expression, ready to be read when a variant is chosen."""
    _check_type(rule.body, ground.scope)
    node = rule.body.get("value") or rule.body
    return Dimension(rule.name.id, ground.scope.expression(node), str(node.value))


def _check_type(body: Node, scope: Scope) -> None:
    """E507 for a type that no fact has, and E205 for options that are none of it."""
    node = body.get("type")
    if node is None or node.value is None:
        return
    name = str(node.value)
    if name not in SIMPLE_TYPES:
        message = f"there is no type '{name}'{did_you_mean(name, SIMPLE_TYPES)}"
        scope.report("E507", node.span, message, help=f"a fact is of a simple type: {', '.join(SIMPLE_TYPES)}")
        return
    for option in body.items("options"):
        try:
            scalar(str(option.value), name)
        except NotOfType as wrong:
            scope.report("E205", option.span, str(wrong), help=f"each option is a value of the type, {name}")


KIND = rule_kind("circumstance", __file__, lower, is_bound=False)
