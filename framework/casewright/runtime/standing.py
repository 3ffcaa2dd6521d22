"""How the items of a case stand: the live ones as they lie in each other, the passes by their elements, milestones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, select

from casewright.machine.effects import OpenAssignment
from casewright.machine.facts import Rules
from casewright.machine.locating import item_at
from casewright.machine.places import PASS
from casewright.machine.plan import Plan
from casewright.machine.scoping import DATA, ITEM
from casewright.machine.snapshot import LIVE, ItemLife, ItemState, Snapshot
from casewright.runtime.codec import decode
from casewright.runtime.placing import declared
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import from_micros
from casewright.runtime.store.store import Store
from casewright.runtime.views import ItemLine, ItemView, MilestoneView

MILESTONE = "milestone"
_SIDE_BY_SIDE = frozenset({"branch", PASS})
_NAMES = ("label", "name", "title", "id")
_LONGEST = 60
_IN_A_PASS = re.compile(r"\.[0-9]").search


# -- words -------------------------------------------------------------------------------------------------------------


def element_words(element: Any) -> str:
    """What an element of a list is called: itself, or of a record its label, name or id."""
    if isinstance(element, Mapping):
        element = next((element[name] for name in _NAMES if element.get(name)), "")
    return "" if element is None or isinstance(element, (list, tuple, Mapping)) else f"{element!s:.{_LONGEST}}"


def assignment_label(snapshot: Snapshot, effect: OpenAssignment) -> str:
    """What work is called: its label, and in a pass which one it is, as `Sign (2 of 3)`."""
    count = counted(snapshot, effect.path)
    return f"{effect.label} ({count})" if count else effect.label


def counted(snapshot: Snapshot, path: str) -> str:
    """`2 of 3` for what lies in the second of three passes, the outermost first; empty where it lies in none."""
    if not _IN_A_PASS(path):
        return ""
    items = snapshot.items
    return ", ".join(_count(items, each) for each in _around(path) if each in items and items[each].kind == PASS)


def _count(items: Mapping[str, ItemState], path: str) -> str:
    over, _, number = path.rpartition(".")
    values = items[over].values if over in items else {}
    known = values.get("begun", 0) + len(values.get("ahead", ()))
    return f"{number} of {known}" if known else number


def _around(path: str) -> Iterable[str]:
    parts = path.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts)))


# -- passes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InPass:
    """What is to be seen in a pass: the element of the innermost one, and the own fields of all around."""

    element: Any = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def in_pass(live: Mapping[str, ItemState], path: str) -> InPass:
    """What a step at a path sees of the passes that it lies in."""
    element, fields = None, dict[str, Any]()
    for row in (live[each] for each in _around(path) if each in live):
        if row.kind == PASS:
            element, fields = row.values.get(ITEM), {**fields, **row.values.get(DATA, {})}
    return InPass(element, fields)


# -- items -------------------------------------------------------------------------------------------------------------


def lines(store: Store, case_id: str) -> tuple[ItemLine, ...]:
    """Every visit of every item, as they were entered."""
    c = t.item.c
    kept = case((c.kind == PASS, c["values"]))
    chosen = select(c.path, c.visit, c.kind, c.state, c.entered_at, c.changed_at, kept.label("kept"))
    with store.reading() as connection:
        found = connection.execute(chosen.where(c.case_id == case_id).order_by(c.entered_at, c.path, c.visit)).all()
    return tuple(_line(row) for row in found)


def _line(row: Any) -> ItemLine:
    element = decode(row.kept).get(ITEM) if row.kept else None
    entered_at, changed_at = from_micros(row.entered_at), from_micros(row.changed_at)
    return ItemLine(row.path, row.visit, row.kind, ItemLife(row.state), entered_at, changed_at, element)


def milestones(plan: Plan, entered: Iterable[ItemLine]) -> tuple[MilestoneView, ...]:
    """The milestones that were reached, in this order."""
    reached = [each for each in entered if each.kind == MILESTONE and each.state is ItemLife.COMPLETED]
    return tuple(
        MilestoneView(each.path, each.visit, _declared_label(plan, each.path), each.changed_at)
        for each in sorted(reached, key=lambda each: each.changed_at)
    )


def _declared_label(plan: Plan, path: str) -> str:
    item = declared(plan, path)
    return item.label if item is not None else path.rpartition(".")[2]


def tree(plan: Plan, live: Mapping[str, ItemState], entered: Sequence[ItemLine], rules: Rules) -> tuple[ItemView, ...]:
    """The live items as they lie in each other, and the ended branches and passes of what is still live."""
    return _Tree(plan, live, entered, rules).below("")


class _Tree:
    def __init__(self, plan: Plan, live: Mapping[str, ItemState], entered: Sequence[ItemLine], rules: Rules) -> None:
        self._plan, self._live, self._rules = plan, live, rules
        self._order = {path: number for number, path in enumerate(plan.places)}
        self._below: dict[str, list[ItemLine]] = {}
        newest = {line.path: line for line in entered}
        for line in newest.values():
            around = self._around(line.path)
            if line.path in live or (line.kind in _SIDE_BY_SIDE and _is_of(line, newest.get(around), live)):
                self._below.setdefault(around, []).append(line)

    def _around(self, path: str) -> str:
        """The nearest live item around a path."""
        around = path.rpartition(".")[0]
        while around and around not in self._live:
            around = around.rpartition(".")[0]
        return around

    def below(self, path: str) -> tuple[ItemView, ...]:
        return tuple(self._view(line) for line in sorted(self._below.get(path, ()), key=self._place))

    def _place(self, line: ItemLine) -> tuple[int, int, str]:
        last = line.path.rpartition(".")[2]
        return self._order.get(line.path, len(self._order)), int(last) if last.isdecimal() else 0, line.path

    def _view(self, line: ItemLine) -> ItemView:
        row = self._live.get(line.path)
        fields = row.values.get(DATA, {}) if row is not None and line.kind == PASS else {}
        inside = self.below(line.path) if row is not None else ()
        return ItemView(line.path, line.visit, line.kind, self._label(line), line.state, inside, line.element, fields)

    def _label(self, line: ItemLine) -> str:
        last = line.path.rpartition(".")[2]
        if line.kind == PASS:
            return element_words(line.element) or last
        item = item_at(self._plan, self._live, line.path, self._rules)
        return item.label if item is not None and item.label else last


def _is_of(line: ItemLine, split: ItemLine | None, live: Mapping[str, ItemState]) -> bool:
    """Whether an ended branch or pass belongs to the visit of the split that is live now."""
    return split is not None and split.path in live and line.entered_at >= split.entered_at and line.state not in LIVE
