"""Work that waits for anybody of some roles."""

from casewright.machine.policies import WorkQueue
from casewright.rules.contract import Ground, Rule, rule_kind


def lower(rule: Rule, ground: Ground) -> WorkQueue:
    """The queue, and who may take from it."""
    body = rule.body
    roles = body.words("roles")
    if not roles:
        at = (body.get("roles") or body).span
        ground.scope.report("E703", at, f"nobody can serve queue '{rule.name.id}'", help="add roles: [csr]")
    return WorkQueue(rule.name.id, rule.label, frozenset(roles))


KIND = rule_kind("work_queue", __file__, lower, is_bound=False)
