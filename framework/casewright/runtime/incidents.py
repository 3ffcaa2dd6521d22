"""What an operator does about an incident that is not a failed step of a case."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from casewright.errors import CommandRefused
from casewright.machine.facts import Actor
from casewright.machine.snapshot import ItemLife
from casewright.runtime.store import tables as t
from casewright.runtime.store.store import Store

_C = t.incident.c


def lay_aside(store: Store, incident_id: str, by: Actor, now: int) -> None:
    """Resolves the incident; work that was parked with it is taken up again as if for the first time."""
    with store.writing() as connection:
        found = connection.execute(select(*t.incident.columns).where(_C.id == incident_id)).first()
        if found is None or found.resolved_at is not None:
            raise CommandRefused("no_incident", f"there is no open incident '{incident_id}'")
        if not found.job_id and _has_failed(connection, found.case_id, found.path, found.visit):
            raise CommandRefused("failed_step", f"'{found.path}' of {found.case_id} has failed; retry or skip it")
        connection.execute(update(t.incident).where(_C.id == incident_id).values(resolved_at=now, resolution=by.id))
        parked = update(t.job).where(t.job.c.id == found.job_id, t.job.c.ready.is_(None))
        connection.execute(parked.values(ready=now, attempts=0, last_error=""))


def _has_failed(connection: Connection, case_id: str, path: str, visit: int) -> bool:
    c = t.item.c
    state = connection.scalar(select(c.state).where(c.case_id == case_id, c.path == path, c.visit == visit))
    return state == ItemLife.FAILED
