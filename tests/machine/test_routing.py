"""Routing at work: what is asked first, the first route that holds and names somebody, and what it brings along."""

from __future__ import annotations

from typing import Any

import pytest

from casewright.machine.effects import OpenAssignment, Target
from casewright.machine.plan import Activity, Awaits, Constant, Value
from casewright.machine.policies import Route, Routing
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import Reads, RuleBook, case_type, created, emit, facts, item, stage


def opened(*routes: Route, decided: Value | None = None, urgency: int = 10, result: Value | None = None) -> Any:
    """What comes of an assignment that goes by these routes."""
    routing = Routing("desks", routes, decided)
    target = Reads(lambda roots: roots["$rules"].bind("routing", "desks", roots))
    activity = Activity(
        (emit(OpenAssignment, target=target, urgency=urgency),), awaits=Awaits.SUBMISSION, result=result
    )
    return created(case_type(stage("work", item("review", activity))), facts(RuleBook({"routing/desks": routing})))


def queue(name: str) -> Constant:
    return Constant(Target("queue", name))


GIVEN = Reads(lambda roots: {"queue": "cards", "skills": ["cards", None, "english"], "urgency": 60})
BY_RESULT = Reads(lambda roots: Target("queue", roots["result"]["queue"]))


def test_the_routes_read_what_was_asked_first() -> None:
    route = Route(
        None,
        BY_RESULT,
        Reads(lambda roots: ["english", roots["result"]["skills"]]),
        "desk",
        Reads(lambda roots: roots["result"]["urgency"]),
    )
    effect = opened(route, decided=GIVEN).effects[0]
    assert (effect.target, effect.skills, effect.urgency) == (Target("queue", "cards"), ("english", "cards"), 60)


@pytest.mark.parametrize(("of_route", "of_step", "found"), [(5, 10, 10), (70, 10, 70), (None, 10, 10), (400, 10, 100)])
def test_the_urgency_of_a_route_is_the_least(of_route: int | None, of_step: int, found: int) -> None:
    route = Route(None, queue("cards"), urgency=Constant(of_route))
    assert opened(route, urgency=of_step).effects[0].urgency == found


def test_a_route_that_names_nobody_is_passed_over_and_said_so() -> None:
    decision = opened(Route(None, queue(""), id="nobody"), Route(None, queue("rest"), id="rest"))
    assert decision.effects[0].target == Target("queue", "rest")
    told = [each.because for each in decision.trace if each.what == "routing/desks"]
    assert told == ["route 'nobody' names nobody", "route 'rest'"]


def test_the_result_of_the_step_is_there_again_after_the_routes() -> None:
    seen: list[Any] = []
    result = Reads(lambda roots: {"of": "the step"})
    target = Reads(lambda roots: roots["$rules"].bind("routing", "desks", roots))
    label = Reads(lambda roots: seen.append(roots["result"]) or "Review")
    first, second = emit(OpenAssignment, target=target, label="One"), emit(OpenAssignment, target=target, label=label)
    activity = Activity((first, second), awaits=Awaits.SUBMISSION, result=result)
    rules = RuleBook({"routing/desks": Routing("desks", (Route(None, BY_RESULT),), GIVEN)})
    created(case_type(stage("work", item("review", activity))), facts(rules))
    assert seen == [{"of": "the step"}]


def test_where_every_route_names_nobody_the_step_fails() -> None:
    decision = opened(Route(None, queue(""), id="nobody"))
    assert decision.snapshot.items["work.review"].state is ItemLife.FAILED
