"""Calls that never have a value, whatever the fields hold: a constant among their arguments sees to that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from casewright.expressions.library.dates import lacking
from casewright.expressions.library.operators import NO_CALENDAR
from casewright.expressions.syntax import Call, MapOf, Syntax
from casewright.expressions.types import Type, described
from casewright.values import Duration

Slip = tuple[Syntax, str, str]
"""Where it is, the message, and the help."""

Constants = Mapping[Syntax, object]


def foregone(node: Call, types: Mapping[Syntax, Type], constants: Constants, result: Type) -> Iterator[Slip]:
    """Why a call that gives `result` never has a value, where that is seen from its constants."""
    find = _OF.get(node.name)
    if find is not None and len(node.arguments) == 2:
        yield from find(node, types, constants, result)


def _move(node: Call, types: Mapping[Syntax, Type], constants: Constants, result: Type) -> Iterator[Slip]:
    length = constants.get(node.arguments[1])
    if result.kind not in ("date", "datetime") or not isinstance(length, Duration):
        return
    if length.business_days:
        yield node, NO_CALENDAR, "where a rule has a calendar, as in the goal of an SLA, 3bd counts; here write days"
    elif result.kind == "date" and length.exact % timedelta(days=1):
        yield node.arguments[1], "a date moves by whole days", 'write duration("1d"), or take a datetime'


def _form(node: Call, types: Mapping[Syntax, Type], constants: Constants, result: Type) -> Iterator[Slip]:
    moment, form = types[node.arguments[0]], constants.get(node.arguments[1])
    piece = lacking(form, moment.kind) if isinstance(form, tuple) else ""
    if piece:
        help = 'write a date as "dd.MM.yyyy", a time as "HH:mm"'
        yield node.arguments[1], f"this form has '{piece}', which {described(moment)} does not have", help


_OF: Mapping[str, Callable[[Call, Mapping[Syntax, Type], Constants, Type], Iterator[Slip]]] = {
    "+": _move,
    "-": _move,
    "format": _form,
}


def repeated_keys(node: MapOf, constants: Constants) -> Iterator[Slip]:
    """The keys of a map as written that stand there a second time."""
    seen: set[object] = set()
    for key in node.keys:
        value = constants.get(key)
        if isinstance(value, str) and value in seen:
            yield key, f'the map has the key "{value}" twice', "leave one of the two out"
        seen.add(value)
