"""Repetition: a completed item is entered again, as a new visit, while its condition holds, and not for ever."""

from __future__ import annotations

import pytest

from casewright.machine.commands import Failed, Goto, Result, RetryItem, SkipItem, StartItem, Submit
from casewright.machine.effects import CallConnector
from casewright.machine.plan import Activity, Awaits
from casewright.machine.side_by_side import Repeat, Sentry
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
    group,
    item,
    parallel,
    played,
    stage,
    waiting,
)

X = fields("x", "y")
END = item("end", collect("x"))
AGAIN = Repeat(flag("x"))
CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)


def asking(repeat=AGAIN, **more):
    plan = case_type(stage("work", item("ask", collect("x"), repeat=repeat, **more), END), fields=X)
    return plan, created(plan).snapshot


def answer(visit, x="yes"):
    return Submit("work.ask", visit, {"x": x})


def test_an_item_is_entered_again_while_its_condition_holds():
    plan, snapshot = asking()
    decision = decided(plan, snapshot, answer(1))
    assert waiting(decision.snapshot) == ["work.ask"]
    assert {(row.path, row.visit): row.state for row in decision.items if row.path == "work.ask"} == {
        ("work.ask", 1): ItemLife.COMPLETED,
        ("work.ask", 2): ItemLife.ACTIVE,
    }
    assert ("work.ask", "repeated", 'case.x == "yes"') in [(e.path, e.what, e.because) for e in decision.trace]
    assert waiting(played(plan, decision.snapshot, answer(2, "no"))) == ["work.end"]


def test_at_most_so_many_visits_follow_each_other_and_the_trace_says_so():
    plan, snapshot = asking(Repeat(flag("x"), 3))
    snapshot = played(plan, snapshot, answer(1), answer(2))
    decision = decided(plan, snapshot, answer(3))
    assert waiting(decision.snapshot) == ["work.end"]
    assert "it was done 3 times in a row, which is the most" in [entry.because for entry in decision.trace]


def test_a_return_counts_anew():
    plan, snapshot = asking(Repeat(flag("x"), 2))
    snapshot = played(plan, snapshot, answer(1), answer(2), Goto("work.ask"))
    assert snapshot.items["work.ask"].visit == 3
    assert waiting(played(plan, snapshot, answer(3))) == ["work.ask"]


@pytest.mark.parametrize("command", [SkipItem("work.ask"), Goto("work.end")])
def test_only_what_was_completed_is_repeated(command):
    plan, snapshot = asking()
    assert waiting(played(plan, played(plan, snapshot, answer(1)), *[_visit(command)])) == ["work.end"]


def _visit(command):
    return SkipItem("work.ask", 2) if isinstance(command, SkipItem) else command


def test_an_item_that_failed_is_not_repeated_but_its_handler_goes_on_behind_it():
    call = item(
        "call", CALL, repeat=Repeat(Reads(lambda roots: True, "true")), handler=item("call.failed", collect("x"))
    )
    plan = case_type(stage("work", call, END), fields=X)
    snapshot = played(plan, created(plan).snapshot, Failed("work.call", 1, "503"), Submit("work.call.failed"))
    assert waiting(snapshot) == ["work.end"]


def test_the_conditions_of_an_item_are_tried_again_before_it_is_repeated():
    plan, snapshot = asking(Repeat(Reads(lambda roots: True, "true")), skip_when=flag("x"))
    decision = decided(plan, snapshot, answer(1))
    assert waiting(decision.snapshot) == ["work.end"]
    assert {(row.path, row.visit): row.state for row in decision.items}["work.ask", 2] is ItemLife.SKIPPED


def test_a_repeated_item_waits_for_its_sentry_and_its_start_again():
    plan, _ = asking(entry=(Sentry(when=flag("y")),), manual=True)
    snapshot = played(plan, created(plan, y="yes").snapshot, StartItem("work.ask", 1), answer(1))
    assert snapshot.items["work.ask"].state is ItemLife.ENABLED
    assert snapshot.items["work.ask"].visit == 2


def test_a_group_a_stage_and_a_branch_are_repeated_whole():
    steps = item("a", collect("x")), item("b", collect("x"))
    split = parallel("both", branch("one", *steps, repeat=AGAIN), branch("two", item("ask", collect("y"))))
    for around in (group("g", *steps, repeat=AGAIN), split):
        plan = case_type(stage("work", around, END), fields=X)
        at = "work.g" if around.kind == "group" else "work.both.one"
        first = played(plan, created(plan).snapshot, Submit(f"{at}.a", 1, {}), Submit(f"{at}.b", 1, {"x": "yes"}))
        assert f"{at}.a" in first.items
        assert first.items[f"{at}.a"].visit == 2
        second = played(plan, first, Submit(f"{at}.a", 2, {}), Submit(f"{at}.b", 2, {"x": "no"}))
        assert f"{at}.a" not in second.items
    plan = case_type(stage("work", *steps, repeat=AGAIN), stage("close", END), fields=X)
    snapshot = played(plan, created(plan).snapshot, Submit("work.a"), Submit("work.b", 1, {"x": "yes"}))
    assert waiting(snapshot) == ["work.a"]
    assert snapshot.items["work"].visit == 2


def test_a_repeated_branch_is_counted_when_it_is_done_for_good():
    saved = {"y": Reads(lambda roots: ",".join(roots["result"]["completed"]))}
    ask = item("ask", collect("x"))
    split = parallel("both", branch("one", ask, repeat=AGAIN), branch("two", item("ask", collect("y"))), save=saved)
    plan = case_type(stage("work", split, END), fields=X)
    snapshot = played(
        plan, created(plan).snapshot, Submit("work.both.one.ask", 1, {"x": "yes"}), Submit("work.both.two.ask"),
        Submit("work.both.one.ask", 2, {"x": "no"}),
    )  # fmt: skip
    assert snapshot.data["y"] == "two,one"


def test_a_repetition_that_nothing_waits_in_ends_with_its_number():
    count = Reads(lambda roots: str(int(roots["case"]["y"] or 0) + 1))
    always = Repeat(Reads(lambda roots: True, "true"), 50)
    plan = case_type(stage("work", item("add", Activity(save={"y": count}), repeat=always), END), fields=X)
    snapshot = created(plan).snapshot
    assert snapshot.data["y"] == "50"
    assert waiting(snapshot) == ["work.end"]


def test_an_action_is_repeated_while_it_is_asked_for():
    note = action("note", item("ask", collect("x")), repeat=AGAIN)
    plan = case_type(stage("work", END), actions=(note,), fields=X)
    snapshot = played(plan, created(plan).snapshot, StartItem("actions.note"))
    again = played(plan, snapshot, Submit("actions.note.ask", 1, {"x": "yes"}))
    assert again.items["actions.note"].visit == 2


def test_a_repetition_that_is_tried_again_after_a_failure_is_still_the_same_in_the_row():
    always = Repeat(Reads(lambda roots: True), 2)
    plan = case_type(stage("work", item("call", CALL, kind="call", repeat=always), END), fields=X)
    second = played(plan, created(plan).snapshot, Result("work.call", 1, {}))
    again = played(plan, second, Failed("work.call", 2, "503"), RetryItem("work.call", 2), Result("work.call", 2, {}))
    assert waiting(again) == ["work.end"]
