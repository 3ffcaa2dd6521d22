"""Whether an item may be passed over by hand: nothing inside it that must be done may still be due."""

from __future__ import annotations

from casewright.machine.draft import Draft
from casewright.machine.joining import AHEAD
from casewright.machine.locating import runs_a_plan
from casewright.machine.places import ACTIONS, ANY_PASS, Stands, under
from casewright.machine.plan import Located
from casewright.machine.snapshot import ItemLife, ItemState


def must_be_done(draft: Draft, located: Located, row: ItemState) -> str:
    """The path of an item that skipping would pass over although it must be done; empty where there is none."""
    if located[2].item.must:
        return row.path
    plans = [(located[0], located[1])]
    running = [each.path for each in (row, *draft.inside(row.path)) if runs_a_plan(each)]
    plans += [(draft.course(path)[0], path) for path in running]
    inside = f"{row.path}."
    for plan, prefix in plans:
        for path, item in plan.every_item():
            full = under(prefix, path)
            if item.must and full.startswith(inside) and _is_undone(draft, full, row):
                return full
    return ""


def _is_undone(draft: Draft, path: str, row: ItemState) -> bool:
    """Whether what must be done inside an item is not: it is live, or what is around it has still to begin."""
    if path in draft.items:
        return True
    return draft.visits.get(path, 0) < row.visit and _is_still_due(draft, path, row)


def _is_still_due(draft: Draft, path: str, row: ItemState) -> bool:
    around, _, last = path.rpartition(".")
    if last == ANY_PASS:
        host = draft.items.get(around)
        return host is not None and bool(host.values.get(AHEAD))
    if around == row.path:
        return last != ACTIONS
    located = draft.find(around)
    if located is not None and located[2].stands is Stands.BRANCH and not located[2].item.required:
        host = draft.items.get(around)
        return host is not None and host.state is ItemLife.ACTIVE
    if around in draft.items:
        return True
    is_over = located is not None and draft.visits.get(around, 0) >= row.visit
    return not is_over and _is_still_due(draft, around, row)
