"""Branches and passes begin, and what is around them goes on when enough of them have come to their end."""

from __future__ import annotations

from typing import Any

from casewright.machine.charts import START
from casewright.machine.draft import Draft, Move
from casewright.machine.entering import enter, passed_over, skip
from casewright.machine.joining import (
    AHEAD,
    BEGUN,
    COMPLETED,
    ENDED,
    JOINED,
    SKIPPED,
    grow,
    has_room,
    note_end,
    result_of,
    running,
    side_rows,
)
from casewright.machine.leaving import complete, end_early, fail, following, save, terminate_inside
from casewright.machine.listening import stop
from casewright.machine.places import PASS, under
from casewright.machine.plan import Located
from casewright.machine.roots import plain
from casewright.machine.scoping import DATA, look_from, save_at
from casewright.machine.side_by_side import ALL, Split
from casewright.machine.snapshot import ItemLife, ItemState

_NOT_BEGUN = (ItemLife.AVAILABLE, ItemLife.ENABLED)


def advance(draft: Draft, path: str) -> Move | None:
    """Begins what may begin inside a split, counts, and says where the case goes when it is joined."""
    row = draft.items[path]
    located = draft.locate(path)
    draft.path = path
    if row.values[JOINED]:
        _end_rest(draft, located, row)
        return None
    try:
        if located[2].item.split.over is not None:  # type: ignore[union-attr]
            grow(draft, located, row)
        move = _count(draft, located, draft.items[path])
        return move or _count_again(draft, located, row)
    except (ValueError, LookupError, ArithmeticError) as error:
        return fail(draft, located, draft.items[path], str(error))


def _count_again(draft: Draft, located: Located, row: ItemState) -> Move | None:
    """Counts once more when others have begun; nobody counts a split that has ended over it."""
    if not _is_active(draft, row):
        return None
    _begin_more(draft, located, row)
    return _count(draft, located, draft.items[row.path]) if _is_active(draft, row) else None


def _is_active(draft: Draft, row: ItemState) -> bool:
    now = draft.items.get(row.path)
    return now is not None and now.visit == row.visit and now.state is ItemLife.ACTIVE


def _end_rest(draft: Draft, located: Located, row: ItemState) -> None:
    """Ends a split behind which the sequence has gone on, when nothing of it runs any more."""
    if not side_rows(draft, located, row):
        stop(draft, row)
        draft.turn(row, "complete")


# -- beginning ---------------------------------------------------------------------------------------------------------


def _begin_more(draft: Draft, located: Located, row: ItemState) -> None:
    split = located[2].item.split
    assert split is not None
    path = row.path
    while _is_active(draft, row):
        row = draft.items[path]
        number = _next_to_begin(draft, located, row, split)
        if number is None:
            return
        ahead = [*row.values[AHEAD]]
        one = ahead.pop(number)
        row = draft.keep(row, {AHEAD: ahead, BEGUN: row.values[BEGUN] + 1})
        move = _begin_branch(draft, path, one) if split.passes is None else _begin_pass(draft, located, row, one)
        if move is not None:
            draft.pending = (*draft.pending, move)


def _next_to_begin(draft: Draft, located: Located, row: ItemState, split: Split) -> int | None:
    """Which of those ahead is next: one that waits for something takes no room yet."""
    ahead = row.values[AHEAD]
    if not ahead:
        return None
    if has_room(draft, located, row):
        return 0
    waits = {branch.id for branch in split.branches if branch.entry or branch.manual}
    return next((number for number, one in enumerate(ahead) if split.passes is None and one in waits), None)


def _begin_branch(draft: Draft, path: str, branch_id: str) -> Move | None:
    course = plan, prefix, table = draft.course(path)
    item = table.items[branch_id]
    at = draft.path = under(prefix, item.path)
    located = plan, prefix, plan.places[item.path]
    because = passed_over(draft, course, branch_id, item)
    if because:
        note_end(draft, path, located, skip(draft, at, item, because))
        return None
    return enter(draft, located, at)


