"""The statements of the durable step and of the jobs: built once from Core, kept as SQL text with fixed parameters.

Executing Core costs two to twenty times the raw driver here, so the text is compiled when the store opens, and each
statement fixes the order in which its parameters are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

from casewright.machine.snapshot import LIVE
from casewright.runtime.store import tables as t

CASE_COLUMNS = tuple(column.name for column in t.case_.columns)
LIVE_COLUMNS = ("path", "visit", "kind", "state", "at", "bound", "values")
JOB_COLUMNS = tuple(column.name for column in t.job.columns)
OPEN: ColumnElement[Any] = literal_column("'open'")


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text, and the names of its parameters in the order in which they are given."""

    sql: str
    parameters: tuple[str, ...]


def _compiled(statement: ClauseElement, dialect: Dialect, order: tuple[str, ...]) -> Statement:
    compiled: Any = statement.compile(dialect=dialect)
    if tuple(compiled.positiontup) != order:
        raise AssertionError(f"the parameters of {compiled} stand in the order {compiled.positiontup}, not {order}")
    return Statement(str(compiled), order)


def _insertion(table: Table, dialect: Dialect) -> Statement:
    names = tuple(column.name for column in table.columns if column.autoincrement is not True)
    return _compiled(insert(table).values({name: bindparam(name) for name in names}), dialect, names)


def _insertion_once(table: Table, dialect: Dialect) -> Statement:
    names = tuple(column.name for column in table.columns)
    statement = sqlite.insert(table).values({name: bindparam(name) for name in names}).on_conflict_do_nothing()
    return _compiled(statement, dialect, names)


def _read_case(dialect: Dialect) -> Statement:
    states: list[ColumnElement[Any]] = [literal_column(f"'{state}'") for state in sorted(LIVE)]
    live = (t.item.c.case_id == t.case_.c.id) & t.item.c.state.in_(states)
    chosen = [*t.case_.columns, *(t.item.c[name].label(f"item_{name}") for name in LIVE_COLUMNS)]
    statement = select(*chosen).select_from(t.case_.outerjoin(t.item, live)).where(t.case_.c.id == bindparam("_id"))
    return _compiled(statement, dialect, ("_id",))


CASE_CHANGES = ("version", "status", "stage", "urgency", "customer", "updated_at", "closed_at", "data", "state")


CASE_ADVANCES = ("version", "stage", "urgency", "updated_at", "data", "state")
"""What changes in a case of the same status and customer: no column of an index, so that no index is written."""


def _change_case(dialect: Dialect, changes: tuple[str, ...]) -> Statement:
    c = t.case_.c
    statement = (
        update(t.case_)
        .values({name: bindparam(name) for name in changes})
        .where(c.id == bindparam("_id"), c.version == bindparam("_version"))
    )
    return _compiled(statement, dialect, (*changes, "_id", "_version"))


ITEM_CHANGES = ("state", "at", "bound", "values", "changed_at")


def _write_item(dialect: Dialect) -> Statement:
    names = tuple(column.name for column in t.item.columns)
    statement = sqlite.insert(t.item).values({name: bindparam(name) for name in names})
    changes = {name: statement.excluded[name] for name in ITEM_CHANGES}
    return _compiled(
        statement.on_conflict_do_update(index_elements=["case_id", "path", "visit"], set_=changes), dialect, names
    )


def _close_assignment(dialect: Dialect) -> Statement:
    c = t.assignment.c
    statement = (
        update(t.assignment)
        .values(
            state=literal_column("'closed'"),
            outcome=bindparam("outcome"),
            closed_by=bindparam("closed_by"),
            closed_at=bindparam("closed_at"),
        )
        .where(
            c.case_id == bindparam("_case_id"),
            c.path == bindparam("_path"),
            c.visit == bindparam("_visit"),
            c.state == OPEN,
        )
    )
    return _compiled(statement, dialect, ("outcome", "closed_by", "closed_at", "_case_id", "_path", "_visit"))


