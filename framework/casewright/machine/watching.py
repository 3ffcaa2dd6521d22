"""What lets an item begin, or end early: the sentries are told what happened, and the first that holds fires."""

from __future__ import annotations

from typing import Any

from casewright.machine.charts import JOIN
from casewright.machine.draft import Draft, Move
from casewright.machine.entering import let_begin
from casewright.machine.happenings import Changed, Log, Reached
from casewright.machine.joining import grow, has_room, is_joined
from casewright.machine.leaving import end_early, fail
from casewright.machine.listening import HEARD, Side, listener, relisten, sentries
from casewright.machine.locating import runs_a_plan
from casewright.machine.places import PASS, Stands
from casewright.machine.plan import Item, Located
from casewright.machine.scoping import look_from, path_from
from casewright.machine.side_by_side import On, OnEvent, OnField, OnItem, Sentry
from casewright.machine.snapshot import ItemLife, ItemState

READY = "ready"
"""Under this name a branch keeps that it may begin as soon as there is room for it."""


def watch(draft: Draft, log: Log) -> Move | None:
    """Tells every live item what happened, and gives the move of the first that begins or ends for it."""
    _tell(draft, log)
    while True:
        seen = len(log.entries)
        for path in _listeners(draft):
            move = _look_at(draft, path)
            if move is not None:
                return move
        if len(log.entries) == seen:
            return None
        _tell(draft, log)


def _listeners(draft: Draft) -> list[str]:
    """The live items of plans in which something listens: what runs in a hundred plain passes is not looked at."""
    known = {"": draft.plan.watched}
    return [path for path in draft.items if _is_watched(draft, path.rpartition(".")[0], known)]


def _is_watched(draft: Draft, around: str, known: dict[str, bool]) -> bool:
    """Whether something listens in the plan of what stands under a path."""
    found = known.get(around)
    if found is None:
        row = draft.items.get(around)
        if row is None or not runs_a_plan(row):
            found = _is_watched(draft, around.rpartition(".")[0], known)
        elif row.kind == PASS:
            found = _passes_watched(draft, around.rpartition(".")[0])
        else:
            found = draft.course(around)[0].watched
        known[around] = found
    return found


def _passes_watched(draft: Draft, path: str) -> bool:
    split = draft.locate(path)[2].item.split
    return split is not None and split.passes is not None and split.passes.watched


def _look_at(draft: Draft, path: str) -> Move | None:
    row = draft.items.get(path)
    if row is None:
        return None
    located = draft.locate(path)
    draft.path = path
    item = located[2].item
    if item.exit:
        because = _fired(draft, located, row, "exit")
        if because:
            return end_early(draft, located, row, because)
    if item.entry and row.state is ItemLife.AVAILABLE:
        return _may_begin(draft, located, row)
    if item.split is not None and row.state is ItemLife.ACTIVE and not is_joined(row):
        return _has_changed(draft, located, row)
    return None


# -- sentries ----------------------------------------------------------------------------------------------------------


def _may_begin(draft: Draft, located: Located, row: ItemState) -> Move | None:
    because = "there is room for it" if row.values.get(READY) else _fired(draft, located, row, "entry")
    if not because:
        return None
    if not located[2].item.manual and _is_crowded(draft, located):
        if not row.values.get(READY):
            draft.keep(row, {READY: True})
        return None
    draft.note(row.path, "may begin", because)
    heard = {name: what for name, what in row.values.get(HEARD, {}).items() if not name.startswith("entry.")}
    row = relisten(draft, located, draft.keep(row, {HEARD: heard}))
    return let_begin(draft, located, row)


def _is_crowded(draft: Draft, located: Located) -> bool:
    if located[2].stands is not Stands.BRANCH:
        return False
    around = draft.around(located)
    return not has_room(draft, draft.locate(around), draft.items[around])


