"""How a split comes to its end: counted branches and passes, what goes on beside, what ends with it, what it saves."""

from __future__ import annotations

import pytest

from casewright.machine.commands import Failed, Goto, RetryItem, SkipItem, StartItem, Submit
from casewright.machine.effects import CallConnector, CloseAssignment, Resolve, StopAwaiting
from casewright.machine.effects import Move as MoveTo
from casewright.machine.plan import Activity, Awaits
from casewright.machine.side_by_side import OnEvent, Repeat, Sentry
from casewright.machine.snapshot import ItemLife
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
ASK = item("ask", collect("x"))
CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)
SAVED = {"result": reading("result")}


def checks(*branches, **more):
    """A case type with these branches (or a, b and c with a question each), and a step behind them."""
    branches = branches or tuple(branch(name, ASK) for name in ("a", "b", "c"))
    return case_type(stage("work", parallel("checks", *branches, **more), END), fields=X)


def answer(*names):
    return [Submit(f"work.checks.{name}.ask") for name in names]


def begun(plan, *names, **data):
    return played(plan, created(plan, **data).snapshot, *answer(*names))


def test_all_is_the_join_that_waits_for_every_branch():
    plan = checks()
    assert waiting(begun(plan, "a", "c")) == ["work.checks.b.ask"]
    assert waiting(begun(plan, "a", "c", "b")) == ["work.end"]


@pytest.mark.parametrize(("join", "answered"), [(1, "b"), (2, "cb")])
def test_a_number_is_the_join_that_waits_for_so_many_and_the_rest_goes_on_beside_what_follows(join, answered):
    plan = checks(join=join)
    assert "work.end" not in begun(plan, *answered[:-1]).items
    joined = begun(plan, *answered)
    rest = [f"work.checks.{name}.ask" for name in "abc" if name not in answered]
    assert waiting(joined) == [*rest, "work.end"]
    assert joined.items["work.checks"].state is ItemLife.ACTIVE
    assert joined.items["work.checks"].values["joined"] is True


def test_the_rest_may_end_before_the_sequence_is_through_and_nothing_follows_it():
    plan = checks(join=1)
    later = played(plan, begun(plan, "a"), *answer("b", "c"))
    assert waiting(later) == ["work.end"]
    assert "work.checks" not in later.items


def test_the_rest_ends_with_the_sequence_around_it():
    plan = checks(join=1)
    decision = decided(plan, begun(plan, "a"), Submit("work.end"))
    assert decision.snapshot.is_resolved
    closed = {effect.path: effect.outcome for effect in decision.effects if isinstance(effect, CloseAssignment)}
    assert closed == {"work.end": "done", "work.checks.b.ask": "withdrawn", "work.checks.c.ask": "withdrawn"}


def test_the_rest_ends_with_the_join_where_it_is_cancelled():
    plan = checks(join=1, cancel_rest=True)
    decision = decided(plan, created(plan).snapshot, *answer("b"))
    assert waiting(decision.snapshot) == ["work.end"]
    states = {row.path: row.state for row in decision.items}
    assert states["work.checks"] is ItemLife.COMPLETED
    assert states["work.checks.a"] is states["work.checks.a.ask"] is ItemLife.TERMINATED


def test_a_parallel_saves_which_branch_was_first_and_which_were_completed_in_which_order():
    plan = checks(save=SAVED)
    assert begun(plan, "c", "a", "b").data["result"] == {"first": "c", "completed": ["c", "a", "b"]}
    plan = checks(save=SAVED, join=2)
    assert begun(plan, "c", "a").data["result"] == {"first": "c", "completed": ["c", "a"]}


def test_a_parallel_of_which_nothing_began_was_first_in_nothing():
    plan = checks(branch("a", ASK, when=flag("x")), save=SAVED)
    assert created(plan).snapshot.data["result"] == {"first": None, "completed": []}


def test_a_branch_skipped_by_hand_counts_as_neither_completed_nor_waited_for():
    plan = checks(save=SAVED)
    snapshot = played(plan, begun(plan, "a", "b"), SkipItem("work.checks.c"))
    assert snapshot.data["result"]["completed"] == ["a", "b"]


def test_where_too_few_are_completed_the_split_fails_and_can_be_tried_again():
    plan = checks(join=2)
    snapshot = played(plan, begun(plan, "a"), SkipItem("work.checks.b"), SkipItem("work.checks.c"))
    row = snapshot.items["work.checks"]
    assert (row.state, row.values["error"]) == (
        ItemLife.FAILED,
        "only 1 of the 2 that are needed was completed",
    )
    again = played(plan, snapshot, RetryItem("work.checks"))
    assert waiting(again) == ["work.checks.a.ask", "work.checks.b.ask", "work.checks.c.ask"]
    assert again.items["work.checks.a"].visit == 2


