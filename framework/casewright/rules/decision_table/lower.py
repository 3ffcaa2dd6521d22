"""A decision table to what decides by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright.expressions import HIT_POLICIES, Constant, Table, result_type
from casewright.machine.deciding import Given
from casewright.rules.contract import Ground, Rule
from casewright.rules.decision_table import showing
from casewright.rules.decision_table.compile import compile_rows
from casewright.steps.deciding import Decided, deciding_scope, output_types
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope
from casewright.steps.showing import Fared, Layout, Looked
from casewright.values import Span


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Decides by the rows of one table."""

    id: str
    table: Table

    def decide(self, roots: Mapping[str, Any]) -> Given:
        """The outputs for these roots, and in words which rows gave them.

        Nothing is decided where no row matches and `otherwise` is not written, or says null of every output.
        """
        decision = self.table.decide(roots)
        outputs = decision.outputs
        is_decided = bool(decision.rows) or (
            any(value is not None for value in outputs.values()) if isinstance(outputs, Mapping) else bool(outputs)
        )
        return Given(outputs, decision.reason, is_decided)

    def constants(self, output: str) -> Iterator[tuple[object, Span]]:
        """The constants that are given as an output, each with its place."""
        written = [dict(zip(dict(self.table.outputs), row.values, strict=True)).get(output) for row in self.table.rows]
        for value in (*written, self.table.otherwise.get(output)):
            if isinstance(value, Constant) and value.value is not None:
                yield value.value, value.at

    def asks(self) -> tuple[Decided, ...]:
        """The rules that are asked by rows: none."""
        return ()

    def layout(self) -> Layout:
        """The table on paper."""
        return showing.layout(self.table)

    def fared(self, roots: Mapping[str, Any]) -> tuple[Fared, ...]:
        """How each row fared on these roots."""
        return tuple(showing.fared(self.table, roots))

    def looked(self) -> Looked:
        """What is missing, doubled, or can never count."""
        return showing.looked(self.table)


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