def _fired(draft: Draft, located: Located, row: ItemState, side: Side) -> str:
    """Which sentry of an item fires, in words; empty where none does."""
    heard = row.values.get(HEARD, {})
    for number, sentry in enumerate(sentries(located[2].item, side)):
        names = [listener(side, number, part) for part in range(len(sentry.on))]
        if all(name in heard for name in names) and _holds(draft, located, sentry, [heard[name] for name in names]):
            return in_words(sentry)
    return ""


def _holds(draft: Draft, located: Located, sentry: Sentry, heard: list[Any]) -> bool:
    if sentry.when is None:
        return True
    look_from(draft, located[1])
    payload = next((each for each in reversed(heard) if isinstance(each, dict)), None)
    if payload is None:
        return sentry.when.holds(draft.roots)
    draft.roots["event"] = payload
    try:
        return sentry.when.holds(draft.roots)
    finally:
        draft.forget_root("event")


def in_words(sentry: Sentry) -> str:
    """What a sentry waits for, for people to read."""
    parts = [_part_in_words(on) for on in sentry.on]
    parts += [sentry.when.name] if sentry.when is not None else []
    return " and ".join(parts) or "at once"


def _part_in_words(on: On) -> str:
    if isinstance(on, OnItem):
        return f"{on.path} {on.state}"
    return f"event {on.event}" if isinstance(on, OnEvent) else f"{on.name} changed"


# -- what is told ------------------------------------------------------------------------------------------------------


def _tell(draft: Draft, log: Log) -> None:
    """Has every live item with sentries remember those parts of them that have happened."""
    count = len(log.entries)
    for path in _listeners(draft):
        located, row = draft.locate(path), draft.items[path]
        fresh = [] if located[2].is_plain else log.since(path, row.visit)
        if fresh:
            _hear(draft, located, row, fresh)
    log.told(count)


def _hear(draft: Draft, located: Located, row: ItemState, fresh: list[Reached | Changed]) -> None:
    item, heard = located[2].item, row.values.get(HEARD, {})
    sides: tuple[Side, ...] = ("entry", "exit") if row.state is ItemLife.AVAILABLE else ("exit",)
    more = {name: True for side in sides for name in _happened(draft, located, item, side, fresh) if name not in heard}
    if more:
        draft.keep(row, {HEARD: {**heard, **more}})


def _happened(draft: Draft, located: Located, item: Item, side: Side, fresh: list[Reached | Changed]) -> list[str]:
    return [
        listener(side, number, part)
        for number, sentry in enumerate(sentries(item, side))
        for part, on in enumerate(sentry.on)
        if any(_is_meant(draft, located, on, each) for each in fresh)
    ]


def _is_meant(draft: Draft, located: Located, on: On, happened: Reached | Changed) -> bool:
    if isinstance(on, OnItem) and isinstance(happened, Reached):
        return happened.state is on.state and _path_of(happened) == path_from(draft, located, on.path)
    if isinstance(on, OnField) and isinstance(happened, Changed):
        is_seen = not happened.scope or f"{located[1]}.".startswith(f"{happened.scope}.")
        return is_seen and happened.name == on.name
    return False


def _path_of(happened: Reached) -> str:
    """Whose path it is; what was completed by its handler is completed too."""
    path = happened.path
    while happened.state is ItemLife.COMPLETED and path.endswith(".failed"):
        path = path.removesuffix(".failed")
    return path


# -- splits that change ------------------------------------------------------------------------------------------------


def _has_changed(draft: Draft, located: Located, row: ItemState) -> Move | None:
    """The move that counts a split again: its list has grown, or what makes it done holds now."""
    split = located[2].item.split
    assert split is not None
    look_from(draft, located[1])
    if split.done_when is not None and split.done_when.holds(draft.roots):
        return row.path, JOIN
    try:
        return (row.path, JOIN) if split.over is not None and grow(draft, located, row) else None
    except (ValueError, LookupError, ArithmeticError) as error:
        return fail(draft, located, row, str(error))
