"""The kinds of jobs, and their rows: written with the step that promises them, taken under a lease."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from casewright.runtime.codec import decode, encode
from casewright.runtime.request import Job
from casewright.runtime.store import tables as t
from casewright.runtime.store.statements import JOB_COLUMNS, Statements
from casewright.runtime.store.store import Batch, Outcome, Row, Store

CALL = "call"
TIMER = "timer"
START_CASE = "start_case"
CHILD_RESOLVED = "child_resolved"
LOAD_PAGE = "load_page"
DELIVER_EVENT = "deliver_event"
HEAR = "hear"
LOOK_BACK = "look_back"
SCHEDULE = "schedule"

DELIVERY = "deliver:"
"""What the id of a delivery begins with; the id of its event follows."""

_NOTHING = "{}"


def new_row(
    job_id: str,
    kind: str,
    due: int,
    payload: Mapping[str, Any],
    case_id: str = "",
    path: str = "",
    visit: int = 1,
    *,
    name: str = "",
) -> Row:
    """The row of `add_job` and `add_job_once`."""
    text = encode(payload) if payload else _NOTHING
    return (job_id, kind, case_id, path, visit, name, due, due, "", 0, text, "")


COMPLAIN_AFTER = 5
"""The try after which a page that stays away is an operator's concern."""


def finish(batch: Batch, sql: Statements, job: Job, now: int) -> None:
    """Ends the job with this batch, and whatever incident it was; where it is not the worker's any more, nothing is."""
    batch.guard(sql.finish_job, (job.id, job.worker, job.attempts), Outcome.LOST)
    if job.attempts >= COMPLAIN_AFTER:
        batch.add(sql.resolve_job_incidents, (now, "done", job.id))


def claim(store: Store, worker: str, now: int, lease_until: int, limit: int) -> list[Job]:
    """The jobs that are ready, the longest waiting first, now under this worker's lease."""
    first = next_ready(store)
    if first is None or first > now:
        return []
    rows = store.change(store.statements.claim_jobs, (lease_until, worker, now, limit))
    jobs = [_from(row) for row in rows]
    return sorted(jobs, key=lambda job: (job.due, job.id))


def _from(row: Row) -> Job:
    values = dict(zip(JOB_COLUMNS, row, strict=True))
    return Job(**{**values, "payload": decode(values["payload"])})


def next_ready(store: Store) -> int | None:
    """When the next job is ready; None where none waits."""
    ((first,),) = store.read(store.statements.next_ready)
    return None if first is None else int(first)


def last_lease(store: Store) -> int | None:
    """When the last job that a worker holds is free for another one; None where none is held."""
    with store.reading() as connection:
        found: int | None = connection.scalar(select(func.max(t.job.c.ready)).where(t.job.c.worker != ""))
    return found
