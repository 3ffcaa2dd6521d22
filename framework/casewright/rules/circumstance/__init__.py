"""A dimension that variants may depend on: a fact, where it is read, and what it can be."""

from __future__ import annotations

from casewright.machine.policies import Dimension
from casewright.rules.contract import Ground, Rule, rule_kind


def lower(rule: Rule, ground: Ground) -> Dimension:
    """The fact's expression, ready to be read when a variant is chosen."""
    node = rule.body.get("value") or rule.body
    return Dimension(rule.name.id, ground.scope.expression(node), str(node.value))


KIND = rule_kind("circumstance", __file__, lower, is_bound=False)
