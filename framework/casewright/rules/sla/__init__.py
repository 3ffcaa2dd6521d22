"""A goal and a deadline: how long work should take, how long it may take, and what passing them does."""

from casewright.machine.policies import Sla
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.steps.clocks import lower_sla


def lower(rule: Rule, ground: Ground) -> Sla:
    """The clocks."""
    return lower_sla(rule.name.id, rule.body, ground.scope)


KIND = rule_kind("sla", __file__, lower)
