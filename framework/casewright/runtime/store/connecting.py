"""How a database is opened: SQLAlchemy's engine and pool for a URL, and SQLite's settings on every connection."""

from __future__ import annotations

import random
import sqlite3
import time
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool

from casewright.errors import StoreUnavailable

Durability = Literal["full", "normal"]

_REST_SECONDS = 0.02
_SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL"}


def in_memory(url: str) -> bool:
    """Whether the database of a SQLite URL lives in this process alone."""
    return make_url(url).database in (None, "", ":memory:")


def _check(url: str) -> None:
    """Raises StoreUnavailable where the text is no URL, or that of another database."""
    try:
        name = make_url(url).drivername
    except ArgumentError:
        raise StoreUnavailable(f"'{url}' is no database URL; write sqlite:///{url or 'PATH'}") from None
    if name.partition("+")[0] != "sqlite":
        raise StoreUnavailable(f"'{name}' is not supported; write sqlite:///PATH, or sqlite:// for memory")


def connected(url: str, *, durability: Durability, busy_seconds: float) -> Engine:
    """An engine whose connections leave every BEGIN to us; the file itself is opened by the first connection."""
    _check(url)
    arguments = {"check_same_thread": False, "timeout": busy_seconds, "isolation_level": None}
    if in_memory(url):
        engine = create_engine(url, connect_args=arguments, poolclass=StaticPool)
    else:
        engine = create_engine(url, connect_args=arguments, poolclass=QueuePool, pool_size=8, max_overflow=-1)
    _settle(engine, _SYNCHRONOUS[durability], busy_seconds)
    return engine


def _settle(engine: Engine, synchronous: str, busy_seconds: float) -> None:
    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        try:
            _set_up(connection, synchronous, busy_seconds)
        except BaseException:
            connection.close()  # nobody else knows it yet
            raise

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_up(connection: Any, synchronous: str, busy_seconds: float) -> None:
    _write_ahead(connection, busy_seconds)
    for pragma in (f"synchronous={synchronous}", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any, busy_seconds: float) -> None:
    """Switches to the write-ahead log. SQLite itself does not wait where several do so in a new file at once."""
    end = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(random.uniform(0, _REST_SECONDS))
