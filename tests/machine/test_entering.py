"""Steps are entered in order, their conditions are tried on entry, and the case moves on until something waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casewright.machine.commands import ChildResolved, Create, Fire, Result, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Refusal
from casewright.machine.effects import (
    AddNote,
    CallConnector,
    CloseAssignment,
    Move,
    OpenAssignment,
    Publish,
    Resolve,
    Retry,
    Send,
    StartCase,
    StartTimer,
    Target,
)
from casewright.machine.plan import Activity, Awaits, Constant
from casewright.machine.policies import Route, Routing
from casewright.machine.snapshot import ItemLife
from casewright.values import Duration
from tests.machine.plans import (
    NOW,
    Reads,
    RuleBook,
    case_type,
    collect,
    created,
    decided,
    emit,
    facts,
    fields,
    item,
    linear,
    number,
    stage,
)


def lives(decision):
    return {(row.path, row.visit): row.state for row in decision.items}


def test_a_new_case_rests_at_its_first_step():
    decision = created(linear("card", "reason"))
    assert decision.snapshot.at == "work"
    assert {path: (row.state, row.at) for path, row in decision.snapshot.items.items()} == {
        "work": (ItemLife.ACTIVE, "card"),
        "work.card": (ItemLife.ACTIVE, ""),
    }
    assert decision.effects == (OpenAssignment("work.card", 1, Target("queue", "front"), "Card"),)


def test_completing_a_step_opens_the_next():
    plan = linear("card", "reason")
    decision = decided(plan, created(plan).snapshot, Submit("work.card", 1, {"card": "4711"}))
    assert decision.snapshot.version == 2
    assert decision.snapshot.data == {"card": "4711"}
    assert decision.effects == (
        CloseAssignment("work.card", 1, "done"),
        OpenAssignment("work.reason", 1, Target("queue", "front"), "Reason"),
    )
    assert lives(decision) == {
        ("work.card", 1): ItemLife.COMPLETED,
        ("work", 1): ItemLife.ACTIVE,
        ("work.reason", 1): ItemLife.ACTIVE,
    }


def test_the_end_of_the_last_stage_resolves_the_case():
    plan = linear("card")
    decision = decided(plan, created(plan).snapshot, Submit("work.card", 1, {"card": "4711"}))
    assert decision.snapshot.status == "Resolved-Completed"
    assert decision.snapshot.items == {}
    payload = {"case_id": "C-1", "case_type": "example", "status": "Resolved-Completed"}
    assert decision.effects[1:] == (Resolve("Resolved-Completed"), Publish("case.resolved", payload))


def test_a_step_whose_condition_does_not_hold_is_skipped_and_the_trace_says_why():
    lost = Reads(lambda roots: roots["case"]["incident"] == "lost", 'case.incident == "lost"')
    plan = case_type(
        stage("work", item("a", collect("x"), when=lost), item("b", collect("x"), skip_when=lost)),
        fields=fields("x", "incident"),
    )
    decision = created(plan, incident="stolen")
    assert list(decision.snapshot.items) == ["work", "work.b"]
    assert lives(decision)["work.a", 1] is ItemLife.SKIPPED
    assert [(e.path, e.what, e.because) for e in decision.trace] == [
        ("work.a", "skipped", 'when does not hold: case.incident == "lost"')
    ]
    assert list(created(plan, incident="lost").snapshot.items) == ["work", "work.a"]


def test_a_skipped_stage_enters_none_of_its_steps():
    yes = Reads(lambda roots: True, "true")
    plan = case_type(stage("one", item("a", collect("x")), skip_when=yes), stage("two", item("b", collect("x"))))
    assert list(created(plan).snapshot.items) == ["two", "two.b"]


def test_what_an_earlier_step_saved_is_seen_by_the_conditions_of_the_next():
    set_fee = Activity(result=Constant({"fee": "15"}), save={"fee": Reads(lambda roots: roots["result"]["fee"])})
    costs = Reads(lambda roots: roots["case"]["fee"] > 10, "case.fee > 10")
    plan = case_type(
        stage("work", item("price", set_fee), item("approve", collect("x"), when=costs)), fields=fields("x", fee=number)
    )
    decision = created(plan)
    assert decision.snapshot.data == {"fee": number("15")}
    assert "work.approve" in decision.snapshot.items


def test_every_effect_of_a_step_gets_its_arguments_path_and_visit():
    activity = Activity(
        (
            emit(AddNote, text=Reads(lambda roots: f"card {roots['case']['card']}")),
            emit(Publish, event="card.blocked", payload={"card": "4711"}),
            emit(Send, correspondence="blocked", channel="email", to="a@example.org", subject="Blocked", body="Done"),
            emit(CallConnector, connector="cards.block", arguments={"id": "4711"}),
        ),
        awaits=Awaits.RESULT,
    )
    plan = case_type(stage("work", item("block", activity, retry=Retry(3, 2.0))), fields=fields("card"))
    assert created(plan, card="4711").effects == (
        AddNote("card 4711"),
        Publish("card.blocked", {"card": "4711"}),
        Send("work.block", 1, "blocked", "email", "a@example.org", "Blocked", "Done"),
        CallConnector("work.block", 1, "cards.block", {"id": "4711"}, Retry(3, 2.0)),
    )


def test_a_result_completes_the_call_and_is_saved():
    call = Activity(
        (emit(CallConnector, connector="cards.block", arguments={}),),
        awaits=Awaits.RESULT,
        save={"reference": Reads(lambda roots: roots["result"]["reference"])},
    )
    plan = case_type(stage("work", item("block", call), item("b", collect("x"))), fields=fields("reference", "x"))
    decision = decided(plan, created(plan).snapshot, Result("work.block", 1, {"reference": "B-7"}))
    assert decision.snapshot.data == {"reference": "B-7"}
    assert "work.b" in decision.snapshot.items


def test_a_child_case_holds_the_step_until_it_is_resolved():
    order = Activity(
        (emit(StartCase, case_type="order", data={"card": "4711"}, wait=True),),
        awaits=Awaits.CHILD,
        save={"status": Reads(lambda roots: f"{roots['result']['id']} {roots['result']['status']}")},
    )
    plan = case_type(stage("work", item("order", order), item("b", collect("x"))), fields=fields("status", "x"))
    first = created(plan)
    assert first.effects == (StartCase("work.order", 1, "order", {"card": "4711"}, True),)
    decision = decided(plan, first.snapshot, ChildResolved("work.order", 1, "C-2", "Resolved-Completed"))
    assert decision.snapshot.data == {"status": "C-2 Resolved-Completed"}


def test_a_waiting_step_starts_a_timer_whose_firing_completes_it():
    wait = Activity((emit(StartTimer, after=Duration.parse("2h")),), awaits=Awaits.TIMER)
    plan = case_type(stage("work", item("pause", wait), item("b", collect("x"))), fields=fields("x"))
    first = created(plan)
    timer = StartTimer("work.pause#1:wait", NOW + timedelta(hours=2), "wait", "work.pause", 1)
    assert first.effects == (timer,)
    assert first.snapshot.timers == {timer.name: timer}
    fired = decided(plan, first.snapshot, Fire(timer.name))
    assert fired.snapshot.timers == {}
    assert "work.b" in fired.snapshot.items


def test_a_move_step_leads_to_another_stage():
    away = Activity((emit(Move, target="close"),))
    plan = case_type(
        stage("open", item("a", away), item("never", collect("x"))),
        stage("middle", item("b", collect("x"))),
        stage("close", item("c", collect("x"))),
    )
    decision = created(plan)
    assert list(decision.snapshot.items) == ["close", "close.c"]
    assert lives(decision)["open", 1] is ItemLife.TERMINATED
    assert lives(decision)["open.a", 1] is ItemLife.COMPLETED


def test_a_resolve_step_ends_the_case_with_its_status_once():
    end = Activity((emit(Resolve, status="Resolved-Rejected"),))
    decision = created(case_type(stage("work", item("end", end), item("never", collect("x")))))
    assert decision.snapshot.status == "Resolved-Rejected"
    assert [type(each).__name__ for each in decision.effects] == ["Resolve", "Publish"]


def test_a_case_that_never_comes_to_rest_is_refused_with_the_cycle():
    to = {name: Activity((emit(Move, target=name),)) for name in ("one", "two")}
    plan = case_type(stage("one", item("a", to["two"])), stage("two", item("b", to["one"])))
    outcome = decide(plan, None, Create("C-1"), facts())
    assert isinstance(outcome, Refusal)
    assert outcome.code == "restless"
    assert "one -> one.a -> two -> two.b" in outcome.message or "two -> two.b -> one -> one.a" in outcome.message


def test_an_assignment_goes_where_the_routing_rule_says():
    vip = Reads(lambda roots: roots["case"]["segment"] == "VIP", "vip")
    routing = Routing(
        "cards",
        (
            Route(vip, Constant(Target("queue", "vip_desk")), Constant(("cards", "vip")), "first"),
            Route(None, Constant(Target("queue", "card_ops")), id="rest"),
        ),
    )
    target = Reads(lambda roots: roots["$rules"].bind("routing", "cards", roots))
    opening = emit(OpenAssignment, target=target, label="Review", urgency=50)
    plan = case_type(
        stage("work", item("review", Activity((opening,), awaits=Awaits.SUBMISSION))), fields=fields("segment")
    )
    rules = RuleBook({"routing/cards": routing})
    opened = created(plan, facts(rules), segment="VIP").effects[0]
    assert opened == OpenAssignment("work.review", 1, Target("queue", "vip_desk"), "Review", 50, "", ("cards", "vip"))
    assert created(plan, facts(rules)).effects[0].target == Target("queue", "card_ops")
    traces = [created(plan, facts(rules), segment=segment).trace[-1] for segment in ("VIP", "Standard")]
    assert [(each.path, each.what, each.because) for each in traces] == [
        ("work.review", "routing/cards", "route 'first': vip"),
        ("work.review", "routing/cards", "route 'rest'"),
    ]
    assert created(plan, facts(rules)).bound == {"routing/cards": "hash of routing/cards"}


@pytest.mark.parametrize("target", [None, Target("operator", ""), Routing("none", ())])
def test_an_assignment_to_nobody_fails_the_step_and_opens_nothing(target):
    opening = emit(OpenAssignment, target=target)
    note = emit(AddNote, text="made before")
    plan = case_type(stage("work", item("review", Activity((note, opening), awaits=Awaits.SUBMISSION))))
    decision = created(plan)
    assert decision.snapshot.items["work.review"].state is ItemLife.FAILED
    assert decision.effects == ()


def test_the_input_is_left_as_it_was_and_the_same_input_gives_the_same_outcome():
    plan = linear("card", "reason")
    before = created(plan).snapshot
    copy = (dict(before.items), dict(before.data), dict(before.visits), before.version)
    submit = Submit("work.card", 1, {"card": "4711"})
    assert decide(plan, before, submit, facts()) == decide(plan, before, submit, facts())
    assert (before.items, before.data, before.visits, before.version) == copy
