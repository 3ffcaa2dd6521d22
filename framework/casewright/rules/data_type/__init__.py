"""A record: its fields, its key, and the page it is read through."""

from __future__ import annotations

from casewright.expressions import record
from casewright.machine.policies import RecordType
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.steps.fields import lower_fields, type_of
from casewright.steps.outline import Outline
from casewright.steps.scope import Scope


def outline(rule: Rule, scope: Scope) -> Outline:
    """The record's type, whose fields are worked out when they are asked for: data types may refer to each other."""
    fields, name = rule.body.entries("fields"), rule.name.id
    page = rule.body.word("page")
    return Outline(
        rule.span,
        type=record(name, lambda: {each: type_of(node, scope) for each, node in fields.items()}),
        page=page,
        page_parameter=_parameter(page, scope),
        key=rule.body.word("key", "id"),
    )


def _parameter(page: str, scope: Scope) -> str:
    """The page's first required parameter, which takes the key."""
    fields = scope.outlines.parameters(page) if page else {}
    return next((name for name, each in fields.items() if each.is_true("required")), "")


def lower(rule: Rule, ground: Ground) -> RecordType:
    """The fields of the record, each accepting its own values."""
    scope, body = ground.scope, rule.body
    fields = lower_fields(body.entries("fields"), scope)
    key = body.word("key", "id")
    if fields and key not in fields:
        at = (body.get("key") or body).span
        scope.report("E520", at, f"the key '{key}' is not a field", help=f"add it under fields: {key}: {{type: id}}")
    page = body.get("page")
    known = page is not None and scope.outlines.find("data_page", str(page.value))
    if page is not None and known and not _parameter(str(page.value), scope):
        message = f"data_page/{page.value} has no required parameter that could take the key"
        help_ = f"add there parameters: {{{key}: {{type: id, required: true}}}}, or name another page"
        scope.report("E521", page.span, message, help=help_)
    return RecordType(rule.name.id, key, fields)


KIND = rule_kind("data_type", __file__, lower, outline=outline, is_bound=False)
