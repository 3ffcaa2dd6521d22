"""A process that works on cases until it is stopped at a counted point below SQLAlchemy, to be killed there."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from casewright.machine import effects as fx
from casewright.machine.plan import Constant
from casewright.machine.policies import EventType
from casewright.runtime.clock import MovableClock
from casewright.runtime.engine import Engine
from casewright.runtime.store.store import Store
from tests.runtime.world import (
    ANN,
    BOB,
    QUEUES,
    START,
    Book,
    Connectors,
    Pages,
    Reads,
    branch,
    call,
    case_field,
    child,
    collect,
    effect,
    for_each,
    hears,
    parallel,
    plan,
    stage,
    text,
    to_queue,
    wait,
)

ROUNDS = 7
CASES = 3
MEETINGS = 2

ORDER = plan("order", stage("a", collect("a.pick", "reference", target=to_queue("card_ops"))))
CARD = plan(
    "card",
    stage("ask", collect("ask.details", "card", "reason", target=to_queue("card_ops"))),
    stage(
        "block", call("block.call", "cards.block", {"reference": Reads(lambda r: r["result"]["reference"])}, retry=3)
    ),
    stage("order", child("order.card", "order")),
    stage(
        "tell",
        effect("tell.send", fx.Send, correspondence="ok", channel="email", to="a@b.c", subject="S", body="B"),
        effect("tell.note", fx.AddNote, text="blocked"),
        effect("tell.publish", fx.Publish, event="card.blocked", payload={}),
        wait("tell.pause", "30m"),
    ),
    stage("close", collect("close.confirm", "note", target=to_queue("card_ops"))),
)
MEET = plan(
    "meet",
    stage(
        "both",
        parallel(
            "both.sides",
            branch("both.sides.hear", hears("both.sides.hear.it", "card.blocked", remembered=True)),
            branch(
                "both.sides.each",
                for_each("both.sides.each.of", Constant([1, 2]), collect("fill", "note", target=to_queue("card_ops"))),
            ),
        ),
    ),
    stage("later", hears("later.paid", "card.paid", number=case_field("card"))),
)
FILLS = {
    "ask.details": {"card": "4711", "reason": "lost"},
    "a.pick": {"reference": "R"},
    "close.confirm": {"note": "n"},
    "both.sides.each.of.1.fill": {},
    "both.sides.each.of.2.fill": {},
}
EVENTS = {"card.paid": EventType("card.paid", {"number": text("number")})}

Tell = Callable[[str, str, int], None]


def opened(url: str, now: datetime) -> tuple[Engine, Connectors]:
    """An engine on the file, with a connector that fails once."""
    connectors = Connectors(failing=1)
    book = Book.of(CARD, ORDER, MEET, work_queue=QUEUES, event=EVENTS)
    engine = Engine(book, Store(url), Pages(), connectors, lambda release: book, clock=MovableClock(now))
    return engine, connectors


def live(engine: Engine, tell: Tell) -> None:
    """Takes the cases to their end. Every command has a key, so the whole may be run again after any interruption."""
    for number in range(CASES):
        key = f"create {number}"
        case = engine.create("card", {"note": str(number)}, by=ANN, key=key)
        tell(key, case.id, case.version)
    for number in range(MEETINGS):
        key = f"meet {number}"
        case = engine.create("meet", {"card": f"N-{number}"}, by=ANN, key=key)
        tell(key, case.id, case.version)
    for turn in range(ROUNDS):
        if turn == ROUNDS - 1:
            for number in range(MEETINGS):
                engine.publish("card.paid", {"number": f"N-{number}"}, key=f"paid {number}")
        for work in engine.worklist(BOB):
            key = f"act {work.case_id} {work.path} {work.visit}"
            case = engine.act(work.id, FILLS[work.path], by=BOB, key=key)
            tell(key, case.id, case.version)
        engine.settle(until=engine._clock() + timedelta(hours=1))


class Counter:
    """Counts the points before and after every statement, and at one of them says so and stands still."""

    def __init__(self, stop_at: int, arrived: Callable[[], None]) -> None:
        self.seen, self._stop_at, self._arrived, self.on = 0, stop_at, arrived, False

    def pass_point(self) -> None:
        if not self.on:
            return
        self.seen += 1
        if self.seen == self._stop_at:
            self._arrived()
            threading.Event().wait()


def counted(counter: Counter) -> Callable[..., sqlite3.Connection]:
    """A `sqlite3.connect` whose cursors pass the counter's points."""

    class Cursor(sqlite3.Cursor):
        def execute(self, *arguments: Any) -> Cursor:
            counter.pass_point()
            super().execute(*arguments)
            counter.pass_point()
            return self

        def executemany(self, *arguments: Any) -> Cursor:
            counter.pass_point()
            super().executemany(*arguments)
            counter.pass_point()
            return self

    class Counted(sqlite3.Connection):
        def cursor(self, *_: Any) -> Cursor:  # type: ignore[override]
            return super().cursor(Cursor)

    connect = sqlite3.connect
    return lambda *arguments, **more: connect(*arguments, **{**more, "factory": Counted})


def run(url: str, stop_at: int, parent: Connection) -> None:
    """Works until the point, telling each acknowledged step; or to the end, telling how many points there were."""
    counter = Counter(stop_at, lambda: parent.send(("stopped", counter.seen)))
    sqlite3.dbapi2.connect = counted(counter)  # type: ignore[assignment]
    engine, _ = opened(url, START)
    counter.on = True
    live(engine, lambda key, case_id, version: parent.send(("acknowledged", (key, case_id, version))))
    counter.on = False
    engine.close()
    parent.send(("ended", counter.seen))
