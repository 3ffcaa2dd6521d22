from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from casewright import opening
from casewright.data.connectors import Connectors
from casewright.errors import CommandRefused
from casewright.machine.facts import Facts
from casewright.machine.plan import Constant, Field
from casewright.machine.policies import Connector, Operation, Simulation
from casewright.runtime.engine import Engine
from casewright.runtime.ports import Application
from casewright.runtime.releases import Releases, read_release
from casewright.runtime.store import tables as t
from casewright.runtime.store.store import Store
from tests.runtime.world import ANN, START, Book, Pages, Reads, World, call, collect, dialog_step, plan, stage
from tests.simulation.stories import RULES

Make = Callable[..., World]
OLD = plan("order", stage("a", collect("a.one", "note"), collect("a.two", "note")), digest="old")
NEW = plan("order", stage("a", collect("a.one", "note"), collect("a.three", "note")), digest="new")


def test_a_case_keeps_the_plan_that_it_began_with(world: Make) -> None:
    w = world(OLD)
    old = w.engine.create("order", by=ANN)
    w.older["release 1.0.0"] = w.book
    w.engine.activate(Book.of(NEW, version="2.0.0"))
    new = w.engine.create("order", by=ANN)
    assert w.engine.act(old.waiting.id, by=ANN).waiting.path == "a.two"
    assert w.engine.act(new.waiting.id, by=ANN).waiting.path == "a.three"
    assert (w.engine.case(old.id).release, w.engine.case(new.id).release) == ("release 1.0.0", "release 2.0.0")


def test_an_old_plan_is_compiled_again_once_from_what_was_stored(world: Make, file_url: str) -> None:
    w = world(OLD, url=file_url)
    case = w.engine.create("order", by=ANN)
    w.engine.close()
    w.engine = w.opened(Book.of(NEW, version="2.0.0"))
    seen: list[str] = []
    w.engine._releases._revive = lambda release: seen.append(release.trees["old"]) or w.book  # type: ignore[func-returns-value,return-value]
    assert w.engine.act(case.waiting.id, by=ANN).waiting.path == "a.two"
    w.engine.act(w.engine.case(case.id).waiting.id, by=ANN)
    assert seen == ["tree of case_type/order"]


def test_a_tree_is_stored_once_by_its_hash(world: Make) -> None:
    w = world(OLD)
    w.engine.activate(Book.of(OLD, NEW_OTHER, version="2.0.0"))
    with w.engine._store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(t.tree)) == 2
        assert connection.scalar(select(func.count()).select_from(t.release)) == 2


NEW_OTHER = replace(NEW, rule="case_type/other")


def test_an_active_release_is_not_activated_again(world: Make) -> None:
    w = world(OLD)
    w.engine.activate(w.book)
    w.engine.activate(Book.of(NEW, version="2.0.0"))
    w.engine.activate(w.book)
    with w.engine._store.reading() as connection:
        found = connection.scalars(select(t.activation.c.release).order_by(t.activation.c.seq)).all()
    assert found == ["release 1.0.0", "release 2.0.0", "release 1.0.0"]


def test_a_stored_release_is_read_back_whole(world: Make) -> None:
    w = world(OLD, NEW_OTHER)
    assert read_release(w.engine._store, "release 1.0.0") == w.book.release


def test_a_dialog_that_runs_keeps_its_words_when_a_new_release_has_others(world: Make) -> None:
    talk = plan("talk", stage("a", dialog_step("a.verify", "verify")))
    old = plan("verify", collect("one", "note"), collect("two", "note"), kind="dialog", digest="old dialog")
    new = plan("verify", collect("one", "note"), collect("three", "note"), kind="dialog", digest="new dialog")
    w = world(talk, old)
    case = w.engine.create("talk", by=ANN)
    assert case.waiting.screen is not None
    w.older["release 1.0.0"] = w.book
    w.engine.activate(Book.of(talk, new, version="2.0.0"))
    assert w.engine.act(case.waiting.id, by=ANN).waiting.path == "a.verify.two"
    assert w.engine.create("talk", by=ANN).items[-1].path == "a.verify.one"
    assert w.engine.replayed(case.id) == w.engine.snapshot(case.id)


def test_what_no_release_holds_is_named(world: Make) -> None:
    releases: Releases = world(OLD).engine._releases
    assert isinstance(Facts(START, ANN, releases).rules, Releases)
    with pytest.raises(LookupError, match="no release in this database holds the tree nowhere"):
        releases.by_digest("dialog", "verify", "nowhere")


# -- what is called and read follows the release -----------------------------------------------------------------------


