"""How items end: completed, failed, terminated by a move, or with the whole case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casewright.machine.draft import Draft, Move, under
from casewright.machine.effects import Publish, Resolve
from casewright.machine.plan import Activity, Located
from casewright.machine.roots import plain
from casewright.machine.snapshot import ItemState
from casewright.values import did_you_mean

WITHDRAWN = "withdrawn"
"""How an assignment ends that nobody completed."""


def complete(draft: Draft, located: Located, row: ItemState, result: Any, outcome: str = "") -> Move | None:
    """Saves what the item gives, ends it, and says where its sequence goes next."""
    place = located[2]
    activity = place.item.activity
    if activity is not None and activity.save:
        error = _save(draft, activity, result)
        if error:
            return fail(draft, located, row, error)
    if activity is not None and outcome in activity.failing:
        row = draft.keep(row, {"outcome": outcome})
        return fail(draft, located, row, f"it was {outcome}", closing=outcome)
    draft.turn(row, "complete", {"outcome": outcome} if outcome else None)
    _tidy(draft, located, row, outcome or "done")
    return following(draft, located)


def following(draft: Draft, located: Located) -> Move | None:
    """The move that takes the sequence on behind an item; an alternate stage with a status ends the case instead."""
    if located[2].item.status:
        resolve(draft, located[2].item.status)
        return None
    _, prefix, place = located
    owner = under(prefix, place.owner) if prefix else place.owner
    return owner, draft.course(owner)[2].next[place.state]


def _save(draft: Draft, activity: Activity, result: Any) -> str:
    """Stores what a step saves; says why not where a field refuses its value."""
    roots = draft.roots
    roots["result"] = result
    accepted: dict[str, Any] = {}
    try:
        for name, value in activity.save.items():
            accepted[name] = _accepted(draft, name, plain(value.evaluate(roots)))
    except (ValueError, LookupError, ArithmeticError) as refused:
        return str(refused)
    finally:
        roots.pop("result", None)
    draft.save(accepted)
    return ""


def _accepted(draft: Draft, name: str, value: Any) -> Any:
    declared = draft.plan.fields.get(name)
    if declared is None:
        near = did_you_mean(name, draft.plan.fields)
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
    located, row = draft.locate(owner), draft.items[owner]
    if not row.bound:
        return complete(draft, located, row, None)
    pass_mark = draft.nested_plan(located[2].item, row).pass_mark
    result = standing(row.values, pass_mark)
    if pass_mark is not None and not result["passed"]:
        return fail(draft, located, row, f"not passed: {result['score']} points, and {pass_mark} are needed")
    return complete(draft, located, row, result, "passed" if pass_mark is not None else "")


def standing(values: Mapping[str, Any], pass_mark: int | None) -> dict[str, Any]:
    """How a dialog stands: what its steps read as `item`, and its step saves as `result`."""
    score = values.get("score", 0)
    return {"score": score, "passed": pass_mark is None or score >= pass_mark, "answers": values.get("answers", {})}


def fail(draft: Draft, located: Located, row: ItemState, error: str, *, closing: str = WITHDRAWN) -> Move | None:
    """Fails an item: the nearest handler, its own or an enclosing item's, takes over, else it waits for somebody.

    `closing` is the outcome of its assignment; empty where it failed before it had one.
    """
    failed = _fail_one(draft, located, row, error, closing)
    while True:
        owner = draft.owner_of(located)
        handler = draft.course(owner)[2].fail.get(located[2].state)
        if handler is not None:
            draft.turn(failed, "terminate", {"handled": True})
            return owner, handler
        if not owner or not _is_handled(draft, owner):
            return None
        located = draft.locate(owner)
        failed = _fail_one(draft, located, draft.items[owner], error, WITHDRAWN)


def _fail_one(draft: Draft, located: Located, row: ItemState, error: str, closing: str) -> ItemState:
    terminate_inside(draft, row.path)
    failed = draft.turn(draft.items[row.path], "fail", {"error": error})
    if closing:
        _tidy(draft, located, row, closing)
    else:
        draft.cancel_timers(row.path, row.visit)
    draft.note(row.path, "failed", error)
    return failed


def _is_handled(draft: Draft, path: str) -> bool:
    """Whether the item at a path, or one around it, has a handler."""
    while path:
        located = draft.locate(path)
        owner = draft.owner_of(located)
        if located[2].state in draft.course(owner)[2].fail:
            return True
        path = owner
    return False


def pass_over(draft: Draft, located: Located, row: ItemState, because: str) -> Move | None:
    """Skips a live item by hand."""
    terminate_inside(draft, row.path)
    draft.turn(draft.items[row.path], "skip", {"reason": because} if because else None)
    _tidy(draft, located, row, "skipped")
    draft.note(row.path, "skipped", because or "by hand")
    return following(draft, located)


def terminate_inside(draft: Draft, owner: str) -> None:
    """Ends everything live under an item (`""`: the case): assignments withdrawn, timers cancelled, data kept."""
    for row in draft.inside(owner):
        _tidy(draft, draft.locate(row.path), row, WITHDRAWN)
        draft.turn(row, "terminate")


def _tidy(draft: Draft, located: Located, row: ItemState, outcome: str) -> None:
    if draft.timers:
        draft.cancel_timers(row.path, row.visit)
    if row.state != "failed":
        draft.close_assignment(located[2], row, outcome)


def jump(draft: Draft, owner: str, target: str, because: str) -> Move:
    """Takes a sequence to another of its items: what is live in it ends, what was completed stays."""
    terminate_inside(draft, owner)
    draft.note(owner, f"moved to {target}", because)
    return owner, target


def owner_with(draft: Draft, owner: str, target: str) -> str:
    """Whose sequence has the target: the owner's own, else the nearest around it; raises ValueError where none has."""
    near = did_you_mean(target, draft.course(owner)[2].targets)
    while owner and target not in draft.course(owner)[2].targets:
        owner = draft.owner_of(draft.locate(owner))
    if target not in draft.course(owner)[2].targets:
        raise ValueError(f"there is no stage or step '{target}' to move to{near}")
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
