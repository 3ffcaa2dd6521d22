"""Waits for somebody to fill in fields of the case."""

from casewright.machine.plan import Activity, Awaits
from casewright.machine.screens import Screen
from casewright.steps.assigning import opening
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope
from casewright.steps.widgets import widget_of


def lower(step: Step, scope: Scope) -> Activity:
    """An assignment with one input for each field."""
    fields = [field for node in step.node.items("fields") if (field := scope.field(node))]
    words = step.node.get("text")
    text = scope.text(words) if words else None
    return Activity(
        emissions=(opening(step, scope, text=text),),
        awaits=Awaits.SUBMISSION,
        fields=tuple(field.name for field in fields),
        required=frozenset(field.name for field in fields if field.required),
        screen=Screen(step.label, tuple(widget_of(field) for field in fields), text),
    )


STEP = step_type("collect", __file__, lower)
