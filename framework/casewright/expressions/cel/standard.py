"""The table of strict CEL's operators and functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from casewright.expressions.cel import functions as f
from casewright.expressions.cel import times as t
from casewright.expressions.cel.values import SECOND
from casewright.expressions.library import functions as house
from casewright.expressions.library import operators as op
from casewright.expressions.library.standard import Function, Overload, Parameter, Result
from casewright.expressions.types import (
    BOOLEAN,
    DOUBLE,
    DYNAMIC,
    ELAPSED,
    INTEGER,
    TEXT,
    TIMESTAMP,
    TYPE,
    Type,
    list_of,
    optional_of,
    united,
)

_KINDS = ("null", "boolean", "integer", "double", "text", "list", "map", "type", "timestamp", "elapsed", "optional")
_ANY = Parameter("any", frozenset(_KINDS))
_INT = Parameter("int", frozenset({"integer"}))
_DOUBLE = Parameter("double", frozenset({"double"}))
_NUMBER = Parameter("number", f.NUMBERS)
_STRING = Parameter("string", frozenset({"text"}))
_BOOL = Parameter("bool", frozenset({"boolean"}))
_LIST = Parameter("list", frozenset({"list"}))
_MAP = Parameter("map", frozenset({"map"}))
_SIZED = Parameter("string, list or map", frozenset({"text", "list", "map"}))
_TIMESTAMP = Parameter("timestamp", frozenset({"timestamp"}))
_DURATION = Parameter("duration", frozenset({"elapsed"}))
_OPTIONAL = Parameter("optional", frozenset({"optional"}))
_KEY = Parameter("key", frozenset({"text", "integer", "double", "boolean"}))


def _element(types: Sequence[Type]) -> Type:
    return types[0].element or DYNAMIC


def _listed(types: Sequence[Type]) -> Type:
    return list_of(united(_element((type_,)) for type_ in types))


def _same(types: Sequence[Type]) -> Type:
    return types[0]


def _way(result: Result, run: Callable[..., object], *parameters: Parameter, linear: bool = False) -> Overload:
    return Overload(parameters, result, run, linear=linear)


def _operators() -> list[Function]:
    plus = Function(
        "+",
        (
            _way(INTEGER, op.add_integers, _INT, _INT),
            _way(DOUBLE, op.add_doubles, _DOUBLE, _DOUBLE),
            _way(TEXT, op.join_texts, _STRING, _STRING, linear=True),
            _way(_listed, op.join_lists, _LIST, _LIST, linear=True),
            _way(TIMESTAMP, t.later, _TIMESTAMP, _DURATION),
            _way(TIMESTAMP, lambda length, at: t.later(at, length), _DURATION, _TIMESTAMP),
            _way(ELAPSED, t.longer, _DURATION, _DURATION),
        ),
    )
    minus = Function(
        "-",
        (
            _way(INTEGER, op.negate_integer, _INT),
            _way(DOUBLE, op.negate_double, _DOUBLE),
            _way(INTEGER, op.subtract_integers, _INT, _INT),
            _way(DOUBLE, op.subtract_doubles, _DOUBLE, _DOUBLE),
            _way(TIMESTAMP, t.earlier, _TIMESTAMP, _DURATION),
            _way(ELAPSED, t.apart, _TIMESTAMP, _TIMESTAMP),
            _way(ELAPSED, t.shorter, _DURATION, _DURATION),
        ),
    )
    return [plus, minus, *_products(), *_lookups(), *(_ordering(mark) for mark in ("<", "<=", ">", ">="))]


def _products() -> list[Function]:
    times = (_way(INTEGER, op.multiply_integers, _INT, _INT), _way(DOUBLE, op.multiply_doubles, _DOUBLE, _DOUBLE))
    divide = (_way(INTEGER, op.divide_integers, _INT, _INT), _way(DOUBLE, op.divide_doubles, _DOUBLE, _DOUBLE))
    return [Function("*", times), Function("/", divide), Function("%", (_way(INTEGER, op.remainder, _INT, _INT),))]


def _lookups() -> list[Function]:
    def optional(types: Sequence[Type]) -> Type:
        return optional_of(_element(types))

    return [
        Function("[]", (_way(_element, f.item, _LIST, _NUMBER), _way(_element, f.item, _MAP, _KEY))),
        Function("[?]", (_way(optional, f.item_if_there, _LIST, _NUMBER), _way(optional, f.item_if_there, _MAP, _KEY))),
    ]


def _ordering(mark: str) -> Function:
    runs: dict[str, Callable[..., bool]] = {
        "<": lambda one, other: one < other,
        "<=": lambda one, other: one <= other,
        ">": lambda one, other: one > other,
        ">=": lambda one, other: one >= other,
    }
    run = runs[mark]
    alike = [_way(BOOLEAN, run, kind, kind) for kind in (_INT, _DOUBLE, _STRING, _BOOL, _TIMESTAMP, _DURATION)]
    mixed = _way(BOOLEAN, lambda one, other: run(float(one), float(other)), _NUMBER, _NUMBER)
    return Function(mark, (*alike, mixed))


def _texts() -> list[Function]:
    found: dict[str, Callable[..., object]] = {
        "contains": house.contains,
        "startsWith": house.starts_with,
        "endsWith": house.ends_with,
        "matches": house.matches,
    }
    tests = [Function(name, (_way(BOOLEAN, run, _STRING, _STRING, linear=True),)) for name, run in found.items()]
    return [*tests, Function("size", (_way(INTEGER, house.size, _SIZED),))]


def _conversions() -> list[Function]:
    def conversion(name: str, result: Result, run: Callable[..., object], *takes: Parameter) -> Function:
        return Function(name, tuple(_way(result, run, each) for each in takes), literal=True)

    return [
        conversion("int", INTEGER, f.to_integer, _NUMBER, _STRING, _TIMESTAMP),
        conversion("double", DOUBLE, f.to_double, _NUMBER, _STRING),
        conversion("bool", BOOLEAN, f.to_boolean, _BOOL, _STRING),
        conversion("string", TEXT, f.to_text, _STRING, _NUMBER, _BOOL, _TIMESTAMP, _DURATION),
        conversion("timestamp", TIMESTAMP, t.to_timestamp, _STRING, _INT, _TIMESTAMP),
        conversion("duration", ELAPSED, t.to_elapsed, _STRING, _DURATION),
        Function("type", (_way(TYPE, f.type_of, _ANY),)),
        Function("dyn", (_way(DYNAMIC, f.same, _ANY),)),
    ]


def _parts() -> list[Function]:
    def part(name: str, of_instant: Callable[..., int], of_span: Callable[..., int] | None = None) -> Function:
        ways = (_way(INTEGER, of_instant, _TIMESTAMP), _way(INTEGER, of_instant, _TIMESTAMP, _STRING))
        return Function(name, (*ways, _way(INTEGER, of_span, _DURATION)) if of_span else ways)

    return [
        part("getFullYear", t.part(lambda at: at.year)),
        part("getMonth", t.part(lambda at: at.month - 1)),
        part("getDate", t.part(lambda at: at.day)),
        part("getDayOfMonth", t.part(lambda at: at.day - 1)),
        part("getDayOfWeek", t.part(lambda at: at.isoweekday() % 7)),
        part("getDayOfYear", t.part(lambda at: at.timetuple().tm_yday - 1)),
        part("getHours", t.part(lambda at: at.hour), t.whole(3600 * SECOND)),
        part("getMinutes", t.part(lambda at: at.minute), t.whole(60 * SECOND)),
        part("getSeconds", t.part(lambda at: at.second), t.whole(SECOND)),
        part("getMilliseconds", t.milliseconds, t.milliseconds_of),
    ]


def _optionals() -> list[Function]:
    def wrapped(types: Sequence[Type]) -> Type:
        return optional_of(_same(types))

    return [
        Function("optional.of", (_way(wrapped, f.some, _ANY),)),
        Function("optional.none", (_way(optional_of(DYNAMIC), f.none),)),
        Function("optional.ofNonZeroValue", (_way(wrapped, f.some_unless_empty, _ANY),)),
        Function("hasValue", (_way(BOOLEAN, f.has_value, _OPTIONAL),)),
        Function("value", (_way(_element, f.value_of, _OPTIONAL),)),
    ]


def _table() -> Mapping[str, Function]:
    every = [*_operators(), *_texts(), *_conversions(), *_parts(), *_optionals()]
    return MappingProxyType({function.name: function for function in every})


CEL = _table()
"""The operators and functions of strict CEL by name."""
