"""What somebody may start by hand: items that are enabled, and optional actions while they are offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from casewright.machine.decision import Needs, Refusal
from casewright.machine.draft import Draft, Move
from casewright.machine.entering import activate, enter
from casewright.machine.facts import Actor, Facts
from casewright.machine.joining import has_room, spent
from casewright.machine.places import Stands, under
from casewright.machine.plan import Item, Located, Plan
from casewright.machine.roots import PageMissing, PageUnreadable
from casewright.machine.scoping import look_from
from casewright.machine.snapshot import ItemLife, ItemState, Snapshot
from casewright.values import did_you_mean

UNASKED = ("system", "service")
"""Kinds of actors whom no list of roles holds back: rules and hosts that act themselves."""


def is_among(actor: Actor, allowed: frozenset[str]) -> bool:
    """Whether an actor may start what is open to these roles and kinds of actors (empty: to anybody)."""
    return not allowed or actor.kind in UNASKED or actor.kind in allowed or bool(actor.roles & allowed)


def start_item(draft: Draft, path: str, visit: int) -> Move | Refusal | None:
    """Starts an item that is enabled, or an optional action that is offered."""
    located = draft.find(path)
    if located is None:
        startable = [each.path for each in _found(draft)]
        return Refusal("unknown_item", f"there is no '{path}' to start{did_you_mean(path, startable)}")
    refused = _refused(draft, located, path, visit)
    if refused:
        return refused
    draft.note(path, "started", "by hand")
    row = draft.items.get(path)
    return enter(draft, located, path) if row is None else activate(draft, located, row)


def _refused(draft: Draft, located: Located, path: str, visit: int) -> Refusal | None:
    """Why an item may not be started now."""
    item, row = located[2].item, draft.items.get(path)
    if located[2].stands is Stands.ACTION and not located[2].state.endswith(".failed"):
        refused = _not_offered(draft, located, path, row)
    else:
        refused = _not_enabled(draft, located, path, visit, row)
    if refused or is_among(draft.facts.actor, item.started_by):
        return refused
    roles = ", ".join(sorted(item.started_by))
    return Refusal("not_allowed", f"'{path}' may be started by {roles}; '{draft.facts.actor.id}' is none of these")


def _not_enabled(draft: Draft, located: Located, path: str, visit: int, row: ItemState | None) -> Refusal | None:
    if row is None or (visit and row.visit != visit):
        return Refusal("not_enabled", f"'{path}' does not wait to be started")
    if row.state is not ItemLife.ENABLED:
        return Refusal("not_enabled", f"'{path}' does not wait to be started; it is {row.state}")
    if located[2].stands is Stands.BRANCH:
        around = draft.around(located)
        if not has_room(draft, draft.locate(around), draft.items[around]):
            return Refusal("no_room", f"'{path}' cannot start yet: as many as may run at once in '{around}' do so")
    return None


def _not_offered(draft: Draft, located: Located, path: str, row: ItemState | None) -> Refusal | None:
    item, around = located[2].item, draft.around(located)
    host = draft.items.get(around)
    if around and (host is None or host.state is not ItemLife.ACTIVE):
        return Refusal("not_offered", f"'{path}' is offered only while '{around}' is active")
    handler = draft.items.get(f"{path}.failed")
    if row is not None or handler is not None:
        return Refusal("running", f"'{path}' runs already")
    if item.once and spent(path) in draft.visits:
        return Refusal("once", f"'{path}' was done already, and may be done only once")
    look_from(draft, located[1])
    guard = draft.course(draft.owner_of(located))[2].guards.get(located[2].state)
    if guard is not None and guard.holds(draft.roots):
        return Refusal("not_offered", f"'{path}' is not offered now: {guard.because(draft.roots)}")
    return None


# -- for those who look ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Startable:
    """Something that may be started by hand, or why this actor may not start it now.

    `kind` is `enabled` for an item that waits to be started at this `visit`, `action` for an optional action. `code`
    and `because` are those of the refusal, empty where it may be started; `by` are the roles that may.
    """

    path: str
    label: str
    kind: Literal["enabled", "action"]
    visit: int = 0
    code: str = ""
    because: str = ""
    by: frozenset[str] = frozenset()

    @property
    def may(self) -> bool:
        return not self.code


def startable(plan: Plan, snapshot: Snapshot, facts: Facts) -> tuple[Startable, ...] | Needs:
    """What may be started in a case, with the reason where this actor may not; or the pages that it hangs on.

    An action is listed while the stage around it is active, or the case is open, and not while it runs.
    """
    if snapshot.is_resolved:
        return ()
    draft = Draft(plan, snapshot, facts)
    try:
        return tuple(_found(draft))
    except PageMissing as missing:
        return Needs(frozenset({missing.request}))


def _found(draft: Draft) -> Iterator[Startable]:
    yield from _actions(draft, draft.plan.actions, "")
    for path, row in draft.items.items():
        located = draft.locate(path)
        if row.state is ItemLife.ENABLED:
            yield _startable(draft, located, path, "enabled", row.visit)
        if row.state is ItemLife.ACTIVE:
            yield from _actions(draft, located[2].item.actions, located[1])


def _actions(draft: Draft, actions: tuple[Item, ...], prefix: str) -> Iterator[Startable]:
    for action in actions:
        path = under(prefix, action.path)
        if path not in draft.items and f"{path}.failed" not in draft.items:
            yield _startable(draft, draft.locate(path), path, "action", 0)


def _startable(draft: Draft, located: Located, path: str, kind: Literal["enabled", "action"], visit: int) -> Startable:
    item = located[2].item
    try:
        refused = _refused(draft, located, path, visit)
    except PageUnreadable as unreadable:
        because = f"page {unreadable.request.page} cannot be read now: {unreadable.reason}"
        refused = Refusal("not_offered", f"'{path}' is not offered now: {because}")
    code, because = (refused.code, refused.message) if refused is not None else ("", "")
    return Startable(path, item.label or item.id, kind, visit, code, because, item.started_by)
