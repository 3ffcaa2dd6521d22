"""Which item a path of a running case means: of the case's plan, of one that runs inside an item, or of a pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from casewright.machine.facts import Rules
from casewright.machine.places import ANY_PASS, PASS, Place
from casewright.machine.plan import Item, Located, Plan
from casewright.machine.snapshot import ItemState

PlanInside = Callable[[str], Plan]
"""Gives the plan that runs inside the live item at a path."""


def find(plan: Plan, items: Mapping[str, ItemState], path: str, inside: PlanInside) -> Located | None:
    """The item at a path, with its plan and the path under which that runs; None where there is none."""
    found = plan.located.get(path)
    if found is not None:
        return found
    prefix = path.rpartition(".")[0]
    while prefix:
        row = items.get(prefix)
        if row is not None and runs_a_plan(row):
            nested = inside(prefix)
            place = place_in(nested, path[len(prefix) + 1 :])
            return None if place is None else (nested, prefix, place)
        prefix = prefix.rpartition(".")[0]
    place = place_in(plan, path)
    return None if place is None else (plan, "", place)


def runs_a_plan(row: ItemState) -> bool:
    """Whether a plan of its own runs inside the item: a dialog, a process, or the body of a pass."""
    return bool(row.bound) or row.kind == PASS


def place_in(plan: Plan, path: str) -> Place | None:
    """The place of a path in a plan; a number after a split over a list means any of its passes."""
    head, _, last = path.rpartition(".")
    return plan.places.get(f"{head}.{ANY_PASS}" if last.isdecimal() else path)


def plan_inside(located: Located, row: ItemState, rules: Rules) -> Plan:
    """The plan that runs inside a live item: of its pass, or the one that it bound."""
    plan, _, place = located
    if row.kind == PASS:
        split = plan.places[place.owner].item.split
        assert split is not None
        assert split.passes is not None
        return split.passes
    activity = place.item.activity
    assert activity is not None
    assert activity.nested is not None
    nested: Plan = rules.by_digest(activity.nested.kind, activity.nested.id, row.bound).value
    return nested


def locate(plan: Plan, items: Mapping[str, ItemState], path: str, rules: Rules) -> Located | None:
    """The item at a path of a case with these live items; None where there is none."""

    def inside(prefix: str) -> Plan:
        host = find(plan, items, prefix, inside)
        assert host is not None, "a live row stands where its plan says"
        return plan_inside(host, items[prefix], rules)

    return find(plan, items, path, inside)


def item_at(plan: Plan, items: Mapping[str, ItemState], path: str, rules: Rules) -> Item | None:
    """The plan's item for a path of a case with these live items; None where there is none."""
    found = locate(plan, items, path, rules)
    return None if found is None else found[2].item
