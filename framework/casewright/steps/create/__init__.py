"""Begins another case, as a child of this one."""

from casewright.expressions import DYNAMIC, TEXT, Type, record
from casewright.machine.effects import StartCase
from casewright.machine.plan import Activity, Awaits, Constant, Emission
from casewright.source.node import Node
from casewright.steps.contract import Step, step_type
from casewright.steps.outline import Outline
from casewright.steps.scope import Scope


def child_type(case_type: str, outline: Outline | None) -> Type:
    """What is known of a child case that has ended: its id, its status, and the fields of its case type."""
    data = record(case_type, outline.types) if outline is not None else DYNAMIC
    return record("child", {"id": TEXT, "status": TEXT, "data": data})


def lower(step: Step, scope: Scope) -> Activity:
    """A child case on entry; with `wait`, its end completes the step."""
    node, waits = step.node.get("case_type"), step.node.is_true("wait")
    outline = scope.outline("case_type", node) if node else None
    if node and outline:
        _check(step, node, outline, scope, waits)
    data = (
        scope.arguments(step.node.get("with"), step.node, outline, f"case_type/{node.value}", may_lack=True)
        if outline and node
        else scope.values(step.node.entries("with"))
    )
    return Activity(
        emissions=(
            Emission(
                StartCase,
                {
                    "case_type": Constant(step.node.word("case_type")),
                    "data": scope.gathered(data),
                    "wait": Constant(waits),
                },
            ),
        ),
        awaits=Awaits.CHILD if waits else Awaits.NOTHING,
        save=scope.saves(step.node.entries("save"), child_type(step.node.word("case_type"), outline)),
    )


def _check(step: Step, node: Node, outline: Outline, scope: Scope, waits: bool) -> None:
    if outline.is_abstract:
        message = f"case_type/{node.value} has no stages, so no case of it can begin"
        scope.report("E512", node.span, message, help="name a case type that has stages, as one whose is_a is this")
    saved = step.node.get("save")
    if saved and not waits:
        scope.report(
            "E513",
            saved.span,
            "save needs the child's result, so the step must wait",
            help="add wait: true, or wait for it later by do: wait, child: ...",
        )


STEP = step_type("create", __file__, lower)
