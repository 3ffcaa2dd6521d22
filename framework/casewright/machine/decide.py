"""The one function that decides: a plan, a snapshot, a command and facts in; the next snapshot and effects out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from casewright.machine import commands as c
from casewright.machine.acting import start_item
from casewright.machine.beginning import create
from casewright.machine.charts import START
from casewright.machine.clocks import pass_milestone, start_clocks
from casewright.machine.decision import Needs, Outcome, Refusal
from casewright.machine.draft import OPEN, Draft, blank
from casewright.machine.entering import start
from casewright.machine.facts import Facts
from casewright.machine.leaving import complete, fail, jump, kept_for_retry, pass_over, resolve
from casewright.machine.listening import HEARD
from casewright.machine.loading import ahead
from casewright.machine.parking import park, take_up
from casewright.machine.places import Stands
from casewright.machine.plan import Awaits, Located, Plan
from casewright.machine.roots import PageMissing, PageUnreadable
from casewright.machine.scoping import look_from
from casewright.machine.settling import settle
from casewright.machine.skipping import must_be_done
from casewright.machine.snapshot import ItemLife, ItemState, Snapshot
from casewright.machine.submissions import submit
from casewright.machine.waiting import ERROR, end_waits, fail_waits, keep_child, occur, time_out, waits_for_child
from casewright.values import did_you_mean


def decide(plan: Plan, snapshot: Snapshot | None, command: c.Command, facts: Facts) -> Outcome:
    """The decision on a command; the pages that it needs first; or why it does not apply.

    Pure: the same arguments give the same outcome, and nothing else is read or changed. `snapshot` is None for
    `Create` alone. A page that is `Unavailable` parks the command in the snapshot instead of losing it.
    """
    before = _standing(plan, snapshot, command, facts)
    if isinstance(before, Refusal):
        return before
    if isinstance(command, c.PagesLoaded):
        return take_up(decide_one, plan, before, facts)
    return decide_one(plan, before, command, facts)


def decide_one(plan: Plan, before: Snapshot, command: c.Command, facts: Facts) -> Outcome:
    """The outcome of a command on a case that it may be applied to."""
    draft = Draft(plan, before, facts)
    try:
        refused = _APPLY[type(command)](draft, command)
    except PageMissing as missing:
        return Needs(ahead(draft, command, missing.request))
    except PageUnreadable as unreadable:
        return park(draft, command, unreadable)
    return draft.decision() if refused is None else refused


def _standing(plan: Plan, snapshot: Snapshot | None, command: c.Command, facts: Facts) -> Snapshot | Refusal:
    """The snapshot that the command applies to, or why none of its state can take it."""
    if snapshot is not None and snapshot.status == OPEN and not snapshot.parked and type(command) is not c.Create:
        return snapshot
    if isinstance(command, c.Create):
        if snapshot is not None:
            return Refusal("exists", f"case {snapshot.case_id} exists already")
        return blank(plan, command, facts)
    if snapshot is None:
        return Refusal("unknown_case", "there is no such case; create it first")
    if snapshot.is_resolved and not isinstance(command, (c.Reopen, c.Fire)):
        return Refusal("resolved", f"case {snapshot.case_id} is resolved ({snapshot.status}); reopen it first")
    if snapshot.parked and any(each.command == command for each in snapshot.parked):
        return Refusal("parked", "this command is taken up already, and waits for a page that cannot be read now")
    if snapshot.at == START and not isinstance(command, (c.PagesLoaded, c.Cancel)):
        return Refusal("parked", f"case {snapshot.case_id} waits for a page before it can begin")
    return snapshot


# -- one function for each command -------------------------------------------------------------------------------------


def _submit(draft: Draft, command: c.Submit) -> Refusal | None:
    found = _waiting(draft, command.path, command.visit, Awaits.SUBMISSION)
    if isinstance(found, Refusal):
        return found
    located, row = found
    move = submit(draft, located, row, command.data, command.outcome)
    return move if isinstance(move, Refusal) else settle(draft, move)


def _result(draft: Draft, command: c.Result) -> Refusal | None:
    found = _waiting(draft, command.path, command.visit, Awaits.RESULT)
    if isinstance(found, Refusal):
        return found
    if command.tries > 1:
        draft.note(command.path, f"answered at try {command.tries}", command.last_error)
    return settle(draft, complete(draft, *found, command.result))


def _child_resolved(draft: Draft, command: c.ChildResolved) -> Refusal | None:
    result = {"id": command.case_id, "status": command.status, "data": command.data}
    waiting = waits_for_child(draft, command.path, command.visit)
    if keep_child(draft, command.path, command.visit, result):
        end_waits(draft, waiting, result)
        return settle(draft, None)
    found = _waiting(draft, command.path, command.visit, Awaits.CHILD)
    if isinstance(found, Refusal):
        return found
    return settle(draft, complete(draft, *found, result))


def _occurred(draft: Draft, command: c.Occurred) -> Refusal | None:
    row = draft.items.get(command.path)
    if row is None or row.visit != command.visit:
        return Refusal("stale", f"'{command.path}' (visit {command.visit}) has ended; it listens no more")
    located = draft.locate(command.path)
    side = command.listener.partition(".")[0] if "." in command.listener else ""
    if not side:
        move = occur(draft, located, row, command.listener, command.payload)
        return move if isinstance(move, Refusal) else settle(draft, move)
    if side == "entry" and row.state is not ItemLife.AVAILABLE:
        return Refusal("stale", f"'{command.path}' has begun already, so {command.event} lets it begin no more")
    draft.note(command.path, "heard", command.event)
    heard = {**row.values.get(HEARD, {}), command.listener: dict(command.payload)}
    draft.keep(row, {HEARD: heard})
    return settle(draft, None)


def _start_item(draft: Draft, command: c.StartItem) -> Refusal | None:
    move = start_item(draft, command.path, command.visit)
    return move if isinstance(move, Refusal) else settle(draft, move)


def _failed(draft: Draft, command: c.Failed) -> Refusal | None:
    waiting = waits_for_child(draft, command.path, command.visit)
    if keep_child(draft, command.path, command.visit, {ERROR: command.error}):
        fail_waits(draft, waiting, command.error)
        return settle(draft, None)
    found = _waiting(draft, command.path, command.visit, Awaits.RESULT, Awaits.CHILD)
    if isinstance(found, Refusal):
        return found
    if command.tries > 1:
        draft.note(command.path, f"given up after {command.tries} tries")
    return settle(draft, fail(draft, *found, command.error))


def _fire(draft: Draft, command: c.Fire) -> Refusal | None:
    timer = draft.timers.get(command.timer)
    if timer is None:
        return Refusal("stale", f"the timer '{command.timer}' is void")
    if timer.purpose != "wait":
        pass_milestone(draft, timer)
        return settle(draft, None)
    found = _waiting(draft, timer.path, timer.visit, Awaits.TIMER, Awaits.FIRST)
    if isinstance(found, Refusal):
        return found
    draft.drop_timer(timer.name)
    return settle(draft, time_out(draft, *found, timer))


def _retry(draft: Draft, command: c.RetryItem) -> Refusal | None:
    found = _live(draft, command.path, command.visit)
    if isinstance(found, Refusal):
        return found
    located, row = found
    if row.state is not ItemLife.FAILED:
        return Refusal("not_failed", f"'{row.path}' has not failed; it is {row.state}")
    turned = draft.turn(replace(row, values=kept_for_retry(row.values), bound="", at=""), "retry")
    draft.note(row.path, "tried again", str(row.values.get("error", "")))
    draft.path = row.path
    return settle(draft, start(draft, located, turned))


def _skip(draft: Draft, command: c.SkipItem) -> Refusal | None:
    found = _live(draft, command.path, command.visit)
    if isinstance(found, Refusal):
        return found
    must = must_be_done(draft, *found)
    if must:
        return Refusal("must", f"'{must}' must be done; '{command.path}' cannot be skipped")
    return settle(draft, pass_over(draft, *found, command.reason))


def _goto(draft: Draft, command: c.Goto) -> Refusal | None:
    targets = draft.plan.tables[""].targets
    if command.target in targets:
        return settle(draft, jump(draft, "", command.target, command.reason or "by hand"))
    found = draft.find(command.target)
    if found is None:
        return Refusal("unknown_target", _no_target(command.target, targets))
    if found[2].stands is not Stands.MEMBER:
        return Refusal("not_active", f"'{command.target}' is {_BEGINS[found[2].stands]}; it cannot be gone to")
    owner = draft.owner_of(found)
    row = draft.items.get(owner)
    if row is None or row.state is not ItemLife.ACTIVE:
        now = "not active now" if row is None else f"{row.state} now, not active"
        return Refusal("not_active", f"'{command.target}' cannot be gone to: '{owner}' is {now}")
    if found[2].state not in draft.course(owner)[2].targets:
        return Refusal("not_active", f"'{command.target}' begins when something has failed; it cannot be gone to")
    return settle(draft, jump(draft, owner, found[2].state, command.reason or "by hand"))


_BEGINS = {
    Stands.BRANCH: "a branch, which begins with what it is part of",
    Stands.PASS: "a pass over a list, which begins with its element",
    Stands.ACTION: "an optional action, which is started by hand",
}


def _no_target(target: str, targets: frozenset[str]) -> str:
    return f"there is no stage '{target}'; there are {', '.join(sorted(targets))}{did_you_mean(target, targets)}"


def _cancel(draft: Draft, command: c.Cancel) -> Refusal | None:
    resolve(draft, draft.plan.cancelled_status, command.reason or "cancelled")
    return None


def _reopen(draft: Draft, command: c.Reopen) -> Refusal | None:
    if not draft.before.is_resolved:
        return Refusal("not_resolved", f"case {draft.before.case_id} is not resolved; it is {draft.status}")
    targets = draft.plan.tables[""].targets
    target = command.target or _last_stage(draft)
    if target not in targets:
        return Refusal("unknown_target", _no_target(target, targets))
    draft.set_status(OPEN)
    draft.note("", f"reopened at {target}", command.reason)
    visit = draft.visits[""] = draft.visits.get("", 0) + 1
    if draft.plan.sla:
        start_clocks(draft, draft.plan.sla, "", visit)
    return settle(draft, ("", target))


def _last_stage(draft: Draft) -> str:
    """The stage in which the case was resolved; where that was an alternate or the end, the last that it entered."""
    stages = [item.id for item in draft.plan.sequence.items]
    if draft.at in stages:
        return draft.at
    entered = [item.id for item in draft.plan.sequence.items if draft.visits.get(item.path)]
    return entered[-1] if entered else draft.plan.tables[""].next[START]


_APPLY: Mapping[type[Any], Callable[[Draft, Any], Refusal | None]] = {
    c.Create: create,
    c.Submit: _submit,
    c.Result: _result,
    c.Failed: _failed,
    c.Fire: _fire,
    c.ChildResolved: _child_resolved,
    c.Occurred: _occurred,
    c.StartItem: _start_item,
    c.RetryItem: _retry,
    c.SkipItem: _skip,
    c.Goto: _goto,
    c.Cancel: _cancel,
    c.Reopen: _reopen,
}


# -- which item a command means ----------------------------------------------------------------------------------------


def _live(draft: Draft, path: str, visit: int) -> tuple[Located, ItemState] | Refusal:
    """The live item at a path, or why there is none."""
    row = draft.items.get(path)
    if row is None or row.visit != visit:
        return _not_live(draft, path, visit)
    located = draft.plan.located.get(path) or draft.locate(path)
    if located[1]:
        look_from(draft, located[1])
    return located, row


def _not_live(draft: Draft, path: str, visit: int) -> Refusal:
    entered = draft.visits.get(path, 0)
    if visit <= entered:
        return Refusal("ended", f"'{path}' (visit {visit}) has ended already")
    if draft.find(path) is None:
        active = ", ".join(sorted(draft.items)) or "nothing"
        return Refusal("unknown_item", f"there is no '{path}' here{did_you_mean(path, draft.items)} (active: {active})")
    return Refusal("not_entered", f"'{path}' (visit {visit}) has not been entered yet")


def _waiting(draft: Draft, path: str, visit: int, *awaited: Awaits) -> tuple[Located, ItemState] | Refusal:
    """The active item at a path that waits for this, or why it does not."""
    found = _live(draft, path, visit)
    if isinstance(found, Refusal):
        return found
    located, row = found
    activity = located[2].item.activity
    if row.state is not ItemLife.ACTIVE:
        return Refusal("not_waiting", f"'{path}' is {row.state}, so it waits for nothing")
    if activity is None or activity.nested is not None or activity.awaits not in awaited:
        waits = activity.awaits if activity is not None and activity.nested is None else "the steps inside it"
        return Refusal("not_waiting", f"'{path}' does not wait for a {awaited[0]}; it waits for {waits}")
    return found
