"""The worker: takes what is ready under a lease, does it, and sleeps until something is due or somebody wakes it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from casewright.errors import StoreUnavailable
from casewright.runtime import jobs
from casewright.runtime.leases import Leases
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.store import Store
from casewright.runtime.work import Work
from casewright.values import Clock

_log = logging.getLogger("casewright.worker")

LONGEST_SLEEP = 0.5
BATCH = 8


class Worker:
    """One line of work. Several may run in one process and in several; a job is with one of them at a time.

    A worker that dies keeps its jobs until the lease ends, then another takes them; one that lives keeps them as long
    as they take. `name` must be its own. `before` is called before each look for work.
    """

    def __init__(
        self,
        store: Store,
        work: Work,
        clock: Clock,
        name: str,
        *,
        wake: threading.Event,
        before: Callable[[], None] | None = None,
        leases: Leases | None = None,
    ) -> None:
        self._store, self._work, self._clock, self._name = store, work, clock, name
        self._wake, self._before = wake, before
        self._leases = leases or Leases(store, clock)

    def run_once(self, now: datetime | None = None) -> int:
        """Does what is ready at this instant, at most a handful; how many jobs were taken."""
        if self._before is not None:
            self._before()
        at = now or self._clock()
        until = at + self._leases.length
        taken = jobs.claim(self._store, self._name, to_micros(at), to_micros(until), BATCH)
        if taken:
            with self._leases.over(self._name, taken, until) as held:
                for job in taken:
                    if self._leases.holds(held, job):
                        self._work.do(job)
        return len(taken)

    def run(self, stop: threading.Event) -> None:
        """Works until it is told to stop. No error ends it: it is logged, and work lost is taken again in time."""
        complained = False
        while not stop.is_set():
            self._wake.clear()
            try:
                if not self.run_once():
                    self._wake.wait(self._sleep_seconds())
                complained = False
            except Exception as error:
                if not complained and not stop.is_set():
                    _log.error("worker %s rests: %s", self._name, _words(error))
                complained = True
                stop.wait(LONGEST_SLEEP)

    def _sleep_seconds(self) -> float:
        """Until the next job, and never long: another process may promise work without waking us."""
        first = jobs.next_ready(self._store)
        if first is None:
            return LONGEST_SLEEP
        return min(max((first - to_micros(self._clock())) / 1_000_000, 0.001), LONGEST_SLEEP)


def new_name() -> str:
    """A name that no other worker of any process has."""
    return f"{os.getpid()}:{uuid4().hex[:12]}"


def _words(error: Exception) -> str:
    """What a log may say: the text of an error of ours, and only the class of any other, whose text may be personal."""
    return str(error) if isinstance(error, StoreUnavailable) else type(error).__name__
