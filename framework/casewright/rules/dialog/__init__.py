"""What is said and asked, in order: the same for everybody."""

from __future__ import annotations

from casewright.expressions import BOOLEAN, DYNAMIC, INTEGER, record
from casewright.machine.plan import Plan
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.steps.review import review
from casewright.steps.scope import Scope
from casewright.steps.sequences import lower_sequence
from casewright.steps.written import Written

HELD = record("dialog", {"score": INTEGER, "passed": BOOLEAN, "answers": DYNAMIC})


def lower(rule: Rule, ground: Ground) -> Plan:
    """The plan of a dialog: its steps, and the mark that they must reach."""
    body = rule.body
    scope = ground.scope.with_roots(item=HELD).over(Written(body, ground.steps))
    plan = Plan(
        rule=f"dialog/{rule.name.id}",
        digest=rule.digest,
        label=rule.label,
        sequence=lower_sequence(body.get("steps"), "", ground.steps, scope),
        pass_mark=body.number("pass_mark") if body.get("pass_mark") else None,
    )
    _refuse_splits(plan, scope)
    review(plan, scope)
    reachable = sum(item.activity.score for _, item in plan.every_item() if item.activity)
    if plan.pass_mark is not None and reachable < plan.pass_mark:
        at = (body.get("pass_mark") or body).span
        scope.report(
            "E523",
            at,
            f"the pass mark is {plan.pass_mark}, and all right answers together score {reachable}",
            help=f"lower it to {reachable}, or raise the scores",
        )
    return plan


def _refuse_splits(plan: Plan, scope: Scope) -> None:
    """A dialog is one conversation: what is said and asked has one order."""
    for _, item in plan.every_item():
        if item.split is not None:
            scope.report(
                "E561",
                item.at,
                f"a dialog is one conversation, so nothing runs side by side in it, and '{item.id}' does",
                help=f"write do: group for steps that belong together, or put do: {item.kind} into the case type "
                "and hold the dialog there",
            )


KIND = rule_kind("dialog", __file__, lower, reads_case=True)
