"""Publishes an event, for triggers, waiting cases and hosts."""

from casewright.machine.effects import Publish
from casewright.machine.plan import Activity, Constant, Emission
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope


def lower(step: Step, scope: Scope) -> Activity:
    """An event on entry, with a payload that has what the event declares."""
    node, given = step.node.get("event"), step.node.get("with")
    outline = scope.outline("event", node) if node is not None else None
    payload = (
        scope.arguments(given, step.node, outline, f"event/{node.value}")
        if outline is not None and node is not None
        else scope.values(step.node.entries("with"))
    )
    event = {"event": Constant(step.node.word("event")), "payload": scope.gathered(payload)}
    return Activity(emissions=(Emission(Publish, event),))


STEP = step_type("publish", __file__, lower)