def _begin_pass(draft: Draft, located: Located, row: ItemState, kept: dict[str, Any]) -> Move:
    plan = located[2].item.split.passes  # type: ignore[union-attr]
    assert plan is not None
    path = draft.path = f"{row.path}.{row.values[BEGUN]}"
    draft.passes += 1
    draft.keep(draft.open(path, PASS), {**kept, DATA: {}})
    look_from(draft, path)
    for name, declared in plan.fields.items():
        value = None if declared.default is None else plain(declared.default.evaluate(draft.roots))
        if value is not None:
            save_at(draft, path, {name: declared.accept(value)})
    return path, plan.tables[""].next[START]


# -- joining -----------------------------------------------------------------------------------------------------------


def _count(draft: Draft, located: Located, row: ItemState) -> Move | None:
    split = located[2].item.split
    assert split is not None
    beside = side_rows(draft, located, row) if split.over is None else []
    live = len(beside) if split.over is None else running(draft, located, row)
    is_over = not live and not row.values[AHEAD]
    completed, needed = len(row.values[COMPLETED]), split.join
    nothing_began = is_over and not completed and not row.values[ENDED]
    if nothing_began or _is_done(draft, located, split):
        return _join(draft, located, row)
    if needed == ALL:
        waited = [each for name, each in beside if not _is_optional(split, name, each)]
        over = is_over or (split.over is None and not waited and not row.values[AHEAD])
        return _join(draft, located, row) if over else None
    if completed >= needed:
        return _join(draft, located, row)
    return fail(draft, located, row, _too_few(completed, needed)) if is_over else None


def _is_done(draft: Draft, located: Located, split: Split) -> bool:
    if split.done_when is None:
        return False
    look_from(draft, located[1])
    return split.done_when.holds(draft.roots)


def _too_few(completed: int, needed: int) -> str:
    were = "was" if completed == 1 else "were"
    return f"only {completed} of the {needed} that are needed {were} completed"


def _is_optional(split: Split, branch_id: str, row: ItemState) -> bool:
    """Whether a branch need not be waited for: nobody has begun it, and nobody must."""
    branch = next(each for each in split.branches if each.id == branch_id)
    return not branch.required and row.state in _NOT_BEGUN


def _join(draft: Draft, located: Located, row: ItemState) -> Move | None:
    """Goes on behind the split. Where the rest may run on, the split's row stays for it."""
    split = located[2].item.split
    assert split is not None
    row = draft.keep(row, {AHEAD: []})
    _end_unwanted(draft, located, row, split)
    row = draft.items[row.path]
    result = result_of(draft, located, row)
    rest = side_rows(draft, located, row)
    if split.cancel_rest or not rest or located[2].item.repeat is not None:
        draft.note(row.path, "joined", _counted(row) + ("; the rest ends" if rest else ""))
        terminate_inside(draft, row.path)
        return complete(draft, located, row, result)
    activity = located[2].item.activity
    error = save(draft, located, activity.save, result) if activity is not None else ""
    if error:
        return fail(draft, located, row, error)
    draft.cancel_timers(row.path, row.visit)
    draft.note(row.path, "joined", f"{_counted(row)}; the rest goes on")
    onward = following(draft, located, draft.items[row.path])
    draft.keep(draft.items[row.path], {JOINED: True})
    return onward


def _counted(row: ItemState) -> str:
    """How many came to which end, in words."""
    counts = [f"{len(row.values[how])} {how}" for how in (COMPLETED, SKIPPED, ENDED) if row.values[how]]
    return ", ".join(counts) or "nothing began"


def _end_unwanted(draft: Draft, located: Located, row: ItemState, split: Split) -> None:
    """Ends the branches that nobody has begun and nobody must."""
    if split.passes is not None:
        return
    for name, each in side_rows(draft, located, row):
        if _is_optional(split, name, each):
            end_early(draft, draft.locate(each.path), each, "nobody has begun it")
