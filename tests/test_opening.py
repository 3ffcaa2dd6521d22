"""The composition root: one line to an engine with all its parts."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright import Actor, Call, Engine, MovableClock, RulesRejected
from casewright.errors import CallablesRefused, StoreUnavailable
from casewright.opening import compile_application, open_engine
from tests.simulation.stories import RULES, application

ANNA = Actor("anna")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    folder.mkdir()
    for name, text in RULES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_an_engine_is_opened_from_a_folder_and_a_database(layer: Path, tmp_path: Path) -> None:
    with Engine.open(layer, database=f"sqlite:///{tmp_path / 'x.db'}", clock=MovableClock(NOON)) as engine:
        case = engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
        assert case.waiting.text == "Good day, Ada Lovelace."
    with Engine.open(str(layer), database=f"sqlite:///{tmp_path / 'x.db'}", clock=MovableClock(NOON)) as engine:
        assert engine.case(case.id).waiting.path == "identify.verify.greet"


def test_with_a_memory_an_engine_opens_again_on_what_was_checked_before(layer: Path, tmp_path: Path) -> None:
    memory, database = tmp_path / "memory", f"sqlite:///{tmp_path / 'x.db'}"
    with Engine.open(layer, database=database, clock=MovableClock(NOON), memory=memory) as engine:
        case = engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
    assert len(list(memory.iterdir())) == 1
    with Engine.open(layer, database=database, clock=MovableClock(NOON), memory=str(memory)) as engine:
        assert engine.case(case.id).waiting.text == "Good day, Ada Lovelace."
        again = engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
        assert again.waiting.text == case.waiting.text


def test_rules_with_errors_are_refused_with_all_their_problems(layer: Path) -> None:
    (layer / "wrong.yaml").write_text("extend: dialog/nothing\n", encoding="utf-8")
    (layer / "worse.yaml").write_text("extend: dialog/nobody\n", encoding="utf-8")
    with pytest.raises(RulesRejected) as refused:
        Engine.open(layer, database="sqlite://")
    assert [problem.code for problem in refused.value.problems] == ["E104", "E104"]


def test_a_database_that_cannot_be_opened_is_said_as_such(layer: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Engine.open(layer, database=f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'x.db'}")


def test_a_host_registers_callables_for_connectors_of_its_own(layer: Path) -> None:
    cards = RULES["cards"].replace("source: simulated", "source: callable")
    (layer / "cards.yaml").write_text("\n".join(row for row in cards.splitlines() if "simulate:" not in row))
    asked: list[Call] = []

    def block(call: Call) -> dict[str, str]:
        asked.append(call)
        return {"reference": "HOST-1"}

    with Engine.open(layer, database="sqlite://", callables={"cards.block": block}, clock=MovableClock(NOON)) as engine:
        case = engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
        engine.act(case.waiting.id, by=ANNA)
        engine.act(engine.case(case.id).waiting.id, {"answer": "1990-05-12"}, by=ANNA)
        engine.act(engine.case(case.id).waiting.id, {"card": "CARD-1"}, by=ANNA)
        engine.settle()
        assert engine.case(case.id).data["reference"] == "HOST-1"
    assert [(call.name, call.arguments, call.now) for call in asked] == [("cards.block", {"card_id": "CARD-1"}, NOON)]
    assert asked[0].key.startswith("job:")


def test_callables_and_operations_must_fit_each_other(layer: Path) -> None:
    (layer / "cards.yaml").write_text(RULES["cards"].replace("source: simulated", "source: callable"))
    with pytest.raises(CallablesRefused) as refused:
        Engine.open(layer, database="sqlite://", callables={"cards.blok": print})
    assert str(refused.value) == (
        "the host's callables do not fit the rules: there is none for cards.block, whose source is callable; "
        "'cards.blok' is no operation of a connector; did you mean 'cards.block'?"
    )
    assert (refused.value.missing, refused.value.unknown) == (("cards.block",), ("cards.blok",))


def test_new_rules_that_need_another_callable_are_not_put_in_force(layer: Path) -> None:
    with Engine.open(layer, database="sqlite://", clock=MovableClock(NOON)) as engine:
        before = engine.application.release.id
        (layer / "cards.yaml").write_text(RULES["cards"].replace("source: simulated", "source: callable"))
        with pytest.raises(CallablesRefused):
            engine.activate_layer(layer)
        assert engine.application.release.id == before


def test_new_rules_are_for_new_cases_and_old_cases_keep_theirs(layer: Path) -> None:
    with Engine.open(layer, database="sqlite://", clock=MovableClock(NOON)) as engine:
        old = engine.create("order", {"card": "CARD-1"}, by=ANNA)
        (layer / "order.yaml").write_text(RULES["order"].replace("An ordered card", "A card"), encoding="utf-8")
        engine.activate_layer(layer)
        assert engine.case(old.id).label == "An ordered card"
        assert engine.create("order", {"card": "CARD-1"}, by=ANNA).label == "A card"


def test_an_old_case_is_carried_on_by_a_process_that_knows_only_the_new_rules(layer: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'x.db'}"
    with Engine.open(layer, database=database, clock=MovableClock(NOON)) as engine:
        old = engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
    (layer / "lost.yaml").write_text(RULES["lost"].replace("fields: [card, incident]", "fields: [card]"))
    with Engine.open(layer, database=database, clock=MovableClock(NOON)) as engine:
        engine.act(engine.case(old.id).waiting.id, by=ANNA)
        engine.act(engine.case(old.id).waiting.id, {"answer": "1990-05-12"}, by=ANNA)
        assert engine.act(engine.case(old.id).waiting.id, {"card": "CARD-1", "incident": "lost"}, by=ANNA)


def test_the_history_of_a_customer_is_a_page_of_our_own(layer: Path) -> None:
    line = "define: data_type/line\nkey: id\nfields:\n  id: {type: id}\n  type: {type: id}\n  status: {type: text}\n"
    page = (
        "define: data_page/D_Cases\nreturns: list of line\nparameters: {customer_id: {type: id, required: true}}\n"
        "source: {internal: case_history}\n"
    )
    lost = RULES["lost"].replace(
        "context: {customer:",
        "context: {cases: {page: D_Cases, with: {customer_id: =case.customer_id}}, customer:",
    )
    lost = lost.replace(
        "fields: [card, incident]}",
        'fields: [card, incident], label: Details}\n      - {id: many, do: note, text: "{{ size(cases) }} cases"}',
    )
    for name, text in (("line", line), ("D_Cases", page), ("lost", lost)):
        (layer / f"{name}.yaml").write_text(text, encoding="utf-8")
    with Engine.open(layer, database="sqlite://", clock=MovableClock(NOON)) as engine:
        engine.create("lost", {"customer_id": "C-2"}, by=ANNA)
        engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
        case = engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
        engine.act(case.waiting.id, by=ANNA)
        engine.act(engine.case(case.id).waiting.id, {"answer": "1990-05-12"}, by=ANNA)
        engine.act(engine.case(case.id).waiting.id, {"card": "CARD-1"}, by=ANNA)
        assert [note.body for note in engine.notes(case.id)] == ["2 cases"]


def test_closing_ends_every_thread(layer: Path) -> None:
    before = threading.active_count()
    with Engine.open(layer, database="sqlite://") as engine:
        engine.start_workers(2)
        engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
        assert threading.active_count() > before
    assert threading.active_count() == before


def test_an_application_may_be_opened_twice() -> None:
    with (
        open_engine(application(), database="sqlite://") as one,
        open_engine(application(), database="sqlite://") as two,
    ):
        one.create("order", {"card": "CARD-1"}, by=ANNA)
        assert (len(one.cases()), len(two.cases())) == (1, 0)


def test_the_shipped_layers_are_found(tmp_path: Path) -> None:
    (tmp_path / "layer.yaml").write_text("layer: mine\nversion: 0.1.0\nbuilt_on: [service]\n", encoding="utf-8")
    assert "report_lost_card" in compile_application(tmp_path).policies("case_type")


def test_an_engine_calls_and_reads_by_the_rules_that_another_process_put_in_force(layer: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'x.db'}"
    with Engine.open(layer, database=database, clock=MovableClock(NOON)) as engine:
        engine._releases._look_at = float("-inf")
        (layer / "cards.yaml").write_text(RULES["cards"].replace("BLK-", "NEW-"), encoding="utf-8")
        with Engine.open(layer, database=database, clock=MovableClock(NOON)) as another:
            assert another.application.release.id != engine.application.release.id
        case = engine.create("lost", {"customer_id": "C-1"}, by=ANNA)
        engine.act(case.waiting.id, by=ANNA)
        engine.act(engine.case(case.id).waiting.id, {"answer": "1990-05-12"}, by=ANNA)
        engine.act(engine.case(case.id).waiting.id, {"card": "CARD-1"}, by=ANNA)
        engine.settle()
        assert engine.case(case.id).data["reference"].startswith("NEW-")
