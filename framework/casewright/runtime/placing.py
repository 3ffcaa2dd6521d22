"""Where a path stands in a plan as it was written: the item there, and the branches, passes and actions around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from casewright.machine.places import Stands
from casewright.machine.plan import Item, Plan
from casewright.steps.written import HANDLER

_LANES = frozenset({Stands.BRANCH, Stands.ACTION})


@dataclass(frozen=True, slots=True)
class Lane:
    """Something beside which other things run: a branch or an optional action by its label, a pass by its number."""

    path: str
    stands: Stands
    label: str
    number: int = 0


def declared(plan: Plan, path: str) -> Item | None:
    """The item at a path as the plan has it, also in a pass; None for one of a dialog or process inside a step."""
    inner, rest = _innermost(plan, path)
    place = inner.places.get(rest)
    return place.item if place is not None else None


def may_be(plan: Plan, path: str) -> bool:
    """Whether there may be an item at a path: the plan has it, or it lies in a step that runs a rule bound later."""
    if declared(plan, path) is not None or any(lane.path == path for lane in lanes(plan, path)):
        return True
    return any(_binds(declared(plan, each)) for each in _outwards(path))


def _binds(item: Item | None) -> bool:
    return item is not None and item.activity is not None and item.activity.nested is not None


def _innermost(plan: Plan, path: str) -> tuple[Plan, str]:
    """The plan whose item a path is, and the path in it: the case's, or that of the passes around."""
    for outer in _outwards(path):
        passes = _passes_of(plan, outer)
        if passes is not None:
            return _innermost(passes, path[len(outer) + 1 :])
    return plan, path


def lanes(plan: Plan, path: str) -> tuple[Lane, ...]:
    """The branches, passes and actions that a path lies in or is, the outermost first."""
    return tuple(_lanes(plan, "", path))


def _lanes(plan: Plan, prefix: str, path: str) -> Iterator[Lane]:
    for outer in (*_outwards(path), path):
        around, _, last = outer.rpartition(".")
        passes = _passes_of(plan, outer)
        if passes is not None:
            yield Lane(f"{prefix}{outer}", Stands.PASS, plan.places[around].item.label, int(last))
            yield from _lanes(passes, f"{prefix}{outer}.", path[len(outer) + 1 :])
            return
        place = plan.places.get(outer)
        if place is not None and place.stands in _LANES:
            yield Lane(f"{prefix}{outer}", place.stands, place.item.label or place.item.id)


def order_of(plan: Plan, path: str, *, is_end: bool = False) -> tuple[float, ...]:
    """Where a path comes in the order in which the plan is written, the passes by their numbers; for sorting. The end
    of an item comes behind what is inside it."""
    for outer in _outwards(path):
        passes = _passes_of(plan, outer)
        if passes is not None:
            around, _, number = outer.rpartition(".")
            return (_number(plan, around), int(number), *order_of(passes, path[len(outer) + 1 :], is_end=is_end))
    return (_last_number(plan, path), inf, -path.count(".")) if is_end else (_number(plan, path),)


def _number(plan: Plan, path: str) -> int:
    """The number of the item at a path, or of the nearest around it; what the plan does not know comes last."""
    order = {each: number for number, each in enumerate(plan.places)}
    while path and path not in order:
        path = path.rpartition(".")[0]
    return order.get(path, len(order))


def _last_number(plan: Plan, path: str) -> int:
    """The number of the last item inside the one at a path, its handler aside; its own where there is none."""
    inside, handler = f"{path}.", f"{path}.{HANDLER}."
    places = ((number, f"{each}.") for number, each in enumerate(plan.places))
    found = (number for number, each in places if each.startswith(inside) and not each.startswith(handler))
    return max(found, default=_number(plan, path))


def _passes_of(plan: Plan, path: str) -> Plan | None:
    """The plan that a pass runs, where the path is that of one."""
    around, _, last = path.rpartition(".")
    place = plan.places.get(around) if last.isdecimal() else None
    return place.item.split.passes if place is not None and place.item.split is not None else None


def _outwards(path: str) -> Iterator[str]:
    """The paths of what is around a path, the outermost first."""
    end = path.find(".")
    while end > 0:
        yield path[:end]
        end = path.find(".", end + 1)
