"""A job that takes longer than its lease is done once all the same, while its worker lives."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from casewright.errors import StoreUnavailable
from casewright.runtime import jobs
from casewright.runtime.engine import Engine
from casewright.runtime.leases import Leases
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.store import Store
from casewright.runtime.worker import Worker
from casewright.values import system_clock
from tests.runtime.world import ANN, Book, Connectors, Pages, call, collect, plan, stage

BLOCK = plan("block", stage("a", call("a.block", "cards.block")), stage("b", collect("b.s", "note")))
LEASE = 0.15


class Slow(Connectors):
    """Takes much longer than the lease."""

    def call(self, name: str, arguments: Any, *, key: str) -> Any:
        self.calls.append((name, key))
        time.sleep(LEASE * 5)
        return {"reference": "late"}


def opened(url: str, connectors: Connectors) -> Engine:
    book = Book.of(BLOCK)
    return Engine(book, Store(url, durability="normal"), Pages(), connectors, lambda _: book)


def worker(engine: Engine, name: str) -> Worker:
    leases = Leases(engine._store, system_clock, timedelta(seconds=LEASE))
    return Worker(engine._store, engine._work, system_clock, name, wake=threading.Event(), leases=leases)


def test_a_call_longer_than_the_lease_is_made_once_with_two_workers(file_url: str) -> None:
    slow = Slow()
    with opened(file_url, slow) as engine:
        case = engine.create("block", by=ANN)
        stop = threading.Event()
        threads = [threading.Thread(target=worker(engine, name).run, args=(stop,)) for name in ("one", "two")]
        for thread in threads:
            thread.start()
        for _ in range(100):
            if engine.case(case.id).stage == "b":
                break
            time.sleep(LEASE / 3)
        stop.set()
        for thread in threads:
            thread.join()
        assert engine.case(case.id).stage == "b"
        assert len(slow.calls) == 1


def test_what_another_worker_has_taken_is_not_held_any_more(file_url: str) -> None:
    with opened(file_url, Connectors()) as engine:
        engine.create("block", by=ANN)
        leases, now = Leases(engine._store, system_clock, timedelta(seconds=LEASE)), system_clock()
        (job,) = jobs.claim(engine._store, "one", to_micros(now), to_micros(now), 1)
        with leases.over("one", [job], system_clock() + timedelta(seconds=60)) as held:
            assert leases.holds(held, job)
            jobs.claim(engine._store, "two", to_micros(system_clock()), to_micros(now + timedelta(minutes=1)), 1)
            time.sleep(LEASE)
            assert not leases.holds(held, job)


def test_nothing_beats_where_nothing_is_held(file_url: str) -> None:
    with opened(file_url, Connectors()) as engine:
        leases = Leases(engine._store, system_clock, timedelta(seconds=0.03))
        with leases.over("one", [], system_clock()):
            assert leases._thread is not None
        for _ in range(100):
            if leases._thread is None:
                break
            time.sleep(0.01)
        assert leases._thread is None


def test_closing_an_engine_ends_the_beat_at_once(file_url: str) -> None:
    with opened(file_url, Connectors()) as engine:
        engine.create("block", by=ANN)
        assert engine.settle() == 1
        thread = engine._leases._thread
        assert thread is not None
        assert thread.is_alive()
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable("the database cannot be used now: locked"), "the database cannot be used now: locked"),
        (sqlite3.DatabaseError("about Ada Lovelace"), "DatabaseError"),
    ],
)
def test_no_error_ends_a_worker_and_it_is_logged_once_without_personal_data(
    file_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, said: str
) -> None:
    monkeypatch.setattr("casewright.runtime.worker.LONGEST_SLEEP", 0.01)
    with opened(file_url, Connectors()) as engine, caplog.at_level(logging.ERROR):
        case, failing = engine.create("block", by=ANN), [error] * 3
        lasting, claim = threading.Event(), jobs.claim

        def unreliable(*arguments: Any) -> Any:
            if failing:
                raise failing.pop()
            return claim(*arguments)

        monkeypatch.setattr(jobs, "claim", unreliable)
        thread = threading.Thread(target=worker(engine, "one").run, args=(lasting,))
        thread.start()
        for _ in range(200):
            if engine.case(case.id).stage == "b":
                break
            time.sleep(0.01)
        lasting.set()
        thread.join()
        assert engine.case(case.id).stage == "b"
    assert [record.getMessage() for record in caplog.records] == [f"worker one rests: {said}"]