def test_where_too_few_are_completed_the_handler_of_the_split_takes_over():
    plan = checks(join=2, handler=item("checks.failed", collect("x")))
    snapshot = played(plan, begun(plan, "a"), SkipItem("work.checks.b"), SkipItem("work.checks.c"))
    assert waiting(snapshot) == ["work.checks.failed"]


def test_done_when_completes_the_split_as_soon_as_it_holds():
    plan = checks(done_when=flag("x"), cancel_rest=True)
    assert waiting(played(plan, created(plan).snapshot, Submit("work.checks.a.ask", 1, {"x": "yes"}))) == ["work.end"]
    assert "work.end" not in begun(plan, "a", "b").items


def test_done_when_is_seen_wherever_the_case_changed():
    beside = action("decide", item("say", collect("y")))
    split = parallel("checks", branch("a", ASK), done_when=flag("y"), cancel_rest=True)
    plan = case_type(stage("work", split, END), actions=(beside,), fields=X)
    snapshot = played(plan, created(plan).snapshot, StartItem("actions.decide"))
    assert waiting(played(plan, snapshot, Submit("actions.decide.say", 1, {"y": "yes"}))) == ["work.end"]


def test_what_was_not_begun_for_want_of_room_does_not_begin_behind_the_join():
    plan = checks(join=1, at_once=1)
    snapshot = begun(plan, "a")
    assert waiting(snapshot) == ["work.end"]
    assert "work.checks" not in snapshot.items


def test_a_branch_that_is_not_required_is_not_waited_for_while_nobody_has_started_it():
    optional = branch("b", ASK, manual=True, required=False)
    plan = checks(branch("a", ASK), optional)
    decision = decided(plan, created(plan).snapshot, *answer("a"))
    assert waiting(decision.snapshot) == ["work.end"]
    assert {row.path: row.state for row in decision.items}["work.checks.b"] is ItemLife.TERMINATED


def test_once_started_a_branch_that_is_not_required_is_waited_for():
    plan = checks(branch("a", ASK), branch("b", ASK, manual=True, required=False))
    snapshot = played(plan, created(plan).snapshot, StartItem("work.checks.b"), *answer("a"))
    assert waiting(snapshot) == ["work.checks.b.ask"]
    assert waiting(played(plan, snapshot, *answer("b"))) == ["work.end"]


def test_a_required_branch_is_waited_for_though_nobody_has_started_it():
    plan = checks(branch("a", ASK), branch("b", ASK, manual=True))
    assert waiting(begun(plan, "a")) == ["work.checks.b"]


def test_where_every_branch_is_optional_and_none_is_started_the_sequence_goes_on():
    plan = checks(branch("a", ASK, manual=True, required=False))
    assert waiting(created(plan).snapshot) == ["work.end"]


def test_a_split_that_may_be_repeated_ends_whole_before_it_begins_again():
    plan = checks(join=1, repeat=Repeat(flag("x")))
    again = played(plan, created(plan).snapshot, Submit("work.checks.a.ask", 1, {"x": "yes"}))
    assert waiting(again) == ["work.checks.a.ask", "work.checks.b.ask", "work.checks.c.ask"]
    assert again.items["work.checks"].visit == again.items["work.checks.b"].visit == 2


# -- passes ------------------------------------------------------------------------------------------------------------


def signing(*steps, values=("ann", "bob", "cem"), **more):
    split = for_each("sign", reading("case.many"), *(steps or (ASK,)), **more)
    plan = case_type(stage("work", split, END), fields=X)
    return plan, created(plan, many=list(values)).snapshot


def sign(*numbers, **data):
    return [Submit(f"work.sign.{number}.ask", 1, data) for number in numbers]


def test_a_for_each_saves_what_each_completed_pass_gave_in_the_order_of_the_list():
    steps = item("ask", collect("note"))
    plan, snapshot = signing(steps, data=fields("note"), save=SAVED, join=2, cancel_rest=True)
    snapshot = played(plan, snapshot, *sign(3, note="third"), *sign(1, note="first"))
    assert snapshot.data["result"] == [{"item": "ann", "note": "first"}, {"item": "cem", "note": "third"}]


