"""The worker: takes what is ready under a lease, does it, and sleeps until something is due or somebody wakes it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from casewright.errors import StoreUnavailable
from casewright.runtime import jobs
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.store import Store
from casewright.runtime.work import Work
from casewright.values import Clock

LEASE_SECONDS = 60.0
LONGEST_SLEEP = 0.5
BATCH = 8


class Worker:
    """One line of work. Several may run in one process and in several; a job is with one of them at a time.

    A worker that dies keeps its jobs until the lease ends, then another takes them. `name` must be its own.
    """

    def __init__(
        self,
        store: Store,
        work: Work,
        clock: Clock,
        name: str,
        *,
        wake: threading.Event,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._store, self._work, self._clock, self._name = store, work, clock, name
        self._wake, self._lease = wake, timedelta(seconds=lease_seconds)

    def run_once(self, now: datetime | None = None) -> int:
        """Does what is ready at this instant, at most a handful; how many jobs were taken."""
        at = now or self._clock()
        leased_until = at + self._lease
        taken = jobs.claim(self._store, self._name, to_micros(at), to_micros(leased_until), BATCH)
        for job in taken:
            if self._clock() < leased_until:
                self._work.do(job)
        return len(taken)

    def run(self, stop: threading.Event) -> None:
        """Works until it is told to stop, and outlives a database that cannot be used for a while."""
        while not stop.is_set():
            self._wake.clear()
            try:
                if not self.run_once():
                    self._wake.wait(self._sleep_seconds())
            except StoreUnavailable:
                stop.wait(LONGEST_SLEEP)

    def _sleep_seconds(self) -> float:
        """Until the next job, and never long: another process may promise work without waking us."""
        first = jobs.next_ready(self._store)
        if first is None:
            return LONGEST_SLEEP
        return min(max((first - to_micros(self._clock())) / 1_000_000, 0.001), LONGEST_SLEEP)
