"""What somebody starts by hand: enabled items and optional actions, by whom, when and how often."""

from __future__ import annotations

import pytest

from casewright.machine.acting import Startable, startable
from casewright.machine.commands import Cancel, Failed, Goto, Occurred, Reopen, StartItem, Submit
from casewright.machine.decision import Needs
from casewright.machine.effects import CallConnector, PageRequest
from casewright.machine.effects import Move as MoveTo
from casewright.machine.facts import SYSTEM, Actor, Unavailable
from casewright.machine.plan import Activity, Awaits, Context
from casewright.machine.side_by_side import Sentry
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import (
    ANN,
    action,
    branch,
    case_type,
    collect,
    created,
    decided,
    emit,
    facts,
    fields,
    flag,
    item,
    parallel,
    played,
    reading,
    refused,
    stage,
    waiting,
)

X = fields("x", "y")
ASK = item("ask", collect("x", "y"))
END = item("end", collect("x"))
CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)
SUPERVISOR = frozenset({"supervisor"})
BOSS = facts(actor=Actor("boss", "operator", SUPERVISOR))


def with_action(**more):
    """A case type with an action `note` beside its stages, and one `extra` in its first stage."""
    return case_type(
        stage("work", ASK, actions=(action("extra", END),)),
        stage("close", END),
        actions=(action("note", ASK, **more),),
        fields=X,
    )


# -- enabled items -----------------------------------------------------------------------------------------------------


def test_an_item_that_is_started_by_hand_is_enabled_until_somebody_does():
    plan = case_type(stage("work", item("ask", collect("x"), manual=True), END), fields=X)
    decision = created(plan)
    assert decision.snapshot.items["work.ask"].state is ItemLife.ENABLED
    assert decision.effects == ()
    started = decided(plan, decision.snapshot, StartItem("work.ask", 1))
    assert started.snapshot.items["work.ask"].state is ItemLife.ACTIVE
    assert [effect.path for effect in started.effects] == ["work.ask"]


def test_only_those_whose_role_is_named_start_it():
    plan = case_type(stage("work", item("ask", collect("x"), manual=True, started_by=SUPERVISOR)), fields=X)
    snapshot = created(plan).snapshot
    refusal = refused(plan, snapshot, StartItem("work.ask"))
    assert (refusal.code, refusal.message) == (
        "not_allowed",
        "'work.ask' may be started by supervisor; 'ann' is none of these",
    )
    for actor in (BOSS.actor, SYSTEM):
        assert waiting(decided(plan, snapshot, StartItem("work.ask"), facts(actor=actor)).snapshot) == ["work.ask"]


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (StartItem("work.ask"), "not_enabled", "'work.ask' does not wait to be started; it is active"),
        (StartItem("work.end"), "not_enabled", "'work.end' does not wait to be started"),
        (StartItem("actions.not"), "unknown_item", "there is no 'actions.not' to start; did you mean 'actions.note'?"),
    ],
)
def test_what_does_not_wait_to_be_started_is_not(command, code, message):
    plan = case_type(stage("work", ASK, END), actions=(action("note", ASK),), fields=X)
    refusal = refused(plan, created(plan).snapshot, command)
    assert (refusal.code, refusal.message) == (code, message)


def test_an_older_visit_is_not_started():
    plan = case_type(stage("work", item("ask", collect("x"), manual=True)), fields=X)
    assert refused(plan, created(plan).snapshot, StartItem("work.ask", 2)).code == "not_enabled"


# -- optional actions --------------------------------------------------------------------------------------------------


def test_an_action_runs_beside_the_stages_and_nothing_follows_it():
    plan = with_action()
    begun = played(plan, created(plan).snapshot, StartItem("actions.note"))
    assert waiting(begun) == ["work.ask", "actions.note.ask"]
    assert begun.items["actions.note"].kind == "action"
    assert waiting(played(plan, begun, Submit("actions.note.ask"))) == ["work.ask"]


def test_an_action_of_the_case_goes_on_in_the_next_stage_and_ends_with_the_case():
    plan = with_action()
    begun = played(plan, created(plan).snapshot, StartItem("actions.note"), Submit("work.ask"))
    assert waiting(begun) == ["actions.note.ask", "close.end"]
    ended = decided(plan, begun, Submit("close.end"))
    assert ended.snapshot.is_resolved
    assert {row.path: row.state for row in ended.items}["actions.note.ask"] is ItemLife.TERMINATED


