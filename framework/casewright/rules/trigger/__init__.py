"""Begins a case without an interaction: on an event, or on a schedule."""

from __future__ import annotations

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from casewright.expressions import DYNAMIC, TEXT
from casewright.machine.plan import Value
from casewright.machine.policies import Trigger
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.rules.zones import check_zone
from casewright.source.node import Node
from casewright.steps.deciding import decided_by, result_of
from casewright.steps.scope import Scope

_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


def lower(rule: Rule, ground: Ground) -> Trigger:
    """When it fires, and the case that it begins."""
    body = rule.body
    event = ground.scope.outlines.find("event", body.word("event"))
    scope = ground.scope.only_roots(event=event.type if event else DYNAMIC)
    decide = body.get("decide")
    decided = decided_by(decide, scope) if decide is not None else None
    if (body.get("event") is None) == (body.get("every") is None):
        scope.report(
            "E524", rule.span, "a trigger has either event: or every:", help='add event: ID, or every: "0 6 * * 1-5"'
        )
    _check_schedule(body, scope)
    if decide is not None:
        scope = scope.with_roots(result=result_of(decided, scope))
    start = body.get("start") or body
    originator = start.get("originator")
    return Trigger(
        id=rule.name.id,
        event=body.word("event"),
        every=body.word("every"),
        zone=body.word("zone", "UTC"),
        when=scope.condition(body.get("when")),
        case_type=start.word("case_type"),
        data=_data(start, scope),
        originator=scope.value(originator, TEXT) if originator else None,
        decided=decided,
    )


def _data(start: Node, scope: Scope) -> dict[str, Value]:
    case_type, written = start.get("case_type"), start.get("with")
    outline = scope.outlines.find("case_type", start.word("case_type"))
    if case_type is None or outline is None:
        return scope.values(start.entries("with"))
    if outline.is_abstract:
        message = f"case_type/{case_type.value} has no stages, so no case of it can begin"
        scope.report(
            "E512", case_type.span, message, help="name a case type that has stages, as one whose is_a is this"
        )
    return scope.arguments(written, case_type, outline, f"case_type/{case_type.value}", may_lack=True)


def _check_schedule(body: Node, scope: Scope) -> None:
    every, zone = body.get("every"), body.get("zone")
    if every is not None:
        try:
            CronSim(str(every.value), _ANY_INSTANT)
        except CronSimError as wrong:
            scope.report(
                "E525",
                every.span,
                f"'{every.value}' is not a schedule: {wrong}",
                help='five parts, as "0 6 * * 1-5": minute hour day month weekday',
            )
    if zone is not None:
        check_zone(zone, scope)


KIND = rule_kind("trigger", __file__, lower, is_bound=False)
