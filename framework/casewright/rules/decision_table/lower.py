"""A decision table to what decides by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright.expressions import Type, record
from casewright.expressions.tables import Table
from casewright.rules.contract import Ground, Rule
from casewright.rules.decision_table.compile import compile_rows
from casewright.source.node import Node
from casewright.steps.fields import field_type, type_of
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope


@dataclass(frozen=True, slots=True)
class Given:
    """What a table gave: its outputs, and in words which row won."""

    outputs: Mapping[str, Any]
    because: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Decides by the rows of one table."""

    id: str
    table: Table

    def decide(self, roots: Mapping[str, Any]) -> Given:
        """The outputs for these roots."""
        decision = self.table.decide(roots)
        return Given(decision.outputs, decision.reason)


def outline(rule: Rule, scope: Scope) -> Outline:
    """The outputs as a record."""
    quiet = replace(scope, findings=Findings())
    return Outline(rule.span, type=record(rule.name.id, output_types(rule.body, quiet)))


def output_types(body: Node, scope: Scope) -> dict[str, Type]:
    """The type of each output: written as a type, or as a field."""
    return {
        name: type_of(node, scope) if node.is_map else field_type(str(node.value), (), scope)
        for name, node in body.entries("outputs").items()
    }


def lower(rule: Rule, ground: Ground) -> DecisionTable | None:
    """The table, its rows compiled and indexed; None where it could not be."""
    table = compile_rows(rule.body, output_types(rule.body, ground.scope), ground.scope, rule.span)
    return DecisionTable(rule.name.id, table) if table else None
