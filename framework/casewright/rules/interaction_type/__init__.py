"""One engagement on one channel: who, where, which words, how long, how it ended."""

from __future__ import annotations

from casewright.machine.policies import InteractionType
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.steps.fields import lower_fields

FORBIDDEN = {
    "stages": "stages",
    "steps": "steps",
    "process": "a process",
    "processes": "processes",
    "sla": "an SLA",
    "assign": "an assignment",
    "approve": "an approval",
    "approvals": "approvals",
    "routing": "routing of work",
    "status": "a resolution",
}


def lower(rule: Rule, ground: Ground) -> InteractionType:
    """The channel, and what the wrap-up captures; a problem for everything that is work."""
    scope, body = ground.scope, rule.body
    for name, what in FORBIDDEN.items():
        if (node := body.get(name)) is not None:
            scope.report(
                "E701",
                node.key,
                f"an interaction has no {name}: it records an engagement, and {what} belongs to a service case",
                help=f"define a case_type that is_a service_case and put {name} there; the interaction refers to it",
            )
    live = body.get("live")
    return InteractionType(
        id=rule.name.id,
        label=rule.label,
        channel=body.word("channel"),
        direction=body.word("direction", "inbound"),
        live=live is None or live.value is True,
        fields=lower_fields(body.entries("data"), scope),
        dispositions=body.words("dispositions"),
    )


KIND = rule_kind("interaction_type", __file__, lower, is_bound=False)
