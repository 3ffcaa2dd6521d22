"""Gives somebody words to say, and waits until they are said."""

from casewright.machine.plan import Activity, Awaits
from casewright.machine.screens import Screen
from casewright.steps.assigning import opening
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope


def lower(step: Step, scope: Scope) -> Activity:
    """An assignment that shows words and has no input."""
    words = step.node.get("text")
    text = scope.text(words) if words else None
    return Activity(
        emissions=(opening(step, scope, text=text),),
        awaits=Awaits.SUBMISSION,
        screen=Screen(step.label, text=text),
    )


STEP = step_type("say", __file__, lower)
