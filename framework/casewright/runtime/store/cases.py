"""A case as rows, and back: the snapshot that is read is the one that was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casewright.machine.quick import quick
from casewright.machine.snapshot import ItemLife, ItemState, Snapshot
from casewright.runtime.codec import decode, encode, plain_text, tagged
from casewright.runtime.store.instants import from_micros, to_micros
from casewright.runtime.store.statements import CASE_COLUMNS
from casewright.runtime.store.store import Row, Store

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


_kept, _snapshot, _item = quick(Kept), quick(Snapshot), quick(ItemState)
_LIFE = {str(state): state for state in ItemLife}


def load(store: Store, case_id: str) -> Kept | None:
    """The case, read in one statement so that case and items belong together; None where there is none."""
    rows = store.read(store.statements.read_case, (case_id,))
    return kept_from(rows) if rows else None


def kept_from(rows: list[Row]) -> Kept:
    """The case of these rows: its columns, repeated, and those of one live item in each."""
    (
        case_id, case_type, digest, release, version, status, stage, urgency, interaction,
        parent, parent_path, parent_visit, _, created_at, created_by, updated_at, _, data, state,
    ) = rows[0][:_WIDTH]  # fmt: skip
    visits, timers, parked, bindings = decode(state)
    items = {row[_WIDTH]: _item_from(row[_WIDTH:]) for row in rows if row[_WIDTH] is not None}
    snapshot = _snapshot(
        case_id, case_type, digest, version, status, stage, decode(data), items, visits, from_micros(created_at),
        created_by, timers, tuple(parked), urgency, interaction, parent, parent_path, parent_visit, bindings,
    )  # fmt: skip
    return _kept(snapshot, release, updated_at)


def _item_from(row: Row) -> ItemState:
    path, visit, kind, state, at, bound, values = row
    return _item(path, visit, kind, _LIFE[state], at, bound, {} if values == _NOTHING else decode(values))


def item_row(case_id: str, item: ItemState, now: int) -> Row:
    """The row of `write_item`."""
    values = encode(item.values) if item.values else _NOTHING
    return (case_id, item.path, item.visit, item.kind, item.state.value, item.at, item.bound, values, now, now)


def inner_state(snapshot: Snapshot) -> str:
    """What a snapshot holds besides its columns and items."""
    timers = tagged(snapshot.timers) if snapshot.timers else {}
    parked = [tagged(each) for each in snapshot.parked]
    return plain_text([snapshot.visits, timers, parked, snapshot.bindings])


def customer_of(snapshot: Snapshot) -> str:
    """Whose case it is, as its field `customer_id` says; empty where it says nothing."""
    customer = snapshot.data.get("customer_id")
    return "" if customer is None else str(customer)


def new_row(snapshot: Snapshot, release: str, now: int) -> Row:
    """The row of `add_case`."""
    s = snapshot
    created = to_micros(s.created_at)
    return (
        s.case_id, s.case_type, s.digest, release, s.version, s.status, s.at, s.urgency, s.interaction,
        s.parent, s.parent_path, s.parent_visit, customer_of(s), created, s.created_by, now,
        now if s.is_resolved else None, encode(s.data), inner_state(s),
    )  # fmt: skip


def changed_row(snapshot: Snapshot, version_before: int, now: int) -> Row:
    """The row of `change_case`; it finds nothing where the version is another by now."""
    s = snapshot
    closed = now if s.is_resolved else None
    return (
        s.version, s.status, s.at, s.urgency, customer_of(s), now, closed, encode(s.data), inner_state(s),
        s.case_id, version_before,
    )  # fmt: skip
