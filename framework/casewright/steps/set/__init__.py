"""Sets fields of the case."""

from casewright.expressions import NULL
from casewright.machine.plan import Activity
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope


def lower(step: Step, scope: Scope) -> Activity:
    """Values saved on entry."""
    return Activity(save=scope.saves(step.node.entries("values"), NULL))


STEP = step_type("set", __file__, lower)
