from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casewright.errors import ConnectorFailed
from casewright.machine import effects as fx
from casewright.machine.effects import Target
from casewright.machine.policies import Milestone, Sla
from casewright.runtime import jobs, work
from casewright.runtime.store.instants import to_micros
from casewright.values import Duration
from tests.runtime.world import (
    ANN,
    BOB,
    LOST_CARD,
    START,
    Reads,
    World,
    call,
    child,
    collect,
    effect,
    plan,
    stage,
    wait,
)

Make = Callable[..., World]
BLOCK = plan("block", stage("a", call("a.block", "cards.block", retry=2)), stage("b", collect("b.s", "note")))


# -- calls -------------------------------------------------------------------------------------------------------------


def test_a_call_is_made_after_the_commit_under_the_key_of_its_job(world: Make) -> None:
    w = world(BLOCK)
    case = w.engine.create("block", by=ANN)
    assert w.connectors.calls == []
    w.engine.settle()
    assert w.connectors.calls == [("cards.block", f"job:{case.id}.1.1")]


def test_a_call_that_fails_is_tried_again_after_a_rest_that_doubles(world: Make) -> None:
    w = world(BLOCK)
    w.connectors.failing = 2
    case = w.engine.create("block", by=ANN)
    w.engine.settle()
    first = w.engine.next_due()
    w.pass_time(seconds=3)
    second = w.engine.next_due()
    assert first is not None
    assert second is not None
    assert timedelta(seconds=2) <= first - START <= timedelta(seconds=2.2)
    assert timedelta(seconds=4) <= second - first <= timedelta(seconds=4.4)
    w.pass_time(seconds=10)
    assert w.engine.case(case.id).stage == "b"
    assert len({key for _, key in w.connectors.calls}) == 1


def test_a_call_that_is_given_up_fails_its_step_and_opens_an_incident(world: Make) -> None:
    w = world(BLOCK)
    w.connectors.failing = 3
    case = w.engine.create("block", by=ANN)
    w.pass_time(minutes=1)
    (incident,) = w.engine.incidents()
    assert (incident.case_id, incident.path) == (case.id, "a.block")
    assert incident.error == "connector 'cards.block' failed: the line is busy"
    assert w.engine.case(case.id).incidents == (incident,)


def test_a_call_that_cannot_succeed_is_not_tried_again(world: Make) -> None:
    w = world(BLOCK)
    w.connectors.failing, w.connectors.retryable = 1, False
    w.engine.create("block", by=ANN)
    w.pass_time(minutes=1)
    assert len(w.connectors.calls) == 1
    assert len(w.engine.incidents()) == 1


