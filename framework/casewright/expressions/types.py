"""The types of the language as expressions see them, and which values go where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from casewright.expressions.cel.values import Elapsed, Maybe, Timestamp, TypeValue
from casewright.expressions.regions import Region, anything, values
from casewright.values import Duration

Fields = Mapping[str, "Type"]


@dataclass(frozen=True, slots=True)
class Declared:
    """What the declaration of a field says beside its type.

    `certain`: the field is required, or has a default, so it is taken to hold a value. `most` is how many items a list
    has at most, None where nothing is said. `deprecated` says what to read instead.
    """

    certain: bool = False
    most: int | None = None
    deprecated: str = ""

    def shared_with(self, other: Declared) -> Declared:
        """What both declarations say, for a field of which it is not known whose it is."""
        most = max(self.most, other.most) if self.most and other.most else None
        deprecated = self.deprecated if self.deprecated == other.deprecated else ""
        return Declared(self.certain and other.certain, most, deprecated)


UNSAID = Declared()
"""A declaration that says no more than the type."""


@dataclass(frozen=True, slots=True)
class Type:
    """What a value may be: its kind, its name as rules write it, and what a choice, a list or a record holds.

    Every value may also be null. The fields of a record may be a callable that gives them, since data types refer to
    each other. What `declared` says holds of the field that has this type, not of the values that go through it.
    """

    kind: str
    name: str
    options: tuple[str, ...] = ()
    element: Type | None = None
    holds: Fields | Callable[[], Fields] | None = field(default=None, compare=False, repr=False)
    declared: Declared = field(default=UNSAID, compare=False, repr=False)

    @property
    def fields(self) -> Fields:
        """The fields of a record; empty for anything else."""
        if self.holds is None:
            return {}
        return self.holds() if callable(self.holds) else self.holds


TEXT = Type("text", "text")
INTEGER = Type("integer", "integer")
DECIMAL = Type("decimal", "decimal")
MONEY = Type("money", "money")
BOOLEAN = Type("boolean", "boolean")
DATE = Type("date", "date")
TIME = Type("time", "time")
DATETIME = Type("datetime", "datetime")
DURATION = Type("duration", "duration")
DOUBLE = Type("double", "double")
NULL = Type("null", "null")
DYNAMIC = Type("dynamic", "anything")

TIMESTAMP = Type("timestamp", "timestamp")
ELAPSED = Type("elapsed", "duration")
TYPE = Type("type", "type")
"""Types of strict CEL alone, as optionals are."""

_TEXTS = ("long_text", "id", "email", "phone", "address", "file")
_NAMED = {
    **{type_.name: type_ for type_ in (TEXT, INTEGER, DECIMAL, MONEY, BOOLEAN, DATE, TIME, DATETIME, DURATION)},
    **{name: Type("text", name) for name in _TEXTS},
}

_LITERAL = {**_NAMED, "null": NULL, "double": DOUBLE, "timestamp": TIMESTAMP, "elapsed": ELAPSED, "type": TYPE}

NUMBERS = frozenset({"integer", "decimal", "money"})
TEXTS = frozenset({"text", "choice"})
RECORDS = frozenset({"record", "map"})
UNORDERED = frozenset({"record", "map", "list", "duration", "null"})
"""The kinds of which no list is put in order."""


def named(name: str) -> Type | None:
    """The simple type that rules write as `name`; None where there is none, as for choices, lists and data types."""
    return _NAMED.get(name)


def simple_names() -> tuple[str, ...]:
    """The names that `named` knows."""
    return tuple(_NAMED)


def choice(options: Iterable[str]) -> Type:
    """The type of a field that holds one of `options`."""
    return Type("choice", "choice", options=tuple(options))


def list_of(element: Type) -> Type:
    """The type of a list of `element`."""
    return Type("list", f"list of {element.name}", element=element)


def map_of(element: Type) -> Type:
    """The type of a map from text to `element`."""
    return Type("map", f"map of {element.name}", element=element)


def optional_of(element: Type) -> Type:
    """The type of an optional of `element`."""
    return Type("optional", f"optional of {element.name}", element=element)


def record(name: str, fields: Fields | Callable[[], Fields]) -> Type:
    """The type of a record of the data type `name`; `fields` may be a callable that gives them."""
    return Type("record", name, holds=fields)


def declared_as(type_: Type, declared: Declared) -> Type:
    """The type of a field that is declared so."""
    return type_ if declared == type_.declared else replace(type_, declared=declared)


def type_name(type_: Type) -> str:
    """The type as messages name it."""
    return f"one of {', '.join(type_.options)}" if type_.kind == "choice" and type_.options else type_.name


def described(type_: Type) -> str:
    """A value of the type as messages name it, with its article."""
    if type_.kind == "choice":
        return type_name(type_)
    if type_.kind in ("null", "dynamic", "text", "money"):
        return type_.name.replace("_", " ")
    return f"{'an' if type_.name[0] in 'aeiou' else 'a'} {type_.name}"


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of type `given` may go where `wanted` is declared.

    Numbers widen; a text may be the option of a choice or the key of a record, which is looked at when it is saved.
    """
    if _are_apart(given, wanted):
        return False
    if "dynamic" in (given.kind, wanted.kind) or given.kind in ("null", wanted.kind):
        return given.kind != "list" or _elements(given, wanted, fits)
    if wanted.kind in ("decimal", "money"):
        return given.kind in NUMBERS
    if wanted.kind in TEXTS:
        return given.kind in TEXTS
    return wanted.kind == "record" and given.kind in ("text", "map")


