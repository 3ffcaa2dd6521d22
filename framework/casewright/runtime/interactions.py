"""Engagements on one channel, in their minimal form: opened, verified, logged, wrapped up. They have no process.

Whatever happens in one is one transaction: the change, its entry in the log, and the event `interaction.KIND`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casewright.errors import CommandRefused, InteractionNotFound, KeyReused
from casewright.machine.facts import Actor
from casewright.machine.policies import InteractionType
from casewright.runtime import access, publishing
from casewright.runtime.codec import decode, encode
from casewright.runtime.publishing import accepted, delivery
from casewright.runtime.releases import Releases
from casewright.runtime.storable import check_storable
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import from_micros, maybe_from_micros, to_micros
from casewright.runtime.store.store import Store
from casewright.runtime.views import InteractionEntry, InteractionView
from casewright.values import Clock, did_you_mean

OPEN, WRAPPED_UP = "Open", "Wrapped-Up"
DOORS = {"opened": "open_interaction", "identified": "identify", "verified": "verify", "wrapped_up": "wrap_up"}
"""What happens through a door of its own, which `log` is not."""

_C = t.interaction.c
Change = Callable[[Connection], None]
Published = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens in an engagement; under a key it happens once."""

    interaction: str
    kind: str
    detail: Mapping[str, Any]
    by: Actor
    key: str = ""

    @property
    def request(self) -> str:
        """The request hash; the id that a new engagement happens to get is no part of it."""
        about = "" if self.kind == "opened" else self.interaction
        return sha256(f"{about}\n{self.kind}\n{self.by.id}\n{encode(self.detail)}".encode()).hexdigest()


