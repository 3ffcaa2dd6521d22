"""A message to a customer: its channel and its words."""

from __future__ import annotations

from casewright.machine.plan import Constant, Value
from casewright.machine.policies import Correspondence
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.source.node import Node
from casewright.steps.scope import Scope


def lower(rule: Rule, ground: Ground) -> Correspondence:
    """The texts, ready to be rendered."""
    body = rule.body
    if body.word("channel") == "email" and body.get("subject") is None:
        ground.scope.report("E529", rule.span, "an e-mail needs a subject", help="add subject: Your request")
    return Correspondence(
        rule.name.id,
        body.word("channel"),
        _text(body.get("subject"), ground.scope),
        _text(body.get("body"), ground.scope),
    )


def _text(node: Node | None, scope: Scope) -> Value:
    return scope.text(node) if node else Constant("")


KIND = rule_kind("correspondence", __file__, lower, reads_case=True)
