"""Goals and deadlines as authors write them, in an sla rule or in place."""

from __future__ import annotations

from casewright.machine.policies import Milestone, Sla
from casewright.source.node import Node
from casewright.steps.scope import Scope
from casewright.values import Duration


def lower_sla(sla_id: str, node: Node, scope: Scope) -> Sla:
    """The clocks of an sla body: `goal` and `deadline` are durations, or maps that say what their passing does."""
    goal, deadline = _milestone(node.get("goal")), _milestone(node.get("deadline"))
    if goal and deadline and _rough(goal.after) > _rough(deadline.after):
        at = node.get("goal") or node
        message = f"the goal ({goal.after}) lies behind the deadline ({deadline.after})"
        scope.report("E522", at.span, message, help="a goal comes first: exchange the two, or change one")
    return Sla(sla_id, node.number("urgency"), goal, deadline, node.word("calendar"))


def _milestone(node: Node | None) -> Milestone | None:
    if node is None:
        return None
    if isinstance(node.value, Duration):
        return Milestone(node.value)
    after = node.get("after")
    length = after.value if after and isinstance(after.value, Duration) else Duration()
    return Milestone(length, node.number("urgency"), node.word("event"), node.word("note"))


def _rough(length: Duration) -> float:
    """Seconds, near enough to tell a goal from a deadline: a business day counts as a day, a month as thirty."""
    return length.exact.total_seconds() + 86_400 * (length.business_days + 30 * length.months)


def seconds(node: Node | None, default: float) -> float:
    """The seconds of a written length of time; `default` where none is written."""
    return node.value.exact.total_seconds() if node is not None and isinstance(node.value, Duration) else default
