"""What the operators and functions of strict CEL do with values, where that is not what they do in rules.

Every function here either gives the value or raises one of FAULTS. Null is an operand that few of them take.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from casewright.expressions.cel.values import NONE, SECOND, Maybe, Timestamp, TypeValue
from casewright.expressions.library.operators import Fault, integer, weighed
from casewright.expressions.types import kind_of

NUMBERS = frozenset({"integer", "double"})
_TYPE_NAMES = {
    "null": "null_type",
    "boolean": "bool",
    "integer": "int",
    "double": "double",
    "text": "string",
    "list": "list",
    "map": "map",
    "type": "type",
    "timestamp": "google.protobuf.Timestamp",
    "elapsed": "google.protobuf.Duration",
    "optional": "optional_type",
}
TYPE_VALUES = {
    name: TypeValue(name) for name in ("bool", "int", "double", "string", "list", "map", "null_type", "type")
}
"""The types that an expression can name."""


def equal(one: Any, other: Any) -> bool:
    """Whether two values are equal: integers and doubles as numbers, NaN never, lists and maps item by item."""
    if isinstance(one, (list, tuple, dict)):
        weighed(one)
    return _equal(one, other)


def _equal(one: Any, other: Any) -> bool:
    kind, theirs = kind_of(one), kind_of(other)
    if kind in NUMBERS and theirs in NUMBERS:
        return numbers(one, other)
    if kind != theirs or kind == "unknown":
        return False
    if kind == "list":
        return len(one) == len(other) and all(map(_equal, one, other))
    if kind == "map":
        return len(one) == len(other) and all(_same_entry(other, key, one[key]) for key in one)
    if kind == "optional":
        return len(one.held) == len(other.held) and all(map(_equal, one.held, other.held))
    return bool(one == other)


def numbers(one: float, other: float) -> bool:
    """Whether two numbers are equal; beside a double, an integer counts as the nearest double."""
    return one == other if type(one) is type(other) else float(one) == float(other)


def _same_entry(owner: Mapping[Any, Any], key: object, value: object) -> bool:
    found = entry(owner, key)
    return bool(found.held) and _equal(found.held[0], value)


def entry(owner: Mapping[Any, Any], key: object) -> Maybe:
    """What a map holds under a key; 1 and 1.0 are one key, 1 and true are two, which Python would not tell apart."""
    if kind_of(key) not in ("text", "integer", "double", "boolean"):
        raise Fault("is no key of a map")
    if isinstance(key, str):
        return Maybe((owner[key],)) if key in owner else NONE
    if key not in owner:
        return NONE
    return next((Maybe((owner[each],)) for each in owner if equal(each, key)), NONE)


def within(value: object, collection: Any) -> bool:
    """Whether a list has an equal item, or a map the key."""
    if isinstance(collection, (list, tuple)):
        return any(equal(value, other) for other in collection)
    if isinstance(collection, Mapping):
        return bool(entry(collection, value).held)
    raise Fault("`in` looks into a list or a map")


def mapped(keys: list[Any], values: list[Any]) -> dict[Any, Any]:
    """The map of these entries, where its keys are texts, integers or booleans, and none comes twice."""
    made: dict[Any, Any] = {}
    for key, value in zip(keys, values, strict=True):
        if kind_of(key) not in ("text", "integer", "boolean"):
            raise Fault("the key of a map is a text, an integer or a boolean")
        if key in made:
            raise Fault(f"the map has the key {key!r} twice")
        made[key] = value
    return made


def item(collection: Any, key: Any) -> object:
    """The item of a list at an index, or the value of a map under a key; what is absent is a fault."""
    found = item_if_there(collection, key)
    if not found.held:
        raise Fault(f"has nothing under {key!r}")
    return found.held[0]


def item_if_there(collection: Any, key: Any) -> Maybe:
    """The same as an optional."""
    if isinstance(collection, Mapping):
        return entry(collection, key)
    if not isinstance(collection, (list, tuple)) or kind_of(key) not in NUMBERS or key != int(key):
        raise Fault("the index of a list is an integer")
    return Maybe((collection[int(key)],)) if 0 <= key < len(collection) else NONE


def looked_up(owner: Any, key: Any) -> Maybe:
    """What an optional list or map holds, as an optional."""
    if isinstance(owner, Maybe):
        return item_if_there(owner.held[0], key) if owner.held else NONE
    raise Fault("is no optional")


def field(owner: Any, name: str) -> object:
    """The field of a map, which has to be there; of an optional, an optional."""
    if isinstance(owner, Maybe):
        return field_if_there(owner, name)
    found = field_if_there(owner, name)
    if not found.held:
        raise Fault(f"has no field '{name}'")
    return found.held[0]


def field_if_there(owner: Any, name: str) -> Maybe:
    """The field of a map or of an optional map, as an optional."""
    if isinstance(owner, Maybe):
        return field_if_there(owner.held[0], name) if owner.held else NONE
    if not isinstance(owner, Mapping):
        raise Fault(f"is no map, so it has no '{name}'")
    return entry(owner, name)


def has_field(owner: Any, name: str) -> bool:
    return bool(field_if_there(owner, name).held)


def type_of(value: object) -> TypeValue:
    kind = kind_of(value)
    if kind not in _TYPE_NAMES:
        raise Fault("is of no type of CEL")
    return TypeValue(_TYPE_NAMES[kind])


def same(value: object) -> object:
    return value


# Optionals


def some(value: object) -> Maybe:
    return Maybe((value,))


def none() -> Maybe:
    return NONE


def some_unless_empty(value: Any) -> Maybe:
    """The value as an optional; none where it is null, false, zero or empty."""
    empty = value is None or (kind_of(value) in ("boolean", "integer", "double", "text", "list", "map") and not value)
    return NONE if empty else Maybe((value,))


def has_value(optional: Maybe) -> bool:
    return bool(optional.held)


def value_of(optional: Maybe) -> object:
    if not optional.held:
        raise Fault("holds no value")
    return optional.held[0]


# Conversions


def to_integer(value: Any) -> int:
    """A number towards zero, the number that a text says, or the seconds of an instant."""
    if isinstance(value, Timestamp):
        return value.nanoseconds // SECOND
    if isinstance(value, str):
        if not re.fullmatch(r"[+-]?\d{1,19}", value, re.ASCII):
            raise Fault(f"'{value[:40]}' is no integer")
        return integer(int(value))
    if isinstance(value, float) and not -(2.0**63) < value < 2.0**63:
        raise Fault("an integer has at most 64 bits")
    return integer(int(value))


def to_double(value: Any) -> float:
    """The double nearest to an integer, or to the number that a text says."""
    if isinstance(value, str) and not _DOUBLE.fullmatch(value):
        raise Fault(f"'{value[:40]}' is no number")
    return float(value)


_DOUBLE = re.compile(r"[+-]?(?:(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,6})?|[nN]a[nN]|[iI]nf(?:inity)?)")


def to_boolean(value: bool | str) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("1", "t", "true", "TRUE", "True"):
        return True
    if value in ("0", "f", "false", "FALSE", "False"):
        return False
    raise Fault(f"'{value[:40]}' is neither true nor false")


def to_text(value: Any) -> str:
    """The value as a text; a double without a fraction has no point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return shown(value)
    return str(value)


def shown(value: float) -> str:
    """The shortest text that reads as the double; from a million on, and below a ten-thousandth, with an exponent."""
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    sign, digits, _ = Decimal(repr(value)).normalize().as_tuple()
    exponent = Decimal(repr(value)).adjusted() if value else 0
    if -4 <= exponent < 6:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    first, *rest = map(str, digits)
    return f"{'-' if sign else ''}{first}{'.' if rest else ''}{''.join(rest)}e{exponent:+03}"
