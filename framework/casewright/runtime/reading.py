"""Reads rows into the values that the engine shows. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from casewright.errors import CaseNotFound
from casewright.machine.effects import Target
from casewright.machine.facts import SYSTEM, Actor, Rules
from casewright.machine.locating import item_at
from casewright.machine.plan import Plan
from casewright.machine.screens import Screen
from casewright.machine.snapshot import ItemState
from casewright.runtime import listening, standing
from casewright.runtime import views as v
from casewright.runtime.codec import decode
from casewright.runtime.store import tables as t
from casewright.runtime.store.cases import Kept
from casewright.runtime.store.instants import from_micros, maybe_from_micros
from casewright.runtime.store.statements import OPEN
from casewright.runtime.store.store import Row as PlainRow
from casewright.runtime.store.store import Store


def assignment_from(row: PlainRow) -> v.AssignmentView:
    """The assignment of a whole row, without its screen."""
    (
        assignment_id, case_id, path, visit, label, target_kind, target, urgency, text, skills, state, operator,
        outcome, closed_by, opened_at, claimed_at, closed_at, goal_at, deadline_at,
    ) = row  # fmt: skip
    return v.AssignmentView(
        assignment_id, case_id, path, visit, label, Target(target_kind, target), urgency, text, tuple(decode(skills)),
        state, operator, outcome, closed_by, from_micros(opened_at), maybe_from_micros(claimed_at),
        maybe_from_micros(closed_at), maybe_from_micros(goal_at), maybe_from_micros(deadline_at),
    )  # fmt: skip


def assignment(store: Store, assignment_id: str) -> v.AssignmentView | None:
    """The assignment, without its screen; None where there is none."""
    rows = store.read(store.statements.read_assignment, (assignment_id,))
    return assignment_from(rows[0]) if rows else None


def case_view(store: Store, kept: Kept, plan: Plan, rules: Rules) -> v.CaseView:
    """The case with its open assignments and their screens, its children and its open incidents."""
    s = kept.snapshot
    entered = standing.lines(store, s.case_id)
    with store.reading() as connection:
        is_open = (t.assignment.c.case_id == s.case_id) & (t.assignment.c.state == OPEN)
        opened = connection.execute(
            select(*t.assignment.columns).where(is_open).order_by(t.assignment.c.opened_at)
        ).all()
        c = t.case_.c
        family = select(c.id, c.type, c.status, c.parent_path).where(c.parent == s.case_id).order_by(c.created_at, c.id)
        children = connection.execute(family).all()
        is_failed = (t.incident.c.case_id == s.case_id) & t.incident.c.resolved_at.is_(None)
        failed = connection.execute(select(*t.incident.columns).where(is_failed).order_by(t.incident.c.opened_at)).all()
    return v.CaseView(
        id=s.case_id,
        type=s.case_type,
        label=plan.label,
        status=s.status,
        stage=s.at,
        version=s.version,
        urgency=s.urgency,
        data=s.data,
        created_at=s.created_at,
        created_by=s.created_by,
        updated_at=kept.updated_at,
        interaction=s.interaction,
        parent=s.parent,
        release=kept.release,
        items=tuple(s.items.values()),
        assignments=tuple(_shown(assignment_from(row), plan, s.items, rules) for row in opened),
        children=tuple(v.ChildView(*row) for row in children),
        incidents=tuple(_incident_from(row) for row in failed),
        tree=standing.tree(plan, s.items, entered, rules),
        milestones=standing.milestones(plan, entered),
        listeners=listening.listeners_of(store, s.case_id),
    )


def _shown(work: v.AssignmentView, plan: Plan, live: Mapping[str, ItemState], rules: Rules) -> v.AssignmentView:
    """The assignment with its screen, and with what is to be seen in the pass that it lies in."""
    seen = standing.in_pass(live, work.path)
    screen = screen_at(plan, live, work.path, rules)
    return replace(work, screen=screen, element=seen.element, fields=seen.fields)


def screen_at(plan: Plan, live: Mapping[str, ItemState], path: str, rules: Rules) -> Screen | None:
    """The screen of the step at a path, where it has one."""
    item = item_at(plan, live, path, rules) if path in live else None
    return item.activity.screen if item is not None and item.activity is not None else None


def _incident_from(row: Row[Any]) -> v.IncidentView:
    r = row
    opened_at, resolved_at = from_micros(r.opened_at), maybe_from_micros(r.resolved_at)
    return v.IncidentView(r.id, r.case_id, r.path, r.visit, r.job_id, r.error, opened_at, resolved_at, r.resolution)


def incidents(store: Store, *, case_id: str = "", include_resolved: bool = False) -> tuple[v.IncidentView, ...]:
    """The incidents, the oldest first."""
    statement = select(*t.incident.columns).order_by(t.incident.c.opened_at, t.incident.c.id)
    if case_id:
        statement = statement.where(t.incident.c.case_id == case_id)
    if not include_resolved:
        statement = statement.where(t.incident.c.resolved_at.is_(None))
    with store.reading() as connection:
        return tuple(_incident_from(row) for row in connection.execute(statement))


def history(store: Store, case_id: str) -> tuple[v.HistoryEntry, ...]:
    """Every step of a case, the first one first."""
    statement = select(*t.history.columns).where(t.history.c.case_id == case_id).order_by(t.history.c.seq)
    with store.reading() as connection:
        found = connection.execute(statement).all()
    if not found:
        raise CaseNotFound(case_id)
    return tuple(_entry_from(tuple(row)) for row in found)


def originator(store: Store, case_id: str) -> tuple[Actor, str]:
    """Who began a case, as he was then, and the id in whose name he did where it was not his own."""
    c = t.history.c
    with store.reading() as connection:
        first = connection.execute(select(c.facts, c.command).where(c.case_id == case_id, c.seq == 1)).first()
    return (decode(first.facts)[0], decode(first.command).originator) if first else (SYSTEM, "")


def _entry_from(row: PlainRow) -> v.HistoryEntry:
    case_id, seq, at, _, kind, path, key, digest, command, facts, outcome = row
    actor, pages, bound, interaction, event = decode(facts)
    status, stage, effects, trace = decode(outcome)
    return v.HistoryEntry(
        case_id, seq, from_micros(at), actor, kind, path, key, digest, decode(command),
        dict(pages), bound, interaction, event, status, stage,
        tuple((effect, words) for effect, words in effects), tuple((path, what, why) for path, what, why in trace),
    )  # fmt: skip


def notes(store: Store, case_id: str) -> tuple[v.NoteView, ...]:
    """The notes on a case, the oldest first."""
    statement = select(*t.note.columns).where(t.note.c.case_id == case_id).order_by(t.note.c.at, t.note.c.id)
    with store.reading() as connection:
        _check_case(connection, case_id)
        found = connection.execute(statement).all()
    return tuple(v.NoteView(row.id, row.case_id, from_micros(row.at), row.author, row.body) for row in found)


def messages(store: Store, case_id: str) -> tuple[v.MessageView, ...]:
    """The messages that a case has sent, the oldest first."""
    c = t.message.c
    statement = select(*t.message.columns).where(c.case_id == case_id).order_by(c.at, c.id)
    with store.reading() as connection:
        _check_case(connection, case_id)
        found = connection.execute(statement).all()
    return tuple(_message_from(tuple(row)) for row in found)


def _check_case(connection: Connection, case_id: str) -> None:
    if connection.scalar(select(t.case_.c.id).where(t.case_.c.id == case_id)) is None:
        raise CaseNotFound(case_id)


def checked_limit(limit: int) -> int:
    """The limit of a list; raises ValueError for one below 0, which a database would take for none."""
    if limit < 0:
        raise ValueError(f"a limit is a number from 0 on, not {limit}")
    return limit


def _message_from(row: PlainRow) -> v.MessageView:
    message_id, case_id, path, visit, at, *rest = row
    return v.MessageView(message_id, case_id, path, visit, from_micros(at), *rest)


def events(store: Store, *, after: int = 0, limit: int = 1000) -> tuple[v.EventView, ...]:
    """The published events behind a `seq`, in order."""
    c = t.event.c
    statement = select(*t.event.columns).where(c.seq > after).order_by(c.seq).limit(checked_limit(limit))
    with store.reading() as connection:
        found = connection.execute(statement).all()
    return tuple(v.EventView(r.seq, r.id, r.name, r.case_id, from_micros(r.at), decode(r.payload)) for r in found)


def cases(
    store: Store,
    *,
    case_type: str = "",
    status: str = "",
    parent: str = "",
    is_resolved: bool | None = None,
    limit: int = 200,
) -> tuple[v.CaseLine, ...]:
    """The cases that fit, the newest first."""
    c = t.case_.c
    chosen = (c.id, c.type, c.status, c.stage, c.urgency, c.created_at, c.updated_at, c.parent)
    statement = select(*chosen).order_by(c.created_at.desc(), c.id.desc()).limit(checked_limit(limit))
    for column, wanted in ((c.type, case_type), (c.status, status), (c.parent, parent)):
        statement = statement.where(column == wanted) if wanted else statement
    if is_resolved is not None:
        statement = statement.where(c.closed_at.is_not(None) if is_resolved else c.closed_at.is_(None))
    with store.reading() as connection:
        found = connection.execute(statement).all()
    return tuple(v.CaseLine(*row[:5], from_micros(row[5]), from_micros(row[6]), row[7]) for row in found)