def _close_held(dialect: Dialect) -> Statement:
    """Closes an assignment while it is with the same person, and for the same target, as when it was looked at."""
    c = t.assignment.c
    seen = [c[name] == bindparam(f"_{name}") for name in ("id", "operator", "target_kind", "target")]
    changes: dict[str, Any] = {name: bindparam(name) for name in ("outcome", "closed_by", "closed_at")}
    statement = update(t.assignment).values(state=literal_column("'closed'"), **changes).where(*seen, c.state == OPEN)
    return _compiled(statement, dialect, (*changes, "_id", "_operator", "_target_kind", "_target"))


def _raise_urgency(dialect: Dialect) -> Statement:
    c = t.assignment.c
    statement = (
        update(t.assignment)
        .values(urgency=bindparam("urgency"))
        .where(c.case_id == bindparam("_case_id"), c.urgency < bindparam("_below"), c.state == OPEN)
    )
    return _compiled(statement, dialect, ("urgency", "_case_id", "_below"))


def _cancel_timer(dialect: Dialect) -> Statement:
    c = t.job.c
    statement = delete(t.job).where(
        c.case_id == bindparam("_case_id"), c.kind == literal_column("'timer'"), c.name == bindparam("_name")
    )
    return _compiled(statement, dialect, ("_case_id", "_name"))


def _cancel_work(dialect: Dialect) -> Statement:
    c = t.job.c
    statement = delete(t.job).where(
        c.case_id == bindparam("_case_id"),
        c.path == bindparam("_path"),
        c.visit == bindparam("_visit"),
        c.kind.in_([literal_column("'call'"), literal_column("'start_case'")]),
    )
    return _compiled(statement, dialect, ("_case_id", "_path", "_visit"))


def _finish_job(dialect: Dialect) -> Statement:
    c = t.job.c
    statement = delete(t.job).where(
        c.id == bindparam("_id"), c.worker == bindparam("_worker"), c.attempts == bindparam("_attempts")
    )
    return _compiled(statement, dialect, ("_id", "_worker", "_attempts"))


def _put_off_job(dialect: Dialect) -> Statement:
    c = t.job.c
    statement = (
        update(t.job)
        .values(ready=bindparam("ready"), last_error=bindparam("last_error"), worker=literal_column("''"))
        .where(c.id == bindparam("_id"), c.worker == bindparam("_worker"), c.attempts == bindparam("_attempts"))
    )
    return _compiled(statement, dialect, ("ready", "last_error", "_id", "_worker", "_attempts"))


def _claim_jobs(dialect: Dialect) -> Statement:
    c = t.job.c
    due = select(c.id).where(c.ready <= bindparam("_now")).order_by(c.ready, c.id)
    due = due.limit(bindparam("_limit")).offset(literal_column("0"))
    statement = (
        update(t.job)
        .values(worker=bindparam("worker"), ready=bindparam("ready"), attempts=c.attempts + literal_column("1"))
        .where(c.id.in_(due))
        .returning(*t.job.columns)
    )
    return _compiled(statement, dialect, ("ready", "worker", "_now", "_limit"))


def _next_ready(dialect: Dialect) -> Statement:
    c = t.job.c
    statement = select(func.min(c.ready)).where(c.ready.is_not(None))
    return _compiled(statement, dialect, ())


def _resolve_incident(dialect: Dialect) -> Statement:
    c = t.incident.c
    statement = (
        update(t.incident)
        .values(resolved_at=bindparam("resolved_at"), resolution=bindparam("resolution"))
        .where(c.case_id == bindparam("_case_id"), c.path == bindparam("_path"), c.resolved_at.is_(None))
    )
    return _compiled(statement, dialect, ("resolved_at", "resolution", "_case_id", "_path"))


def _resolve_job_incidents(dialect: Dialect) -> Statement:
    c = t.incident.c
    statement = (
        update(t.incident)
        .values(resolved_at=bindparam("resolved_at"), resolution=bindparam("resolution"))
        .where(c.job_id == bindparam("_job_id"), c.resolved_at.is_(None))
    )
    return _compiled(statement, dialect, ("resolved_at", "resolution", "_job_id"))


