"""The parameters that the operators and functions of the language share, and how results follow from arguments."""

from __future__ import annotations

from collections.abc import Sequence

from casewright.expressions import types as t
from casewright.expressions.library.signatures import Parameter
from casewright.expressions.types import DYNAMIC, Type, list_of, united

ANY = Parameter("any")
TEXT = Parameter("text", frozenset({"text", "choice"}))
FREE_TEXT = Parameter("text", frozenset({"text"}))
INTEGER = Parameter("integer", frozenset({"integer"}))
MONEY = Parameter("money", frozenset({"money"}))
PURE = Parameter("number", frozenset({"integer", "decimal"}))
NUMBER = Parameter("number", frozenset({"integer", "decimal", "money"}))
BOOLEAN = Parameter("boolean", frozenset({"boolean"}))
DOUBLE = Parameter("double", frozenset({"double"}))
EVERY_NUMBER = Parameter("number", frozenset({"integer", "decimal", "money", "double"}))
DATE = Parameter("date", frozenset({"date"}))
TIME = Parameter("time", frozenset({"time"}))
DATETIME = Parameter("datetime", frozenset({"datetime"}))
DAY = Parameter("date", frozenset({"date", "datetime"}))
CLOCK = Parameter("time", frozenset({"time", "datetime"}))
DURATION = Parameter("duration", frozenset({"duration"}))
WRITTEN = Parameter("date or time", frozenset({"date", "time", "datetime"}))
LIST = Parameter("list", frozenset({"list"}))
TEXT_LIST = Parameter("list of texts", LIST.kinds, TEXT.kinds)
NUMBER_LIST = Parameter("list of numbers", LIST.kinds, EVERY_NUMBER.kinds)
ORDERED_LIST = Parameter("list", LIST.kinds, EVERY_NUMBER.kinds | TEXT.kinds | BOOLEAN.kinds | WRITTEN.kinds)
TOLD = Parameter("value", ORDERED_LIST.elements | DURATION.kinds | LIST.kinds)
SIZED = Parameter("text, list or map", frozenset({"text", "choice", "list", "map"}))
MAPPED = Parameter("map", frozenset({"map"}))


def the_same(types: Sequence[Type]) -> Type:
    return types[0]


def joined(types: Sequence[Type]) -> Type:
    return types[0] if types[0] == types[1] else list_of(united(element((type_,)) for type_ in types))


def element(types: Sequence[Type]) -> Type:
    return types[0].element or DYNAMIC


def all_together(types: Sequence[Type]) -> Type:
    return united(types)


def numeric(types: Sequence[Type]) -> Type:
    return t.MONEY if any(type_.kind == "money" for type_ in types) else t.DECIMAL


def mean(types: Sequence[Type]) -> Type:
    """The type of the average of a list: that of its items, but for integers a decimal."""
    found = element(types)
    return t.DECIMAL if found.kind == "integer" else found


def flattened(types: Sequence[Type]) -> Type:
    """The type of a list when the lists in it are opened."""
    found = element(types)
    return list_of(found.element or DYNAMIC) if found.kind == "list" else types[0]


def reversed_(types: Sequence[Type]) -> Type:
    """The type of a list or a text from its end."""
    return types[0] if types[0].kind in ("list", "dynamic") else t.TEXT
