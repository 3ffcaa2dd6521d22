"""Nothing that was acknowledged is lost when the process is killed, at whatever statement."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casewright.machine.snapshot import ItemLife
from casewright.runtime.engine import Engine
from tests.runtime import victim
from tests.runtime.world import START

KILLS = int(os.environ.get("CASEWRIGHT_KILLS", "30"))
SEEDS = 6

Acknowledged = list[tuple[str, str, int]]


def run_and_kill(url: str, stop_at: int) -> tuple[str, int, Acknowledged]:
    """How the child ended (killed at the point, or by itself), at which point, and what it had acknowledged."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.runtime.victim"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=victim.run, args=(url, stop_at, theirs))
    process.start()
    theirs.close()
    acknowledged: Acknowledged = []
    try:
        while True:
            what, value = ours.recv()
            if what != "acknowledged":
                break
            acknowledged.append(value)
    finally:
        process.kill()
        process.join()
        ours.close()
    return what, value, acknowledged


def check(engine: Engine, acknowledged: Acknowledged) -> None:
    """Every acknowledged step is there; no history has a gap; state is what history leads to; nothing came twice."""
    histories = {line.id: engine.history(line.id) for line in engine.cases()}
    for key, case_id, version in acknowledged:
        assert histories[case_id][version - 1].key == key
    for case_id, entries in histories.items():
        snapshot = engine.snapshot(case_id)
        assert [entry.seq for entry in entries] == list(range(1, snapshot.version + 1))
        assert engine.replayed(case_id) == snapshot
        active = {path for path, item in snapshot.items.items() if item.state is ItemLife.ACTIVE}
        assert {work.path for work in engine.case(case_id).assignments} <= active
        told = Counter(effect for entry in entries for effect, _ in entry.effects)
        assert len(engine.messages(case_id)) == told["Send"]
        assert len(engine.notes(case_id)) == told["AddNote"]
        assert sum(event.case_id == case_id for event in engine.events()) == told["Publish"]
    keys = Counter(entry.key for entries in histories.values() for entry in entries)
    assert max(keys.values(), default=1) == 1


def outcome(engine: Engine) -> dict[str, Any]:
    """What came of everything, without ids, which depend on the interruptions."""
    views = [engine.case(line.id) for line in engine.cases()]
    return {
        "cases": Counter((case.type, case.status, case.version if case.type == "order" else 0) for case in views),
        "data": Counter(tuple(sorted(case.data.items())) for case in views),
        "children": Counter(len(case.children) for case in views),
        "messages": sum(len(engine.messages(case.id)) for case in views),
        "events": Counter(event.name for event in engine.events()),
        "heard": Counter(
            (case.type, e.path) for case in views for e in engine.history(case.id) if e.kind == "Occurred"
        ),
        "listeners": sum(len(case.listeners) for case in views),
        "incidents": len(engine.incidents(include_resolved=True)),
        "waiting": engine.next_due(),
    }


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_process_killed_at_any_statement_loses_and_doubles_nothing(seed: int, tmp_path: Path) -> None:
    whole = f"sqlite:///{tmp_path / 'whole.db'}"
    ended, points, acknowledged = run_and_kill(whole, 0)
    assert (ended, len(acknowledged)) == ("ended", 4 * victim.CASES + 3 * victim.MEETINGS)
    engine, _ = victim.opened(whole, START + timedelta(days=10))
    expected = outcome(engine)
    engine.close()
    assert expected["cases"]["meet", "Resolved-Completed", 0] == victim.MEETINGS
    for stop_at in random.Random(seed).sample(range(1, points + 1), max(1, KILLS // SEEDS)):
        file = tmp_path / f"killed_{stop_at}.db"
        kill_and_carry_on(f"sqlite:///{file}", stop_at, expected)
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def kill_and_carry_on(url: str, stop_at: int, expected: dict[str, Any]) -> None:
    """Kills at the point, checks what is left, runs the same work again to its end, and checks that."""
    ended, at, acknowledged = run_and_kill(url, stop_at)
    assert (ended, at) == ("stopped", stop_at)
    engine, _ = victim.opened(url, START + timedelta(days=10))
    check(engine, acknowledged)
    victim.live(engine, lambda *_: None)
    check(engine, acknowledged)
    assert outcome(engine) == expected
    engine.close()
