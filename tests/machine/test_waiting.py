"""Steps that wait: for an event, for a child case, for the first of several things."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casewright.machine.commands import ChildResolved, Failed, Fire, Goto, Occurred, SkipItem, Submit
from casewright.machine.effects import AwaitEvent, CancelTimer, StartCase, StartTimer, StopAwaiting
from casewright.machine.plan import Activity, Awaits, Constant
from casewright.machine.side_by_side import Alternative
from casewright.machine.snapshot import ItemLife
from casewright.values import Duration
from tests.machine.plans import (
    NOW,
    Reads,
    branch,
    case_type,
    collect,
    created,
    decided,
    emit,
    fields,
    flag,
    for_each,
    item,
    parallel,
    played,
    reading,
    refused,
    stage,
    waiting,
)

X = fields("x", "y", "order_id", result=lambda value: value, many=lambda value: value)
END = item("end", collect("x"))
ORDER = {"order_id": reading("case.order_id")}
PAID = Alternative("paid", event="payment.received", match=ORDER)
TWO_DAYS = emit(StartTimer, after=Duration.parse("2d"), name="late")
CHILD = Activity((emit(StartCase, case_type="sub", data={}),))


def for_event(**more):
    alternative = Alternative("event", event="payment.received", match=ORDER, **more)
    return Activity(awaits=Awaits.EVENT, alternatives=(alternative,), save={"result": reading("result")})


def first_of(*alternatives, emissions=(), **more):
    return Activity(emissions, awaits=Awaits.FIRST, alternatives=alternatives, **more)


def one(activity, **data):
    plan = case_type(stage("work", item("wait", activity), END), fields=X)
    return plan, created(plan, **{"order_id": "O-7", **data})


def came(listener="event", event="payment.received", **payload):
    return Occurred("work.wait", 1, event, payload, listener)


# -- an event ----------------------------------------------------------------------------------------------------------


def test_a_wait_listens_for_its_event_and_ends_with_it():
    plan, decision = one(for_event())
    assert decision.effects == (AwaitEvent("work.wait", 1, "payment.received", (("order_id", "O-7"),), "event"),)
    ended = decided(plan, decision.snapshot, came(sum=5))
    assert ended.effects[0] == StopAwaiting("work.wait", 1)
    assert ended.snapshot.data["result"] == {"sum": 5}
    assert waiting(ended.snapshot) == ["work.end"]


def test_an_event_that_was_remembered_counts_from_the_beginning_of_the_case():
    _, decision = one(for_event(remembered=True))
    assert decision.effects[0].since == NOW


def test_an_event_whose_condition_does_not_hold_ends_nothing():
    enough = Reads(lambda roots: roots["event"]["sum"] > 10, "event.sum > 10")
    plan, decision = one(for_event(when=enough))
    refusal = refused(plan, decision.snapshot, came(sum=5))
    assert (refusal.code, refusal.message) == (
        "stale",
        "'work.wait' does not wait for this payment.received: event.sum > 10 does not hold",
    )
    assert waiting(decided(plan, decision.snapshot, came(sum=50)).snapshot) == ["work.end"]


def test_a_wait_without_anything_to_match_fails_instead_of_waiting_forever():
    plan = case_type(stage("work", item("wait", for_event()), END), fields=X)
    row = created(plan).snapshot.items["work.wait"]
    assert (row.state, row.values["error"]) == (
        ItemLife.FAILED,
        "there is nothing to match order_id with; what it is matched to is empty",
    )


@pytest.mark.parametrize("command", [SkipItem("work.wait"), Goto("work.end")])
def test_a_wait_that_is_left_listens_no_more(command):
    plan, decision = one(for_event())
    assert StopAwaiting("work.wait", 1) in decided(plan, decision.snapshot, command).effects


def test_an_event_comes_too_late_for_a_wait_that_has_ended():
    plan, decision = one(for_event())
    ended = played(plan, decision.snapshot, came())
    assert refused(plan, ended, came()).code == "stale"
    assert refused(plan, decision.snapshot, Occurred("work.wait", 2, "payment.received", {}, "event")).code == "stale"


def test_an_event_that_nobody_calls_so_is_stale():
    plan, decision = one(for_event())
    assert refused(plan, decision.snapshot, came("other")).message == (
        "'work.wait' (visit 1) does not wait for this event any more"
    )


def test_a_value_that_is_saved_from_an_event_must_fit_its_field():
    step = Activity(
        awaits=Awaits.EVENT, alternatives=(Alternative("event", event="a.b"),), save={"x": reading("result.sum")}
    )
    plan, decision = one(step)
    failed = decided(plan, decision.snapshot, came(event="a.b", sum=5))
    assert "does not take 5" in failed.snapshot.items["work.wait"].values["error"]
    assert StopAwaiting("work.wait", 1) in failed.effects


# -- the first of several ----------------------------------------------------------------------------------------------


def race():
    paid = Alternative("paid", event="payment.received", match=ORDER, save={"x": reading("result.by")})
    gone = Alternative("gone", event="order.cancelled")
    late = Alternative("late", save={"x": Constant("too late")})
    return one(first_of(paid, gone, late, emissions=(TWO_DAYS,), save={"result": reading("result.first")}))


def test_the_first_of_several_listens_for_all_and_starts_its_timers():
    assert race()[1].effects == (
        AwaitEvent("work.wait", 1, "payment.received", (("order_id", "O-7"),), "paid"),
        AwaitEvent("work.wait", 1, "order.cancelled", (), "gone"),
        StartTimer("work.wait#1:wait:late", NOW + timedelta(days=2), "wait", "work.wait", 1),
    )


def test_an_event_that_comes_first_cancels_the_timers_and_the_other_events():
    plan, decision = race()
    ended = decided(plan, decision.snapshot, came("paid", by="card"))
    assert ended.effects[:2] == (CancelTimer("work.wait#1:wait:late"), StopAwaiting("work.wait", 1))
    assert ended.snapshot.data == {"order_id": "O-7", "x": "card", "result": "paid"}
    assert ended.snapshot.timers == {}
    row = next(row for row in ended.items if row.path == "work.wait")
    assert row.values["first"] == "paid"


def test_a_timer_that_fires_first_ends_the_wait_with_its_own_save():
    plan, decision = race()
    ended = decided(plan, decision.snapshot, Fire("work.wait#1:wait:late"))
    assert StopAwaiting("work.wait", 1) in ended.effects
    assert ended.snapshot.data["x"] == "too late"
    assert ended.snapshot.data["result"] == "late"
    assert refused(plan, ended.snapshot, Fire("work.wait#1:wait:late")).code == "stale"


def test_several_timers_of_one_wait_are_told_apart():
    soon = emit(StartTimer, after=Duration.parse("1d"), name="soon")
    both = first_of(
        Alternative("late"), Alternative("soon"), emissions=(TWO_DAYS, soon), save={"x": reading("result.first")}
    )
    plan, decision = one(both)
    assert played(plan, decision.snapshot, Fire("work.wait#1:wait:soon")).data["x"] == "soon"


def test_only_those_alternatives_may_be_waited_for():
    plan, decision = one(for_event())
    assert refused(plan, decision.snapshot, Submit("work.wait")).message == (
        "'work.wait' does not wait for a submission; it waits for event"
    )


# -- child cases -------------------------------------------------------------------------------------------------------


def after_child(*between, wait=None, child="work.begin"):
    step = wait or Activity(
        awaits=Awaits.CHILD,
        alternatives=(Alternative("child", child=child),),
        save={"result": reading("result.status")},
    )
    plan = case_type(stage("work", item("begin", CHILD), *between, item("wait", step), END), fields=X)
    return plan, created(plan).snapshot


ENDED = ChildResolved("work.begin", 1, "C-2", "Resolved-Completed", {})


def test_a_wait_for_a_child_ends_when_the_child_that_an_earlier_step_began_does():
    plan, snapshot = after_child()
    assert waiting(snapshot) == ["work.wait"]
    ended = played(plan, snapshot, ENDED)
    assert ended.data["result"] == "Resolved-Completed"
    assert waiting(ended) == ["work.end"]


def test_a_child_that_ends_before_anybody_waits_is_kept_and_the_wait_ends_at_once():
    plan, snapshot = after_child(item("ask", collect("x")))
    kept = played(plan, snapshot, ENDED)
    assert kept.children == {"work.begin#1": {"id": "C-2", "status": "Resolved-Completed", "data": {}}}
    assert waiting(kept) == ["work.ask"]
    through = played(plan, kept, Submit("work.ask"))
    assert waiting(through) == ["work.end"]
    assert through.data["result"] == "Resolved-Completed"


def test_a_child_that_nobody_will_wait_for_is_not_kept():
    plan = case_type(stage("work", item("begin", CHILD), END), fields=X)
    assert refused(plan, created(plan).snapshot, ENDED).code == "ended"


def test_of_the_children_that_a_step_began_only_the_last_is_waited_for():
    plan, snapshot = after_child(item("ask", collect("x")))
    snapshot = played(plan, snapshot, Goto("work.begin"), Submit("work.ask", 2))
    assert refused(plan, snapshot, ENDED).code == "ended"
    assert waiting(played(plan, snapshot, ChildResolved("work.begin", 2, "C-3", "Resolved-X", {}))) == ["work.end"]


def test_a_wait_for_a_child_that_never_began_fails():
    _, snapshot = after_child(child="work.end")
    assert snapshot.items["work.wait"].values["error"] == (
        "there is no child case to wait for: 'work.end' has begun none"
    )


def test_a_wait_for_a_child_whose_step_was_skipped_fails():
    wait = Activity(awaits=Awaits.CHILD, alternatives=(Alternative("child", child="work.begin"),))
    plan = case_type(stage("work", item("begin", CHILD, when=flag("x")), item("wait", wait), END), fields=X)
    assert created(plan).snapshot.items["work.wait"].values["error"].endswith("'work.begin' has begun none")
    assert waiting(created(plan, x="yes").snapshot) == ["work.wait"]


def test_a_child_that_could_not_begin_fails_a_wait_that_comes_later():
    plan, snapshot = after_child(item("ask", collect("x")))
    failed = played(plan, snapshot, Failed("work.begin", 1, "no such case type"), Submit("work.ask"))
    assert failed.items["work.wait"].values["error"] == "no such case type"


def test_a_signal_of_a_child_that_comes_twice_is_refused():
    plan, snapshot = after_child()
    assert refused(plan, played(plan, snapshot, ENDED), ENDED).code == "ended"


def test_a_child_that_could_not_begin_fails_the_wait_for_it():
    plan, snapshot = after_child()
    failed = played(plan, snapshot, Failed("work.begin", 1, "no such case type"))
    assert failed.items["work.wait"].values["error"] == "no such case type"


def test_a_child_or_a_timer_whichever_comes_first():
    both = first_of(
        Alternative("child", child="work.begin"), Alternative("late"), emissions=(TWO_DAYS,),
        save={"x": reading("result.first")},
    )  # fmt: skip
    plan, snapshot = after_child(wait=both)
    assert played(plan, snapshot, ENDED).data["x"] == "child"
    assert played(plan, snapshot, Fire("work.wait#1:wait:late")).data["x"] == "late"


def test_two_branches_may_wait_for_one_child():
    wait = Activity(awaits=Awaits.CHILD, alternatives=(Alternative("child", child="work.begin"),))
    both = parallel("both", branch("a", item("wait", wait)), branch("b", item("wait", wait)))
    plan = case_type(stage("work", item("begin", CHILD), both, END), fields=X)
    assert waiting(played(plan, created(plan).snapshot, ENDED)) == ["work.end"]


def test_each_pass_waits_for_the_child_that_it_began():
    wait = Activity(awaits=Awaits.CHILD, alternatives=(Alternative("child", child="begin"),))
    steps = item("begin", CHILD), item("ask", collect("x")), item("wait", wait)
    plan = case_type(stage("work", for_each("each", reading("case.many"), *steps), END), fields=X)
    snapshot = created(plan, many=["a", "b"]).snapshot
    snapshot = played(plan, snapshot, Submit("work.each.1.ask"))
    assert waiting(snapshot) == ["work.each.2.ask", "work.each.1.wait"]
    snapshot = played(plan, snapshot, ChildResolved("work.each.2.begin", 1, "C-2", "Resolved-X", {}))
    assert "work.each.2.begin#1" in snapshot.children
    snapshot = played(plan, snapshot, ChildResolved("work.each.1.begin", 1, "C-3", "Resolved-X", {}))
    assert waiting(snapshot) == ["work.each.2.ask"]
    assert waiting(played(plan, snapshot, Submit("work.each.2.ask"))) == ["work.end"]
