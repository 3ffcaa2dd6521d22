"""The two charts: the lifecycle of an item, and one for each sequence; as hot tables and as `transitions` machines.

A sequence's states are `start`, the id of each item and alternate, `ID.failed` where an item has a handler, and `done`.
Its triggers are `next`, `skip` (where `next` goes, guarded by the item's conditions), `fail` and `goto:ID`. What stands
side by side has the same chart without an order: behind each branch comes the join, where they are counted.
The table and the machine are translated from the plan each on its own; `decide` moves by the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transitions import Machine

from casewright.machine.snapshot import ItemLife
from casewright.values import did_you_mean

if TYPE_CHECKING:
    from casewright.machine.plan import Item, Sequence

START = "(start)"
DONE = "(done)"
"""The first and the last state of every sequence; no id has parentheses, so no item can be called so."""
JOIN = "(join)"
"""Where a split goes when something inside it has ended: the branches or passes are counted."""


class UnknownTrigger(LookupError):
    """A chart was fired with a trigger that it does not have: a mistake of the caller, never of a case."""

    def __init__(self, trigger: str, known: object) -> None:
        super().__init__(f"the chart has no trigger '{trigger}'{did_you_mean(trigger, known)}")


@dataclass(frozen=True, slots=True)
class SkipGuard:
    """Whether an item is passed over on entry: `skip_when` holds, or `when` does not. Callable by `transitions`."""

    item: Item

    @property
    def name(self) -> str:
        """What it asks, in the author's words."""
        skip, when = self.item.skip_when, self.item.when
        return " or ".join([*([skip.name] if skip else []), *([f"not ({when.name})"] if when else [])])

    def holds(self, roots: Mapping[str, Any]) -> bool:
        skip, when = self.item.skip_when, self.item.when
        return (skip is not None and skip.holds(roots)) or (when is not None and not when.holds(roots))

    def because(self, roots: Mapping[str, Any]) -> str:
        """Which of its conditions passes the item over, for people to read."""
        skip = self.item.skip_when
        if skip is not None and skip.holds(roots):
            return f"skip_when holds: {skip.name}"
        return f"when does not hold: {self.item.when.name}" if self.item.when else ""

    def __call__(self, event: Any) -> bool:
        return self.holds(event.model.roots)


@dataclass(frozen=True, slots=True)
class Table:
    """A sequence's chart in its hot form: where each trigger leads, and the guards and items by state."""

    path: str
    items: Mapping[str, Item]
    guards: Mapping[str, SkipGuard]
    next: Mapping[str, str]
    fail: Mapping[str, str]
    targets: frozenset[str]

    @property
    def states(self) -> tuple[str, ...]:
        return (START, *self.items, DONE)

    @property
    def triggers(self) -> frozenset[str]:
        return frozenset({"next", "skip", "fail", *(f"goto:{target}" for target in self.targets)})

    def fire(self, trigger: str, state: str, roots: Mapping[str, Any]) -> str:
        """The state after the trigger; the same one where the trigger does not apply there."""
        if trigger == "next":
            return self.next.get(state, state)
        if trigger == "skip":
            guard = self.guards.get(state)
            return self.next[state] if guard is not None and guard.holds(roots) else state
        if trigger == "fail":
            return self.fail.get(state, state)
        target = trigger.removeprefix("goto:")
        if target not in self.targets or target == trigger:
            raise UnknownTrigger(trigger, self.triggers)
        return target


def table_of(sequence: Sequence) -> Table:
    """The hot table of a sequence."""
    items: dict[str, Item] = {}
    following: dict[str, str] = {}
    failing: dict[str, str] = {}
    ids = [item.id for item in sequence.items]
    successors = dict(zip([START, *ids], [*ids, DONE], strict=True))
    for item in (*sequence.items, *sequence.alternates):
        behind = successors.get(item.id, DONE)
        for state, each in _with_handlers(item.id, item):
            items[state] = each
            following[state] = behind
            if each.handler is not None:
                failing[state] = f"{state}.failed"
    following[START] = successors[START]
    guards = {state: SkipGuard(item) for state, item in items.items() if item.when or item.skip_when}
    targets = frozenset(item.id for item in (*sequence.items, *sequence.alternates))
    return Table(sequence.path, items, guards, following, failing, targets)


