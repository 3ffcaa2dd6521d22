from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casewright.errors import AssignmentNotFound, CaseNotFound, CommandRefused, NotAuthorized
from casewright.machine.effects import Target
from casewright.machine.facts import SYSTEM, Actor
from casewright.machine.plan import Constant
from casewright.machine.policies import Milestone, Role, Sla, WorkQueue
from casewright.runtime import worklist
from casewright.values import Duration
from tests.runtime.world import ANN, BOB, EVE, World, collect, plan, stage, to_queue

Make = Callable[..., World]
CARD_OPS = plan("ops", stage("a", collect("a.s", "note", target=to_queue("card_ops"))))


def for_target(kind: str, target: str) -> World:
    return plan("work", stage("a", collect("a.s", "note", target=Constant(Target(kind, target)))))  # type: ignore[return-value]


def test_a_queue_shows_its_work_to_the_roles_that_may_take_it(world: Make) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    assert [each.id for each in w.engine.worklist(BOB)] == [work.id]
    assert w.engine.worklist(ANN) == w.engine.worklist(EVE) == ()
    assert [each.id for each in w.engine.worklist(queue="card_ops")] == [work.id]


def test_a_queue_without_roles_is_open_to_every_operator_and_to_no_customer(world: Make) -> None:
    w = world(
        plan("open", stage("a", collect("a.s", target=to_queue("all")))), work_queue={"all": WorkQueue("all", "All")}
    )
    w.engine.create("open", by=ANN)
    assert len(w.engine.worklist(EVE)) == 1
    assert w.engine.worklist(Actor("cy", "customer")) == ()


def test_the_most_urgent_comes_first_then_the_nearest_deadline_then_the_oldest(world: Make) -> None:
    def timed(name: str, urgency: int, length: str) -> object:
        sla = Sla(name, deadline=Milestone(Duration.parse(length)))
        return plan(name, stage("a", collect("a.s", target=to_queue("card_ops"))), urgency=urgency, sla=sla)

    w = world(timed("late", 10, "9h"), timed("soon", 10, "2h"), timed("hot", 50, "9d"))
    for name in ("late", "late", "soon", "hot"):
        w.engine.create(name, by=ANN)
        w.clock.pass_time(timedelta(seconds=1))
    assert [each.case_id for each in w.engine.worklist(BOB)] == ["C-4", "C-3", "C-1", "C-2"]
    assert len(w.engine.worklist(BOB, limit=2)) == 2


def test_only_he_whom_it_is_for_completes_it(world: Make) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    with pytest.raises(NotAuthorized, match="'ann' may not complete 'S'; it is for queue 'card_ops'"):
        w.engine.act(work.id, by=ANN)
    assert w.engine.act(work.id, by=BOB).is_resolved


def test_an_assignment_of_an_operator_is_his_alone(world: Make) -> None:
    w = world(plan("mine", stage("a", collect("a.s", "note"))))
    work = w.engine.create("mine", by=ANN).waiting
    assert [each.id for each in w.engine.worklist(ANN)] == [work.id]
    with pytest.raises(NotAuthorized, match="'ann' has it"):
        w.engine.act(work.id, by=BOB)


def test_a_role_and_a_customer_have_their_work(world: Make) -> None:
    w = world(for_target("role", "csr"))
    work = w.engine.create("work", by=EVE).waiting
    assert len(w.engine.worklist(ANN)) == 1
    with pytest.raises(NotAuthorized):
        w.engine.act(work.id, by=EVE)
    w = world(for_target("customer", "cy"))
    work = w.engine.create("work", by=EVE).waiting
    assert [each.id for each in w.engine.worklist(Actor("cy", "customer"))] == [work.id]
    with pytest.raises(NotAuthorized):
        w.engine.act(work.id, by=Actor("cy", "operator"))
    assert w.engine.act(work.id, by=Actor("cy", "customer")).is_resolved


@pytest.mark.parametrize("machine", [SYSTEM, Actor("web", "service")])
def test_nobody_submits_for_people_but_people(world: Make, machine: Actor) -> None:
    w = world(for_target("role", "csr"))
    work = w.engine.create("work", by=ANN).waiting
    with pytest.raises(NotAuthorized):
        w.engine.act(work.id, by=Actor(machine.id, machine.kind, frozenset({"csr"})))


