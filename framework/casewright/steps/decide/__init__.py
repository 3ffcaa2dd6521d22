"""Asks a decision table, and keeps what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions import DYNAMIC
from casewright.machine.plan import Activity
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope


@dataclass(frozen=True, slots=True)
class Decided:
    """What a table gives for these roots; says to the trace which row won."""

    table: str
    roots: frozenset[str] = frozenset()

    def evaluate(self, roots: Mapping[str, Any]) -> Mapping[str, Any]:
        decision = roots["$rules"].bind("decision_table", self.table, roots).value.decide(roots)
        roots["$rules"].note(f"decision_table/{self.table}", decision.because)
        outputs: Mapping[str, Any] = decision.outputs
        roots["$rules"].note("gave", ", ".join(f"{name} {_words(value)}" for name, value in outputs.items()))
        return outputs


def _words(value: Any) -> str:
    return "nothing" if value is None else " ".join(str(value).split())


def lower(step: Step, scope: Scope) -> Activity:
    """A result worked out on entry, and what is saved of it."""
    node = step.node.get("table")
    outline = scope.outline("decision_table", node) if node else None
    return Activity(
        result=Decided(step.node.word("table")),
        save=scope.saves(step.node.entries("save"), outline.type if outline else DYNAMIC),
    )


STEP = step_type("decide", __file__, lower)
