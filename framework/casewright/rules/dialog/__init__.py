"""What is said and asked, in order: the same for everybody."""

from __future__ import annotations

from casewright.expressions import BOOLEAN, DYNAMIC, INTEGER, record
from casewright.machine.plan import Plan
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.steps.sequences import lower_sequence

HELD = record("dialog", {"score": INTEGER, "passed": BOOLEAN, "answers": DYNAMIC})


def lower(rule: Rule, ground: Ground) -> Plan:
    """The plan of a dialog: its steps, and the mark that they must reach."""
    scope, body = ground.scope.with_roots(item=HELD), rule.body
    plan = Plan(
        rule=f"dialog/{rule.name.id}",
        digest=rule.digest,
        label=rule.label,
        sequence=lower_sequence(body.get("steps"), "", ground.steps, scope),
        pass_mark=body.number("pass_mark") if body.get("pass_mark") else None,
    )
    reachable = sum(item.activity.score for item in plan.sequence.items if item.activity)
    if plan.pass_mark is not None and reachable < plan.pass_mark:
        at = (body.get("pass_mark") or body).span
        scope.report(
            "E523",
            at,
            f"the pass mark is {plan.pass_mark}, and all right answers together score {reachable}",
            help=f"lower it to {reachable}, or raise the scores",
        )
    return plan


KIND = rule_kind("dialog", __file__, lower, reads_case=True)
