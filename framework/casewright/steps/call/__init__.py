"""Calls an outside system, and waits for its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions import DYNAMIC
from casewright.machine.effects import CallConnector
from casewright.machine.plan import Activity, Awaits, Emission
from casewright.source.node import Node
from casewright.steps.contract import Step, step_type
from casewright.steps.outline import Outline
from casewright.steps.scope import Scope, listed
from casewright.values import Related, did_you_mean


@dataclass(frozen=True, slots=True)
class Named:
    """The operation by its name, its connector bound as it is called, so that the history says which one answered."""

    operation: str
    roots: frozenset[str] = frozenset()

    def evaluate(self, roots: Mapping[str, Any]) -> str:
        roots["$rules"].bind("connector", self.operation.partition(".")[0], roots)
        return self.operation


def lower(step: Step, scope: Scope) -> Activity:
    """A connector call on entry, and what is saved of its answer."""
    node = step.node.get("connector")
    operation = _operation(node, scope) if node else None
    arguments = (
        scope.arguments(step.node.get("with"), step.node, operation, step.node.word("connector"))
        if operation
        else scope.values(step.node.entries("with"))
    )
    return Activity(
        emissions=(
            Emission(
                CallConnector,
                {"connector": Named(step.node.word("connector")), "arguments": scope.gathered(arguments)},
            ),
        ),
        awaits=Awaits.RESULT,
        save=scope.saves(step.node.entries("save"), operation.type if operation else DYNAMIC),
    )


def _operation(node: Node, scope: Scope) -> Outline | None:
    """The outline of the operation that `CONNECTOR.OPERATION` names; a problem where the connector has none such."""
    connector, _, operation = str(node.value).partition(".")
    outline = scope.outlines.find("connector", connector)
    if outline is None or operation in outline.parts:
        return outline.parts[operation] if outline else None
    scope.report(
        "E511",
        node.span,
        f"connector '{connector}' has no operation '{operation}'{did_you_mean(operation, outline.parts)}",
        related=(Related(outline.span, f"it has {listed(outline.parts)}"),),
    )
    return None


STEP = step_type("call", __file__, lower)
