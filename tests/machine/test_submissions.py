"""What people submit is checked whole: every fault at once, in words that say what to send instead."""

from __future__ import annotations

import pytest

from casewright.machine.commands import Create, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Refusal
from casewright.machine.plan import Activity, Awaits
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import (
    Reads,
    case_type,
    collect,
    created,
    day,
    decided,
    facts,
    fields,
    item,
    linear,
    number,
    stage,
)

PLAN = case_type(
    stage("work", item("details", collect("card", "amount", "seen", required=("card",)), kind="collect")),
    fields=fields("card", "other", amount=number, seen=day),
)


def refused(plan, snapshot, command) -> Refusal:
    outcome = decide(plan, snapshot, command, facts())
    assert isinstance(outcome, Refusal), outcome
    return outcome


def test_every_fault_of_a_submission_is_told_at_once():
    data = {"amount": "a lot", "seen": "yesterday", "crad": "4711", "other": "x"}
    refusal = refused(PLAN, created(PLAN).snapshot, Submit("work.details", 1, data))
    assert refusal.code == "invalid"
    assert refusal.details == (
        ("amount", "a number is expected"),
        ("seen", "a date is expected, as 2026-01-31"),
        ("crad", "'crad' is not asked for here; this takes card, amount, seen; did you mean 'card'?"),
        ("other", "'other' is not asked for here; this takes card, amount, seen"),
        ("card", "card is required"),
    )


def test_a_required_field_that_the_case_has_need_not_be_sent_again():
    before = created(PLAN, card="4711").snapshot
    assert decided(PLAN, before, Submit("work.details", 1, {"amount": "5"})).snapshot.data["amount"] == number("5")
    emptied = refused(PLAN, before, Submit("work.details", 1, {"card": None}))
    assert emptied.details == (("card", "card is required"),)


def test_accepted_values_are_stored_in_their_type():
    decision = decided(PLAN, created(PLAN).snapshot, Submit("work.details", 1, {"card": "1", "seen": "2026-11-01"}))
    assert decision.snapshot.data == {"card": "1", "seen": day("2026-11-01")}


def test_a_repeated_submission_changes_nothing():
    plan = linear("a", "b")
    once = decided(plan, created(plan).snapshot, Submit("work.a", 1, {"a": "x"}))
    refusal = refused(plan, once.snapshot, Submit("work.a", 1, {"a": "x"}))
    assert (refusal.code, refusal.message) == ("ended", "'work.a' (visit 1) has ended already")


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (Submit("work.b"), "not_entered", "'work.b' (visit 1) has not been entered yet"),
        (Submit("work.a", 2), "not_entered", "'work.a' (visit 2) has not been entered yet"),
        (
            Submit("work.aa"),
            "unknown_item",
            "there is no 'work.aa' here; did you mean 'work.a'? (active: work, work.a)",
        ),
        (Submit("work"), "not_waiting", "'work' does not wait for a submission; it waits for the steps inside it"),
        (
            Submit("work.a", 1, {}, "approved"),
            "wrong_outcome",
            "'approved' is no outcome of 'work.a'; it has done",
        ),
        (Create("C-1"), "exists", "case C-1 exists already"),
    ],
)
def test_a_command_that_does_not_apply_says_why(command, code, message):
    plan = linear("a", "b")
    refusal = refused(plan, created(plan).snapshot, command)
    assert (refusal.code, refusal.message) == (code, message)


def test_nothing_but_create_applies_to_a_case_that_is_not_there():
    assert refused(linear("a"), None, Submit("work.a")).code == "unknown_case"


def test_the_outcome_chosen_is_kept_and_can_be_saved():
    approve = Activity(
        collect().emissions,
        awaits=Awaits.SUBMISSION,
        outcomes=("approved", "rejected"),
        save={"verdict": Reads(lambda roots: roots["result"]["outcome"])},
    )
    plan = case_type(stage("work", item("approve", approve), item("b", collect("x"))), fields=fields("verdict", "x"))
    decision = decided(plan, created(plan).snapshot, Submit("work.approve", 1, {}, "rejected"))
    assert decision.snapshot.data == {"verdict": "rejected"}
    assert decision.items[0].values == {"outcome": "rejected"}


def test_a_value_that_the_field_refuses_fails_the_step_and_names_the_field():
    bad = Activity(save={"amount": Reads(lambda roots: "much")})
    plan = case_type(stage("work", item("set", bad)), fields=fields(amount=number))
    row = created(plan).snapshot.items["work.set"]
    assert row.state is ItemLife.FAILED
    assert row.values["error"] == "field 'amount' does not take 'much': a number is expected"


def test_nothing_saves_into_an_undeclared_field():
    bad = Activity(save={"amont": Reads(lambda roots: 1)})
    plan = case_type(stage("work", item("set", bad)), fields=fields(amount=number))
    error = created(plan).snapshot.items["work.set"].values["error"]
    assert error == "case_type/example has no field 'amont' to save into; did you mean 'amount'?"
