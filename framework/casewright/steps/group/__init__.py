"""Runs steps of its own, as one."""

from casewright.steps.contract import Step, Within, step_type
from casewright.steps.scope import Scope
from casewright.steps.sequences import lower_sequence


def lower(step: Step, scope: Scope) -> Within:
    """A sequence inside the step."""
    return Within(body=lower_sequence(step.node.get("steps"), step.path, step.types, scope))


STEP = step_type("group", __file__, lower)
