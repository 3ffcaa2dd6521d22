"""Several processes on one file."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

from casewright.machine.commands import Goto
from casewright.runtime.clock import MovableClock
from casewright.runtime.engine import Engine
from casewright.runtime.store.store import Store
from tests.runtime.world import ANN, START, Book, Connectors, Pages, call, collect, plan, stage

RACING = plan("racing", stage("a", collect("a.s", "note")))
CALLING = plan("calling", stage("a", call("a.c", "cards.block")), stage("b", collect("b.s", "note")))


def opened(url: str) -> Engine:
    book = Book.of(RACING, CALLING)
    return Engine(
        book, Store(url, durability="normal"), Pages(), Connectors(), lambda _: book, clock=MovableClock(START)
    )


def move_often(url: str, case_id: str, name: str, times: int) -> None:
    with opened(url) as engine:
        for number in range(times):
            engine.perform(case_id, Goto("a", name), by=ANN, key=f"{name} {number}")


def work_off(url: str) -> None:
    with opened(url) as engine:
        engine.settle()


def create_some(url: str, times: int) -> None:
    with opened(url) as engine:
        for _ in range(times):
            engine.create("calling", by=ANN)


def in_processes(*work: tuple[Any, tuple[Any, ...]]) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.runtime.victim"])
    processes = [context.Process(target=target, args=arguments) for target, arguments in work]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(work)


def test_processes_that_race_on_one_case_take_every_step_once(file_url: str) -> None:
    with opened(file_url) as engine:
        case = engine.create("racing", by=ANN)
        in_processes(*((move_often, (file_url, case.id, name, 15)) for name in ("one", "two", "three")))
        entries = engine.history(case.id)
        assert [entry.seq for entry in entries] == list(range(1, 47))
        assert len({entry.key for entry in entries}) == 46
        assert engine.replayed(case.id) == engine.snapshot(case.id)


def test_two_workers_do_each_job_once(file_url: str) -> None:
    with opened(file_url) as engine:
        cases = [engine.create("calling", by=ANN).id for _ in range(20)]
        in_processes((work_off, (file_url,)), (work_off, (file_url,)))
        assert [[entry.kind for entry in engine.history(case)] for case in cases] == [["Create", "Result"]] * 20


def test_cases_created_in_several_processes_have_ids_of_their_own(file_url: str) -> None:
    with opened(file_url) as engine:
        in_processes(*[(create_some, (file_url, 25))] * 3)
        assert len({line.id for line in engine.cases()}) == 75


def open_and_close(url: str) -> None:
    opened(url).close()


def test_several_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    for number in range(3):
        url = f"sqlite:///{tmp_path / f'new_{number}.db'}"
        in_processes(*[(open_and_close, (url,))] * 4)
        with opened(url) as engine:
            assert engine.cases() == ()
