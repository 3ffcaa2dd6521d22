"""The functions of lists as Python: pure, bounded, and never given null."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from casewright.expressions.library.operators import ITEM_LIMIT, MATH, Fault, equal, integer, weighed
from casewright.expressions.types import UNORDERED, kind_of

_WITHOUT_ORDER = (UNORDERED - {"null"}) | {"unknown"}


def least(*values: Any) -> Any:
    return min(_alike(_ordered(_listed(values))))


def greatest(*values: Any) -> Any:
    return max(_alike(_ordered(_listed(values))))


def total(values: Sequence[Any]) -> Any:
    result: Any = 0
    for value in _alike(values):
        if isinstance(value, float):
            result = result + value
        else:
            both_whole = isinstance(value, int) and isinstance(result, int)
            result = integer(result + value) if both_whole else MATH.add(result, value)
    return result


def _listed(values: Sequence[Any]) -> Sequence[Any]:
    return values[0] if len(values) == 1 and isinstance(values[0], (list, tuple)) else values


def _alike(values: Sequence[Any]) -> Sequence[Any]:
    """The values, where none is empty and all are of one kind; integers and decimals are."""
    if not isinstance(values, (list, tuple)) or any(value is None for value in values):
        raise Fault("has an empty item")
    if not values:
        return values
    kinds = {kind_of(value) for value in values}
    if len(kinds) > 1 and not kinds <= {"integer", "decimal"}:
        raise Fault("has items of different types")
    return values


def in_order(values: Sequence[Any]) -> list[Any]:
    """The items from the least to the greatest; equal ones stay as they stood."""
    return sorted(_alike(_ordered(values)))


def _ordered(values: Sequence[Any]) -> Sequence[Any]:
    """The values, where each has a place in an order."""
    if {kind_of(value) for value in values} & _WITHOUT_ORDER:
        raise Fault("has items that have no order")
    return values


def in_order_of(values: Sequence[Any], keys: Sequence[Any]) -> list[Any]:
    """The items in the order of their keys; those of equal keys stay as they stood."""
    in_order(keys)
    return [values[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]


def distinct(values: Sequence[Any]) -> list[Any]:
    """The items, each once, where it stood first."""
    weighed(values)
    found: dict[object, Any] = {}
    for value in values:
        found.setdefault(_key(value), value)
    return list(found.values())


def _key(value: Any) -> object:
    """What two values have in common where they are equal, and only there; it can be hashed."""
    if isinstance(value, (list, tuple)):
        return ("list", tuple(_key(item) for item in value))
    if isinstance(value, dict):
        return ("map", frozenset((name, _key(item)) for name, item in value.items()))
    kind = kind_of(value)
    return ("number" if kind in ("integer", "decimal") else kind, value)


def flatten(values: Sequence[Any]) -> list[Any]:
    """The items of the lists in a list, and its other items; one level."""
    made: list[Any] = []
    for value in values:
        inner = value if isinstance(value, (list, tuple)) else (value,)
        if len(made) + len(inner) > ITEM_LIMIT:
            raise Fault(f"makes a list of more than {ITEM_LIMIT:,} items")
        made.extend(inner)
    return made


def part(values: Any, start: int, *end: int) -> Any:
    """The items, or the characters, from one place up to but not with another; both lie within."""
    (last,) = end or (len(values),)
    if not 0 <= start <= last <= len(values):
        raise Fault(f"{start} to {last} does not lie within the {len(values)} that there are")
    return values[start:last]


def reverse(values: Any) -> Any:
    """The items, or the characters, from the last to the first."""
    return values[::-1]


def first(values: Sequence[Any]) -> object:
    return values[0] if len(values) else None


def last(values: Sequence[Any]) -> object:
    return values[-1] if len(values) else None


def count_up(count: int) -> list[int]:
    """The integers from 0, so many."""
    if not 0 <= count <= ITEM_LIMIT:
        raise Fault(f"makes a list of 0 to {ITEM_LIMIT:,} items")
    return list(range(count))


def place_of(values: Sequence[Any], wanted: object) -> int:
    """The place of the first equal item, -1 where there is none."""
    if wanted is None or isinstance(values, (str, dict)):
        raise Fault("is no item")
    return next((place for place, value in enumerate(values) if equal(value, wanted)), -1)


def average(values: Sequence[Any]) -> Any:
    """The sum by the number of items; null of an empty list."""
    if not len(values):
        return None
    found = total(values)
    return found / len(values) if isinstance(found, float) else MATH.divide(Decimal(found), Decimal(len(values)))
