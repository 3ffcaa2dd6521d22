"""Child cases and their parents: every end reaches the parent once, however many end at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casewright.machine import effects as fx
from casewright.machine.commands import ChildResolved
from casewright.machine.snapshot import ItemLife
from casewright.runtime.engine import Engine
from tests.runtime.world import (
    ANN,
    Constant,
    Reads,
    World,
    branch,
    child,
    child_wait,
    collect,
    effect,
    for_each,
    parallel,
    plan,
    stage,
    wait,
)

Make = Callable[..., World]
MANY = 12
QUICK = plan("quick", stage("a", effect("a.note", fx.AddNote, text="made")))
SLOW = plan("slow", stage("a", collect("a.ask", "note")))
COUNT = {"note": Reads(lambda roots: str(len(roots["result"])))}
FAN_OUT = plan(
    "fan_out",
    stage("make", for_each("make.each", Constant([*range(MANY)]), child("one", "quick"), save=COUNT)),
    stage("end", collect("end.check", "note")),
)


def ended_children(engine: Engine, case_id: str) -> list[str]:
    return [e.command.case_id for e in engine.history(case_id) if isinstance(e.command, ChildResolved)]


@pytest.mark.parametrize("workers", [2, 5, 10])
def test_children_that_end_at_once_are_all_counted_and_each_once(world: Make, file_url: str, workers: int) -> None:
    w = world(FAN_OUT, QUICK, url=file_url)
    case = w.engine.create("fan_out", by=ANN)
    w.engine.start_workers(workers - workers // 2)
    other = w.opened()
    other.start_workers(workers // 2)
    rested = threading.Event()
    for _ in range(1000):
        if w.engine.case(case.id).stage == "end":
            break
        w.clock.pass_time(timedelta(milliseconds=50))
        rested.wait(0.01)
    other.close()
    told, view = ended_children(w.engine, case.id), w.engine.case(case.id)
    assert (view.stage, view.data["note"]) == ("end", str(MANY))
    assert (len(told), len(set(told))) == (MANY, MANY)
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_a_child_that_ends_before_the_parent_waits_is_not_waited_for(world: Make) -> None:
    saved = {"note": Reads(lambda roots: roots["result"]["status"])}
    parent = plan(
        "parent",
        stage("begin", child("begin.make", "quick", waits=False), collect("begin.ask", "reason")),
        stage("join", child_wait("join.wait", "begin.make", saved)),
        stage("end", collect("end.check", "note")),
    )
    w = world(parent, QUICK)
    case = w.engine.create("parent", by=ANN)
    w.engine.settle()
    (made,) = w.engine.case(case.id).children
    assert made.status == "Resolved-Completed"
    view = w.engine.act(w.engine.case(case.id).waiting.id, {}, by=ANN)
    assert (view.stage, view.data["note"]) == ("end", "Resolved-Completed")
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_what_a_child_ended_with_survives_a_restart(world: Make, file_url: str) -> None:
    parent = plan(
        "parent",
        stage("begin", child("begin.make", "quick", waits=False), collect("begin.ask", "reason")),
        stage("join", child_wait("join.wait", "begin.make")),
        stage("end", collect("end.check", "note")),
    )
    w = world(parent, QUICK, url=file_url)
    case = w.engine.create("parent", by=ANN)
    w.engine.settle()
    other = w.opened()
    assert other.snapshot(case.id).children == w.engine.snapshot(case.id).children != {}
    assert other.act(other.case(case.id).waiting.id, {}, by=ANN).stage == "end"
    other.close()


def region(*steps: Any) -> Any:
    """A parent whose first branch is over with its second, which somebody completes."""
    cut = parallel(
        "a.cut", branch("a.cut.work", *steps), branch("a.cut.stop", collect("a.cut.stop.it", "reason")),
        join=1, cancel_rest=True,
    )  # fmt: skip
    return plan("parent", stage("a", cut), stage("b", collect("b.check", "note")))


def test_a_child_runs_on_when_the_branch_that_began_it_is_ended_and_its_end_is_nobodys(world: Make) -> None:
    w = world(region(child("a.cut.work.make", "slow")), SLOW)
    case = w.engine.create("parent", by=ANN)
    w.engine.settle()
    assert w.engine.act(w.engine.case(case.id).waiting.id, {}, by=ANN).stage == "b"
    (made,) = w.engine.case(case.id).children
    assert w.engine.act(w.engine.case(made.id).waiting.id, {}, by=ANN).is_resolved
    w.engine.settle()
    assert (ended_children(w.engine, case.id), w.engine.incidents(), w.engine.next_due()) == ([], (), None)


def test_a_child_that_was_promised_in_a_branch_that_is_over_does_not_begin(world: Make) -> None:
    w = world(region(child("a.cut.work.make", "slow")), SLOW)
    case = w.engine.create("parent", by=ANN)
    w.engine.act(case.waiting.id, {}, by=ANN)
    w.engine.settle()
    assert w.engine.case(case.id).children == ()


def test_what_a_branch_waited_for_is_over_with_it(world: Make) -> None:
    w = world(region(wait("a.cut.work.pause", "2h")))
    case = w.engine.create("parent", by=ANN)
    assert w.engine.next_due() is not None
    w.engine.act(case.waiting.id, {}, by=ANN)
    assert w.engine.next_due() is None
    states = {line.path: line.state for line in w.engine.items(case.id)}
    assert states["a.cut.work"] is states["a.cut.work.pause"] is ItemLife.TERMINATED
