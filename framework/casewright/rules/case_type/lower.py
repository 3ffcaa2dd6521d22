"""A case type to its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casewright.machine.plan import Context, Item, Plan, Sequence
from casewright.rules.case_type.outline import context_types
from casewright.rules.contract import Ground, Rule
from casewright.source.node import Node
from casewright.steps.fields import field_types, lower_fields
from casewright.steps.review import review
from casewright.steps.scope import CASE_TYPES, Scope
from casewright.steps.sequences import Steps, lower_actions, lower_region, sla_use
from casewright.steps.written import Written

ENGAGEMENT_FIELDS: Mapping[str, str] = {
    "nps": "the score that the customer gave",
    "nps_score": "the score that the customer gave",
    "aht": "the handle time",
    "handle_time": "the handle time",
    "talk_time": "the handle time",
    "disposition": "how the engagement ended",
    "transcript": "the words of the engagement",
}


def lower(rule: Rule, ground: Ground) -> Plan:
    """The plan of a case type: its fields, its context and its stages."""
    body = rule.body
    fields = lower_fields(body.entries("data"), ground.scope)
    offered = ground.scope.of_case(fields, field_types(fields, ground.scope), context_types(rule, ground.scope))
    scope = offered.over(Written(body, ground.steps))
    _refuse_fields(body, scope)
    start = body.get("start") or body.with_value({})
    plan = Plan(
        rule=f"case_type/{rule.name.id}",
        digest=rule.digest,
        label=rule.label,
        sequence=_stages(body, ground.steps, scope),
        fields=fields,
        context=_context(body, scope),
        start_when=scope.condition(start.get("when")),
        start_by=frozenset(start.words("by")),
        open_to=frozenset(body.words("open_to")),
        sla=sla_use(body, scope),
        urgency=body.number("urgency", 10),
        binds_created=body.word("bind") == "created",
        actions=lower_actions(body, "", ground.steps, scope),
    )
    review(plan, scope)
    return plan


def _stages(body: Node, steps: Steps, scope: Scope) -> Sequence:
    return Sequence(
        "",
        tuple(_stage(node, steps, scope) for node in body.items("stages")),
        tuple(_stage(node, steps, scope) for node in body.items("alternate_stages")),
    )


def _stage(node: Node, steps: Steps, scope: Scope) -> Item:
    stage_id = node.word("id")
    region = lower_region(node, stage_id, "stage", steps, scope)
    return replace(region, status=node.word("status"), actions=lower_actions(node, stage_id, steps, scope))


def _context(body: Node, scope: Scope) -> dict[str, Context]:
    return {name: _named(name, node, scope) for name, node in body.entries("context").items()}


def _named(name: str, node: Node, scope: Scope) -> Context:
    page, written = node.get("page"), node.get("with")
    outline = scope.outlines.find("data_page", node.word("page"))
    if outline is None or page is None:
        return Context(name, node.word("page"), scope.values(node.entries("with")))
    return Context(name, str(page.value), scope.arguments(written, page, outline, f"data_page/{page.value}"))


def _refuse_fields(body: Node, scope: Scope) -> None:
    """Fields that belong to the interaction, or that every case has of its own."""
    for name, node in body.entries("data").items():
        if name in ENGAGEMENT_FIELDS:
            scope.report(
                "E702",
                node.key,
                f"'{name}' is {ENGAGEMENT_FIELDS[name]}, which belongs to the interaction and not to a case",
                help="leave it to the interaction, whose log and wrap-up keep it",
            )
        elif name in CASE_TYPES:
            scope.report(
                "E536",
                node.key,
                f"every case has a '{name}' of its own, and `case.{name}` reads that one",
                help="give the field another name",
            )