def test_an_action_of_a_stage_is_offered_while_that_is_active_and_ends_with_it():
    plan = with_action()
    begun = played(plan, created(plan).snapshot, StartItem("work.actions.extra"))
    assert waiting(begun) == ["work.ask", "work.actions.extra.end"]
    left = played(plan, begun, Submit("work.ask"))
    assert waiting(left) == ["close.end"]
    assert refused(plan, left, StartItem("work.actions.extra")).message == (
        "'work.actions.extra' is offered only while 'work' is active"
    )


def test_an_action_may_be_done_again_but_not_twice_at_once():
    plan = with_action()
    begun = played(plan, created(plan).snapshot, StartItem("actions.note"))
    assert refused(plan, begun, StartItem("actions.note")).code == "running"
    again = played(plan, begun, Submit("actions.note.ask"), StartItem("actions.note"))
    assert again.items["actions.note"].visit == 2


def test_an_action_that_may_be_done_once_is_not_offered_again_when_it_is_done():
    plan = with_action(once=True)
    start = played(plan, created(plan).snapshot, StartItem("actions.note"))
    done = played(plan, start, Submit("actions.note.ask"))
    assert refused(plan, done, StartItem("actions.note")).message == (
        "'actions.note' was done already, and may be done only once"
    )


def test_an_action_is_offered_only_while_its_condition_holds():
    plan = with_action(when=flag("y"))
    snapshot = created(plan).snapshot
    assert refused(plan, snapshot, StartItem("actions.note")).message == (
        "'actions.note' is not offered now: when does not hold: case.y == \"yes\""
    )
    plan = with_action(when=flag("y"))
    assert waiting(played(plan, created(plan, y="yes").snapshot, StartItem("actions.note"))) == [
        "work.ask",
        "actions.note.ask",
    ]


def test_an_action_that_fails_leaves_what_is_around_it_alone():
    handled = stage(
        "work", ASK, actions=(action("extra", item("call", CALL)),), handler=item("work.failed", collect("x"))
    )
    plan = case_type(handled, fields=X)
    begun = played(plan, created(plan).snapshot, StartItem("work.actions.extra"))
    failed = played(plan, begun, Failed("work.actions.extra.call", 1, "503"))
    assert waiting(failed) == ["work.ask", "work.actions.extra.call"]
    assert failed.items["work.actions.extra.call"].state is ItemLife.FAILED


def test_an_action_may_have_a_handler_of_its_own():
    mends = action("note", item("call", CALL), handler=item("note.failed", collect("x")))
    plan = case_type(stage("work", ASK), actions=(mends,), fields=X)
    begun = played(plan, created(plan).snapshot, StartItem("actions.note"))
    failed = played(plan, begun, Failed("actions.note.call", 1, "503"))
    assert waiting(failed) == ["work.ask", "actions.note.failed"]
    assert refused(plan, failed, StartItem("actions.note")).code == "running"
    assert waiting(played(plan, failed, Submit("actions.note.failed"))) == ["work.ask"]


def test_an_action_that_moves_the_case_is_done_and_the_case_goes_there():
    go = item("go", Activity((emit(MoveTo, target="close"),)), kind="move")
    plan = case_type(
        stage("work", ASK),
        stage("close", END),
        actions=(action("escalate", go, END, once=True), action("note", ASK)),
        fields=X,
    )
    snapshot = played(plan, created(plan).snapshot, StartItem("actions.note"), StartItem("actions.escalate"))
    assert waiting(snapshot) == ["actions.note.ask", "close.end"], "other actions go on"
    assert refused(plan, snapshot, StartItem("actions.escalate")).code == "once"


def test_an_action_of_a_stage_that_moves_the_case_away_is_done_too():
    go = item("go", Activity((emit(MoveTo, target="close"),)), kind="move")
    leave = action("leave", go, once=True)
    work = stage("work", item("ask", collect("x")), actions=(leave,))
    plan = case_type(work, stage("close", item("end", collect("x"))), fields=fields("x"))
    moved = decided(plan, created(plan).snapshot, StartItem("work.actions.leave"))
    assert {row.path: row.state for row in moved.items}["work.actions.leave"] is ItemLife.COMPLETED
    back = decided(plan, moved.snapshot, Goto("work")).snapshot
    assert refused(plan, back, StartItem("work.actions.leave")).code == "once"


