"""Holds a dialog: what is said and asked, in the same order for everybody."""

from casewright.expressions import BOOLEAN, DYNAMIC, INTEGER, record
from casewright.machine.plan import Activity, Nested
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope

RESULT = record("dialog", {"score": INTEGER, "passed": BOOLEAN, "answers": DYNAMIC})


def lower(step: Step, scope: Scope) -> Activity:
    """A nested sequence, bound late to the dialog's variant."""
    return Activity(
        nested=Nested("dialog", step.node.word("dialog"), late=True),
        save=scope.saves(step.node.entries("save"), RESULT),
    )


STEP = step_type("dialog", __file__, lower)
