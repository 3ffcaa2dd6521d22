"""Moves the case to another stage, or to an alternate stage."""

from casewright.machine.effects import Move
from casewright.machine.plan import Activity, Constant, Emission
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope


def lower(step: Step, scope: Scope) -> Activity:
    """A move on entry. The case type checks that there is such a stage."""
    to = step.node.get("to")
    if to is not None and to.is_list:
        help_ = "write do: parallel with a branch for each, or move to one stage"
        scope.report("E550", to.span, "a case moves to one stage at a time", help=help_)
        return Activity()
    return Activity(emissions=(Emission(Move, {"target": Constant(step.node.word("to"))}),))


STEP = step_type("move", __file__, lower)
