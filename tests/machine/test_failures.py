"""Failing for good: the nearest handler takes over, else the item waits until somebody tries again or skips it."""

from __future__ import annotations

from dataclasses import replace

from casewright.machine.commands import Failed, Result, RetryItem, SkipItem, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Refusal
from casewright.machine.effects import CallConnector, CloseAssignment
from casewright.machine.plan import Activity, Awaits, Nested
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import (
    RuleBook,
    case_type,
    collect,
    created,
    decided,
    dialog,
    emit,
    facts,
    fields,
    item,
    linear,
    stage,
)

CALL = Activity((emit(CallConnector, connector="cards.block", arguments={}),), awaits=Awaits.RESULT)


def test_without_a_handler_a_failed_item_waits_and_keeps_the_error():
    plan = case_type(stage("work", item("block", CALL), item("b", collect("x"))))
    decision = decided(plan, created(plan).snapshot, Failed("work.block", 1, "503 from the bank"))
    row = decision.snapshot.items["work.block"]
    assert (row.state, row.values) == (ItemLife.FAILED, {"error": "503 from the bank"})
    assert decision.trace[0].because == "503 from the bank"


def test_a_failed_item_tried_again_makes_its_effects_again_in_the_same_visit():
    plan = case_type(stage("work", item("block", CALL), item("b", collect("x"))))
    failed = decided(plan, created(plan).snapshot, Failed("work.block", 1, "503")).snapshot
    again = decided(plan, failed, RetryItem("work.block"))
    assert again.effects == (CallConnector("work.block", 1, "cards.block", {}),)
    assert again.snapshot.items["work.block"].values == {}
    done = decided(plan, again.snapshot, Result("work.block", 1, {}))
    assert "work.b" in done.snapshot.items


def test_a_failed_item_skipped_by_hand_lets_the_case_go_on():
    plan = case_type(stage("work", item("block", CALL), item("b", collect("x"))))
    failed = decided(plan, created(plan).snapshot, Failed("work.block", 1, "503")).snapshot
    decision = decided(plan, failed, SkipItem("work.block", 1, "blocked by telephone"))
    assert decision.items[0].state is ItemLife.SKIPPED
    assert "work.b" in decision.snapshot.items


def test_a_handler_is_entered_and_the_sequence_goes_on_behind_it():
    handler = item("block.failed", collect("reference"))
    plan = case_type(
        stage("work", item("block", CALL, handler=handler), item("b", collect("x"))), fields=fields("reference", "x")
    )
    failed = decided(plan, created(plan).snapshot, Failed("work.block", 1, "503"))
    assert list(failed.snapshot.items) == ["work", "work.block.failed"]
    assert failed.items[0].state is ItemLife.TERMINATED
    assert failed.items[0].values == {"error": "503", "handled": True}
    mended = decided(plan, failed.snapshot, Submit("work.block.failed", 1, {"reference": "B-7"}))
    assert list(mended.snapshot.items) == ["work", "work.b"]


def test_a_failure_inside_a_process_is_taken_up_by_the_handler_of_the_step_that_runs_it():
    rules = RuleBook({"process/check": dialog("check", item("first", collect("x")), item("call", CALL))})
    handler = item("run.failed", collect("x"))
    run = item("run", Activity(nested=Nested("process", "check")), handler=handler)
    plan = case_type(stage("work", run, item("b", collect("x"))), fields=fields("x"))
    given = facts(rules)
    calling = decided(plan, created(plan, given).snapshot, Submit("work.run.first"), given).snapshot
    failed = decided(plan, calling, Failed("work.run.call", 1, "503"), given)
    states = {row.path: row.state for row in failed.items}
    assert states["work.run"] is ItemLife.TERMINATED
    assert states["work.run.call"] is ItemLife.TERMINATED
    assert list(failed.snapshot.items) == ["work", "work.run.failed"]


def test_a_handler_that_fails_too_waits_for_somebody():
    handler = item("block.failed", CALL)
    plan = case_type(stage("work", item("block", CALL, handler=handler)))
    first = decided(plan, created(plan).snapshot, Failed("work.block", 1, "503")).snapshot
    second = decided(plan, first, Failed("work.block.failed", 1, "504")).snapshot
    assert second.items["work.block.failed"].state is ItemLife.FAILED


def test_only_what_has_failed_is_tried_again():
    plan = linear("a")
    refusal = decide(plan, created(plan).snapshot, RetryItem("work.a"), facts())
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message) == ("not_failed", "'work.a' has not failed; it is active")


def test_a_failed_item_takes_no_result_any_more():
    plan = case_type(stage("work", item("block", CALL)))
    failed = decided(plan, created(plan).snapshot, Failed("work.block", 1, "503")).snapshot
    refusal = decide(plan, failed, Result("work.block", 1, {}), facts())
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_waiting"


def test_skipping_by_hand_closes_the_assignment():
    plan = linear("a", "b")
    decision = decided(plan, created(plan).snapshot, SkipItem("work.a"))
    assert decision.effects[0] == CloseAssignment("work.a", 1, "skipped")
    assert "work.b" in decision.snapshot.items


def test_an_outcome_that_fails_its_step_closes_the_assignment_with_that_word():
    approval = replace(collect(), outcomes=("approved", "rejected"), failing=frozenset({"rejected"}))
    handler = item("approve.failed", collect("x"))
    plan = case_type(stage("work", item("approve", approval, handler=handler), item("b", collect("x"))))
    asked = created(plan).snapshot
    rejected = decided(plan, asked, Submit("work.approve", 1, {}, "rejected"))
    assert rejected.effects[0] == CloseAssignment("work.approve", 1, "rejected")
    row = next(each for each in rejected.items if each.path == "work.approve")
    assert row.values == {"outcome": "rejected", "error": "it was rejected", "handled": True}
    assert list(rejected.snapshot.items) == ["work", "work.approve.failed"]
    assert "work.b" in decided(plan, asked, Submit("work.approve", 1, {}, "approved")).snapshot.items


def test_the_trace_says_how_often_a_call_was_tried():
    plan = case_type(stage("work", item("block", CALL), item("b", collect("x"))))
    before = created(plan).snapshot
    answered = decided(plan, before, Result("work.block", 1, {}, tries=3, last_error="503"))
    given_up = decided(plan, before, Failed("work.block", 1, "504", tries=4))
    assert [(entry.what, entry.because) for entry in answered.trace][:1] == [("answered at try 3", "503")]
    assert [(entry.what, entry.because) for entry in given_up.trace][:2] == [
        ("given up after 4 tries", ""),
        ("failed", "504"),
    ]
