"""Something that happened, told to whoever listens."""

from __future__ import annotations

from dataclasses import replace

from casewright.expressions import record
from casewright.machine.policies import EventType
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.steps.fields import field_types, lower_fields
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope


def outline(rule: Rule, scope: Scope) -> Outline:
    """The payload as a record."""
    quiet = replace(scope, findings=Findings())
    fields = lower_fields(rule.body.entries("payload"), quiet)
    types = field_types(fields, quiet)
    return Outline(rule.span, type=record(rule.name.id, types), fields=fields, types=types)


def lower(rule: Rule, ground: Ground) -> EventType:
    """The payload's fields."""
    return EventType(rule.name.id, lower_fields(rule.body.entries("payload"), ground.scope))


KIND = rule_kind("event", __file__, lower, outline=outline, is_bound=False)
