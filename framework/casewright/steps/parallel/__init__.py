"""Runs branches side by side, and goes on when enough of them are completed."""

from dataclasses import replace

from casewright.expressions import choice, list_of, record
from casewright.machine.plan import Activity, Item
from casewright.machine.side_by_side import Split
from casewright.source.node import Node
from casewright.steps.contract import Step, Within, step_type
from casewright.steps.scope import Scope
from casewright.steps.sequences import lower_region
from casewright.steps.splitting import joining


def lower(step: Step, scope: Scope) -> Within:
    """The branches, and how they are joined."""
    branches = tuple(_branch(each, step, scope) for each in step.node.items("branches"))
    how = joining(step, scope, most=len(branches))
    one = choice(branch.id for branch in branches)
    result = record("parallel", {"first": one, "completed": list_of(one)})
    return Within(
        split=Split(branches, None, None, how.join, how.cancel_rest, how.at_once, how.done_when),
        activity=Activity(save=scope.saves(step.node.entries("save"), result)),
    )


def _branch(node: Node, step: Step, scope: Scope) -> Item:
    branch = lower_region(node, f"{step.path}.{node.word('id')}", "branch", step.types, scope)
    required = node.get("required")
    is_required = required is None or required.value is not False
    if required is not None and not is_required and not branch.manual and not branch.entry:
        scope.report(
            "E558",
            required.key,
            f"branch '{branch.id}' begins by itself, so the join always waits for it",
            help="add start: manual or enter_on:, or leave required out; "
            "to go on without waiting for it, lower the join to a number",
        )
    return replace(branch, required=is_required)


STEP = step_type("parallel", __file__, lower)
