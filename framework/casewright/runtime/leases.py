"""Leases that last as long as the work: jobs under way are kept with their worker while he is at them and alive."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import tuple_, update

from casewright.errors import StoreUnavailable
from casewright.runtime.request import Job
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.store import Store
from casewright.values import Clock

LENGTH = timedelta(seconds=60)
"""How long a job stays with a worker that is not heard of."""

BEATS = 3
"""How often a lease is renewed before it would end: two beats may be lost."""


@dataclass(slots=True)
class Held:
    """Jobs that were taken together: those that are still with the worker, and until when nobody else takes them."""

    worker: str
    jobs: frozenset[tuple[str, int]]
    until: datetime


class Leases:
    """Renews what is held, on a thread that lives while there is something to renew, and no longer than to `close`.

    One engine has one, for all its workers.
    """

    def __init__(self, store: Store, clock: Clock, length: timedelta = LENGTH) -> None:
        self.length = length
        self._store, self._clock, self._closed = store, clock, threading.Event()
        self._held: list[Held] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, worker: str, jobs: Sequence[Job], until: datetime) -> Iterator[Held]:
        """The jobs as they are held, for as long as the block runs."""
        held = Held(worker, frozenset((job.id, job.attempts) for job in jobs), until)
        with self._lock:
            self._held.append(held)
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._beat, name="casewright-leases", daemon=True)
                self._thread.start()
        try:
            yield held
        finally:
            with self._lock:
                self._held.remove(held)

    def close(self) -> None:
        """Ends the thread; whatever is still held is so until its lease ends."""
        with self._lock:
            self._closed.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def holds(self, held: Held, job: Job) -> bool:
        """Whether the job is still the worker's, so that doing it now does it once."""
        return (job.id, job.attempts) in held.jobs and self._clock() < held.until

    def _beat(self) -> None:
        """Renews at every beat; ends at the first at which nothing is held."""
        while not self._closed.wait(self.length.total_seconds() / BEATS):
            with self._lock:
                held = tuple(self._held)
                if not held:
                    self._thread = None
                    return
            for each in held:
                self._renew(each)

    def _renew(self, held: Held) -> None:
        """Puts the end of the lease off, for those jobs that nobody else has taken meanwhile."""
        c, until = t.job.c, self._clock() + self.length
        mine = (c.worker == held.worker) & tuple_(c.id, c.attempts).in_(sorted(held.jobs))
        later = update(t.job).where(mine).values(ready=to_micros(until)).returning(c.id, c.attempts)
        try:
            with self._store.writing() as connection:
                kept = frozenset((row.id, row.attempts) for row in connection.execute(later))
        except StoreUnavailable:
            return  # the lease runs on, and the next beat tries again
        held.jobs, held.until = kept, until
