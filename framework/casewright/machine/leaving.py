"""How items end: completed, failed, terminated by a move, or with the whole case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casewright.machine.draft import Draft, Move
from casewright.machine.effects import Publish, Resolve
from casewright.machine.joining import JOINED, TURN, count, is_joined
from casewright.machine.listening import HEARD, LISTENS, relisten, stop
from casewright.machine.places import ACTIONS, Stands, under
from casewright.machine.plan import Located, Value
from casewright.machine.roots import plain
from casewright.machine.scoping import fields_at, look_from, path_from, save_at, standing
from casewright.machine.side_by_side import On, OnItem
from casewright.machine.snapshot import ItemLife, ItemState
from casewright.values import did_you_mean

WITHDRAWN = "withdrawn"
"""How an assignment ends that nobody completed."""

_MEMBER = Stands.MEMBER


def complete(draft: Draft, located: Located, row: ItemState, result: Any, outcome: str = "") -> Move | None:
    """Saves what the item gives, ends it, and says where its sequence goes next."""
    place = located[2]
    activity = place.item.activity
    if activity is not None and activity.save:
        error = save(draft, located, activity.save, result)
        if error:
            return fail(draft, located, row, error)
    if activity is not None and outcome in activity.failing:
        row = draft.keep(row, {"outcome": outcome})
        return fail(draft, located, row, f"it was {outcome}", closing=outcome)
    ended = draft.turn(row, "complete", {"outcome": outcome} if outcome else None)
    _tidy(draft, located, row, outcome or "done")
    again = _again(draft, located, ended) if place.item.repeat is not None else None
    return again or following(draft, located, ended)


def _again(draft: Draft, located: Located, ended: ItemState) -> Move | None:
    """The move that enters a completed item once more, while its `repeat` holds."""
    _, prefix, place = located
    if not _repeats(draft, located, ended):
        return None
    draft.again = {**draft.again, ended.path: ended.values.get(TURN, 1) + 1}
    return under(prefix, place.owner), place.state


def _repeats(draft: Draft, located: Located, row: ItemState) -> bool:
    """Whether an item that is completed now is entered again."""
    repeat = located[2].item.repeat
    assert repeat is not None
    look_from(draft, located[1])
    if not repeat.when.holds(draft.roots):
        return False
    if row.values.get(TURN, 1) >= repeat.most:
        draft.note(row.path, "not repeated", f"it was done {repeat.most} times in a row, which is the most")
        return False
    draft.note(row.path, "repeated", repeat.when.name)
    return True


def following(draft: Draft, located: Located, ended: ItemState) -> Move | None:
    """The move that goes on behind an item that has ended: in its sequence, or to where its like are counted.

    An alternate stage with a status ends the case instead.
    """
    _, prefix, place = located
    if place.stands is not _MEMBER:
        return count(draft, located, ended)
    item = place.item
    if item.status:
        resolve(draft, item.status)
        return None
    if item.split is not None and ended.values.get(JOINED):
        return None
    owner = under(prefix, place.owner) if prefix else place.owner
    return owner, draft.course(owner)[2].next[place.state]


def save(draft: Draft, located: Located, values: Mapping[str, Value], result: Any) -> str:
    """Stores what a step saves; says why not where a field refuses its value."""
    prefix = located[1]
    if prefix or draft.scope:
        look_from(draft, prefix)
    roots = draft.roots
    roots["result"] = result
    accepted: dict[str, Any] = {}
    try:
        for name, value in values.items():
            accepted[name] = _accepted(draft, prefix, name, plain(value.evaluate(roots)))
    except (ValueError, LookupError, ArithmeticError) as refused:
        return str(refused)
    finally:
        roots.pop("result", None)
    save_at(draft, prefix, accepted)
    return ""


def _accepted(draft: Draft, prefix: str, name: str, value: Any) -> Any:
    fields = fields_at(draft, prefix)
    declared = fields.get(name)
    if declared is None:
        near = did_you_mean(name, fields)
        raise ValueError(f"{draft.plan.rule} has no field '{name}' to save into{near}")
    try:
        return declared.accept(value)
    except ValueError as refused:
        raise ValueError(f"field '{name}' does not take {value!r:.60}: {refused}") from None


def finish(draft: Draft, owner: str) -> Move | None:
    """Ends the item whose sequence is through, or the case."""
    if not owner:
        resolve(draft, draft.plan.resolved_status)
        return None
    terminate_inside(draft, owner)
    located, row = draft.locate(owner), draft.items[owner]
    if not row.bound:
        return complete(draft, located, row, None)
    pass_mark = draft.course(owner)[0].pass_mark
    result = standing(row.values, pass_mark)
    if pass_mark is not None and not result["passed"]:
        return fail(draft, located, row, f"not passed: {result['score']} points, and {pass_mark} are needed")
    return complete(draft, located, row, result, "passed" if pass_mark is not None else "")


def fail(draft: Draft, located: Located, row: ItemState, error: str, *, closing: str = WITHDRAWN) -> Move | None:
    """Fails an item: the nearest handler, its own or an enclosing item's, takes over, else it waits for somebody.

    `closing` is the outcome of its assignment; empty where it failed before it had one.
    """
    failed = _fail_one(draft, located, row, error, closing)
    while True:
        handler = _handler_of(draft, located)
        if handler is not None:
            stop(draft, failed)
            draft.turn(failed, "terminate", {"handled": True}, is_told=False)
            return handler
        around = draft.around(located)
        if located[2].stands is Stands.ACTION or _is_awaited(draft, failed.path) or not _is_handled(draft, around):
            return None
        located = draft.locate(around)
        failed = _fail_one(draft, located, draft.items[around], error, WITHDRAWN)


def _handler_of(draft: Draft, located: Located) -> Move | None:
    owner = draft.owner_of(located)
    state = draft.course(owner)[2].fail.get(located[2].state)
    return None if state is None else (owner, state)


def _fail_one(draft: Draft, located: Located, row: ItemState, error: str, closing: str) -> ItemState:
    terminate_inside(draft, row.path)
    if draft.timers:
        draft.cancel_timers(row.path, row.visit)
    if closing:
        draft.close_assignment(located[2], row, closing)
    failed = relisten(draft, located, draft.turn(draft.items[row.path], "fail", {"error": error}))
    draft.note(row.path, "failed", error)
    return failed


def _is_awaited(draft: Draft, failed: str) -> bool:
    """Whether something nearer than any handler ends because the item at this path has failed."""
    path = failed
    while path:
        located = draft.locate(path)
        for sentry in located[2].item.exit:
            if any(_is_failing_of(draft, located, on, failed) for on in sentry.on):
                return True
        if _handler_of(draft, located) is not None:
            return False
        path = draft.around(located)
    return False


def _is_failing_of(draft: Draft, located: Located, on: On, failed: str) -> bool:
    if not isinstance(on, OnItem) or on.state is not ItemLife.FAILED:
        return False
    return path_from(draft, located, on.path) == failed


def _is_handled(draft: Draft, path: str) -> bool:
    """Whether the item at a path, or one around it, has a handler that its failure may come to.

    An optional action fails alone, and so does what still runs in a split behind which the sequence has gone on.
    """
    while path:
        if is_joined(draft.items[path]):
            return False
        located = draft.locate(path)
        if _handler_of(draft, located) is not None:
            return True
        path = "" if located[2].stands is Stands.ACTION else draft.around(located)
    return False


def kept_for_retry(values: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of a row's values when it is tried again: what may end it goes on listening, the turn is the same."""
    return {name: values[name] for name in (HEARD, LISTENS, TURN) if name in values}