class Interactions:
    """The engagements of a store. `published` is told each event once it is kept."""

    def __init__(self, store: Store, releases: Releases, clock: Clock, published: Published) -> None:
        self._store, self._releases, self._clock, self._published = store, releases, clock, published

    def open(self, type_id: str, *, channel: str, customer_id: str, by: Actor, key: str) -> InteractionView:
        """A new engagement; its channel is that of its type where none is given. It is the operator's who opens it."""
        access.check_opening(by, customer_id)
        customer_id = customer_id or (by.id if by.kind == "customer" else "")
        types = self._releases.policies("interaction_type")
        if type_id not in types:
            near = did_you_mean(type_id, types)
            raise CommandRefused("unknown_type", f"there is no interaction_type '{type_id}'{near}")
        detail = {"type": type_id, "channel": channel or types[type_id].channel, "customer_id": customer_id}
        new, at = f"I-{self._store.number('interaction')}", to_micros(self._clock())
        operator = by.id if by.kind == "operator" else ""
        row = {**detail, "id": new, "operator": operator, "status": OPEN, "captured": encode({}), "opened_at": at}

        def change(connection: Connection) -> None:
            connection.execute(insert(t.interaction).values(**row))

        return self._record(Happening(new, "opened", detail, by, key), change)

    def identify(self, interaction_id: str, customer_id: str, *, by: Actor, key: str) -> InteractionView:
        """Says who it is; another customer than before is not verified yet."""
        detail = {"customer_id": customer_id}
        return self._record(
            Happening(interaction_id, "identified", detail, by, key),
            lambda connection: _change(connection, interaction_id, customer_id=customer_id, verified=0),
        )

    def verify(self, interaction_id: str, *, reference: str, by: Actor, key: str) -> InteractionView:
        """Says that the customer is who he says he is, and by what: a case, a document, a score."""
        return self._record(
            Happening(interaction_id, "verified", {"reference": reference}, by, key),
            lambda connection: _change(connection, interaction_id, verified=1, reference=reference),
        )

    def log(self, interaction_id: str, kind: str, detail: Mapping[str, Any], *, by: Actor, key: str) -> InteractionView:
        """An entry of a kind that has an event rule `interaction.KIND`, which says what its detail may be.

        It may come after the wrap-up, as a survey's answer does.
        """
        if kind in DOORS:
            raise CommandRefused("wrong_door", f"'{kind}' is not logged by hand; it comes with `{DOORS[kind]}`")
        publishing.check_known(self._releases.policies("event"), f"interaction.{kind}")
        return self._record(Happening(interaction_id, kind, detail, by, key), lambda connection: None)

    def wrap_up(
        self, interaction_id: str, disposition: str, fields: Mapping[str, Any], *, by: Actor, key: str
    ) -> InteractionView:
        """Ends the engagement with its disposition and the fields that its type captures, every fault at once."""
        types, now = self._releases.policies("interaction_type"), to_micros(self._clock())

        def change(connection: Connection) -> None:
            found = _known(connection, interaction_id)
            if found.status != OPEN:
                raise CommandRefused("wrapped_up", f"interaction '{interaction_id}' is wrapped up already")
            policy = types.get(found.type)
            captured = encode(_captured(policy, disposition, fields) if policy else dict(fields))
            values = {"status": WRAPPED_UP, "disposition": disposition, "captured": captured, "closed_at": now}
            _change(connection, interaction_id, **values)

        detail = {"disposition": disposition, **fields}
        return self._record(Happening(interaction_id, "wrapped_up", detail, by, key), change)

    def _record(self, happening: Happening, change: Change) -> InteractionView:
        check_storable(happening.detail)
        entry, event = f"L-{self._store.number('entry')}", f"E-{self._store.number('event')}"
        now = self._clock()
        with self._store.writing() as connection:
            before = _before(connection, happening, now)
            if before is None:
                self._check_actor(connection, happening)
                change(connection)
                told = self._tell(connection, happening, entry, event, now)
        if before is None:
            self._published(*told)
        return self.view(before or happening.interaction)

    def _check_actor(self, connection: Connection, happening: Happening) -> None:
        if happening.kind != "opened":
            found = _known(connection, happening.interaction)
            customers = {found.customer_id, happening.detail.get("customer_id", found.customer_id)}
            access.check_engaged(happening.by, happening.kind, found.operator, customers, self._releases)

    def _tell(
        self, connection: Connection, happening: Happening, entry: str, event: str, now: datetime
    ) -> tuple[str, Mapping[str, Any]]:
        """Writes the entry, the event, and the job that delivers it where somebody listens."""
        found, at, name = _known(connection, happening.interaction), to_micros(now), f"interaction.{happening.kind}"
        known = {"interaction_id": found.id, "customer_id": found.customer_id, "channel": found.channel}
        detail = self._accepted(happening, name, known)
        payload = {**detail, **known}
        logged = {"id": entry, "interaction": found.id, "at": at, "author": happening.by.id, "kind": happening.kind}
        connection.execute(insert(t.interaction_entry).values(**logged, detail=encode(detail)))
        connection.execute(insert(t.event).values(id=event, name=name, at=at, payload=encode(payload)))
        is_heard = self._releases.hears(name)
        statement, row = delivery(self._store.statements, event, name, at, is_heard=is_heard)
        connection.exec_driver_sql(statement.sql, tuple(row))
        return name, payload

    def _accepted(self, happening: Happening, name: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """The detail of an entry as its event rule accepts it; what is known of the engagement counts."""
        if happening.kind in DOORS:
            return happening.detail
        types = self._releases.policies("event")
        said = {key: value for key, value in happening.detail.items() if key not in known}
        given = {key: value or None for key, value in known.items() if name in types and key in types[name].payload}
        taken = publishing.checked_payload(types, name, {**said, **given})
        return {key: value for key, value in taken.items() if key in said}

    def view(self, interaction_id: str) -> InteractionView:
        """The engagement, its log, and the cases that belong to it; raises InteractionNotFound."""
        e, linked = t.interaction_entry.c, t.case_interaction.c
        with self._store.reading() as connection:
            f = _known(connection, interaction_id)
            logged = select(e.id, e.at, e.author, e.kind, e.detail).where(e.interaction == f.id).order_by(e.at, e.id)
            entries = tuple(_entry_from(row) for row in connection.execute(logged))
            of_it = select(linked.case_id).where(linked.interaction == f.id).order_by(linked.case_id)
            cases = tuple(connection.scalars(of_it))
        return InteractionView(
            f.id, f.type, f.channel, f.customer_id, f.operator, f.status, bool(f.verified), f.reference, f.disposition,
            decode(f.captured), from_micros(f.opened_at), maybe_from_micros(f.closed_at), entries, cases,
        )  # fmt: skip

    def facts(self, interaction_id: str) -> Mapping[str, Any] | None:
        """What conditions read as `interaction`; None where there is none."""
        chosen = (_C.id, _C.type, _C.channel, _C.customer_id, _C.operator, _C.status, _C.verified)
        with self._store.reading() as connection:
            found = connection.execute(select(*chosen).where(_C.id == interaction_id)).first()
        return None if found is None else {**found._mapping, "verified": bool(found.verified)}


def _before(connection: Connection, happening: Happening, now: datetime) -> str | None:
    """The engagement in which it happened already under this key, else None, and the key is taken."""
    if not happening.key:
        return None
    c = t.command.c
    known = connection.execute(select(c.request, c.about).where(c.key == happening.key)).first()
    if known is None:
        row = {"key": happening.key, "request": happening.request, "about": happening.interaction}
        connection.execute(insert(t.command).values(**row, at=to_micros(now)))
        return None
    if known.request != happening.request:
        raise KeyReused(happening.key)
    return str(known.about)


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


def _change(connection: Connection, interaction_id: str, **values: Any) -> None:
    if not connection.execute(update(t.interaction).where(_C.id == interaction_id).values(**values)).rowcount:
        raise InteractionNotFound(interaction_id)


def _entry_from(row: Any) -> InteractionEntry:
    return InteractionEntry(row.id, from_micros(row.at), row.author, row.kind, decode(row.detail))
