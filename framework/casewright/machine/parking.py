"""Commands that wait for a page: nothing that was acknowledged is lost because a source is down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from casewright.machine.commands import Command, Create
from casewright.machine.decision import Decision, Needs, Outcome, Refusal, TraceEntry
from casewright.machine.draft import Draft
from casewright.machine.effects import LoadPage, Publish, Resolve
from casewright.machine.facts import Facts
from casewright.machine.plan import Plan
from casewright.machine.roots import PageUnreadable
from casewright.machine.snapshot import Parked, Snapshot

DecideOne = Callable[[Plan, Snapshot, Command, Facts], Outcome]


def park(draft: Draft, command: Command, unreadable: PageUnreadable) -> Decision:
    """The case as it was, with the command waiting for the page. What was read and bound on the way is kept with it,
    so that its history is decided again alike."""
    before = draft.before
    waiting = (*before.parked, Parked(command, draft.facts.actor))
    page = unreadable.request.page
    return Decision(
        snapshot=replace(before, version=before.version + 1, parked=waiting),
        effects=(LoadPage(unreadable.request),),
        trace=(TraceEntry(getattr(command, "path", ""), f"waits for page {page}", unreadable.reason),),
        bound=draft.binder.bound,
        pages=draft.reader.used,
    )


def take_up(decide_one: DecideOne, plan: Plan, before: Snapshot, facts: Facts) -> Outcome:
    """Decides on the waiting commands in their order, as one decision. What still cannot be decided goes on waiting."""
    if not before.parked:
        return Refusal("stale", "no command waits for a page")
    whole = Decision(replace(before, parked=()))
    for number, waiting in enumerate(before.parked):
        outcome = _one(decide_one, plan, whole.snapshot, waiting, facts, f"{number}>")
        if isinstance(outcome, Needs):
            return outcome
        whole = _joined(whole, outcome) if isinstance(outcome, Decision) else _dropped(plan, whole, waiting, outcome)
    return replace(whole, snapshot=replace(whole.snapshot, version=before.version + 1))


def _one(decide_one: DecideOne, plan: Plan, before: Snapshot, waiting: Parked, facts: Facts, mark: str) -> Outcome:
    """The outcome of one of them; what it binds is kept under a mark of its own, for the replay."""
    if before.is_resolved:
        return Refusal("resolved", f"the case is resolved ({before.status}) meanwhile")
    bound = {name.removeprefix(mark): digest for name, digest in facts.bound.items() if name.startswith(mark)}
    outcome = decide_one(plan, before, waiting.command, replace(facts, actor=waiting.actor, bound=bound))
    if isinstance(outcome, Decision) and outcome.bound:
        return replace(outcome, bound={f"{mark}{name}": digest for name, digest in outcome.bound.items()})
    return outcome


def _joined(first: Decision, then: Decision) -> Decision:
    """Two decisions in a row as one: the later state of each row holds."""
    rows: dict[Any, Any] = {(row.path, row.visit): row for row in (*first.items, *then.items)}
    return Decision(
        snapshot=then.snapshot,
        effects=first.effects + then.effects,
        items=tuple(rows.values()),
        trace=first.trace + then.trace,
        bound={**first.bound, **then.bound},
        pages={**first.pages, **then.pages},
    )


def _dropped(plan: Plan, whole: Decision, waiting: Parked, refusal: Refusal) -> Decision:
    """A waiting command that does not apply any more is let go, and the trace says so. A case that could not even
    begin ends."""
    said = TraceEntry(getattr(waiting.command, "path", ""), "let go", refusal.message)
    whole = replace(whole, trace=(*whole.trace, said))
    if not isinstance(waiting.command, Create):
        return whole
    after = replace(whole.snapshot, status=plan.cancelled_status)
    payload = {"case_id": after.case_id, "case_type": after.case_type, "status": after.status}
    return replace(
        whole, snapshot=after, effects=(*whole.effects, Resolve(after.status), Publish("case.resolved", payload))
    )