def pass_over(draft: Draft, located: Located, row: ItemState, because: str) -> Move | None:
    """Skips a live item by hand."""
    terminate_inside(draft, row.path)
    ended = draft.turn(draft.items[row.path], "skip", {"reason": because} if because else None)
    _tidy(draft, located, row, "skipped")
    draft.note(row.path, "skipped", because or "by hand")
    return following(draft, located, ended)


def end_early(draft: Draft, located: Located, row: ItemState, because: str) -> Move | None:
    """Ends a live item before it is done, and goes on behind it."""
    terminate_inside(draft, row.path)
    ended = draft.turn(draft.items[row.path], "terminate")
    _tidy(draft, located, row, WITHDRAWN)
    draft.note(row.path, "ended early", because)
    return following(draft, located, ended)


def terminate_inside(draft: Draft, owner: str, spared: str = "") -> None:
    """Ends everything live under an item (`""`: the case): assignments withdrawn, timers cancelled, data kept.

    What stands under the path `spared` goes on.
    """
    if draft.pending:
        kept = (move for move in draft.pending if not _is_in(move[0], owner) or _is_under(move[0], spared))
        draft.pending = tuple(kept)
    for row in draft.inside(owner):
        if not _is_under(row.path, spared):
            _tidy(draft, draft.locate(row.path), row, WITHDRAWN)
            draft.turn(row, "terminate")


