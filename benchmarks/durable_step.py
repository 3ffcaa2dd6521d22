"""What does a durable step cost beside the bare statements of it, and beside a workflow engine that saves its world?"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.harness import Contestant, Row, at_least, race
from benchmarks.inputs.five_steps import AGENT, created, engine_on, submissions
from benchmarks.peers.raw_sqlite import RawSteps, Recorded, RecordingStore
from benchmarks.peers.spiff_workflow import SpiffStore
from casewright.runtime.engine import Engine
from casewright.runtime.store.store import Durability, Store

CASES = 100
TURNS = 380
"""Fewer than the steps that wait in all cases."""


def rows() -> Iterator[Row]:
    """The step with its history, job, event, assignment and idempotency rows, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        yield from beside_raw(Path(folder), "full", 0.75)
        yield from beside_raw(Path(folder), "normal", None)
        yield from beside_spiff(Path(folder))


def beside_raw(folder: Path, durability: Durability, bar: float | None) -> Iterator[Row]:
    """Ours against the same statements with the same parameters, run by `sqlite3` alone on a copy of the database."""
    start, ours, raw = (folder / f"{durability}-{name}.db" for name in ("start", "ours", "raw"))
    cases = prepared(start)
    for copy in (ours, raw):
        copied(start, copy)
    recorded = record(start, cases)
    player = RawSteps(raw, recorded, durability.upper())
    with Store(url(ours), durability=durability) as store, engine_on(store) as engine:
        turns = {"ours": Contestant(steps(engine, cases)), "raw": Contestant(player.step)}
        taken = race(turns, TURNS)
    player.database.close()
    name = f"durable step, synchronous={durability.upper()}, {statements(recorded)} statements"
    row = at_least(name, taken["ours"], "raw sqlite3, the same statements", taken["raw"], bar or 0)
    yield row if bar else Row(row.name, row.value, row.unit, row.peer, row.peer_value, row.ratio)


def beside_spiff(folder: Path) -> Iterator[Row]:
    """Ours, and the bare statements of ours, against SpiffWorkflow's load, run, serialise, save of five tasks.

    No engine that keeps these rows can be faster than the second figure.
    """
    start, ours, raw = (folder / f"beside-spiff-{name}.db" for name in ("start", "ours", "raw"))
    cases = prepared(start, rich=False)
    for copy in (ours, raw):
        copied(start, copy)
    player = RawSteps(raw, record(start, cases, rich=False), "NORMAL")
    peer = SpiffStore(folder / "spiff.db", "NORMAL")
    with Store(url(ours), durability="normal") as store, engine_on(store, rich=False) as engine:
        turns = {"ours": Contestant(steps(engine, cases)), "raw": Contestant(player.step)}
        taken = race({**turns, "spiff": Contestant(peer.step, peer.prepare)}, TURNS)
    player.database.close()
    peer.database.close()
    name = "durable step, synchronous=NORMAL, no jobs or events"
    yield at_least(name, taken["ours"], "SpiffWorkflow, five tasks", taken["spiff"], 20)
    row = at_least("the bare statements of that step", taken["raw"], "SpiffWorkflow, five tasks", taken["spiff"], 0)
    yield Row(row.name, row.value, row.unit, row.peer, row.peer_value, row.ratio)


def prepared(path: Path, *, rich: bool = True) -> list[str]:
    """A database of cases that wait in their first step."""
    with Store(url(path), durability="normal") as store, engine_on(store, rich=rich) as engine:
        return created(engine, CASES)


def record(path: Path, cases: list[str], *, rich: bool = True) -> list[Recorded]:
    """The statements of all the steps that will be raced."""
    with RecordingStore(url(path), durability="normal") as store, engine_on(store, rich=rich) as engine:
        del store.steps[:]
        step = steps(engine, cases)
        for _ in range(TURNS + 1):  # one turn of each contestant is not timed
            step()
        return store.steps


def steps(engine: Engine, cases: list[str]) -> Callable[[], object]:
    """A function that takes one waiting step further each time it is called."""
    waiting = submissions(cases)

    def step() -> object:
        case_id, submit, key = next(waiting)
        return engine.perform(case_id, submit, by=AGENT, key=key)

    return step


def statements(recorded: list[Recorded]) -> int:
    """How many statements the usual step sends, BEGIN and COMMIT not counted."""
    step = recorded[-1]
    return len(step.reads) + sum(len(rows) for _, rows in step.writes)


def copied(source: Path, target: Path) -> None:
    """A copy of a database with what is still in its log."""
    with sqlite3.connect(source) as original, sqlite3.connect(target) as copy:
        original.backup(copy)
    original.close()
    copy.close()


def url(path: Path) -> str:
    return f"sqlite:///{path}"