def test_what_was_taken_is_his_who_took_it(world: Make) -> None:
    dan = Actor("dan", "operator", frozenset({"card_ops"}))
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    assert w.engine.claim(work.id, by=BOB).operator == "bob"
    assert w.engine.claim(work.id, by=BOB).operator == "bob"
    assert w.engine.worklist(dan) == ()
    with pytest.raises(NotAuthorized, match="'bob' has it"):
        w.engine.claim(work.id, by=dan)
    with pytest.raises(NotAuthorized, match="'bob' has it"):
        w.engine.act(work.id, by=dan)


def test_what_was_given_back_is_anybodys_again(world: Make) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    w.engine.claim(work.id, by=BOB)
    with pytest.raises(NotAuthorized):
        w.engine.release(work.id, by=ANN)
    assert w.engine.release(work.id, by=BOB).operator == ""


def test_reassigned_work_is_for_somebody_else_and_a_note_says_so(world: Make) -> None:
    roles = {"supervisor": Role("supervisor", "Supervisor", frozenset({"reassign"}))}
    sue = Actor("sue", "operator", frozenset({"supervisor"}))
    w = world(CARD_OPS, role=roles)
    work = w.engine.create("ops", by=ANN).waiting
    w.engine.claim(work.id, by=BOB)
    with pytest.raises(NotAuthorized, match="the right 'reassign' comes with: supervisor"):
        w.engine.reassign(work.id, Target("operator", "eve"), by=BOB)
    assert w.engine.reassign(work.id, Target("operator", "eve"), by=sue).operator == "eve"
    assert w.engine.worklist(BOB) == ()
    (note,) = w.engine.notes(work.case_id)
    assert (note.author, note.body) == ("sue", "'S' was reassigned from queue card_ops to operator eve")
    assert w.engine.act(work.id, by=EVE).is_resolved


def test_work_is_reassigned_twice_in_one_instant(world: Make) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    for operator in ("eve", "bob", "eve"):
        w.engine.reassign(work.id, Target("operator", operator), by=BOB)
    assert len(w.engine.notes(work.case_id)) == 3


@pytest.mark.parametrize(
    ("target", "because"),
    [
        (Target("queue", "card_op"), "there is no queue 'card_op'; did you mean 'card_ops'?"),
        (Target("role", "pilot"), "there is no role 'pilot'"),
        (Target("team", "x"), "work is for no 'team'; use one of: operator, queue, role, customer"),
        (Target("operators", "x"), "work is for no 'operators'; did you mean 'operator'?"),
        (Target("operator", ""), "say which operator the work is for"),
    ],
)
def test_work_is_reassigned_only_to_whom_there_is(world: Make, target: Target, because: str) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    with pytest.raises(CommandRefused) as refused:
        w.engine.reassign(work.id, target, by=BOB)
    assert str(refused.value) == because
    assert w.engine.assignment(work.id) == replace(work, screen=None)
    assert w.engine.notes(work.case_id) == ()


