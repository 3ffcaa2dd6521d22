"""A sequence of steps that several case types share."""

from __future__ import annotations

from dataclasses import replace

from casewright.machine.plan import Plan
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.steps.fields import field_types, lower_fields, own_fields
from casewright.steps.outline import Outline
from casewright.steps.review import review
from casewright.steps.scope import Findings, Scope
from casewright.steps.sequences import lower_sequence
from casewright.steps.written import Written


def outline(rule: Rule, scope: Scope) -> Outline:
    """The fields that the process works on."""
    quiet = replace(scope, findings=Findings())
    fields = lower_fields(rule.body.entries("data"), quiet)
    return Outline(rule.span, fields=fields, types=field_types(fields, quiet), own=own_fields(rule.body, quiet))


def lower(rule: Rule, ground: Ground) -> Plan:
    """The plan of a process: its steps, over the fields that it names."""
    fields = lower_fields(rule.body.entries("data"), ground.scope)
    beside = {name: type_ for name, type_ in ground.scope.roots.items() if name != "case"}
    offered = ground.scope.of_case(fields, field_types(fields, ground.scope), beside)
    scope = offered.over(Written(rule.body, ground.steps))
    plan = Plan(
        rule=f"process/{rule.name.id}",
        digest=rule.digest,
        label=rule.label,
        sequence=lower_sequence(rule.body.get("steps"), "", ground.steps, scope),
        fields=fields,
    )
    review(plan, scope)
    return plan


KIND = rule_kind("process", __file__, lower, outline=outline, reads_case=True)
