"""From a decision to the rows of its transaction: one closed table from effect type to what it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casewright.machine import effects as fx
from casewright.machine.decision import Decision
from casewright.machine.facts import Facts
from casewright.machine.quick import quick
from casewright.machine.snapshot import ItemLife, Snapshot
from casewright.runtime import jobs
from casewright.runtime.codec import encode, plain_text
from casewright.runtime.listening import listener_row
from casewright.runtime.narration import told
from casewright.runtime.publishing import delivery
from casewright.runtime.request import Request
from casewright.runtime.standing import assignment_label
from casewright.runtime.store.cases import advanced_row, changed_row, is_advance, item_row, new_row
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.statements import Statements
from casewright.runtime.store.store import Batch, Outcome

_FAILED = ItemLife.FAILED
_ENDED_EARLY = frozenset({ItemLife.TERMINATED, ItemLife.SKIPPED})
_TROUBLED = _ENDED_EARLY | {_FAILED}


@dataclass(frozen=True, slots=True)
class Step:
    """All that the rows of one step are made from. `request_hash` is empty where no key was given."""

    request: Request
    before: Snapshot | None
    decision: Decision
    facts: Facts
    release: str
    command_text: str
    actor_text: str
    request_hash: str
    heard: Callable[[str], bool]


step_of = quick(Step)


class Writing:
    """The batch of a step while it is filled. Ids are made of case, version and a count, so they never come again."""

    __slots__ = ("_count", "_prefix", "add", "after", "batch", "case_id", "data", "now", "published", "sql", "step")

    def __init__(self, step: Step, sql: Statements) -> None:
        self.step, self.sql, self.batch = step, sql, Batch()
        self.add = self.batch.add
        self.published: list[fx.Publish] = []
        self.after = step.decision.snapshot
        self.case_id = self.after.case_id
        self.data = encode(self.after.data)
        self.now = to_micros(step.facts.now)
        self._prefix, self._count = f"{self.case_id}.{self.after.version}.", 0

    def new_id(self) -> str:
        self._count += 1
        return f"{self._prefix}{self._count}"

    def add_job(
        self, kind: str, due: int, payload: Mapping[str, Any], path: str = "", visit: int = 1, name: str = ""
    ) -> None:
        row = jobs.new_row(self.new_id(), kind, due, payload, self.case_id, path, visit, name=name)
        self.add(self.sql.add_job, row)


def written(step: Step, sql: Statements) -> Writing:
    """The whole batch of a decision, its rows in the order in which they are sent."""
    writing = Writing(step, sql)
    _guard(writing)
    _write_case(writing)
    for effect in step.decision.effects:
        _WRITERS[type(effect)](writing, effect)
    _write_incidents(writing)
    _write_signals(writing)
    return writing


def _guard(w: Writing) -> None:
    request, job = w.step.request, w.step.request.job
    if job is not None:
        jobs.finish(w.batch, w.sql, job, w.now)
    if request.key and job is None:
        row = (request.key, w.step.request_hash, w.case_id, w.after.version, w.after.status, w.now)
        w.batch.guard(w.sql.add_command, row, Outcome.REPEATED)
    before = w.step.before
    if before is not None and is_advance(before, w.after):
        advanced = advanced_row(w.after, before.version, w.now, w.data)
        w.batch.guard(w.sql.advance_case, advanced, Outcome.CONFLICT)
    elif before is not None:
        changed = changed_row(w.after, before.version, w.now, w.data)
        w.batch.guard(w.sql.change_case, changed, Outcome.CONFLICT)


def _write_case(w: Writing) -> None:
    if w.step.before is None:
        w.add(w.sql.add_case, new_row(w.after, w.step.release, w.now, w.data))
    engagement = w.step.request.interaction or (w.after.interaction if w.step.before is None else "")
    if engagement:
        w.add(w.sql.link_interaction, (engagement, w.case_id))
    items = w.step.decision.items
    w.batch.add_all(w.sql.write_item, [item_row(w.case_id, item, w.now) for item in items])
    w.add(w.sql.add_history, _history_row(w))


def _history_row(w: Writing) -> tuple[Any, ...]:
    request, facts, decision = w.step.request, w.step.facts, w.step.decision
    key = request.job.key if request.job else request.key
    trace = [[entry.path, entry.what, entry.because] for entry in decision.trace] if decision.trace else []
    outcome = plain_text([w.after.status, w.after.at, told(decision.effects, w.after), trace])
    kind, path = type(request.command).__name__, getattr(request.command, "path", "")
    return (
        w.case_id, w.after.version, w.now, facts.actor.id, kind, path, key, w.after.digest,
        w.step.command_text, _known(w.step.actor_text, facts, decision), outcome,
    )  # fmt: skip


def _known(actor: str, facts: Facts, decision: Decision) -> str:
    """The text of what was known besides the rules: actor, pages, what was bound, interaction, event."""
    if not (decision.pages or decision.bound or facts.interaction or facts.event):
        return f"[{actor},[],{{}},null,null]"
    pages = [[*read] for read in decision.pages.items()]
    return f"[{actor},{encode([pages, decision.bound, facts.interaction, facts.event])[1:]}"


def _open_assignment(w: Writing, effect: fx.OpenAssignment) -> None:
    goal, deadline = _first_dues(w.after, effect.path) if w.after.timers else (None, None)
    skills = plain_text(effect.skills) if effect.skills else "[]"
    claimed = effect.target.id if effect.target.kind == "operator" else ""
    label = assignment_label(w.after, effect)
    row = (
        w.new_id(), w.case_id, effect.path, effect.visit, label, effect.target.kind, effect.target.id,
        effect.urgency, effect.text, skills, "open", claimed, "", "",
        w.now, None, None, goal, deadline,
    )  # fmt: skip
    w.add(w.sql.open_assignment, row)


def _first_dues(snapshot: Snapshot, path: str) -> tuple[int | None, int | None]:
    """When the first goal and the first deadline pass for the item, those of its stage and case included."""
    first: dict[str, datetime] = {}
    for timer in snapshot.timers.values():
        if not timer.path or path == timer.path or path.startswith(f"{timer.path}."):
            known = first.get(timer.purpose)
            first[timer.purpose] = timer.due if known is None else min(known, timer.due)
    goal, deadline = first.get("goal"), first.get("deadline")
    return to_micros(goal) if goal else None, to_micros(deadline) if deadline else None


def _close_assignment(w: Writing, effect: fx.CloseAssignment) -> None:
    request, by = w.step.request, w.step.facts.actor.id
    if request.held and (effect.path, effect.visit) == (request.command.path, request.command.visit):  # type: ignore[union-attr]
        w.batch.guard(w.sql.close_held, (effect.outcome, by, w.now, *request.held), Outcome.TAKEN)
    else:
        w.add(w.sql.close_assignment, (effect.outcome, by, w.now, w.case_id, effect.path, effect.visit))


def _start_timer(w: Writing, effect: fx.StartTimer) -> None:
    w.add_job(jobs.TIMER, to_micros(effect.due), {}, effect.path, effect.visit, effect.name)


def _cancel_timer(w: Writing, effect: fx.CancelTimer) -> None:
    w.add(w.sql.cancel_timer, (w.case_id, effect.name))


def _call_connector(w: Writing, effect: fx.CallConnector) -> None:
    retry = [effect.retry.times, effect.retry.backoff_seconds]
    payload = {"connector": effect.connector, "arguments": effect.arguments, "retry": retry}
    w.add_job(jobs.CALL, w.now, payload, effect.path, effect.visit)


def _load_page(w: Writing, effect: fx.LoadPage) -> None:
    w.add_job(jobs.LOAD_PAGE, w.now, {"request": effect.request, "interaction": w.after.interaction})


def _start_case(w: Writing, effect: fx.StartCase) -> None:
    payload = {"case_type": effect.case_type, "data": effect.data, "interaction": w.after.interaction}
    w.add_job(jobs.START_CASE, w.now, payload, effect.path, effect.visit)


def _send(w: Writing, effect: fx.Send) -> None:
    row = (
        w.new_id(), w.case_id, effect.path, effect.visit, w.now,
        effect.correspondence, effect.channel, effect.to, effect.subject, effect.body,
    )  # fmt: skip
    w.add(w.sql.add_message, row)


def _add_note(w: Writing, effect: fx.AddNote) -> None:
    w.add(w.sql.add_note, (w.new_id(), w.case_id, w.now, w.step.facts.actor.id, effect.text))


def _publish(w: Writing, effect: fx.Publish) -> None:
    w.published.append(effect)
    event_id = w.new_id()
    w.add(w.sql.add_event, (event_id, effect.event, w.case_id, w.now, encode(effect.payload)))
    is_heard = w.step.heard(effect.event)
    w.add(*delivery(w.sql, event_id, effect.event, w.now, is_heard=is_heard))


def _await_event(w: Writing, effect: fx.AwaitEvent) -> None:
    w.add(w.sql.add_listener, listener_row(w.case_id, effect))
    if effect.since is not None:
        w.add_job(jobs.LOOK_BACK, w.now, {}, effect.path, effect.visit, effect.listener)


def _stop_awaiting(w: Writing, effect: fx.StopAwaiting) -> None:
    """Whoever stops and begins again in one step has listened all the time."""
    about = effect.path, effect.visit
    begun = (each for each in w.step.decision.effects if isinstance(each, fx.AwaitEvent))
    kept = "".join(f"|{each.listener}|" for each in begun if (each.path, each.visit) == about)
    w.add(w.sql.stop_listening, (w.case_id, *about, kept))


def _recorded(w: Writing, effect: fx.Move | fx.Resolve) -> None:
    """Nothing more: the snapshot of the decision shows where the case stands."""


_WRITERS: dict[type[Any], Callable[[Writing, Any], None]] = {
    fx.OpenAssignment: _open_assignment,
    fx.CloseAssignment: _close_assignment,
    fx.StartTimer: _start_timer,
    fx.CancelTimer: _cancel_timer,
    fx.AwaitEvent: _await_event,
    fx.StopAwaiting: _stop_awaiting,
    fx.CallConnector: _call_connector,
    fx.LoadPage: _load_page,
    fx.StartCase: _start_case,
    fx.Send: _send,
    fx.AddNote: _add_note,
    fx.Publish: _publish,
    fx.Move: _recorded,
    fx.Resolve: _recorded,
}


def _write_incidents(w: Writing) -> None:
    """What ended early needs no work any more. An item that stays failed opens an incident; one that was failed and is
    so no more resolves its own."""
    before = w.step.before.items if w.step.before else {}
    for path, item in before.items():
        if item.state is _FAILED and w.after.items.get(path) != item:
            resolution = type(w.step.request.command).__name__
            w.add(w.sql.resolve_incident, (w.now, resolution, w.case_id, path))
    for item in w.step.decision.items:
        if item.state not in _TROUBLED:
            continue
        if item.state in _ENDED_EARLY:
            w.add(w.sql.cancel_work, (w.case_id, item.path, item.visit))
        elif w.after.items.get(item.path) == item:
            error = str(item.values.get("error", "it failed"))
            w.add(w.sql.add_incident, (w.new_id(), w.case_id, item.path, item.visit, "", error, w.now, None, ""))


def _write_signals(w: Writing) -> None:
    """A raised urgency reaches the open assignments; a resolved child tells its parent, in a job of its own."""
    before, after = w.step.before, w.after
    if before is not None and before.urgency < after.urgency:
        w.add(w.sql.raise_urgency, (after.urgency, w.case_id, after.urgency))
    if after.parent and after.is_resolved and not (before and before.is_resolved):
        payload = {"parent": after.parent, "status": after.status, "data": after.data}
        w.add_job(jobs.CHILD_RESOLVED, w.now, payload, after.parent_path, after.parent_visit)
