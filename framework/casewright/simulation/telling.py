"""What an engine has done since one last looked, as events in the order in which one led to the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casewright.machine import commands as c
from casewright.machine.plan import Plan
from casewright.runtime.engine import Engine
from casewright.runtime.views import AssignmentView, CaseView, HistoryEntry
from casewright.simulation.doubles import Call
from casewright.simulation.report import Event, Told
from casewright.simulation.traces import QUIET, from_trace
from casewright.simulation.words import instant_words, listed, value_words
from casewright.values import Clock

_MOST_CASES = 500
_DUE = re.compile(r"wait (?P<name>.+) is due at (?P<due>\S+)")


@dataclass(slots=True)
class _Followed:
    """What is known of a case so far."""

    seq: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)


class Teller:
    """Follows the cases of an engine. `shown` keeps the words that were shown, by case and path."""

    def __init__(self, engine: Engine, calls: Sequence[Call], clock: Clock) -> None:
        self._engine, self._calls, self._clock = engine, calls, clock
        self._followed: dict[str, _Followed] = {}
        self._called = 0
        self._event_seq = 0
        self._since: datetime | None = None
        self.shown: dict[tuple[str, str], str] = {}

    def look(self) -> tuple[Event, ...]:
        """What has happened since the last look."""
        views = self._changed()
        fresh = [entry for view in views.values() for entry in self._fresh(view)]
        calls = self._calls[self._called :]
        self._called += len(calls)
        events = [*self._outside_events()]
        last = {entry.case_id: entry for entry in fresh}
        for entry in in_causal_order(fresh):
            events += self._entry(entry, views[entry.case_id], calls, is_last=last[entry.case_id] is entry)
        told = {entry.key for entry in fresh}
        events += [call_event(call, "", self._clock()) for call in calls if call.key not in told]
        return tuple(events)

    def _changed(self) -> dict[str, CaseView]:
        """The cases that changed since the last look, as they stand, the first created first."""
        lines = [
            line
            for line in self._engine.cases(limit=_MOST_CASES)
            if self._since is None or line.updated_at >= self._since
        ]
        if lines:
            self._since = max(line.updated_at for line in lines)
        return {line.id: self._engine.case(line.id) for line in sorted(lines, key=lambda line: line.created_at)}

    def _fresh(self, view: CaseView) -> list[HistoryEntry]:
        followed = self._followed.setdefault(view.id, _Followed())
        if view.version == followed.seq:
            return []
        found = [entry for entry in self._engine.history(view.id) if entry.seq > followed.seq]
        followed.seq = view.version
        return found

    def _outside_events(self) -> Iterator[Event]:
        for event in self._engine.events(after=self._event_seq):
            self._event_seq = event.seq
            if not event.case_id:
                yield Event(event.at, Told.EVENT, event.name, because=listed(event.payload), detail=event.payload)

    # -- one step of a case ------------------------------------------------------------------------------------------

    def _entry(self, entry: HistoryEntry, view: CaseView, calls: Iterable[Call], *, is_last: bool) -> Iterator[Event]:
        for call in calls:
            if call.key == entry.key:
                yield call_event(call, entry.path, entry.at, entry.case_id)
        yield from self._command(entry, view)
        consequences = [*from_trace(entry), *self._rows(entry, view), *_timers(entry)]
        yield from in_plan_order(consequences, self._plan(view), entry)
        if is_last:
            yield from self._saved(entry, view)
            yield from self._incidents(view, entry.at)

    def _command(self, entry: HistoryEntry, view: CaseView) -> Iterator[Event]:
        tell = _COMMANDS.get(type(entry.command))
        if tell is not None:
            yield tell(entry, view, self.shown.get((view.id, entry.path), ""))

    def _plan(self, view: CaseView) -> Plan | None:
        plan: Plan | None = self._engine.application.policies("case_type").get(view.type)
        return plan

    def _rows(self, entry: HistoryEntry, view: CaseView) -> Iterator[Event]:
        """Messages, notes and assignments that the step made; their ids say of which step they are."""
        mine = f"{entry.case_id}.{entry.seq}."
        for message in self._engine.messages(view.id):
            if message.id.startswith(mine):
                detail = {"channel": message.channel, "to": message.address, "body": message.body}
                detail |= {"subject": message.subject, "correspondence": message.correspondence}
                yield Event(entry.at, Told.SENT, message.subject, view.id, message.path, detail=detail)
        for note in self._engine.notes(view.id):
            if note.id.startswith(mine):
                yield Event(entry.at, Told.NOTE, note.body, view.id, actor=note.author)
        for work in view.assignments:
            if work.id.startswith(mine):
                yield from self._opened(entry, work, view.created_by)

    def _opened(self, entry: HistoryEntry, work: AssignmentView, owner: str) -> Iterator[Event]:
        if work.text:
            self.shown[work.case_id, work.path] = work.text
            yield Event(entry.at, Told.SAID, work.text, work.case_id, work.path, actor=work.target.id)
        is_own = work.target.kind == "operator" and work.target.id in (entry.actor.id, owner)
        if not work.text or not is_own:
            detail = {"kind": work.target.kind, "id": work.target.id, "urgency": work.urgency, "is_own": is_own}
            who = f"{work.target.kind} {work.target.id}"
            yield Event(entry.at, Told.WAITS, work.label, work.case_id, work.path, because=who, detail=detail)

    def _saved(self, entry: HistoryEntry, view: CaseView) -> Iterator[Event]:
        """The fields that changed otherwise than by what was submitted."""
        followed = self._followed[view.id]
        before, followed.data = followed.data, view.data
        if isinstance(entry.command, c.Create):
            return
        sent = entry.command.data if isinstance(entry.command, c.Submit) else {}
        changed = {
            name: value
            for name, value in view.data.items()
            if value is not None and before.get(name) != value and name not in sent
        }
        if changed:
            yield Event(entry.at, Told.SAVED, listed(changed), view.id, detail=changed)

    def _incidents(self, view: CaseView, at: datetime) -> Iterator[Event]:
        rows = self._followed[view.id].rows
        for incident in view.incidents:
            if incident.id not in rows:
                rows.add(incident.id)
                yield Event(at, Told.INCIDENT, incident.error, view.id, incident.path)


def in_causal_order(entries: Iterable[HistoryEntry]) -> Iterator[HistoryEntry]:
    """The entries of several cases: each case's in order, and none before the step whose job it finishes."""
    waiting = sorted(entries, key=lambda entry: (entry.at, _number(entry.case_id), entry.seq))
    while waiting:
        left = {(entry.case_id, entry.seq) for entry in waiting}
        ready = next((entry for entry in waiting if not _waits_for(entry) & left), waiting[0])
        waiting.remove(ready)
        yield ready


