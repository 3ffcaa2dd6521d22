"""What happened with a customer: the internal sources behind the data pages of his cases and engagements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import from_micros, maybe_from_micros
from casewright.runtime.store.store import Store

MOST = 100
"""How many lines a history has: the latest ones."""


def case_history(store: Store, customer_id: str) -> list[dict[str, Any]]:
    """The customer's cases, the newest first: those whose field `customer_id` names him."""
    c = t.case_.c
    chosen = select(c.id, c.type, c.status, c.created_at, c.closed_at)
    his = c.customer == str(customer_id)
    with store.reading() as connection:
        found = connection.execute(chosen.where(his).order_by(c.created_at.desc(), c.id.desc()).limit(MOST)).all()
    return [
        {
            "id": row.id,
            "type": row.type,
            "label": row.type.replace("_", " ").capitalize(),
            "status": row.status,
            "created_at": from_micros(row.created_at),
            "resolved_at": maybe_from_micros(row.closed_at),
        }
        for row in found
    ]


def interaction_history(store: Store, customer_id: str) -> list[dict[str, Any]]:
    """The customer's engagements, the newest first."""
    c = t.interaction.c
    chosen = select(c.id, c.type, c.channel, c.opened_at, c.disposition).where(c.customer_id == customer_id)
    with store.reading() as connection:
        found = connection.execute(chosen.order_by(c.opened_at.desc(), c.id.desc()).limit(MOST)).all()
    return [{**row._mapping, "opened_at": from_micros(row.opened_at)} for row in found]
