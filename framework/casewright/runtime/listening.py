"""Cases that wait for events: who listens, and each event to each of them once, in the order of publication.

A published event has one delivery. It finds the listeners by the values that they wait for and adds a job for each;
that job gives the case its command. A listener hears what is published behind its beginning; what came before, where
it asks for that, is looked up by a job of its own. So no event reaches a listener on both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Any

from sqlalchemy import func, select

from casewright.machine.effects import AwaitEvent
from casewright.runtime import jobs
from casewright.runtime.codec import decode, encode
from casewright.runtime.request import Job
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import maybe_from_micros, to_micros
from casewright.runtime.store.store import Row, Store
from casewright.runtime.views import ListenerView

PAGE = 500
"""How many listeners one transaction tells of an event, and how many older events it looks through."""

_EXACT = Context(prec=400)
_NO_NAMES = ""
_FIRST: tuple[Any, ...] = ("", "", 0, "")


@dataclass(frozen=True, slots=True)
class Reached:
    """The jobs that tell listeners, and where to go on: None where nobody is left."""

    rows: list[Row]
    rest: Mapping[str, Any] | None = None


def listener_row(case_id: str, effect: AwaitEvent) -> Row:
    """The row of `add_listener`."""
    since = None if effect.since is None else to_micros(effect.since)
    names, key = _texts(effect.key)
    return (case_id, effect.path, effect.visit, effect.listener, effect.event, names, key, since)


def _texts(key: Iterable[tuple[str, Any]]) -> tuple[str, str]:
    """The names and the values of a key, as they are compared. A value that is empty is like none in any event."""
    names, values = [name for name, _ in key], [_comparable(value) for _, value in key]
    return encode(names), "" if None in values else encode(values)


def _comparable(value: Any) -> Any:
    """The value, written alike wherever it is equal: 12.50 as 12.5, an instant in UTC."""
    if type(value) in (int, Decimal, float):
        return _number(Decimal(str(value)))
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, Mapping):
        return {name: _comparable(value[name]) for name in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_comparable(each) for each in value]
    return value


def _number(value: Decimal) -> Any:
    return int(value) if value.is_finite() and value == value.to_integral_value() else value.normalize(_EXACT)


# -- what is published -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Published:
    """An event, and its number in the order of publication."""

    seq: int
    id: str
    event: str
    payload: Mapping[str, Any]


def published(store: Store, job: Job) -> Published | None:
    """The event that a delivery hands out; None where it is kept no more."""
    c, event_id = t.event.c, job.id.removeprefix(jobs.DELIVERY)
    with store.reading() as connection:
        found = connection.execute(select(c.seq, c.name, c.payload).where(c.id == event_id)).first()
    return None if found is None else Published(found.seq, event_id, found.name, decode(found.payload))


def reached(store: Store, event: Published, job: Job) -> Reached:
    """The jobs that tell those who listen for the event of a delivery, at most a page of them."""
    rows: list[Row] = []
    for names, listener in _listeners(store, event, job.payload.get("behind")):
        rows.append(_news(listener, event, job.due))
        if len(rows) == PAGE:
            return Reached(rows, {"behind": [names, *listener]})
    return Reached(rows)


def _listeners(store: Store, event: Published, behind: list[Any] | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Those who listen for values that the payload has, each with the names of its key."""
    sql, (names, *last) = store.statements, behind or (_NO_NAMES, *_FIRST)
    while True:
        key = _key_in(event.payload, names)
        if key is not None:
            found = store.read(sql.find_listeners, (event.event, names, key, *last, event.seq, PAGE))
            yield from ((names, tuple(row)) for row in found)
        ((names,),) = store.read(sql.next_names, (event.event, names))
        if names is None:
            return
        last = [*_FIRST]


def _key_in(payload: Mapping[str, Any], names: str) -> str | None:
    """The text of the values that the payload has under these names; None where it lacks one."""
    if names == _NO_NAMES:
        return None
    values = [_comparable(payload.get(name)) for name in decode(names)]
    return None if None in values else encode(values)


def _news(listener: tuple[Any, ...], event: Published, due: int, *, looked_up: bool = False) -> Row:
    """The job that tells one listener of one event; its id puts the jobs of a listener in the order of the events."""
    case_id, path, visit, name = listener
    news = {"seq": event.seq, "event": event.event, "payload": event.payload, "looked_up": looked_up}
    job_id = f"hear:{event.seq:015}:{event.id}:{case_id}:{path}#{visit}:{name}"
    return jobs.new_row(job_id, jobs.HEAR, due, news, case_id, path, visit, name=name)


def is_too_early(store: Store, job: Job) -> bool:
    """Whether the listener still has to hear of an earlier event: several workers may have taken them up at once."""
    news = job.payload
    looked_up = "" if news["looked_up"] else jobs.LOOK_BACK
    about = (job.case_id, job.path, job.visit, job.name)
    row = (*about, job.id, looked_up, news["event"], job.due, news["seq"])
    return bool(store.read(store.statements.earlier_news, row))


# -- what was published before -----------------------------------------------------------------------------------------


def looked_up(store: Store, job: Job) -> Reached:
    """The jobs that tell a listener of the events from before it began which it asks for; nothing where it is gone."""
    c = t.listener.c
    mine = (c.case_id == job.case_id, c.path == job.path, c.visit == job.visit, c.listener == job.name)
    with store.reading() as connection:
        listener = connection.execute(select(*t.listener.columns).where(*mine)).first()
        if listener is None or listener.since is None or not listener.key:
            return Reached([])
        found = connection.execute(_older(listener, job.payload.get("behind", 0))).all()
    place = (job.case_id, job.path, job.visit, job.name)
    older = (Published(row.seq, row.id, listener.event, decode(row.payload)) for row in found)
    meant = [each for each in older if _key_in(each.payload, listener.names) == listener.key]
    at = {row.seq: row.at for row in found}
    rows = [_news(place, each, at[each.seq], looked_up=True) for each in meant]
    return Reached(rows, {"behind": found[-1].seq} if len(found) == PAGE else None)


def _older(listener: Any, behind: int) -> Any:
    """A page of the events that a listener may have meant. Those whose text lacks a text of its key are left out."""
    c = t.event.c
    statement = select(c.seq, c.id, c.at, c.payload).where(c.name == listener.event, c.at >= listener.since)
    statement = statement.where(c.seq > behind, c.seq <= listener.after)
    for value in decode(listener.key):
        if isinstance(value, str):
            statement = statement.where(func.instr(c.payload, encode(value)) > 0)
    return statement.order_by(c.seq).limit(PAGE)


# -- what is shown -----------------------------------------------------------------------------------------------------


def listeners_of(store: Store, case_id: str) -> tuple[ListenerView, ...]:
    """What a case listens for."""
    c = t.listener.c
    statement = select(*t.listener.columns).where(c.case_id == case_id).order_by(c.path, c.visit, c.listener)
    with store.reading() as connection:
        found = connection.execute(statement).all()
    return tuple(_view(row) for row in found)


def _view(row: Any) -> ListenerView:
    names = decode(row.names)
    match = dict(zip(names, decode(row.key), strict=True)) if row.key else dict.fromkeys(names)
    return ListenerView(row.path, row.visit, row.listener, row.event, match, maybe_from_micros(row.since))
