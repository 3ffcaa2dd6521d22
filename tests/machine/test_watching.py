"""Sentries: what lets an item begin or end early, what they remember, and when it is that they fire."""

from __future__ import annotations

import pytest

from casewright.machine.commands import Failed, Fire, Goto, Occurred, RetryItem, SkipItem, StartItem, Submit
from casewright.machine.effects import (
    AwaitEvent,
    CallConnector,
    CloseAssignment,
    OpenAssignment,
    StopAwaiting,
    Target,
)
from casewright.machine.plan import Activity, Awaits, Constant
from casewright.machine.policies import Milestone, Sla
from casewright.machine.side_by_side import OnEvent, OnField, OnItem, Repeat, Sentry
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

X = fields("x", "y", "order_id", many=lambda value: value)
ASK = item("ask", collect("x", "y"))
END = item("end", collect("x"))
CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)
AT = "work.checks"
PAID = OnEvent("payment.received", {"order_id": reading("case.order_id")})


def done(path, state=ItemLife.COMPLETED):
    return OnItem(path, state)


def beside(**guarded):
    """Branch `a` asks; branch `b` asks too, but begins or ends by these sentries."""
    split = parallel("checks", branch("a", ASK), branch("b", ASK, **guarded))
    return case_type(stage("work", split, END), fields=X)


def b_of(snapshot):
    row = snapshot.items.get(f"{AT}.b")
    return row.state if row else None


# -- beginning ---------------------------------------------------------------------------------------------------------


def test_an_item_with_an_entry_is_available_until_its_sentry_fires():
    plan = beside(entry=(Sentry((done(f"{AT}.a"),)),))
    before = created(plan).snapshot
    assert b_of(before) is ItemLife.AVAILABLE
    after = decided(plan, before, Submit(f"{AT}.a.ask"))
    assert waiting(after.snapshot) == [f"{AT}.b.ask"]
    assert (f"{AT}.b", "may begin", f"{AT}.a completed") in [(e.path, e.what, e.because) for e in after.trace]


def test_a_step_in_a_sequence_waits_for_its_sentry_too():
    plan = case_type(
        stage(
            "work",
            parallel(
                "checks", branch("a", ASK), branch("b", item("late", collect("x"), entry=(Sentry(when=flag("x")),)))
            ),
        ),
        fields=X,
    )
    snapshot = created(plan).snapshot
    assert snapshot.items[f"{AT}.b.late"].state is ItemLife.AVAILABLE
    after = played(plan, snapshot, Submit(f"{AT}.a.ask", 1, {"x": "yes"}))
    assert after.items[f"{AT}.b.late"].state is ItemLife.ACTIVE


def test_an_available_item_has_no_assignment_and_takes_no_submission():
    late = item("late", collect("x"), entry=(Sentry(when=flag("x")),))
    plan = case_type(stage("work", late), fields=X)
    decision = created(plan)
    assert decision.effects == ()
    assert refused(plan, decision.snapshot, Submit("work.late")).message == (
        "'work.late' is available, so it waits for nothing"
    )
    skipped = decided(plan, decision.snapshot, SkipItem("work.late"))
    assert not any(isinstance(effect, CloseAssignment) for effect in skipped.effects)


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (ItemLife.COMPLETED, Submit(f"{AT}.a.ask")),
        (ItemLife.SKIPPED, SkipItem(f"{AT}.a.ask")),
    ],
)
def test_a_sentry_listens_for_one_state_of_an_item(state, command):
    plan = beside(entry=(Sentry((done(f"{AT}.a.ask", state),)),))
    assert b_of(played(plan, created(plan).snapshot, command)) is ItemLife.ACTIVE
    other = Submit(f"{AT}.a.ask") if isinstance(command, SkipItem) else SkipItem(f"{AT}.a.ask")
    assert b_of(played(plan, created(plan).snapshot, other)) is ItemLife.AVAILABLE


