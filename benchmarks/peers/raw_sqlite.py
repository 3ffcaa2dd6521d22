"""The peer raw `sqlite3`: the statements of our own steps, recorded with their parameters and run again without us."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casewright.runtime.store.statements import Statement
from casewright.runtime.store.store import Batch, Outcome, Store

Rows = Sequence[Sequence[Any]]


@dataclass(slots=True)
class Recorded:
    """What one step did to the database: the statements that read, then those that wrote in one transaction."""

    reads: list[tuple[str, Sequence[Any]]] = field(default_factory=list)
    writes: list[tuple[str, Rows]] = field(default_factory=list)


class RecordingStore(Store):
    """A store that keeps what each step sends; `steps` grows by one with every commit."""

    def __init__(self, url: str, **options: Any) -> None:
        self.steps: list[Recorded] = []
        self._current = Recorded()
        super().__init__(url, **options)

    def read(self, statement: Statement, row: Sequence[Any] = ()) -> list[Sequence[Any]]:
        self._current.reads.append((statement.sql, row))
        return super().read(statement, row)

    def commit(self, batch: Batch) -> Outcome:
        self._current.writes = [(statement.sql, [row]) for statement, row, _ in batch.guards]
        self._current.writes += [(statement.sql, list(rows)) for statement, rows in batch.runs]
        self.steps.append(self._current)
        self._current = Recorded()
        return super().commit(batch)


class RawSteps:
    """Plays recorded steps on a copy of the database as it was before them."""

    def __init__(self, path: Path, steps: Sequence[Recorded], synchronous: str) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "temp_store=MEMORY"):
            self.database.execute(f"PRAGMA {pragma}")
        self._steps = iter(steps)

    def step(self) -> None:
        """The next recorded step."""
        recorded, cursor = next(self._steps), self.database.cursor()
        for sql, row in recorded.reads:
            cursor.execute(sql, row).fetchall()
        cursor.execute("BEGIN IMMEDIATE")
        for sql, rows in recorded.writes:
            if len(rows) == 1:
                cursor.execute(sql, rows[0])
            else:
                cursor.executemany(sql, rows)
        cursor.execute("COMMIT")
