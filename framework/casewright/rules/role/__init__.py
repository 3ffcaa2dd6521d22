"""What a person is in the organisation."""

from casewright.machine.policies import Role
from casewright.rules.contract import Ground, Rule, rule_kind


def lower(rule: Rule, ground: Ground) -> Role:
    """The role and its privileges."""
    return Role(rule.name.id, rule.label, frozenset(rule.body.words("may")))


KIND = rule_kind("role", __file__, lower, is_bound=False)
