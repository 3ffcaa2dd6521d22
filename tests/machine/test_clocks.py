"""The clocks of an SLA: bound when they start, void when their item ends, and what their passing does."""

from __future__ import annotations

from datetime import timedelta

from casewright.machine.commands import Cancel, Fire, Reopen, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Refusal
from casewright.machine.effects import AddNote, CancelTimer, OpenAssignment, Publish, StartTimer
from casewright.machine.policies import Milestone, Sla
from casewright.values import Duration
from tests.machine.plans import NOW, RuleBook, case_type, collect, created, decided, facts, fields, item, stage
from tests.machine.test_calendars import WEEK

GOAL = Milestone(Duration.parse("4h"), urgency=10)
DEADLINE = Milestone(Duration.parse("8h"), urgency=30, event="card.overdue", note="The deadline passed.")
RULES = RuleBook(
    {
        "sla/card": Sla("card", 20, GOAL, DEADLINE),
        "sla/office": Sla("office", 0, Milestone(Duration.parse("1h")), None, "office"),
        "calendar/office": WEEK,
    }
)
PLAN = case_type(
    stage("work", item("a", collect("x"), sla="card"), item("b", collect("x"))),
    fields=fields("x"),
)


def started():
    return created(PLAN, facts(RULES))


def test_a_step_starts_its_goal_and_deadline_and_its_work_is_more_urgent():
    decision = started()
    goal = StartTimer("work.a#1:goal", NOW + timedelta(hours=4), "goal", "work.a", 1)
    deadline = StartTimer("work.a#1:deadline", NOW + timedelta(hours=8), "deadline", "work.a", 1)
    assert decision.effects[:2] == (goal, deadline)
    assert decision.snapshot.timers == {goal.name: goal, deadline.name: deadline}
    assert decision.snapshot.urgency == 30
    assert isinstance(decision.effects[2], OpenAssignment)
    assert decision.effects[2].urgency == 30


def test_completing_the_step_voids_its_clocks():
    decision = decided(PLAN, started().snapshot, Submit("work.a"), facts(RULES))
    assert decision.snapshot.timers == {}
    assert decision.effects[:2] == (CancelTimer("work.a#1:goal"), CancelTimer("work.a#1:deadline"))


def test_a_passed_deadline_raises_urgency_publishes_and_notes():
    decision = decided(PLAN, started().snapshot, Fire("work.a#1:deadline"), facts(RULES))
    assert decision.snapshot.urgency == 60
    payload = {"case_id": "C-1", "case_type": "example", "path": "work.a", "milestone": "deadline"}
    assert decision.effects == (Publish("card.overdue", payload), AddNote("The deadline passed."))
    assert [entry.what for entry in decision.trace] == ["deadline passed", "urgency 30 to 60"]
    assert list(decision.snapshot.timers) == ["work.a#1:goal"]


def test_a_timer_fires_once_and_after_that_is_stale():
    once = decided(PLAN, started().snapshot, Fire("work.a#1:goal"), facts(RULES)).snapshot
    refusal = decide(PLAN, once, Fire("work.a#1:goal"), facts(RULES))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "stale"


def test_the_clocks_count_by_the_sla_that_they_were_started_with():
    changed = RuleBook({**RULES.rules, "sla/card@new": Sla("card", 0, GOAL, Milestone(Duration.parse("9h"), 70))})
    changed.choose = lambda roots: "new"
    decision = decided(PLAN, started().snapshot, Fire("work.a#1:deadline"), facts(changed))
    assert decision.snapshot.urgency == 60


def test_the_clocks_of_a_case_run_over_its_stages_and_end_with_it():
    plan = case_type(stage("work", item("a", collect("x"))), fields=fields("x"), sla="card")
    first = created(plan, facts(RULES))
    assert list(first.snapshot.timers) == ["#1:goal", "#1:deadline"]
    assert decided(plan, first.snapshot, Fire("#1:goal"), facts(RULES)).snapshot.urgency == 40
    cancelled = decided(plan, first.snapshot, Cancel("by mistake"), facts(RULES))
    assert cancelled.snapshot.timers == {}
    assert cancelled.effects[1:3] == (CancelTimer("#1:goal"), CancelTimer("#1:deadline"))
    again = decided(plan, cancelled.snapshot, Reopen(), facts(RULES))
    assert list(again.snapshot.timers) == ["#2:goal", "#2:deadline"]


def test_an_sla_in_place_needs_no_rule_and_counts_in_its_calendar():
    plan = case_type(stage("work", item("a", collect("x")), sla=Sla("in place", 0, None, GOAL)), fields=fields("x"))
    first = created(plan)
    assert list(first.snapshot.timers) == ["work#1:deadline"]
    assert decided(plan, first.snapshot, Fire("work#1:deadline")).snapshot.urgency == 20
    office = case_type(stage("work", item("a", collect("x"), sla="office")), fields=fields("x"))
    timer = created(office, facts(RULES)).snapshot.timers["work.a#1:goal"]
    assert timer.due.isoformat() == "2026-11-23T08:30:00+00:00"


def test_urgency_never_passes_100():
    urgent = case_type(stage("work", item("a", collect("x"), sla="card")), fields=fields("x"), urgency=90)
    assert created(urgent, facts(RULES)).snapshot.urgency == 100
