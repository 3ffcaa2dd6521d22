"""From a decision to the rows of its transaction: one closed table from effect type to what it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casewright.machine import effects as fx
from casewright.machine.decision import Decision
from casewright.machine.facts import Facts
from casewright.machine.quick import quick
from casewright.machine.snapshot import ItemLife, Snapshot
from casewright.runtime import jobs
from casewright.runtime.codec import encode, plain_text
from casewright.runtime.narration import told
from casewright.runtime.request import Request
from casewright.runtime.store.cases import changed_row, item_row, new_row
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.statements import Statements
from casewright.runtime.store.store import Batch, Outcome

_GIVEN_UP = (ItemLife.TERMINATED, ItemLife.SKIPPED)


@dataclass(frozen=True, slots=True)
class Step:
    """All that the rows of one step are made from. `request_hash` is empty where no key was given."""

    request: Request
    before: Snapshot | None
    decision: Decision
    facts: Facts
    release: str
    command_text: str
    request_hash: str
    heard: Callable[[str], bool]


step_of = quick(Step)


class Writing:
    """The batch of a step while it is filled. Ids are made of case, version and a count, so they never come again."""

    __slots__ = ("_count", "after", "batch", "case_id", "now", "sql", "step")

    def __init__(self, step: Step, sql: Statements) -> None:
        self.step, self.sql, self.batch = step, sql, Batch()
        self.after = step.decision.snapshot
        self.case_id = self.after.case_id
        self.now = to_micros(step.facts.now)
        self._count = 0

    def new_id(self) -> str:
        self._count += 1
        return f"{self.case_id}.{self.after.version}.{self._count}"

    def add_job(self, kind: str, due: int, payload: Any, path: str = "", visit: int = 1, name: str = "") -> None:
        row = jobs.new_row(self.new_id(), kind, due, payload, case_id=self.case_id, path=path, visit=visit, name=name)
        self.batch.add(self.sql.add_job, row)


def batch_of(step: Step, sql: Statements) -> Batch:
    """The rows of a decision, in the order in which they are written."""
    writing = Writing(step, sql)
    _guard(writing)
    _write_case(writing)
    for effect in step.decision.effects:
        _WRITERS[type(effect)](writing, effect)
    _give_up_work(writing)
    _write_incidents(writing)
    _write_signals(writing)
    return writing.batch


def _guard(w: Writing) -> None:
    request, job = w.step.request, w.step.request.job
    if job is not None:
        jobs.finish(w.batch, w.sql, job, w.now)
    if request.key and job is None:
        row = (request.key, w.step.request_hash, w.case_id, w.after.version, w.after.status, w.now)
        w.batch.guard(w.sql.add_command, row, Outcome.REPEATED)
    if w.step.before is not None:
        w.batch.guard(w.sql.change_case, changed_row(w.after, w.step.before.version, w.now), Outcome.CONFLICT)


def _write_case(w: Writing) -> None:
    if w.step.before is None:
        w.batch.add(w.sql.add_case, new_row(w.after, w.step.release, w.now))
    engagement = w.step.request.interaction or (w.after.interaction if w.step.before is None else "")
    if engagement:
        w.batch.add(w.sql.link_interaction, (engagement, w.case_id))
    for item in w.step.decision.items:
        w.batch.add(w.sql.write_item, item_row(w.case_id, item, w.now))
    w.batch.add(w.sql.add_history, _history_row(w))


def _history_row(w: Writing) -> tuple[Any, ...]:
    request, facts, decision = w.step.request, w.step.facts, w.step.decision
    key = request.job.key if request.job else request.key
    known = [
        facts.actor,
        [[page, value] for page, value in decision.pages.items()],
        decision.bound,
        facts.interaction,
        facts.event,
    ]
    trace = [[entry.path, entry.what, entry.because] for entry in decision.trace]
    outcome = plain_text([w.after.status, w.after.at, [told(effect) for effect in decision.effects], trace])
    kind, path = type(request.command).__name__, getattr(request.command, "path", "")
    return (
        w.case_id, w.after.version, w.now, facts.actor.id, kind, path, key, w.after.digest,
        w.step.command_text, encode(known), outcome,
    )  # fmt: skip


def _open_assignment(w: Writing, effect: fx.OpenAssignment) -> None:
    goal, deadline = (_first_due(w.after, effect.path, purpose) for purpose in ("goal", "deadline"))
    claimed = effect.target.id if effect.target.kind == "operator" else ""
    row = (
        w.new_id(), w.case_id, effect.path, effect.visit, effect.label, effect.target.kind, effect.target.id,
        effect.urgency, effect.text, plain_text(list(effect.skills)), "open", claimed, "", "",
        w.now, None, None, goal, deadline,
    )  # fmt: skip
    w.batch.add(w.sql.open_assignment, row)


def _first_due(snapshot: Snapshot, path: str, purpose: str) -> int | None:
    """When the first clock of this purpose runs out for the item, those of its stage and case included."""
    if not snapshot.timers:
        return None
    dues = (
        timer.due
        for timer in snapshot.timers.values()
        if timer.purpose == purpose and (not timer.path or path == timer.path or path.startswith(f"{timer.path}."))
    )
    first = min(dues, default=None)
    return None if first is None else to_micros(first)


def _close_assignment(w: Writing, effect: fx.CloseAssignment) -> None:
    row = (effect.outcome, w.step.facts.actor.id, w.now, w.case_id, effect.path, effect.visit)
    w.batch.add(w.sql.close_assignment, row)


def _start_timer(w: Writing, effect: fx.StartTimer) -> None:
    payload = {"timer": effect.name}
    w.add_job(jobs.TIMER, to_micros(effect.due), payload, effect.path, effect.visit, effect.name)


def _cancel_timer(w: Writing, effect: fx.CancelTimer) -> None:
    w.batch.add(w.sql.cancel_timer, (w.case_id, effect.name))


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
    w.batch.add(w.sql.add_message, row)


def _add_note(w: Writing, effect: fx.AddNote) -> None:
    w.batch.add(w.sql.add_note, (w.new_id(), w.case_id, w.now, w.step.facts.actor.id, effect.text))


def _publish(w: Writing, effect: fx.Publish) -> None:
    event_id = w.new_id()
    w.batch.add(w.sql.add_event, (event_id, effect.event, w.case_id, w.now, encode(effect.payload)))
    if w.step.heard(effect.event):
        payload = {"id": event_id, "event": effect.event, "payload": effect.payload}
        w.add_job(jobs.DELIVER_EVENT, w.now, payload)


def _recorded(w: Writing, effect: fx.Move | fx.Resolve) -> None:
    """Nothing more: the snapshot of the decision shows where the case stands."""


_WRITERS: dict[type[Any], Callable[[Writing, Any], None]] = {
    fx.OpenAssignment: _open_assignment,
    fx.CloseAssignment: _close_assignment,
    fx.StartTimer: _start_timer,
    fx.CancelTimer: _cancel_timer,
    fx.CallConnector: _call_connector,
    fx.LoadPage: _load_page,
    fx.StartCase: _start_case,
    fx.Send: _send,
    fx.AddNote: _add_note,
    fx.Publish: _publish,
    fx.Move: _recorded,
    fx.Resolve: _recorded,
}


def _give_up_work(w: Writing) -> None:
    for item in w.step.decision.items:
        if item.state in _GIVEN_UP:
            w.batch.add(w.sql.cancel_work, (w.case_id, item.path, item.visit))


def _write_incidents(w: Writing) -> None:
    """An item that stays failed opens an incident; one that was and is so no more resolves its own."""
    before = w.step.before.items if w.step.before else {}
    for path, item in before.items():
        if item.state is ItemLife.FAILED and w.after.items.get(path) != item:
            resolution = type(w.step.request.command).__name__
            w.batch.add(w.sql.resolve_incident, (w.now, resolution, w.case_id, path))
    for item in w.step.decision.items:
        if item.state is ItemLife.FAILED and w.after.items.get(item.path) == item:
            error = str(item.values.get("error", "it failed"))
            w.batch.add(w.sql.add_incident, (w.new_id(), w.case_id, item.path, item.visit, "", error, w.now, None, ""))


def _write_signals(w: Writing) -> None:
    """A raised urgency reaches the open assignments; a resolved child tells its parent, in a job of its own."""
    before, after = w.step.before, w.after
    if before is not None and before.urgency < after.urgency:
        w.batch.add(w.sql.raise_urgency, (after.urgency, w.case_id, after.urgency))
    if after.parent and after.is_resolved and not (before and before.is_resolved):
        payload = {"parent": after.parent, "status": after.status, "data": after.data}
        w.add_job(jobs.CHILD_RESOLVED, w.now, payload, after.parent_path, after.parent_visit)
