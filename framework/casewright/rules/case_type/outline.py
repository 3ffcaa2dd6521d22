"""What other rules may know of a case type: its fields, the roots of its context, and whether it can begin."""

from __future__ import annotations

from dataclasses import replace

from casewright.expressions import DYNAMIC, Type
from casewright.rules.contract import Rule
from casewright.source.node import Node
from casewright.steps.fields import field_types, lower_fields, own_fields
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope


def outline(rule: Rule, scope: Scope) -> Outline:
    """The outside of a case type."""
    quiet = replace(scope, findings=Findings())
    fields = lower_fields(rule.body.entries("data"), quiet)
    return Outline(
        rule.span,
        fields=fields,
        types=field_types(fields, quiet),
        roots=context_types(rule, scope),
        is_abstract=not rule.body.items("stages"),
        own=own_fields(rule.body, quiet),
    )


def context_types(rule: Rule, scope: Scope) -> dict[str, Type]:
    """The names that the context adds, each with what its page gives."""
    return {name: _page_type(node, scope) for name, node in rule.body.entries("context").items()}


def _page_type(node: Node, scope: Scope) -> Type:
    page = scope.outlines.find("data_page", node.word("page"))
    return page.type if page else DYNAMIC
