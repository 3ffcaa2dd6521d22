"""What the engine shows, keeps and lets people do where several things of a case run side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from casewright.errors import CommandRefused, NotAuthorized
from casewright.machine.facts import Actor
from casewright.machine.side_by_side import OnItem, Sentry
from casewright.machine.snapshot import ItemLife
from casewright.runtime.views import ItemView
from tests.runtime.world import (
    ANN,
    BOB,
    EVE,
    Constant,
    Context,
    Reads,
    World,
    branch,
    call,
    collect,
    for_each,
    milestone,
    parallel,
    plan,
    stage,
    step,
    text,
    to_queue,
)

Make = Callable[..., World]
PEOPLE = Constant([{"id": 7, "name": "Ada"}, {"id": 8, "name": "Bo"}, {"id": 9, "name": "Cy"}])
SIGN = collect("sign", "remark", target=to_queue("card_ops"))
SIGNED = Reads(lambda roots: ", ".join(each["remark"] for each in roots["result"]))
SIGNATURES = plan(
    "contract",
    stage("a", for_each("a.people", PEOPLE, SIGN, own=(text("remark"),), save={"note": SIGNED})),
    stage("b", collect("b.file", "reason")),
)
CHECKS = parallel(
    "a.checks",
    branch("a.checks.identity", collect("a.checks.identity.ask", "card")),
    branch("a.checks.fraud", call("a.checks.fraud.score", "cards.block")),
)
CHECKED = plan("checked", stage("a", CHECKS), stage("b", collect("b.file", "reason")))


def outline(items: tuple[ItemView, ...]) -> list[Any]:
    return [[item.label, str(item.state), *([outline(item.inside)] if item.inside else [])] for item in items]


def work_at(w: World, case_id: str, path: str) -> Any:
    return next(work for work in w.engine.case(case_id).assignments if work.path == path)


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_branches_lie_in_their_split_in_the_order_of_the_plan_and_ended_ones_stay_until_the_join(world: Make) -> None:
    w = world(CHECKED)
    case = w.engine.create("checked", by=ANN)
    identity, fraud = ["Identity", "active", [["Ask", "active"]]], ["Fraud", "active", [["Score", "active"]]]
    assert outline(case.tree) == [["A", "active", [["Checks", "active", [identity, fraud]]]]]
    w.engine.settle()
    fraud = ["Fraud", "completed"]
    assert outline(w.engine.case(case.id).tree) == [["A", "active", [["Checks", "active", [identity, fraud]]]]]


def test_a_pass_is_called_by_its_element_and_shows_its_own_fields(world: Make) -> None:
    w = world(SIGNATURES)
    case = w.engine.create("contract", by=ANN)
    w.engine.act(work_at(w, case.id, "a.people.2.sign").id, {"remark": "gladly"}, by=BOB)
    (a,) = w.engine.case(case.id).tree
    passes = a.inside[0].inside
    assert [(each.label, str(each.state)) for each in passes] == [
        ("Ada", "active"),
        ("Bo", "completed"),
        ("Cy", "active"),
    ]
    assert passes[2].element == {"id": 9, "name": "Cy"}


def test_work_in_a_pass_says_which_one_it_is_and_has_its_element_and_fields(world: Make) -> None:
    w = world(SIGNATURES)
    case = w.engine.create("contract", by=ANN)
    assert sorted(work.label for work in w.engine.worklist(BOB)) == ["Sign (1 of 3)", "Sign (2 of 3)", "Sign (3 of 3)"]
    (entry,) = w.engine.history(case.id)
    assert ("OpenAssignment", "'Sign (2 of 3)' waits for queue card_ops") in entry.effects
    work = work_at(w, case.id, "a.people.3.sign")
    assert (work.element, work.fields) == ({"id": 9, "name": "Cy"}, {})
    assert work.screen is not None


def test_the_fields_of_a_pass_are_saved_in_it_and_collected_at_the_join(world: Make) -> None:
    w = world(SIGNATURES)
    case = w.engine.create("contract", by=ANN)
    for number, remark in ((3, "third"), (1, "first"), (2, "second")):
        view = w.engine.act(work_at(w, case.id, f"a.people.{number}.sign").id, {"remark": remark}, by=BOB)
    assert (view.stage, view.data["note"]) == ("b", "first, second, third")
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_milestones_are_listed_as_they_were_reached(world: Make) -> None:
    reached = plan(
        "reached",
        stage(
            "a",
            parallel(
                "a.both",
                branch("a.both.one", collect("a.both.one.ask", "note"), milestone("a.both.one.asked", label="Asked")),
                branch("a.both.two", collect("a.both.two.ask", "card"), milestone("a.both.two.told", label="Told")),
            ),
        ),
        stage("b", collect("b.file", "reason")),
    )
    w = world(reached)
    case = w.engine.create("reached", by=ANN)
    assert case.milestones == ()
    for path in ("a.both.two.ask", "a.both.one.ask"):
        w.pass_time(minutes=1)
        view = w.engine.act(work_at(w, case.id, path).id, {}, by=ANN)
    assert [(each.path, each.label) for each in view.milestones] == [
        ("a.both.two.told", "Told"),
        ("a.both.one.asked", "Asked"),
    ]


def test_every_visit_of_an_item_is_listed(world: Make) -> None:
    w = world(CHECKED)
    case = w.engine.create("checked", by=ANN)
    w.engine.settle()
    w.engine.act(w.engine.case(case.id).waiting.id, {}, by=ANN)
    w.engine.goto(case.id, "a", by=ANN)
    found = [(line.visit, str(line.state)) for line in w.engine.items(case.id) if line.path == "a.checks.fraud"]
    assert found == [(1, "completed"), (2, "active")]


# -- what goes wrong in one of them ------------------------------------------------------------------------------------


def test_a_failed_step_of_a_branch_is_an_incident_there_and_the_other_branch_goes_on(world: Make) -> None:
    w = world(CHECKED)
    w.connectors.failing, w.connectors.retryable = 1, False
    case = w.engine.create("checked", by=ANN)
    w.engine.settle()
    (incident,) = w.engine.incidents(case_id=case.id)
    assert incident.path == "a.checks.fraud.score"
    assert w.engine.act(w.engine.case(case.id).waiting.id, {}, by=ANN).stage == "a"
    w.engine.retry(case.id, incident.path, by=ANN)
    w.engine.settle()
    view = w.engine.case(case.id)
    assert (view.stage, view.incidents) == ("b", ())
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_a_pass_that_failed_is_retried_alone(world: Make) -> None:
    each = plan(
        "each",
        stage("a", for_each("a.calls", Constant([1, 2, 3]), call("call", "cards.block"))),
        stage("b", collect("b.file", "reason")),
    )
    w = world(each)
    w.connectors.failing, w.connectors.retryable = 1, False
    case = w.engine.create("each", by=ANN)
    w.engine.settle()
    (incident,) = w.engine.incidents(case_id=case.id)
    w.engine.retry(case.id, incident.path, by=ANN)
    w.engine.settle()
    assert (w.engine.case(case.id).stage, len(w.connectors.calls)) == ("b", 4)


def test_a_join_that_too_few_have_completed_is_an_incident_of_the_split(world: Make) -> None:
    two = parallel("a.two", branch("a.two.one", call("a.two.one.c", "cards.block")), branch("a.two.other"), join=2)
    w = world(plan("few", stage("a", replace(two, split=replace(two.split, branches=two.split.branches[:1])))))
    case = w.engine.create("few", by=ANN)
    w.engine.settle()
    (incident,) = w.engine.incidents(case_id=case.id)
    assert incident.path == "a.two"
    assert "only 1 of the 2 that are needed was completed" in incident.error


# -- what people start -------------------------------------------------------------------------------------------------

EXTRA = step("a.extra", "collect", manual=True, started_by=frozenset({"card_ops"}), activity=SIGN.activity)
OFFERED = Reads(lambda roots: roots["case"]["card"] == "4711", "case.card is 4711")
LETTER = step("actions.letter", "action", body=None, when=OFFERED, activity=collect("x", "note").activity, once=True)
BY_HAND = plan(
    "by_hand",
    stage("a", collect("a.ask", "card"), replace(EXTRA, label="An extra"), collect("a.last", "reason")),
    actions=(replace(LETTER, label="A letter"),),
)


def test_what_may_be_started_is_listed_with_the_reason_why_not(world: Make) -> None:
    w = world(BY_HAND)
    case = w.engine.create("by_hand", by=ANN)
    (letter,) = w.engine.startable(case.id, by=ANN)
    assert (letter.path, letter.label, letter.kind, letter.may) == ("actions.letter", "A letter", "action", False)
    assert "case.card is 4711" in letter.because
    w.engine.act(case.waiting.id, {"card": "4711"}, by=ANN)
    found = {each.path: each.because for each in w.engine.startable(case.id, by=ANN)}
    assert found == {
        "actions.letter": "",
        "a.extra": "'a.extra' may be started by card_ops; 'ann' is none of these",
    }
    assert all(each.may for each in w.engine.startable(case.id, by=BOB))


def test_what_may_be_started_hangs_on_pages_that_are_read_for_the_question(world: Make) -> None:
    is_vip = 'customer.segment == "VIP"'
    vip = Reads(lambda roots: roots["customer"]["segment"] == "VIP", is_vip, frozenset({"customer"}))
    letter = replace(LETTER, when=vip)
    context = {"customer": Context("customer", "D_Customer", {"id": Constant("C-1")})}
    w = world(plan("paged", stage("a", collect("a.ask", "card")), actions=(letter,), context=context))
    case = w.engine.create("paged", by=ANN)
    reasons = []
    for page in ({"segment": "VIP"}, {"segment": "Standard"}, None):
        w.pages.pages = {"D_Customer": lambda parameters, page=page: page} if page else {}
        (found,) = w.engine.startable(case.id, by=ANN)
        reasons.append(found.because)
    assert reasons[0] == ""
    assert is_vip in reasons[1]
    assert "page D_Customer cannot be read now" in reasons[2]


def test_an_enabled_item_is_started_by_whom_it_is_for(world: Make) -> None:
    w = world(BY_HAND)
    case = w.engine.create("by_hand", by=ANN)
    w.engine.act(case.waiting.id, {"card": "4711"}, by=ANN)
    with pytest.raises(CommandRefused, match="may be started by card_ops"):
        w.engine.start_item(case.id, "a.extra", by=EVE)
    view = w.engine.start_item(case.id, "a.extra", by=BOB, key="start")
    assert w.engine.start_item(case.id, "a.extra", by=BOB, key="start") == view
    assert [work.path for work in view.assignments] == ["a.extra"]
    assert w.engine.history(case.id)[-1].kind == "StartItem"


def test_an_optional_action_runs_beside_the_stages_and_once(world: Make) -> None:
    w = world(BY_HAND)
    case = w.engine.create("by_hand", {"card": "4711"}, by=ANN)
    view = w.engine.start_item(case.id, "actions.letter", by=ANN)
    assert sorted(work.path for work in view.assignments) == ["a.ask", "actions.letter"]
    w.engine.act(work_at(w, case.id, "actions.letter").id, {}, by=ANN)
    with pytest.raises(CommandRefused, match="only once"):
        w.engine.start_item(case.id, "actions.letter", by=ANN)
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_a_customer_starts_things_in_his_own_cases_alone(world: Make) -> None:
    w = world(BY_HAND)
    case = w.engine.create("by_hand", {"card": "4711"}, by=ANN)
    with pytest.raises(NotAuthorized, match="somebody else's"):
        w.engine.start_item(case.id, "actions.letter", by=Actor("c-9", "customer"))


# -- sentries ----------------------------------------------------------------------------------------------------------


def test_a_branch_that_waits_for_another_begins_with_its_end(world: Make) -> None:
    after = Sentry((OnItem("a.both.one"),))
    both = parallel(
        "a.both",
        branch("a.both.one", collect("a.both.one.ask", "note")),
        branch("a.both.two", collect("a.both.two.ask", "card"), entry=(after,)),
    )
    w = world(plan("both", stage("a", both), stage("b", collect("b.file", "reason"))))
    case = w.engine.create("both", by=ANN)
    states = {line.path: line.state for line in w.engine.items(case.id)}
    assert states["a.both.two"] is ItemLife.AVAILABLE
    view = w.engine.act(case.waiting.id, {}, by=ANN)
    assert [work.path for work in view.assignments] == ["a.both.two.ask"]
    assert w.engine.act(view.waiting.id, {}, by=ANN).stage == "b"
