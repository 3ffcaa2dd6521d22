"""The order in which a story is told: causes first, and the consequences of one step along the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from casewright.machine.plan import Plan
from casewright.runtime.placing import order_of
from casewright.runtime.views import HistoryEntry
from casewright.simulation.report import Event, Told

_CAUSE = re.compile(r"job:(?:hear:\d+:)?(C-\d+)\.(\d+)\.\d+(?::.*)?")
"""The key of a job that a step of a case has promised, or that tells somebody of the event that it has published."""


_ENDS = ("joined", "not repeated")


def in_causal_order(entries: Iterable[HistoryEntry]) -> Iterator[HistoryEntry]:
    """The entries of several cases: each case's in order, and none before the step whose job it finishes."""
    waiting = sorted(entries, key=lambda entry: (entry.at, _number(entry.case_id), entry.seq))
    while waiting:
        left = {(entry.case_id, entry.seq) for entry in waiting}
        ready = next((entry for entry in waiting if not _waits_for(entry) & left), waiting[0])
        waiting.remove(ready)
        yield ready


def _waits_for(entry: HistoryEntry) -> set[tuple[str, int]]:
    cause = _CAUSE.fullmatch(entry.key)
    before = {(entry.case_id, seq) for seq in range(max(1, entry.seq - 20), entry.seq)}
    return before | ({(cause[1], int(cause[2]))} if cause else set())


def _number(case_id: str) -> int:
    return int(re.sub(r"\D", "", case_id) or 0)


def in_plan_order(events: list[Event], plan: Plan | None, entry: HistoryEntry) -> list[Event]:
    """The consequences of one step along the plan, where the step went straight on."""
    if plan is None or any(what.startswith(("moved", "reopened")) for _, what, _ in entry.trace):
        return events
    return sorted(events, key=lambda event: order_of(plan, event.path, is_end=_ends(event)))


def _ends(event: Event) -> bool:
    """Whether it tells of the end of an item, behind what is inside that."""
    return event.told is Told.GIVEN_UP or event.text.startswith(_ENDS)


def with_saved(events: Sequence[Event], saved: Iterable[Event]) -> list[Event]:
    """What was kept, told behind the last decision or join, for which it mostly was kept."""
    numbered = enumerate(events, 1)
    place = max((number for number, event in numbered if event.told is Told.DECIDED or _ends(event)), default=0)
    return [*events[:place], *saved, *events[place:]]


def beside_the_next(events: Iterable[Event]) -> list[Event]:
    """The events, those without a path put where the next one is."""
    placed: list[Event] = []
    for event in reversed(list(events)):
        placed.insert(0, event if event.path or not placed else replace(event, path=placed[0].path))
    return placed
