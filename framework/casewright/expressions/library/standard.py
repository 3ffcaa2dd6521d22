"""The table of operators and functions: which types each takes, what it gives, and what carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from casewright.expressions.library import operators as op
from casewright.expressions.library import parameters as p
from casewright.expressions.library.named import named_functions
from casewright.expressions.library.signatures import Function, Overload, Parameter, Result
from casewright.expressions.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    DOUBLE,
    DURATION,
    INTEGER,
    MONEY,
    TEXT,
)

__all__ = ["STANDARD", "Function", "Overload", "Parameter", "Result"]


def _binary(name: str, *ways: Overload) -> Function:
    return Function(name, ways)


def _ordering(mark: str) -> Function:
    inline = f"({{0}} {mark} {{1}})"
    plain: dict[str, Callable[..., object]] = {
        "<": lambda one, other: one < other,
        "<=": lambda one, other: one <= other,
        ">": lambda one, other: one > other,
        ">=": lambda one, other: one >= other,
    }
    run = plain[mark]
    kinds = (p.NUMBER, p.DOUBLE, p.FREE_TEXT, p.BOOLEAN, p.DATE, p.TIME, p.DATETIME)
    ways = [Overload((kind, kind), BOOLEAN, run, inline) for kind in kinds]
    durations = Overload((p.DURATION, p.DURATION), BOOLEAN, lambda a, b: run(op.compare_durations(a, b), 0))
    return Function(mark, (*ways, durations))


def _operators() -> list[Function]:
    rest = _binary("%", Overload((p.INTEGER, p.INTEGER), INTEGER, op.remainder))
    lookups = ((p.LIST, p.INTEGER), (p.MAPPED, p.TEXT))
    index = _binary("[]", *(Overload(takes, p.element, op.item) for takes in lookups))
    maybe = [Overload(takes, p.element, op.item_or_null, nullable=True, of_null=True) for takes in lookups]
    optional = _binary("[?]", *maybe)
    return [*_sums(), *_products(), rest, index, optional, *(_ordering(mark) for mark in ("<", "<=", ">", ">="))]


def _sums() -> list[Function]:
    plus = _binary(
        "+",
        Overload((p.INTEGER, p.INTEGER), INTEGER, op.add_integers),
        Overload((p.NUMBER, p.NUMBER), p.numeric, op.add_decimals),
        Overload((p.DOUBLE, p.DOUBLE), DOUBLE, op.add_doubles),
        Overload((p.TEXT, p.TEXT), TEXT, op.join_texts, linear=True),
        Overload((p.LIST, p.LIST), p.joined, op.join_lists, linear=True),
        Overload((p.DATE, p.DURATION), DATE, op.add_to_date),
        Overload((p.DATETIME, p.DURATION), DATETIME, op.add_to_datetime),
        Overload((p.DURATION, p.DURATION), DURATION, op.add_durations),
    )
    minus = _binary(
        "-",
        Overload((p.INTEGER,), INTEGER, op.negate_integer),
        Overload((p.NUMBER,), p.the_same, op.negate_decimal),
        Overload((p.DOUBLE,), DOUBLE, op.negate_double),
        Overload((p.DURATION,), DURATION, op.negate_duration),
        Overload((p.INTEGER, p.INTEGER), INTEGER, op.subtract_integers),
        Overload((p.NUMBER, p.NUMBER), p.numeric, op.subtract_decimals),
        Overload((p.DOUBLE, p.DOUBLE), DOUBLE, op.subtract_doubles),
        Overload((p.DATE, p.DATE), DURATION, op.between_dates),
        Overload((p.DATETIME, p.DATETIME), DURATION, op.between_datetimes),
        Overload((p.DATE, p.DURATION), DATE, lambda day, d: op.add_to_date(day, op.negate_duration(d))),
        Overload((p.DATETIME, p.DURATION), DATETIME, lambda at, d: op.add_to_datetime(at, op.negate_duration(d))),
        Overload((p.DURATION, p.DURATION), DURATION, op.subtract_durations),
    )
    return [plus, minus]


def _products() -> list[Function]:
    times = _binary(
        "*",
        Overload((p.INTEGER, p.INTEGER), INTEGER, op.multiply_integers),
        Overload((p.PURE, p.PURE), DECIMAL, op.multiply_decimals),
        Overload((p.MONEY, p.PURE), MONEY, op.multiply_decimals),
        Overload((p.PURE, p.MONEY), MONEY, op.multiply_decimals),
        Overload((p.DOUBLE, p.DOUBLE), DOUBLE, op.multiply_doubles),
        Overload((p.DURATION, p.INTEGER), DURATION, op.multiply_duration),
    )
    divide = _binary(
        "/",
        Overload((p.INTEGER, p.INTEGER), INTEGER, op.divide_integers),
        Overload((p.NUMBER, p.MONEY), DECIMAL, op.divide_decimals),
        Overload((p.MONEY, p.PURE), MONEY, op.divide_decimals),
        Overload((p.PURE, p.PURE), DECIMAL, op.divide_decimals),
        Overload((p.DOUBLE, p.DOUBLE), DOUBLE, op.divide_doubles),
    )
    return [times, divide]


def _table() -> Mapping[str, Function]:
    every = [*_operators(), *named_functions()]
    return MappingProxyType({function.name: function for function in every})


STANDARD = _table()
"""The operators and functions of the language by name."""