def _read_command(dialect: Dialect) -> Statement:
    c = t.command.c
    return _compiled(
        select(c.request, c.about, c.version, c.status).where(c.key == bindparam("_key")), dialect, ("_key",)
    )


def _read_assignment(dialect: Dialect) -> Statement:
    return _compiled(select(*t.assignment.columns).where(t.assignment.c.id == bindparam("_id")), dialect, ("_id",))


# -- listeners ---------------------------------------------------------------------------------------------------------

LISTENER_KEY = ("case_id", "path", "visit", "listener")
_DELIVERS: ColumnElement[Any] = literal_column("'deliver_event'")


def _add_listener(dialect: Dialect) -> Statement:
    """Begins to listen: behind the newest event that there is when this row is written. One who listens already, for
    the same or with another key, misses nothing that is still on its way to it."""
    names = ("case_id", "path", "visit", "listener", "event", "names", "key", "since")
    newest = select(func.coalesce(func.max(t.event.c.seq), literal_column("0"))).scalar_subquery()
    statement = sqlite.insert(t.listener).values({**{name: bindparam(name) for name in names}, "after": newest})
    changes = {name: statement.excluded[name] for name in ("event", "names", "key", "since")}
    once = statement.on_conflict_do_update(index_elements=LISTENER_KEY, set_=changes)
    return _compiled(once, dialect, names)


def _stop_listening(dialect: Dialect) -> Statement:
    """Ends the listeners of a visit but those whose names, each between bars, stand in a text."""
    c = t.listener.c
    visit = [c[name] == bindparam(f"_{name}") for name in LISTENER_KEY[:3]]
    goes_on = func.instr(bindparam("_kept", type_=Text), literal_column("'|'") + c.listener + literal_column("'|'"))
    which = delete(t.listener).where(*visit, goes_on == literal_column("0"))
    return _compiled(which, dialect, ("_case_id", "_path", "_visit", "_kept"))


def _deliver_if_awaited(dialect: Dialect) -> Statement:
    """Adds the delivery of an event where some case listens for it; looked at in the transaction that publishes."""
    given = ("id", "name", "due", "ready")
    fixed = {"kind": _DELIVERS, "visit": literal_column("1"), "attempts": literal_column("0")}
    fixed["payload"] = literal_column("'{}'")
    values = {name: bindparam(name, type_=t.job.c[name].type) for name in given} | fixed
    awaited = select(literal_column("1")).where(t.listener.c.event == bindparam("_event")).exists()
    row = select(*(values.get(name, literal_column("''")) for name in JOB_COLUMNS)).where(awaited)
    return _compiled(insert(t.job).from_select(JOB_COLUMNS, row), dialect, (*given, "_event"))


def _next_names(dialect: Dialect) -> Statement:
    """The names of another key that an event is awaited by, behind these."""
    c = t.listener.c
    statement = select(func.min(c.names)).where(c.event == bindparam("_event"), c.names > bindparam("_names"))
    return _compiled(statement, dialect, ("_event", "_names"))


def _find_listeners(dialect: Dialect) -> Statement:
    """Those who listen for an event with this key, and did so when it was published; a page of them."""
    c = t.listener.c
    place = [c[name] for name in LISTENER_KEY]
    last = [bindparam(f"_{name}", type_=column.type) for name, column in zip(LISTENER_KEY, place, strict=True)]
    statement = (
        select(*place)
        .where(c.event == bindparam("_event"), c.names == bindparam("_names"), c.key == bindparam("_key"))
        .where(tuple_(*place) > tuple_(*last), c.after < bindparam("_seq"))
        .order_by(*place)
        .limit(bindparam("_limit"))
        .offset(literal_column("0"))
    )
    order = ("_event", "_names", "_key", *(f"_{name}" for name in LISTENER_KEY), "_seq", "_limit")
    return _compiled(statement, dialect, order)


