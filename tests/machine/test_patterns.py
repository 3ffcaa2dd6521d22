"""The control-flow patterns of van der Aalst and others that a case type can say, each shown by its shortest plan.

The number behind a name is that of the pattern. What a case type cannot say (multi-merge, general synchronizing merge,
thread merge and split) has no plan: nothing in `Item` or `Split` could hold it.
"""

from __future__ import annotations

from casewright.machine.commands import (
    Cancel,
    ChildResolved,
    Fire,
    Goto,
    Occurred,
    SkipItem,
    StartItem,
    Submit,
)
from casewright.machine.effects import Move as MoveTo
from casewright.machine.effects import Publish, Resolve, StartCase, StartTimer
from casewright.machine.plan import Activity, Awaits, Constant
from casewright.machine.side_by_side import Alternative, OnEvent, OnItem, Repeat, Sentry
from casewright.machine.snapshot import ItemLife
from casewright.values import Duration
from tests.machine.plans import (
    Reads,
    action,
    branch,
    case_type,
    collect,
    created,
    decided,
    emit,
    fields,
    flag,
    for_each,
    group,
    item,
    parallel,
    played,
    reading,
    refused,
    stage,
    waiting,
)

X = fields("x", "y", result=lambda value: value, many=lambda value: value)
END = item("end", collect("x"))


def ask(name):
    return item(name, collect("x", "y"))


def plan_of(*steps, **more):
    return case_type(stage("work", *steps, END), fields=X, **more)


def start(plan, **data):
    return created(plan, **data).snapshot


def side_by_side(*names, **more):
    return plan_of(parallel("p", *(branch(name, ask("do")) for name in names), **more))


def do(*names, under="p"):
    return [Submit(f"work.{under}.{name}.do") for name in names]


# -- basic -------------------------------------------------------------------------------------------------------------


def test_sequence_1():
    plan = plan_of(ask("a"), ask("b"))
    assert waiting(played(plan, start(plan), Submit("work.a"))) == ["work.b"]


def test_parallel_split_2():
    assert waiting(start(side_by_side("a", "b"))) == ["work.p.a.do", "work.p.b.do"]


def test_synchronization_3():
    plan = side_by_side("a", "b")
    assert "work.end" not in played(plan, start(plan), *do("b")).items
    assert waiting(played(plan, start(plan), *do("b", "a"))) == ["work.end"]


def test_exclusive_choice_4():
    choice = item("a", collect("x"), when=flag("y")), item("b", collect("x"), skip_when=flag("y"))
    plan = plan_of(*choice)
    assert waiting(start(plan, y="yes")) == ["work.a"]
    assert waiting(start(plan, y="no")) == ["work.b"]


def test_simple_merge_5():
    choice = item("a", collect("x"), when=flag("y")), item("b", collect("x"), skip_when=flag("y"))
    plan = plan_of(*choice)
    assert waiting(played(plan, start(plan, y="yes"), Submit("work.a"))) == ["work.end"]
    assert waiting(played(plan, start(plan), Submit("work.b"))) == ["work.end"]


# -- choosing and joining ----------------------------------------------------------------------------------------------


def multi_choice():
    branches = [branch(name, ask("do"), when=flag(name)) for name in ("x", "y")]
    return plan_of(parallel("p", branch("always", ask("do")), *branches))


def test_multi_choice_6():
    plan = multi_choice()
    assert waiting(start(plan, y="yes")) == ["work.p.always.do", "work.p.y.do"]
    assert waiting(start(plan)) == ["work.p.always.do"]


def test_structured_synchronizing_merge_7():
    plan = multi_choice()
    assert waiting(played(plan, start(plan, y="yes"), *do("always", "y"))) == ["work.end"]
    assert waiting(played(plan, start(plan), *do("always"))) == ["work.end"]


def test_structured_discriminator_9():
    plan = side_by_side("a", "b", "c", join=1)
    first = played(plan, start(plan), *do("b"))
    assert waiting(first) == ["work.p.a.do", "work.p.c.do", "work.end"]
    assert waiting(played(plan, first, *do("a", "c"))) == ["work.end"], "the rest is taken in and starts nothing again"


def test_cancelling_discriminator_29():
    plan = side_by_side("a", "b", "c", join=1, cancel_rest=True)
    assert waiting(played(plan, start(plan), *do("b"))) == ["work.end"]


def test_structured_partial_join_30():
    plan = side_by_side("a", "b", "c", join=2)
    assert "work.end" not in played(plan, start(plan), *do("a")).items
    assert "work.end" in played(plan, start(plan), *do("a", "c")).items


def test_cancelling_partial_join_32():
    plan = side_by_side("a", "b", "c", join=2, cancel_rest=True)
    assert waiting(played(plan, start(plan), *do("a", "c"))) == ["work.end"]


# -- several instances -------------------------------------------------------------------------------------------------


