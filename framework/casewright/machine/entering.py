"""How items are entered: they wait for what lets them begin, effects are made, and steps do what they do."""

from __future__ import annotations

from typing import Any

from casewright.machine import joining
from casewright.machine.charts import START
from casewright.machine.clocks import start_clocks
from casewright.machine.draft import Draft, Move
from casewright.machine.effects import Effect, OpenAssignment, Resolve, StartCase, StartTimer
from casewright.machine.effects import Move as MoveTo
from casewright.machine.emitting import effects_of
from casewright.machine.joining import TURN
from casewright.machine.leaving import complete, fail, jump, owner_with, resolve
from casewright.machine.listening import listen, recall
from casewright.machine.plan import Awaits, Course, Item, Located, Nested, Plan
from casewright.machine.scoping import look_from
from casewright.machine.snapshot import ItemLife, ItemState
from casewright.machine.waiting import begin_waiting, note_child


def passed_over(draft: Draft, course: Course, state: str, item: Item) -> str:
    """Why an item is skipped on entry; empty where it is entered."""
    plan, prefix, table = course
    if prefix or draft.scope:
        look_from(draft, prefix)
    if prefix and _is_needless(draft, prefix, plan, item):
        return f"the pass mark of {plan.pass_mark} is reached"
    guard = table.guards.get(state)
    return guard.because(draft.roots) if guard is not None and guard.holds(draft.roots) else ""


def _is_needless(draft: Draft, path: str, plan: Plan, item: Item) -> bool:
    if plan.pass_mark is None or item.must or item.activity is None or not item.activity.score:
        return False
    return bool(draft.items[path].values.get("score", 0) >= plan.pass_mark)


def skip(draft: Draft, path: str, item: Item, because: str) -> ItemState:
    """The visit of an item that is passed over on entry."""
    turn = _turn_of(draft, path)
    draft.note(path, "skipped", because)
    row = draft.open(path, item.kind, ItemLife.SKIPPED)
    return draft.keep(row, {TURN: turn}) if turn else row


def enter(draft: Draft, located: Located, path: str) -> Move | None:
    """A new visit of an item: available until a sentry fires, then enabled until somebody starts it, or active."""
    place = located[2]
    turn = _turn_of(draft, path) if draft.again else 0
    if place.is_plain and not turn:
        return start(draft, located, draft.open(path, place.item.kind))
    row = draft.open(path, place.item.kind, ItemLife.AVAILABLE)
    row = draft.keep(row, {TURN: turn}) if turn else row
    row = listen(draft, located, row, "entry", "exit")
    if not place.item.entry:
        return let_begin(draft, located, row)
    if not turn:
        recall(draft, located, row)
    return None


def _turn_of(draft: Draft, path: str) -> int:
    """Which of its visits in a row an item begins now; 0 where it does not repeat one."""
    turn = draft.again.get(path, 0)
    draft.again = {name: each for name, each in draft.again.items() if name != path}
    return turn


def let_begin(draft: Draft, located: Located, row: ItemState) -> Move | None:
    """Has an available item begin, or wait for somebody to start it."""
    if located[2].item.manual:
        draft.turn(row, "enable")
        return None
    return activate(draft, located, row)


def activate(draft: Draft, located: Located, row: ItemState) -> Move | None:
    """Starts an item that was available or enabled."""
    draft.path = row.path
    look_from(draft, located[1])
    return start(draft, located, draft.turn(row, "activate"))


def start(draft: Draft, located: Located, row: ItemState) -> Move | None:
    """Starts an item that is active now: its clocks, its inner sequence, or what its step does."""
    item = located[2].item
    try:
        if item.sla:
            start_clocks(draft, item.sla, row.path, row.visit)
            row = draft.items[row.path]
        if item.split is not None:
            return joining.begin(draft, located, row)
        if item.body is not None:
            return _first(draft, row.path)
        return complete(draft, located, row, None) if item.activity is None else _perform(draft, located, row)
    except (ValueError, LookupError, ArithmeticError) as error:
        return fail(draft, located, draft.items[row.path], str(error), closing="")


def _perform(draft: Draft, located: Located, row: ItemState) -> Move | None:
    item = located[2].item
    activity = item.activity
    assert activity is not None
    result, made = _worked_out(draft, item, row)
    if activity.nested is not None:
        return _descend(draft, activity.nested, row, made)
    target = _target_owner(draft, located, made)
    if activity.alternatives:
        return begin_waiting(draft, located, row, made)
    draft.effects += made
    row = _noted(draft, row, made)
    if activity.awaits is not Awaits.NOTHING:
        return None
    move = complete(draft, located, row, result)
    is_completed = draft.changed[row.path, row.visit].state is ItemLife.COMPLETED
    return _directed(draft, target, row.path, move, made) if is_completed else move


def _worked_out(draft: Draft, item: Item, row: ItemState) -> tuple[Any, list[Effect]]:
    """The step's own result, and its effects, which may read it."""
    assert item.activity is not None
    if item.activity.result is None:
        return None, effects_of(draft, item, row) if item.activity.emissions else []
    result = draft.roots["result"] = item.activity.result.evaluate(draft.roots)
    try:
        return result, effects_of(draft, item, row)
    finally:
        draft.forget_root("result")


def _target_owner(draft: Draft, located: Located, made: list[Effect]) -> str:
    """Whose sequence a move among the effects goes to; raises ValueError where there is no such target."""
    for effect in made:
        if isinstance(effect, MoveTo):
            return owner_with(draft, located, effect.target)
    return ""


def _noted(draft: Draft, row: ItemState, made: list[Effect]) -> ItemState:
    """The row with the words that somebody is shown; its timers and child cases are taken note of."""
    for effect in made:
        kind = type(effect)
        if kind is OpenAssignment and effect.text:  # type: ignore[union-attr]
            row = draft.keep(row, {"text": effect.text})  # type: ignore[union-attr]
        elif kind is StartTimer:
            draft.keep_timer(effect)  # type: ignore[arg-type]
        elif kind is StartCase and not effect.wait:  # type: ignore[union-attr]
            note_child(draft, row.path, row.visit)
    return row


def _directed(draft: Draft, owner: str, path: str, move: Move | None, made: list[Effect]) -> Move | None:
    """Where the case goes after a step that moves or resolves it."""
    for effect in made:
        if isinstance(effect, MoveTo):
            return jump(draft, owner, effect.target, "", path)
        if isinstance(effect, Resolve):
            draft.effects.remove(effect)
            resolve(draft, effect.status)
            return None
    return move


def _descend(draft: Draft, nested: Nested, row: ItemState, made: list[Effect]) -> Move:
    """Enters a dialog or process: one bound now, or the one that the case pinned when it was created."""
    pinned = None if nested.late else draft.bindings.get(f"{nested.kind}/{nested.id}")
    if pinned is None:
        bound = draft.binder.bind(nested.kind, nested.id, draft.roots)
    else:
        bound = draft.binder.by_digest(nested.kind, nested.id, pinned)
    draft.effects += made
    scored: dict[str, Any] = {"score": 0, "answers": {}} if bound.value.pass_mark is not None else {}
    draft.bind_nested(row, bound.digest, scored)
    return _first(draft, row.path)


def _first(draft: Draft, owner: str) -> Move:
    """The move that begins the sequence inside an item."""
    return owner, draft.course(owner)[2].next[START]
