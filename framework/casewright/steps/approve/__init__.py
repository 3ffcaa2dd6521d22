"""Waits for somebody to say yes or no."""

from casewright.expressions import choice, record
from casewright.machine.plan import Activity, Awaits
from casewright.machine.screens import Screen
from casewright.steps.assigning import opening
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope
from casewright.steps.widgets import display_of, widget_of

OUTCOMES = ("approved", "rejected")


def lower(step: Step, scope: Scope) -> Activity:
    """An assignment with the outcomes approved and rejected, the fields shown, and a comment where there is one."""
    words, comment = step.node.get("text"), step.node.get("comment")
    text = scope.text(words) if words else None
    shown = [field for node in step.node.items("show") if (field := scope.field(node))]
    kept = scope.field(comment) if comment else None
    widgets = (*(display_of(field) for field in shown), *((widget_of(kept),) if kept else ()))
    return Activity(
        emissions=(opening(step, scope, text=text),),
        awaits=Awaits.SUBMISSION,
        fields=(kept.name,) if kept else (),
        outcomes=OUTCOMES,
        failing=("rejected",),
        save=scope.saves(step.node.entries("save"), record("approval", {"outcome": choice(OUTCOMES)})),
        screen=Screen(step.label, widgets, text, OUTCOMES),
    )


STEP = step_type("approve", __file__, lower)