def sub_cases(wait):
    begin = Activity(
        (emit(StartCase, case_type="sub", data=Reads(lambda roots: {"of": roots["item"]}), wait=wait),),
        awaits=Awaits.CHILD if wait else Awaits.NOTHING,
    )
    return plan_of(for_each("each", reading("case.many"), item("begin", begin)))


def test_multiple_instances_without_synchronization_12():
    decision = created(sub_cases(wait=False), many=["p", "q"])
    assert [each.data for each in decision.effects if isinstance(each, StartCase)] == [{"of": "p"}, {"of": "q"}]
    assert waiting(decision.snapshot) == ["work.end"]


def test_multiple_instances_known_at_design_time_13():
    plan = plan_of(for_each("each", Constant([1, 2, 3]), ask("do")))
    snapshot = start(plan)
    assert len(waiting(snapshot)) == 3
    assert waiting(played(plan, snapshot, *do("1", "2", "3", under="each"))) == ["work.end"]


def test_multiple_instances_known_at_run_time_14():
    plan = sub_cases(wait=True)
    snapshot = start(plan, many=["p", "q"])
    first = played(plan, snapshot, ChildResolved("work.each.2.begin", 1, "C-3", "Resolved-Completed"))
    assert waiting(first) == ["work.each.1.begin"]
    assert waiting(played(plan, first, ChildResolved("work.each.1.begin", 1, "C-2", "Resolved-Completed"))) == [
        "work.end"
    ]


def test_multiple_instances_not_known_before_15():
    more = action("add", item("list", collect("many")))
    plan = plan_of(for_each("each", reading("case.many"), ask("do")), actions=(more,))
    snapshot = played(plan, start(plan, many=["p"]), StartItem("actions.add"))
    snapshot = played(plan, snapshot, Submit("actions.add.list", 1, {"many": ["p", "q"]}))
    assert waiting(snapshot) == ["work.each.1.do", "work.each.2.do"]


def test_complete_multiple_instance_activity_27():
    plan = plan_of(for_each("each", reading("case.many"), ask("do"), done_when=flag("y"), cancel_rest=True))
    snapshot = start(plan, many=["p", "q", "r"])
    assert waiting(played(plan, snapshot, Submit("work.each.1.do", 1, {"y": "yes"}))) == ["work.end"]


def test_cancel_multiple_instance_activity_26():
    stop = (Sentry(when=flag("y")),)
    plan = plan_of(for_each("each", reading("case.many"), ask("do"), ask("then"), exit=stop))
    snapshot = start(plan, many=["p", "q"])
    assert waiting(played(plan, snapshot, Submit("work.each.1.do", 1, {"y": "yes"}))) == ["work.end"]


def test_static_partial_join_for_multiple_instances_34():
    plan = plan_of(for_each("each", reading("case.many"), ask("do"), join=2))
    snapshot = played(plan, start(plan, many=["p", "q", "r"]), *do("3", "1", under="each"))
    assert waiting(snapshot) == ["work.each.2.do", "work.end"]


def test_cancelling_partial_join_for_multiple_instances_35():
    plan = plan_of(for_each("each", reading("case.many"), ask("do"), join=2, cancel_rest=True))
    assert waiting(played(plan, start(plan, many=["p", "q", "r"]), *do("3", "1", under="each"))) == ["work.end"]


# -- state -------------------------------------------------------------------------------------------------------------


def first_of():
    alternatives = Alternative("paid", "payment.received"), Alternative("late")
    timer = emit(StartTimer, after=Duration.parse("2d"), name="late")
    return plan_of(
        item(
            "wait",
            Activity((timer,), awaits=Awaits.FIRST, alternatives=alternatives, save={"x": reading("result.first")}),
        )
    )


def test_deferred_choice_16():
    plan = first_of()
    paid = played(plan, start(plan), Occurred("work.wait", 1, "payment.received", {}, "paid"))
    assert (paid.data["x"], paid.timers) == ("paid", {})
    late = played(plan, start(plan), Fire("work.wait#1:wait:late"))
    assert late.data["x"] == "late"
    assert refused(plan, late, Occurred("work.wait", 1, "payment.received", {}, "paid")).code == "stale"


def any_order():
    return plan_of(parallel("p", *(branch(name, ask("do"), ask("then"), manual=True) for name in "ab"), at_once=1))


def test_interleaved_parallel_routing_17():
    plan = any_order()
    second = played(plan, start(plan), StartItem("work.p.b"), *do("b"))
    assert refused(plan, second, StartItem("work.p.a")).code == "no_room"
    assert waiting(played(plan, second, Submit("work.p.b.then"), StartItem("work.p.a"))) == ["work.p.a.do"]


def test_interleaved_routing_40():
    plan = side_by_side("a", "b", "c", at_once=1)
    snapshot = start(plan)
    for name in "abc":
        assert waiting(snapshot) == [f"work.p.{name}.do"]
        snapshot = played(plan, snapshot, *do(name))