def test_a_sentry_hears_of_a_start_and_of_a_failure_even_if_a_handler_takes_over():
    call = item("call", CALL, handler=item("call.failed", collect("x")))
    split = parallel(
        "checks",
        branch("a", ASK, call),
        branch("started", ASK, entry=(Sentry((done(f"{AT}.a.call", ItemLife.ACTIVE),)),)),
        branch("failed", ASK, entry=(Sentry((done(f"{AT}.a.call", ItemLife.FAILED),)),)),
        branch("done", ASK, entry=(Sentry((done(f"{AT}.a.call"),)),)),
        branch("ended", ASK, entry=(Sentry((done(f"{AT}.a.call", ItemLife.TERMINATED),)),)),
    )
    plan = case_type(stage("work", split), fields=X)
    calling = played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask"))
    assert waiting(calling)[-1] == f"{AT}.started.ask"
    failed = played(plan, calling, Failed(f"{AT}.a.call", 1, "503"))
    assert f"{AT}.failed.ask" in failed.items
    assert failed.items[f"{AT}.done"].state is ItemLife.AVAILABLE
    mended = played(plan, failed, Submit(f"{AT}.a.call.failed"))
    assert f"{AT}.done.ask" in mended.items, "what its handler completed is completed"
    assert mended.items[f"{AT}.ended"].state is ItemLife.AVAILABLE, "and has not ended early"


def test_between_sentries_stands_or():
    plan = beside(entry=(Sentry((done(f"{AT}.a"),)), Sentry(when=flag("y"))))
    start = created(plan).snapshot
    assert b_of(played(plan, start, Submit(f"{AT}.a.ask"))) is ItemLife.ACTIVE
    renamed = case_type(
        stage("work", parallel("checks", branch("a", ASK, END), branch("b", ASK, entry=(Sentry(when=flag("y")),)))),
        fields=X,
    )
    assert b_of(played(renamed, start, Submit(f"{AT}.a.ask", 1, {"y": "yes"}))) is ItemLife.ACTIVE


def test_inside_a_sentry_stands_and_and_what_happened_is_remembered():
    both = (done(f"{AT}.a.ask"), OnField("y"))
    split = parallel("checks", branch("a", ASK, item("then", collect("y"))), branch("b", ASK, entry=(Sentry(both),)))
    plan = case_type(stage("work", split), fields=X)
    first = played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask"))
    assert b_of(first) is ItemLife.AVAILABLE
    assert first.items[f"{AT}.b"].values["heard"] == {"entry.0.0": True}
    assert b_of(played(plan, first, Submit(f"{AT}.a.then", 1, {"y": "1"}))) is ItemLife.ACTIVE


def test_a_sentry_whose_condition_does_not_hold_yet_fires_later_when_it_does():
    once = Sentry((done(f"{AT}.a.ask"),), when=flag("y"))
    split = parallel("checks", branch("a", ASK, item("then", collect("y"))), branch("b", ASK, entry=(once,)))
    plan = case_type(stage("work", split), fields=X)
    first = played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask"))
    assert b_of(first) is ItemLife.AVAILABLE
    assert b_of(played(plan, first, Submit(f"{AT}.a.then", 1, {"y": "yes"}))) is ItemLife.ACTIVE


def two_after(*entry):
    """Branch `a` asks; branch `b` asks, and then has a step that begins by these sentries."""
    late = item("late", collect("x"), entry=entry)
    return case_type(stage("work", parallel("checks", branch("a", ASK), branch("b", ASK, late)), END), fields=X)


@pytest.mark.parametrize("awaited", [f"{AT}.a", f"{AT}.a.ask", f"{AT}.b.ask"])
def test_what_an_item_has_reached_counts_for_one_that_is_entered_later_and_waits_for_it(awaited):
    plan = two_after(Sentry((done(awaited),)))
    snapshot = played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask"), Submit(f"{AT}.b.ask"))
    assert waiting(snapshot) == [f"{AT}.b.late"]
    back = played(plan, snapshot, Goto("work"), Submit(f"{AT}.b.ask", 2))
    begun = back.items[f"{AT}.b.late"].state is ItemLife.ACTIVE
    assert begun == (awaited == f"{AT}.b.ask"), "in another visit of what is around them it does not"


