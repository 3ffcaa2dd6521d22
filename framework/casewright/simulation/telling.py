"""What an engine has done since one last looked, as events in the order in which one led to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from casewright.machine import commands as c
from casewright.machine.places import PASS
from casewright.machine.plan import Plan
from casewright.machine.scoping import DATA
from casewright.runtime.engine import Engine
from casewright.runtime.placing import declared
from casewright.runtime.views import AssignmentView, CaseView, HistoryEntry
from casewright.simulation.doubles import Call
from casewright.simulation.happenings import COMMANDS, call_event, published_events, sent_event, timer_events
from casewright.simulation.lanes import in_lanes
from casewright.simulation.ordering import beside_the_next, in_causal_order, in_plan_order, with_saved
from casewright.simulation.report import Event, Told
from casewright.simulation.traces import from_trace
from casewright.simulation.words import listed
from casewright.values import Clock

MOST = 100_000
"""How many cases and events are looked through."""

SPOKEN = frozenset({"say", "ask"})
"""The step types whose words are spoken."""


@dataclass(slots=True)
class _Followed:
    """What is known of a case so far."""

    seq: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    milestones: set[tuple[str, int]] = field(default_factory=set)
    passes: dict[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)


class Teller:
    """Follows the cases of an engine. `shown` keeps the words that were shown, by case and path."""

    def __init__(self, engine: Engine, calls: Sequence[Call], clock: Clock) -> None:
        self._engine, self._calls, self._clock = engine, calls, clock
        self._followed: dict[str, _Followed] = {}
        self._touched: dict[str, None] = {}
        self._has_looked = False
        self._called = 0
        self._event_seq = 0
        self._since: datetime | None = None
        self.shown: dict[tuple[str, str], str] = {}

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases in which something happened behind the first look."""
        return tuple(self._touched)

    def look(self) -> tuple[Event, ...]:
        """What has happened since the last look."""
        views = self._changed()
        fresh = [entry for view in views.values() for entry in self._fresh(view)]
        if self._has_looked:
            self._touched.update(dict.fromkeys(entry.case_id for entry in fresh))
        self._has_looked = True
        calls = self._calls[self._called :]
        self._called += len(calls)
        events = [*self._outside_events()]
        last = {entry.case_id: entry for entry in fresh}
        for entry in in_causal_order(fresh):
            view = views[entry.case_id]
            told = self._entry(entry, view, calls, is_last=last[entry.case_id] is entry)
            events += in_lanes(told, self._plan(view), partial(self._engine.items, view.id))
        keys = {entry.key for entry in fresh}
        events += [call_event(call, "", self._clock()) for call in calls if call.key not in keys]
        return tuple(events)

    def _changed(self) -> dict[str, CaseView]:
        """The cases that changed since the last look, as they stand, the first created first."""
        lines = [
            line for line in self._engine.cases(limit=MOST) if self._since is None or line.updated_at >= self._since
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
        for event in self._engine.events(after=self._event_seq, limit=MOST):
            self._event_seq = event.seq
            if not event.case_id:
                yield Event(event.at, Told.EVENT, event.name, because=listed(event.payload), detail=event.payload)

    # -- one step of a case ------------------------------------------------------------------------------------------

    def _entry(self, entry: HistoryEntry, view: CaseView, calls: Iterable[Call], *, is_last: bool) -> Iterator[Event]:
        for call in calls:
            if call.key == entry.key:
                yield call_event(call, entry.path, entry.at, entry.case_id)
        yield from self._command(entry, view)
        consequences = [*from_trace(entry), *self._rows(entry, view), *timer_events(entry)]
        consequences += published_events(entry)
        ordered = in_plan_order(consequences, self._plan(view), entry)
        if is_last:
            ordered = [*with_saved(ordered, self._saved(entry, view)), *self._reached(view, entry.at)]
            ordered += self._incidents(view, entry.at)
        yield from ordered

    def _command(self, entry: HistoryEntry, view: CaseView) -> Iterator[Event]:
        tell = COMMANDS.get(type(entry.command))
        spoken = self._is_spoken(view, entry.path)
        if spoken and isinstance(entry.command, c.Submit):
            words = self.shown[view.id, entry.path].strip()
            yield Event(entry.at, Told.SAID, words, view.id, entry.path, actor=entry.actor.id)
        if tell is not None:
            yield tell(entry, view, spoken)

    def _is_spoken(self, view: CaseView, path: str) -> bool:
        """Whether the words at a path are said or asked, not only shown: in a dialog always."""
        plan = self._plan(view)
        item = declared(plan, path) if plan else None
        return (view.id, path) in self.shown and (item is None or item.kind in SPOKEN)

    def _plan(self, view: CaseView) -> Plan | None:
        plan: Plan | None = self._engine.application.policies("case_type").get(view.type)
        return plan

    def _rows(self, entry: HistoryEntry, view: CaseView) -> Iterator[Event]:
        """Messages, notes and assignments that the step made, in order; their ids say of which step they are."""
        mine = f"{entry.case_id}.{entry.seq}."
        found = [(each.id, sent_event(each, entry.at)) for each in self._engine.messages(view.id)]
        for note in self._engine.notes(view.id):
            found += [(note.id, Event(entry.at, Told.NOTE, note.body, view.id, actor=note.author))]
        for work in view.assignments:
            if work.id.startswith(mine):
                found += [(work.id, event) for event in self._opened(entry, work, view)]
        own = [(_count(row_id), event) for row_id, event in found if row_id.startswith(mine)]
        yield from beside_the_next(event for _, event in sorted(own, key=lambda each: each[0]))

    def _opened(self, entry: HistoryEntry, work: AssignmentView, view: CaseView) -> Iterator[Event]:
        """What a fresh assignment shows, and for whom it waits; words to speak are told when they are said."""
        if work.text:
            self.shown[work.case_id, work.path] = work.text
        if work.text and not self._is_spoken(view, work.path):
            yield Event(entry.at, Told.SHOWN, work.text.strip(), work.case_id, work.path, actor=work.target.id)
        is_own = work.target.kind == "operator" and work.target.id in (entry.actor.id, view.created_by)
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
        yield from self._saved_in_passes(entry, view, sent)

    def _saved_in_passes(self, entry: HistoryEntry, view: CaseView, sent: Mapping[str, Any]) -> Iterator[Event]:
        """The same for the own fields of the passes that are live."""
        followed = self._followed[view.id]
        for row in view.items:
            if row.kind == PASS:
                before, data = followed.passes.get((row.path, row.visit), {}), row.values.get(DATA, {})
                followed.passes[row.path, row.visit] = data
                changed = {name: each for name, each in data.items() if before.get(name) != each and name not in sent}
                if changed:
                    yield Event(entry.at, Told.SAVED, listed(changed), view.id, row.path, detail=changed)

    def _reached(self, view: CaseView, at: datetime) -> Iterator[Event]:
        known = self._followed[view.id].milestones
        for each in view.milestones:
            if (each.path, each.visit) not in known:
                known.add((each.path, each.visit))
                yield Event(at, Told.MILESTONE, each.label, view.id, each.path)

    def _incidents(self, view: CaseView, at: datetime) -> Iterator[Event]:
        rows = self._followed[view.id].rows
        for incident in view.incidents:
            if incident.id not in rows:
                rows.add(incident.id)
                yield Event(at, Told.INCIDENT, incident.error, view.id, incident.path)


def _count(row_id: str) -> int:
    return int(row_id.rpartition(".")[2])
