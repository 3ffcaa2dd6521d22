"""The count of what stands side by side inside an item: what is still to begin, and how the rest came to its end."""

from __future__ import annotations

from typing import Any

from casewright.machine.charts import JOIN
from casewright.machine.draft import Draft, Move
from casewright.machine.places import Stands, under
from casewright.machine.plan import Located
from casewright.machine.roots import PageMissing, PageUnreadable
from casewright.machine.scoping import DATA, ITEM, RECORD, element, kept_element, look_from, shown
from casewright.machine.side_by_side import Split
from casewright.machine.snapshot import LIVE, ItemLife, ItemState

AHEAD, BEGUN = "ahead", "begun"
"""What a split's row keeps: the ids of branches, or the elements, that have not begun yet; how many passes have."""

COMPLETED, ENDED, SKIPPED = "completed", "ended", "skipped"
"""The ids of branches, or the numbers of passes, that were completed, in this order; that ended early; that were
skipped."""

RESULTS, JOINED = "results", "joined"
"""What the completed passes gave, by number; and whether the sequence went on while the rest still runs."""

TURN = "turn"
"""Under this name a visit that repeats the one before keeps which of them in a row it is, from 2."""

MOST_PASSES = 2_000
"""The longest list that a split runs over."""

_HOW = {ItemLife.COMPLETED: COMPLETED, ItemLife.SKIPPED: SKIPPED}


def begin(draft: Draft, located: Located, row: ItemState) -> Move:
    """Takes note of what is to begin, and goes where it is counted; raises ValueError for what is no list."""
    split = located[2].item.split
    assert split is not None
    if split.over is None:
        ahead: list[Any] = [branch.id for branch in split.branches]
    else:
        ahead = [kept_element(each) for each in elements(draft, split)]
    empty: dict[str, Any] = {COMPLETED: [], ENDED: [], SKIPPED: [], RESULTS: {}, JOINED: False}
    draft.keep(row, {AHEAD: ahead, BEGUN: 0, **empty})
    return row.path, JOIN


def elements(draft: Draft, split: Split) -> list[Any]:
    """The elements of the list that a split runs over, as it is now."""
    assert split.over is not None
    found = split.over.evaluate(draft.roots)
    if found is None:
        return []
    if not isinstance(found, (list, tuple)):
        raise ValueError(f"there is no list to go through; what was found is {found!r:.60}")
    if len(found) > MOST_PASSES:
        raise ValueError(f"the list has {len(found)} elements; at most {MOST_PASSES} are gone through")
    return [*found]


def grow(draft: Draft, located: Located, row: ItemState) -> bool:
    """Takes note of elements that were added behind those known; says whether there are any.

    A list that cannot be read now has not grown as far as the case knows; raises ValueError for one that is too long.
    """
    split = located[2].item.split
    assert split is not None
    look_from(draft, located[1])
    try:
        found = elements(draft, split)
    except (PageMissing, PageUnreadable):
        return False
    added = found[row.values[BEGUN] + len(row.values[AHEAD]) :]
    if added:
        draft.keep(row, {AHEAD: [*row.values[AHEAD], *(kept_element(each) for each in added)]})
        draft.note(row.path, "grew", f"{len(added)} more in the list")
    return bool(added)


def count(draft: Draft, located: Located, ended: ItemState) -> Move | None:
    """Counts a branch or pass that has ended; of an optional action nothing follows."""
    if located[2].stands is Stands.ACTION:
        if located[2].item.once and ended.state is ItemLife.COMPLETED:
            draft.visits[spent(ended.path)] = ended.visit
        return None
    path = draft.around(located)
    note_end(draft, path, located, ended)
    return path, JOIN


def spent(path: str) -> str:
    """Under which name the visits keep that an optional action may not be started once more."""
    return f"{path}#{COMPLETED}"


def note_end(draft: Draft, path: str, located: Located, ended: ItemState) -> None:
    """Puts a branch or pass that has ended among its like."""
    is_pass = located[2].stands is Stands.PASS
    name: Any = int(ended.path.rpartition(".")[2]) if is_pass else located[2].state.partition(".")[0]
    row = draft.items[path]
    how = COMPLETED if _was_completed(ended) else _HOW.get(ended.state, ENDED)
    noted: dict[str, Any] = {how: [*row.values[how], name]}
    if is_pass and how == COMPLETED and _saves(draft, path):
        kept = {key: ended.values[key] for key in (ITEM, RECORD, DATA) if key in ended.values}
        noted[RESULTS] = {**row.values[RESULTS], str(name): kept}
    draft.keep(row, noted)


def _was_completed(ended: ItemState) -> bool:
    """Whether a branch that is passed over was completed before, and was only to be repeated."""
    return ended.state is ItemLife.SKIPPED and TURN in ended.values


def _saves(draft: Draft, path: str) -> bool:
    activity = draft.locate(path)[2].item.activity
    return activity is not None and bool(activity.save)


def side_rows(draft: Draft, located: Located, row: ItemState) -> list[tuple[str, ItemState]]:
    """The live branches of a split by their ids (a handler counts as its branch), or its live passes by number."""
    plan, prefix, place = located
    split = place.item.split
    assert split is not None
    if split.over is not None:
        paths = ((str(number), f"{row.path}.{number}") for number in range(1, row.values[BEGUN] + 1))
    else:
        states = plan.tables[place.item.path].items
        paths = ((state.partition(".")[0], under(prefix, item.path)) for state, item in states.items())
    return [(name, draft.items[path]) for name, path in paths if path in draft.items]


def running(draft: Draft, located: Located, row: ItemState) -> int:
    """How many branches or passes are begun and not at their end."""
    if located[2].item.split.over is not None:  # type: ignore[union-attr]
        values = row.values
        return int(values[BEGUN]) - sum(len(values[how]) for how in (COMPLETED, ENDED, SKIPPED))
    waiting = (ItemLife.AVAILABLE, ItemLife.ENABLED)
    return sum(each.state not in waiting for _, each in side_rows(draft, located, row))


def has_room(draft: Draft, located: Located, row: ItemState) -> bool:
    """Whether one more of them may run now."""
    split = located[2].item.split
    assert split is not None
    return not split.at_once or running(draft, located, row) < split.at_once


def result_of(draft: Draft, located: Located, row: ItemState) -> Any:
    """What the split gives to be saved: which branches were completed, or what each completed pass gave."""
    split = located[2].item.split
    assert split is not None
    completed = row.values[COMPLETED]
    if split.passes is None:
        return {"first": completed[0] if completed else None, "completed": [*completed]}
    results, reader = row.values[RESULTS], draft.reader
    gave = [results[str(number)] for number in sorted(completed) if str(number) in results]
    fields = split.passes
    return [{"item": element(kept, reader), **shown(fields, kept[DATA], reader)} for kept in gave]


def is_joined(row: ItemState) -> bool:
    """Whether the sequence has gone on behind the split already."""
    return row.state in LIVE and bool(row.values.get(JOINED))
