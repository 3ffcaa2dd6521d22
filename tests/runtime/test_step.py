from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casewright.errors import (
    CaseConflict,
    CaseNotFound,
    CommandRefused,
    KeyReused,
    StoreUnavailable,
)
from casewright.machine import charts
from casewright.machine.commands import Cancel, Goto, Submit
from casewright.machine.plan import Constant, Context, Field
from casewright.runtime import step
from casewright.runtime.store.store import Outcome, Store
from tests.runtime.world import ANN, BOB, LOST_CARD, START, Reads, World, call, collect, plan, stage

Make = Callable[..., World]
CARD = {"card": "4711", "reason": "lost"}


def test_a_case_goes_from_its_first_assignment_to_its_end(world: Make) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN)
    case = w.engine.act(case.waiting.id, CARD, by=ANN)
    w.engine.settle()
    case = w.engine.case(case.id)
    assert (case.stage, case.data["reference"]) == ("close", "REF-1")
    case = w.engine.act(case.waiting.id, {"note": "told him"}, by=BOB)
    assert (case.status, case.version, case.assignments) == ("Resolved-Completed", 4, ())


def test_a_step_leaves_a_history_without_a_gap(world: Make) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN, key="start")
    w.engine.act(case.waiting.id, CARD, by=ANN, key="fill")
    w.engine.settle()
    kinds = [(e.seq, e.kind, e.actor.id, e.key) for e in w.engine.history(case.id)]
    assert kinds == [
        (1, "Create", "ann", "start"),
        (2, "Submit", "ann", "fill"),
        (3, "Result", "system", "job:C-1.2.1"),
    ]


def test_history_says_what_was_asked_and_what_came_of_it(world: Make) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN)
    w.engine.act(case.waiting.id, CARD, by=ANN)
    entry = w.engine.history(case.id)[1]
    assert entry.command == Submit("identify.details", 1, CARD)
    assert (entry.at, entry.status, entry.stage, entry.digest) == (START, "Open", "block", "hash of lost_card")
    assert entry.effects[1] == ("CallConnector", "call cards.block")


def test_a_case_is_there_after_the_engine_was_closed(world: Make, file_url: str) -> None:
    w = world(LOST_CARD, url=file_url)
    case = w.engine.create("lost_card", by=ANN)
    w.engine.close()
    w.engine = w.opened()
    assert w.engine.case(case.id) == case


def test_a_repeated_creation_gives_the_same_case(world: Make) -> None:
    w = world(LOST_CARD)
    first = w.engine.create("lost_card", {"card": "1"}, by=ANN, key="k")
    again = w.engine.create("lost_card", {"card": "1"}, by=ANN, key="k")
    assert again == first
    assert len(w.engine.cases()) == 1


def test_a_repeated_command_changes_nothing(world: Make) -> None:
    w = world(LOST_CARD)
    work = w.engine.create("lost_card", by=ANN).waiting
    first = w.engine.act(work.id, CARD, by=ANN, key="k")
    again = w.engine.act(work.id, CARD, by=ANN, key="k")
    assert again == first
    assert len(w.engine.history(first.id)) == 2


def test_a_repeated_command_is_acknowledged_with_the_step_it_made_then(world: Make) -> None:
    w = world(LOST_CARD)
    work = w.engine.create("lost_card", by=ANN).waiting
    command = Submit(work.path, 1, CARD)
    first = w.engine.perform(work.case_id, command, by=ANN, key="k")
    w.engine.settle()
    again = w.engine.perform(work.case_id, command, by=ANN, key="k")
    assert (first.repeated, again.repeated, again.version) == (False, True, first.version)


@pytest.mark.parametrize("other", [{"card": "2"}, {"card": "1", "reason": "lost"}])
def test_a_key_stands_for_one_request_only(world: Make, other: dict[str, str]) -> None:
    w = world(LOST_CARD)
    w.engine.create("lost_card", {"card": "1"}, by=ANN, key="k")
    with pytest.raises(KeyReused, match="the key 'k' was used before"):
        w.engine.create("lost_card", other, by=ANN, key="k")


