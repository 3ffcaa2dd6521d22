"""A customer's cases and engagements, as the data pages of our own records give them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casewright import SYSTEM, Actor, MovableClock
from casewright.opening import internal_sources, open_engine
from casewright.runtime.customers import MOST, case_history, interaction_history
from tests.simulation.stories import application

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANNA = Actor("anna")


def test_cases_and_engagements_of_one_customer_the_newest_first() -> None:
    clock = MovableClock(NOON)
    with open_engine(application(), database="sqlite://", clock=clock) as engine:
        for customer in ("C-1", "C-2", "C-1"):
            engine.open_interaction("inbound", customer_id=customer, by=ANNA)
            engine.create("lost", {"customer_id": customer}, by=ANNA)
            clock.pass_time(timedelta(hours=1))
        engine.cancel("C-1", by=SYSTEM)
        cases = case_history(engine._store, "C-1")
        assert [(case["id"], case["label"], case["status"]) for case in cases] == [
            ("C-3", "Lost", "Open"),
            ("C-1", "Lost", "Resolved-Cancelled"),
        ]
        assert [case["resolved_at"] for case in cases] == [None, NOON + timedelta(hours=3)]
        calls = interaction_history(engine._store, "C-1")
        assert [(call["id"], call["channel"], call["opened_at"]) for call in calls] == [
            ("I-3", "phone", NOON + timedelta(hours=2)),
            ("I-1", "phone", NOON),
        ]


def test_a_history_is_bounded_and_empty_for_a_stranger() -> None:
    with open_engine(application(), database="sqlite://", clock=MovableClock(NOON)) as engine:
        for _ in range(MOST + 1):
            engine.open_interaction("inbound", customer_id="C-1", by=ANNA)
        sources = internal_sources(engine._store)
        assert len(sources["interaction_history"]({"customer_id": "C-1"})) == MOST
        assert sources["case_history"]({"customer_id": "nobody"}) == []
