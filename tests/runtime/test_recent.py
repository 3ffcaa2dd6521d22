from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.errors import CommandRefused
from casewright.machine.commands import Goto, Submit
from casewright.machine.decision import Decision
from casewright.machine.effects import StartTimer
from casewright.machine.facts import Facts
from casewright.machine.plan import Field
from casewright.machine.snapshot import ItemLife, ItemState, Parked, Snapshot
from casewright.runtime import step
from casewright.runtime.codec import encode
from casewright.runtime.recent import Recent
from casewright.runtime.request import Request
from casewright.runtime.rows import Step, written
from casewright.runtime.store.cases import LARGEST, Kept, kept_after, load
from casewright.runtime.store.store import Store
from tests.runtime.world import ANN, LOST_CARD, World, collect, plan, stage

Make = Callable[..., World]
CARD = {"card": "4711", "reason": "stolen"}


def kept(case_id: str, version: int = 1) -> Kept:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Kept(Snapshot(case_id, "t", "d", version, "Open", "a", {}, {}, {}, at, "ann"), "r", 0)


def test_the_memory_is_bounded_and_what_came_last_is_in_it() -> None:
    recent = Recent(capacity=10)
    for number in range(1000):
        recent.keep(kept(f"C-{number}"))
    known = [number for number in range(1000) if recent.get(f"C-{number}")]
    assert 10 <= len(known) <= 20
    assert known == list(range(1000 - len(known), 1000))


def test_a_case_is_remembered_as_it_was_written_last() -> None:
    recent = Recent(capacity=2)
    for each in (kept("C-1", 1), kept("C-2"), kept("C-1", 2), kept("C-3")):
        recent.keep(each)
    remembered = recent.get("C-1")
    assert remembered is not None
    assert remembered.snapshot.version == 2
    recent.forget("C-1")
    assert recent.get("C-1") is None


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cases that steps read from the store from now on."""
    read: list[str] = []

    def noted(store: Store, case_id: str) -> Kept | None:
        read.append(case_id)
        return load(store, case_id)

    monkeypatch.setattr(step, "load", noted)
    return read


def test_the_next_step_of_a_case_reads_nothing(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w, read = world(LOST_CARD), reads(monkeypatch)
    case = w.engine.create("lost_card", by=ANN)
    assert w.engine.perform(case.id, Submit("identify.details", 1, CARD), by=ANN).version == 2
    assert read == []


def test_what_another_process_did_is_seen(world: Make, file_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(LOST_CARD, url=file_url)
    with w.opened() as other:
        case = w.engine.create("lost_card", by=ANN)
        other.perform(case.id, Submit("identify.details", 1, CARD), by=ANN)
        read = reads(monkeypatch)
        assert w.engine.cancel(case.id, by=ANN).version == 3
        assert read == [case.id]
        assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_nobody_is_refused_for_what_another_process_has_changed(world: Make, file_url: str) -> None:
    w = world(plan("two", stage("a", collect("a.one", "note"), collect("a.two", "note"))), url=file_url)
    with w.opened() as other:
        case = w.engine.create("two", by=ANN)
        other.perform(case.id, Submit("a.one"), by=ANN)
        assert w.engine.perform(case.id, Submit("a.two"), by=ANN).status == "Resolved-Completed"


def test_a_refusal_is_about_the_case_as_it_stands(world: Make, file_url: str) -> None:
    w = world(LOST_CARD, url=file_url)
    with w.opened() as other:
        case = w.engine.create("lost_card", by=ANN)
        other.cancel(case.id, by=ANN)
        with pytest.raises(CommandRefused, match="is resolved"):
            w.engine.perform(case.id, Submit("identify.details", 1, CARD), by=ANN)


def test_two_processes_that_take_turns_lose_nothing(world: Make, file_url: str) -> None:
    w = world(LOST_CARD, url=file_url)
    with w.opened() as other:
        case = w.engine.create("lost_card", by=ANN)
        for number in range(10):
            (w.engine, other)[number % 2].perform(case.id, Goto("identify"), by=ANN, key=f"{number}")
        assert [entry.seq for entry in w.engine.history(case.id)] == list(range(1, 12))


def test_a_caller_cannot_change_a_case_by_what_he_handed_in(world: Make) -> None:
    fields = {"cards": Field("cards", "list of text", lambda value: value)}
    w = world(plan("many", stage("a", collect("a.one", "cards"), collect("a.two", "cards")), fields=fields))
    case, cards = w.engine.create("many", by=ANN), ["4711"]
    w.engine.perform(case.id, Submit("a.one", 1, {"cards": cards}), by=ANN)
    cards.append("4712")
    w.engine.perform(case.id, Submit("a.two"), by=ANN)
    assert w.engine.snapshot(case.id).data == {"cards": ["4711"]}


# -- what is remembered is what would be read --------------------------------------------------------------------------

BERLIN = timezone(timedelta(hours=1))
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.decimals(allow_nan=False), st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC, BERLIN])), st.floats(allow_nan=False),
    st.sampled_from([ItemLife.ACTIVE, date(2026, 1, 1), timedelta(2), frozenset({"a"})]),
)  # fmt: skip
VALUES = st.dictionaries(
    st.text(max_size=4), st.one_of(SCALARS, st.lists(SCALARS, max_size=2), st.tuples(SCALARS)), max_size=3
)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@given(data=VALUES, answers=VALUES, zone=st.sampled_from([UTC, BERLIN]))
@settings(max_examples=150, deadline=None)
def test_what_is_remembered_is_to_the_letter_what_would_be_read(data: Any, answers: Any, zone: Any) -> None:
    items = {"a": ItemState("a", 1, "stage", ItemLife.ACTIVE, "one", values=answers)}
    timer = StartTimer("t", NOW.astimezone(zone), "goal")
    before = Snapshot("C-1", "t", "d", 1, "Open", "a", {}, {}, {}, NOW, "ann")
    with Store("sqlite://") as store:
        remembered = stored(store, before, data, items, {"t": timer})
        read = load(store, "C-1")
    assert remembered is None or repr(remembered) == repr(read)
    assert remembered is not None or zone is BERLIN


def stored(store: Store, before: Snapshot, data: Any, items: Any, timers: Any) -> Kept | None:
    """What is remembered of a case that goes on to a state with these values, which is stored."""

    def commit(old: Snapshot | None, new: Snapshot) -> Any:
        decision = Decision(new, items=tuple(new.items.values()))
        facts = Facts(NOW, ANN, rules=None)  # type: ignore[arg-type]
        request = Request("C-1", Goto("a"), ANN)
        made = Step(request, old, decision, facts, "r", "{}", encode(ANN), "", lambda event: False)
        writing = written(made, store.statements)
        store.commit(writing.batch)
        return writing

    commit(None, before)
    after = replace(before, version=2, data=data, items=items, timers=timers)
    writing = commit(before, after)
    return kept_after(after, "r", writing.now, writing.data)


def test_a_case_that_is_too_large_or_waits_for_a_page_is_read() -> None:
    snapshot = kept("C-1").snapshot
    assert kept_after(snapshot, "r", 0, "{}") is not None
    assert kept_after(snapshot, "r", 0, "x" * (LARGEST + 1)) is None
    assert kept_after(replace(snapshot, parked=(Parked(Goto("a"), ANN),)), "r", 0, "{}") is None