def test_a_key_of_a_case_cannot_be_used_for_another_command(world: Make) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN, key="k")
    with pytest.raises(KeyReused):
        w.engine.cancel(case.id, by=ANN, key="k")
    assert w.engine.case(case.id).status == "Open"


def test_a_key_that_was_forgotten_stands_for_nothing(world: Make) -> None:
    w = world(LOST_CARD)
    w.engine.create("lost_card", by=ANN, key="k")
    assert w.engine.forget_keys(START) == 0
    assert w.engine.forget_keys(START + timedelta(seconds=1)) == 1
    assert w.engine.create("lost_card", by=ANN, key="k").id == "C-2"


def test_a_refused_command_leaves_nothing_and_its_key_free(world: Make) -> None:
    w = world(LOST_CARD)
    work = w.engine.create("lost_card", by=ANN).waiting
    with pytest.raises(CommandRefused) as refused:
        w.engine.act(work.id, {"reason": 3, "crad": "x"}, by=ANN, key="k")
    assert {name for name, _ in refused.value.details} == {"reason", "crad", "card"}
    assert len(w.engine.history(work.case_id)) == 1
    w.engine.act(work.id, CARD, by=ANN, key="k")
    assert len(w.engine.history(work.case_id)) == 2


def test_an_assignment_is_completed_once(world: Make) -> None:
    w = world(LOST_CARD)
    work = w.engine.create("lost_card", by=ANN).waiting
    w.engine.act(work.id, CARD, by=ANN)
    with pytest.raises(CommandRefused) as refused:
        w.engine.act(work.id, CARD, by=ANN)
    assert refused.value.code == "ended"


def test_a_case_that_is_not_there_is_named(world: Make) -> None:
    with pytest.raises(CaseNotFound, match="no case 'C-9'"):
        world(LOST_CARD).engine.perform("C-9", Cancel(), by=ANN)


def test_a_case_type_that_is_not_there_is_refused(world: Make) -> None:
    with pytest.raises(CommandRefused, match="lost_crad"):
        world(LOST_CARD).engine.create("lost_crad", by=ANN)


def test_of_many_who_race_on_one_case_each_takes_his_step_once(world: Make, file_url: str) -> None:
    racing = plan("racing", stage("a", *(collect(f"a.s{n}", "note") for n in range(3))))
    w = world(racing, url=file_url)
    case = w.engine.create("racing", by=ANN)
    got: list[Any] = []

    def run(number: int) -> None:
        for target in ("a", "a"):
            got.append(w.engine.perform(case.id, Goto(target, str(number)), by=ANN, key=f"{number}{len(got)}"))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.version for receipt in got) == list(range(2, 10))
    assert [entry.seq for entry in w.engine.history(case.id)] == list(range(1, 10))
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_of_two_with_one_key_one_is_told_that_it_was_done(world: Make, file_url: str) -> None:
    w = world(LOST_CARD, url=file_url)
    work = w.engine.create("lost_card", by=ANN).waiting
    got: list[Any] = []
    command = Submit(work.path, 1, CARD)
    threads = [
        threading.Thread(target=lambda: got.append(w.engine.perform(work.case_id, command, by=ANN, key="k")))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.repeated for receipt in got) == [False, True, True, True, True]
    assert {receipt.version for receipt in got} == {2}


def test_a_loser_starts_again_from_the_read(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN)
    lost: list[int] = []
    commit = Store.commit

    def loses_twice(self: Store, batch: Any) -> Outcome:
        lost.append(1)
        return commit(self, batch) if len(lost) > 2 else Outcome.CONFLICT

    monkeypatch.setattr(Store, "commit", loses_twice)
    assert w.engine.cancel(case.id, by=ANN).version == 2
    assert len(lost) == 3


def test_one_who_always_loses_is_told_so(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN)
    monkeypatch.setattr(Store, "commit", lambda self, batch: Outcome.CONFLICT)
    monkeypatch.setattr(step, "REST_SECONDS", 0.0)
    with pytest.raises(CaseConflict, match="nothing was done, try again"):
        w.engine.cancel(case.id, by=ANN)


