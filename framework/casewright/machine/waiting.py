"""Steps that wait for an event, for a child case, or for the first of several things, and what ends the wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casewright.machine.decision import Refusal
from casewright.machine.draft import Draft, Move
from casewright.machine.effects import AwaitEvent, Effect, StartTimer
from casewright.machine.leaving import complete, fail, save
from casewright.machine.listening import LISTENS, match_key
from casewright.machine.plan import Awaits, Located
from casewright.machine.scoping import look_from, path_from
from casewright.machine.side_by_side import Alternative
from casewright.machine.snapshot import ItemLife, ItemState

Waiting = tuple[Located, ItemState, Alternative]
"""A live step, its row, and that of its alternatives which is meant."""


def begin_waiting(draft: Draft, located: Located, row: ItemState, made: list[Effect]) -> Move | None:
    """Begins to listen, and to wait for the timers made; a child that has ended already ends the wait at once."""
    alternatives = _alternatives(located)
    ended = _ended_already(draft, located, alternatives)
    if ended is not None:
        return _end(draft, located, row, *ended)
    awaited = [_awaited(draft, row, each) for each in alternatives if each.event]
    draft.effects += [*awaited, *made]
    for effect in made:
        if isinstance(effect, StartTimer):
            draft.keep_timer(effect)
    if awaited:
        draft.keep(row, {LISTENS: True})
    return None


def _alternatives(located: Located) -> tuple[Alternative, ...]:
    activity = located[2].item.activity
    return activity.alternatives if activity is not None else ()


def _awaited(draft: Draft, row: ItemState, alternative: Alternative) -> AwaitEvent:
    key = match_key(draft, alternative.match)
    since = draft.before.created_at if alternative.remembered else None
    return AwaitEvent(row.path, row.visit, alternative.event, key, alternative.id, since)


def _end(draft: Draft, located: Located, row: ItemState, alternative: Alternative, result: Any) -> Move | None:
    """Completes a wait with the alternative that came first."""
    activity = located[2].item.activity
    assert activity is not None
    error = save(draft, located, alternative.save, result) if alternative.save else ""
    if error:
        return fail(draft, located, row, error)
    is_first = activity.awaits is Awaits.FIRST
    row = draft.keep(row, {"first": alternative.id}) if is_first else row
    return complete(draft, located, row, {"first": alternative.id} if is_first else result)


# -- events and timers -------------------------------------------------------------------------------------------------


def occur(
    draft: Draft, located: Located, row: ItemState, name: str, payload: Mapping[str, Any]
) -> Move | Refusal | None:
    """Ends a wait with an event, where it is one that the step waits for."""
    alternative = next((each for each in _alternatives(located) if each.event and each.id == name), None)
    if alternative is None or row.state is not ItemLife.ACTIVE:
        return Refusal("stale", f"'{row.path}' (visit {row.visit}) does not wait for this event any more")
    look_from(draft, located[1])
    draft.roots["event"] = payload
    try:
        if alternative.when is not None and not alternative.when.holds(draft.roots):
            because = f"{alternative.when.name} does not hold"
            return Refusal("stale", f"'{row.path}' does not wait for this {alternative.event}: {because}")
        return _end(draft, located, row, alternative, payload)
    finally:
        draft.forget_root("event")


def time_out(draft: Draft, located: Located, row: ItemState, timer: StartTimer) -> Move | None:
    """Ends a wait with its timer: the only thing that it waits for, or one of several."""
    name = timer.name.rpartition(":")[2]
    alternative = next((each for each in _alternatives(located) if each.id == name), None)
    return complete(draft, located, row, None) if alternative is None else _end(draft, located, row, alternative, None)


# -- child cases -------------------------------------------------------------------------------------------------------

ERROR = "error"
"""Under this name it is kept why a child case could not begin."""


def note_child(draft: Draft, path: str, visit: int) -> None:
    """Takes note of a child case that has begun, where a step of the plan may wait for it."""
    located = draft.find(path)
    if located is not None and _may_wait(draft, located):
        _keep_child(draft, path, visit, None)


def keep_child(draft: Draft, path: str, visit: int, what: Mapping[str, Any]) -> bool:
    """Keeps what became of a child case for a step that may wait for it later; says whether there is one."""
    name = f"{path}#{visit}"
    if name not in draft.children or draft.children[name] is not None:
        return False
    _keep_child(draft, path, visit, dict(what))
    return True


def _keep_child(draft: Draft, path: str, visit: int, what: dict[str, Any] | None) -> None:
    others = {name: each for name, each in draft.children.items() if name.rpartition("#")[0] != path}
    draft.children = {**others, f"{path}#{visit}": what}


def _may_wait(draft: Draft, located: Located) -> bool:
    path = located[2].item.path
    return any(
        each.child == path
        for plan in (located[0], draft.plan)
        for _, item in plan.every_item()
        for each in (item.activity.alternatives if item.activity is not None else ())
    )


def _ended_already(
    draft: Draft, located: Located, alternatives: tuple[Alternative, ...]
) -> tuple[Alternative, Any] | None:
    """The first of the alternatives whose child case has ended; raises ValueError where none has begun."""
    for each in alternatives:
        if not each.child:
            continue
        path = path_from(draft, located, each.child)
        name = f"{path}#{draft.visits.get(path, 0)}"
        if name not in draft.children:
            raise ValueError(f"there is no child case to wait for: '{path}' has begun none")
        what = draft.children[name]
        if what is not None and ERROR in what:
            raise ValueError(what[ERROR])
        if what is not None:
            return each, what
    return None


def waits_for_child(draft: Draft, path: str, visit: int) -> list[Waiting]:
    """The live steps that wait for the child case which this visit of a step began."""
    if draft.children.get(f"{path}#{visit}", ERROR) is not None:
        return []
    found = []
    for row in draft.items.values():
        located = draft.locate(row.path)
        if row.state is ItemLife.ACTIVE:
            meant = (each for each in _alternatives(located) if each.child)
            found += [(located, row, each) for each in meant if path_from(draft, located, each.child) == path]
    return found


def end_waits(draft: Draft, waiting: list[Waiting], result: Mapping[str, Any]) -> None:
    """Ends the waits for a child case; what follows is moved in its turn."""
    for located, row, alternative in waiting:
        if draft.items.get(row.path) is row:
            _follow(draft, _end(draft, located, row, alternative, result))


def fail_waits(draft: Draft, waiting: list[Waiting], error: str) -> None:
    """Fails the waits for a child case that could not begin."""
    for located, row, _ in waiting:
        if draft.items.get(row.path) is row:
            _follow(draft, fail(draft, located, row, error))


def _follow(draft: Draft, move: Move | None) -> None:
    if move is not None:
        draft.pending = (*draft.pending, move)
