"""The store: one writer, as many readers as wanted, and the transaction of the durable step."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from enum import Enum
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, PoolProxiedConnection, insert, select, update
from sqlalchemy.exc import DatabaseError

from casewright.errors import StoreUnavailable
from casewright.runtime.store import tables as t
from casewright.runtime.store.connecting import Durability, connected, in_memory
from casewright.runtime.store.statements import Statement, statements_for
from casewright.runtime.store.upgrading import bring_up

Row = Sequence[Any]
BLOCK = 20


class Outcome(Enum):
    """How a batch ended: only `COMMITTED` changed anything."""

    COMMITTED = "committed"
    CONFLICT = "another step of the case came first"
    REPEATED = "the key was used before"
    LOST = "the job is no longer this worker's"
    TAKEN = "the assignment is with somebody else by now, or for somebody else"


class Batch:
    """The rows of one transaction, in order; rows that follow each other into one statement are sent together.

    A `guard` must change a row, else the whole batch is undone with its outcome.
    """

    __slots__ = ("_last", "guards", "runs")

    def __init__(self) -> None:
        self.guards: list[tuple[Statement, Row, Outcome]] = []
        self.runs: list[tuple[Statement, list[Row]]] = []
        self._last: Statement | None = None

    def guard(self, statement: Statement, row: Row, otherwise: Outcome) -> None:
        """Adds a statement that must change a row, before all that are not guards."""
        self.guards.append((statement, row, otherwise))

    def add(self, statement: Statement, row: Row) -> None:
        """Adds a row at the end."""
        if statement is self._last:
            self.runs[-1][1].append(row)
        else:
            self._last = statement
            self.runs.append((statement, [row]))

    def add_all(self, statement: Statement, rows: list[Row]) -> None:
        """Adds rows of one statement at the end."""
        if rows:
            self._last = statement
            self.runs.append((statement, rows))


class Store:
    """Rows of cases in a SQLite database. Several processes may open one file.

    `durability` is `full` (an acknowledged step survives a power cut) or `normal` (it survives the end of the process).
    """

    def __init__(self, url: str, *, durability: Durability = "full", busy_seconds: float = 30.0) -> None:
        self._engine = connected(url, durability=durability, busy_seconds=busy_seconds)
        self.statements = statements_for(self._engine.dialect)
        self._shared = in_memory(url)
        self._lock = threading.RLock()
        self._idle: list[tuple[PoolProxiedConnection, Any]] = []
        self._is_closed = False
        self._numbers: dict[str, tuple[int, int]] = {}
        try:
            with self._reported():
                self._create_schema()
                self._writer = self._engine.raw_connection()
                self._write: Any = self._writer.cursor()
        except BaseException:
            self._engine.dispose()
            raise

    def commit(self, batch: Batch) -> Outcome:
        """Writes the batch in one transaction, or nothing of it."""
        with self._lock:
            try:
                self._write.execute("BEGIN IMMEDIATE")
                outcome = self._written(batch)
                self._write.execute("COMMIT" if outcome is Outcome.COMMITTED else "ROLLBACK")
            except BaseException as error:
                self._undo()
                _report(error)
                raise
            return outcome

    def _written(self, batch: Batch) -> Outcome:
        cursor = self._write
        for statement, row, otherwise in batch.guards:
            if cursor.execute(statement.sql, row).rowcount != 1:
                return otherwise
        for statement, rows in batch.runs:
            if len(rows) == 1:
                cursor.execute(statement.sql, rows[0])
            else:
                cursor.executemany(statement.sql, rows)
        return Outcome.COMMITTED

    def _undo(self) -> None:
        """Ends the transaction, where there is one; what cannot even do that says nothing new."""
        with suppress(sqlite3.Error):
            if not self._is_closed and self._writer.driver_connection.in_transaction:  # type: ignore[union-attr]
                self._write.execute("ROLLBACK")

    def change(self, statement: Statement, row: Row) -> list[Row]:
        """Runs one statement in a transaction of its own and gives the rows that it returns."""
        with self._lock:
            try:
                self._write.execute("BEGIN IMMEDIATE")
                found: list[Row] = self._write.execute(statement.sql, row).fetchall()
                self._write.execute("COMMIT")
            except BaseException as error:
                self._undo()
                _report(error)
                raise
            return found

    def read(self, statement: Statement, row: Row = ()) -> list[Row]:
        """The rows that a prepared statement finds.

        The writer's connection has the pages of what was written last in its cache, so it is used where it is free;
        while it writes, readers do not wait for it but use connections of their own.
        """
        try:
            if self._lock.acquire(blocking=self._shared):
                try:
                    return self._write.execute(statement.sql, row).fetchall()  # type: ignore[no-any-return]
                finally:
                    self._lock.release()
            pooled = self._idle.pop() if self._idle else self._reader()
            try:
                return pooled[1].execute(statement.sql, row).fetchall()  # type: ignore[no-any-return]
            finally:
                self._idle.append(pooled)
        except sqlite3.DatabaseError as error:
            _report(error)
            raise

    def _reader(self) -> tuple[PoolProxiedConnection, Any]:
        if self._is_closed:
            raise _closed()
        pooled = self._engine.raw_connection()
        return pooled, pooled.cursor()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """An ordinary SQLAlchemy connection with a consistent view, for what is not hot."""
        with self._reported(), self._lock if self._shared else nullcontext(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """An ordinary SQLAlchemy transaction that may write, for what is not hot."""
        with self._reported(), self._lock, self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    def number(self, name: str) -> int:
        """The next number of a series, from 1; unique among all processes, and with gaps after a restart."""
        with self._lock:
            following, end = self._numbers.get(name, (0, 0))
            if following == end:
                following, end = self._next_block(name)
            self._numbers[name] = (following + 1, end)
            return following

    def _next_block(self, name: str) -> tuple[int, int]:
        block = t.number_block
        with self.writing() as connection:
            found = connection.scalar(select(block.c.next).where(block.c.name == name))
            first = 1 if found is None else found
            change = insert(block).values(name=name) if found is None else update(block).where(block.c.name == name)
            connection.execute(change.values(next=first + BLOCK))
        return first, first + BLOCK

    def _create_schema(self) -> None:
        with self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                bring_up(connection)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        if self._is_closed:
            raise _closed()
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            cause = error.orig if isinstance(error, DatabaseError) else error
            _report(cause)
            raise

    def close(self) -> None:
        """Gives every connection back; the store cannot be used afterwards. Closing twice is once."""
        with self._lock:
            self._is_closed, self._write = True, _ClosedCursor()
            for connection in (self._writer, *(pooled for pooled, _ in self._idle)):
                connection.close()
            self._idle.clear()
            self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _ClosedCursor:
    """What a closed store writes with."""

    def execute(self, *_: Any) -> Any:
        raise _closed()


def _closed() -> StoreUnavailable:
    return StoreUnavailable("the database was closed; open the engine again")


def _report(error: BaseException | None) -> None:
    """Raises StoreUnavailable for what is wrong with the database; a wrong statement is a fault of ours."""
    if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
        raise StoreUnavailable(f"the database cannot be used now: {error}") from error