def test_two_of_three_passes_are_enough_and_the_third_goes_on_beside():
    plan, snapshot = signing(join=2)
    snapshot = played(plan, snapshot, *sign(2, 3))
    assert waiting(snapshot) == ["work.sign.1.ask", "work.end"]
    assert waiting(played(plan, snapshot, *sign(1))) == ["work.end"]


def test_elements_added_behind_the_join_begin_nothing():
    plan = case_type(
        stage("work", for_each("sign", reading("case.many"), ASK, join=1), item("add", collect("many")), END), fields=X
    )
    snapshot = played(plan, created(plan, many=["ann", "bob"]).snapshot, *sign(1))
    added = played(plan, snapshot, Submit("work.add", 1, {"many": ["ann", "bob", "cem"]}))
    assert waiting(added) == ["work.sign.2.ask", "work.end"]


# -- failing -----------------------------------------------------------------------------------------------------------


def test_a_failure_without_a_handler_waits_alone_and_the_other_branches_go_on():
    plan = checks(branch("a", item("call", CALL)), branch("b", ASK))
    snapshot = played(plan, created(plan).snapshot, Failed("work.checks.a.call", 1, "503"))
    assert snapshot.items["work.checks.a.call"].state is ItemLife.FAILED
    assert snapshot.items["work.checks.a"].state is ItemLife.ACTIVE
    done = played(plan, snapshot, *answer("b"))
    assert waiting(done) == ["work.checks.a.call"]
    assert waiting(played(plan, done, SkipItem("work.checks.a.call"))) == ["work.end"]


def test_a_failure_climbs_to_the_handler_of_its_branch_which_counts_as_the_branch():
    mended = branch("a", item("call", CALL), handler=item("a.failed", collect("x")))
    plan = checks(mended, branch("b", ASK), save=SAVED)
    snapshot = played(plan, created(plan).snapshot, Failed("work.checks.a.call", 1, "503"))
    assert waiting(snapshot) == ["work.checks.b.ask", "work.checks.a.failed"]
    done = played(plan, snapshot, *answer("b"), Submit("work.checks.a.failed"))
    assert done.data["result"] == {"first": "b", "completed": ["b", "a"]}


def test_a_failure_climbs_to_the_handler_of_the_split_and_its_branches_end():
    plan = checks(branch("a", item("call", CALL)), branch("b", ASK), handler=item("checks.failed", collect("x")))
    decision = decided(plan, created(plan).snapshot, Failed("work.checks.a.call", 1, "503"))
    assert waiting(decision.snapshot) == ["work.checks.failed"]
    assert {row.path: row.state for row in decision.items}["work.checks.b.ask"] is ItemLife.TERMINATED
    assert waiting(played(plan, decision.snapshot, Submit("work.checks.failed"))) == ["work.end"]


def test_what_still_runs_behind_a_join_fails_alone():
    plan = checks(
        branch("a", item("call", CALL)), branch("b", ASK), join=1, handler=item("checks.failed", collect("x"))
    )
    snapshot = played(plan, begun(plan, "b"), Failed("work.checks.a.call", 1, "503"))
    assert waiting(snapshot) == ["work.checks.a.call", "work.end"]


def test_a_failure_in_a_pass_climbs_to_the_handler_of_the_for_each():
    plan, snapshot = signing(item("call", CALL), handler=item("sign.failed", collect("x")))
    snapshot = played(plan, snapshot, Failed("work.sign.2.call", 1, "503"))
    assert waiting(snapshot) == ["work.sign.failed"]


# -- leaving a branch --------------------------------------------------------------------------------------------------


def moving(target):
    return item("go", Activity((emit(MoveTo, target=target),)), kind="move")


def test_a_move_looks_for_its_target_in_its_branch_first():
    again = branch("a", ASK, item("more", collect("x")), item("go", moving("ask").activity, when=flag("x")))
    plan = checks(again, branch("b", ASK))
    snapshot = played(plan, created(plan).snapshot, *answer("a"), Submit("work.checks.a.more", 1, {"x": "yes"}))
    assert waiting(snapshot) == ["work.checks.b.ask", "work.checks.a.ask"]


def test_a_move_out_of_a_branch_to_a_stage_ends_everything_around_it():
    plan = case_type(
        stage("work", parallel("checks", branch("a", ASK, moving("close")), branch("b", ASK)), END),
        stage("close", ASK),
        fields=X,
    )
    snapshot = played(plan, created(plan).snapshot, *answer("a"))
    assert [*snapshot.items] == ["close", "close.ask"]


