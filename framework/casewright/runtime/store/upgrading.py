"""The schema of a database: made where there is none, and brought up to this version where an older one wrote it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Index, Table, insert, select, update

from casewright.errors import StoreUnavailable
from casewright.runtime.store import tables as t


def bring_up(connection: Connection) -> None:
    """Gives the database every table and index of this version, all in the transaction that the caller holds.

    Raises StoreUnavailable where a version wrote it that is not known here.
    """
    t.metadata.create_all(connection)
    found = connection.scalar(select(t.schema_version.c.version))
    if found is None:
        connection.execute(insert(t.schema_version).values(version=t.SCHEMA_VERSION))
        return
    while found in _UPGRADES:
        _UPGRADES[found](connection)
        found += 1
        connection.execute(update(t.schema_version).values(version=found))
    if found != t.SCHEMA_VERSION:
        raise StoreUnavailable(
            f"the database has schema {found} and this version of Casewright needs {t.SCHEMA_VERSION}; "
            "open it with the version that wrote it"
        )


def _listeners(connection: Connection) -> None:
    """Cases listen for events: their table is new, and what finds events and deliveries by name."""
    for table, name in ((t.event, "ix_event_name"), (t.job, "ix_job_delivery")):
        _index(table, name).create(connection, checkfirst=True)
    connection.exec_driver_sql(_NAMED_DELIVERIES)


_NAMED_DELIVERIES = """
UPDATE job
SET name = json_extract(payload, '$.event'), id = 'deliver:' || json_extract(payload, '$.id'), payload = '{}'
WHERE kind = 'deliver_event'
"""


def _index(table: Table, name: str) -> Index:
    return next(index for index in table.indexes if index.name == name)


_UPGRADES: Mapping[int, Callable[[Connection], None]] = {1: _listeners}
"""From each older version the step to the next. Tables that are new are made before."""