PATH = Field("path", "text", str)
REFERENCE = Reads(lambda roots: roots["result"]["reference"])


def blocking(operation: str, answer: str) -> Connector:
    """A connector `cards` that has this one operation, and always gives the same reference."""
    simulated = Simulation(result={"reference": Constant(answer)})
    return Connector("cards", "simulated", {operation: Operation({"path": PATH}, simulated)})


def test_after_an_activation_the_new_connector_rule_is_called(tmp_path: Path) -> None:
    case_type = plan(
        "block", stage("a", call("a.call", "cards.block", {"reference": REFERENCE}), collect("a.check", "note"))
    )
    first, second = (
        Book.of(case_type, version=version, connector={"cards": blocking("block", answer)})
        for version, answer in (("1.0.0", "OLD"), ("2.0.0", "NEW"))
    )
    with Connectors(first.policies("connector")) as connectors:

        def follow(application: Application) -> None:
            connectors.adopt(application.policies("connector"))

        store = Store(f"sqlite:///{tmp_path / 'cases.db'}")
        with Engine(first, store, Pages(), connectors, lambda release: first, on_activate=follow) as engine:
            cases = [engine.create("block", by=ANN)]
            engine.settle()
            engine.activate(second)
            cases.append(engine.create("block", by=ANN))
            engine.settle()
            assert [engine.case(case.id).data["reference"] for case in cases] == ["OLD", "NEW"]


def test_after_an_activation_the_new_rules_of_a_folder_are_called(tmp_path: Path) -> None:
    for name, text in RULES.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    database = f"sqlite:///{tmp_path / 'cases.db'}"
    with opening.Engine.open(tmp_path, database=database) as engine:
        call_of = engine._work._connectors.call
        assert call_of("cards.block", {"card_id": "1"}, key="a") == {"reference": "BLK-1"}
        (tmp_path / "cards.yaml").write_text(RULES["cards"].replace("BLK-", "NEW-"), encoding="utf-8")
        engine.activate_layer(tmp_path)
        assert call_of("cards.block", {"card_id": "1"}, key="b") == {"reference": "NEW-1"}


# -- what another process puts in force --------------------------------------------------------------------------------


def test_an_engine_follows_the_release_that_another_one_has_put_in_force(world: Make, file_url: str) -> None:
    w = world(OLD, url=file_url)
    heard: list[str] = []
    w.engine._on_activate = lambda application: heard.append(application.release.id)
    w.engine._releases._look_every = 0.0
    w.engine.activate(w.book)
    second = Book.of(NEW, version="2.0.0")
    w.older["release 2.0.0"] = second
    with w.opened(second):
        assert w.engine.act(w.engine.create("order", by=ANN).waiting.id, by=ANN).waiting.path == "a.three"
        w.engine.catch_up()
    assert heard == ["release 1.0.0", "release 2.0.0"]


def test_a_worker_follows_it_too_before_it_looks_for_work(world: Make, file_url: str) -> None:
    w = world(OLD, url=file_url)
    w.engine._releases._look_every = 0.0
    w.engine.activate(w.book)
    w.older["release 2.0.0"] = Book.of(NEW, version="2.0.0")
    with w.opened(w.older["release 2.0.0"]):
        assert w.engine.application.release.id == "release 1.0.0"
        w.engine.settle()
    assert w.engine.application.release.id == "release 2.0.0"


def test_the_store_is_not_asked_for_every_command(world: Make, file_url: str) -> None:
    w = world(OLD, url=file_url)
    w.older["release 2.0.0"] = Book.of(NEW, version="2.0.0")
    w.engine._releases._look_at = float("inf")
    with w.opened(w.older["release 2.0.0"]):
        w.engine.create("order", by=ANN)
    assert w.engine.application.release.id == "release 1.0.0"


def test_a_release_that_cannot_be_compiled_here_is_logged_once_and_changes_nothing(
    world: Make, file_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    w = world(OLD, url=file_url)
    w.engine._releases._look_every = 0.0
    w.engine.activate(w.book)
    with w.opened(Book.of(NEW, version="2.0.0")):
        for _ in range(3):
            w.engine.create("order", by=ANN)
    assert w.engine.application.release.id == "release 1.0.0"
    assert [record.getMessage() for record in caplog.records] == [
        "the release release 2.0.0, in force since, cannot be used here: KeyError"
    ]


def test_a_case_type_without_stages_begins_no_case(world: Make) -> None:
    w = world(plan("work"))
    with pytest.raises(CommandRefused, match="work has no stages; create a case type that extends it") as refused:
        w.engine.create("work", by=ANN)
    assert refused.value.code == "no_stages"
