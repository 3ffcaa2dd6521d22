"""A data page to its policy."""

from __future__ import annotations

from dataclasses import replace

from casewright.machine.plan import Value
from casewright.machine.policies import Page
from casewright.rules.contract import Ground, Rule
from casewright.source.node import Node
from casewright.steps.fields import field_type, field_types, lower_fields
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope
from casewright.values import Duration


def outline(rule: Rule, scope: Scope) -> Outline:
    """What the page takes and gives."""
    quiet = replace(scope, findings=Findings())
    fields = lower_fields(rule.body.entries("parameters"), quiet)
    return Outline(
        rule.span,
        type=field_type(rule.body.word("returns", "text"), (), quiet),
        fields=fields,
        types=field_types(fields, quiet),
    )


def lower(rule: Rule, ground: Ground) -> Page:
    """Where the data comes from, and how long it may be served."""
    body, scope = rule.body, ground.scope
    parameters = lower_fields(body.entries("parameters"), scope)
    returns = body.word("returns", "text")
    source = body.get("source") or body.with_value({})
    if (source.get("connector") is None) == (source.get("internal") is None):
        scope.report("E530", source.span, "a source has either connector: or internal:")
    return Page(
        id=rule.name.id,
        returns=returns,
        parameters=parameters,
        connector=source.word("connector"),
        arguments=_arguments(source, scope.only_roots(**field_types(parameters, scope))),
        internal=source.word("internal"),
        scope=body.word("scope", "interaction"),
        fresh_seconds=_seconds(body.get("fresh_for")),
        stale_seconds=_seconds(body.get("stale_for")),
        timeout_seconds=_seconds(body.get("timeout"), 5.0),
        on_error=body.word("on_error", "fail"),
        invalidate_on=body.words("invalidate_on"),
        record=returns.removeprefix("list of "),
        is_list=returns.startswith("list of "),
    )


def _arguments(source: Node, scope: Scope) -> dict[str, Value]:
    node = source.get("connector")
    connector, _, operation = source.word("connector").partition(".")
    known = scope.outlines.find("connector", connector)
    if node is None or known is None or source.get("with") is None:
        return scope.values(source.entries("with"))
    if operation not in known.parts:
        return scope.values(source.entries("with"))
    return scope.arguments(source.get("with"), node, known.parts[operation], source.word("connector"))


def _seconds(node: Node | None, default: float = 0.0) -> float:
    return node.value.exact.total_seconds() if node and isinstance(node.value, Duration) else default