@pytest.mark.parametrize("on", [OnField("x"), OnEvent("payment.received"), done(f"{AT}.a", ItemLife.FAILED)])
def test_an_event_or_a_field_that_changed_before_an_item_began_to_listen_does_not_count(on):
    plan = two_after(Sentry((on,)))
    snapshot = created(plan).snapshot
    snapshot = played(plan, snapshot, Submit(f"{AT}.a.ask", 1, {"x": "yes"}), Submit(f"{AT}.b.ask"))
    assert snapshot.items[f"{AT}.b.late"].state is ItemLife.AVAILABLE


def test_what_was_reached_in_an_earlier_repetition_of_what_is_around_both_does_not_count():
    late = item("late", collect("x"), entry=(Sentry((done("work.again.first"),)),), skip_when=flag("y"))
    first = item("first", collect("x", "y"), skip_when=flag("x"))
    plan = case_type(stage("work", group("again", first, late, repeat=Repeat(flag("x"))), END), fields=X)
    once = played(plan, created(plan).snapshot, Submit("work.again.first"))
    assert waiting(once) == ["work.again.late"]
    again = played(plan, once, Submit("work.again.late", 1, {"x": "yes"}))
    assert again.items["work.again.late"].state is ItemLife.AVAILABLE


def test_what_was_reached_counts_in_its_own_pass_alone_and_from_around_in_all():
    late = item("late", collect("x"), entry=(Sentry((done("first"), done("work.both.a"))),))
    split = for_each("sign", reading("case.many"), item("first", collect("y")), late)
    plan = case_type(stage("work", parallel("both", branch("a", ASK), branch("b", split))), fields=X)
    snapshot = created(plan, many=["p", "q"]).snapshot
    one = played(plan, snapshot, Submit("work.both.a.ask"), Submit("work.both.b.sign.2.first"))
    assert waiting(one) == ["work.both.b.sign.1.first", "work.both.b.sign.2.late"]


def test_a_field_counts_as_changed_only_when_its_value_is_another():
    plan = beside(entry=(Sentry((OnField("x"),)),))
    start = created(plan, x="1").snapshot
    assert b_of(played(plan, start, Submit(f"{AT}.a.ask", 1, {"x": "1"}))) is ItemLife.AVAILABLE
    assert b_of(played(plan, start, Submit(f"{AT}.a.ask", 1, {"x": "2"}))) is ItemLife.ACTIVE


def test_a_condition_alone_may_hold_from_the_beginning():
    plan = beside(entry=(Sentry(when=flag("x")),))
    assert b_of(created(plan, x="yes").snapshot) is ItemLife.ACTIVE
    assert b_of(created(plan).snapshot) is ItemLife.AVAILABLE


def test_a_condition_alone_is_tried_whatever_happens_in_the_case():
    sla = Sla("soon", 0, Milestone(Duration.parse("1h"), 50))
    urgent = Sentry(when=Reads(lambda roots: roots["case"]["urgency"] > 30, "case.urgency > 30"))
    split = parallel("checks", branch("a", ASK, sla=sla), branch("b", ASK, entry=(urgent,)))
    plan = case_type(stage("work", split), fields=X)
    assert b_of(played(plan, created(plan).snapshot, Fire(f"{AT}.a#1:goal"))) is ItemLife.ACTIVE


def test_the_conditions_of_an_item_are_tried_before_its_sentries():
    plan = beside(entry=(Sentry(when=flag("x")),), when=flag("y"))
    assert b_of(created(plan).snapshot) is None
    assert waiting(created(plan, y="yes").snapshot) == [f"{AT}.b", f"{AT}.a.ask"]


def test_behind_its_sentry_an_item_may_still_wait_to_be_started():
    plan = beside(entry=(Sentry(when=flag("x")),), manual=True)
    enabled = created(plan, x="yes").snapshot
    assert b_of(enabled) is ItemLife.ENABLED
    assert b_of(played(plan, enabled, StartItem(f"{AT}.b"))) is ItemLife.ACTIVE


