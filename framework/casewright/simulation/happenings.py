"""What single things say of themselves, as events: commands, calls, messages, timers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from casewright.machine import commands as c
from casewright.runtime.views import CaseView, HistoryEntry, MessageView
from casewright.simulation.doubles import Call
from casewright.simulation.report import Event, Told
from casewright.simulation.traces import QUIET
from casewright.simulation.words import instant_words, listed, value_words

_DUE = re.compile(r"wait (?P<name>.+) is due at (?P<due>\S+)")


def call_event(call: Call, path: str, at: datetime, case_id: str = "") -> Event:
    """A call of a connector, answered or failed."""
    made = re.fullmatch(r"job:(.+)\.\d+\.\d+", call.key)
    case_id = case_id or (made[1] if made else "")
    detail = {"arguments": dict(call.arguments), "attempt": call.attempt, "answer": call.answer, "error": call.error}
    told = Told.CALL_FAILED if call.error else Told.CALLED
    return Event(at, told, call.name, case_id, path, because=call.error, detail=detail)


def sent_event(message: MessageView, at: datetime) -> Event:
    """A message that went out."""
    detail = {"channel": message.channel, "to": message.address, "subject": message.subject, "body": message.body}
    detail["correspondence"] = message.correspondence
    return Event(at, Told.SENT, message.subject, message.case_id, message.path, detail=detail)


def timer_events(entry: HistoryEntry) -> Iterator[Event]:
    """What the step waits for: an instant, or a page that cannot be read."""
    for kind, words in entry.effects:
        found = _DUE.fullmatch(words) if kind == "StartTimer" else None
        if found:
            due = datetime.fromisoformat(found["due"])
            path = found["name"].partition("#")[0]
            until = f"until {instant_words(due)}"
            yield Event(entry.at, Told.WAITS, "the time", entry.case_id, path, because=until, detail={"until": due})
        elif kind == "LoadPage":
            yield Event(entry.at, Told.WAITS, "a page", entry.case_id, because=words.removeprefix("wait for the "))


def published_events(entry: HistoryEntry) -> Iterator[Event]:
    """The events that the step published for others; those that tell of the case itself are told otherwise."""
    for kind, words in entry.effects:
        name = words.removeprefix("publish ") if kind == "Publish" else ""
        if name and not name.startswith("case."):
            yield Event(entry.at, Told.EVENT, f"publishes {name}", entry.case_id, detail={"event": name})


Tell = Callable[[HistoryEntry, CaseView, bool], Event]


def _created(entry: HistoryEntry, view: CaseView, spoken: bool) -> Event:
    command = entry.command
    assert isinstance(command, c.Create)
    told = Told.CHILD if command.parent else Told.CASE
    detail = {"type": view.type, "parent": command.parent, "data": dict(command.data), "channel": command.channel}
    return Event(entry.at, told, view.label, view.id, actor=entry.actor.id, because=listed(command.data), detail=detail)


def _submitted(entry: HistoryEntry, view: CaseView, spoken: bool) -> Event:
    command = entry.command
    assert isinstance(command, c.Submit)
    marks = [(what, why) for path, what, why in entry.trace if path == entry.path and what in QUIET]
    if spoken and len(command.data) == 1:
        text = value_words(next(iter(command.data.values())))
        because, matched = (marks[0][1], {"matched": marks[0][0] == "matched"}) if marks else ("", {})
        return Event(entry.at, Told.ANSWERED, text, view.id, entry.path, "customer", because, matched)
    outcome = "" if command.outcome == "done" else command.outcome
    detail = {"outcome": command.outcome, "data": dict(command.data), "spoken": spoken}
    words = listed(command.data)
    return Event(entry.at, Told.FILLED, words, view.id, entry.path, entry.actor.id, outcome, detail)


def _fired(entry: HistoryEntry, view: CaseView, spoken: bool) -> Event:
    assert isinstance(entry.command, c.Fire)
    path = entry.command.timer.partition("#")[0]
    return Event(entry.at, Told.TIMER, "the time has come", view.id, path, detail={"timer": entry.command.timer})


def _child_resolved(entry: HistoryEntry, view: CaseView, spoken: bool) -> Event:
    command = entry.command
    assert isinstance(command, c.ChildResolved)
    text = f"{command.case_id} is {command.status}"
    return Event(entry.at, Told.STATUS, text, view.id, entry.path, detail={"child": command.case_id})


def _occurred(entry: HistoryEntry, view: CaseView, spoken: bool) -> Event:
    command = entry.command
    assert isinstance(command, c.Occurred)
    words, detail = listed(command.payload), {"event": command.event, "payload": dict(command.payload)}
    return Event(entry.at, Told.HEARD, command.event, view.id, entry.path, because=words, detail=detail)


def _commanded(words: Callable[[Any], str]) -> Tell:
    def tell(entry: HistoryEntry, view: CaseView, spoken: bool) -> Event:
        reason = getattr(entry.command, "reason", "")
        return Event(entry.at, Told.COMMAND, words(entry.command), view.id, entry.path, entry.actor.id, reason)

    return tell


COMMANDS: Mapping[type[Any], Tell] = {
    c.Create: _created,
    c.Submit: _submitted,
    c.Fire: _fired,
    c.ChildResolved: _child_resolved,
    c.Occurred: _occurred,
    c.StartItem: _commanded(lambda command: f"starts {command.path.rpartition('.')[2]} by hand"),
    c.Goto: _commanded(lambda command: f"goes to {command.target}"),
    c.Cancel: _commanded(lambda command: "cancels the case"),
    c.Reopen: _commanded(lambda command: "reopens the case"),
    c.RetryItem: _commanded(lambda command: "tries it again"),
    c.SkipItem: _commanded(lambda command: "passes over it"),
}