def test_a_connector_may_raise_anything(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(plan("once", stage("a", call("a.c", "cards.block"))))
    monkeypatch.setattr(w.connectors, "call", lambda *_, **__: 1 / 0)
    w.engine.create("once", by=ANN)
    w.engine.settle()
    assert w.engine.incidents()[0].error == "connector 'cards.block' raised ZeroDivisionError: division by zero"


def test_a_retried_item_calls_again_and_its_incident_is_resolved(world: Make) -> None:
    w = world(BLOCK)
    w.connectors.failing = 3
    case = w.engine.create("block", by=ANN)
    w.pass_time(minutes=1)
    w.engine.retry(case.id, "a.block", by=ANN)
    assert w.engine.incidents() == ()
    assert w.engine.incidents(include_resolved=True)[0].resolution == "RetryItem"
    w.engine.settle()
    assert w.engine.case(case.id).stage == "b"


def test_a_failed_item_that_is_skipped_is_no_incident_any_more(world: Make) -> None:
    w = world(BLOCK)
    w.connectors.failing = 3
    case = w.engine.create("block", by=ANN)
    w.pass_time(minutes=1)
    assert w.engine.skip(case.id, "a.block", by=ANN).stage == "b"
    assert w.engine.incidents() == ()


def test_a_step_with_a_handler_fails_into_it_without_an_incident(world: Make) -> None:
    by_hand = collect("a.block.failed", "reference", target=Reads(lambda roots: Target("queue", "card_ops")))
    handled = plan("handled", stage("a", call("a.block", "cards.block", handler=by_hand)))
    w = world(handled)
    w.connectors.failing = 1
    case = w.engine.create("handled", by=ANN)
    w.engine.settle()
    case = w.engine.case(case.id)
    assert (case.waiting.path, case.incidents) == ("a.block.failed", ())
    assert w.engine.act(case.waiting.id, {"reference": "by hand"}, by=BOB).is_resolved


def test_a_call_of_a_case_that_was_cancelled_is_not_made(world: Make) -> None:
    w = world(BLOCK)
    case = w.engine.create("block", by=ANN)
    w.engine.cancel(case.id, by=ANN)
    assert w.engine.settle() == 0
    assert w.connectors.calls == []


def test_an_answer_for_a_step_that_has_ended_changes_nothing(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(BLOCK)
    case = w.engine.create("block", by=ANN)
    monkeypatch.setattr(w.connectors, "call", lambda *_, **__: w.engine.cancel(case.id, by=ANN) and {"reference": "R"})
    w.engine.settle()
    assert w.engine.case(case.id).status == "Resolved-Cancelled"
    assert len(w.engine.history(case.id)) == 2


# -- leases ------------------------------------------------------------------------------------------------------------


def test_a_job_is_with_one_worker_at_a_time(world: Make) -> None:
    w = world(BLOCK)
    w.engine.create("block", by=ANN)
    now = to_micros(w.clock())
    (taken,) = jobs.claim(w.engine._store, "one", now, now + 60, 10)
    assert taken.attempts == 1
    assert jobs.claim(w.engine._store, "two", now, now + 60, 10) == []


def test_the_job_of_a_worker_that_died_is_taken_when_its_lease_ends(world: Make) -> None:
    w = world(BLOCK)
    case = w.engine.create("block", by=ANN)
    now = to_micros(w.clock())
    jobs.claim(w.engine._store, "dead", now, now + 60_000_000, 10)
    assert w.engine.settle() == 0
    w.pass_time(seconds=61)
    assert w.engine.case(case.id).stage == "b"


def test_a_worker_whose_lease_ran_out_cannot_finish(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(BLOCK)
    case = w.engine.create("block", by=ANN)
    answer = w.connectors.call

    def slow(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(w.connectors, "call", answer)
        w.clock.pass_time(timedelta(seconds=120))
        assert w.engine.worker("other").run_once() == 1
        return {"reference": "late"}

    monkeypatch.setattr(w.connectors, "call", slow)
    w.engine.settle()
    assert [entry.kind for entry in w.engine.history(case.id)] == ["Create", "Result"]
    assert w.engine.history(case.id)[1].command.result == {"reference": "REF-1"}  # type: ignore[union-attr]


def test_a_job_that_takes_its_worker_down_each_time_is_parked(world: Make) -> None:
    w = world(BLOCK)
    w.engine.create("block", by=ANN)
    for _ in range(work.GIVE_UP_AFTER):
        now = to_micros(w.clock())
        assert len(jobs.claim(w.engine._store, "dies", now, now + 1_000_000, 1)) == 1
        w.clock.pass_time(timedelta(seconds=2))
    w.engine.settle()
    assert w.connectors.calls == []
    assert w.engine.incidents()[0].error.startswith("it was taken 11 times")
    assert w.engine.next_due() is None


def test_a_fault_of_ours_puts_the_job_off_and_at_last_parks_it_with_an_incident(
    world: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = world(BLOCK)
    w.engine.create("block", by=ANN)
    monkeypatch.setattr(work, "Result", lambda *_: 1 / 0)
    w.pass_time(hours=1)
    (incident,) = w.engine.incidents()
    assert incident.error == "ZeroDivisionError: division by zero"
    assert w.engine.next_due() is None


def test_a_fault_is_logged_once_a_job_and_without_what_it_says(
    world: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def about_ada(*_: Any) -> Any:
        raise RuntimeError("Ada Lovelace, born 1990-05-12")

    w = world(BLOCK)
    case = w.engine.create("block", by=ANN)
    monkeypatch.setattr(work, "Result", about_ada)
    w.pass_time(minutes=1)
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith(f"{case.id}.1.1, a job of kind call, met RuntimeError at {__file__}:")
    assert said.endswith("; it is tried again")


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        ({"reference": "\ud800"}, "connector 'cards.block' gave an answer: 'utf-8' codec can't encode"),
        ({"reference": object()}, "connector 'cards.block' gave an answer: a object cannot be stored"),
    ],
)
def test_an_answer_that_cannot_be_stored_fails_its_step(world: Make, answer: Any, because: str) -> None:
    w = world(BLOCK)
    w.connectors.answer = answer
    w.engine.create("block", by=ANN)
    w.engine.settle()
    assert w.engine.incidents()[0].error.startswith(because)


@pytest.mark.parametrize("error", [SystemExit("leave"), ConnectorFailed("cards.block", "\ud800", retryable=False)])
def test_a_call_that_would_end_its_worker_or_the_store_fails_its_step(
    world: Make, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def raising(*_: Any, **__: Any) -> Any:
        raise error

    w = world(plan("once", stage("a", call("a.c", "cards.block"))))
    monkeypatch.setattr(w.connectors, "call", raising)
    w.engine.create("once", by=ANN)
    w.engine.settle()
    (incident,) = w.engine.incidents()
    assert incident.path == "a.c"
    assert incident.error in (
        "connector 'cards.block' raised SystemExit: leave",
        "connector 'cards.block' failed: \\ud800",
    )


def test_parked_work_goes_on_when_an_operator_says_so(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(BLOCK)
    case = w.engine.create("block", by=ANN)
    monkeypatch.setattr(work, "Result", lambda *_: 1 / 0)
    w.pass_time(hours=1)
    monkeypatch.undo()
    w.engine.settle_incident(w.engine.incidents()[0].id, by=ANN)
    assert w.engine.incidents() == ()
    w.engine.settle()
    assert w.engine.case(case.id).stage == "b"


def test_workers_on_threads_do_the_work_without_being_asked(world: Make, file_url: str) -> None:
    w = world(BLOCK, url=file_url)
    w.engine.start_workers(2)
    made = [w.engine.create("block", by=ANN).id for _ in range(10)]
    waiting = threading.Event()
    for _ in range(200):
        if all(w.engine.case(each).stage == "b" for each in made):
            break
        waiting.wait(0.02)
    assert [w.engine.case(each).stage for each in made] == ["b"] * 10
    assert len(w.connectors.calls) == 10


# -- timers ------------------------------------------------------------------------------------------------------------

WAITS = plan("waits", stage("a", wait("a.pause", "2d")), stage("b", collect("b.s", "note")))


def test_a_wait_ends_when_its_time_has_come(world: Make) -> None:
    w = world(WAITS)
    case = w.engine.create("waits", by=ANN)
    w.pass_time(hours=47)
    assert w.engine.case(case.id).stage == "a"
    w.pass_time(hours=1)
    assert w.engine.case(case.id).stage == "b"
    assert w.engine.history(case.id)[1].at == START + timedelta(days=2)


def test_time_passes_only_on_a_clock_that_can_be_moved(world: Make) -> None:
    w = world(WAITS)
    w.engine._clock = lambda: START
    with pytest.raises(ValueError, match="MovableClock"):
        w.engine.settle(until=START)


def test_the_timers_of_a_case_end_with_it(world: Make) -> None:
    w = world(WAITS)
    case = w.engine.create("waits", by=ANN)
    w.engine.cancel(case.id, by=ANN)
    assert w.engine.next_due() is None


SLA = Sla(
    "quick",
    goal=Milestone(Duration.parse("1h"), urgency=20, event="case.late"),
    deadline=Milestone(Duration.parse("4h"), urgency=40),
)
TIMED = plan(
    "timed", stage("a", collect("a.s", "note", target=Reads(lambda roots: Target("queue", "card_ops")))), sla=SLA
)


def test_an_assignment_knows_when_the_first_clock_runs_out(world: Make) -> None:
    w = world(TIMED)
    assigned = w.engine.create("timed", by=ANN).waiting
    assert (assigned.goal_at, assigned.deadline_at) == (START + timedelta(hours=1), START + timedelta(hours=4))


def test_a_passed_goal_raises_the_urgency_of_the_case_and_of_its_open_work(world: Make) -> None:
    w = world(TIMED)
    case = w.engine.create("timed", by=ANN)
    w.pass_time(hours=2)
    case = w.engine.case(case.id)
    assert (case.urgency, case.waiting.urgency) == (30, 30)
    assert [event.name for event in w.engine.events()] == ["case.late"]


# -- children ----------------------------------------------------------------------------------------------------------

ORDER = plan("order", stage("a", collect("a.s", "reference")))
PARENT = plan(
    "parent",
    stage("a", child("a.order", "order", data={"card": "4711"})),
    stage("b", collect("b.s", "note")),
)


def test_a_child_begins_after_the_commit_with_its_data(world: Make) -> None:
    w = world(PARENT, ORDER)
    case = w.engine.create("parent", by=ANN)
    assert case.children == ()
    w.engine.settle()
    (born,) = w.engine.case(case.id).children
    assert (born.type, born.status, born.parent_path) == ("order", "Open", "a.order")
    assert w.engine.case(born.id).data["card"] == "4711"


def test_a_child_begins_in_the_name_of_whoever_began_its_parent(world: Make) -> None:
    w = world(PARENT, ORDER)
    case = w.engine.create("parent", by=ANN)
    w.engine.settle()
    born = w.engine.case(w.engine.case(case.id).children[0].id)
    assert (born.created_by, born.waiting.target.id) == ("ann", "ann")


def test_a_parent_goes_on_when_its_child_is_resolved_in_a_step_of_its_own(world: Make) -> None:
    w = world(PARENT, ORDER)
    case = w.engine.create("parent", by=ANN)
    w.engine.settle()
    born = w.engine.case(w.engine.case(case.id).children[0].id)
    w.engine.act(born.waiting.id, {"reference": "42"}, by=ANN)
    assert w.engine.case(case.id).stage == "a"
    w.engine.settle()
    assert w.engine.case(case.id).stage == "b"
    entry = w.engine.history(case.id)[1]
    assert (entry.kind, entry.command.data["reference"]) == ("ChildResolved", "42")  # type: ignore[union-attr]


def test_a_parent_that_does_not_wait_goes_on_at_once(world: Make) -> None:
    free = plan("free", stage("a", child("a.order", "order", waits=False)), stage("b", collect("b.s", "note")))
    w = world(free, ORDER)
    case = w.engine.create("free", by=ANN)
    assert case.stage == "b"
    w.engine.settle()
    born = w.engine.case(w.engine.case(case.id).children[0].id)
    w.engine.act(born.waiting.id, {"reference": "42"}, by=ANN)
    assert w.engine.settle() == 1
    assert w.engine.case(case.id).version == 1


def test_a_child_that_cannot_begin_fails_the_step_that_waits_for_it(world: Make) -> None:
    w = world(PARENT)
    case = w.engine.create("parent", by=ANN)
    w.engine.settle()
    (incident,) = w.engine.case(case.id).incidents
    assert incident.path == "a.order"
    assert incident.error.startswith("order could not be started")


def test_a_child_that_cannot_begin_and_for_which_nobody_waits_is_an_incident(world: Make) -> None:
    w = world(plan("free", stage("a", child("a.order", "order", waits=False)), stage("b", collect("b.s", "note"))))
    case = w.engine.create("free", by=ANN)
    w.engine.settle()
    (incident,) = w.engine.incidents(case_id=case.id)
    w.engine.settle_incident(incident.id, by=ANN)
    assert w.engine.incidents() == ()


# -- what else a step leaves behind ------------------------------------------------------------------------------------


def test_messages_notes_and_events_are_kept(world: Make) -> None:
    tells = plan(
        "tells",
        stage(
            "a",
            effect(
                "a.send", fx.Send, correspondence="confirm", channel="email", to="a@b.c", subject="Hello", body="You"
            ),
            effect("a.note", fx.AddNote, text="the card was blocked"),
            effect("a.publish", fx.Publish, event="card.blocked", payload={"card": "1"}),
        ),
    )
    w = world(tells)
    case = w.engine.create("tells", by=ANN)
    (message,) = w.engine.messages(case.id)
    assert (message.correspondence, message.address, message.body) == ("confirm", "a@b.c", "You")
    assert [(note.author, note.body) for note in w.engine.notes(case.id)] == [("ann", "the card was blocked")]
    assert [(event.name, event.payload.get("card")) for event in w.engine.events()] == [
        ("card.blocked", "1"),
        ("case.resolved", None),
    ]
    first, second = w.engine.events()
    assert w.engine.events(after=first.seq) == (second,)


def test_the_stages_of_a_lost_card_are_told_in_words(world: Make) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN)
    w.engine.cancel(case.id, by=ANN, reason="found it")
    words = [words for entry in w.engine.history(case.id) for _, words in entry.effects]
    assert words == [
        "'Details' waits for operator ann",
        "the assignment of identify.details was closed: withdrawn",
        "resolve as Resolved-Cancelled",
        "publish case.resolved",
    ]