def test_going_to_another_stage_by_hand_leaves_the_actions_of_the_case_alone():
    plan = with_action()
    snapshot = played(plan, created(plan).snapshot, StartItem("actions.note"), Goto("close"))
    assert waiting(snapshot) == ["actions.note.ask", "close.end"]


def test_an_action_is_not_gone_to_and_a_resolved_case_offers_none():
    plan = with_action()
    snapshot = created(plan).snapshot
    assert refused(plan, snapshot, Goto("actions.note")).message.endswith("it cannot be gone to")
    resolved = played(plan, snapshot, Cancel())
    assert refused(plan, resolved, StartItem("actions.note")).code == "resolved"
    assert startable(plan, resolved, facts()) == ()
    assert waiting(played(plan, resolved, Reopen(), StartItem("actions.note")))[-1] == "actions.note.ask"


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_everything_that_may_be_started_is_listed_with_the_reason_where_it_may_not():
    split = parallel("checks", branch("a", ASK, manual=True), branch("b", ASK, manual=True, started_by=SUPERVISOR))
    plan = case_type(
        stage("work", split, actions=(action("extra", END),)),
        actions=(action("note", ASK, when=flag("y")),),
        fields=X,
    )
    snapshot = created(plan).snapshot
    unmet = 'when does not hold: case.y == "yes"'
    assert startable(plan, snapshot, facts()) == (
        Startable("actions.note", "Note", "action", 0, "not_offered", f"'actions.note' is not offered now: {unmet}"),
        Startable("work.actions.extra", "Extra", "action"),
        Startable("work.checks.a", "A", "enabled", 1),
        Startable(
            "work.checks.b", "B", "enabled", 1, "not_allowed",
            "'work.checks.b' may be started by supervisor; 'ann' is none of these", SUPERVISOR,
        ),
    )  # fmt: skip
    assert [each.may for each in startable(plan, snapshot, BOSS)] == [False, True, True, True]
    assert ANN.id == "ann"


def test_what_runs_already_is_not_listed():
    plan = with_action()
    snapshot = played(plan, created(plan).snapshot, StartItem("actions.note"))
    assert [each.path for each in startable(plan, snapshot, facts())] == ["work.actions.extra"]


def test_a_page_that_a_condition_hangs_on_is_asked_for_or_said_to_be_unreadable():
    customer = Context("customer", "D_Customer", {"id": reading("case.x")})
    plan = case_type(
        stage("work", ASK),
        actions=(action("note", ASK, when=reading("customer.vip")),),
        fields=X,
        context={"customer": customer},
    )
    snapshot = created(plan, x="1").snapshot
    page = PageRequest.of("D_Customer", {"id": "1"})
    assert startable(plan, snapshot, facts()) == Needs(frozenset({page}))
    offered = startable(plan, snapshot, facts(pages={page: {"vip": True}}))
    assert isinstance(offered, tuple)
    assert offered[0].may
    down = startable(plan, snapshot, facts(pages={page: Unavailable("timeout")}))
    assert isinstance(down, tuple)
    assert down[0].because == "'actions.note' is not offered now: page D_Customer cannot be read now: timeout"


def test_looking_changes_nothing():
    plan = with_action()
    snapshot = created(plan).snapshot
    before = repr(snapshot)
    startable(plan, snapshot, facts())
    assert repr(snapshot) == before


def test_an_action_may_be_ended_by_its_exit():
    plan = with_action(exit=(Sentry(when=flag("y")),))
    snapshot = played(plan, created(plan).snapshot, StartItem("actions.note"))
    assert waiting(played(plan, snapshot, Submit("work.ask", 1, {"y": "yes"}))) == ["close.end"]


def test_an_event_for_an_action_that_is_over_is_stale():
    plan = with_action()
    assert refused(plan, created(plan).snapshot, Occurred("actions.note", 1, "a.b", {}, "exit.0.0")).code == "stale"
