"""Functions that a host or a package brings into the language: typed, pure, and kept from doing harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from casewright.errors import FunctionRefused
from casewright.expressions.library.operators import CHARACTER_LIMIT, ITEM_LIMIT, STEP_LIMIT, Fault, integer
from casewright.expressions.library.signatures import Function, Overload, Parameter
from casewright.expressions.syntax import MACROS
from casewright.expressions.types import RECORDS, TEXTS, Type, described, kind_of

FUNCTIONS = "casewright.functions"
"""The group of entry points that name functions."""

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_WORDS = frozenset({*MACROS, "in", "and", "or", "not", "true", "false", "null", "has", "coalesce"})
_WIDER = {"decimal": frozenset({"integer", "decimal"}), "money": frozenset({"integer", "decimal", "money"})}


@dataclass(frozen=True, slots=True)
class PureFunction:
    """A function for expressions, as a package registers it under the entry points `casewright.functions`.

    `parameters` are names with types, in their order; `run` gets them as positional arguments of Python's own types
    (`str`, `int`, `Decimal`, `bool`, `date`, `datetime`, lists and dicts) and never None: a call with null is unknown.
    `result` is the type of what it gives; None is null. It must be pure: what it gives follows from its arguments
    alone, for decisions are replayed. What it raises makes the call unknown, and the trace says why. `cost` is the
    number of steps that one call counts for, of the million that an evaluation has. `says` completes "it gives ...",
    and `example` is a call, both for documents.
    """

    name: str
    parameters: Mapping[str, Type]
    result: Type
    run: Callable[..., object]
    says: str
    cost: int = 10
    example: str = ""


def registered(given: PureFunction) -> Function:
    """The function as expressions know it. Raises FunctionRefused where its name or its cost cannot be."""
    if not _NAME.fullmatch(given.name) or given.name in _WORDS:
        raise FunctionRefused(given.name, "its name has to be words in small letters with `_`, as credit_band")
    if not 1 <= given.cost <= STEP_LIMIT:
        raise FunctionRefused(given.name, f"its cost has to be a number of steps from 1 to {STEP_LIMIT:,}")
    if not given.says.strip():
        raise FunctionRefused(given.name, "it has to say what it gives")
    takes = tuple(_parameter(name, type_) for name, type_ in given.parameters.items())
    way = Overload(takes, given.result, partial(guarded, given), nullable=True, cost=given.cost)
    return Function(given.name, (way,), says=given.says, example=given.example)


def guarded(function: PureFunction, *arguments: object) -> object:
    """What the function gives, as a value of its type; whatever else it does is a fault."""
    if any(argument is None for argument in arguments) or len(arguments) != len(function.parameters):
        raise Fault("is called without a value")
    given = [_widened(argument, type_) for argument, type_ in zip(arguments, function.parameters.values(), strict=True)]
    try:
        result = function.run(*given)
    except Exception as wrong:  # code of others: whatever it raises is an answer that it does not have
        raise Fault(f"failed with {type(wrong).__name__}: {str(wrong)[:200]}") from wrong
    return None if result is None else _checked(result, function.result)


def _parameter(name: str, type_: Type) -> Parameter:
    shown = f"{type_.name} {name}"
    if type_.kind == "dynamic":
        return Parameter(name)
    if type_.kind in TEXTS:
        return Parameter(shown, TEXTS)
    return Parameter(shown, RECORDS if type_.kind in RECORDS else _WIDER.get(type_.kind, frozenset({type_.kind})))


def _widened(value: object, type_: Type) -> object:
    return Decimal(value) if type_.kind in _WIDER and kind_of(value) == "integer" else value  # type: ignore[arg-type]


def _checked(value: object, type_: Type) -> object:
    """A result as a value of the language and of its type."""
    kind, wanted = kind_of(value), _kind_at_run_time(type_.kind)
    if kind == "unknown" or (wanted not in (kind, "dynamic") and not (wanted == "decimal" and kind == "integer")):
        raise Fault(f"gave {type(value).__name__} where {described(type_)} is declared")
    if kind == "list":
        return _list(value, type_)
    _bounded(value)
    return _widened(value, type_)


def _list(values: object, type_: Type) -> object:
    if len(values) > ITEM_LIMIT:  # type: ignore[arg-type]
        raise Fault(f"makes a list of more than {ITEM_LIMIT:,} items")
    element = type_.element
    each = values if element is None else [None if v is None else _checked(v, element) for v in values]  # type: ignore
    return list(each)  # type: ignore[call-overload]


def _bounded(value: object) -> None:
    if isinstance(value, str) and len(value) > CHARACTER_LIMIT:
        raise Fault(f"makes a text of more than {CHARACTER_LIMIT:,} characters")
    if isinstance(value, int) and not isinstance(value, bool):
        integer(value)


def _kind_at_run_time(kind: str) -> str:
    """How values of a type show themselves."""
    return {"money": "decimal", "choice": "text", "record": "map"}.get(kind, kind)