def _waits_for(entry: HistoryEntry) -> set[tuple[str, int]]:
    cause = re.fullmatch(r"job:(.+)\.(\d+)\.\d+", entry.key)
    before = {(entry.case_id, seq) for seq in range(max(1, entry.seq - 20), entry.seq)}
    return before | ({(cause[1], int(cause[2]))} if cause else set())


def _number(case_id: str) -> int:
    return int(re.sub(r"\D", "", case_id) or 0)


def in_plan_order(events: list[Event], plan: Plan | None, entry: HistoryEntry) -> list[Event]:
    """The consequences of one step along the plan, where the step went straight on."""
    if plan is None or any(what.startswith(("moved", "reopened")) for _, what, _ in entry.trace):
        return events
    order = {path: number for number, path in enumerate(plan.places)}

    def place(event: Event) -> int:
        path = event.path
        while path and path not in order:
            path = path.rpartition(".")[0]
        return order.get(path, len(order))

    return sorted(events, key=place)


def call_event(call: Call, path: str, at: datetime, case_id: str = "") -> Event:
    """A call of a connector, answered or failed."""
    made = re.fullmatch(r"job:(.+)\.\d+\.\d+", call.key)
    case_id = case_id or (made[1] if made else "")
    detail = {"arguments": dict(call.arguments), "attempt": call.attempt, "answer": call.answer, "error": call.error}
    told = Told.CALL_FAILED if call.error else Told.CALLED
    return Event(at, told, call.name, case_id, path, because=call.error, detail=detail)


