"""Values as rules write them: the text of a cell, or a literal of YAML, as a value of a declared type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from casewright.expressions.foreign import names_unit, rewritten
from casewright.expressions.library import dates, functions
from casewright.expressions.library.operators import FAULTS, MATH, Fault, integer
from casewright.expressions.tokens import DIGITS
from casewright.expressions.types import DYNAMIC, Type, described, fits, type_of
from casewright.values import Problem, Span, did_you_mean

_READERS: Mapping[str, Callable[[Any], object]] = {
    "integer": functions.to_integer,
    "decimal": functions.to_decimal,
    "money": functions.to_decimal,
    "date": dates.to_date,
    "time": dates.to_time,
    "datetime": dates.to_datetime,
    "duration": dates.to_duration,
}
_LIMITS = {
    "integer": "an integer has at most 64 bits",
    **dict.fromkeys(("decimal", "money"), f"a decimal has at most {DIGITS} digits"),
}
_SHOWN = 60
_TRUTHS = {"true": True, "false": False}
_FORMS = {
    "integer": "write 12",
    "decimal": "write 12.50",
    "money": "write 12.50, without a currency",
    "boolean": "write true or false",
    "date": "write 2026-01-31",
    "time": "write 09:30",
    "datetime": "write 2026-01-31T09:30:00Z",
    "duration": "write 30s, 15m, 4h, 2d, 3bd or 1mo",
}


def read_literal(text: str, type_: Type) -> object:
    """The value of the type that `text` says without quotes; raises one of FAULTS where it says none.

    `true` and `false` are booleans and `null` is null of any type that is not text.
    """
    if text == "null":
        return None
    if type_.kind == "boolean":
        return _TRUTHS[text]
    reader = _READERS.get(type_.kind)
    if reader is None:
        raise ValueError(f"a value of type {type_.name} is not written this way")
    return reader(text)


def as_type(value: Any, wanted: Type, at: Span) -> tuple[Any, Problem | None]:
    """A literal as a value of the type, or why it is none: numbers widen, texts say dates and durations."""
    if value is None or wanted.kind == "dynamic":
        return value, None
    if wanted.kind == "choice" and wanted.options:
        return _option(value, wanted, at)
    if wanted.kind == "list" and isinstance(value, (list, tuple)):
        return _list(value, wanted.element or DYNAMIC, at)
    is_written = isinstance(value, str) and (wanted.kind in _READERS or wanted.kind == "boolean")
    if not is_written and not fits(type_of(value), wanted):
        return None, _misfit(value, wanted, at)
    try:
        return read_literal(value, wanted) if is_written else _widened(value, wanted), None
    except FAULTS:
        return None, _misfit(value, wanted, at)


def _widened(value: Any, wanted: Type) -> Any:
    if wanted.kind in ("decimal", "money"):
        return _decimal(value)
    return integer(value) if wanted.kind == "integer" else value


def _decimal(value: Any) -> Decimal:
    """The decimal that a number is, where arithmetic would not round it."""
    found = functions.to_decimal(value)
    if MATH.create_decimal(found) != value:
        raise Fault("has too many digits")
    return found


def _option(value: Any, wanted: Type, at: Span) -> tuple[Any, Problem | None]:
    if value in wanted.options:
        return value, None
    said = _said(value)
    near = did_you_mean(said, wanted.options)
    help = f"the options are {', '.join(wanted.options)}"
    return None, Problem(at, "E404", f"'{said}' is not an option{near}", (), help)


def _list(values: Any, element: Type, at: Span) -> tuple[Any, Problem | None]:
    fitted = [as_type(value, element, at) for value in values]
    problem = next((problem for _, problem in fitted if problem), None)
    return tuple(value for value, _ in fitted), problem


def _misfit(value: Any, wanted: Type, at: Span) -> Problem:
    shown = f"'{_said(value)}'" if isinstance(value, (str, int, Decimal)) else f"this {type_of(value).name}"
    return Problem(at, "E404", f"{shown} is not {described(wanted)}", (), _form(value, wanted))


def _said(value: Any) -> str:
    """A literal as it is written; of a very long one its beginning."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _form(value: Any, wanted: Type) -> str:
    """How the value is written, or where that is not known how others of the type are."""
    meant = rewritten(value, wanted) if isinstance(value, str) else None
    form = _FORMS.get(wanted.kind, "")
    if fits(type_of(value), wanted):  # of the type, but too large for it
        return _LIMITS.get(wanted.kind, form)
    if wanted.kind == "text" and isinstance(value, (bool, int, Decimal)):
        return "write it in quotes, as a text"
    if meant is None:
        return form
    return f"write {meant}" + (", without a currency" if wanted.kind == "money" and names_unit(value) else "")