def _earlier_news(dialect: Dialect) -> Statement:
    """Whether a listener still has to be told of an earlier event: it is known, looked up, or not handed out yet.
    Work that was given up holds nobody back."""
    c, about = t.job.c, t.job.alias("about").c
    same = [c[name] == bindparam(f"_{name}") for name in ("case_id", "path", "visit", "name")]
    same.append(c.ready.is_not(None))
    earlier = and_(c.kind == literal_column("'hear'"), c.id < bindparam("_id"))
    one: ColumnElement[Any] = literal_column("1")
    mine = select(one).where(*same, or_(earlier, c.kind == bindparam("_looked_up")))
    known = t.event.c.id == func.substr(about.id, literal_column("9"))
    waiting = select(one).where(about.kind == _DELIVERS, about.name == bindparam("_event"))
    waiting = waiting.where(about.due <= bindparam("_due"), about.ready.is_not(None))
    waiting = waiting.where(known, t.event.c.seq < bindparam("_seq"))
    statement = union_all(mine, waiting)
    order = ("_case_id", "_path", "_visit", "_name", "_id", "_looked_up", "_event", "_due", "_seq")
    return _compiled(statement, dialect, order)


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements that run below SQLAlchemy."""

    read_case: Statement
    read_command: Statement
    read_assignment: Statement
    add_command: Statement
    add_case: Statement
    change_case: Statement
    advance_case: Statement
    write_item: Statement
    add_history: Statement
    open_assignment: Statement
    close_assignment: Statement
    close_held: Statement
    raise_urgency: Statement
    add_job: Statement
    add_job_once: Statement
    cancel_timer: Statement
    cancel_work: Statement
    finish_job: Statement
    put_off_job: Statement
    claim_jobs: Statement
    next_ready: Statement
    add_event: Statement
    add_note: Statement
    add_message: Statement
    add_incident: Statement
    resolve_incident: Statement
    resolve_job_incidents: Statement
    link_interaction: Statement
    add_listener: Statement
    stop_listening: Statement
    deliver_if_awaited: Statement
    next_names: Statement
    find_listeners: Statement
    earlier_news: Statement


def statements_for(dialect: Dialect) -> Statements:
    """The statements as text of this dialect, parameters by position."""
    return Statements(
        read_case=_read_case(dialect),
        read_command=_read_command(dialect),
        read_assignment=_read_assignment(dialect),
        add_command=_insertion_once(t.command, dialect),
        add_case=_insertion(t.case_, dialect),
        change_case=_change_case(dialect, CASE_CHANGES),
        advance_case=_change_case(dialect, CASE_ADVANCES),
        write_item=_write_item(dialect),
        add_history=_insertion(t.history, dialect),
        open_assignment=_insertion(t.assignment, dialect),
        close_assignment=_close_assignment(dialect),
        close_held=_close_held(dialect),
        raise_urgency=_raise_urgency(dialect),
        add_job=_insertion(t.job, dialect),
        add_job_once=_insertion_once(t.job, dialect),
        cancel_timer=_cancel_timer(dialect),
        cancel_work=_cancel_work(dialect),
        finish_job=_finish_job(dialect),
        put_off_job=_put_off_job(dialect),
        claim_jobs=_claim_jobs(dialect),
        next_ready=_next_ready(dialect),
        add_event=_insertion(t.event, dialect),
        add_note=_insertion(t.note, dialect),
        add_message=_insertion(t.message, dialect),
        add_incident=_insertion(t.incident, dialect),
        resolve_incident=_resolve_incident(dialect),
        resolve_job_incidents=_resolve_job_incidents(dialect),
        link_interaction=_insertion_once(t.case_interaction, dialect),
        add_listener=_add_listener(dialect),
        stop_listening=_stop_listening(dialect),
        deliver_if_awaited=_deliver_if_awaited(dialect),
        next_names=_next_names(dialect),
        find_listeners=_find_listeners(dialect),
        earlier_news=_earlier_news(dialect),
    )