def _timers(entry: HistoryEntry) -> Iterator[Event]:
    for kind, words in entry.effects:
        found = _DUE.fullmatch(words) if kind == "StartTimer" else None
        if found:
            due = datetime.fromisoformat(found["due"])
            path = found["name"].partition("#")[0]
            until = f"until {instant_words(due)}"
            yield Event(entry.at, Told.WAITS, "the time", entry.case_id, path, because=until, detail={"until": due})
        elif kind == "LoadPage":
            yield Event(entry.at, Told.WAITS, "a page", entry.case_id, because=words.removeprefix("wait for the "))


# -- what each command says ------------------------------------------------------------------------------------------

Tell = Callable[[HistoryEntry, CaseView, str], Event]


def _created(entry: HistoryEntry, view: CaseView, shown: str) -> Event:
    command = entry.command
    assert isinstance(command, c.Create)
    told = Told.CHILD if command.parent else Told.CASE
    detail = {"type": view.type, "parent": command.parent, "data": dict(command.data), "channel": command.channel}
    return Event(entry.at, told, view.label, view.id, actor=entry.actor.id, because=listed(command.data), detail=detail)


def _submitted(entry: HistoryEntry, view: CaseView, shown: str) -> Event:
    command = entry.command
    assert isinstance(command, c.Submit)
    marks = [(what, why) for path, what, why in entry.trace if path == entry.path and what in QUIET]
    if shown and len(command.data) == 1:
        text = value_words(next(iter(command.data.values())))
        because, matched = (marks[0][1], {"matched": marks[0][0] == "matched"}) if marks else ("", {})
        return Event(entry.at, Told.ANSWERED, text, view.id, entry.path, "customer", because, matched)
    outcome = "" if command.outcome == "done" else command.outcome
    detail = {"outcome": command.outcome, "data": dict(command.data), "shown": bool(shown)}
    words = listed(command.data)
    return Event(entry.at, Told.FILLED, words, view.id, entry.path, entry.actor.id, outcome, detail)


def _fired(entry: HistoryEntry, view: CaseView, shown: str) -> Event:
    assert isinstance(entry.command, c.Fire)
    path = entry.command.timer.partition("#")[0]
    return Event(entry.at, Told.TIMER, "the time has come", view.id, path, detail={"timer": entry.command.timer})


def _child_resolved(entry: HistoryEntry, view: CaseView, shown: str) -> Event:
    command = entry.command
    assert isinstance(command, c.ChildResolved)
    text = f"{command.case_id} is {command.status}"
    return Event(entry.at, Told.STATUS, text, view.id, entry.path, detail={"child": command.case_id})


def _commanded(words: Callable[[Any], str]) -> Tell:
    def tell(entry: HistoryEntry, view: CaseView, shown: str) -> Event:
        reason = getattr(entry.command, "reason", "")
        return Event(entry.at, Told.COMMAND, words(entry.command), view.id, entry.path, entry.actor.id, reason)

    return tell


_COMMANDS: Mapping[type[Any], Tell] = {
    c.Create: _created,
    c.Submit: _submitted,
    c.Fire: _fired,
    c.ChildResolved: _child_resolved,
    c.Goto: _commanded(lambda command: f"goes to {command.target}"),
    c.Cancel: _commanded(lambda command: "cancels the case"),
    c.Reopen: _commanded(lambda command: "reopens the case"),
    c.RetryItem: _commanded(lambda command: "tries it again"),
    c.SkipItem: _commanded(lambda command: "passes over it"),
}
