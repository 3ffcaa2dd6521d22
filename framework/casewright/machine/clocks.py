"""The clocks of an SLA: they start with a case, a stage or a step, and end with it or when they are due."""

from __future__ import annotations

from casewright.machine.calendars import add
from casewright.machine.draft import Draft
from casewright.machine.effects import AddNote, Publish, StartTimer
from casewright.machine.policies import Calendar, Milestone, Sla
from casewright.machine.quick import quick

_timer = quick(StartTimer)

PINNED = "sla"
"""Under this name a visit keeps the hash of the SLA that it was started with."""


def start_clocks(draft: Draft, sla: str | Sla, path: str, visit: int) -> None:
    """Starts goal and deadline, and adds the urgency that the SLA begins with."""
    policy = _bind(draft, sla, path)
    calendar = _calendar(draft, policy.calendar) if policy.calendar else None
    for purpose, milestone in (("goal", policy.goal), ("deadline", policy.deadline)):
        if milestone is not None:
            due = add(draft.now, milestone.after, calendar)
            draft.start_timer(_timer(f"{path}#{visit}:{purpose}", due, purpose, path, visit))
    if policy.urgency:
        draft.raise_urgency(policy.urgency, path, f"sla {policy.id}")


def _bind(draft: Draft, sla: str | Sla, path: str) -> Sla:
    if isinstance(sla, Sla):
        return sla
    bound = draft.binder.bind("sla", sla, draft.roots)
    if path:
        draft.keep(draft.items[path], {PINNED: bound.digest})
    else:
        draft.bindings = {**draft.bindings, f"sla/{sla}": bound.digest}
    policy: Sla = bound.value
    return policy


def _calendar(draft: Draft, name: str) -> Calendar:
    calendar: Calendar = draft.binder.bind("calendar", name, draft.roots).value
    return calendar


def pass_milestone(draft: Draft, timer: StartTimer) -> None:
    """Does what an SLA says happens when its goal or deadline passes."""
    draft.drop_timer(timer.name)
    milestone = _milestone(draft, timer)
    draft.note(timer.path, f"{timer.purpose} passed", timer.name)
    draft.raise_urgency(milestone.urgency, timer.path, f"{timer.purpose} passed")
    if milestone.event:
        before = draft.before
        payload = {"case_id": before.case_id, "case_type": before.case_type, "path": timer.path}
        draft.effects.append(Publish(milestone.event, {**payload, "milestone": timer.purpose}))
    if milestone.note:
        draft.effects.append(AddNote(milestone.note))


def _milestone(draft: Draft, timer: StartTimer) -> Milestone:
    policy = _running(draft, timer.path)
    found = policy.goal if timer.purpose == "goal" else policy.deadline
    assert found is not None, "a timer is started only for a milestone that the pinned policy has"
    return found


def _running(draft: Draft, path: str) -> Sla:
    """The policy that the running clocks of a path were started with."""
    sla = draft.locate(path)[2].item.sla if path else draft.plan.sla
    if isinstance(sla, Sla):
        return sla
    digest = draft.items[path].values[PINNED] if path else draft.bindings[f"sla/{sla}"]
    policy: Sla = draft.binder.by_digest("sla", sla, digest).value
    return policy
