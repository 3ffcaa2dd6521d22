"""A connector to its policy."""

from __future__ import annotations

from dataclasses import replace

from casewright.expressions import Type, record
from casewright.machine.policies import Connector, Operation, Simulation
from casewright.rules.contract import Ground, Rule
from casewright.source.node import Node
from casewright.steps.clocks import seconds
from casewright.steps.fields import field_type, field_types, lower_fields
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope, listed
from casewright.values import did_you_mean


def outline(rule: Rule, scope: Scope) -> Outline:
    """The operations, each with what it takes and gives."""
    quiet = replace(scope, findings=Findings())
    operations = rule.body.entries("operations")
    return Outline(rule.span, parts={name: _operation_outline(node, quiet) for name, node in operations.items()})


def _operation_outline(node: Node, scope: Scope) -> Outline:
    fields = lower_fields(node.entries("parameters"), scope)
    return Outline(node.key, type=_result(node, scope), fields=fields, types=field_types(fields, scope))


def _result(node: Node, scope: Scope) -> Type:
    if node.get("returns") is not None:
        return field_type(node.word("returns"), (), scope)
    return record("result", field_types(lower_fields(node.entries("result"), scope), scope))


def lower(rule: Rule, ground: Ground) -> Connector:
    """The operations, and the records of a simulated system."""
    body = rule.body
    records = {name: tuple(each.plain() for each in node.value) for name, node in body.entries("records").items()}
    operations = {name: _operation(node, body, ground.scope) for name, node in body.entries("operations").items()}
    return Connector(rule.name.id, body.word("source"), operations, records)


def _operation(node: Node, body: Node, scope: Scope) -> Operation:
    parameters = lower_fields(node.entries("parameters"), scope)
    arguments = record("arguments", field_types(parameters, scope))
    simulate = node.get("simulate")
    if simulate is None and body.word("source") == "simulated":
        scope.report("E531", node.key, "a simulated operation says what it answers", help="add simulate: {result: {}}")
    return Operation(
        parameters=parameters,
        simulation=_simulation(simulate, body, scope.only_roots(arguments=arguments)) if simulate else None,
        latency_seconds=seconds(simulate.get("latency") if simulate else None, 0.0),
        timeout_seconds=seconds(node.get("timeout"), 10.0),
    )


def _simulation(node: Node, body: Node, scope: Scope) -> Simulation:
    tables = body.entries("records")
    table = node.get("find") or node.get("list")
    if table is not None and str(table.value) not in tables:
        near = did_you_mean(str(table.value), tables)
        help_ = f"the records here are {listed(tables)}" if tables else "write them under records:"
        scope.report("E532", table.span, f"there are no records '{table.value}'{near}", help=help_)
    return Simulation(
        table=str(table.value) if table else "",
        by=scope.values(node.entries("by")),
        many=node.get("list") is not None,
        result=scope.values(node.entries("result")),
    )
