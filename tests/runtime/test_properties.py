"""Whatever is commanded, in whatever order: histories have no gap, and lead to what is stored."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.errors import CommandRefused
from casewright.machine import commands as c
from casewright.machine.plan import Field
from casewright.machine.policies import EventType
from casewright.machine.side_by_side import OnEvent, Sentry
from casewright.machine.snapshot import ItemLife
from casewright.values import Duration
from tests.runtime.victim import ORDER
from tests.runtime.world import (
    ANN,
    Constant,
    Milestone,
    Sla,
    World,
    branch,
    call,
    child,
    child_wait,
    collect,
    dialog_step,
    for_each,
    hears,
    make_world,
    parallel,
    plan,
    stage,
    step,
    text,
    wait,
)

CLOCKS = Sla("clocks", 5, Milestone(Duration.parse("1h"), 10, "case.late"), Milestone(Duration.parse("2h"), 20))
TALK = plan("talk", collect("one", "note"), collect("two", "note"), kind="dialog", digest="talk")
RICH = plan(
    "rich",
    stage("ask", collect("ask.details", "card", "fee", sla=CLOCKS), dialog_step("ask.talk", "talk")),
    stage("do", call("do.call", "cards.block", retry=1), wait("do.pause", "90m")),
    stage("order", child("order.card", "order"), collect("order.note", "note")),
    sla=CLOCKS,
)
LATE = Sentry((OnEvent("tick", {"n": Constant(2)}),))
WIDE = plan(
    "wide",
    stage(
        "a",
        parallel(
            "a.both",
            branch("a.both.hear", hears("a.both.hear.it", "tick", n=1), collect("a.both.hear.say", "note")),
            branch("a.both.call", call("a.both.call.it", "cards.block"), exit=(Sentry((OnEvent("tick"),)),)),
            branch("a.both.late", collect("a.both.late.ask", "note"), entry=(LATE,)),
            branch("a.both.hand", wait("a.both.hand.pause", "1h"), manual=True, required=False),
            join=2,
        ),
        for_each(
            "a.each",
            Constant([1, 2, 3]),
            call("ask", "cards.block"),
            collect("fill", "mine"),
            own=(text("mine"),),
            at_once=2,
        ),
    ),
    stage("b", child("b.make", "order", waits=False), child_wait("b.wait", "b.make")),
    stage("c", hears("c.old", "tick", remembered=True, n=1), collect("c.end", "note")),
    actions=(step("actions.extra", "action", activity=hears("x", "tick", n=3).activity),),
)
TICK = {"tick": EventType("tick", {"n": Field("n", "integer", int)})}
EVERYWHERE = st.sampled_from([*WIDE.places, "a.each.2", "a.each.1.ask", "a.each.3.fill"])
ODD: st.SearchStrategy[Any] = st.one_of(
    st.builds(c.StartItem, EVERYWHERE),
    st.builds(c.Submit, EVERYWHERE, st.integers(1, 2), st.just({})),
    st.builds(c.Occurred, EVERYWHERE, st.integers(1, 2), st.just("tick"), st.just({"n": 1}), st.just("event")),
    st.builds(c.Failed, EVERYWHERE, st.integers(1, 2), st.just("no")),
    st.builds(c.RetryItem, EVERYWHERE),
    st.builds(c.SkipItem, EVERYWHERE),
    st.builds(c.Goto, st.sampled_from(["a", "b", "c"])),
    st.builds(c.Reopen, st.sampled_from(["", "b"])),
    st.just(c.Cancel()),
)
OFTEN = st.sampled_from(
    ["tick 1", "tick 2", "tick 3", "start", "act", "act", "settle", "settle", "pass time", "fail next"]
)
TURNS = st.lists(st.sampled_from([*[OFTEN] * 9, ODD]).flatmap(lambda turns: turns), min_size=10, max_size=30)

ANYWHERE = st.sampled_from(["ask", "ask.details", "ask.talk.two", "do.call", "do.pause", "order.card", "nowhere"])
DATA = st.fixed_dictionaries({}, optional={"card": st.sampled_from(["1", 2]), "fee": st.decimals(0, 9, places=2)})
WILD: st.SearchStrategy[Any] = st.one_of(
    st.builds(c.Submit, ANYWHERE, st.integers(1, 2), DATA),
    st.builds(c.Result, ANYWHERE, st.integers(1, 2), st.just({"reference": "R"})),
    st.builds(c.Failed, ANYWHERE, st.integers(1, 2), st.just("no")),
    st.builds(c.RetryItem, ANYWHERE),
    st.builds(c.SkipItem, ANYWHERE),
    st.builds(c.Goto, st.sampled_from(["ask", "do", "order", "nowhere"])),
    st.builds(c.Reopen, st.sampled_from(["", "do"])),
    st.just(c.Cancel()),
)
USUAL = st.sampled_from(
    ["act", "act", "act", "settle", "settle", "pass time", "fail next", "fail", "skip", "retry", "answer"]
)
STEPS = st.lists(st.one_of(USUAL, USUAL, USUAL, USUAL, WILD), min_size=12, max_size=30)


def give(w: World, case_id: str, step: Any, key: str) -> None:
    """Does what was drawn; a refusal is as good as anything."""
    try:
        if not isinstance(step, str):
            w.engine.perform(case_id, step, by=ANN, key=key)
        elif step in ("fail", "skip", "retry", "answer"):
            _command_the_innermost(w, case_id, step, key)
        else:
            _let_happen(w, case_id, step, key)
    except CommandRefused:
        pass


def _let_happen(w: World, case_id: str, what: str, key: str) -> None:
    if what.startswith("tick"):
        w.engine.publish("tick", {"n": int(what[-1])}, key=key)
    elif what == "start":
        for each in [each for each in w.engine.startable(case_id, by=ANN) if each.may][:1]:
            w.engine.start_item(case_id, each.path, by=ANN, key=key)
    elif what == "settle":
        w.engine.settle()
    elif what == "pass time":
        w.engine.settle(until=w.clock() + timedelta(minutes=50))
    elif what == "fail next":
        w.connectors.failing = 2
    else:
        for work in w.engine.case(case_id).assignments[:1]:
            data = {"card": "1", "fee": Decimal("1.50")} if work.path == "ask.details" else {"note": "n"}
            w.engine.act(work.id, data, by=ANN, key=key)


def _command_the_innermost(w: World, case_id: str, what: str, key: str) -> None:
    for item in sorted(w.engine.snapshot(case_id).items.values(), key=lambda item: -len(item.path))[:1]:
        command: Any = {
            "fail": c.Failed(item.path, item.visit, "no"),
            "skip": c.SkipItem(item.path, item.visit),
            "retry": c.RetryItem(item.path, item.visit),
            "answer": c.Result(item.path, item.visit, {"reference": "R"}),
        }[what]
        w.engine.perform(case_id, command, by=ANN, key=key)


def check(w: World, case_id: str) -> None:
    entries, snapshot, view = w.engine.history(case_id), w.engine.snapshot(case_id), w.engine.case(case_id)
    assert [entry.seq for entry in entries] == list(range(1, snapshot.version + 1))
    assert w.engine.replayed(case_id) == snapshot
    states = {path: item.state for path, item in snapshot.items.items()}
    assert all(states[work.path] is ItemLife.ACTIVE for work in view.assignments)
    assert {incident.path for incident in view.incidents} == {
        p for p, state in states.items() if state is ItemLife.FAILED
    }


def check_listeners(w: World, case_id: str) -> None:
    """Who listens is live, and no event comes twice to the same visit of an item under the same name."""
    live = {(row.path, row.visit) for row in w.engine.snapshot(case_id).items.values()}
    assert {(each.path, each.visit) for each in w.engine.case(case_id).listeners} <= live
    keys = [entry.key for entry in w.engine.history(case_id) if entry.key.startswith("job:hear:")]
    assert len(keys) == len(set(keys))


@given(TURNS)
@settings(max_examples=60, deadline=None)
def test_what_runs_side_by_side_leads_to_the_stored_state_too(drawn: list[Any]) -> None:
    w = make_world(WIDE, ORDER, event=TICK)
    with w.engine:
        case = w.engine.create("wide", by=ANN)
        for number, turn in enumerate(drawn):
            give(w, case.id, turn, f"k{number}")
        for line in w.engine.cases():
            check(w, line.id)
            check_listeners(w, line.id)


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_history_leads_to_the_stored_state_and_rows_agree_with_it(drawn: list[Any]) -> None:
    w = make_world(RICH, TALK, ORDER)
    with w.engine:
        case = w.engine.create("rich", {"card": "4711"}, by=ANN)
        for number, step in enumerate(drawn):
            give(w, case.id, step, f"k{number}")
        for line in w.engine.cases():
            check(w, line.id)


@given(STEPS)
@settings(max_examples=30, deadline=None)
def test_a_repeated_command_changes_nothing(drawn: list[Any]) -> None:
    w = make_world(RICH, TALK, ORDER)
    with w.engine:
        case = w.engine.create("rich", {"card": "4711"}, by=ANN)
        for number, step in enumerate(drawn):
            give(w, case.id, step, f"k{number}")
            last = w.engine.history(case.id)[-1]
            if last.key == f"k{number}":
                before = (w.engine.case(case.id), w.engine.next_due(), w.engine.events())
                assert w.engine.perform(case.id, last.command, by=ANN, key=last.key).repeated
                assert (w.engine.case(case.id), w.engine.next_due(), w.engine.events()) == before
