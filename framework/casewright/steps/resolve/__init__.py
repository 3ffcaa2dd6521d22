"""Ends the case."""

from casewright.machine.effects import Resolve
from casewright.machine.plan import Activity, Constant, Emission
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope


def lower(step: Step, scope: Scope) -> Activity:
    """The end of the case on entry."""
    return Activity(emissions=(Emission(Resolve, {"status": Constant(step.node.word("status"))}),))


STEP = step_type("resolve", __file__, lower)
