"""The work that waits, for one actor or in one queue: the most urgent, then the nearest deadline, then the oldest."""

from __future__ import annotations

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.sql import ColumnElement, Select

from casewright.errors import AssignmentNotFound, CommandRefused, NotAuthorized
from casewright.machine.effects import Target
from casewright.machine.facts import Actor
from casewright.runtime import reading
from casewright.runtime.access import may_take, queues_of
from casewright.runtime.releases import Releases
from casewright.runtime.store import tables as t
from casewright.runtime.store.statements import OPEN
from casewright.runtime.store.store import Store
from casewright.runtime.views import AssignmentView
from casewright.values import did_you_mean

TARGETS = ("operator", "queue", "role", "customer")
"""The kinds of those whom work can be for."""

_C = t.assignment.c


def work_for(store: Store, actor: Actor, releases: Releases, *, limit: int) -> tuple[AssignmentView, ...]:
    """What the actor has, and what nobody has and he may take."""
    takes = [and_(_C.target_kind == actor.kind, _C.target == actor.id)]
    if actor.kind == "operator":
        takes.append(and_(_C.target_kind == "queue", _C.target.in_(queues_of(actor, releases.policies("work_queue")))))
        takes.append(and_(_C.target_kind == "role", _C.target.in_(sorted(actor.roles))))
    return _found(store, or_(_C.operator == actor.id, and_(_C.operator == "", or_(*takes))), limit)


def work_in(store: Store, queue: str, *, limit: int) -> tuple[AssignmentView, ...]:
    """What waits in a queue, taken or not."""
    return _found(store, and_(_C.target_kind == "queue", _C.target == queue), limit)


def _found(store: Store, which: ColumnElement[bool], limit: int) -> tuple[AssignmentView, ...]:
    chosen = _ordered(select(*t.assignment.columns).where(which, _C.state == OPEN))
    statement = chosen.limit(reading.checked_limit(limit))
    with store.reading() as connection:
        return tuple(reading.assignment_from(tuple(row)) for row in connection.execute(statement))


def _ordered(statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    return statement.order_by(_C.urgency.desc(), _C.deadline_at.asc().nulls_last(), _C.opened_at, _C.id)


def claim(store: Store, assignment_id: str, actor: Actor, releases: Releases, now: int) -> AssignmentView:
    """The assignment, which is the actor's from now on; taking what one has already changes nothing."""
    work = _open_work(store, assignment_id)
    if not may_take(actor, work, releases):
        raise NotAuthorized(actor.id, f"take '{work.label}'", f"it is for {work.target.kind} '{work.target.id}'")
    free = or_(_C.operator == "", _C.operator == actor.id)
    with store.writing() as connection:
        taken = update(t.assignment).where(_C.id == assignment_id, _C.state == OPEN, free)
        changed = connection.execute(taken.values(operator=actor.id, claimed_at=now)).rowcount
    work = _open_work(store, assignment_id)
    if not changed:
        raise NotAuthorized(actor.id, f"take '{work.label}'", f"'{work.operator}' has it")
    return work


def held(work: AssignmentView) -> tuple[str, ...]:
    """The assignment, who has it and whom it is for: what must still be so when somebody completes it."""
    return work.id, work.operator, work.target.kind, work.target.id


def release(store: Store, assignment_id: str, actor: Actor) -> AssignmentView:
    """The assignment, which is anybody's again whom it is for. Only who has it gives it back."""
    work = _open_work(store, assignment_id)
    if work.operator != actor.id or work.target.kind == "operator":
        raise NotAuthorized(actor.id, f"give back '{work.label}'", f"it is with {work.operator or 'nobody'}")
    with store.writing() as connection:
        mine = update(t.assignment).where(_C.id == assignment_id, _C.operator == actor.id, _C.state == OPEN)
        connection.execute(mine.values(operator="", claimed_at=None))
    return _open_work(store, assignment_id)


def reassign(
    store: Store, assignment_id: str, to: Target, actor: Actor, releases: Releases, now: int
) -> AssignmentView:
    """The assignment, with another target, and whoever had it has it no more. Raises CommandRefused for no target."""
    _check_target(to, releases)
    work = _open_work(store, assignment_id)
    operator = to.id if to.kind == "operator" else ""
    said = f"'{work.label}' was reassigned from {work.target.kind} {work.target.id} to {to.kind} {to.id}"
    note_id = f"{assignment_id}:{store.number('note')}"
    note = {"id": note_id, "case_id": work.case_id, "at": now, "author": actor.id, "body": said}
    with store.writing() as connection:
        mine = update(t.assignment).where(_C.id == assignment_id, _C.state == OPEN)
        another = mine.values(target_kind=to.kind, target=to.id, operator=operator, claimed_at=None)
        if not connection.execute(another).rowcount:
            raise AssignmentNotFound(assignment_id)
        connection.execute(insert(t.note).values(**note))
    return _open_work(store, assignment_id)


def _check_target(to: Target, releases: Releases) -> None:
    if to.kind not in TARGETS:
        instead = did_you_mean(to.kind, TARGETS) or f"; use one of: {', '.join(TARGETS)}"
        raise CommandRefused("unknown_target", f"work is for no '{to.kind}'{instead}")
    if not to.id:
        raise CommandRefused("unknown_target", f"say which {to.kind} the work is for")
    known = releases.policies({"queue": "work_queue"}.get(to.kind, to.kind))
    if to.kind in ("queue", "role") and to.id not in known:
        raise CommandRefused("unknown_target", f"there is no {to.kind} '{to.id}'{did_you_mean(to.id, known)}")


def _open_work(store: Store, assignment_id: str) -> AssignmentView:
    work = reading.assignment(store, assignment_id)
    if work is None or not work.is_open:
        raise AssignmentNotFound(assignment_id)
    return work
