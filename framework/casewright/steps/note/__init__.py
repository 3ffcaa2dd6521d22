"""Leaves a note on the case."""

from casewright.machine.effects import AddNote
from casewright.machine.plan import Activity, Constant, Emission
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope


def lower(step: Step, scope: Scope) -> Activity:
    """A note on entry."""
    words = step.node.get("text")
    return Activity(emissions=(Emission(AddNote, {"text": scope.text(words) if words else Constant("")}),))


STEP = step_type("note", __file__, lower)
