"""The trace of a step, as it stands in history, to events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from casewright.runtime.views import HistoryEntry
from casewright.simulation.report import Event, Told

QUIET = ("matched", "not matched")
"""Told with the answer."""

_TOLD_OTHERWISE = ("gave", "answered at try ", "given up after ", "started", "heard")
"""What a story tells with the values that are kept, with the calls, and with the command that did it."""


def from_trace(entry: HistoryEntry) -> Iterator[Event]:
    """An event for each thing of the trace that people want to read."""
    for path, what, because in entry.trace:
        if what in QUIET or _is_base(what) or what.startswith(_TOLD_OTHERWISE):
            continue
        told = _told(what)
        text = _TEXTS.get(told, str)(what)
        yield Event(entry.at, told, text, entry.case_id, path, because=because if told is not Told.VARIANT else "")


def _is_base(what: str) -> bool:
    """Whether it says that a rule was bound as it is, without a variant."""
    return what.startswith("bound ") and "@" not in what


def _told(what: str) -> Told:
    return next((told for start, told in _STARTS.items() if what.startswith(start)), Told.DECIDED)


_STARTS: Mapping[str, Told] = {
    "skipped": Told.SKIPPED,
    "bound ": Told.VARIANT,
    "failed": Told.GIVEN_UP,
    "goal passed": Told.TIMER,
    "deadline passed": Told.TIMER,
    "urgency ": Told.TIMER,
    "moved to ": Told.MOVED,
    "reopened at ": Told.MOVED,
    "tried again": Told.MOVED,
    "repeated": Told.MOVED,
    "not repeated": Told.MOVED,
    "joined": Told.MOVED,
    "grew": Told.MOVED,
    "may begin": Told.BEGINS,
    "ended early": Told.ENDED,
    "does not listen ": Told.WAITS,
    "resolved ": Told.STATUS,
}

_TEXTS: Mapping[Told, Callable[[str], str]] = {
    Told.VARIANT: lambda what: what.removeprefix("bound "),
    Told.STATUS: lambda what: what.removeprefix("resolved "),
    Told.BEGINS: lambda what: "it may begin",
    Told.DECIDED: lambda what: what.partition("/")[2] or what,
}
