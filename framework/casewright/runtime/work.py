"""What each kind of job does: an outside call or a command, and the end of the job in the transaction of its effect."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from zlib import crc32

from casewright.errors import (
    CaseConflict,
    CaseNotFound,
    CommandRefused,
    ConnectorFailed,
    InteractionNotFound,
    StoreUnavailable,
)
from casewright.machine.commands import ChildResolved, Command, Create, Failed, Fire, Occurred, PagesLoaded, Result
from casewright.machine.facts import SYSTEM, Unavailable
from casewright.runtime import jobs, listening, reading, triggers
from casewright.runtime.ports import ConnectorPort, FactSource
from casewright.runtime.releases import Releases
from casewright.runtime.request import Job, Request
from casewright.runtime.step import JobLost, Stepper
from casewright.runtime.store.instants import from_micros, to_micros
from casewright.runtime.store.store import Batch, Outcome, Row, Store
from casewright.values import Clock

_log = logging.getLogger("casewright.worker")

GIVE_UP_AFTER = 10
LONGEST_REST = 300.0
EARLIER_FIRST = 0.02
LONGEST_TURN = 1.0
"""How many seconds an event rests at first, and at most, that must not overtake another one."""


class Work:
    """Does one job at a time. Whatever goes wrong, the job is done, put off, or parked with an incident."""

    def __init__(
        self,
        store: Store,
        stepper: Stepper,
        releases: Releases,
        source: FactSource,
        connectors: ConnectorPort,
        clock: Clock,
    ) -> None:
        self._store, self._stepper, self._releases = store, stepper, releases
        self._source, self._connectors, self._clock = source, connectors, clock
        self._kinds: Mapping[str, Callable[[Job], None]] = {
            jobs.CALL: self._call,
            jobs.TIMER: lambda job: self._command(job, job.case_id, Fire(job.name)),
            jobs.START_CASE: self._start_case,
            jobs.CHILD_RESOLVED: self._child_resolved,
            jobs.LOAD_PAGE: self._load_page,
            jobs.DELIVER_EVENT: self._deliver_event,
            jobs.HEAR: self._hear,
            jobs.LOOK_BACK: self._look_back,
            jobs.SCHEDULE: self._schedule,
        }

    def do(self, job: Job) -> None:
        """Does the job, or puts it off. One that was taken often and never came back is parked before it does harm."""
        if job.attempts > GIVE_UP_AFTER and not job.last_error:
            return self._fault(job, f"it was taken {job.attempts} times, and whoever took it was not heard of again")
        try:
            self._kinds[job.kind](job)
        except JobLost:
            return None
        except CaseConflict as error:
            self._put_off(job, str(error), 0.05)
        except StoreUnavailable:
            raise
        except Exception as error:  # a fault of ours or a host's must not stop the other jobs
            if not job.last_error:
                _log.error("%s, a job of kind %s, met %s; it is tried again", job.id, job.kind, _where(error))
            self._fault(job, f"{type(error).__name__}: {error}")

    def _command(self, job: Job, case_id: str, command: Command) -> None:
        """Gives the command; one that no longer applies ends the job without effect."""
        try:
            self._stepper.perform(Request(case_id, command, SYSTEM, job=job))
        except (CommandRefused, CaseNotFound):
            self._finish(job)

    def _call(self, job: Job) -> None:
        try:
            answer = self._connectors.call(job.payload["connector"], job.payload["arguments"], key=job.key)
        except ConnectorFailed as error:
            self._call_failed(job, str(error), retryable=error.retryable)
        except (Exception, SystemExit) as error:  # a connector of the host may raise anything
            self._call_failed(job, f"connector '{job.payload['connector']}' raised {type(error).__name__}: {error}")
        else:
            self._answer(job, answer)

    def _answer(self, job: Job, answer: Any) -> None:
        try:
            self._command(job, job.case_id, Result(job.path, job.visit, answer, job.attempts, job.last_error))
        except (TypeError, UnicodeEncodeError) as error:
            self._call_failed(job, f"connector '{job.payload['connector']}' gave an answer: {error}", retryable=False)

    def _call_failed(self, job: Job, reason: str, *, retryable: bool = True) -> None:
        reason, (times, backoff) = _storable(reason), job.payload["retry"]
        if retryable and job.attempts <= times:
            self._put_off(job, reason, rest_seconds(job, backoff))
        else:
            self._command(job, job.case_id, Failed(job.path, job.visit, reason, job.attempts))

    def _start_case(self, job: Job) -> None:
        """A child begins in the name of whoever began its parent, so that work for the originator finds him."""
        payload = job.payload
        actor, name = SYSTEM, payload.get("originator", "")
        if job.case_id:
            actor, name = reading.originator(self._store, job.case_id)
        new = Create(
            f"C-{self._store.number('case')}",
            payload["data"],
            channel=payload.get("channel", "system"),
            interaction=payload.get("interaction", ""),
            parent=job.case_id,
            parent_path=job.path,
            parent_visit=job.visit,
            originator=name,
        )
        try:
            self._stepper.perform(Request(new.case_id, new, actor, job=job, case_type=payload["case_type"]))
        except (CommandRefused, InteractionNotFound) as error:
            self._not_started(job, f"{payload['case_type']} could not be started: {error}")

    def _not_started(self, job: Job, reason: str) -> None:
        """The step that wanted the case fails; where there is none that waits, an incident tells."""
        try:
            if not job.case_id:
                raise CommandRefused("no_parent", reason)
            self._stepper.perform(Request(job.case_id, Failed(job.path, job.visit, reason), SYSTEM, job=job))
        except (CommandRefused, CaseNotFound):
            self._finish(job, self._incident(job, reason, job_id=""))

    def _child_resolved(self, job: Job) -> None:
        payload = job.payload
        news = ChildResolved(job.path, job.visit, job.case_id, payload["status"], payload["data"])
        self._command(job, payload["parent"], news)

    def _load_page(self, job: Job) -> None:
        page = job.payload["request"]
        loaded = self._source.load([page], interaction=job.payload["interaction"], actor=SYSTEM.id)
        found = loaded.get(page, Unavailable("the source gave no answer"))
        if not isinstance(found, Unavailable):
            return self._command(job, job.case_id, PagesLoaded())
        reason = f"page '{page.page}' cannot be read: {found.reason}"
        if job.attempts == jobs.COMPLAIN_AFTER:
            self._store.commit(self._incident(job, reason))
        return self._put_off(job, reason, rest_seconds(job, 1.0))

    def _deliver_event(self, job: Job) -> None:
        """Starts what triggers start, and tells the cases that listen, in pages where there are many of them."""
        event = listening.published(self._store, job)
        if event is None:
            return self._finish(job)
        told = listening.reached(self._store, event, job)
        started = [] if "behind" in job.payload else self._started(event)
        return self._finish(job, self._batch_of_jobs([*started, *told.rows, *self._rest_of(job, told)]))

    def _started(self, event: listening.Published) -> list[Row]:
        known = self._releases.policies("trigger")
        delivery = {"id": event.id, "event": event.event, "payload": event.payload}
        return triggers.starts_for_event(known, delivery, self._clock(), self._releases)

    def _hear(self, job: Job) -> None:
        if listening.is_too_early(self._store, job):
            rest = min(rest_seconds(job, EARLIER_FIRST), LONGEST_TURN)
            return self._put_off(job, "an earlier event comes first", rest)
        news = job.payload
        return self._command(job, job.case_id, Occurred(job.path, job.visit, news["event"], news["payload"], job.name))

    def _look_back(self, job: Job) -> None:
        told = listening.looked_up(self._store, job)
        self._finish(job, self._batch_of_jobs([*told.rows, *self._rest_of(job, told)]))

    def _rest_of(self, job: Job, told: listening.Reached) -> list[Row]:
        """The same job again, for those who are left."""
        if told.rest is None:
            return []
        where = job.case_id, job.path, job.visit
        return [jobs.new_row(job.id, job.kind, job.due, told.rest, *where, name=job.name)]

    def _schedule(self, job: Job) -> None:
        trigger = self._releases.policies("trigger").get(job.name)
        if trigger is None or not trigger.every:
            return self._finish(job)
        planned = triggers.starts_for_instant(trigger, from_micros(job.due), self._clock(), self._releases)
        return self._finish(job, self._batch_of_jobs(planned))

    def _batch_of_jobs(self, rows: list[Any]) -> Batch:
        batch = Batch()
        for row in rows:
            batch.add(self._store.statements.add_job_once, row)
        return batch

    def _incident(self, job: Job, reason: str, job_id: str | None = None) -> Batch:
        """An incident of the job; with an empty `job_id` it outlives it."""
        batch, now = Batch(), to_micros(self._clock())
        about = job.id if job_id is None else job_id
        row = (f"{job.id}!{now}", job.case_id, job.path, job.visit, about, reason, now, None, "")
        batch.add(self._store.statements.add_incident, row)
        return batch

    def _finish(self, job: Job, batch: Batch | None = None) -> None:
        whole = Batch() if batch is None else batch
        jobs.finish(whole, self._store.statements, job, to_micros(self._clock()))
        self._store.commit(whole)

    def _fault(self, job: Job, reason: str) -> None:
        reason = _storable(reason)
        if job.attempts < GIVE_UP_AFTER:
            return self._put_off(job, reason, rest_seconds(job, 1.0))
        batch = self._incident(job, reason)
        batch.guard(self._store.statements.put_off_job, (None, reason, job.id, job.worker, job.attempts), Outcome.LOST)
        self._store.commit(batch)
        return None

    def _put_off(self, job: Job, reason: str, seconds: float) -> None:
        ready = to_micros(self._clock() + timedelta(seconds=seconds))
        batch = Batch()
        batch.guard(self._store.statements.put_off_job, (ready, reason, job.id, job.worker, job.attempts), Outcome.LOST)
        self._store.commit(batch)


def _storable(reason: str) -> str:
    """The reason with what is no character spelt out, since a host's error may say anything."""
    return reason.encode(errors="backslashreplace").decode()


def _where(error: Exception) -> str:
    """The class of an error and the line that raised it; its text stays out of logs, since it may be personal."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return f"{type(error).__name__} at {at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else type(error).__name__


def rest_seconds(job: Job, first: float) -> float:
    """How long a job rests before its next try: doubling, bounded, and spread by a tenth so that a crowd disperses.

    The spread is worked out from the job, not drawn, so that a rehearsal comes out the same each time.
    """
    spread = crc32(f"{job.id}:{job.attempts}".encode()) / 2**32 / 10
    return float(min(first * 2 ** (job.attempts - 1), LONGEST_REST) * (1 + spread))
