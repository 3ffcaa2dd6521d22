"""Cases that wait for events: each event reaches each listener that it is meant for, once, and in order."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from casewright.machine import effects as fx
from casewright.machine.commands import Occurred
from casewright.machine.plan import Field
from casewright.machine.policies import EventType, InteractionType, Trigger
from casewright.machine.side_by_side import OnEvent, Sentry
from casewright.runtime import listening
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import to_micros
from tests.runtime.world import (
    ANN,
    START,
    Book,
    Constant,
    Reads,
    World,
    case_field,
    collect,
    effect,
    hears,
    money,
    plan,
    stage,
    text,
)

Make = Callable[..., World]
PAID = "payment.received"
WHATEVER = Field("x", "text", lambda value: value)
EVENTS = {PAID: EventType(PAID, {"order": text("order"), "amount": money("amount"), "n": WHATEVER})}
REFERENCE = {"reference": Reads(lambda roots: str(roots["result"].get("n") or roots["result"]["order"]))}
ORDER = plan(
    "order",
    stage("pay", hears("pay.paid", PAID, order=case_field("card"), save=REFERENCE)),
    stage("end", collect("end.check", "note")),
)


def worlds(world: Make, *plans: Any, **more: Any) -> World:
    return world(*(plans or (ORDER,)), event=EVENTS, **more)


def publish(w: World, **payload: Any) -> None:
    w.engine.publish(PAID, payload)


def heard(w: World, case_id: str) -> list[Mapping[str, Any]]:
    """The payloads that a case was told of, in order."""
    return [e.command.payload for e in w.engine.history(case_id) if isinstance(e.command, Occurred)]


def put_off_delivery(w: World, event_id: str) -> None:
    """Has a delivery wait a moment, as when the worker that took it is slow."""
    later = to_micros(START + timedelta(milliseconds=5))
    with w.engine._store.writing() as connection:
        connection.execute(update(t.job).where(t.job.c.id == f"deliver:{event_id}").values(ready=later))


# -- which event is meant for whom -------------------------------------------------------------------------------------


def test_an_event_reaches_the_case_whose_values_it_has_and_no_other(world: Make) -> None:
    w = worlds(world)
    mine, other = (w.engine.create("order", {"card": card}, by=ANN) for card in ("O-1", "O-2"))
    publish(w, order="O-1", amount=3)
    w.engine.settle()
    assert (w.engine.case(mine.id).stage, w.engine.case(mine.id).data["reference"]) == ("end", "O-1")
    assert (w.engine.case(other.id).stage, heard(w, other.id)) == ("pay", [])


def test_a_case_shows_what_it_listens_for_until_it_listens_no_more(world: Make) -> None:
    w = worlds(world)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    (listener,) = case.listeners
    assert (listener.path, listener.event, listener.match) == ("pay.paid", PAID, {"order": "O-1"})
    publish(w, order="O-1")
    w.engine.settle()
    assert w.engine.case(case.id).listeners == ()


def test_an_event_without_a_listener_leaves_no_work(world: Make) -> None:
    w = worlds(world)
    publish(w, order="O-1")
    assert w.engine.next_due() is None


@pytest.mark.parametrize(
    ("awaited", "published", "is_meant"),
    [
        ({"amount": Decimal("12.50")}, {"amount": Decimal("12.5")}, True),
        ({"amount": 12}, {"amount": Decimal("12.00")}, True),
        ({"amount": 12}, {"amount": Decimal("12.01")}, False),
        ({"n": START}, {"n": START + timedelta()}, True),
        ({"n": True}, {"n": True}, True),
        ({"n": 1}, {"n": True}, False),
        ({"n": "1"}, {"n": 1}, False),
        ({"n": {"a": 1, "b": 2}}, {"n": {"b": 2, "a": 1}}, True),
        ({"order": "O-1", "amount": 5}, {"order": "O-1"}, False),
        ({"order": "O-1"}, {"order": "O-1", "amount": 5}, True),
        ({}, {"order": "anything"}, True),
    ],
)
def test_values_are_compared_by_what_they_are(
    world: Make, awaited: dict[str, Any], published: dict[str, Any], is_meant: bool
) -> None:
    w = worlds(world, plan("any", stage("a", hears("a.wait", PAID, **awaited)), stage("b", collect("b.c", "note"))))
    case = w.engine.create("any", by=ANN)
    publish(w, **published)
    w.engine.settle()
    assert bool(heard(w, case.id)) is is_meant


def test_an_event_that_a_condition_does_not_want_leaves_the_case_waiting(world: Make) -> None:
    enough = Reads(lambda roots: roots["event"]["amount"] >= 10, "event.amount >= 10")
    w = worlds(world, plan("order", stage("pay", hears("pay.paid", PAID, when=enough)), ORDER.sequence.items[1]))
    case = w.engine.create("order", by=ANN)
    publish(w, amount=9)
    w.engine.settle()
    assert w.engine.case(case.id).stage == "pay"
    publish(w, amount=10)
    w.engine.settle()
    assert (w.engine.case(case.id).stage, len(heard(w, case.id))) == ("end", 1)


# -- when --------------------------------------------------------------------------------------------------------------


def test_an_event_from_before_the_listening_does_not_count_even_if_it_is_delivered_behind(world: Make) -> None:
    w = worlds(world)
    w.engine.create("order", {"card": "O-1"}, by=ANN)
    publish(w, order="O-2")
    late = w.engine.create("order", {"card": "O-2"}, by=ANN)
    w.engine.settle()
    assert w.engine.case(late.id).stage == "pay"


@pytest.mark.parametrize("remembered", [True, False])
def test_an_event_since_the_case_began_counts_where_it_is_remembered(world: Make, remembered: bool) -> None:
    w = worlds(
        world,
        plan(
            "order",
            stage("ask", collect("ask.ok", "note")),
            stage("pay", hears("pay.paid", PAID, order=case_field("card"), remembered=remembered)),
            stage("end", collect("end.check", "note")),
        ),
    )
    publish(w, order="O-1", n="before the case")
    w.pass_time(minutes=1)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    for n in (1, 2):
        publish(w, order="O-1", n=n)
    publish(w, order="O-9", n=3)
    w.engine.act(case.waiting.id, {}, by=ANN)
    w.engine.settle()
    assert [each["n"] for each in heard(w, case.id)] == ([1] if remembered else [])


def test_what_is_looked_up_comes_in_pages(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PAGE", 3)
    last = Reads(lambda roots: roots["event"]["n"] == 11, "event.n == 11")
    w = worlds(
        world,
        plan(
            "order",
            stage("ask", collect("ask.ok", "note")),
            stage("pay", hears("pay.paid", PAID, remembered=True, when=last)),
            stage("end", collect("end.check", "note")),
        ),
    )
    case = w.engine.create("order", by=ANN)
    for n in range(12):
        publish(w, n=n)
    w.engine.act(case.waiting.id, {}, by=ANN)
    w.engine.settle()
    assert (w.engine.case(case.id).stage, w.engine.next_due()) == ("end", None)


def test_many_listeners_are_told_in_pages_and_triggers_once(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PAGE", 2)
    trigger = Trigger("also", PAID, "", "", None, "survey", {})
    survey = plan("survey", stage("a", collect("a.ask", "note")))
    w = worlds(world, ORDER, survey, trigger={"also": trigger})
    cases = [w.engine.create("order", {"card": "O-1"}, by=ANN) for _ in range(7)]
    publish(w, order="O-1")
    w.engine.settle()
    assert [len(heard(w, case.id)) for case in cases] == [1] * 7
    assert len(w.engine.cases(case_type="survey")) == 1


# -- once, and in order ------------------------------------------------------------------------------------------------


def test_a_repeated_publication_reaches_a_listener_once(world: Make) -> None:
    w = worlds(world)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    for _ in range(2):
        w.engine.publish(PAID, {"order": "O-1"}, key="once")
        w.engine.settle()
    assert len(heard(w, case.id)) == 1


def test_workers_at_once_tell_a_listener_of_every_event_once_and_in_order(world: Make, file_url: str) -> None:
    counting = Sentry((OnEvent(PAID),), Reads(lambda roots: roots["event"] and roots["event"]["n"] == 39, "the last"))
    listener = plan(
        "order", stage("a", collect("a.wait", "note", exit=(counting,))), stage("b", collect("b.c", "note"))
    )
    w = worlds(world, listener, url=file_url)
    case = w.engine.create("order", by=ANN)
    others = [w.opened() for _ in range(3)]
    for engine in (w.engine, *others):
        engine.start_workers(2)
    for n in range(40):
        publish(w, n=n)
    finished = threading.Event()
    for _ in range(600):
        if w.engine.case(case.id).stage == "b":
            break
        w.clock.pass_time(timedelta(seconds=1))
        finished.wait(0.02)
    told = [each["n"] for each in heard(w, case.id)]
    for engine in others:
        engine.close()
    assert told == sorted(told)
    assert told[-1] == 39
    assert len(set(told)) == len(told)


def test_events_of_one_step_reach_a_listener_in_the_order_in_which_they_were_published(world: Make) -> None:
    steps = [effect(f"a.p{n}", fx.Publish, event=PAID, payload={"n": n}) for n in range(12)]
    publisher = plan("publisher", stage("a", *steps), stage("b", collect("b.c", "note")))
    last = Reads(lambda roots: roots["event"]["n"] == 11, "the last")
    listener = plan("order", stage("a", hears("a.wait", PAID, when=last)), stage("b", collect("b.c", "note")))
    w = worlds(world, publisher, listener)
    case = w.engine.create("order", by=ANN)
    w.engine.create("publisher", by=ANN)
    w.engine.settle()
    assert w.engine.case(case.id).stage == "b"
    rows = [e.key for e in w.engine.history(case.id)]
    assert len(rows) == 2


def test_an_event_that_was_given_up_holds_the_later_ones_not_back(world: Make) -> None:
    w = worlds(world)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    for n in (1, 2):
        publish(w, order="O-1", n=n)
    with w.engine._store.writing() as connection:
        connection.execute(update(t.job).where(t.job.c.id == "deliver:E-1").values(ready=None, last_error="a fault"))
    w.engine.settle()
    assert [each["n"] for each in heard(w, case.id)] == [2]


def test_an_event_does_not_overtake_an_earlier_one_that_is_not_handed_out_yet(world: Make) -> None:
    w = worlds(world)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    for n in (1, 2):
        publish(w, order="O-1", n=n)
    put_off_delivery(w, "E-1")
    w.engine.settle()
    assert heard(w, case.id) == []
    w.pass_time(seconds=1)
    assert [each["n"] for each in heard(w, case.id)] == [1]


def test_an_item_that_begins_by_one_event_misses_no_other_that_ends_it(world: Make) -> None:
    """Beginning, it stops listening for the first and goes on listening for the second, which is on its way by then."""
    begins, ends = Sentry((OnEvent(PAID, {"n": Constant(1)}),)), Sentry((OnEvent(PAID, {"n": Constant(2)}),))
    item = collect("a.wait", "note", entry=(begins,), exit=(ends,))
    w = worlds(world, plan("order", stage("a", item), stage("b", collect("b.c", "note"))))
    case = w.engine.create("order", by=ANN)
    for n in (1, 2):
        publish(w, n=n)
    put_off_delivery(w, "E-2")
    w.engine.settle()
    assert w.engine.case(case.id).waiting.path == "a.wait"
    w.pass_time(seconds=1)
    assert (w.engine.case(case.id).stage, [each["n"] for each in heard(w, case.id)]) == ("b", [1, 2])


# -- who tells ---------------------------------------------------------------------------------------------------------


def test_a_case_hears_what_another_case_publishes_and_what_it_publishes_itself(world: Make) -> None:
    told = effect("tell.it", fx.Publish, event=PAID, payload={"order": "O-1"})
    publisher = plan("publisher", stage("tell", told), stage("b", collect("b.c", "note")))
    w = worlds(world, ORDER, publisher)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    w.engine.create("publisher", by=ANN)
    w.engine.settle()
    assert w.engine.case(case.id).stage == "end"


def test_a_case_hears_of_an_interaction(world: Make) -> None:
    talk = hears("a.wait", "interaction.opened", customer_id="C-7")
    listener = plan("listener", stage("a", talk), stage("b", collect("b.c", "note")))
    w = worlds(
        world, listener, interaction_type={"call": InteractionType("call", "A call", "phone", "inbound", live=True)}
    )
    case = w.engine.create("listener", by=ANN)
    w.engine.open_interaction("call", customer_id="C-7", by=ANN)
    w.engine.settle()
    assert w.engine.case(case.id).stage == "b"


def test_a_case_of_an_older_release_hears_what_nothing_in_the_new_one_listens_for(world: Make) -> None:
    w = worlds(world)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    w.older["release 1.0.0"] = w.book
    w.engine.activate(Book.of(plan("other", stage("a", collect("a.b", "note"))), version="2.0.0", event=EVENTS))
    publish(w, order="O-1")
    w.engine.settle()
    assert w.engine.case(case.id).stage == "end"


def test_an_ended_case_listens_no_more(world: Make) -> None:
    w = worlds(world)
    case = w.engine.create("order", {"card": "O-1"}, by=ANN)
    publish(w, order="O-1")
    w.engine.cancel(case.id, by=ANN)
    assert w.engine.case(case.id).listeners == ()
    w.engine.settle()
    assert (heard(w, case.id), w.engine.incidents(), w.engine.next_due()) == ([], (), None)


def test_an_event_is_published_while_the_listener_begins_and_either_comes_first(world: Make, file_url: str) -> None:
    """However the two commits interleave, the event is heard exactly if it was published behind the beginning."""
    w = worlds(world, url=file_url)
    other = w.opened()
    cases: list[str] = []

    def begin() -> None:
        cases.extend(w.engine.create("order", {"card": "O-1"}, by=ANN).id for _ in range(20))

    thread = threading.Thread(target=begin)
    thread.start()
    for _ in range(20):
        other.publish(PAID, {"order": "O-1"})
    thread.join()
    other.close()
    w.engine.settle()
    published = {event.seq for event in w.engine.events() if event.name == PAID}
    for case_id in cases:
        waits = w.engine.case(case_id).stage == "pay"
        assert waits == (not published or after(file_url, case_id, max(published)))


def after(url: str, case_id: str, last: int) -> bool:
    """Whether a case that still listens began to do so behind the last event."""
    with closing(sqlite3.connect(Path(url.removeprefix("sqlite:///")))) as database:
        found = database.execute("SELECT after FROM listener WHERE case_id = ?", (case_id,)).fetchone()
    return found is not None and found[0] >= last
