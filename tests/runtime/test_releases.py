from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from casewright.machine.facts import Facts
from casewright.runtime.releases import Releases, read_release
from casewright.runtime.store import tables as t
from tests.runtime.world import ANN, START, Book, World, collect, dialog_step, plan, stage

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