def table_beside(path: str, items: Iterable[Item], behind: str) -> Table:
    """The table of items that stand side by side at a path: branches, behind which they are counted, or actions."""
    by_state = {state: each for item in items for state, each in _with_handlers(item.id, item)}
    failing = {state: f"{state}.failed" for state, each in by_state.items() if each.handler is not None}
    guards = {state: SkipGuard(item) for state, item in by_state.items() if item.when or item.skip_when}
    return Table(path, by_state, guards, dict.fromkeys(by_state, behind), failing, frozenset())


def _with_handlers(state: str, item: Item) -> Iterator[tuple[str, Item]]:
    yield state, item
    if item.handler is not None:
        yield from _with_handlers(f"{state}.failed", item.handler)


class Light:
    """A model that `transitions` moves without knowing it: nothing but a state, and the roots that guards read."""

    __slots__ = ("roots", "state")

    def __init__(self, state: str, roots: Mapping[str, Any]) -> None:
        self.state = state
        self.roots = roots


def machine_of(sequence: Sequence) -> Machine:
    """The sequence's chart as a flat `transitions` machine without models: the reference that the table is held to."""
    rows: list[dict[str, Any]] = []
    states = [START]
    for number, item in enumerate(sequence.items):
        behind = sequence.items[number + 1].id if number + 1 < len(sequence.items) else DONE
        _add_item(rows, states, item.id, item, behind)
    for item in sequence.alternates:
        _add_item(rows, states, item.id, item, DONE)
    states.append(DONE)
    rows.append({"trigger": "next", "source": START, "dest": sequence.items[0].id if sequence.items else DONE})
    entered = [item.id for item in (*sequence.items, *sequence.alternates)]
    rows += [{"trigger": f"goto:{target}", "source": states, "dest": target} for target in entered]
    return _flat_machine(states, rows)


def machine_beside(items: Iterable[Item], behind: str) -> Machine:
    """What stands side by side as a flat machine: the reference that its table is held to."""
    rows: list[dict[str, Any]] = []
    states: list[str] = []
    for item in items:
        _add_item(rows, states, item.id, item, behind)
    return _flat_machine([*states, behind], rows)


def _add_item(rows: list[dict[str, Any]], states: list[str], state: str, item: Item, behind: str) -> None:
    states.append(state)
    rows.append({"trigger": "next", "source": state, "dest": behind})
    if item.when is not None or item.skip_when is not None:
        rows.append({"trigger": "skip", "source": state, "dest": behind, "conditions": [SkipGuard(item)]})
    if item.handler is not None:
        rows.append({"trigger": "fail", "source": state, "dest": f"{state}.failed"})
        _add_item(rows, states, f"{state}.failed", item.handler, behind)


def fire(machine: Machine, trigger: str, state: str, roots: Mapping[str, Any]) -> str:
    """The state after the trigger, as `transitions` sees it. `skip` and `fail` exist even where no item has them."""
    event = machine.events.get(trigger)
    if event is None:
        if trigger in ("skip", "fail"):
            return state
        raise UnknownTrigger(trigger, machine.events)
    model = Light(state, roots)
    event.trigger(model)
    return model.state


def _flat_machine(states: list[str], rows: list[dict[str, Any]]) -> Machine:
    return Machine(
        model=None,
        states=states,
        transitions=rows,
        initial=None,
        auto_transitions=False,
        send_event=True,
        queued=False,
        ignore_invalid_triggers=True,
    )


# -- the lifecycle of an item ----------------------------------------------------------------------------------------

_A, _E, _R, _S, _F = (
    ItemLife.AVAILABLE,
    ItemLife.ENABLED,
    ItemLife.ACTIVE,
    ItemLife.SUSPENDED,
    ItemLife.FAILED,
)

LIFECYCLE: Mapping[str, Mapping[ItemLife, ItemLife]] = {
    "enable": {_A: _E},
    "activate": {_A: _R, _E: _R},
    "suspend": {_R: _S},
    "resume": {_S: _R},
    "complete": {_R: ItemLife.COMPLETED},
    "fail": {_R: _F},
    "retry": {_F: _R},
    "terminate": dict.fromkeys((_A, _E, _R, _S, _F), ItemLife.TERMINATED),
    "skip": dict.fromkeys((_A, _E, _R, _S, _F), ItemLife.SKIPPED),
}
"""Where each trigger takes an item from each state. Completed, terminated and skipped are ends."""


def lifecycle_machine() -> Machine:
    """The lifecycle as a `transitions` machine, for drawing and for comparing."""
    rows = [
        {"trigger": trigger, "source": source.value, "dest": dest.value}
        for trigger, moves in LIFECYCLE.items()
        for source, dest in moves.items()
    ]
    return _flat_machine([life.value for life in ItemLife], rows)
