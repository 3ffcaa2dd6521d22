"""A failure that something waits for, to end early: it ends that, and goes to no handler further out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casewright.machine.commands import Failed
from casewright.machine.effects import CallConnector
from casewright.machine.plan import Activity, Awaits, Item, Plan
from casewright.machine.side_by_side import OnItem, Sentry
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import branch, case_type, collect, created, decided, emit, fields, item, parallel, stage

CALL = Activity((emit(CallConnector, connector="bank.ask", arguments={}),), awaits=Awaits.RESULT)
ASK = item("ask", collect("x"))


def plan_with(inner: Item, *, on: str = "work.both.a.call", outer_handler: bool = True) -> Plan:
    """Two branches, of which one ends when a call in it fails; the split has a handler."""
    awaiting = branch("a", inner, exit=(Sentry((OnItem(on, ItemLife.FAILED),)),))
    split = parallel("both", awaiting, branch("b", ASK))
    if outer_handler:
        split = replace(split, handler=item("both.failed", collect("x")))
    return case_type(stage("work", split, item("after", collect("x"))), fields=fields("x"))


@pytest.mark.parametrize("outer_handler", [True, False])
def test_it_ends_what_waits_for_it_before_a_handler_further_out(outer_handler: bool) -> None:
    plan = plan_with(item("call", CALL), outer_handler=outer_handler)
    decision = decided(plan, created(plan).snapshot, Failed("work.both.a.call", 1, "no"))
    rows = decision.snapshot.items
    assert "work.both.b.ask" in rows
    assert "work.both.failed" not in rows
    ended = {row.path: row.state for row in decision.items}
    assert ended["work.both.a"] is ItemLife.TERMINATED


def test_it_ends_what_waits_for_it_though_a_nearer_handler_would_have_taken_over() -> None:
    own = plan_with(item("call", CALL, handler=item("call.failed", collect("x"))))
    decision = decided(own, created(own).snapshot, Failed("work.both.a.call", 1, "no"))
    assert sorted(decision.snapshot.items) == ["work", "work.both", "work.both.b", "work.both.b.ask"]


def test_the_failure_of_another_item_goes_to_the_handler() -> None:
    plan = plan_with(item("call", CALL), on="work.both.b.ask")
    decision = decided(plan, created(plan).snapshot, Failed("work.both.a.call", 1, "no"))
    assert "work.both.failed" in decision.snapshot.items
    assert "work.both.b.ask" not in decision.snapshot.items
