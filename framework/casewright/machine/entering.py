"""How items are entered: conditions are tried, effects made, and the case moves on until something waits."""

from __future__ import annotations

from typing import Any

from casewright.machine.charts import START
from casewright.machine.clocks import start_clocks
from casewright.machine.decision import Refusal
from casewright.machine.draft import Draft, Move, under
from casewright.machine.effects import Effect, OpenAssignment, Resolve, StartTimer
from casewright.machine.effects import Move as MoveTo
from casewright.machine.emitting import effects_of
from casewright.machine.leaving import complete, fail, finish, following, jump, owner_with, resolve, standing
from casewright.machine.plan import Awaits, Course, Item, Located, Nested, Plan
from casewright.machine.snapshot import ItemLife, ItemState

MOST_MOVES = 1000
LAST_MOVES = 100
"""How many of the last moves are looked through for the cycle that a refusal names."""


def settle(draft: Draft, move: Move | None) -> Refusal | None:
    """Moves until the case rests; refuses a rule that never does."""
    made = 0
    last: list[Move] = []
    while move is not None:
        made += 1
        if made > MOST_MOVES:
            return _restless(last)
        if made > MOST_MOVES - LAST_MOVES:
            last.append(move)
        move = _arrive(draft, *move)
    return None


def _restless(made: list[Move]) -> Refusal:
    last = [under(owner, state) for owner, state in made]
    start = len(last) - 1 - last[-2::-1].index(last[-1]) if last[-1] in last[:-1] else 0
    cycle = " -> ".join(last[max(start - 1, 0) :][:12])
    return Refusal(
        "restless",
        f"the case does not come to rest: after {MOST_MOVES} moves it still goes {cycle}; let a step in it wait, "
        "or give the move a condition",
    )


def _arrive(draft: Draft, owner: str, state: str) -> Move | None:
    plan, prefix, table = draft.course(owner)
    item = table.items.get(state)
    if item is None:
        draft.move_to(owner, state)
        return finish(draft, owner)
    path = draft.path = under(prefix, item.path) if prefix else item.path
    located = (plan, prefix, plan.places[item.path]) if prefix else plan.located[path]
    because = _skipped_because(draft, (plan, prefix, table), state, item)
    if because:
        draft.open(path, item.kind, "skip")
        draft.note(path, "skipped", because)
        return following(draft, located)
    draft.move_to(owner, state)
    return start(draft, located, draft.open(path, item.kind))


def _skipped_because(draft: Draft, course: Course, state: str, item: Item) -> str:
    plan, prefix, table = course
    if prefix:
        show_dialog(draft, prefix, plan)
        if _is_needless(draft, prefix, plan, item):
            return f"the pass mark of {plan.pass_mark} is reached"
    else:
        draft.forget_root("item")
    guard = table.guards.get(state)
    return guard.because(draft.roots) if guard is not None and guard.holds(draft.roots) else ""


def show_dialog(draft: Draft, path: str, plan: Plan) -> None:
    """Gives the steps of a dialog the root `item`: its score so far, whether that passes, and the answers."""
    draft.roots["item"] = standing(draft.items[path].values, plan.pass_mark)


def _is_needless(draft: Draft, path: str, plan: Plan, item: Item) -> bool:
    if plan.pass_mark is None or item.must or item.activity is None or not item.activity.score:
        return False
    return bool(draft.items[path].values.get("score", 0) >= plan.pass_mark)


def start(draft: Draft, located: Located, row: ItemState) -> Move | None:
    """Starts an item that is active now: its clocks, its inner sequence, or what its step does."""
    item = located[2].item
    try:
        if item.sla:
            start_clocks(draft, item.sla, row.path, row.visit)
            row = draft.items[row.path]
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
    draft.effects += made
    row = _noted(draft, row, made)
    if activity.awaits is not Awaits.NOTHING:
        return None
    move = complete(draft, located, row, result)
    is_completed = draft.changed[row.path, row.visit].state is ItemLife.COMPLETED
    return _directed(draft, target, move, made) if is_completed else move


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
            return owner_with(draft, draft.owner_of(located), effect.target)
    return ""


def _noted(draft: Draft, row: ItemState, made: list[Effect]) -> ItemState:
    """The row with the words that somebody is shown; its timers are taken note of."""
    for effect in made:
        kind = type(effect)
        if kind is OpenAssignment and effect.text:  # type: ignore[union-attr]
            row = draft.keep(row, {"text": effect.text})  # type: ignore[union-attr]
        elif kind is StartTimer:
            draft.keep_timer(effect)  # type: ignore[arg-type]
    return row


def _directed(draft: Draft, owner: str, move: Move | None, made: list[Effect]) -> Move | None:
    """Where the case goes after a step that moves or resolves it."""
    for effect in made:
        if isinstance(effect, MoveTo):
            return jump(draft, owner, effect.target, "")
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
