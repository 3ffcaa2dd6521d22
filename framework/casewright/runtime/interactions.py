"""Engagements on one channel, in their minimal form: opened, verified, logged, wrapped up. They have no process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casewright.errors import CommandRefused, InteractionNotFound
from casewright.machine.facts import Actor
from casewright.machine.policies import InteractionType
from casewright.runtime.codec import decode, encode
from casewright.runtime.publishing import accepted
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import from_micros, maybe_from_micros, to_micros
from casewright.runtime.store.store import Store
from casewright.runtime.views import InteractionEntry, InteractionView
from casewright.values import did_you_mean

OPEN, WRAPPED_UP = "Open", "Wrapped-Up"
_C = t.interaction.c


def open_new(
    store: Store,
    types: Mapping[str, InteractionType],
    type_id: str,
    *,
    channel: str,
    customer_id: str,
    by: Actor,
    now: datetime,
) -> str:
    """The id of a new engagement; its channel is that of its type where none is given."""
    if type_id not in types:
        raise CommandRefused("unknown_type", f"there is no interaction_type '{type_id}'{did_you_mean(type_id, types)}")
    interaction_id = f"I-{store.number('interaction')}"
    with store.writing() as connection:
        connection.execute(
            insert(t.interaction).values(
                id=interaction_id,
                type=type_id,
                channel=channel or types[type_id].channel,
                customer_id=customer_id,
                operator=by.id,
                status=OPEN,
                captured=encode({}),
                opened_at=to_micros(now),
            )
        )
    return interaction_id


def identify(store: Store, interaction_id: str, customer_id: str) -> None:
    """Says who it is; another customer than before is not verified yet."""
    with store.writing() as connection:
        _changed(connection, interaction_id, customer_id=customer_id, verified=0)


def verify(store: Store, interaction_id: str, *, reference: str) -> None:
    """Says that the customer is who he says he is, and by what: a case, a document, a score."""
    with store.writing() as connection:
        _changed(connection, interaction_id, verified=1, reference=reference)


def log(store: Store, interaction_id: str, kind: str, detail: Mapping[str, Any], *, by: Actor, now: datetime) -> str:
    """The id of a new entry of the engagement's log; it may come after the wrap-up, as a survey's answer does."""
    entry_id = f"L-{store.number('entry')}"
    row = {"id": entry_id, "interaction": interaction_id, "at": to_micros(now), "author": by.id}
    with store.writing() as connection:
        _known(connection, interaction_id)
        connection.execute(insert(t.interaction_entry).values(**row, kind=kind, detail=encode(detail)))
    return entry_id


def wrap_up(
    store: Store,
    types: Mapping[str, InteractionType],
    interaction_id: str,
    *,
    disposition: str,
    fields: Mapping[str, Any],
    now: datetime,
) -> None:
    """Ends the engagement with its disposition and the fields that its type captures, every fault refused at once."""
    with store.writing() as connection:
        found = _known(connection, interaction_id)
        if found.status != OPEN:
            raise CommandRefused("wrapped_up", f"interaction '{interaction_id}' is wrapped up already")
        policy = types.get(found.type)
        captured = _captured(policy, disposition, fields) if policy else dict(fields)
        _changed(
            connection,
            interaction_id,
            status=WRAPPED_UP,
            disposition=disposition,
            captured=encode(captured),
            closed_at=to_micros(now),
        )


def _captured(policy: InteractionType, disposition: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    known = policy.dispositions
    if known and disposition not in known:
        near = did_you_mean(disposition, known) or f"; use one of: {', '.join(known)}"
        raise CommandRefused("unknown_disposition", f"'{disposition}' is no disposition of {policy.id}{near}")
    return accepted(policy.fields, fields, f"the wrap-up of {policy.id}")


def _known(connection: Connection, interaction_id: str) -> Any:
    found = connection.execute(select(*t.interaction.columns).where(_C.id == interaction_id)).first()
    if found is None:
        raise InteractionNotFound(interaction_id)
    return found


def _changed(connection: Connection, interaction_id: str, **values: Any) -> None:
    if not connection.execute(update(t.interaction).where(_C.id == interaction_id).values(**values)).rowcount:
        raise InteractionNotFound(interaction_id)


def facts_of(store: Store, interaction_id: str) -> Mapping[str, Any] | None:
    """What conditions read as `interaction`; None where there is none."""
    chosen = (_C.id, _C.type, _C.channel, _C.customer_id, _C.operator, _C.status, _C.verified)
    with store.reading() as connection:
        found = connection.execute(select(*chosen).where(_C.id == interaction_id)).first()
    return None if found is None else {**found._mapping, "verified": bool(found.verified)}


def view(store: Store, interaction_id: str) -> InteractionView:
    """The engagement, its log, and the cases that belong to it."""
    e, linked = t.interaction_entry.c, t.case_interaction.c
    with store.reading() as connection:
        f = _known(connection, interaction_id)
        logged = connection.execute(
            select(e.id, e.at, e.author, e.kind, e.detail).where(e.interaction == f.id).order_by(e.at, e.id)
        )
        entries = tuple(InteractionEntry(r.id, from_micros(r.at), r.author, r.kind, decode(r.detail)) for r in logged)
        cases = tuple(
            connection.scalars(select(linked.case_id).where(linked.interaction == f.id).order_by(linked.case_id))
        )
    return InteractionView(
        f.id, f.type, f.channel, f.customer_id, f.operator, f.status, bool(f.verified), f.reference, f.disposition,
        decode(f.captured), from_micros(f.opened_at), maybe_from_micros(f.closed_at), entries, cases,
    )  # fmt: skip