def test_an_error_in_the_middle_of_a_transaction_undoes_it(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN)
    monkeypatch.setattr("casewright.runtime.rows.told", lambda effect: [object()])
    with pytest.raises(TypeError):
        w.engine.cancel(case.id, by=ANN)
    monkeypatch.undo()
    broken = w.engine._store.statements.add_history
    object.__setattr__(broken, "sql", broken.sql.replace("INSERT INTO history", "INSERT INTO histories"))
    with pytest.raises(StoreUnavailable, match="no such table: histories"):
        w.engine.cancel(case.id, by=ANN)
    object.__setattr__(broken, "sql", broken.sql.replace("histories", "history"))
    assert w.engine.case(case.id) == case
    assert w.engine.cancel(case.id, by=ANN).version == 2


# -- facts -------------------------------------------------------------------------------------------------------------

ASKS = plan(
    "asks",
    stage("a", collect("a.s", "note", when=Reads(lambda roots: roots["customer"]["segment"] == "VIP", "is a VIP"))),
    stage("b", collect("b.s", "note")),
    context={"customer": Context("customer", "D_Customer", {"id": Constant("7")})},
)


def test_pages_are_read_before_it_is_decided_and_kept_in_history(world: Make) -> None:
    w = world(ASKS)
    w.pages.pages["D_Customer"] = lambda parameters: {"segment": "VIP", "id": parameters["id"]}
    case = w.engine.create("asks", by=ANN)
    assert case.stage == "a"
    assert list(w.engine.history(case.id)[0].pages.values()) == [{"segment": "VIP", "id": "7"}]


def test_replay_asks_no_source(world: Make) -> None:
    w = world(ASKS)
    w.pages.pages["D_Customer"] = lambda parameters: {"segment": "VIP"}
    case = w.engine.create("asks", by=ANN)
    w.pages.reads.clear()
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)
    assert w.pages.reads == []


def test_a_command_whose_page_cannot_be_read_is_acknowledged_and_waits(world: Make) -> None:
    w = world(ASKS)
    case = w.engine.create("asks", by=ANN)
    assert (case.status, case.stage, case.assignments) == ("Open", charts.START, ())
    w.engine.settle()
    assert w.engine.case(case.id).version == 1
    w.pages.pages["D_Customer"] = lambda parameters: {"segment": "VIP"}
    w.pass_time(minutes=10)
    case = w.engine.case(case.id)
    assert (case.stage, case.waiting.path) == ("a", "a.s")
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_a_page_that_stays_away_is_an_incident_until_it_comes_back(world: Make) -> None:
    w = world(ASKS)
    w.engine.create("asks", by=ANN)
    w.pass_time(minutes=1)
    (incident,) = w.engine.incidents()
    assert incident.error == "page 'D_Customer' cannot be read: 'D_Customer'"
    w.pages.pages["D_Customer"] = lambda parameters: {"segment": "VIP"}
    w.pass_time(minutes=10)
    assert w.engine.incidents() == ()


def test_an_event_of_a_step_reaches_the_pages(world: Make) -> None:
    w = world(LOST_CARD)
    case = w.engine.create("lost_card", by=ANN)
    w.engine.cancel(case.id, by=ANN)
    assert w.pages.heard == ["case.resolved"]


def test_exact_values_stay_exact(world: Make) -> None:
    fee = Field("fee", "money", lambda value: value)
    w = world(plan("fees", stage("a", collect("a.s", "fee")), fields={"fee": fee}))
    from decimal import Decimal

    case = w.engine.create("fees", {"fee": Decimal("15.00")}, by=ANN)
    assert str(case.data["fee"]) == "15.00"


def test_an_answer_that_cannot_be_kept_fails_the_call(world: Make) -> None:
    w = world(plan("calls", stage("a", call("a.c", "cards.block"))))
    w.connectors.answer = object()
    case = w.engine.create("calls", by=ANN)
    w.engine.settle()
    (incident,) = w.engine.incidents(case_id=case.id)
    assert "a object cannot be stored" in incident.error
