"""Runs a process: a sequence of steps that several case types share."""

from casewright.machine.plan import Activity, Nested
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope, listed
from casewright.values import Related


def lower(step: Step, scope: Scope) -> Activity:
    """A nested sequence, bound to the hash that the case pinned."""
    node = step.node.get("process")
    outline = scope.outline("process", node) if node else None
    lacking = [name for name in outline.fields if name not in scope.fields] if outline else []
    if node and outline and lacking:
        scope.report(
            "E515",
            node.span,
            f"process '{node.value}' works on {listed(lacking)}, which this case does not declare",
            related=(Related(outline.span, f"the process names {listed(outline.fields)} under data"),),
            help=f"declare it under data: {lacking[0]}: {{type: {outline.fields[lacking[0]].type}}}",
        )
    return Activity(nested=Nested("process", step.node.word("process"), late=False))


STEP = step_type("run", __file__, lower)
