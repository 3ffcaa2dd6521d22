"""Asks a decision table or a decision tree, and keeps what it gives."""

from casewright.machine.plan import Activity
from casewright.steps.contract import Step, step_type
from casewright.steps.deciding import decided_by, result_of
from casewright.steps.scope import Scope


def lower(step: Step, scope: Scope) -> Activity:
    """A result worked out on entry, and what is saved of it."""
    decided = decided_by(step.node, scope)
    return Activity(result=decided, save=scope.saves(step.node.entries("save"), result_of(decided, scope)))


STEP = step_type("decide", __file__, lower)
