"""A decision table to what decides by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright.expressions import record
from casewright.expressions import Table
from casewright.machine.deciding import Given
from casewright.rules.contract import Ground, Rule
from casewright.rules.decision_table.compile import compile_rows
from casewright.steps.deciding import deciding_scope, output_types
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Decides by the rows of one table."""

    id: str
    table: Table

    def decide(self, roots: Mapping[str, Any]) -> Given:
        """The outputs for these roots, and in words which row won."""
        decision = self.table.decide(roots)
        is_decided = decision.row is not None or any(value is not None for value in self.table.otherwise.values())
        return Given(decision.outputs, decision.reason, is_decided)


def outline(rule: Rule, scope: Scope) -> Outline:
    """The outputs as a record."""
    quiet = replace(scope, findings=Findings())
    return Outline(rule.span, type=record(rule.name.id, output_types(rule.body, quiet)))


def lower(rule: Rule, ground: Ground) -> DecisionTable | None:
    """The table, its rows compiled and indexed; None where it could not be."""
    scope = deciding_scope(ground.scope)
    table = compile_rows(rule.body, output_types(rule.body, scope), scope, rule.span)
    return DecisionTable(rule.name.id, table) if table else None
