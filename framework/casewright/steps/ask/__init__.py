"""Asks one question, and waits for the answer."""

from casewright.machine.plan import Activity, Awaits, Field
from casewright.machine.screens import Screen
from casewright.steps.accepting import acceptor
from casewright.steps.assigning import opening
from casewright.steps.contract import Step, step_type
from casewright.steps.fields import simple_name
from casewright.steps.scope import Scope
from casewright.steps.widgets import widget_of


def lower(step: Step, scope: Scope) -> Activity:
    """An assignment with one input: evidence where an answer is expected, else a field of the case."""
    prompt, expected = step.node.get("prompt"), step.node.get("expect")
    text = scope.text(prompt) if prompt else None
    right = scope.value(expected) if expected else None
    field = _evidence(step, simple_name(getattr(right, "type", None))) if right else _case_field(step, scope)
    return Activity(
        emissions=(opening(step, scope, text=text),),
        awaits=Awaits.SUBMISSION,
        fields=() if right or field is None else (field.name,),
        required=frozenset() if right or field is None else frozenset({field.name}),
        answer=field if right else None,
        expect=right,
        score=step.node.number("score"),
        screen=Screen(step.label, (widget_of(field),) if field else (), text),
    )


def _evidence(step: Step, type_name: str) -> Field:
    return Field(step.node.word("field"), type_name, acceptor(type_name), step.label, required=True)


def _case_field(step: Step, scope: Scope) -> Field | None:
    node = step.node.get("field")
    return scope.field(node) if node else None


STEP = step_type("ask", __file__, lower)
