"""A case as rows, and back: the snapshot that is read is the one that was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from casewright.errors import CaseNotFound
from casewright.machine.effects import StartTimer
from casewright.machine.quick import quick
from casewright.machine.snapshot import ItemLife, ItemState, Snapshot
from casewright.runtime.codec import decode, encode, plain_text, tagged
from casewright.runtime.store.instants import from_micros, to_micros
from casewright.runtime.store.statements import CASE_COLUMNS
from casewright.runtime.store.store import Row, Store
from casewright.values import Duration

_WIDTH = len(CASE_COLUMNS)
_NOTHING = "{}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A case as it stands in the store: its snapshot, the release it began with, and when it last changed."""

    snapshot: Snapshot
    release: str
    updated_micros: int

    @property
    def updated_at(self) -> datetime:
        return from_micros(self.updated_micros)


_kept, _snapshot, _item, _timer = quick(Kept), quick(Snapshot), quick(ItemState), quick(StartTimer)
_LIFE = {str(state): state for state in ItemLife}


def load(store: Store, case_id: str) -> Kept | None:
    """The case, read in one statement so that case and items belong together; None where there is none."""
    rows = store.read(store.statements.read_case, (case_id,))
    return kept_from(rows) if rows else None


def found(store: Store, case_id: str) -> Kept:
    """The case, read in one statement; raises CaseNotFound."""
    kept = load(store, case_id)
    if kept is None:
        raise CaseNotFound(case_id)
    return kept


def kept_from(rows: list[Row]) -> Kept:
    """The case of these rows: its columns, repeated, and those of one live item in each."""
    (
        case_id, case_type, digest, release, version, status, stage, urgency, interaction,
        parent, parent_path, parent_visit, _, created_at, created_by, updated_at, _, data, state,
    ) = rows[0][:_WIDTH]  # fmt: skip
    visits, running, parked, bindings, *later = decode(state)
    timers = {row[0]: _timer_from(row) for row in running}
    items = {row[_WIDTH]: _item_from(row[_WIDTH:]) for row in rows if row[_WIDTH] is not None}
    snapshot = _snapshot(
        case_id, case_type, digest, version, status, stage, decode(data), items, visits, from_micros(created_at),
        created_by, timers, tuple(parked), urgency, interaction, parent, parent_path, parent_visit, bindings,
        later[0] if later else {},
    )  # fmt: skip
    return _kept(snapshot, release, updated_at)


def _item_from(row: Row) -> ItemState:
    path, visit, kind, state, at, bound, values = row
    return _item(path, visit, kind, _LIFE[state], at, bound, {} if values == _NOTHING else decode(values))


def item_row(case_id: str, item: ItemState, now: int) -> Row:
    """The row of `write_item`."""
    values = encode(item.values) if item.values else _NOTHING
    return (case_id, item.path, item.visit, item.kind, item.state._value_, item.at, item.bound, values, now, now)


def inner_state(snapshot: Snapshot) -> str:
    """What a snapshot holds besides its columns and items."""
    timers, parked = snapshot.timers, snapshot.parked
    running = [[t.name, _kept_instant(t.due), t.purpose, t.path, t.visit] for t in timers.values()] if timers else []
    waiting = [tagged(each) for each in parked] if parked else []
    ended = tagged(snapshot.children) if snapshot.children else {}
    return plain_text([snapshot.visits, running, waiting, snapshot.bindings, ended])


def _kept_instant(instant: datetime) -> int | str:
    """Microseconds in UTC, where the hour is UTC's; else the text, which keeps the offset."""
    return to_micros(instant) if instant.tzinfo is UTC else instant.isoformat()


def _timer_from(row: Row) -> StartTimer:
    name, kept, purpose, path, visit = row
    due = from_micros(kept) if type(kept) is int else datetime.fromisoformat(kept)
    return _timer(name, due, purpose, path, visit)


LARGEST = 10_000
"""The length of a data text beyond which a case is not worth the memory that it takes."""

_SETTLED = frozenset((str, int, bool, float, type(None), Decimal, date, Duration))
"""Types of values that are read exactly as they were written, and that nobody can change meanwhile."""


def kept_after(snapshot: Snapshot, release: str, now: int, data: str) -> Kept | None:
    """What `load` would give of a snapshot that was just written; None for the few that must be read to know.

    `data` is the text of its data. What others may still hold and change, such as a list that a caller handed in, is
    made anew from its text.
    """
    s = snapshot
    if s.parked or s.created_at.tzinfo is not UTC or len(data) > LARGEST:
        return None
    for timer in s.timers.values():
        if timer.due.tzinfo is not UTC:
            return None
    if not _is_settled(s.data):
        s = replace(s, data=decode(data))
    if s.children:
        s = replace(s, children=decode(encode(s.children)))
    for item in s.items.values():
        if item.values and not _is_settled(item.values):
            settled = replace(item, values=decode(encode(item.values)))
            s = replace(s, items={**s.items, item.path: settled})
    return _kept(s, release, now)


def _is_settled(values: Mapping[str, Any]) -> bool:
    for value in values.values():  # noqa: SIM110  a generator takes twice the time of the loop
        if type(value) not in _SETTLED:
            return False
    return True


def customer_of(snapshot: Snapshot) -> str:
    """Whose case it is, as its field `customer_id` says; empty where it says nothing."""
    customer = snapshot.data.get("customer_id")
    return "" if customer is None else str(customer)


def new_row(snapshot: Snapshot, release: str, now: int, data: str) -> Row:
    """The row of `add_case`; `data` is the text of the snapshot's data."""
    s = snapshot
    created = to_micros(s.created_at)
    return (
        s.case_id, s.case_type, s.digest, release, s.version, s.status, s.at, s.urgency, s.interaction,
        s.parent, s.parent_path, s.parent_visit, customer_of(s), created, s.created_by, now,
        now if s.is_resolved else None, data, inner_state(s),
    )  # fmt: skip


def is_advance(before: Snapshot, after: Snapshot) -> bool:
    """Whether the case keeps its status and its customer, so that `advance_case` writes all that changes."""
    return before.status == after.status and (before.data is after.data or customer_of(before) == customer_of(after))


def advanced_row(snapshot: Snapshot, version_before: int, now: int, data: str) -> Row:
    """The row of `advance_case`; it finds nothing where the version is another by now."""
    s = snapshot
    return (s.version, s.at, s.urgency, now, data, inner_state(s), s.case_id, version_before)


def changed_row(snapshot: Snapshot, version_before: int, now: int, data: str) -> Row:
    """The row of `change_case`; it finds nothing where the version is another by now."""
    s = snapshot
    closed = now if s.is_resolved else None
    return (
        s.version, s.status, s.at, s.urgency, customer_of(s), now, closed, data, inner_state(s),
        s.case_id, version_before,
    )  # fmt: skip
