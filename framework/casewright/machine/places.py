"""Where each item of a plan stands: worked out once, so that a decision looks it up by path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from casewright.machine.charts import DONE, JOIN, Table, table_beside, table_of
from casewright.machine.effects import OpenAssignment
from casewright.machine.side_by_side import OnEvent, Sentry

if TYPE_CHECKING:
    from casewright.machine.plan import Item, Plan, Sequence

ANY_PASS = "*"
"""What stands in a plan's paths for the number of a pass. The path of a live item never has it."""

ACTIONS = "actions"
"""The last part of the path under which the optional actions of a stage, or of the case, stand."""

PASS = "pass"
"""The kind of the row of one pass over a list; it runs the plan of the split's passes."""


class Stands(StrEnum):
    """How an item stands in what is around it, which decides what its end leads to."""

    MEMBER = "member"
    BRANCH = "branch"
    PASS = "pass"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Place:
    """An item, its state in the chart that it stands in, and by which path that chart is found (`""`: the plan's).

    `around` is the path of the item around it; the owner of an optional action is `AROUND.actions`, of any other item
    it is the same. `assigns` says whether its entry opens an assignment, `is_plain` that it is entered at once, and
    ended by nothing but itself.
    """

    item: Item
    state: str
    owner: str
    assigns: bool
    stands: Stands = Stands.MEMBER
    around: str = ""
    is_plain: bool = True


def places_of(sequence: Sequence, actions: tuple[Item, ...] = ()) -> tuple[dict[str, Place], dict[str, Table]]:
    """Every item by its path, and every chart by its owner's: of bodies and branches by the path of their item."""
    found = _Found({}, {})
    found.add("", table_of(sequence), Stands.MEMBER, "")
    found.add_actions("", actions)
    return found.places, found.tables


@dataclass(frozen=True, slots=True)
class _Found:
    places: dict[str, Place]
    tables: dict[str, Table]

    def add(self, owner: str, table: Table, stands: Stands, around: str) -> None:
        self.tables[owner] = table
        for state, item in table.items.items():
            plain = not (item.entry or item.exit or item.manual)
            self.places[item.path] = Place(item, state, owner, opens_assignment(item), stands, around, plain)
            self._add_inside(item)

    def _add_inside(self, item: Item) -> None:
        if item.body is not None:
            self.add(item.path, table_of(item.body), Stands.MEMBER, item.path)
        if item.split is not None:
            self.add(item.path, table_beside(item.path, item.split.branches, JOIN), Stands.BRANCH, item.path)
            if item.split.passes is not None:
                self._add_pass(item)
        self.add_actions(item.path, item.actions)

    def _add_pass(self, item: Item) -> None:
        path = f"{item.path}.{ANY_PASS}"
        one = type(item)(ANY_PASS, path, item.label, PASS, item.at)
        self.places[path] = Place(one, "", item.path, False, Stands.PASS, item.path)

    def add_actions(self, around: str, actions: tuple[Item, ...]) -> None:
        if actions:
            owner = f"{around}.{ACTIONS}" if around else ACTIONS
            self.add(owner, table_beside(owner, actions, DONE), Stands.ACTION, around)


def under(prefix: str, path: str) -> str:
    """The path of an item of a plan that runs under `prefix`."""
    if not prefix:
        return path
    return f"{prefix}.{path}" if path else prefix


def every_item(plan: Plan, prefix: str = "") -> Iterator[tuple[str, Item]]:
    """Every item that the plan holds, handlers, branches, actions and the steps of passes too, each with its path."""
    for path, place in plan.places.items():
        if place.stands is Stands.PASS:
            continue
        yield f"{prefix}{path}", place.item
        if place.item.split is not None and place.item.split.passes is not None:
            yield from every_item(place.item.split.passes, f"{prefix}{path}.{ANY_PASS}.")


def is_watched(places: dict[str, Place]) -> bool:
    """Whether something in the plan goes by what happens elsewhere, or may: a rule bound later is not known here."""
    return any(_watches(place.item) for place in places.values())


def _watches(item: Item) -> bool:
    if item.entry or item.exit or (item.activity is not None and item.activity.nested is not None):
        return True
    split = item.split
    if split is None:
        return False
    return split.over is not None or split.done_when is not None or (split.passes is not None and split.passes.watched)


def has_events(sentries: tuple[Sentry, ...]) -> bool:
    """Whether one of the sentries listens for an event."""
    return any(isinstance(on, OnEvent) for sentry in sentries for on in sentry.on)


def opens_assignment(item: Item) -> bool:
    """Whether somebody gets work when the item is entered."""
    activity = item.activity
    return activity is not None and any(each.effect is OpenAssignment for each in activity.emissions)
