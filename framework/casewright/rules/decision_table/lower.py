"""A decision table to what decides by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright.expressions import HIT_POLICIES, Table, result_type
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
        """The outputs for these roots, and in words which rows gave them."""
        decision = self.table.decide(roots)
        return Given(decision.outputs, decision.reason, bool(decision.rows or self.table.otherwise))


def outline(rule: Rule, scope: Scope) -> Outline:
    """The outputs as a record, or a list of records, as the hit policy says."""
    quiet = replace(scope, findings=Findings())
    outputs = tuple(output_types(rule.body, quiet).items())
    hit = rule.body.word("hit")
    return Outline(rule.span, type=result_type(rule.name.id, hit if hit in HIT_POLICIES else "first", outputs))


def lower(rule: Rule, ground: Ground) -> DecisionTable | None:
    """The table, its rows compiled and indexed; None where it could not be."""
    scope = deciding_scope(ground.scope)
    table = compile_rows(rule.body, output_types(rule.body, scope), scope, rule.span)
    return DecisionTable(rule.name.id, table) if table else None
