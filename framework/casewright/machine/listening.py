"""The events that an item listens for because of its sentries, and what it has heard so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from casewright.machine.draft import Draft
from casewright.machine.effects import AwaitEvent, StopAwaiting
from casewright.machine.places import has_events
from casewright.machine.plan import Item, Located
from casewright.machine.remembering import has_reached
from casewright.machine.roots import plain
from casewright.machine.scoping import look_from, path_from
from casewright.machine.side_by_side import OnEvent, OnItem, Sentry
from casewright.machine.snapshot import ItemState

Side = Literal["entry", "exit"]

HEARD, LISTENS = "heard", "listens"
"""What a row keeps: the parts of its sentries that have happened, and whether it listens for events."""


def listener(side: str, number: int, part: int) -> str:
    """What an item calls a part of its sentries: by its side, the number of the sentry, and that of the part."""
    return f"{side}.{number}.{part}"


def sentries(item: Item, side: Side) -> tuple[Sentry, ...]:
    """The sentries of an item that let it begin, or end early."""
    return item.entry if side == "entry" else item.exit


def listen(draft: Draft, located: Located, row: ItemState, *sides: Side) -> ItemState:
    """The row, listening for the events of its sentries."""
    effects = [each for side in sides for each in _awaited(draft, located, row, side)]
    if not effects:
        return row
    draft.effects += effects
    return draft.keep(row, {LISTENS: True})


def _awaited(draft: Draft, located: Located, row: ItemState, side: Side) -> list[AwaitEvent]:
    found = []
    for number, sentry in enumerate(sentries(located[2].item, side)):
        for part, on in enumerate(sentry.on):
            if isinstance(on, OnEvent):
                look_from(draft, located[1])
                key = _key(draft, row.path, on)
                if key is not None:
                    name = listener(side, number, part)
                    found.append(AwaitEvent(row.path, row.visit, on.event, key, name))
    return found


def _key(draft: Draft, path: str, on: OnEvent) -> tuple[tuple[str, Any], ...] | None:
    """What the payload must hold; None where one of the values is not known, so that no event could be meant."""
    try:
        return match_key(draft, on.match)
    except (ValueError, LookupError, ArithmeticError) as unknown:
        draft.note(path, f"does not listen for {on.event}", str(unknown))
        return None


def match_key(draft: Draft, match: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """What the payload of an event must hold, sorted; raises ValueError where one of the values is empty."""
    found = {name: plain(value.evaluate(draft.roots)) for name, value in match.items()}
    empty = [name for name, value in found.items() if value is None]
    if empty:
        raise ValueError(f"there is nothing to match {', '.join(sorted(empty))} with; what it is matched to is empty")
    return tuple(sorted(found.items()))


def stop(draft: Draft, row: ItemState) -> None:
    """Has an item listen no more."""
    if row.values.get(LISTENS):
        draft.effects.append(StopAwaiting(row.path, row.visit))


def relisten(draft: Draft, located: Located, row: ItemState) -> ItemState:
    """The row, listening only for what may end it: it has begun, or has failed."""
    if not row.values.get(LISTENS):
        return row
    draft.effects.append(StopAwaiting(row.path, row.visit))
    if has_events(located[2].item.exit):
        return listen(draft, located, row, "exit")
    return draft.keep(row, {LISTENS: False})


def recall(draft: Draft, located: Located, row: ItemState) -> None:
    """Has an item that is entered know what others reached before it."""
    heard = {
        listener("entry", number, part): True
        for number, sentry in enumerate(located[2].item.entry)
        for part, on in enumerate(sentry.on)
        if isinstance(on, OnItem) and has_reached(draft, path_from(draft, located, on.path), on.state, row.path)
    }
    if heard:
        draft.keep(row, {HEARD: heard})