def comparable(one: Type, other: Type) -> bool:
    """Whether `==` between the two can ever be true of values that are not null."""
    if _are_apart(one, other):
        return False
    if {"dynamic", "null"} & {one.kind, other.kind}:
        return True
    for family in (NUMBERS, TEXTS, RECORDS):
        if one.kind in family:
            return other.kind in family
    return one.kind == other.kind and (one.kind != "list" or _elements(one, other, comparable))


def _are_apart(one: Type, other: Type) -> bool:
    """Whether the two are choices that share no option."""
    if one.kind != "choice" or other.kind != "choice" or not one.options or not other.options:
        return False
    return not set(one.options) & set(other.options)


def united(types: Iterable[Type]) -> Type:
    """The type of a value that is of one of `types`; nulls aside, anything where they differ."""
    found = [type_ for type_ in dict.fromkeys(types) if type_.kind != "null"]
    if len(found) < 2:
        return found[0] if found else NULL
    kinds = {type_.kind for type_ in found}
    if kinds <= NUMBERS:
        return MONEY if "money" in kinds else DECIMAL
    if kinds <= TEXTS:
        return TEXT
    return DYNAMIC


def domain_of(type_: Type) -> Region:
    """All values that a dimension of the type can have, null included: closed for booleans and choices."""
    if type_.kind == "boolean":
        return values(True, False, None)
    return values(*type_.options, None) if type_.kind == "choice" and type_.options else anything()


def any_of(type_: Type) -> object:
    """Some value of the type, to stand for all of them."""
    return _EXAMPLES.get(type_.kind, "anything")


_EXAMPLES: Mapping[str, object] = MappingProxyType(
    {
        "integer": 1,
        "decimal": Decimal(1),
        "money": Decimal(1),
        "date": date(2026, 1, 1),
        "time": time(12),
        "datetime": datetime(2026, 1, 1, 12, tzinfo=UTC),
        "duration": Duration(exact=timedelta(days=1)),
    }
)


def steps(type_: Type) -> bool:
    """Whether the values of the type step, so that `> 17` says the same as `>= 18`."""
    return type_.kind in ("integer", "date")


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    Decimal: "decimal",
    float: "double",
    str: "text",
    datetime: "datetime",
    date: "date",
    time: "time",
    Duration: "duration",
    list: "list",
    tuple: "list",
    dict: "map",
    Timestamp: "timestamp",
    Elapsed: "elapsed",
    TypeValue: "type",
    Maybe: "optional",
}


def kind_of(value: object) -> str:
    """The kind of a value at run time; "unknown" for what the language has no value for."""
    found = _KINDS.get(type(value))
    if found is None:
        found = next((kind for type_, kind in _KINDS.items() if isinstance(value, type_)), "unknown")
    return found


def type_of(value: object) -> Type:
    """The type of a literal value."""
    kind = kind_of(value)
    if kind == "list":
        return list_of(united(type_of(item) for item in value) if value else DYNAMIC)  # type: ignore[attr-defined]
    if kind == "map":
        return map_of(DYNAMIC)
    return _LITERAL.get(kind, DYNAMIC)


def _elements(one: Type, other: Type, related: Callable[[Type, Type], bool]) -> bool:
    return one.element is None or other.element is None or related(one.element, other.element)