def test_a_chain_of_sentries_is_followed_in_one_decision():
    names = ("a", "b", "c", "d")
    ask = {name: ASK if name == "a" else item("set", Activity()) for name in names}
    branches = [
        branch(name, ask[name], entry=(Sentry((done(f"{AT}.{before}"),)),) if before else ())
        for before, name in zip(("", *names), names, strict=False)
    ]
    plan = case_type(stage("work", parallel("checks", *branches), END), fields=X)
    assert waiting(played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask"))) == ["work.end"]


def test_two_that_fire_at_once_both_begin():
    on = (Sentry((done(f"{AT}.a"),)),)
    split = parallel("checks", branch("a", ASK), branch("b", ASK, entry=on), branch("c", ASK, entry=on))
    plan = case_type(stage("work", split), fields=X)
    assert waiting(played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask"))) == [f"{AT}.b.ask", f"{AT}.c.ask"]


def test_an_item_in_a_pass_listens_for_its_own_pass_and_for_what_is_around_it():
    at = "work.both.over.each"
    moved = item("late", collect("x"), entry=(Sentry((done("inner.one.first"),)), Sentry((done("work.both.aside"),))))
    steps = parallel("inner", branch("one", item("first", collect("x"))), branch("two", moved))
    inner = for_each("each", reading("case.many"), steps)
    plan = case_type(stage("work", parallel("both", branch("aside", ASK), branch("over", inner))), fields=X)
    snapshot = created(plan, many=["a", "b"]).snapshot
    own = played(plan, snapshot, Submit(f"{at}.2.inner.one.first"))
    assert [own.items[f"{at}.{n}.inner.two.late"].state for n in (1, 2)] == [ItemLife.AVAILABLE, ItemLife.ACTIVE]
    both = played(plan, snapshot, Submit("work.both.aside.ask"))
    assert [both.items[f"{at}.{n}.inner.two.late"].state for n in (1, 2)] == [ItemLife.ACTIVE] * 2


def test_a_change_in_one_pass_is_not_heard_in_another():
    late = branch("late", ASK, entry=(Sentry((OnField("note"),)),))
    steps = parallel("inner", branch("fill", item("ask", collect("note"))), late)
    split = for_each("each", reading("case.many"), steps, data=fields("note"))
    plan = case_type(stage("work", split), fields=X)
    snapshot = created(plan, many=["a", "b"]).snapshot
    snapshot = played(plan, snapshot, Submit("work.each.1.inner.fill.ask", 1, {"note": "n"}))
    states = [snapshot.items[f"work.each.{n}.inner.late"].state for n in (1, 2)]
    assert states == [ItemLife.ACTIVE, ItemLife.AVAILABLE]


# -- ending early ------------------------------------------------------------------------------------------------------


def test_an_exit_ends_a_step_and_the_sequence_goes_on_behind_it():
    split = parallel(
        "checks", branch("a", ASK), branch("b", item("wait", collect("x"), exit=(Sentry(when=flag("y")),)), END)
    )
    plan = case_type(stage("work", split), fields=X)
    decision = decided(plan, created(plan).snapshot, Submit(f"{AT}.a.ask", 1, {"y": "yes"}))
    assert waiting(decision.snapshot) == [f"{AT}.b.end"]
    assert CloseAssignment(f"{AT}.b.wait", 1, "withdrawn") in decision.effects
    assert (f"{AT}.b.wait", "ended early", 'case.y == "yes"') in [(e.path, e.what, e.because) for e in decision.trace]


def test_an_exit_of_a_branch_ends_all_of_it_and_is_not_waited_for():
    plan = beside(exit=(Sentry((done(f"{AT}.a.ask"),)),))
    assert waiting(played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask", 1, {"x": "kept"}))) == ["work.end"]


def test_an_exit_of_a_group_or_a_stage_cancels_the_region():
    region = group("region", item("one", collect("y")), item("two", collect("y")), exit=(Sentry(when=flag("x")),))
    split = parallel("checks", branch("a", ASK), branch("b", region, END))
    plan = case_type(
        stage("work", split, exit=(Sentry(when=flag("y")),)),
        stage("close", END),
        fields=X,
    )
    start = created(plan).snapshot
    assert waiting(played(plan, start, Submit(f"{AT}.a.ask", 1, {"x": "yes"}))) == [f"{AT}.b.end"]
    assert waiting(played(plan, start, Submit(f"{AT}.a.ask", 1, {"y": "yes"}))) == ["close.end"]


def test_an_exit_ends_an_item_that_has_not_begun_too():
    plan = beside(entry=(Sentry(when=flag("y")),), exit=(Sentry((done(f"{AT}.a"),)),))
    assert waiting(played(plan, created(plan).snapshot, Submit(f"{AT}.a.ask"))) == ["work.end"]


def test_an_exit_ends_an_item_that_has_failed_too():
    split = parallel("checks", branch("a", ASK), branch("b", item("call", CALL, exit=(Sentry(when=flag("x")),))))
    plan = case_type(stage("work", split, END), fields=X)
    failed = played(plan, created(plan).snapshot, Failed(f"{AT}.b.call", 1, "503"))
    assert waiting(played(plan, failed, Submit(f"{AT}.a.ask", 1, {"x": "yes"}))) == ["work.end"]


def test_where_both_hold_an_item_ends_and_does_not_begin():
    plan = beside(entry=(Sentry(when=flag("x")),), exit=(Sentry(when=flag("x")),))
    decision = decided(plan, created(plan).snapshot, Submit(f"{AT}.a.ask", 1, {"x": "yes"}))
    assert {row.path: row.state for row in decision.items}[f"{AT}.b"] is ItemLife.TERMINATED
    assert waiting(decision.snapshot) == ["work.end"]


def test_an_exit_of_the_last_stage_resolves_the_case():
    plan = case_type(stage("work", ASK, END, exit=(Sentry(when=flag("x")),)), fields=X)
    after = played(plan, created(plan).snapshot, Submit("work.ask", 1, {"x": "yes"}))
    assert after.status == "Resolved-Completed"


def test_an_exit_that_holds_always_never_lets_the_case_become_restless():
    plan = case_type(stage("work", item("ask", collect("x"), exit=(Sentry(),)), END), fields=X)
    assert waiting(created(plan).snapshot) == ["work.end"]


# -- events ------------------------------------------------------------------------------------------------------------


def listening(**guarded):
    plan = beside(**guarded)
    return plan, created(plan, order_id="O-7")


def test_a_sentry_listens_for_its_event_while_it_waits_and_no_longer():
    plan, decision = listening(entry=(Sentry((PAID,)),))
    awaited = AwaitEvent(f"{AT}.b", 1, "payment.received", (("order_id", "O-7"),), "entry.0.0")
    assert [e for e in decision.effects if isinstance(e, AwaitEvent)] == [awaited]
    heard = decided(plan, decision.snapshot, Occurred(f"{AT}.b", 1, "payment.received", {"sum": 5}, "entry.0.0"))
    assert heard.effects == (
        StopAwaiting(f"{AT}.b", 1),
        OpenAssignment(f"{AT}.b.ask", 1, Target("queue", "front"), "Ask"),
    )
    late = refused(plan, heard.snapshot, Occurred(f"{AT}.b", 1, "payment.received", {}, "entry.0.0"))
    assert late.code == "stale"


def test_the_condition_of_a_sentry_reads_the_event_that_has_arrived():
    enough = Reads(lambda roots: (roots["event"] or {}).get("sum", 0) > 10, "event.sum > 10")
    plan, decision = listening(entry=(Sentry((PAID,), when=enough),))
    little = played(plan, decision.snapshot, Occurred(f"{AT}.b", 1, "payment.received", {"sum": 5}, "entry.0.0"))
    assert b_of(little) is ItemLife.AVAILABLE
    much = played(plan, little, Occurred(f"{AT}.b", 1, "payment.received", {"sum": 50}, "entry.0.0"))
    assert b_of(much) is ItemLife.ACTIVE


def test_an_event_is_remembered_until_the_rest_of_its_sentry_has_happened():
    both = Sentry((PAID, done(f"{AT}.a.ask")), when=Reads(lambda roots: roots["event"]["sum"] == 5, "event.sum == 5"))
    split = parallel("checks", branch("a", ASK, END), branch("b", ASK, entry=(both,)))
    plan = case_type(stage("work", split), fields=X)
    paid = Occurred(f"{AT}.b", 1, "payment.received", {"sum": 5}, "entry.0.0")
    snapshot = played(plan, created(plan, order_id="O-7").snapshot, paid)
    assert b_of(snapshot) is ItemLife.AVAILABLE
    assert b_of(played(plan, snapshot, Submit(f"{AT}.a.ask"))) is ItemLife.ACTIVE


def test_an_exit_goes_on_listening_when_the_item_has_begun_and_stops_at_its_end():
    plan, decision = listening(entry=(Sentry((PAID,)),), exit=(Sentry((OnEvent("order.cancelled"),)),))
    names = [effect.listener for effect in decision.effects if isinstance(effect, AwaitEvent)]
    assert names == ["entry.0.0", "exit.0.0"]
    begun = decided(plan, decision.snapshot, Occurred(f"{AT}.b", 1, "payment.received", {}, "entry.0.0"))
    assert begun.effects[:2] == (
        StopAwaiting(f"{AT}.b", 1),
        AwaitEvent(f"{AT}.b", 1, "order.cancelled", (), "exit.0.0"),
    )
    gone = decided(plan, begun.snapshot, Occurred(f"{AT}.b", 1, "order.cancelled", {}, "exit.0.0"))
    assert StopAwaiting(f"{AT}.b", 1) in gone.effects
    assert b_of(gone.snapshot) is None


def test_an_item_that_ends_by_itself_listens_no_more():
    plan, decision = listening(exit=(Sentry((OnEvent("order.cancelled"),)),))
    ended = decided(plan, decision.snapshot, Submit(f"{AT}.b.ask"))
    assert StopAwaiting(f"{AT}.b", 1) in ended.effects
    stale = refused(plan, ended.snapshot, Occurred(f"{AT}.b", 1, "order.cancelled", {}, "exit.0.0"))
    assert (stale.code, stale.message) == ("stale", "'work.checks.b' (visit 1) has ended; it listens no more")


def test_an_item_that_failed_and_is_tried_again_still_listens_for_its_exit():
    call = item("call", CALL, exit=(Sentry((OnEvent("order.cancelled"),)),))
    plan = case_type(stage("work", call, END), fields=X)
    failed = decided(plan, created(plan).snapshot, Failed("work.call", 1, "503"))
    assert failed.effects == (
        StopAwaiting("work.call", 1),
        AwaitEvent("work.call", 1, "order.cancelled", (), "exit.0.0"),
    )
    again = played(plan, failed.snapshot, RetryItem("work.call"))
    cancelled = decided(plan, again, Occurred("work.call", 1, "order.cancelled", {}, "exit.0.0"))
    assert StopAwaiting("work.call", 1) in cancelled.effects
    assert waiting(cancelled.snapshot) == ["work.end"]


def test_a_sentry_that_has_nothing_to_match_an_event_with_does_not_listen_and_says_so():
    plan = beside(entry=(Sentry((PAID,)),))
    decision = created(plan)
    assert not any(isinstance(effect, AwaitEvent) for effect in decision.effects)
    assert [(e.what, e.because) for e in decision.trace] == [
        (
            "does not listen for payment.received",
            "there is nothing to match order_id with; what it is matched to is empty",
        )
    ]


def test_the_stage_of_a_case_may_be_ended_by_an_event_whatever_is_done_in_it():
    gone = Sentry((OnEvent("customer.gone", {"id": Constant("c")}),))
    plan = case_type(stage("work", ASK, exit=(gone,)), stage("close", END), fields=X)
    decision = decided(plan, created(plan).snapshot, Occurred("work", 1, "customer.gone", {}, "exit.0.0"))
    assert waiting(decision.snapshot) == ["close.end"]


def test_an_action_may_be_ended_early_and_others_hear_of_it():
    brief = action("note", ASK, exit=(Sentry(when=flag("x")),))
    hears = branch("b", ASK, entry=(Sentry((done("actions.note", ItemLife.TERMINATED),)),))
    plan = case_type(stage("work", parallel("checks", branch("a", ASK, END), hears)), actions=(brief,), fields=X)
    started = played(plan, created(plan).snapshot, StartItem("actions.note"))
    after = played(plan, started, Submit(f"{AT}.a.ask", 1, {"x": "yes"}))
    assert "actions.note" not in after.items
    assert b_of(after) is ItemLife.ACTIVE