def test_work_that_ended_meanwhile_is_not_reassigned_and_no_note_says_so(
    world: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    monkeypatch.setattr(worklist, "_open_work", lambda store, _: w.engine.cancel(work.case_id, by=ANN) and work)
    with pytest.raises(AssignmentNotFound):
        w.engine.reassign(work.id, Target("operator", "eve"), by=BOB)
    assert w.engine.notes(work.case_id) == ()


def test_closed_work_can_be_looked_at_but_not_taken(world: Make) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    w.engine.act(work.id, by=BOB, outcome="done")
    closed = w.engine.assignment(work.id)
    assert (closed.is_open, closed.outcome, closed.closed_by) == (False, "done", "bob")
    with pytest.raises(AssignmentNotFound):
        w.engine.claim(work.id, by=BOB)
    with pytest.raises(AssignmentNotFound):
        w.engine.assignment("C-9.1.1")


def test_one_may_not_take_what_is_for_others(world: Make) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    with pytest.raises(NotAuthorized, match="'eve' may not take 'S'"):
        w.engine.claim(work.id, by=EVE)


def test_a_right_that_a_role_grants_is_for_its_holders(world: Make) -> None:
    roles = {"supervisor": Role("supervisor", "Supervisor", frozenset({"cancel"}))}
    w = world(CARD_OPS, role=roles)
    case = w.engine.create("ops", by=ANN)
    with pytest.raises(NotAuthorized, match="the right 'cancel' comes with: supervisor"):
        w.engine.cancel(case.id, by=ANN)
    assert w.engine.goto(case.id, "a", by=ANN).version == 2
    assert w.engine.cancel(case.id, by=Actor("sue", "operator", frozenset({"supervisor"}))).is_resolved


def test_a_customer_may_cancel_what_is_his_and_no_more(world: Make) -> None:
    cy = Actor("cy", "customer")
    w = world(CARD_OPS)
    case = w.engine.create("ops", by=cy)
    with pytest.raises(NotAuthorized):
        w.engine.goto(case.id, "a", by=cy)
    with pytest.raises(NotAuthorized):
        w.engine.cancel(case.id, by=Actor("di", "customer"))
    assert w.engine.cancel(case.id, by=cy).is_resolved


def test_a_reopened_case_offers_its_work_again(world: Make) -> None:
    w = world(CARD_OPS)
    case = w.engine.create("ops", by=ANN)
    w.engine.cancel(case.id, by=ANN)
    case = w.engine.reopen(case.id, by=ANN)
    assert (case.status, case.waiting.visit) == ("Open", 2)


def test_a_worklist_is_for_somebody(world: Make) -> None:
    with pytest.raises(ValueError, match="for an actor or for a queue"):
        world(CARD_OPS).engine.worklist()


def test_cases_are_found_by_type_status_and_parent(world: Make) -> None:
    w = world(CARD_OPS)
    first, second = w.engine.create("ops", by=ANN), w.engine.create("ops", by=ANN)
    w.engine.cancel(first.id, by=ANN)
    assert [line.id for line in w.engine.cases(is_resolved=True)] == [first.id]
    assert [line.id for line in w.engine.cases(case_type="ops", status="Open")] == [second.id]
    assert w.engine.cases(parent=first.id) == w.engine.cases(case_type="other") == ()
    assert len(w.engine.cases(limit=1)) == 1


@pytest.mark.parametrize("ask", ["case", "history", "notes", "messages", "snapshot", "replayed"])
def test_whatever_is_asked_of_a_case_that_there_is_not_is_refused(world: Make, ask: str) -> None:
    with pytest.raises(CaseNotFound, match="there is no case 'x' in this database"):
        getattr(world(CARD_OPS).engine, ask)("x")


@pytest.mark.parametrize(
    "ask", [lambda e: e.cases(limit=-1), lambda e: e.worklist(BOB, limit=-1), lambda e: e.events(limit=-1)]
)
def test_a_limit_below_nothing_is_refused(world: Make, ask: Any) -> None:
    with pytest.raises(ValueError, match="a limit is a number from 0 on, not -1"):
        ask(world(CARD_OPS).engine)


# -- between the check and the commit ----------------------------------------------------------------------------------


def meanwhile(w: World, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Has something happen once, after access was checked and before the step is committed."""
    perform, left = w.engine._stepper.perform, [act]

    def later(request: Any) -> Any:
        if left:
            left.pop()()
        return perform(request)

    monkeypatch.setattr(w.engine._stepper, "perform", later)


def test_work_that_another_took_meanwhile_is_not_completed(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    dan = Actor("dan", "operator", frozenset({"card_ops"}))
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    meanwhile(w, monkeypatch, lambda: w.engine.claim(work.id, by=BOB))
    with pytest.raises(NotAuthorized, match="'dan' may not complete 'S'; 'bob' has it"):
        w.engine.act(work.id, by=dan, key="done")
    assert w.engine.case(work.case_id).version == 1
    assert w.engine.act(work.id, by=BOB, key="done").is_resolved


def test_work_that_is_for_others_meanwhile_is_not_completed(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    meanwhile(w, monkeypatch, lambda: w.engine.reassign(work.id, Target("customer", "cy"), by=ANN))
    with pytest.raises(NotAuthorized, match="it is for customer 'cy'"):
        w.engine.act(work.id, by=BOB)
    assert not w.engine.case(work.case_id).is_resolved


def test_work_that_he_took_himself_meanwhile_is_completed(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(CARD_OPS)
    work = w.engine.create("ops", by=ANN).waiting
    meanwhile(w, monkeypatch, lambda: w.engine.claim(work.id, by=BOB))
    assert w.engine.act(work.id, {"note": "x"}, by=BOB, key="done").data["note"] == "x"
    assert w.engine.act(work.id, {"note": "x"}, by=BOB, key="done").is_resolved
    assert w.engine.assignment(work.id).closed_by == "bob"
