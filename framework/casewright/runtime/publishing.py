"""Events that come from outside a case: checked against their event rule, kept, and handed to those who listen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete

from casewright.errors import CommandRefused, KeyReused
from casewright.machine.facts import Actor
from casewright.machine.plan import Field
from casewright.machine.policies import EventType
from casewright.runtime import jobs
from casewright.runtime.codec import encode
from casewright.runtime.releases import Releases
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.statements import Statement, Statements
from casewright.runtime.store.store import Batch, Outcome, Row, Store
from casewright.values import did_you_mean


def publish(
    store: Store, releases: Releases, event: str, payload: Mapping[str, Any], *, by: Actor, key: str, now: datetime
) -> str:
    """The id of the event, kept and on its way; the same key gives the same event once."""
    event_id = f"E-{store.number('event')}"
    batch, at = Batch(), to_micros(now)
    request = sha256(f"publish\n{event}\n{by.id}\n{encode(payload)}".encode()).hexdigest()
    if key:
        batch.guard(store.statements.add_command, (key, request, event_id, 0, "", at), Outcome.REPEATED)
    add_event(batch, store, releases, event_id, event, payload, at)
    return event_id if store.commit(batch) is Outcome.COMMITTED else _published_before(store, key, request)


def add_event(
    batch: Batch, store: Store, releases: Releases, event_id: str, event: str, payload: Mapping[str, Any], at: int
) -> None:
    """Adds the event to a batch, and the job that hands it to those who listen, where there are any."""
    batch.add(store.statements.add_event, (event_id, event, "", at, encode(payload)))
    batch.add(*delivery(store.statements, event_id, event, at, is_heard=releases.hears(event)))


def delivery(sql: Statements, event_id: str, event: str, at: int, *, is_heard: bool) -> tuple[Statement, Row]:
    """The statement, and its row, that has an event handed to triggers (which listen if it `is_heard`) and cases.

    Whether a case listens is looked at in the transaction that publishes: before it, one could be missed.
    """
    job_id = f"{jobs.DELIVERY}{event_id}"
    if is_heard:
        return sql.add_job, jobs.new_row(job_id, jobs.DELIVER_EVENT, at, {}, name=event)
    return sql.deliver_if_awaited, (job_id, event, at, at, event)


def forget_keys(store: Store, before: int) -> int:
    """How many keys from before an instant were forgotten."""
    with store.writing() as connection:
        return connection.execute(delete(t.command).where(t.command.c.at < before)).rowcount


def _published_before(store: Store, key: str, request: str) -> str:
    ((known, event_id, _, _),) = store.read(store.statements.read_command, (key,))
    if known != request:
        raise KeyReused(key)
    return str(event_id)


def checked_payload(declared: Mapping[str, EventType], event: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The payload as the event rule accepts it. Raises CommandRefused with every fault; an unknown event is one."""
    check_known(declared, event)
    return accepted(declared[event].payload, payload, f"event '{event}'")


def check_known(declared: Mapping[str, EventType], event: str) -> None:
    """Raises CommandRefused where there is no such event rule."""
    if event not in declared:
        raise CommandRefused("unknown_event", f"there is no event rule '{event}'{did_you_mean(event, declared)}")


def accepted(fields: Mapping[str, Field], values: Mapping[str, Any], of: str) -> dict[str, Any]:
    """The values as their fields accept them; raises CommandRefused with every fault at once."""
    kept, faults = dict[str, Any](), list[tuple[str, str]]()
    for name, value in values.items():
        if name not in fields:
            faults.append((name, f"is no field of {of}{did_you_mean(name, fields)}"))
            continue
        try:
            kept[name] = None if value is None else fields[name].accept(value)
        except ValueError as fault:
            faults.append((name, str(fault)))
    missing = [name for name, field in fields.items() if field.required and values.get(name) is None]
    faults.extend((name, "is required") for name in missing)
    if faults:
        raise CommandRefused("invalid_data", f"{of} does not take these values", tuple(faults))
    return kept
