"""The effects of a step's entry: each argument worked out, the path and visit filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, get_args

from casewright.machine.calendars import add
from casewright.machine.draft import HIGHEST_URGENCY, Draft
from casewright.machine.effects import CallConnector, Effect, OpenAssignment, Publish, Send, StartTimer, Target
from casewright.machine.facts import Bound
from casewright.machine.plan import Constant, Emission, Item, Value
from casewright.machine.policies import Routing
from casewright.machine.quick import quick
from casewright.machine.roots import plain
from casewright.machine.snapshot import ItemState

_assignment, _timer = quick(OpenAssignment), quick(StartTimer)


def effects_of(draft: Draft, item: Item, row: ItemState) -> list[Effect]:
    """The effects that a step makes when it is entered; raises ValueError where one cannot be made."""
    assert item.activity is not None
    return [_effect(draft, each, item, row) for each in item.activity.emissions]


def _effect(draft: Draft, emission: Emission, item: Item, row: ItemState) -> Effect:
    roots = draft.roots
    arguments = {
        name: value.value if type(value) is Constant else plain(value.evaluate(roots))
        for name, value in emission.arguments.items()
    }
    if emission.effect is OpenAssignment:
        return _open_assignment(draft, arguments, item, row)
    if emission.effect is StartTimer:
        return _start_timer(draft, arguments, row)
    return _other(emission.effect, arguments, item, row)


def _open_assignment(draft: Draft, arguments: Mapping[str, Any], item: Item, row: ItemState) -> OpenAssignment:
    target, skills, urgency = _taken(draft, arguments.get("target"))
    return _assignment(
        row.path,
        row.visit,
        target,
        arguments.get("label") or item.label,
        max(arguments.get("urgency") or 0, draft.urgency, urgency),
        arguments.get("text") or "",
        tuple(arguments.get("skills") or skills),
    )


_Taken = tuple[Target, tuple[str, ...], int]
"""Who gets the work, the skills that it asks for, and how urgent it is at least."""


def _taken(draft: Draft, value: Any) -> _Taken:
    """Who gets the work; a routing rule is followed to the first route that holds and names somebody."""
    if isinstance(value, Target) and value.id:
        return value, (), 0
    if isinstance(value, Bound):
        return _taken(draft, value.value)
    if isinstance(value, Routing):
        return _routed(draft, value)
    raise ValueError("there is nobody to assign this to; the rule for its assignment gives no one")


def _routed(draft: Draft, routing: Routing) -> _Taken:
    if routing.decided is None:
        return _first_route(draft, routing)
    outer = draft.roots.known("result")
    draft.roots["result"] = routing.decided.evaluate(draft.roots)
    try:
        return _first_route(draft, routing)
    finally:
        draft.forget_root("result")
        if outer is not None:
            draft.roots["result"] = outer


def _first_route(draft: Draft, routing: Routing) -> _Taken:
    for route in routing.routes:
        if route.when is None or route.when.holds(draft.roots):
            target = route.target.evaluate(draft.roots)
            if isinstance(target, Target) and not target.id:
                draft.note(draft.path, f"routing/{routing.id}", f"route '{route.id}' names nobody")
                continue
            because = f": {route.when.name}" if route.when is not None else ""
            draft.note(draft.path, f"routing/{routing.id}", f"route '{route.id}'{because}")
            return _taken(draft, target)[0], _skills(draft, route.skills), _urgency(draft, route.urgency)
    raise ValueError(f"no route of routing '{routing.id}' holds; give it a last route without a condition")


def _skills(draft: Draft, value: Value | None) -> tuple[str, ...]:
    """Skills in order, each once; a list inside counts as its items, and what is empty is left out."""
    found = value.evaluate(draft.roots) if value is not None else ()
    each = [skill for one in found or () for skill in (one if isinstance(one, list | tuple) else (one,))]
    return tuple(dict.fromkeys(str(skill) for skill in each if skill))


def _urgency(draft: Draft, value: Value | None) -> int:
    found = value.evaluate(draft.roots) if value is not None else None
    return min(HIGHEST_URGENCY, max(0, int(found))) if found is not None else 0


def _start_timer(draft: Draft, arguments: Mapping[str, Any], row: ItemState) -> StartTimer:
    """A timer at `due`, or `after` a duration (in the business time of `calendar`, where one is named).

    A `name` tells the timer apart from others of the same visit.
    """
    due, purpose = arguments.get("due"), arguments.get("purpose") or "wait"
    if due is None:
        if arguments.get("after") is None:
            raise ValueError("there is no time to wait for; the step's duration or instant is empty")
        due = add(draft.now, arguments["after"], _calendar(draft, arguments.get("calendar")))
    name = f"{row.path}#{row.visit}:{purpose}"
    if arguments.get("name"):
        name = f"{name}:{arguments['name']}"
    return _timer(name, due, purpose, row.path, row.visit)


def _calendar(draft: Draft, calendar: Any) -> Any:
    return draft.binder.bind("calendar", calendar, draft.roots).value if isinstance(calendar, str) else calendar


def _other(effect: type[Any], arguments: dict[str, Any], item: Item, row: ItemState) -> Effect:
    if effect is Send and not arguments.get("to"):
        raise ValueError("there is no address to send to; the receiver has none for this channel")
    make, names, empty = _SHAPES[effect]
    given = {"path": row.path, "visit": row.visit, "retry": item.retry, **arguments}
    made = {name: given[name] for name in names if given.get(name) is not None}
    return make(**made) if len(made) == len(names) else make(**{**empty, **made})  # type: ignore[no-any-return]


def _shape(effect: type[Any]) -> tuple[Callable[..., Any], tuple[str, ...], dict[str, Any]]:
    """How an effect is made, its fields, and what stands for those that it must have and is not given."""
    needed = (each for each in fields(effect) if each.default is MISSING and each.default_factory is MISSING)
    empty = {each.name: "" if each.type == "str" else None for each in needed}
    make = quick(effect) if effect in (Publish, Send, CallConnector) else effect
    return make, tuple(each.name for each in fields(effect)), empty


_SHAPES = {effect: _shape(effect) for effect in get_args(Effect)}
