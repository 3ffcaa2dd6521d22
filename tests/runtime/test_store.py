from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from casewright.errors import StoreUnavailable
from casewright.runtime.store import statements as s
from casewright.runtime.store import tables as t
from casewright.runtime.store.store import Batch, Outcome, Store


def event_row(number: int) -> tuple[Any, ...]:
    return (f"E-{number}", "happened", "", 0, "{}")


def pragma(store: Store, name: str) -> Any:
    ((value,),) = store.read(s.Statement(f"PRAGMA {name}", ()))
    return value


@pytest.mark.parametrize(("durability", "synchronous"), [("full", 2), ("normal", 1)])
def test_a_file_is_written_ahead_and_as_durably_as_asked(file_url: str, durability: Any, synchronous: int) -> None:
    with Store(file_url, durability=durability) as store:
        assert (pragma(store, "journal_mode"), pragma(store, "synchronous")) == ("wal", synchronous)
        assert pragma(store, "foreign_keys") == 1


def test_an_acknowledged_step_survives_a_power_cut_unless_one_says_otherwise(file_url: str) -> None:
    with Store(file_url) as store:
        assert pragma(store, "synchronous") == 2


def test_a_batch_is_written_whole(file_url: str) -> None:
    with Store(file_url) as store:
        batch = Batch()
        for number in range(3):
            batch.add(store.statements.add_event, event_row(number))
        assert store.commit(batch) is Outcome.COMMITTED
        with store.reading() as connection:
            assert len(connection.execute(t.event.select()).all()) == 3


def test_a_guard_that_finds_nothing_undoes_the_batch(file_url: str) -> None:
    with Store(file_url) as store:
        batch = Batch()
        batch.guard(store.statements.finish_job, ("J-1", "me", 1), Outcome.LOST)
        batch.add(store.statements.add_event, event_row(1))
        assert store.commit(batch) is Outcome.LOST
        with store.reading() as connection:
            assert connection.execute(t.event.select()).all() == []


def test_a_batch_that_fails_leaves_nothing_and_the_store_usable(file_url: str) -> None:
    with Store(file_url) as store:
        twice = Batch()
        for _ in range(2):
            twice.add(store.statements.add_event, event_row(1))
        with pytest.raises(sqlite3.IntegrityError):
            store.commit(twice)
        once = Batch()
        once.add(store.statements.add_event, event_row(1))
        assert store.commit(once) is Outcome.COMMITTED


def test_rows_keep_their_order_between_statements() -> None:
    one, two = s.Statement("one", ()), s.Statement("two", ())
    batch = Batch()
    for statement, row in ((one, (1,)), (one, (2,)), (two, (3,)), (one, (4,))):
        batch.add(statement, row)
    assert batch.runs == [(one, [(1,), (2,)]), (two, [(3,)]), (one, [(4,)])]


def test_a_database_that_somebody_holds_is_unavailable_not_broken(file_url: str, tmp_path: Path) -> None:
    with Store(file_url, busy_seconds=0.05) as store:
        other = sqlite3.connect(tmp_path / "cases.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        batch = Batch()
        batch.add(store.statements.add_event, event_row(1))
        with pytest.raises(StoreUnavailable, match="database is locked"):
            store.commit(batch)
        with pytest.raises(StoreUnavailable), store.writing():
            pass
        assert store.read(store.statements.next_ready) == [(None,)]
        other.execute("ROLLBACK")
        assert store.commit(batch) is Outcome.COMMITTED
        other.close()


def test_readers_do_not_wait_for_the_writer(file_url: str) -> None:
    with Store(file_url) as store:
        reading, done = threading.Event(), threading.Event()

        def read() -> None:
            store.read(store.statements.next_ready)
            with store.reading() as connection:
                connection.execute(t.event.select()).all()
            reading.set()

        with store.writing() as connection:
            connection.execute(t.event.insert().values(id="E-1", at=0))
            thread = threading.Thread(target=read)
            thread.start()
            assert reading.wait(5)
        done.set()
        thread.join()


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open database file"):
        Store(f"sqlite:///{tmp_path / 'nowhere' / 'cases.db'}")


def test_a_schema_of_another_version_is_refused(file_url: str) -> None:
    with Store(file_url) as store, store.writing() as connection:
        connection.execute(update(t.schema_version).values(version=99))
    with pytest.raises(
        StoreUnavailable, match=f"has schema 99 and this version of Casewright needs {t.SCHEMA_VERSION}"
    ):
        Store(file_url)


def test_another_database_is_refused_by_name() -> None:
    with pytest.raises(StoreUnavailable, match="'mysql' is not supported; write sqlite:///PATH"):
        Store("mysql://localhost/cases")


def test_a_path_that_is_no_url_is_told_how_to_write_one() -> None:
    with pytest.raises(StoreUnavailable, match=r"'service\.db' is no database URL; write sqlite:///service\.db"):
        Store("service.db")


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(StoreUnavailable, match="the database cannot be used now: file is not a database"):
        Store(f"sqlite:///{tmp_path / 'notes.txt'}")


def test_numbers_of_a_series_never_come_twice(file_url: str) -> None:
    with Store(file_url) as one, Store(file_url) as two:
        drawn = [store.number("case") for _ in range(50) for store in (one, two)]
        assert len(set(drawn)) == 100
        assert one.number("event") == 1


def test_every_statement_gives_its_parameters_in_the_order_of_its_text(file_url: str) -> None:
    with Store(file_url) as store:
        for name in s.Statements.__slots__:
            statement = getattr(store.statements, name)
            assert statement.sql.count("?") == len(statement.parameters), name


def test_no_hot_statement_reads_a_whole_table(file_url: str) -> None:
    with Store(file_url) as store:
        for name in s.Statements.__slots__:
            statement = getattr(store.statements, name)
            looks = name == "deliver_if_awaited" or not statement.sql.startswith("INSERT")
            if not looks or name in ("resolve_job_incidents",):
                continue
            plan = store.read(s.Statement(f"EXPLAIN QUERY PLAN {statement.sql}", ()), (0,) * len(statement.parameters))
            steps = [row[3] for row in plan if row[3] != "SCAN CONSTANT ROW"]
            assert not [step for step in steps if step.startswith("SCAN") and "INDEX" not in step], (name, steps)


def test_a_case_that_only_moves_on_writes_no_index() -> None:
    indexed = {column.name for index in t.case_.indexes for column in index.columns}
    assert not indexed & set(s.CASE_ADVANCES)
    assert set(s.CASE_CHANGES) - set(s.CASE_ADVANCES) == {"status", "customer", "closed_at"}


# -- what cannot be used -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["sqlite://", ""])
def test_a_closed_store_says_so_at_every_door(url: str, file_url: str) -> None:
    store = Store(url or file_url)
    store.close()
    store.close()

    def plainly(door: Any) -> None:
        with door():
            pass

    for use in (
        lambda: store.commit(Batch()),
        lambda: store.read(store.statements.next_ready),
        lambda: store.change(store.statements.claim_jobs, (0, "w", 0, 1)),
        lambda: store.number("case"),
        lambda: plainly(store.reading),
        lambda: plainly(store.writing),
    ):
        with pytest.raises(StoreUnavailable, match="the database was closed; open the engine again"):
            use()


def test_a_file_that_was_damaged_under_way_is_reported_as_such(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    with Store(f"sqlite:///{path}") as store, store.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version=1")
    path.write_bytes(path.read_bytes()[:100] + b"damaged" * 20_000)
    with pytest.raises(StoreUnavailable, match="the database cannot be used now: database disk image is malformed"):
        Store(f"sqlite:///{path}")
