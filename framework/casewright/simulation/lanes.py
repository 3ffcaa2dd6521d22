"""What happens side by side, told apart: each event with the branches, passes and actions that it happens in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from casewright.machine.places import Stands
from casewright.machine.plan import Plan
from casewright.runtime.placing import Lane, lanes
from casewright.runtime.standing import element_words
from casewright.runtime.views import ItemLine
from casewright.simulation.report import Event, Told


def in_lanes(events: Iterable[Event], plan: Plan | None, entered: Callable[[], Sequence[ItemLine]]) -> Iterator[Event]:
    """The events of one step; `entered` gives the items of the case, for the elements of passes."""
    elements: Mapping[str, Any] | None = None
    for event in events:
        found = _around(event, plan) if plan is not None and event.path else ()
        if elements is None and any(lane.stands is Stands.PASS for lane in found):
            elements = {line.path: line.element for line in entered()}
        yield replace(event, lanes=tuple(_name(lane, elements or {}) for lane in found)) if found else event


def _around(event: Event, plan: Plan) -> tuple[Lane, ...]:
    """What an event happens in; what was skipped is told by what is around it."""
    found = lanes(plan, event.path)
    return tuple(lane for lane in found if lane.path != event.path) if event.told is Told.SKIPPED else found


def _name(lane: Lane, elements: Mapping[str, Any]) -> str:
    if lane.stands is not Stands.PASS:
        return lane.label
    words = element_words(elements.get(lane.path))
    return f"{lane.label} {lane.number}{f': {words}' if words else ''}"