def _is_in(path: str, owner: str) -> bool:
    return not owner or path == owner or path.startswith(f"{owner}.")


def _is_under(path: str, spared: str) -> bool:
    return bool(spared) and path.startswith(f"{spared}.")


def _tidy(draft: Draft, located: Located, row: ItemState, outcome: str) -> None:
    if draft.timers:
        draft.cancel_timers(row.path, row.visit)
    if row.values:
        stop(draft, row)
    draft.close_assignment(located[2], row, outcome)


def jump(draft: Draft, owner: str, target: str, because: str, mover: str = "") -> Move:
    """Takes a sequence to another of its items: what is live in it ends, what was completed stays.

    Optional actions beside the sequence go on, but for the one in which the `mover` stands: it has done what it is for.
    """
    beside = under(owner, ACTIONS)
    acting = _action_around(mover)
    if acting and not _is_in(owner, acting):
        _end_action(draft, acting)
    terminate_inside(draft, owner, beside)
    draft.note(owner, f"moved to {target}", because)
    return owner, target


def _action_around(path: str) -> str:
    """The optional action in which something stands; empty where it is in none."""
    parts = path.split(".")
    return ".".join(parts[: parts.index(ACTIONS) + 2]) if ACTIONS in parts else ""


def _end_action(draft: Draft, path: str) -> None:
    row = draft.items.get(path)
    if row is not None and row.state is ItemLife.ACTIVE:
        terminate_inside(draft, path)
        complete(draft, draft.locate(path), draft.items[path], None)


def owner_with(draft: Draft, located: Located, target: str) -> str:
    """Whose sequence has the target: the item's own, else the nearest around it; raises ValueError where none has.

    Out of a branch, a pass or an optional action a step moves to a stage alone: what runs beside it is not its own.
    """
    owner = first = draft.around(located)
    left = located[2].item.path if located[2].stands is not Stands.MEMBER else ""
    while owner and (left or target not in draft.course(owner)[2].targets):
        located = draft.locate(owner)
        left = left or (owner if located[2].stands is not Stands.MEMBER else "")
        owner = draft.around(located)
    if target not in draft.course(owner)[2].targets:
        near = did_you_mean(target, draft.course(first)[2].targets)
        only = f"; out of '{left}' a step moves only to a stage" if left else ""
        raise ValueError(f"there is no stage or step '{target}' to move to{near}{only}")
    return owner


def resolve(draft: Draft, status: str, because: str = "") -> None:
    """Ends the case: nothing of it stays live, and whoever listens hears of it."""
    terminate_inside(draft, "")
    for timer in [*draft.timers.values()]:
        draft.cancel_timers(timer.path, timer.visit)
    _let_go(draft)
    draft.set_status(status)
    before = draft.before
    payload = {"case_id": before.case_id, "case_type": before.case_type, "status": status}
    draft.effects += [Resolve(status), Publish("case.resolved", payload)]
    draft.note("", f"resolved {status}", because)


def _let_go(draft: Draft) -> None:
    """Drops the commands that still wait for a page: there is nothing left for them to do."""
    for waiting in draft.parked:
        draft.note(getattr(waiting.command, "path", ""), "let go", "the case is resolved")
    draft.parked = ()