def test_milestone_18():
    reached = item("reached", Activity((emit(Publish, event="case.milestone_reached"),)), kind="milestone")
    enabled = branch("b", ask("do"), entry=(Sentry((OnItem("work.p.a.reached"),)),))
    plan = plan_of(parallel("p", branch("a", ask("do"), reached, ask("more")), enabled))
    before = start(plan)
    assert before.items["work.p.b"].state is ItemLife.AVAILABLE
    after = decided(plan, before, *do("a"))
    assert [each.event for each in after.effects if isinstance(each, Publish)] == ["case.milestone_reached"]
    assert waiting(after.snapshot) == ["work.p.a.more", "work.p.b.do"]


# -- cancelling --------------------------------------------------------------------------------------------------------


def test_cancel_activity_19():
    plan = plan_of(item("a", collect("x"), exit=(Sentry((OnEvent("order.cancelled"),)),)))
    assert waiting(played(plan, start(plan), Occurred("work.a", 1, "order.cancelled", {}, "exit.0.0"))) == ["work.end"]
    assert waiting(played(plan, start(plan), SkipItem("work.a"))) == ["work.end"]


def test_cancel_case_20():
    snapshot = played(side_by_side("a", "b"), start(side_by_side("a", "b")), Cancel())
    assert (snapshot.status, snapshot.items) == ("Resolved-Cancelled", {})


def test_cancel_region_25():
    region = group(
        "region", parallel("q", branch("a", ask("do")), branch("b", ask("do"))), exit=(Sentry(when=flag("y")),)
    )
    plan = plan_of(parallel("p", branch("one", region), branch("two", ask("do"))))
    snapshot = played(plan, start(plan), Submit("work.p.two.do", 1, {"y": "yes"}))
    assert waiting(snapshot) == ["work.end"]


# -- repeating ---------------------------------------------------------------------------------------------------------


def test_arbitrary_cycles_10():
    back = item("back", Activity((emit(MoveTo, target="work"),)), when=flag("y"))
    plan = case_type(stage("work", ask("a")), stage("check", ask("b"), back), stage("close", END), fields=X)
    snapshot = played(plan, start(plan), Submit("work.a"), Submit("check.b", 1, {"y": "yes"}))
    assert waiting(snapshot) == ["work.a"]
    assert snapshot.items["work"].visit == 2
    assert waiting(played(plan, snapshot, Goto("close"))) == ["close.end"], "and by hand"


def test_structured_loop_21():
    plan = plan_of(group("loop", ask("a"), ask("b"), repeat=Repeat(flag("x"))))
    snapshot = played(plan, start(plan), Submit("work.loop.a"), Submit("work.loop.b", 1, {"x": "yes"}))
    assert waiting(snapshot) == ["work.loop.a"]
    snapshot = played(plan, snapshot, Submit("work.loop.a", 2), Submit("work.loop.b", 2, {"x": "no"}))
    assert waiting(snapshot) == ["work.end"]


def test_recursion_22():
    again = emit(StartCase, case_type="example", data={}, wait=True)
    plan = plan_of(item("sub", Activity((again,), awaits=Awaits.CHILD), when=flag("y")))
    decision = created(plan, y="yes")
    assert [each.case_type for each in decision.effects if isinstance(each, StartCase)] == ["example"]
    ended = ChildResolved("work.sub", 1, "C-2", "Resolved-Completed")
    assert waiting(played(plan, decision.snapshot, ended)) == ["work.end"]


# -- ending and triggering ---------------------------------------------------------------------------------------------


def test_implicit_termination_11():
    plan = side_by_side("a", "b")
    assert played(plan, start(plan), *do("a", "b"), Submit("work.end")).status == "Resolved-Completed"


def test_explicit_termination_43():
    stop = item("stop", Activity((emit(Resolve, status="Resolved-Fraud"),)))
    plan = plan_of(parallel("p", branch("a", ask("do"), stop), branch("b", ask("do"))))
    snapshot = played(plan, start(plan), *do("a"))
    assert (snapshot.status, snapshot.items) == ("Resolved-Fraud", {})


def test_persistent_trigger_24():
    remembered = Alternative("event", "payment.received", remembered=True)
    plan = plan_of(ask("a"), item("wait", Activity(awaits=Awaits.EVENT, alternatives=(remembered,))))
    decision = decided(plan, start(plan), Submit("work.a"))
    assert decision.effects[-1].since == decision.snapshot.created_at, "an event from before the wait counts too"


def test_transient_trigger_23():
    plan = plan_of(
        item("wait", Activity(awaits=Awaits.EVENT, alternatives=(Alternative("event", "payment.received"),)))
    )
    assert created(plan).effects[-1].since is None, "only an event from now on counts"
