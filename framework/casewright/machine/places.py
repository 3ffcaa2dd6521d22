"""Where each item of a plan stands: worked out once, so that a decision looks it up by path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewright.machine.charts import Table, table_of
from casewright.machine.effects import OpenAssignment

if TYPE_CHECKING:
    from casewright.machine.plan import Item, Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """An item, its state in the chart of its sequence, the path of the item whose sequence that is (`""`: the plan's),
    and whether its entry opens an assignment."""

    item: Item
    state: str
    owner: str
    assigns: bool


def places_of(sequence: Sequence) -> tuple[dict[str, Place], dict[str, Table]]:
    """Every item by its path, and the chart of every sequence by the path of the item that it is the body of."""
    places: dict[str, Place] = {}
    tables: dict[str, Table] = {}
    _collect("", sequence, places, tables)
    return places, tables


def _collect(owner: str, sequence: Sequence, places: dict[str, Place], tables: dict[str, Table]) -> None:
    table = tables[owner] = table_of(sequence)
    for state, item in table.items.items():
        places[item.path] = Place(item, state, owner, opens_assignment(item))
        if item.body is not None:
            _collect(item.path, item.body, places, tables)


def opens_assignment(item: Item) -> bool:
    """Whether somebody gets work when the item is entered."""
    activity = item.activity
    return activity is not None and any(each.effect is OpenAssignment for each in activity.emissions)
