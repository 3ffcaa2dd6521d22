"""Moves, ends and returns: what is live ends, what was completed stays, and coming back is a new visit."""

from __future__ import annotations

import pytest

from casewright.machine.commands import Cancel, Goto, Reopen, SkipItem, StartItem, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Refusal
from casewright.machine.effects import CloseAssignment, OpenAssignment, Publish, Resolve, Target
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import Reads, case_type, collect, created, decided, facts, fields, item, stage

PLAN = case_type(
    stage("identify", item("who", collect("x"))),
    stage("block", item("card", collect("x")), item("why", collect("x"))),
    stage("close", item("bye", collect("x"))),
    alternates=(stage("withdrawn", item("reason", collect("x")), status="Resolved-Withdrawn"),),
    fields=fields("x"),
)


def at_block():
    return decided(PLAN, created(PLAN).snapshot, Submit("identify.who", 1, {"x": "kept"})).snapshot


def test_going_to_another_stage_ends_what_is_live_and_keeps_the_data():
    decision = decided(PLAN, at_block(), Goto("close"))
    assert decision.effects == (
        CloseAssignment("block.card", 1, "withdrawn"),
        OpenAssignment("close.bye", 1, Target("queue", "front"), "Bye"),
    )
    assert decision.snapshot.data == {"x": "kept"}
    states = {row.path: row.state for row in decision.items}
    assert states["block"] is states["block.card"] is ItemLife.TERMINATED


def test_a_return_is_a_new_visit():
    back = decided(PLAN, at_block(), Goto("identify")).snapshot
    assert {path: row.visit for path, row in back.items.items()} == {"identify": 2, "identify.who": 2}
    assert back.visits["identify.who"] == 2
    stale = decide(PLAN, back, Submit("identify.who", 1, {}), facts())
    assert isinstance(stale, Refusal)
    assert stale.code == "ended"


def test_a_step_of_the_stage_at_hand_may_be_gone_to():
    decision = decided(PLAN, at_block(), Goto("block.why"))
    assert list(decision.snapshot.items) == ["block", "block.why"]
    assert decision.snapshot.items["block"].at == "why"


def test_an_alternate_stage_resolves_the_case_with_its_own_status():
    withdrawn = decided(PLAN, at_block(), Goto("withdrawn")).snapshot
    assert withdrawn.at == "withdrawn"
    decision = decided(PLAN, withdrawn, Submit("withdrawn.reason"))
    assert decision.snapshot.status == "Resolved-Withdrawn"


def test_an_alternate_stage_that_is_skipped_ends_the_case_with_its_status_too():
    withdrawn = decided(PLAN, at_block(), Goto("withdrawn")).snapshot
    assert decided(PLAN, withdrawn, SkipItem("withdrawn")).snapshot.status == "Resolved-Withdrawn"
    always = Reads(lambda roots: True, "true")
    aside = stage("aside", item("a", collect("x")), skip_when=always, status="Resolved-Aside")
    plan = case_type(stage("work", item("a", collect("x"))), alternates=(aside,), fields=fields("x"))
    assert decided(plan, created(plan).snapshot, Goto("aside")).snapshot.status == "Resolved-Aside"


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        (
            "clos",
            "unknown_target",
            "there is no stage 'clos'; there are block, close, identify, withdrawn; did you mean 'close'?",
        ),
        ("close.bye", "not_active", "'close.bye' cannot be gone to: 'close' is not active now"),
    ],
)
def test_a_target_that_cannot_be_gone_to_is_refused(target, code, message):
    refusal = decide(PLAN, at_block(), Goto(target), facts())
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message) == (code, message)


def test_cancelling_ends_everything_with_the_status_for_it():
    decision = decided(PLAN, at_block(), Cancel("double"))
    assert decision.snapshot.items == {}
    payload = {"case_id": "C-1", "case_type": "example", "status": "Resolved-Cancelled"}
    assert decision.effects == (
        CloseAssignment("block.card", 1, "withdrawn"),
        Resolve("Resolved-Cancelled"),
        Publish("case.resolved", payload),
    )


@pytest.mark.parametrize("command", [Submit("block.card"), Goto("close"), Cancel(), SkipItem("block.card")])
def test_a_resolved_case_takes_nothing_but_reopen(command):
    resolved = decided(PLAN, at_block(), Cancel()).snapshot
    refusal = decide(PLAN, resolved, command, facts())
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message) == (
        "resolved",
        "case C-1 is resolved (Resolved-Cancelled); reopen it first",
    )


def test_a_reopened_case_returns_to_the_stage_where_it_ended():
    resolved = decided(PLAN, at_block(), Cancel()).snapshot
    again = decided(PLAN, resolved, Reopen())
    assert again.snapshot.status == "Open"
    assert {path: row.visit for path, row in again.snapshot.items.items()} == {"block": 2, "block.card": 2}


def test_a_case_withdrawn_is_reopened_at_the_last_of_its_own_stages():
    withdrawn = decided(PLAN, decided(PLAN, at_block(), Goto("withdrawn")).snapshot, Submit("withdrawn.reason"))
    assert decided(PLAN, withdrawn.snapshot, Reopen()).snapshot.at == "block"
    assert decided(PLAN, withdrawn.snapshot, Reopen("identify")).snapshot.at == "identify"


def test_only_a_resolved_case_is_reopened_and_only_at_a_stage_that_it_has():
    refusal = decide(PLAN, at_block(), Reopen(), facts())
    assert isinstance(refusal, Refusal)
    assert refusal.message == "case C-1 is not resolved; it is Open"
    resolved = decided(PLAN, at_block(), Cancel()).snapshot
    unknown = decide(PLAN, resolved, Reopen("blok"), facts())
    assert isinstance(unknown, Refusal)
    assert unknown.code == "unknown_target"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("work.b", "'work.b' cannot be gone to: 'work' is enabled now, not active"),
        ("work.a.failed", "'work.a.failed' begins when something has failed; it cannot be gone to"),
    ],
)
def test_nobody_goes_into_what_is_not_active_nor_to_what_follows_a_failure(target, message):
    steps = item("a", collect("x"), handler=item("a.failed", collect("x"))), item("b", collect("x"))
    plan = case_type(stage("work", *steps, manual=True), fields=fields("x"))
    snapshot = created(plan).snapshot
    if target != "work.b":
        snapshot = decided(plan, snapshot, StartItem("work")).snapshot
    refusal = decide(plan, snapshot, Goto(target), facts())
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message) == ("not_active", message)
