"""What stands beside a sequence: branches, passes over a list, optional actions; and what lets an item begin or end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casewright.machine.snapshot import ItemLife

if TYPE_CHECKING:
    from casewright.machine.plan import Condition, Item, Plan, Value


@dataclass(frozen=True, slots=True)
class OnItem:
    """An item of the same plan reaches a state of its lifecycle. `path` is its place in that plan."""

    path: str
    state: ItemLife = ItemLife.COMPLETED


@dataclass(frozen=True, slots=True)
class OnEvent:
    """An event arrives whose payload has these values; they are worked out when the item begins to listen."""

    event: str
    match: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnField:
    """A field of the case is saved with another value than it had."""

    name: str


On = OnItem | OnEvent | OnField


@dataclass(frozen=True, slots=True)
class Sentry:
    """One way for an item to begin, or to end early: all of `on` has happened while it listened, and `when` holds.

    For beginning, what another item reached before counts too, since what is around both of them began. What happened
    is remembered until the item begins or ends. `when` may read `event`, the payload of the event that
    has just arrived; without `on` it is tried whenever something happens in the case.
    """

    on: tuple[On, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """An item that is completed is entered again, as a new visit, while `when` holds; `most` visits in a row."""

    when: Condition
    most: int = 100


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the things that a wait ends with: an event, a child case, or (with neither) its timer.

    `match` and `when` choose among events; `child` is the path in the plan of the step that began the child case; with
    `remembered`, an event that came since the case was created counts too. `save` reads `result`: the event's
    payload, the child's {id, status, data}, or null for a timer.
    """

    id: str
    event: str = ""
    match: Mapping[str, Value] = field(default_factory=dict)
    when: Condition | None = None
    remembered: bool = False
    child: str = ""
    save: Mapping[str, Value] = field(default_factory=dict)


ALL = 0
"""The join that waits for every branch."""


@dataclass(frozen=True, slots=True)
class Split:
    """Work side by side inside an item: branches as written, or one pass of a body for each element of a list.

    A branch is an item with a body and a path of its own under the item's; a pass runs the plan `passes`, whose
    `fields` are each pass's own, at `PATH.N`, counted from 1. `join` is how many of them must be completed (`ALL`:
    every one that began); with `cancel_rest` (or where the item may be repeated) what still runs then ends, else it
    goes on beside what follows, until the sequence around it is through. At most `at_once` are active at a time (0:
    all). `done_when` completes the item as soon as it holds. The item's activity saves what came of it: `{first,
    completed}` with the ids of branches, or a list of `{item, ...}` with the fields of each completed pass.
    """

    branches: tuple[Item, ...] = ()
    over: Value | None = None
    passes: Plan | None = None
    join: int = ALL
    cancel_rest: bool = False
    at_once: int = 0
    done_when: Condition | None = None
