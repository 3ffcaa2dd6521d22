"""A data page to its policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright.machine.plan import Field, Value
from casewright.machine.policies import Page
from casewright.rules.contract import Ground, Rule
from casewright.source.node import Node
from casewright.steps.clocks import seconds
from casewright.steps.fields import field_type, field_types, lower_fields
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope, listed
from casewright.values import Related


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
        help_ = "write connector: CONNECTOR.OPERATION, or internal: NAME for a function of the host"
        scope.report("E530", source.span, "a source has either connector: or internal:", help=help_)
    return Page(
        id=rule.name.id,
        returns=returns,
        parameters=parameters,
        connector=source.word("connector"),
        arguments=_arguments(source, parameters, scope.only_roots(**field_types(parameters, scope))),
        internal=source.word("internal"),
        scope=body.word("scope", "interaction"),
        fresh_seconds=seconds(body.get("fresh_for"), 0.0),
        stale_seconds=seconds(body.get("stale_for"), 0.0),
        timeout_seconds=seconds(body.get("timeout"), 5.0),
        on_error=body.word("on_error", "fail"),
        invalidate_on=body.words("invalidate_on"),
        record=returns.removeprefix("list of "),
        is_list=returns.startswith("list of "),
    )


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the page, handed on as it came."""

    name: str

    @property
    def roots(self) -> frozenset[str]:
        return frozenset({self.name})

    def evaluate(self, roots: Mapping[str, Any]) -> Any:
        return roots[self.name]


def _arguments(source: Node, parameters: Mapping[str, Field], scope: Scope) -> Mapping[str, Value]:
    """The arguments of the operation: what `with` says, else the page's parameters by their own names."""
    node, written = source.get("connector"), source.get("with")
    connector, _, operation = source.word("connector").partition(".")
    known = scope.outlines.find("connector", connector)
    taken = known.parts.get(operation) if known else None
    if node is None or taken is None:
        return scope.values(source.entries("with"))
    if written is not None:
        return scope.arguments(written, node, taken, source.word("connector"))
    lacking = [name for name, each in taken.fields.items() if each.required and name not in parameters]
    if lacking:
        scope.report(
            "E505",
            node.span,
            f"{source.word('connector')} needs {listed(lacking)}, which the page has no parameter of",
            related=(Related(taken.span, "declared here"),),
            help=f"add with: {{{lacking[0]}: =...}}",
        )
    return {name: Parameter(name) for name in taken.fields if name in parameters}
