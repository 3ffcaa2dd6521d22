"""The next snapshot while it is being decided on: the only thing in the machine that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casewright.machine.binding import Binder
from casewright.machine.charts import LIFECYCLE, START
from casewright.machine.commands import Create
from casewright.machine.decision import Decision, TraceEntry
from casewright.machine.effects import CancelTimer, CloseAssignment, Effect, StartTimer
from casewright.machine.facts import Facts
from casewright.machine.happenings import Changed, Log, Reached
from casewright.machine.locating import find, plan_inside, runs_a_plan
from casewright.machine.places import ACTIONS, Place, under
from casewright.machine.plan import Course, Located, Plan
from casewright.machine.quick import quick
from casewright.machine.remembering import remember
from casewright.machine.roots import Reader, Roots, field_value
from casewright.machine.snapshot import LIVE, ItemLife, ItemState, Parked, Snapshot

_snapshot = quick(Snapshot)
_decision = quick(Decision)
_row = quick(ItemState)
_closing = quick(CloseAssignment)
_voiding = quick(CancelTimer)
_noted = quick(TraceEntry)

Move = tuple[str, str]
"""A move still to be made: the path of the item whose sequence moves (`""`: the case's), and the state it enters."""

_NO_FIELDS: Mapping[str, Any] = {}
_NO_TURNS: Mapping[str, int] = {}

OPEN = "Open"
HIGHEST_URGENCY = 100


class Draft:
    """A snapshot in the making, with the effects, rows and reasons that came up so far."""

    __slots__ = (
        "_binder",
        "_courses",
        "_found",
        "_reader",
        "_roots",
        "again",
        "at",
        "before",
        "bindings",
        "changed",
        "children",
        "data",
        "effects",
        "facts",
        "items",
        "local",
        "log",
        "now",
        "parked",
        "passes",
        "path",
        "pending",
        "plan",
        "scope",
        "status",
        "timers",
        "trace",
        "urgency",
        "visits",
    )

    def __init__(self, plan: Plan, before: Snapshot, facts: Facts) -> None:
        self.plan = plan
        self.before = before
        self.facts = facts
        self.now: datetime = facts.now
        self.at = before.at
        self.status = before.status
        self.urgency = before.urgency
        self.data: Mapping[str, Any] = before.data
        self.items: dict[str, ItemState] = {**before.items}
        self.visits: dict[str, int] = {**before.visits}
        self.timers: Mapping[str, StartTimer] = before.timers
        self.bindings: Mapping[str, str] = before.bindings
        self.parked: tuple[Parked, ...] = before.parked
        self.effects: list[Effect] = []
        self.changed: dict[tuple[str, int], ItemState] = {}
        self.trace: list[TraceEntry] = []
        self.path = ""
        self.children: Mapping[str, Any] = before.children
        self.pending: tuple[Move, ...] = ()
        self.passes = 0
        self.again: Mapping[str, int] = _NO_TURNS
        self.scope = ""
        self.local: Mapping[str, Any] = _NO_FIELDS
        self.log: Log | None = Log() if plan.watched else None
        self._reader: Reader | None = None
        self._binder: Binder | None = None
        self._roots: Roots | None = None
        self._courses: dict[str, Course] | None = None
        self._found: dict[str, Located] | None = None

    # -- made when they are first needed: most decisions bind nothing and read no page -----------------------------

    @property
    def reader(self) -> Reader:
        """The pages at hand, and which of them were used."""
        if self._reader is None:
            self._reader = Reader(self.facts.pages)
        return self._reader

    @property
    def binder(self) -> Binder:
        """The rules of the release, and which of them were bound."""
        if self._binder is None:
            self._binder = Binder(self)
        return self._binder

    # -- what values read --------------------------------------------------------------------------------------------

    @property
    def roots(self) -> Roots:
        """The roots as they are now."""
        if self._roots is None:
            self._roots = Roots(self)
        return self._roots

    def forget_root(self, name: str) -> None:
        """Takes a root away that holds for one step or dialog only."""
        if self._roots is not None:
            self._roots.pop(name, None)

    def meta(self) -> dict[str, Any]:
        """What `case` says about itself besides its fields."""
        before = self.before
        return {
            "id": before.case_id,
            "type": before.case_type,
            "status": self.status,
            "urgency": self.urgency,
            "created_at": before.created_at,
            "created_by": before.created_by,
        }

    def save(self, values: Mapping[str, Any]) -> None:
        """Stores accepted values in case fields; the context that hangs on them is worked out anew."""
        if not values:
            return
        if self.log is not None:
            self.log.entries += [Changed(name) for name, value in values.items() if self.data.get(name) != value]
        self.data = {**self.data, **values}
        if self._roots is None:
            return
        fields = self.plan.fields
        self.show(**{name: field_value(fields[name], value, self.reader) for name, value in values.items()})
        self._roots.forget_context()

    def show(self, **values: Any) -> None:
        """Gives `case` these values, where it was worked out already."""
        case = None if self._roots is None else self._roots.known("case")
        if case is not None:
            case.update(values)

    # -- where things are --------------------------------------------------------------------------------------------

    def course(self, owner: str) -> Course:
        """The sequence that runs inside the item at `owner` (`""`: the case's stages)."""
        found = self.plan.courses.get(owner)
        if found is not None:
            return found
        if self._courses is None:
            self._courses = {}
        found = self._courses.get(owner)
        if found is None:
            found = self._courses[owner] = self._find_course(owner)
        return found

    def _find_course(self, owner: str) -> Course:
        around, _, last = owner.rpartition(".")
        if last == ACTIONS:
            plan, prefix, place = self.locate(around)
            return plan, prefix, plan.tables[f"{place.item.path}.{ACTIONS}"]
        row, located = self.items[owner], self.locate(owner)
        if runs_a_plan(row):
            inside = plan_inside(located, row, self.binder)
            return inside, owner, inside.tables[""]
        plan, prefix, place = located
        return plan, prefix, plan.tables[place.item.path]

    def find(self, path: str) -> Located | None:
        """The item at a path, in the case's plan or in one that runs inside a live item; None where there is none."""
        found = self.plan.located.get(path)
        if found is None and self._found is not None:
            found = self._found.get(path)
        if found is None:
            found = find(self.plan, self.items, path, lambda prefix: self.course(prefix)[0])
            if found is not None:
                self._found = self._found or {}
                self._found[path] = found
        return found

    def locate(self, path: str) -> Located:
        """The item at the path of a live row."""
        found = self.find(path)
        if found is None:
            raise LookupError(f"the plan {self.plan.rule} has no item '{path}'")
        return found

    def _forget(self, path: str) -> None:
        """Has what runs inside an item be found anew: it is another visit, or runs another plan now."""
        self._found = None
        if self._courses is not None:
            self._courses.pop(path, None)

    def owner_of(self, located: Located) -> str:
        """By which path the chart is found in which the located item stands."""
        _, prefix, place = located
        return under(prefix, place.owner) if prefix else place.owner

    def around(self, located: Located) -> str:
        """The path of the item around the located one (`""`: the case)."""
        _, prefix, place = located
        return under(prefix, place.around) if prefix else place.around

    def inside(self, owner: str) -> list[ItemState]:
        """The live items under a path (`""`: all), innermost first."""
        start = f"{owner}." if owner else ""
        rows = [row for path, row in self.items.items() if path.startswith(start) and path != owner]
        return sorted(rows, key=lambda row: -row.path.count("."))

    # -- rows ----------------------------------------------------------------------------------------------------------

    def open(self, path: str, kind: str, state: ItemLife = ItemLife.ACTIVE) -> ItemState:
        """A new visit of an item."""
        visit = self.visits[path] = self.visits.get(path, 0) + 1
        row = self.changed[path, visit] = _row(path, visit, kind, state)
        if state in LIVE:
            self.items[path] = row
        if self.log is not None:
            self.log.entries.append(Reached(path, state))
            self.log.begin(path, visit)
            remember(self, path, state)
        if self._courses is not None:
            self._forget(path)
        return row

    def turn(
        self, row: ItemState, trigger: str, values: Mapping[str, Any] | None = None, *, is_told: bool = True
    ) -> ItemState:
        """The row after a trigger of the lifecycle, with these values added; others may be waiting to be told."""
        state = LIFECYCLE[trigger][row.state]
        kept = row.values if values is None else {**row.values, **values}
        path = row.path
        turned = self.changed[path, row.visit] = _row(path, row.visit, row.kind, state, row.at, row.bound, kept)
        if state in LIVE:
            self.items[path] = turned
        else:
            self.items.pop(path, None)
        if is_told and self.log is not None:
            self.log.entries.append(Reached(path, state))
            remember(self, path, state)
        return turned

    def keep(self, row: ItemState, values: Mapping[str, Any]) -> ItemState:
        """The row with these values added."""
        kept = _row(row.path, row.visit, row.kind, row.state, row.at, row.bound, {**row.values, **values})
        self.put(kept)
        return kept

    def put(self, row: ItemState) -> None:
        """Takes note of a row."""
        self.changed[row.path, row.visit] = row
        if row.state in LIVE:
            self.items[row.path] = row
        else:
            self.items.pop(row.path, None)

    def move_to(self, owner: str, state: str) -> None:
        """Puts the sequence of `owner` in a state."""
        if not owner:
            self.at = state
            return
        row = self.items[owner]
        moved = _row(owner, row.visit, row.kind, row.state, state, row.bound, row.values)
        self.changed[owner, row.visit] = self.items[owner] = moved

    def bind_nested(self, row: ItemState, digest: str, values: Mapping[str, Any]) -> ItemState:
        """The row, now running the plan of this hash."""
        bound = replace(row, bound=digest, values={**row.values, **values})
        self.put(bound)
        self._forget(row.path)
        return bound

    # -- effects -------------------------------------------------------------------------------------------------------

    def start_timer(self, timer: StartTimer) -> None:
        self.timers = {**self.timers, timer.name: timer}
        self.effects.append(timer)

    def keep_timer(self, timer: StartTimer) -> None:
        """Takes note of a running timer."""
        self.timers = {**self.timers, timer.name: timer}

    def drop_timer(self, name: str) -> None:
        """Forgets a timer that fired or is void."""
        self.timers = kept = {**self.timers}
        del kept[name]

    def cancel_timers(self, path: str, visit: int) -> None:
        """Cancels the timers of one visit of an item (`""`: of the case)."""
        for name, timer in [*self.timers.items()]:
            if timer.path == path and timer.visit == visit:
                self.drop_timer(name)
                self.effects.append(_voiding(name))

    def close_assignment(self, place: Place, row: ItemState, outcome: str) -> None:
        if place.assigns and row.state is ItemLife.ACTIVE:
            self.effects.append(_closing(row.path, row.visit, outcome))

    def note(self, path: str, what: str, because: str = "") -> None:
        self.trace.append(_noted(path, what, because))

    def raise_urgency(self, points: int, path: str, because: str) -> None:
        """Raises the case's urgency, up to 100."""
        raised = min(HIGHEST_URGENCY, self.urgency + points)
        if raised == self.urgency:
            return
        self.note(path, f"urgency {self.urgency} to {raised}", because)
        self.urgency = raised
        self.show(urgency=raised)

    def set_status(self, status: str) -> None:
        self.status = status
        self.show(status=status)

    # -- the end -------------------------------------------------------------------------------------------------------

    def decision(self) -> Decision:
        """What was decided, as a value."""
        before = self.before
        after = _snapshot(
            before.case_id,
            before.case_type,
            before.digest,
            before.version + 1,
            self.status,
            self.at,
            self.data,
            self.items,
            self.visits,
            before.created_at,
            before.created_by,
            self.timers,
            self.parked,
            self.urgency,
            before.interaction,
            before.parent,
            before.parent_path,
            before.parent_visit,
            self.bindings,
            self.children,
        )
        return _decision(
            after,
            tuple(self.effects),
            tuple(self.changed.values()),
            tuple(self.trace),
            {} if self._binder is None else self._binder.bound,
            {} if self._reader is None else self._reader.used,
        )


def blank(plan: Plan, command: Create, facts: Facts) -> Snapshot:
    """The case before anything happened to it: version 0."""
    return Snapshot(
        case_id=command.case_id,
        case_type=plan.rule.partition("/")[2] or plan.rule,
        digest=plan.digest,
        version=0,
        status=OPEN,
        at=START,
        data={},
        items={},
        visits={},
        created_at=facts.now,
        created_by=command.originator or facts.actor.id,
        urgency=plan.urgency,
        interaction=command.interaction,
        parent=command.parent,
        parent_path=command.parent_path,
        parent_visit=command.parent_visit,
    )