def test_a_move_out_of_a_branch_to_a_step_fails():
    plan = checks(branch("a", ASK, moving("end")), branch("b", ASK))
    row = begun(plan, "a").items["work.checks.a.go"]
    assert row.values["error"] == (
        "there is no stage or step 'end' to move to; out of 'work.checks.a' a step moves only to a stage"
    )


def test_a_case_may_be_resolved_in_a_branch():
    stop = item("stop", Activity((emit(Resolve, status="Resolved-Fraud"),)), kind="resolve")
    snapshot = begun(checks(branch("a", ASK, stop), branch("b", ASK)), "a")
    assert snapshot.status == "Resolved-Fraud"
    assert snapshot.items == {}


def test_by_hand_a_step_of_the_stage_may_be_gone_to_out_of_a_branch():
    plan = checks()
    assert waiting(played(plan, begun(plan, "a"), Goto("work.end"))) == ["work.end"]


def test_a_step_inside_a_branch_may_be_gone_to_and_the_other_branches_stay():
    plan = checks(branch("a", ASK, item("more", collect("x"))), branch("b", ASK))
    assert waiting(played(plan, created(plan).snapshot, Goto("work.checks.a.more"))) == [
        "work.checks.b.ask",
        "work.checks.a.more",
    ]


# -- what must be done -------------------------------------------------------------------------------------------------


def test_a_split_is_not_skipped_while_one_of_its_branches_holds_what_must_be_done():
    must = item("ask", collect("x"), must=True)
    plan = checks(branch("a", must), branch("b", ASK))
    refusal = refused(plan, created(plan).snapshot, SkipItem("work.checks"))
    assert refusal.message == "'work.checks.a.ask' must be done; 'work.checks' cannot be skipped"
    assert waiting(played(plan, begun(plan, "a"), SkipItem("work.checks"))) == ["work.end"]


def test_what_must_be_done_in_a_branch_that_was_skipped_holds_nothing_up():
    must = item("ask", collect("x"), must=True)
    plan = checks(branch("a", group("g", must), when=flag("y")), branch("b", ASK))
    assert waiting(played(plan, created(plan).snapshot, SkipItem("work.checks"))) == ["work.end"]


def test_what_must_be_done_in_a_pass_that_has_not_begun_holds_the_skip_up():
    plan, snapshot = signing(item("ask", collect("x"), must=True), at_once=1)
    assert refused(plan, snapshot, SkipItem("work.sign")).code == "must"
    snapshot = played(plan, snapshot, *sign(1, 2))
    assert refused(plan, snapshot, SkipItem("work.sign")).code == "must"


def test_what_must_be_done_in_a_branch_that_nobody_need_start_holds_nothing_up():
    must = item("ask", collect("x"), must=True)
    plan = checks(branch("a", must, manual=True, required=False), branch("b", ASK))
    snapshot = created(plan).snapshot
    assert waiting(played(plan, snapshot, SkipItem("work.checks"))) == ["work.end"]
    started = played(plan, snapshot, StartItem("work.checks.a"))
    assert refused(plan, started, SkipItem("work.checks")).code == "must"


def test_an_exit_of_the_split_ends_the_rest_behind_a_join():
    plan = checks(join=1, exit=(Sentry(when=flag("x")),))
    joined = begun(plan, "a")
    assert waiting(joined) == ["work.checks.b.ask", "work.checks.c.ask", "work.end"]
    ended = played(plan, joined, Submit("work.checks.b.ask", 1, {"x": "yes"}))
    assert waiting(ended) == ["work.end"]


def test_a_split_that_ends_after_its_join_listens_no_more():
    plan = checks(branch("a", ASK), branch("b", ASK), join=1, exit=(Sentry((OnEvent("order.cancelled"),)),))
    decision = decided(plan, begun(plan, "a"), *answer("b"))
    assert "work.checks" not in decision.snapshot.items
    assert StopAwaiting("work.checks", 1) in decision.effects


def test_a_branch_that_was_completed_and_is_passed_over_when_it_is_repeated_counts_as_completed():
    again = Repeat(Reads(lambda roots: True))
    plan = checks(branch("a", ASK, skip_when=flag("x"), repeat=again), branch("b", ASK), join=1, save=SAVED)
    joined = played(plan, created(plan).snapshot, Submit("work.checks.a.ask", 1, {"x": "yes"}))
    assert waiting(joined) == ["work.checks.b.ask", "work.end"]
    assert joined.data["result"] == {"first": "a", "completed": ["a"]}
